"""Rows that may count: those that may refer to a record, and those that a list which was not handed in may hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from orgaudit import sql as q
from orgaudit.expressions import (
    FILE,
    LINE,
    MISSING_BITS,
    ROW,
    SURE,
    UNKNOWN_BITS,
    Joins,
    Names,
    Row,
    Scope,
    Walk,
    check_group,
    day_of,
    held_on,
    is_state,
    walk_path,
)
from orgaudit.recordmodel import ForeignKey, RecordModel, Table
from orgaudit.records.cells import TYPES, column
from orgaudit.records.facts import Facts
from orgaudit.records.homes import Homes
from orgaudit.records.lost import is_loose
from orgaudit.records.problems import Problem
from orgaudit.workdb import WorkDb


@dataclass
class _Unplaced:
    """Rows whose reference is unknown: with each record that they may name, or with nobody; parents that lack one."""

    candidates: list[tuple[int, object]] = field(default_factory=list)
    nobodys: int = 0
    parents: list[object] = field(default_factory=list)


def settle_doubt(db: WorkDb, model: RecordModel, facts: Facts, files: list[str]) -> Iterator[Problem]:
    """Builds, for each reference that needs it, a view of the rows that refer to a record and of those that may."""
    homes = Homes(db, model, files, facts.filled)
    tables = {name: t for name, t in model.tables.items() if name in facts.submitted and not t.derive}
    placed = {name: list(_placed(db, name, t, homes, facts)) for name, t in tables.items()}
    for name, table in sorted(
        tables.items(), key=lambda item: item[1].complete is not None
    ):  # lists ask for the others
        found = placed[name]
        incomplete = list(dict.fromkeys(p for f in found for p in f.parents))
        possible = _possible_rows(db, model, name, table, incomplete, facts) if table.complete else ()
        for key in table.foreignKeys:
            if (name, key.field) in facts.doubtful or key in possible:
                _make_view(db, name, table, key.field, facts, possible)
    for name, found in placed.items():
        nobodys = sum(f.nobodys for f in found)
        if nobodys:
            facts.unplaced[name] = nobodys
            yield Problem("unplaced-rows", table=name, values={"count": nobodys})


def _placed(db: WorkDb, name: str, table: Table, homes: Homes, facts: Facts) -> Iterator[_Unplaced]:
    """Notes what is not known of the references of a table; in one pass whether there is anything."""
    if name not in facts.filled or not table.foreignKeys:
        return
    counts = ", ".join(f"count(*) filter ({is_loose(table, key)})" for key in table.foreignKeys)
    missing, *loose = db.load(f"select bit_or({MISSING_BITS}), {counts} from {column(name)}")[0]
    for key, count in zip(table.foreignKeys, loose, strict=True):
        if (missing or 0) & table.mask(key):
            facts.open_references.add((name, key.field))
        if count:
            yield _place(db, name, table, key, homes, facts)


def _place(db: WorkDb, name: str, table: Table, key: ForeignKey, homes: Homes, facts: Facts) -> _Unplaced:
    found = _unplaced(db, name, table, key, homes)
    if found.candidates:
        kind = TYPES[homes.model.type_of(name, key)]
        db.fill(f"candidates {name}.{key.field}", {"row": "bigint", "key": kind}, found.candidates)
        facts.doubtful[name, key.field] = f"via {name}.{key.field}"
    return found


def _unplaced(db: WorkDb, name: str, table: Table, key: ForeignKey, homes: Homes) -> _Unplaced:
    found = _Unplaced()
    parent = table.forwards[table.complete.per] if table.complete else None
    per = (
        "null"
        if parent is None or parent is key
        else f"nullif({column(parent.field)}, 0)"
        if parent.is_several
        else column(parent.field)
    )
    loose = f"select {ROW}, {FILE}, {per} from {column(name)} where {is_loose(table, key)} order by {ROW}"
    for row, file, parent_key in db.load(loose):
        if parent_key is not None:
            found.parents.append(parent_key)
            continue
        keys = homes.records_of(key, name, row, file)
        found.candidates += [(row, k) for k in keys]
        found.nobodys += not keys
    return found


# -- lists that were not handed in


def _possible_rows(
    db: WorkDb, model: RecordModel, name: str, table: Table, incomplete: list[object], facts: Facts
) -> tuple[ForeignKey, ...]:
    """A table of the rows that a child table complete per parent may lack; the references that they fill, if there are any."""
    assert table.complete is not None  # asked by the caller
    parent = table.forwards[table.complete.per]
    if not _mark_incomplete(db, model, name, parent, incomplete):
        return ()
    other = _other_reference(model, table, parent)
    among = q.union_all([p for path in table.complete.among for p in _among(model, name, parent, other, path, facts)])
    known = _known_of((parent, other))
    pairs = q.select({c: q.col("u", c) for c in (*known, "p", "x")}, q.derived(among, "u"), distinct=True)
    listed = [q.op(q.col("c", k.field), "=", q.col("d", k.field)) for k in (parent, other)]
    number = q.op(q.lit(-1), "-", q.op(q.op(q.col("d", "p"), "*", q.lit(2**31)), "+", q.col("d", "x")))
    columns = {**{c: q.col("d", c) for c in known}, ROW: number}
    unlisted = q.select(
        columns,
        q.derived(pairs, "d"),
        [q.join(q.table(name, "c"), q.and_(listed), left=True)],
        q.is_null(q.col("c", ROW)),
    )
    # a table: each rule that asks for these records would reckon a view anew
    return (parent, other) if db.made(q.create_table(f"possible {name}", unlisted)) else ()


def _known_of(references: tuple[ForeignKey, ...]) -> list[str]:
    """The columns that a row has of these references."""
    return list(dict.fromkeys(c for k in references for c in (*k.fields, k.field)))


def _mark_incomplete(db: WorkDb, model: RecordModel, name: str, parent: ForeignKey, given: list[object]) -> int:
    """A table of the parents without any row, and of those of which a row could not be placed; how many."""
    key, marked = column(model.target_column(parent)), f"incomplete {name}"
    db.fill(f"{marked} given", {"key": TYPES[model.type_of(name, parent)]}, [(k,) for k in given])
    ((count,),) = db.load(
        f"create table {column(marked)} as select {key} as key from {column(parent.target)} p "
        f"where not exists (select 1 from {column(name)} c where c.{column(parent.field)} = p.{key}) "
        f"union select key from {column(marked + ' given')}"
    )
    return int(count)


def _among(
    model: RecordModel, name: str, parent: ForeignKey, other: ForeignKey, path: str, facts: Facts
) -> Iterator[q.Sql]:
    """(parent, record) for the records that a path leads to; behind an unknown reference, for every record.

    So too, where nobody knows who refers to whom: the column of a reference that is crossed backwards was not handed in.
    """
    for lost in (False, True):
        start = Row(Joins(model, facts.lasting), "p", parent.target)
        is_marked = q.op(q.col("i", "key"), "=", start.raw(model.target_column(parent)))
        start.joins.trees.append(q.join(q.table(f"incomplete {name}", "i"), is_marked))
        walk, is_open = _walk(model, start, path, facts)
        found, none = q.is_null(walk.row.raw(ROW)), walk.row.none
        record = walk.row
        if lost:
            start.joins.trees.append(q.join(q.table(walk.row.table, "a"), None))
            record = Row(start.joins, "a", walk.row.table)
        columns = _filled(model, other, record) | _filled(model, parent, start)
        columns = {c: columns[c] for c in _known_of((parent, other))} | {"p": start.raw(ROW), "x": record.raw(ROW)}
        way = q.and_([found, q.not_(none)]) if lost else q.not_(found)
        where = q.TRUE if lost and is_open else q.and_([_may_be_listed(walk, start), way])
        yield q.select(columns, q.table(parent.target, "p"), start.joins.trees, where)


def _filled(model: RecordModel, key: ForeignKey, record: Row) -> dict[str, q.Sql]:
    """What stands in the columns of a reference to a record."""
    cells = {here: record.raw(there) for here, there in model.pairs(key)}
    return {**cells, key.field: record.raw(model.target_column(key))}


def _walk(model: RecordModel, start: Row, path: str, facts: Facts) -> tuple[Walk, bool]:
    """The way of a path, and whether it may lead to any record at all."""
    group = check_group(path, Scope(model, Names(), subject=start.table), root=False)
    back = [hop for hop in group.hops if not hop.forwards]
    lacks_a_column = any((hop.holder, hop.key.field) in facts.open_references for hop in back)
    lacks_a_place = any(hop.is_kin and hop.holder in facts.open_trees for hop in back)
    return walk_path(start, group.hops, facts.source), lacks_a_column or lacks_a_place


def _may_be_listed(walk: Walk, start: Row) -> q.Sql:
    """On the way nothing certainly failed to hold on the parent's day."""
    day = day_of(start) or q.UNKNOWN
    states = [*walk.states, *([walk.row] if is_state(walk.row) else [])]
    return q.is_not_false(q.and_([*walk.conditions, *(held_on(s, day) for s in states)]))


