"""What one manager still can do, and what their forecast rests on: from the records, on demand."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import count

import pytest
from sqlalchemy import insert, update

from bank.actions import look_ahead
from bank.actions.past import past_of
from bank.days import OPEN, number
from bank.models import Account, Client, KpiResult, Repayment, RiskWarning, ScoreRun
from bank.performance import latest_scorecard, score_period
from bank.performance.measuring import load_frame
from scoring.periods import Period
from scoring.scheme import default_scheme
from scoring.signals import CONFIDENTIAL
from tests.bank.books import YUAN, Books

QUARTER, YEAR, AS_OF = Period.parse("2026Q4"), Period.parse("2026"), date(2026, 11, 16)
NOW = datetime(2026, 11, 17, 1, 40, tzinfo=UTC)
EARLY = date(2025, 6, 1)
MILLION = 1_000_000 * YUAN
SCHEME = default_scheme()
IDS = count(1000)


@pytest.fixture
def bank(database):
    """M001 with clients, visits owed, a warning to answer and deposits that fall due."""
    with database.write() as tx:
        books = Books(tx)
        books.manager("M001")
        books.client("D", held=[("M001", EARLY)], base=5 * MILLION)
        books.account("D", [(EARLY, 13 * MILLION)])
        books.target("M001", "P01", 9 * MILLION)
        for client, tier in (("H1", "private"), ("H2", "premium")):
            books.client(client, tier=tier, held=[("M001", EARLY)])
        books.visit("H1", date(2026, 10, 1))  # ideal by 31 October, due by 15 November: overdue
        books.visit("H2", date(2026, 9, 28))  # ideal by 12 November, due by 27 November
        for n in range(4):
            books.client(f"S{n}", size="micro", held=[("M001", EARLY)])
            books.loan(f"S{n}", "M001", EARLY, [(EARLY, "drawdown", MILLION)])
        for client, day in (("S0", (10, 20)), ("S1", (10, 21)), ("S2", (7, 1)), ("S3", (9, 30))):
            books.visit(client, date(2026, *day))
        for n in range(9):
            due = date(2026, 11, 10)
            books.warning(f"S{n % 4}", "M001", due, answered=due if n else date(2026, 11, 11))
        books.warning("S3", "M001", date(2026, 11, 18))
    return database


def more(database, write):
    """Write on into books already begun."""
    with database.write() as tx:
        books = object.__new__(Books)
        books.tx, books.ids = tx, IDS
        return write(books)


def outlook(database, period=QUARTER, scheme=SCHEME):
    score_period(database, period, AS_OF, NOW, scheme)
    with database.read() as tx:
        return look_ahead(tx, latest_scorecard(tx, "M001", period), scheme)


def levers(database, kind, **more):
    return [each for each in outlook(database, **more).levers if each.kind == kind]


def time_deposit(database, fen, matures, *, client="D", kind="time"):
    def write(books):
        account = books.account(client, [(EARLY, fen)], kind=kind)
        books.tx.execute(
            update(Account).where(Account.id == account).values(matures_day=number(matures))
        )
        return account

    return more(database, write)


def test_visits_and_warnings_that_would_still_count(bank):
    found = [each for each in outlook(bank).levers if each.kind in ("warning", "visit")]
    assert [(lever.kind, lever.indicator, lever.client_id) for lever in found] == [
        ("warning", "R03", "S3"),
        ("visit", "C03a", "H1"),
        ("visit", "C03a", "H2"),
        ("visit", "C03b", "S2"),
    ]  # S3, seen on 30 September, is not due before 29 November
    with bank.read() as tx:
        card = latest_scorecard(tx, "M001", QUARTER).card
    carried = {each.id: each.weight for each in card.indicators()}
    by_hand = [
        40 * carried["R03"],  # the warning: 9 of 10 (80 points) against 8 of 10 (40)
        100 * carried["C03a"],  # H1's next visit: 2 of 2 against 1 of 2, which is under the floor
        100 * carried["C03a"],
        Decimal("2.127660") * carried["C03b"],  # S2: 3 of 4 is capped at 100, less 97.872340
    ]
    for lever, points in zip(found, by_hand, strict=True):
        assert abs(lever.points - points / 100) < Decimal("0.00001")


def test_a_deposit_to_renew_counts_for_the_days_it_stays(bank):
    """A million that falls due on 2 December is gone for 30 of the quarter's 92 days, or stays."""
    account = time_deposit(bank, MILLION, date(2026, 12, 2))
    (lever,) = levers(bank, "renewal")
    assert (lever.subject, lever.client_id, lever.due_by) == (account, "D", date(2026, 12, 2))
    assert lever.amount == MILLION
    with bank.read() as tx:
        card = latest_scorecard(tx, "M001", QUARTER).card
    p01 = next(each for each in card.indicators() if each.id == "P01")
    target = Decimal(p01.explain["inputs"]["period_target"])
    by_hand = MILLION * Decimal(30) / 92 / target * 100 * p01.weight / 100
    assert abs(lever.points - by_hand) < Decimal("0.001")


