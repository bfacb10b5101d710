"""The Home tab: where one stands, what is due today, and what can be asked."""

from dataclasses import dataclass
from datetime import date

from bank.people import Person
from bot.desk import Standing
from bot.replies.appraisal import heading
from bot.replies.duties import Facts, items_nodes
from bot.replies.tree import (
    Actions,
    Button,
    Heading,
    Node,
    Paragraph,
    Reply,
    Rule,
    paragraph,
    plain,
)
from bot.wording import say
from scoring.scheme import Scheme

PROMPTS = ("prompts.first", "prompts.second", "prompts.third")


@dataclass(frozen=True, slots=True)
class Front:
    """What the Home tab shows: no `standing` for people who are not appraised."""

    person: Person
    today: date
    items: tuple[Facts, ...]
    standing: Standing | None


def home(front: Front, scheme: Scheme) -> Reply:
    """The Home tab."""
    lang = front.person.lang
    title = say(lang, "home.heading", name=front.person.name)
    nodes: list[Node] = [Heading(title)]
    if front.standing is not None:
        nodes += [*_standing(front.standing, scheme, lang), Rule()]
        nodes.append(Heading(say(lang, "home.today")))
        nodes += items_nodes(front.items, front.today, lang)
        if not front.items:
            nodes.append(paragraph(say(lang, "digest.clear")))
        nodes.append(Rule())
    hints = (say(lang, "home.ask"), *(f"• {prompt}" for prompt in prompts(lang)[1]))
    nodes.append(Paragraph(tuple(plain(line) for line in hints)))
    return Reply(title, tuple(nodes), "client")


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
