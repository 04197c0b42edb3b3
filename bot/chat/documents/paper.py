"""What a document row becomes: a file with a caption, or the sentence that is said in its place."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class File:
    """What is uploaded, and by what name it is shown; the name tells nobody's number, name or note.

    ``passing``: the file is removed once it is sent.
    """

    content: bytes | Path
    name: str
    is_picture: bool = False
    passing: bool = False

    def sent(self) -> None:
        """Remove what is needed no more."""
        if self.passing and isinstance(self.content, Path):
            self.content.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Paper:
    """*text*, in HTML, is the caption of the file; without a file, the whole message."""

    text: str
    file: File | None = None
