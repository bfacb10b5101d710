"""Text into the tokens that are indexed and looked for, English and Chinese side by side.

Latin: words without stop words, stemmed, and pairs of neighbours. Han: single characters, and
bigrams. Amounts, percentages, counts of days and clause numbers become one whole token each,
the same for 百分之二十 and 20%, 500万 and 5,000,000.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from operator import add

import Stemmer

from knowledge.numerals import HAN_NUMBER, number_of

STOP_WORDS = frozenset(
    """
    a about after again all also am an and any are as at be because been before being both but by
    can cannot could did do does doing done down during each either ever few for from get gets
    getting got had has have having he her here hers him his how i if in into is it its itself
    just let like ll may me might mine more most much must my neither no nor not now of off on
    once one only onto or other ought our ours out over own per please re s same shall she should
    so some still such t than that the their theirs them then there these they this those though
    to too under until up upon us ve very was we were what when where whether which while who
    whom whose why will with within without would yes yet you your yours
    """.split()  # noqa: SIM905 - a list of them would be a page long
)

_ENGLISH_NUMBERS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "ninety": 90,
}
# Forms the stemmer cannot bring together, each line a word and what becomes it.
_IRREGULAR = """
    bring brought
    buy bought
    choose chose chosen
    die dead death died deceased
    fall fell fallen
    find found
    forget forgot forgotten
    freeze froze frozen
    grow grew grown
    hold held
    keep kept
    know knew known
    leave left
    lend lent
    lose lost loss losses
    meet met
    pay paid
    sell sold sale sales
    send sent
    speak spoke spoken
    spend spent
    steal stole stolen theft
    teach taught
    tell told
    withdraw withdrew withdrawn withdrawal withdrawals
    write wrote written
    man men
    woman women
    wife wives
    child children
    person people
"""
# Words the stemmer makes one of another word that means something else: they keep their own form.
_APART = """
    accountant accountants
    executive executives
    hospitality
    important importance importantly
    organ organs
    presentation presentations
"""
_BASES = {form: line.split()[0] for line in _IRREGULAR.splitlines() for form in line.split()[1:]}
_SCALES = {"": 1, "thousand": 1_000, "k": 1_000, "million": 10**6, "m": 10**6, "billion": 10**9}
_HAN_SCALES = {"": 1, "千": 1_000, "万": 10_000, "百万": 10**6, "千万": 10**7, "亿": 10**8}
_UNITS = "元块个日天年月次倍周户名人笔份岁时点级成套张项分"

_HAN = "㐀-䶿一-鿿豈-﫿"
_RUN = re.compile(
    rf"(?P<clause>第[{HAN_NUMBER}\d]+条)"
    rf"|百分之(?P<han_percent>[{HAN_NUMBER}]+)"
    r"|(?P<number>\d[\d,]*(?:\.\d+)*)\s?"
    r"(?P<scale>thousand\b|million\b|billion\b|k\b|m\b|千万|百万|[千万亿])?(?P<percent>\s?%)?"
    rf"|(?P<han_number>[{HAN_NUMBER}]+)(?=[{_UNITS}])"
    r"|(?P<latin>[a-z]+(?:['’][a-z]+)*)"
    # Characters until one of the above begins: they are taken together, being most of Chinese.
    rf"|(?P<han>(?:(?!第[{HAN_NUMBER}\d]+条|百分之[{HAN_NUMBER}]|[{HAN_NUMBER}]+[{_UNITS}])[{_HAN}])+)"
)
_OWN = {form: line.split()[0] for line in _APART.splitlines() for form in line.split()}
_snowball = Stemmer.Stemmer("english").stemWord


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem of a lower-case English word; irregular forms share their base word's."""
    return _OWN.get(word) or str(_snowball(_BASES.get(word, word)))


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text's tokens in order: single ones, and pairs of neighbours."""

    words: tuple[str, ...]
    pairs: tuple[str, ...]


def tokenize(text: str) -> Tokens:
    """The tokens of a clause, a heading or a question."""
    words: list[str] = []
    pairs: list[str] = []
    before, end = "", -1
    for found in _RUN.finditer(unicodedata.normalize("NFKC", text).lower()):
        if found.lastgroup == "han":
            run = found[0]
            if end == found.start() and before:
                pairs.append(before + run[0])
            words += run
            pairs += map(add, run, run[1:])
            before, end = run[-1], found.end()
            continue
        token = _whole(found)
        if not token:
            continue
        if before and not _is_han(before):
            pairs.append(f"{before}_{token}")
        words.append(token)
        before, end = token, found.end()
    return Tokens(tuple(words), tuple(pairs))


def _is_han(token: str) -> bool:
    return "㐀" <= token[0] <= "﫿"


def _whole(found: re.Match[str]) -> str:
    """The one token of a number or a Latin word; "" for a stop word."""
    if found.lastgroup == "latin":
        return _latin(found[0])
    if found["clause"]:
        return f"#{number_of(found['clause'][1:-1])}"
    if found["han_percent"]:
        return f"={number_of(found['han_percent'])}%"
    if found["number"]:
        return _amount(found["number"], found["scale"] or "", percent=bool(found["percent"]))
    return f"={number_of(found['han_number'])}"


@lru_cache(maxsize=100_000)
def _latin(written: str) -> str:
    word = re.split("['’]", written)[0]
    if word in _ENGLISH_NUMBERS:
        return f"={_ENGLISH_NUMBERS[word]}"
    return "" if word in STOP_WORDS else stem(word)


def _amount(written: str, scale: str, *, percent: bool) -> str:
    plain = written.replace(",", "")
    if plain.count(".") > 1:
        return f"={plain}"
    value = float(plain) * (_SCALES | _HAN_SCALES)[scale]
    return f"={value:.10g}" + ("%" if percent else "")
