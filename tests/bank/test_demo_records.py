"""The demo bank's records, as written: every story is there, and its parts agree."""

import csv
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from bank.calendar import published_calendar
from bank.demo import write_drop
from bank.importing.contract import FILES
from bank.models.care import DUTY_KINDS
from scoring.periods import Period

ON = date(2026, 11, 16)
FIRST = date(2025, 10, 17)
Rows = list[dict[str, str]]


class Drop:
    """A drop's files as dictionaries, read once each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = cache(self._file)

    def _file(self, name: str) -> Rows:
        with (self.folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def by(self, name: str, column: str = "id") -> dict[str, dict[str, str]]:
        return {row[column]: row for row in self.file(name)}

    def groups(self, name: str, column: str) -> dict[str, Rows]:
        found = defaultdict(list)
        for row in self.file(name):
            found[row[column]].append(row)
        return found


@pytest.fixture(scope="module")
def drop(tmp_path_factory) -> Iterator[Drop]:
    folder = tmp_path_factory.mktemp("demo")
    write_drop(folder)
    return Drop(folder)


def day(text: str) -> date:
    return date.fromisoformat(text)


def test_every_file_of_the_contract_has_rows_under_its_columns(drop):
    for file in FILES:
        rows = drop.file(file.name)
        assert rows, file.name
        assert list(rows[0]) == [column.name for column in file.columns]


def test_every_reference_leads_somewhere(drop):
    for file in FILES:
        for column in file.columns:
            if column.refers:
                known = drop.by(column.refers).keys()
                assert {row[column.name] for row in drop.file(file.name)} - {""} <= known


def test_a_client_has_two_accounts_on_average_and_few_count_for_nobody(drop):
    accounts = drop.file("accounts")
    assert len(accounts) / len(drop.file("clients")) == pytest.approx(2, abs=0.15)
    kinds = Counter(row["kind"] for row in accounts)
    assert kinds["time"] > kinds["margin"] > 0
    assert 5 < sum(row["excluded"] != "" for row in accounts) < 50
    assert {row["currency"] for row in accounts} == {"CNY", "USD"}


def test_a_time_deposit_falls_due_after_it_was_opened_and_soon_enough_to_renew(drop):
    terms = [row for row in drop.file("accounts") if row["kind"] == "time"]
    assert all(row["product_id"] in ("D03", "D06", "D12", "D36") for row in terms)
    still = [row for row in terms if not row["closed_date"]]
    assert all(ON < day(row["matures_date"]) < ON + timedelta(days=3 * 366) for row in still)
    soon = sum(day(row["matures_date"]) <= ON + timedelta(days=90) for row in still)
    assert soon / len(still) > 0.2


def test_balances_move_on_the_banks_days_and_only_when_they_change(drop):
    business = set(published_calendar().within(FIRST, ON))
    for changes in drop.groups("balances", "account_id").values():
        days = [day(row["date"]) for row in changes]
        assert business.issuperset(days)
        assert days == sorted(set(days))
        amounts = [row["amount_fen"] for row in changes]
        assert all(amount != after for amount, after in pairwise(amounts))


def test_clients_who_left_took_everything_with_them(drop):
    left = {row["id"]: row for row in drop.file("clients") if row["closed_date"]}
    assert 0.005 < len(left) / len(drop.file("clients")) < 0.03
    assert {"client"} < {row["closed_reason"] for row in left.values()}
    for client, row in left.items():
        accounts = drop.groups("accounts", "client_id")[client]
        held = drop.groups("assignments", "client_id")[client]
        ends = [one["closed_date"] for one in accounts] + [max(one["to_date"] for one in held)]
        assert max(ends) == row["closed_date"]
        assert client not in drop.groups("loans", "client_id")


def test_a_products_value_strays_but_does_not_run_away(drop):
    paths, steps = drop.groups("prices", "product_id"), defaultdict(list)
    for product in drop.file("products"):
        if product["kind"] == "deposit":
            continue
        navs = [int(row["nav"]) for row in paths[product["id"]]]
        assert 0.5 < navs[-1] / navs[0] < 2
        steps[int(product["risk_level"])].append(
            statistics.fmean(abs(after / nav - 1) for nav, after in pairwise(navs))
        )
    assert max(steps[1] + steps[2]) < min(steps[4] + steps[5])


def test_holdings_add_up_through_purchases_plans_and_sales(drop):
    changes = [len(rows) for rows in drop.groups("holding_units", "holding_id").values()]
    assert len(changes) == len(drop.file("holdings"))
    assert max(changes) > 8, "someone saves every month"
    sold = sum(row["closed_date"] != "" for row in drop.file("holdings"))
    assert 0.05 < sold / len(changes) < 0.3
    owners = Counter(drop.by("clients")[row["client_id"]]["tier"] for row in drop.file("holdings"))
    clients = Counter(row["tier"] for row in drop.file("clients"))
    rates = [owners[tier] / clients[tier] for tier in ("private", "premium", "standard")]
    assert rates == sorted(rates, reverse=True)


def test_refunds_give_back_no_more_than_the_fee_and_splits_are_whole(drop):
    fees = drop.by("fees")
    refunds = [row for row in fees.values() if row["refunds_id"]]
    assert refunds
    for row in refunds:
        fee = fees[row["refunds_id"]]
        assert -int(fee["amount_fen"]) <= int(row["amount_fen"]) < 0
        assert row["date"] > fee["date"]
    for shares in drop.groups("fee_splits", "fee_id").values():
        assert sum(int(row["share_pct"]) for row in shares) == 100
    lines = Counter(row["income_line"] for row in fees.values())
    assert lines["wealth"] > lines["investment_banking"] > 0
    assert lines["settlement"] > 0
    crossing = [
        row
        for row in refunds
        if Period.containing(day(row["date"]))
        != Period.containing(day(fees[row["refunds_id"]]["date"]))
    ]
    assert crossing, "a refund belongs to its own quarter"


def test_loans_end_in_every_way_a_loan_can(drop):
    events = drop.file("loan_events")
    kinds = Counter(row["kind"] for row in events)
    assert kinds["write_off"] == kinds["transfer_out"] == 1
    by_id = drop.by("loan_events")
    taken_back = [row for row in events if row["kind"] == "reversal"]
    assert taken_back
    for row in taken_back:
        mistake = by_id[row["reverses_id"]]
        assert (mistake["kind"], mistake["amount_fen"]) == ("drawdown", row["amount_fen"])
        assert mistake["loan_id"] == row["loan_id"]
    loans = drop.file("loans")
    assert any(row["restructured_date"] for row in loans)
    green = {row["green_catalogue"] for row in loans if row["green_code"]}
    assert green == {"2021", "2025"}
    for row in loans:
        if row["green_code"]:
            assert (row["green_catalogue"] == "2025") == (row["approved_date"] >= "2025-10-01")


def test_what_is_recovered_was_lost_before(drop):
    grades = defaultdict(list)
    for row in drop.file("loan_classes"):
        grades[row["loan_id"]].append((row["date"], row["grade"]))
    assert len(drop.file("recoveries")) > 5
    for row in drop.file("recoveries"):
        bad = [first for first, grade in grades[row["loan_id"]] if grade in ("substandard", "loss")]
        assert min(bad) <= row["date"] <= row["booked_date"]


def test_complaints_are_decided_later_some_in_the_next_quarter(drop):
    complaints = drop.file("complaints")
    states = Counter(row["state"] for row in complaints)
    assert states["upheld"] >= 2
    assert states["rejected"] >= 2
    decided = [(day(row["received_date"]), row["decided_date"]) for row in complaints]
    later = [
        (came, day(settled))
        for came, settled in decided
        if settled and Period.containing(came) != Period.containing(day(settled))
    ]
    assert later, "received in one quarter, decided in the next"


def test_surveys_follow_how_careful_a_manager_is(drop):
    scores = {
        manager: statistics.fmean(int(row["score"]) for row in rows)
        for manager, rows in drop.groups("surveys", "manager_id").items()
        if len(rows) >= 5
    }
    assert len(scores) >= 10
    assert scores["M010"] > scores["M011"], "the most and the least diligent"
    assert 80 < statistics.fmean(scores.values()) < 97


def test_clients_were_recommended_before_they_came(drop):
    clients = drop.by("clients")
    assert drop.file("referrals")
    for row in drop.file("referrals"):
        came = clients[row["client_id"]]["opened_date"]
        assert clients[row["referrer_id"]]["opened_date"] < row["date"] < came


def test_questions_are_answered_mostly_in_time(drop):
    rows = drop.file("inquiries")
    answered = [row for row in rows if row["answered_date"]]
    in_time = sum(row["answered_date"] <= row["due_date"] for row in answered) / len(answered)
    assert 0.75 < in_time < 1
    assert {row["state"] for row in drop.file("needs")} == {"open", "met", "declined"}


def test_papers_fall_due_and_some_are_late(drop):
    late = sum(day(row["due_date"]) < ON for row in drop.file("documents"))
    assert 0.01 < late / len(drop.file("documents")) < 0.08
    due = [row["kyc_due_date"] for row in drop.file("clients") if not row["closed_date"]]
    assert all(day(text) > ON - timedelta(days=21) for text in due)


def test_every_manager_has_checks_enough_and_what_failed_was_looked_at_again(drop):
    staff = drop.by("staff")
    for manager, rows in drop.groups("checks", "manager_id").items():
        if staff[manager]["hired_date"] < "2025-01-01" and not staff[manager]["left_date"]:
            assert len(rows) >= 10
    failed = [row for row in drop.file("checks") if row["passed"] == "false"]
    assert 0.01 < len(failed) / len(drop.file("checks")) < 0.2
    assert any(row["recheck_passed"] == "true" for row in failed)


def test_ideas_quarters_ratings_and_appeals_are_there(drop):
    assert {"submitted"} < {row["state"] for row in drop.file("proposals")}
    for shares in drop.groups("proposal_authors", "proposal_id").values():
        assert sum(int(row["share_pct"]) for row in shares) == 100
    raters = defaultdict(set)
    for row in drop.file("collab_ratings"):
        raters[row["manager_id"], row["quarter"]].add(row["rater_id"])
    assert all(len(names) == 3 for names in raters.values())
    assert {row["kind"] for row in drop.file("ratings")} == {"superior", "risk", "client"}
    states = Counter(row["state"] for row in drop.file("appeals"))
    assert states == {"open": 1, "upheld": 1, "rejected": 1}
    contested = next(row for row in drop.file("appeals") if row["state"] == "open")
    incident = drop.by("incidents")[contested["item"]]
    assert (incident["state"], incident["manager_id"]) == ("confirmed", contested["manager_id"])


def test_a_proposals_steps_lead_to_its_state(drop):
    ways = {"screened": 1, "adopted": 2, "rolled_out": 3}
    steps = drop.groups("proposal_steps", "proposal_id")
    assert steps
    for proposal in drop.file("proposals"):
        taken = steps.get(proposal["id"], [])
        names = ["screened", "adopted", "rolled_out"][: ways.get(proposal["state"], 0)]
        assert [row["state"] for row in taken] == names
        days = [row["date"] for row in taken]
        assert days == sorted(days)
        if days:
            assert proposal["date"] < days[0]
            assert days[-1] == proposal["decided_date"]


def test_duties_are_done_mostly_in_time_and_some_are_still_ahead(drop):
    rows = drop.file("duties")
    assert {row["kind"] for row in rows} == set(DUTY_KINDS)
    due = [row for row in rows if day(row["due_date"]) <= ON]
    in_time = sum("" < row["done_date"] <= row["due_date"] for row in due) / len(due)
    assert 0.75 < in_time < 1
    ahead = [row for row in rows if day(row["due_date"]) > ON]
    assert any(row["done_date"] == "" for row in ahead)


def test_some_are_on_leave_but_nobody_who_left_or_has_just_come(drop):
    rows = drop.file("leaves")
    assert {row["kind"] for row in rows} == {"annual", "sick", "parental"}
    assert {row["from_date"] > str(ON) for row in rows} == {True, False}
    staff = drop.by("staff")
    for row in rows:
        assert staff[row["staff_id"]]["hired_date"] < row["from_date"] < row["to_date"]
        assert not staff[row["staff_id"]]["left_date"]


def test_a_client_had_no_less_in_all_than_in_deposits(drop):
    had = {row["client_id"]: int(row["day_average_fen"]) for row in drop.file("asset_bases")}
    deposits = drop.by("client_bases", "client_id")
    assert deposits.keys() <= had.keys()
    more = [c for c, row in deposits.items() if had[c] > int(row["day_average_fen"])]
    assert all(had[client] >= int(row["day_average_fen"]) for client, row in deposits.items())
    assert set(more) <= {row["client_id"] for row in drop.file("holdings")}
    assert 0.1 < len(more) / len(deposits) < 0.4


def test_a_companys_wallet_is_larger_than_what_it_has_here(drop):
    clients, bases = drop.by("clients"), drop.by("client_bases", "client_id")
    rows = drop.file("wallets")
    assert 0.2 < len(rows) / sum(row["size_class"] != "" for row in clients.values()) < 0.6
    for row in rows:
        assert clients[row["client_id"]]["customer_class"] == "corporate"
        if row["client_id"] in bases:
            here = int(bases[row["client_id"]]["day_average_fen"])
            assert int(row["total_fen"]) > here


def test_most_borrowing_companies_give_statements_that_add_up(drop):
    clients, loans = drop.by("clients"), drop.groups("loans", "client_id")
    given = drop.groups("statements", "client_id")
    companies = {row["id"] for row in clients.values() if row["size_class"]}
    borrowing = companies & loans.keys()
    assert given.keys() <= companies
    assert 0.8 < len(borrowing & given.keys()) / len(borrowing) < 1
    newest = [max(rows, key=lambda row: row["year_end_date"]) for rows in given.values()]
    years = Counter(row["year_end_date"] for row in newest)
    assert years["2025-12-31"] > 10 * years["2024-12-31"] > 0
    for row in drop.file("statements"):
        assert int(row["current_assets_fen"]) <= int(row["assets_fen"])
        assert int(row["current_liabilities_fen"]) <= int(row["liabilities_fen"])
        assert int(row["inventory_fen"]) + int(row["cash_fen"]) <= int(row["current_assets_fen"])


def test_every_industry_of_a_company_has_an_index_of_the_quarter(drop):
    industries = {row["industry"] for row in drop.file("clients")} - {""}
    told = drop.groups("prosperity", "industry")
    assert industries <= told.keys()
    assert {max(row["from_date"] for row in rows) for rows in told.values()} == {"2026-10-01"}


def test_some_credit_files_came_back(drop):
    files = drop.file("credit_files")
    returned = [row for row in files if row["returned_date"]]
    assert 0.01 < len(returned) / len(files) < 0.2
    assert all(row["reason"] for row in returned)


def test_a_company_has_one_credit_line_at_a_time_and_stays_within_it(drop):
    loans = drop.groups("loans", "client_id")
    for client, lines in drop.groups("credit_lines", "client_id").items():
        spans = sorted((row["from_date"], row["to_date"]) for row in lines)
        assert all(end <= start for (_, end), (start, _) in pairwise(spans))
        assert len(spans) == len(loans[client])
    line = {row["id"].removesuffix("-C"): row for row in drop.file("credit_lines")}
    for row in drop.file("loan_events"):
        if row["kind"] == "drawdown" and row["loan_id"] in line:
            assert (
                line[row["loan_id"]]["from_date"] <= row["date"] < line[row["loan_id"]]["to_date"]
            )
