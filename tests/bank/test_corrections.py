"""Drops of past dates, and what they correct: values, beliefs, and the managers to score again."""

from datetime import date

import pytest
from sqlalchemy import func, select

from bank.days import OPEN
from bank.intervals import believed
from bank.models import (
    BalanceInterval,
    BalanceSuperseded,
    Client,
    ClientAttr,
    Correction,
    ImportBatch,
    Rating,
    StaffUnit,
    Visit,
)
from bank.ratings import RatingEntry, record_rating
from bank.visits import VisitEntry, log_visit
from tests.bank.drops import NOW, branch, day, load, rewrite, text_of, write_drop

MONDAY, TUESDAY, WEDNESDAY = "2026-11-16", "2026-11-17", "2026-11-18"


@pytest.fixture
def database(loaded):
    """The whole branch, from Monday's drop."""
    return loaded


@pytest.fixture
def send(database, tmp_path):
    """Loads files as another drop."""

    def send(files, date, batch=1, *, snapshot=False, **manifest):
        drop = write_drop(tmp_path / "next", files, business_date=date, batch=batch, **manifest)
        if snapshot:
            (name, rows), *_ = files.items()
            rewrite(drop, name, text_of(rows), complete=True)
        report = load(database, drop)
        for path in drop.iterdir():
            path.unlink()
        return report

    return send


def balance(date: str, amount: int, account: str = "A1") -> dict[str, str]:
    return {"account_id": account, "date": date, "amount_fen": str(amount)}


def visit(date: str) -> dict[str, str]:
    """A visit to M001's client that is written down on Tuesday."""
    row = branch()["visits"][0]
    return {**row, "id": f"V-{date}", "client_id": "C2", "date": date, "logged_date": TUESDAY}


def intervals(database, account="A1", on=None):
    """An account's intervals, as they are or as they were known on a day."""
    rows = believed(BalanceInterval, day(on)) if on else select(BalanceInterval)
    with database.read() as tx:
        found = tx.execute(rows).all()
    return sorted(
        (row.from_day, row.to_day, row.amount) for row in found if row.account_id == account
    )


def marks(database) -> dict[str, int]:
    """The managers of the newest drop's corrections, with the first day."""
    with database.read() as tx:
        newest = tx.scalar(select(ImportBatch.id).order_by(ImportBatch.id.desc()).limit(1))
        rows = select(Correction.manager_id, Correction.first_day)
        return dict(tx.execute(rows.where(Correction.batch_id == newest)).all())


def test_an_ordinary_day_corrects_nothing(database, send):
    report = send({"balances": [balance(TUESDAY, 7)]}, TUESDAY)
    assert (report.committed, report.corrected, report.since) == (True, 0, None)
    with database.read() as tx:
        assert tx.execute(select(BalanceSuperseded)).all() == []
        known = select(BalanceInterval.from_day, BalanceInterval.known_day)
        own = known.where(BalanceInterval.account_id == "A1").order_by(BalanceInterval.from_day)
        assert tx.execute(own).all() == [
            (day("2026-11-01"), day(MONDAY)),
            (day("2026-11-10"), day(MONDAY)),
            (day(TUESDAY), day(TUESDAY)),
        ]


def test_a_late_change_keeps_what_was_believed_and_marks_who_held_the_client(database, send):
    send({"balances": [balance(TUESDAY, 7)]}, TUESDAY)
    report = send({"balances": [balance("2026-11-12", 9)]}, WEDNESDAY)
    assert intervals(database)[1:] == [
        (day("2026-11-10"), day("2026-11-12"), 250_000),
        (day("2026-11-12"), day(TUESDAY), 9),
        (day(TUESDAY), OPEN, 7),
    ]
    # On Tuesday the 250,000 of 10 November were still believed to hold until Monday's end.
    then = intervals(database, on=TUESDAY)
    assert (day("2026-11-10"), day(TUESDAY), 250_000) in then
    # C1 is shared by both managers since July: both results rest on it from 12 November on.
    assert marks(database) == {"M001": day("2026-11-12"), "M002": day("2026-11-12")}
    assert (report.corrected, str(report.since)) == (2, "2026-11-12")


def test_a_corrected_snapshot_holds_until_the_next_day_its_source_has_sent(database, send):
    send({"balances": [balance(TUESDAY, 250_000)]}, TUESDAY, snapshot=True)
    send({"balances": [balance(WEDNESDAY, 300)]}, WEDNESDAY, snapshot=True)
    report = send({"balances": [balance(MONDAY, 5)]}, MONDAY, batch=2, snapshot=True)
    assert report.committed
    # Monday was wrong; what Tuesday and Wednesday said of themselves still stands.
    assert intervals(database)[1:] == [
        (day("2026-11-10"), day(MONDAY), 250_000),
        (day(MONDAY), day(TUESDAY), 5),
        (day(TUESDAY), day(WEDNESDAY), 250_000),
        (day(WEDNESDAY), OPEN, 300),
    ]


