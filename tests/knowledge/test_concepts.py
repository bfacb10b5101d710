import pytest

from knowledge.concepts import RULE, ideas, offers, subjects, wants


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("客户断供了", "借款人未按期还本付息的"),
        ("卖飞单", "不在代销清单内的产品"),
        ("my boss said so", "an instruction from a superior"),
        ("a client grumbled about fees; he wants to complain", "every complaint is registered"),
        ("能不能代签", "power of attorney"),
    ],
)
def test_what_is_said_shares_an_idea_with_what_is_written(said, written):
    assert ideas(said) & ideas(written)


def test_the_longest_phrase_at_a_place_counts():
    assert "off_book" in ideas("an off-book sale")
    assert "large_cd" in ideas("a certificate of deposit")


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("几天内要录入走访？", "time"),
        ("How soon must I report?", "time"),
        ("信用贷最高多少", "amount"),
        ("What is the maximum gift?", "amount"),
        ("这笔贷款谁批", "who"),
        ("Who approves it?", "who"),
        ("可以代客户保管印章吗", "may"),
        ("May I keep the seal?", "may"),
    ],
)
def test_a_question_wants_a_kind_of_fact(question, kind):
    assert kind in wants(question)


def test_a_clause_offers_what_it_states():
    assert offers("走访后三个工作日内录入系统。") >= {"time", RULE}
    assert offers("Loans above RMB 5 million are approved by the committee.") >= {"amount", "who"}


@pytest.mark.parametrize(
    "frame",
    [
        "为规范贷后管理，制定本办法。",
        "本办法由风险管理部负责解释。",
        "This policy applies to every branch.",
    ],
)
def test_a_clause_that_only_frames_its_policy_rules_on_nothing(frame):
    assert RULE not in offers(frame)


def test_ages_are_understood():
    assert "minor" in ideas("a 14-year-old comes alone")
    assert "elderly" in ideas("客户今年七十岁") or "elderly" in ideas("客户70岁")


def test_subjects_are_ideas_of_their_own():
    assert ideas("公积金贷款怎么办") & subjects()
    assert not ideas("贷后检查报告几天内交") & subjects()
