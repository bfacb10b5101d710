"""A clause that only shares words with a question does not answer it."""

import pytest

from knowledge.answer import Query
from knowledge.directions import directions, opposed
from knowledge.glossary import shipped
from knowledge.question import read_question
from knowledge.tokens import stem
from tests.knowledge.golden import TODAY
from tests.knowledge.test_golden import library

__all__ = ["library"]


def ask(library, text):
    return library.ask(Query(text, TODAY, frozenset({"manager"})))


def named(citations):
    return [(one.policy, one.clause) for one in citations]


@pytest.mark.parametrize(
    ("text", "policy", "clause"),
    [
        ("How often must I visit a private client?", "kyc-zh", "第十五条"),
        ("May I take a present from a client?", "sales-conduct", "2.6"),
        ("May I accept hospitality from a client?", "sales-conduct", "2.6"),
        ("Must I report a suspicion?", "aml", "3.1"),
        ("can my cousin's loan be extended", "post-loan", "第十八条"),
        ("客户的贷款逾期多少天要报告", "post-loan", "第十七条"),
        ("能给客户送礼吗", "sales-conduct-zh", "第二十条"),
    ],
)
def test_the_clause_that_states_what_is_asked_comes_first(library, text, policy, clause):
    answer = ask(library, text)

    assert (answer.status, named(answer.citations)[0]) == ("answered", (policy, clause))


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        # The Chinese policies say what may be given to clients, not what may be taken from them.
        ("客户送的月饼能不能收", ("sales-conduct-zh", "第二十条")),
        ("客户送我礼物我能收吗", ("sales-conduct-zh", "第二十条")),
        ("我可以收客户500元的红包吗？", ("sales-conduct-zh", "第二十条")),
        ("收了客户的购物卡怎么办", ("sales-conduct-zh", "第二十条")),
        # The English ones the other way round.
        ("Can I give a gift to a client?", ("sales-conduct-zh", "第二十条")),
    ],
)
def test_rules_on_gifts_the_other_way_round_are_only_the_closest(library, text, nearest):
    answer = ask(library, text)

    assert (answer.status, answer.reason) == ("refused", "closest_only")
    assert nearest in named(answer.nearest)


@pytest.mark.parametrize(
    "text",
    [
        "How often must a colleague's off-book sale be reported?",
        "How often is a virtual office address accepted?",
        "飞单多久报告一次",
        "How long is a telephone call?",
        "How long is the queue at a branch?",
    ],
)
def test_a_clause_that_gives_no_time_of_what_is_asked_does_not_answer(library, text):
    assert ask(library, text).status == "refused"


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("Gifts and hospitality from one client may not exceed RMB 200.", {"from_client"}),
        ("A client offers me a hamper.", {"from_client"}),
        ("Can I give my client a bottle, or buy a customer dinner?", {"to_client"}),
        ("May I send a present to the client?", {"to_client"}),
        ("向客户赠送礼品的，单次价值不超过二百元", {"to_client"}),
        ("给客户送礼", {"to_client"}),
        ("能不能送客户月饼", {"to_client"}),
        ("客户送的月饼", {"from_client"}),
        ("收了客户的礼品怎么办", {"from_client"}),
        ("我能收客户的红包吗", {"from_client"}),
        ("客户请我吃饭可以去吗", {"from_client"}),
        ("客户的宴请", {"from_client"}),
        ("能请客户吃饭吗", {"to_client"}),
        ("可以给客户发红包吗", {"to_client"}),
        ("客户申请延期", set()),
        ("收到客户申请后", set()),
        ("客户资料报送总行", set()),
        ("把合同送达客户", set()),
        ("The client sends the documents to the branch.", set()),
        ("Client offered to lend me money for my flat.", set()),
    ],
)
def test_who_gives_a_gift_to_whom(text, ways):
    assert directions(text) == ways


def test_a_rule_that_speaks_of_both_ways_or_of_none_is_not_opposed():
    assert opposed("客户送礼能收吗", "不得向客户赠送礼品")
    assert not opposed("客户送礼能收吗", "不得向客户赠送礼品，也不得收受客户礼品")
    assert not opposed("客户送礼能收吗", "发现异常应当报告")
    assert not opposed("逾期怎么办", "不得向客户赠送礼品")


def test_words_that_only_look_alike_have_stems_of_their_own():
    assert stem("presentation") == stem("presentations") != stem("present")
    assert stem("hospitality") != stem("hospital")
    assert stem("important") != stem("import")
    assert "gift" not in shipped().ideas("used in a presentation to the hospital")
    assert "gift" not in shipped().ideas("with a parent or guardian present")


def test_a_word_whose_sense_is_told_is_not_looked_for_in_another():
    assert "present" not in read_question("May I take a present?").words
    assert "present" in read_question("Must the guardian be present?").words
