"""policy sync: what came, changed and went, and what could not be taken."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from bot import assemble
from bot.cli import clock
from bot.cli.output import Output, Rejected
from bot.cli.progress import progress
from bot.replies.policy_news import clause_lines, told_changes
from bot.settings import read_settings
from bot.text import visible
from bot.wording import say
from knowledge.answer import SyncReport, VersionChanges
from knowledge.changes import KINDS, words_of
from knowledge.versions import Overlap


def sync(output: Output, directory: Path, *, check: bool, force: bool) -> None:
    """`daybook policy sync`."""
    settings = read_settings()
    now = clock.now().astimezone(settings.zone)
    with assemble.open_bank(settings) as database, progress() as report:
        library = assemble.open_library(settings, database)
        try:
            told = library.sync(directory, now, report, force=force, check=check)
        finally:
            library.close()
    output.data(_synced(told, check=check))
    for line in _lines(told, settings.lang):
        output.line(visible(line))
    if check:
        output.line(say(settings.lang, "sync.checked"))
        if told.empties:
            output.line(say(settings.lang, "sync.empties"))
    if told.failed:
        raise Rejected


def _synced(told: SyncReport, *, check: bool) -> Mapping[str, object]:
    return {
        "added": told.added,
        "updated": told.updated,
        "removed": told.removed,
        "unchanged": told.unchanged,
        "failed": [asdict(failure) for failure in told.failed],
        "notices": [asdict(notice) for notice in told.notices],
        "overlaps": [
            asdict(overlap)
            | {
                "since": overlap.since.isoformat(),
                "until": overlap.until.isoformat() if overlap.until else None,
            }
            for overlap in told.overlaps
        ],
        "changes": [_changed(changes) for changes in told.changes],
        "written": not check,
    }


def _changed(changes: VersionChanges) -> dict[str, object]:
    told: dict[str, object] = {
        "policy": changes.policy,
        "version": changes.version,
        "before": changes.before,
        "unchanged": changes.comparison.unchanged,
    }
    for kind in KINDS:
        told[kind] = [
            {
                "clause": change.after.label if change.after else None,
                "clause_before": change.before.label if change.before else None,
                "edits": words_of(change),
            }
            for change in changes.comparison.changes
            if change.kind == kind
        ]
    return told


def _lines(told: SyncReport, lang: str) -> list[str]:
    """What people read of a sync: what went wrong last, just above the counts."""
    lines = []
    for changes in told.changes:
        values = {"title": changes.title, "version": changes.version}
        if changes.before == changes.version:
            lines.append(say(lang, "policies.edited", **values))
        else:
            lines.append(say(lang, "policies.compared", **values, before=changes.before))
        found = clause_lines(told_changes(changes.comparison.changes), lang)
        unchanged = say(lang, "policies.unchanged", n=changes.comparison.unchanged)
        lines += [f"  {line}" for line in (*found, unchanged)]
    lines += [_overlap(overlap, lang) for overlap in told.overlaps]
    lines += [f"{notice.path}: {notice.text}" for notice in told.notices]
    lines += [f"{failure.path}: {failure.reason}" for failure in told.failed]
    counts = {
        name: len(getattr(told, name))
        for name in ("added", "updated", "removed", "unchanged", "failed")
    }
    return [*lines, say(lang, "sync.counts", **counts)]


def _overlap(overlap: Overlap, lang: str) -> str:
    since, until = overlap.since.isoformat(), overlap.until
    if until is None:
        when = say(lang, "sync.since", since=since)
    else:
        when = say(lang, "sync.between", since=since, until=until.isoformat())
    key = f"sync.overlap_{overlap.kind}"
    return say(lang, key, one=overlap.one, other=overlap.other, n=overlap.shared, when=when)
