"""After loading: what is later than the audit's day, and one record for each key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from orgaudit import sql as q
from orgaudit.expressions import FILE, LINE, MISSING_BITS, ROW, UNKNOWN_BITS, Joins, Row, first_day_of
from orgaudit.periods import NO_END
from orgaudit.recordmodel import Field, RecordModel, Table
from orgaudit.records.cells import column, quoted
from orgaudit.records.problems import Problem
from orgaudit.records.provenance import ALSO_IN
from orgaudit.records.times import fill_times
from orgaudit.workdb import WorkDb

MANY = 100_000  #: rows from which on a look at their order is cheaper than to tell their keys apart


def settle(db: WorkDb, model: RecordModel, names: Iterable[str], as_of: date, files: list[str]) -> Iterator[Problem]:
    """Cells later than `as_of` that say "not yet" are blank, rows of one key are one record, later records are left out."""
    names = list(names)
    for name in names:
        _blank_later(db, name, model.tables[name], as_of)
        yield from _merge_duplicates(db, name, model.tables[name], files)
    yield from _leave_out(db, model, names, as_of)


def settle_days(db: WorkDb, model: RecordModel, names: Iterable[str], as_of: date) -> Iterator[Problem]:
    """The same once more for days that have been computed since."""
    names = list(names)
    for name in names:
        _blank_later(db, name, model.tables[name], as_of)
    yield from _leave_out(db, model, names, as_of)


def _leave_out(db: WorkDb, model: RecordModel, names: Iterable[str], as_of: date) -> Iterator[Problem]:
    tables = {name: model.tables[name] for name in names}
    for name in tables:
        fill_times(db, model, name)
    for name, table in sorted(tables.items(), key=lambda item: item[1].time is None):  # days behind a reference first
        yield from _leave_out_later(db, model, name, table, as_of)


def _blank_later(db: WorkDb, name: str, table: Table, as_of: date) -> None:
    """Acts and closings later than the audit's day have not happened."""
    day = f"date {quoted(as_of.isoformat())}"
    acts = [f for f in table.fields if f.blank == "not_yet" or (f.role == "valid_to" and f.blank == "open")]
    cells = [column(f.name) for f in acts]
    if cells:
        changed = ", ".join(f"{c} = case when {c} > {day} then null else {c} end" for c in cells)
        db.change(name, f"update {column(name)} set {changed} where {' or '.join(f'{c} > {day}' for c in cells)}")


def _leave_out_later(db: WorkDb, model: RecordModel, name: str, table: Table, as_of: date) -> Iterator[Problem]:
    row = Row(Joins(model), "t", name)
    first = table.field_with("valid_from")
    day = first_day_of(row) or (row.raw(first) if first else None)
    if day is None:
        return
    # an event that has not happened yet is there, without a day
    is_later = q.and_([q.op(day, ">", q.lit(as_of)), q.op(day, "<", q.lit(NO_END))])
    later = q.select({ROW: row.raw(ROW)}, q.table(name, "t"), row.joins.trees, is_later)
    count = len(rows := db.rows(later))
    if count:
        db.change(
            name, f"delete from {column(name)} where {ROW} in (select unnest(?::bigint[]))", [[r for (r,) in rows]]
        )
        yield Problem("later-than-as-of", table=name, values={"count": count, "as_of": as_of.isoformat()})


def _merge_duplicates(db: WorkDb, name: str, table: Table, files: list[str]) -> Iterator[Problem]:
    """Rows with the same complete key become one record; a cell on which they differ is unknown."""
    keys = ", ".join(column(k) for k in table.primaryKey)
    known = " and ".join(_is_known(table, k) for k in table.primaryKey)
    twice = f"from {column(name)} where {known} group by"
    # as nearly always, and soon known
    if _is_ascending(db, name, table) or not db.load(f"select 1 {twice} hash({keys}) having count(*) > 1 limit 1"):
        return
    found = db.load(f"select list({ROW} order by {ROW}) {twice} {keys} having count(*) > 1 order by min({ROW})")
    for (rows,) in found:
        yield from _merge(db, name, table, rows, files)


def _is_ascending(db: WorkDb, name: str, table: Table) -> bool:
    """Whether each key of a large table is greater than the one before it, in the order in which the engine finds them.

    Then no two are the same, whatever order that is. A row without a key ends the search.
    """
    if int(db.load(f"select count(*) from {column(name)}")[0][0]) < MANY:
        return False
    keys = [column(k) for k in table.primaryKey]
    before = ", ".join(f"lag({k}) over () as before{i}" for i, k in enumerate(keys))
    is_less = "false"
    for i, key in reversed(list(enumerate(keys))):
        is_less = f"(before{i} < {key} or before{i} = {key} and {is_less})"
    rows = f"select {', '.join(keys)}, {before}, row_number() over () as place from {column(name)}"
    return not db.load(f"select 1 from ({rows}) where place > 1 and {is_less} is not true limit 1")


def _is_known(table: Table, field: str) -> str:
    bit, declared = table.bits[field], table.by_name[field]
    written = f"{column(field)} is not null"
    if declared.constraints.required or declared.blank == "unknown":
        return written
    return f"({UNKNOWN_BITS} & {bit}) = 0"


def _merge(db: WorkDb, name: str, table: Table, rows: list[int], files: list[str]) -> Iterator[Problem]:
    columns = ", ".join([ROW, FILE, LINE, UNKNOWN_BITS, MISSING_BITS, *(column(f.name) for f in table.fields)])
    found = db.load(
        f"select {columns} from {column(name)} where {ROW} in (select unnest(?::bigint[])) order by {ROW}", [rows]
    )
    first, *others = found
    settled, unknown, missing = [], 0, 0
    for i, field in enumerate(table.fields):
        bit = table.bits[field.name]
        here = [(record[5 + i], bool(record[3] & bit)) for record in found if not record[4] & bit]
        cells = {(_said(field, cell, unreadable=unreadable), unreadable) for cell, unreadable in here}
        if not cells:
            unknown, missing = unknown | bit, missing | bit
        agree = len(cells) == 1 and not any(bad for _, bad in cells)
        # a blank that stands for a value agrees with it, and is recorded no more than before
        settled.append(next((cell for cell, _ in here if cell is not None), None) if agree else None)
        if cells and not agree:
            unknown |= bit
    sets = ", ".join(f"{column(f.name)} = ?" for f in table.fields)
    db.change(
        name,
        f"update {column(name)} set {sets}, {UNKNOWN_BITS} = ?, {MISSING_BITS} = ? where {ROW} = ?",
        [*settled, unknown, missing, first[0]],
    )
    db.change(name, f"delete from {column(name)} where {ROW} in (select unnest(?::bigint[]))", [rows[1:]])
    elsewhere = sorted({record[1] for record in others} - {first[1]})
    db.load(f"insert into {column(ALSO_IN)} select ?, unnest(?::bigint[])", [first[0], elsewhere])
    key = "/".join(str(first[5 + table.fields.index(table.by_name[k])]) for k in table.primaryKey)
    differ = [f.name for f in table.fields if unknown & table.bits[f.name] & ~first[3]]
    for record in others:
        where = {"first_file": files[first[1]], "first_row": first[2], "differ": ", ".join(differ)}
        yield Problem("primary-key", files[record[1]], record[2], ", ".join(table.primaryKey), key, name, where)


def _said(field: Field, cell: object, *, unreadable: bool) -> object:
    """What a cell says, for telling whether rows agree: a blank that stands for a value says that value."""
    if cell is None and not unreadable:
        return field.stands_for
    return tuple(cell) if isinstance(cell, list) else cell
