"""ticket and verified from the command line: the whole way, and every refusal in one line."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from bank.models import Audit, Outbox, Staff
from bank.people import find_staff
from bank.questions import QuestionRecord, record_question
from bot.clients import ClientGuard
from bot.errors import Refusal
from bot.experts import Experts, Reply
from knowledge.library import Library
from knowledge.masking.directory import Directory
from tests.bot import branch
from tests.bot.office import POLICY
from tests.bot.shell import Shell

NOW = datetime(2026, 11, 17, 1, 40, tzinfo=UTC)
ASKED = "客户送的月饼能不能收？"
REPLY = "不能收，当面退回。"
REST = ("--text", REPLY, "--clause", "post-loan 3")


def _found(folder):
    """Fills a bank with staff, and with the policies of a folder."""

    def fill(database):
        branch.found(database)
        with closing(Library(database, folder.parent / "library")) as library:
            assert library.sync(folder, NOW).failed == ()

    return fill


@pytest.fixture
def staffed(filled, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SLACK_BOT_TOKEN", raising=False)
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "post-loan-2026.md").write_text(POLICY, encoding="utf-8")
    url = filled("bank with a policy", _found(folder)).engine.url
    opened = Shell(url.render_as_string(hide_password=False), tmp_path / "home")
    yield opened
    opened.database.close()


@pytest.fixture
def question(staffed):
    """A question of M001's that was refused, by its id."""
    record = QuestionRecord("q1", NOW, "M001", "", ASKED, "zh", "refused", ())
    with staffed.database.write() as tx:
        record_question(tx, record)
    return record.id


@pytest.fixture
def ticket(staffed, question):
    found, code = staffed.json("ticket", "open", question, "--as", "M001", "--note", "检查组问到。")
    assert code == 0
    return found["id"]


@pytest.fixture
def proposed(staffed, ticket):
    found, code = staffed.json("ticket", "answer", ticket, "--as", "C001", *REST)
    assert code == 0
    return found["proposed"]


def test_a_refused_question_says_how_to_ask_an_expert_and_can_be_opened(staffed):
    ran = staffed.run("ask", "贵宾厅可以带宠物吗？", "--as", "M001")
    (line,) = [line for line in ran.stderr.splitlines() if "ticket open" in line]
    assert line.startswith("请教专家：daybook ticket open ")
    asked = line.split()[3]

    assert staffed.json("ticket", "open", asked, "--as", "M001")[0]["question_id"] == asked


def test_a_question_is_opened_once_and_shows_who_has_it(staffed, question, ticket):
    again, code = staffed.json("ticket", "open", question, "--as", "M001")
    assert (again["id"], again["note"], again["owner"], code) == (ticket, "检查组问到。", "C001", 0)
    line = staffed.run("ticket", "open", question, "--as", "M001").stderr
    assert line.startswith("这个问题在竹喧归处")


def test_somebody_elses_question_and_one_that_does_not_exist_read_the_same(
    staffed, question, ticket
):
    none = "没有这张工单，或它不归您。"
    for words in (
        ("ticket", "open", question, "--as", "M003"),
        ("ticket", "open", "404", "--as", "M003"),
        ("ticket", "show", ticket, "--as", "M003"),
        ("ticket", "show", "404", "--as", "M003"),
        ("ticket", "answer", ticket, "--as", "M003", *REST),
        ("ticket", "answer", ticket, "--as", "M001", *REST),
        ("ticket", "answer", "404", "--as", "C001", *REST),
        ("ticket", "assign", ticket, "--as", "L001", "--to", "R001"),
    ):
        assert staffed.refused(*words) == none


def test_the_list_is_for_compliance_and_for_whoever_has_a_part_in_it(staffed, ticket):
    def listed(staff, *more):
        found, code = staffed.json("ticket", "list", "--as", staff, *more)
        assert code == 0
        return [one["id"] for one in found["tickets"]]

    assert [listed(one) for one in ("C001", "C002", "M001")] == [[ticket]] * 3
    assert [listed(one) for one in ("M003", "R001", "L001")] == [[]] * 3
    table = staffed.run("ticket", "list", "--as", "C001").stderr
    assert ticket in table
    assert "竹喧归" in table
    assert staffed.run("ticket", "list", "--as", "M003").stderr == "没有工单。\n"

    staffed.json("ticket", "answer", ticket, "--as", "C001", *REST)
    assert (listed("C001"), listed("C001", "--all")) == ([], [ticket])


def test_a_ticket_is_shown_with_the_clauses_its_asker_was_shown(staffed, ticket):
    text = staffed.run("ticket", "show", ticket, "--as", "C001").stderr
    assert ASKED in text
    assert "检查组问到" in text


