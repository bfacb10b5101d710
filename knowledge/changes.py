"""What one text of a policy changed against another, clause by clause.

A clause stays itself when it keeps its number and most of its words, or its words alone: then it
was moved, or only renumbered because others came or went before it. A clause whose words come for
the most part out of one clause that has others is a piece split off it; the reverse is a merger.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal

from bank.policies import ClauseRecord

Kind = Literal["changed", "added", "removed", "moved", "renumbered", "split", "merged"]
KINDS: tuple[Kind, ...] = (
    *("changed", "added", "removed"),
    *("moved", "renumbered", "split", "merged"),
)

_TOKEN = re.compile(
    r"[〇零一二三四五六七八九十百千万亿两]+|[^\W\d_一-鿿]+(?:['’-][^\W\d_一-鿿]+)*|\d+(?:[.,:]\d+)*|\s+|."
)
_SAME = 0.5
"""From this share of common words on, two clauses are the same one, changed."""
_SAME_WITH_NUMBER = 0.35
"""The same for two clauses of one number, which may have been rewritten."""
_SAME_NUMBER = 0.1
"""What the same number adds to that share, where several clauses might be the one."""
_CONTAINED = 0.7
"""From this share of its words on, a clause is a piece of another."""
_FEWEST = 8
"""A piece of fewer words than this says too little to be known by them."""
_COMMON = 40
"""Pairs of words that more clauses have say nothing about which two belong together."""
_PROBE = 16
_OPENING = 80
"""So many characters of a clause that came or went are enough to tell it by."""
_SENTENCE = 12
_MOST_EDITS = 20
_LONGEST_EDIT = 200
_BRIDGE = 2
"""Words that stay between two edits, up to so many characters, are told with them."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A clause in one piece, however many the search has of it."""

    number: str
    label: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Span:
    """A run of words that stayed ("="), were left out ("-") or put in ("+")."""

    op: Literal["=", "-", "+"]
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One clause that differs. `before` is None when it was added, `after` when removed.

    `spans` say a changed clause's words, those left out before those put in; joined without
    the "-" ones they are the text after, without the "+" ones the text before. A split or
    merged clause has both sides, the other side's also having a change or a place of its own.
    """

    kind: Kind
    before: Whole | None
    after: Whole | None
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed, in the order of the later text, and how many clauses did not."""

    changes: tuple[Change, ...]
    unchanged: int


def whole_clauses(records: Iterable[ClauseRecord]) -> tuple[Whole, ...]:
    """A version's clauses, in order, the overlapping pieces of long ones put together."""
    wholes: list[Whole] = []
    for record in records:
        key = (record.number, record.label, record.heading)
        last = wholes[-1] if wholes else None
        if last is not None and (last.number, last.label, last.heading) == key:
            wholes[-1] = Whole(*key, _joined(last.text, record.text))
        else:
            wholes.append(Whole(*key, record.text))
    return tuple(wholes)


def compare(before: Sequence[Whole], after: Sequence[Whole]) -> Comparison:
    """What `after` changed against `before`; both in the order of their texts."""
    pairs = _equal_pairs(before, after)
    taken = set(pairs.values())
    old = [index for index in range(len(before)) if index not in pairs]
    new = [index for index in range(len(after)) if index not in taken]
    edited = _similar_pairs(before, after, old, new)
    order = _kept_order({**pairs, **edited})
    found: dict[int, list[tuple[int, Change]]] = defaultdict(list)
    unchanged = 0
    for one, two in pairs.items():
        kind = _moved(before[one], after[two], in_order=one in order)
        if kind is None:
            unchanged += 1
        else:
            found[two].append((one, Change(kind, before[one], after[two])))
    for one, two in edited.items():
        spans = marks(before[one].text, after[two].text)
        found[two].append((one, Change("changed", before[one], after[two], spans)))
    gone = [index for index in old if index not in edited]
    come = [index for index in new if index not in edited.values()]
    for two, change in _pieces(before, after, come, "split"):
        found[two].append((-1, change))
    places = {**pairs, **edited}
    for one, change in _pieces(after, before, gone, "merged"):
        found[_place(one, places)].append((one, change))
    ordered = (change for place in sorted(found) for _, change in sorted(found[place], key=_first))
    return Comparison(tuple(ordered), unchanged)