def test_a_snapshot_writes_only_what_changed(database, send):
    rows = [balance(TUESDAY, 250_000), balance(TUESDAY, 0, "A2")]
    before = intervals(database), intervals(database, "A2")
    assert send({"balances": rows}, TUESDAY, snapshot=True).committed
    assert (intervals(database), intervals(database, "A2")) == before
    with database.read() as tx:
        newest = tx.scalar(select(func.max(ImportBatch.id)))
        assert newest not in tx.scalars(select(BalanceInterval.batch_id)).all()


def test_a_snapshot_holds_one_day_only(send):
    report = send({"balances": [balance(MONDAY, 1)]}, TUESDAY, snapshot=True)
    (problem,) = report.problems
    assert (problem.line, problem.column, problem.value) == (2, "date", MONDAY)
    assert "is not the business date" in problem.reason


def test_a_batch_must_be_newer_than_the_last_of_its_date(send):
    send({"balances": [balance(TUESDAY, 7)]}, TUESDAY, batch=3)
    for batch, reason in (
        (3, "was imported already with other content: raise batch to 4"),
        (2, f"{TUESDAY} was imported up to batch 3: raise batch to 4"),
    ):
        report = send({"balances": [balance(TUESDAY, 8)]}, TUESDAY, batch=batch)
        assert [(p.column, p.value, p.reason) for p in report.problems] == [
            ("batch", str(batch), reason)
        ]
    assert send({"balances": [balance(MONDAY, 8)]}, MONDAY, batch=2).committed


def test_a_late_row_never_undoes_what_a_later_day_said(database, send):
    visit = branch()["visits"][0]
    send({"visits": [{**visit, "kind": "video"}]}, WEDNESDAY)
    send({"visits": [{**visit, "kind": "phone"}, {**visit, "id": "V9"}]}, TUESDAY)
    with database.read() as tx:
        kinds = dict(tx.execute(select(Visit.id, Visit.kind)).all())
    assert (kinds["V1"], kinds["V9"]) == ("video", "onsite")


def test_a_late_row_names_what_is_known_though_it_is_history_only(database, send):
    staff = branch()["staff"][1]
    send({"staff": [{**staff, "name": "Yun Xiaozhou"}]}, WEDNESDAY)
    report = send({"staff": [{**staff, "unit_id": "U99"}]}, TUESDAY)
    (problem,) = report.problems
    assert (problem.line, problem.column, problem.value) == (2, "unit_id", "U99")
    assert problem.reason.startswith("is not known")


def test_what_people_entered_is_never_overwritten(database, send):
    entry = VisitEntry("V7", "C1", "M001", NOW.date(), "video", "!")
    with database.write() as tx:
        log_visit(tx, entry, entry.day, NOW)
    sent = {**branch()["visits"][0], "id": "V7", "note": "another note"}
    assert send({"visits": [sent]}, TUESDAY).committed
    with database.read() as tx:
        assert tx.execute(select(Visit.note, Visit.batch_id).where(Visit.id == "V7")).one() == (
            "!",
            None,
        )


def test_a_rating_given_in_daybook_does_not_hold_up_the_night_that_brings_another(database, send):
    with database.write() as tx:
        given = RatingEntry("M001", "2026Q4", "superior", "L001", 91, "Steady")
        record_rating(tx, given, date(2026, 11, 17), NOW)
    sent = {**branch()["ratings"][0], "period": "2026Q4", "score": "70"}
    assert send({"ratings": [{**sent, "id": "O2"}]}, TUESDAY).committed
    with database.read() as tx:
        scores = select(Rating.score).where(Rating.period == "2026Q4")
        assert tx.scalars(scores).all() == [91]
    # The sender's own may change; an id names one rating only.
    assert send({"ratings": [{**branch()["ratings"][0], "score": "70"}]}, WEDNESDAY).committed
    refused = send({"ratings": [{**sent, "period": "2026Q2"}]}, WEDNESDAY, batch=2)
    assert [(one.column, one.value) for one in refused.problems] == [("id", "O1")]


