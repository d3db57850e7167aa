"""The few checks that someone looks at, as a condition or, where they are many, as a table to join."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from orgaudit import sql as q
from orgaudit.engine.context import Context
from orgaudit.periods import NO_END, SINCE_EVER

_TABLE = "looked at"
_FEW = 50  #: numbers that a statement names itself; thousands would be read word by word


@dataclass(frozen=True)
class Only:
    """What keeps a select to some checks: joins before its own, and a condition beside its own."""

    joins: tuple[q.Join, ...] = ()
    where: q.Sql = q.TRUE


#: for each check the first and the last day on which anybody wants to see something
Days = Mapping[int, tuple[date, date]]
_EVER = (SINCE_EVER, NO_END)


@contextmanager
def chosen(
    context: Context, ks: Sequence[int], days: Days | None = None
) -> Iterator[Callable[[q.Sql, q.Sql | None], Only]]:
    """Inside, what keeps only the rows of these checks, given the column with the number of the check.

    Given a column with a day, too, those are left out that lie outside of `days`; where there are few, all stay.
    """
    if len(ks) <= _FEW:
        yield lambda number, _: Only(where=q.isin(number, [q.lit(k) for k in ks]))
        return
    columns = {"k": "bigint", "first": "date", "last": "date"}
    context.db.fill(_TABLE, columns, [(k, *(days or {}).get(k, _EVER)) for k in ks])
    try:
        yield _joined
    finally:
        context.db.drop(_TABLE)


def _joined(number: q.Sql, day: q.Sql | None) -> Only:
    join = q.join(q.table(_TABLE, "z"), q.op(q.col("z", "k"), "=", number))
    if day is None:
        return Only((join,))
    return Only((join,), q.and_([q.op(q.col("z", "first"), "<=", day), q.op(day, "<=", q.col("z", "last"))]))
