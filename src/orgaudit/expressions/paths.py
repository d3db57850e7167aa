"""Paths: from a row over references, forwards and backwards, to the records a group is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from orgaudit import sql as q
from orgaudit.expressions.rows import ROW, SURE, Row
from orgaudit.periods import NO_END, SINCE_EVER
from orgaudit.recordmodel import FIRST_DAY, LAST_DAY, Hop, Table

#: which table or view holds the rows that a backward step finds, and by which column; a view also says how sure they are
Source = Callable[[Hop], tuple[str, str, bool]]


@dataclass
class Walk:
    """Where a path arrives: the last row, and what must hold for it to have got there."""

    row: Row
    conditions: list[q.Sql] = field(default_factory=list)
    states: list[Row] = field(default_factory=list)
    lost: list[q.Sql] = field(default_factory=list)
    passed: list[Row] = field(default_factory=list)

    @property
    def identity(self) -> q.Sql:
        """What tells the records apart that ways lead to: behind an unknown reference, the last record that is known."""
        known = [row.raw(ROW) for row in (self.row, *reversed(self.passed))]
        return q.call("coalesce", *known) if self.passed and not self.row.is_there else known[0]

    @property
    def is_lost(self) -> q.Sql:
        """A reference on the way is unknown: who knows how many records lie behind it."""
        return q.or_(self.lost)


def walk_path(start: Row, hops: tuple[Hop, ...], source: Source) -> Walk:
    """Joins the rows along a path onto the select of `start`."""
    walk = Walk(start)
    for i, hop in enumerate(hops):
        before = walk.row
        walk.passed.append(before)
        if hop.forwards:
            walk.row = before.follow(hop)
            continue
        may_be_lost = bool(walk.lost) or (i > 0 and hops[i - 1].forwards and not before.is_there)
        walk.row, sure = _back(before, hop, source, keep=may_be_lost)
        if may_be_lost:
            _keep_lost(walk, before)
        if sure is not q.TRUE:
            walk.conditions.append(
                sure if walk.row.is_there else q.case([(q.is_null(walk.row.raw(ROW)), q.TRUE)], sure)
            )
        if is_state(walk.row) and i + 1 < len(hops) and hop.name != "ancestors":  # who is above is asked nothing
            walk.states.append(walk.row)
    if hops and hops[-1].forwards and not walk.row.is_there:
        none, found = walk.row.none, walk.row.raw(ROW)
        walk.conditions.append(q.case([(none, q.FALSE), (q.is_null(found), q.UNKNOWN)], q.TRUE))
    return walk


def _back(before: Row, hop: Hop, source: Source, *, keep: bool) -> tuple[Row, q.Sql]:
    """The rows that a backward step finds, and how sure each is."""
    if hop.is_kin:
        return before.joins.kin(before, hop, keep=keep)
    name, column, has_doubt = source(hop)
    row = before.joins.back(before, hop, name, column, keep=keep)
    return row, row.raw(SURE) if has_doubt else q.TRUE


def _keep_lost(walk: Walk, before: Row) -> None:
    """A backward step behind a reference: nothing there (false), or the reference itself unknown (unknown)."""
    unknown = q.and_([q.is_null(before.raw(ROW)), q.not_(before.none)])
    walk.lost.append(unknown)
    nothing = q.and_([q.is_null(walk.row.raw(ROW)), q.not_(unknown)])
    walk.conditions.append(q.case([(nothing, q.FALSE), (unknown, q.UNKNOWN)], q.TRUE))


def is_state(row: Row) -> bool:
    """Whether records of the row's table hold over a time."""
    return row.joins.model.tables[row.table].kind == "state"


def held_on(row: Row, day: q.Sql) -> q.Sql:
    """Whether a state held on a day."""
    first, last = lifetime(row)
    return q.and_([q.op(first, "<=", day), q.op(last, ">=", day)])


def lifetime(row: Row) -> tuple[q.Sql, q.Sql]:
    """First and last day of a state; NULL where unknown."""
    table: Table = row.joins.model.tables[row.table]
    first, last = table.field_with("valid_from"), table.field_with("valid_to")
    return (
        row.value(first).sql if first else q.lit(SINCE_EVER),
        _last_day(row, last) if last else q.lit(NO_END),
    )


def _last_day(row: Row, name: str) -> q.Sql:
    """The last day on which a state holds: the one before, where the day written is the first on which it does not."""
    value = row.value(name)
    if row.joins.model.tables[row.table].by_name[name].ends == "inclusive":
        return value.sql
    return q.case([(value.blank, value.sql)], q.call("oa_add_days", value.sql, q.lit(-1)))


def end_of(row: Row, path: str) -> tuple[Row, str]:
    """The record that a path of the record model leads to over references, and the field it names there."""
    *steps, name = path.split(".")
    return _reached(row, steps), name


def _reached(row: Row, steps: list[str]) -> Row:
    for step in steps:
        row = row.follow(row.joins.model.hop(row.table, step))  # type: ignore[arg-type]
    return row


def day_of(row: Row) -> q.Sql | None:
    """The day of an event, over references where it lies behind one; None for what is no event.

    A record about a time has the last day of it.
    """
    table = row.joins.model.tables[row.table]
    if table.about is not None:
        return row.raw(LAST_DAY)
    if table.when is None:
        return None
    row, name = end_of(row, table.when)
    return row.value(name).sql


def first_day_of(row: Row) -> q.Sql | None:
    """The first day of the time that a record speaks of; of any other event its day."""
    is_about = row.joins.model.tables[row.table].about is not None
    return row.raw(FIRST_DAY) if is_about else day_of(row)


def owner_of(row: Row) -> Row | None:
    """The row of the record that answers for this one; None where the table has no owner."""
    owner = row.joins.model.tables[row.table].owner
    if owner is None:
        return None
    return row if owner == "self" else _reached(row, owner.split("."))


def name_of(row: Row) -> q.Sql:
    """What people call the record; NULL where it has no name."""
    table = row.joins.model.tables[row.table]
    path = table.name or table.field_with("name")
    if path is None:
        return q.cast(q.NULL, "text")
    row, name = end_of(row, path)
    return row.raw(name)


def key_of(row: Row) -> q.Sql:
    """The primary key as text, several columns joined by `/`."""
    table = row.joins.model.tables[row.table]
    parts = [q.call("coalesce", q.cast(row.raw(c), "text"), q.lit("")) for c in table.primaryKey]
    if len(parts) == 1:
        return parts[0]
    joined = parts[0]
    for part in parts[1:]:
        joined = q.call("concat", joined, q.lit("/"), part)
    return joined