def test_it_is_given_to_an_expert_by_name_or_to_whoever_is_free(staffed, ticket):
    given, _ = staffed.json("ticket", "assign", ticket, "--as", "C001")
    assert given["owner"] == "C002"
    given, _ = staffed.json("ticket", "assign", ticket, "--as", "C002", "--to", "R001")
    assert given["owner"] == "R001"

    line = staffed.refused("ticket", "assign", ticket, "--as", "C002", "--to", "M003")
    assert line == "M003 is no expert who could take this: choose one from the list."


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("--text", " ", "--clause", "post-loan 3"), "请写明答复内容。"),
        (("--text", REPLY), "请写明依据的条款，或说明没有规定。"),
        ((*REST, "--no-rule"), "要么依据条款，要么没有规定，不能同时选择。"),
        (("--text", REPLY, "--clause", "post-loan 99"), "没有您可以查看的现行条款“post-loan 99”"),
        (("--text", REPLY, "--clause", "!"), "没有您可以查看的现行条款“!”"),
        (("--text", "x" * 3001, "--clause", "post-loan 3"), "答复最多3,000个字。"),
        (("--text", "请致电13912345678。", "--clause", "post-loan 3"), "内容里有客户名称"),
    ],
)
def test_a_reply_that_cannot_stand_is_refused_and_nothing_is_sent(staffed, ticket, words, line):
    assert staffed.refused("ticket", "answer", ticket, "--as", "C001", *words).startswith(line)

    found, _ = staffed.json("ticket", "show", ticket, "--as", "C001")
    assert found["state"] == "open"


@pytest.mark.parametrize("named", ["post-loan 3", "post-loan 第三条", "《贷后管理办法》第三条"])
def test_a_clause_is_named_by_number_label_or_title(staffed, ticket, named):
    words = ("--text", REPLY, "--clause", named)
    found, _ = staffed.json("ticket", "answer", ticket, "--as", "C001", *words)

    shown, _ = staffed.json("verified", "show", found["proposed"], "--as", "C002")
    assert shown["rests_on"] == [{"policy": "post-loan", "clause": "3"}]


def test_nobody_rests_an_answer_on_what_the_asker_may_not_read(staffed, ticket, tmp_path):
    secret = POLICY.replace('id = "post-loan"', 'id = "secret"').replace(
        '["all"]', '["compliance"]'
    )
    (tmp_path / "policies" / "secret.md").write_text(secret, encoding="utf-8")
    staffed.run("policy", "sync", tmp_path / "policies")

    words = ("--text", REPLY, "--clause", "secret 3")
    line = staffed.refused("ticket", "answer", ticket, "--as", "C001", *words)
    assert line == "提问人无权查看“secret 3”，请不要以它为依据。"
    # Who may not read it themselves learns nothing of it.
    staffed.run("ticket", "assign", ticket, "--as", "C001", "--to", "R001")
    line = staffed.refused("ticket", "answer", ticket, "--as", "R001", *words)
    assert line.startswith("没有您可以查看的现行条款")


def test_the_same_reply_again_changes_nothing_and_another_is_told_who_was_first(
    staffed, ticket, proposed
):
    again, code = staffed.json("ticket", "answer", ticket, "--as", "C001", *REST)
    assert (again["proposed"], code) == (proposed, 0)

    words = ("--text", "可以收。", "--clause", "post-loan 3")
    line = staffed.refused("ticket", "answer", ticket, "--as", "C002", *words)
    assert line == "竹喧归 answered this first, so nothing was sent."


def test_of_many_who_answer_at_the_same_moment_one_is_heard(staffed, ticket):
    def answer(place):
        actor = "C001" if place % 2 else "C002"
        with staffed.database.read() as tx:
            person = find_staff(tx, actor)
        guard = ClientGuard(Directory(staffed.database).mask)
        desk = Experts(staffed.database, guard, ZoneInfo("Asia/Shanghai"), 8)
        try:
            desk.answer(person, ticket, Reply(f"答复{place}", ("post-loan 3",)), NOW)
        except Refusal as refusal:
            return refusal.key
        return "answered"

    with ThreadPoolExecutor(6) as pool:
        outcomes = sorted(pool.map(answer, range(6)))

    assert outcomes == ["answered", *["expert.answered_first"] * 5]
    with staffed.database.read() as tx:
        kinds = sorted(tx.scalars(select(Outbox.kind)))
    assert kinds == ["approval", "ticket", "ticket_reply"]