def marks(before: str, after: str) -> tuple[Span, ...]:
    """How one text becomes another: by word, number and Chinese character."""
    one, two = _TOKEN.findall(before), _TOKEN.findall(after)
    steps = SequenceMatcher(None, one, two, autojunk=False).get_opcodes()
    spans: list[tuple[str, str]] = []
    """Each edit as the words left out and put in; what stays stands on both sides."""
    for number, (op, i1, i2, j1, j2) in enumerate(steps):
        out, put = "".join(one[i1:i2]), "".join(two[j1:j2])
        bridges = op == "equal" and 0 < number < len(steps) - 1 and len(out.strip()) <= _BRIDGE
        if spans and (bridges or (op != "equal" and spans[-1][0] != spans[-1][1])):
            spans[-1] = (spans[-1][0] + out, spans[-1][1] + put)
        else:
            spans.append((out, put))
    return tuple(span for out, put in spans for span in _spans(out, put))


def edits(spans: Sequence[Span]) -> tuple[tuple[str, str], ...]:
    """The pairs of words left out and put in, each with the word before and after it.

    A sentence that only came or went is told without its neighbours.
    """
    found: list[tuple[str, str]] = []
    index = 0
    while index < len(spans):
        if spans[index].op == "=":
            index += 1
            continue
        start = index
        while index < len(spans) and spans[index].op != "=":
            index += 1
        out = "".join(span.text for span in spans[start:index] if span.op == "-")
        put = "".join(span.text for span in spans[start:index] if span.op == "+")
        tells_itself = not (out.strip() and put.strip()) and len(out + put) >= _SENTENCE
        lead = _last_word(spans[start - 1].text) if start and not tells_itself else ""
        tail = _first_word(spans[index].text) if index < len(spans) and not tells_itself else ""
        found.append(((lead + out + tail).strip(), (lead + put + tail).strip()))
    return tuple(found)


def words_of(change: Change) -> tuple[tuple[str, str], ...]:
    """What a change is told by: its edits, or how a clause that came, went or moved begins."""
    if change.spans:
        return tuple((_line(out), _line(put)) for out, put in edits(change.spans)[:_MOST_EDITS])
    if change.after is not None:
        return (("", _line(change.after.text, _OPENING)),)
    return ((_line(change.before.text if change.before else "", _OPENING), ""),)


def _line(text: str, most: int = _LONGEST_EDIT) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _joined(text: str, more: str) -> str:
    """Two pieces as one, what the second repeats of the first only once."""
    at = text.find(more[:_PROBE])
    while at >= 0:
        if more.startswith(text[at:]):
            return text[:at] + more
        at = text.find(more[:_PROBE], at + 1)
    return f"{text}\n{more}"


def _spans(out: str, put: str) -> Iterator[Span]:
    if out == put:
        yield Span("=", out)
        return
    if out:
        yield Span("-", out)
    if put:
        yield Span("+", put)


def _first(item: tuple[int, Change]) -> int:
    return item[0]


def _equal_pairs(before: Sequence[Whole], after: Sequence[Whole]) -> dict[int, int]:
    """Clauses that say the same, old place to new: those that kept their number come first."""
    waiting: dict[str, list[int]] = defaultdict(list)
    for index, clause in enumerate(after):
        waiting[_plain(clause.text)].append(index)
    pairs: dict[int, int] = {}
    for same_number in (True, False):
        for one, clause in enumerate(before):
            if one in pairs:
                continue
            equal = waiting.get(_plain(clause.text), [])
            for two in equal:
                if not same_number or after[two].number == clause.number:
                    pairs[one] = two
                    equal.remove(two)
                    break
    return pairs


def _similar_pairs(
    before: Sequence[Whole], after: Sequence[Whole], old: Sequence[int], new: Sequence[int]
) -> dict[int, int]:
    """Clauses that are the same one, changed: the likest first, each only once."""
    grams = {index: _grams(before[index].text) for index in old}
    others = {index: _grams(after[index].text) for index in new}
    numbers = defaultdict(list)
    for two in new:
        numbers[after[two].number].append(two)
    near = _sharing(grams, others)
    scored = []
    for one in old:
        for two in {*near[one], *numbers[before[one].number]}:
            alike = _likeness(grams[one], others[two])
            same_number = before[one].number == after[two].number
            if alike >= (_SAME_WITH_NUMBER if same_number else _SAME):
                bonus = _SAME_NUMBER if same_number else 0.0
                scored.append((-alike - bonus, one, two))
    pairs: dict[int, int] = {}
    taken = set()
    for _, one, two in sorted(scored):
        if one not in pairs and two not in taken:
            pairs[one] = two
            taken.add(two)
    return pairs


