"""Figures, dates and rulings read alike from both languages; a claim may not change one."""

import pytest

from knowledge.llm.meaning import read_meaning
from knowledge.llm.support import Source, supports


@pytest.mark.parametrize(
    ("text", "measures"),
    [
        ("三个工作日内", {(3, "working_day")}),
        ("within three business days", {(3, "working_day")}),
        ("3 working days", {(3, "working_day")}),
        ("三日内", {(3, "day")}),
        ("a 3-day notice", {(3, "day")}),
        ("不得超过百分之三十", {(30, "%")}),
        ("at most 30 percent", {(30, "%")}),
        ("人民币500万元", {(5_000_000, "")}),
        ("RMB 5 million", {(5_000_000, "")}),
        ("5,000,000元", {(5_000_000, "")}),
        ("自2026年5月1日起施行", {(2026, "year"), (5, "month"), (1, "day")}),
        ("in force from 1 May 2026", {(1, ""), (5, "month"), (2026, "")}),
        ("每季度走访一次", {(1, "every quarter"), (1, "")}),
        ("a quarterly visit", {(1, "every quarter")}),
        ("forty-five days", {(45, "day")}),
        ("上浮20个基点", {(20, "point")}),
        ("一般应当统一办理", set()),
        ("one of the managers may ask", set()),
        ("version 1.2.3", {("1.2.3", "")}),
        ("千分之三", {(3, "‰")}),
        ("a fee of 3‰", {(3, "‰")}),
        ("叁拾年", {(30, "year")}),
        ("半年", {("半", "year")}),
        ("十几年", {("十几", "year")}),
        ("half a year", {(0.5, "year")}),
        ("seventeen days", {(17, "day")}),
        ("twenty-five days", {(25, "day")}),
    ],
)
def test_figures_are_read_with_the_units_that_must_stay_with_them(text, measures):
    assert set(read_meaning(text).measures) == measures


@pytest.mark.parametrize(
    ("text", "rulings"),
    [
        ("应当上报", {"required"}),
        ("必须上报", {"required"}),
        ("managers must report", {"required"}),
        ("不得办理", {"forbidden"}),
        ("严禁透露", {"forbidden"}),
        ("managers must not accept cash", {"forbidden"}),
        ("no loan may be granted", {"forbidden"}),
        ("may not be shortened", {"forbidden"}),
        ("可以延期", {"allowed"}),
        ("经批准可延期", {"allowed"}),
        ("the head may extend it", {"allowed"}),
        ("无需上报", {"exempt"}),
        ("you need not report", {"exempt"}),
        ("许可证与应收账款", set()),
        ("since 1 May 2026", set()),
    ],
)
def test_rulings_are_read(text, rulings):
    assert set(read_meaning(text).rulings) == rulings


@pytest.mark.parametrize(
    ("quote", "claim"),
    [
        ("应当在三个工作日内上报", "A report is due within 3 working days."),
        ("应当在三个工作日内上报", "必须在3个工作日内上报"),
        ("不得超过授信额度的30%", "It is at most 30% of the credit line."),
        ("不得接受现金", "Managers must not accept cash."),
        ("保存不少于十年", "Keep them for at least 10 years."),
        ("未经批准不得办理", "Without approval it must not be done."),
        ("自2026年5月1日起施行", "It is in force from 1 May 2026."),
        ("A visit must be logged within two working days.", "走访应当在两个工作日内登记"),
        ("不良贷款应当移交", "Bad loans must be handed over."),
    ],
)
def test_the_same_said_in_other_words_is_borne_out(quote, claim):
    assert bears(claim, quote)