def _other_reference(model: RecordModel, table: Table, parent: ForeignKey) -> ForeignKey:
    assert table.complete is not None  # asked by the caller
    group = check_group(table.complete.among[0], Scope(model, Names(), subject=parent.target), root=False)
    return next(k for k in table.foreignKeys if k.target == group.table and k is not parent)


# -- views


def _make_view(
    db: WorkDb, name: str, table: Table, reference: str, facts: Facts, possible: tuple[ForeignKey, ...]
) -> None:
    """Through one reference: rows that refer for certain, rows that may refer elsewhere, rows that may exist."""
    own = [*(f.name for f in table.fields), ROW, UNKNOWN_BITS, MISSING_BITS, FILE, LINE, *table.hidden]
    columns = {c: q.col("t", c) for c in own}
    parts = [q.select({**columns, "_to": q.col("t", reference), SURE: q.TRUE}, q.table(name, "t"))]
    if (name, reference) in facts.doubtful:
        candidates = q.table(f"candidates {name}.{reference}", "k")
        on = q.op(q.col("k", "row"), "=", q.col("t", ROW))
        unsure = {**columns, "_to": q.col("k", "key"), SURE: q.UNKNOWN}
        parts.append(q.select(unsure, q.table(name, "t"), [q.join(candidates, on)]))
    if possible:
        blank = _blank_row(table, possible)
        to = q.col("f", reference) if reference in [k.field for k in possible] else q.NULL
        columns = {**{c: blank[c] for c in own}, "_to": to, SURE: q.UNKNOWN}
        parts.append(q.select(columns, q.table(f"possible {name}", "f")))
    facts.doubtful[name, reference] = f"via {name}.{reference}"
    db.run(q.create_view(facts.doubtful[name, reference], q.union_all(parts)))


def _blank_row(table: Table, possible: tuple[ForeignKey, ...]) -> dict[str, q.Sql]:
    """A row of which only two references are known: no cell of the others was handed in."""
    known = _known_of(possible)
    unknown = q.lit(-1 - sum(table.bits.get(c, 0) for c in known))
    return {
        **{f.name: q.cast(q.NULL, TYPES[f.type]) for f in table.fields},
        **{name: q.cast(q.NULL, kind) for name, kind in table.hidden.items()},
        **{c: q.col("f", c) for c in known},
        ROW: q.col("f", ROW),
        UNKNOWN_BITS: unknown,
        MISSING_BITS: unknown,
        FILE: q.cast(q.NULL, "int"),
        LINE: q.cast(q.NULL, "bigint"),
    }
