"""What a model was used for, and the day's allowance, on both engines."""

from datetime import date
from threading import Barrier, Thread

from sqlalchemy import select

from bank.database import Database
from bank.models import ModelUsage
from bank.usage import Account, Tokens, reserve, settle, used

TODAY = date(2026, 11, 17)
ADA = Account("M002", "openai:small", TODAY)
CALL = Tokens(3_000, 1_000)


def set_aside(database, account, tokens, allowance):
    with database.write() as tx:
        return reserve(tx, account, tokens, allowance)


def test_a_call_is_counted_and_its_tokens_are_put_right_when_it_is_done(database):
    assert set_aside(database, ADA, CALL, 10_000)
    with database.write() as tx:
        assert used(tx, "M002", TODAY) == CALL
        settle(tx, ADA, CALL, Tokens(2_500, 120))

    with database.read() as tx:
        columns = (ModelUsage.calls, ModelUsage.tokens_in, ModelUsage.tokens_out)
        assert tx.execute(select(*columns)).one() == (1, 2_500, 120)


def test_the_allowance_is_one_persons_of_one_day_over_all_models(database):
    assert set_aside(database, ADA, CALL, 10_000)  # 4,000 of 10,000
    assert set_aside(database, Account("M002", "ollama:other", TODAY), CALL, 10_000)  # 8,000
    assert not set_aside(database, ADA, CALL, 10_000)  # would be 12,000
    assert set_aside(database, ADA, Tokens(1_500, 500), 10_000)  # 10,000: all of it

    assert set_aside(database, Account("M001", "openai:small", TODAY), CALL, 10_000)
    assert set_aside(database, Account("M002", "openai:small", date(2026, 11, 18)), CALL, 10_000)


def test_what_is_refused_leaves_no_trace(database):
    assert not set_aside(database, ADA, CALL, 3_999)
    with database.read() as tx:
        assert tx.execute(select(ModelUsage.day)).all() == []


def test_replicas_that_ask_at_once_stay_within_the_allowance_together(database, database_url):
    replicas = [Database(database_url) for _ in range(4)]
    together = Barrier(len(replicas))
    outcomes = []

    def ask(replica):
        together.wait()
        outcomes.extend(set_aside(replica, ADA, CALL, 20_000) for _ in range(3))

    threads = [Thread(target=ask, args=(replica,)) for replica in replicas]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for replica in replicas:
        replica.close()

    assert outcomes.count(True) == 5  # 5 × 4,000
    with database.read() as tx:
        assert used(tx, "M002", TODAY).total == 20_000
