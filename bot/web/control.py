"""Commands to a running bot from its own machine, over a socket that only its user can open.

What lives here: how a request comes and goes, one JSON line in and one out. What must not: what a command does.
"""

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import structlog

log = structlog.get_logger(__name__)

LARGEST_LINE = 64 * 1024
REQUEST_SECONDS = 5.0
# How long a caller waits: a command may copy a large file.
ANSWER_SECONDS = 900.0

Message = dict[str, Any]
Command = Callable[[Message], Awaitable[Message]]


class NoAnswer(Exception):
    """A bot listens, but did not say what came of the command."""


class Control:
    """Listens beside the database and runs the commands it was given, by their names.

    The caller must hold the database: a socket that lies there already is what a killed bot left.
    """

    def __init__(self, path: Path, commands: Mapping[str, Command]) -> None:
        self._path = path
        self._commands = commands
        self._server: asyncio.Server | None = None
        self._running: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen. The bot does without it where there can be no socket, such as under too long a path."""
        try:
            listener = _listener(self._path)
        except OSError as error:
            log.warning("no control socket: commands need the bot stopped", path=str(self._path), why=str(error))
            return
        self._server = await asyncio.start_unix_server(self._came, sock=listener, limit=LARGEST_LINE)

    async def stop(self) -> None:
        """Stop listening, and break off what runs."""
        if self._server is None:
            return
        self._server.close()
        self._path.unlink(missing_ok=True)
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _came(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        task.add_done_callback(lambda _: writer.close())  # also of one that was broken off before it began

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            answer = await self._answer(reader)
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()
        except OSError:
            pass  # the caller is gone

    async def _answer(self, reader: asyncio.StreamReader) -> Message:
        try:
            request = _message(await asyncio.wait_for(reader.readline(), REQUEST_SECONDS))
            command = self._commands[request["command"]]
        except (ValueError, KeyError, TypeError, RecursionError, TimeoutError):
            return {"error": f"that is no command; there are: {', '.join(self._commands)}"}
        try:
            return await command(request)
        except Exception:
            log.exception("a command failed", command=request["command"])
            return {"error": "the command failed: the bot's log says why"}


async def ask(path: Path, command: str, **arguments: str) -> Message | None:
    """Have the bot that listens at *path* run a command; None when no bot does.

    Raises:
        NoAnswer: it went away meanwhile, or does not come to an end.
        OSError: the socket is another user's.
    """
    try:
        reader, writer = await asyncio.open_unix_connection(path, limit=LARGEST_LINE)
    except PermissionError:
        raise
    except OSError:
        return None  # there is no socket, nobody listens at it, or the path is too long for one
    try:
        writer.write(json.dumps({"command": command, **arguments}).encode() + b"\n")
        return _message(await asyncio.wait_for(reader.readline(), ANSWER_SECONDS))
    except (ValueError, ConnectionError, TimeoutError):
        raise NoAnswer("the bot did not say what came of it: look at its log, then try again") from None
    finally:
        writer.close()


def _message(line: bytes) -> Message:
    message = json.loads(line)
    if not isinstance(message, dict):
        raise TypeError("a line is one JSON object")
    return message


def _listener(path: Path) -> socket.socket:
    """Return a socket nobody else can open: it listens only after its mode is set."""
    if path.is_socket():
        path.unlink()
    listener = socket.socket(socket.AF_UNIX)
    try:
        listener.bind(str(path))
        path.chmod(0o600)
    except OSError:
        listener.close()
        raise
    return listener
