"""HTML as Telegram reads it, and what it finds in plain text."""

import pytest

from bot.playground.entities import parse, plain
from bot.playground.refusals import Refusal


def marks(html: str) -> list[tuple[str, int, int]]:
    found = parse(html, "HTML").entities
    return [(entity["type"], entity["offset"], entity["length"]) for entity in found]


def test_tags_become_entities_around_plain_text() -> None:
    formatted = parse("Pay <b>12.50 <i>EUR</i></b> to <code>4673</code>", "html")

    assert formatted.text == "Pay 12.50 EUR to 4673"
    assert marks("Pay <b>12.50 <i>EUR</i></b> to <code>4673</code>") == [
        ("bold", 4, 9),
        ("italic", 10, 3),
        ("code", 17, 4),
    ]


def test_offsets_count_utf16_units() -> None:
    assert marks("✅😀 <b>x</b>") == [("bold", 4, 1)]


def test_a_link_keeps_its_address() -> None:
    assert parse('<a href="https://example.com/?a=1&amp;b=2">x</a>', "HTML").entities[0]["url"] == (
        "https://example.com/?a=1&b=2"
    )


def test_named_and_numbered_characters_are_read_and_others_left() -> None:
    assert parse("&lt;b&gt; &amp;&quot; &#65;&#x42; &nbsp; &#99999999; a & b", "HTML").text == (
        '<b> &" AB &nbsp; &#99999999; a & b'
    )


def test_white_space_around_a_message_is_trimmed_with_its_entities() -> None:
    formatted = parse(" \n<b> x </b> ", "HTML")

    assert (formatted.text, formatted.entities) == ("x", [{"type": "bold", "offset": 0, "length": 1}])


@pytest.mark.parametrize(
    ("html", "problem"),
    [
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("é<script>x</script>", 'Unsupported start tag "script" at byte offset 2'),
        ("a<br>b", 'Unsupported start tag "br" at byte offset 1'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("x <b", "Unclosed start tag at byte offset 2"),
        ('<a href="x>y', "Unclosed start tag at byte offset 0"),
        ("<i =x>y</i>", 'Empty attribute name in the tag "i" at byte offset 0'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_broken_html_is_refused_with_its_place(html: str, problem: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse(html, "HTML")

    assert caught.value.code == 400
    assert caught.value.description == f"Bad Request: can't parse entities: {problem}"


def test_without_a_parse_mode_tags_are_text() -> None:
    assert parse("<b>x</b>", "").text == "<b>x</b>"


def test_commands_mentions_and_links_are_found() -> None:
    found = plain("/pay@shop_bot 5 to @someone see https://example.com/a. not/this").entities

    assert [(entity["type"], entity["offset"], entity["length"]) for entity in found] == [
        ("bot_command", 0, 13),
        ("mention", 19, 8),
        ("url", 32, 21),
    ]


def test_commands_inside_code_are_not_found() -> None:
    assert marks("<code>/pay</code> /help") == [("code", 0, 4), ("bot_command", 5, 5)]
