"""What a PDF page draws beside its words: rules, grounds and pictures, and words nobody sees."""

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pypdfium2
from pypdfium2 import raw

THICKEST_RULE = 3.0
"""Points; a filled box no thicker than this is a rule."""

_MOST_OBJECTS = 50_000
_MOST_SEGMENTS = 400
_WHITE = 240
_DEEPEST_FORM = 5
_INVISIBLE_SIZE = 1.5
_SCAN_SHARE = 0.5
_LEAST_SHARE = 0.1
_FEWEST_OUTLINES = 100
_UNDRAWN_MODES = (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP)

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in points."""
Matrix = tuple[float, float, float, float, float, float]

_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(slots=True)
class Drawing:
    """A page's rules (each a box without width or height), coloured grounds and pictures.

    `unseen` are the addresses of its text objects that are not drawn, `pale` of those in white,
    which show only on a coloured ground.
    """

    rules: list[Box] = field(default_factory=list)
    grounds: list[Box] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    unseen: set[int] = field(default_factory=set)
    pale: set[int] = field(default_factory=set)
    undrawn: set[int] = field(default_factory=set)
    paths: int = 0

    def is_scan(self, page: Box) -> bool:
        """Whether pictures cover most of a page, as those of scanned paper do."""
        return self._pictured(page) > _SCAN_SHARE

    def may_show_text(self, page: Box) -> bool:
        """Whether there is enough on a page for text in a picture, or drawn as outlines."""
        return self._pictured(page) > _LEAST_SHARE or self.paths > _FEWEST_OUTLINES

    def _pictured(self, page: Box) -> float:
        return sum(_area(_overlap(box, page)) for box in self.pictures) / (_area(page) or 1.0)

    def has_ground(self, x: float, y: float) -> bool:
        """Whether anything but white lies under a point."""
        return any(
            left <= x <= right and bottom <= y <= top
            for left, bottom, right, top in (*self.grounds, *self.pictures)
        )


def look(page: pypdfium2.PdfPage) -> Drawing:
    """Everything a page draws, in its own coordinates."""
    drawing = Drawing()
    for number, (item, matrix) in enumerate(_objects(page)):
        if number > _MOST_OBJECTS:
            break
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            _look_at_text(drawing, item, matrix)
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            _look_at_path(drawing, item, matrix)
        elif kind in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING):
            drawing.pictures.append(_bounds(item, matrix))
    return drawing


def _objects(page: pypdfium2.PdfPage) -> Iterator[tuple[Any, Matrix]]:
    for index in range(raw.FPDFPage_CountObjects(page.raw)):
        yield from _inside(raw.FPDFPage_GetObject(page.raw, index), _IDENTITY, 0)


def _inside(item: Any, outer: Matrix, depth: int) -> Iterator[tuple[Any, Matrix]]:  # noqa: ANN401
    if raw.FPDFPageObj_GetType(item) != raw.FPDF_PAGEOBJ_FORM:
        yield item, outer
    elif depth < _DEEPEST_FORM:
        matrix = _product(_matrix(item), outer)
        for index in range(raw.FPDFFormObj_CountObjects(item)):
            yield from _inside(raw.FPDFFormObj_GetObject(item, index), matrix, depth + 1)


def _look_at_text(drawing: Drawing, item: Any, matrix: Matrix) -> None:  # noqa: ANN401
    address = ctypes.addressof(item.contents)
    if raw.FPDFTextObj_GetTextRenderMode(item) in _UNDRAWN_MODES:
        drawing.undrawn.add(address)
        return
    color = _color(item, raw.FPDFPageObj_GetFillColor)
    if color[3] == 0 or _size(item, matrix) < _INVISIBLE_SIZE:
        drawing.unseen.add(address)
    elif min(color[:3]) >= _WHITE:
        drawing.pale.add(address)


def _size(item: Any, outer: Matrix) -> float:  # noqa: ANN401
    size = ctypes.c_float()
    if not raw.FPDFTextObj_GetFontSize(item, size):
        return math.inf
    if size.value > 3 * _INVISIBLE_SIZE and outer is _IDENTITY:
        own = _matrix(item)
        return size.value * math.hypot(own[2], own[3])
    own = _product(_matrix(item), outer)
    return size.value * math.hypot(own[2], own[3])


def _look_at_path(drawing: Drawing, item: Any, matrix: Matrix) -> None:  # noqa: ANN401
    drawing.paths += 1
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(item, fill, stroke)
    if not fill.value and not stroke.value:
        return
    box = _bounds(item, matrix)
    if _is_rule(box):
        drawing.rules.append(_thinned(box))
        return
    if fill.value:
        color = _color(item, raw.FPDFPageObj_GetFillColor)
        if color[3] and min(color[:3]) < _WHITE:
            drawing.grounds.append(box)
    if raw.FPDFPath_CountSegments(item) <= _MOST_SEGMENTS:
        drawing.rules += _segments(item, _product(_matrix(item), matrix))


def _segments(item: Any, matrix: Matrix) -> Iterator[Box]:  # noqa: ANN401
    """The level and upright lines of a path."""
    start = before = (0.0, 0.0)
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(raw.FPDFPath_CountSegments(item)):
        segment = raw.FPDFPath_GetPathSegment(item, index)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = _moved((x.value, y.value), matrix)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield from _line(before, point)
        if raw.FPDFPathSegment_GetClose(segment):
            yield from _line(point, start)
        before = point


def _line(one: tuple[float, float], other: tuple[float, float]) -> Iterator[Box]:
    box = (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[0], other[0]),
        max(one[1], other[1]),
    )
    if _is_rule(box):
        yield _thinned(box)


def _is_rule(box: Box) -> bool:
    width, height = box[2] - box[0], box[3] - box[1]
    return min(width, height) <= THICKEST_RULE < max(width, height)


def _thinned(box: Box) -> Box:
    left, bottom, right, top = box
    if right - left > top - bottom:
        middle = (bottom + top) / 2
        return left, middle, right, middle
    middle = (left + right) / 2
    return middle, bottom, middle, top


def _bounds(item: Any, matrix: Matrix) -> Box:  # noqa: ANN401
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not raw.FPDFPageObj_GetBounds(item, left, bottom, right, top):
        return 0.0, 0.0, 0.0, 0.0
    box = (left.value, bottom.value, right.value, top.value)
    if matrix is _IDENTITY:
        return box
    return around(_moved((x, y), matrix) for x in (box[0], box[2]) for y in (box[1], box[3]))


def around(points: Iterator[tuple[float, float]]) -> Box:
    """The smallest box around points."""
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _matrix(item: Any) -> Matrix:  # noqa: ANN401
    found = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(item, found):
        return _IDENTITY
    return found.a, found.b, found.c, found.d, found.e, found.f


def _product(one: Matrix, other: Matrix) -> Matrix:
    """First `one`, then `other`."""
    if other is _IDENTITY:
        return one
    a, b, c, d, e, f = one
    k, l, m, n, o, p = other  # noqa: E741 - the letters of a matrix
    return (
        *(a * k + b * m, a * l + b * n, c * k + d * m, c * l + d * n),
        *(e * k + f * m + o, e * l + f * n + p),
    )


def _moved(point: tuple[float, float], matrix: Matrix) -> tuple[float, float]:
    x, y = point
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _color(item: Any, get: Any) -> tuple[int, int, int, int]:  # noqa: ANN401
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not get(item, red, green, blue, alpha):
        return 0, 0, 0, 255
    return red.value, green.value, blue.value, alpha.value


def _overlap(one: Box, other: Box) -> Box:
    return (
        max(one[0], other[0]),
        max(one[1], other[1]),
        min(one[2], other[2]),
        min(one[3], other[3]),
    )


def _area(box: Box) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])
