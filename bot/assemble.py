"""Puts the real parts together: the only file that chooses them, and that imports any late."""

# ruff: noqa: PLC0415 - Slack's libraries and the desks load only for the commands that need them

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bank.chain import Head, check_chain
from bank.database import Database
from bank.people import find_staff
from bank.schema import check
from bot.errors import BotError
from bot.schemes import read_schemes
from bot.settings import Settings
from bot.terminal import TerminalMessenger, console
from bot.vault import audit_keys
from jobs.messenger import Message, Messenger
from knowledge.library import Library
from scoring.versions import Schemes

if TYPE_CHECKING:
    from bot.appeals import Appeals
    from bot.approvals import Approvals
    from bot.clients import ClientGuard
    from bot.cycle import Appraisals
    from bot.desk import Desk
    from bot.experts import Experts
    from bot.incidents import Incidents
    from bot.replies.tree import Reply
    from bot.slack.service import Service
    from bot.statements import Reports
    from bot.targets import Targets
    from bot.verdicts import Verdicts
    from knowledge.llm.drafter import Drafter


def make_home(settings: Settings) -> Path:
    """The home folder, made if it is not there. Raises BotError in one line."""
    home = settings.home_path
    try:
        home.mkdir(parents=True, exist_ok=True)
        probe = home / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise BotError(
            f"DAYBOOK_HOME {home} cannot be written ({error.strerror}): "
            "make it writable, or name another folder"
        ) from None
    return home


@contextmanager
def open_any(settings: Settings) -> Iterator[Database]:
    """The database in whatever state, for migrating it; closed in the end."""
    home = make_home(settings)
    keys = audit_keys(settings.audit_key.get_secret_value(), home)
    database = Database(settings.database, keys)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def open_bank(settings: Settings) -> Iterator[Database]:
    """The database at this version's schema. Raises SchemaError."""
    with open_any(settings) as database:
        check(database)
        yield database


def open_library(
    settings: Settings, database: Database, drafter: "Drafter | None" = None
) -> Library:
    """The policies over that database."""
    home, chroma = settings.home_path, settings.chroma_url
    return Library(database, home, settings.embeddings, chroma, drafter)


def open_drafter(
    settings: Settings, database: Database, now: Callable[[], datetime]
) -> "Drafter | None":
    """The model that words answers, not opened yet; None where there is none."""
    if not settings.model:
        return None
    from knowledge.llm.drafter import Drafter, Terms

    def today() -> date:
        return now().astimezone(settings.zone).date()

    terms = Terms(settings.model, settings.model_deadline, settings.model_budget)
    return Drafter(database, terms, today)


def open_schemes(settings: Settings) -> Schemes:
    """The appraisal schemes. Raises SchemeError and BotError in one line."""
    return read_schemes(settings.schemes and settings.schemes.expanduser())


def open_desk(settings: Settings, database: Database, drafter: "Drafter | None" = None) -> "Desk":
    """The desk over that database."""
    from bot.desk import Desk

    library = open_library(settings, database, drafter)
    schemes, masked = open_schemes(settings), settings.mask_clients
    return Desk(database, library, settings.zone, schemes, masked=masked)


def open_reports(settings: Settings, database: Database) -> "Reports":
    """What makes managers' statements and units' analyses."""
    from bot.statements import Reports

    return Reports(database, open_schemes(settings), masked=settings.mask_clients)


def open_clients(database: Database) -> "ClientGuard":
    """What keeps the bank's clients out of what people write to each other."""
    from bot.clients import ClientGuard
    from knowledge.masking.directory import directory_of

    return ClientGuard(directory_of(database).mask)


def open_verdicts(settings: Settings, database: Database) -> "Verdicts":
    """What takes verdicts on answers."""
    from bot.verdicts import Verdicts

    return Verdicts(database, settings.zone, open_clients(database))


def open_experts(settings: Settings, database: Database) -> "Experts":
    """The desk for questions put to experts."""
    from bot.experts import Experts

    return Experts(database, open_clients(database), settings.zone, settings.ticket_hours)


def open_approvals(settings: Settings, database: Database) -> "Approvals":
    """The desk for verified answers."""
    from bot.approvals import Approvals

    return Approvals(database, open_clients(database), settings.zone)


def open_appraisals(settings: Settings, database: Database) -> "Appraisals":
    """The desk for the appraisals' course."""
    from bot.cycle import Appraisals

    return Appraisals(database, settings.zone, open_schemes(settings))


def open_appeals(settings: Settings, database: Database) -> "Appeals":
    """The desk for what becomes of published results."""
    from bot.appeals import Appeals

    return Appeals(database, settings.zone, open_schemes(settings))


def open_targets(settings: Settings, database: Database) -> "Targets":
    """The desk for targets."""
    from bot.targets import Targets

    return Targets(database, settings.zone, open_schemes(settings))


def open_incidents(settings: Settings, database: Database) -> "Incidents":
    """The desk for incidents."""
    from bot.incidents import Incidents

    return Incidents(database, settings.zone, open_schemes(settings))


def open_messenger(
    settings: Settings, database: Database, now: Callable[[], datetime]
) -> Messenger:
    """Slack where there is a token for it; otherwise the terminal."""
    token = settings.bot_token.get_secret_value()
    if token:
        from bot.slack import connection, service

        client = connection.web_client(token, settings.slack_url)
        return service.messenger(client, database, settings.zone, now, open_schemes(settings))

    from bot.owing import word as owe
    from bot.replies.tickets import Seen

    def word(message: Message) -> "Reply":
        with database.read() as tx:
            person = find_staff(tx, message.recipient)
        on = now().astimezone(settings.zone).date()
        seen = Seen(person.lang, on, settings.zone)
        return owe(database, message, person, seen, open_schemes(settings))

    return TerminalMessenger(console(), word)


def open_service(settings: Settings, database: Database, now: Callable[[], datetime]) -> "Service":
    """The bot in Slack, not started yet.

    Raises SlackRefusedError, and in one line ModelError, AuditKeyError and AuditBrokenError.
    """
    from bot.slack.service import Access, House, Service

    access = Access(
        settings.bot_token.get_secret_value(),
        settings.app_token.get_secret_value(),
        settings.slack_url,
    )
    drafter = open_drafter(settings, database, now)
    if drafter:
        drafter.open()
    desk = open_desk(settings, database, drafter)
    slow = drafter is not None
    clients, zone = open_clients(database), settings.zone
    house = House(
        database,
        desk,
        open_verdicts(settings, database),
        open_experts(settings, database),
        open_approvals(settings, database),
        clients,
        zone,
        now,
        settings.lang,
        slow,
        (_keeping(settings, database),),
    )
    with database.read() as tx:
        check_chain(tx)
    return Service(access, house)


def _keeping(settings: Settings, database: Database) -> Callable[[datetime], int]:
    """The day's keeping."""
    import structlog

    from bot.heads import note_head
    from jobs.keeping import keep_when_due

    log = structlog.get_logger("daybook.assemble")

    def note(head: Head, now: datetime) -> None:
        log.info("audit log ends", action="audit_head", row=head.row_id, seal=head.last)
        note_head(settings.heads_path, head, now)

    return lambda now: keep_when_due(database, now, settings.zone, settings.keep_questions, note)
