"""Logs: everything comes out as one JSON line, and no secret or whole phone number is in it."""

import io
import json
import logging
import subprocess
import sys
import warnings
from collections.abc import Iterator
from decimal import Decimal

import pytest
import structlog

from bot import logs

TOKEN = "123456789:AAF-canary_canary_canary_canary_can"
SECRETS = ["canary-api-key", "canary-api-key-longer", "k"]


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    """Logging of the whole process, at DEBUG, into a text; put back afterwards."""
    root, hook = logging.getLogger(), sys.excepthook
    handlers, level = list(root.handlers), root.level
    stream = io.StringIO()
    logs.configure("DEBUG", SECRETS, stream)
    yield stream
    sys.excepthook = hook
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


def lines(out: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def redact(text: str) -> str:
    return logs.Redactor(SECRETS).text(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            f"POST https://api.telegram.org/bot{TOKEN}/sendMessage",
            "POST https://api.telegram.org/bot[hidden]/sendMessage",
        ),
        (f"token {TOKEN}.", "token [hidden]."),
        (f"bot{TOKEN.replace(':', '%3A')}/getMe", "bot[hidden]/getMe"),
        ("Authorization: Bearer eyJ0eXAi.eyJhbGci.c2ln", "Authorization: Bearer [hidden]"),
        ("basic MTExMTExMTEtMTExMTpjYW5hcnk=", "basic [hidden]"),
        ("Ocp-Apim-Subscription-Key: 0123abcd", "Ocp-Apim-Subscription-Key: [hidden]"),
        ("{'ocp-apim-subscription-key': '0123abcd', 'a': 1}", "{'ocp-apim-subscription-key': '[hidden]', 'a': 1}"),
        ("(b'Ocp-Apim-Subscription-Key', b'0123abcd')", "(b'Ocp-Apim-Subscription-Key', b'[hidden]')"),
        ('{"access_token":"opaque","expires_in":3600}', '{"access_token":"[hidden]","expires_in":3600}'),
        ('{"apiKey": "opaque"}', '{"apiKey": "[hidden]"}'),
        ("MOMO_COLLECTION_API_KEY=opaque next", "MOMO_COLLECTION_API_KEY=[hidden] next"),
        ("x canary-api-key-longer y canary-api-key", "x [hidden] y [hidden]"),
        ("PUT /momo/callbacks/q1w2-e3r4_t5y6 200", "PUT /momo/callbacks/[hidden] 200"),
        ("payee 46733123453 paid", "payee 4673••••453 paid"),
        ("payee=256700123456&x", "payee=25670••••456&x"),
        ("'0700123456'", "'070••••456'"),
        ("+256 700 123-456, soon", "25670••••456, soon"),
        ("/accountholder/msisdn/46733123453/active", "/accountholder/msisdn/4673••••453/active"),
    ],
)
def test_secrets_and_phone_numbers_do_not_pass(text: str, shown: str):
    assert redact(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "6f1c7a1e-8b1f-4c1d-9d0e-012345678901",
        "00000000-0000-4000-8000-000000000000",
        "message 123456789 in chat -1001234567890",
        "paid 1234567890.50 EUR",
        "amount 100000 UGX at 2026-11-23T10:07:00Z",
        "id4673312345345 and 0123456789abcdef0123456789abcdef",
        "12345678901234567890 is too long for a number",
        "get_basic_user_info and the Bearer of bad news",
        "a k among the letters: kkk",
    ],
)
def test_what_is_no_secret_is_left_alone(text: str):
    assert redact(text) == text


def test_one_event_is_one_json_line_with_its_fields(out: io.StringIO):
    structlog.get_logger("bot.jobs").info("sent", attempt=2, amount=Decimal("12.50"), ok=True, nothing=None)
    (line,) = lines(out)
    assert line.pop("timestamp")
    fields = {"attempt": 2, "amount": "12.50", "ok": True, "nothing": None}
    assert line == {"event": "sent", "logger": "bot.jobs", "level": "info", **fields}


