"""From rows of text to records: cells, duplicates, references, time, derived tables, lists that may be incomplete."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cmp_to_key
from pathlib import PurePosixPath
from typing import Any

from . import expressions
from .values import (
    AFTER,
    BEFORE,
    NONE,
    NOT_YET,
    UNKNOWN,
    Truth,
    Value,
    all_of,
    any_of,
    compare,
    order_key,
    text_of,
)


@dataclass
class RawRow:
    cells: dict[str, str | None]
    file: str
    line: int


Raw = dict[str, list[RawRow]]

# ------------------------------------------------------------------------------------------------ the model


@dataclass
class Key:
    """A foreign key of one column."""

    table: str
    column: str
    target: str
    name: str
    reverse: str
    dangling: str


@dataclass
class Table:
    name: str
    singular: str
    primary: list[str]
    owner: str | None
    fields: dict[str, dict[str, Any]]
    keys: list[Key]
    when: list[str] | None  # the path to an event's day
    start: str | None  # the first and last day of a state
    end: str | None
    derive: list[dict[str, Any]]
    complete: dict[str, Any] | None

    @property
    def is_event(self) -> bool:
        return self.when is not None

    @property
    def is_state(self) -> bool:
        return self.when is None and (self.start is not None or self.end is not None)

    def key(self, name: str) -> Key | None:
        return next((k for k in self.keys if k.name == name), None)


def as_list(x: Any) -> list[Any]:
    return [] if x is None else list(x) if isinstance(x, list) else [x]


def read_model(model: dict[str, Any]) -> dict[str, Table]:
    tables = {}
    singulars = {n: t.get("singular", n) for n, t in model["tables"].items()}
    for name, spec in model["tables"].items():
        fields = {f["name"]: f for f in spec["fields"]}
        roles = {f["role"]: f["name"] for f in spec["fields"] if "role" in f}
        when = spec["time"].split(".") if "time" in spec else [roles["when"]] if "when" in roles else None
        keys = []
        for k in spec.get("foreignKeys", []):
            column = as_list(k["fields"])[0]
            target = k["reference"].get("resource") or name
            forward = k.get("name") or column.removesuffix("_id")
            prefix = forward.removesuffix(singulars[target])
            reverse = k.get("reverse") or (f"{prefix.rstrip('_')}_{name}" if prefix else name)
            keys.append(Key(name, column, target, forward, reverse, k.get("dangling", "problem")))
        tables[name] = Table(
            name, singulars[name], as_list(spec.get("primaryKey")), spec.get("owner"), fields, keys,
            when, roles.get("valid_from"), roles.get("valid_to"), spec.get("derive", []), spec.get("complete"),
        )  # fmt: skip
    return tables


# ------------------------------------------------------------------------------------------------ the cells

DATE = re.compile(
    r"(\d{4})"
    r"(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d\d)(\d\d))"
)
YES = ("是", "true", "yes", "1")
NO = ("否", "false", "no", "0")


def parse_date(text: str) -> Value:
    match = DATE.fullmatch(text)
    if match is None:
        return UNKNOWN
    year, month, day = (int(g) for g in match.groups() if g is not None)
    try:
        return date(year, month, day)
    except ValueError:
        return UNKNOWN


def parse_category(text: str, categories: list[Any]) -> Value:
    for c in categories:
        if not isinstance(c, dict):
            c = {"value": c}
        labels = c.get("label", [])
        names = [c["value"], *(labels.values() if isinstance(labels, dict) else as_list(labels)), *c.get("aliases", [])]
        if text in names:
            return c["value"]
    return UNKNOWN


def parse_cell(spec: dict[str, Any], text: str) -> Value:
    """The value of a cell that is not blank; what cannot be read is unknown."""
    kind = spec.get("type", "string")
    if kind == "date":
        return parse_date(text)
    if kind == "boolean":
        return True if text.lower() in YES else False if text.lower() in NO else UNKNOWN
    if kind == "integer":
        return int(text) if re.fullmatch(r"[+-]?\d+", text) else UNKNOWN
    if kind == "number":
        try:
            found = Decimal(text)
        except InvalidOperation:
            return UNKNOWN
        return found if found.is_finite() else UNKNOWN
    categories = spec.get("categories")
    if kind == "list":
        items = tuple(i.strip() for i in re.split(r"[、，,;；|]", text) if i.strip())
        if categories:
            items = tuple(parse_category(i, categories) for i in items)
            return UNKNOWN if UNKNOWN in items else items
        return items
    return parse_category(text, categories) if categories else text


def blank_of(spec: dict[str, Any]) -> Value:
    """What a blank cell of a field stands for."""
    blank = spec.get("blank", "unknown")
    if isinstance(blank, dict):
        return parse_cell(spec, str(blank["value"]))
    if blank == "open":
        return BEFORE if spec.get("role") == "valid_from" else AFTER
    return {"unknown": UNKNOWN, "none": NONE, "not_yet": NOT_YET}[blank]


# ---------------------------------------------------------------------------------------------- the records


@dataclass(eq=False)
class Record:
    table: str
    values: dict[str, Value]
    recorded: dict[str, Truth]
    text: dict[str, str]
    file: str = ""
    line: int = 0
    exists: bool = True  # not later than as_of
    targets: dict[str, Any] = field(default_factory=dict)  # reference -> Record, UNKNOWN or NONE
    not_placed: set[str] = field(default_factory=set)  # references that cannot be placed
    each: dict[str, str] = field(default_factory=dict)  # of a breach

    def __repr__(self) -> str:
        return f"<{self.table} {'/'.join(self.text.values())[:40]}>"


def field_of(record: Any, name: str) -> Value:
    """A field of a record, of an unknown one, of none, of one that does not exist yet."""
    if record is UNKNOWN or record is NONE:
        return record
    return record.values[name] if record.exists else UNKNOWN


@dataclass
class Way:
    """One way along a path: where it ends, how true it is, and the states that it crossed backwards."""

    record: Any
    truth: Truth
    crossed: list[Record]


class World:
    """All the records, and what is known of their completeness."""

    def __init__(
        self,
        model: dict[str, Any],
        raw: Raw,
        as_of: date,
        period: tuple[date, date],
        covers: dict[str, Any] | None = None,
        silence: str | dict[str, Any] | None = None,
    ) -> None:
        self.tables = read_model(model)
        self.missing = [str(m) for m in model.get("missingValues", [""])] + [""]
        self.as_of, self.period = as_of, period
        self.covers, self.silence = covers or {}, silence
        self.raw = raw
        self.records: dict[str, list[Record]] = {}
        self.children: dict[tuple[str, str], dict[int, list[tuple[Record, Truth]]]] = {}
        for name, table in self.tables.items():
            if not table.derive:
                rows = [self.read_row(table, row) for row in raw.get(name, [])]
                self.records[name] = self.one_record_one_row(table, rows)
        self.settle()
        for name, table in self.tables.items():
            if table.derive:
                rows = [r for d in table.derive for r in self.derived_rows(table, d)]
                self.records[name] = self.one_record_one_row(table, rows)
                self.settle()
        for name, table in self.tables.items():
            if table.complete and name in self.raw:
                self.add_possible_rows(table)

    # -- reading

    def read_row(self, table: Table, row: RawRow) -> Record:
        record = Record(table.name, {}, {}, {}, row.file, row.line)
        for name, spec in table.fields.items():
            text = (row.cells.get(name) or "").strip()
            cell: Value
            recorded: Truth
            if name not in row.cells:  # the column was not handed in
                cell, recorded = UNKNOWN, UNKNOWN
            elif text in self.missing:
                cell, recorded, text = blank_of(spec), False, ""
            else:
                cell, recorded = parse_cell(spec, text), True
            record.values[name], record.recorded[name], record.text[name] = cell, recorded, text
            if self.is_not_yet(spec, cell):
                cell, recorded, record.text[name] = blank_of(spec), False, ""
            record.values[name], record.recorded[name] = cell, recorded
            if isinstance(cell, (date, int, Decimal)) and recorded is True:
                record.text[name] = text_of(cell)
            elif recorded is True and isinstance(cell, str):
                record.text[name] = cell
        return record

    def is_not_yet(self, spec: dict[str, Any], cell: Value) -> bool:
        """An act or a closing later than as_of has not happened: as if nothing were written."""
        blank = spec.get("blank")
        may_be = blank == "not_yet" or (blank == "open" and spec.get("role") == "valid_to")
        return may_be and isinstance(cell, date) and cell > self.as_of

    def one_record_one_row(self, table: Table, rows: list[Record]) -> list[Record]:
        """Rows with the same complete key are one: cells on which they agree stand, the others are unknown."""
        found: list[Record] = []
        for row in rows:
            key = [row.values[c] for c in table.primary]
            twin = None
            if key and UNKNOWN not in key:
                twin = next((r for r in found if [r.values[c] for c in table.primary] == key), None)
            if twin is None:
                found.append(row)
                continue
            for name in table.fields:
                self.merge_cell(twin, row, name)
        return found

    def merge_cell(self, twin: Record, row: Record, name: str) -> None:
        """A cell whose column was not handed in says nothing against the other; an unknown derived value does."""
        is_derived = bool(self.tables[row.table].derive)
        if row.recorded[name] is UNKNOWN and not is_derived:
            return
        if twin.recorded[name] is UNKNOWN and not is_derived:
            twin.values[name], twin.recorded[name] = row.values[name], row.recorded[name]
            twin.text[name] = row.text[name]
            return
        if twin.values[name] != row.values[name]:
            twin.values[name], twin.text[name] = UNKNOWN, ""
        twin.recorded[name] = any_of([twin.recorded[name], row.recorded[name]])
        if is_derived and twin.values[name] is UNKNOWN:
            twin.recorded[name] = UNKNOWN

    # -- references, and what is later than as_of

    def settle(self) -> None:
        for record in [r for rows in self.records.values() for r in rows]:
            record.exists = not self.is_later(record)
        self.records = {name: [r for r in rows if r.exists] for name, rows in self.records.items()}
        for name in self.records:
            for record in self.records[name]:
                for key in self.tables[name].keys:
                    if key.name not in record.targets and key.target in self.records:
                        self.resolve(record, key)
        for name in self.records:
            for key in self.tables[name].keys:
                self.children[name, key.name] = self.index(key)

    def is_later(self, record: Record) -> bool:
        """A record whose own day is later than as_of does not exist yet."""
        table = self.tables[record.table]
        path = table.when or ([table.start] if table.start else None)
        own = self.raw_day(record, path) if path else None
        return isinstance(own, date) and own > self.as_of

    def resolve(self, record: Record, key: Key) -> None:
        cell = record.values[key.column]
        handed_in = record.recorded[key.column] is not UNKNOWN
        target: Any = cell
        if cell is not UNKNOWN and cell is not NONE:
            target = self.named(key, cell)
            if target is None and not self.submitted(key.target):
                target = UNKNOWN  # nothing can be said, and no row is to blame
            elif target is None and key.dangling == "allowed":
                target = NONE
            elif target is None:
                target = record.values[key.column] = UNKNOWN
                record.text[key.column] = ""
                record.not_placed.add(key.name)
        elif cell is UNKNOWN and handed_in and self.submitted(key.target):
            record.not_placed.add(key.name)
        record.targets[key.name] = target

    def column_missing(self, key: Key) -> bool:
        """A file of the table does not have the column."""
        return any(key.column not in row.cells for row in self.raw.get(key.table, []))

    def submitted(self, table: str) -> bool:
        """A derived table is there as soon as one of the tables is there that it is made from."""
        if self.tables[table].derive:
            return any(self.submitted(d["from"]) for d in self.tables[table].derive)
        return table in self.raw

    def raw_day(self, record: Record, path: list[str]) -> Value:
        """A date behind references, also in a record that is later than as_of."""
        if len(path) == 1:
            return record.values[path[0]]
        key = self.tables[record.table].key(path[0])
        assert key is not None
        known = key.name in record.targets
        target = record.targets[key.name] if known else self.named(key, record.values[key.column])
        return self.raw_day(target, path[1:]) if isinstance(target, Record) else UNKNOWN if target is None else target

    def named(self, key: Key, cell: Value) -> Record | None:
        if cell is UNKNOWN or cell is NONE:
            return None
        column = self.tables[key.target].primary[0]
        return next((r for r in self.records[key.target] if r.values[column] == cell), None)

    def owner(self, record: Any) -> Any:
        """The record that answers for a record: a Record, UNKNOWN or NONE."""
        if not isinstance(record, Record):
            return record
        if "subject" in record.targets:  # a breach
            return self.owner(record.targets["subject"])
        path = self.tables[record.table].owner
        if path is None:
            return NONE
        if path == "self":
            return record
        for name in path.split("."):
            if isinstance(record, Record):
                record = record.targets.get(name, UNKNOWN)
        return record

    # -- backwards

    def index(self, key: Key) -> dict[int, list[tuple[Record, Truth]]]:
        """For each record of the referenced table the rows that refer to it, and those that may."""
        found: dict[int, list[tuple[Record, Truth]]] = {}
        for row in self.records[key.table]:
            target = row.targets.get(key.name, UNKNOWN)
            if not row.exists:
                continue
            if isinstance(target, Record):
                found.setdefault(id(target), []).append((row, True))
            elif key.name in row.not_placed:
                for candidate in self.may_belong_to(row, key):
                    found.setdefault(id(candidate), []).append((row, UNKNOWN))
        return found

    def may_belong_to(self, row: Record, key: Key) -> list[Record]:
        """Where a row could belong whose reference is unknown: by the one owner of its file, or of its folder."""
        complete = self.tables[key.table].complete
        if complete and key.name != complete["per"] and isinstance(row.targets[complete["per"]], Record):
            return []  # it makes its parent incomplete instead
        folder = PurePosixPath(row.file).parent
        in_file = [r for r in self.records[key.table] if r.file == row.file]
        in_folder = [r for rows in self.records.values() for r in rows if PurePosixPath(r.file).parent == folder]
        for rows in (in_file, in_folder):
            owners = [self.owner(r) for r in rows if not r.not_placed]
            known = [o for o in owners if isinstance(o, Record)]
            if known and all(o is known[0] for o in known):
                return [r for r in self.records[key.target] if r.exists and self.owner(r) is known[0]]
        return []

    def backwards(self, table: str, name: str) -> Key | None:
        for child in self.tables.values():
            for key in child.keys:
                if key.target == table and key.reverse == name:
                    return key
        return None

    def reach(self, start: Record, path: list[str]) -> tuple[list[Way], list[Key], bool]:
        """All ways along a path; the keys that it crosses backwards; whether there may be more than we see."""
        ways, crossed_keys, more, table = [Way(start, True, [])], [], False, start.table
        for i, name in enumerate(path):
            following: list[Way] = []
            forward = name in start.targets if table == start.table and i == 0 else self.tables[table].key(name)
            if forward:
                for way in ways:
                    target = way.record.targets[name] if isinstance(way.record, Record) else way.record
                    if isinstance(target, Record) and not target.exists:
                        target = UNKNOWN
                    if target is not NONE:
                        truth = UNKNOWN if target is UNKNOWN else way.truth
                        following.append(Way(target, truth, way.crossed))
                table = self.target_table(start, table, name)
            else:
                key = self.backwards(table, name)
                if key is None:
                    raise ValueError(f"{table} has no {name}")
                crossed_keys.append(key)
                more = more or self.column_missing(key)
                last = i == len(path) - 1
                for way in ways:
                    if way.record is UNKNOWN:
                        more = True
                        continue
                    for row, truth in self.children.get((key.table, key.name), {}).get(id(way.record), []):
                        is_crossed = self.tables[key.table].is_state and not last
                        crossed = [*way.crossed, row] if is_crossed else way.crossed
                        following.append(Way(row, all_of([way.truth, truth]), crossed))
                table = key.table
            ways = following
        return ways, crossed_keys, more

    def target_table(self, start: Record, table: str, name: str) -> str:
        if table not in self.tables:  # a breach: its subject is always known
            return str(start.targets[name].table)
        key = self.tables[table].key(name)
        assert key is not None
        return key.target

    def held_on(self, record: Any, day: Value) -> Truth:
        """Whether a state held on a day."""
        if not isinstance(record, Record):
            return UNKNOWN
        return all_of([compare("<=", self.start_of(record), day), compare("<=", day, self.end_of(record))])

    def start_of(self, record: Record) -> Value:
        name = self.tables[record.table].start
        found = record.values[name] if name else BEFORE
        return BEFORE if found is NONE else found

    def end_of(self, record: Record) -> Value:
        name = self.tables[record.table].end
        found = record.values[name] if name else AFTER
        return AFTER if found is NONE else found

    def day_of(self, record: Any) -> Value:
        """The day of an event."""
        if not isinstance(record, Record):
            return UNKNOWN
        if record.table not in self.tables:  # a breach
            return record.values["reached_on"]
        path = self.tables[record.table].when
        assert path is not None
        return self.raw_day(record, path)

    # -- complete: per a parent

    def add_possible_rows(self, table: Table) -> None:
        """For each parent that is not completely listed, a possible row for everybody it might have listed."""
        assert table.complete is not None
        per = table.key(table.complete["per"])
        assert per is not None
        for parent in self.records[per.target]:
            if not parent.exists:
                continue
            rows = [r for r, t in self.children[table.name, per.name].get(id(parent), []) if t is True]
            if rows and not any(row.not_placed - {per.name} for row in rows):
                continue
            seen: set[int] = set()
            for path in as_list(table.complete["among"]):
                for person, other in self.might_be_listed(table, per, parent, path.split(".")):
                    listed = any(row.targets[other.name] is person for row in rows)
                    if not listed and id(person) not in seen:
                        seen.add(id(person))
                        self.add_possible_row(table, per, parent, other, person)

    def might_be_listed(self, table: Table, per: Key, parent: Record, path: list[str]) -> list[tuple[Record, Key]]:
        ways, _, more = self.reach(parent, path)
        day = self.day_of(parent) if self.tables[parent.table].is_event else self.as_of
        found = []
        for way in ways:
            if not isinstance(way.record, Record):
                more = True
                continue
            states = [*way.crossed, way.record] if self.tables[way.record.table].is_state else way.crossed
            if all_of([way.truth, *(self.held_on(s, day) for s in states)]) is not False:
                found.append(way.record)
        last = self.path_table(per.target, path)
        if more:
            found = [r for r in self.records[last] if r.exists]
        other = next(k for k in table.keys if k.target == last and k is not per)
        return [(r, other) for r in found]

    def path_table(self, table: str, path: list[str]) -> str:
        for name in path:
            forward = self.tables[table].key(name)
            backward = self.backwards(table, name)
            assert forward or backward
            table = forward.target if forward else backward.table  # type: ignore[union-attr]
        return table

    def add_possible_row(self, table: Table, per: Key, parent: Record, other: Key, person: Record) -> None:
        row = Record(table.name, dict.fromkeys(table.fields, UNKNOWN), dict.fromkeys(table.fields, UNKNOWN), {})
        row.targets = {k.name: UNKNOWN for k in table.keys}
        for key, target in ((per, parent), (other, person)):
            row.targets[key.name] = target
            row.values[key.column] = target.values[self.tables[key.target].primary[0]]
            self.children[table.name, key.name].setdefault(id(target), []).append((row, UNKNOWN))

    # -- derived tables

    def derived_rows(self, table: Table, spec: dict[str, Any]) -> list[Record]:
        found = []
        source = [r for r in self.records[spec["from"]] if r.exists]
        for row in source:
            before, after = self.neighbours(source, row, spec.get("order"))
            scope = RowScope(self, row, before, after)
            if "where" in spec and expressions.condition(spec["where"], scope) is not True:
                continue
            record = Record(table.name, {}, {}, {}, row.file, row.line)
            for name, f in table.fields.items():
                cell = expressions.value(spec["fields"][name], scope) if name in spec["fields"] else NONE
                is_blank = cell in (NONE, BEFORE, AFTER, NOT_YET)
                record.values[name] = blank_of(f) if is_blank else cell
                record.recorded[name] = False if is_blank else UNKNOWN if cell is UNKNOWN else True
                record.text[name] = "" if is_blank or cell is UNKNOWN else text_of(cell)
            found.append(record)
        return found

    def neighbours(self, rows: list[Record], row: Record, order: dict[str, Any] | None) -> tuple[Any, Any]:
        """What `previous.` and `next.` mean: the neighbours in the declared order, ties by file and row."""
        if order is None:
            return NONE, NONE
        by, within = as_list(order["by"]), as_list(order.get("within"))
        group = [r for r in rows if all(r.values[w] == row.values[w] for w in within)]
        if any(row.values[w] is UNKNOWN for w in within):
            return UNKNOWN, UNKNOWN
        if any(r.values[b] is UNKNOWN for r in group for b in by):
            return UNKNOWN, UNKNOWN

        def earlier(a: Record, b: Record) -> int:
            for name in by:
                x, y = sort_key(a.values[name]), sort_key(b.values[name])
                if x != y:
                    return -1 if x < y else 1
            return -1 if (a.file, a.line) < (b.file, b.line) else 1

        group.sort(key=cmp_to_key(earlier))
        at = next(i for i, r in enumerate(group) if r is row)
        return group[at - 1] if at else NONE, group[at + 1] if at + 1 < len(group) else NONE


def sort_key(value: Value) -> Any:
    """For an order: none comes last."""
    if value is NONE:
        return (2, 0)
    if isinstance(value, date) or value in (BEFORE, AFTER, NOT_YET):
        return order_key(value)
    return (0, value)


class RowScope:
    """What names mean in `derive`."""

    def __init__(self, world: World, row: Record, before: Any, after: Any) -> None:
        self.world, self.row, self.before, self.after = world, row, before, after

    def walk(self, parts: list[str]) -> tuple[Any, list[str]]:
        if parts[0] in ("previous", "next"):
            return (self.before if parts[0] == "previous" else self.after), parts[1:]
        return self.row, parts

    def lookup(self, parts: list[str]) -> Value:
        if parts == ["as_of"]:
            return self.world.as_of
        record, parts = self.walk(parts)
        for name in parts[:-1]:
            record = follow(record, name)
        return field_of(record, parts[-1])

    def recorded(self, parts: list[str]) -> Truth:
        record, parts = self.walk(parts)
        for name in parts[:-1]:
            record = follow(record, name)
        if isinstance(record, Record) and parts[-1] not in record.values and parts[-1] not in record.targets:
            ways, _, _ = self.world.reach(record, [parts[-1]])
            return any(way.truth is True for way in ways)  # what cannot be placed is nobody's here
        return recorded_of(self.world, record, parts[-1])

    def param(self, name: str) -> Value:
        raise SyntaxError("parameters do not stand in derived tables")

    def in_group(self, parts: list[str], name: str) -> Truth:
        raise SyntaxError("groups do not stand in derived tables")


def follow(record: Any, name: str) -> Any:
    """The record that a reference leads to."""
    if not isinstance(record, Record):
        return record
    if not record.exists:
        return UNKNOWN
    return record.targets[name]


def recorded_of(world: World, record: Any, name: str) -> Truth:
    """Whether something is written in a field, or in the field of a reference."""
    if record is NONE:
        return False
    if record is UNKNOWN or not record.exists:
        return UNKNOWN
    if name not in record.values and name in record.targets:
        key = world.tables[record.table].key(name)
        assert key is not None
        name = key.column
    return record.recorded[name]
