"""Who may do and see what: every deed of the desk and every command, for every role."""

import inspect
from datetime import timedelta

import pytest
from typer.main import get_command

from bank.database import Database
from bank.models.people import ROLES
from bank.people import find_staff
from bank.schema import migrate
from bot.access import (
    DEEDS,
    EVERYONE,
    NotYoursError,
    check_client,
    kpi_subject,
    permit,
    policy_roles,
    rating_subject,
)
from bot.approvals import Approvals
from bot.cli import app
from bot.desk import Desk
from bot.experts import Experts
from bot.statements import Reports
from tests.bot import branch
from tests.bot.branch import STAFF, TODAY, found

ALLOWED = {
    #                  manager  lead   risk   compl. hr     operator
    "ask":            (True,  True,  True,  True,  True,  True),
    "sources":        (True,  True,  True,  True,  True,  True),
    "policies":       (True,  True,  True,  True,  True,  True),
    "kpi":            (True,  True,  False, False, True,  False),
    "brief":          (True,  True,  False, False, False, False),
    "rate":           (False, True,  True,  False, False, False),
    "day":            (True,  False, False, False, False, False),
    "log_visit":      (True,  False, False, False, False, False),
    "answer_warning": (True,  False, False, False, False, False),
    "snooze":         (True,  False, False, False, False, False),
    "confirm":        (False, False, False, True,  False, False),
    "feedback":       (True,  True,  True,  True,  True,  True),
    "export_audit":   (False, False, False, True,  False, False),
    "remove_audit":   (False, False, False, True,  False, False),
    "restart_audit":  (False, False, False, True,  False, True),
    "report_answers": (False, False, False, True,  False, False),
    "report_unit":    (False, True,  False, False, True,  False),
    # Whose ticket or answer it is, decides the rest (ticket_of, verified_of).
    "tickets":        (True,  True,  True,  True,  True,  True),
    "open_ticket":    (True,  True,  True,  True,  True,  True),
    "answer_ticket":  (True,  True,  True,  True,  True,  True),
    "assign_ticket":  (True,  True,  True,  True,  True,  True),
    "approve_answer": (False, False, False, True,  False, False),
    "decline_answer": (False, False, False, True,  False, False),
    "withdraw_answer": (True, True,  True,  True,  True,  True),
    # Whose incident it is decides the rest; compliance and HR only handle appeals.
    "incidents":      (True,  False, True,  True,  True,  False),
    "report_incident": (False, False, True, False, False, False),
    "decide_incident": (False, False, True, True,  True,  False),
    "appeal_incident": (True, False, False, False, False, False),
    "check_classes":  (False, False, True,  False, False, False),
    # Whose side they are on decides the rest (bank/targets).
    "targets":        (True,  True,  False, False, True,  False),
    "propose_target": (True,  True,  False, False, True,  False),
    "sign_target":    (True,  True,  False, False, True,  False),
    "decline_target": (True,  True,  False, False, True,  False),
    "allow_target":   (False, False, False, False, True,  False),
    # What part they have in it decides the rest (parts_in, scoring/cycle).
    "appraisal":      (True,  True,  True,  True,  True,  True),
    "open_appraisals": (False, False, False, False, True, False),
    "adjust_appraisals": (False, False, False, False, True, False),
    "advance_appraisals": (False, False, False, False, True, True),
}  # fmt: skip
BY_ROLE = {
    "manager": "M001",
    "team_lead": "L001",
    "risk": "R001",
    "compliance": "C001",
    "hr": "H001",
    "operator": "O001",
}
# Whose appraisal each may see: themselves, their subtree, or everybody's.
SUBJECTS = {
    "M001": {"M001"},
    "M002": {"M002"},
    "L001": {"M001", "M002", "M003", "M009"},
    "L011": {"M001", "M002", "M009"},
    "H001": {"M001", "M002", "M003", "M009"},
    "R001": set(),
    "C001": set(),
    "C002": set(),
    "O001": set(),
}
# Whose clients each may see on 17 November. K4 was M002's until that day, and is M001's now.
CLIENTS = {"K1": ["M001"], "K2": ["M001", "M003"], "K3": ["M003"], "K9": ["M009"]}
SEEN = {
    "M001": {"K1", "K2", "K4"},
    "M002": set(),
    "M003": {"K2", "K3"},
    "M009": set(),  # has left; whoever leads the unit still sees to the client
    "L001": {"K1", "K2", "K3", "K4", "K9"},
    "L011": {"K1", "K2", "K4", "K9"},
    "R001": set(),
    "C001": set(),
    "C002": set(),
    "H001": set(),
    "O001": set(),
}
# Whom each may rate, and as what: the nearest lead is the superior (U12 has none of its own).
RATED = {
    ("L011", "superior"): {"M001", "M002", "M009"},
    ("L001", "superior"): {"M003"},
    ("R001", "risk"): {"M001", "M002", "M003", "M009"},
}
OPERATORS_OWN = {
    "migrate",
    "import",
    "demo",
    "score",
    "remind",
    "try",
    "serve",
    "policy",
    "calendar",
    "eval",
    "tune",
    "audit",
    "report",
    "scheme",
}
BY_SOMEBODY = {
    "ask", "feedback", "kpi", "brief", "rate", "ticket", "verified", "appraisal",
    "classes", "client", "incident", "target",
}  # fmt: skip
ASK_FIRST = (
    "permit(", "kpi_subject(", "check_client(", "rating_subject(", "self.day(", "ticket_of(",
    "verified_of(", "self.find(", "self.list(", "self._end(", "unit_subject(",
)  # fmt: skip


