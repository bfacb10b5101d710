"""Drops that are refused: each with its place and reason, and nothing written."""

from itertools import pairwise

import pytest
from sqlalchemy import select

from bank.importing.contract import FILES
from bank.models import Visit
from tests.bank.drops import Files, branch, counts, load, write_drop


def put(name: str, line: int, /, **values: str):
    """Change cells of the row on a line of a file."""

    def change(files):
        files[name][line - 2].update(values)

    return change


def again(name: str, line: int, /, **values: str):
    """Add a copy of the row on a line, with other cells."""

    def change(files):
        files[name].append({**files[name][line - 2], **values})

    return change


BROKEN = {
    "a word for a date": (
        put("visits", 2, date="1 June"),
        ("visits.csv", 2, "date", "1 June", "is not a date: write it like 2026-11-16"),
    ),
    "a day that does not exist": (
        put("visits", 2, date="2026-02-30"),
        ("visits.csv", 2, "date", "2026-02-30", "is not a date: write it like 2026-11-16"),
    ),
    "a date after the business date": (
        put("balances", 4, date="2026-11-17"),
        ("balances.csv", 4, "date", "2026-11-17", "is after the business date 2026-11-16"),
    ),
    "an amount with separators": (
        put("balances", 2, amount_fen="1,000.00"),
        (
            "balances.csv", 2, "amount_fen", "1,000.00",
            "is not a whole number: write digits only, such as 1250000",
        ),
    ),
    "an amount in full-width digits": (
        put("balances", 2, amount_fen="１００"),
        (
            "balances.csv", 2, "amount_fen", "１００",
            "is not a whole number: write digits only, such as 1250000",
        ),
    ),
    "an amount with a plus sign": (
        put("balances", 2, amount_fen="+5"),
        (
            "balances.csv", 2, "amount_fen", "+5",
            "is not a whole number: write digits only, such as 1250000",
        ),
    ),
    "an amount with underscores": (
        put("balances", 2, amount_fen="1_000"),
        (
            "balances.csv", 2, "amount_fen", "1_000",
            "is not a whole number: write digits only, such as 1250000",
        ),
    ),
    "an amount in words": (
        put("balances", 2, amount_fen="=1+1"),
        (
            "balances.csv", 2, "amount_fen", "=1+1",
            "is not a whole number: write digits only, such as 1250000",
        ),
    ),
    "no amount": (
        put("balances", 2, amount_fen=""),
        (
            "balances.csv", 2, "amount_fen", "",
            "is not a whole number: write digits only, such as 1250000",
        ),
    ),
    "a day of a week": (
        put("visits", 2, date="2026-W23-1"),
        ("visits.csv", 2, "date", "2026-W23-1", "is not a date: write it like 2026-11-16"),
    ),
    "an id that looks like another": (
        put("clients", 3, id="C\u200b1"),
        ("clients.csv", 3, "id", "C\u200b1", "holds a space or an unprintable character: remove it"),
    ),
    "a drawdown of nothing": (
        put("loan_events", 2, amount_fen="0"),
        ("loan_events.csv", 2, "amount_fen", "0", "is outside 1 to 100,000,000,000,000"),
    ),
    "a negative loan": (
        put("loan_events", 2, amount_fen="-5000000"),
        ("loan_events.csv", 2, "amount_fen", "-5000000", "is outside 1 to 100,000,000,000,000"),
    ),
    "a negative balance": (
        put("balances", 2, amount_fen="-1"),
        ("balances.csv", 2, "amount_fen", "-1", "is outside 0 to 100,000,000,000,000"),
    ),
    "an amount beyond 64 bits": (
        put("balances", 2, amount_fen="9" * 30),
        ("balances.csv", 2, "amount_fen", "9" * 30, "is outside 0 to 100,000,000,000,000"),
    ),
    "a share over 100": (
        put("assignments", 5, share_pct="101"),
        ("assignments.csv", 5, "share_pct", "101", "is outside 1 to 100"),
    ),
    "an unknown word": (
        put("clients", 2, tier="gold"),
        ("clients.csv", 2, "tier", "gold", "is not one of: private, premium, standard"),
    ),
    "a flag in another spelling": (
        put("loans", 2, refinances="Y"),
        ("loans.csv", 2, "refinances", "Y", "is neither true nor false"),
    ),
    "evidence that is no object": (
        put("warnings", 2, evidence="[1]"),
        (
            "warnings.csv", 2, "evidence", "[1]",
            'is not a JSON object: write one such as {"days_past_due": 3}',
        ),
    ),
    "an empty id": (
        put("clients", 3, id=""),
        ("clients.csv", 3, "id", "", "is empty: give a code"),
    ),
    "an id with a space": (
        put("clients", 3, id="C 2"),
        ("clients.csv", 3, "id", "C 2", "holds a space or an unprintable character: remove it"),
    ),
    "an id too long": (
        put("clients", 3, id="C" * 65),
        ("clients.csv", 3, "id", "C" * 65, "is longer than 64 characters: give a shorter code"),
    ),
    "an empty name": (
        put("clients", 3, name=" "),
        ("clients.csv", 3, "name", " ", "is empty: give a text"),
    ),
    "a control character": (
        put("clients", 3, name="a\0b"),
        ("clients.csv", 3, "name", "a\0b", "holds a control character: remove it"),
    ),
    "a text too long": (
        put("visits", 2, note="x" * 4001),
        ("visits.csv", 2, "note", "x" * 80 + "…", "has 4,001 characters: shorten it to 4,000"),
    ),
    "a span that ends before it starts": (
        put("assignments", 2, to_date="2024-12-31"),
        ("assignments.csv", 2, "to_date", "2024-12-31", "is not after from_date: correct one of the two"),
    ),
    "a visit logged before it was made": (
        put("visits", 2, logged_date="2026-05-31"),
        ("visits.csv", 2, "logged_date", "2026-05-31", "is before date: correct one of the two"),
    ),
    "an incident confirmed by its reporter": (
        put("incidents", 2, confirmed_by="L001"),
        (
            "incidents.csv", 2, "confirmed_by", "L001",
            "names nobody besides reported_by, though confirmed: a second person confirms",
        ),
    ),
    "a score without a day": (
        put("training", 3, score="60"),
        ("training.csv", 3, "score", "60", "is given without taken_date, or the reverse: give both or neither"),
    ),
    "a key twice": (
        again("clients", 2),
        ("clients.csv", 4, "id", "C1", "is there twice: keep one row of a key"),
    ),
    "a balance twice": (
        again("balances", 2, amount_fen="5"),
        ("balances.csv", 6, "account_id, date", "A1", "is there twice: keep one row of a key"),
    ),
    "an unknown client": (
        put("accounts", 3, client_id="C9"),
        (
            "accounts.csv", 3, "client_id", "C9",
            "is not known: add it to clients.csv, or send it in an earlier drop",
        ),
    ),
    "an unknown account": (
        again("balances", 2, account_id="A9"),
        (
            "balances.csv", 6, "account_id", "A9",
            "is not known: add it to accounts.csv, or send it in an earlier drop",
        ),
    ),
    "an unknown parent unit": (
        put("units", 2, parent_id="B0"),
        (
            "units.csv", 2, "parent_id", "B0",
            "is not known: add it to units.csv, or send it in an earlier drop",
        ),
    ),
    "a Slack account of two people": (
        put("staff", 4, slack_user_id="UM001"),
        (
            "staff.csv", 4, "slack_user_id", "UM001",
            "is bound to another person: unbind it there in an earlier drop",
        ),
    ),
    "shares over 100 % on a day": (
        again("assignments", 3, manager_id="L001", from_date="2026-09-01", share_pct="1"),
        (
            "assignments.csv", 6, "from_date", "2026-09-01",
            "brings the client's shares over 100 %: end or lower another",
        ),
    ),
    "a balance before the account": (
        put("balances", 2, date="2024-12-31"),
        (
            "balances.csv", 2, "date", "2024-12-31",
            "is outside the account's life: check its opened_date and closed_date",
        ),
    ),
    "a balance after the account": (
        put("balances", 5, date="2026-11-01"),
        (
            "balances.csv", 5, "date", "2026-11-01",
            "is outside the account's life: check its opened_date and closed_date",
        ),
    ),
    "two open warnings of a signal": (
        again("warnings", 2, id="W2", state="open"),
        (
            "warnings.csv", 2, "client_id", "C1",
            "has a warning of this signal that is not closed: close that one first",
        ),
    ),
}  # fmt: skip


