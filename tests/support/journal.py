"""A reference journal in memory: it outlives whoever writes it, and fails when told to."""

from bot.store.journal import Contents, Line


class MemoryJournal:
    """What the program calls a Journal; begun already if *incarnation* is given."""

    def __init__(self, incarnation: str | None = None) -> None:
        self.now = None if incarnation is None else Contents(incarnation, ())
        self.kept: list[Contents] = []
        self.failing: OSError | None = None

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines of the journal in use."""
        return self.now.lines if self.now else ()

    async def read(self) -> Contents | None:
        """Return what the journal holds, or None when there is none."""
        return self.now

    async def set_aside_before(self) -> tuple[Line, ...]:
        """Return the lines of the journals that were set aside."""
        return tuple(line for contents in self.kept for line in contents.lines)

    async def begin(self, incarnation: str) -> None:
        """Begin a new journal."""
        self.now = Contents(incarnation, ())

    async def append(self, line: Line) -> None:
        """Add a line, if there is a journal and it does not fail."""
        if self.failing is not None or self.now is None:
            raise self.failing or FileNotFoundError(2, "No such file or directory")
        self.now = Contents(self.now.incarnation, (*self.now.lines, line))

    async def set_aside(self) -> None:
        """Keep the journal apart."""
        if self.now is not None:
            self.kept.append(self.now)
            self.now = None