def test_history_follows_the_drops(database, send):
    client, staff = branch()["clients"][0], branch()["staff"][1]
    send({"clients": [{**client, "tier": "premium"}]}, WEDNESDAY)
    send({"staff": [{**staff, "unit_id": "B1"}]}, WEDNESDAY, batch=2)
    # A late word on Tuesday holds for Tuesday; the client stays as Wednesday said.
    send({"clients": [{**client, "tier": "private"}]}, TUESDAY)
    with database.read() as tx:
        spans = select(ClientAttr.from_day, ClientAttr.to_day, ClientAttr.tier)
        tiers = tx.execute(spans.where(ClientAttr.client_id == "C1").order_by("from_day")).all()
        assert tx.scalar(select(Client.tier).where(Client.id == "C1")) == "premium"
        units = tx.execute(
            select(StaffUnit.from_day, StaffUnit.unit_id)
            .where(StaffUnit.staff_id == "M001")
            .order_by("from_day")
        ).all()
    assert tiers == [
        (day("2020-05-06"), day(TUESDAY), "standard"),
        (day(TUESDAY), day(WEDNESDAY), "private"),
        (day(WEDNESDAY), OPEN, "premium"),
    ]
    assert units == [(day("2020-01-01"), "U10"), (day(WEDNESDAY), "B1")]


REACH = {
    "a loan's class bears on who lends and who originated": (
        {"loan_classes": [{"loan_id": "N1", "date": "2026-11-02", "grade": "loss"}]},
        {"M001": "2026-11-02", "M002": "2026-11-02"},
    ),
    "a fund's value bears on whoever holds it": (
        {"prices": [{"product_id": "PF1", "date": "2026-11-05", "nav": "1"}]},
        {"M001": "2026-11-05"},
    ),
    "a reversal bears on the day of what it takes back": (
        {
            "loan_events": [
                {
                    "id": "E99",
                    "loan_id": "N1",
                    "date": TUESDAY,
                    "kind": "reversal",
                    "amount_fen": "5000000",
                    "reverses_id": "E1",
                }
            ]
        },
        {"M001": "2026-01-06", "M002": "2026-07-01"},
    ),
    "a handover in time bears on nobody's past": (
        {
            "assignments": [
                {**branch()["assignments"][3], "to_date": TUESDAY},
                {
                    **branch()["assignments"][3],
                    "manager_id": "M002",
                    "from_date": TUESDAY,
                    "to_date": "",
                },
            ]
        },
        {},
    ),
    "a handover told late bears on both from its day on": (
        {
            "assignments": [
                {**branch()["assignments"][3], "to_date": "2026-11-10"},
                {
                    **branch()["assignments"][3],
                    "manager_id": "M002",
                    "from_date": "2026-11-10",
                    "to_date": "",
                },
            ]
        },
        {"M001": "2026-11-10", "M002": "2026-11-10"},
    ),
    "a fee of the past bears on those it is split between": (
        {"fees": [{**branch()["fees"][0], "amount_fen": "5"}]},
        {"M001": "2026-10-08", "M002": "2026-10-08"},
    ),
    "a base bears on the year after its own": (
        {"client_bases": [{**branch()["client_bases"][0], "day_average_fen": "1"}]},
        {"M001": "2026-01-01", "M002": "2026-07-01"},
    ),
    "a base of this year bears on nobody's past": (
        {"client_bases": [{**branch()["client_bases"][0], "year": "2026"}]},
        {},
    ),
    "an account that counts no more bears on its whole past": (
        {"accounts": [{**branch()["accounts"][0], "excluded": "pledged"}]},
        {"M001": "2025-01-01", "M002": "2026-07-01"},
    ),
    "another split of a fee bears on all who had a part": (
        {
            "fee_splits": [
                {"fee_id": "F1", "manager_id": "M001", "share_pct": "1"},
                {"fee_id": "F1", "manager_id": "M002", "share_pct": "99"},
            ]
        },
        {"M001": "2026-10-08", "M002": "2026-10-08"},
    ),
    "a visit of today bears on nobody's past": ({"visits": [visit(TUESDAY)]}, {}),
    "visits of this quarter that are logged late mark nobody": (
        {"visits": [visit("2026-10-02"), visit("2026-11-12"), visit(MONDAY)]},
        {},
    ),
    "a visit of the quarter before marks its manager": (
        {"visits": [visit("2026-09-30"), visit("2026-11-12")]},
        {"M001": "2026-09-30"},
    ),
    "a visit told otherwise marks its manager": (
        {"visits": [{**branch()["visits"][0], "client_id": "C2", "note": "!"}]},
        {"M001": "2026-06-01", "M002": "2026-07-01"},
    ),
    "a loan's event told otherwise bears on who lent and who lends": (
        {"loan_events": [{**branch()["loan_events"][0], "amount_fen": "5"}]},
        {"M001": "2026-01-06", "M002": "2026-07-01"},
    ),
    "an account of this quarter that comes late marks nobody": (
        {
            "accounts": [{**branch()["accounts"][0], "id": "A9", "opened_date": "2026-11-02"}],
            "balances": [balance("2026-11-03", 5, "A9"), balance(TUESDAY, 6, "A9")],
        },
        {},
    ),
    "an account of the quarter before bears on it": (
        {
            "accounts": [{**branch()["accounts"][0], "id": "A9", "opened_date": "2026-09-29"}],
            "balances": [balance("2026-11-03", 5, "A9")],
        },
        {"M001": "2026-09-29", "M002": "2026-09-29"},
    ),
    "an exam taken, where none was told, marks nobody": (
        {"training": [{**branch()["training"][1], "taken_date": "2026-11-12", "score": "80"}]},
        {},
    ),
    "a fee of this quarter and its first split mark nobody": (
        {
            "fees": [{**branch()["fees"][0], "id": "F9", "date": "2026-11-12"}],
            "fee_splits": [{"fee_id": "F9", "manager_id": "M002", "share_pct": "100"}],
        },
        {},
    ),
    "a fee's first split corrects a fee that was told": (
        {"fee_splits": [{"fee_id": "F2", "manager_id": "M002", "share_pct": "100"}]},
        {"M001": "2026-11-02", "M002": "2026-11-02"},
    ),
    "a leave that lasts longer bears on what comes after its old end": (
        {"leaves": [{**branch()["leaves"][0], "to_date": "2026-08-20"}]},
        {"M001": "2026-08-15"},
    ),
    "a base of all assets bears on the year after its own": (
        {"asset_bases": [{**branch()["asset_bases"][0], "day_average_fen": "1"}]},
        {"M001": "2026-01-01"},
    ),
    "a proposal's step told otherwise bears on its authors": (
        {"proposal_steps": [{**branch()["proposal_steps"][1], "date": "2026-05-04"}]},
        {"M001": "2026-05-04", "M002": "2026-05-04"},
    ),
    "a duty done and a new estimate of a wallet mark nobody": (
        {
            "duties": [{**branch()["duties"][1], "done_date": "2026-11-12"}],
            "wallets": [{**branch()["wallets"][0], "total_fen": "50000000"}],
        },
        {},
    ),
}


