"""Clause by clause: what changed, came, went, moved, was split; the words that changed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank.policies import ClauseRecord
from knowledge.changes import Whole, compare, edits, marks, whole_clauses, words_of

CHECK = "贷款发放后三十日内，客户经理应当完成首次检查。"
REPORT = "贷款逾期的，应当在三个工作日内报告团队长。"
KEEP = "客户资料应当每年更新一次，并由风险部门复核后存档备查。"
OPINION = "复核意见应当书面留存，保存期限不少于五年。"


def clauses(*texts):
    return tuple(Whole(str(n), f"第{n}条", "", text) for n, text in enumerate(texts, start=1))


def told(before, after):
    found = compare(before, after)
    return [
        (
            change.kind,
            change.before.number if change.before else "",
            change.after.number if change.after else "",
        )
        for change in found.changes
    ], found.unchanged


def test_a_clause_that_keeps_its_number_and_most_words_is_changed():
    after = clauses(CHECK.replace("三十", "十五"), REPORT)

    assert told(clauses(CHECK, REPORT), after) == ([("changed", "1", "1")], 1)
    (change,) = compare(clauses(CHECK, REPORT), after).changes
    assert [(span.op, span.text) for span in change.spans] == [
        ("=", "贷款发放后"), ("-", "三十"), ("+", "十五"), ("=", "日内，客户经理应当完成首次检查。"),
    ]  # fmt: skip
    assert words_of(change) == (("后三十日", "后十五日"),)


def test_clauses_that_give_way_to_a_new_one_are_only_renumbered():
    after = clauses(CHECK, "本办法所称贷款包括表外授信。", REPORT, KEEP)

    assert told(clauses(CHECK, REPORT, KEEP), after) == (
        [("added", "", "2"), ("renumbered", "2", "3"), ("renumbered", "3", "4")],
        1,
    )


def test_a_clause_that_is_gone_stands_where_it_stood():
    assert told(clauses(CHECK, REPORT, KEEP), clauses(CHECK, KEEP)) == (
        [("removed", "2", ""), ("renumbered", "3", "2")],
        1,
    )


def test_a_clause_elsewhere_is_moved_and_the_others_are_not():
    assert told(clauses(CHECK, REPORT, KEEP, OPINION), clauses(OPINION, CHECK, REPORT, KEEP)) == (
        [("moved", "4", "1"), *(("renumbered", str(n), str(n + 1)) for n in (1, 2, 3))],
        0,
    )


def test_a_clause_that_moved_and_changed_is_still_itself():
    after = clauses("本办法所称贷款包括表外授信。", REPORT.replace("三个", "一个"))

    assert told(clauses(REPORT), after) == ([("added", "", "1"), ("changed", "1", "2")], 0)


def test_a_split_off_part_and_a_merger_say_out_of_what_and_into_what():
    whole, parts = clauses(CHECK, KEEP + OPINION), clauses(CHECK, KEEP, OPINION)

    assert told(whole, parts) == ([("changed", "2", "2"), ("split", "2", "3")], 1)
    assert told(parts, whole) == ([("changed", "2", "2"), ("merged", "3", "2")], 1)


def test_another_rule_under_the_same_number_is_not_the_same_clause():
    assert told(clauses(CHECK), clauses(OPINION)) == ([("removed", "1", ""), ("added", "", "1")], 0)


def test_the_likest_clause_is_taken_even_where_many_share_their_words():
    fees = [f"办理{name}业务，每笔收取手续费人民币{fee}元。" for name, fee in
            (("汇款", 5), ("挂失", 10), ("对账单", 20), ("保函", 300))]  # fmt: skip
    after = [fees[0], fees[2], fees[3].replace("300", "350"), fees[1].replace("10", "8")]

    found, unchanged = told(clauses(*fees), clauses(*after))
    assert ("changed", "4", "3") in found
    assert ("changed", "2", "4") in found
    assert unchanged == 1


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("within 3 business days", "within 5 business days", (("within 3 business", "within 5 business"),)),
        ("a note is kept", "a written note is kept", (("a note", "a written note"),)),
        ("A rule.", "A rule. It holds for every branch.", (("", "It holds for every branch."),)),
        ("RMB 1,000.50 a day", "RMB 2,000.50 a day", (("RMB 1,000.50 a", "RMB 2,000.50 a"),)),
        ("same", "same", ()),
        ("", "new", (("", "new"),)),
    ],
)  # fmt: skip
def test_edits_are_told_by_whole_words_and_numbers(before, after, expected):
    assert edits(marks(before, after)) == expected


TEXTS = st.lists(
    st.text(alphabet="贷款三十日客户 ab1.，", min_size=0, max_size=30), max_size=6, unique=True
)


@given(st.text(alphabet="贷款三十日 ab1.，"), st.text(alphabet="贷款三十日 ab1.，"))
def test_marks_hold_both_texts(before, after):
    spans = marks(before, after)

    assert "".join(span.text for span in spans if span.op != "+") == before
    assert "".join(span.text for span in spans if span.op != "-") == after


@given(TEXTS, TEXTS)
def test_every_clause_is_accounted_for_once(before, after):
    old, new = clauses(*before), clauses(*after)
    found = compare(old, new)
    pairs = ("changed", "moved", "renumbered")
    left = [c.before for c in found.changes if c.kind in (*pairs, "removed", "merged")]
    come = [c.after for c in found.changes if c.kind in (*pairs, "added", "split")]

    assert len(set(left)) == len(left) == len(old) - found.unchanged
    assert len(set(come)) == len(come) == len(new) - found.unchanged


@given(TEXTS)
def test_nothing_changes_against_itself(texts):
    assert compare(clauses(*texts), clauses(*texts)).changes == ()


def test_pieces_of_a_long_clause_are_one_again():
    text = "".join(f"第{n}项要求客户经理逐户核对。" for n in range(40))
    record = ClauseRecord("p@1#1", "p@1", 0, "1", "第一条", "", "", None, b"")
    pieces = [text[:200], text[150:380], text[330:]]
    records = [replace(record, position=n, text=piece) for n, piece in enumerate(pieces)]
    other = replace(record, number="2", label="第二条", text=KEEP)

    assert [whole.text for whole in whole_clauses([*records, other])] == [text, KEEP]
