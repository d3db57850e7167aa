"""The few checks that someone looks at, as a condition or, where they are many, as a table to join."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from orgaudit import sql as q
from orgaudit.engine.context import Context

_TABLE = "looked at"
_FEW = 50  #: numbers that a statement names itself; thousands would be read word by word


@dataclass(frozen=True)
class Only:
    """What keeps a select to some checks: joins before its own, and a condition beside its own."""

    joins: tuple[q.Join, ...] = ()
    where: q.Sql = q.TRUE


@contextmanager
def chosen(context: Context, ks: Sequence[int]) -> Iterator[Callable[[q.Sql], Only]]:
    """Inside, what keeps only the rows of these checks, given the column with the number of the check."""
    if len(ks) <= _FEW:
        yield lambda number: Only(where=q.isin(number, [q.lit(k) for k in ks]))
        return
    context.db.fill(_TABLE, {"k": "bigint"}, [(k,) for k in ks])
    try:
        yield lambda number: Only((q.join(q.table(_TABLE, "z"), q.op(q.col("z", "k"), "=", number)),))
    finally:
        context.db.drop(_TABLE)
