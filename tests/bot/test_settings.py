"""Settings: what is accepted, what is refused, and that all mistakes come at once without a secret in them."""

from decimal import Decimal
from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot.domain.fees import Fee
from bot.domain.transactions import Kind
from bot.service.mtn import USED
from bot.settings import Settings, SettingsError, load_settings
from bot.wiring import policy_of
from momo import Product

COMPLETE = {
    "TELEGRAM_BOT_TOKEN": "123456:CANARY-token-of-the-bot",
    "MOMO_COLLECTION_SUBSCRIPTION_KEY": "c" * 32,
    "MOMO_COLLECTION_API_USER": "11111111-1111-4111-8111-111111111111",
    "MOMO_COLLECTION_API_KEY": "canary-collection-api-key",
    "MOMO_DISBURSEMENT_SUBSCRIPTION_KEY": "d" * 32,
    "MOMO_DISBURSEMENT_API_USER": "22222222-2222-4222-8222-222222222222",
    "MOMO_DISBURSEMENT_API_KEY": "canary-disbursement-api-key",
    "OWNER_IDS": "1001, 1002",
}
LIVE = {**COMPLETE, "MOMO_TARGET_ENVIRONMENT": "mtnuganda", "APPROVAL_LIMIT": "50000"}
NOWHERE = Path("no-such.env")


def load(**changes: str) -> Settings:
    return load_settings({**COMPLETE, **changes}, NOWHERE)


def mistakes_of(environ: dict[str, str], dotenv: Path = NOWHERE) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        load_settings(environ, dotenv)
    return caught.value.mistakes


def names(mistakes: tuple[str, ...]) -> set[str]:
    return {mistake.partition(":")[0] for mistake in mistakes}


def test_the_sandbox_needs_only_credentials_and_an_owner():
    settings = load()
    assert settings.is_sandbox
    assert settings.momo_base_url == "https://sandbox.momodeveloper.mtn.com"
    assert (settings.market.currency, settings.market.decimals) == ("EUR", 2)
    assert settings.owner_ids == {1001, 1002}
    assert (settings.approval_limit, settings.new_admin_delay_hours, settings.admin_chat_id) == (None, 0, None)
    assert (settings.listen_host, settings.listen_port, settings.public_url) == ("127.0.0.1", 8080, "")
    assert (settings.telegram_mode, settings.telegram_api_url) == ("polling", "https://api.telegram.org")
    assert not settings.single_person_refunds


def test_a_live_country_brings_its_host_its_currency_and_a_day_of_delay():
    settings = load_settings(LIVE, NOWHERE)
    assert not settings.is_sandbox
    assert settings.momo_base_url == "https://proxy.momoapi.mtn.com"
    assert (settings.momo_currency, settings.new_admin_delay_hours, settings.approval_limit) == ("UGX", 24, 50000)
    assert settings.market.calling_code == "256"


def test_an_empty_environment_is_told_every_missing_name_at_once():
    assert names(mistakes_of({})) == set(COMPLETE)


