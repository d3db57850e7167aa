"""Tables made from others, and fields made from the others of their row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import expressions
from .cells import blank_of, is_not_yet
from .model import Table, as_list
from .rows import Record, field_of, held_key
from .values import NONE, UNKNOWN, Calendar, Truth, Value, compare, is_blank, text_of
from .ways import along, neighbours, rank, reach

if TYPE_CHECKING:
    from .records import World


def rows_of(world: World, table: Table, spec: dict[str, Any]) -> list[Record]:
    """The rows of one entry of `derive`."""
    source = [r for r in world.records[spec["from"]] if r.exists]
    scopes = [(row, scope_in(world, source, row, spec.get("order"))) for row in source]
    there = [(row, s) for row, s in scopes if "where" not in spec or expressions.condition(spec["where"], s) is True]
    if "key" in spec:
        return [made(world, table, rows[0][0], cells) for cells, rows in grouped(spec, there)]
    return [
        made(world, table, row, {name: expressions.value(text, scope) for name, text in spec["fields"].items()})
        for row, scope in there
    ]


def scope_in(world: World, rows: list[Record], row: Record, order: dict[str, Any] | None) -> RowScope:
    before, after = neighbours(rows, row, order) if order else (NONE, NONE)
    return RowScope(world, row, before, after)


def made(world: World, table: Table, origin: Record, cells: dict[str, Value]) -> Record:
    record = Record(table.name, {}, {}, {}, origin.file, origin.line)
    for name in table.fields:
        if name not in table.computed:
            put(world, record, name, cells.get(name, NONE))
    return record


def put(world: World, record: Record, name: str, cell: Value) -> None:
    """A value that is made: none, open and not yet are a blank of the field's own kind."""
    spec = world.tables[record.table].fields[name]
    blank = is_blank(cell) or is_not_yet(spec, cell, world.as_of)
    record.values[name] = blank_of(spec) if blank else cell
    record.recorded[name] = False if blank else UNKNOWN if cell is UNKNOWN else True
    record.text[name] = "" if blank or cell is UNKNOWN else text_of(cell)


def compute(world: World, record: Record) -> None:
    """The computed fields of a record, in the order in which they stand."""
    if record.is_computed:
        return
    record.is_computed = True
    table = world.tables[record.table]
    for name in table.computed:
        put(world, record, name, expressions.value(table.fields[name]["computed"], RowScope(world, record, NONE, NONE)))


# ---------------------------------------------------------------------------------------------- one row a key

Place = tuple[Record, "RowScope"]


def grouped(spec: dict[str, Any], there: list[Place]) -> list[tuple[dict[str, Value], list[Place]]]:
    """The rows of each different known key, with the values of the keys and the aggregates."""
    keys = key_paths(spec["key"])
    groups: dict[tuple[Value, ...], list[Place]] = {}
    for row, scope in there:
        key = tuple(expressions.value(path, scope) for path in keys.values())
        if UNKNOWN not in key:
            groups.setdefault(key, []).append((row, scope))
    found = []
    for key, rows in groups.items():
        cells = dict(zip(keys, key, strict=True))
        cells |= {name: aggregate(text, rows, spec.get("order")) for name, text in spec.get("fields", {}).items()}
        found.append((cells, rows))
    return found


def key_paths(key: Any) -> dict[str, str]:
    """Field of the derived table -> path."""
    found: dict[str, str] = {}
    for part in as_list(key):
        found |= part if isinstance(part, dict) else {part.split(".")[-1]: part}
    return found


def aggregate(text: str, rows: list[Place], order: dict[str, Any] | None) -> Value:
    kind, function, arguments = expressions.parse(text)
    if kind != "call" or function not in ("min", "max", "count", "first"):
        raise SyntaxError(f"not an aggregate: {text!r}")
    if function == "count":
        return len(rows)
    if function == "first":
        return first(arguments[0], rows, order)
    values = [expressions.evaluate(arguments[0], scope) for _, scope in rows]
    if UNKNOWN in values:
        return UNKNOWN
    best: Value = NONE
    for x in values:
        if x is not NONE and (best is NONE or compare("<" if function == "min" else ">", x, best)):
            best = x
    return best


def first(node: Any, rows: list[Place], order: dict[str, Any] | None) -> Value:
    """The value of the first row; unknown where it is unknown which is the first."""
    by = [p.split(".") for p in as_list(order["by"])] if order else []
    if any(along(row, path) is UNKNOWN for row, _ in rows for path in by):
        return UNKNOWN
    ranked = sorted(rows, key=lambda place: rank(place[0], by))
    return expressions.evaluate(node, ranked[0][1])


class RowScope:
    """What names mean in `derive` and `computed`."""

    def __init__(self, world: World, row: Record, before: Any, after: Any) -> None:
        self.world, self.row, self.before, self.after = world, row, before, after

    def walk(self, parts: list[str]) -> tuple[Any, list[str]]:
        record: Any = self.row
        if parts[0] in ("previous", "next"):
            record, parts = (self.before if parts[0] == "previous" else self.after), parts[1:]
        for name in parts[:-1]:
            if isinstance(record, Record):
                record = record.targets[name] if record.exists else UNKNOWN
        if isinstance(record, Record):
            compute(self.world, record)
        return record, parts[-1:]

    def lookup(self, parts: list[str]) -> Value:
        if parts == ["as_of"]:
            return self.world.as_of
        record, (name,) = self.walk(parts)
        if isinstance(record, Record) and name in record.targets and name not in record.values:
            return reference_value(self.world, record, name)
        return field_of(record, name)

    def recorded(self, parts: list[str]) -> Truth:
        record, (name,) = self.walk(parts)
        if isinstance(record, Record) and name not in record.values and name not in record.targets:
            ways = reach(self.world, record, [name]).ways
            return any(way.truth is True for way in ways)  # what cannot be placed is nobody's here
        return recorded_of(self.world, record, name)

    def param(self, name: str) -> Value:
        raise SyntaxError("parameters do not stand in the record model")

    def in_group(self, parts: list[str], name: str) -> Truth:
        raise SyntaxError("groups do not stand in the record model")

    def calendar(self) -> Calendar:
        return Calendar()


def reference_value(world: World, record: Record, name: str) -> Value:
    """A reference as a value: the key it holds."""
    key = world.tables[record.table].key(name)
    assert key is not None
    return UNKNOWN if name in record.not_placed else held_key(record, key)


def recorded_of(world: World, record: Any, name: str) -> Truth:
    """Whether something is written in a field, or in the fields of a reference."""
    if record is NONE:
        return False
    if record is UNKNOWN or not record.exists:
        return UNKNOWN
    if name not in record.values and name in record.targets:
        key = world.tables[record.table].key(name)
        assert key is not None
        truths = [record.recorded[c] for c in key.columns]
        return True if True in truths else UNKNOWN if UNKNOWN in truths else False
    return record.recorded[name]


__all__ = ["RowScope", "compute", "recorded_of", "reference_value", "rows_of"]
