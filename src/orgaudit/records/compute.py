"""Computed fields: made from the other fields of their row, and from the records it refers to."""

from __future__ import annotations

from collections.abc import Iterable

from orgaudit import sql as q
from orgaudit.errors import OrgauditError
from orgaudit.expressions import ROW, UNKNOWN_BITS, Joins, Meanings, Row, check_computed
from orgaudit.recordmodel import Field, RecordModel
from orgaudit.records.cells import column
from orgaudit.records.facts import Facts
from orgaudit.records.made import made_over, mask, placed
from orgaudit.workdb import WorkDb


def compute(db: WorkDb, model: RecordModel, names: Iterable[str], facts: Facts) -> set[tuple[str, str]]:
    """Fills the computed fields of these tables in the order in which they stand; (table, field) of those that have rows."""
    found = [(name, f) for name in names for f in model.tables[name].fields if f.computed is not None]
    for name, field in found:
        try:
            _compute(db, model, name, field, facts)
        except OrgauditError as e:
            raise placed(e, model.records, name, field.name) from e
    return {(name, field.name) for name, field in found if name in facts.filled}


def _compute(db: WorkDb, model: RecordModel, name: str, field: Field, facts: Facts) -> None:
    node = check_computed(model, name, field)
    if name not in facts.filled:
        return
    row = Row(Joins(model, facts.lasting), "o", name)
    inner = {ROW: row.raw(ROW)}
    result = made_over(inner, node, field, Meanings({"": row}))
    bits = mask({model.tables[name].bits[field.name]: result.unknown})
    columns = {ROW: q.col("m", ROW), "value": result.value, "bits": bits}
    query = q.text(q.select(columns, q.derived(q.select(inner, q.table(name, "o"), row.joins.trees), "m")))
    db.change(
        name,
        f"update {column(name)} t set {column(field.name)} = n.value, {UNKNOWN_BITS} = {UNKNOWN_BITS} | n.bits "
        f"from ({query}) n where n.{ROW} = t.{ROW}",
    )