@pytest.mark.parametrize(
    ("fen", "matures", "kind"),
    [
        (MILLION, date(2027, 1, 4), "time"),  # after the period
        (MILLION, date(2026, 11, 16), "time"),  # renewed, or gone, already
        (0, date(2026, 12, 2), "time"),
    ],
)
def test_deposits_that_change_nothing_in_the_period(bank, fen, matures, kind):
    time_deposit(bank, fen, matures, kind=kind)
    assert levers(bank, "renewal") == []


def test_nothing_is_renewed_while_a_grave_warning_stands(bank):
    time_deposit(bank, MILLION, date(2026, 12, 2))
    for severity, state, shown in (
        ("yellow", "open", 1), ("orange", "open", 0), ("red", "answered", 0), ("red", "closed", 1),
    ):  # fmt: skip

        def write(books, severity=severity, state=state):
            name = books.warning("D", "M001", date(2026, 12, 20), severity=severity)
            books.tx.execute(update(RiskWarning).where(RiskWarning.id == name).values(state=state))
            return name

        name = more(bank, write)
        assert len(levers(bank, "renewal")) == shown, (severity, state)
        gone = update(RiskWarning).where(RiskWarning.id == name).values(state="closed")
        more(bank, lambda books, gone=gone: books.tx.execute(gone))


def test_what_falls_due_is_in_the_forecast_for_the_part_that_leaves(bank):
    with bank.read() as tx:
        frame = load_frame(tx, SCHEME, QUARTER, AS_OF)
        assert past_of(tx, frame, "M001")["P01"].known == 0
    time_deposit(bank, 92 * MILLION, date(2026, 12, 2))
    with bank.read() as tx:
        frame = load_frame(tx, SCHEME, QUARTER, AS_OF)
        known = past_of(tx, frame, "M001")
    # 30 % leave for 30 of 92 days: 92 m × 0.3 × 30 ÷ 92 = 9 m off the average
    assert {name: known[name].known for name in ("P01", "P05")} == {
        "P01": -9 * MILLION, "P05": -9 * MILLION,
    }  # fmt: skip


def test_an_exam_still_to_take_and_one_to_take_again(bank):
    def write(books):
        books.course("M001", "passed", date(2026, 10, 30), [(date(2026, 10, 10), 90)])
        books.course("M001", "to take", date(2026, 12, 10), [(None, None)])
        books.course("M001", "to repeat", date(2026, 12, 11), [(date(2026, 11, 2), 60)])
        books.course("M001", "good enough", date(2026, 12, 12), [(date(2026, 11, 2), 95)])
        books.course("M001", "twice tried", date(2026, 12, 13),
                     [(date(2026, 11, 2), 60), (date(2026, 11, 9), 62)])  # fmt: skip
        books.course("M001", "next year", date(2027, 1, 10), [(None, None)])

    more(bank, write)
    first, second = levers(bank, "exam")
    assert [(each.subject, each.due_by) for each in (first, second)] == [
        ("to take", date(2026, 12, 10)),
        ("to repeat", date(2026, 12, 11)),
    ]
    # (90 + 85) ÷ 2 = 87.5 → 107.5, missed 45 → 0; repeated 107.5 against (90 + 60) ÷ 2 = 75 → 83.33
    assert first.points > second.points > 0


