"""The Home tab: where one stands, what is due today, and what can be asked."""

from dataclasses import dataclass

from bank.people import Person
from bot.appraisal_views import AppraisalView
from bot.approvals import VerifiedView
from bot.desk import Standing
from bot.experts import TicketView
from bot.incidents import IncidentView
from bot.replies import approvals, course, course_forms, incidents, targets, tickets
from bot.replies.appraisal import heading
from bot.replies.course_forms import Todo
from bot.replies.duties import Facts, items_nodes
from bot.replies.tickets import Seen
from bot.replies.tree import (
    Actions,
    Button,
    Heading,
    Node,
    Paragraph,
    Reply,
    Row,
    Rule,
    paragraph,
    plain,
)
from bot.target_views import TargetView
from bot.wording import say
from scoring.scheme import Scheme

MOST = 5
"""Questions to answer, or answers to approve, that are shown."""
PROMPTS = ("prompts.first", "prompts.second", "prompts.third")


@dataclass(frozen=True, slots=True)
class Front:
    """What the Home tab shows: no `standing` for people who are not appraised.

    `tickets` are theirs to answer, `approvals` answers and `incidents` that wait for them,
    `courses` their own appraisals under way, `todos` what waits in those of others.
    """

    seen: Seen
    person: Person
    items: tuple[Facts, ...]
    standing: Standing | None
    tickets: tuple[TicketView, ...] = ()
    approvals: tuple[VerifiedView, ...] = ()
    incidents: tuple[IncidentView, ...] = ()
    courses: tuple[AppraisalView, ...] = ()
    todos: tuple[Todo, ...] = ()
    targets: tuple[TargetView, ...] = ()
    """Targets that wait for them to sign, or to allow."""


def home(front: Front, scheme: Scheme) -> Reply:
    """The Home tab."""
    lang = front.person.lang
    title = say(lang, "home.heading", name=front.person.name)
    nodes: list[Node] = [Heading(title)]
    if front.standing is not None:
        nodes += [*_standing(front.standing, scheme, lang), Rule()]
        nodes.append(Heading(say(lang, "home.today")))
        nodes += items_nodes(front.items, front.seen.on, lang)
        if not front.items:
            nodes.append(paragraph(say(lang, "digest.clear")))
        nodes.append(Rule())
    nodes += _course(front, scheme, lang)
    nodes += _asked(front, lang)
    hints = (say(lang, "home.ask"), *(f"• {prompt}" for prompt in prompts(lang)[1]))
    nodes.append(Paragraph(tuple(plain(line) for line in hints)))
    return Reply(title, tuple(nodes), "client")


def _course(front: Front, scheme: Scheme, lang: str) -> list[Node]:
    """Their own appraisals under way, and what waits for them in those of others."""
    nodes: list[Node] = []
    if front.courses:
        rows = course.home_rows(front.courses, scheme, front.seen)
        nodes += [Heading(say(lang, "appraisal.home")), *rows, Rule()]
    if front.todos:
        rows = course_forms.home_rows(front.todos, front.seen)
        nodes += [Heading(say(lang, "appraisal.home_todo")), *rows, Rule()]
    return nodes


def _asked(front: Front, lang: str) -> list[Node]:
    """What experts are to answer and to approve, a few of each, and how many there are."""
    nodes: list[Node] = []
    rows = [
        _row("ticket", tickets.line(one, front.seen), one.ticket.id, lang)
        for one in front.tickets[:MOST]
    ]
    if rows:
        nodes += [Heading(say(lang, "home.tickets", n=len(front.tickets))), *rows]
    rows = [
        _row("verified", approvals.line(one, lang), one.record.id, lang)
        for one in front.approvals[:MOST]
    ]
    if rows:
        nodes += [Heading(say(lang, "home.approvals", n=len(front.approvals))), *rows]
    rows = [
        _row("incident", incidents.line(one, lang), one.record.id, lang)
        for one in front.incidents[:MOST]
    ]
    if rows:
        nodes += [Heading(say(lang, "home.incidents", n=len(front.incidents))), *rows]
    rows = [
        _row("target", targets.line(one, lang), one.waiting.id, lang)
        for one in front.targets[:MOST]
        if one.waiting is not None
    ]
    if rows:
        nodes += [Heading(say(lang, "home.targets", n=len(front.targets))), *rows]
    if front.person.role == "risk":
        nodes.append(Actions((Button("incident_report", say(lang, "incident.report"), "new"),)))
    return [*nodes, Rule()] if nodes else []


def _row(deed: str, line: str, about: str, lang: str) -> Node:
    button = {
        "ticket": Button("ticket", say(lang, "ticket.open"), about),
        "verified": Button("verified", say(lang, "ticket.open"), about),
        "target": Button("target", say(lang, "ticket.open"), about),
        "incident": Button("incident", say(lang, "ticket.open"), about),
    }[deed]
    return Row(line, (), button)


def prompts(lang: str) -> tuple[str, list[str]]:
    """A title, and questions worth asking."""
    return say(lang, "prompts.title"), [say(lang, key) for key in PROMPTS]


def _standing(standing: Standing, scheme: Scheme, lang: str) -> list[Node]:
    period = standing.period.id
    if standing.card is None:
        return [paragraph(say(lang, "home.no_score", period=period))]
    line = say(lang, "home.score", period=period, heading=heading(standing.card, scheme, lang))
    about = f"{standing.manager.id}|{period}"
    return [paragraph(line), Actions((Button("kpi", say(lang, "kpi.open"), about),))]
