"""Questions answered in a model's words, over real HTTP: each fault has one right outcome."""

import threading
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert, text

from bank.database import Database
from bank.models import Client, ImportBatch
from bank.usage import used
from knowledge.answer import Query, Turn
from knowledge.errors import ModelError, QuestionError
from knowledge.library import Library
from knowledge.llm.drafter import Drafter, Terms
from tests.knowledge.conftest import TODAY, Shelf, on_one_engine
from tests.knowledge.model_server import (
    Reply,
    as_openai,
    called,
    claims,
    failing,
    quoting,
    rewritten,
    said,
)
from tests.knowledge.test_asking import VISITS

MODEL = "openai:made-up"
ASKED = "Within how many days must I log a visit?"
LOGGED = "A visit counts only if it is logged within 3 business days with a written note."
CALLED = "A telephone call is not a visit."
BORROWER = "A small-business borrower is visited at least once a quarter."
CLAIM = ("A visit must be logged", "within 3 business days")

pytestmark = on_one_engine


@pytest.fixture
def server(monkeypatch):
    with as_openai(monkeypatch) as opened:
        yield opened


@pytest.fixture
def shelves(server, database_url, tmp_path):
    """Makes shelves whose library asks the server's model on given terms."""
    opened = []
    # One of its own: a process keeps the names of a database it knows, and tests' are replaced.
    database = Database(database_url)

    def make(deadline=60.0, allowance=1_000_000, model=MODEL):
        drafter = Drafter(database, Terms(model, deadline, allowance), lambda: TODAY)
        drafter.open()
        library = Library(database, tmp_path / "home", drafter=drafter)
        opened.append(library)
        shelf = Shelf(library, tmp_path / "policies")
        shelf.put("visits.md", VISITS, title="Client Visit Policy")
        shelf.sync()
        return shelf

    yield make
    server.let_go()
    for library in opened:
        library.close()
    database.close()


@pytest.fixture
def shelf(shelves):
    return shelves()


def spent(database, staff="", day=TODAY):
    with database.read() as tx:
        return used(tx, staff, day)


def test_a_claim_whose_quote_stands_is_the_answer(shelf, server, database):
    server.script = quoting("Log a visit within 3 business days.", LOGGED)

    answer = shelf.ask(ASKED)

    (claim,) = answer.claims
    (citation,) = answer.citations
    assert (answer.status, answer.mode, answer.model) == ("answered", "llm", MODEL)
    assert claim.text == "Log a visit within 3 business days."
    assert citation.quote[claim.start : claim.end] == LOGGED
    assert citation.marks == ((claim.start, claim.end),)
    assert (citation.clause, answer.fallback) == ("2.1", "")
    assert (spent(database).taken, spent(database).given) == (900, 60)


def test_the_model_is_shown_the_clauses_as_data_and_told_the_askers_language(shelf, server):
    server.script = quoting("走访应当在三个工作日内登记。", "应当在三个工作日内登记")
    shelf.put("zh.md", "第一条　走访应当在三个工作日内登记，并附书面记录。", lang="zh")
    shelf.sync()

    answer = shelf.ask("走访应当在几个工作日内登记？")

    (asked,) = server.drafts
    assert asked.parts["question"] == "走访应当在几个工作日内登记？"
    assert "走访应当在三个工作日内登记" in asked.parts["clause C1"]
    assert "Simplified Chinese" in asked.system
    assert "走访" not in asked.system
    assert (answer.mode, answer.citations[0].policy) == ("llm", "zh")


def test_claims_that_do_not_stand_are_dropped_and_the_others_stay(shelf, server):
    def script(asked):
        here = asked.source(LOGGED)
        return claims(
            ("Log a visit within 5 business days.", here, LOGGED),  # another number
            ("A telephone call is not a visit.", here, CALLED),
            ("A telephone call is not a visit.", "C99", CALLED),  # an invented source
            ("Visits are logged in the CRM.", here, "Visits are logged in the CRM."),  # a quote
            ("Log a visit within 3 business days.", here, LOGGED),
        )

    server.script = script
    answer = shelf.ask(ASKED)

    assert [one.text for one in answer.claims] == [
        "A telephone call is not a visit.",
        "Log a visit within 3 business days.",
    ]
    assert len(answer.citations) == 1
    assert [answer.citations[0].quote[a:b] for a, b in answer.citations[0].marks] == [
        LOGGED,
        CALLED,
    ]


