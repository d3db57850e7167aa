"""Groups: paths, windows, who belongs, how many, and whether the count is complete."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from . import expressions
from .records import Record, Way, World, field_of, follow, recorded_of
from .values import (
    AFTER,
    BEFORE,
    NONE,
    NOT_YET,
    UNKNOWN,
    Duration,
    Interval,
    Truth,
    Value,
    all_of,
    any_of,
    compare,
    truest,
)


@dataclass(frozen=True)
class Group:
    path: list[str]
    within: str | None  # in NAME
    dated: str | None
    ever: bool
    where: str | None


GROUP = re.compile(r"\s*([\w.]+)(?:\s+in\s+(\w+))?(?:\s+dated\s+(\w+)|\s+(ever))?(?:\s+where\s+(.+))?\s*", re.S)


def parse_group(text: str) -> Group:
    match = GROUP.fullmatch(text)
    if match is None:
        raise SyntaxError(f"not a group: {text!r}")
    path, within, dated, ever, where = match.groups()
    return Group(path.split("."), within, dated, bool(ever), where)


@dataclass(frozen=True)
class Window:
    first: Value  # a date, UNKNOWN, or BEFORE: no first day
    last: Value  # a date, UNKNOWN, or AFTER: no last day

    def holds(self, day: Value) -> Truth:
        """Whether a day lies in it. What is none, still open or not yet lies in no window."""
        if day in (NONE, AFTER, NOT_YET):
            return False
        return all_of([compare("<=", self.first, day), compare("<=", day, self.last)])

    def overlaps(self, first: Value, last: Value) -> Truth:
        return all_of([compare("<=", self.first, last), compare("<=", first, self.last)])

    def is_open(self, as_of: date) -> Truth:
        return compare(">", self.last, as_of)


@dataclass
class Standard:
    """The parts of a standard that expressions and groups speak of."""

    spec: dict[str, Any]
    tables: dict[str, Any]

    def group(self, name: str) -> Group | None:
        found = self.spec.get("define", {}).get(name)
        return parse_group(found) if isinstance(found, str) else None

    def number(self, table: str, name: str) -> dict[str, Any] | None:
        found = self.spec.get("define", {}).get(name)
        return found if isinstance(found, dict) and found["for"] == table else None

    def root(self, group: Group) -> tuple[str, list[Group]]:
        """The table that a group of `for` or `define` starts from, and the groups it is built on."""
        name = group.path[0]
        if name in self.tables:
            return name, []
        other = self.group(name)
        if other is None:
            raise ValueError(f"no table or group {name}")
        table, others = self.root(other)
        return table, [*others, other]

    def param(self, name: str, day: Value) -> Value:
        """The value in force on a day; before the first date, the first."""
        values = self.spec["parameters"][name]
        if not isinstance(values, dict):
            return read_param(values)
        dated = sorted((as_date(d), v) for d, v in values.items())
        if day is UNKNOWN and len(dated) > 1:
            return UNKNOWN
        in_force = [v for d, v in dated if isinstance(day, date) and d <= day]
        return read_param(in_force[-1] if in_force else dated[0][1])


def as_date(text: Any) -> date:
    return text if isinstance(text, date) else date.fromisoformat(str(text))


def read_param(raw: Any) -> Value:
    if isinstance(raw, list):
        return tuple(str(x) for x in raw)
    return read_duration(str(raw)) or str(raw)


def read_duration(text: str) -> Duration | None:
    match = re.fullmatch(r"\s*(\d+)\s+(day|week|month|year)s?\s*", text)
    return Duration(int(match.group(1)), match.group(2) + "s") if match else None


@dataclass(frozen=True)
class Asked:
    """All that a question is asked about: the subject, the value of `each`, the period, the window."""

    world: World
    standard: Standard
    subject: Any
    each: dict[str, str]
    period_start: date
    period_end: date
    window: Window
    has_window: bool  # `every` or `within` is there
    param_day: Value
    own_day: Value = NONE  # the subject's own day, if it is an event
    each_of_breach: bool = field(default=False)  # `each.` means that of the row at hand first

    @property
    def state_day(self) -> Value:
        """The day on which states are asked."""
        if self.has_window:
            return self.world.as_of if self.window.last is AFTER else self.window.last
        return self.world.as_of if self.own_day is NONE else self.own_day

    def scope(self, row: Any, table: str) -> Scope:
        return Scope(self, row, table)

    def truth(self, text: str, row: Any, table: str) -> Truth:
        return expressions.condition(text, self.scope(row, table))


class Scope:
    """What names mean for the row at hand."""

    def __init__(self, asked: Asked, row: Any, table: str) -> None:
        self.asked, self.row, self.table = asked, row, table

    def resolve(self, parts: list[str]) -> tuple[Any, str, list[str]]:
        """The record that all but the last part lead to, its table, and the last part."""
        record, table = self.row, self.table
        if parts[0] == "subject":
            record, parts = self.asked.subject, parts[1:]
            if is_breach(record) and (not parts or not (parts[0] == "each" or has_name(record, parts[0]))):
                record = record.targets["subject"]  # what a breach does not have, its subject has
            table = record.table
            if not parts:
                return record, table, ["subject"]
        while len(parts) > 1 and parts[0] != "each":
            table = self.table_behind(record, table, parts[0])
            record = follow(record, parts[0])
            parts = parts[1:]
        return record, table, parts

    def table_behind(self, record: Any, table: str, name: str) -> str:
        if is_breach(record):
            return str(record.targets[name].table)
        key = self.asked.world.tables[table].key(name)
        if key is None:
            raise ValueError(f"{table} has no reference {name}")
        return key.target

    def lookup(self, parts: list[str]) -> Value:
        asked = self.asked
        if parts == ["as_of"]:
            return asked.world.as_of
        if parts in (["period_start"], ["period_end"]) and not is_breach(self.row):
            return getattr(asked, parts[0])
        if parts[0] == "each":
            return self.each(parts[1], self.row)
        record, table, parts = self.resolve(parts)
        if parts[0] == "each":
            return record.each[parts[1]]
        if is_breach(record):
            return record.values[parts[0]]
        if parts[0] in asked.world.tables[table].fields:
            return field_of(record, parts[0])
        number = asked.standard.number(table, parts[0])
        if number is None:
            raise ValueError(f"{table} has no {parts[0]}")
        return count_of(asked, record, number["count"], table) if isinstance(record, Record) else record

    def each(self, name: str, row: Any) -> str:
        if is_breach(row) and (self.asked.each_of_breach or name not in self.asked.each) and name in row.each:
            return str(row.each[name])
        return self.asked.each[name]

    def recorded(self, parts: list[str]) -> Truth:
        record, _, parts = self.resolve(parts)
        return recorded_of(self.asked.world, record, parts[0])

    def param(self, name: str) -> Value:
        found = self.asked.standard.param(name, self.asked.param_day)
        if isinstance(found, tuple) or found is UNKNOWN:  # a list is one for the whole audit
            whole = self.asked.standard.param(name, self.asked.world.period[0])
            return whole if isinstance(whole, tuple) else found
        return found

    def in_group(self, parts: list[str], name: str) -> Truth:
        record, table, parts = self.resolve(parts)
        if parts == ["subject"]:  # the rule's subject itself
            return in_group(self.asked, record, table, name)
        table = self.table_behind(record, table, parts[0])
        return in_group(self.asked, follow(record, parts[0]), table, name)


def has_name(record: Record, name: str) -> bool:
    return name in record.values or name in record.targets


def is_breach(record: Any) -> bool:
    return isinstance(record, Record) and record.table.startswith("breaches of ")


def in_group(asked: Asked, record: Any, table: str, name: str) -> Truth:
    """Whether a record is in a defined group."""
    if record is NONE:
        return False
    group = asked.standard.group(name)
    if group is None:
        raise ValueError(f"no group {name}")
    _, built_on = asked.standard.root(group)
    return all_of(conditions_of(asked, g, record, table) for g in [*built_on, group])


def conditions_of(asked: Asked, group: Group, record: Any, table: str) -> Truth:
    """`in` and `where` of a group."""
    within = in_group(asked, record, table, group.within) if group.within else True
    where = asked.truth(group.where, record, table) if group.where else True
    return all_of([within, where])


# ------------------------------------------------------------------------------------------- counting


def resolve_path(asked: Asked, start: Record, group: Group) -> tuple[list[str], list[Group]]:
    """A path may end in a defined group, reached by the backward reference named like its table."""
    defined = asked.standard.group(group.path[-1])
    if defined is None:
        return group.path, []
    table, built_on = asked.standard.root(defined)
    return [*group.path[:-1], table], [*built_on, defined]


def counted_table(asked: Asked, start: Record, path: list[str]) -> str:
    if is_breach(start):
        subject = start.targets[path[0]]
        return asked.world.path_table(subject.table, path[1:])
    return asked.world.path_table(start.table, path)


def is_counted_as_state(asked: Asked, start: Record, text: str) -> bool:
    group = parse_group(text)
    path, _ = resolve_path(asked, start, group)
    table = asked.world.tables[counted_table(asked, start, path)]
    return table.is_state and not group.dated and not group.ever


def members_of(asked: Asked, start: Record, text: str) -> tuple[list[tuple[Any, Truth]], bool, str]:
    """Each record of a group once, with its truest way; whether the count is complete; the table."""
    group = parse_group(text)
    path, built_on = resolve_path(asked, start, group)
    table = counted_table(asked, start, path)
    ways, crossed, more = asked.world.reach(start, path)
    found: list[tuple[Any, Truth]] = []
    for way in ways:
        truth = all_of([way.truth, belongs_by_time(asked, group, way, table)])
        for g in [*built_on, group]:
            if truth is not False:
                truth = all_of([truth, conditions_of(asked, g, way.record, table)])
        add_truest(found, way.record, truth)
    window = Window(BEFORE, AFTER) if group.ever else asked.window
    complete = not more and is_complete(asked.world, start, [k.table for k in crossed], table, window)
    return found, complete, table


def add_truest(found: list[tuple[Any, Truth]], record: Any, truth: Truth) -> None:
    for i, (other, before) in enumerate(found):
        if other is record and isinstance(record, Record):
            found[i] = (other, truest(before, truth))
            return
    found.append((record, truth))


def belongs_by_time(asked: Asked, group: Group, way: Way, table_name: str) -> Truth:
    """Window, and the states crossed on the way."""
    table = asked.world.tables[table_name]
    if group.ever:
        own: Truth = True
        day = asked.world.day_of(way.record) if table.is_event else None
    elif group.dated:
        day = field_of(way.record, group.dated)
        own = asked.window.holds(day)
    elif table.is_event:
        day = asked.world.day_of(way.record)
        own = asked.window.holds(day)
    else:
        day = asked.state_day
        own = asked.world.held_on(way.record, day) if table.is_state else True
    if day is None or own is False:
        return own
    return all_of([own, *(asked.world.held_on(state, day) for state in way.crossed)])


def count_of(asked: Asked, start: Record, groups: Any, table: str = "") -> Interval:
    """How many: certain counts the rows that are true, possible those that are not false."""
    found: list[tuple[Any, Truth]] = []
    complete = True
    for text in groups if isinstance(groups, list) else [groups]:
        members, is_all, _ = members_of(asked, start, text)
        complete = complete and is_all
        for record, truth in members:
            add_truest(found, record, truth)
    certain = len([1 for _, truth in found if truth is True])
    possible = len([1 for _, truth in found if truth is not False])
    return Interval(certain, possible if complete else None)


def overlaps_window(asked: Asked, start: Record, text: str) -> Truth:
    """`during`: whether a state of the group overlaps any day of the window."""
    group = parse_group(text)
    path, built_on = resolve_path(asked, start, group)
    table_name = counted_table(asked, start, path)
    table = asked.world.tables[table_name]
    ways, crossed, more = asked.world.reach(start, path)
    truths: list[Truth] = []
    for way in ways:
        truth = way.truth
        if isinstance(way.record, Record) and table.is_state and not group.ever:
            world = asked.world
            truth = all_of([truth, asked.window.overlaps(world.start_of(way.record), world.end_of(way.record))])
        elif not isinstance(way.record, Record):
            truth = UNKNOWN
        else:
            truth = all_of([truth, belongs_by_time(asked, group, replace(way, crossed=[]), table_name)])
        truth = all_of([truth, *(asked.world.held_on(s, asked.state_day) for s in way.crossed)])
        for g in [*built_on, group]:
            if truth is not False:
                truth = all_of([truth, conditions_of(asked, g, way.record, table_name)])
        truths.append(truth)
    if more or not is_complete(asked.world, start, [k.table for k in crossed], table_name, asked.window):
        truths.append(UNKNOWN)
    return any_of(truths)


def is_complete(world: World, start: Record, crossed: list[str], counted: str, window: Window) -> bool:
    """Whether a count in a window can have missed nothing."""
    if not all(world.submitted(t) for t in [*crossed, counted]):
        return False
    covers = world.covers.get(counted) or {}
    if world.tables[counted].is_event:
        since = as_date(covers.get("from", world.period[0]))
        until = as_date(covers.get("to", world.as_of))
        end = UNKNOWN if window.last is UNKNOWN else world.as_of
        if compare("<", window.last, world.as_of) is True:
            end = window.last
        if end is UNKNOWN and until >= world.as_of:
            end = world.as_of
        if window.first is not BEFORE and compare(">=", window.first, since) is not True:
            return False
        if compare("<=", end, until) is not True:
            return False
    return is_reported(world, world.owner(start), counted)


def is_reported(world: World, owner: Any, table: str) -> bool:
    """Whether a table is complete for an organization; a derived one, where all are that it is made from."""
    sources = {d["from"] for d in world.tables[table].derive}
    if sources:
        return all(is_reported(world, owner, s) for s in sources if world.submitted(s))
    covers = world.covers.get(table) or {}
    silence = world.silence.get(table) if isinstance(world.silence, dict) else world.silence
    if "organizations" in covers:
        listed = [str(o) for o in covers["organizations"] or []]
        if not isinstance(owner, Record) or key_of(world, owner) not in listed:
            return False
    if silence == "unreported" and world.tables[table].owner != "self":  # whoever is not in that table is not there
        if not isinstance(owner, Record):
            return False
        if not any(world.owner(row) is owner for row in world.records[table]):
            return False
    return True


def key_of(world: World, record: Record) -> str:
    """The identifier of a record: the text of its primary key."""
    if is_breach(record):
        return record.text["key"]
    return "/".join(record.text[c] for c in world.tables[record.table].primary)


__all__ = ["Asked", "Group", "Standard", "Window", "count_of", "in_group", "key_of", "overlaps_window", "parse_group"]
