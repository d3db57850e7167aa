"""From parts to typed tables: every row stays, a cell that cannot be read is marked unknown and named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from orgaudit.expressions import FILE, LINE, MISSING_BITS, ROW, UNKNOWN_BITS
from orgaudit.recordmodel import Field, RecordModel, Table, spelled
from orgaudit.records.cells import TYPES, accepted, breaks, cleaned, column, quoted, typed
from orgaudit.records.problems import MOST_SHOWN, Problem
from orgaudit.records.readers import Part, renumber
from orgaudit.workdb import WorkDb

_RAW = "raw rows"


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
        """An empty table for each of the record model; derived ones come later."""
        for name, table in self.model.tables.items():
            if not table.derive:
                self.db.load(f"create table {column(name)} ({columns_of(table)})")

    def add(self, part: Part) -> None:
        """The rows of one part into their table."""
        table = self.model.tables[part.table]
        number = self._file_number(part.source.name)
        matched = self._match(part, table)
        self.headings |= {(number, part.table, name): part.headings[i] for name, i in matched.items()}
        part = self._read_raw(part)
        first = self._next_row
        self.db.load(self._insert(part, table, matched, number))
        count = int(self.db.load(f"select count(*) from {column(_RAW)}")[0][0])
        self._next_row += count
        self.rows[part.table] = self.rows.get(part.table, 0) + count
        self.problems += self._cell_problems(part, table, matched, first)
        self.db.load(f"drop table {column(_RAW)}")

    def _file_number(self, name: str) -> int:
        if name not in self.files:
            self.files.append(name)
        return self.files.index(name)

    # -- headings

    def _match(self, part: Part, table: Table) -> dict[str, int]:
        """For each field found, the position of its column."""
        by_heading = {spelled(h): f.name for f in reversed(table.fields) for h in reversed(f.headings)}
        matched: dict[str, int] = {}
        for i, heading in enumerate(part.headings):
            name = by_heading.get(spelled(heading))
            where = {"file": part.source.name, "row": 1, "table": part.table}
            if name is None:
                if heading.strip():
                    self.problems.append(Problem("extra-label", column=heading, **where))  # type: ignore[arg-type]
            elif name in matched:
                self.problems.append(Problem("duplicate-label", column=heading, **where, values={"field": name}))  # type: ignore[arg-type]
            else:
                matched[name] = i
        for field_ in table.fields:
            if field_.name not in matched:
                code = "missing-required-label" if field_.constraints.required else "missing-label"
                title = field_.title.get("zh", field_.name)
                values = {"headings": ", ".join(dict.fromkeys([field_.name, title, *field_.aliases]))}
                self.problems.append(Problem(code, part.source.name, 1, field_.name, table=part.table, values=values))
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

    def _insert(self, part: Part, table: Table, matched: dict[str, int], number: int) -> str:
        missing = sum(table.bits[f.name] for f in table.fields if f.name not in matched)
        texts = {n: cleaned(f"c{i}", self.model.missingValues) for n, i in matched.items()}
        inner = ", ".join(
            [
                *(f"{t} as {column('t ' + n)}" for n, t in texts.items()),
                "rowid as _at",
                *(["n"] if part.numbered else []),
            ]
        )
        values = {f.name: typed(f, column("t " + f.name)) for f in table.fields if f.name in matched}
        middle = ", ".join(
            [f"{v} as {column(n)}" for n, v in values.items()]
            + [column("t " + n) for n in texts]
            + ["_at", *(["n"] if part.numbered else [])]
        )
        unread = [
            f"case when {column('t ' + n)} is not null and {column(n)} is null then {table.bits[n]} else 0 end"
            for n in matched
            if table.by_name[n].type != "string" or table.by_name[n].categories
        ]
        outer = [column(f.name) if f.name in matched else f"cast(null as {TYPES[f.type]})" for f in table.fields]
        line = "n" if part.numbered else "_at + 2"
        outer += [f"_at + {self._next_row}", " + ".join([*unread, str(missing)]), str(missing), str(number), line]
        return (
            f"insert into {column(part.table)} select {', '.join(outer)} from "
            f"(select {middle} from (select {inner} from {column(_RAW)}))"
        )

    # -- problems of cells

    def _cell_problems(self, part: Part, table: Table, matched: dict[str, int], first: int) -> Iterator[Problem]:
        """Asks in one pass how often each rule for a cell is broken, and looks only where it is."""
        rules = [rule for name, i in matched.items() for rule in _rules_of(table, table.by_name[name], f"trim(r.c{i})")]
        if not rules:
            return
        sums = ", ".join(f"count(*) filter ({rule.broken})" for rule in rules)
        counts = self.db.load(f"select {sums} from {column(part.table)} t where t.{ROW} >= {first}")[0]
        for rule, count in zip(rules, counts, strict=True):
            if count:
                yield from self._problems(part, rule, int(count), first)

    def _problems(self, part: Part, rule: _CellRule, count: int, first: int) -> Iterator[Problem]:
        field_ = rule.field
        heading = next(h for h in part.headings if spelled(h) in {spelled(x) for x in field_.headings})
        rows = self.db.load(
            f"select t.{LINE}, {rule.text} from {column(part.table)} t join {column(_RAW)} r on t.{ROW} = r.rowid + {first} "
            f"where t.{ROW} >= {first} and {rule.broken} order by t.{ROW} limit {MOST_SHOWN}"
        )
        for line, value in rows:
            values = {"expected": rule.expected, "field": field_.name}
            yield Problem(rule.code, part.source.name, line, heading, value, part.table, values)
        if count > len(rows):
            more = {"expected": rule.expected, "count": count - len(rows)}
            yield Problem(f"{rule.code}-more", part.source.name, None, heading, None, part.table, more)


@dataclass(frozen=True)
class _CellRule:
    """What a cell must keep: SQL over the typed row `t` that is true where it is broken."""

    field: Field
    code: str
    broken: str
    expected: str
    text: str


def _rules_of(table: Table, field_: Field, text: str) -> Iterator[_CellRule]:
    value, bit = f"t.{column(field_.name)}", table.bits[field_.name]
    if field_.type != "string" or field_.categories:
        code = "category-error" if field_.categories else "type-error"
        yield _CellRule(field_, code, f"t.{UNKNOWN_BITS} & {bit} <> 0", accepted(field_), text)
    if field_.constraints.required:
        yield _CellRule(
            field_, "required-value", f"{value} is null and t.{UNKNOWN_BITS} & {bit} = 0", accepted(field_), text
        )
    for kept, broken in breaks(field_, value):
        yield _CellRule(field_, "constraint-error", broken, kept, text)


def columns_of(table: Table) -> str:
    """The columns of a table with what the engine adds: row number, masks, file and line."""
    own = [f"{column(f.name)} {TYPES[f.type]}" for f in table.fields]
    return ", ".join(
        [*own, f"{ROW} bigint", f"{UNKNOWN_BITS} bigint", f"{MISSING_BITS} bigint", f"{FILE} integer", f"{LINE} bigint"]
    )


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
