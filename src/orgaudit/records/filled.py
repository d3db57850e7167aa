"""What is known of whole columns: those without a blank, and references that always lead somewhere, are asked nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from orgaudit import sql as q
from orgaudit.expressions import MISSING_BITS, ROW, UNKNOWN_BITS, Cells, Joins, Row
from orgaudit.recordmodel import ForeignKey, Hop, RecordModel, Table
from orgaudit.records.facts import Facts
from orgaudit.workdb import WorkDb


@dataclass(frozen=True)
class _Counts:
    """Of a table: its rows, the bits of all unknown cells, and how many rows have something in a column, or a record."""

    rows: int
    unknown: int
    filled: dict[str, int]
    found: dict[str, int]


def know_cells(db: WorkDb, model: RecordModel, facts: Facts, names: Collection[str]) -> None:
    """Notes what these tables, once they are settled, let know of the cells of whole columns.

    A table without a row is not asked: `facts.filled` names those that have one.
    """
    facts.cells = facts.cells.renewed(names, _cells_of(db, model, facts, names))


def know_changed_cells(db: WorkDb, model: RecordModel, facts: Facts) -> None:
    """The same once more for tables that have changed since: what is derived and what is in doubt comes last."""
    know_cells(db, model, facts, [n for n, t in model.tables.items() if _has_changed(model, facts, n, t)])


def _has_changed(model: RecordModel, facts: Facts, name: str, table: Table) -> bool:
    is_late = any(model.tables[key.target].derive for key in table.foreignKeys)
    return is_late or _may_have_more_rows(facts, name, table)


def _cells_of(db: WorkDb, model: RecordModel, facts: Facts, names: Iterable[str]) -> Cells:
    blank, unknown, lead, empty = set[tuple[str, str]](), set[tuple[str, str]](), set[tuple[str, str]](), set[str]()
    for name in names:
        table = model.tables[name]
        counts = _counts(db, model, facts, name) if name in facts.filled else _Counts(0, 0, {}, {})
        empty |= set() if counts.rows else {name}
        blank |= {(name, f.name) for f in table.fields if counts.filled.get(f.name, 0) == counts.rows}
        # of rows that only may be there next to nothing is known, but no cell is certainly empty
        if not _may_have_more_rows(facts, name, table):
            unknown |= {(name, f.name) for f in table.fields if not counts.unknown & table.bits[f.name]}
            lead |= {(name, k.field) for k in table.foreignKeys if counts.found.get(k.field, 0) == counts.rows}
    absent = frozenset(names) - facts.submitted
    return Cells(frozenset(blank), frozenset(unknown), frozenset(lead), frozenset(empty), absent)


def _may_have_more_rows(facts: Facts, name: str, table: Table) -> bool:
    """Whether there is a view of the table with rows that only may be there."""
    return any((name, key.field) in facts.doubtful for key in table.foreignKeys)


def _counts(db: WorkDb, model: RecordModel, facts: Facts, name: str) -> _Counts:
    """One query for all columns of a table, and one for those of its references that nobody has followed yet."""
    table = model.tables[name]
    fields = list(dict.fromkeys([*(f.name for f in table.fields), *(k.field for k in table.foreignKeys)]))
    columns = {"rows": q.call("count", q.star())}
    columns |= {bits: q.call("bit_or", q.col("t", bits)) for bits in (UNKNOWN_BITS, MISSING_BITS)}
    columns |= {f"of {f}": q.call("count", q.col("t", f)) for f in fields}
    rows, unknown, missing, *counts = db.rows(q.select(columns, q.table(name, "t")))[0]
    filled = dict(zip(fields, counts, strict=True))
    full = [k for k in table.foreignKeys if filled[k.field] == rows]
    settled = {k.field: rows for k in full if _is_settled(model, facts, k)}
    hops = [model.hop(name, k.forward) for k in full if k.field not in settled]
    found = settled | _found(db, model, name, [hop for hop in hops if hop is not None])
    return _Counts(rows, (unknown or 0) | (missing or 0), filled, found)


def _is_settled(model: RecordModel, facts: Facts, key: ForeignKey) -> bool:
    """Whether a cell of the reference that is not blank leads to a record: those that do not were taken out."""
    is_plain = key.dangling == "problem" and not key.is_several and not model.tables[key.target].derive
    return is_plain and key.target in facts.submitted


def _found(db: WorkDb, model: RecordModel, name: str, hops: Sequence[Hop]) -> dict[str, int]:
    """Of how many rows each of these references leads to a record."""
    row = Row(Joins(model), "t", name)
    columns = {hop.name: q.call("count", row.follow(hop).raw(ROW)) for hop in hops}
    counts = db.rows(q.select(columns, q.table(name, "t"), row.joins.trees))[0] if hops else ()
    return {hop.key.field: count for hop, count in zip(hops, counts, strict=True)}
