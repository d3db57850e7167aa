"""Intervals against bounds: when a comparison holds for every value of [least, most], and when for any."""

from __future__ import annotations

from orgaudit import sql as q

#: stands for "no upper end" in a count; larger than any count of records
UNBOUNDED = 2_000_000_000_000


def holds(operator: str, least: q.Sql, most: q.Sql, bound: q.Sql) -> tuple[q.Sql, q.Sql]:
    """(for every value, for some value) of the interval: `value operator bound`."""
    if operator in (">=", ">"):
        return q.op(least, operator, bound), q.op(most, operator, bound)
    if operator in ("<=", "<"):
        return q.op(most, operator, bound), q.op(least, operator, bound)
    every = q.and_([q.op(least, "=", bound), q.op(most, "=", bound)])
    some = q.and_([q.op(least, "<=", bound), q.op(most, ">=", bound)])
    return (every, some) if operator == "=" else (q.not_(some), q.not_(every))


def truth(every: q.Sql, some: q.Sql) -> q.Sql:
    """True, false or NULL from what holds for every and for some value."""
    return q.case([(every, q.TRUE), (q.not_(some), q.FALSE)], q.UNKNOWN)