@pytest.mark.parametrize(("files", "expected"), REACH.values(), ids=REACH)
def test_corrections_reach_the_managers(database, send, files, expected):
    assert send(files, TUESDAY).committed
    assert marks(database) == {manager: day(first) for manager, first in expected.items()}


def test_a_late_drop_marks_all_it_touches(database, send):
    send({"balances": [balance(WEDNESDAY, 7)]}, WEDNESDAY)
    assert send({"visits": [visit(TUESDAY)]}, TUESDAY).corrected == 1
    assert marks(database) == {"M001": day(TUESDAY)}


def test_a_second_batch_marks_all_it_touches(database, send):
    assert send({"visits": [visit(MONDAY)]}, TUESDAY).corrected == 0
    again = {**visit(TUESDAY), "id": "V9"}
    assert send({"visits": [again]}, TUESDAY, batch=2).corrected == 1
    assert marks(database) == {"M001": day(TUESDAY)}


def test_another_source_on_the_same_date_corrects_only_what_was_told_of_days_before(send):
    balances = [balance(TUESDAY, 7)]
    assert send({"balances": balances, "visits": [visit(TUESDAY)]}, TUESDAY).corrected == 0
    cards = {"balances": [balance(TUESDAY, 5, "A1")], "visits": [visit(MONDAY)]}
    assert send(cards, TUESDAY, source="cards").corrected == 0
    cards = {"balances": [balance(MONDAY, 5, "A1")]}
    assert send(cards, TUESDAY, source="more cards").corrected == 2


def test_the_ledger_decides_to_the_fen(database, send):
    # A1 holds 250,000 and gets 7; A2 was closed. E1 drew 5,000,000; E20 was taken back by E21.
    files = {"balances": [balance(TUESDAY, 7)]}
    report = send(files, TUESDAY, ledger={"deposits_fen": 8, "loans_fen": 5_000_000})
    assert [str(problem) for problem in report.problems] == [
        "manifest.json, ledger deposits_fen '8': is 7 in the bank, -1 fen: send what is missing or wrong"
    ]
    assert intervals(database)[-1] == (day("2026-11-10"), OPEN, 250_000)
    report = send(files, TUESDAY, ledger={"deposits_fen": 7, "loans_fen": 5_000_000})
    assert report.committed
    # Taking E1 back leaves nothing owed; E20 sent once more changes nothing.
    events = [row for row in branch()["loan_events"] if row["id"] == "E20"]
    events.append({**events[0], "id": "E99", "kind": "reversal", "amount_fen": "5000000"})
    events[1]["reverses_id"] = "E1"
    assert send({"loan_events": events}, WEDNESDAY, ledger={"loans_fen": 0}).committed
