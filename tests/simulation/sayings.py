"""What the chats are told must be so, and belong where it is told: I9 the truth, I16 privacy."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.playground.events import Event
from tests.simulation import cast

if TYPE_CHECKING:
    from tests.simulation.world import World

CODE = re.compile(r"Reference: #?([2-9A-Z]{6})|^([2-9A-Z]{6}):|\b([2-9A-Z]{6}) is already")
GLAD_WORDS = re.compile(r"\b(successful|paid|received)\b", re.IGNORECASE)
# How a message about an end begins or goes on -> the state it claims. The first that fits counts.
CLAIMS = (
    (re.compile(r"[Ss]uccessful\b"), "SUCCESSFUL"),
    (re.compile(r"[Ff]ailed[:,] MTN refused it"), "REJECTED"),
    (re.compile(r"[Ff]ailed[:,] it never reached MTN"), "UNSENT"),
    (re.compile(r"❌ Not confirmed or approved|⌛|is over, not confirmed"), "EXPIRED"),
    (re.compile(r"❌ .*[Ff]ailed:|^It is failed: "), "FAILED"),
    (re.compile(r"✖️|is (already )?cancelled"), "CANCELLED"),
)
# Several ends told in one message stand one below the other.
TOGETHER, BETWEEN = "📬", "\n\n"
# What is told after a restore about what the copy did not know.
FORGOTTEN = "forgotten by this copy"


class Sayings:
    """Listens in every chat; remembers what was said how often."""

    def __init__(self, world: "World") -> None:
        self._world, self._demand = world, world.judge.demand
        self.copies: Counter[tuple[str, str]] = Counter()
        self.states: defaultdict[str, set[str]] = defaultdict(set)

    def told(self, event: Event) -> None:
        """I9, I16: what the chat is told is so, and is told where it belongs."""
        if self._world.restore.going_on:
            return  # it was on its way when the copy was put back: true of a database that is no more
        together = event.text.startswith(TOGETHER)
        for text in event.text.split(BETWEEN)[1:] if together else [event.text]:
            self._told(event, text)

    def _told(self, event: Event, text: str) -> None:
        code = next((one for match in CODE.finditer(text) for one in match.groups() if one), None)
        claim = next((state for pattern, state in CLAIMS if pattern.search(text)), None)
        if FORGOTTEN in text:
            self._told_of_forgotten(str(code), claim, event.chat_id or 0)
            return
        row = self._world.conn.execute("SELECT * FROM txn WHERE short_code = ?", (code,)).fetchone() if code else None
        if GLAD_WORDS.search(text):
            self._demand(claim == "SUCCESSFUL" and row is not None, "I9", f"glad words without a reason: {text!r}")
        if row is None:
            return
        if claim is not None:
            self._demand(row["state"] == claim, "I9", f"told {claim} while {row['state']}")
            self.states[str(code)].add(claim)
            if event.kind == "message" and text.startswith(("✅", "❌", "✖️", "⌛")):
                self.copies[str(code), claim] += 1
        if event.kind != "answer":
            self._belongs_here(row, event.chat_id or 0)

    def _belongs_here(self, row: Mapping[str, Any], chat_id: int) -> None:
        chats = self._world.telegram.api.people.chats
        desk, granted = row["desk_id"], self._world.judge.granted
        query = "SELECT chat_id FROM desk WHERE id = ?"
        home = self._world.conn.execute(query, (desk,)).fetchone()["chat_id"]
        homes = {home, cast.SHOP if desk == cast.SHOP_DESK else cast.MARKET}
        homes |= {chats[chat].migrated_to or chat for chat in homes}
        admins = {user for user, of, role in granted if role == "admin" and of in (desk, cast.EVERY_DESK)}
        allowed = homes | admins | {cast.ADMINS, cast.OWNER, row["maker_id"]}
        self._demand(chat_id in allowed, "I16", f"{row['short_code']} told in {chat_id}")

    def _told_of_forgotten(self, code: str, claim: str | None, chat_id: int) -> None:
        """I9, I16 of what a copy had forgotten: only the admins are told, and only what MTN has said."""
        row = self._world.conn.execute("SELECT state FROM forgotten WHERE short_code = ?", (code,)).fetchone()
        self._demand(row is not None and claim in (None, row["state"]), "I9", f"told {claim} of {code}, forgotten")
        admins = {user for user, _, role in self._world.judge.granted if role == "admin"}
        self._demand(chat_id in admins | {cast.ADMINS, cast.OWNER}, "I16", f"{code}, forgotten, told in {chat_id}")
