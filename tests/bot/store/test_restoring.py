"""A copy takes the database's place whole or not at all; what was there is kept; what is not fit is refused."""

import os
import random
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.mint import Mint
from bot.store import audit, facts
from bot.store.database import Tx, prepare, run
from bot.store.restoring import Restored, RestoreFailed, restore
from bot.store.soundness import Unusable

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
ACCOUNT = "https://momo.example sandbox EUR"

# Restores one folder after the other, each in a child that is killed before the n-th time that a file is copied, gets
# another name or loses one; until a child comes to its end.
KILLED = """
import os, shutil, signal, sys
from pathlib import Path
from tests.bot.store.test_restoring import put_back
folder, left = Path(sys.argv[1]), 0
def watch(event, _):
    global left
    if left and event in {"os.rename", "os.link", "os.remove", "shutil.copyfile"}:
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
for n in range(1, 100):
    shutil.copytree(folder / "0", folder / str(n))
    if not (child := os.fork()):
        left = n
        sys.addaudithook(watch)
        put_back(folder / str(n))
        os._exit(0)
    if not os.waitpid(child, 0)[1]:
        break
print(n)
"""


def made(path: Path, *events: str) -> Path:
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        prepare(conn)
        run(Tx(conn, NOW, Mint(random.Random(1))), lambda tx: begin(tx, *events))
    return path


def begin(tx: Tx, *events: str) -> None:
    facts.put(tx.conn, facts.ACCOUNT, ACCOUNT)
    facts.renew_incarnation(tx.conn, "of before")
    for event in events:
        audit.append(tx, event, "bot")


def put_back(folder: Path) -> Restored:
    return restore(folder / "till.db", folder / "copy.db", account=ACCOUNT, incarnation="another", now=NOW)


def events(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as conn:
        assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return [row[0] for row in conn.execute("SELECT event FROM audit ORDER BY id")]


def incarnation(path: Path) -> str | None:
    with closing(sqlite3.connect(path)) as conn:
        conn.row_factory = sqlite3.Row
        return facts.incarnation(conn)


def killed_bot(folder: Path) -> None:
    """A database whose last rows are in its -wal file alone, as a kill leaves it."""
    made(folder / "live.db", "old")
    with closing(sqlite3.connect(folder / "live.db", isolation_level=None)) as conn:
        prepare(conn)
        run(Tx(conn, NOW, Mint(random.Random(2))), lambda tx: audit.append(tx, "newest", "bot"))
        for end in ("", "-wal"):
            shutil.copy(folder / f"live.db{end}", folder / f"till.db{end}")


def test_the_copy_is_put_in_place_and_what_was_there_is_kept_whole(tmp_path: Path) -> None:
    killed_bot(tmp_path)
    made(tmp_path / "copy.db", "copied").chmod(0o644)
    restored = put_back(tmp_path)
    assert restored.kept is not None
    assert (events(restored.path), events(restored.kept)) == (["copied"], ["old", "newest"])
    assert incarnation(restored.path) == "another"
    assert stat.S_IMODE(restored.path.stat().st_mode) == 0o600
    assert events(tmp_path / "copy.db") == ["copied"]
    assert incarnation(tmp_path / "copy.db") == "of before"
    assert not list(tmp_path.glob("till.db-*"))


def test_a_kill_anywhere_leaves_the_old_database_or_the_copy(tmp_path: Path) -> None:
    (tmp_path / "0").mkdir()
    killed_bot(tmp_path / "0")
    made(tmp_path / "0" / "copy.db", "copied")
    done = subprocess.run([sys.executable, "-c", KILLED, tmp_path], capture_output=True, check=True)
    found = [events(tmp_path / str(n) / "till.db") for n in range(1, int(done.stdout) + 1)]
    kept = [["old", "newest"] for _ in range(found.index(["copied"]))]
    assert found == [*kept, *(["copied"] for _ in found[len(kept) :])]
    assert len(kept) >= 3


def test_a_damaged_database_is_kept_as_it_is_with_all_that_lay_beside_it(tmp_path: Path) -> None:
    (tmp_path / "till.db").write_bytes(b"no database any more" * 500)
    (tmp_path / "till.db-wal").write_bytes(b"its last words")
    made(tmp_path / "copy.db", "copied")
    restored = put_back(tmp_path)
    assert restored.kept is not None
    assert events(restored.path) == ["copied"]
    assert restored.kept.read_bytes().startswith(b"no database any more")
    assert (tmp_path / f"{restored.kept.name}-wal").read_bytes() == b"its last words"


def test_on_a_new_machine_there_is_nothing_to_keep(tmp_path: Path) -> None:
    made(tmp_path / "copy.db", "copied")
    assert put_back(tmp_path).kept is None
    assert events(tmp_path / "till.db") == ["copied"]


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        ("UPDATE fact SET value = 'another' WHERE key = 'account'", "belongs to the MTN account"),
        ("PRAGMA user_version = 999", "of version 999"),
        ("DROP TRIGGER audit_fixed; UPDATE audit SET actor = 'me'", "does not hold from row 1"),
        ("DROP TABLE audit", "no such table"),
    ],
)
def test_what_is_not_fit_is_refused_and_nothing_is_changed(tmp_path: Path, spoil: str, why: str) -> None:
    made(tmp_path / "till.db", "old")
    with closing(sqlite3.connect(made(tmp_path / "copy.db", "copied"))) as conn:
        conn.executescript(spoil)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises((RestoreFailed, Unusable), match=why):
        put_back(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_the_database_itself_and_a_copy_that_is_not_finished_are_refused(tmp_path: Path) -> None:
    killed_bot(tmp_path)
    with pytest.raises(RestoreFailed, match="there is no file"):
        put_back(tmp_path)
    os.link(tmp_path / "till.db", tmp_path / "copy.db")
    with pytest.raises(RestoreFailed, match="is the database itself"):
        put_back(tmp_path)
    (tmp_path / "copy.db").unlink()
    shutil.copy(tmp_path / "till.db", tmp_path / "copy.db")
    (tmp_path / "copy.db-wal").touch()
    with pytest.raises(RestoreFailed, match="no finished copy"):
        put_back(tmp_path)
