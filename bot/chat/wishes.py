"""What /notify shows and reads: what a chat wishes to be told, its buttons, and the words behind the command."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import time

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.chat import keyboards
from bot.chat.amounts import Parsed, example_amount, parse_amount
from bot.chat.badinput import BadInput, BadReason
from bot.chat.filters import fold
from bot.chat.formats import money
from bot.chat.keyboards import Verb
from bot.chat.language import _, later
from bot.domain.policy import Policy
from bot.domain.wishes import Quiet, Told, Wishes
from momo import Market, Money

NIGHT = Quiet(time(22), time(7))
EVENING = time(20)
ON, OFF = "on", "off"
_TIME = r"([01]?[0-9]|2[0-3])(?:[:h.]([0-5][0-9])|h)?"
_HOURS = re.compile(rf"{_TIME}\s*(?:-|–|to|a)\s*{_TIME}", re.IGNORECASE)
_EXAMPLES = {
    "done": later("done hourly"),
    "failure": later("failure each"),
    "from": later("from {amount}"),
    "sound": later("sound off"),
    "news": later("news off"),
    "quiet": later("quiet 22:00-07:00"),
    "closing": later("closing 20:00"),
}
# French words and others for them, without accents; what is typed is understood in either language.
_NAMES = {
    **dict.fromkeys(("reussite", "reussites", "reussi", "reussis", "success"), "done"),
    **dict.fromkeys(("echec", "echecs", "failures", "failed"), "failure"),
    "des": "from",
    "son": "sound",
    **dict.fromkeys(("nouvelle", "nouvelles"), "news"),
    **dict.fromkeys(("calme", "silence"), "quiet"),
    "cloture": "closing",
}
_VALUES = {
    **dict.fromkeys(("chacune", "chacun", "un par un", "une par une"), "each"),
    **dict.fromkeys(("chaque heure", "par heure", "every hour"), "hourly"),
    **dict.fromkeys(("carte", "sur la carte"), "card"),
    "oui": ON,
    "non": OFF,
}

SUCCESS = {
    Told.EACH: later("What went through: each one"),
    Told.HOURLY: later("What went through: every hour, together"),
    Told.CARD: later("What went through: on the card only"),
}
FAILURE = {Told.EACH: later("What failed: each one"), Told.HOURLY: later("What failed: every hour, together")}


# What is typed or pressed


def change(wishes: Wishes, words: str, market: Market) -> Wishes:
    """Return the wishes after one change, as in "quiet 22:00-07:00", "sound off" or "son non".

    Raises:
        BadInput: it is none of those that there are.
    """
    name, _space, value = fold(" ".join(words.split())).partition(" ")
    name = _NAMES.get(name, name)
    read = _READERS.get(name)
    changed = read(wishes, _VALUES.get(value, value), market) if read else None
    if changed is None:
        raise BadInput(BadReason.WISH_SHAPE, _example(name if read else "quiet", market), words)
    return changed


def _example(name: str, market: Market) -> str:
    return f"/notify {_(_EXAMPLES[name]).format(amount=example_amount(market))}"


def _success(wishes: Wishes, value: str, _market: Market) -> Wishes | None:
    return replace(wishes, success=Told(value)) if value in set(Told) else None


def _failure(wishes: Wishes, value: str, _market: Market) -> Wishes | None:
    return replace(wishes, failure=Told(value)) if value in (Told.EACH, Told.HOURLY) else None


def _from(wishes: Wishes, value: str, market: Market) -> Wishes | None:
    if value in ("0", OFF):
        return replace(wishes, from_minor=0)
    read = parse_amount(value, market)
    return replace(wishes, from_minor=read.value.minor_units(market.decimals)) if isinstance(read, Parsed) else None


def _sound(wishes: Wishes, value: str, _market: Market) -> Wishes | None:
    return replace(wishes, sound=value == ON) if value in (ON, OFF) else None


def _news(wishes: Wishes, value: str, _market: Market) -> Wishes | None:
    return replace(wishes, news=value == ON) if value in (ON, OFF) else None


def _quiet(wishes: Wishes, value: str, _market: Market) -> Wishes | None:
    if value in (ON, OFF):
        return replace(wishes, quiet=NIGHT if value == ON else None)
    hours = _HOURS.fullmatch(value)
    if hours is None:
        return None
    start, end = _time(hours[1], hours[2]), _time(hours[3], hours[4])
    return replace(wishes, quiet=Quiet(start, end)) if start != end else None


def _closing(wishes: Wishes, value: str, _market: Market) -> Wishes | None:
    if value in (ON, OFF):
        return replace(wishes, closing_at=EVENING if value == ON else None, closing_off=value == OFF)
    at = re.fullmatch(_TIME, value, re.IGNORECASE)
    return replace(wishes, closing_at=_time(at[1], at[2]), closing_off=False) if at else None


def _time(hour: str, minute: str | None) -> time:
    return time(int(hour), int(minute or 0))


_READERS: dict[str, Callable[[Wishes, str, Market], Wishes | None]] = {
    "done": _success,
    "failure": _failure,
    "from": _from,
    "sound": _sound,
    "news": _news,
    "quiet": _quiet,
    "closing": _closing,
}


# What is shown


def wishes(wished: Wishes, policy: Policy, closing: time | None, *, till: bool, may_change: bool) -> str:
    """Return what a chat is told and how; *closing*: when its day's closing is told, if it is a *till*."""
    lines = [
        _("🔔 <b>What this chat is told</b>"),
        _(SUCCESS[wished.success]) + _least(wished, policy.market),
        _(FAILURE[wished.failure]),
        _("News (who came and went, MTN or Telegram away): yes") if wished.news else _("News: no"),
        _("Sound: on") if wished.sound else _("Sound: off"),
        _hours(wished.quiet),
        *([_closing_line(closing)] if till else []),
        _("What somebody must act on is told at once, with sound, whatever is chosen here; cards always show all."),
    ]
    return "\n".join([*lines, _how(policy.market)] if may_change else lines)


