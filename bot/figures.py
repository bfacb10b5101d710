"""How money, days, rates and progress are written, in each language."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from babel.dates import format_date
from babel.numbers import format_compact_currency

LOCALES = {"en": "en", "zh": "zh_CN"}
DAYS = {"en": "d MMM y", "zh": "y年M月d日"}
SHORT_DAYS = {"en": "d MMM", "zh": "M月d日"}
MORNINGS = {"en": "EEEE d MMM", "zh": "M月d日 EEEE"}
BAR_CELLS = 10


def money(fen: int | Decimal, lang: str) -> str:
    """Fen as compact yuan: CN¥812K, ¥81.2万."""
    yuan = Decimal(fen) / 100
    return format_compact_currency(yuan, "CNY", locale=LOCALES[lang], fraction_digits=1)


def day(value: date, lang: str) -> str:
    """A date in words: 7 Nov 2026, 2026年11月7日."""
    return format_date(value, DAYS[lang], locale=LOCALES[lang])


def near(value: date, on: date, lang: str) -> str:
    """A date as one says it on a day: 7 Nov, 11月7日; with its year when that is another one."""
    if value.year != on.year:
        return day(value, lang)
    return format_date(value, SHORT_DAYS[lang], locale=LOCALES[lang])


def morning(value: date, lang: str) -> str:
    """A date as one greets it: Wednesday 18 Nov, 11月18日 星期三."""
    return format_date(value, MORNINGS[lang], locale=LOCALES[lang])


def moment(value: datetime, on: date, lang: str) -> str:
    """A local moment as one says it on a day: 17:40, 18 Nov 09:40, 11月18日09:40."""
    hour = f"{value:%H:%M}"
    if value.date() == on:
        return hour
    gap = " " if lang == "en" else ""
    return f"{near(value.date(), on, lang)}{gap}{hour}"


def number(value: Decimal | float, digits: int = 1) -> str:
    """A figure to so many decimals, rounded half up, without trailing zeros."""
    exact = Decimal(str(value))
    rounded = exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    text = f"{rounded:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def bar(share: Decimal | float) -> str:
    """Progress as ten cells: ▓ for what is reached, ░ for what is not (none under 0 or over 1)."""
    reached = min(max(Decimal(str(share)), Decimal(0)), Decimal(1))
    full = int((reached * BAR_CELLS).to_integral_value(ROUND_HALF_UP))
    return "▓" * full + "░" * (BAR_CELLS - full)


def score_bar(score: Decimal | float) -> str:
    """A score of 0 to 100 as a bar."""
    return bar(Decimal(str(score)) / 100)
