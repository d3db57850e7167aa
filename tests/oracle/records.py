"""From rows of text to records: duplicates, references, time, and lists that may be incomplete."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import PurePosixPath
from typing import Any

from . import derive
from .cells import blank_of, is_not_yet, normalized, parse_cell
from .model import AUDIT_TABLE, Key, Table, as_list, read_model
from .rows import AUDIT, Raw, RawRow, Record, field_of, held_key, is_breach
from .values import (
    AFTER,
    BEFORE,
    NONE,
    UNKNOWN,
    Truth,
    Value,
    add_months,
    all_of,
    any_of,
    compare,
    is_blank,
    month_end,
    text_of,
)
from .ways import Reached, Way, reach


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
        self.circles: set[str] = set()  # tables in which a circle of references was found
        self.memory: dict[Any, Any] = {}  # neighbours and ancestors, once everything is settled
        for name, table in self.tables.items():
            if not table.derive:
                rows = [self.read_row(table, row) for row in raw.get(name, [])]
                self.records[name] = self.one_record_one_row(table, rows)
        self.settle()
        for name, table in self.tables.items():
            if table.derive:
                rows = [r for d in table.derive for r in derive.rows_of(self, table, d)]
                self.records[name] = self.one_record_one_row(table, rows)
                self.settle()
        for name, table in self.tables.items():
            if table.complete and name in self.raw:
                self.add_possible_rows(table)

    def table(self, name: str) -> Table | None:
        """The table of a name; a breach has none."""
        return AUDIT_TABLE if name == "audit" else self.tables.get(name)

    # -- reading

    def read_row(self, table: Table, row: RawRow) -> Record:
        record = Record(table.name, {}, {}, {}, row.file, row.line, [row.file])
        for name, spec in table.fields.items():
            if name in table.computed:
                continue
            text = (row.cells.get(name) or "").strip()
            cell: Value
            recorded: Truth
            if name not in row.cells and spec.get("absent") != "blank":  # the column was not handed in
                cell, recorded = UNKNOWN, UNKNOWN
            elif text in self.missing:
                cell, recorded, text = blank_of(spec), False, ""
            else:
                text = normalized(spec, text)
                cell, recorded = parse_cell(spec, text), True
            if is_not_yet(spec, cell, self.as_of):
                cell, recorded, text = blank_of(spec), False, ""
            record.values[name], record.recorded[name], record.text[name] = cell, recorded, text
            if isinstance(cell, (date, int, Decimal, str)) and recorded is True:
                record.text[name] = text_of(cell)
        return record

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
            twin.files += row.files
            for name in row.values:
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
        """Twice: days and references may be computed, from what references lead to."""
        self.settle_what_is_there()
        for record in [r for rows in self.records.values() for r in rows]:
            derive.compute(self, record)
        self.settle_what_is_there()

    def settle_what_is_there(self) -> None:
        for record in [r for rows in self.records.values() for r in rows]:
            record.exists = not self.is_later(record)
        self.records = {name: [r for r in rows if r.exists] for name, rows in self.records.items()}
        for name in self.records:
            for record in self.records[name]:
                for key in self.tables[name].keys:
                    waits = not record.is_computed and set(key.columns) & set(self.tables[name].computed)
                    if not waits and key.name not in record.targets and key.target in self.records:
                        self.resolve(record, key)
        for table in self.tables.values():
            if len(table.own_references) == 1 and table.name in self.records:
                self.break_circles(table, table.own_references[0])
        for name in self.records:
            for key in self.tables[name].keys:
                self.children[name, key.name] = self.index(key)

    def is_later(self, record: Record) -> bool:
        """A record whose own day is later than as_of does not exist yet."""
        table = self.tables[record.table]
        own: Value = None
        if not record.is_computed and set((table.about or {}).values()) & set(table.computed):
            return False
        if table.about:
            own = self.time_of(record)[0]
        elif table.when or table.start:
            own = self.raw_day(record, table.when or [str(table.start)])
        return isinstance(own, date) and own > self.as_of

    def resolve(self, record: Record, key: Key) -> None:
        cell = held_key(record, key)
        handed_in = all(record.recorded[c] is not UNKNOWN for c in key.columns)
        target: Any = cell
        if cell is not UNKNOWN and cell is not NONE:
            target = self.named(key, record)
            if target is None and not self.submitted(key.target):
                target = UNKNOWN  # nothing can be said, and no row is to blame
            elif target is None and key.dangling == "allowed":
                target = NONE
            elif target is None:
                target = UNKNOWN
                self.forget(record, key)
        elif cell is UNKNOWN and handed_in and self.submitted(key.target):
            record.not_placed.add(key.name)
        record.targets[key.name] = target

    def forget(self, record: Record, key: Key) -> None:
        """A reference that leads nowhere is unknown, and its row cannot be placed."""
        record.not_placed.add(key.name)
        if len(key.columns) == 1:
            record.values[key.column], record.text[key.column] = UNKNOWN, ""

    def break_circles(self, table: Table, key: Key) -> None:
        """The references of records that are their own ancestors are unknown."""
        for record in [r for r in self.records[table.name] if in_circle(r, key)]:
            self.circles.add(table.name)
            record.targets[key.name] = UNKNOWN
            self.forget(record, key)

    def column_missing(self, key: Key) -> bool:
        """A file of the table does not have the column."""
        fields = self.tables[key.table].fields
        columns = [c for c in key.columns if fields[c].get("absent") != "blank"]
        return any(column not in row.cells for row in self.raw.get(key.table, []) for column in columns)

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
        target = record.targets[key.name] if known else self.named(key, record) or held_key(record, key)
        return self.raw_day(target, path[1:]) if isinstance(target, Record) else NONE if target is NONE else UNKNOWN

    def named(self, key: Key, record: Record) -> Record | None:
        """The record that a row names."""
        cells = [record.values[c] for c in key.columns]
        if any(c is UNKNOWN or is_blank(c) for c in cells):
            return None
        return next(
            (r for r in self.records.get(key.target, []) if [r.values[c] for c in key.target_columns] == cells), None
        )

    def owner(self, record: Any) -> Any:
        """The record that answers for a record: a Record, UNKNOWN or NONE."""
        if not isinstance(record, Record):
            return record
        if "subject" in record.targets:  # a breach
            return self.owner(record.targets["subject"])
        table = self.table(record.table)
        if table is None or table.owner is None:
            return NONE
        if table.owner == "self":
            return record
        for name in table.owner.split("."):
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
        """Where a row could belong whose reference is unknown: by the one owner of a file of it, or of its folder."""
        complete = self.tables[key.table].complete
        if complete and key.name != complete["per"] and isinstance(row.targets[complete["per"]], Record):
            return []  # it makes its parent incomplete instead
        found = [r for file in row.files or [row.file] for r in self.by_owner_of_file(key, file)]
        return list({id(r): r for r in found}.values())

    def by_owner_of_file(self, key: Key, file: str) -> list[Record]:
        in_file = [r for r in self.records[key.table] if file in r.files]
        handed_in = [r for name, rows in self.records.items() if not self.tables[name].derive for r in rows]
        in_folder = [r for r in handed_in if folder_of(file) in map(folder_of, r.files)]
        for rows in (in_file, in_folder):
            owners = [self.owner(r) for r in rows]
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

    # -- time

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
        table = self.tables[record.table]
        found = record.values[table.end] if table.end else AFTER
        if isinstance(found, date) and table.ends_before():
            found -= timedelta(days=1)
        return AFTER if found is NONE else found

    def time_of(self, record: Any) -> tuple[Value, Value]:
        """The first and the last day of an event: of most events the same."""
        if not isinstance(record, Record):
            return UNKNOWN, UNKNOWN
        if is_breach(record):
            return record.values["reached_on"], record.values["reached_on"]
        table = self.tables[record.table]
        if table.about:
            return time_spoken_of(record, table)
        assert table.when is not None
        day = self.raw_day(record, table.when)
        return day, day

    def day_of(self, record: Any) -> Value:
        """The day of an event."""
        return self.time_of(record)[1]

    # -- complete: per a parent

    def add_possible_rows(self, table: Table) -> None:
        """For each parent that is not completely listed, a possible row for everybody it might have listed."""
        assert table.complete is not None
        per = table.key(table.complete["per"])
        assert per is not None
        for parent in [r for r in self.records[per.target] if r.exists]:
            rows = [r for r, t in self.children[table.name, per.name].get(id(parent), []) if t is True]
            if rows and not any(row.not_placed - {per.name} for row in rows):
                continue
            seen: set[int] = set()
            for path in as_list(table.complete["among"]):
                reached = reach(self, parent, path.split("."))
                other = next(k for k in table.keys if k.target == reached.table and k is not per)
                for person in self.might_be_listed(parent, reached):
                    listed = any(row.targets[other.name] is person for row in rows)
                    if not listed and id(person) not in seen:
                        seen.add(id(person))
                        self.add_possible_row(table, per, parent, other, person)

    def might_be_listed(self, parent: Record, reached: Reached) -> list[Record]:
        day = self.day_of(parent) if self.tables[parent.table].is_event else self.as_of
        possible = [way for way in [*reached.ways, *reached.lost] if self.may_hold(way, day)]
        if reached.more or not all(isinstance(way.record, Record) for way in possible):
            return [r for r in self.records[reached.table] if r.exists]
        return [way.record for way in possible]

    def may_hold(self, way: Way, day: Value) -> bool:
        """Whether nothing on the way certainly failed to hold on a day."""
        ends_in_state = isinstance(way.record, Record) and self.tables[way.record.table].is_state
        states = [*way.crossed, way.record] if ends_in_state else way.crossed
        return all_of([way.truth, *(self.held_on(s, day) for s in states)]) is not False

    def add_possible_row(self, table: Table, per: Key, parent: Record, other: Key, person: Record) -> None:
        row = Record(
            table.name,
            dict.fromkeys(table.fields, UNKNOWN),
            dict.fromkeys(table.fields, UNKNOWN),
            dict.fromkeys(table.fields, ""),
        )
        row.targets = {k.name: UNKNOWN for k in table.keys}
        for key, target in ((per, parent), (other, person)):
            row.targets[key.name] = target
            for column, there in zip(key.columns, key.target_columns, strict=True):
                row.values[column], row.text[column] = target.values[there], target.text[there]
                row.recorded[column] = True  # or it would not be a row of theirs
            self.children[table.name, key.name].setdefault(id(target), []).append((row, UNKNOWN))
        self.memory.setdefault(("possible", table.name), []).append(row)


@cache
def folder_of(file: str) -> str:
    return str(PurePosixPath(file).parent)


def in_circle(record: Record, key: Key) -> bool:
    """Whether a record is its own ancestor."""
    seen: list[Record] = []
    above = record.targets.get(key.name)
    while isinstance(above, Record) and not any(above is s for s in seen):
        if above is record:
            return True
        seen.append(above)
        above = above.targets.get(key.name)
    return False


def time_spoken_of(record: Record, table: Table) -> tuple[Value, Value]:
    """The first and last day of the year, half-year, quarter or month that a record is about."""
    assert table.about is not None
    if "year" not in table.about:
        month = record.values[table.about["month"]]
        return (month, month_end(month)) if isinstance(month, date) else (month, month)
    year: Value = record.values[table.about["year"]]
    if is_blank(year) or year is UNKNOWN or not 1 <= year <= 9998:
        return (NONE, NONE) if is_blank(year) else (UNKNOWN, UNKNOWN)
    parts = {"quarter": 4, "half": 2, "month": 12}
    name = next((n for n in parts if n in table.about), None)
    part: Value = record.values[table.about[name]] if name else NONE
    if is_blank(part):
        return date(year, 1, 1), date(year, 12, 31)
    assert name is not None
    if part is UNKNOWN or not 1 <= part <= parts[name]:
        return UNKNOWN, UNKNOWN
    months = 12 // parts[name]
    first = date(year, (part - 1) * months + 1, 1)
    return first, month_end(add_months(first, months - 1))


__all__ = ["AUDIT", "Raw", "RawRow", "Record", "Table", "World", "field_of", "held_key", "is_breach", "read_model"]
