"""policy diff and changes: what a version changed, and what is new of late."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bank.policies import PolicyRecord, clauses_of
from bank.policy_changes import PolicyFeed, PolicyNews, policy_feed
from bot import assemble
from bot.access import NotYoursError
from bot.cli import clock
from bot.cli.asking import actor_of
from bot.cli.output import Output, UsageError
from bot.cli.policies import version_data
from bot.cli.reading import Shelf, open_shelf
from bot.errors import BotError
from bot.replies.policy_news import clause_lines, policy_news, told_changes
from bot.settings import read_settings
from bot.terminal import console, show
from bot.text import visible
from bot.wording import say
from knowledge.changes import Change, Comparison, compare, whole_clauses
from knowledge.versions import version_before

BACK = timedelta(days=30)
"""So far back the news goes when nothing else is said."""


def diff(
    output: Output, policy_id: str, from_: str | None, to: str | None, staff: str | None
) -> None:
    """`daybook policy diff`."""
    with open_shelf(read_settings(), staff) as shelf:
        versions = shelf.of(policy_id)
        after = _version(shelf, versions, to) if to else _newest(versions, from_)
        before = (
            _version(shelf, versions, from_) if from_ else version_before(after, shelf.versions)
        )
        if before is None or before.id == after.id:
            raise BotError(
                say(shelf.lang, "policies.alone", policy=policy_id, version=after.version)
            )
        comparison = compare(
            *(whole_clauses(clauses_of(shelf.tx, version.id)) for version in (before, after))
        )
        lang = shelf.lang
    output.data(_compared(before, after, comparison))
    if output.json:
        return
    name = before.version if before.policy == after.policy else before.id
    values = {"title": after.title, "version": after.version, "before": name}
    output.line(visible(say(lang, "policies.compared", **values)))
    lines = clause_lines(told_changes(comparison.changes), lang, most=None)
    unchanged = say(lang, "policies.unchanged", n=comparison.unchanged)
    for line in (*(lines or (say(lang, "policies.same"),)), unchanged):
        output.line(visible(f"  {line}"))


def changes(output: Output, since: datetime | None, on: datetime | None, staff: str | None) -> None:
    """`daybook policy changes`."""
    settings = read_settings()
    day = clock.day(on, settings.zone)
    first = since.date() if since else day - BACK
    if first > day:
        raise UsageError(f"--since {first} is after {day}")
    with assemble.open_bank(settings) as database:
        if staff:
            actor = actor_of(database, staff, settings.lang)
            lang = actor.lang
            try:
                feed = assemble.open_desk(settings, database).policy_changes(actor, first, day)
            except NotYoursError:
                raise BotError(say(lang, "access.not_allowed")) from None
        else:
            lang = settings.lang
            with database.read() as tx:
                feed = policy_feed(tx, first, day)
    output.data(_feed(feed))
    if not output.json:
        show(policy_news(feed, lang), console())


def _version(shelf: Shelf, versions: Sequence[PolicyRecord], name: str) -> PolicyRecord:
    for version in versions:
        if version.version == name:
            return version
    known = ", ".join(version.version for version in versions)
    policy = versions[0].policy
    raise BotError(say(shelf.lang, "policies.no_version", policy=policy, version=name, known=known))


def _newest(versions: Sequence[PolicyRecord], other_than: str | None) -> PolicyRecord:
    return next((v for v in reversed(versions) if v.version != other_than), versions[-1])


def _compared(
    before: PolicyRecord, after: PolicyRecord, comparison: Comparison
) -> dict[str, object]:
    told: dict[str, list[dict[str, object]]] = {
        "added": [], "changed": [], "removed": [], "moved": [],
    }  # fmt: skip
    for change in comparison.changes:
        kind = change.kind if change.kind in told else "moved"
        told[kind].append(_change(change))
    return {
        "policy": after.policy,
        "title": after.title,
        "from": version_data(before),
        "to": version_data(after),
        **told,
        "unchanged": comparison.unchanged,
    }


def _change(change: Change) -> dict[str, object]:
    """One clause's change; what is only somewhere else says how it came there."""
    shown = change.after or change.before
    told: dict[str, object] = {
        "clause": change.after.label if change.after else None,
        "clause_before": change.before.label if change.before else None,
        "heading": shown.heading if shown else "",
        "before": change.before.text if change.before else None,
        "after": change.after.text if change.after else None,
    }
    if change.kind == "changed":
        told["marks"] = [[span.op, span.text] for span in change.spans]
    elif change.kind not in ("added", "removed"):
        told["how"] = change.kind
    return told


def _feed(feed: PolicyFeed) -> dict[str, object]:
    return {
        "since": feed.since.isoformat(),
        "on": feed.on.isoformat(),
        "news": [_news(news) for news in feed.news],
    }


def _news(news: PolicyNews) -> dict[str, object]:
    return version_data(news.policy) | {
        "news": news.kind,
        "before": news.before or None,
        "clauses": [
            {
                "change": change.kind,
                "clause": change.label or None,
                "clause_before": change.label_before or None,
                "edits": change.edits,
            }
            for change in news.changes
        ],
    }
