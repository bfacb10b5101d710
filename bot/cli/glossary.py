"""policy glossary, and policy glossary import."""

from pathlib import Path

from bot import assemble
from bot.cli import clock
from bot.cli.output import Output
from bot.cli.progress import progress
from bot.settings import read_settings
from bot.terminal import console, table
from bot.text import visible
from bot.wording import say


def show(output: Output, *, own: bool) -> None:
    """`daybook policy glossary`."""
    settings = read_settings()
    with assemble.open_bank(settings) as database:
        glossary = assemble.open_library(settings, database).glossary()
    shown = glossary.own if own else (*glossary.entries.values(),)
    entries = [
        {
            "entry": idea.key,
            "kind": idea.kind,
            "en": list(idea.en),
            "zh": list(idea.zh),
            "from": idea.source,
        }
        for idea in shown
    ]
    output.data({"entries": entries})
    if not shown:
        output.line(say(settings.lang, "glossary.none"))
    elif not output.json:
        rows = [
            (
                idea.key,
                visible(", ".join(idea.en)),
                visible("、".join(idea.zh)),
                say(settings.lang, f"glossary.{idea.source}"),
            )
            for idea in shown
        ]
        heads = [
            say(settings.lang, f"glossary.head.{name}") for name in ("entry", "en", "zh", "from")
        ]
        console().print(table(heads, rows))


def take_in(output: Output, file: Path) -> None:
    """`daybook policy glossary import`."""
    settings = read_settings()
    now = clock.now().astimezone(settings.zone)
    with assemble.open_bank(settings) as database, progress() as report:
        library = assemble.open_library(settings, database)
        try:
            glossary = library.import_glossary(file, now, report)
        finally:
            library.close()
    output.data({"own": len(glossary.own), "entries": len(glossary.entries)})
    output.line(
        say(settings.lang, "glossary.taken", own=len(glossary.own), n=len(glossary.entries))
    )
