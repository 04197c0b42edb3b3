"""What the operator decides: read once at start from the environment, all mistakes told at once.

What lives here: names, defaults and rules of the settings. What must not: opening anything they point to.

A value comes from the environment, else from `.env` in the working directory, else it has a default; an empty
one counts as not given. A secret may instead stand in a file named by NAME_FILE. No mistake repeats a value.
"""

import re
from collections.abc import Iterable, Mapping
from io import StringIO
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from momo import ConfigurationError, Market, market_of

SANDBOX = "sandbox"
_SANDBOX_HOST = "https://sandbox.momodeveloper.mtn.com"
_LIVE_HOST = "https://proxy.momoapi.mtn.com"
# MTN Liberia keeps wallets in both currencies, and the account decides.
_SECOND_CURRENCY = {"mtnliberia": "USD"}
# Telegram's own senders: anonymous group admins, channels, its service account. Nobody in particular.
_NOBODY = frozenset({1087968824, 136817688, 777000})
_SECRETS = (
    "telegram_bot_token",
    "telegram_webhook_secret",
    "momo_collection_subscription_key",
    "momo_collection_api_key",
    "momo_disbursement_subscription_key",
    "momo_disbursement_api_key",
)
_PROBLEMS = {
    "missing": "is missing",
    "literal_error": "is not one of the choices",
    "greater_than_equal": "is too small",
    "less_than_equal": "is too large",
}


class SettingsError(Exception):
    """The environment cannot be started with. Its text names every mistake, one setting a line."""

    def __init__(self, mistakes: Iterable[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(self.mistakes))


def _whole_number(value: object) -> object:
    # int() alone would also take "1_000" and digits of other scripts.
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,16}", value) is None:
        raise ValueError("is not a whole number")
    return value


def _visible(value: SecretStr) -> SecretStr:
    if re.fullmatch(r"[\x21-\x7e]+", value.get_secret_value()) is None:
        raise ValueError("has blanks or other characters that cannot be part of it")
    return value


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


def _ids(value: object) -> object:
    """Read user ids with commas between them."""
    if not isinstance(value, str):
        return value
    words = [word.strip() for word in value.split(",") if word.strip()]
    if not words or any(re.fullmatch(r"[1-9][0-9]{0,15}", word) is None for word in words):
        raise ValueError("is not a list of user ids")
    ids = frozenset(map(int, words))
    if ids & _NOBODY:
        raise ValueError("has an id that Telegram uses for anonymous senders")
    return ids


