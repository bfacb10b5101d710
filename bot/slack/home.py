"""The Home tab, and the questions suggested where one writes to us."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bank.database import Database
from bank.inbox import InboxItem, fail, finish
from bank.people import Person
from bot.approvals import Approvals
from bot.cycle import Appraisals
from bot.desk import Desk
from bot.experts import Experts
from bot.incidents import Incidents
from bot.replies import course_forms, front
from bot.replies.notices import to_stranger
from bot.replies.tickets import Seen
from bot.slack.members import Members
from bot.slack.scorecards import Scorecards
from bot.slack.surface import Surface
from bot.targets import Targets
from jobs.digest import item_facts
from scoring.periods import Period

HOME_ITEMS = 20
"""Items on the Home tab: it is where the morning message's "more" leads."""


@dataclass(frozen=True, slots=True)
class Homes:
    """Shows people their Home tab and suggests questions."""

    database: Database
    desk: Desk
    experts: Experts
    approvals: Approvals
    incidents: Incidents
    appraisals: Appraisals
    targets: Targets
    members: Members
    surface: Surface
    scorecards: Scorecards
    now: Callable[[], datetime]
    zone: ZoneInfo

    def do(self, item: InboxItem) -> None:
        """Draw the tab that was opened."""
        user = str(item.payload["user"])
        person = self.members.bound(user, self.desk.today(self.now()))
        member = self.members.account(user, self.now()).member
        if person is None or not member:
            if item.kind == "home":
                self.surface.home(user, to_stranger("unbound" if member else "guest"))
        elif item.kind == "home":
            self.show(person)
        else:
            title, prompts = front.prompts(person.lang)
            self.surface.prompts(str(item.payload["channel"]), title, prompts)
        with self.database.write() as tx:
            finish(tx, item)

    def apologise(self, item: InboxItem) -> None:
        """A tab that was not drawn is drawn when it is opened again; there is nobody to tell."""
        with self.database.write() as tx:
            fail(tx, item)

    def show(self, person: Person) -> None:
        """Draw somebody's Home tab as things stand now."""
        today = self.desk.today(self.now())
        manager = person.role == "manager"
        items = self.desk.day(person, today) if manager else ()
        standing = None
        if manager:
            standing = self.desk.kpi(person, person.id, Period.containing(today), today)
        page = front.Front(
            Seen(person.lang, today, self.zone),
            person,
            tuple(item_facts(item) for item in items[:HOME_ITEMS]),
            standing,
            self.experts.to_answer(person, today),
            self.approvals.waiting(person, today),
            self.incidents.waiting(person, today),
            self.appraisals.own(person, today),
            course_forms.todos(self.appraisals.waiting(person, today)),
            self.targets.to_sign(person, today),
        )
        if person.slack_user_id:
            self.surface.home(person.slack_user_id, front.home(page, self.desk.schemes.on(today)))
