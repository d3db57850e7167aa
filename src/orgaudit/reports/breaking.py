"""Where a terminal's lines may break: between words, and beside any wide character that punctuation does not hold."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from unicodedata import combining, east_asian_width

_OPENING, _CLOSING = "（“([", "，。：；、）”？！…%)],.;:"  #: no line ends with the ones, none begins with the others


def columns_of(text: str) -> int:
    """How many columns of a terminal a text takes: wide characters take two, accents that stand above none."""
    return len(text) if text.isascii() else sum(map(_width, text))


@cache
def _width(c: str) -> int:
    return 0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1


def broken(text: str, most: int) -> list[str]:
    """The lines of a text that are no wider than so many columns; a break eats the space it stands at."""
    ends = [0, *breaks(text, most), len(text)]
    return [text[start:end].strip() if start else text[start:end].rstrip() for start, end in pairwise(ends)]


def breaks(text: str, most: int) -> list[int]:
    """Where the lines after the first begin; what is wider than a line by itself is cut."""
    found, start, end = list[int](), 0, 0
    if columns_of(text) <= most:  # as nearly every one
        return found
    for piece in _pieces(text):
        if end > start and columns_of(text[start:end] + piece.rstrip()) > most:
            found.append(end)
            start = end
        end += len(piece)
        while columns_of(text[start:end].rstrip()) > most:
            start = _cut(text, start, most)
            found.append(start)
    return found


def _cut(text: str, start: int, most: int) -> int:
    """Where a line ends that begins here and takes all that it can: one character at least."""
    end = start + 1
    while columns_of(text[start : end + 1]) <= most:
        end += 1
    return end


def _pieces(text: str) -> Iterator[str]:
    """What is not broken: words with the space behind them, and each wide character with its punctuation."""
    word = ""
    for c, after in zip(text, text[1:] + " ", strict=False):
        word += c
        may_break = c == " " or columns_of(c) > 1 or columns_of(after) > 1
        if may_break and c not in _OPENING and after not in _CLOSING and after != " ":
            yield word
            word = ""
    yield word
