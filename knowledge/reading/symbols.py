"""Signs that Word takes from picture fonts, as the characters they stand for."""

_GREEK = "αβχδεφγηιϕκλμνοπθρστυϖωξψζ"
_CAPITALS = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ"
_PRIVATE = 0xF000

_SYMBOL = {
    **{ord("a") + n: letter for n, letter in enumerate(_GREEK)},
    **{ord("A") + n: letter for n, letter in enumerate(_CAPITALS)},
    **{code: chr(code) for code in range(0x20, 0x41)},
    **dict(zip((0x5B, 0x5D, 0x7B, 0x7D, 0x2D), "[]{}−", strict=True)),
    **dict(zip(range(0xA3, 0xA6), "≤⁄∞", strict=True)),
    **dict(zip(range(0xAB, 0xB5), "↔←↑→↓°±″≥×", strict=True)),
    **dict(zip(range(0xB6, 0xBD), "∂•÷≠≡≈…", strict=True)),
    0xCE: "∈",
    0xD6: "√",
    0xE5: "∑",
    0xF2: "∫",
}
_WINGDINGS = {
    0xFC: "✓",
    0xFB: "✗",
    0xFE: "☑",
    0xFD: "☒",
    0xA8: "☐",
    0x6F: "☐",
    0x71: "☐",
    0x6C: "●",
    0x6E: "■",
    0x75: "◆",
    0x76: "❖",
    0xA7: "▪",
    0xD8: "➢",
    0xE0: "→",
    0xDF: "←",
    **{0x81 + n: chr(0x2460 + n) for n in range(10)},
    **{0x8C + n: chr(0x2776 + n) for n in range(10)},
}
_WINGDINGS_2 = {0x50: "✓", 0x4F: "✗", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0xA3: "☐"}
_FONTS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2}


def sign(code: int, font: str) -> str:
    """The character for a code of a picture font; "" for a picture without one."""
    table = _FONTS.get(font.lower())
    if table is None:
        return "" if 0xE000 <= code <= 0xF8FF else chr(code)  # noqa: PLR2004 - private use
    return table.get(code - _PRIVATE if code >= _PRIVATE else code, "")


def in_font(text: str, font: str) -> str:
    """Text set in a font: private characters of a picture font as what they stand for."""
    if font.lower() not in _FONTS:
        return text
    return "".join(sign(ord(c), font) if ord(c) >= _PRIVATE else c for c in text)
