"""Bounds and levels: the lawful state, against what a measure found."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

from . import expressions
from .asked import Asked, read_duration
from .values import NONE, UNKNOWN, Duration, Interval, Truth, Value, all_of, compare, exact, is_number, number

BOUNDS = ("at_least", "at_most", "more_than", "less_than", "exactly", "between")
SIGNS = {"at_least": ">=", "at_most": "<=", "more_than": ">", "less_than": "<", "exactly": "="}

Limits = list[tuple[str, Value]]  # sign, and what stands on its right
NUMBER = re.compile(r"\s*-?\d+(\.\d+)?\s*%?\s*|\s*\d+\s*/\s*\d+\s*")


def bound_value(asked: Asked, raw: Any) -> Value:
    """A number, a duration, or what an expression over the subject comes to."""
    text = str(raw)
    if NUMBER.fullmatch(text):
        return number(text)
    found: Value = read_duration(text)
    if found is None:
        found = expressions.value(text, asked.own_scope)
    return number(found) if isinstance(found, str) else found


def limits_of(asked: Asked, spec: dict[str, Any]) -> Limits:
    """What a bound asks; a duration is a number of days (in months: of months)."""
    found: Limits = [(sign, bound_value(asked, spec[name])) for name, sign in SIGNS.items() if name in spec]
    if "between" in spec:
        found += [(s, bound_value(asked, raw)) for s, raw in zip((">=", "<="), spec["between"], strict=True)]
    return [(sign, in_days(value)) for sign, value in found]


def in_days(value: Value) -> Value:
    if isinstance(value, Duration):
        return value.n * (7 if value.unit == "weeks" else 1)
    return value


def meets(limits: Limits, found: Value) -> Truth:
    """True if the bound holds for everything that was found, false if for nothing of it."""
    return all_of(compare(sign, bare(found), bare(limit)) for sign, limit in limits)


def bare(x: Value) -> Value:
    """An interval without the chance that it is nothing at all."""
    return replace(x, nothing=False) if isinstance(x, Interval) else x


def has_bound(spec: dict[str, Any]) -> bool:
    return "levels" in spec or any(name in spec for name in BOUNDS)


def without_bound(spec: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in spec.items() if k not in (*BOUNDS, "levels")}


# ------------------------------------------------------------------------------------------------- ladders


@dataclass
class Ladder:
    """Levels in their order; a plain bound is a ladder of one level that is `bad` where the bound does not hold."""

    steps: list[tuple[str, Limits]]
    plain: Limits | None = None

    @property
    def limits(self) -> Limits:
        return self.plain if self.plain is not None else [pair for _, limits in self.steps for pair in limits]

    @property
    def asks_for_none(self) -> bool:
        """A bound that is none: there is nothing to be judged."""
        return any(limit is NONE for _, limit in self.limits)

    @property
    def may_ask_for_none(self) -> bool:
        return any(isinstance(limit, Interval) and limit.nothing is UNKNOWN for _, limit in self.limits)

    def level(self, n: Value) -> Any:
        """The level of a number: a name, None below the first, or UNKNOWN."""
        for name, limits in self.steps:
            truth = meets(limits, n)
            if truth is not False:
                return name if truth is True else UNKNOWN
        return None

    def possible(self, n: Value) -> list[str | None]:
        """The levels that a number may stand on."""
        found: list[str | None] = []
        for name, limits in self.steps:
            truth = meets(limits, n)
            if truth is not False:
                found.append(name)
            if truth is True:
                return found
        return [*found, None]

    def is_bad(self, n: Value) -> Truth:
        if self.plain is not None:
            truth = meets(self.plain, n)
            return UNKNOWN if truth is UNKNOWN else not truth
        level = self.level(n)
        return UNKNOWN if level is UNKNOWN else is_bad_level(level)


def is_bad_level(level: str | None) -> bool:
    return level is not None and level != "ok"


def ladder_of(asked: Asked, spec: dict[str, Any]) -> Ladder:
    if "levels" not in spec:
        return Ladder([], limits_of(asked, spec))
    return Ladder([(str(level["level"]), limits_of(asked, level)) for level in spec["levels"]])


def samples(ladder: Ladder, found: Interval) -> list[Value]:
    """Numbers of an interval among which every level stands that it may reach."""
    marks = {exact(e) for _, limit in ladder.limits for e in ends_of(limit)}
    marks |= {exact(e) for e in (found.least, found.most) if e is not None} | {0}
    low = found.least if found.least is not None else min(marks) - 2
    high = found.most if found.most is not None else max(marks) + 2
    if found.whole:
        return list(range(int(low), int(high) + 1))
    ordered = sorted({*(m for m in marks if low <= m <= high), exact(low), exact(high)})
    between = [Fraction(a + b) / 2 for a, b in pairwise(ordered)]
    return [*ordered, *between]


def ends_of(limit: Value) -> list[Value]:
    if isinstance(limit, Interval):
        return [end for end in (limit.least, limit.most) if end is not None]
    return [limit] if is_number(limit) else []
