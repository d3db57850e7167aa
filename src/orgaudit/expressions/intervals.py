"""Intervals: what a number or date may be while blanks leave it open, and what holds for all or some of its values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from orgaudit import sql as q

#: stands for "no upper end" in a count; larger than any count of records
UNBOUNDED = 2_000_000_000_000


@dataclass(frozen=True)
class Interval:
    """From `least` to `most`, each perhaps divided by a positive number; an end that is NULL is not known.

    `none` is true where there certainly is nothing, `maybe_none` where there may be nothing; neither is ever NULL.
    """

    least: q.Sql
    most: q.Sql
    under_least: q.Sql | None = None
    under_most: q.Sql | None = None
    none: q.Sql = q.FALSE
    maybe_none: q.Sql = q.FALSE

    def with_bound(self, bound: Interval) -> Interval:
        """The same, being nothing also where the bound that it is held against is nothing."""
        none, maybe = q.or_([self.none, bound.none]), q.or_([self.maybe_none, bound.maybe_none])
        return replace(self, none=none, maybe_none=maybe)


def point(value: q.Sql, none: q.Sql = q.FALSE) -> Interval:
    """One value; NULL where it is not known."""
    return Interval(value, value, none=none)


def fraction(number: q.Sql, under: q.Sql | None) -> Interval:
    """One fraction."""
    return Interval(number, number, under, under)


def compare(operator: str, value: Interval, bound: Interval) -> tuple[q.Sql, q.Sql]:
    """(for every value, for some value) of both intervals: `value operator bound`; NULL where an end is not known."""
    low, high = (value.least, value.under_least), (value.most, value.under_most)
    bound_low, bound_high = (bound.least, bound.under_least), (bound.most, bound.under_most)
    if operator in (">=", ">"):
        return _ordered(low, operator, bound_high), _ordered(high, operator, bound_low)
    if operator in ("<=", "<"):
        return _ordered(high, operator, bound_low), _ordered(low, operator, bound_high)
    every = q.and_([_ordered(low, ">=", bound_high), _ordered(high, "<=", bound_low)])
    some = q.and_([_ordered(low, "<=", bound_high), _ordered(high, ">=", bound_low)])
    return (every, some) if operator == "=" else (q.not_(some), q.not_(every))


def _ordered(left: tuple[q.Sql, q.Sql | None], operator: str, right: tuple[q.Sql, q.Sql | None]) -> q.Sql:
    """Fractions are compared by multiplication: no division, no rounding."""
    (a, under_a), (b, under_b) = left, right
    return q.op(_times(a, under_b), operator, _times(b, under_a))


def _times(value: q.Sql, factor: q.Sql | None) -> q.Sql:
    return value if factor is None else q.op(value, "*", factor)


def truth(every: q.Sql, some: q.Sql) -> q.Sql:
    """True, false or NULL from what holds for every and for some value."""
    return q.case([(every, q.TRUE), (q.not_(some), q.FALSE)], q.UNKNOWN)


def arithmetic(operator: str, left: Interval, right: Interval) -> Interval:
    """The sum, difference or product of two intervals that are no fractions."""
    none, maybe = q.or_([left.none, right.none]), q.or_([left.maybe_none, right.maybe_none])
    ends = _ENDS[operator](left, right)
    return Interval(*ends, none=none, maybe_none=maybe)


def _added(left: Interval, right: Interval) -> tuple[q.Sql, q.Sql]:
    return q.op(left.least, "+", right.least), q.op(_ended(left.most), "+", _ended(right.most))


def _subtracted(left: Interval, right: Interval) -> tuple[q.Sql, q.Sql]:
    return q.op(left.least, "-", _ended(right.most)), q.op(_ended(left.most), "-", right.least)


def _multiplied(left: Interval, right: Interval) -> tuple[q.Sql, q.Sql]:
    pairs = [(a, b) for a in (left.least, left.most) for b in (right.least, right.most)]
    products = [q.op(_ended(a), "*", _ended(b)) for a, b in pairs]
    unknown = q.or_(q.is_null(p) for p in products)
    low, high = (q.case([(unknown, q.NULL)], q.call(f, *products)) for f in ("least", "greatest"))
    return low, high


def _ended(value: q.Sql) -> q.Sql:
    """An end of a count that is no end at all, as one that is not known."""
    return q.case([(q.op(value, ">=", q.lit(UNBOUNDED)), q.NULL)], value)


_ENDS: dict[str, Callable[[Interval, Interval], tuple[q.Sql, q.Sql]]] = {
    "+": _added,
    "-": _subtracted,
    "*": _multiplied,
}