@pytest.mark.parametrize(
    ("quote", "claim"),
    [
        ("应当在三个工作日内上报", "应当在五个工作日内上报"),
        ("应当在三个工作日内上报", "应当在三日内上报"),
        ("应当在三个工作日内上报", "A report is due within 3 months."),
        ("应当在三个工作日内上报", "可以在三个工作日内上报"),
        ("应当上报", "不应当上报"),
        ("不得接受现金", "Managers may accept cash."),
        ("不得接受现金", "Managers accept cash."),
        ("可以延期一次", "必须延期一次"),
        ("不得超过30%", "至少30%"),
        ("保存不少于十年", "最多保存十年"),
        ("逾期未超过三日的", "逾期超过三日的"),
        ("未经审批且未签字的", "经审批但未签字的"),
        ("more than RMB 20,000 without approval", "RMB 20,000 without approval or less than that"),
        ("金额不超过五万元的", "金额超过五万元的"),
        ("五日内报出", "五日以上报出"),
        ("每季度走访一次", "每月走访一次"),
        ("利率上浮20个基点", "利率上浮20%"),
        ("may be extended once", "must be extended once"),
        ("Reports are due quarterly.", "Reports are due monthly."),
        ("自2026年5月1日起施行", "It is in force from 1 June 2026."),
        ("上报团队长", "三日内上报团队长"),
        ("无需上报", "应当上报"),
        ("可以凭审批办理", "可以办理"),
        ("may be paid out with the head's approval", "may be paid out"),
        ("may accept gifts only from family", "may accept gifts"),
        ("仅限合规员查阅", "合规员查阅"),
        ("所有经理应当上报，实习生除外", "所有经理应当上报"),
        ("All managers must report, except interns.", "All managers must report."),
        ("Managers refuse to accept cash.", "Managers accept cash."),
        ("申请被拒绝办理", "申请办理"),
        ("Fees are refundable.", "Fees are non-refundable."),
        ("It is illegal to accept gifts.", "It is legal to accept gifts."),
        ("放款前三日通知客户", "放款后三日通知客户"),
        ("Report before 5 May 2026.", "Report after 5 May 2026."),
        ("上浮20个基点", "下浮20个基点"),
        ("上浮20个基点", "It is reduced by 20 basis points."),
        ("The discount ends on 31 May 2026.", "The discount starts on 31 May 2026."),
        ("Most cases must be reported.", "All cases must be reported."),
        ("金额为3万元", "金额为3万美元"),
        ("金额为3万元", "It is USD 30,000."),
        ("利率为3%", "利率为3‰"),
        ("期限为三年", "期限为半年"),
        ("期限为三年", "期限为十几年"),
        ("The term is three years.", "The term is a dozen years."),
        ("The term is three years.", "The term is seventeen years."),
    ],
)
def test_another_figure_unit_or_ruling_is_not(quote, claim):
    assert not bears(claim, quote)


def test_what_a_sentence_forbids_may_not_be_left_out_with_its_quote():
    sentence = "客户经理不得在未经审批的情况下办理贷款"

    assert not bears("客户经理办理贷款", "办理贷款", sentence, ordered=True)


def test_in_one_language_figures_keep_their_order_and_are_said_as_often_as_they_stand():
    fees = "手续费：甲类0.5%，乙类0.8%。"

    assert bears("甲类0.5%，乙类0.8%", fees, ordered=True)
    assert not bears("甲类0.8%，乙类0.5%", fees, ordered=True)
    assert not bears("甲类0.5%，乙类0.5%", fees)
    assert bears("0.8% for B and 0.5% for A", fees)


@pytest.mark.parametrize(
    ("quote", "claim"),
    [
        ("不得接受现金，但可以接受转账", "可以接受现金，但不得接受转账"),
        ("must not accept cash but may accept cheques", "may accept cash but must not accept cheques"),
        ("最低30%，最高50%", "最高30%，最低50%"),
        ("at least 30% and at most 50%", "at most 30% and at least 50%"),
    ],
)  # fmt: skip
def test_in_one_language_rulings_and_bounds_keep_their_order(quote, claim):
    assert bears(quote, quote, ordered=True)
    assert not bears(claim, quote, ordered=True)


def test_a_condition_that_was_asked_with_need_not_be_said_again():
    sentence = "贷款金额超过100万元的，应当上报分行"

    assert bears("应当上报分行", "应当上报分行", sentence, asked="超过一百万的贷款要上报吗？")
    assert not bears("应当上报分行", "应当上报分行", sentence, asked="贷款要上报吗？")


def bears(claim, quote, sentence="", asked="", *, ordered=False):
    """Whether a quote out of a sentence of one part bears a claim out."""
    around = sentence or quote
    source = Source(*map(read_meaning, (quote, around, around, around, asked)))
    return supports(source, read_meaning(claim), ordered=ordered)
