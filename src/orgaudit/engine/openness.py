"""Windows that are still open: what can be said already, and what must wait."""

from __future__ import annotations

from orgaudit import sql as q
from orgaudit.engine.context import Context, Frame


def is_open(context: Context, frame: Frame) -> q.Sql:
    """Whether the window certainly ends after the audit's day: never NULL."""
    if frame.is_whole_time or _is_over(context, frame):
        return q.FALSE
    return q.is_true(q.op(frame.last, ">", q.lit(context.facts.as_of)))


def _is_over(context: Context, frame: Frame) -> bool:
    """Whether every window has ended: a period lies inside the audited time."""
    return frame.is_period and context.facts.last <= context.facts.as_of


def by_opening(context: Context, frame: Frame, opened: q.Sql, closed: q.Sql) -> q.Sql:
    """The verdict while the window is open, or once it is closed; nobody knows which while its end is unknown."""
    if frame.is_whole_time or _is_over(context, frame):
        return closed
    after = q.op(frame.last, ">", q.lit(context.facts.as_of))
    same = q.or_([q.not_(q.is_null(frame.last)), q.op(opened, "=", closed)])
    return q.case([(after, opened), (same, closed)], q.lit("unknown"))


def closed(every: q.Sql, some: q.Sql) -> q.Sql:
    """The verdict on what holds for every value, or for some value, that the blanks leave."""
    return q.case([(q.is_true(every), q.lit("pass")), (q.not_(q.is_not_false(some)), q.lit("fail"))], q.lit("unknown"))
