"""What of a model's claims stands: laws over the sentences of the policies that ship."""

import re
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bank.policies import ClauseRecord, Passage, PolicyRecord
from knowledge.llm.verifying import LONGEST_CLAIM, MOST_CLAIMS, Written, verify
from tests.knowledge.test_quoting import SENTENCES, letters

POLICY = PolicyRecord(
    "p",
    "1",
    "Policy",
    "policy",
    "en",
    date(2026, 1, 1),
    None,
    None,
    ("all",),
    "Office",
    "p.md",
    "0",
)
FIGURE = re.compile(r"\d")
DENIAL = re.compile(r"不(?!良|动产|同|断|仅|论)|未(?!来|成年|尽)|\bnot\b")
RULING = re.compile(r"应当|必须|不得|可以|\bmust not\b|\bmay not\b|\bmust\b|\bmay\b(?! \d)")


def shown(*texts):
    return {
        f"C{n}": Passage(
            ClauseRecord(f"c{n}", POLICY.id, n, str(n), str(n), "", text, None, b""), POLICY
        )
        for n, text in enumerate(texts, 1)
    }


def claimed(text, quote, clause, source="C1"):
    return verify([Written(text, source, quote)], shown(clause), "").claims


sentences = st.sampled_from([one for one in SENTENCES if len(one) <= LONGEST_CLAIM])


@given(sentences)
def test_a_clauses_own_sentence_stands_on_itself(sentence):
    (claim,) = claimed(sentence, sentence, sentence)

    assert letters(sentence[claim.start : claim.end]) == letters(sentence)


@given(sentences.filter(FIGURE.search), st.data())
def test_with_another_digit_it_does_not(sentence, data):
    at = data.draw(st.sampled_from([found.start() for found in FIGURE.finditer(sentence)]))
    digit = data.draw(st.sampled_from(sorted(set("0123456789") - {sentence[at]})))
    said = sentence[:at] + digit + sentence[at + 1 :]
    # "12.1" and "12.10" are one number.
    assume(digit != "0" and sentence[at] != "0")

    assert claimed(said, sentence, sentence) == ()


@given(sentences.filter(lambda one: len(DENIAL.findall(one)) == 1), st.data())
def test_without_its_one_denial_it_does_not(sentence, data):
    said = DENIAL.sub("", sentence)

    assert claimed(said, sentence, sentence) == ()


@given(sentences.filter(lambda one: len(set(RULING.findall(one))) == 1), st.data())
def test_with_another_ruling_it_does_not(sentence, data):
    english = re.search(r"[a-z]{3}", sentence)
    held = RULING.search(sentence)[0]
    # "No fee must be asked" forbids what "no fee may be asked" does.
    assume(not re.search(r"\b[Nn]o\b", sentence))
    others = {"must", "may", "must not"} if english else {"应当", "可以", "不得"}
    same = {"必须": "应当", "may not": "must not"}
    other = data.draw(st.sampled_from(sorted(others - {held, same.get(held)})))

    assert claimed(RULING.sub(other, sentence), sentence, sentence) == ()


@given(sentences, sentences)
def test_another_clauses_words_bear_nothing_out(one, other):
    assume(one not in other and other not in one)

    assert claimed(one, one, other) == ()


def test_it_keeps_to_a_few_claims_of_a_few_clauses():
    texts = [f"Rule {word} applies to everybody here." for word in ("red", "blue", "green", "grey")]
    written = [Written(text, f"C{n}", text) for n, text in enumerate(texts, 1)]

    standing = verify(written, shown(*texts), "")
    same = verify([Written(texts[0], "C1", texts[0])] * 9, shown(*texts), "")

    assert [claim.citation for claim in standing.claims] == [0, 1, 2]
    assert len(standing.citations) == 3
    assert (len(same.claims), MOST_CLAIMS) == (1, 5)


