"""How far the cells of a workbook reach, found before it is read: one cell in the last corner would cost the memory of all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from zipfile import ZipFile, ZipInfo

from orgaudit.records.problems import Problem

MOST_CELLS = 30_000_000  #: of a sheet, from its first cell to its last, the empty ones in between counted
_CHUNK = 1 << 22
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\sr\s*=\s*[\"'](\d+)")
_COLUMN = re.compile(rb"<(?:\w+:)?c\b[^>]*?\sr\s*=\s*[\"']([A-Za-z]+)\d")
#: the same as nearly every program writes it: looked for first, since the general way takes as long as reading the workbook
_PLAIN_ROW, _PLAIN_COLUMN = re.compile(rb'<row r="(\d+)"'), re.compile(rb'<c r="([A-Z]+)\d')
#: every cell, and one that holds something, with its place
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_FILLED = re.compile(rb"<(?:\w+:)?c\b[^>]*?\sr\s*=\s*[\"']([A-Za-z]+)(\d+)[\"'][^>]*(?<!/)>")


def too_wide(archive: ZipFile, name: str) -> Problem | None:
    """Why a workbook is not opened: a sheet has more cells than the limit. Open documents are bounded by the library itself."""
    cells = max((_cells(archive, m) for m in archive.infolist() if m.filename.endswith(".xml")), default=0)
    if cells <= MOST_CELLS:
        return None
    return Problem("too-many-cells", name, value=f"{cells:,}", values={"limit": f"{MOST_CELLS:,}"})


def _cells(archive: ZipFile, member: ZipInfo) -> int:
    """The cells of a sheet at most, formatted ones counted; only where those are too many the filled ones are looked for."""
    rows, columns, placeless = 0, set[bytes](), 0
    for chunk in _chunks(archive, member):
        found, placed = _PLAIN_ROW.findall(chunk), _PLAIN_COLUMN.findall(chunk)
        if len(found) != chunk.count(b"row ") or len(placed) != sum(map(chunk.count, (b"<c", b":c"))):
            found, placed = _ROW.findall(chunk), _COLUMN.findall(chunk)
            placeless += len(_CELL.findall(chunk)) - len(placed)
        rows = max(rows, *map(int, set(found)), 0)
        columns.update(placed)
    width = max(placeless, *map(_number, columns), 1)  # a cell without a place stands beside the one before it
    return rows * width if placeless or rows * width <= MOST_CELLS else _filled_cells(archive, member)


def _filled_cells(archive: ZipFile, member: ZipInfo) -> int:
    row, column = 0, 0
    for chunk in _chunks(archive, member):
        places = set(_FILLED.findall(chunk))
        row = max(row, *(int(r) for _, r in places), 0)
        column = max(column, *(_number(c) for c, _ in places), 0)
    return row * column


def _chunks(archive: ZipFile, member: ZipInfo) -> Iterator[bytes]:
    """The text in parts that end where a tag ends."""
    with archive.open(member) as stream:
        rest = b""
        while chunk := stream.read(_CHUNK):
            whole, end, rest = (rest + chunk).rpartition(b">")
            yield whole + end
        yield rest


def _number(column: bytes) -> int:
    """A → 1, Z → 26, AA → 27."""
    number = 0
    for letter in column.upper()[:8]:
        number = number * 26 + letter - 64
    return number
