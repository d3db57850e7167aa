"""The few checks that someone looks at, as a table to join: a list of thousands of numbers would be read word by word."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from orgaudit import sql as q
from orgaudit.engine.context import Context

_TABLE = "looked at"


@contextmanager
def chosen(context: Context, ks: Sequence[int]) -> Iterator[Callable[[q.Sql], q.Join]]:
    """Inside, a join that keeps only the rows of these checks, given the column with the number of the check."""
    context.db.fill(_TABLE, {"k": "bigint"}, [(k,) for k in ks])
    try:
        yield lambda number: q.join(q.table(_TABLE, "z"), q.op(q.col("z", "k"), "=", number))
    finally:
        context.db.drop(_TABLE)
