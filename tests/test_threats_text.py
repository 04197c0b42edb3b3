"""What people and MTN write is shown as text: it is no markup, hides nothing and turns nothing round."""

import unicodedata
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat import cards, sentences
from bot.chat.formats import escape
from bot.domain.refusals import Refusal, Why
from bot.domain.transactions import State
from bot.playground.entities import parse
from bot.store.cards import CardRole
from tests.bot.chat.samples import KAMPALA, view
from tests.bot.chat.test_sentences import FACTS

PLAIN = "Sand"
TRICKS = st.sampled_from(
    [
        *('<a href="https://evil.example">Confirm</a>', "<b>", "</code>", "&lt;b&gt;", "&#60;i&#62;", "<" * 4097),
        *("\u202e05 RUE", "\u2066x", "0\u200b0", "\ufeff", "\x00", "*bold*", "[a](tg://user?id=1)"),
    ]
)
# It ends in a letter: Telegram drops markup round nothing.
WRITTEN = st.one_of(TRICKS, st.text(max_size=40), st.tuples(TRICKS, st.text(max_size=9)).map("".join)).map(
    lambda text: text + "x"
)
NOT_SEEN = {"Cf", "Cc"}


# What Telegram finds in any plain text by itself.
BY_ITSELF = {"url", "bot_command", "mention", "hashtag", "cashtag", "email", "phone_number"}


def kinds(html: str) -> list[str]:
    """Return the kinds of markup in a message."""
    return [str(entity["type"]) for entity in parse(html, "HTML").entities if entity["type"] not in BY_ITSELF]


def shown(text: str, state: State) -> str:
    """Return a checker's card with this text in every slot that people or MTN fill."""
    nasty = view(CardRole.CHECKER, state=state, payee_name=text, note=text, failure_code=text, desk=text)
    return cards.card(replace(nasty, maker=text, decided_by=text), KAMPALA, sandbox=False)


@settings(deadline=None)
@given(text=WRITTEN, state=st.sampled_from(State))
def test_no_text_adds_markup_to_a_card(text: str, state: State) -> None:
    assert kinds(shown(text, state)) == kinds(shown(PLAIN, state))


@settings(deadline=None)
@given(text=WRITTEN, why=st.sampled_from(Why))
def test_no_text_adds_markup_to_a_refusal(text: str, why: Why) -> None:
    def said(word: str) -> str:
        return sentences.refusal(Refusal(why, **FACTS | dict.fromkeys(("by", "reference", "text", "reason"), word)))

    assert kinds(said(text)) == kinds(said(PLAIN))


@settings(deadline=None)
@given(text=WRITTEN)
def test_what_is_not_seen_is_taken_out_and_the_rest_stays(text: str) -> None:
    left = parse(escape(text), "HTML").text
    assert not {c for c in left if unicodedata.category(c) in NOT_SEEN and c in "\u202e\u2066\u200b\ufeff\x00\u00ad"}
    assert [c for c in left if c.isalnum()] == [c for c in text if c.isalnum()]


def test_every_mark_of_direction_and_every_space_without_width_is_taken_out() -> None:
    hidden = "\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
    assert escape(f"5{hidden}00") == "500"