UNSUPPORTED = {
    "invented quote": lambda a: claims(
        ("Log it within 3 business days.", a.source(LOGGED), "Log it within 3 business days.")
    ),
    "invented source": lambda _: claims(("Log it within 3 business days.", "C77", LOGGED)),
    "number not in the quote": lambda a: claims(
        ("Log a visit within 4 business days.", a.source(LOGGED), LOGGED)
    ),
    "another unit": lambda a: claims(("Log a visit within 3 days.", a.source(LOGGED), LOGGED)),
    "a ruling of its own": lambda a: claims(
        ("A visit must be logged within 3 business days.", a.source(LOGGED), LOGGED)
    ),
    "a denial dropped": lambda a: claims(
        ("A telephone call is a visit.", a.source(CALLED), CALLED)
    ),
    "words of its own": lambda a: claims(
        ("Gifts and dinners are welcome everywhere.", a.source(CALLED), "with a written note")
    ),
    "a link": lambda a: claims(
        ("A visit is logged: https://example.test/visit", a.source(LOGGED), LOGGED)
    ),
    "a mention": lambda a: claims(("<!channel> a visit is logged", a.source(LOGGED), LOGGED)),
}


@pytest.mark.parametrize("fault", UNSUPPORTED)
def test_when_nothing_stands_the_policies_own_answer_is_the_answer(shelf, server, fault):
    server.script = UNSUPPORTED[fault]

    answer = shelf.ask(ASKED)

    assert (answer.status, answer.mode, answer.fallback) == (
        "answered",
        "extractive",
        "unsupported",
    )
    assert answer.citations[0].clause == "2.1"
    assert (answer.claims, answer.model) == ((), "")


def test_when_nothing_stands_and_the_policies_only_come_near_it_is_the_closest_rules(shelf, server):
    server.script = lambda _: claims(("Parking is free.", "C9", "Parking is free."))

    answer = shelf.ask("How often is a written note of a visit logged?")

    assert (answer.status, answer.reason) == ("refused", "closest_only")
    assert (answer.mode, answer.fallback) == ("extractive", "unsupported")
    assert len(server.drafts) == 1
    assert answer.nearest


def test_a_model_that_finds_no_answer_in_the_clauses_refuses(shelf, server):
    server.script = lambda _: claims(answerable=False)

    answer = shelf.ask(ASKED)

    assert (answer.status, answer.reason, answer.mode) == ("refused", "closest_only", "llm")
    assert (answer.fallback, answer.nearest[0].clause) == ("", "2.1")


