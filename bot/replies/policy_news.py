"""What changed in policies, as people read it: the news of a while, and clause by clause."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bank.policy_changes import LAPSE_DAYS, PolicyFeed, PolicyNews
from bot import figures
from bot.replies.tree import Heading, Node, Reply, Row, paragraph
from bot.wording import say
from knowledge.changes import Change, words_of

MOST_LINES = 12
MOST_EDITS = 3
MOST_PAIRS = 3


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """One clause that differs: its kind of change, its labels then and now, and its edits."""

    kind: str
    before: str
    after: str
    edits: tuple[tuple[str, str], ...]


def policy_news(feed: PolicyFeed, lang: str) -> Reply:
    """The news of policies as a message."""
    since, on = figures.day(feed.since, lang), figures.day(feed.on, lang)
    if not feed.news:
        sentence = say(lang, "policies.none", since=since, on=on, days=LAPSE_DAYS)
        return Reply(sentence, (paragraph(sentence),))
    heading = say(lang, "policies.heading", since=since, on=on)
    return Reply(heading, (Heading(heading), *(_news(news, lang) for news in feed.news)))


def told_changes(changes: Iterable[Change]) -> tuple[ClauseChange, ...]:
    """Changes of clauses as they were found, to be told."""
    return tuple(
        ClauseChange(
            change.kind,
            change.before.label if change.before else "",
            change.after.label if change.after else "",
            words_of(change),
        )
        for change in changes
    )


def clause_lines(
    changes: Sequence[ClauseChange], lang: str, most: int | None = MOST_LINES
) -> tuple[str, ...]:
    """A line for each clause that differs; those only renumbered share one, which comes last."""
    renumbered = [change for change in changes if change.kind == "renumbered"]
    lines = [_line(change, lang) for change in changes if change.kind != "renumbered"]
    if most is not None and len(lines) > most:
        lines = [*lines[:most], say(lang, "clause.more", n=len(lines) - most)]
    if renumbered:
        shown = [f"{change.before} → {change.after}" for change in renumbered[:MOST_PAIRS]]
        pairs = ", ".join([*shown, *(["…"] if len(renumbered) > MOST_PAIRS else [])])
        lines.append(say(lang, "clause.renumbered", n=len(renumbered), pairs=pairs))
    return tuple(lines)


def _news(news: PolicyNews, lang: str) -> Node:
    policy = news.policy
    values: dict[str, object] = {"title": policy.title, "version": policy.version}
    if news.kind == "came":
        values["day"] = figures.day(policy.in_force_from, lang)
    elif news.kind != "edited" and policy.in_force_to:
        last = timedelta(news.kind == "lapses")
        values["day"] = figures.day(policy.in_force_to - last, lang)
    title = say(lang, f"policies.{news.kind}", **values)
    changes = [ClauseChange(c.kind, c.label_before, c.label, c.edits) for c in news.changes]
    return Row(title, (*_follows(news, lang), *clause_lines(changes, lang)))


def _follows(news: PolicyNews, lang: str) -> Iterator[str]:
    if news.kind == "came" and news.before:
        yield say(lang, "policies.follows", before=news.before)
    elif news.first:
        yield say(lang, "policies.first")


def _line(change: ClauseChange, lang: str) -> str:
    before, after = change.before, change.after
    match change.kind:
        case "changed" if before != after:
            edits = _edits(change, lang)
            return say(lang, "clause.changed_number", before=before, clause=after, edits=edits)
        case "changed":
            return say(lang, "clause.changed", clause=after, edits=_edits(change, lang))
        case "added":
            return say(lang, "clause.added", clause=after, words=_words(change))
        case "removed":
            return say(lang, "clause.removed", before=before, words=_words(change))
        case kind:
            return say(lang, f"clause.{kind}", before=before, clause=after)


def _edits(change: ClauseChange, lang: str) -> str:
    told = [_edit(out, put, lang) for out, put in change.edits[:MOST_EDITS]]
    if len(change.edits) > MOST_EDITS:
        told.append(say(lang, "clause.more", n=len(change.edits) - MOST_EDITS))
    return ("；" if lang == "zh" else "; ").join(told)


def _edit(out: str, put: str, lang: str) -> str:
    if not out:
        return say(lang, "clause.put", put=put)
    if not put:
        return say(lang, "clause.out", out=out)
    return say(lang, "clause.edit", out=out, put=put)


def _words(change: ClauseChange) -> str:
    return " ".join(out or put for out, put in change.edits)
