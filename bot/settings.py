"""Everything the environment may set, read once into one frozen object."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bank.errors import AuditKeyError
from bank.seals import AuditKeys
from bot.errors import SettingError

Lang = Literal["en", "zh"]

MAY_HOLD: Mapping[str, str] = {
    "DAYBOOK_DATABASE_URL": "sqlite:///FILE or postgresql://USER@HOST/NAME",
    "DAYBOOK_HOME": "a folder of its own, such as ~/.daybook",
    "DAYBOOK_TIMEZONE": "an IANA time zone, such as Asia/Shanghai",
    "DAYBOOK_LANG": "en or zh",
    "DAYBOOK_EMBEDDINGS": "wordllama, or PROVIDER:MODEL such as openai:text-embedding-3-small",
    "DAYBOOK_MODEL": "nothing, or openai:MODEL, anthropic:MODEL or ollama:MODEL",
    "DAYBOOK_MODEL_DEADLINE": "from 1 to 60 seconds for a whole question",
    "DAYBOOK_MODEL_BUDGET": "how many tokens a person may use in a day, from 1",
    "DAYBOOK_TICKET_HOURS": "from 1 to 80 working hours for an expert to answer",
    "DAYBOOK_CHROMA_URL": "the address of a Chroma server, such as http://127.0.0.1:8000",
    "DAYBOOK_MASK_CLIENTS": "true or false",
    "DAYBOOK_SCHEMES": "a folder with the bank's own appraisal schemes",
    "DAYBOOK_SLACK_URL": "a web address that ends in /api/, such as https://slack.com/api/",
    "DAYBOOK_AUDIT_KEY": "a key of at least 32 characters, and after it those it replaced",
    "DAYBOOK_KEEP_QUESTIONS": "for how many days questions keep their words; 0 keeps them",
    "DAYBOOK_KEEP_AUDIT": "for how many days rows of the audit log cannot be removed; at least 1",
    "DAYBOOK_AUDIT_HEADS": "a file, where the audit log's end is noted each day",
    "SLACK_BOT_TOKEN": "the bot token, which starts with xoxb-",
    "SLACK_APP_TOKEN": "the app-level token, which starts with xapp-",
}
"""What each variable may hold: the second half of every complaint about one."""

SECRETS = frozenset({"DAYBOOK_AUDIT_KEY", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"})


def _known_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("not a time zone") from error
    return value


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("not a web address")
    return value if value.endswith("/") else f"{value}/"


def _server_address(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https"} or not parts.hostname or not parts.port):
        raise ValueError("not a server's address")
    return value


def _embedder(value: str) -> str:
    provider, _, model = value.partition(":")
    if value != "wordllama" and not (provider.isidentifier() and model.strip()):
        raise ValueError("not an embedder")
    return value


def _model(value: str) -> str:
    provider, _, name = value.partition(":")
    if value and not (provider in {"openai", "anthropic", "ollama"} and name.strip()):
        raise ValueError("not a model")
    return value


def _database_address(value: str) -> str:
    if value and urlsplit(value).scheme.split("+")[0] not in {"sqlite", "postgresql"}:
        raise ValueError("not a database address")
    return value


def _token(prefix: str) -> AfterValidator:
    def check(value: SecretStr) -> SecretStr:
        held = value.get_secret_value()
        if held and not held.startswith(prefix):
            raise ValueError("wrong kind of token")
        return value

    return AfterValidator(check)


def _audit_key(value: SecretStr) -> SecretStr:
    try:
        if held := value.get_secret_value():
            AuditKeys.parse(held)
    except AuditKeyError as error:
        raise ValueError("not a key") from error
    return value


class Settings(BaseSettings):
    """What Daybook was told: environment first, then `.env`, then these defaults."""

    model_config = SettingsConfigDict(
        env_prefix="DAYBOOK_",
        env_file=".env",
        env_file_encoding="utf-8",
        frozen=True,
        extra="ignore",
    )

    database_url: Annotated[str, AfterValidator(_database_address)] = ""
    """Empty means a SQLite file in `home`."""
    home: Path = Path("~/.daybook")
    timezone: Annotated[str, AfterValidator(_known_zone)] = "Asia/Shanghai"
    lang: Lang = "en"
    """The language of people whose own is not known."""
    embeddings: Annotated[str, AfterValidator(_embedder)] = "wordllama"
    """What makes vectors of policies and questions."""
    model: Annotated[str, AfterValidator(_model)] = ""
    """What words answers; empty means that the clauses do."""
    model_deadline: Annotated[float, Field(ge=1, le=60)] = 8.0
    """Seconds after which a question is answered without the model."""
    model_budget: Annotated[int, Field(ge=1)] = 200_000
    """Tokens for a person and day."""
    ticket_hours: Annotated[int, Field(ge=1, le=80)] = 8
    """Working hours that an expert has to answer a question."""
    chroma_url: Annotated[str, AfterValidator(_server_address)] = ""
    """Empty means a folder in `home`."""
    mask_clients: bool = False
    """Whether appraisals show clients' ids in place of names to all but the manager."""
    schemes: Path | None = None
    """A folder of the bank's own appraisal schemes; None means the product's."""
    audit_key: Annotated[SecretStr, AfterValidator(_audit_key)] = SecretStr("")
    """Empty means a file in `home`."""
    audit_heads: Path | None = None
    """None means a file in `home`."""
    keep_questions: Annotated[int, Field(ge=0)] = 365
    """Days that questions keep their words; 0 for ever."""
    keep_audit: Annotated[int, Field(ge=1)] = 3650
    """Days that rows of the audit log cannot be removed."""
    slack_url: Annotated[str, AfterValidator(_web_address)] = "https://slack.com/api/"
    bot_token: Annotated[SecretStr, _token("xoxb-")] = Field(
        SecretStr(""), validation_alias="SLACK_BOT_TOKEN"
    )
    app_token: Annotated[SecretStr, _token("xapp-")] = Field(
        SecretStr(""), validation_alias="SLACK_APP_TOKEN"
    )

    @property
    def home_path(self) -> Path:
        """The home folder with `~` made whole."""
        return self.home.expanduser()

    @property
    def heads_path(self) -> Path:
        """Where the audit log's end is noted each day."""
        return (self.audit_heads or self.home_path / "audit-heads.jsonl").expanduser()

    @property
    def database(self) -> str:
        """The database's URL, made whole."""
        return self.database_url or f"sqlite:///{self.home_path / 'daybook.db'}"

    @property
    def zone(self) -> ZoneInfo:
        """The bank's time zone."""
        return ZoneInfo(self.timezone)


def read_settings(**given: object) -> Settings:
    """Read the environment; `given` values stand above it.

    Raises SettingError: one line with the variable, what it held, and what it may hold.
    """
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic checks the values
    except ValidationError as error:
        raise _complaint(error.errors(include_url=False)[0]) from None
    except UnicodeDecodeError:
        raise SettingError(".env is not UTF-8 text: save it as UTF-8") from None


def _complaint(first: Mapping[str, Any]) -> SettingError:
    place = str(first["loc"][0])
    name = place if place in MAY_HOLD else f"DAYBOOK_{place.upper()}"
    held = "a value of another shape" if name in SECRETS else repr(_masked(str(first["input"])))
    return SettingError(f"{name} holds {held}: it may hold {MAY_HOLD[name]}")


def _masked(held: str) -> str:
    """The value without the password an address may carry."""
    return re.sub(r"(://[^:/@]*):[^@]*@", r"\1:***@", held)
