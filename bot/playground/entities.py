"""Text as Telegram sees it: plain text with entities counted in UTF-16 units.

Reads the HTML parse mode as strictly as Telegram and finds the commands, mentions and links of plain text.
Escaping text for a bot's messages is the bot's business, not ours.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.playground.refusals import Refusal, bad_request

# Source: core.telegram.org/bots/api#html-style
TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
NAMED_CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
LAST_CHARACTER = 0x10FFFF
LONGEST_TEXT = 4096
"""How many UTF-16 units the text of a message has at most."""

_CHARACTER = re.compile(r"&(?:#(\d+)|#[xX]([0-9a-fA-F]+)|(lt|gt|amp|quot));")
_TAG_NAME = re.compile(r"[^\s>/]*")
_ATTRIBUTE = re.compile(r"""\s*([^\s=>"'/]+)(?:\s*=\s*(?:"([^"]*)(?:"|$)|'([^']*)(?:'|$)|([A-Za-z0-9.\-]+)))?""")
_SPACES = re.compile(r"\s*")
_END_TAG = re.compile(r"</([^\s>]*)\s*(>?)")
_FOUND_IN_PLAIN_TEXT = {
    "bot_command": re.compile(r"(?<![\w/@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])"),
    "mention": re.compile(r"(?<![\w@])@[A-Za-z][A-Za-z0-9_]{3,31}\b"),
    "url": re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]"),
}


@dataclass(frozen=True, slots=True)
class Formatted:
    """Plain text and its entities, in the Bot API's shape."""

    text: str
    entities: list[dict[str, Any]] = field(default_factory=list)


def utf16_units(text: str) -> int:
    """Return how long Telegram finds a text: characters beyond the basic plane count twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def plain(text: str) -> Formatted:
    """Return a text without formatting: only what Telegram finds in it by itself."""
    return Formatted(text, list(_found(text)))


def _found(text: str) -> Iterator[dict[str, Any]]:
    matches = ((kind, match) for kind, pattern in _FOUND_IN_PLAIN_TEXT.items() for match in pattern.finditer(text))
    for kind, match in sorted(matches, key=lambda found: found[1].start()):
        yield {"type": kind, "offset": utf16_units(text[: match.start()]), "length": utf16_units(match[0])}


def parse(text: str, parse_mode: str) -> Formatted:
    """Return a bot's text read in its parse mode, trimmed as Telegram trims it.

    Raises:
        Refusal: for broken HTML, and for parse modes that the playground does not read.
    """
    if parse_mode and parse_mode.lower() != "html":
        raise bad_request("unsupported parse_mode")
    return _trimmed(_HtmlReader(text).read() if parse_mode else plain(text))


def _trimmed(formatted: Formatted) -> Formatted:
    kept = formatted.text.strip()
    cut = utf16_units(formatted.text[: len(formatted.text) - len(formatted.text.lstrip())])
    end = utf16_units(kept)
    moved = []
    for entity in formatted.entities:
        start, stop = entity["offset"] - cut, entity["offset"] - cut + entity["length"]
        start, stop = max(0, start), min(end, stop)
        if stop > start:
            moved.append({**entity, "offset": start, "length": stop - start})
    return Formatted(kept, moved)


@dataclass(slots=True)
class _OpenTag:
    name: str
    start: int
    attributes: dict[str, str]


class _HtmlReader:
    """One pass over one text: what was read so far, and the tags that are still open."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._position = 0
        self._text = ""
        self._units = 0
        self._open: list[_OpenTag] = []
        self._entities: list[dict[str, Any]] = []

    def read(self) -> Formatted:
        """Return the plain text and the entities, outer ones first."""
        while self._position < len(self._source):
            if self._source.startswith("</", self._position):
                self._end_tag()
            elif self._source[self._position] == "<":
                self._start_tag()
            else:
                self._characters()
        if self._open:
            raise _broken(f'Can\'t find end tag corresponding to start tag "{self._open[-1].name}"')
        # What Telegram finds by itself (commands, links) does not show inside code.
        code = [entity for entity in self._entities if entity["type"] in {"code", "pre", "text_link"}]
        found = [entity for entity in _found(self._text) if not any(_overlap(entity, other) for other in code)]
        ordered = sorted(self._entities + found, key=lambda entity: (entity["offset"], -entity["length"]))
        return Formatted(self._text, ordered)

    def _characters(self) -> None:
        match = _CHARACTER.match(self._source, self._position)
        if match:
            self._add(_named(match))
            self._position = match.end()
            return
        end = len(self._source)
        for stop in "<&":
            found = self._source.find(stop, self._position + 1)
            end = found if 0 <= found < end else end
        self._add(self._source[self._position : end])
        self._position = end

    def _add(self, text: str) -> None:
        self._text += text
        self._units += utf16_units(text)

    def _byte_offset(self) -> int:
        return len(self._source[: self._position].encode())

    def _start_tag(self) -> None:
        at = self._byte_offset()
        match = _TAG_NAME.match(self._source, self._position + 1)
        name = match[0].lower() if match else ""
        end = self._position + 1 + len(name)
        if end < len(self._source) and name not in TAGS:
            raise _broken(f'Unsupported start tag "{name}" at byte offset {at}')
        attributes, end = self._attributes(end)
        if end >= len(self._source):
            raise _broken(f"Unclosed start tag at byte offset {at}")
        if self._source[end] != ">":
            raise _broken(f'Empty attribute name in the tag "{name}" at byte offset {at}')
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise _broken(f'Tag "span" must have class "tg-spoiler" at byte offset {at}')
        self._open.append(_OpenTag(name, self._units, attributes))
        self._position = end + 1

    def _attributes(self, position: int) -> tuple[dict[str, str], int]:
        """Return the attributes from ``position`` on, and where the tag should close."""
        attributes: dict[str, str] = {}
        while match := _ATTRIBUTE.match(self._source, position):
            name, *values = match.groups(default="")
            attributes[name.lower()] = _CHARACTER.sub(_named, "".join(values))
            position = match.end()
        spaces = _SPACES.match(self._source, position)
        return attributes, spaces.end() if spaces else position

    def _end_tag(self) -> None:
        at = self._byte_offset()
        match = _END_TAG.match(self._source, self._position)
        if match is None or not self._open:
            raise _broken(f"Unexpected end tag at byte offset {at}")
        if not match[2]:
            raise _broken(f"Unclosed end tag at byte offset {at}")
        tag, found = self._open.pop(), match[1].lower()
        if found != tag.name:
            raise _broken(f'Unmatched end tag at byte offset {at}, expected "</{tag.name}>", found "</{found}>"')
        self._close(tag)
        self._position = match.end()

    def _close(self, tag: _OpenTag) -> None:
        entity = {"type": TAGS[tag.name], "offset": tag.start, "length": self._units - tag.start}
        if not entity["length"]:
            return
        if tag.name == "a":
            href = tag.attributes.get("href", "")
            # A link that leads nowhere is shown as plain text.
            if "://" not in href:
                return
            entity["url"] = href
        self._entities.append(entity)


def _overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    starts_before_end = bool(one["offset"] < other["offset"] + other["length"])
    return starts_before_end and bool(other["offset"] < one["offset"] + one["length"])


def _named(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if name:
        return NAMED_CHARACTERS[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if 0 < code <= LAST_CHARACTER else match[0]


def _broken(what: str) -> Refusal:
    return bad_request(f"can't parse entities: {what}")
