"""`gap`: the stretches without, between events or states.

Points are days, or stretches of days, that certainly or possibly are there. A gap that may be lies between two of them
with no certain point inside. The verdict looks at all of these: it passes if every one keeps the bound, and fails if
somewhere, whatever is there, one does not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from .asked import Asked, Group, Window, as_date
from .bounds import SIGNS, bound_value
from .groups import counted_table, members_of, resolved
from .model import Table
from .rows import Record
from .values import (
    AFTER,
    BEFORE,
    NONE,
    UNKNOWN,
    Duration,
    Truth,
    Value,
    all_of,
    compare,
    compare_known,
    not_,
    shift,
)
from .verdicts import FAIL, NOT_APPLICABLE, PASS, PENDING, UNSURE, candidates, under_exemptions, verdict_of, worst
from .ways import Way

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Point:
    first: Value  # a date, or BEFORE
    last: Value  # a date, or AFTER
    is_certain: bool


@dataclass(frozen=True)
class Gap:
    """From the last day of one point to the first day of the next; None: the beginning or the end of the span."""

    left: Value
    right: Value


@dataclass
class Span:
    first: date
    last: date
    ends: str

    @property
    def begins_judged(self) -> bool:
        return self.ends in ("first", "closed")

    @property
    def end_is_judged(self) -> bool:
        return self.ends in ("last", "closed")

    def has(self, day: Value) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last


def measure_gap(asked: Asked, rule: dict[str, Any]) -> str:
    span = span_of(asked, rule)
    if span.first > span.last or bound_is_none(asked, rule):
        return NOT_APPLICABLE
    points, anywhere = points_of(asked, rule, span)
    if anywhere or UNKNOWN in lifetime(asked):
        return verdict_with_unplaced(asked, rule, span, points)
    gaps = gaps_between(span, points)
    verdicts = {gap: verdict_of_gap(asked, rule, span, gap) for gap in gaps}
    if not gaps:
        return PASS if points or span.ends != "open" else NOT_APPLICABLE
    if any(certainly_fails(span, points, slot, verdicts) for slot in slots_between(span, points)):
        return FAIL
    found = worst(verdicts.values())
    return UNSURE if found == FAIL else found


def span_of(asked: Asked, rule: dict[str, Any]) -> Span:
    """The audited period cut to the subject's lifetime; all of it where that is unknown."""
    first, last = asked.world.period
    start, end = lifetime(asked)
    if UNKNOWN not in (start, end):
        first = max(first, start) if isinstance(start, date) else first
        last = min(last, end) if isinstance(end, date) else last
    return Span(first, last, str(rule.get("ends", "closed")))


def lifetime(asked: Asked) -> tuple[Value, Value]:
    table = asked.world.table(asked.subject.table)
    if table is None or not table.is_state:
        return BEFORE, AFTER
    return asked.world.start_of(asked.subject), asked.world.end_of(asked.subject)


# ------------------------------------------------------------------------------------------------- points


def points_of(asked: Asked, rule: dict[str, Any], span: Span) -> tuple[list[Point], bool]:
    """The points in their order, and whether there may be others whose day nobody knows."""
    table = counted_table(asked, asked.subject, rule["gap"])
    since = first_day_of(asked, table) if table.is_event else BEFORE
    asked = replace(asked, window=Window(since, span.last, by_last_day=True), has_window=True)
    members = members_of(asked, asked.subject, rule["gap"], overlaps_by_time)
    points, anywhere = [], members.is_open
    for record, truth in members.records:
        first, last = days_of(asked, record, rule["gap"])
        if truth is False:
            continue
        if UNKNOWN in (first, last) or before(last, first):
            anywhere = True
        else:
            points.append(Point(first, last, truth is True))
    return points, anywhere


def first_day_of(asked: Asked, table: Table) -> date:
    """The first day for which events are covered: as the manifest says, else that of the audited period."""
    covers = asked.world.covers.get(table.name) or {}
    return as_date(covers["from"]) if "from" in covers else asked.world.period[0]


def overlaps_by_time(asked: Asked, group: Group, way: Way, table: Table) -> Truth:
    """An event happens in the window, a state overlaps it."""
    world = asked.world
    if not isinstance(way.record, Record):
        return UNKNOWN
    if group.dated:
        day = way.record.values[group.dated]
        own, asked_on = asked.window.holds(day), day
    elif table.is_event:
        asked_on = world.day_of(way.record)
        own = asked.window.holds(asked_on)
    else:
        asked_on = asked.window.last
        own = asked.window.overlaps(world.start_of(way.record), world.end_of(way.record))
    if own is False:
        return False
    return all_of([own, *(world.held_on(state, asked_on) for state in way.crossed)])


def days_of(asked: Asked, record: Record, text: str) -> tuple[Value, Value]:
    dated = resolved(asked, text).group.dated
    if dated:
        return record.values[dated], record.values[dated]
    if asked.world.tables[record.table].is_event:
        day = asked.world.day_of(record)
        return day, day
    return asked.world.start_of(record), asked.world.end_of(record)


# --------------------------------------------------------------------------------------------------- gaps


def before(a: Value, b: Value) -> bool:
    return compare_known("<", a, b)


