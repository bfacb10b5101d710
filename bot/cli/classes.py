"""classes: loans with a better class than the rules allow, for the risk department to look at."""

from datetime import date, datetime
from decimal import Decimal

from bank.balances import last_business_day
from bank.classes import Doubt, check_classes
from bot import figures
from bot.access import permit
from bot.cli.acting import sitting
from bot.cli.output import Output
from bot.terminal import console, table
from bot.wording import say
from scoring.classes import RULES_2023, Finding

HEADS = ("loan", "client", "balance", "class", "least", "why")


def check(output: Output, staff: str, on: datetime | None) -> None:
    """`daybook classes check`."""
    with sitting(staff, "access.not_allowed") as at:
        permit(at.actor, "check_classes", at.on)
        with at.database.read() as tx:
            day = on.date() if on else last_business_day(tx)
            found = check_classes(tx, RULES_2023, day)
    lang = at.actor.lang
    output.data({"on": day.isoformat(), "loans": [_facts(one) for one in found]})
    if not found:
        output.line(say(lang, "classes.none"))
        return
    if not output.json:
        heads = [say(lang, f"classes.head.{head}") for head in HEADS]
        console().print(table(heads, [_row(one, lang) for one in found]))
    output.line(say(lang, "classes.found", n=len(found)))


def _row(doubt: Doubt, lang: str) -> tuple[str, ...]:
    return (
        doubt.loan.id,
        doubt.client_name,
        figures.money(Decimal(doubt.balance), lang),
        _class(doubt.loan.grade, lang),
        _class(doubt.findings[0].least, lang),
        say(lang, "answer.comma").join(_why(one, doubt, lang) for one in doubt.findings),
    )


def _class(grade: str, lang: str) -> str:
    return say(lang, f"row.{grade}") if grade else "–"


def _why(finding: Finding, doubt: Doubt, lang: str) -> str:
    loan = doubt.loan
    if finding.cause == "overdue":
        return say(lang, "classes.overdue", days=loan.days_past_due)
    if finding.cause == "debtor":
        pct = figures.number(Decimal(100 * loan.debtor_bad) / Decimal(loan.debtor_whole))
        return say(lang, "classes.debtor", pct=pct)
    return say(lang, "classes.restructured", day=figures.day(loan.restructured or date.min, lang))


def _facts(doubt: Doubt) -> dict[str, object]:
    loan = doubt.loan
    return {
        "loan": loan.id,
        "client": doubt.client_id,
        "balance_fen": doubt.balance,
        "class": loan.grade,
        "least": doubt.findings[0].least,
        "why": [{"rule": one.cause, "least": one.least} for one in doubt.findings],
        "days_past_due": loan.days_past_due,
    }
