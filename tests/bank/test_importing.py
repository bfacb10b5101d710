"""The nightly drop, imported as `daybook import` does: all of it or nothing."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import event, insert, inspect, select, update

from bank.days import OPEN
from bank.importing.loading import MANY
from bank.models import (
    Assignment,
    BalanceInterval,
    Client,
    ImportBatch,
    LoanClass,
    RiskWarning,
    Staff,
    Target,
    Visit,
)
from bank.visits import VisitEntry, log_visit
from tests.bank.drops import NOW, branch, counts, day, load, rewrite, text_of, write_drop


def intervals(database, account: str) -> list[tuple[int, int, int]]:
    with database.read() as tx:
        rows = tx.execute(
            select(BalanceInterval.from_day, BalanceInterval.to_day, BalanceInterval.amount)
            .where(BalanceInterval.account_id == account)
            .order_by(BalanceInterval.from_day)
        )
        return [tuple(row) for row in rows]


def test_a_whole_branch_is_committed(database, drop):
    report = load(database, drop)
    assert (report.problems, report.committed, report.repeated) == ((), True, False)
    assert {file.name: (file.rows, file.accepted, file.rejected) for file in report.files} == {
        f"{name}.csv": (len(rows), len(rows), 0) for name, rows in branch().items()
    }
    with database.read() as tx:
        assert tx.execute(select(Staff.name, Staff.lang).where(Staff.id == "M001")).one() == (
            "云小舟",
            "zh",
        )
        assert tx.scalar(select(Staff.left_day).where(Staff.id == "M001")) == OPEN
        assert tx.scalar(select(Staff.left_day).where(Staff.id == "M002")) == day("2026-12-31")
        assert tx.scalar(select(RiskWarning.evidence)) == {"days_past_due": 3}
        assert tx.execute(select(ImportBatch.source, ImportBatch.imported_at)).one() == (
            "core",
            NOW,
        )


def test_text_that_looks_like_a_formula_stays_text(loaded):
    with loaded.read() as tx:
        assert tx.scalar(select(Client.name).where(Client.id == "C2")) == "=1+1 Example"


def test_changes_become_intervals_and_unchanged_amounts_write_nothing(loaded):
    assert intervals(loaded, "A1") == [
        (day("2026-11-01"), day("2026-11-10"), 100_000),
        (day("2026-11-10"), OPEN, 250_000),
    ]
    # A2 closed on 1 November: its balance ends there.
    assert intervals(loaded, "A2") == [(day("2026-10-01"), day("2026-11-01"), 500)]
    with loaded.read() as tx:
        grades = tx.execute(
            select(LoanClass.grade, LoanClass.from_day, LoanClass.to_day).order_by(
                LoanClass.from_day
            )
        ).all()
    assert grades == [
        ("normal", day("2026-01-06"), day("2026-08-01")),
        ("special_mention", day("2026-08-01"), OPEN),
    ]


def test_the_next_day_closes_the_previous_interval(loaded, tmp_path):
    rows = [{"account_id": "A1", "date": "2026-11-17", "amount_fen": "300"}]
    following = write_drop(tmp_path / "next", {"balances": rows}, business_date="2026-11-17")
    assert load(loaded, following).committed
    assert intervals(loaded, "A1")[1:] == [
        (day("2026-11-10"), day("2026-11-17"), 250_000),
        (day("2026-11-17"), OPEN, 300),
    ]


def test_an_account_that_closes_ends_its_balance(loaded, tmp_path):
    account = {**branch()["accounts"][0], "closed_date": "2026-11-12"}
    load(loaded, write_drop(tmp_path / "next", {"accounts": [account]}, batch=2))
    assert intervals(loaded, "A1")[-1] == (day("2026-11-10"), day("2026-11-12"), 250_000)


def test_a_correction_restates_the_days_up_to_the_next_change(loaded, tmp_path):
    rows = [{"account_id": "A1", "date": "2026-11-03", "amount_fen": "7"}]
    load(loaded, write_drop(tmp_path / "fix", {"balances": rows}, batch=2))
    assert intervals(loaded, "A1") == [
        (day("2026-11-01"), day("2026-11-03"), 100_000),
        (day("2026-11-03"), day("2026-11-10"), 7),
        (day("2026-11-10"), OPEN, 250_000),
    ]


def test_a_handover_is_an_old_row_that_ends_and_a_new_one(loaded, tmp_path):
    old = {**branch()["assignments"][3], "to_date": "2026-11-16"}
    new = {**old, "manager_id": "M002", "from_date": "2026-11-16", "to_date": ""}
    assert load(loaded, write_drop(tmp_path / "x", {"assignments": [new, old]}, batch=2)).committed
    with loaded.read() as tx:
        held = tx.execute(
            select(Assignment.manager_id, Assignment.from_day, Assignment.to_day)
            .where(Assignment.client_id == "C2")
            .order_by(Assignment.from_day)
        ).all()
    assert held == [
        ("M001", day("2025-01-01"), day("2026-11-16")),
        ("M002", day("2026-11-16"), OPEN),
    ]


def test_the_same_drop_again_does_nothing(loaded, drop):
    before = counts(loaded)
    again = load(loaded, drop)
    assert (again.committed, again.repeated, again.problems) == (True, True, ())
    assert counts(loaded) == before


def test_two_imports_of_a_drop_at_once_take_turns(database, drop):
    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(lambda _: load(database, drop), range(2)))
    assert [report.committed for report in reports] == [True, True]
    assert sorted(report.repeated for report in reports) == [False, True]


def test_two_drops_at_once_both_find_their_place(loaded, tmp_path):
    rows = {"core": ("A1", "7"), "cards": ("A2", "0")}
    drops = [
        write_drop(
            tmp_path / source,
            {"balances": [{"account_id": account, "date": "2026-11-17", "amount_fen": amount}]},
            source=source,
            business_date="2026-11-17",
        )
        for source, (account, amount) in rows.items()
    ]
    with ThreadPoolExecutor(2) as pool:
        assert all(report.committed for report in pool.map(lambda it: load(loaded, it), drops))
    assert intervals(loaded, "A1")[-1] == (day("2026-11-17"), OPEN, 7)
    with loaded.read() as tx:
        assert len(set(tx.scalars(select(ImportBatch.id)))) == 3


def test_a_drop_is_compared_with_one_state_of_the_bank(loaded, tmp_path):
    """Another drop comes in between the old balances' look-up and the ledger's."""
    core, cards = (
        write_drop(
            tmp_path / source,
            {"balances": [{"account_id": "A1", "date": "2026-11-17", "amount_fen": amount}]},
            source=source,
            business_date="2026-11-17",
            ledger={"deposits_fen": int(amount)},
        )
        for source, amount in (("core", "7"), ("cards", "9"))
    )
    came = []

    @event.listens_for(loaded.engine, "before_cursor_execute")
    def meanwhile(connection, cursor, sql, *rest):
        if sql.startswith("INSERT INTO born_balance_interval") and not came:
            came.append(cards)
            came.append(load(loaded, cards))

    report = load(loaded, core)
    event.remove(loaded.engine, "before_cursor_execute", meanwhile)
    assert (came[1].committed, report.problems, report.committed) == (True, (), True)
    assert intervals(loaded, "A1")[-1] == (day("2026-11-17"), OPEN, 7)


def test_people_go_on_writing_while_a_drop_is_laid_out(loaded, tmp_path):
    visit = VisitEntry("V-own", "C1", "M001", NOW.date(), "video", "Asked about the new line")
    logged = []

    def write(name, rows, total):
        if not logged:
            with loaded.write() as tx:
                logged.append(log_visit(tx, visit, visit.day, NOW))

    again = write_drop(tmp_path / "again", branch(), batch=2)
    assert load(loaded, again, report=write).committed
    with loaded.read() as tx:
        assert logged == [True]
        assert tx.scalar(select(Visit.batch_id).where(Visit.id == "V-own")) is None


def test_a_warning_people_raised_meanwhile_stands(loaded, tmp_path):
    sent = {**branch()["warnings"][0], "id": "W9", "signal": "W02", "state": "open"}
    with loaded.write() as tx:
        values = {"id": "own", "signal": "W02", "client_id": "C1", "manager_id": "M001"}
        days = {"raised_day": day("2026-11-16"), "due_day": day("2026-11-20")}
        held = {"severity": "red", "state": "open", "evidence": {}}
        tx.execute(insert(RiskWarning).values(**values, **days, **held))
    told = {**branch()["warning_responses"][0], "id": "R9", "warning_id": "W9"}
    files = {"warnings": [sent], "warning_responses": [told]}
    assert load(loaded, write_drop(tmp_path / "x", files, batch=2)).committed
    with loaded.read() as tx:
        of_it = select(RiskWarning.id, RiskWarning.state).where(RiskWarning.signal == "W02")
        assert dict(tx.execute(of_it).all()) == {"own": "open", "W9": "closed"}


def test_a_warning_raised_again_meanwhile_is_told_with_its_row(loaded, tmp_path):
    with loaded.write() as tx:
        tx.execute(update(RiskWarning).values(state="closed"))

    def reopen(step, rows, total):
        if step == "writing":
            with loaded.write() as tx:
                tx.execute(update(RiskWarning).values(state="open"))

    sent = {**branch()["warnings"][0], "id": "W2", "state": "open"}
    following = write_drop(tmp_path / "next", {"warnings": [sent]}, batch=2)
    report = load(loaded, following, report=reopen)
    assert [(found.line, found.column, found.value) for found in report.problems] == [
        (2, "client_id", "C1")
    ]
    assert report.quoted["warnings.csv", 2][:3] == ("W2", "W01", "C1")
    with loaded.read() as tx:
        assert list(tx.scalars(select(RiskWarning.id))) == ["W1"]


def test_a_large_first_load_leaves_every_foreign_key_in_place(database, tmp_path):
    files = {name: branch()[name] for name in ("units", "staff", "clients", "visits")}
    visit = files["visits"][0]
    files["visits"] = [{**visit, "id": f"V{number:05}"} for number in range(MANY + 1)]

    def keys():
        found = inspect(database.engine).get_foreign_keys("visit")
        return sorted((key["constrained_columns"], key["referred_table"]) for key in found)

    before = keys()
    assert load(database, write_drop(tmp_path / "drop", files)).committed
    assert keys() == before == [(["client_id"], "client"), (["manager_id"], "staff")]


def test_cells_of_several_lines_keep_their_text_and_the_count_of_lines(database, tmp_path):
    note = 'Saw "the hall",\nthen a\tC:\\path\\N 。'
    files = branch()
    files["visits"][0]["note"] = note
    files["visits"].append({**files["visits"][0], "id": "V2", "kind": "letter"})
    refused = load(database, write_drop(tmp_path / "drop", files))
    # The header, then a row of lines 2 and 3, then the faulty one.
    assert [(found.line, found.column) for found in refused.problems] == [(4, "kind")]
    del files["visits"][1]
    assert load(database, write_drop(tmp_path / "drop", files)).committed
    with database.read() as tx:
        assert tx.scalar(select(Visit.note)) == note


def test_a_file_may_hold_no_rows(database, tmp_path):
    drop = write_drop(tmp_path / "drop", branch())
    rewrite(drop, "visits", text_of(branch()["visits"]).splitlines(keepends=True)[0], rows=0)
    assert load(database, drop).committed


def test_checking_only_writes_nothing(database, drop):
    before = counts(database)
    report = load(database, drop, check_only=True)
    assert (report.committed, report.problem_count) == (False, 0)
    assert sum(file.accepted for file in report.files) == sum(map(len, branch().values()))
    assert counts(database) == before
    assert load(database, drop).committed


def test_a_known_warning_stays_as_daybook_moved_it_on(loaded, tmp_path):
    reopened = {**branch()["warnings"][0], "state": "open"}
    assert load(loaded, write_drop(tmp_path / "x", {"warnings": [reopened]}, batch=2)).committed
    with loaded.read() as tx:
        assert tx.scalar(select(RiskWarning.state)) == "answered"


def test_a_signed_target_may_be_sent_again_but_not_otherwise(loaded, tmp_path):
    same = branch()["targets"][0]
    assert load(loaded, write_drop(tmp_path / "same", {"targets": [same]}, batch=2)).committed
    other = {**same, "amount": "5"}
    report = load(loaded, write_drop(tmp_path / "other", {"targets": [other]}, batch=3))
    assert [str(problem) for problem in report.problems] == [
        (
            "targets.csv line 2, amount '5': was signed otherwise and never changes:"
            " send the new one as the next version"
        )
    ]
    amended = {**other, "version": "2"}
    assert load(loaded, write_drop(tmp_path / "new", {"targets": [amended]}, batch=3)).committed
    with loaded.read() as tx:
        assert set(tx.scalars(select(Target.amount))) == {5, 1_000_000_000}


def test_progress_is_told_file_by_file_and_what_comes_then(database, drop):
    told = []
    load(database, drop, report=lambda name, rows, total: told.append((name, rows, total)))
    files = [(f"{name}.csv", len(rows), len(rows)) for name, rows in branch().items()]
    then = ("checking", "adding up", "writing", "adding up")
    assert told == [*files, *((step, 0, 0) for step in then)]
