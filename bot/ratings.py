"""Rating a manager, as their superior or for the risk department."""

from dataclasses import replace
from datetime import date, datetime

from bank.cycle.inputs import RATED
from bank.cycle.records import appraisal_id, find_appraisal
from bank.database import Database
from bank.people import Person
from bank.ratings import RatingEntry, record_rating
from bot.access import NotYoursError, rating_subject
from bot.errors import Refusal
from bot.text import visible
from scoring.periods import Period

TOP = 100


def rate(database: Database, actor: Person, rating: RatingEntry, on: date, now: datetime) -> str:
    """Record what the actor says of a manager, once or anew; the rating's id.

    Raises NotYoursError, or Refusal: once the ratings of an appraisal are closed they stand.
    """
    if not 0 <= rating.score <= TOP:
        raise Refusal("rate.score")
    words = visible(rating.comment).strip()
    if not words:
        raise Refusal("rate.comment_missing")
    period = Period.parse(rating.period)
    if period.first > on:
        raise Refusal("rate.not_begun", period=rating.period)
    with database.write() as tx:
        subject = rating_subject(tx, actor, rating.manager_id, rating.kind, on)
        if subject.hired > period.last or subject.left <= period.first:
            raise Refusal("rate.not_here", name=subject.name, period=rating.period)
        if rating.rater_id != actor.id:
            raise NotYoursError(rating.rater_id)
        appraisal = find_appraisal(tx, appraisal_id(period.id, subject.id))
        if appraisal is not None and appraisal.state in RATED:
            raise Refusal("appraisal.closed", period=period.id)
        return record_rating(tx, replace(rating, comment=words), on, now)