def _pieces(
    wholes: Sequence[Whole], parts: Sequence[Whole], alone: Sequence[int], kind: Kind
) -> Iterator[tuple[int, Change]]:
    """A change for each part that has no counterpart: a piece of a whole, or new (or gone)."""
    grams = {index: _grams(parts[index].text) for index in alone}
    others = {index: _grams(whole.text) for index, whole in enumerate(wholes)} if alone else {}
    near = _sharing(grams, others)
    for index in alone:
        size = grams[index].total()
        best, share = -1, 0.0
        for other in near[index]:
            common = (grams[index] & others[other]).total() / max(1, size)
            if (common, -other) > (share, -best):
                best, share = other, common
        inside = share >= _CONTAINED and size >= _FEWEST
        part, whole = parts[index], wholes[best] if inside else None
        if kind == "split":
            yield index, Change("split" if inside else "added", whole, part)
        else:
            yield index, Change("merged" if inside else "removed", part, whole)


def _sharing(
    ones: Mapping[int, Counter[str]], twos: Mapping[int, Counter[str]]
) -> dict[int, list[int]]:
    """For each of `ones` the few of `twos` that have most of its rarer pairs of words."""
    holders: dict[str, list[int]] = defaultdict(list)
    for two, grams in twos.items():
        for gram in grams:
            holders[gram].append(two)
    near: dict[int, list[int]] = {}
    for one, grams in ones.items():
        shared: Counter[int] = Counter()
        for gram in grams:
            if len(found := holders.get(gram, ())) <= _COMMON:
                shared.update(found)
        near[one] = [two for two, _ in shared.most_common(5)]
    return near


def _likeness(one: Counter[str], two: Counter[str]) -> float:
    """Dice's coefficient of the words and pairs of words of two clauses, 0 to 1."""
    return 2 * (one & two).total() / max(1, one.total() + two.total())


def _grams(text: str) -> Counter[str]:
    words = [word for word in _TOKEN.findall(_folded(text)) if word.strip()]
    return Counter([*words, *(f"{one} {two}" for one, two in pairwise(words))])


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _plain(text: str) -> str:
    return "".join(text.split())


def _moved(before: Whole, after: Whole, *, in_order: bool) -> Kind | None:
    if not in_order:
        return "moved"
    if before.number != after.number or before.label != after.label:
        return "renumbered"
    return None


def _kept_order(pairs: Mapping[int, int]) -> frozenset[int]:
    """The old places of the most clauses that still follow each other as they did."""
    ends: list[int] = []
    """For each length, the least new place that a row of so many clauses ends at."""
    tails: list[int] = []
    previous: dict[int, int | None] = {}
    for one, two in sorted(pairs.items()):
        at = bisect_left(ends, two)
        previous[one] = tails[at - 1] if at else None
        ends[at : at + 1], tails[at : at + 1] = [two], [one]
    kept = set()
    last = tails[-1] if tails else None
    while last is not None:
        kept.add(last)
        last = previous[last]
    return frozenset(kept)


def _place(one: int, places: Mapping[int, int]) -> int:
    """After which new clause one that is gone stood: -1 when it was before all that stayed."""
    return max((places[other] for other in range(one) if other in places), default=-1)


def _last_word(text: str) -> str:
    words = _TOKEN.findall(text)[-2:]
    kept = words if words and words[-1].isspace() else words[-1:]
    return "".join(kept) if kept and _is_word(kept[0]) else ""


def _first_word(text: str) -> str:
    words = _TOKEN.findall(text)[:2]
    kept = words if words and words[0].isspace() else words[:1]
    return "".join(kept) if kept and _is_word(kept[-1]) else ""


def _is_word(token: str) -> bool:
    return token[:1].isalnum()
