"""What a reader sees of a message in Telegram's HTML, and Telegram's refusals of broken HTML."""

from html.parser import HTMLParser

# core.telegram.org/bots/api#html-style
_TAGS = frozenset(
    {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "pre", "a", "blockquote", "span"}
)


class BrokenHtmlError(ValueError):
    """Telegram would answer "can't parse entities"."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.shown = ""
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            raise BrokenHtmlError(f'Unsupported start tag "{tag}"')
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            raise BrokenHtmlError(f'Unexpected end tag "{tag}"')

    def handle_data(self, data: str) -> None:
        self.shown += data

    def close(self) -> None:
        super().close()
        if self._open:
            raise BrokenHtmlError(f'Can\'t find end tag corresponding to start tag "{self._open[-1]}"')


def shown_text(text: str, parse_mode: str | None) -> str:
    """Return the text as a person reads it.

    Raises:
        BrokenHtmlError: the markup is not what Telegram accepts.
    """
    if parse_mode is None:
        return text
    if parse_mode.upper() != "HTML":
        raise BrokenHtmlError(f"these tests expect HTML, not {parse_mode}")
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.shown
