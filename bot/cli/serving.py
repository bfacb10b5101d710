"""serve and try: the bot in Slack, and the bot in a workspace on this machine."""

import shutil
import signal
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from datetime import time as wall
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from threading import Event

from bank import outbox
from bank.database import Database
from bank.demo.branch import DEMO_DAY, write_drop
from bank.importing import import_drop
from bank.people import people
from bank.performance import score_period
from bank.schema import migrate
from bot import assemble
from bot.cli import clock
from bot.cli.output import Output
from bot.errors import BotError
from bot.journal import open_journal
from bot.settings import Settings, read_settings
from jobs.planning import plan_when_due
from scoring.periods import Period
from workspace.clock import Clock
from workspace.directory import Channel, Command, Person, Team
from workspace.server import Workspace

WHERE = {
    "SLACK_BOT_TOKEN": "OAuth & Permissions, once the app is installed",
    "SLACK_APP_TOKEN": "Basic Information, App-Level Tokens, with the scope connections:write",
}
OPENS_AT = wall(9, 40)
"""The demo begins on the day after its last loaded one, when people are at work."""
EVERYTHING = 1000
TITLES = {
    "manager": "客户经理 · account manager",
    "team_lead": "团队长 · team lead",
    "risk": "风险官 · risk officer",
    "compliance": "合规官 · compliance officer",
    "hr": "人力资源 · HR",
    "operator": "运维 · operator",
}
LOCALES = {"zh": "zh-CN", "en": "en-US"}
BOT_USER = "U0DAYBOOK"
GUEST = Person(id="U0GUEST", name="Guest Sample", title="访客 · a guest, not staff", guest=True)


def serve(output: Output) -> None:
    """`daybook serve`."""
    settings = read_settings()
    tokens = {
        "SLACK_BOT_TOKEN": settings.bot_token.get_secret_value(),
        "SLACK_APP_TOKEN": settings.app_token.get_secret_value(),
    }
    missing = next((name for name, token in tokens.items() if not token), None)
    if missing:
        raise BotError(f"{missing} is not set: copy it from api.slack.com/apps, {WHERE[missing]}")
    with assemble.open_bank(settings) as database:
        open_journal(settings.home_path)
        service = assemble.open_service(settings, database, clock.now)
        service.start()
        try:
            output.line("Daybook is connected to Slack; Ctrl-C ends it.")
            _wait_to_be_told()
        finally:
            service.stop()


def try_out(output: Output, port: int) -> None:
    """`daybook try`."""
    _refuse_taken(port)
    folder = Path(mkdtemp(prefix="daybook-try-"))
    output.line(f"Making a demo bank in {folder}; it is removed at the end.")
    open_journal(folder)
    settings = read_settings(home=folder, database_url="")
    with assemble.open_any(settings) as database:
        _visit(port, settings, database, output)
    # Reached when all went well; otherwise the folder stays, for the log in it says why.
    shutil.rmtree(folder, ignore_errors=True)
    output.line("Daybook has stopped; nothing is left behind.")


def _visit(port: int, settings: Settings, database: Database, output: Output) -> None:
    time = Clock(_fill(settings, database))
    team = _team(database, time.now().astimezone(settings.zone).date(), settings.timezone)
    workspace = Workspace(team, time)
    workspace.start(port=port)
    try:
        _talk(workspace, time, settings, database, output)
    finally:
        workspace.stop()


def _talk(
    workspace: Workspace, time: Clock, settings: Settings, database: Database, output: Output
) -> None:
    tokens = {
        "slack_url": workspace.base_url,
        "SLACK_BOT_TOKEN": workspace.bot_token,
        "SLACK_APP_TOKEN": workspace.app_token,
    }
    here = read_settings(home=settings.home, database_url="", **tokens)
    service = assemble.open_service(here, database, time.now)
    service.start()
    try:
        output.line(f"Daybook answers at {workspace.url} ; Ctrl-C ends it.")
        _wait_to_be_told()
    finally:
        service.stop()


def _fill(settings: Settings, database: Database) -> datetime:
    """A whole demo bank: records, policies, scores. The moment at which the visit begins."""
    opens = datetime.combine(DEMO_DAY + timedelta(days=1), OPENS_AT, settings.zone)
    migrate(database)
    with TemporaryDirectory(prefix="daybook-drop-") as drop:
        write_drop(Path(drop), on=DEMO_DAY)
        report = import_drop(database, Path(drop), check_only=False, now=opens)
    if not report.committed:
        raise BotError(f"the demo bank was not taken in: {report.problems[0].reason}")
    policies = Path(str(resources.files("knowledge") / "policies"))
    # Closed before the bot's own library opens: one at a time may use Chroma's folder.
    with closing(assemble.open_library(settings, database)) as library:
        library.sync(policies, opens)
    for period in (Period.containing(DEMO_DAY), Period.of_year(DEMO_DAY.year)):
        score_period(database, period, DEMO_DAY, opens)
    _end_morning(database, opens, settings)
    return opens


def _end_morning(database: Database, opens: datetime, settings: Settings) -> None:
    """Let the first day's morning be over: what it would have said was said before the visit."""
    plan_when_due(database, opens, settings.zone)
    told = outbox.claim(database, opens, timedelta(minutes=1), limit=EVERYTHING)
    with database.write() as tx:
        for item in told:
            outbox.cancelled(tx, item, "before the visit began")


def _team(database: Database, on: date, timezone: str) -> Team:
    with database.read() as tx:
        staff = people(tx, on)
    in_order = sorted(staff, key=lambda person: (person.role != "manager", person.id))
    members = tuple(
        Person(
            id=person.slack_user_id,
            name=person.name,
            title=TITLES[person.role],
            locale=LOCALES[person.lang],
            tz=timezone,
        )
        for person in in_order
        if person.slack_user_id
    )
    everyone = (BOT_USER, *(member.id for member in members))
    return Team(
        id="T0YUNLAN",
        name="云岚银行 Yunlan Bank",
        people=(*members, GUEST),
        channels=(
            Channel("C0GENERAL", "general", (*everyone, GUEST.id)),
            Channel("C0POLICY", "policy-desk", everyone),
        ),
        bot_user=BOT_USER,
        bot_name="Daybook",
        commands=(Command("/mykpi", "绩效 · where my appraisal stands"),),
    )


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise BotError(f"port {port} is taken: give another with --port") from None


def _wait_to_be_told() -> None:
    """Until Ctrl-C, or until the system asks the process to end."""
    told = Event()
    with _signals(told):
        while not told.wait(0.5):
            pass


@contextmanager
def _signals(told: Event) -> Iterator[None]:
    kept = {
        number: signal.signal(number, lambda *_: told.set())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
