"""From found clauses to an answer, the closest rules, or a refusal: no model, only quotes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bank.policies import Passage
from knowledge.answer import Citation, Clash, Fact, Reason, Status, cite
from knowledge.citing import MOST_CITED, arrange, choose
from knowledge.conflicts import find_contradiction
from knowledge.deciding import deciding, sentences
from knowledge.directions import directions, opposed, same_way
from knowledge.evidence import Rarity, share_of_ideas
from knowledge.facts import covered, find_fact
from knowledge.guard import GUARDS, Guard, Outcome, guard_of
from knowledge.hit import Hit
from knowledge.question import Question
from knowledge.rulings import RULINGS
from knowledge.stating import asks_for_time, first_stating

MOST_NEAREST = 3
MOST_COMPARED = 4
"""How many of the best clauses are held against each other."""
SCATTERED = 0.5
"""How much of its score a clause loses that says a question of few words, but never at once."""
ASIDE = 0.6
"""The same for one whose sentence speaks of other ideas alone besides."""


Found = Sequence[tuple[Passage, Hit]]
"""Clauses, best first."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the found clauses amount to; `citations` are the closest rules when refused.

    `estimate` is how likely the best one answers, `found` all that was weighed, best first, and
    `fact` the words of the best one that answer outright. In a conflict the citations are the two
    clauses that contradict each other as `clash` says.
    """

    status: Status
    reason: Reason
    citations: tuple[Citation, ...]
    estimate: float = 0.0
    found: tuple[Passage, ...] = ()
    fact: Fact | None = None
    clash: Clash | None = None


LEAD = 0.25
"""How much more of the question's ideas another language's clause must share to go first."""
ALL = 0.999
"""What share of the ideas suffices for that where a question is of few words, and one's own lacks
one: a rule on extending something else answers nothing on extending a loan."""


def judge_all(
    question: Question,
    find: Callable[[str], Found],
    rarity: Rarity,
    guards: Mapping[str, Guard] = GUARDS,
) -> Verdict:
    """The judgement over what a search finds in each language, the question's own first.

    The other language answers when its best clause leads by LEAD of the question's ideas (or says
    ALL of few words') and its evidence suffices; it says what is closest when one's own does not
    answer. Where no clause could lead so far nothing is looked for in it.
    """
    own, *others = question.langs
    at_home = find(own)
    wide = question.across()
    shared = _best_share(wide, at_home, rarity)
    across = []
    least = shared + LEAD
    if question.few_words:
        least = min(least, ALL)
    if wide.ideas and shared < least <= ALL:
        across = [
            judge(wide, hits, lang, rarity, guards)
            for lang, hits in ((lang, find(lang)) for lang in others)
            if _best_share(wide, hits, rarity) >= least
        ]
    if answers := [verdict for verdict in across if verdict.status == "answered"]:
        return answers[0]
    verdict = judge(question, at_home, own, rarity, guards)
    closest = [one for one in across if one.citations]
    return closest[0] if closest and verdict.status == "refused" else verdict


def _best_share(question: Question, found: Found, rarity: Rarity) -> float:
    if not found or opposed(question.text, found[0][0].clause.text):
        return 0.0
    return share_of_ideas(question, found[0][0], rarity)


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
    pieces = _one_piece_each(_in_one_breath(question, found, rarity))
    if not pieces:
        return Verdict("refused", "off_topic", ())
    _, hit = pieces[0]
    guard = guard_of(guards, question, lang)
    estimate = guard.estimate(hit.evidence)
    outcome = guard.outcome(estimate)
    if outcome == "answered":
        pieces, outcome = _to_the_point(question, pieces, rarity)
    passages = tuple(passage for passage, _ in pieces)
    if outcome == "answered":
        count = choose([hit for _, hit in pieces])
        if disputed := _disputed(question, passages, count, rarity):
            return replace(disputed, estimate=estimate, found=passages)
        cited = _cited(question, pieces[:count], rarity)
        first, fact = _answering(cited, question, rarity)
        return Verdict("answered", "", (first, *cited[1:]), estimate, passages, fact)
    if outcome == "closest_only":
        nearest = _cited(question, pieces[:MOST_NEAREST], rarity)
        return Verdict("refused", outcome, nearest, estimate, passages)
    return Verdict("refused", outcome, (), estimate)


def _to_the_point(
    question: Question, pieces: list[tuple[Passage, Hit]], rarity: Rarity
) -> tuple[list[tuple[Passage, Hit]], Outcome]:
    """The clauses with the one first that states what is asked, and whether one does.

    None does when it is on gifts and all are about the other way round, or asks for a time and none
    gives one.
    """
    if directions(question.text):
        place = same_way(question.text, [passage.clause.text for passage, _ in pieces])
    elif asks_for_time(question):
        near = [passage for passage, _ in pieces[:MOST_CITED]]
        place = first_stating(near, question, rarity)
    else:
        return pieces, "answered"
    if place is None:
        return pieces, "closest_only"
    return [pieces[place], *pieces[:place], *pieces[place + 1 :]], "answered"


def _in_one_breath(question: Question, found: Found, rarity: Rarity) -> Found:
    """For a question of few words, first the clauses that say them in one sentence.

    A clause on what a client accepts that also bans gifts is none on accepting a gift.
    """
    if not question.few_words:
        return found

    def fit(one: tuple[Passage, Hit]) -> float:
        text = one[0].clause.text
        whole = covered(text, question, rarity)
        told = [text[start:end] for start, end in sentences(text)]
        best = max(told, key=lambda said: covered(said, question, rarity), default="")
        ideas = question.glossary.ideas(best)
        aside = len(ideas - question.ideas) / max(1, len(ideas))
        scattered = SCATTERED * (whole - covered(best, question, rarity))
        return one[1].score * (1 - scattered) * (1 - ASIDE * aside)

    return (*sorted(found[:MOST_COMPARED], key=fit, reverse=True), *found[MOST_COMPARED:])


def _one_piece_each(found: Found) -> list[tuple[Passage, Hit]]:
    """Of a long clause's pieces only the best; the first, then those that fit best beside it."""
    kept: dict[tuple[str, str], tuple[Passage, Hit]] = {}
    for passage, hit in found:
        kept.setdefault((passage.policy.id, passage.clause.number), (passage, hit))
    pieces = [*kept.values()]
    return [pieces[at] for at in arrange([hit for _, hit in pieces])]


