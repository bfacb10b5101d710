"""Figures, dates and rulings read alike from both languages; a claim may not change one."""

import pytest

from knowledge.llm.meaning import read_meaning, supports


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
    assert read_meaning(text).rulings == rulings


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
    meaning = read_meaning(quote)

    assert supports(meaning, read_meaning(claim), meaning, ordered=False)


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
    ],
)
def test_another_figure_unit_or_ruling_is_not(quote, claim):
    meaning = read_meaning(quote)

    assert not supports(meaning, read_meaning(claim), meaning, ordered=False)


def test_what_a_sentence_forbids_may_not_be_left_out_with_its_quote():
    around = read_meaning("客户经理不得在未经审批的情况下办理贷款")

    assert not supports(
        read_meaning("办理贷款"), read_meaning("客户经理办理贷款"), around, ordered=True
    )


def test_in_one_language_figures_keep_their_order_and_are_said_as_often_as_they_stand():
    fees = read_meaning("手续费：甲类0.5%，乙类0.8%。")

    assert supports(fees, read_meaning("甲类0.5%，乙类0.8%"), fees, ordered=True)
    assert not supports(fees, read_meaning("甲类0.8%，乙类0.5%"), fees, ordered=True)
    assert not supports(fees, read_meaning("甲类0.5%，乙类0.5%"), fees, ordered=False)
    assert supports(fees, read_meaning("0.8% for B and 0.5% for A"), fees, ordered=False)
