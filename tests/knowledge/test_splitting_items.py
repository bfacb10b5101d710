"""Paragraphs (款) and items inside a clause, as references name them."""

import pytest

from knowledge.splitting import subclause

ARTICLE = """下列情形应当走访：
（一）新客户；
（二）预警客户：
1.红色预警；
2.橙色预警。
走访应当留痕。
第三人可以陪同，但须：①登记；②签字。"""
CLAUSE = """The cap applies to:
(a) branches;
(b) pilots, if
(i) approved, and
(ii) reported;
(c) others."""
RUNNING = "The cap applies if (a) a branch asks; (b) the client moves; and (c) nobody objects."


@pytest.mark.parametrize(
    ("text", "reference", "words"),
    [
        (ARTICLE, "第十二条第二款", "走访应当留痕。"),
        (ARTICLE, "第12条第1款第（一）项", "（一）新客户；"),
        (ARTICLE, "第十二条第二项", "（二）预警客户：\n1.红色预警；\n2.橙色预警。\n走访应当留痕。\n第三人可以陪同，但须：①登记；②签字。"),
        (ARTICLE, "第十二条第一款第二项", "（二）预警客户：\n1.红色预警；\n2.橙色预警。"),
        (ARTICLE, "第十二条第一款第（二）项第2目", "2.橙色预警。"),
        (ARTICLE, "第十二条第九款", None),
        (ARTICLE, "第十二条第一款第九项", None),
        (ARTICLE, "第十二条", None),
        (CLAUSE, "3.2(b)", "(b) pilots, if\n(i) approved, and\n(ii) reported;"),
        (CLAUSE, "section 3.2 (b)(ii)", "(ii) reported;"),
        (CLAUSE, "3.2(c)", "(c) others."),
        (CLAUSE, "3.2(d)", None),
        (CLAUSE, "3.2", None),
        (RUNNING, "3.2(b)", "(b) the client moves;"),
        (RUNNING, "3.2(c)", "(c) nobody objects."),
    ],
)  # fmt: skip
def test_a_reference_means_a_part_of_its_clause(text, reference, words):
    part = subclause(text, reference)

    assert (text[slice(*part)] if part else None) == words
