"""From parts to typed tables: every row stays, a cell that cannot be read is marked unknown and named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from orgaudit.expressions import FILE, LINE, MISSING_BITS, ROW, UNKNOWN_BITS
from orgaudit.recordmodel import Field, RecordModel, Table, spelled
from orgaudit.records.cellrules import Written, cell_problems
from orgaudit.records.cells import TYPES, cleaned, cleaned_text, column, quoted, typed
from orgaudit.records.csvfiles import renumber
from orgaudit.records.parts import Part
from orgaudit.records.problems import Problem
from orgaudit.workdb import WorkDb

_RAW = "raw rows"
#: the other files (`file`) in which a record (`row`) has rows
ALSO_IN = "also in"


@dataclass
class Loader:
    """Fills the tables of a work database part by part."""

    db: WorkDb
    model: RecordModel
    problems: list[Problem] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    headings: dict[tuple[int, str, str], str] = field(default_factory=dict)
    _next_row: int = 1

    def create_tables(self) -> None:
        """An empty table for each of the record model; derived ones are filled later."""
        tables = {name: columns_of(table) for name, table in self.model.tables.items()} | {
            ALSO_IN: "row bigint, file bigint"
        }
        self.db.load("; ".join(f"create table {column(name)} ({columns})" for name, columns in tables.items()))

    def add(self, part: Part) -> None:
        """The rows of one part into their table."""
        table = self.model.tables[part.table]
        number = self._file_number(part.source.name)
        part = self._with_known_values(part, table)
        matched = self._match(part, table)
        headings = {name: part.headings[i] for name, i in matched.items()} | {v: v for v in part.values}
        self.headings |= {(number, part.table, name): heading for name, heading in headings.items()}
        part = self._read_raw(part)
        cells = {n: f"r.c{i}" for n, i in matched.items()} | {n: quoted(v) for n, v in part.values.items()}
        first = self._next_row
        texts = {n: self._text(table.by_name[n], text) for n, text in cells.items()}
        self.db.load(self._insert(part, table, texts, number))
        count = int(self.db.load(f"select count(*) from {column(_RAW)}")[0][0])
        self._next_row += count
        self.rows[part.table] = self.rows.get(part.table, 0) + count
        written = Written(self.db, _RAW, table, part.table, part.source.name, first)
        self.problems += cell_problems(written, {n: f"trim({text})" for n, text in cells.items()}, headings)
        self.db.load(f"drop table {column(_RAW)}")

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

    def _match(self, part: Part, table: Table) -> dict[str, int]:
        """For each field found, the position of its column."""
        by_heading = {spelled(h): f.name for f in reversed(table.handed_in) for h in reversed(f.headings)}
        matched: dict[str, int] = {}
        for i, heading in enumerate(part.headings):
            name = by_heading.get(spelled(heading))
            at = part.source.name, 1, heading, None, part.table
            if name is None:
                if heading.strip():
                    self.problems.append(Problem("extra-label", *at))
            elif name in matched or name in part.values:
                self.problems.append(Problem("duplicate-label", *at, {"field": name}))
            else:
                matched[name] = i
        for field_ in table.handed_in:
            if field_.name not in matched and field_.name not in part.values:
                self.problems.append(_missing_label(part, field_))
        return matched

    # -- rows

    def _read_raw(self, part: Part) -> Part:
        """The part as a table of text; a file whose rows do not all fit is read again, row by row."""
        self.db.load(_raw_statement(part))
        if not part.numbered and self._rejects():
            self.db.load(f"drop table {column(_RAW)}")
            part = renumber(part.source, part.delimiter, self.db.folder, self.problems)
            self.db.load(_raw_statement(part))
        return part

    def _rejects(self) -> bool:
        found = bool(self.db.load("select count(*) from reject_rows")[0][0])
        self.db.load("drop table reject_rows")
        self.db.load("drop table reject_scans")
        return found

    def _text(self, field_: Field, cell: str) -> str:
        """The SQL of a raw cell as it is kept; what is not plain ASCII is normalised by Python, each text once."""
        text = cleaned(cell, self.model.missingValues)
        if not set(field_.normalize) & {"casefold", "fullwidth"}:
            return text
        kept, raw = column(f"plain {field_.name}"), column(_RAW)
        self.db.load(f"alter table {raw} add column {kept} varchar")
        self.db.load(f"update {raw} r set {kept} = {text}")
        strange = f"select distinct {kept} from {raw} where not regexp_full_match({kept}, '[\\x00-\\x7F]*')"
        spellings = [(t, cleaned_text(field_.plain(t))) for (t,) in self.db.load(strange)]
        self.db.fill("spellings", {"text": "varchar", "plain": "varchar"}, spellings)
        if "casefold" in field_.normalize:
            self.db.load(f"update {raw} set {kept} = lower({kept}) where regexp_full_match({kept}, '[\\x00-\\x7F]*')")
        self.db.load(f"update {raw} r set {kept} = s.plain from spellings s where s.text = r.{kept}")
        self.db.drop("spellings")
        return f"r.{kept}"

    def _insert(self, part: Part, table: Table, cells: Mapping[str, str], number: int) -> str:
        missing = sum(table.bits[f.name] for f in table.handed_in if f.name not in cells)
        line = ["n"] if part.numbered else []
        inner = ", ".join([*(f"{t} as {column('t ' + n)}" for n, t in cells.items()), "rowid as _at", *line])
        values = {n: typed(table.by_name[n], column("t " + n)) for n in cells}
        middle = ", ".join(
            [*(f"{v} as {column(n)}" for n, v in values.items()), *(column("t " + n) for n in cells), "_at", *line]
        )
        unread = [
            f"case when {column('t ' + n)} is not null and {column(n)} is null then {table.bits[n]} else 0 end"
            for n in cells
            if table.by_name[n].type != "string" or table.by_name[n].categories
        ]
        outer = [column(f.name) if f.name in cells else f"cast(null as {TYPES[f.type]})" for f in table.fields]
        where = "n" if part.numbered else "_at + 2"
        outer += [f"_at + {self._next_row}", " + ".join([*unread, str(missing)]), str(missing), str(number), where]
        outer += ["null"] * len(table.hidden)
        return (
            f"insert into {column(part.table)} select {', '.join(outer)} from "
            f"(select {middle} from (select {inner} from {column(_RAW)} r))"
        )


def _missing_label(part: Part, field_: Field) -> Problem:
    code = "missing-required-label" if field_.constraints.required else "missing-label"
    title = field_.title.get("zh", field_.name)
    values = {"headings": ", ".join(dict.fromkeys([field_.name, title, *field_.aliases]))}
    return Problem(code, part.source.name, 1, field_.name, table=part.table, values=values)


def columns_of(table: Table) -> str:
    """The columns of a table with what the engine adds: row number, masks, file and line, and what is settled later."""
    own = [f"{column(f.name)} {TYPES[f.type]}" for f in table.fields]
    marks = [f"{ROW} bigint", f"{UNKNOWN_BITS} bigint", f"{MISSING_BITS} bigint", f"{FILE} integer", f"{LINE} bigint"]
    return ", ".join([*own, *marks, *(f"{column(name)} {kind}" for name, kind in table.hidden.items())])


def _raw_statement(part: Part) -> str:
    names = [*(["n"] if part.numbered else []), *(f"c{i}" for i in range(len(part.headings)))]
    columns = ", ".join(f"'{n}': '{'BIGINT' if n == 'n' else 'VARCHAR'}'" for n in names)
    rejects = (
        ""
        if part.numbered
        else ", store_rejects = true, rejects_table = 'reject_rows', rejects_scan = 'reject_scans', rejects_limit = 1"
    )
    delimiter = "," if part.numbered else part.delimiter
    # the order of rows is the order of lines: the engine keeps it (preserve_insertion_order) and rowid counts it
    return (
        f"create temp table {column(_RAW)} as select * from read_csv({quoted(str(part.rows))}, auto_detect = false, "
        f"header = false, skip = {0 if part.numbered else 1}, delim = {quoted(delimiter)}, quote = '\"', escape = '\"', "
        f"strict_mode = true, max_line_size = 16777216, columns = {{{columns}}}{rejects})"
    )
