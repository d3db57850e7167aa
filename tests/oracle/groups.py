"""Groups: who belongs, and whether we see everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from .asked import EVER, Asked, Group, Window, as_date, conditions_of, key_of, parse_group
from .model import Table
from .records import World
from .rows import Record, field_of, is_breach
from .values import BEFORE, NONE, UNKNOWN, Truth, all_of, any_of, compare, truest
from .ways import Reached, Way, end_of, reach


@dataclass
class Members:
    """Each record of a group once, with its truest way; and the references that lead to we do not know whom."""

    records: list[tuple[Record, Truth]] = field(default_factory=list)
    lost_at: set[Any] = field(default_factory=set)
    incomplete: bool = False
    table: str = ""

    @property
    def unknown(self) -> int:
        """How many records there may be behind unknown references."""
        return len(self.lost_at)

    @property
    def is_open(self) -> bool:
        """The group is incomplete, or a reference on the way is unknown: there may be a record that nobody knows."""
        return self.incomplete or self.unknown > 0

    @property
    def certain(self) -> list[Record]:
        return [record for record, truth in self.records if truth is True]

    @property
    def possible(self) -> list[Record]:
        """Those that may belong and do not certainly."""
        return [record for record, truth in self.records if truth is UNKNOWN]


def texts_of(groups: Any) -> list[str]:
    return groups if isinstance(groups, list) else [groups]


@dataclass
class Path:
    """A group with its path resolved: it may end in a defined group, reached by the name of its table."""

    group: Group
    steps: list[str]
    built_on: list[Group]


def resolved(asked: Asked, text: str) -> Path:
    group = parse_group(text)
    defined = asked.standard.group(group.path[-1])
    if defined is None:
        return Path(group, group.path, [])
    table, built_on = asked.standard.root(defined)
    return Path(group, [*group.path[:-1], table], [*built_on, defined])


def counted_table(asked: Asked, start: Record, text: str) -> Table:
    """The table that a group ends in."""
    return asked.world.tables[end_of(asked.world, start, resolved(asked, text).steps)]


def is_counted_as_state(asked: Asked, start: Record, text: str) -> bool:
    group = parse_group(text)
    return counted_table(asked, start, text).is_state and not group.dated and not group.ever


ByTime = Callable[[Asked, Group, Way, Table], Truth]


def members_of(asked: Asked, start: Record, groups: Any, by_time: ByTime | None = None) -> Members:
    """Those who belong to a group, or to one of several of the same table."""
    found = Members()
    for number, text in enumerate(texts_of(groups)):
        add_members(asked, start, resolved(asked, text), by_time or belongs_by_time, found, number)
    return found


def add_members(asked: Asked, start: Record, path: Path, by_time: ByTime, found: Members, number: int = 0) -> None:
    """The members of one group, the `number`th: what lies behind its unknown references counts apart from the others'."""
    if asked.event is not None:
        path = replace(path, group=replace(path.group, ever=True))
    reached = reach(asked.world, start, path.steps)
    table = asked.world.tables[reached.table]
    for way in reached.ways:
        truth = all_of([way.truth, by_time(asked, path.group, way, table)])
        if asked.event is not None:
            truth = all_of([truth, belongs_to_event(asked.world, way.record, table, asked.event)])
        for g in [*path.built_on, path.group]:
            if truth is not False:
                truth = all_of([truth, conditions_of(asked, g, way.record, table.name)])
        if isinstance(way.record, Record):
            add_truest(found, way.record, truth)
        elif truth is not False:
            found.lost_at.add((number, way.lost_at))
    window = EVER if path.group.ever and asked.event is None else asked.window
    found.table = table.name
    is_barred = any(conditions_of(asked, g, UNKNOWN, table.name) is False for g in [*path.built_on, path.group])
    lost = not is_barred and any(may_lead_on(asked, path.group, way, table) for way in reached.lost)
    is_open = reached.more or lost or not is_complete(asked.world, start, reached, window)
    found.incomplete = found.incomplete or is_open


def may_lead_on(asked: Asked, group: Group, way: Way, table: Table) -> bool:
    """Whether what lies behind an unknown record may belong: not, if a state on the way there did not hold on the day."""
    if group.ever or not table.is_state:
        return True
    return all_of([asked.world.held_on(state, asked.state_day) for state in way.crossed]) is not False


