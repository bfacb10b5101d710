"""The bank's own names and numbers: as new as its last import, and no call without them."""

import re
import threading
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert

from bank import models
from bank.database import Database
from bank.days import OPEN, number
from knowledge.masking.directory import Directory, directory_of
from knowledge.masking.mask import MaskingError

DAY = number(date(2026, 11, 16))


@pytest.fixture
def bank(database):
    """A bank after its first drop: one client with one account, and one manager."""
    person = {
        "id": "M001", "name": "Ada Example", "role": "manager", "unit_id": "U1", "lang": "en",
        "hired_day": DAY, "left_day": OPEN,
    }  # fmt: skip
    with database.write() as tx:
        tx.execute(insert(models.OrgUnit), [{"id": "U1", "name": "团队一"}])
        tx.execute(insert(models.Staff), [person])
    drop(database, 1, "K000001", "星河灯塔贸易有限公司")
    account = {
        "id": "6217-0042-1", "client_id": "K000001", "kind": "demand", "opened_day": DAY,
        "closed_day": OPEN,
    }  # fmt: skip
    with database.write() as tx:
        tx.execute(insert(models.Account), [account])
    return database


def drop(database, batch, client_id, name):
    """A drop that brings one client."""
    arrived = {
        "id": batch, "source": "core", "business_day": DAY + batch, "batch": 1, "digest": "",
        "rows": 1, "imported_at": datetime(2026, 11, 16, 14, tzinfo=UTC),
    }  # fmt: skip
    client = {
        "id": client_id, "name": name, "customer_class": "retail", "size_class": "",
        "tier": "private", "opened_day": DAY, "batch_id": batch,
    }  # fmt: skip
    with database.write() as tx:
        tx.execute(insert(models.ImportBatch), [arrived])
        tx.execute(insert(models.Client), [client])


def test_clients_accounts_and_staff_are_hidden(bank):
    mask = Directory(bank).mask()

    (masked,) = mask.hide("Ada Example问：星河灯塔贸易（K000001）的账户6217 0042 1")

    for name in ("Ada", "星河灯塔贸易", "K000001", "6217"):
        assert name not in masked
    assert set(re.findall(r"\[([A-Z]+)-", masked)) == {"NAME", "ACCOUNT"}


@pytest.mark.parametrize("written", ["6217-0042-1", "621700421", "62 1700 421", "62I7OO421"])
def test_an_account_is_hidden_however_its_number_is_grouped(bank, written):
    assert Directory(bank).mask().hide(f"账户{written}的余额")[0].startswith("账户[ACCOUNT-1-")


def test_a_client_who_comes_with_an_import_is_known_from_the_next_question_on(bank):
    directory = Directory(bank)
    assert directory.mask().hide("云梯铜镜科技") == ("云梯铜镜科技",)

    drop(bank, 2, "K000002", "云梯铜镜科技有限公司")

    assert "云梯铜镜" not in directory.mask().hide("云梯铜镜科技")[0]
    assert "星河灯塔" not in directory.mask().hide("星河灯塔贸易")[0]


class SlowDatabase(Database):
    """A database whose names take as long to read as the test wants."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.gate = threading.Event()

    def read(self):
        if threading.current_thread().name == "names":
            self.gate.wait()
        return super().read()


def test_while_the_names_are_being_read_there_is_no_mask(bank, database_url):
    slow = SlowDatabase(database_url)
    directory = Directory(slow)

    with pytest.raises(MaskingError, match="not read yet"):
        directory.mask(patience=0)

    slow.gate.set()
    assert directory.mask().hide("Ada Example") != ("Ada Example",)
    slow.close()


def test_without_a_database_there_is_no_mask(tmp_path):
    lost = Directory(Database(f"sqlite:///{tmp_path / 'gone' / 'daybook.db'}"))

    with pytest.raises(MaskingError, match="cannot be read"):
        lost.mask()


def test_a_process_has_one_directory_of_a_database(bank, tmp_path):
    other = Database(f"sqlite:///{tmp_path / 'other.db'}")

    assert directory_of(bank) is (held := directory_of(bank))
    assert directory_of(other) is not held
