"""Windows that are still open: what can be said already, and what must wait."""

from __future__ import annotations

from orgaudit import sql as q
from orgaudit.engine.context import Context, Frame


def is_open(context: Context, frame: Frame) -> q.Sql:
    """Whether the window certainly ends after the audit's day: never NULL."""
    if frame.is_whole_time:
        return q.FALSE
    return q.is_true(q.op(frame.last, ">", q.lit(context.facts.as_of)))


def by_opening(context: Context, frame: Frame, opened: q.Sql, closed: q.Sql) -> q.Sql:
    """The verdict while the window is open, or once it is closed; nobody knows which while its end is unknown."""
    if frame.is_whole_time:
        return closed
    after = q.op(frame.last, ">", q.lit(context.facts.as_of))
    either = q.case([(q.op(opened, "=", closed), closed)], q.lit("unknown"))
    return q.case([(q.is_null(frame.last), either), (after, opened)], closed)


def closed(every: q.Sql, some: q.Sql) -> q.Sql:
    """The verdict on what holds for every value, or for some value, that the blanks leave."""
    return q.case([(q.is_true(every), q.lit("pass")), (q.not_(q.is_not_false(some)), q.lit("fail"))], q.lit("unknown"))
