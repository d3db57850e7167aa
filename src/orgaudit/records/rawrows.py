"""The rows of a part as a table of text: as the engine reads them, or row by row where that is not what was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from orgaudit.recordmodel import Table
from orgaudit.records.cells import column, quoted
from orgaudit.records.csvfiles import renumber
from orgaudit.records.known_columns import KnownColumn, known_columns
from orgaudit.records.parts import Part
from orgaudit.records.problems import Problem
from orgaudit.records.provenance import is_converted
from orgaudit.records.signs import has_signs
from orgaudit.workdb import WorkDb

RAW = "raw rows"  #: the part at hand as a table of text
#: bytes that a thread of the engine reads at once; left alone it grows with the longest line, and threads wait
_BUFFER = 1 << 25


@dataclass(frozen=True)
class RawRows:
    """A part as it was read: `r.c0`, `r.c1`, … of the table of text are its columns, and this is known of them."""

    part: Part
    known: Mapping[str, KnownColumn]


def read_raw(db: WorkDb, part: Part, table: Table, problems: list[Problem]) -> RawRows | None:
    """Makes the table of text; a file whose rows do not all fit, or are no records, is read again, row by row.

    None where there is nothing in it.
    """
    if part.source.format == "parquet":
        return _known(db, _read_parquet(db, part))
    db.tried(_statement(part))
    if part.numbered:
        return _known(db, part)
    if not _rejects(db) and _is_read(db, read := _known(db, part)):
        return read
    db.drop(RAW)
    again = renumber(part, table, db.folder, problems)
    if again is None:
        return None
    db.tried(_statement(again))
    return _known(db, again)


def _known(db: WorkDb, part: Part) -> RawRows:
    return RawRows(part, known_columns(db, RAW, [f"r.c{i}" for i in range(len(part.headings))]))


def raw_rows(db: WorkDb, raw: str = RAW) -> int:
    """How many rows the part at hand has."""
    return int(db.load(f"select count(*) from {column(raw)}")[0][0])


def _is_read(db: WorkDb, read: RawRows) -> bool:
    """Whether every line became a row, and every row is a record."""
    part = read.part
    if is_converted(part.headings):
        return True
    is_whole = part.lines is None or raw_rows(db) == part.lines - part.heading_line
    headings = {f"r.c{i}": heading for i, heading in enumerate(part.headings)}
    return is_whole and not has_signs(db, RAW, headings, read.known)


def _rejects(db: WorkDb) -> bool:
    found = bool(db.load("select count(*) from reject_rows")[0][0])
    db.load("drop table reject_rows; drop table reject_scans")
    return found


def _read_parquet(db: WorkDb, part: Part) -> Part:
    """Every column of a Parquet file as text, as it would stand in a CSV file."""
    file = quoted(str(part.rows))
    columns = db.tried(f"describe select * from read_parquet({file})")
    cells = [
        f"array_to_string({column(n)}, '、')" if str(t).endswith("[]") else f"cast({column(n)} as varchar)"
        for n, t, *_ in columns
    ]
    named = ", ".join(f"{c} as c{i}" for i, c in enumerate(cells))
    db.tried(f"create temp table {column(RAW)} as select {named} from read_parquet({file})")
    return replace(part, headings=[str(n) for n, *_ in columns])


def _statement(part: Part) -> str:
    names = [*(["n"] if part.numbered else []), *(f"c{i}" for i in range(len(part.headings)))]
    columns = ", ".join(f"'{n}': '{'BIGINT' if n == 'n' else 'VARCHAR'}'" for n in names)
    rejects = (
        ""
        if part.numbered
        else ", store_rejects = true, rejects_table = 'reject_rows', rejects_scan = 'reject_scans', rejects_limit = 1"
    )
    delimiter = "," if part.numbered else part.delimiter
    skipped = 0 if part.numbered else part.heading_line
    # the order of rows is the order of lines: the engine keeps it (preserve_insertion_order) and rowid counts it
    return (
        f"create temp table {column(RAW)} as select * from read_csv({quoted(str(part.rows))}, auto_detect = false, "
        f"header = false, skip = {skipped}, delim = {quoted(delimiter)}, quote = '\"', escape = '\"', "
        f"strict_mode = true, max_line_size = 16777216, buffer_size = {_BUFFER}, columns = {{{columns}}}{rejects})"
    )
