"""Ladders: levels that ascend, without overlap and without a hole in the middle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil, floor, inf

from orgaudit.errors import OrgauditError
from orgaudit.standards.measures import Bound, Count, Distinct, Level, Measure, Runs, Total, ValueOf

#: a place on the number line: at a number (0), just after it (1) or just before it (-1)
Place = tuple[float, int]


def reach(bound: Bound) -> tuple[Place, Place] | None:
    """The first and the last place that a bound admits; None where a parameter or an expression decides."""
    if any(v.number is None for v in bound.values):
        return None
    first, last = (float(bound.values[i].number or 0) / bound.values[i].over for i in (0, -1))
    return {
        "at_least": ((first, 0), (inf, 0)),
        "more_than": ((first, 1), (inf, 0)),
        "at_most": ((-inf, 0), (first, 0)),
        "less_than": ((-inf, 0), (first, -1)),
        "exactly": ((first, 0), (first, 0)),
        "between": ((first, 0), (last, 0)),
    }[bound.kind]


def level_errors(levels: Sequence[Level], most: float, *, whole: bool) -> Iterator[tuple[int, OrgauditError]]:
    """(index, error) for each level that does not continue the one before it; `whole` numbers have nothing between them.

    The last goes as far as what is found can, up to `most`: otherwise the worst would be on no level, and pass.
    """
    before: Place | None = None
    names = [level.name for level in levels]
    for i, level in enumerate(levels):
        ends = reach(level.bound)
        if level.name != "ok" and level.name in names[:i]:
            yield i, OrgauditError("duplicate-level", {"level": level.name})
        if level is levels[-1] and _ends_before(level.bound, ends, most) and (before is None or before[0] < inf):
            yield i, OrgauditError("level-top", {"level": level.name})
        if ends is None:
            before = None
            continue
        first, last = whole_reach(*ends) if whole else ends
        if first > last:
            yield i, OrgauditError("level-empty", {"level": level.name})
        if before is not None and (first[0] == -inf or before[0] == inf):
            yield i, OrgauditError("level-order", {"level": level.name})
        elif before is not None and first <= before:
            yield i, OrgauditError("level-overlap", {"level": level.name, "first": first[0], "last": before[0]})
        elif before is not None and first > _next(before, whole=whole):
            yield i, OrgauditError("level-hole", {"level": level.name, "missing": _next(before, whole=whole)[0]})
        before = last


def _ends_before(bound: Bound, ends: tuple[Place, Place] | None, most: float) -> bool:
    """Whether more can be found than a bound admits; where it is not written how much that is, only if there is no most."""
    if ends is None:
        return most == inf and bound.kind not in ("at_least", "more_than")
    return ends[1] < (most, 0)


def whole_reach(first: Place, last: Place) -> tuple[Place, Place]:
    """The first and the last whole number between two places."""
    start = first[0] if first[0] in (inf, -inf) else floor(first[0]) + 1 if first[1] > 0 else ceil(first[0])
    end = last[0] if last[0] in (inf, -inf) else ceil(last[0]) - 1 if last[1] < 0 else floor(last[0])
    return (start, 0), (end, 0)


def _next(place: Place, *, whole: bool) -> Place:
    return (place[0] + 1, 0) if whole else (place[0], place[1] + 1)


def counts_whole(measure: Measure) -> bool:
    """Whether what it finds is a whole number, so that 3 and 4 leave nothing between them."""
    return isinstance(measure, (Count, Distinct, Runs)) or (
        isinstance(measure, (ValueOf, Total)) and measure.value.type == "integer"
    )
