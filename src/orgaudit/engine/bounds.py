"""Intervals against bounds and ladders: for which values the law is kept."""

from __future__ import annotations

from collections.abc import Sequence

from orgaudit import sql as q
from orgaudit.engine.context import Context, lawful
from orgaudit.expressions import holds
from orgaudit.standards import Bound, Level


def bound_holds(context: Context, bound: Bound, least: q.Sql, most: q.Sql, day: q.Sql) -> tuple[q.Sql, q.Sql]:
    """(for every value, for some value) of the interval, the bound holds."""
    pairs = [
        holds(operator, least, most, context.bound_value(value, day))
        for operator, value in zip(lawful(bound), bound.values, strict=True)
    ]
    # for `between` an interval that straddles both ends has values on either side and some inside: `some` stays exact
    return q.and_([e for e, _ in pairs]), q.and_([s for _, s in pairs])


def number_holds(context: Context, bound: Bound, number: float) -> bool:
    """Whether one number keeps a bound, with the parameters of the audited period's first day."""
    return all(
        _compare(operator, number, context.bound_number(value))
        for operator, value in zip(lawful(bound), bound.values, strict=True)
    )


def _compare(operator: str, number: float, bound: float) -> bool:
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
    context: Context, levels: Sequence[Level], least: q.Sql, most: q.Sql, day: q.Sql
) -> tuple[q.Sql, q.Sql]:
    """(only passing values, some passing value) of the interval, on a ladder without holes."""
    failing = [lv for lv in levels if lv.name != "ok"]
    some_fail = q.or_(bound_holds(context, lv.bound, least, most, day)[1] for lv in failing)
    all_fail = q.or_(
        q.and_([_on(context, block, least, day), _on(context, block, most, day)]) for block in blocks(levels)
    )
    return q.not_(some_fail), q.not_(all_fail)


def _on(context: Context, block: Sequence[Level], value: q.Sql, day: q.Sql) -> q.Sql:
    return q.or_(bound_holds(context, lv.bound, value, value, day)[0] for lv in block)


def level_at(context: Context, levels: Sequence[Level], value: q.Sql, day: q.Sql) -> q.Sql:
    """The name of the level that a value stands on; NULL below the first."""
    return q.case(
        [(bound_holds(context, lv.bound, value, value, day)[0], q.lit(lv.name)) for lv in levels],
        q.cast(q.NULL, "text"),
    )
