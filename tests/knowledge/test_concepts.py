import pytest

from knowledge.concepts import RULE, offers, wants


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
