"""The figures of a search: worked by hand, their laws, and files that cannot be taken."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.errors import EvaluationError
from knowledge.evaluation import (
    Ranked,
    average_precision,
    figures,
    gain,
    percentile,
    read_passages,
    read_questions,
    recall,
    reciprocal_rank,
    unknown,
)

IDS = st.sampled_from("abcdefghijklmnop")
FOUND = st.lists(IDS, max_size=12, unique=True)
RELEVANT = st.sets(IDS, min_size=1, max_size=14)
FIGURES = (recall, average_precision, reciprocal_rank, gain)


def test_a_ranking_worked_by_hand():
    # Right at places 2 and 4; "x" is right too and was not found.
    found, relevant = ["a", "b", "c", "d"], {"b", "d", "x"}

    assert recall(found, relevant, 10) == pytest.approx(2 / 3)
    assert recall(found, relevant, 2) == pytest.approx(1 / 3)
    assert average_precision(found, relevant, 10) == pytest.approx((1 / 2 + 2 / 4) / 3)
    assert reciprocal_rank(found, relevant, 10) == pytest.approx(1 / 2)
    gained = 1 / math.log2(3) + 1 / math.log2(5)
    best = 1 / math.log2(2) + 1 / math.log2(3) + 1 / math.log2(4)
    assert gain(found, relevant, 10) == pytest.approx(gained / best)


def test_more_right_passages_than_places_can_still_be_found_perfectly():
    relevant = {str(number) for number in range(15)}
    found = [str(number) for number in range(10)]

    assert average_precision(found, relevant, 10) == pytest.approx(1.0)
    assert gain(found, relevant, 10) == pytest.approx(1.0)
    assert recall(found, relevant, 10) == pytest.approx(10 / 15)


@given(FOUND, RELEVANT, st.integers(1, 12))
def test_figures_lie_between_0_and_1_and_finding_nothing_is_0(found, relevant, depth):
    for figure in FIGURES:
        assert 0 <= figure(found, relevant, depth) <= 1 + 1e-9
        assert figure([key for key in found if key not in relevant], relevant, depth) == 0


@given(RELEVANT, st.integers(1, 14))
def test_what_is_right_first_is_perfect(relevant, depth):
    found = [*sorted(relevant), "z"]

    assert average_precision(found, relevant, depth) == pytest.approx(1)
    assert gain(found, relevant, depth) == pytest.approx(1)
    assert reciprocal_rank(found, relevant, depth) == 1
    assert recall(found, relevant, len(found)) == 1


@given(FOUND, RELEVANT, st.integers(1, 11))
def test_moving_a_right_passage_up_never_costs(found, relevant, depth):
    for place in range(1, len(found)):
        if found[place] in relevant:
            better = found[:]
            better[place - 1], better[place] = better[place], better[place - 1]
            for figure in FIGURES:
                assert figure(better, relevant, depth) >= figure(found, relevant, depth) - 1e-9


@given(st.lists(st.floats(0, 100), min_size=1, max_size=30))
def test_percentiles_are_values_that_were_measured(values):
    assert percentile(values, 1.0) == max(values)
    middle = percentile(values, 0.5)
    assert middle in values
    assert sum(value <= middle for value in values) * 2 >= len(values)


def lines(path, *rows):
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def asked(name, question="what?", relevant=("p",)):
    return {"id": name, "question": question, "relevant": list(relevant)}


def test_figures_are_means_over_the_questions(tmp_path):
    questions = read_questions(lines(tmp_path / "q.jsonl", asked("1"), asked("2")))
    ranked = [Ranked(questions[0], ("p", "o"), 0.1), Ranked(questions[1], ("o", "p"), 0.2)]

    found = figures(ranked)

    assert found["recall@1"] == 0.5
    assert found["recall@10"] == 1
    assert found["map@10"] == found["mrr@10"] == pytest.approx((1 + 1 / 2) / 2)


def test_questions_that_name_unknown_passages_are_told(tmp_path):
    passages = read_passages(lines(tmp_path / "p.jsonl", {"id": "p", "title": "", "text": "one"}))
    questions = read_questions(
        lines(tmp_path / "q.jsonl", asked("1"), asked("2", relevant=("p", "gone")))
    )

    assert unknown(questions, passages) == {"2": ("gone",)}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ('{"id": "1", "text": "a"}\n{"id": "1", "text": "b"}', "p.jsonl:2: the id '1' was there"),
        ('{"id": "1", "text": "a"}\n\nnonsense', "p.jsonl:3: not JSON"),
        ("[1]", "p.jsonl:1: not a JSON object"),
        ('{"id": 1, "text": "a"}', 'p.jsonl:1: "id" must be a string'),
        ('{"id": "1", "text": 5}', 'p.jsonl:1: "text" must be a string'),
        ('{"id": " ", "text": "a"}', 'p.jsonl:1: "id" is empty'),
        ("\n", "holds no passage"),
    ],
)
def test_passages_that_cannot_be_taken_are_named_by_their_line(tmp_path, rows, said):
    path = tmp_path / "p.jsonl"
    path.write_text(rows, encoding="utf-8")

    with pytest.raises(EvaluationError) as refused:
        read_passages(path)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"id": "1", "question": "a?", "relevant": "p"}, '"relevant" must be a list'),
        ({"id": "1", "question": "a?", "relevant": [3]}, '"relevant" must be a list'),
        ({"id": "1", "question": "a?", "relevant": []}, '"relevant" is empty'),
        ({"id": "1", "relevant": ["p"]}, '"question" must be a string'),
        ({"id": "1", "question": "x" * 3000, "relevant": ["p"]}, '"question": question refused'),
    ],
)
def test_questions_that_cannot_be_taken_are_named_by_their_line(tmp_path, row, said):
    with pytest.raises(EvaluationError) as refused:
        read_questions(lines(tmp_path / "q.jsonl", asked("0"), row))
    assert str(refused.value).startswith("q.jsonl:2: ")
    assert said in str(refused.value)


def test_files_that_are_not_there_or_not_text_are_refused_in_a_line(tmp_path):
    with pytest.raises(EvaluationError, match="cannot be read"):
        read_passages(tmp_path / "none.jsonl")
    (tmp_path / "p.jsonl").write_bytes(b'{"id": "\xff"}\n')
    with pytest.raises(EvaluationError, match="not JSON in UTF-8"):
        read_passages(tmp_path / "p.jsonl")
