"""Approved experts' answers: which question is the same as one that was answered, and by whom.

Two questions are the same when, apart from how they are written and from words that ask nothing,
they have the same words in the same order, or the same parts between commas in another order. A
word more may be another number, a negation, a party or a product: such a question is searched for.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from itertools import chain, permutations

from bank.database import Transaction
from bank.people import find_staff
from bank.policies import Passage
from bank.verified import (
    VerifiedRecord,
    VerifiedState,
    clauses_on,
    verified_answers,
    verified_state,
)
from knowledge.answer import Answer, Approval, cite
from knowledge.question import Question, language_of
from knowledge.scope import Scope
from knowledge.tokens import tokenize

Key = tuple[str, ...]

_MOST_PARTS = 3
"""A question of more parts between commas is only ever the same in the same order."""
_SHORT = 4
"""A word shorter than this ends in its own s: has, was, gas."""
_COMMA = re.compile(r"[,，、;；:：。.!！?？\n]+(?=\s|\D|$)")

# What is written differently and asks the same; the longer one first.
_SAME_ZH = (
    (
        r"能不能够?|可不可以|可以不可以|[能可]否|是否可以|是否能够?|是不是可以|是不是能够?|能够",
        "能",
    ),
    (r"是否允许|允不允许", "能"),
    (r"可以", "能"),
    (r"是否需要|是否要|是不是要|是不是需要|要不要|需不需要|用不用|需要不需要", "需要"),
    (r"无须|无需|不必|毋须|毋需", "不需要"),
    (r"必须|须要|须(?!知)", "必须"),
    (r"应当|应该", "应当"),
    (r"有没有|有无", "有"),
    (r"会不会", "会"),
    (r"该不该", "该"),
    (r"算不算", "算"),
    (r"是不是|是否", ""),
    (r"多长时间|多少时间", "多久"),
    (r"什么时候|何时|啥时候", "何时"),
    (r"啥", "什么"),
    (r"咋样|怎样|如何|咋", "怎么"),
    (r"之内|以内", "内"),
    (r"顾客", "客户"),
    (r"我们?银行|咱们?银行|我行", "本行"),
)
_ASKS_NOTHING_ZH = re.compile(
    r"请问一下|请教一下|想问一下|问一下|请问|请教|想问|我想知道|想知道|帮我查一下|帮我看一下"
    r"|帮我查|帮忙看看|(?:[请能]|可以|能不能)?告诉我|你好|您好|麻烦你|麻烦您|麻烦|劳驾|谢谢|多谢|到底|究竟|具体"
    r"|(?<![什怎那这多])么|[呢吗呀啊嘛吧的了]"
)
_SAME_EN = (
    (r"\bcan't\b|\bcannot\b", "can not"),
    (r"\bwon't\b", "will not"),
    (r"n't\b", " not"),
    (r"\b(what|who|it|that|there|how|when|where)'s\b", r"\1 is"),
    (r"\bi'm\b", "i am"),
    (r"(?<=\d)\s*(?:percent|per cent)\b", "%"),
    (r"\b(?:have|has|needs?) to\b", "must"),
    (r"\b(?:am i|are we|is one|is it) (?:allowed|permitted) to\b", "can i"),
    (r"\bis it (?:okay|ok) to\b", "can i"),
    (r"\bmay\b", "can"),
    (r"\bcustomer(s?)\b", r"client\1"),
    (r"\bbusiness day(s?)\b", r"working day\1"),
    (r"\bhow (?:quickly|fast)\b", "how soon"),
    (r"\bat the latest\b", "latest"),
    (r"\bdoes\b", "do"),
    (r"\b(?:am|are|is)\b", "be"),
    (r"\bhas\b", "have"),
)
_ASKS_NOTHING_EN = re.compile(
    r"\b(?:(?:could|can|would|will) you (?:please |kindly )?(?:tell me|say|confirm|let me know)"
    r"|(?:please |kindly )?(?:tell me|let me know)|i(?: would|'d) like to (?:know|ask)"
    r"|i (?:want|need) to (?:know|ask)|do you know|just wondering|i was wondering"
    r"|(?:a )?(?:quick|short) question|by the way|thank you|thanks|please|kindly|hello|hey|hi"
    r"|exactly|actually|the|an|a)\b"
)
_SIGNS = r"[<>≤≥≠=+±×÷/‰$¥€£#&*]|-(?=\d)"
_EN = re.compile(
    r"(?P<number>\d[\d,]*(?:\.\d+)*\s?(?:thousand\b|million\b|billion\b|k\b|m\b)?\s?%?)"
    rf"|[^\W\d_]+|{_SIGNS}"
)
# What the word index passes over in Chinese text, and may be all that two questions differ in.
_BESIDE = re.compile(rf"[^\W\d_㐀-鿿]+|{_SIGNS}")


class Verified:
    """The approved answers as one process holds them: followed with every question."""

    def __init__(self) -> None:
        """Hold nothing."""
        self._held: tuple[VerifiedState, Mapping[Key, tuple[VerifiedRecord, ...]]] | None = None

    def answer(self, tx: Transaction, question: Question, scope: Scope) -> Answer | None:
        """An approved answer to the same question; None when there is none for who asks.

        Every clause it rests on has the words it had when it was approved, is in force on the day
        asked for and is open to whoever asks: otherwise it is not served.
        """
        for record in self._alike(tx, question.text):
            passages = clauses_on(tx, record.clauses, scope.admits)
            if passages:
                return _answer(tx, record, question, passages, scope)
        return None

    def _alike(self, tx: Transaction, text: str) -> list[VerifiedRecord]:
        """The approved answers to the same question, the newest first."""
        known = self._known(tx)
        if not known:
            return []
        found = {one.id: one for key in keys(text) for one in known.get(key, ())}
        return sorted(found.values(), key=lambda one: (one.changed_at, one.id), reverse=True)

    def _known(self, tx: Transaction) -> Mapping[Key, tuple[VerifiedRecord, ...]]:
        """Every approved answer by the keys of its question: one cheap look while none changes."""
        state = verified_state(tx)
        held = self._held
        if held is None or held[0] != state:
            records = verified_answers(tx, ("approved",)) if state.approved else ()
            held = self._held = (state, _by_key(records))
        return held[1]


def same(one: str, other: str) -> bool:
    """Whether two questions ask the same."""
    return not keys(one).isdisjoint(keys(other))


def keys(text: str) -> frozenset[Key]:
    """The words of a question, in each order of its parts that asks the same.

    Empty for a text that has none. Questions in different languages have no key in common.
    """
    plain = unicodedata.normalize("NFKC", text).lower()
    lang = language_of(plain)
    read = _read_chinese if lang == "zh" else _read_english
    parts = [part for piece in _COMMA.split(plain) if (part := read(piece))]
    whole = read(_COMMA.sub(" ", plain))
    orders = {whole}
    if 1 < len(parts) <= _MOST_PARTS:
        orders |= {tuple(chain(*order)) for order in permutations(parts)}
    return frozenset((lang, *order) for order in orders if order)


def _by_key(records: Iterable[VerifiedRecord]) -> Mapping[Key, tuple[VerifiedRecord, ...]]:
    known: dict[Key, tuple[VerifiedRecord, ...]] = {}
    for record in records:
        for key in keys(record.question):
            known[key] = (*known.get(key, ()), record)
    return known


def _answer(
    tx: Transaction,
    record: VerifiedRecord,
    question: Question,
    passages: tuple[Passage, ...],
    scope: Scope,
) -> Answer | None:
    if record.approver_id is None or record.approved_on is None:
        return None
    # Where others read along nobody is named.
    shared = not scope.roles and not scope.units
    approval = Approval(
        record.id,
        record.text,
        record.author_id,
        record.approver_id,
        record.approved_on,
        "" if shared else find_staff(tx, record.approver_id).name,
    )
    citations = tuple(cite(passage) for passage in passages)
    return Answer(
        "answered",
        "",
        "verified",
        question.lang,
        citations,
        (),
        0,
        approval=approval,
        estimate=1.0,
    )


def _read_chinese(plain: str) -> Key:
    plain = _rewritten(_ASKS_NOTHING_ZH.sub("", plain), _SAME_ZH)
    return (*tokenize(plain).words, *_BESIDE.findall(plain))


def _read_english(plain: str) -> Key:
    asked = _ASKS_NOTHING_EN.sub(" ", plain.replace("’", "'"))
    return tuple(map(_word, _EN.finditer(_rewritten(asked, _SAME_EN))))


def _rewritten(plain: str, same_words: Iterable[tuple[str, str]]) -> str:
    for pattern, one in same_words:
        plain = re.sub(pattern, one, plain)
    return plain


def _word(found: re.Match[str]) -> str:
    """A number as the word index has it; a word without the ending of its plural.

    Stems would make the insurer and the insured one.
    """
    written = found[0]
    number = tokenize(written).words[:1]
    if number and (found["number"] or number[0].startswith("=")):
        return number[0]
    for ending, singular in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch")):
        if written.endswith(ending) and len(written) > len(ending) + 1:
            return written.removesuffix(ending) + singular
    kept = len(written) < _SHORT or written.endswith(("ss", "us", "is"))
    return written if kept else written.removesuffix("s")
