"""Questions to a small library: answers, refusals, dates, audiences, references; both engines."""

import pytest

from bank.schema import migrate
from knowledge.errors import QUESTION_LIMIT
from knowledge.library import QuestionError
from tests.knowledge.conftest import TODAY, shelf_in

VISITS = """# Client Visit Policy

## 1 Frequency

1.1 A premium client is visited every 45 days. The longest interval between two visits is 60 days.

1.2 A small-business borrower is visited at least once a quarter.

## 2 Records

2.1 A visit counts only if it is logged within 3 business days with a written note. A telephone call is not a visit.

2.2 Anything a client leaves behind, such as a seal or a bank card, is returned on the same day.
"""
LOANS_OLD = """# 贷后管理办法

## 第一章 检查

第一条　贷款发放后三十日内，客户经理应当完成首次检查。

第二条　贷款逾期的，应当在三个工作日内报告团队长。
"""
LOANS_NEW = LOANS_OLD.replace("三十日", "十五日").replace("三个", "一个")
ALERTS = """# Alert Handling Rules

1.1 A monitoring alert of 80 points or more is opened within 1 business day by an analyst.
"""


def fill(shelf):
    shelf.put("visits.md", VISITS, title="Client Visit Policy")
    shelf.put(
        "loans-2024.md",
        LOANS_OLD,
        id="post-loan",
        version="2024",
        title="贷后管理办法",
        lang="zh",
        start="2024-01-01",
        end="2026-03-01",
    )
    shelf.put(
        "loans-2026.md",
        LOANS_NEW,
        id="post-loan",
        version="2026",
        title="贷后管理办法",
        lang="zh",
        start="2026-03-01",
    )
    shelf.put("alerts.md", ALERTS, title="Alert Handling Rules", audience='["compliance", "risk"]')
    assert shelf.sync().failed == ()


@pytest.fixture(scope="module")
def filled(databases, tmp_path_factory):
    """One for all who only ask."""
    url = databases.copy("migrated", migrate)
    with shelf_in(tmp_path_factory.mktemp("library"), databases.open(url)) as shelf:
        fill(shelf)
        yield shelf
    databases.open(url).close()
    databases.drop(url)


def cited(answer):
    return [(citation.policy, citation.version, citation.clause) for citation in answer.citations]


def test_an_answer_quotes_the_clause_and_marks_what_decides(filled):
    answer = filled.ask("Within how many days must I log a visit?")

    assert (answer.status, answer.mode, answer.lang) == ("answered", "extractive", "en")
    first = answer.citations[0]
    assert (first.policy, first.clause, first.heading) == ("visits", "2.1", "2 Records")
    assert first.in_force_to is None
    marked = [first.quote[start:end] for start, end in first.marks]
    assert marked == [
        "A visit counts only if it is logged within 3 business days with a written note."
    ]
    assert answer.took_ms >= 0


def test_a_chinese_question_is_answered_from_chinese_policies(filled):
    answer = filled.ask("放款以后几天内要做首次检查？")

    assert answer.lang == "zh"
    assert cited(answer)[0] == ("post-loan", "2026", "第一条")
    assert "十五日" in answer.citations[0].quote


def test_the_day_asked_about_selects_the_version(filled):
    before = filled.ask("放款以后几天内要做首次检查？", on=TODAY.replace(2026, 2, 28))
    after = filled.ask("放款以后几天内要做首次检查？", on=TODAY.replace(2026, 3, 1))

    assert cited(before)[0] == ("post-loan", "2024", "第一条")
    assert before.citations[0].in_force_to == TODAY.replace(2026, 3, 1)
    assert cited(after)[0] == ("post-loan", "2026", "第一条")


def test_before_anything_was_in_force_nothing_is_known(filled):
    answer = filled.ask("放款以后几天内要做首次检查？", on=TODAY.replace(2020, 1, 1))

    assert (answer.status, answer.reason) == ("refused", "no_policies")


