"""What a file really is, whatever its name says, and whether an Office file is safe to unpack.

Office files are zip archives of XML. Every part is unpacked once here and measured as it comes
out, because an archive's own headers may lie; XML that declares a DTD is refused, because no
Office program writes one and every entity bomb needs one.
"""

import re
import zipfile
import zlib
from pathlib import Path

from knowledge.errors import ReadingError

LARGEST_EXPANDED = 200_000_000
MOST_ENTRIES = 5_000
_CHUNK = 1_048_576

_KINDS = {".docx": "a Word file", ".xlsx": "an Excel workbook", ".pptx": "a PowerPoint file"}
_KINDS[".pdf"] = "a PDF"
_MAIN_PARTS = (
    (b"wordprocessingml.document.main+xml", ".docx"),
    (b"spreadsheetml.sheet.main+xml", ".xlsx"),
    (b"presentationml.presentation.main+xml", ".pptx"),
    (b"ms-word.document.macroEnabled.main+xml", ".docm"),
    (b"ms-excel.sheet.macroEnabled.main+xml", ".xlsm"),
    (b"ms-powerpoint.presentation.macroEnabled.main+xml", ".pptm"),
    (b"ms-excel.sheet.binary.macroEnabled.main", ".xlsb"),
    (b"wordprocessingml.template.main+xml", ".dotx"),
    (b"spreadsheetml.template.main+xml", ".xltx"),
    (b"presentationml.template.main+xml", ".potx"),
    (b"presentationml.slideshow.main+xml", ".ppsx"),
)
_STRICT = b"purl.oclc.org/ooxml"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STARTS = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (_OLE[:4], "ole"),
    (b"{\\rtf", "rtf"),
    (b"\x1f\x8b", "archive"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"II*\x00", "picture"),
    (b"GIF8", "picture"),
)
_OLE_STREAMS = (
    ("EncryptedPackage", "password-protected: remove the password"),
    ("WordDocument", "an old Word file (.doc): open it in Word"),
    ("Workbook", "an old Excel workbook (.xls): open it in Excel"),
    ("PowerPoint Document", "an old PowerPoint file (.ppt): open it in PowerPoint"),
)
_XML_PART = re.compile(r"\.(?:xml|rels|vml)$", re.IGNORECASE)
_DTD = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
_LONGEST_MARK = max(map(len, _DTD))


def check_kind(path: Path) -> None:
    """Refuse a file whose content is not what its suffix says, naming what to do about it."""
    suffix = path.suffix.lower()
    with path.open("rb") as file:
        start = file.read(1024)
    found = _kind(start)
    if suffix in (".docx", ".xlsx", ".pptx"):
        if found != "zip":
            raise ReadingError(_mismatch(path, found, suffix))
        check_package(path, suffix)
    elif suffix == ".pdf":
        if found != "pdf":
            raise ReadingError(f"cannot read the PDF: it is not a PDF but {_named(found)}")
    elif found not in ("text", "html"):
        raise ReadingError(_mismatch(path, found, suffix))


