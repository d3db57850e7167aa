"""From parts to typed tables: every row stays, a cell that cannot be read is marked unknown and named."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from errno import EDQUOT, ENOMEM, ENOSPC

from orgaudit.errors import OrgauditError
from orgaudit.expressions import FILE, LINE, MISSING_BITS, ROW, UNKNOWN_BITS
from orgaudit.findings import Repair
from orgaudit.recordmodel import Field, RecordModel, Table
from orgaudit.records.beside import keep_months
from orgaudit.records.cellrules import Written, cell_problems
from orgaudit.records.cells import TYPES, cleaned, cleaned_text, column, quoted
from orgaudit.records.headings import Columns, columns_of_fields
from orgaudit.records.insertion import insertion
from orgaudit.records.parts import FileRead, Part
from orgaudit.records.problems import Problem
from orgaudit.records.provenance import ALSO_IN, Place, headings_of_fields, is_converted, name_files, place_told
from orgaudit.records.rawrows import RAW, RawRows, raw_rows, read_raw
from orgaudit.records.repairs import STRANGE, named, repaired
from orgaudit.records.sources import Source, state_of
from orgaudit.records.survey import Spelled, forget, spell, survey
from orgaudit.records.years import joined, whole_month
from orgaudit.workdb import Unreadable, WorkDb


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
            ALSO_IN: "row bigint, file bigint"
        }
        self.db.load("; ".join(f"create table {column(name)} ({columns})" for name, columns in tables.items()))

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
        texts, spelled, sound = self._read_cells(read, table, cells)
        place = self._place(part, table, number)
        files = self.files if is_converted(part.headings) else None
        written = Written(self.db, RAW, table, part.table, part.source.name, self._next_row, files, sound)
        self.db.load(insertion(part, table, texts, place, self._next_row, spelled))
        forget(self.db, spelled)
        count = raw_rows(self.db)
        self._next_row += count
        self.rows[part.table] = self.rows.get(part.table, 0) + count
        self.repairs += [*joined(written, split, headings), *repaired(written, texts, headings)]
        keep_months(written, texts)
        self.problems += cell_problems(written, {n: f"trim({text})" for n, text in cells.items()}, headings)
        self.db.load(f"drop table {column(RAW)}")
        return count

    def _read_cells(
        self, read: RawRows, table: Table, cells: Mapping[str, str]
    ) -> tuple[dict[str, str], dict[str, Spelled], frozenset[str]]:
        """By field the SQL of the text of each cell, and how those of few texts are looked up; the fields that are sound."""
        missing, known = self.model.missingValues, read.known
        plain = {f"r.c{i}" for i in range(len(read.part.headings))} & set(cells.values())
        looked = survey(self.db, RAW, sorted(plain), known, missing, spaced=read.part.spaced)
        few = {n: c for n, c in cells.items() if c in looked.few and not _is_evened(table, table.by_name[n])}
        spelled = spell(self.db, RAW, table, few, missing)
        texts = {
            n: self._text(table, table.by_name[n], c, is_clean=c in looked.clean, is_plain=c in known)
            for n, c in cells.items()
        }
        sound = {n for n, c in cells.items() if c in looked.full and texts[n] == c and _is_text(table.by_name[n])}
        return texts, spelled, frozenset(sound | {n for n, told in spelled.items() if told.sound})

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
                self.db.load(f"delete from {column(table)} where {ROW} >= {first}")
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

    # -- rows

    def _text(self, table: Table, field_: Field, cell: str, *, is_clean: bool, is_plain: bool) -> str:
        """The SQL of a raw cell as it is kept; what is not plain ASCII is normalised by Python, each text once."""
        text = cell if is_clean else cleaned(cell, self.model.missingValues)
        if _is_normalised(field_):
            return self._evened(
                field_, text, lambda t: cleaned_text(field_.plain(t)), "not regexp_full_match(t, '[\\x00-\\x7F]*')"
            )
        if is_plain or not _is_evened(table, field_):
            return text
        found = self.db.load(f"select 1 from {column(RAW)} r where {_is_strange(cell)} limit 1")
        return self._evened(field_, text, named, _is_strange("t")) if found else text

    def _evened(self, field_: Field, text: str, even: Callable[[str], str | None], strange: str) -> str:
        """A column of the raw rows in which every strange text is made even."""
        kept, raw = column(f"plain {field_.name}"), column(RAW)
        self.db.load(f"alter table {raw} add column {kept} varchar")
        self.db.load(f"update {raw} r set {kept} = {text}")
        texts = self.db.load(f"select distinct t from (select {kept} as t from {raw}) where {strange}")
        self.db.fill("spellings", {"text": "varchar", "plain": "varchar"}, [(t, even(t)) for (t,) in texts])
        if "casefold" in field_.normalize:
            self.db.load(f"update {raw} set {kept} = lower({kept}) where regexp_full_match({kept}, '[\\x00-\\x7F]*')")
        self.db.load(f"update {raw} r set {kept} = s.plain from spellings s where s.text = r.{kept}")
        self.db.drop("spellings")
        return f"r.{kept}"


def columns_of(table: Table) -> str:
    """The columns of a table with what the engine adds: row number, masks, file and line, and what is settled later."""
    own = [f"{column(f.name)} {TYPES[f.type]}" for f in table.fields]
    marks = [f"{ROW} bigint", f"{UNKNOWN_BITS} bigint", f"{MISSING_BITS} bigint", f"{FILE} integer", f"{LINE} bigint"]
    return ", ".join([*own, *marks, *(f"{column(name)} {kind}" for name, kind in table.hidden.items())])


def _is_normalised(field_: Field) -> bool:
    return bool(set(field_.normalize) & {"casefold", "fullwidth"})


def _is_evened(table: Table, field_: Field) -> bool:
    """Whether more is done to a text than cleaning: it is normalised, or names a record."""
    is_name = field_.role == "name" or field_.name in table.naming
    return _is_normalised(field_) or (field_.type == "string" and not field_.categories and is_name)


def _is_text(field_: Field) -> bool:
    """Whether any text is a value."""
    return field_.type == "string" and not field_.categories


def _is_strange(text: str) -> str:
    """SQL: a text that names a record has wide forms, or characters that nobody sees."""
    return f"(strlen({text}) <> length({text}) and regexp_matches({text}, {STRANGE}))"