def test_it_is_approved_by_a_second_person_and_then_served(staffed, proposed):
    before, _ = staffed.json("ask", ASKED, "--as", "M003")
    assert before["mode"] != "verified"
    approve = ("verified", "approve", proposed)
    assert staffed.refused(*approve, "--as", "C001") == "这是您写的答复，须由第二人核准。"
    assert staffed.refused(*approve, "--as", "M003") == "没有这条答复，或它不归您。"
    assert staffed.refused("verified", "approve", "404", "--as", "M003") == (
        "没有这条答复，或它不归您。"
    )

    found, code = staffed.json(*approve, "--as", "C002")
    assert (found["state"], found["approver"], code) == ("approved", "C002", 0)

    served, code = staffed.json("ask", "请问客户送的月饼可以收吗", "--as", "M003")
    assert (served["status"], served["mode"], code) == ("answered", "verified", 0)
    assert served["answer"].startswith(REPLY)
    assert "已由Iris Example核准" in served["answer"]
    assert [one["clause"] for one in served["citations"]] == ["第三条"]
    # It is served as of the days on which its clauses are in force.
    earlier, _ = staffed.json("ask", ASKED, "--as", "M003", "--on", "2025-06-01")
    assert earlier["mode"] != "verified"


def test_approving_and_declining_are_the_first_ones(staffed, proposed):
    decline = ("verified", "decline", proposed, "--reason", "第三条没有说礼品。")
    assert staffed.run("verified", "approve", proposed, "--as", "C002").exit_code == 0
    assert staffed.refused(*decline, "--as", "C002") == "Iris Example approved this already."

    again = staffed.run("verified", "approve", proposed, "--as", "C002")
    assert (again.exit_code, again.stderr) == (0, f"✓ Approved: {ASKED}\n")


def test_a_question_that_makes_no_sense_alone_is_not_approved_as_it_is(staffed, proposed):
    words = ("verified", "approve", proposed, "--as", "C002", "--question")
    line = staffed.refused(*words, "那对公客户呢？")
    assert line.startswith("This question makes sense only after another")

    assert staffed.run(*words, "对公客户送的月饼能不能收？").exit_code == 0
    # The words are C002's now: a second person approves them.
    assert staffed.run("verified", "approve", proposed, "--as", "C001").exit_code == 0
    served, _ = staffed.json("ask", "对公客户送的月饼可以收吗", "--as", "M003")
    assert served["mode"] == "verified"


def test_a_declined_one_is_never_served_and_can_be_seen(staffed, proposed):
    decline = ("verified", "decline", proposed, "--as", "C002", "--reason")
    assert staffed.refused(*decline, " ").startswith("Say why")
    assert staffed.run(*decline, "第三条没有说礼品。").exit_code == 0

    listed, _ = staffed.json("verified", "list", "--as", "C001", "--state", "declined")
    assert [one["reason"] for one in listed["answers"]] == ["第三条没有说礼品。"]
    served, _ = staffed.json("ask", ASKED, "--as", "M003")
    assert served["mode"] != "verified"


def test_its_author_withdraws_it_and_it_is_served_no_more(staffed, proposed):
    withdraw = ("verified", "withdraw", proposed, "--reason", "写错了。")
    line = staffed.refused(*withdraw, "--as", "C002")
    assert line == "This answer waits to be approved: decline it."
    staffed.run("verified", "approve", proposed, "--as", "C002")
    assert staffed.run(*withdraw, "--as", "C001").exit_code == 0

    served, _ = staffed.json("ask", ASKED, "--as", "M003")
    assert served["mode"] != "verified"
    again, code = staffed.json(
        "verified", "approve", proposed, "--as", "C002", "--text", "不能收。"
    )
    assert (again["state"], again["author"], code) == ("proposed", "C002", 0)
    assert staffed.run("verified", "approve", proposed, "--as", "C001").exit_code == 0
    served, _ = staffed.json("ask", ASKED, "--as", "M003")
    assert served["answer"].startswith("不能收。")


def test_an_answer_whose_clause_changed_is_not_served_and_is_approved_anew(
    staffed, proposed, tmp_path
):
    staffed.run("verified", "approve", proposed, "--as", "C002")
    file = tmp_path / "policies" / "post-loan-2026.md"
    file.write_text(POLICY.replace("现场照片与访谈记录", "现场照片"), encoding="utf-8")
    staffed.run("policy", "sync", tmp_path / "policies")

    # At once, before any job has looked.
    served, _ = staffed.json("ask", ASKED, "--as", "M003")
    assert served["mode"] != "verified"
    shown, _ = staffed.json("verified", "show", proposed, "--as", "C002")
    assert (shown["state"], shown["changed"]) == (
        "approved", [{"policy": "post-loan", "clause": "3"}],
    )  # fmt: skip

    found, code = staffed.json("verified", "approve", proposed, "--as", "C002")
    assert (found["changed"], code) == ([], 0)
    served, _ = staffed.json("ask", ASKED, "--as", "M003")
    assert served["mode"] == "verified"


