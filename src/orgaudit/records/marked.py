"""The sender's copy: every file as it was read, a sheet each, with the cells that have problems marked and commented."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orgaudit.findings import Problem
from orgaudit.records.encodings import marked as mark_of
from orgaudit.records.parts import FileRead
from orgaudit.records.workbooks import rows_of_sheet

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_FILL, _MOST_ROWS = "FFF2C4C0", 200_000  #: the colour of a cell with a problem; rows of a sheet that are copied
_BOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
_NOT_IN_A_TITLE = str.maketrans("\\/?*[]:", "_______")


def write_marked(
    folder: Path, files: Sequence[FileRead], problems: Sequence[Problem], say: Callable[[Problem], str]
) -> bytes:
    """The copy, with its cells and rows marked. `say` tells a problem in the sender's language."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    by_file: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        by_file[problem.file].append(problem)
    for i, path in enumerate(dict.fromkeys(f.path for f in files), 1):
        read = next(f for f in files if f.path == path)
        sheet = book.create_sheet(f"{i} {Path(path).stem.translate(_NOT_IN_A_TITLE)}"[:31])
        for n, row in enumerate(_rows(folder, read), 1):
            if n <= _MOST_ROWS:
                for c, text in enumerate(row, 1):
                    cell = sheet.cell(n, c)
                    cell.value, cell.data_type = text or None, "s"
        _mark(sheet, read, by_file[path], say)
    if not book.sheetnames:
        book.create_sheet("-")
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _mark(sheet: Worksheet, read: FileRead, problems: Sequence[Problem], say: Callable[[Problem], str]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    headings = {str(c.value).strip(): c.column for c in sheet[max(read.heading_line, 1)] if c.value is not None}
    told: dict[tuple[int, int], list[str]] = defaultdict(list)
    for problem in problems:
        column = headings.get((problem.column or "").strip(), 1)
        told[problem.row or max(read.heading_line, 1), column].append(say(problem))
    for (row, column), said in told.items():
        cell: Any = sheet.cell(row, column)
        cell.fill = PatternFill("solid", fgColor=_FILL)
        cell.comment = Comment("\n".join(said[:5]), "orgaudit")


def _rows(folder: Path, read: FileRead) -> Iterator[list[str]]:
    """The rows of a file or sheet as they stand; nothing of what lies in an archive, or is no table."""
    outer = folder if folder.is_file() else folder / read.path
    if outer.is_file() and outer.suffix.lower() in (".csv", ".tsv", ".txt"):
        encoding = "utf-8-sig" if read.encoding in (None, "utf-8") else read.encoding
        with outer.open(encoding=mark_of(outer) or encoding, newline="") as stream:
            text = stream.read()
        delimiter = max(",;\t", key=text[:5000].count)
        yield from _lines(text, delimiter)
    elif outer.parent.is_file() and outer.parent.suffix.lower() in _BOOKS:
        yield from rows_of_sheet(outer.parent, outer.name)


def _lines(text: str, delimiter: str) -> Iterator[list[str]]:
    """The records of a CSV file, with blank rows where a record has several lines, so that rows keep their numbers."""
    reader, line = csv.reader(text.splitlines(keepends=True), delimiter=delimiter), 0
    for record in reader:
        yield record
        yield from ([] for _ in range(reader.line_num - line - 1))
        line = reader.line_num
