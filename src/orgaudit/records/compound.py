"""The old binary workbooks: whether their sectors lead on, or round in a circle, in which a reader would go until memory ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from struct import unpack_from

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER, _IN_HEADER = 512, 109  #: bytes of the header; sectors of the table that it names itself
_LAST = 0xFFFFFFFA  #: numbers from here on are no sectors


def goes_in_circles(data: bytes) -> bool:
    """Whether a chain of sectors of a compound file comes back to itself; other files have none."""
    if not data.startswith(MAGIC) or len(data) < _HEADER:
        return False
    size = 1 << min(unpack_from("<H", data, 0x1E)[0], 20)
    table = [n for sector in _table_sectors(data, size) for n in _numbers(data, size, sector)]
    small = [n for sector in _chain(table, unpack_from("<I", data, 0x3C)[0]) for n in _numbers(data, size, sector)]
    return _has_circle(table) or _has_circle(small)


def _table_sectors(data: bytes, size: int) -> Iterator[int]:
    """The sectors of the table itself: those named in the header, and in a chain of lists whose last number leads on."""
    yield from unpack_from(f"<{_IN_HEADER}I", data, 0x4C)
    sector, seen = unpack_from("<I", data, 0x44)[0], set[int]()
    while sector < _LAST and sector not in seen:
        seen.add(sector)
        numbers = _numbers(data, size, sector)
        yield from numbers[:-1]
        sector = numbers[-1] if numbers else _LAST


def _numbers(data: bytes, size: int, sector: int) -> Sequence[int]:
    """The numbers in a sector; none where it lies outside the file."""
    start = (sector + 1) * size
    if sector >= _LAST or size < 4 or start + size > len(data):
        return ()
    return unpack_from(f"<{size // 4}I", data, start)


def _chain(table: Sequence[int], sector: int) -> Iterator[int]:
    seen: set[int] = set()
    while sector < len(table) and sector not in seen:
        seen.add(sector)
        yield sector
        sector = table[sector]


def _has_circle(table: Sequence[int]) -> bool:
    """Whether following the numbers from anywhere comes back to a place."""
    walked = [0] * len(table)  # in which walk each place was met first
    for start in range(len(table)):
        walk, place = start + 1, start
        while place < len(table) and not walked[place]:
            walked[place] = walk
            place = table[place]
        if place < len(table) and walked[place] == walk:
            return True
    return False