def test_signs_that_are_not_seen_are_taken_out_of_a_claim():
    rule = "Visits are logged by the manager."

    (claim,) = claimed("Visits are\u200b logged\u202e by\nthe manager.", rule, rule)

    assert claim.text == rule


LEADS = "客户经理应当在发现可疑线索后一个工作日内，通过反洗钱系统提交线索单，写明人、账户、时间、金额和怀疑理由。不得以口头或者群消息代替。"
RECORDS = (
    "交易记录和可疑交易分析材料自交易完成之日起保存不少于十年，仅限反洗钱中心和经授权的合规员查阅。"
)
FLOATING = "The account manager may grant up to 5 basis points, the branch general manager up to 15; cash, gifts or rebates for bringing deposits are forbidden."
HOLDERS = "The account manager contacts the holder of a term deposit of RMB 300,000 or more between 10 and 3 days before maturity and asks what should be done. Moving the money without a signed or app-confirmed instruction is forbidden."


@pytest.mark.parametrize(
    ("clause", "said", "quote"),
    [
        (LEADS, "客户经理应在发现可疑线索后一个工作日内通过反洗钱系统提交线索单。", LEADS[:35]),
        (LEADS, "不能用口头或群消息代替线索单。", "不得以口头或者群消息代替"),
        (LEADS, "Submit the form within one working day of finding the lead.", LEADS[:35]),
        (RECORDS, "交易记录自交易完成之日起至少保存十年。", RECORDS[:28]),
        (RECORDS, "Records are kept for at least ten years.", RECORDS[:28]),
        (FLOATING, "The account manager may grant up to 5 basis points.", FLOATING[:81]),
        (FLOATING, "客户经理最多可给予5个基点。", FLOATING[:50]),
        (HOLDERS, "Contact holders of term deposits of RMB 300,000 or more between 10 and 3 days before maturity.", HOLDERS.partition(" and asks")[0]),
        (HOLDERS, "Money must not be moved without a signed or app-confirmed instruction.", HOLDERS.partition("done. ")[2]),
    ],
)  # fmt: skip
def test_the_clauses_own_rule_in_fewer_or_other_words_stands(clause, said, quote):
    assert [one.text for one in claimed(said, quote, clause)] == [said]


@pytest.mark.parametrize(
    ("clause", "said", "quote"),
    [
        (LEADS, "客户经理应当在发现可疑线索后三个工作日内提交线索单。", LEADS[:35]),
        (LEADS, "可以口头或群消息代替线索单。", "不得以口头或者群消息代替"),
        (LEADS, "口头或群消息代替线索单。", "口头或者群消息代替"),
        (RECORDS, "交易记录自交易完成之日起保存十年。", RECORDS[:28]),
        (RECORDS, "Records are kept for at most ten years.", RECORDS[:28]),
        (FLOATING, "The account manager may grant up to 15 basis points.", FLOATING[:81]),
        (FLOATING, "Cash and gifts for bringing deposits are allowed.", FLOATING[81:]),
        (HOLDERS, "Move the money without a signed instruction.", HOLDERS.partition("done. ")[2]),
    ],
)
def test_another_rule_does_not(clause, said, quote):
    assert claimed(said, quote, clause) == ()


REPORTED = (
    "监管仓库由监管公司驻场管理，盘点差异超过百分之二的，应当当日报告分行，单笔不足一万元的除外。"
)


def test_a_rule_is_not_said_without_its_condition_or_its_exception():
    said = "应当当日报告分行，单笔不足一万元的除外。"
    whole = f"盘点差异超过百分之二的，{said}"
    quote = REPORTED.partition("，")[2]

    assert claimed(whole, quote, REPORTED)
    assert not claimed(said, "应当当日报告分行，单笔不足一万元的除外", REPORTED)
    assert not claimed("盘点差异超过百分之二的，应当当日报告分行。", quote[:20], REPORTED)
    # What stands behind a rule is no condition of it.
    assert claimed("监管仓库由监管公司驻场管理。", REPORTED[:13], REPORTED.replace("的除外", ""))
