"""Chinese numerals as clauses, amounts and days are written with them."""

import re

DIGITS = "零一二三四五六七八九"
HAN_NUMBER = "〇零○一二两三四五六七八九十百千万亿"
"""Every character a Chinese number is written with, for use in a character class."""

_VALUES = {digit: value for value, digit in enumerate(DIGITS)} | {"〇": 0, "○": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1_000}
_ORDINARY = {ord("０") + digit: ord("0") + digit for digit in range(10)}
_HAN_DIGITS = str.maketrans("0123456789", DIGITS)
_WELL_FORMED = re.compile(f"[{HAN_NUMBER}]+")


def chinese(value: int) -> str:
    """A whole number from 0 to 9,999 in counting form: 12 is 十二, 105 is 一百零五."""
    if value < len(DIGITS):
        return DIGITS[value]
    written = ""
    for unit, name in ((1_000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // unit % 10
        if digit:
            written += DIGITS[digit] + name
        elif written and not written.endswith("零") and value % unit:
            written += "零"
    return written.removeprefix("一") if 10 <= value < 20 else written  # noqa: PLR2004 - 十 to 十九


def digits(value: int, zero: str = "〇") -> str:
    """A number digit by digit: 105 is 一〇五."""
    return "".join(zero if digit == "0" else DIGITS[int(digit)] for digit in str(value))


def number_of(written: str) -> int | None:
    """The value of a number in Chinese or Arabic digits or both (2百), or None when it is none."""
    if written.isdigit():
        written = written.translate(_ORDINARY)
        return int(written) if written.isascii() else None
    written = written.translate(_ORDINARY).translate(_HAN_DIGITS)
    if not _WELL_FORMED.fullmatch(written):
        return None
    if set(written).isdisjoint("十百千万亿"):
        return int("".join(str(_VALUES[digit]) for digit in written))
    return _counted(written)


def _counted(written: str) -> int:
    if "亿" in written:
        high, _, low = written.rpartition("亿")
        return _counted(high) * 100_000_000 + _counted(low)
    if "万" in written:
        high, _, low = written.rpartition("万")
        return _counted(high) * 10_000 + _counted(low)
    total = digit = 0
    for character in written:
        if character in _VALUES:
            digit = _VALUES[character]
        else:
            # 十二 has no digit before its ten.
            total += (digit or (1 if character == "十" else 0)) * _UNITS[character]
            digit = 0
    return total + digit