def _cited(
    question: Question, found: Sequence[tuple[Passage, Hit]], rarity: Rarity
) -> tuple[Citation, ...]:
    return tuple(
        cite(passage, deciding(passage.clause.text, question, rarity)) for passage, _ in found
    )


def _disputed(
    question: Question, passages: Sequence[Passage], count: int, rarity: Rarity
) -> Verdict | None:
    """Two clauses that contradict each other on what is asked, one of those that would be cited."""
    compared = passages[:MOST_COMPARED]
    found = find_contradiction(
        compared, count, lambda one: deciding(one.clause.text, question, rarity), question.glossary
    )
    if found is None:
        return None
    pair = (compared[found.first], compared[found.second])
    cited = tuple(cite(p, (span,)) for p, span in zip(pair, found.sentences, strict=True))
    return Verdict("conflict", "", cited, clash=found.clash)


def _answering(
    cited: Sequence[Citation], question: Question, rarity: Rarity
) -> tuple[Citation, Fact | None]:
    """The first citation with the words that answer, where there are any, their sentence marked.

    It gives no ruling where a sentence cited beside it says more of what is asked.
    """
    first, *others = cited
    found = find_fact(first.quote, f"{first.title}\n{first.heading}", question, rarity)
    if found is None:
        return first, None
    fact, sentence = found
    if fact.kind in RULINGS:
        said = covered(first.quote[slice(*sentence)], question, rarity)
        if any(said <= covered(_marked(other), question, rarity) for other in others):
            return first, None
    marks = first.marks if sentence in first.marks else (sentence,)
    return replace(first, marks=marks), fact


def _marked(citation: Citation) -> str:
    return " ".join(citation.quote[start:end] for start, end in citation.marks)
