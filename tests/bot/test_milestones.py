"""/mykpi tells the milestones that run, and says so when they cannot be made."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from bot.replies.tree import Paragraph, plain_text
from bot.slack.scorecards import Scorecards
from scoring.pace import Milestone, Pace
from scoring.scorecard import Scorecard
from tests.bot.course import card, run
from tests.bot.office import MORNING

MILESTONE = Milestone(
    month_of=date(2026, 11, 1), month=62_500_000, month_now=42_307_692,
    week_first=date(2026, 11, 16), week_last=date(2026, 11, 22), week=11_904_762,
    week_now=16_923_077, per_week=33_333_334,
)  # fmt: skip
BEHIND = Pace(
    "P02", Decimal(250_000_000), Decimal(100_000_000), Decimal(30_000_000), Decimal(-70_000_000),
    Decimal(220_000_000), 33, None, MILESTONE,
)  # fmt: skip


def said(office, staff, *paces):
    """What the person reads of their scorecard."""
    scored = replace(card("M001", "2026Q4", 80, as_of=date(2026, 11, 16)), pace=paces)
    run(office.database, "2026Q4", [replace(scored, manager=staff)], as_of=scored.as_of)
    person = office.person(staff)
    reply = Scorecards(office.service._house.desk).command(person, "", MORNING.date())
    lines = [line for node in reply.nodes if isinstance(node, Paragraph) for line in node.lines]
    return "\n".join(map(plain_text, lines))


def test_a_manager_reads_what_the_month_and_the_week_still_ask(office):
    text = said(office, "M001", BEHIND)
    assert "贷款投放 11月：本月签署¥62.5万；为保季度还须完成¥42.3万。" in text
    assert "本周（11月16日至11月22日）：¥16.9万。" in text
    assert "两倍" not in text


def test_what_is_out_of_reach_is_said_plainly_in_english_too(office):
    beyond = replace(BEHIND, milestone=replace(MILESTONE, best=10_000_000, infeasible=True))
    text = said(office, "M002", beyond)
    assert "November: CN¥625K signed for the month; still to bring CN¥423.1K" in text
    assert "That is CN¥333.3K a week, over twice the best of your thirteen-week rates" in text


@pytest.mark.parametrize("milestone", [None, MILESTONE, MILESTONE.against(Fraction(1), 2)])
def test_a_scorecard_reads_back_its_milestones(milestone):
    scored = replace(card("M001", "2026Q4", 80), pace=(replace(BEHIND, milestone=milestone),))
    assert Scorecard.from_json(scored.to_json()).pace == scored.pace
    older = scored.to_json()
    del older["pace"][0]["milestone"]  # stored before there were any
    assert Scorecard.from_json(older).pace[0].milestone is None
