"""policy sync, list and show."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from bank.policies import PolicyRecord, clauses_of, policy_versions
from bot import assemble
from bot.cli import clock
from bot.cli.output import Output, Rejected
from bot.errors import BotError
from bot.settings import read_settings
from bot.terminal import console, table


def sync(output: Output, directory: Path) -> None:
    """`daybook policy sync`."""
    settings = read_settings()
    with assemble.open_bank(settings) as database:
        report = assemble.open_library(settings, database).sync(directory, clock.now())
    output.data(asdict(report))
    for failure in report.failed:
        output.line(f"{failure.path}: {failure.reason}")
    counts = (
        f"{len(paths)} {word}"
        for word, paths in (
            ("added", report.added),
            ("updated", report.updated),
            ("removed", report.removed),
            ("unchanged", report.unchanged),
            ("failed", report.failed),
        )
    )
    output.line(", ".join(counts))
    if report.failed:
        raise Rejected


def list_versions(output: Output) -> None:
    """`daybook policy list`."""
    with assemble.open_bank(read_settings()) as database, database.read() as tx:
        versions = policy_versions(tx)
    output.data({"policies": [_version(version) for version in versions]})
    if not versions:
        output.line("there are no policies yet: take some in with daybook policy sync DIR")
    elif not output.json:
        heads = ("policy", "version", "title", "lang", "in force from", "in force to")
        rows = [
            (
                version.policy,
                version.version,
                version.title,
                version.lang,
                version.in_force_from.isoformat(),
                version.in_force_to.isoformat() if version.in_force_to else "–",
            )
            for version in versions
        ]
        console().print(table(heads, rows))


def show(output: Output, policy_id: str, on: datetime | None) -> None:
    """`daybook policy show`."""
    settings = read_settings()
    day = clock.day(on, settings.zone)
    with assemble.open_bank(settings) as database, database.read() as tx:
        versions = policy_versions(tx)
        found = next((v for v in versions if v.policy == policy_id and v.in_force(day)), None)
        clauses = clauses_of(tx, found.id) if found else ()
    if found is None:
        known = any(version.policy == policy_id for version in versions)
        raise BotError(
            f"policy {policy_id} is not in force on {day}: give another day with --on"
            if known
            else f"there is no policy {policy_id!r}: daybook policy list names them"
        )
    told = [
        {"clause": c.label, "heading": c.heading, "page": c.page, "text": c.text} for c in clauses
    ]
    output.data(_version(found) | {"clauses": told})
    if not output.json:
        output.line(f"{found.title} ({found.version}), in force since {found.in_force_from}")
        for clause in clauses:
            output.line(f"\n{clause.label}　{clause.text}")


def _version(record: PolicyRecord) -> dict[str, object]:
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
        "owner": record.owner,
    }
