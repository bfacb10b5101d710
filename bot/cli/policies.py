"""policy list and show."""

from collections.abc import Sequence
from datetime import datetime

from bank.policies import ClauseRecord, LinkRecord, PolicyRecord, clauses_of, links_of
from bot.cli import clock
from bot.cli.output import Output
from bot.cli.reading import open_shelf
from bot.errors import BotError
from bot.figures import day as in_words
from bot.replies.answers import in_force
from bot.settings import read_settings
from bot.terminal import console, table
from bot.text import visible
from bot.wording import say
from knowledge.targets import target_of

NO_END = "–"
HEADS = ("policy", "version", "title", "lang", "audience", "since", "until")


def list_versions(output: Output, on: datetime | None, staff: str | None) -> None:
    """`daybook policy list`."""
    settings = read_settings()
    with open_shelf(settings, staff) as shelf:
        versions, lang = shelf.versions, shelf.lang
    if on:
        versions = tuple(version for version in versions if version.in_force(on.date()))
    output.data({"policies": [version_data(version) for version in versions]})
    if not versions:
        output.line(say(lang, "policies.empty"))
    elif not output.json:
        heads = [say(lang, f"policies.head.{name}") for name in HEADS]
        console().print(table(heads, [_row(version) for version in versions]))


def show(output: Output, policy_id: str, on: datetime | None, staff: str | None) -> None:
    """`daybook policy show`."""
    settings = read_settings()
    day = clock.day(on, settings.zone)
    with open_shelf(settings, staff) as shelf:
        found = next((v for v in shelf.of(policy_id) if v.in_force(day)), None)
        if found is None:
            on_day = in_words(day, shelf.lang)
            raise BotError(say(shelf.lang, "policies.not_then", policy=policy_id, day=on_day))
        clauses = clauses_of(shelf.tx, found.id)
        links = links_of(shelf.tx, [clause.id for clause in clauses])
        readable = [version for version in shelf.versions if version.in_force(day)]
    told = [_clause(clause, links.get(clause.id, ()), found, readable) for clause in clauses]
    output.data(version_data(found) | {"clauses": told})
    if not output.json:
        held = in_force(found, shelf.lang)
        output.line(visible(say(shelf.lang, "policies.named", title=found.title, held=held)))
        for notice in found.notices:
            output.line(visible(f"  {notice}"))
        for clause in clauses:
            output.line(visible(f"\n{clause.label}　{clause.text}"))


def version_data(record: PolicyRecord) -> dict[str, object]:
    """A version as JSON."""
    until = record.in_force_to
    return {
        "policy": record.policy,
        "version": record.version,
        "title": record.title,
        "kind": record.kind,
        "lang": record.lang,
        "in_force_from": record.in_force_from.isoformat(),
        "in_force_to": until.isoformat() if until else None,
        "replaces": record.replaces,
        "audience": list(record.audience),
        "units": list(record.units),
        "owner": record.owner,
        "path": record.path,
        "notices": list(record.notices),
    }


def _row(record: PolicyRecord) -> tuple[str, ...]:
    until = record.in_force_to
    audience = ", ".join(record.audience)
    return (
        record.policy,
        record.version,
        record.title,
        record.lang,
        f"{audience} ({', '.join(record.units)})" if record.units else audience,
        record.in_force_from.isoformat(),
        until.isoformat() if until else NO_END,
    )


def _clause(
    clause: ClauseRecord,
    links: Sequence[LinkRecord],
    policy: PolicyRecord,
    readable: Sequence[PolicyRecord],
) -> dict[str, object]:
    return {
        "clause": clause.label,
        "heading": clause.heading,
        "page": clause.page,
        "place": clause.place,
        "text": clause.text,
        "links": [_link(link, clause, policy, readable) for link in links],
    }


def _link(
    link: LinkRecord, clause: ClauseRecord, policy: PolicyRecord, readable: Sequence[PolicyRecord]
) -> dict[str, object]:
    told: dict[str, object] = {
        "kind": link.kind,
        "text": clause.text[link.start : link.end],
    }
    if link.kind == "definition":
        return told | {"term": link.term}
    target = target_of(link, policy, readable)
    return told | {
        "number": link.target_number,
        "policy": target.policy if target else None,
        "version": target.version if target else None,
    }