def test_values_are_redacted_all_the_way_down(out: io.StringIO):
    structlog.get_logger().info(
        "call",
        headers={"Authorization": "odd canary", "X": [b"Bearer canary-canary", {"46733123453": ("46733123453",)}]},
        error=ValueError(TOKEN),
        MOMO_COLLECTION_API_KEY="canary",
    )
    (line,) = lines(out)
    assert line["headers"] == {"Authorization": "[hidden]", "X": ["Bearer [hidden]", {"4673••••453": ["4673••••453"]}]}
    assert line["error"] == "ValueError('[hidden]')"
    assert "canary" not in out.getvalue()


def test_a_traceback_is_part_of_the_line_and_redacted(out: io.StringIO):
    try:
        raise ValueError(f"cannot reach /bot{TOKEN}/getMe for 46733123453")
    except ValueError:
        structlog.get_logger().exception("ours")
        logging.getLogger("telegram").exception("theirs %s", TOKEN)
    assert [line["event"] for line in lines(out)] == ["ours", "theirs [hidden]"]
    assert all("/bot[hidden]/getMe for 4673••••453" in str(line["exception"]) for line in lines(out))


def test_records_of_libraries_go_the_same_way_and_httpx_is_quiet(out: io.StringIO):
    logging.getLogger("aiohttp.access").info("GET /bot%s/getMe", TOKEN)
    logging.getLogger("httpx").info("POST https://api.telegram.org/bot%s/getMe", TOKEN)
    logging.getLogger("httpcore.connection").debug("connect_tcp %s", TOKEN)
    assert [(line["logger"], line["event"]) for line in lines(out)] == [("aiohttp.access", "GET /bot[hidden]/getMe")]


def test_warnings_and_uncaught_exceptions_are_logged_redacted(out: io.StringIO):
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn(f"careful with {TOKEN}", stacklevel=1)
    sys.excepthook(RuntimeError, RuntimeError(TOKEN), None)
    assert [line["level"] for line in lines(out)] == ["warning", "critical"]
    assert "canary" not in out.getvalue()


def test_a_record_that_cannot_be_formatted_does_not_print_its_arguments(out: io.StringIO, capsys, monkeypatch):
    root = logging.getLogger()
    ours = [handler for handler in root.handlers if type(handler).__module__ == logs.__name__]
    monkeypatch.setattr(root, "handlers", ours)  # pytest's would raise
    logging.getLogger("aiohttp.server").info("%d messages", TOKEN)
    assert [line["event"] for line in lines(out)] == ["unloggable record"]
    assert "canary" not in out.getvalue() + capsys.readouterr().err


def test_a_log_that_cannot_be_written_stops_nobody(out: io.StringIO, monkeypatch):
    def full(_: str) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(out, "write", full)
    structlog.get_logger("bot").warning("paid")
    monkeypatch.undo()
    structlog.get_logger("bot").warning("paid again")
    assert [line["event"] for line in lines(out)] == ["paid again"]


def test_the_level_holds_and_a_second_configuration_replaces_the_first(out: io.StringIO):
    second = io.StringIO()
    logs.configure("WARNING", [], second)
    structlog.get_logger().info("quiet")
    structlog.get_logger().warning("loud")
    assert out.getvalue() == ""
    assert [line["event"] for line in lines(second)] == ["loud"]


def test_a_terminal_gets_readable_text_redacted_as_well(out: io.StringIO):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    logs.configure("INFO", [], terminal)
    try:
        raise ValueError(TOKEN)
    except ValueError:
        structlog.get_logger().exception("failed")
    assert "failed" in terminal.getvalue()
    assert "Traceback" in terminal.getvalue()
    assert "canary" not in terminal.getvalue()


@pytest.mark.parametrize("readable", [True, False])
def test_whoever_runs_it_decides_whether_people_or_machines_read_it(out: io.StringIO, readable: bool):
    chosen = io.StringIO()
    logs.configure("INFO", [], chosen, readable=readable)
    structlog.get_logger().info("told")
    assert chosen.getvalue().startswith("{") is not readable
    assert "told" in chosen.getvalue()


def test_nothing_escapes_a_process_that_dies_of_an_exception():
    program = f"from bot import logs; logs.configure('INFO'); raise SystemError('{TOKEN}')"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert json.loads(ended.stderr)["level"] == "critical"
    assert "canary" not in ended.stderr + ended.stdout
