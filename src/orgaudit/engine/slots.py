"""Periods as a small table that records fall into by an index: a hash join where a comparison of days would be a product."""

from __future__ import annotations

from dataclasses import dataclass

from orgaudit import sql as q
from orgaudit.engine.context import Context
from orgaudit.periods import SINCE_EVER, Period, month_index, months_of

#: the index under which a record of unknown day falls into every period
ANY = -1


@dataclass(frozen=True)
class Slots:
    """The table's name, and how a day becomes an index: months (or weeks) since `base`, by `step`."""

    name: str
    base: int
    step: int | None
    count: int

    @property
    def mask(self) -> int:
        """The mask of all periods."""
        return (1 << self.count) - 1


def make_slots(context: Context, name: str, every: str, periods: list[Period]) -> Slots:
    """Creates the table: for each period a row of its own, and one under ANY."""
    columns = {"slot": "bigint", "p": "bigint", "start": "date", "end": "date", "bit": "bigint"}
    rows = [(s, i, p.start, p.end, 1 << i) for i, p in enumerate(periods) for s in (i, ANY)]
    context.db.fill(name, columns, rows)
    return the_slots(name, every, periods)


def the_slots(name: str, every: str, periods: list[Period]) -> Slots:
    """What is known of a table of periods without looking at it."""
    step = months_of(every)
    base = 0
    if periods:
        base = month_index(periods[0].start) if step else (periods[0].start - SINCE_EVER).days
    return Slots(name, base, step, len(periods))


def fall_into(slots: Slots, day: q.Sql | None) -> q.Join:
    """Joins the periods (`p`) that a day falls into; without a day, each of them."""
    slot = q.col("p", "slot")
    if day is None:
        return q.join(q.table(slots.name, "p"), q.op(slot, ">=", q.lit(0)))
    return q.join(q.table(slots.name, "p"), q.op(slot, "=", q.call("coalesce", _index(slots, day), q.lit(ANY))))


def _index(slots: Slots, day: q.Sql) -> q.Sql:
    if slots.step is None:
        return q.floored(q.op(q.call("oa_days", q.lit(SINCE_EVER), day), "-", q.lit(slots.base)), 7)
    offset = q.op(q.call("oa_month_index", day), "-", q.lit(slots.base))
    return offset if slots.step == 1 else q.floored(offset, slots.step)
