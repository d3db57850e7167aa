"""From parts to typed tables: every row stays, a cell that cannot be read is marked unknown and named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from errno import EDQUOT, ENOMEM, ENOSPC

from orgaudit.errors import OrgauditError
from orgaudit.expressions import ROW
from orgaudit.findings import Repair
from orgaudit.recordmodel import RecordModel, Table
from orgaudit.records.beside import keep_months
from orgaudit.records.cellrules import Written, cell_problems
from orgaudit.records.cells import column, quoted
from orgaudit.records.headings import Columns, columns_of_fields
from orgaudit.records.insertion import columns_of, typed_rows
from orgaudit.records.parts import FileRead, Part
from orgaudit.records.problems import Problem
from orgaudit.records.provenance import ALSO_IN, Place, headings_of_fields, is_converted, name_files, place_told
from orgaudit.records.rawrows import RAW, RawRows, raw_rows, read_raw
from orgaudit.records.repairs import repaired
from orgaudit.records.sources import Source, state_of
from orgaudit.records.survey import forget
from orgaudit.records.texts import Texts, read_cells
from orgaudit.records.years import joined, whole_month
from orgaudit.workdb import Unreadable, WorkDb

#: rows from which on those that are texts alone are read where they stand: to write them once more costs more than every look
IN_PLACE_FROM = 200_000


@dataclass
class Loader:
    """Fills the tables of a work database part by part."""

    db: WorkDb
    model: RecordModel
    problems: list[Problem] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    headings: dict[tuple[int, str, str], str] = field(default_factory=dict)
    repairs: list[Repair] = field(default_factory=list)
    _next_row: int = 1

    def create_tables(self) -> None:
        """An empty table for each of the record model; derived ones are filled later."""
        tables = {name: columns_of(table) for name, table in self.model.tables.items()} | {
            ALSO_IN: [("row", "bigint"), ("file", "bigint")]
        }
        for name, columns in tables.items():
            named = ", ".join(f"{name} {kind}" for name, kind in columns)
            self.db.load(f"create table {column(name)} ({named})")

    def add(self, part: Part, sha256: str = "", encoding: str | None = None) -> FileRead | None:
        """The rows of one part into their table; None where there is nothing to read."""
        table = self.model.tables[part.table]
        number = self._file_number(part.source.name)
        read = read_raw(self.db, self._with_known_values(part, table), table, self.problems)
        if read is None:
            return None
        part = read.part
        at = part.source.name, part.heading_line, part.table
        own = headings_of_fields(part.headings)
        columns = columns_of_fields(own, table, part.values, at)
        self.problems += columns.problems
        headings = {n: part.headings[i] for n, i in columns.fields.items()} | {v: v for v in part.values}
        self.headings |= {(number, part.table, n): heading for n, heading in headings.items()}
        count = self._fill(read, table, columns, headings, number)
        unmatched = tuple(h for i, h in enumerate(own) if h.strip() and i not in columns.read)
        return FileRead(part.source.name, part.table, count, sha256, encoding, part.heading_line, headings, unmatched)

    def _fill(self, read: RawRows, table: Table, columns: Columns, headings: Mapping[str, str], number: int) -> int:
        """The raw rows into their table, typed and repaired; how many they are."""
        part = read.part
        cells = {n: f"r.c{i}" for n, i in columns.fields.items()} | {n: quoted(v) for n, v in part.values.items()}
        split = {n: (cells[n], f"r.c{i}") for n, i in columns.years.items()}
        cells |= {n: whole_month(*both) for n, both in split.items()}
        found = read_cells(self.db, read, table, cells, self.model.missingValues)
        place = self._place(part, table, number)
        files = self.files if is_converted(part.headings) else None
        raw = self._put(part, table, found, place)
        count = raw_rows(self.db, raw)
        written = Written(self.db, raw, table, part.table, part.source.name, self._next_row, files, found.sound)
        forget(self.db, found.spelled)
        self._next_row += count
        self.rows[part.table] = self.rows.get(part.table, 0) + count
        self.repairs += [*joined(written, split, headings), *repaired(written, found.texts, headings)]
        keep_months(written, found.texts)
        self.problems += cell_problems(written, {n: f"trim({text})" for n, text in cells.items()}, headings)
        self.db.drop(RAW)
        return count

    def _put(self, part: Part, table: Table, found: Texts, place: Place) -> str:
        """The raw rows into their table, or the table before them; the name under which they are found from now on."""
        is_all = not self.rows.get(part.table) and not is_converted(part.headings)
        if not (is_all and found.are_values and raw_rows(self.db) >= IN_PLACE_FROM):
            rows = typed_rows(table, found.texts, place, self._next_row, found.spelled)
            self.db.change(part.table, f"insert into {column(part.table)} {rows}")
            return RAW
        raw = f"{part.table} as read"
        self.db.load(f"alter table {column(RAW)} rename to {column(raw)}")
        self.db.show(part.table, typed_rows(table, found.texts, place, self._next_row, found.spelled, raw), raw)
        return raw

    @contextmanager
    def wholly(self, source: Source) -> Iterator[list[FileRead]]:
        """A file is read to its end, as it was when that began, or not at all; what was read is put into the list."""
        problems, repairs, rows, first = len(self.problems), len(self.repairs), dict(self.rows), self._next_row
        before, reason = state_of(source.path), None
        read: list[FileRead] = []
        try:
            yield read
        except OSError as e:
            if e.errno in (ENOSPC, EDQUOT, ENOMEM):
                raise OrgauditError("engine", {"reason": e.strerror}) from e
            reason = Problem("broken-file", source.name, value=e.strerror or str(e))
        except Unreadable as e:
            reason = Problem("broken-file", source.name, value=str(e))
        if before is None or state_of(source.path) != before:
            reason = Problem("changed-file", source.name)
        if reason is not None:
            read.clear()
            for table in self.rows:
                self.db.change(table, f"delete from {column(table)} where {ROW} >= {first}")
            self.db.drop(RAW)
            self.problems[problems:], self.repairs[repairs:], self.rows = [reason], [], rows

    def _place(self, part: Part, table: Table, number: int) -> Place:
        """Where rows come from: this file, or what a converted table says of each."""
        if not is_converted(part.headings):
            return Place(str(number), "r.n" if part.numbered else f"r.rowid + {part.heading_line + 1}")
        cells = {h: f"r.c{i}" for i, h in enumerate(part.headings)}
        name_files(self.db, RAW, cells, self._file_number, self._next_row)
        return place_told(cells, table)

    def _file_number(self, name: str) -> int:
        if name not in self.files:
            self.files.append(name)
        return self.files.index(name)

    # -- headings

    def _with_known_values(self, part: Part, table: Table) -> Part:
        known = {f.name for f in table.handed_in}
        for name in part.values.keys() - known:
            self.problems.append(Problem("extra-label", part.source.name, None, name, None, part.table))
        return replace(part, values={n: v for n, v in part.values.items() if n in known})
