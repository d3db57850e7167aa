"""Derived tables: histories made from what was handed in, by the record model's own expressions."""

from __future__ import annotations

from collections.abc import Iterator

from orgaudit import sql as q
from orgaudit.errors import OrgauditError, Where
from orgaudit.expressions import (
    FILE,
    LINE,
    MISSING_BITS,
    ROW,
    UNKNOWN_BITS,
    Exists,
    Joins,
    Meanings,
    Names,
    Row,
    Scope,
    Value,
    check,
    check_condition,
    target_column,
    to_truth,
    to_value,
)
from orgaudit.periods import NO_END, SINCE_EVER
from orgaudit.recordmodel import RecordModel, Table
from orgaudit.recordmodel.model import Derivation
from orgaudit.records.cells import column
from orgaudit.records.facts import Facts
from orgaudit.records.problems import Problem
from orgaudit.records.settle import settle
from orgaudit.records.tables import columns_of
from orgaudit.workdb import WorkDb

_KINDS = {
    "string": "text",
    "integer": "bigint",
    "number": "decimal(18,4)",
    "boolean": "boolean",
    "date": "date",
    "list": "text",
}
_OPEN = "_neighbours_unknown"


def derive_tables(db: WorkDb, model: RecordModel, facts: Facts, first_row: int, files: list[str]) -> Iterator[Problem]:
    """Fills every derived table in the order in which they stand; afterwards it counts as submitted if its sources were."""
    row_number = first_row
    for name, table in model.tables.items():
        if not table.derive:
            continue
        db.load(f"create table {column(name)} ({columns_of(table)})")
        for i, derivation in enumerate(table.derive):
            where = Where(f"{model.records}: {name}.derive[{i}]")
            try:
                truth, query = _rows(model, table, derivation, row_number)
            except OrgauditError as e:
                raise OrgauditError(e.code, e.values, where, e.hint) from e
            _fill(db, name, table, query)
            row_number += int(db.load(f"select count(*) from {column(derivation.from_)}")[0][0])
            unknown = int(db.rows(truth)[0][0] or 0)
            if unknown:
                yield Problem(
                    "left-out-of-derivation", table=name, values={"count": unknown, "source": derivation.from_}
                )
        yield from settle(db, model, [name], facts.as_of, files)
        if any(d.from_ in facts.submitted for d in table.derive):
            facts.submitted.add(name)


def _rows(model: RecordModel, table: Table, derivation: Derivation, first_row: int) -> tuple[q.Select, q.Select]:
    """How many rows are left out because nobody knows whether they belong, and the rows that belong."""
    scope = Scope(model, Names(), row=derivation.from_, neighbours=True, backwards=True)
    joins = Joins(model)
    row = Row(joins, "t", derivation.from_)
    source: q.Sql = q.table(derivation.from_, "t")
    rows = {"": row}
    if derivation.order:
        rows |= {way: _neighbour(joins, derivation, way) for way in ("previous", "next")}
    meanings = Meanings(rows, exists=lambda node, at: _exists(model, node, at))
    condition = to_truth(check_condition(derivation.where, scope), meanings) if derivation.where else q.TRUE
    columns: dict[str, q.Sql] = {}
    unknown: list[q.Sql] = []
    for field in table.fields:
        text = derivation.fields.get(field.name)
        value = to_value(check(str(text), scope), meanings) if text is not None else None
        if value is None:
            columns[field.name] = q.cast(q.NULL, _KINDS[field.type])
            continue
        ends = q.is_true(q.isin(value.sql, [q.lit(SINCE_EVER), q.lit(NO_END)])) if field.type == "date" else q.FALSE
        blank = q.or_([value.none, value.blank, ends])
        columns[field.name] = q.case([(blank, q.cast(q.NULL, _KINDS[field.type]))], value.sql)
        lost = q.and_([q.is_null(value.sql), q.not_(blank)])
        unknown.append(q.case([(lost, q.lit(table.bits[field.name]))], q.lit(0)))
    columns[UNKNOWN_BITS] = _plus(unknown)
    columns[MISSING_BITS] = q.lit(0)
    columns[FILE], columns[LINE] = row.raw(FILE), row.raw(LINE)
    columns[ROW] = q.op(q.row_number([row.raw(ROW)]), "+", q.lit(first_row - 1))
    if derivation.order:
        source = q.derived(_ordered(model, derivation), "t")
    in_doubt = q.select({"n": q.summed(q.as_int(q.is_null(condition)))}, source, joins.trees)
    return in_doubt, q.select(columns, source, joins.trees, q.is_true(condition))


def _plus(parts: list[q.Sql]) -> q.Sql:
    result: q.Sql = q.lit(0)
    for part in parts:
        result = q.op(result, "+", part)
    return result


def _ordered(model: RecordModel, derivation: Derivation) -> q.Select:
    """The source with the row numbers of the records before and after each, and whether a blank leaves them open."""
    order = derivation.order
    assert order is not None  # asked for only where there is one
    joins = Joins(model)
    row = Row(joins, "o", derivation.from_)
    within, by = ([row.value(c) for c in columns] for columns in (order.within, order.by))
    homeless = q.or_(map(_is_unknown, within))
    group = [homeless, *(v.sql for v in within)]
    undated = q.as_int(q.or_(map(_is_unknown, by)))
    columns = {_OPEN: q.or_([homeless, q.op(q.window(q.call("max", undated), group), "=", q.lit(1))])}
    for way, function in (("previous", "lag"), ("next", "lead")):
        columns[way] = q.window(q.call(function, row.raw(ROW)), group, [*(v.sql for v in by), row.raw(ROW)])
    return q.with_all_of("o", q.select(columns, q.table(derivation.from_, "o")))


def _is_unknown(value: Value) -> q.Sql:
    return q.and_([q.is_null(value.sql), q.not_(value.none)])


def _neighbour(joins: Joins, derivation: Derivation, way: str) -> Row:
    is_open = q.col("t", _OPEN)
    on = q.and_([q.op(q.col(way, ROW), "=", q.col("t", way)), q.not_(is_open)])
    joins.trees.append(q.join(q.table(derivation.from_, way), on, left=True))
    return Row(joins, way, derivation.from_, none=q.and_([q.is_null(q.col("t", way)), q.not_(is_open)]))


def _exists(model: RecordModel, node: Exists, row: Row) -> q.Sql:
    assert node.hop is not None  # the checker makes none without
    on = q.op(q.col("e", node.hop.key.field), "=", row.raw(target_column(model, node.hop.key)))
    return q.exists(q.select({"one": q.lit(1)}, q.table(node.hop.holder, "e"), where=on))


def _fill(db: WorkDb, name: str, table: Table, query: q.Select) -> None:
    names = [*(f.name for f in table.fields), UNKNOWN_BITS, MISSING_BITS, FILE, LINE, ROW]
    db.run(q.insert(name, names, query))
