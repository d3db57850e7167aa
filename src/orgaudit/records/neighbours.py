"""What `previous` and `next` mean: for each record of an ordered table the records before and after it."""

from __future__ import annotations

from collections.abc import Iterable

from orgaudit import sql as q
from orgaudit.expressions import ROW, Cells, Joins, Row, Value, end_of
from orgaudit.recordmodel import NEIGHBOURS, Order, RecordModel
from orgaudit.records.cells import column
from orgaudit.workdb import WorkDb

_WAYS = {"previous": "lag", "next": "lead"}


def link_neighbours(db: WorkDb, model: RecordModel, names: Iterable[str], cells: Cells) -> None:
    """Fills the columns of neighbours of each of these tables that has an order."""
    for name in names:
        order = model.tables[name].order
        if order is not None:
            changed = ", ".join(f"{NEIGHBOURS[way]} = n.{column(way)}" for way in _WAYS)
            found = q.text(neighbours(model, name, order, cells))
            db.change(name, f"update {column(name)} t set {changed} from ({found}) n where n.{ROW} = t.{ROW}")


def is_behind(model: RecordModel, name: str) -> bool:
    """Whether the order of a table lies behind a reference, which may be one to a derived record."""
    order = model.tables[name].order
    return order is not None and any("." in path for path in (*order.within, *order.by))


def neighbours(model: RecordModel, name: str, order: Order, cells: Cells) -> q.Select:
    """(row, previous, next) of every record: the numbers of its neighbours, 0 where there certainly is none.

    NULL where a blank leaves them open: in `within` those of its record, in `by` those of its whole sequence.
    """
    joins = Joins(model, cells)
    row = Row(joins, "o", name)
    within, by = ([value_at(row, path) for path in paths] for paths in (order.within, order.by))
    homeless = q.or_(map(is_unknown, within))
    sequence = [homeless, *(v.sql for v in within)]
    undated = q.window(q.call("max", q.as_int(q.or_(map(is_unknown, by)))), sequence)
    is_open = q.or_([homeless, q.op(undated, "=", q.lit(1))])
    columns = {ROW: row.raw(ROW)}
    for way, function in _WAYS.items():
        beside = q.window(q.call(function, row.raw(ROW)), sequence, [*sorted_by(by), row.raw(ROW)])
        columns[way] = q.case([(is_open, q.NULL)], q.call("coalesce", beside, q.lit(0)))
    return q.select(columns, q.table(name, "o"), joins.trees)


def value_at(row: Row, path: str) -> Value:
    """The value of a field of the record, or of one that its references lead to."""
    record, name = end_of(row, path)
    return record.value(name)


def is_unknown(value: Value) -> q.Sql:
    """Whether nobody knows what the value is."""
    return q.and_([q.is_null(value.sql), q.not_(value.none)])


def sorted_by(values: list[Value]) -> list[q.Sql]:
    """What is none comes first; ends without a day have days before and after all others."""
    return [s for v in values for s in ([] if v.none is q.FALSE else [q.as_int(q.not_(v.none))]) + [v.sql]]
