"""A small bank for the tests of bot: two teams, officers, a few clients; today is 17 Nov 2026."""

from datetime import UTC, date, datetime

from sqlalchemy import insert

from bank import models
from bank.days import OPEN, number

TODAY = date(2026, 11, 17)
LONG_AGO = date(2020, 1, 1)
HELD_SINCE = date(2026, 9, 1)
STAFF = {
    "M001": ("云小舟", "manager", "U11", "zh"),
    "M002": ("Ada Example", "manager", "U11", "en"),
    "M003": ("山有木", "manager", "U12", "zh"),
    "L001": ("白一鸣", "team_lead", "U10", "zh"),
    "L011": ("风入松", "team_lead", "U11", "zh"),
    "R001": ("石上泉", "risk", "U10", "zh"),
    "C001": ("竹喧归", "compliance", "U10", "zh"),
    "C002": ("Iris Example", "compliance", "U10", "en"),
    "H001": ("莲动渔", "hr", "U10", "zh"),
    "O001": ("Olive Sample", "operator", "U10", "en"),
}
UNITS = (("U10", "滨江支行", None), ("U11", "团队一", "U10"), ("U12", "团队二", "U10"))


def found(database) -> None:
    """Units and staff, and data up to yesterday; Slack ids are "U" + staff id. M009 has left."""
    batch = {
        "source": "core", "business_day": number(date(2026, 11, 16)), "batch": 1, "digest": "",
        "rows": 1, "imported_at": datetime(2026, 11, 16, 14, tzinfo=UTC),
    }  # fmt: skip
    units = [{"id": unit, "name": name, "parent_id": parent} for unit, name, parent in UNITS]
    people = [
        _staff(staff_id, name=name, role=role, unit=unit, lang=lang, left=OPEN)
        for staff_id, (name, role, unit, lang) in STAFF.items()
    ]
    left = number(date(2026, 11, 16))
    people.append(_staff("M009", name="云归去", role="manager", unit="U11", lang="zh", left=left))
    with database.write() as tx:
        tx.execute(insert(models.ImportBatch), batch)
        tx.execute(insert(models.OrgUnit), units)
        tx.execute(insert(models.Staff), people)


def client(
    database, client_id, manager_id, *, name="星河灯塔贸易", tier="private", since=HELD_SINCE,
    share=100,
):  # fmt: skip
    """A client of somebody; of the private tier and never visited, so that a visit is overdue."""
    add(
        database, models.Client, id=client_id, name=name, customer_class="retail", size_class="",
        tier=tier, opened_day=number(LONG_AGO),
    )  # fmt: skip
    hold(database, client_id, manager_id, since=since, share=share)


def hold(database, client_id, manager_id, *, since=HELD_SINCE, until=None, share=100):
    """A manager's share of a client."""
    add(
        database, models.Assignment, client_id=client_id, manager_id=manager_id, share_pct=share,
        from_day=number(since), to_day=number(until) if until else OPEN,
    )  # fmt: skip


EVIDENCE = {"days_past_due": 3, "amount": 120_000_00}


def warning(
    database, warning_id, client_id, manager_id, *, severity="yellow", state="open",
    evidence=EVIDENCE,
):  # fmt: skip
    """A first-arrears warning, raised yesterday and due on Friday."""
    add(
        database, models.RiskWarning, id=warning_id, signal="W01", client_id=client_id,
        manager_id=manager_id, severity=severity, raised_day=number(date(2026, 11, 16)),
        due_day=number(date(2026, 11, 20)), state=state,
        evidence=evidence,
    )  # fmt: skip


def add(database, model, **row) -> None:
    """One row."""
    with database.write() as tx:
        tx.execute(insert(model).values(**row))


def _staff(staff_id, *, name, role, unit, lang, left):
    return {
        "id": staff_id, "name": name, "role": role, "unit_id": unit,
        "slack_user_id": f"U{staff_id}", "lang": lang, "hired_day": number(LONG_AGO),
        "left_day": left,
    }  # fmt: skip
