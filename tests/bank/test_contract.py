"""The declarations of the drop: sound among themselves, and what they refuse."""

import pytest

from bank.importing.contract import FILES
from tests.bank.drops import branch, load, write_drop

NAMES = [file.name for file in FILES]


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_a_declaration_names_only_what_is_there(file):
    columns = {column.name: column for column in file.columns}
    named = {*file.key, *file.unique, *(rule.column for rule in file.rules)}
    if file.takes_effect:
        named.add(file.takes_effect)
        assert columns[file.takes_effect].field.endswith(("day", "year"))
    if file.history:
        named |= {file.history.since, *file.history.columns}
        kept = file.history.model.__table__
        assert list(kept.primary_key.columns.keys()) == [file.history.thing, "from_day"]
        assert set(kept.columns.keys()) == {
            file.history.thing, "from_day", "to_day", "batch_id", *file.history.columns,
        }  # fmt: skip
    if file.sums:
        named |= {file.sums.group, "share_pct"}
    assert named <= set(columns)


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_a_file_comes_after_those_it_refers_to(file):
    known = NAMES[: NAMES.index(file.name) + 1]
    assert {column.refers for column in file.columns if column.refers} <= set(known)


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_a_file_refers_wherever_its_table_does(file):
    """What a foreign key would refuse, the import has told as a problem before."""
    columns = {column.field: column for column in file.columns}
    tables = {other.model.__tablename__: other.name for other in FILES}
    for key in file.model.__table__.foreign_keys:
        assert columns[key.parent.name].refers == tables[key.column.table.name]


