"""The audit log's key: given, or made once in the home folder for its owner alone."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from bank.errors import AuditKeyError
from bank.seals import AuditKeys, key_name
from bot.errors import BotError
from bot.vault import KEY_FILE, audit_keys

FIRST, SECOND = "a-first-key-of-at-least-32-characters", "a-second-key-of-at-least-32-characters"


def test_whoever_comes_at_once_gets_one_and_the_same(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: audit_keys("", tmp_path), range(8)))

    assert len(set(found)) == 1
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600


def test_a_given_key_stands_and_no_file_is_made(tmp_path):
    keys = audit_keys(f"{SECOND}, {FIRST}", tmp_path)

    assert keys.current == SECOND.encode()
    assert set(keys.by_name) == {key_name(FIRST.encode()), key_name(SECOND.encode())}
    assert list(tmp_path.iterdir()) == []


def test_a_key_is_never_shown():
    shown = repr(AuditKeys.parse(FIRST))

    assert FIRST not in shown
    assert key_name(FIRST.encode()) in shown


@pytest.mark.parametrize("held", ["", "short\n", "\xff" * 3])
def test_a_file_that_holds_no_key_is_never_written_over(tmp_path, held):
    path = tmp_path / KEY_FILE
    path.write_bytes(held.encode("latin-1"))
    path.chmod(0o600)

    with pytest.raises(AuditKeyError, match="DAYBOOK_AUDIT_KEY"):
        audit_keys("", tmp_path)

    assert path.read_bytes() == held.encode("latin-1")


def test_a_file_that_others_may_read_is_refused(tmp_path):
    audit_keys("", tmp_path)
    (tmp_path / KEY_FILE).chmod(0o640)

    with pytest.raises(BotError, match="chmod 600"):
        audit_keys("", tmp_path)
