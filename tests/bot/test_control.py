"""The socket beside the database: commands from the same user on the same machine; nothing disturbs the bot."""

import asyncio
import stat
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from socket import AF_UNIX, socket
from typing import Any

import pytest

from bot.web import control
from bot.web.control import LARGEST_LINE, Control, NoAnswer, ask

LATE = 0.05


async def greet(request: dict[str, Any]) -> dict[str, Any]:
    return {"hello": request["name"]}


async def fail(_: dict[str, Any]) -> dict[str, Any]:
    raise RuntimeError("something nobody thought of")


async def hang(_: dict[str, Any]) -> dict[str, Any]:
    await asyncio.Event().wait()
    return {}


def new(path: Path) -> Control:
    return Control(path, {"greet": greet, "fail": fail, "hang": hang})


@pytest.fixture(autouse=True)
def nobody_waits_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "ANSWER_SECONDS", 5.0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "till.db.sock"


@pytest.fixture
async def door(path: Path) -> AsyncIterator[Control]:
    door = new(path)
    await door.start()
    yield door
    await door.stop()


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def files_beside(path: Path) -> list[Path]:
    return list(path.parent.iterdir())


async def sent(path: Path, line: bytes) -> bytes:
    """What comes back for these bytes, to the end."""
    reader, writer = await asyncio.open_unix_connection(path)
    try:
        writer.write(line)
        writer.write_eof()
        return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


async def test_a_command_is_run_and_answered(door: Control, path: Path) -> None:
    assert await ask(path, "greet", name="you\n") == {"hello": "you\n"}


async def test_only_its_owner_can_open_the_socket(door: Control, path: Path) -> None:
    assert mode_of(path) == 0o600


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"backup\n",
        b"\xff\xfe\n",
        b"[]\n",
        b'{"command": []}\n',
        b'{"command": "none"}\n',
        b'{"command": "greet"',
        b"[" * 50_000 + b"\n",
        b"x" * (LARGEST_LINE + 1),
    ],
    ids=lambda line: line[:20],
)
async def test_garbage_gets_an_error_line_and_the_next_is_served(door: Control, path: Path, line: bytes) -> None:
    answer = await sent(path, line)
    assert answer in (b"", b'{"error": "that is no command; there are: greet, fail, hang"}\n')
    assert answer or len(line) > LARGEST_LINE
    assert await ask(path, "greet", name="you") == {"hello": "you"}


async def test_a_command_that_fails_is_an_answer_too(door: Control, path: Path) -> None:
    assert await ask(path, "fail") == {"error": "the command failed: the bot's log says why"}


async def test_a_silent_caller_is_let_go(door: Control, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "REQUEST_SECONDS", LATE)
    reader, writer = await asyncio.open_unix_connection(path)
    with closing(writer):
        assert b"no command" in await reader.read()


async def test_who_does_not_wait_for_the_answer_disturbs_nobody(door: Control, path: Path) -> None:
    _, writer = await asyncio.open_unix_connection(path)
    writer.write(b'{"command": "greet", "name": "you"}\n')
    writer.transport.abort()
    assert await ask(path, "greet", name="you") == {"hello": "you"}


async def test_a_stop_breaks_off_what_runs_and_takes_the_socket_away(door: Control, path: Path) -> None:
    asking = asyncio.create_task(ask(path, "hang"))
    await ask(path, "greet", name="you")  # who came before it was let in before it
    await door.stop()
    with pytest.raises(NoAnswer):
        await asking
    assert path not in files_beside(path)


async def test_without_a_bot_there_is_no_answer(path: Path) -> None:
    assert await ask(path, "greet") is None
    with closing(socket(AF_UNIX)) as left:
        left.bind(str(path))
    assert await ask(path, "greet") is None


async def test_the_socket_of_a_killed_bot_is_replaced(path: Path) -> None:
    with closing(socket(AF_UNIX)) as left:
        left.bind(str(path))
    door = new(path)
    await door.start()
    assert await ask(path, "greet", name="you") == {"hello": "you"}
    await door.stop()


async def test_a_directory_that_is_in_the_way_is_left_alone(tmp_path: Path) -> None:
    door = new(tmp_path)
    await door.start()
    await door.stop()
    assert tmp_path in files_beside(tmp_path)


async def test_under_too_long_a_path_the_bot_does_without(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / ("long" * 30) / "till.db.sock"
    path.parent.mkdir()
    door = new(path)
    await door.start()
    assert await ask(path, "greet") is None
    await door.stop()
    assert "no control socket" in capsys.readouterr().out
