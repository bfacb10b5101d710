"""A small writer of PDF files: pages of drawing operators, in Courier and a Chinese typeface."""

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

A4 = (0, 0, 595, 842)
FONTS = (
    "/F1 << /Type /Font /Subtype /Type1 /BaseFont /Courier >> "
    # Not embedded: what a character is follows from its code, what it looks like does not matter.
    "/F2 << /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H "
    "/DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 "
    "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> "
    "/FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 4 "
    "/FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 880 /Descent -120 /StemV 80 >> >>] >>"
)


@dataclass(frozen=True)
class Sheet:
    """One page: its drawing operators, how it is turned, its box and a picture over all of it."""

    drawn: str
    rotate: int = 0
    box: tuple[int, int, int, int] = A4
    picture: tuple[int, int, bytes] | None = None
    """Width, height and grey pixels, drawn by `/Im1 Do`."""


def text(x, y, words, size=12, *, mode=0, grey=0.0, matrix=None):
    """A line at (x, y): Courier (0.6 of its size wide) for ASCII, full-width Chinese else."""
    ascii_only = words.isascii()
    font = "F1" if ascii_only else "F2"
    escaped = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    shown = f"({escaped})" if ascii_only else f"<{words.encode('utf-16-be').hex()}>"
    place = f"{matrix} {x} {y} Tm" if matrix else f"1 0 0 1 {x} {y} Tm"
    return f"BT /{font} {size} Tf {grey} g {mode} Tr {place} {shown} Tj ET\n"


def ruled(lefts: Sequence[float], tops: Sequence[float]) -> str:
    """The rules of a grid."""
    level = (f"{lefts[0]} {y} m {lefts[-1]} {y} l S\n" for y in tops)
    upright = (f"{x} {tops[0]} m {x} {tops[-1]} l S\n" for x in lefts)
    return "0.5 w\n" + "".join(level) + "".join(upright)


def write(path: Path, sheets: Sequence[Sheet], passwords: tuple[str, str] | None = None) -> Path:
    """Write a PDF, with `passwords` (to open it, and its owner's) encrypted."""
    lock = Lock(*passwords) if passwords else None
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", lock.dictionary if lock else b"<< >>"]
    kids = []

    def add(entries, data=None):
        if data is not None:
            data = zlib.compress(data)
            data = lock.encrypt(data, len(objects) + 1) if lock else data
            entries = f"{entries} /Filter /FlateDecode /Length {len(data)}"
        stream = b"" if data is None else b"\nstream\n" + data + b"\nendstream"
        objects.append(f"<< {entries} >>".encode() + stream)
        return f"{len(objects)} 0 R"

    for sheet in sheets:
        picture = ""
        if sheet.picture:
            width, height, pixels = sheet.picture
            kind = "/Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 8"
            picture = add(f"{kind} /Width {width} /Height {height}", pixels)
            picture = f"/XObject << /Im1 {picture} >>"
        drawn = add("", sheet.drawn.encode("latin-1"))
        box = " ".join(map(str, sheet.box))
        page = f"/Type /Page /Parent 2 0 R /MediaBox [{box}] /Rotate {sheet.rotate}"
        resources = f"/Resources << /Font << {FONTS} >> {picture} >>"
        kids.append(add(f"{page} /Contents {drawn} {resources}"))
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    path.write_bytes(
        _file(objects, f"/Encrypt 3 0 R /ID [<{ID.hex()}> <{ID.hex()}>]" if lock else "")
    )
    return path


def _file(objects: Sequence[bytes], trailer: str) -> bytes:
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    start = len(body)
    body += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    body += f"trailer << /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\n".encode()
    return body + f"startxref\n{start}\n%%EOF\n".encode()


ID = bytes(range(16))
PADDING = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")


class Lock:
    """The standard security handler in its oldest form: 40-bit RC4 (PDF 1.4, 3.5.2)."""

    def __init__(self, user: str, owner: str) -> None:
        permissions = (-4 & 0xFFFFFFFF).to_bytes(4, "little")
        owner_key = _md5(_padded(owner))[:5]
        self.owner = _rc4(owner_key, _padded(user))
        self.key = _md5(_padded(user) + self.owner + permissions + ID)[:5]
        self.user = _rc4(self.key, PADDING)

    @property
    def dictionary(self) -> bytes:
        marks = f"/O <{self.owner.hex()}> /U <{self.user.hex()}>"
        return f"<< /Filter /Standard /V 1 /R 2 /P -4 {marks} >>".encode()

    def encrypt(self, data: bytes, number: int) -> bytes:
        return _rc4(_md5(self.key + number.to_bytes(3, "little") + b"\0\0")[:10], data)


def _padded(password: str) -> bytes:
    return (password.encode("latin-1") + PADDING)[:32]


def _md5(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).digest()


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    out = bytearray()
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)
