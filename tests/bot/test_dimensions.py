"""The sides of a scorecard in words: parts, moved weights, items, what is watched."""

from decimal import Decimal

import pytest

from bot.replies.dimensions import dimension_nodes, item_nodes, monitored_nodes, named, signed
from bot.replies.tree import Actions, Paragraph, plain_text
from scoring.appraisal import score_manager
from tests.scoring.cases import MILLION, SCHEME, SUBJECT, facts, money, points, ratio, unmeasured


def card(**changes):
    return score_manager(SCHEME, SUBJECT, facts(**changes), ())


def words(nodes):
    paragraphs = [node for node in nodes if isinstance(node, Paragraph)]
    return "\n".join(plain_text(line) for node in paragraphs for line in node.lines)


def side(card, dimension, lang):
    (found,) = (each for each in card.dimensions if each.id == dimension)
    return dimension_nodes(found, dimension, card, "M001|2026", lang)


def test_a_figure_is_one_line_and_its_parts_another():
    parts = {i: money(i, n * MILLION, 0) for n, i in enumerate(("P01a", "P01b"), start=1)}
    told = words(side(card(**parts), "performance", "en"))
    assert (
        "Deposit daily-average increment P01: 90 points · CN¥9M of CN¥10M (90%) · brings " in told
    )
    assert "\n  … of companies CN¥1M; … of people CN¥2M\n" in told
    # a part with a weight stands by itself
    assert "\nInclusive lending P02a: 100 points" in told


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", "Not measured: Recovery of bad loans; Non-performing loan ratio carries its weight"),
        ("zh", "未考核：清收完成率，其权重 4 由存量不良率承担。"),
    ],
)
def test_a_weight_given_by_name_says_who_carries_it(lang, told):
    assert told in words(side(card(R05=unmeasured("R05")), "risk", lang))


def test_weights_shared_in_a_dimension_are_one_line():
    missing = {i: unmeasured(i) for i in ("C01a", "C01b", "C02a", "C02b", "C04")}
    told = words(side(card(**missing), "client", "en"))
    # 4 + 3 + 4 + 2 + 2
    assert told.endswith(
        "Not measured: Client satisfaction; Complaint rate; Client churn and 2 more; "
        "the others here carry their weight of 15."
    )


def test_an_empty_dimension_still_explains_its_figures():
    nodes = side(card(**{i: unmeasured(i) for i in ("T01", "T02", "T03")}), "team", "en")
    assert words(nodes) == "team · nothing to measure; its weight goes to the other sides"
    (menu,) = (node.controls[0] for node in nodes if isinstance(node, Actions))
    assert [value for value, _ in menu.options] == [f"M001|2026|T0{n}" for n in (1, 2, 3)]


def test_the_gate_is_told_by_the_veto_alone():
    assert "R00" not in str(side(card(), "risk", "en"))


def test_items_and_what_is_watched_are_a_line_each():
    found = card(S10=points("S10", 2, 1), S07=ratio("S07", 75, 100, "95"))
    assert words(item_nodes(found.items, "en")) == (
        "Beside the weighted score: Certificates held +1; Client files out of date −0.5."
    )
    assert words(monitored_nodes(found, "M001|2026", "en")) == (
        "Watched, not scored: Client files up to date 75%; Certificates 2"
    )
    assert item_nodes(card().items, "en") == monitored_nodes(card(), "M001|2026", "en") == []


def test_a_few_names_and_a_count():
    assert named(["a", "b", "c"], "en") == "a; b; c"
    assert named(["a", "b", "c", "d"], "zh") == "a；b；c等，另有 1 项"
    assert (signed(Decimal("0.5")), signed(Decimal(-2))) == ("+0.5", "−2")
