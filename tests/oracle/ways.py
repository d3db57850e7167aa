"""Ways along a path: references forwards and backwards, neighbours, what stands above and below."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .model import Key, Table, as_list
from .rows import Record
from .values import BEFORE, NONE, UNKNOWN, Truth, Value, all_of, is_blank, is_datelike, order_key

if TYPE_CHECKING:
    from .records import World


@dataclass
class Way:
    """One way along a path: where it ends, how true it is, and the states that it crossed backwards.

    `lost_at` is the reference whose record nobody knows: ways that were lost at one reference lead to one record.
    """

    record: Any
    truth: Truth
    crossed: list[Record]
    lost_at: tuple[int, str] | None = None


@dataclass
class Reached:
    """All ways along a path, where they end, what was crossed backwards, and whether there may be more than we see."""

    ways: list[Way]
    table: str
    crossed: list[str] = field(default_factory=list)
    more: bool = False
    of_all: bool = False  # the path starts from the whole audit
    lost: list[Way] = field(default_factory=list)  # those that led to a record nobody knows, and went on from it


def reach(world: World, start: Record, path: list[str]) -> Reached:
    if path[0] == "audit":
        reached = all_records(world, path[1], is_last=len(path) == 2)
        rest = path[2:]
    elif path[0] in start.targets:  # also what only a breach has
        reached = Reached(forwards([Way(start, True, [])], path[0]), target_table(world, start, path[0]))
        rest = path[1:]
    else:
        reached, rest = Reached([Way(start, True, [])], start.table), path
    for i, name in enumerate(rest):
        step(world, reached, name, is_last=i == len(rest) - 1)
    return reached


def all_records(world: World, table: str, is_last: bool) -> Reached:
    is_crossed = world.tables[table].is_state and not is_last
    rows = [*world.records[table], *world.memory.get(("possible", table), [])]
    truths = {id(r): UNKNOWN for r in world.memory.get(("possible", table), [])}
    ways = [Way(r, truths.get(id(r), True), [r] if is_crossed else []) for r in rows if r.exists]
    return Reached(ways, table, [table], of_all=True)


def step(world: World, reached: Reached, name: str, is_last: bool) -> None:
    table = world.tables[reached.table]
    key = table.key(name)
    if name in ("previous", "next"):
        reached.ways = beside(world, reached.ways, name)
    elif name == "ancestors":
        reached.more = reached.more or tree_is_open(world, table, reached.ways)
        reached.ways = onwards(reached.ways, lambda r: above(world, r), is_crossed=False)
    elif name == "descendants":
        reached.more = reached.more or tree_is_open(world, table, reached.ways)
        reached.crossed.append(table.name)
        reached.ways = onwards(reached.ways, lambda r: below(world, r), is_crossed=table.is_state and not is_last)
    elif key is not None:
        reached.ways = forwards(reached.ways, name)
        reached.table = key.target
    else:
        backwards(world, reached, name, is_last)


def backwards(world: World, reached: Reached, name: str, is_last: bool) -> None:
    key = world.backwards(reached.table, name)
    if key is None:
        raise ValueError(f"{reached.table} has no {name}")
    reached.crossed.append(key.table)
    reached.more = reached.more or world.column_missing(key)
    reached.lost += [w for w in reached.ways if w.record is UNKNOWN and w.truth is not False]
    rows = world.children.get((key.table, key.name), {})
    is_crossed = world.tables[key.table].is_state and not is_last
    reached.ways = onwards(reached.ways, lambda r: rows.get(id(r), []), is_crossed)
    reached.table = key.table


def onwards(ways: list[Way], following: Any, is_crossed: bool) -> list[Way]:
    found = []
    for way in [w for w in ways if isinstance(w.record, Record)]:
        for row, truth in following(way.record):
            crossed = [*way.crossed, row] if is_crossed else way.crossed
            found.append(Way(row, all_of([way.truth, truth]), crossed))
    return found


def forwards(ways: list[Way], name: str) -> list[Way]:
    found = []
    for way in ways:
        target = way.record.targets[name] if isinstance(way.record, Record) else way.record
        if isinstance(target, Record) and not target.exists:
            target = UNKNOWN
        if target is not NONE:
            found.append(led_to(way, target, name))
    return found


def led_to(way: Way, target: Any, name: str) -> Way:
    if target is not UNKNOWN:
        return Way(target, way.truth, way.crossed)
    return Way(UNKNOWN, UNKNOWN, way.crossed, way.lost_at or (id(way.record), name))


def beside(world: World, ways: list[Way], name: str) -> list[Way]:
    found = []
    for way in ways:
        target = neighbour(world, way.record, name) if isinstance(way.record, Record) else way.record
        if target is not NONE:
            found.append(led_to(way, target, name))
    return found


def end_of(world: World, start: Record, path: list[str]) -> str:
    """The table in which a path ends."""
    if path[0] == "audit":
        table, path = path[1], path[2:]
    elif path[0] in start.targets:
        table, path = target_table(world, start, path[0]), path[1:]
    else:
        table = start.table
    for name in path:
        forward, backward = world.tables[table].key(name), world.backwards(table, name)
        if forward is not None:
            table = forward.target
        elif backward is not None:
            table = backward.table
    return table


def target_table(world: World, start: Record, name: str) -> str:
    key = world.tables[start.table].key(name) if start.table in world.tables else None
    return key.target if key is not None else str(start.targets[name].table)  # the subject of a breach is known


# ------------------------------------------------------------------------------------------------- the tree


def parent_key(table: Table) -> Key:
    (key,) = table.own_references
    return key


def tree_is_open(world: World, table: Table, ways: list[Way]) -> bool:
    """Whether there may be more above and below than we see."""
    unknown = any(way.record is UNKNOWN for way in ways)
    return unknown or world.column_missing(parent_key(table)) or table.name in world.circles


def tree(world: World, name: str) -> dict[int, dict[int, Truth]]:
    """For each record those that are above it, and those that may be."""
    if ("tree", name) not in world.memory:
        rows = world.records[name]
        parent = parent_key(world.tables[name]).name
        world.memory["tree", name] = {id(r): above_of(r, rows, parent) for r in rows}
    found: dict[int, dict[int, Truth]] = world.memory["tree", name]
    return found


def chain(record: Record, parent: str) -> tuple[list[Record], bool]:
    """A record and all that certainly stand above it; whether the parent of the last is unknown."""
    found = [record]
    while isinstance(target := found[-1].targets[parent], Record):
        found.append(target)
    return found, found[-1].targets[parent] is UNKNOWN


def above_of(record: Record, rows: list[Record], parent: str) -> dict[int, Truth]:
    known, is_open = chain(record, parent)
    found: dict[int, Truth] = {id(r): True for r in known[1:]}
    if is_open:  # whoever is not certainly below the topmost may be its parent, and stand above all of them
        for other in rows:
            if not any(r is known[-1] for r in chain(other, parent)[0]):
                found.setdefault(id(other), UNKNOWN)
    return found


def above(world: World, record: Record) -> list[tuple[Record, Truth]]:
    truths = tree(world, record.table)[id(record)]
    return [(r, truths[id(r)]) for r in world.records[record.table] if id(r) in truths]


def below(world: World, record: Record) -> list[tuple[Record, Truth]]:
    truths = tree(world, record.table)
    return [(r, truths[id(r)][id(record)]) for r in world.records[record.table] if id(record) in truths[id(r)]]


# --------------------------------------------------------------------------------------------- neighbours


def neighbour(world: World, record: Record, name: str) -> Any:
    """The record before or after it, by the order of its table: a Record, NONE or UNKNOWN."""
    if (record.table, name, id(record)) not in world.memory:
        order = world.tables[record.table].order
        if order is None:
            raise ValueError(f"{record.table} has no order")
        previous, following = neighbours(world.records[record.table], record, order)
        world.memory[record.table, "previous", id(record)] = previous
        world.memory[record.table, "next", id(record)] = following
    return world.memory[record.table, name, id(record)]


def neighbours(rows: Iterable[Record], row: Record, order: dict[str, Any]) -> tuple[Any, Any]:
    """What `previous.` and `next.` mean: the neighbours in the declared order, ties by file and row."""
    if not row.file and not row.line:  # a possible row has no place
        return UNKNOWN, UNKNOWN
    by = [p.split(".") for p in as_list(order["by"])]
    within = [p.split(".") for p in as_list(order.get("within"))]
    group = [r for r in rows if all(along(r, w) == along(row, w) for w in within)]
    if any(along(row, w) is UNKNOWN for w in within) or any(along(r, b) is UNKNOWN for r in group for b in by):
        return UNKNOWN, UNKNOWN
    group.sort(key=lambda r: rank(r, by))
    at = next(i for i, r in enumerate(group) if r is row)
    return group[at - 1] if at else NONE, group[at + 1] if at + 1 < len(group) else NONE


def rank(record: Record, by: list[list[str]]) -> list[Any]:
    """Where a record stands in an order: ties by file and row."""
    return [*(sort_key(along(record, path)) for path in by), record.file, record.line]


def along(record: Any, path: list[str]) -> Value:
    """A field behind references."""
    for name in path[:-1]:
        if isinstance(record, Record):
            record = record.targets[name]
    if not isinstance(record, Record):
        return record
    return record.values[path[-1]]


def sort_key(value: Value) -> Any:
    """For an order: none first, then what is open at its beginning; what is open at its end, or not yet, last."""
    if value is NONE:
        return (-2, 0)
    if value is BEFORE or is_datelike(value) or is_blank(value):
        return order_key(value)
    return (0, value)
