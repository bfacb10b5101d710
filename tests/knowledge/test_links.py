"""Definitions and references as they stand in clauses, and what a reader is shown of them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bank.policies import ClauseRecord, LinkRecord
from knowledge.links import links_of
from knowledge.reading.document import Block, Document
from knowledge.related import MOST_RELATED, related
from knowledge.splitting import split

CHINESE = """第一章 总则
第一条 为规范管理，制定本办法。
第二条 本办法适用于全行。
第二章 检查
第三条 本办法所称不良贷款，是指次级、可疑和损失类贷款。
第四条 检查每季一次。
第五条 {}
附件1 收费表
收费按年计算，每年十元。"""
ENGLISH = """1 General
1.1 This policy sets limits.
1.2 It binds all branches.
2 Limits
2.1 The limit is RMB 5 million.
2.2 {}
Annex A Fees
The fee is RMB 10 a year."""


def clauses_with(text: str):
    chinese = any("一" <= character <= "鿿" for character in text)
    lines = (CHINESE if chinese else ENGLISH).format(text).split("\n")
    return split(Document(tuple(Block(line) for line in lines)), "测试办法")


def links_in(text: str):
    """The links of the clause with this text: what its words are, and what they mean."""
    clauses = clauses_with(text)
    index = next(n for n, clause in enumerate(clauses) if clause.number in {"5", "2.2"})
    return [
        (clauses[index].text[link.start : link.end], link)
        for link in links_of(clauses)
        if link.clause == index
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("按照第三条执行。", "第三条→3"),
        ("违反《保密办法》第三条，或者该办法第四条的。", "《保密办法》第三条→保密办法/3 第四条→保密办法/4"),
        ("违反该办法第四条的。", ""),
        ("按照第三条第二款第（一）项执行。", "第三条第二款第（一）项→3"),
        ("适用第三条、第四条和第九十条。", "第三条→3 第四条→4"),
        ("本办法第4条除外。", "本办法第4条→4"),
        ("前条规定的客户除外。", "前条→4"),
        ("下列客户：\n前款所列除外。", "前款→5"),
        ("本章的规定适用于本节。", "本章→3 本节→3"),
        ("收费见附件1。", "附件1→annex-1"),
        ("附件9没有。", ""),
        ("按照《贷后管理办法》第八条、第九条和本办法第二条执行。",
         "《贷后管理办法》第八条→贷后管理办法/8 第九条→贷后管理办法/9 本办法第二条→2"),
        ("按照《贷后管理办法》执行，第三条除外。", "《贷后管理办法》→贷后管理办法/ 第三条→3"),
        ("根据商业银行法第三条执行。", "第三条→商业银行法/3"),
        ("第三条之一没有。", ""),
        ("As section 1.2 says.", "section 1.2→1.2"),
        ("See section 2.1(b) and clauses 1.1 and 1.2.", "section 2.1(b)→2.1 clauses 1.1→1.1 1.2→1.2"),
        ("As in 1.2 above, with 2.1 times the fee.", "1.2→1.2"),
        ("Clause 4 of the AML Policy applies.", "Clause 4 of the AML Policy→AML Policy/4"),
        ("It is not in the Know Your Customer Policy.",
         "Know Your Customer Policy→Know Your Customer Policy/"),
        ("Article 5 of the Data Protection Act applies.",
         "Article 5 of the Data Protection Act→Data Protection Act/5"),
        ("Fees are in Annex A and Annex B.", "Annex A→annex-a"),
        ("Up to 3.2 million in 9.9 years.", ""),
    ],
)  # fmt: skip
def test_references(text, told):
    found = [
        f"{words}→{link.policy}/{link.number}" if link.policy else f"{words}→{link.number}"
        for words, link in links_in(text)
        if link.kind == "reference"
    ]

    assert " ".join(found) == told


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("本办法所称“关联方”是指控股股东。", ["关联方"]),
        ("本办法所称不良贷款，是指后三类贷款。", ["不良贷款"]),
        ("下列用语：\n（一）大额：指五百万元以上。\n（二）小额，是指十万元以下。", ["大额", "小额"]),
        ("云澜银行风险管理部（以下简称“风险部”）负责。", ["风险部"]),
        ("云澜银行（以下简称本行）负责。", []),
        ("受理后，指定专人办理，指导客户填写。", []),
        ("“Client” means a person served by the bank.", ["Client"]),
        ('"Large loan" shall mean RMB 5 million or more.', ["Large loan"]),
        ("Terms:\n(a) Key person means an owner;\n(b) “Agent”, means a proxy.", ["Key person", "Agent"]),
        ("The Risk Department (the “Department”) decides.", ["Department"]),
        ("This means a delay. It means more.", []),
    ],
)  # fmt: skip
def test_definitions(text, terms):
    found = [(link.term, words) for words, link in links_in(text) if link.kind == "definition"]

    assert sorted(found) == sorted((term, term) for term in terms)


def test_a_table_of_definitions_defines_its_rows():
    blocks = (
        Block("1 Purpose"),
        Block("1.1 This sets limits."),
        Block("1.2 Definitions used here."),
        Block("Term | Meaning\nNPL | a loan overdue for 90 days", table=True),
    )
    found = links_of(split(Document(blocks), "Limits"))

    assert [link.term for link in found] == ["Term", "NPL"]


def record(number, text):
    return ClauseRecord(f"p@1#{number}", "p@1", 0, number, number, "", text, None, b"")


def link(number, kind, start, end, target="", policy="", term=""):
    return LinkRecord(f"p@1#{number}", 0, kind, start, end, target, policy, term)


def test_a_reader_gets_what_is_referred_to_then_terms_then_whole_policies():
    cited = record("5", "关注类及不良贷款率按照《信贷政策》和第三条报送，不良贷款另报。")
    links = [
        link("5", "reference", 11, 17, policy="信贷政策"),
        link("5", "reference", 18, 21, target="3"),
        link("5", "reference", 18, 21, target="5"),
    ]
    definitions = [
        link("2", "definition", 0, 4, term="不良贷款"),
        link("1", "definition", 0, 5, term="不良贷款率"),
        link("9", "definition", 0, 2, term="押品"),
    ]
    found = related([cited], [cited.text], {cited.id: links}, definitions)

    assert [(one.target_number, one.term, one.target_policy) for one in found] == [
        ("3", "", ""),
        ("", "不良贷款率", ""),
        ("", "不良贷款", ""),
    ]


def test_terms_are_those_of_the_deciding_words_in_the_policy_itself():
    cited = record("5", "押品每年估值。逾期的另报。")
    definitions = [
        link("1", "definition", 0, 2, term="逾期"),
        link("2", "definition", 0, 2, term="押品"),
        LinkRecord("q@1#1", 0, "definition", 0, 2, "", "", "估值"),
    ]

    assert [one.term for one in related([cited], ["押品每年估值。"], {}, definitions)] == ["押品"]
    assert [one.term for one in related([cited], [cited.text], {}, definitions)] == ["押品", "逾期"]


def test_a_term_is_not_brought_into_the_clause_that_defines_it_nor_found_inside_words():
    cited = record("1", "“Client” means a person; clients pay. Clientele does not.")
    definitions = [
        link("1", "definition", 1, 7, term="Client"),
        link("2", "definition", 0, 4, term="pay"),
        link("3", "definition", 0, 4, term="son"),
    ]

    assert [one.term for one in related([cited], [cited.text], {}, definitions)] == ["pay"]


@given(
    st.text(
        alphabet="第三条之一附件1、和前款本章《办法》所称是指Section 1.2(a)of the Act\n",
        max_size=80,
    )
)
def test_links_lie_in_their_clause_and_lead_to_clauses_there_are(text):
    clauses = clauses_with(f"甲{text}")
    numbers = {clause.number for clause in clauses}

    for found in links_of(clauses):
        words = clauses[found.clause].text[found.start : found.end]
        assert words.strip()
        assert found.policy or found.term or found.number in numbers
        assert not found.term or found.term == words.strip()


@settings(max_examples=40)
@given(st.lists(st.integers(min_value=1, max_value=9), max_size=9))
def test_a_reader_never_gets_more_than_a_few(targets):
    cited = record("10", "x" * 20)
    links = [link("10", "reference", n, n + 1, target=str(t)) for n, t in enumerate(targets)]
    found = related([cited], [cited.text], {cited.id: links}, [])

    assert len(found) == min(MOST_RELATED, len(set(targets)))
