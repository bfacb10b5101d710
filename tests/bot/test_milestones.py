"""/mykpi tells the milestones that run, and says so when they cannot be made."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from bot.replies.tree import Paragraph, plain_text
from bot.slack.scorecards import Scorecards
from jobs.targets import coach_when_due
from scoring.pace import Milestone, Pace
from scoring.scorecard import Scorecard
from tests.bot.course import card, run
from tests.bot.expertise import hears
from tests.bot.office import MORNING, ZONE
from tests.bot.office import text_of as body

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
    assert "难以完成" not in text


def test_what_is_out_of_reach_is_said_plainly_in_english_too(office):
    beyond = replace(BEHIND, milestone=replace(MILESTONE, best=10_000_000, infeasible=True))
    text = said(office, "M002", beyond)
    assert "November: CN¥625K signed for the month; still to bring CN¥423.1K" in text
    assert "That is CN¥333.3K a week, far over your best rate so far" in text


@pytest.mark.parametrize("milestone", [None, MILESTONE, MILESTONE.against(Fraction(1), 2)])
def test_a_scorecard_reads_back_its_milestones(milestone):
    scored = replace(card("M001", "2026Q4", 80), pace=(replace(BEHIND, milestone=milestone),))
    assert Scorecard.from_json(scored.to_json()).pace == scored.pace
    older = scored.to_json()
    del older["pace"][0]["milestone"]  # stored before there were any
    assert Scorecard.from_json(older).pace[0].milestone is None


def test_a_lead_is_asked_once_to_talk_over_what_is_out_of_reach(office):
    beyond = replace(BEHIND, milestone=replace(MILESTONE, best=10_000_000, infeasible=True))
    cards = [
        replace(card(who, "2026Q4", 80, as_of=date(2026, 11, 16)), pace=(pace,))
        for who, pace in (("M001", beyond), ("M002", BEHIND))
    ]
    run(office.database, "2026Q4", cards, as_of=date(2026, 11, 16))
    text = body(hears(office, "UL011", "难以完成"))
    # 33,333,334 fen a week against twice 10,000,000
    assert "云小舟：2026Q4 贷款投放 P02难以完成，每周须¥33.3万，远超以往最好水平（¥10万）" in text
    assert "请在一周内面谈" in text
    assert coach_when_due(office.database, office.now(), ZONE) == 0
    again = [one for one in office.answers("UL011") if "难以完成" in one["text"]]
    assert (len(again), office.answers("UM001")) == (1, [])