def test_all_mistakes_come_at_once_each_on_its_own_line_with_advice():
    wrong = {
        "MOMO_TARGET_ENVIRONMENT": "mtnuganda",
        "MOMO_CURRENCY": "EUR",
        "TIMEZONE": "Nowhere/At-all",
        "TELEGRAM_MODE": "webhook",
        "OWNER_IDS": "somebody",
        "LISTEN_PORT": "70000",
        "MOMO_BASE_URL": "http://momo.example.com",
    }
    mistakes = mistakes_of({**COMPLETE, **wrong})
    also = {"APPROVAL_LIMIT", "PUBLIC_URL", "TELEGRAM_WEBHOOK_SECRET"}
    assert names(mistakes) == (set(wrong) - {"MOMO_TARGET_ENVIRONMENT", "TELEGRAM_MODE"}) | also
    assert all(len(mistake.split(": ")) >= 3 and "\n" not in mistake for mistake in mistakes)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_BOT_TOKEN", "no token"),
        ("TELEGRAM_BOT_TOKEN", "123456:with/slash"),
        ("TELEGRAM_MODE", "push"),
        ("TELEGRAM_WEBHOOK_SECRET", "with.dot"),
        ("TELEGRAM_WEBHOOK_SECRET", "x" * 257),
        ("MOMO_COLLECTION_API_KEY", "two words"),
        ("MOMO_COLLECTION_API_USER", "user:name"),
        ("MOMO_TARGET_ENVIRONMENT", "mtn uganda"),
        ("MOMO_CURRENCY", "UGX"),
        ("MOMO_CURRENCY", "euro"),
        ("MOMO_CALLS_PER_SECOND", "0"),
        ("MOMO_CALLS_PER_SECOND", "11"),
        ("MOMO_CALLS_PER_SECOND", "2.5"),
        ("LISTEN_PORT", "-1"),
        ("LISTEN_PORT", "8_080"),
        ("LISTEN_PORT", "８０８０"),
        ("LISTEN_HOST", "two words"),
        ("OWNER_IDS", ", ,"),
        ("OWNER_IDS", "1001;1002"),
        ("OWNER_IDS", "-5"),
        ("OWNER_IDS", "1001,1087968824"),
        ("ADMIN_CHAT_ID", "0"),
        ("ADMIN_CHAT_ID", "@admins"),
        ("APPROVAL_LIMIT", "-1"),
        ("APPROVAL_LIMIT", "50.5"),
        ("NEW_ADMIN_DELAY_HOURS", "-1"),
        ("DEFAULT_LANGUAGE", "sw"),
        ("TIMEZONE", "../../etc/passwd"),
        ("TIMEZONE", "/etc/localtime"),
        ("LOG_LEVEL", "LOUD"),
        ("SINGLE_PERSON_REFUNDS", "perhaps"),
        ("LIMIT_PERSON_DAY", "0"),
        ("LIMIT_PAYEE_DAY", "5.5"),
        ("APPROVALS_REQUIRED", "2"),
        ("APPROVALS_REQUIRED", "1:1"),
        ("APPROVALS_REQUIRED", "0:0"),
        ("APPROVALS_REQUIRED", "0:10"),
        ("APPROVALS_REQUIRED", "0:1,500:2,500:3"),
        ("APPROVALS_REQUIRED", "0:2,500:1"),
        ("APPROVALS_REQUIRED", "0:1,"),
        ("FEES", "pay"),
        ("FEES", "pay:0=free"),
        ("FEES", "pay:5=1,5=2"),
        ("FEES", "gift:0=1"),
        ("FEES", "pay:0=1;pay:0=2"),
        ("FEES", "pay:0=-1"),
    ],
)
def test_a_wrong_value_is_refused_alone_and_by_name(name: str, value: str):
    assert names(mistakes_of({**COMPLETE, name: value})) == {name}


@pytest.mark.parametrize("name", ["TELEGRAM_API_URL", "MOMO_BASE_URL", "PUBLIC_URL"])
@pytest.mark.parametrize(
    "address",
    [
        "http://example.com",
        "http://10.0.0.5",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://127.0.0.1@example.com",
        "http://0.0.0.0:80",
        "http://user:pass@127.0.0.1",
        "https://user@example.com",
        "ftp://example.com",
        "example.com",
        "https://",
        "https://example.com:port",
        "https://example.com?x=1",
        "https://exa mple.com",
        "https://[::1",
    ],
)
def test_an_address_that_is_not_encrypted_or_no_address_is_refused(name: str, address: str):
    assert names(mistakes_of({**COMPLETE, name: address})) == {name}


@pytest.mark.parametrize("name", ["TELEGRAM_API_URL", "MOMO_BASE_URL", "PUBLIC_URL"])
@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9000",
        "http://127.9.9.9",
        "http://[::1]:8080",
        "http://LOCALHOST:1",
        "https://example.com/base",
    ],
)
def test_https_anywhere_and_http_on_this_machine_are_accepted(name: str, address: str):
    assert getattr(load(**{name: address + "/"}), name.lower()) == address


def test_callbacks_need_a_host_name():
    assert names(mistakes_of({**COMPLETE, "PUBLIC_URL": "https://203.0.113.5"})) == {"PUBLIC_URL"}


def test_a_webhook_needs_an_address_and_a_secret():
    assert names(mistakes_of({**COMPLETE, "TELEGRAM_MODE": "webhook"})) == {"PUBLIC_URL", "TELEGRAM_WEBHOOK_SECRET"}
    settings = load(TELEGRAM_MODE="webhook", PUBLIC_URL="https://shop.example", TELEGRAM_WEBHOOK_SECRET="s-3_cret")
    assert settings.telegram_webhook_secret is not None