def add_truest(found: Members, record: Record, truth: Truth) -> None:
    for i, (other, before) in enumerate(found.records):
        if other is record:
            found.records[i] = (other, truest(before, truth))
            return
    found.records.append((record, truth))


def belongs_by_time(asked: Asked, group: Group, way: Way, table: Table) -> Truth:
    """Window, and the states crossed on the way."""
    world = asked.world
    own: Truth
    if group.ever:
        own = True
        day = world.day_of(way.record) if table.is_event else None
    elif group.dated:
        day = field_of(way.record, group.dated)
        own = asked.window.holds(day)
    elif table.is_event:
        first, day = world.time_of(way.record)
        own = asked.window.holds_time(first, day)
    else:
        day = asked.state_day
        own = world.held_on(way.record, day) if table.is_state else True
    if day is None or own is False:
        return own
    return all_of([own, *(world.held_on(state, day) for state in way.crossed)])


def belongs_to_event(world: World, record: Any, table: Table, event: Record) -> Truth:
    """By the one reference, of the record or of one that it refers to, that names the event's table."""
    if not isinstance(record, Record):
        return UNKNOWN
    own = [k.name for k in table.keys if k.target == event.table]
    if own:
        return is_the_same(record.targets[own[0]], event)
    behind = [(k.name, k2.name) for k in table.keys for k2 in world.tables[k.target].keys if k2.target == event.table]
    first, second = behind[0]
    between = record.targets[first]
    return is_the_same(between.targets[second] if isinstance(between, Record) else between, event)


def is_the_same(target: Any, event: Record) -> Truth:
    return UNKNOWN if target is UNKNOWN else target is event


def overlaps_window(asked: Asked, start: Record, text: str, *, all_days: bool = False) -> Truth:
    """`during`: a state of the group overlaps any day of the window; `during_all`: it holds on all of them."""
    path = resolved(asked, text)
    world, group = asked.world, path.group
    reached = reach(world, start, path.steps)
    table = world.tables[reached.table]
    truths: list[Truth] = []
    for way in reached.ways:
        truth = way.truth
        if isinstance(way.record, Record) and table.is_state and not group.ever:
            how = asked.window.lies_in if all_days else asked.window.overlaps
            truth = all_of([truth, how(world.start_of(way.record), world.end_of(way.record))])
        elif not isinstance(way.record, Record):
            truth = UNKNOWN
        else:
            truth = all_of([truth, belongs_by_time(asked, group, replace(way, crossed=[]), table)])
        truth = all_of([truth, *(world.held_on(s, asked.state_day) for s in way.crossed)])
        for g in [*path.built_on, group]:
            if truth is not False:
                truth = all_of([truth, conditions_of(asked, g, way.record, table.name)])
        truths.append(truth)
    if reached.more or reached.lost or not is_complete(world, start, reached, asked.window):
        truths.append(UNKNOWN)
    return any_of(truths)


# ------------------------------------------------------------------------------------------- completeness


def is_complete(world: World, start: Record, reached: Reached, window: Window) -> bool:
    """Whether a count in a window can have missed nothing."""
    if not all(world.submitted(t) for t in [*reached.crossed, reached.table]):
        return False
    if world.tables[reached.table].is_event and not is_covered(world, reached.table, window):
        return False
    return is_reported(world, NONE if reached.of_all else world.owner(start), reached.table)


def is_covered(world: World, table: str, window: Window) -> bool:
    """Whether the span for which a table of events is complete holds a window, as far as it is past."""
    covers = world.covers.get(table) or {}
    since = as_date(covers.get("from", world.period[0]))
    until = as_date(covers.get("to", world.as_of))
    end = UNKNOWN if window.last is UNKNOWN else world.as_of
    if compare("<", window.last, world.as_of) is True:
        end = window.last
    if end is UNKNOWN and until >= world.as_of:
        end = world.as_of
    if window.first is not BEFORE and compare(">=", window.first, since) is not True:
        return False
    return compare("<=", end, until) is True


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


def tables_named(asked: Asked, start: Record, groups: Iterable[str]) -> list[str]:
    return [counted_table(asked, start, text).name for text in groups]


__all__ = [
    "Members", "counted_table", "is_breach", "is_counted_as_state", "is_reported", "members_of", "overlaps_window",
    "resolved", "tables_named", "texts_of",
]  # fmt: skip
