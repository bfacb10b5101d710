"""Bytes into text: UTF-8, UTF-16 with its mark, or GB18030; never binary data that happens to fit.

Also what every text format shares: characters nobody sees are left out, and two lines of one
paragraph are joined as their script is.
"""

import codecs
import re

from knowledge.errors import ReadingError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks; UTF-32's begins with UTF-16's."""

_COMMON_SHARE = 0.9
"""Of a GB18030 text's wide characters, how many stand in its oldest part, GB 2312. Other
encodings read as GB18030 give rare characters instead."""

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufdd0-\ufdef\ufffe\uffff]")
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]"
)
"""Soft hyphens, joiners, direction marks and tags: a word with one inside is not found."""

_WIDE = re.compile(r"[　-鿿＀-￯]")


def decode(data: bytes) -> str:
    """A text file's text; ReadingError when it is in another encoding or not text at all."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(_strictly(data[len(mark) :], encoding))
    if b"\x00" in data:
        raise ReadingError("binary data, not text: save it as text in UTF-8")
    try:
        return _checked(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        return _checked(_from_gb18030(data, error.start))


def decode_declared(data: bytes, encoding: str) -> str:
    """The text of a file that names its own encoding, which may be mistaken."""
    if any(data.startswith(mark) for mark, _ in _MARKS):
        return decode(data)
    try:
        known = codecs.lookup(encoding).name
    except LookupError:
        return decode(data)
    # A page that says gb2312 uses all of GB18030, and one that says latin-1 all of cp1252.
    read_as = {"gb2312": "gb18030", "gbk": "gb18030", "iso8859-1": "cp1252", "ascii": "utf-8"}
    try:
        return _checked(data.decode(read_as.get(known, known)))
    except (UnicodeDecodeError, LookupError, ReadingError):
        return decode(data)


def without_unseen(text: str) -> str:
    """Text without the characters that no reader sees."""
    return _UNSEEN.sub("", text)


def join_lines(before: str, line: str) -> str:
    """Two lines of one paragraph: a space between Latin words, none beside Chinese."""
    if not before or not line or _WIDE.match(before[-1]) or _WIDE.match(line[0]):
        return before + line
    return f"{before} {line}"


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        name = encoding.removesuffix("-le").removesuffix("-be").upper()
        raise ReadingError(f"not {name} text (byte {error.start}): save it as UTF-8") from error


def _from_gb18030(data: bytes, place: int) -> str:
    refusal = f"neither UTF-8 (byte {place}) nor GB18030 text: save it as UTF-8"
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError as error:
        raise ReadingError(refusal) from error
    wide = [character for character in text if not character.isascii()]
    common = sum(1 for character in wide if _in_gb2312(character))
    if common < _COMMON_SHARE * len(wide):
        raise ReadingError(refusal)
    return text


def _in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _checked(text: str) -> str:
    found = _CONTROL.search(text.rstrip("\x1a"))
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise ReadingError(
            f"line {line} holds a control character (U+{ord(found[0]):04X}): save it as plain text"
        )
    return text.rstrip("\x1a")
