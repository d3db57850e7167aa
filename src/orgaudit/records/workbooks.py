"""Workbooks: every sheet of XLSX, XLS and ODS that is a table; rows keep the number that the program shows."""

from __future__ import annotations

import hashlib
import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile, is_zipfile
from zlib import error as ZlibError

from orgaudit.recordmodel import RecordModel
from orgaudit.records.archives import too_large
from orgaudit.records.compound import goes_in_circles
from orgaudit.records.extent import too_wide
from orgaudit.records.parts import Part, Reading
from orgaudit.records.problems import Problem
from orgaudit.records.scratch import copied
from orgaudit.records.shape import Row, heading_place, shaped
from orgaudit.records.sources import Source, by_name, known_tables, table_names
from orgaudit.records.trial import can_be_opened

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook


def read_workbook(source: Source, model: RecordModel, folder: Path) -> Reading:
    """Every sheet whose name, or else whose file's name and headings, says which table it is."""
    reading = Reading(hashlib.sha256(source.path.read_bytes()).hexdigest(), source.path.suffix[1:].lower())
    with _refused_if_broken(source, reading):
        book = _opened(source, reading)
        names = book.sheet_names if book is not None else []
        if twice := [name for name, count in Counter(names).items() if count > 1]:
            raise BadZipFile(f"several sheets of one name: {', '.join(twice)}")
        wanted = source.entry.sheet if source.entry else None
        if wanted is not None and wanted not in names:
            values = {"known": ", ".join(names)}
            reading.problems.append(Problem("unmatched-sheet", source.name, value=wanted, values=values))
        hidden = (
            {m.name for m in book.sheets_metadata if str(m.visible).endswith("idden")} if book is not None else set()
        )
        for name in names:
            if book is not None and wanted in (None, name):
                sheet = book.get_sheet_by_name(name)
                reading.parts += _sheet(source, sheet, model, folder, reading, is_hidden=name in hidden)
        if book is not None and not reading.parts and not reading.problems:
            reading.problems.append(Problem("empty-file", source.name))
    return reading


@contextmanager
def _refused_if_broken(source: Source, reading: Reading) -> Iterator[None]:
    """What cannot be read to its end is not read at all."""
    try:
        with _silently():
            yield
    except BaseException as e:
        # the library that reads workbooks is written in Rust: where a broken file makes it panic, that is no Exception
        if not isinstance(e, _broken()) and type(e).__name__ != "PanicException":
            raise
        reading.parts.clear()
        reading.problems.append(Problem("broken-file", source.name, value=f"{type(e).__name__}: {e}"[:200]))


@contextmanager
def _silently() -> Iterator[None]:
    """Where the library panics it also writes its traces to standard error: nobody is to read those."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _broken() -> tuple[type[Exception], ...]:
    """What opening a file raises that is no workbook, or a broken one."""
    from python_calamine import CalamineError

    return CalamineError, BadZipFile, ZlibError, OSError, EOFError, ValueError, NotImplementedError, RuntimeError


def _opened(source: Source, reading: Reading) -> CalamineWorkbook | None:
    """The workbook; None where opening it would take more than it may."""
    from python_calamine import CalamineWorkbook

    if is_zipfile(source.path):
        with ZipFile(source.path) as archive:
            if refused := too_large(archive.infolist(), source.name):
                reading.problems.append(refused)
                return None
            if broken := archive.testzip():
                raise BadZipFile(broken)
            if refused := too_wide(archive, source.name):
                reading.problems.append(refused)
                return None
    elif goes_in_circles(source.path.read_bytes()):
        raise BadZipFile("its sectors lead round in a circle")
    elif not can_be_opened(source.path):
        raise BadZipFile("a length in it is more than the file can hold")
    return CalamineWorkbook.from_path(str(source.path))


def _sheet(
    book: Source, sheet: CalamineSheet, model: RecordModel, folder: Path, reading: Reading, *, is_hidden: bool
) -> Iterator[Part]:
    rows = _rows(sheet)
    head = [cells for _, (_, cells) in zip(range(30), rows, strict=False)]
    if not any(cell.strip() for cells in head for cell in cells):
        return  # a sheet that nobody filled in
    table = _table_of(book, sheet.name, head, model)
    if table is None:
        at, values = f"{book.name}/{sheet.name}", {"known": known_tables(model)}
        unmatched = Problem("unmatched-sheet", at, value=sheet.name, values=values)
        reading.problems.append(Problem("hidden-sheet", at, value=sheet.name) if is_hidden else unmatched)
        return
    source = book.sheet(sheet.name, table)
    found = shaped(_rows(sheet), model.tables[table], source, reading.problems)
    if found is None:
        return
    width = max((i + 1 for i, h in enumerate(found.headings) if h.strip()), default=0)
    lines: Iterator[list[object]] = ([n, *_fitted(cells, width)] for n, cells in found.rows)
    copy = copied(folder, f"{source.name} {source.number}", lines)
    yield Part(
        source,
        table,
        found.headings[:width],
        copy,
        numbered=True,
        values=source.values,
        heading_line=found.line,
    )


def _table_of(book: Source, sheet: str, head: list[list[str]], model: RecordModel) -> str | None:
    """By the manifest, by the sheet's name, else by the file's if the headings fit."""
    if book.entry is not None:
        return book.table
    named = by_name(sheet, table_names(model))
    if named is not None:
        return named
    if book.table is None:
        return None
    _, matched = heading_place(head, model.tables[book.table])
    return book.table if matched > 1 else None


def _rows(sheet: CalamineSheet) -> Iterator[Row]:
    """(row, cells) of a sheet as text; a cell that several rows share stands in each of them."""
    shared = {}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if right == left and bottom > top:
            shared.update({(row, left): (top, left) for row in range(top + 1, bottom + 1)})
    kept: dict[tuple[int, int], str] = {}
    sources = set(shared.values())
    for row, values in enumerate(sheet.iter_rows()):  # rows from the first, columns from the first that is used
        cells = [cell_text(value) for value in values]
        if shared:
            first = (sheet.start or (0, 0))[1]
            for i in range(len(cells)):
                place = (row, i + first)
                if place in sources:
                    kept[place] = cells[i]
                if place in shared and not cells[i].strip():
                    cells[i] = kept.get(shared[place], "")
        yield row + 1, cells


def rows_of_sheet(path: Path, name: str) -> Iterator[list[str]]:
    """Every row of a sheet as text, from the first; merged cells stand once, as they are written."""
    from python_calamine import CalamineWorkbook

    sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(name)
    left = [""] * (sheet.start or (0, 0))[1]
    yield from (left + [cell_text(value) for value in row] for row in sheet.iter_rows())


def cell_text(value: Any) -> str:
    """A cell as a person would have written it."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            is_day = value.time() == time(0)
            return value.date().isoformat() if is_day else value.isoformat(sep=" ", timespec="minutes")
        case date():
            return value.isoformat()
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1 << 53 else repr(value)
        case time() | timedelta():
            return str(value)
    return str(value)


def _fitted(cells: list[str], width: int) -> list[str]:
    return (cells + [""] * (width - len(cells)))[:width]
