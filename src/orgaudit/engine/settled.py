"""Conditions that are never unknown: what they do not hold of is left out at once, and only the others are carried along."""

from __future__ import annotations

from orgaudit import sql as q
from orgaudit.engine.context import Frame
from orgaudit.expressions import Joins
from orgaudit.sqltruth import Filled, parted

#: the days of a check, where its window is a period
_DAYS = ("first", "last", "period_start", "period_end")


def settled(truth: q.Sql, joins: Joins, frame: Frame) -> tuple[q.Sql, q.Sql]:
    """A condition of a select over checks `k` as two, both of which must hold: what can never be unknown, and the rest."""
    known, others = parted(truth, _filled(joins, frame))
    return q.and_(known), q.and_(others)


def _filled(joins: Joins, frame: Frame) -> Filled:
    """By the tables without which no row is kept, and by the window of the checks."""
    tables = {join.alias_or_name: join.this.name for join in joins.trees if not join.args.get("side")}
    days = _DAYS if frame.is_period and frame.event is None and _is_own(frame) else ()

    def filled(alias: str, column: str) -> bool:
        if alias == "k":
            return column in days
        return (tables.get(alias), column) in joins.cells.never_blank or (
            alias == "p" and tables.get("p") == frame.periods
        )

    return filled


def _is_own(frame: Frame) -> bool:
    """Whether the window is that of the checks themselves."""
    return (frame.first, frame.last) == (q.col("k", "first"), q.col("k", "last"))
