"""A list's counter written in each of Word's number formats (ECMA-376 part 1, §17.18.59)."""

from collections.abc import Callable

from knowledge.numerals import chinese, digits

_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_HUNDRED, _TEN_THOUSAND = 100, 10_000
_KOREAN_TENS = ("", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")
_KOREAN_ONES = ("", "하나", "둘", "셋", "넷", "다섯", "여섯", "일곱", "여덟", "아홉")
_SUFFIXES = {1: "st", 2: "nd", 3: "rd"}
_NAMES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_ORDINAL_NAMES = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
)
_TEN_NAMES = "- ten twenty thirty forty fifty sixty seventy eighty ninety"
_CARDINALS, _ORDINALS, _TENS = _NAMES.split(), _ORDINAL_NAMES.split(), _TEN_NAMES.split()


def write_number(value: int, form: str) -> str:
    """A counter's value in one of Word's number formats; an unknown one reads as decimal."""
    if value < 1 and form not in _FROM_ZERO:
        return str(value)
    return _FORMATS.get(form, str)(value)


def pad_like(value: int, sample: str) -> str:
    """A value in a format given by its first values, "001, 002, …": as wide as the sample."""
    return f"{value:0{len(sample.partition(',')[0].strip())}}"


def _letters(alphabet: str) -> Callable[[int], str]:
    # After z come aa, bb, cc: the letter repeated, not a base-26 number.
    size = len(alphabet)
    return lambda value: alphabet[(value - 1) % size] * ((value - 1) // size + 1)


def _cycle(symbols: str) -> Callable[[int], str]:
    return lambda value: symbols[(value - 1) % len(symbols)]


def _one_of(symbols: str) -> Callable[[int], str]:
    return lambda value: symbols[value - 1] if value <= len(symbols) else str(value)


def _roman(value: int) -> str:
    written = ""
    for size, letters in _ROMAN:
        count, value = divmod(value, size)
        written += letters * count
    return written


def _counting(value: int) -> str:
    return chinese(value) if value < _HUNDRED else digits(value, zero="○")


def _thousands(value: int) -> str:
    return chinese(value) if value < _TEN_THOUSAND else str(value)


def _without_ones(ones: str, tens: str, one: str) -> Callable[[int], str]:
    """Counting as in Japan and Korea: no one before ten, hundred and thousand, no zeros."""

    def write(value: int) -> str:
        if value >= _TEN_THOUSAND:
            return str(value)
        written = ""
        for place, unit in ((1_000, tens[2]), (100, tens[1]), (10, tens[0]), (1, "")):
            digit = value // place % 10
            if digit:
                written += ("" if digit == 1 and unit and not one else ones[digit]) + unit
        return written

    return write


def _formal(numerals: str) -> Callable[[int], str]:
    """Counting in the numerals of cheques: 12 is 壹拾贰, the one never left out."""
    plain = "零一二三四五六七八九十百千"
    table = str.maketrans(plain, numerals)

    def write(value: int) -> str:
        counted = _thousands(value)
        ten = 10 <= value < 20  # noqa: PLR2004 - 十 to 十九
        return ("一" + counted if ten else counted).translate(table)

    return write


def _korean(value: int) -> str:
    if value >= _HUNDRED:
        return str(value)
    return _KOREAN_TENS[value // 10] + _KOREAN_ONES[value % 10]


def _ordinal(value: int) -> str:
    teen = value // 10 % 10 == 1
    return f"{value}{'th' if teen else _SUFFIXES.get(value % 10, 'th')}"


def _in_words(value: int, last: list[str], round_ending: str) -> str:
    if value >= _HUNDRED:
        return str(value)
    if value < len(last):
        return last[value].capitalize()
    ten, one = divmod(value, 10)
    if one == 0:
        return (_TENS[ten].removesuffix("y") + round_ending).capitalize()
    return f"{_TENS[ten]}-{last[one]}".capitalize()


_DECIMAL = {ord("0") + digit: ord("０") + digit for digit in range(10)}
_JAPANESE = _without_ones("〇一二三四五六七八九", "十百千", "")
_KOREAN = _without_ones("영일이삼사오육칠팔구", "십백천", "")
_LATIN, _RUSSIAN = "abcdefghijklmnopqrstuvwxyz", "абвгдежзиклмнопрстуфхцчшщыэюя"
_CIRCLES = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"

_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalHalfWidth": str,
    "decimalZero": lambda value: f"{value:02}",
    "decimalFullWidth": lambda value: str(value).translate(_DECIMAL),
    "decimalFullWidth2": lambda value: str(value).translate(_DECIMAL),
    "decimalEnclosedCircle": _one_of(_CIRCLES),
    "decimalEnclosedCircleChinese": _one_of(_CIRCLES),
    "decimalEnclosedFullstop": _one_of("⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛"),
    "decimalEnclosedParen": _one_of("⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"),
    "numberInDash": lambda value: f"- {value} -",
    "hex": lambda value: f"{value:X}",
    "ordinal": _ordinal,
    "cardinalText": lambda value: _in_words(value, _CARDINALS, "y"),
    "ordinalText": lambda value: _in_words(value, _ORDINALS, "ieth"),
    "chicago": lambda value: "*†‡§"[(value - 1) % 4] * ((value - 1) // 4 + 1),
    "lowerLetter": _letters(_LATIN),
    "upperLetter": _letters(_LATIN.upper()),
    "russianLower": _letters(_RUSSIAN),
    "russianUpper": _letters(_RUSSIAN.upper()),
    "lowerRoman": _roman,
    "upperRoman": lambda value: _roman(value).upper(),
    "chineseCounting": _counting,
    "chineseCountingThousand": _thousands,
    "chineseLegalSimplified": _formal("零壹贰叁肆伍陆柒捌玖拾佰仟"),
    "taiwaneseCounting": _counting,
    "taiwaneseCountingThousand": _thousands,
    "taiwaneseDigital": lambda value: digits(value, zero="○"),
    "ideographDigital": digits,
    "ideographLegalTraditional": _formal("零壹貳參肆伍陸柒捌玖拾佰仟"),
    "ideographTraditional": _one_of(_STEMS),
    "ideographZodiac": _one_of(_BRANCHES),
    "ideographZodiacTraditional": lambda value: (
        _STEMS[(value - 1) % 10] + _BRANCHES[(value - 1) % 12]
    ),
    "ideographEnclosedCircle": _one_of("㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉"),
    "japaneseCounting": _JAPANESE,
    "japaneseLegal": lambda value: _JAPANESE(value).translate(
        str.maketrans("一二三十百千", "壱弐参拾百阡")
    ),
    "japaneseDigitalTenThousand": digits,
    "aiueo": _cycle("ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝ"),
    "aiueoFullWidth": _cycle(
        "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
    ),
    "irohaFullWidth": _cycle(
        "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセスン"
    ),
    "ganada": _cycle("가나다라마바사아자차카타파하"),
    "chosung": _cycle("ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ"),
    "koreanCounting": _KOREAN,
    "koreanLegal": _korean,
    "koreanDigital": lambda value: "".join("영일이삼사오육칠팔구"[int(d)] for d in str(value)),
    "koreanDigital2": lambda value: "".join("零一二三四五六七八九"[int(d)] for d in str(value)),
    "none": lambda _: "",
}
_FROM_ZERO = ("decimalZero", "decimalFullWidth", "decimalFullWidth2", "ideographDigital", "none")