def _zone(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError("is not a known time zone") from None


def is_loopback(host: str) -> bool:
    """Tell whether `host` can only be this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _is_bare_ip(host: str) -> bool:
    """Tell whether `host` is another machine without a name."""
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return False


def _usual_currency(environment: str) -> str | None:
    try:
        return market_of(environment).currency
    except ConfigurationError:
        return None


def _address(value: str) -> str:
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


Whole = Annotated[int, BeforeValidator(_whole_number)]
Secret = Annotated[SecretStr, AfterValidator(_visible)]
Address = Annotated[str, AfterValidator(_address)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]+$")]

_KEY_HINT = "write the key from your MTN developer profile"
_USER_HINT = "write the API user that provisioning or the partner portal gave you"
_API_KEY_HINT = "write the API key that belongs to the API user"


class Settings(BaseSettings):
    """All settings, checked. Later fields may look at earlier ones, so the order matters.

    The description of a field is what its mistakes advise to write.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", validate_default=True, hide_input_in_errors=True)

    telegram_bot_token: Secret = Field(description="write the token that @BotFather gave you")
    telegram_api_url: Address = Field(
        "https://api.telegram.org", description="write https://… (http:// only for 127.0.0.1, ::1 or localhost)"
    )
    telegram_mode: Annotated[Literal["polling", "webhook"], BeforeValidator(_lower)] = Field(
        "polling", description="write polling or webhook"
    )
    public_url: str = Field("", description="write https:// and the host name under which this machine is reached")
    telegram_webhook_secret: SecretStr | None = Field(
        None, description="write 1 to 256 characters of A-Z a-z 0-9 _ -, for example from `openssl rand -hex 32`"
    )

    momo_target_environment: Annotated[Name, BeforeValidator(_lower)] = Field(
        SANDBOX, description="write sandbox, or the name MTN gave your country, such as mtnuganda"
    )
    momo_base_url: Address = Field(
        default_factory=lambda data: _SANDBOX_HOST if data["momo_target_environment"] == SANDBOX else _LIVE_HOST,
        description="write https://… (http:// only for 127.0.0.1, ::1 or localhost), or leave it out",
    )
    momo_currency: Annotated[str, BeforeValidator(_upper)] = Field(
        "", description="write the currency of the target environment, such as UGX, or leave it out"
    )
    momo_collection_subscription_key: Secret = Field(description=_KEY_HINT)
    momo_collection_api_user: Name = Field(description=_USER_HINT)
    momo_collection_api_key: Secret = Field(description=_API_KEY_HINT)
    momo_disbursement_subscription_key: Secret = Field(description=_KEY_HINT)
    momo_disbursement_api_user: Name = Field(description=_USER_HINT)
    momo_disbursement_api_key: Secret = Field(description=_API_KEY_HINT)
    momo_calls_per_second: Whole = Field(5, ge=1, le=10, description="write a number from 1 to 10")

    database_path: Path = Field(Path("data/momo-desk.db"), description="write the path of a file")
    listen_host: Annotated[str, Field(pattern=r"^[A-Za-z0-9.:_-]+$")] = Field(
        "127.0.0.1", description="write 127.0.0.1, or 0.0.0.0 to be reached from other machines"
    )
    listen_port: Whole = Field(8080, ge=0, le=65535, description="write a port from 1 to 65535, or 0 for any free one")
    owner_ids: Annotated[frozenset[int], BeforeValidator(_ids)] = Field(
        description="write numeric Telegram user ids with commas between them"
    )
    admin_chat_id: Whole | None = Field(None, description="write the numeric id of the admins' chat, or leave it out")
    approval_limit: Whole | None = Field(
        None, ge=0, description="write the largest payment that needs no approval, in whole units of the currency"
    )
    new_admin_delay_hours: Whole = Field(
        default_factory=lambda data: 0 if data["momo_target_environment"] == SANDBOX else 24,
        ge=0,
        le=720,
        description="write a number of hours from 0 to 720",
    )
    single_person_refunds: bool = Field(default=False, description="write true or false")
    default_language: Annotated[Literal["en", "fr"], BeforeValidator(_lower)] = Field(
        "en", description="write en or fr"
    )
    timezone: Annotated[ZoneInfo, BeforeValidator(_zone)] = Field(
        ZoneInfo("UTC"), description="write a name such as Africa/Kampala"
    )
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)] = Field(
        "INFO", description="write DEBUG, INFO, WARNING or ERROR"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the signature is the base class's
        init_settings: PydanticBaseSettingsSource,
        *_: PydanticBaseSettingsSource,
        **__: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take only what `load_settings` gathered: it can then report files that cannot be read with the rest."""
        return (init_settings,)

    @field_validator("public_url")
    @classmethod
    def _reachable(cls, value: str, info: ValidationInfo) -> str:
        if not value:
            if info.data.get("telegram_mode") == "webhook":
                raise ValueError("is missing, and TELEGRAM_MODE=webhook needs it")
            return value
        address = _address(value)
        if _is_bare_ip(urlsplit(address).hostname or ""):
            raise ValueError("has no host name, and MTN calls nothing else")
        return address

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _webhook_secret(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is None and info.data.get("telegram_mode") == "webhook":
            raise ValueError("is missing, and TELEGRAM_MODE=webhook needs it")
        if value and re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()) is None:
            raise ValueError("is too long or has characters that Telegram refuses")
        return value

    @field_validator("telegram_bot_token")
    @classmethod
    def _token(cls, value: SecretStr) -> SecretStr:
        if re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", value.get_secret_value()) is None:
            raise ValueError("is not shaped like a token")
        return value

    @field_validator("momo_currency")
    @classmethod
    def _of_the_market(cls, value: str, info: ValidationInfo) -> str:
        environment = info.data.get("momo_target_environment")
        if environment is None:  # its own mistake is reported
            return value
        usual = _usual_currency(environment) or value
        if re.fullmatch(r"[A-Z]{3}", value or usual) is None:
            raise ValueError("is missing or not a currency")
        if value and value not in {usual, _SECOND_CURRENCY.get(environment)}:
            raise ValueError("is not the currency of the target environment")
        return value or usual

    @field_validator("admin_chat_id")
    @classmethod
    def _some_chat(cls, value: int | None) -> int | None:
        if value == 0:
            raise ValueError("is no chat")
        return value

    @field_validator("approval_limit")
    @classmethod
    def _limited_outside_the_sandbox(cls, value: int | None, info: ValidationInfo) -> int | None:
        if value is None and info.data.get("momo_target_environment", SANDBOX) != SANDBOX:
            raise ValueError("is missing, and only the sandbox does without it")
        return value

    @property
    def is_sandbox(self) -> bool:
        """Whether no real money moves."""
        return self.momo_target_environment == SANDBOX

    @property
    def market(self) -> Market:
        """Currency and phone numbers of the target environment."""
        return market_of(self.momo_target_environment, self.momo_currency)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What may never be logged."""
        given = (getattr(self, name) for name in _SECRETS)
        return tuple(value.get_secret_value() for value in given if value is not None)


def load_settings(environ: Mapping[str, str], dotenv: Path = Path(".env")) -> Settings:
    """Return the settings that `environ` and the file `dotenv` give; `environ` wins.

    Raises:
        SettingsError: something is wrong or missing.
    """
    mistakes: dict[str, str] = {}
    values = _values(_gather(environ, dotenv, mistakes), mistakes)
    try:
        settings = Settings(**values)
    except ValidationError as error:
        for details in error.errors(include_url=False, include_input=False):
            _note(details, mistakes)
        raise SettingsError(mistakes.values()) from None
    if mistakes:
        raise SettingsError(mistakes.values())
    return settings


def _gather(environ: Mapping[str, str], dotenv: Path, mistakes: dict[str, str]) -> dict[str, str]:
    """Return what is given and not empty."""
    text = ""
    try:
        text = dotenv.read_text(encoding="utf-8")
    except FileNotFoundError:
        pass  # all may come from the environment
    except (OSError, UnicodeDecodeError):
        mistakes[str(dotenv)] = f"{dotenv}: cannot be read: make it a readable text file, or remove it"
    given = {**dotenv_values(stream=StringIO(text), interpolate=False), **environ}
    return {name: value.strip() for name, value in given.items() if value and value.strip()}


def _values(given: Mapping[str, str], mistakes: dict[str, str]) -> dict[str, Any]:
    """Return the values by the fields' names, secrets also from their files."""
    values = {name: given[name.upper()] for name in Settings.model_fields if name.upper() in given}
    for name in _SECRETS:
        path = given.get(f"{name.upper()}_FILE")
        if path is not None:
            try:
                values[name] = _read_secret(path, already_given=name in values)
            except ValueError as error:
                mistakes[name] = f"{name.upper()}_FILE: {error}"
    return values


def _read_secret(path: str, *, already_given: bool) -> str:
    if already_given:
        raise ValueError("is given beside the value itself: keep one of the two")
    try:
        secret = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise ValueError("cannot be read: name a text file that this user may read") from None
    if not secret:
        raise ValueError("is empty: put the secret into the file")
    return secret


def _note(details: ErrorDetails, mistakes: dict[str, str]) -> None:
    """Add one of pydantic's errors as: name, what is wrong, what to write."""
    if details["type"] == "default_factory_not_called":
        return  # it hangs on another setting, which is reported
    name = str(details["loc"][0])
    raised = details.get("ctx", {}).get("error")
    problem = raised or _PROBLEMS.get(details["type"], "is not right")
    mistakes.setdefault(name, f"{name.upper()}: {problem}: {Settings.model_fields[name].description}")
