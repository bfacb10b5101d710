"""The milestones of a signed sum that run just now, and what to do when it is behind."""

from datetime import date
from decimal import Decimal

from babel.dates import format_date

from bot import figures
from bot.replies.dimensions import amount
from bot.wording import say
from scoring.indicators import Indicator
from scoring.pace import Milestone

MONTHS = {"en": "MMMM", "zh": "M月"}


def milestone_line(milestone: Milestone, indicator: Indicator, as_of: date, lang: str) -> str:
    """The running month and week, and whether what is missing can be made up at all."""

    def told(value: int) -> str:
        return amount(Decimal(value), indicator.unit, lang)

    month = format_date(milestone.month_of, MONTHS[lang], locale=figures.LOCALES[lang])
    said = [
        say(
            lang,
            "target.milestone_month",
            name=indicator.name[lang],
            month=month,
            planned=told(milestone.month),
            now=told(milestone.month_now),
        ),
        say(
            lang,
            "target.milestone_week",
            first=figures.near(milestone.week_first, as_of, lang),
            last=figures.near(milestone.week_last, as_of, lang),
            now=told(milestone.week_now),
        ),
    ]
    if milestone.infeasible and milestone.best is not None:
        rates = {"per_week": told(milestone.per_week), "best": told(milestone.best)}
        said.append(say(lang, "target.infeasible", **rates))
    return (" " if lang == "en" else "").join(said)