@pytest.mark.parametrize(
    ("roles", "status"), [((), "refused"), (("manager",), "refused"), (("risk",), "answered")]
)
def test_a_policy_is_only_there_for_its_audience(filled, roles, status):
    answer = filled.ask("How fast is a monitoring alert of 80 points opened?", roles=roles)

    assert answer.status == status
    shown = (*answer.citations, *answer.nearest)
    assert any(citation.policy == "alerts" for citation in shown) == (status == "answered")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("贷后管理办法第二条", ("post-loan", "2026", "第二条")),
        ("请问《贷后管理》第2条怎么说", ("post-loan", "2026", "第二条")),
        ("What does section 2.1 of the Client Visit Policy say?", ("visits", "1", "2.1")),
        ("visits 1.2", ("visits", "1", "1.2")),
    ],
)
def test_a_clause_named_by_policy_and_number_is_found_exactly(filled, text, expected):
    answer = filled.ask(text)

    assert answer.status == "answered"
    assert cited(answer) == [expected]


@pytest.mark.parametrize("text", ["贷后管理办法第九十条", "Client Visit Policy 7.4", "visits 9.9"])
def test_a_clause_that_does_not_exist_is_said_not_to(filled, text):
    answer = filled.ask(text)

    assert (answer.status, answer.reason, answer.citations) == ("refused", "unknown_clause", ())


def test_a_figure_is_not_a_reference(filled):
    answer = filled.ask("visits: may a client be given 2.5 million?")

    assert answer.reason != "unknown_clause"


@pytest.mark.parametrize(
    "text",
    ["What will the weather be tomorrow?", "今天食堂吃什么", "qwertz uiop", "???", "\u200b!"],
)
def test_what_no_policy_speaks_of_is_refused(filled, text):
    answer = filled.ask(text)

    assert (answer.status, answer.citations) == ("refused", ())
    assert answer.reason in ("off_topic", "closest_only")


def test_the_closest_rules_are_offered_apart_from_an_answer(filled):
    near = [
        filled.ask(text) for text in ("Who pays for a client's lunch on a visit?", "visit parking")
    ]

    for answer in near:
        assert answer.status == "refused"
        assert answer.citations == ()
        assert answer.reason == ("closest_only" if answer.nearest else "off_topic")


def test_the_language_can_be_chosen(filled):
    assert filled.ask("放款以后几天内要做首次检查？", lang="en").lang == "en"


@pytest.mark.parametrize(
    ("text", "code"), [("", "empty"), ("  \n ", "empty"), ("问" * 2_001, "too_long")]
)
def test_what_cannot_be_asked_is_said_by_code(filled, text, code):
    with pytest.raises(QuestionError) as refused:
        filled.ask(text)
    assert refused.value.code == code


def test_the_longest_question_is_still_answered_or_refused(filled):
    text = "Within how many days must I log a visit? " * 60

    assert filled.ask(text[:QUESTION_LIMIT]).status in ("answered", "refused")


def test_without_policies_the_library_says_so(shelf):
    answer = shelf.ask("How often do I visit a premium client?")

    assert (answer.status, answer.reason) == ("refused", "no_policies")


def test_a_policy_is_shown_whole_as_of_a_day(filled):
    shown = filled.library.show("post-loan", TODAY.replace(2025, 1, 1))

    assert [(c.clause, c.version) for c in shown] == [("第一条", "2024"), ("第二条", "2024")]
    assert filled.library.show("post-loan", TODAY.replace(2020, 1, 1)) == ()


def test_every_quote_is_the_clauses_own_text(filled):
    texts = {
        citation.clause_id: citation.quote for citation in filled.library.show("visits", TODAY)
    }
    answer = filled.ask("How often is a premium client visited?")

    assert answer.citations
    for citation in answer.citations:
        assert citation.quote == texts[citation.clause_id]
        assert all(citation.quote[start:end].strip() for start, end in citation.marks)


def test_a_repealed_clause_is_gone_from_the_next_answer(shelf):
    fill(shelf)
    assert shelf.ask("visits 2.2").status == "answered"
    shelf.put("visits.md", VISITS.partition("\n2.2")[0], title="Client Visit Policy")
    shelf.sync()

    assert shelf.ask("visits 2.2").reason == "unknown_clause"
    held = shelf.ask("When is a seal a client leaves behind returned?")
    assert all(citation.clause != "2.2" for citation in (*held.citations, *held.nearest))
