"""Logging: structlog and the standard library through one pipe, and nothing secret leaves it.

What lives here: the set-up of logging and the redaction of everything that passes. What must not: any
decision about what is worth logging; that belongs to the code that logs.

Every line, ours or a library's, is redacted as data before it is rendered: the texts, the exception
texts, the names and the values of the fields. Python's logging, warnings and uncaught exceptions all
end in the same handler.
"""

import contextlib
import logging
import re
import sys
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import TracebackType
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.tracing import name_trace

HIDDEN = "[hidden]"

# A shorter "secret" is part of ordinary words; to hide it would garble every line.
_SHORTEST_SECRET = 6
_SHORT = 64

# httpx logs whole addresses at INFO, and Telegram's hold the bot's token. At DEBUG python-telegram-bot logs every
# update and message with the names and notes in it, and aiosqlite what its functions return.
_CHATTY = ("httpx", "httpcore", "asyncio", "telegram", "aiosqlite")

_KEY_NAMES = (
    r"ocp-apim-subscription-key|(?:primary_|secondary_)?subscription[-_]?key|api[-_]?key|access[-_]?token"
    r"|refresh[-_]?token|secret[-_]?token|bot[-_]?token|x-telegram-bot-api-secret-token|authorization"
)
_SECRET_FIELD = re.compile(rf"(?:.*_)?(?:{_KEY_NAMES})", re.IGNORECASE)

# A number as people's wallets are named: 10 to 15 digits, or fewer after a plus. UUIDs and negative numbers
# (Telegram's group ids) come first in the alternation, so that no part of them is taken for one.
_NUMBERS = re.compile(
    r"(?P<uuid>\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b)"
    r"|(?P<negative>(?<!\w)-\d+)"
    r"|(?P<plus>\+\d(?:[ .-]?\d){7,14}(?!\w))"
    r"|(?<![\w.])(?P<bare>\d{10,15})(?![\w]|\.\d)",
    re.IGNORECASE | re.ASCII,
)

_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<!\d)\d+(?::|%3A)[\w-]{30,}", re.ASCII | re.IGNORECASE), HIDDEN),
    (re.compile(r"\b(Bearer)\s+[\w.~+/=-]{8,}", re.ASCII | re.IGNORECASE), rf"\1 {HIDDEN}"),
    (re.compile(r"\b(Basic)\s+[\w.~+/=-]{16,}", re.ASCII | re.IGNORECASE), rf"\1 {HIDDEN}"),
    (
        re.compile(
            rf"""((?<![a-z])(?:{_KEY_NAMES})["']?\s*[:=,]\s*(?:b?["'])?)(?!Bearer|Basic)[^\s"',;&)}}\]]+""",
            re.IGNORECASE,
        ),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"(/momo/callbacks/)[\w-]+", re.ASCII), rf"\1{HIDDEN}"),
)


def mask_number(digits: str) -> str:
    """Return a phone number with its middle hidden: ``4673••••453``. Unlike `Msisdn`, takes any digits."""
    return f"{digits[:-7]}••••{digits[-3:]}"


def _mask_match(match: re.Match[str]) -> str:
    if match["uuid"] or match["negative"]:
        return match[0]
    return mask_number(re.sub(r"\D", "", match[0]))


class Redactor:
    """Takes secrets and phone numbers out of texts, and out of whatever holds texts.

    Works as a structlog processor.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        # Longest first: a secret that contains another must go as a whole.
        known = sorted({secret for secret in secrets if len(secret) >= _SHORTEST_SECRET}, key=len, reverse=True)
        self._known = re.compile("|".join(re.escape(secret) for secret in known)) if known else None
        # Names of fields, levels and events come again and again.
        self._seen_before = lru_cache(maxsize=1024)(self._redacted)

    def text(self, text: str) -> str:
        """Return `text` without secrets and with phone numbers masked."""
        return self._seen_before(text) if len(text) <= _SHORT else self._redacted(text)

    def _redacted(self, text: str) -> str:
        if self._known:
            text = self._known.sub(HIDDEN, text)
        for pattern, replacement in _PATTERNS:
            text = pattern.sub(replacement, text)
        return _NUMBERS.sub(_mask_match, text)

    def value(self, value: object) -> object:
        """Return `value` as plain data that can be rendered: redacted all the way down."""
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, Mapping):
            return {self._key(key): self._field(key, item) for key, item in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self.value(item) for item in value]
        if isinstance(value, bytes):
            return self.text(value.decode("utf-8", "replace"))
        return self.text(repr(value) if isinstance(value, BaseException) else str(value))

    def _key(self, key: object) -> str:
        return self.text(str(key))

    def _field(self, key: object, item: object) -> object:
        if item and _SECRET_FIELD.fullmatch(str(key)):
            return HIDDEN
        return self.value(item)

    def __call__(self, _logger: WrappedLogger, _method: str, event_dict: EventDict) -> EventDict:
        """Redact one event: the last step before it is rendered."""
        return {self._key(key): self._field(key, item) for key, item in event_dict.items()}


class _Handler(logging.StreamHandler[TextIO]):
    """Ours, so that a second `configure` finds and replaces it."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Say where a record could not be formatted; logging's own report would print its raw arguments.

        A log that cannot be written, on a full disk or to nobody, is lost; the work it tells of must go on.
        """
        with contextlib.suppress(OSError):
            self.stream.write(f'{{"event": "unloggable record", "at": "{record.pathname}:{record.lineno}"}}\n')


def configure(
    level: str, secrets: Iterable[str] = (), stream: TextIO | None = None, *, readable: bool | None = None
) -> None:
    """Send all logging to `stream` (stderr): as JSON lines, or as text to be read by people.

    `level` is a name such as ``INFO``; `secrets` are texts that may never appear; `readable` is left out to have text
    on a terminal and JSON elsewhere. May be called again.
    """
    target = stream or sys.stderr
    handler = _Handler(target)
    handler.setFormatter(_formatter(Redactor(secrets), readable=target.isatty() if readable is None else readable))
    _install(handler, level)
    logging.captureWarnings(capture=True)
    sys.excepthook = _log_uncaught
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_annotations(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def _install(handler: logging.Handler, level: str) -> None:
    root = logging.getLogger()
    for old in [old for old in root.handlers if isinstance(old, _Handler)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


def _annotations() -> list[Processor]:
    """Return what is added to every event, ours and the libraries'."""
    return [
        name_trace,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]


def _formatter(redact: Redactor, *, readable: bool) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_annotations(),
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            redact,
            _renderer(readable=readable),
        ],
    )


def _renderer(*, readable: bool) -> Processor:
    if readable:
        return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    return structlog.processors.JSONRenderer(ensure_ascii=False)


def _log_uncaught(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    """Log what would otherwise be printed raw, tokens and all."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, traceback)
        return
    logging.getLogger("bot").critical("uncaught exception", exc_info=(kind, error, traceback))
