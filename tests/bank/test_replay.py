"""A day that is over gives its figures again, by the rollup, from the intervals, as then known."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from bank.models import KpiResult
from bank.performance import evidence_behind, latest_scorecard, score_period
from bank.performance.catalogue import EVIDENCE
from scoring.facts import EVIDENCE as EVIDENCE_SHOWN
from scoring.periods import Period
from tests.bank.drops import branch, load, write_drop

QUARTER, MONDAY, TUESDAY = Period.parse("2026Q4"), date(2026, 11, 16), date(2026, 11, 17)
NOW = datetime(2026, 11, 17, 1, 40, tzinfo=UTC)


def hashes(database, run):
    with database.read() as tx:
        columns = (KpiResult.manager_id, KpiResult.inputs_hash)
        return dict(tx.execute(select(*columns).where(KpiResult.run_id == run.run_id)).all())


def correct_balances(database, folder):
    """On Tuesday the bank says that Monday's balances were others, and October's classes too."""
    files = branch()
    balances = [dict(row, amount_fen=str(int(row["amount_fen"]) + 7)) for row in files["balances"]]
    drop = write_drop(folder, {"balances": balances}, business_date=str(TUESDAY))
    report = load(database, drop)
    assert report.committed, report.problems
    assert report.corrected


def test_a_past_day_is_scored_as_it_was_known_then(loaded, tmp_path):
    before = score_period(loaded, QUARTER, MONDAY, NOW)
    kept = hashes(loaded, before)
    correct_balances(loaded, tmp_path / "tuesday")
    again = score_period(loaded, QUARTER, MONDAY, NOW + timedelta(days=1))
    assert again == before
    assert hashes(loaded, again) == kept
    after = score_period(loaded, QUARTER, TUESDAY, NOW + timedelta(days=1))
    assert after.run_id != before.run_id


def test_scores_are_the_same_with_and_without_the_rollup(loaded, tmp_path):
    correct_balances(loaded, tmp_path / "tuesday")
    by_rollup = score_period(loaded, QUARTER, TUESDAY, NOW)
    by_intervals = score_period(loaded, QUARTER, TUESDAY, NOW, from_intervals=True)
    assert by_intervals == by_rollup


def test_every_indicator_shows_records_or_none_at_all(loaded):
    score_period(loaded, QUARTER, MONDAY, NOW)
    with loaded.read() as tx:
        latest = latest_scorecard(tx, "M001", QUARTER)
        found = {indicator: evidence_behind(tx, latest, indicator) for indicator in EVIDENCE}
    for indicator, evidence in found.items():
        # Surveys so few that a client could be recognised are counted, not shown.
        assert len(evidence.rows) <= min(evidence.count, EVIDENCE_SHOWN), indicator
        assert all(row["id"] for row in evidence.rows), indicator
    assert any(evidence.rows for evidence in found.values())
