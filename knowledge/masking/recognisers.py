"""Where a folded text holds something that names a person or a company, opens a door, or is money.

Boundaries are digits, not words: a number glued to Chinese text has none of the latter.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from knowledge.masking.identities import (
    CARD_LENGTHS,
    is_card,
    is_credit_code,
    is_old_resident_id,
    is_resident_id,
)

KINDS = (
    *("NAME", "ACCOUNT", "ID", "USCC", "CARD", "NUMBER"),
    *("MOBILE", "PHONE", "EMAIL", "PASSPORT", "SECRET"),
)


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of a folded text and what kind of thing stands there."""

    kind: str
    start: int
    end: int


_J = r"[ -]{0,2}"
"""What may stand between the digits of one number."""

_LABEL_END = r"[^0-9a-z\n]{0,4}(?:(?:no|number|号码?)[^0-9a-z\n]{0,4})?"
"""What may stand between "passport" or 账户 and the number."""

_GROUP = re.compile(r"[0-9]+")
_BETWEEN = re.compile(r"[ -]{1,3}|[ \n\r\t./_()·-]{1,8}")
_PLAIN = re.compile(r"[ -]{1,3}")
"""Other marks than these part numbers as well as groups of one: there only proof counts."""
_SHORTEST, _LONGEST = 11, 19
"""Digits of a mobile, and of the longest card."""
_LONG = 15
"""So many digits in a row are somebody's number, even when no check digit proves it."""
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_CHECK_SIGN = re.compile(r"[ -]{0,2}x(?![0-9a-z])")
_SPELT = re.compile("[0-9零〇○一二三四五六七八九壹贰叁肆伍陆柒捌玖幺]{11,}")
_DIGITS = str.maketrans("零〇○一二三四五六七八九壹贰叁肆伍陆柒捌玖幺", "0001234567891234567891")
_LIKE_DIGITS = str.maketrans("oil", "011")
_MIXED = re.compile(r"(?<![0-9a-z])(?=[oil]*[0-9])[0-9oil]{3,}(?=x?(?![0-9a-z]))")
_MOBILE = re.compile(r"(?:(?:00)?86)?1[3-9][0-9]{9}")

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("EMAIL", re.compile(r"[a-z0-9][a-z0-9._%+-]{0,63} ?@ ?(?:[a-z0-9-]{1,63}\.)+[a-z]{2,}")),
    ("MOBILE", re.compile(r"(?<![0-9.])1[3-9][0-9]\.[0-9]{4}\.[0-9]{4}(?![0-9.])")),
    (
        "PHONE",
        re.compile(
            rf"(?<![0-9])\(?0(?:10|2[0-9]|[3-9][0-9]{{2}})\)?{_J}[1-9][0-9]{{2,3}}{_J}[0-9]{{4}}"
            rf"(?:{_J}(?:转|ext\.?|x|-){_J}[0-9]{{1,6}})?(?![0-9])"
        ),
    ),
    ("PHONE", re.compile(r"(?<![0-9])\+ ?[1-9][0-9]{0,2}(?:[ ()-]{0,2}[0-9]){6,12}(?![0-9])")),
    (
        "PHONE",
        re.compile(
            r"(?:电话|座机|手机|传真|tel|phone|mobile|fax)[^0-9\n]{0,6}"
            r"([0-9]{3,4}[ .-]?[0-9]{4})(?![0-9])"
        ),
    ),
    (
        "PASSPORT",
        re.compile(r"(?<![0-9a-z])(?:[degkps][0-9]{8}|(?:e[a-z]|[dps]e)[0-9]{7})(?![0-9a-z])"),
    ),
    ("PASSPORT", re.compile(r"(?<![0-9a-z])[hm][0-9]{8}(?:[0-9]{2})?(?![0-9a-z])")),
    (
        "PASSPORT",
        re.compile(
            rf"(?:护照|通行证|passport){_LABEL_END}((?=[a-z]{{0,3}}[0-9])[0-9a-z]{{6,12}})(?![0-9a-z])"
        ),
    ),
    # A mistyped one, whose check sign proves nothing: a company's, by how it begins.
    ("USCC", re.compile(r"(?<![0-9a-z])9[1-3][1-6][0-9]{5}[0-9a-z]{10}(?![0-9a-z])")),
    (
        "ACCOUNT",
        re.compile(
            rf"(?:[账帐卡户]号|[账帐]户|account|acct|a/c|card){_LABEL_END}"
            r"([0-9](?:[ -]?[0-9]){5,})(?![0-9])"
        ),
    ),
    (
        "SECRET",
        re.compile(
            r"xox[a-z]-[a-z0-9-]{8,}|xapp-[a-z0-9-]{8,}|(?<![a-z0-9])sk-[a-z0-9_-]{16,}"
            r"|(?<![a-z0-9])akia[0-9a-z]{16}|gh[pousr]_[a-z0-9]{20,}"
            r"|eyj[a-z0-9_-]{10,}\.[a-z0-9_-]{10,}(?:\.[a-z0-9_-]*)?"
            r"|-----begin [^\n]{0,40}private key-----"
        ),
    ),
    ("SECRET", re.compile(r"bearer ([a-z0-9._~+/=-]{16,})")),
    (
        "SECRET",
        re.compile(
            r"(?:口令|密码|password|passwd|api[ _-]?key|secret|token)\s?(?:[:=是]|is)\s?"
            r"((?=[!-~]*[0-9])[!-~]{4,})"
        ),
    ),
    ("SECRET", re.compile(r"(?<=://)[^\s/:@]{1,99}:([^\s/@]{1,99})(?=@)")),
)
_CREDIT = re.compile(
    rf"(?<![0-9a-z])(?=((?:[0-9a-z]{_J}){{2}}(?:[0-9]{_J}){{6}}(?:[0-9a-z]{_J}){{9}}[0-9a-z])(?![0-9a-z]))"
)


