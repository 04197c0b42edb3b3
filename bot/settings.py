"""What the operator decides: read once at start from the environment, all mistakes told at once.

What lives here: names, defaults and rules of the settings. What must not: opening anything they point to.

A value comes from the environment, else from `.env` in the working directory, else it has a default; an empty
one counts as not given. A secret may instead stand in a file named by NAME_FILE. No mistake repeats a value.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import time
from io import StringIO
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot import setting_values
from momo import ConfigurationError, Credentials, Market, Product, market_of

SANDBOX = "sandbox"
_SANDBOX_HOST = "https://sandbox.momodeveloper.mtn.com"
_LIVE_HOST = "https://proxy.momoapi.mtn.com"
# MTN Liberia keeps wallets in both currencies, and the account decides.
_SECOND_CURRENCY = {"mtnliberia": "USD"}
_SECRETS = (
    "telegram_bot_token",
    "telegram_webhook_secret",
    "momo_collection_subscription_key",
    "momo_collection_api_key",
    "momo_disbursement_subscription_key",
    "momo_disbursement_api_key",
    "momo_collection_api_key_previous",
    "momo_collection_subscription_key_previous",
    "momo_disbursement_api_key_previous",
    "momo_disbursement_subscription_key_previous",
    "metrics_token",
)
_CREDENTIALS = ("api_user", "api_key", "subscription_key")
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


def _usual_currency(environment: str) -> str | None:
    try:
        return market_of(environment).currency
    except ConfigurationError:
        return None


Whole = Annotated[int, BeforeValidator(setting_values.whole_number)]
Secret = Annotated[SecretStr, AfterValidator(setting_values.visible)]
Address = Annotated[str, AfterValidator(setting_values.address)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]+$")]

Limit = Whole | None
_NO_LIMIT: Any = Field(None, ge=1, description="write whole units of the currency, at least 1, or leave it out")
_KEY_HINT = "write the key from your MTN developer profile"
_USER_HINT = "write the API user that provisioning or the partner portal gave you"
_API_KEY_HINT = "write the API key that belongs to the API user"
_PREVIOUS_HINT = "write both the previous API user and its API key, or neither"


class Settings(BaseSettings):
    """All settings, checked. Later fields may look at earlier ones, so the order matters.

    The description of a field is what its mistakes advise to write.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", validate_default=True, hide_input_in_errors=True)

    telegram_bot_token: Secret = Field(description="write the token that @BotFather gave you")
    telegram_api_url: Address = Field(
        "https://api.telegram.org", description="write https://… (http:// only for 127.0.0.1, ::1 or localhost)"
    )
    telegram_mode: Annotated[Literal["polling", "webhook"], BeforeValidator(setting_values.lower)] = Field(
        "polling", description="write polling or webhook"
    )
    public_url: str = Field("", description="write https:// and the host name under which this machine is reached")
    telegram_webhook_secret: SecretStr | None = Field(
        None, description="write 1 to 256 characters of A-Z a-z 0-9 _ -, for example from `openssl rand -hex 32`"
    )

    momo_target_environment: Annotated[Name, BeforeValidator(setting_values.lower)] = Field(
        SANDBOX, description="write sandbox, or the name MTN gave your country, such as mtnuganda"
    )
    momo_base_url: Address = Field(
        default_factory=lambda data: _SANDBOX_HOST if data["momo_target_environment"] == SANDBOX else _LIVE_HOST,
        description="write https://… (http:// only for 127.0.0.1, ::1 or localhost), or leave it out",
    )
    momo_currency: Annotated[str, BeforeValidator(setting_values.upper)] = Field(
        "", description="write the currency of the target environment, such as UGX, or leave it out"
    )
    momo_collection_subscription_key: Secret = Field(description=_KEY_HINT)
    momo_collection_api_user: Name = Field(description=_USER_HINT)
    momo_collection_api_key: Secret = Field(description=_API_KEY_HINT)
    momo_disbursement_subscription_key: Secret = Field(description=_KEY_HINT)
    momo_disbursement_api_user: Name = Field(description=_USER_HINT)
    momo_disbursement_api_key: Secret = Field(description=_API_KEY_HINT)
    momo_collection_api_user_previous: Name | None = Field(None, description=_PREVIOUS_HINT)
    momo_collection_api_key_previous: Secret | None = Field(None, description=_PREVIOUS_HINT)
    momo_collection_subscription_key_previous: Secret | None = Field(None, description=_KEY_HINT)
    momo_disbursement_api_user_previous: Name | None = Field(None, description=_PREVIOUS_HINT)
    momo_disbursement_api_key_previous: Secret | None = Field(None, description=_PREVIOUS_HINT)
    momo_disbursement_subscription_key_previous: Secret | None = Field(None, description=_KEY_HINT)
    momo_calls_per_second: Whole = Field(5, ge=1, le=10, description="write a number from 1 to 10")

    database_path: Path = Field(Path("data/momo-desk.db"), description="write the path of a file")
    reference_journal_path: Path | None = Field(None, description="write the path of a file, or leave it out")
    backup_directory: Path | None = Field(None, description="write the path of a directory, or leave it out")
    backup_every_hours: Whole = Field(24, ge=1, le=168, description="write a number of hours from 1 to 168")
    backup_keep: Whole = Field(14, ge=1, le=1000, description="write how many copies are kept, from 1 to 1000")
    retention_days: Whole | None = Field(
        None, ge=30, le=36500, description="write a number of days from 30 on, or leave it out"
    )
    listen_host: Annotated[str, Field(pattern=r"^[A-Za-z0-9.:_-]+$")] = Field(
        "127.0.0.1", description="write 127.0.0.1, or 0.0.0.0 to be reached from other machines"
    )
    listen_port: Whole = Field(8080, ge=0, le=65535, description="write a port from 1 to 65535, or 0 for any free one")
    metrics_token: Secret | None = Field(
        None, description="write what `openssl rand -hex 32` prints, and give it to Prometheus too, or leave it out"
    )
    owner_ids: Annotated[frozenset[int], BeforeValidator(setting_values.ids)] = Field(
        description="write numeric Telegram user ids with commas between them"
    )
    admin_chat_id: Whole | None = Field(None, description="write the numeric id of the admins' chat, or leave it out")
    approval_limit: Whole | None = Field(
        None, ge=0, description="write the largest payment that needs no approval, in whole units of the currency"
    )
    approvals_required: Annotated[tuple[tuple[int, int], ...], BeforeValidator(setting_values.tiers)] = Field(
        ((0, 1),), description="write amount:count with commas between, such as 0:1,500000:2"
    )
    limit_per_transaction: Limit = _NO_LIMIT
    limit_person_day: Limit = _NO_LIMIT
    limit_desk_day: Limit = _NO_LIMIT
    limit_payee_day: Limit = _NO_LIMIT
    fees: Annotated[tuple[tuple[str, tuple[tuple[int, str], ...]], ...], BeforeValidator(setting_values.fees)] = Field(
        (), description="write kind:from=fee,from=fee with ; between kinds, such as pay:0=100,5000=250;request:0=1%"
    )
    new_admin_delay_hours: Whole = Field(
        default_factory=lambda data: 0 if data["momo_target_environment"] == SANDBOX else 24,
        ge=0,
        le=720,
        description="write a number of hours from 0 to 720",
    )
    single_person_refunds: bool = Field(default=False, description="write true or false")
    default_language: Annotated[Literal["en", "fr"], BeforeValidator(setting_values.lower)] = Field(
        "en", description="write en or fr"
    )
    timezone: Annotated[ZoneInfo, BeforeValidator(setting_values.zone)] = Field(
        ZoneInfo("UTC"), description="write a name such as Africa/Kampala"
    )
    digest_at: Annotated[time | None, BeforeValidator(setting_values.time_of_day)] = Field(
        time(20), description="write a time such as 20:00, or off"
    )
    closing_at: Annotated[time | None, BeforeValidator(setting_values.time_of_day)] = Field(
        None, description="write a time such as 20:00, or off"
    )
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(setting_values.upper)] = Field(
        "INFO", description="write DEBUG, INFO, WARNING or ERROR"
    )
    log_format: Annotated[Literal["json", "console"] | None, BeforeValidator(setting_values.lower)] = Field(
        None, description="write json or console, or leave it out"
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
        address = setting_values.address(value)
        if setting_values.is_bare_ip(urlsplit(address).hostname or ""):
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

    @field_validator("momo_collection_api_key_previous", "momo_disbursement_api_key_previous")
    @classmethod
    def _both_or_neither(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        user = str(info.field_name).replace("api_key", "api_user")
        if user in info.data and (value is None) != (info.data[user] is None):
            raise ValueError(f"is {'missing' if value is None else 'given without the previous API user'}")
        return value

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

    def credentials(self, product: Product) -> Credentials:
        """Return what the API user of a product is let in with."""
        user, key, shared = (getattr(self, f"momo_{product.value}_{name}") for name in _CREDENTIALS)
        return Credentials(user, key.get_secret_value(), shared.get_secret_value())

    def previous_credentials(self, product: Product) -> Credentials | None:
        """Return the same of the API user before the present one, or None when there is none to look after."""
        user, key, shared = (getattr(self, f"momo_{product.value}_{name}_previous") for name in _CREDENTIALS)
        if user is None:
            return None
        own = shared.get_secret_value() if shared else self.credentials(product).subscription_key
        return Credentials(user, key.get_secret_value(), own)

    @property
    def is_private(self) -> bool:
        """Whether the world is not meant to reach the port we listen on: it was given no address for it."""
        return not self.public_url or setting_values.is_loopback(urlsplit(self.public_url).hostname or "")

    @property
    def journal_path(self) -> Path:
        """Where the reference journal is: beside the database, unless it was put on another disk."""
        return self.reference_journal_path or self.database_path.with_name(f"{self.database_path.name}.journal")

    @property
    def control_path(self) -> Path:
        """Where the running bot listens for commands from this machine: a socket beside the database."""
        return self.database_path.with_name(f"{self.database_path.name}.sock")

    @property
    def files_path(self) -> Path:
        """Where files wait until they are sent: a folder beside the database, emptied at each start."""
        return self.database_path.with_name(f"{self.database_path.name}.files")

    @property
    def limits_left_open(self) -> tuple[str, ...]:
        """The limits nobody has set, by their names in the environment."""
        names = [name for name in type(self).model_fields if name.startswith("limit_")]
        return tuple(name.upper() for name in names if getattr(self, name) is None)

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
