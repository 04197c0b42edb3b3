"""Who may stand in the door: so many connections, so long without a word, so long a head.

aiohttp itself waits for the first request of a connection for ever, so a few dozen silent callers could keep
everybody else out. Here a newcomer takes the place of the one who has been silent longest. Nothing here knows
what is asked.
"""

import asyncio
from typing import cast

from aiohttp import web

MOST_CONNECTIONS = 64
HEAD_SECONDS = 2.0
# After an answer a connection may stay this long for its next request.
KEPT_SECONDS = 60.0
LARGEST_HEAD = 8 * 1024
END_OF_HEAD = b"\r\n\r\n"
TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Doorkeeper:
    """Makes the connections of an HTTP server, and closes those that only stand there."""

    def __init__(self, server: web.Server) -> None:
        self._server = server
        self._open: dict[asyncio.BaseTransport, Connection] = {}
        # In the order in which they fell silent: each has its time until it must have spoken.
        self._silent: dict[Connection, asyncio.TimerHandle] = {}

    def connection(self) -> asyncio.Protocol:
        """Return the protocol of a new connection."""
        return Connection(self, self._server())

    def came(self, connection: "Connection") -> None:
        """Let a connection in; if the house is full, the one silent longest goes, or else the newcomer."""
        self._open[connection.transport] = connection
        self._wait_for(connection, HEAD_SECONDS)
        if len(self._open) > MOST_CONNECTIONS:
            next(iter(self._silent)).abort()

    def spoke(self, connection: "Connection") -> None:
        """Its head has come whole: what it asks is being worked on."""
        if timer := self._silent.pop(connection, None):
            timer.cancel()

    def answered(self, transport: asyncio.BaseTransport | None) -> None:
        """Let a connection stay for another request, at the end of the line of those who are silent."""
        connection = self._open.get(transport) if transport else None
        if connection is not None:
            self.spoke(connection)
            self._wait_for(connection, KEPT_SECONDS)

    def left(self, connection: "Connection") -> None:
        """Forget a connection."""
        self._open.pop(connection.transport, None)
        self.spoke(connection)

    def _wait_for(self, connection: "Connection", seconds: float) -> None:
        self._silent[connection] = asyncio.get_running_loop().call_later(seconds, connection.abort)


class Connection(asyncio.Protocol):
    """One connection: what comes is handed on to aiohttp as soon as the first head is known to be short enough."""

    def __init__(self, doorkeeper: Doorkeeper, behind: web.RequestHandler) -> None:
        self._doorkeeper = doorkeeper
        self._behind = behind
        self._head: bytearray | None = bytearray()
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self._behind.connection_made(transport)
        self._doorkeeper.came(self)

    def data_received(self, data: bytes) -> None:
        if self._head is None:
            self._behind.data_received(data)
            return
        self._head += data
        end = self._head.find(END_OF_HEAD)
        if max(end, 0) > LARGEST_HEAD or (end < 0 and len(self._head) > LARGEST_HEAD):
            self.transport.write(TOO_LARGE)
            self.transport.close()
        elif end >= 0:
            whole, self._head = bytes(self._head), None
            self._doorkeeper.spoke(self)
            self._behind.data_received(whole)

    def abort(self) -> None:
        """Hang up at once."""
        self._doorkeeper.left(self)
        self.transport.abort()

    def connection_lost(self, error: BaseException | None) -> None:
        self._doorkeeper.left(self)
        self._behind.connection_lost(error)

    def eof_received(self) -> None:
        self._behind.eof_received()

    def pause_writing(self) -> None:
        self._behind.pause_writing()

    def resume_writing(self) -> None:
        self._behind.resume_writing()
