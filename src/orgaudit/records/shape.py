"""The shape of a table that people made by hand: where its heading row stands, and which rows below are no records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from orgaudit.recordmodel import Table, spelled
from orgaudit.records.headings import all_headings
from orgaudit.records.problems import Problem
from orgaudit.records.sources import Source

#: a row of cells with the line, or the row of a sheet, where it stands
Row = tuple[int, list[str]]
#: among so many rows the heading row is looked for
HEAD = 30

TOTALS = frozenset({"合计", "总计", "小计", "共计", "总合计", "total", "subtotal", "grandtotal", "sum"})
SAMPLES = frozenset({"示例", "样例", "例", "例如", "示范", "填写示例", "example", "sample"})
SIGNATURES = (
    "填表人", "填报人", "制表人", "审核人", "审批人", "复核人", "经办人", "负责人签字", "负责人（签字）", "单位盖章",
    "单位（盖章）", "填报单位", "填报日期", "填表日期", "制表日期", "填表时间", "填报时间", "备注：", "注：", "说明：",
)  # fmt: skip
_SIGNED = re.compile("|".join(rf"{re.escape(spelled(word))}([:：].*|$)" for word in SIGNATURES))
_LEADING = 3  #: so many cells of a row say what kind of row it is


@dataclass(frozen=True)
class Shaped:
    """The headings, where they stand, how many of them the table knows, and the records below them."""

    line: int
    headings: list[str]
    matched: int
    rows: Iterator[Row]


def shaped(rows: Iterable[Row], table: Table, source: Source, problems: list[Problem]) -> Shaped | None:
    """Takes a table apart; None where there is no row at all. What is left out is named."""
    filled = ((n, cells) for n, cells in rows if any(cell.strip() for cell in cells))
    iterator = iter(filled)
    head = list(islice(iterator, HEAD))
    if not head:
        return None
    place, matched = heading_place([cells for _, cells in head], table)
    line, headings = head[place][0], _headings([cells for _, cells in head], place)
    if place:
        titles = " / ".join(cell.strip() for _, cells in head[:place] for cell in cells if cell.strip())
        problems.append(Problem("heading-row", source.name, line, value=titles[:200], table=source.table))
    below = chain(head[place + 1 :], iterator)
    return Shaped(line, headings, matched, _records(below, headings, source, problems))


def heading_place(rows: Sequence[list[str]], table: Table) -> tuple[int, int]:
    """The position of the row in which most headings of the table stand, and how many; the first row if there is none."""
    known = all_headings(table)
    scores = [_matches(_headings(rows, i), known) for i in range(len(rows))]
    best = max(scores)
    return (scores.index(best), best) if best > 1 or scores[0] == 0 else (0, scores[0])


def _matches(headings: Sequence[str], known: dict[str, str]) -> int:
    return len({known[s] for h in headings if h.strip() and (s := spelled(h)) in known})


def _headings(rows: Sequence[list[str]], place: int) -> list[str]:
    """The cells of a row; under a heading that spans two rows, what stands above."""
    above = rows[place - 1] if place else []
    below = rows[place]
    if sum(1 for cell in above if cell.strip()) < 2:  # a title stands alone in its row
        return below
    filled = [cell if cell.strip() or i >= len(above) else above[i] for i, cell in enumerate(below)]
    return filled + above[len(below) :]


def _records(rows: Iterator[Row], headings: list[str], source: Source, problems: list[Problem]) -> Iterator[Row]:
    """The rows that are records; of every other what it is."""
    spelt = [spelled(h) for h in headings]
    for line, cells in rows:
        said = " ".join(c.strip() for c in cells if c.strip())[:200]
        left_out = _left_out(cells, spelt, (source.name, line, None, said, source.table))
        if left_out is None:
            yield line, cells
        else:
            problems.append(left_out)


def _left_out(cells: list[str], headings: list[str], at: tuple[str, int, None, str, str | None]) -> Problem | None:
    """What a row is that is no record: a total, a signature, a sample, the headings once more."""
    filled = [spelled(c) for c in cells if c.strip()]
    leading = filled[:_LEADING]
    if any(word in TOTALS for word in leading):
        return Problem("total-row", *at)
    if leading and leading[0] in SAMPLES:
        return Problem("sample-row", *at)
    if leading and _SIGNED.match(leading[0]) and len(filled) <= max(len(headings) // 2, 1) + 1:
        return Problem("signature-row", *at)
    if len(filled) > 1 and [spelled(c) for c in cells][: len(headings)] == headings:
        return Problem("heading-again", *at)
    return None


#: the first letters of rows that may be no records: one pass of the engine looks for them before a file is taken apart
SIGNS = tuple(dict.fromkeys([*TOTALS, *SAMPLES, *(w.split("：")[0] for w in SIGNATURES)]))
