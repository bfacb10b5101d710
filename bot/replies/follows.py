"""What follows from a published grade, in lines; figures about pay say that they are estimates."""

from datetime import date

from bank.cycle.consequences import Follow
from bot import figures
from bot.wording import say


def follow_lines(one: Follow, on: date, lang: str) -> list[str]:
    """One thing that follows, as it stands on a day."""
    if one.kind == "eligibility":
        return _eligibility(one, lang)
    if one.kind == "pool":
        key = "appraisal.pool_done" if one.state == "done" else "appraisal.pool"
        return [say(lang, key, quarters=_joined(one, "quarters", lang))]
    courses = say(lang, "answer.comma").join(one.facts["courses"].values())
    if one.state == "done":
        return [say(lang, "appraisal.training_done", courses=courses)]
    key = "appraisal.training_unmet" if one.state == "unmet" else "appraisal.training"
    day = figures.near(one.due_on or one.given_on, on, lang)
    return [say(lang, key, courses=courses, day=day)]


def _eligibility(one: Follow, lang: str) -> list[str]:
    facts = one.facts
    told = {"coefficient": facts["coefficient"], "commission": facts["commission_pct"]}
    promotion = "promotion_yes" if facts["promotion"] else "promotion_no"
    return [
        say(lang, "appraisal.coefficient", **told),
        say(lang, f"appraisal.{promotion}"),
        *([say(lang, "appraisal.development")] if facts["development"] else []),
    ]


def _joined(one: Follow, name: str, lang: str) -> str:
    return say(lang, "answer.comma").join(one.facts[name])
