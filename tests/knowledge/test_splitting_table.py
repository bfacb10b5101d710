"""Awkward documents: the lines that go in, the clauses that come out.

A line opening with #, ## … is one the file marks as a heading; lines with " | " are a table's. Each
clause is told as its number, its label, and its headings where the case is about them.
"""

import pytest

from knowledge.reading.document import Block, Document
from knowledge.splitting import split

TITLE = "测试办法"
SAME = ""
"""The label is the number."""


def block(line: str) -> Block:
    marks = len(line) - len(line.lstrip("#"))
    if marks:
        return Block(line[marks:].strip(), level=marks)
    return Block(line, table=" | " in line)


def found_in(text: str):
    lines = [line.strip() for line in text.strip().split("\n")]
    return split(Document(tuple(block(line) for line in lines)), TITLE)


NUMBERS = {
    "articles in every way of writing numbers": (
        """第一条 甲。
        第2条　乙。
        第３条 丙。
        第 四 条 丁。
        第五条【期限】戊。
        第六条：己。""",
        "1 2 3 4 5 6",
    ),
    "articles past a hundred": (
        """第九十九条 甲。
        第一百条 乙。
        第一百零一条 丙。
        第一〇二条 丁。
        第1百零3条 戊。""",
        "99 100 101 102 103",
    ),
    "inserted articles": (
        """第十一条 甲。
        第十一条之一 乙。
        第十一条之二 丙。
        第十二条 丁。""",
        "11 11-1 11-2 12",
    ),
    "an article that is mentioned ahead of its place": (
        """第一条 甲。
        第三条 规定的客户除外。
        第四条 另有约定的，从其约定。
        第二条 乙。
        第三条 丙。
        第四条 丁。""",
        "1 2 3 4",
    ),
    "the next article mentioned just before it comes": (
        """第十一条 甲：
        第十二条 的规定适用于个人客户。
        第十二条 乙。
        第十三条 丙。""",
        "11 12 13",
    ),
    "mentions with paragraph and item": (
        """第一条 甲。
        第二条第二款的规定适用于个人客户。
        第二条 第一款所列情形除外。
        第二条（一）项的材料另行报送。
        第二条 乙。""",
        "1 2",
    ),
    "another law's article at the start of a line": (
        """第一条 依据下列规定：
        第五十二条 合同无效的情形。
        第二条 甲。""",
        "1 2",
    ),
    "repealed articles leave gaps up to ten": (
        """第一条 甲。
        第四条 乙。
        第十四条 丙。
        第三十条 丁。""",
        "1 4 14",
    ),
    "a repealed article that says so": (
        """第一条 甲。
        第二条 （已废止）
        第三条 乙。""",
        "1 2 3",
    ),
    "an article whose words stand on the next line": (
        """第一条
        甲方应当报告。
        第二条
        乙方应当核实。""",
        "1 2",
    ),
    "articles with decimals inside them": (
        """第一条 流程如下：
        1.1 受理；
        1.2 调查。
        第二条 时限如下：
        2.1 三日；
        2.2 五日。""",
        "1 2",
    ),
    "articles with lists inside them": (
        """第一条 材料：
        1.身份证；
        2.收入证明。
        第二条 条件：
        1、年满十八岁；
        2、有稳定收入。
        （一）其他。""",
        "1 2",
    ),
    "contents with leaders and page numbers": (
        """目 录
        第一章 总则……………………1
        第一条 目的 ........ 1
        第二条 范围 ........ 2
        第一章 总则
        第一条 为规范管理，制定本办法。
        第二条 本办法适用于全行。""",
        "1 2",
    ),
    "contents without leaders": (
        """目录
        第一条 目的
        第二条 范围
        第三条 职责
        第一条 目的
        为规范管理，制定本办法。
        第二条 范围
        适用于全行。
        第三条 职责
        总行负责。""",
        "1 2 3",
    ),
    "English contents that only repeat later": (
        """1 Purpose
        2 Limits
        3 Reports
        1 Purpose
        This sets limits.
        2 Limits
        The limit is RMB 5 million.
        3 Reports
        Reports are monthly.""",
        "1 2 3",
    ),
    "articles counted anew in an annex": (
        """第一条 甲。
        第二条 乙。
        附件1
        第一条 丙。
        附件2 收费表
        第一条 丁。
        第二条 戊。""",
        "1 2 annex-1/1 annex-2/1 annex-2/2",
    ),
    "a list of annexes is no annex": (
        """第一条 甲。
        附件：1.收费表
        2.申请表
        风险管理部
        2026年3月1日
        附件1
        收费表
        项目 | 收费
        开卡 | 10元
        附件2
        申请表
        申请人填写本表。""",
        "1 annex-1 annex-2",
    ),
    "articles counted anew in a new part": (
        """第一部分 个人客户
        第一条 甲。
        第二条 乙。
        第二部分 公司客户
        第一条 丙。
        第二条 丁。""",
        "1 2 part-2/1 part-2/2",
    ),
    "articles that go on through parts": (
        """第一编 总则
        第一条 甲。
        第二编 分则
        第二条 乙。""",
        "1 2",
    ),
    "a Chinese annex to English sections": (
        """1 Purpose
        1.1 This policy sets limits.
        1.2 It binds all branches.
        附件一 操作细则
        第一条 甲。
        第二条 乙。""",
        "1.1 1.2 annex-1/1 annex-1/2",
    ),
    "an English annex to Chinese articles": (
        """第一条 甲。
        第二条 乙。
        Annex A Fees
        1. The fee is RMB 10.
        2. It is paid monthly.""",
        "1 2 annex-a/1 annex-a/2",
    ),
    "a notice whose headings are outlines": (
        """各分行：
        为加强管理，现将有关事项通知如下：
        一、总体要求
        （一）坚持风险为本。各行应当审慎经营。
        （二）坚持客户为先。各行应当改进服务。
        二、重点工作
        （一）开展排查。三月底前完成。
        1.排查范围为全部存量客户；
        2.排查内容包括用途和担保。
        （二）整改问题。六月底前完成。
        三、各行应当于每月五日前报送进展。""",
        "preamble 1.1 1.2 2.1 2.2 3",
    ),
    "a notice whose outlines are clauses with items": (
        """一、申请人应当提交下列材料：
        （一）身份证；
        （二）收入证明。
        二、受理时限为三个工作日。
        三、本通知自印发之日起施行。""",
        "1 2 3",
    ),
    "outlines three deep": (
        """一、贷前调查
        （一）公司客户
        1.现场走访两次。
        2.核对三年报表。
        （二）个人客户
        1.电话核实一次。
        二、贷后检查每季一次。""",
        "1.1.1 1.1.2 1.2.1 2",
    ),
    "outline items counted through": (
        """一、总体要求
        （一）甲应当报告。
        （二）乙应当核实。
        二、主要任务
        （三）丙应当登记。
        （四）丁应当归档。""",
        "1.1 1.2 2.3 2.4",
    ),
    "outlines as chapters of articles": (
        """一、总则
        第一条 甲。
        二、附则
        第二条 乙。""",
        "1 2",
    ),
    "plain figures": (
        """1. The fee is RMB 10.
        2. It is paid monthly.
        3. It may be waived.""",
        "1 2 3",
    ),
    "plain figures with lists in them": (
        """1. Documents
        Bring the following.
        1. passport;
        2. proof of income;
        2. Deadlines
        Ten days.
        3. Fees
        None.""",
        "1 2 3",
    ),
    "Chinese plain figures": (
        """1、申请人应当年满十八岁。
        2、贷款期限最长三年。
        3、利率按公告执行。""",
        "1 2 3",
    ),
    "sections without clauses below them": (
        """1 Purpose
        This policy sets limits.
        2 Limits
        2.1 The limit is RMB 5 million.
        2.2 It is reviewed yearly.
        3 Reports
        Reports are monthly.""",
        "1 2.1 2.2 3",
    ),
    "a list in a clause before the next section": (
        """1 Documents
        1.1 The client brings:
        1. a passport;
        2. proof of income.
        2 Limits
        2.1 The limit is RMB 5 million.""",
        "1.1 2.1",
    ),
    "amounts at the start of a line": (
        """1.1 The limit is
        3.2 million in all, or
        3 million for branches, or
        1.2 万元 for pilots.
        1.2 It is reviewed yearly.
        1.3 It binds all.""",
        "1.1 1.2 1.3",
    ),
    "Chinese amounts at the start of a line": (
        """1.1 最高额度为
        1.2亿元，其中信用部分不超过
        2.5个百分点的浮动。
        1.2 每年重检一次。""",
        "1.1 1.2",
    ),
    "decimals set hard against Chinese": (
        """1总则
        1.1本办法适用于全行。
        1.2各行应当遵守。
        1.10每年重检。""",
        "1.1 1.2 1.10",
    ),
    "decimals past nine and jumps": (
        """3.9 A applies.
        3.10 B applies.
        3.12 C applies.
        4.1 D applies.""",
        "3.9 3.10 3.12 4.1",
    ),
    "a clause with a title and clauses below it": (
        """3.2 Cards
        3.2.1 A card is free.
        3.2.2 A second costs RMB 10.
        3.3 Accounts
        3.3.1 An account is free.""",
        "3.2.1 3.2.2 3.3.1",
    ),
    "a clause with text and clauses below it": (
        """3.2 Cards are for clients only.
        3.2.1 A card is free.
        3.3 Accounts are for all.""",
        "3.2 3.2.1 3.3",
    ),
    "inserted English clauses": (
        """5. Fees are fixed.
        5A. Fees may be waived.
        6. Fees are paid monthly.""",
        "5 5A 6",
    ),
    "inserted sections by keyword": (
        """Section 5 Fees are fixed.
        Section 5A Fees may be waived.
        Section 6 Fees are paid monthly.""",
        "5 5A 6",
    ),
    "another law's articles in English": (
        """Article 1 The bank lends.
        Article 5 of the Law applies to it.
        Article 2(1) of the Rules applies too.
        Article 2 It also saves.""",
        "1 2",
    ),
    "articles with decimals as their clauses": (
        """Article 1 Lending
        1.1 The bank lends.
        1.2 It lends in RMB.
        Article 2 Saving
        2.1 The bank saves.""",
        "1.1 1.2 2.1",
    ),
    "Roman articles with sections counted in hundredths": (
        """ARTICLE I
        DEFINITIONS
        Section 1.01 Terms have meanings.
        Section 1.02 Words too.
        ARTICLE II
        LOANS
        Section 2.01 The bank lends.""",
        "1.1 1.2 2.1",
    ),
    "sections counted anew in every article": (
        """Article I Lending
        Section 1. The bank lends.
        Section 2. It lends in RMB.
        Article II Saving
        Section 1. The bank saves.""",
        "1 2 article-2/1",
    ),
    "articles that go on through sections": (
        """Chapter 1 General
        Section 1 Scope
        Article 1 This applies.
        Section 2 Terms
        Article 2 Terms have meanings.
        Article 3 So have words.""",
        "1 2 3",
    ),
    "rules three deep": (
        """Rule 3.1.3 A person must report.
        Rule 3.1.4 It must do so in writing.
        Rule 3.2.1 It keeps copies.""",
        "3.1.3 3.1.4 3.2.1",
    ),
    "items stay in their clause": (
        """3.1 A report says:
        (a) who acted;
        (i) alone, or
        (ii) with others;
        (A) by proxy;
        (b) when.
        3.2 It is signed.""",
        "3.1 3.2",
    ),
    "questions and answers": (
        """问：如何申请信用卡？
        答：到任一网点申请。
        问：多久批准？
        答：三个工作日。
        周末顺延。""",
        "q1 q2",
    ),
    "numbered questions and answers in sections": (
        """## Cards
        Q1: How do I apply?
        A1: At any branch.
        Q2: How long does it take?
        A2: Three days.
        ## Loans
        Q1: Who may borrow?
        A1: Any adult.""",
        "q1 q2 loans/q1",
    ),
    "questions as plain figures": (
        """1. How do I apply?
        At any branch.
        2. How long does it take?
        Three days.""",
        "1 2",
    ),
    "headings without numbers": (
        """# Card Leaflet
        ## Fees
        A card costs RMB 10.
        ## How to Apply
        Apply at any branch.
        Bring your passport.""",
        "fees how-to-apply",
    ),
    "headings by their looks": (
        """Fees
        A card costs RMB 10 a year and is billed in March.
        How to apply
        Apply at any branch, with your passport.""",
        "fees how-to-apply",
    ),
    "heading-only fragments": (
        """3.1 Definitions apply throughout.
        3.2 Reserved
        3.3 Terms are used as in law.""",
        "3.1 3.3",
    ),
    "short entries that are all there is": (
        """1 Documents
        1.1 Passport
        1.2 Proof of income
        1.3 Photo""",
        "1.1 1.2 1.3",
    ),
    "running heads": (
        """第一章 总则
        第一条 甲方应当
        第一章 总则
        报告。
        测试办法
        第二条 乙。
        第二章 附则
        第三条 丙。""",
        "1 2 3",
    ),
    "a law in both languages": (
        """第一条 甲。
        第二条 乙。
        Article 1 First.
        Article 2 Second.""",
        "1 2 en/1 en/2",
    ),
}