def check_package(path: Path, suffix: str) -> None:
    """Refuse an Office file that is damaged, hostile or of another kind than `suffix`."""
    kind = _KINDS[suffix]
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            declared = sum(member.file_size for member in members)
            if len(members) > MOST_ENTRIES or declared > LARGEST_EXPANDED:
                raise ReadingError(
                    f"the file unpacks to {declared:,} bytes in {len(members):,} parts: split it"
                )
            if any(member.flag_bits & 1 for member in members):
                raise ReadingError(f"password-protected: save it as {suffix}, unlocked")
            real = _suffix_of(archive)
            if real != suffix:
                raise ReadingError(_other_package(real, suffix))
            _unpack(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise ReadingError(f"{kind} cut short or damaged: save it again") from error


def _kind(start: bytes) -> str:
    for magic, kind in _STARTS:
        if start.startswith(magic):
            return kind
    if b"%PDF-" in start:
        return "pdf"
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html", b"<head", b"mime-version:")):
        return "html"
    wide = start.startswith((b"\xff\xfe", b"\xfe\xff"))
    return "binary" if b"\0\0" in start and not wide else "text"


def _mismatch(path: Path, found: str, suffix: str) -> str:
    if found == "ole":
        return f"{_ole(path)} and save it as {suffix}, unlocked"
    kind = f"not {_KINDS[suffix]} but " if suffix in _KINDS else "really "
    real = _real_suffix(path) if found == "zip" else None
    if real in _KINDS:
        return f"{kind}{_KINDS[real]}: name it {real}"
    remedy = {
        "pdf": "name it .pdf",
        "html": "name it .html",
        "zip": "unpack it and supply the files in it",
        "archive": "unpack it and supply the files in it",
        "picture": "supply the text",
    }.get(found, f"save it again as {suffix}")
    return f"{kind}{_named(found)}: {remedy}"


def _real_suffix(path: Path) -> str | None:
    try:
        with zipfile.ZipFile(path) as archive:
            return _suffix_of(archive)
    except zipfile.BadZipFile:
        return None


def _named(found: str) -> str:
    names = {
        "zip": "a .zip archive",
        "ole": "an old or locked Office file",
        "rtf": "an RTF text",
        "pdf": "a PDF",
        "html": "a web page",
        "archive": "a compressed archive",
        "picture": "a picture",
        "binary": "binary data",
    }
    return names.get(found, "plain text")


def _ole(path: Path) -> str:
    content = path.read_bytes()
    for stream, described in _OLE_STREAMS:
        if stream.encode("utf-16-le") in content:
            return described
    return "an old or password-protected Office file: open it"


def _suffix_of(archive: zipfile.ZipFile) -> str | None:
    """The suffix an Office package should have, None for any other archive."""
    names = set(archive.namelist())
    if "[Content_Types].xml" not in names:
        return ".od?" if "mimetype" in names and "content.xml" in names else None
    types = _beginning(archive, "[Content_Types].xml")
    if "_rels/.rels" in names and _STRICT in _beginning(archive, "_rels/.rels"):
        return "strict"
    return next((suffix for mark, suffix in _MAIN_PARTS if mark in types), None)


def _beginning(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(_CHUNK)


def _other_package(real: str | None, suffix: str) -> str:
    kind = _KINDS[suffix]
    if real is None:
        return f"a .zip archive, not {kind}, or damaged: unpack it and supply the files in it"
    if real == ".od?":
        return f"an OpenDocument file, not {kind}: save it as {suffix}"
    if real == "strict":
        return f"saved as Strict Open XML: save it as ordinary {suffix}"
    if real in _KINDS:
        return f"not {kind} but {_KINDS[real]}: name it {real}"
    return f"really a {real} file (macros or a template): save it as {suffix}"


def _unpack(archive: zipfile.ZipFile) -> None:
    """Unpack every part to nowhere, counting what really comes out."""
    total = 0
    for member in archive.infolist():
        declared = member.file_size
        # The archive would stop at the size it declares; other readers may not.
        member.file_size = LARGEST_EXPANDED + 1
        expanded = 0
        tail = b""
        with archive.open(member) as part:
            while chunk := part.read(_CHUNK):
                expanded += len(chunk)
                if total + expanded > LARGEST_EXPANDED:
                    raise ReadingError(f"the file unpacks to over {LARGEST_EXPANDED:,} bytes")
                if _XML_PART.search(member.filename):
                    seen = tail + chunk
                    if any(mark in seen for mark in _DTD):
                        raise ReadingError(
                            f"{member.filename} declares a DTD, as no Office program does: "
                            "save it again"
                        )
                    tail = seen[-_LONGEST_MARK:]
        member.file_size = declared
        if expanded != declared:
            raise ReadingError(
                f"damaged: {member.filename} unpacks to {expanded:,} bytes, not the "
                f"{declared:,} it declares: save it again"
            )
        total += expanded