def test_an_answer_whose_clause_is_gone_cannot_be_approved(staffed, proposed, tmp_path):
    file = tmp_path / "policies" / "post-loan-2026.md"
    file.write_text(POLICY.split("第三条")[0], encoding="utf-8")
    staffed.run("policy", "sync", tmp_path / "policies")

    line = staffed.refused("verified", "approve", proposed, "--as", "C002")
    assert line.startswith("post-loan 3 is not in force any more")


def test_nobody_approves_an_answer_to_their_own_question(staffed):
    record = QuestionRecord("q2", NOW, "C002", "", ASKED, "zh", "refused", ())
    with staffed.database.write() as tx:
        record_question(tx, record)
    ticket, _ = staffed.json("ticket", "open", "q2", "--as", "C002")
    found, _ = staffed.json("ticket", "answer", ticket["id"], "--as", "C001", *REST)

    shown, _ = staffed.json("verified", "show", found["proposed"], "--as", "C002")
    assert shown["approver"] is None  # C001 wrote it, C002 asked: it waits for a third
    for deed in (("approve",), ("decline", "--reason", "不对。")):
        words = ("verified", deed[0], found["proposed"], "--as", "C002", *deed[1:])
        assert staffed.refused(*words).startswith("You asked this question")


def test_nobody_approves_what_rests_on_a_clause_they_may_not_read(staffed, proposed, tmp_path):
    file = tmp_path / "policies" / "post-loan-2026.md"
    file.write_text(POLICY.replace('["all"]', '["manager"]'), encoding="utf-8")
    staffed.run("policy", "sync", tmp_path / "policies")

    line = staffed.refused("verified", "approve", proposed, "--as", "C002")
    assert line.startswith("This answer rests on a clause that you may not read")


def test_where_there_is_one_officer_the_answer_waits_for_a_second(staffed, question):
    with staffed.database.write() as tx:
        tx.execute(update(Staff).where(Staff.id == "C002").values(left_day=1))
    ticket, _ = staffed.json("ticket", "open", question, "--as", "M001")
    ran = staffed.run("ticket", "answer", ticket["id"], "--as", "C001", *REST)
    assert "要等合规的第二人核准" in ran.stderr
    with staffed.database.read() as tx:
        kinds = sorted(tx.scalars(select(Outbox.kind)))
    assert kinds == ["ticket", "ticket_reply"]


def test_every_deed_and_refusal_leaves_its_trace_or_none(staffed, ticket, proposed):
    staffed.run("ticket", "answer", ticket, "--as", "M003", *REST)
    staffed.run("verified", "approve", proposed, "--as", "C001")
    staffed.run("verified", "approve", proposed, "--as", "C002")

    with staffed.database.read() as tx:
        rows = tx.execute(
            select(Audit.actor_id, Audit.deed, Audit.subject).order_by(Audit.id)
        ).all()
    deeds = [tuple(row) for row in rows if row.deed.endswith(("_ticket", "_answer"))]
    assert deeds == [
        ("M001", "open_ticket", f"ticket:{ticket}"),
        ("C001", "answer_ticket", f"ticket:{ticket}"),
        ("C001", "answer_ticket", f"verified:{proposed}"),
        ("C002", "approve_answer", f"verified:{proposed}"),
    ]


def test_a_conversation_at_the_command_line_is_no_channel(staffed):
    asked, _ = staffed.json(
        "ask", "贵宾厅可以带宠物吗？", "--as", "M001", "--conversation", "C0123"
    )
    opened, _ = staffed.json("ticket", "open", asked["question"], "--as", "M001")
    words = ("--text", REPLY, "--no-rule")
    assert staffed.json("ticket", "answer", opened["id"], "--as", "C001", *words)[1] == 0

    with staffed.database.read() as tx:
        row = tx.execute(
            select(Outbox.disclosure, Outbox.payload).where(Outbox.kind == "ticket_reply")
        ).one()
    assert row.disclosure == "staff"
    assert "place" not in row.payload


def test_nothing_is_owed_twice_however_often_a_command_is_given(
    staffed, question, ticket, proposed
):
    for _ in range(2):
        staffed.run("ticket", "open", question, "--as", "M001")
        staffed.run("ticket", "answer", ticket, "--as", "C001", *REST)

    with staffed.database.read() as tx:
        kinds = sorted(tx.scalars(select(Outbox.kind)))
    assert kinds == ["approval", "ticket", "ticket_reply"]