@pytest.mark.parametrize("case", NUMBERS, ids=str)
def test_numbers(case):
    text, numbers = NUMBERS[case]

    assert " ".join(clause.number for clause in found_in(text)) == numbers


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            """# 测试办法
            第二章 贷后检查
            第二节 频率
            第１２条之一　每季一次。
            第十三条　留痕。""",
            [
                ("12-1", "第１２条之一", "第二章 贷后检查 › 第二节 频率", "每季一次。"),
                ("13", "第十三条", "第二章 贷后检查 › 第二节 频率", "留痕。"),
            ],
        ),
        (
            """PART I – GENERAL
            Chapter 2: Lending
            Article XII: Limits
            The limit is RMB 5 million.
            Article XIII – Reports
            Reports are monthly.""",
            [
                ("12", "Article XII", "PART I GENERAL › Chapter 2 Lending",
                 "Limits\nThe limit is RMB 5 million."),
                ("13", "Article XIII", "PART I GENERAL › Chapter 2 Lending",
                 "Reports\nReports are monthly."),
            ],
        ),
        (
            """2 Limits
            2.1 Cards
            2.1.1 The limit is:
            (a)  RMB 5,000; and
            2.1.2. It is reviewed.
            2.2 Loans need consent.""",
            [
                ("2.1.1", "2.1.1", "2 Limits › 2.1 Cards", "The limit is:\n(a) RMB 5,000; and"),
                ("2.1.2", "2.1.2", "2 Limits › 2.1 Cards", "It is reviewed."),
                ("2.2", "2.2", "2 Limits", "Loans need consent."),
            ],
        ),
        (
            """一、总体要求
            （一）坚持审慎。各行应当从严。
            二、其他事项由总行解释。""",
            [
                ("1.1", "一（一）", "一 总体要求", "坚持审慎。各行应当从严。"),
                ("2", "二", "", "其他事项由总行解释。"),
            ],
        ),
        (
            """## 常见问题
            问：如何申请？
            答：到网点申请。
            问题2：多久？
            答：三日。""",
            [
                ("q1", "问1", "常见问题", "如何申请？\n答：到网点申请。"),
                ("q2", "问题2", "常见问题", "多久？\n答：三日。"),
            ],
        ),
        (
            """# 测试办法
            为服务客户，特推出本产品，欢迎选用。
            ## 额度与期限
            最高一百万元
            ## 利率
            项目 | 利率
            一年 | 3.1%""",
            [
                ("preamble", "序言", "", "为服务客户，特推出本产品，欢迎选用。"),
                ("额度与期限", "额度与期限", "额度与期限", "最高一百万元"),
                ("利率", "利率", "利率", "项目 | 利率\n一年 | 3.1%"),
            ],
        ),
        (
            """第一条 甲。
            附件二 收费表
            1. 开卡十元。
            2. 换卡五元。""",
            [
                ("1", "第一条", "", "甲。"),
                ("annex-2/1", "1", "附件二 收费表", "开卡十元。"),
                ("annex-2/2", "2", "附件二 收费表", "换卡五元。"),
            ],
        ),
    ],
)  # fmt: skip
def test_labels_headings_and_text(text, told):
    found = found_in(text)

    assert [(c.number, c.label, c.heading, c.text) for c in found] == told


