"""What is asked of one check: the standard, the subject, the window; and what names mean there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from . import expressions
from .derive import recorded_of, reference_value
from .records import World
from .rows import AUDIT, Record, field_of, is_breach
from .values import (
    AFTER,
    BEFORE,
    NONE,
    NOT_YET,
    UNKNOWN,
    Calendar,
    Duration,
    Truth,
    Value,
    all_of,
    compare,
)
from .ways import neighbour


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
    by_last_day: bool = False  # `within`: what speaks of a time belongs by its last day, elsewhere wholly

    def holds(self, day: Value) -> Truth:
        """Whether a day lies in it. What is none, still open or not yet lies in no window."""
        if day in (NONE, AFTER, NOT_YET):
            return False
        return all_of([compare("<=", self.first, day), compare("<=", day, self.last)])

    def holds_time(self, first: Value, last: Value) -> Truth:
        return self.holds(last) if self.by_last_day else all_of([self.holds(first), self.holds(last)])

    def overlaps(self, first: Value, last: Value) -> Truth:
        return all_of([compare("<=", self.first, last), compare("<=", first, self.last)])

    def lies_in(self, first: Value, last: Value) -> Truth:
        """Whether all its days lie between two."""
        return all_of([compare("<=", first, self.first), compare("<=", self.last, last)])

    def is_open(self, as_of: date) -> Truth:
        return compare(">", self.last, as_of)


EVER = Window(BEFORE, AFTER)


@dataclass
class Standard:
    """The parts of a standard that expressions and groups speak of."""

    spec: dict[str, Any]
    world: World

    def group(self, name: str) -> Group | None:
        found = self.spec.get("define", {}).get(name)
        return parse_group(found) if isinstance(found, str) else None

    def measure(self, table: str, name: str) -> dict[str, Any] | None:
        """What a name is defined to be of each record of a table."""
        found = self.spec.get("define", {}).get(name)
        return found if isinstance(found, dict) and found["for"] == table else None

    def root(self, group: Group) -> tuple[str, list[Group]]:
        """The table that a group of `for` or `define` starts from, and the groups it is built on."""
        name = group.path[0]
        if name in self.world.tables:
            return name, []
        other = self.group(name)
        if other is None:
            raise ValueError(f"no table or group {name}")
        table, others = self.root(other)
        return table, [*others, other]

    def param(self, name: str, day: Value) -> Value:
        """The value in force on a day; before the first date, the first. Of a reading the choice that is used."""
        if name in self.spec.get("readings", {}):
            return str(self.spec["readings"][name]["use"])
        values = self.spec["parameters"][name]
        if not isinstance(values, dict):
            return read_param(values)
        dated = sorted((as_date(d), v) for d, v in values.items())
        if day is UNKNOWN and len(dated) > 1:
            return UNKNOWN
        in_force = [v for d, v in dated if isinstance(day, date) and d <= day]
        return read_param(in_force[-1] if in_force else dated[0][1])

    @property
    def calendar(self) -> Calendar:
        """`weekdays`, or a mapping with the years that are known and the days off and on."""
        found = self.spec.get("calendar", "weekdays")
        if found == "weekdays":
            return Calendar()
        days = {name: frozenset(as_date(d) for d in found.get(name, [])) for name in ("off", "on")}
        return Calendar(frozenset(int(y) for y in found["years"]), **days)


def as_date(text: Any) -> date:
    return text if isinstance(text, date) else date.fromisoformat(str(text))


def read_param(raw: Any) -> Value:
    if isinstance(raw, list):
        return tuple(str(x) for x in raw)
    return read_duration(str(raw)) or str(raw)


def read_duration(text: str) -> Duration | None:
    match = re.fullmatch(r"\s*(\d+)\s+(day|working day|week|month|year)s?\s*", text)
    return Duration(int(match.group(1)), match.group(2) + "s") if match else None


@dataclass(frozen=True)
class Asked:
    """All that a question is asked about: the subject, the values of `each`, the period, the window."""

    world: World
    standard: Standard
    subject: Any
    each: dict[str, Any]  # a value, a record, or UNKNOWN
    period_start: Value
    period_end: Value
    window: Window
    has_window: bool  # `every` or `within` is there
    param_day: Value
    own_day: Value = NONE  # the subject's own day, if it is an event
    each_of_breach: bool = field(default=False)  # `each.` means that of the row at hand first
    event: Any = None  # of a run over events; what is counted must belong to it, anywhere in time

    @property
    def state_day(self) -> Value:
        """The day on which states are asked."""
        if self.has_window:
            return self.world.as_of if self.window.last is AFTER else self.window.last
        return self.world.as_of if self.own_day is NONE else self.own_day

    def scope(self, row: Any, table: str) -> Scope:
        return Scope(self, row, table)

    @property
    def own_scope(self) -> Scope:
        """Names as the subject means them."""
        return Scope(self, self.subject, self.subject.table)

    def truth(self, text: str, row: Any, table: str) -> Truth:
        return expressions.condition(text, self.scope(row, table))


class Scope:
    """What names mean for the row at hand."""

    def __init__(self, asked: Asked, row: Any, table: str) -> None:
        self.asked, self.row, self.table = asked, row, table

    def start(self, parts: list[str]) -> tuple[Any, str, list[str]]:
        """Where a name begins: at the row at hand, the subject, the event, a record of `each`, the audit."""
        asked = self.asked
        if parts[0] == "subject":
            record, parts = asked.subject, parts[1:]
            if is_breach(record) and (not parts or not (parts[0] == "each" or has_name(record, parts[0]))):
                record = record.targets["subject"]  # what a breach does not have, its subject has
            return record, record.table, parts
        if parts[0] == "event":
            return asked.event, asked.event.table, parts[1:]
        if parts[0] == "audit":
            return AUDIT, "audit", parts[1:]
        return self.row, self.table, parts

    def resolve(self, parts: list[str]) -> tuple[Any, str, list[str]]:
        """The record that all but the last part lead to, its table, and the last part."""
        record, table, parts = self.start(parts)
        if not parts:
            return record, table, ["subject"]
        while len(parts) > 1 and parts[0] != "each":
            record, table = self.follow(record, table, parts[0])
            parts = parts[1:]
        return record, table, parts

    def follow(self, record: Any, table: str, name: str) -> tuple[Any, str]:
        """The record that a reference, `previous` or `next` leads to, and its table."""
        if is_breach(record):
            return record.targets[name], str(record.targets[name].table)
        there = isinstance(record, Record)
        if there and not record.exists:
            record, there = UNKNOWN, False
        if name in ("previous", "next"):
            return (neighbour(self.asked.world, record, name) if there else record), table
        key = self.asked.world.tables[table].key(name)
        if key is None:
            raise ValueError(f"{table} has no reference {name}")
        return (record.targets[name] if there else record), key.target

    def lookup(self, parts: list[str]) -> Value:
        if parts == ["as_of"]:
            return self.asked.world.as_of
        if parts in (["period_start"], ["period_end"]) and not is_breach(self.row):
            return getattr(self.asked, parts[0])
        if parts[0] == "each":
            return self.each(self.each_named(parts[1], self.row), parts[2:])
        record, table, parts = self.resolve(parts)
        if parts[0] == "each":
            return self.each(record.each[parts[1]], parts[2:])
        return self.value_of(record, table, parts[0])

    def value_of(self, record: Any, table: str, name: str) -> Value:
        """A field, a reference as the key it holds, or a defined number."""
        world = self.asked.world
        if is_breach(record):
            return record.values[name]
        found = world.table(table)
        assert found is not None
        if name in found.fields:
            return field_of(record, name)
        if found.key(name):
            return reference_value(world, record, name) if isinstance(record, Record) else record
        measure = self.asked.standard.measure(table, name)
        if measure is None:
            raise ValueError(f"{table} has no {name}")
        from .measures import defined

        return defined(self.asked, record, measure, table) if isinstance(record, Record) else record

    def each_named(self, name: str, row: Any) -> Any:
        if is_breach(row) and (self.asked.each_of_breach or name not in self.asked.each) and name in row.each:
            return row.each[name]
        return self.asked.each[name]

    def each(self, found: Any, parts: list[str]) -> Value:
        """A value of `each`; of a record its key, or what is asked of it."""
        if not parts or not isinstance(found, Record):
            return key_of(self.asked.world, found) if isinstance(found, Record) else found
        return Scope(self.asked, found, found.table).lookup(parts)

    def recorded(self, parts: list[str]) -> Truth:
        if parts[0] == "each":
            found = self.each_named(parts[1], self.row)
            return Scope(self.asked, found, found.table).recorded(parts[2:]) if isinstance(found, Record) else UNKNOWN
        record, _, parts = self.resolve(parts)
        return recorded_of(self.asked.world, record, parts[0])

    def param(self, name: str) -> Value:
        found = self.asked.standard.param(name, self.asked.param_day)
        if isinstance(found, tuple) or found is UNKNOWN:  # a list is one for the whole audit
            whole = self.asked.standard.param(name, self.asked.world.period[0])
            return whole if isinstance(whole, tuple) else found
        return found

    def in_group(self, parts: list[str], name: str) -> Truth:
        if parts[0] == "each" and len(parts) == 2:  # a record of `each` itself
            found = self.each_named(parts[1], self.row)
            return in_group(self.asked, found, found.table, name) if isinstance(found, Record) else UNKNOWN
        record, table, parts = self.resolve(parts)
        if parts == ["subject"]:  # the rule's subject itself
            return in_group(self.asked, record, table, name)
        return in_group(self.asked, *self.follow(record, table, parts[0]), name)

    def calendar(self) -> Calendar:
        return self.asked.standard.calendar


def has_name(record: Record, name: str) -> bool:
    return name in record.values or name in record.targets


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


def key_of(world: World, record: Record) -> str:
    """The identifier of a record: the text of its primary key."""
    if is_breach(record) or record is AUDIT:
        return record.text["key"]
    primary = world.tables[record.table].primary  # of a part that cannot be read nothing is known
    return "/".join("" if record.values[c] is UNKNOWN else record.text[c] for c in primary)
