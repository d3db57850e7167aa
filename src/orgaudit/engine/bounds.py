"""Intervals against bounds and ladders: for which values the law is kept."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from orgaudit import sql as q
from orgaudit.engine.context import Context, Speak
from orgaudit.expressions import Interval, compare
from orgaudit.standards import Bound, Level

OPERATORS = {"at_least": ">=", "at_most": "<=", "more_than": ">", "less_than": "<", "exactly": "="}


def lawful(bound: Bound) -> list[str]:
    """The comparisons that a bound stands for, one for each of its values."""
    return [">=", "<="] if bound.kind == "between" else [OPERATORS[bound.kind]]


def bound_holds(
    context: Context, bound: Bound, found: Interval, day: q.Sql, speak: Speak | None = None
) -> tuple[q.Sql, q.Sql]:
    """(for every value, for some value) of the interval, the bound holds; NULL where an end is not known."""
    pairs = [
        compare(operator, found, context.bound_value(value, day, speak))
        for operator, value in zip(lawful(bound), bound.values, strict=True)
    ]
    # for `between` an interval that straddles both ends has values on either side and some inside: `some` stays exact
    return q.and_([e for e, _ in pairs]), q.and_([s for _, s in pairs])


def number_holds(context: Context, bound: Bound, number: int) -> bool:
    """Whether one number keeps a bound, with the parameters of the audited period's first day."""
    return all(
        _compare(operator, Fraction(number), context.bound_number(value))
        for operator, value in zip(lawful(bound), bound.values, strict=True)
    )


def _compare(operator: str, number: Fraction, bound: Fraction) -> bool:
    return {
        ">=": number >= bound,
        "<=": number <= bound,
        ">": number > bound,
        "<": number < bound,
        "=": number == bound,
    }[operator]


def blocks(levels: Sequence[Level]) -> list[list[Level]]:
    """The levels that do not pass, in stretches without a passing level between them."""
    found: list[list[Level]] = []
    open_block = False
    for level in levels:
        if level.name == "ok":
            open_block = False
        elif open_block:
            found[-1].append(level)
        else:
            found.append([level])
            open_block = True
    return found


def ladder_holds(
    context: Context, levels: Sequence[Level], found: Interval, day: q.Sql, speak: Speak | None
) -> tuple[q.Sql, q.Sql]:
    """(only passing values, some passing value) of the interval, on a ladder without holes."""
    failing = [lv for lv in levels if lv.name != "ok"]
    low, high = ends_of(found)
    some_fail = q.or_(bound_holds(context, lv.bound, found, day, speak)[1] for lv in failing)
    all_fail = q.or_(_all_on(context, levels, block, low, high, day, speak) for block in blocks(levels))
    return q.not_(some_fail), q.not_(all_fail)


def _all_on(
    context: Context,
    levels: Sequence[Level],
    block: Sequence[Level],
    low: Interval,
    high: Interval,
    day: q.Sql,
    speak: Speak | None,
) -> q.Sql:
    """Whether all values stand on a stretch of levels; one that reaches on without end also has what has no end."""
    on_low, on_high = _on(context, block, low, day, speak), _on(context, block, high, day, speak)
    if block[0] is levels[0] and block[0].bound.kind in ("at_most", "less_than"):
        on_low = q.or_([q.is_null(low.least), on_low])
    if block[-1] is levels[-1] and block[-1].bound.kind in ("at_least", "more_than"):
        on_high = q.or_([q.is_null(high.most), on_high])
    return q.and_([on_low, on_high])


def ends_of(found: Interval) -> tuple[Interval, Interval]:
    """The least and the greatest value as intervals of their own."""
    low = Interval(found.least, found.least, found.under_least, found.under_least)
    return low, Interval(found.most, found.most, found.under_most, found.under_most)


def _on(context: Context, block: Sequence[Level], value: Interval, day: q.Sql, speak: Speak | None) -> q.Sql:
    return q.or_(bound_holds(context, lv.bound, value, day, speak)[0] for lv in block)


def level_at(context: Context, levels: Sequence[Level], value: Interval, day: q.Sql, speak: Speak | None) -> q.Sql:
    """The name of the level that a value stands on; NULL below the first."""
    return q.case(
        [(bound_holds(context, lv.bound, value, day, speak)[0], q.lit(lv.name)) for lv in levels],
        q.cast(q.NULL, "text"),
    )