@pytest.fixture(scope="module")
def bank(databases):
    """One bank for all: nothing here writes."""
    url = databases.copy("migrated", migrate)
    database = Database(url)
    found(database)
    for client_id, managers in CLIENTS.items():
        branch.client(database, client_id, managers[0], share=100 // len(managers))
        for manager_id in managers[1:]:
            branch.hold(database, client_id, manager_id, share=50)
    branch.client(database, "K4", "M001", since=TODAY)
    branch.hold(database, "K4", "M002", until=TODAY)
    yield database
    database.close()
    databases.drop(url)


def person(bank, staff_id):
    with bank.read() as tx:
        return find_staff(tx, staff_id)


def test_every_deed_has_its_roles_and_every_role_is_known():
    assert set(DEEDS) == set(ALLOWED)
    assert set(ROLES) == EVERYONE == set(BY_ROLE)


@pytest.mark.parametrize("desk", [Desk, Experts, Approvals, Reports])
def test_every_method_of_a_desk_asks_access_first(desk):
    for name, method in inspect.getmembers(desk, inspect.isfunction):
        if name.startswith("_") or name == "today":
            continue
        source = inspect.getsource(method)
        assert any(asks in source for asks in ASK_FIRST), name


def test_every_command_that_shows_a_persons_matters_says_as_whom():
    commands = get_command(app).commands
    asks_who = {
        name
        for name, command in commands.items()
        if all(
            any("--as" in parameter.opts for parameter in one.params)
            for one in getattr(command, "commands", {name: command}).values()
        )
    }

    assert asks_who - OPERATORS_OWN == set(commands) - OPERATORS_OWN == BY_SOMEBODY


@pytest.mark.parametrize("role", list(BY_ROLE))
@pytest.mark.parametrize("deed", list(ALLOWED))
def test_a_role_may_do_what_the_table_says(bank, deed, role):
    actor = person(bank, BY_ROLE[role])
    allowed = ALLOWED[deed][list(BY_ROLE).index(role)]

    if allowed:
        permit(actor, deed, TODAY)
    else:
        with pytest.raises(NotYoursError):
            permit(actor, deed, TODAY)


@pytest.mark.parametrize("deed", list(ALLOWED))
def test_whoever_has_left_may_do_nothing(bank, deed):
    with pytest.raises(NotYoursError):
        permit(person(bank, "M009"), deed, TODAY)


@pytest.mark.parametrize("actor_id", list(SUBJECTS))
def test_an_appraisal_is_seen_by_its_manager_the_leads_above_and_hr(bank, actor_id):
    actor = person(bank, actor_id)

    def sees(subject_id):
        with bank.read() as tx:
            try:
                return kpi_subject(tx, actor, subject_id, TODAY).id == subject_id
            except NotYoursError:
                return False

    everybody = {*STAFF, "M009", "M404", ""}
    assert {subject for subject in everybody if sees(subject)} == SUBJECTS[actor_id]


@pytest.mark.parametrize("actor_id", list(SEEN))
def test_a_client_is_seen_by_its_managers_of_the_day_and_their_leads(bank, actor_id):
    actor = person(bank, actor_id)

    def sees(client_id, on=TODAY):
        with bank.read() as tx:
            try:
                check_client(tx, actor, client_id, on)
            except NotYoursError:
                return False
        return True

    assert {client for client in (*CLIENTS, "K4", "K404", "") if sees(client)} == SEEN[actor_id]
    yesterday = TODAY - timedelta(1)
    assert sees("K4", yesterday) == (actor_id in {"M002", "L001", "L011"})


@pytest.mark.parametrize("kind", ["superior", "risk", "client", ""])
@pytest.mark.parametrize("actor_id", [*STAFF, "M009"])
def test_a_manager_is_rated_by_the_nearest_lead_and_by_risk(bank, actor_id, kind):
    actor = person(bank, actor_id)

    def rates(subject_id):
        with bank.read() as tx:
            try:
                return rating_subject(tx, actor, subject_id, kind, TODAY).id == subject_id
            except NotYoursError:
                return False

    everybody = {*STAFF, "M009", "M404", ""}
    assert {subject for subject in everybody if rates(subject)} == RATED.get(
        (actor_id, kind), set()
    )


def test_not_yours_and_does_not_exist_are_one_answer(bank):
    actor = person(bank, "M001")
    said = []
    for subject_id in ("M002", "M404"):
        with bank.read() as tx, pytest.raises(NotYoursError) as error:
            kpi_subject(tx, actor, subject_id, TODAY)
        said.append(type(error.value))

    assert said == [NotYoursError, NotYoursError]


def test_in_a_channel_only_what_everybody_may_read_is_quoted(bank):
    assert policy_roles(person(bank, "R001"), shared=True) == frozenset()
    assert policy_roles(person(bank, "R001"), shared=False) == {"risk"}