def test_outside_the_sandbox_the_approval_limit_is_mandatory():
    without = {name: value for name, value in LIVE.items() if name != "APPROVAL_LIMIT"}
    assert names(mistakes_of(without)) == {"APPROVAL_LIMIT"}
    assert load_settings({**LIVE, "APPROVAL_LIMIT": "0"}, NOWHERE).approval_limit == 0


def test_limits_are_left_out_or_whole_amounts():
    assert load(LIMIT_DESK_DAY="").limit_desk_day is None
    settings = load(LIMIT_DESK_DAY="500", LIMIT_PERSON_DAY="200")
    assert (settings.limit_desk_day, settings.limit_person_day) == (500, 200)
    assert settings.limits_left_open == ("LIMIT_PER_TRANSACTION", "LIMIT_PAYEE_DAY")


def test_tiers_say_how_many_approve_from_which_amount_on():
    assert load().approvals_required == ((0, 1),)
    assert load(APPROVALS_REQUIRED="0:1, 500000:2").approvals_required == ((0, 1), (500000, 2))


def test_fees_say_what_is_charged_from_which_amount_on():
    assert load().fees == ()
    table = load(FEES="pay:0=100, 5000=0.5%; request:0=1").fees
    assert table == (("pay", ((0, "100"), (5000, "0.5%"))), ("request", ((0, "1"),)))
    policy = policy_of(load(FEES="pay:0=100,5000=0.5%"))
    assert policy.fees == {Kind.TRANSFER: (Fee(0, Decimal(100)), Fee(5000, Decimal("0.5"), percent=True))}


def test_liberia_has_two_currencies_and_an_unknown_environment_needs_one():
    liberia = {**LIVE, "MOMO_TARGET_ENVIRONMENT": "mtnliberia"}
    assert load_settings(liberia, NOWHERE).market.currency == "LRD"
    assert load_settings({**liberia, "MOMO_CURRENCY": "usd"}, NOWHERE).market.currency == "USD"
    new = {**LIVE, "MOMO_TARGET_ENVIRONMENT": "mtnatlantis"}
    assert names(mistakes_of(new)) == {"MOMO_CURRENCY"}
    assert load_settings({**new, "MOMO_CURRENCY": "KES"}, NOWHERE).market.decimals == 2


def test_a_secret_comes_from_a_file_without_its_line_end(tmp_path: Path):
    file = tmp_path / "token"
    file.write_text("123456:from-a-file\n")
    settings = load_settings({**COMPLETE, "TELEGRAM_BOT_TOKEN": "", "TELEGRAM_BOT_TOKEN_FILE": str(file)}, NOWHERE)
    assert settings.telegram_bot_token.get_secret_value() == "123456:from-a-file"


def test_a_secret_file_that_is_missing_empty_or_superfluous_is_one_mistake(tmp_path: Path):
    (tmp_path / "empty").touch()
    for environ in (
        {**COMPLETE, "TELEGRAM_BOT_TOKEN": "", "TELEGRAM_BOT_TOKEN_FILE": str(tmp_path / "none")},
        {**COMPLETE, "TELEGRAM_BOT_TOKEN": "", "TELEGRAM_BOT_TOKEN_FILE": str(tmp_path / "empty")},
        {**COMPLETE, "TELEGRAM_BOT_TOKEN_FILE": str(tmp_path / "none")},
    ):
        assert names(mistakes_of(environ)) == {"TELEGRAM_BOT_TOKEN_FILE"}


def test_no_secret_is_ever_repeated(tmp_path: Path):
    file = tmp_path / "key"
    file.write_text("canary with blanks")
    environ = {
        **COMPLETE,
        "TELEGRAM_BOT_TOKEN": "canary without shape",
        "MOMO_COLLECTION_API_KEY": "",
        "MOMO_COLLECTION_API_KEY_FILE": str(file),
        "TELEGRAM_WEBHOOK_SECRET": "canary!",
    }
    mistakes = mistakes_of(environ)
    assert len(mistakes) == 3
    assert "canary" not in "\n".join(mistakes).lower()
    assert "canary" not in repr(load()).lower()


