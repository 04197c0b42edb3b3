"""Readers of settings that are more than a word or a number. What must not live here: the settings themselves."""

import re
from datetime import time
from ipaddress import ip_address
from itertools import pairwise
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import SecretStr

# Telegram's own senders: anonymous group admins, channels, its service account. Nobody in particular.
NOBODY = frozenset({1087968824, 136817688, 777000})
MOST_APPROVALS = 9
FEE_KINDS = frozenset({"pay", "request", "refund", "deposit"})
FEE_TIER = re.compile(r"([0-9]{1,12})=([0-9]{1,9}(?:\.[0-9]{1,3})?%?)")


def tiers(value: object) -> object:
    """Read `amount:count,...`: from which amount on how many people must approve, as rising pairs from 0 on.

    Raises:
        ValueError: what is wrong, to be put behind the setting's name.
    """
    if not isinstance(value, str):
        return value
    words = [word.strip() for word in value.split(",")]
    if any(re.fullmatch(r"[0-9]{1,12}:[0-9]{1,2}", word) is None for word in words):
        raise ValueError("has a tier that is not amount:count")
    pairs = tuple((int(amount), int(count)) for amount, count in (word.split(":") for word in words))
    amounts, counts = zip(*pairs, strict=True)
    if amounts[0] != 0:
        raise ValueError("does not begin with the amount 0")
    if any(later <= earlier for earlier, later in pairwise(amounts)):
        raise ValueError("has amounts that do not rise")
    if not all(1 <= count <= MOST_APPROVALS for count in counts):
        raise ValueError("asks for fewer than 1 or more than 9 approvals")
    if any(later < earlier for earlier, later in pairwise(counts)):
        raise ValueError("asks for fewer approvals where the amount is larger")
    return pairs


def fees(value: object) -> object:
    """Read `kind:from=fee,from=fee;kind:...`, a fee being an amount or a percentage, as tiers by the kind's word.

    Raises:
        ValueError: what is wrong, to be put behind the setting's name.
    """
    if not isinstance(value, str):
        return value
    parts = [part.partition(":") for part in value.split(";") if part.strip()]
    tables = {kind.strip().lower(): _fee_tiers(tiers) for kind, _, tiers in parts}
    if len(tables) != len(parts) or not tables.keys() <= FEE_KINDS:
        raise ValueError("has a kind twice or one that is not pay, request, refund or deposit")
    return tuple(tables.items())


def _fee_tiers(text: str) -> tuple[tuple[int, str], ...]:
    found = [FEE_TIER.fullmatch(word.strip()) for word in text.split(",")]
    tiers = tuple((int(tier[1]), tier[2]) for tier in found if tier)
    if len(tiers) != len(found):
        raise ValueError("has a tier that is not from=fee")
    if any(later <= earlier for (earlier, _), (later, _) in pairwise(tiers)):
        raise ValueError("has amounts that do not rise")
    return tiers


def ids(value: object) -> object:
    """Read user ids with commas between them."""
    if not isinstance(value, str):
        return value
    words = [word.strip() for word in value.split(",") if word.strip()]
    if not words or any(re.fullmatch(r"[1-9][0-9]{0,15}", word) is None for word in words):
        raise ValueError("is not a list of user ids")
    ids = frozenset(map(int, words))
    if ids & NOBODY:
        raise ValueError("has an id that Telegram uses for anonymous senders")
    return ids


def time_of_day(value: object) -> object:
    """Read `HH:MM`, or `off` as none."""
    if not isinstance(value, str):
        return value
    if value.lower() == "off":
        return None
    if re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value) is None:
        raise ValueError("is not a time of the day")
    return time.fromisoformat(value)


def zone(value: object) -> object:
    """Read a time zone's name."""
    if not isinstance(value, str):
        return value
    try:
        return ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError("is not a known time zone") from None


def whole_number(value: object) -> object:
    """Pass a whole number on."""
    # int() alone would also take "1_000" and digits of other scripts.
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,16}", value) is None:
        raise ValueError("is not a whole number")
    return value


def visible(value: SecretStr) -> SecretStr:
    """Pass a secret on that has nothing in it which cannot be part of one."""
    if re.fullmatch(r"[\x21-\x7e]+", value.get_secret_value()) is None:
        raise ValueError("has blanks or other characters that cannot be part of it")
    return value


def lower(value: object) -> object:
    """Return text in small letters."""
    return value.lower() if isinstance(value, str) else value


def upper(value: object) -> object:
    """Return text in capitals."""
    return value.upper() if isinstance(value, str) else value


def is_loopback(host: str) -> bool:
    """Tell whether `host` can only be this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def is_bare_ip(host: str) -> bool:
    """Tell whether `host` is another machine without a name."""
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return False


def address(value: str) -> str:
    """Check a base address and return it without a slash at the end. What is not encrypted stays on this machine."""
    if re.fullmatch(r"[\x21-\x7e]+", value) is None or "\\" in value:
        raise ValueError("is not an address")
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError("is not an address") from None
    if parts.scheme not in {"http", "https"} or not host or parts.query or parts.fragment:
        raise ValueError("is not an address")
    if "@" in parts.netloc:
        raise ValueError("has a user name or password in it")
    if parts.scheme == "http" and not is_loopback(host):
        raise ValueError("is not encrypted, which is only right on this machine")
    return value.rstrip("/")
