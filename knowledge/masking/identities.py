"""Numbers that name somebody, told by their own check digits.

GB 11643-1999 (resident id), GB 32100-2015 (unified social credit code), ISO/IEC 7812-1 annex B
(bank cards, Luhn).
"""

from datetime import date

_PROVINCES = frozenset(
    (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55))
) | {*range(61, 66), 71, 81, 82, 83, 91}
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10x98765432"
_CREDIT_SIGNS = "0123456789abcdefghjklmnpqrtuwxy"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
CARD_LENGTHS = range(13, 20)


def is_resident_id(number: str) -> bool:
    """Whether 18 signs are a resident id: a province, a day that was, a check sign (0-9, x)."""
    if len(number) != len(_ID_WEIGHTS) + 1 or not number[:17].isdigit():
        return False
    total = sum(w * int(digit) for w, digit in zip(_ID_WEIGHTS, number, strict=False))
    return (
        number[17] == _ID_CHECKS[total % 11]
        and int(number[:2]) in _PROVINCES
        and _is_day(number[6:10], number[10:14])
    )


def is_old_resident_id(number: str) -> bool:
    """Whether 15 digits are a resident id of before 1999: no check sign, the century left out."""
    return (
        len(number) == 15  # noqa: PLR2004 - the length is the definition
        and number.isdigit()
        and int(number[:2]) in _PROVINCES
        and _is_day(f"19{number[6:8]}", number[8:12])
    )


def is_credit_code(code: str) -> bool:
    """Whether 18 signs are a unified social credit code, by its check sign (modulo 31)."""
    if len(code) != len(_CREDIT_WEIGHTS) + 1 or not code[2:8].isdigit():
        return False
    if any(sign not in _CREDIT_SIGNS for sign in code):
        return False
    values = [_CREDIT_SIGNS.index(sign) for sign in code]
    total = sum(w * value for w, value in zip(_CREDIT_WEIGHTS, values, strict=False))
    return values[17] == -total % 31


def is_card(number: str) -> bool:
    """Whether 13 to 19 digits are a bank card's, by the Luhn check."""
    if len(number) not in CARD_LENGTHS or not number.isdigit() or number[0] == "0":
        return False
    doubled = (int(digit) * 2 for digit in number[-2::-2])
    total = sum(int(digit) for digit in number[::-2]) + sum(n // 10 + n % 10 for n in doubled)
    return total % 10 == 0


def _is_day(year: str, month_and_day: str) -> bool:
    try:
        born = date(int(year), int(month_and_day[:2]), int(month_and_day[2:]))
    except ValueError:
        return False
    return born.year >= 1850  # noqa: PLR2004 - nobody with an id was born before