def needed(name: str, files: Files) -> Files:
    """A file and those it refers to: a drop of all would take many times as long to check."""
    names, wanted = {name}, [name]
    while wanted:
        name = wanted.pop()
        file = next(file for file in FILES if file.name == name)
        found = {column.refers for column in file.columns if column.refers} - names
        names |= found
        wanted += found
    return {name: rows for name, rows in files.items() if name in names}


@pytest.mark.parametrize(("change", "problem"), BROKEN.values(), ids=BROKEN)
def test_a_broken_drop_is_refused_with_its_place(database, tmp_path, change, problem):
    files = branch()
    change(files)
    before = counts(database)
    files = needed(problem[0].removesuffix(".csv"), files)
    report = load(database, write_drop(tmp_path / "drop", files))
    first = report.problems[0]
    assert (first.file, first.line, first.column, first.value, first.reason) == problem
    assert report.committed is False
    assert counts(database) == before


def test_overlapping_spans_of_a_manager_are_refused(database, tmp_path):
    files = branch()
    files["assignments"].append({**files["assignments"][3], "from_date": "2026-01-01"})
    report = load(database, write_drop(tmp_path / "drop", needed("assignments", files)))
    assert {(found.line, found.value, found.reason) for found in report.problems} == {
        (6, "2026-01-01", "overlaps the manager's other span: end that one first"),
        (6, "2026-01-01", "brings the client's shares over 100 %: end or lower another"),
    }