def test_rows_of_sheets_and_slides_are_clauses_that_say_where_they_stand():
    blocks = (
        Block("Fees", level=2),
        Block("Card fees 2026", level=3, place="Fees!1"),
        Block("Card: debit; Fee: RMB 10", place="Fees!3"),
        Block("Card: credit; Fee: RMB 50", place="Fees!4"),
        Block("Remarks", level=2),
        Block("Students pay half.", place="Remarks!9"),
    )
    assert [(c.number, c.label, c.heading, c.text) for c in split(Document(blocks), TITLE)] == [
        ("Fees!3", "Fees!3", "Fees › Card fees 2026", "Card: debit; Fee: RMB 10"),
        ("Fees!4", "Fees!4", "Fees › Card fees 2026", "Card: credit; Fee: RMB 50"),
        ("Remarks!9", "Remarks!9", "Remarks", "Students pay half."),
    ]

    slides = (
        Block("Lending", level=2, place="slide 1"),
        Block("Loans", level=2, place="slide 2"),
        Block("第一条 甲。", place="slide 2"),
        Block("Notes: say it slowly", place="slide 2"),
        Block("slide 3", level=2, place="slide 3"),
        Block("Thank you", place="slide 3"),
    )
    found = split(Document(slides), TITLE)
    assert [(c.number, c.label, c.text, c.place) for c in found] == [
        ("slide-2", "slide 2 Loans", "第一条 甲。\nNotes: say it slowly", "slide 2"),
        ("slide-3", "slide 3", "Thank you", "slide 3"),
    ]


def test_a_leaflet_with_pages_and_nothing_else_goes_by_its_pages():
    blocks = (Block("Cards for all.", page=1), Block("Fees apply.", page=1), Block("Ask.", page=2))
    found = split(Document(blocks), TITLE)

    assert [(c.number, c.label, c.page, c.text) for c in found] == [
        ("page-1", "p. 1", 1, "Cards for all.\nFees apply."),
        ("page-2", "p. 2", 2, "Ask."),
    ]
