"""Ladders: levels that ascend, without overlap and without a hole in the middle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf

from orgaudit.errors import OrgauditError
from orgaudit.standards.rules import Bound, Level


def reach(bound: Bound) -> tuple[float, float] | None:
    """The least and the greatest whole number that a bound admits; None where a parameter decides."""
    numbers = [v.number for v in bound.values]
    if any(n is None for n in numbers):
        return None
    first = float(numbers[0] or 0)
    last = float(numbers[-1] or 0)
    return {
        "at_least": (first, inf),
        "more_than": (first + 1, inf),
        "at_most": (-inf, first),
        "less_than": (-inf, first - 1),
        "exactly": (first, first),
        "between": (first, last),
    }[bound.kind]


def level_errors(levels: Sequence[Level]) -> Iterator[tuple[int, OrgauditError]]:
    """(index, error) for each level that does not continue the one before it."""
    before: tuple[float, float] | None = None
    for i, level in enumerate(levels):
        here = reach(level.bound)
        if here is None:
            before = None
            continue
        if here[0] > here[1]:
            yield i, OrgauditError("level-empty", {"level": level.name})
        if before is not None and here[0] <= before[1]:
            yield i, OrgauditError("level-overlap", {"level": level.name, "first": here[0], "last": before[1]})
        elif before is not None and here[0] > before[1] + 1:
            yield i, OrgauditError("level-hole", {"level": level.name, "missing": int(before[1] + 1)})
        before = here
