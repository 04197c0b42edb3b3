# ruff: noqa: ASYNC240 - small files, and nothing else runs
"""The reference journal's file: what stands in it is on disk, and what was torn does no harm."""

import asyncio
import os
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.store.journal import FileJournal, Line

LINE = Line(
    at=1_767_603_600_000,
    reference_id="8f3c2d1e-0000-4000-8000-000000000001",
    attempt=1,
    kind="transfer",
    amount_minor=1250,
    currency="EUR",
    decimals=2,
    party_hash="ab" * 32,
    original=None,
    short_code="ABC234",
    api_user="22222222-2222-4222-8222-222222222222",
)
SECOND = replace(LINE, attempt=2)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "desk" / "till.db.journal"


async def begun(path: Path) -> FileJournal:
    journal = FileJournal(path)
    await journal.begin("first-incarnation")
    return journal


async def test_where_there_is_no_file_there_is_no_journal(path: Path) -> None:
    assert await FileJournal(path).read() is None
    assert await FileJournal(path).set_aside_before() == ()


async def test_a_line_is_read_back_as_it_was_written(path: Path) -> None:
    journal = await begun(path)
    await journal.append(LINE)
    await journal.append(SECOND)
    found = await FileJournal(path).read()
    assert found is not None
    assert (found.incarnation, found.lines) == ("first-incarnation", (LINE, SECOND))


async def test_the_journal_is_for_its_owner_alone(path: Path) -> None:
    before = os.umask(0)
    try:
        await (await begun(path)).append(LINE)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_a_line_holds_no_phone_number(path: Path) -> None:
    await (await begun(path)).append(LINE)
    assert "46733123" not in path.read_text()


@pytest.mark.parametrize("left", [1, 30, -2, -1])
async def test_a_torn_last_line_is_passed_over_and_the_next_one_is_whole(path: Path, left: int) -> None:
    journal = await begun(path)
    before = path.stat().st_size
    await journal.append(LINE)
    os.truncate(path, before + left if left > 0 else path.stat().st_size + left)
    torn = left != -1  # without the line's end only, all of the line is there

    await journal.append(SECOND)
    found = await FileJournal(path).read()
    assert found is not None
    assert found.lines == ((SECOND,) if torn else (LINE, SECOND))


async def test_a_first_line_that_cannot_be_read_names_no_incarnation(path: Path) -> None:
    await (await begun(path)).append(LINE)
    path.write_bytes(b"\x00" * 20 + path.read_bytes()[20:])
    found = await FileJournal(path).read()
    assert found is not None
    assert (found.incarnation, found.lines) == ("", (LINE,))


async def test_a_journal_that_was_taken_away_takes_no_line(path: Path) -> None:
    journal = await begun(path)
    path.unlink()
    with pytest.raises(FileNotFoundError):
        await journal.append(LINE)
    assert not path.exists()


async def test_a_full_disk_is_an_error_and_the_next_line_is_whole(path: Path) -> None:
    journal = await begun(path)
    with no_file_longer_than(path.stat().st_size + 20), pytest.raises(OSError, match="a part of a line"):
        await journal.append(LINE)
    assert not path.read_text().endswith("\n")
    await journal.append(SECOND)
    found = await journal.read()
    assert found is not None
    assert found.lines == (SECOND,)


async def test_lines_that_wait_for_the_disk_go_to_it_together(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal, synced, fsync = await begun(path), [], os.fsync
    monkeypatch.setattr(os, "fsync", lambda descriptor: (synced.append(descriptor), fsync(descriptor))[1])
    lines = tuple(replace(LINE, attempt=n) for n in range(1, 51))
    await asyncio.gather(*(journal.append(line) for line in lines))
    found = await journal.read()
    assert found is not None
    assert found.lines == lines
    assert len(synced) <= 2


async def test_of_lines_that_failed_together_nobody_is_told_that_his_is_there(path: Path) -> None:
    journal = await begun(path)
    with no_file_longer_than(path.stat().st_size + 400):
        told = await asyncio.gather(journal.append(LINE), journal.append(SECOND), return_exceptions=True)
    assert all(isinstance(one, OSError) for one in told)


async def test_a_line_that_nobody_waits_for_any_more_is_not_written(path: Path) -> None:
    journal = await begun(path)
    given_up = asyncio.create_task(journal.append(LINE))
    await asyncio.sleep(0)
    given_up.cancel()
    await journal.append(SECOND)
    found = await journal.read()
    assert found is not None
    assert found.lines == (SECOND,)


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """Have files stop growing in the middle of a line, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_a_line_is_flushed_to_disk_before_append_returns(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal, flushed, real = await begun(path), list[bytes](), os.fsync

    def fsync(descriptor: int) -> None:
        real(descriptor)
        flushed.append(path.read_bytes())

    monkeypatch.setattr(os, "fsync", fsync)
    await journal.append(LINE)
    assert flushed == [path.read_bytes()]


async def test_the_folder_is_flushed_when_a_journal_begins(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed, real = list[bool](), os.fsync

    def fsync(descriptor: int) -> None:
        real(descriptor)
        flushed.append(stat.S_ISDIR(os.fstat(descriptor).st_mode))

    monkeypatch.setattr(os, "fsync", fsync)
    await begun(path)
    assert flushed == [False, True]


async def test_lines_written_at_once_are_all_there(path: Path) -> None:
    journal = await begun(path)
    lines = [replace(LINE, attempt=n) for n in range(1, 21)]
    await asyncio.gather(*(journal.append(line) for line in lines))
    found = await journal.read()
    assert found is not None
    assert sorted(line.attempt for line in found.lines) == list(range(1, 21))


async def test_what_was_set_aside_is_kept_in_its_order(path: Path) -> None:
    for n in range(1, 13):
        journal = await begun(path)
        await journal.append(replace(LINE, attempt=n))
        await journal.set_aside()
    assert await FileJournal(path).read() is None
    assert [line.attempt for line in await FileJournal(path).set_aside_before()] == list(range(1, 13))


async def test_a_journal_half_begun_is_begun_anew(path: Path) -> None:
    path.parent.mkdir()
    path.with_name(f"{path.name}.new").write_text('{"incarn')
    journal = await begun(path)
    found = await journal.read()
    assert found is not None
    assert found.incarnation == "first-incarnation"
    assert await journal.set_aside_before() == ()