def recognise(text: str) -> Iterator[Span]:
    """Everything in a folded text that a check digit or a form gives away; spans may overlap."""
    for kind, pattern in _PATTERNS:
        for found in pattern.finditer(text):
            yield Span(kind, *found.span(found.lastindex or 0))
    for found in _CREDIT.finditer(text):
        if is_credit_code(_bare(found[1])):
            yield Span("USCC", found.start(1), found.end(1))
    # Letters that look like digits between them: 138OO138OOO.
    text = _MIXED.sub(lambda found: as_digits(found[0]), text)
    # Numbers written out sign by sign, as on the telephone: 幺三八…
    text = _SPELT.sub(lambda found: found[0].translate(_DIGITS), text)
    for start, end in _windows(text):
        if kind := _kind(text, start, end):
            yield Span(kind, start, _with_check_sign(text, _bare(text[start:end]), end))


def as_digits(text: str) -> str:
    """A folded text with digits for the letters that look like them."""
    return text.translate(_LIKE_DIGITS)


def joined(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, those that overlap made one, of the kind of the longest."""
    whole: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        last = whole[-1] if whole else None
        if last is None or span.start >= last.end:
            whole.append(span)
            continue
        kind = span.kind if span.end - span.start > last.end - last.start else last.kind
        whole[-1] = Span(kind, last.start, max(last.end, span.end))
    return whole


def _windows(text: str) -> Iterator[tuple[int, int]]:
    """Every run of whole groups of digits that may be one number."""
    groups = [found.span() for found in _GROUP.finditer(text)]
    for first, (start, end) in enumerate(groups):
        yield start, end
        digits = end - start
        for after, last in groups[first + 1 : first + _LONGEST]:
            digits += last - after
            if digits > _LONGEST or not _BETWEEN.fullmatch(text, end, after):
                break
            end = last  # noqa: PLW2901 - the run grows
            if digits >= _SHORTEST:
                yield start, end


def _kind(text: str, start: int, end: int) -> str:
    """What a run of digits is; "" when it is nobody's number."""
    number = _bare(text[start:end])
    groups = _GROUP.findall(text, start, end)
    plain = all(map(_PLAIN.fullmatch, filter(None, _GROUP.split(text[start:end]))))
    # Two digits between other marks are a date's or a clause's number.
    if len(number) < _SHORTEST or not (plain or min(map(len, groups)) > 2):  # noqa: PLR2004
        return ""
    signed = f"{number}x" if _with_check_sign(text, number, end) > end else number
    if is_resident_id(signed) or is_old_resident_id(number):
        return "ID"
    if _MOBILE.fullmatch(number):
        return "MOBILE"
    if len(number) not in CARD_LENGTHS or (groups[1:] and not _grouped_like_a_card(groups)):
        return "NUMBER" if len(number) > _LONGEST else ""
    if is_card(number):
        return "CARD"
    return "NUMBER" if plain and len(number) >= _LONG else ""


def _grouped_like_a_card(groups: Sequence[str]) -> bool:
    """Whether it is no row of years or dates: three digits each or one each, not all years."""
    sizes = {len(group) for group in groups}
    return (sizes == {1} or min(sizes) > 2) and not all(map(_YEAR.fullmatch, groups))  # noqa: PLR2004


def _with_check_sign(text: str, number: str, end: int) -> int:
    """Where a number ends when the x of a resident id stands behind it."""
    found = _CHECK_SIGN.match(text, end) if len(number) == 17 else None  # noqa: PLR2004
    return found.end() if found else end


def _bare(number: str) -> str:
    return re.sub(r"[^0-9a-z]", "", number)
