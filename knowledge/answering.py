"""From found clauses to an answer, the closest rules, or a refusal: no model, only quotes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bank.policies import Passage
from knowledge.answer import Citation, Reason, Status, cite
from knowledge.concepts import offers
from knowledge.evidence import Rarity, share_of_ideas, weigh
from knowledge.guard import GUARDS, Guard, guard_of
from knowledge.hit import Hit
from knowledge.question import Question
from knowledge.tokens import tokenize

MOST_CITED = 3
MOST_NEAREST = 3


Found = Sequence[tuple[Passage, Hit]]
"""Clauses, best first."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the found clauses amount to; `citations` are the closest rules when refused."""

    status: Status
    reason: Reason
    citations: tuple[Citation, ...]


LEAD = 0.25
"""How much more of the question's ideas another language's clause must share to go first."""

CLEAR = 0.82
"""A clause is cited beside the best when its score is at least this share of the best's."""

_SENTENCE = re.compile(r"[^。；！？\n]+[。；！？]?|\n")
_LATIN_SENTENCE = re.compile(r"[^\n]+?(?:[.;!?](?=\s)|$)\s*|\n", re.MULTILINE)
_ALSO_MARKED = 0.8


def choose(scores: Sequence[float]) -> int:
    """How many of the best clauses are cited: one when it is clear, at most MOST_CITED."""
    near = [score for score in scores[:MOST_CITED] if score >= CLEAR * scores[0]]
    return len(near)


def judge_all(
    question: Question,
    found: Mapping[str, Found],
    rarity: Rarity,
    guards: Mapping[str, Guard] = GUARDS,
) -> Verdict:
    """The judgement over what was found by language, the question's own first.

    The other language answers when its best clause leads by LEAD of the question's ideas and its
    evidence suffices; it says what is closest when one's own has nothing close.
    """
    (own, at_home), *others = found.items()
    wide = question.across()
    shared = _best_share(wide, at_home, rarity)
    across = [
        judge(wide, hits, lang, rarity, guards)
        for lang, hits in others
        if _best_share(wide, hits, rarity) - shared >= LEAD
    ]
    if answers := [verdict for verdict in across if verdict.status == "answered"]:
        return answers[0]
    verdict = judge(question, at_home, own, rarity, guards)
    closest = [one for one in across if one.citations]
    return closest[0] if closest and not verdict.citations else verdict


def _best_share(question: Question, found: Found, rarity: Rarity) -> float:
    return share_of_ideas(question, found[0][0], rarity) if found else 0.0


def judge(
    question: Question,
    found: Found,
    lang: str,
    rarity: Rarity,
    guards: Mapping[str, Guard] = GUARDS,
) -> Verdict:
    """The clauses that answer, or the closest rules, or nothing.

    `found` is best first, of policies in `lang`, which need not be the question's.
    """
    pieces = _one_piece_each(found)
    if not pieces:
        return Verdict("refused", "off_topic", ())
    best, hit = pieces[0]
    guard = guard_of(guards, question, lang)
    outcome = guard.outcome(guard.estimate(weigh(question, best, hit, rarity)))
    if outcome == "answered":
        count = choose([hit.score for _, hit in pieces])
        return Verdict("answered", "", _cited(question, pieces[:count], rarity))
    if outcome == "closest_only":
        return Verdict("refused", outcome, _cited(question, pieces[:MOST_NEAREST], rarity))
    return Verdict("refused", outcome, ())


def _one_piece_each(found: Found) -> list[tuple[Passage, Hit]]:
    """Of a long clause's pieces only the best."""
    kept: dict[tuple[str, str], tuple[Passage, Hit]] = {}
    for passage, hit in found:
        kept.setdefault((passage.policy.id, passage.clause.number), (passage, hit))
    return list(kept.values())


def _cited(
    question: Question, found: Sequence[tuple[Passage, Hit]], rarity: Rarity
) -> tuple[Citation, ...]:
    return tuple(
        cite(passage, deciding(passage.clause.text, question, rarity)) for passage, _ in found
    )


def deciding(text: str, question: Question, rarity: Rarity) -> tuple[tuple[int, int], ...]:
    """The ranges of a clause's sentences that speak to the question, at least one."""
    spans = sentences(text)
    scores = [_speaks(text[start:end], question, rarity) for start, end in spans]
    best = max(scores, default=0.0)
    if not best:
        return tuple(spans[:1])
    chosen = zip(spans, scores, strict=True)
    return tuple(span for span, score in chosen if score >= _ALSO_MARKED * best)


def sentences(text: str) -> list[tuple[int, int]]:
    """The ranges of a text's sentences and items, without the space around them."""
    pattern = _SENTENCE if re.search(r"[。；]", text) else _LATIN_SENTENCE
    spans = []
    for found in pattern.finditer(text):
        inner = found[0].strip()
        if inner:
            start = found.start() + found[0].index(inner)
            spans.append((start, start + len(inner)))
    return spans


def _speaks(sentence: str, question: Question, rarity: Rarity) -> float:
    tokens = tokenize(sentence)
    held = set(tokens.words)
    pairs = set(tokens.pairs)
    return (
        sum(rarity("words", word) for word in set(question.words) if word in held)
        + 0.4 * sum(rarity("pairs", pair) for pair in set(question.pairs) if pair in pairs)
        + sum(rarity("ideas", idea) for idea in question.ideas & question.glossary.ideas(sentence))
        + 3.0 * len(question.wants & offers(sentence)) / max(1, len(question.wants))
    )
