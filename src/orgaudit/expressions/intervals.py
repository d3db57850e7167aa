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
    """The sum, difference or product of two intervals; of a product one side is a plain number."""
    none, maybe = q.or_([left.none, right.none]), q.or_([left.maybe_none, right.maybe_none])
    low, high = _ENDS[operator](left, right)
    return Interval(low[0], high[0], low[1], high[1], none, maybe)


#: a number, and what it is divided by
End = tuple[q.Sql, q.Sql | None]


def _ends(value: Interval) -> tuple[End, End]:
    """Both ends; one of a count that is no end at all is not known."""
    return (_ended(value.least), value.under_least), (_ended(value.most), value.under_most)


def _joined(left: End, operator: str, right: End) -> End:
    """a/u ± b/v = (a·v ± b·u) / (u·v)"""
    (a, u), (b, v) = left, right
    return q.op(_times(a, v), operator, _times(b, u)), _product(u, v)


def _product(u: q.Sql | None, v: q.Sql | None) -> q.Sql | None:
    return u if v is None else v if u is None else q.op(u, "*", v)


def _added(left: Interval, right: Interval) -> tuple[End, End]:
    (a, b), (c, d) = _ends(left), _ends(right)
    return _joined(a, "+", c), _joined(b, "+", d)


def _subtracted(left: Interval, right: Interval) -> tuple[End, End]:
    (a, b), (c, d) = _ends(left), _ends(right)
    return _joined(a, "-", d), _joined(b, "-", c)


def _multiplied(left: Interval, right: Interval) -> tuple[End, End]:
    """A plain number turns the ends around where it is negative."""
    if left.least is left.most:
        left, right = right, left
    factor, (low, high) = right.least, _ends(left)
    turned = q.op(factor, "<", q.lit(0))

    def times(plain: End, other: End) -> End:
        under = None if plain[1] is None or other[1] is None else q.case([(turned, other[1])], plain[1])
        return q.op(q.case([(turned, other[0])], plain[0]), "*", factor), under

    return times(low, high), times(high, low)


def _ended(value: q.Sql) -> q.Sql:
    """An end of a count that is no end at all, as one that is not known."""
    return q.case([(q.op(value, ">=", q.lit(UNBOUNDED)), q.NULL)], value)


_ENDS: dict[str, Callable[[Interval, Interval], tuple[End, End]]] = {
    "+": _added,
    "-": _subtracted,
    "*": _multiplied,
}