# file, row of the branch (counted as in the file), cells that make it wrong, column, reason
WRONG = [
    ("clients", 3, {"closed_date": "2021-05-05", "closed_reason": "death"},
     "closed_date", "is before opened_date: correct one of the two"),
    ("clients", 3, {"closed_date": "2026-11-01"},
     "closed_reason", "is given without closed_date, or the reverse: give both or neither"),
    ("clients", 3, {"closed_reason": "bank"},
     "closed_reason", "is given without closed_date, or the reverse: give both or neither"),
    ("leaves", 2, {"to_date": "2026-08-02"},
     "to_date", "is before from_date: correct one of the two"),
    ("wallets", 2, {"total_fen": "0"},
     "total_fen", "is outside 1 to 100,000,000,000,000"),
    ("statements", 2, {"received_date": "2025-12-30"},
     "received_date", "is before year_end_date: correct one of the two"),
    ("statements", 2, {"assets_fen": "0"},
     "assets_fen", "is outside 1 to 100,000,000,000,000"),
    ("statements", 2, {"current_assets_fen": "30000001"},
     "current_assets_fen", "is more than assets_fen: correct one of the two"),
    ("statements", 2, {"inventory_fen": "18000001"},
     "inventory_fen", "is more than current_assets_fen: correct one of the two"),
    ("statements", 2, {"cash_fen": "18000001"},
     "cash_fen", "is more than current_assets_fen: correct one of the two"),
    ("statements", 2, {"current_liabilities_fen": "15000001"},
     "current_liabilities_fen", "is more than liabilities_fen: correct one of the two"),
    ("prosperity", 2, {"score": "101"}, "score", "is outside 0 to 100"),
    ("duties", 3, {"done_date": "2026-11-17"},
     "done_date", "is after the business date 2026-11-16"),
    ("accounts", 2, {"currency": "yuan"},
     "currency", "is no currency: write three capital letters, such as CNY"),
    ("accounts", 2, {"matures_date": "2024-12-31"},
     "matures_date", "is before opened_date: correct one of the two"),
    ("holdings", 2, {"closed_date": "2026-10-07"},
     "closed_date", "is before opened_date: correct one of the two"),
    ("credit_lines", 2, {"to_date": "2026-01-01"},
     "to_date", "is not after from_date: correct one of the two"),
    ("credit_lines", 2, {"amount_fen": "0"},
     "amount_fen", "is outside 1 to 100,000,000,000,000"),
    ("loans", 2, {"approved_date": "2026-01-06"},
     "signed_date", "is before approved_date: correct one of the two"),
    ("loans", 2, {"matures_date": "2026-01-04"},
     "matures_date", "is before signed_date: correct one of the two"),
    ("loans", 2, {"green_code": ""},
     "green_catalogue", "is given without green_code, or the reverse: give both or neither"),
    ("loans", 2, {"restructured_date": "2026-01-04"},
     "restructured_date", "is before signed_date: correct one of the two"),
    ("loan_events", 4, {"reverses_id": ""},
     "reverses_id", "is given without kind reversal, or the reverse: correct one of the two"),
    ("loan_events", 2, {"reverses_id": "E20"},
     "reverses_id", "is given without kind reversal, or the reverse: correct one of the two"),
    ("loan_events", 4, {"reverses_id": "E21"},
     "reverses_id", "is the same as id: correct one of the two"),
    ("loan_events", 2, {"amount_fen": "-1"},
     "amount_fen", "is outside 1 to 100,000,000,000,000"),
    ("collateral", 2, {"to_date": "2026-01-05"},
     "to_date", "is not after from_date: correct one of the two"),
    ("recoveries", 2, {"booked_date": "2026-11-01"},
     "booked_date", "is before date: correct one of the two"),
    ("fees", 3, {"amount_fen": "2000"},
     "amount_fen",
     "is not negative, though refunds_id names a fee: write a refund as a negative amount"),
    ("fees", 2, {"cancelled": "no"}, "cancelled", "is neither true nor false"),
    ("surveys", 2, {"score": "101"}, "score", "is outside 0 to 100"),
    ("referrals", 2, {"client_id": "C1"},
     "client_id", "is the same as referrer_id: correct one of the two"),
    ("inquiries", 2, {"answered_date": "2026-11-11"},
     "answered_date", "is before received_date: correct one of the two"),
    ("inquiries", 2, {"due_date": "2026-11-11"},
     "due_date", "is before received_date: correct one of the two"),
    ("needs", 2, {"due_date": "2026-10-29"},
     "due_date", "is before noted_date: correct one of the two"),
    ("complaints", 2, {"decided_date": "2026-08-31"},
     "decided_date", "is before received_date: correct one of the two"),
    ("complaints", 2, {"decided_date": ""},
     "decided_date",
     "is given with state pending, or missing with another: correct one of the two"),
    ("complaints", 2, {"duplicate_of": "P2"},
     "duplicate_of", "is given without state duplicate, or the reverse: correct one of the two"),
    ("complaints", 3, {"duplicate_of": "P2"},
     "duplicate_of", "is the same as id: correct one of the two"),
    ("incidents", 2, {"decided_date": ""},
     "decided_date",
     "is given with state reported, or missing with another: correct one of the two"),
    ("incidents", 2, {"decided_date": "2026-05-02"},
     "decided_date", "is before known_date: correct one of the two"),
    ("checks", 2, {"recheck_passed": ""},
     "recheck_passed", "is given without recheck_date, or the reverse: give both or neither"),
    ("checks", 2, {"recheck_date": "2026-09-14"},
     "recheck_date", "is before date: correct one of the two"),
    ("certificates", 2, {"to_date": "2024-05-01"},
     "to_date", "is not after from_date: correct one of the two"),
    ("proposals", 2, {"decided_date": ""},
     "decided_date",
     "is given with state submitted, or missing with another: correct one of the two"),
    ("collab_ratings", 2, {"rater_id": "M001"},
     "rater_id", "is the same as manager_id: correct one of the two"),
    ("collab_ratings", 2, {"quarter": "2026"},
     "quarter", "is no quarter: write it like 2026Q4"),
    ("credit_files", 2, {"reason": ""},
     "reason", "is given without returned_date, or the reverse: give both or neither"),
    ("ratings", 2, {"period": "2026Q5"},
     "period", "is no period: write it like 2026Q4 or 2026"),
    ("ratings", 2, {"rater_id": "M001"},
     "rater_id", "is the same as manager_id: correct one of the two"),
    ("appeals", 2, {"handler_id": "M001"},
     "handler_id", "is the same as manager_id: correct one of the two"),
    ("appeals", 2, {"state": "upheld", "decided_date": "2026-10-20"},
     "handler_id", "is empty, though it is decided: name who decided"),
    ("appeals", 2, {"state": "rejected", "handler_id": "L001"},
     "decided_date",
     "is given with state open, or missing with another: correct one of the two"),
]  # fmt: skip


def test_rows_that_contradict_themselves_are_refused(database, tmp_path):
    """All of them in one drop: each is told at its place, and nothing else is."""
    files = branch()
    expected = set()
    for name, line, cells, column, reason in WRONG:
        files[name].append({**branch()[name][line - 2], **cells})
        expected.add((f"{name}.csv", len(files[name]) + 1, column, reason))
    report = load(database, write_drop(tmp_path / "drop", files), check_only=True)
    found = {(each.file, each.line, each.column, each.reason) for each in report.problems}
    assert found == expected