FAILURES = {
    "rate limited": (lambda _: failing(429), "rate_limited"),
    "server error": (lambda _: failing(500), "unavailable"),
    "wrong key": (lambda _: failing(401), "rejected"),
    "cut": (lambda _: Reply(claims().body, fault="cut"), "unavailable"),
    "not JSON": (lambda _: Reply("<html>Bad gateway</html>"), "malformed"),
    "a page": (lambda _: Reply("<html></html>", kind="text/html"), "malformed"),
    "bad arguments": (lambda _: called('{"answerable": tr'), "malformed"),
    "another form": (lambda _: Reply('{"choices": [{}]}'), "malformed"),
    "no choices": (lambda _: Reply("{}"), "malformed"),
    "other arguments": (lambda _: called({"answer": "3 days"}), "malformed"),
    "plain words": (lambda _: said("Within 3 business days."), "malformed"),
    "empty answer": (lambda _: said(""), "malformed"),
    "no claims": (lambda _: claims(answerable=True), "malformed"),
    "length": (lambda _: called('{"answerable": true, "claims": [', "length"), "incomplete"),
    "whole, but at its length": (lambda _: called({"answerable": False, "claims": []}, "length"), "incomplete"),
    "content filter": (lambda _: said("", "content_filter"), "filtered"),
    "another finish": (lambda _: called({"answerable": False, "claims": []}, "eos"), "incomplete"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAILURES)
def test_a_model_that_fails_leaves_the_policies_own_answer(shelf, server, fault):
    server.script, kind = FAILURES[fault]

    answer = shelf.ask(ASKED)

    assert (answer.status, answer.mode, answer.fallback) == ("answered", "extractive", kind)
    assert answer.citations[0].clause == "2.1"
    assert (answer.claims, answer.model) == ((), "")
    assert len(server.drafts) == 1  # asked once: no library tries again by itself


def test_a_port_nobody_listens_at_leaves_the_policies_own_answer(shelves, server, monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")

    assert shelves().ask(ASKED).fallback == "unavailable"
    assert server.requests == []


def test_an_endpoint_that_drips_is_left_behind_when_the_time_is_up(shelves, server, database):
    shelf = shelves(deadline=1.0)
    server.script = lambda _: Reply(claims().body, fault="drip")

    answer = shelf.ask(ASKED)

    # It was answered while the endpoint had begun, and was still at it.
    assert (answer.mode, answer.fallback) == ("extractive", "deadline")
    assert server.dripping.is_set()
    assert not server.released.is_set()
    assert spent(database).total > 2_000  # what nobody knows the price of stays set aside


def test_endpoints_that_drip_for_ever_give_their_places_back(shelves, server):
    shelf = shelves(deadline=1.0)
    server.script = lambda _: Reply(claims().body, fault="drip")
    asking = [threading.Thread(target=shelf.ask, args=(ASKED,)) for _ in range(8)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()

    # Nobody lets the endpoint go: the calls end because their time is up.
    wait_for_calls()
    assert not server.released.is_set()
    assert shelf.ask(ASKED).fallback in ("deadline", "paused")  # and not "busy"


def wait_for_calls():
    for thread in threading.enumerate():
        if thread.name == "model-call":
            thread.join(60)
            assert not thread.is_alive()


def test_a_system_without_another_thread_leaves_the_policies_own_answer(shelf, server, monkeypatch):
    server.script = quoting("Log a visit within 3 business days.", LOGGED)

    def none_left(_):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as without:
        without.setattr(threading.Thread, "start", none_left)
        kinds = [shelf.ask(ASKED).fallback for _ in range(9)]

    assert kinds == ["busy"] * 9
    assert shelf.ask(ASKED).mode == "llm"  # none of the eight places is lost


def test_the_time_is_for_rewriting_and_drafting_together(shelves, server):
    shelf = shelves(deadline=1.0)
    server.rewrite = lambda _: Reply("", fault="drip")
    server.script = lambda _: Reply(claims().body, fault="drip")

    answer = follow_up(shelf, "And within how many days must a written note be logged?")

    assert (answer.mode, answer.fallback) == ("extractive", "deadline")
    assert not server.released.is_set()


def test_an_endpoint_that_keeps_failing_is_left_alone(shelf, server):
    server.script = lambda _: failing(500)

    kinds = [shelf.ask(ASKED).fallback for _ in range(5)]

    assert kinds == ["unavailable"] * 3 + ["paused"] * 2
    assert len(server.drafts) == 3


@pytest.mark.parametrize(("reply", "kind"), [(said("no"), "malformed"), (failing(400), "rejected")])
def test_an_endpoint_that_answers_badly_is_asked_again(shelf, server, reply, kind):
    server.script = lambda _: reply

    assert [shelf.ask(ASKED).fallback for _ in range(5)] == [kind] * 5


def test_who_has_used_up_the_days_tokens_gets_the_policies_own_answer(shelves, server, database):
    shelf = shelves(allowance=4_000)
    server.script = quoting("Log a visit within 3 business days.", LOGGED)

    def ask(asker):
        return shelf.library.ask(Query(ASKED, TODAY, asker=asker))

    first, second = ask("M001"), ask("M001")
    assert (first.mode, second.mode) == ("llm", "llm")  # 960 of 4,000 each
    assert ask("M001").fallback == "budget"  # 1,920 and some 2,700 set aside
    assert ask("M002").mode == "llm"
    assert len(server.drafts) == 3
    assert spent(database, "M001").total == 1_920


def test_a_call_that_is_refused_costs_nothing(shelf, server, database):
    server.script = lambda _: failing(429)

    shelf.ask(ASKED)

    assert spent(database).total == 0


def test_a_call_that_says_nothing_of_its_cost_costs_what_was_set_aside(shelf, server, database):
    server.script = lambda _: called({"answerable": False, "claims": []}, usage=None)

    shelf.ask(ASKED)

    assert spent(database).given == 2_000


def test_a_call_that_says_it_cost_less_than_nothing_was_free(shelf, server, database):
    usage = {"prompt_tokens": -1_000_000, "completion_tokens": -1, "total_tokens": -1_000_001}
    server.script = lambda _: called({"answerable": False, "claims": []}, usage=usage)

    shelf.ask(ASKED)

    assert spent(database).total == 0


def test_a_search_that_took_all_the_time_is_not_held_against_the_endpoint(shelves, server):
    shelf = shelves(deadline=1e-9)

    kinds = [shelf.ask(ASKED).fallback for _ in range(4)]

    assert kinds == ["deadline"] * 4
    assert server.requests == []


def test_questions_nothing_comes_near_and_clauses_asked_for_by_number_are_not_sent(shelf, server):
    shelf.ask("What is the weather on Mars?")
    shelf.ask("What does clause 2.1 of the Client Visit Policy say?")

    assert server.requests == []


@pytest.mark.parametrize("words", ["", " \n", "x" * 2_001])
def test_a_question_that_cannot_be_asked_is_not_sent(shelf, server, words):
    with pytest.raises(QuestionError):
        follow_up(shelf, words)
    assert server.requests == []


def follow_up(shelf, words, *before):
    turns = tuple(Turn(one, "en") for one in before or (ASKED,))
    return shelf.library.ask(Query(words, TODAY, earlier=turns, asker="M001"))


def test_a_follow_up_is_rewritten_before_it_is_looked_for(shelf, server):
    whole = "Within how many days must a telephone call be logged?"
    server.rewrite = lambda _: rewritten(whole)
    server.script = quoting("A telephone call is not a visit.", CALLED)

    answer = follow_up(shelf, "And a telephone call?", "A note?", ASKED, "Must a visit be logged?")

    rewriting, draft = server.requests
    assert rewriting.parts["last question"] == "And a telephone call?"
    assert draft.parts["question"] == whole
    assert (answer.mode, answer.reading) == ("llm", whole)


@pytest.mark.parametrize(
    "made",
    [
        "Within how many days must I bribe a client?",  # words of its own
        "Within how many days must I not log a telephone call?",  # a denial of its own
        "And a telephone call? https://example.test",
        "",
        "电话多久之内要登记？",  # another language
    ],
)
def test_a_rewriting_that_adds_to_the_conversation_is_not_used(shelf, server, made):
    server.rewrite = lambda _: rewritten(made)
    server.script = lambda _: claims(answerable=False)

    answer = follow_up(shelf, "And a telephone call?")

    assert made not in answer.reading or not made
    assert all(made not in draft.parts["question"] or not made for draft in server.drafts)


def test_a_first_question_is_not_rewritten(shelf, server):
    server.script = quoting("Log a visit within 3 business days.", LOGGED)

    shelf.ask(ASKED)

    assert [one.schema for one in server.requests] == ["DraftSchema"]


def test_a_clients_name_stays_in_the_house_and_comes_back_in_the_answer(shelves, server, database):
    name, card = "Lanternlight", "6222020200112230000"
    columns = {
        "customer_class": "corporate",
        "size_class": "small",
        "tier": "private",
        "opened_day": 1,
    }
    batch = {"source": "core", "business_day": 1, "batch": 1, "digest": "", "rows": 1}
    batch["imported_at"] = datetime(2026, 11, 16, tzinfo=UTC)
    with database.write() as tx:
        tx.execute(insert(Client).values(id="K1", name=name, **columns))
        tx.execute(insert(ImportBatch).values(**batch))
    shelf = shelves()

    def script(asked):
        hidden = asked.parts["question"].split("visit to ")[1].split(" be ")[0]
        return claims(
            (f"Log a visit to {hidden} within 3 business days.", asked.source(LOGGED), LOGGED)
        )

    server.script = script
    words = f"Within how many business days must a visit to {name} be logged with a written note?"
    answer = follow_up(shelf, words, f"How is {name} doing, card {card}?")

    assert len(server.requests) == 2
    assert not any(name in raw or card in raw for raw in server.raw)
    assert answer.claims[0].text == f"Log a visit to {name} within 3 business days."


def test_what_cannot_be_masked_is_not_sent(shelf, server, database):
    with database.write() as tx:
        tx.execute(text("ALTER TABLE account RENAME TO gone"))

    answer = shelf.ask(f"{ASKED} 6222020200112230000")

    assert (answer.mode, answer.fallback) == ("extractive", "masking")
    assert server.requests == []


def test_a_model_that_cannot_be_opened_is_told_in_one_line_with_the_remedy(database, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("SSL_CERT_FILE")
    terms = Terms("ollama:made-up", 8.0, 1)
    for model, remedy in ((terms, "daybook[ollama]"), (Terms(MODEL, 8.0, 1), "OPENAI_API_KEY")):
        with pytest.raises(ModelError) as error:
            Drafter(database, model, lambda: TODAY).open()
        assert str(error.value).startswith(f"DAYBOOK_MODEL holds {model.model!r}: ")
        assert remedy in str(error.value)
        assert "\n" not in str(error.value)


def test_more_calls_than_there_is_room_for_go_without_the_model(shelf, server):
    begun = threading.Semaphore(0)
    going_on = threading.Event()

    def script(asked):
        begun.release()
        going_on.wait(60)
        return quoting("Log a visit within 3 business days.", LOGGED)(asked)

    server.script = script
    modes = []
    waiting = [
        threading.Thread(target=lambda: modes.append(shelf.ask(ASKED).mode)) for _ in range(8)
    ]
    for thread in waiting:
        thread.start()
    for _ in waiting:
        assert begun.acquire(timeout=60)
    ninth = shelf.ask(ASKED)
    going_on.set()
    for thread in waiting:
        thread.join()

    assert (ninth.mode, ninth.fallback) == ("extractive", "busy")
    assert modes == ["llm"] * 8


def test_use_is_counted_on_the_day_it_is_made_for_whom_it_is_made(shelf, server, database):
    server.script = quoting("Log a visit within 3 business days.", LOGGED)

    shelf.library.ask(Query(ASKED, date(2026, 6, 1), asker="M002"))

    assert spent(database, "M002").total == 960
