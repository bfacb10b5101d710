"""A small writer of PDF files: pages of drawing operators, in Courier and a Chinese typeface."""

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


def write(path: Path, sheets: Sequence[Sheet], trailer: str = "", extra: str = "") -> Path:
    """Write a PDF; `extra` is one more object (numbered 3), which the trailer may name."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", extra.encode() or b"<< >>"]
    kids = []
    for sheet in sheets:
        picture = ""
        if sheet.picture:
            width, height, pixels = sheet.picture
            data = zlib.compress(pixels)
            objects.append(
                b"<< /Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 8 "
                + f"/Width {width} /Height {height} /Filter /FlateDecode ".encode()
                + f"/Length {len(data)} >>\nstream\n".encode()
                + data
                + b"\nendstream"
            )
            picture = f"/XObject << /Im1 {len(objects)} 0 R >>"
        drawn = zlib.compress(sheet.drawn.encode("latin-1"))
        objects.append(
            f"<< /Length {len(drawn)} /Filter /FlateDecode >>\nstream\n".encode()
            + drawn
            + b"\nendstream"
        )
        stream = len(objects)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox {list(sheet.box)} /Rotate {sheet.rotate} "
            f"/Contents {stream} 0 R /Resources << /Font << {FONTS} >> {picture} >> >>".replace(
                ",", ""
            ).encode()
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    start = len(body)
    body += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    body += f"trailer << /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\n".encode()
    body += f"startxref\n{start}\n%%EOF\n".encode()
    path.write_bytes(body)
    return path