def _least(wished: Wishes, market: Market) -> str:
    if not wished.from_minor or wished.success is Told.CARD:
        return ""
    least = Money.from_minor(wished.from_minor, market.currency, market.decimals)
    return _(" (smaller than {amount}: on the card only)").format(amount=money(least))


def _hours(quiet: Quiet | None) -> str:
    if quiet is None:
        return _("Quiet hours: none")
    return _("Quiet hours: {start} to {end}; what can wait is told after them").format(
        start=f"{quiet.start:%H:%M}", end=f"{quiet.end:%H:%M}"
    )


def _closing_line(closing: time | None) -> str:
    if closing is None:
        return _("The day's closing: not told")
    return _("The day's closing: at {time}").format(time=f"{closing:%H:%M}")


def _how(market: Market) -> str:
    return _("Press, or type: {examples}").format(
        examples=", ".join(f"<code>{_example(name, market)}</code>" for name in ("quiet", "from", "closing"))
    )


def buttons(wished: Wishes, closing: time | None, *, till: bool) -> InlineKeyboardMarkup:
    """Return a button for each thing that can be another way than it is."""
    rows: list[Sequence[tuple[str, str]]] = [
        [
            (label, f"done {told}")
            for told, label in (
                (Told.EACH, _("Done: each")),
                (Told.HOURLY, _("Done: hourly")),
                (Told.CARD, _("Done: card only")),
            )
            if told is not wished.success
        ],
        [
            (_("Failed: hourly"), "failure hourly")
            if wished.failure is Told.EACH
            else (_("Failed: each"), "failure each"),
            *([(_("Every amount"), "from 0")] if wished.from_minor else []),
        ],
        [
            (_("Sound off"), "sound off") if wished.sound else (_("Sound on"), "sound on"),
            (_("No news"), "news off") if wished.news else (_("News"), "news on"),
        ],
        [
            (_("Quiet at night"), "quiet on") if wished.quiet is None else (_("No quiet hours"), "quiet off"),
            *([(_("Closing at 20:00"), "closing on") if closing is None else (_("No closing"), "closing off")] * till),
        ],
    ]
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(label, callback_data=keyboards.data(Verb.NOTIFY, ask)) for label, ask in row]
            for row in rows
        ]
    )
