"""When: the window that `within` says, being in force, being alive, being in the population."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from . import expressions
from .asked import Asked, Group, Window, as_date, conditions_of, read_duration
from .records import World
from .rows import Record
from .values import (
    AFTER,
    BEFORE,
    NONE,
    NOT_YET,
    UNKNOWN,
    Duration,
    Period,
    Truth,
    Value,
    all_of,
    any_of,
    compare,
    periods_inside,
    shift,
    sliding,
)


@dataclass
class Subjects:
    """Whom a rule is for: records with the truth of their being there at all, and the conditions they must meet."""

    records: list[tuple[Record, Truth]]
    table: str
    groups: list[Group]

    def dated(self) -> Group | None:
        return next((g for g in reversed(self.groups) if g.dated or g.ever), None)

    def holds(self, asked: Asked) -> Truth:
        asked = replace(asked, each_of_breach=True)
        return all_of(conditions_of(asked, g, asked.subject, self.table) for g in self.groups)


def periods_of(world: World, rule: dict[str, Any]) -> list[Period]:
    if "every" not in rule:
        return [whole_period(world)]
    if "step" in rule:
        return sliding(str(rule["every"]), str(rule["step"]), *world.period)
    return periods_inside(str(rule["every"]), *world.period)


def whole_period(world: World) -> Period:
    first, last = world.period
    return Period(first, last, f"{first}..{last}")


# ------------------------------------------------------------------------------------------------- windows


WITHIN = re.compile(r"\s*(\d+\s+(?:working\s+)?\w+|\$\w+)\s+after\s+(.+)", re.S)


def window_of(asked: Asked, within: Any) -> tuple[Window, Value]:
    """The window that `within` says, and the day that anchors it."""
    scope = asked.own_scope
    if isinstance(within, dict):
        first = expressions.value(str(within["from"]), scope) if "from" in within else BEFORE
        last = expressions.value(str(within["to"]), scope) if "to" in within else asked.world.as_of
        return window_from(first, last), first if "from" in within else last
    match = WITHIN.fullmatch(within)
    if match is None:
        raise SyntaxError(f"not a window: {within!r}")
    anchor = expressions.value(match.group(2), scope)
    length: Value = read_duration(match.group(1))
    if length is None:
        length = asked.standard.param(match.group(1)[1:], anchor if isinstance(anchor, date) else asked.param_day)
    if isinstance(length, str):
        length = Duration(int(length), "days")
    last = shift(anchor, length, asked.standard.calendar)  # what is no day stays as it is, however long it is
    first = anchor + timedelta(days=1) if isinstance(anchor, date) else anchor
    return window_from(first, last), anchor


def window_from(first: Value, last: Value) -> Window:
    return Window(BEFORE if first is NONE else first, AFTER if last in (NONE, NOT_YET) else last, by_last_day=True)


# ------------------------------------------------------------------------------------- what is asked of one check


def own_day(world: World, subjects: Subjects, subject: Record) -> Value:
    """The day of an event (or of `dated FIELD`); none for the others."""
    dated = subjects.dated()
    if dated is not None and dated.dated:
        return subject.values[dated.dated]
    table = world.table(subject.table)
    return world.day_of(subject) if table is None or table.is_event else NONE


def window_of_being_bound(world: World, rule: dict[str, Any], period: Period) -> Window:
    """The days in which the condition of the group is asked: `within` does not move them."""
    return Window(period.first, period.last) if "every" in rule else Window(BEFORE, world.as_of)


def ask(asked: Asked, rule: dict[str, Any], subjects: Subjects, subject: Record, period: Period) -> tuple[Asked, Value]:
    """What is asked of one check, and the anchor of its window. `asked` brings the values of `each`."""
    world = asked.world
    own = own_day(world, subjects, subject)
    table = world.table(subject.table)
    every = "every" in rule
    asked = replace(
        asked,
        subject=subject,
        period_start=period.first if table is not None else subject.values["period_start"],
        period_end=period.last if table is not None else subject.values["period_end"],
        window=window_of_being_bound(world, rule, period),
        has_window=every or "within" in rule,
        param_day=period.first if every else day_or_as_of(world, own),
        own_day=own if table is None or table.is_event else NONE,
    )
    if "within" not in rule:
        return asked, period.first
    window, anchor = window_of(asked, rule["within"])
    asked = replace(asked, window=window)
    return asked if every else replace(asked, param_day=day_or_as_of(world, anchor)), anchor


def day_or_as_of(world: World, day: Value) -> Value:
    """The day on which a parameter is looked up: a day that is there, may be, or lies before all others; else as_of."""
    return day if isinstance(day, date) or day is UNKNOWN or day is BEFORE else world.as_of


# ------------------------------------------------------------------------------------- population, being bound


def in_population(rule: dict[str, Any], subjects: Subjects, asked: Asked, anchor: Value) -> Truth:
    """Whether the days of a subject put it before this audit."""
    world, subject = asked.world, asked.subject
    first, last = world.period
    table = world.table(subject.table)
    if "within" in rule:
        if anchor is NONE:
            return False
        if "every" not in rule:
            start = anchor if isinstance(rule["within"], str) else asked.window.first
            return any_of([Window(start, asked.window.last).overlaps(first, last), is_still_owed(rule, asked)])
    dated = subjects.dated()
    if dated is not None and dated.ever and "every" not in rule:
        return True
    if table is not None and not table.is_event and not (dated is not None and dated.dated):
        if not table.is_state:
            return True
        return Window(first, last).overlaps(world.start_of(subject), world.end_of(subject))
    if "every" in rule:
        raise ValueError(f"{rule['id']}: an event cannot be bound again and again")
    if dated is None and table is not None:
        return Window(first, last).holds_time(*world.time_of(subject))
    return Window(first, last).holds(own_day(world, subjects, subject))


def is_still_owed(rule: dict[str, Any], asked: Asked) -> Truth:
    """An act whose window was over before the audited period, and that was not done when it began."""
    first, last = asked.world.period
    if "done" not in rule or "each." in rule["done"] or asked.window.last is BEFORE:
        return False
    day = expressions.value(rule["done"], asked.own_scope)
    undone = True if day is NONE else compare(">=", day, first)
    over = compare("<", asked.window.last, first)
    lives = True
    if not is_lifeless(asked.world, asked.subject):
        lives = Window(first, last).overlaps(asked.world.start_of(asked.subject), asked.world.end_of(asked.subject))
    return all_of([over, undone, lives])


def is_alive(rule: dict[str, Any], asked: Asked, anchor: Value) -> Truth:
    if "every" not in rule:
        return alive_through(asked.world, asked.subject, anchor, anchor) if "within" in rule else True
    alive = rule.get("alive", "throughout")
    first, last = asked.period_start, asked.period_end
    if alive == "sometime":
        return alive_sometime(asked.world, asked.subject, first, last)
    return alive_through(asked.world, asked.subject, last if alive == "at_end" else first, last)


def is_lifeless(world: World, subject: Record) -> bool:
    """Events, breaches and what has no time are always alive."""
    table = world.table(subject.table)
    return table is None or not table.is_state


def alive_through(world: World, subject: Record, first: Value, last: Value) -> Truth:
    if is_lifeless(world, subject):
        return True
    return all_of([world.held_on(subject, first), world.held_on(subject, last)])


def alive_sometime(world: World, subject: Record, first: Value, last: Value) -> Truth:
    if is_lifeless(world, subject):
        return True
    return Window(first, last).overlaps(world.start_of(subject), world.end_of(subject))


def in_force(spec: Any, first: Value, last: Value) -> Truth:
    spec = spec or {}
    truths = []
    if spec.get("from"):
        truths.append(compare(">=", first, as_date(spec["from"])))
    if spec.get("to"):
        truths.append(compare("<=", last, as_date(spec["to"])))
    return all_of(truths)


def is_in_force(force: Any, rule: dict[str, Any], subjects: Subjects, asked: Asked, anchor: Value) -> Truth:
    if "every" in rule:
        return in_force(force, asked.period_start, asked.period_end)
    if "within" in rule:
        return in_force(force, anchor, anchor)
    own = own_day(asked.world, subjects, asked.subject)
    day = asked.world.period[1] if own is NONE else own
    return in_force(force, day, day)