def test_a_unit_below_itself_is_refused(database, tmp_path):
    files = branch()
    files["units"][0]["parent_id"] = "U10"
    # Below the circle hangs a chain: walking up from every link would take minutes.
    above = ["U10", *(f"X{number:05}" for number in range(20_000))]
    files["units"] += [
        {"id": one, "name": one, "parent_id": parent} for parent, one in pairwise(above)
    ]
    report = load(database, write_drop(tmp_path / "drop", needed("units", files)))
    reason = "is below itself: correct who is above whom"
    assert [(found.line, found.value, found.reason) for found in report.problems] == [
        (2, "U10", reason),
        (3, "B1", reason),
    ]


def test_what_the_bank_has_counts_too(loaded, tmp_path):
    """The same contradictions, spread over two drops."""
    span = branch()["assignments"][3]
    files = {
        "staff": [{**branch()["staff"][0], "id": "L002"}],
        "assignments": [
            {**span, "manager_id": "M002", "from_date": "2026-08-01", "share_pct": "1"},
            {**span, "from_date": "2026-09-01"},
        ],
        "balances": [{"account_id": "A2", "date": "2026-11-02", "amount_fen": "1"}],
        "warnings": [{**branch()["warnings"][0], "id": "W2"}],
    }
    before = counts(loaded)
    report = load(loaded, write_drop(tmp_path / "next", files, batch=2))
    assert sorted({(found.file, found.line, found.column) for found in report.problems}) == [
        ("assignments.csv", 2, "from_date"),
        ("assignments.csv", 3, "from_date"),
        ("balances.csv", 2, "date"),
        ("staff.csv", 2, "slack_user_id"),
        ("warnings.csv", 2, "client_id"),
    ]
    assert counts(loaded) == before


def test_every_fault_of_a_row_is_told_and_the_rest_is_counted(database, tmp_path):
    files = branch()
    files["clients"][0].update(tier="gold", opened_date="soon")
    report = load(database, write_drop(tmp_path / "drop", needed("clients", files)))
    assert [(found.line, found.column) for found in report.problems] == [
        (2, "tier"),
        (2, "opened_date"),
    ]
    clients = next(file for file in report.files if file.name == "clients.csv")
    assert (clients.rows, clients.accepted, clients.rejected) == (2, 1, 1)


def test_only_the_first_thousand_problems_are_listed(database, tmp_path):
    files = branch()
    files["balances"] = [
        {"account_id": "A1", "date": "2026-11-01", "amount_fen": "x"} for _ in range(1_500)
    ]
    report = load(database, write_drop(tmp_path / "drop", needed("balances", files)))
    assert (len(report.problems), report.problem_count) == (1_000, 1_500)


def test_formulas_and_markup_are_kept_as_the_text_they_are(database, tmp_path):
    files = branch()
    said = ["=cmd|' /C calc'!A0", "@SUM(1)", "+1", "-1", "\t=1", "<script>", "'; DROP TABLE visit"]
    files["visits"] = [
        {**files["visits"][0], "id": f"V{n}", "note": note} for n, note in enumerate(said)
    ]
    assert load(database, write_drop(tmp_path / "drop", needed("visits", files))).committed
    with database.read() as tx:
        assert list(tx.scalars(select(Visit.note).order_by(Visit.id))) == said