def test_the_secrets_for_the_log_are_those_that_are_given():
    given = load(TELEGRAM_WEBHOOK_SECRET="hook-secret").secrets
    assert set(given) == {value for name, value in COMPLETE.items() if name.endswith(("TOKEN", "KEY"))} | {
        "hook-secret"
    }


def test_the_environment_wins_over_the_dotenv_file(tmp_path: Path):
    dotenv = tmp_path / ".env"
    dotenv.write_text('LOG_LEVEL=DEBUG\nDEFAULT_LANGUAGE="fr"\nUNKNOWN=1\n')
    settings = load_settings({**COMPLETE, "LOG_LEVEL": "warning", "ALSO_UNKNOWN": "1"}, dotenv)
    assert (settings.log_level, settings.default_language) == ("WARNING", "fr")


def test_a_dotenv_file_that_cannot_be_read_is_a_mistake_beside_the_others(tmp_path: Path):
    dotenv = tmp_path / ".env"
    dotenv.write_bytes(b"\xff\xfe\x00")
    assert names(mistakes_of({**COMPLETE, "LISTEN_PORT": "x"}, dotenv)) == {str(dotenv), "LISTEN_PORT"}


def test_the_example_file_names_every_setting_and_lacks_only_what_is_personal():
    example = Path(__file__).parents[2] / ".env.example"
    assert set(dotenv_values(example)) == {name.upper() for name in Settings.model_fields}
    personal = {"TELEGRAM_BOT_TOKEN", "OWNER_IDS"}
    of_the_sandbox = {name for name in COMPLETE if "_API_" in name}
    assert names(mistakes_of({}, example)) == personal | of_the_sandbox


# --- the API users of before, and the journal


PREVIOUS = {
    "MOMO_DISBURSEMENT_API_USER_PREVIOUS": "33333333-3333-4333-8333-333333333333",
    "MOMO_DISBURSEMENT_API_KEY_PREVIOUS": "canary-previous-api-key",
}


def test_without_an_api_user_of_before_there_is_none_to_look_after():
    settings = load()
    assert [settings.previous_credentials(product) for product in USED] == [None, None]


@pytest.mark.parametrize(("own", "used"), [("", "d" * 32), ("e" * 32, "e" * 32)], ids=["shared", "own"])
def test_the_api_user_of_before_has_the_subscription_key_of_today_unless_it_had_its_own(own: str, used: str):
    settings = load(**PREVIOUS, MOMO_DISBURSEMENT_SUBSCRIPTION_KEY_PREVIOUS=own)
    given = settings.previous_credentials(Product.DISBURSEMENT)
    assert given is not None
    assert (given.api_user, given.api_key, given.subscription_key) == (*PREVIOUS.values(), used)
    assert settings.previous_credentials(Product.COLLECTION) is None


@pytest.mark.parametrize("missing", PREVIOUS)
def test_half_an_api_user_of_before_is_a_mistake(missing: str):
    mistakes = mistakes_of({**COMPLETE, **PREVIOUS, missing: ""})
    assert names(mistakes) == {"MOMO_DISBURSEMENT_API_KEY_PREVIOUS"}
    assert "write both" in mistakes[0]


def test_the_keys_of_before_are_secrets_and_may_stand_in_files(tmp_path: Path):
    (tmp_path / "key").write_text("canary-key-from-a-file\n")
    (tmp_path / "subscription").write_text("canary-subscription\n")
    settings = load(
        MOMO_COLLECTION_API_USER_PREVIOUS="33333333-3333-4333-8333-333333333333",
        MOMO_COLLECTION_API_KEY_PREVIOUS_FILE=str(tmp_path / "key"),
        MOMO_COLLECTION_SUBSCRIPTION_KEY_PREVIOUS_FILE=str(tmp_path / "subscription"),
    )
    assert {"canary-key-from-a-file", "canary-subscription"} <= set(settings.secrets)
    assert "canary" not in repr(settings)


def test_the_journal_stands_beside_the_database_unless_it_is_put_elsewhere():
    assert load(DATABASE_PATH="/data/till.db").journal_path == Path("/data/till.db.journal")
    assert load(REFERENCE_JOURNAL_PATH="/other/disk/journal").journal_path == Path("/other/disk/journal")
