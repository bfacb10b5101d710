"""The records behind a figure, told in words."""

from datetime import date

import pytest

from bot.replies.records import record_text
from bot.wording import LANGS, sentences
from scoring.indicators import CATALOGUE

AS_OF = date(2026, 11, 16)
CLIENTS = {"K1": "月湖食品有限公司"}
LOAN = {"id": "L1-1", "client": "K1", "day": "2026-10-12", "amount_fen": 2_000_000_00,
        "share_pct": 60, "excluded": ""}  # fmt: skip
FEE = {"id": "F1", "client": "K1", "day": "2026-10-12", "line": "wealth", "product": "",
       "amount_fen": 1_234_00, "share_pct": 100, "refunds": ""}  # fmt: skip
WON = {"id": "K1", "opened": "2026-08-03", "qualified": "2026-10-31", "lapsed": "", "counts": 1,
       "why": ""}  # fmt: skip
MIX = {"average_fen": 2_000_000_00, "now_fen": 3_000_000_00, "inflow_fen": 500_000_00,
       "market_fen": -20_000_00, "handed_fen": 0}  # fmt: skip


def told(indicator, row, lang="en"):
    return record_text(indicator, row, CLIENTS, AS_OF, lang)


@pytest.mark.parametrize(
    ("indicator", "row", "words"),
    [
        ("P01", {"id": "K1", "average_fen": 30_000_00}, "月湖食品有限公司: CN¥30K"),
        ("P01", {"id": "matures", "days": 30, "fen": 30_000_00},
         "Time deposits falling due within 30 days: CN¥30K"),
        ("P01a", {"id": "month_end", "day": "2026-10-31", "deviation_pct": "5.47", "warned": 1},
         "Deposits on 31 Oct against the month's average: 5.47%"),
        ("P02a", LOAN, "月湖食品有限公司: CN¥2M on 12 Oct, your share 60%"),
        ("P02a", {**LOAN, "excluded": "line_over_limit"},
         "月湖食品有限公司: CN¥2M on 12 Oct, not counted (credit lines above the limit)"),
        ("P02", {**LOAN, "amount_fen": -500_000_00},
         "月湖食品有限公司: CN¥500K of the loan of 12 Oct taken back, your share 60%"),
        ("P03", FEE, "月湖食品有限公司: CN¥1.2K on 12 Oct, wealth, your share 100%"),
        ("P03a", {**FEE, "amount_fen": -1_234_00},
         "月湖食品有限公司: CN¥1.2K given back on 12 Oct, wealth, your share 100%"),
        ("P04", WON, "月湖食品有限公司: effective since 31 Oct"),
        ("P04", {**WON, "lapsed": "2026-11-30"},
         "月湖食品有限公司: effective since 31 Oct, no longer on 30 Nov"),
        ("P04", {**WON, "why": "known_group"},
         "月湖食品有限公司: effective since 31 Oct, not counted (the group was a client before)"),
        ("P04", {**WON, "qualified": "", "metric": "assets", "has": 30_000_00, "wants": 50_000_00},
         "月湖食品有限公司: not effective yet: assets CN¥30K of CN¥50K"),
        ("P04", {**WON, "qualified": "", "metric": "settlements", "has": 2, "wants": 6},
         "月湖食品有限公司: not effective yet: settlements 2 of 6"),
        ("P05", {"id": "fund", **MIX}, ("funds: CN¥2M on average; now CN¥3M; came in CN¥500K, "
         "market -CN¥20K, handed over CN¥0")),
        ("S02", {"id": "K1", "count": 2, "uses": "everyday fund", "share_pct": 100},
         "月湖食品有限公司: 2 (everyday account funds)"),
        ("S09", {"id": "U1", "client": "K1", "kind": "return_visit", "due": "2026-11-05",
                 "done": "", "counted": 0}, "月湖食品有限公司: return visit due 5 Nov, not done"),
        ("C01a", {"id": "95-100", "responses": 3}, "95-100 points: 3"),
        ("R04", {"id": "X1", "day": "2026-10-12", "kind": "sales", "severity": "major",
                 "passed": "no", "regulation": "sales-conduct-zh", "subject": "双录资料"},
         "12 Oct, 双录资料: failed (major, sales-conduct-zh)"),
    ],
)  # fmt: skip
def test_each_kind_of_record_has_its_sentence(indicator, row, words):
    assert told(indicator, row) == words
    assert told(indicator, row, "zh") != words


def test_a_record_nobody_thought_of_is_told_by_its_values():
    row = {"id": "X", "client": "K1", "day": "2026-10-12", "note": "", "count": 3}
    assert told("S11a", row) == "X, 月湖食品有限公司, 12 Oct, 3"


def test_sentences_are_of_indicators_there_are():
    named = {key.split(".")[1] for key in sentences(LANGS[0]) if key.startswith("record.")}
    assert named - {"C03", "duty"} <= set(CATALOGUE)