def gaps_between(span: Span, points: list[Point]) -> list[Gap]:
    """Every gap that may be."""
    certain = [p for p in points if p.is_certain]
    found = {
        Gap(x.last, y.first)
        for x in points
        for y in points
        if span.has(y.first) and before(x.last, y.first) and not any(is_between(p, x.last, y.first) for p in certain)
    }
    if span.begins_judged:
        ends = [y.first for y in points if span.has(y.first)]
        found |= {Gap(None, day) for day in ends if not any(before(p.first, day) for p in certain)}
    if span.end_is_judged:
        starts = [x.last for x in points if not before(span.last, x.last)]
        found |= {Gap(day, None) for day in starts if not any(before(day, p.last) for p in certain)}
    if span.ends != "open" and not certain:
        found.add(Gap(None, None))
    return sorted(found, key=repr)


def is_between(point: Point, left: Value, right: Value) -> bool:
    """Whether a point leaves no gap from one day to another: it has a day between, or both."""
    return before(point.first, right) and before(left, point.last)


def verdict_of_gap(asked: Asked, rule: dict[str, Any], span: Span, gap: Gap) -> str:
    start = span.first if gap.left is None else gap.left
    end = span.last if gap.right is None else gap.right
    asked = replace(
        asked, period_start=start, period_end=end, window=Window(start, end, by_last_day=True), has_window=True
    )
    return under_exemptions(candidates(asked, rule), lambda spec: verdict_under(asked, spec, span, gap))


def verdict_under(asked: Asked, spec: dict[str, Any], span: Span, gap: Gap) -> str:
    start = span.first - DAY if gap.left is None else gap.left
    if gap.right is not None:
        return verdict_of(keeps(asked, spec, start, gap.right))
    verdict = verdict_of(keeps(asked, spec, start, span.last))
    if verdict == FAIL and span.last > asked.world.as_of:
        beyond = not_(keeps(asked, spec, start, asked.world.as_of))
        return FAIL if beyond is True else PENDING if beyond is False else UNSURE
    return verdict


def keeps(asked: Asked, spec: dict[str, Any], start: Value, end: Value) -> Truth:
    """Whether from one day to another no more time passes than the bound allows."""
    name = next(n for n in ("at_most", "less_than") if n in spec)
    bound = bound_value(asked, spec[name])
    if not isinstance(start, date):
        return False  # since ever
    if isinstance(bound, Duration):
        return compare(SIGNS[name], end, shift(start, bound, asked.standard.calendar))
    return compare(SIGNS[name], (end - start).days, bound)


def bound_is_none(asked: Asked, rule: dict[str, Any]) -> bool:
    return any(bound_value(asked, rule[name]) is NONE for name in ("at_most", "less_than") if name in rule)


# --------------------------------------------------------------------------------------------- what is certain


def slots_between(span: Span, points: list[Point]) -> list[Gap]:
    """The stretches of the span that no point may fill."""
    stretches = sorted(points, key=lambda p: (p.first is not BEFORE, p.first if isinstance(p.first, date) else 0))
    found, left = [], None
    for point in stretches:
        if left is None or before(left, point.first):
            if span.has(point.first):
                found.append(Gap(left, point.first))
        if left is None or before(left, point.last):
            left = point.last
    if left is None or not before(span.last, left):
        found.append(Gap(left, None))
    return found


def certainly_fails(span: Span, points: list[Point], slot: Gap, verdicts: dict[Gap, str]) -> bool:
    """Whether a slot lies in a gap whatever is there, and every gap that it may lie in fails."""
    around = [verdict for gap, verdict in verdicts.items() if is_around(gap, slot)]
    return is_judged_anyway(span, points, slot) and bool(around) and all(v == FAIL for v in around)


def is_around(gap: Gap, slot: Gap) -> bool:
    begins = gap.left is None or (slot.left is not None and not before(slot.left, gap.left))
    ends = gap.right is None or (slot.right is not None and not before(gap.right, slot.right))
    return begins and ends


def is_judged_anyway(span: Span, points: list[Point], slot: Gap) -> bool:
    certain = [p for p in points if p.is_certain]
    if span.ends == "closed":
        return True
    if span.ends == "first" and slot.left is None:
        return not any(before(p.first, span.first) for p in points)
    if span.ends == "last" and slot.right is None:
        return True
    begins = span.begins_judged or (slot.left is not None and any(not before(slot.left, p.last) for p in certain))
    ends = span.end_is_judged or (
        slot.right is not None and any(span.has(p.first) and not before(p.first, slot.right) for p in certain)
    )
    return begins and ends


def verdict_with_unplaced(asked: Asked, rule: dict[str, Any], span: Span, points: list[Point]) -> str:
    """Where a point may lie anywhere: pass only if it could make no gap that is too long, under any of the bounds."""
    table = counted_table(asked, asked.subject, rule["gap"])
    earliest = first_day_of(asked, table) if table.is_event else BEFORE
    made = gaps_between(span, [*points, Point(earliest, earliest, False), Point(span.last, span.last, False)])
    # one up to the last day is made by a record that is not there: like the last stretch it may have to wait
    gaps = {*gaps_between(span, points), *(replace(g, right=None) if g.right == span.last else g for g in made)}
    effects = [e["effect"] for e in rule.get("unless", []) if isinstance(e.get("effect"), dict)]
    specs = [rule, *effects]
    found = {verdict_under(asked, spec, span, gap) for spec in specs for gap in gaps}
    if not found:
        return PASS
    return worst(found) if found <= {PASS, PENDING} else UNSURE
