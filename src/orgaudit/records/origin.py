"""Where derived rows come from: the rows of a table with their neighbours, and whether they belong."""

from __future__ import annotations

from dataclasses import dataclass

from orgaudit import sql as q
from orgaudit.expressions import (
    ABOVE,
    BELOW,
    ROW,
    SURE,
    Cells,
    Exists,
    Joins,
    Meanings,
    Row,
    check_belongs,
    scope_of,
    to_truth,
    tree_of,
)
from orgaudit.recordmodel import NEIGHBOURS, Derivation, RecordModel
from orgaudit.records.neighbours import neighbours


@dataclass
class Origin:
    """The rows of `from`, each with its neighbours in the order of the derivation, and whether they belong."""

    model: RecordModel
    derivation: Derivation
    cells: Cells

    def __post_init__(self) -> None:
        name = self.derivation.from_
        self.scope = scope_of(self.model, self.derivation)
        self.joins = Joins(self.model, self.cells)
        self.row = Row(self.joins, "t", name, is_there=True)
        self.rows: q.Sql = q.table(name, "t")
        beside = {}
        if self.derivation.order:
            self.rows = q.derived(_ordered(self.model, self.derivation, self.cells), "t")
            beside = {way: _neighbour(self.joins, name, way) for way in NEIGHBOURS}
        self.meanings = Meanings({"": self.row, **beside}, exists=lambda node, at: _exists(self.model, node, at))
        where = check_belongs(self.derivation, self.scope)
        self.belongs = q.TRUE if where is None else to_truth(where, self.meanings)

    def select(self, columns: dict[str, q.Sql], where: q.Sql = q.TRUE) -> q.Select:
        """A select over the rows, once all expressions have been asked for."""
        return q.select(columns, self.rows, self.joins.trees, where)


def _ordered(model: RecordModel, derivation: Derivation, cells: Cells) -> q.Select:
    """The source with the row numbers of the records before and after each."""
    assert derivation.order is not None  # asked for only where there is one
    beside = q.derived(neighbours(model, derivation.from_, derivation.order, cells), "n")
    columns = {way: q.col("n", way) for way in NEIGHBOURS}
    joined = q.join(beside, q.op(q.col("n", ROW), "=", q.col("o", ROW)))
    return q.with_all_of("o", q.select(columns, q.table(derivation.from_, "o"), [joined]))


def _neighbour(joins: Joins, name: str, way: str) -> Row:
    joins.trees.append(q.join(q.table(name, way), q.op(q.col(way, ROW), "=", q.col("t", way)), left=True))
    return Row(joins, way, name, none=q.is_true(q.op(q.col("t", way), "=", q.lit(0))))


def _exists(model: RecordModel, node: Exists, row: Row) -> q.Sql:
    assert node.hop is not None  # the checker makes none without
    if node.hop.is_kin:
        here = BELOW if node.hop.name == "ancestors" else ABOVE
        on = q.and_([q.op(q.col("e", here), "=", row.raw(ROW)), q.is_true(q.col("e", SURE))])
        return q.exists(q.select({"one": q.lit(1)}, q.table(tree_of(node.hop.holder), "e"), where=on))
    on = q.op(q.col("e", node.hop.key.field), "=", row.raw(model.target_column(node.hop.key)))
    return q.exists(q.select({"one": q.lit(1)}, q.table(node.hop.holder, "e"), where=on))
