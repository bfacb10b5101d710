"""The week's answers in words: a message, lines for a terminal, and sheets of a workbook."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot import figures
from bot.replies.sheets import Cell, Sheet
from bot.replies.tree import Reply, paragraph, strong
from bot.report import Group, WeeklyReport
from bot.wording import say
from scoring.weeks import Week

OUTCOMES = ("answered", "conflict", "closest", "refused")
MODES = ("extractive", "llm", "verified")
LINES = 10
"""Groups and policies that the lines name; the workbook has them all."""


def monday(facts: Mapping[str, Any], lang: str) -> Reply:
    """Monday's message to compliance: counts, and where the rest is."""
    week = Week.parse(str(facts["week"]))
    title = say(lang, "report.title", week=week, days=_days(week, lang))
    lines = [
        say(lang, "report.asked", n=facts["asked"]),
        *(
            say(lang, f"report.{outcome}", n=facts[outcome])
            for outcome in OUTCOMES
            if facts[outcome]
        ),
        say(lang, "report.verdicts", up=facts["up"], down=facts["down"]),
    ]
    if facts["lapsed"]:
        lines.append(say(lang, "report.lapsed", n=facts["lapsed"]))
    more = say(lang, "report.more", week=week)
    return Reply(title, (paragraph(strong(title), *lines), paragraph(more)), "staff")


def lines(report: WeeklyReport, lang: str) -> Iterator[str]:
    """The report in lines."""
    yield say(lang, "report.title", week=report.week, days=_days(report.week, lang))
    yield say(lang, "report.asked_by", n=report.asked, people=report.people)
    for outcome in OUTCOMES:
        if report.outcomes[outcome]:
            yield "  " + say(lang, f"report.{outcome}", n=report.outcomes[outcome])
    yield say(lang, "report.modes", modes=_counts(report.modes, "mode", lang))
    yield say(lang, "report.langs", langs=_counts(report.langs, "lang", lang))
    yield say(lang, "report.took", median=report.median, slow=report.slow)
    yield say(lang, "report.verdicts", up=report.up, down=report.down)
    yield from _listed("unanswered", [_vain(group, lang) for group in report.unanswered], lang)
    yield from _listed("disputed", [_bad(group, lang) for group in report.disputed], lang)
    stale = [
        say(lang, "report.lapsed_one", question=one.question, id=one.id) for one in report.lapsed
    ]
    yield from _listed("stale", stale, lang)
    never = [
        say(lang, "report.never", title=one.title, n=len(one.uncited), all=one.clauses)
        for one in report.uncited
    ]
    yield from _listed("uncited", never, lang)


def sheets(report: WeeklyReport, lang: str) -> tuple[Sheet, ...]:
    """The whole report as sheets."""
    counts: list[tuple[str, Cell]] = [
        (say(lang, "report.head.week"), str(report.week)),
        (say(lang, "report.head.asked"), report.asked),
        (say(lang, "report.head.people"), report.people),
        *((say(lang, f"report.name.{name}"), report.outcomes[name]) for name in OUTCOMES),
        *((say(lang, f"report.mode.{name}"), report.modes[name]) for name in MODES),
        *((say(lang, f"report.lang.{name}"), report.langs[name]) for name in ("en", "zh")),
        (say(lang, "report.head.median"), report.median),
        (say(lang, "report.head.slow"), report.slow),
        (say(lang, "report.head.up"), report.up),
        (say(lang, "report.head.down"), report.down),
    ]
    return (
        _sheet("counts", ("item", "count"), counts, lang),
        _sheet(
            "unanswered",
            ("question", "lang", "times", "people", "why"),
            _vain_rows(report, lang),
            lang,
        ),
        _sheet(
            "disputed",
            ("question", "lang", "down", "up", "clause", "complaints", "notes"),
            _bad_rows(report, lang),
            lang,
        ),
        _sheet(
            "stale",
            ("question", "id", "expert", "approver", "since"),
            [
                (one.question, one.id, one.author_id, one.approver_id or "",
                 one.changed_at.date().isoformat())
                for one in report.lapsed
            ],
            lang,
        ),
        _sheet(
            "uncited",
            ("policy", "title", "clause", "heading"),
            [
                (clause.policy, clause.title, clause.label, clause.heading)
                for one in report.uncited
                for clause in one.uncited
            ],
            lang,
        ),
    )  # fmt: skip


def _sheet(name: str, heads: Sequence[str], rows: Sequence[tuple[Cell, ...]], lang: str) -> Sheet:
    named = tuple(say(lang, f"report.head.{head}") for head in heads)
    return Sheet(say(lang, f"report.sheet.{name}"), named, tuple(rows))


def _vain_rows(report: WeeklyReport, lang: str) -> list[tuple[Cell, ...]]:
    return [
        (one.words, one.lang, one.count, one.people, say(lang, f"report.why.{one.reason}"))
        for one in report.unanswered
    ]


def _bad_rows(report: WeeklyReport, lang: str) -> list[tuple[Cell, ...]]:
    return [
        (
            one.words, one.lang, one.down, one.up, one.clause,
            _complaints(one, lang), "\n".join(one.notes),
        )
        for one in report.disputed
    ]  # fmt: skip


def _vain(group: Group, lang: str) -> str:
    why = say(lang, f"report.why.{group.reason}")
    return say(lang, "report.group", n=group.count, words=group.words, why=why)


def _bad(group: Group, lang: str) -> str:
    told = say(lang, "report.bad", down=group.down, up=group.up, words=group.words)
    parts = [told, group.clause, _complaints(group, lang)]
    return say(lang, "report.joint").join(part for part in parts if part)


def _complaints(group: Group, lang: str) -> str:
    named = (f"{say(lang, f'feedback.because.{why}')} ×{n}" for why, n in group.complaints)
    return say(lang, "report.comma").join(named)


def _listed(name: str, items: Sequence[str], lang: str) -> Iterator[str]:
    if not items:
        return
    yield ""
    yield say(lang, f"report.sheet.{name}")
    yield from (f"  {item}" for item in items[:LINES])
    if len(items) > LINES:
        yield "  " + say(lang, "report.and_more", n=len(items) - LINES)


def _counts(counted: Mapping[str, int], family: str, lang: str) -> str:
    named = (f"{say(lang, f'report.{family}.{name}')} {n}" for name, n in sorted(counted.items()))
    return say(lang, "report.comma").join(named) or "–"


def _days(week: Week, lang: str) -> str:
    first, last = figures.day(week.first, lang), figures.day(week.last, lang)
    return say(lang, "report.days", first=first, last=last)