def test_an_overdue_loan_that_turns_bad_within_the_period(bank):
    def write(books):
        for client, due in (("S0", date(2026, 9, 10)), ("S1", date(2026, 11, 1))):
            loan = books.loan(client, "M001", EARLY, [(EARLY, "drawdown", 2 * MILLION)])
            unpaid = {"due_day": number(due), "amount": MILLION // 10, "paid_day": OPEN}
            books.tx.execute(insert(Repayment).values(loan_id=loan, **unpaid))

    more(bank, write)
    (lever,) = levers(bank, "overdue")  # S1's turns bad on 30 January only
    assert (lever.client_id, lever.indicator, lever.amount) == ("S0", "R02", MILLION // 10)
    assert lever.due_by == date(2026, 9, 10) + timedelta(days=90)
    # R02: 2 m of an average of 8 m, or none: 0 → 120 points against 25 % → 0; R01 alike
    assert lever.points > 10


def test_a_bad_loan_to_recover(bank):
    def write(books):
        books.loan("D", "M001", EARLY, [(EARLY, "drawdown", 2 * MILLION)], grade="doubtful")
        books.target("M001", "R05", MILLION)

    more(bank, write)
    (lever,) = levers(bank, "recovery")
    # the scheme expects a tenth of the balance: 0.2 m of what is asked for the quarter, 0.25 m
    assert (lever.client_id, lever.amount, lever.indicator) == ("D", MILLION // 5, "R05")


@pytest.fixture
def prospect(bank):
    """N, won in October, keeps 45,000 of the 50,000 yuan that make a client effective; E and F do."""

    def write(books):
        for client, yuan in (("N", 45_000), ("E", 90_000), ("F", 90_000)):
            books.client(client, held=[("M001", date(2026, 10, 1))])
            books.account(client, [(date(2026, 10, 1), yuan * YUAN)])
            won = {"acquirer_id": "M001", "opened_day": number(date(2026, 10, 1))}
            books.tx.execute(update(Client).where(Client.id == client).values(**won))
        books.target("M001", "P04", 20)  # five in the quarter, of which two are won

    more(bank, write)
    return bank


def test_a_prospect_just_below_effective(prospect):
    (lever,) = levers(prospect, "prospect")
    assert (lever.subject, lever.indicator, lever.amount) == ("N", "P04", 5_000 * YUAN)
    assert lever.due_by == QUARTER.last


@pytest.mark.parametrize(
    "changes",
    [
        {"risk_level": "high"},
        {"kyc_due_day": number(date(2026, 11, 1))},
        {"acquirer_id": None},
        {"opened_day": number(date(2026, 6, 1))},
    ],
)
def test_nothing_is_sold_to_whom_it_does_not_suit(prospect, changes):
    more(prospect, lambda b: b.tx.execute(update(Client).where(Client.id == "N").values(**changes)))
    assert levers(prospect, "prospect") == []


def test_a_client_that_was_effective_before_is_no_prospect(prospect):
    more(prospect, lambda books: books.account(
        "N", [(date(2026, 10, 1), 20_000 * YUAN), (date(2026, 11, 1), 0)]
    ))  # fmt: skip
    # 65,000 on the 30 days up to the end of October
    assert levers(prospect, "prospect") == []


def test_weeks_are_those_of_the_year_against_their_plan(bank):
    def write(books):
        books.target("M001", "P02", 12 * MILLION)
        for monday in (date(2026, 11, 2), date(2026, 11, 9)):
            books.loan("D", "M001", monday, [(monday, "drawdown", MILLION)])
        books.loan("D", "M001", AS_OF, [(AS_OF, "drawdown", MILLION)])  # the week is not over

    more(bank, write)
    with bank.read() as tx:
        past = past_of(tx, load_frame(tx, SCHEME, QUARTER, AS_OF), "M001")
    weeks = past["P02"].weeks
    assert len(weeks) == SCHEME.forecast.weeks == 13
    assert [actual for actual, _ in weeks[-3:]] == [0, MILLION, MILLION]
    assert sum(planned for _, planned in weeks[-2:]) == pytest.approx(
        # the quarter's 3 m: 0.75 m in November, of whose 21 working days ten are in these weeks
        int(0.75 * MILLION * 10 / 21), abs=2
    )  # fmt: skip


def test_averages_come_from_the_rollup(bank):
    more(bank, lambda books: books.loaded(books.tx, AS_OF))
    score_period(bank, QUARTER, AS_OF, NOW)
    with bank.read() as tx:
        past = past_of(tx, load_frame(tx, SCHEME, QUARTER, AS_OF), "M001")
    actual, planned = past["P01"].weeks[-1]
    assert actual == 7 * (13 - 5) * MILLION  # a week of 8 m above the base
    assert planned > 0


def test_a_joiners_weeks_are_the_units(bank):
    def write(books):
        books.manager("M002", hired=date(2026, 10, 20))
        books.client("E", held=[("M002", date(2026, 10, 20))], base=0)
        books.account("E", [(date(2026, 10, 20), MILLION)])
        for manager in ("M001", "M002"):
            books.target(manager, "P02", 12 * MILLION)
        books.loan("D", "M001", date(2026, 11, 2), [(date(2026, 11, 2), "drawdown", MILLION)])

    more(bank, write)
    with bank.read() as tx:
        past = past_of(tx, load_frame(tx, SCHEME, QUARTER, AS_OF), "M002")["P02"]
    asked = [planned for _, planned in past.weeks if planned]
    assert len(asked) < SCHEME.forecast.fewest_weeks
    assert MILLION in [actual for actual, _ in past.unit_weeks]


def test_last_year_tells_what_is_usual_and_the_season(bank):
    more(bank, lambda books: books.target("M001", "P01", 10 * MILLION, year=2025))
    score_period(bank, QUARTER, AS_OF, NOW)
    with bank.write() as tx:
        run = tx.execute(ScoreRun.__table__.select()).first()
        card = tx.execute(KpiResult.__table__.select()).first()
        for name, day, actual in (("mid", date(2025, 11, 14), 6), ("end", date(2025, 12, 31), 9)):
            told = [{"id": "P01", "unit": "cny", "actual": actual * MILLION,
                     "explain": {"inputs": {"period_target": 10 * MILLION}}}]  # fmt: skip
            row = {**run._mapping, "id": name, "period": "2025Q4", "as_of_day": number(day)}
            tx.execute(ScoreRun.__table__.insert().values(**row))
            stored = {"dimensions": [{"indicators": told}]}
            row = {**card._mapping, "run_id": name, "scorecard": stored}
            tx.execute(KpiResult.__table__.insert().values(**row))
    with bank.read() as tx:
        past = past_of(tx, load_frame(tx, SCHEME, QUARTER, AS_OF), "M001")["P01"]
    assert past.attained == Fraction(9, 10)
    # 47 of 92 days at 6 m are 3.065 m of the average of 9 m
    assert past.seasons == (Fraction(6 * 47, 92 * 9),)


def test_the_forecast_stands_on_the_stored_scorecard(bank):
    found = outlook(bank).forecast
    with bank.read() as tx:
        card = latest_scorecard(tx, "M001", QUARTER).card
    assert {each.indicator for each in found.ahead} == {
        each.id for each in card.indicators() if each.score is not None and each.weight
    }
    assert sum(found.grades.values()) == 1
    assert outlook(bank).forecast.to_json() == found.to_json()


def test_once_the_period_is_over_there_is_nothing_to_do(bank):
    later = date(2027, 1, 4)
    score_period(bank, QUARTER, later, NOW)
    with bank.read() as tx:
        latest = latest_scorecard(tx, "M001", QUARTER)
        found = look_ahead(tx, latest, SCHEME)
    assert found.levers == ()
    assert found.forecast.low == found.forecast.score == found.forecast.high == latest.card.score


def test_somebody_elses_work_is_never_suggested(bank):
    def write(books):
        books.manager("M002")
        books.client("X", tier="private", held=[("M002", EARLY)])
        books.warning("X", "M002", date(2026, 11, 18))
        books.course("M002", "aml", date(2026, 12, 10), [(None, None)])

    more(bank, write)
    assert "X" not in {each.client_id for each in outlook(bank).levers}
    assert levers(bank, "exam") == []


def test_confidential_warnings_are_no_levers(bank):
    signal = min(CONFIDENTIAL)
    standing = RiskWarning.state == "open"
    more(bank, lambda b: b.tx.execute(update(RiskWarning).where(standing).values(signal=signal)))
    assert levers(bank, "warning") == []
