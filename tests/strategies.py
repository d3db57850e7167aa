"""Small record sets for any record model: mostly sane, with holes where people leave holes.

`record_sets(model)` is a hypothesis strategy of `Case`; `build(random, model)` makes one; `shrink` makes a bad one
smaller; `write_folder` writes one down as people would hand it in.
"""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st
from oracle import Raw, RawRow
from oracle.model import Key, Table, read_model
from oracle.values import month_end


@dataclass
class Case:
    raw: Raw
    as_of: date = date(2024, 12, 31)
    period: tuple[date, date] = (date(2024, 1, 1), date(2024, 12, 31))
    covers: dict[str, Any] | None = None
    silence: str | dict[str, str] | None = None

    def arguments(self) -> dict[str, Any]:
        return {"as_of": self.as_of, "period": self.period, "covers": self.covers, "silence": self.silence}


@dataclass
class Rates:
    blank: float = 0.08
    unreadable: float = 0.02
    dropped_column: float = 0.03
    missing_table: float = 0.02
    dangling: float = 0.02
    duplicate: float = 0.01
    blank_required: float = 0.01
    covers: float = 0.15
    silence: float = 0.1
    folders: float = 0.3
    circle: float = 0.03


NO_HOLES = Rates(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)


def words_of(standard: dict[str, Any]) -> list[str]:
    """The quoted words of a standard's expressions: values worth drawing."""
    found: list[str] = []

    def look(x: Any) -> None:
        if isinstance(x, str):
            found.extend(re.findall(r"'([^']*)'", x))
        elif isinstance(x, dict):
            for key, y in x.items():
                if key == "each" and isinstance(y, dict):
                    for values in y.values():
                        found.extend(str(v) for v in values if isinstance(values, list))
                look(y)
        elif isinstance(x, list):
            for y in x:
                look(y)

    look({k: standard.get(k) for k in ("define", "rules")})
    return sorted(set(found))


@dataclass
class Builder:
    rng: random.Random
    tables: dict[str, Table]
    sizes: dict[str, tuple[int, int]]
    words: list[str]
    prefix: str = ""  # of identifiers and files, where several sets are handed in together
    missing: set[str] | None = None  # tables that are not handed in; None: chance decides
    lost: set[tuple[str, str]] | None = None  # references whose column may not be handed in; None: all of them
    folder: str = ""
    dropped: dict[str, set[str]] = field(default_factory=dict)  # by file: sets may share one
    questions: list[str] = field(default_factory=list)  # that an answer may answer
    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    # -- clean rows

    def order(self) -> list[Table]:
        """Tables after the tables that they refer to."""
        done: list[Table] = []
        waiting = [t for t in self.tables.values() if not t.derive]
        while waiting:
            names = {t.name for t in waiting}
            ready = [t for t in waiting if not any(k.target in names and k.target != t.name for k in t.keys)]
            done += ready or waiting[:1]
            waiting = [t for t in waiting if t not in done]
        return done

    def fill(self) -> None:
        for table in self.order():
            low, high = self.sizes.get(table.name, (0, 6))
            self.rows[table.name] = []
            rows = (self.row(table, i) for i in range(self.rng.randint(low, high)))
            for row in self.lists(table) if table.complete and high else rows:
                self.add(table, row)

    def add(self, table: Table, row: dict[str, str]) -> None:
        key = [row[c] for c in table.primary]
        if all([other[c] for c in table.primary] != key for other in self.rows[table.name]):
            self.rows[table.name].append(row)

    def lists(self, table: Table) -> list[dict[str, str]]:
        """Rows of a table that is complete for each parent: most parents list nearly all of their owner's records."""
        assert table.complete is not None
        per = table.key(table.complete["per"])
        assert per is not None
        other = next(k for k in table.keys if k is not per)
        habits: dict[tuple[str, str], str] = {}
        found = []
        for parent in self.rows.get(per.target, []):
            if self.chance(0.15):
                continue
            parent_id = parent[self.tables[per.target].primary[0]]
            for person in self.rows.get(other.target, []):
                person_id = person[self.tables[other.target].primary[0]]
                same = self.owner_of(other.target, person_id) == self.owner_of(per.target, parent_id)
                if not self.chance(0.93 if same else 0.05):
                    continue
                row = self.row(table, 0) | {per.column: parent_id, other.column: person_id}
                for name, spec in table.fields.items():
                    if spec.get("categories") and self.chance(0.8):
                        row[name] = habits.setdefault((person_id, name), row[name])
                found.append(row)
        return found

    def row(self, table: Table, i: int) -> dict[str, str]:
        row: dict[str, str] = {}
        owner: str | None = None
        keys = {column: k for k in table.keys for column in k.columns}
        for name, spec in table.fields.items():
            required = is_required(table, name)
            if name in row or name in table.computed:
                continue
            if name in keys:
                row |= self.reference(keys[name], owner, required)
                owner = owner or self.owner_of(keys[name].target, row[keys[name].column])
            elif table.primary == [name]:
                row[name] = f"{self.prefix}{table.name[:2].upper()}{i + 1:02}"
            elif name in table.primary and spec.get("type", "string") == "string" and not spec.get("categories"):
                row[name] = self.prefix + self.rng.choice("NS")
            else:
                row[name] = self.part_of_time(table, name) or self.answer_to(table, name) or self.cell(spec, required)
        return row

    def reference(self, key: Key, owner: str | None, required: bool) -> dict[str, str]:
        """The identifier of a record of the other table, of the same owner if possible."""
        ids = [tuple(r[c] for c in key.target_columns) for r in self.rows.get(key.target, [])]
        if not ids or (not required and self.chance(0.4)):
            return dict.fromkeys(key.columns, "")
        same = [i for i in ids if owner is not None and self.owner_of(key.target, i[0]) == owner]
        return dict(zip(key.columns, self.rng.choice(same if same and self.chance(0.8) else ids), strict=True))

    def part_of_time(self, table: Table, name: str) -> str:
        """A year, half-year, quarter or month that a record is about."""
        kind = next((k for k, column in (table.about or {}).items() if column == name), None)
        if kind is None or table.fields[name].get("type") == "yearmonth":
            return ""
        if kind == "year":
            return self.rng.choice(["2023", "2024", "2024", "2024", "2024", "2025"])
        return str(self.rng.randint(1, {"half": 2, "quarter": 4, "month": 12}[kind]))

    def answer_to(self, table: Table, name: str) -> str:
        """A question that is asked, in the table of answers."""
        is_asked = table.attest is not None and table.attest["rule"] == name
        return self.rng.choice(self.questions) if is_asked and self.questions else ""

    def owner_of(self, table: str, identifier: str) -> str | None:
        """The identifier of the record that answers for a record."""
        spec = self.tables[table]
        row = next((r for r in self.rows.get(table, []) if r[spec.primary[0]] == identifier), None)
        if row is None or spec.owner is None:
            return None
        return self.walk(table, row, [] if spec.owner == "self" else spec.owner.split("."))

    def walk(self, table: str, row: dict[str, str], path: list[str]) -> str | None:
        for name in path:
            key = self.tables[table].key(name)
            assert key is not None
            identifier, table = row.get(key.column, ""), key.target
            column = self.tables[table].primary[0]
            found = next((r for r in self.rows.get(table, []) if r[column] == identifier), None)
            if found is None:
                return None
            row = found
        return row[self.tables[table].primary[0]]

    def cell(self, spec: dict[str, Any], required: bool) -> str:
        kind = spec.get("type", "string")
        if kind == "date":
            return self.date_cell(spec, required)
        if kind == "boolean":
            return self.rng.choice(["是", "否", "true", "false", "1", "0"])
        if kind == "yearmonth":
            return self.rng.choice(["2023-12", "2024-03", "2024/6", "2024年9月", "202412", "2025-01"])
        if kind == "integer":
            return self.rng.choice(lawful(spec, [0, 1, 2, 3, 5, 19, 20, 29, 30, 49, 50, 99, 100, 120]))
        if kind == "number":
            return self.rng.choice(lawful(spec, ["0", "1", "2.5", "10", "-1.5"]))
        if "normalize" in spec:
            return self.rng.choice(["ab-1", "AB-2", "ＡＢ－1", "cd-x", " Cd ", "e-12-3"])
        values = [c["value"] if isinstance(c, dict) else c for c in spec.get("categories", [])]
        wanted = [v for v in values if v in self.words] or values
        if values:
            chosen = [self.rng.choice(wanted if self.chance(0.9) else values) for _ in range(2)]
        else:
            chosen = [self.rng.choice([*self.words, "x", "y"][:40]) for _ in range(2)]
        return "、".join(dict.fromkeys(chosen)) if kind == "list" else chosen[0]

    def date_cell(self, spec: dict[str, Any], required: bool) -> str:
        role = spec.get("role")
        if role == "valid_from" and not required and self.chance(0.3):
            return ""
        if role == "valid_to" and self.chance(0.6):
            return ""
        if spec.get("blank") == "not_yet" and self.chance(0.2):
            return ""
        if role == "valid_from" and self.chance(0.6):
            return written(self.rng.choice([date(2019, 5, 1), date(2023, 7, 1), date(2023, 12, 31)]), self.rng)
        if self.chance(0.08):
            border = [date(2023, 12, 31), date(2023, 11, 15), date(2025, 1, 1), date(2025, 2, 15), date(2026, 1, 1)]
            return written(self.rng.choice(border), self.rng)
        first = date(2024, self.rng.randint(1, 12), 1)
        last = month_end(first)
        friday = last - timedelta(days=(last.weekday() - 4) % 7)
        return written(self.rng.choice([first, first.replace(day=15), last, friday]), self.rng)

    # -- holes

    def spoil(self, rates: Rates) -> Raw:
        raw: Raw = {}
        for name, rows in self.rows.items():
            table = self.tables[name]
            if self.chance(rates.missing_table) if self.missing is None else name in self.missing:
                continue
            rows = [dict(row) for row in rows]
            columns = {column for k in table.keys for column in k.columns}
            self.close_circle(table, rows, rates)
            for row in rows:
                for column, spec in table.fields.items():
                    required = is_required(table, column)
                    if column in table.computed or (column in table.primary and column not in columns):
                        continue
                    if self.chance(rates.blank_required if required else rates.blank):
                        row[column] = self.rng.choice(["", "", "—"])
                    elif column in columns and row[column] and self.chance(rates.dangling):
                        row[column] = "X99"
                    elif is_readable_only_sometimes(spec) and self.chance(rates.unreadable):
                        row[column] = "??"
            if rows and self.chance(rates.duplicate * 10):
                twin = dict(self.rng.choice(rows))
                others = [c for c in table.fields if c not in table.primary and c not in table.computed]
                if others and self.chance(0.7):
                    column = self.rng.choice(others)
                    twin[column] = self.rng.choice(rows)[column]
                rows.append(twin)
            raw[name] = self.place(table, rows, rates)
        return raw

    def close_circle(self, table: Table, rows: list[dict[str, str]], rates: Rates) -> None:
        """Someone stands below whom he stands above."""
        keys = [k for k in table.own_references if len(k.columns) == 1]
        if keys and len(rows) > 1 and self.chance(rates.circle):
            rows[0][keys[0].column] = self.rng.choice(rows)[keys[0].target_columns[0]]

    def place(self, table: Table, rows: list[dict[str, str]], rates: Rates) -> list[RawRow]:
        """Each row in a file; a column is dropped from all the files or from one."""
        in_folders = self.chance(rates.folders) and table.owner is not None
        placed: dict[str, list[dict[str, str]]] = {}
        for row in rows:
            owner = self.walk_owner(table, row) if in_folders else None
            file = f"{self.folder}{owner}/{table.name}.csv" if owner else f"{self.folder}{table.name}.csv"
            placed.setdefault(file, []).append(row)
        handed_in = [c for c in table.fields if c not in table.primary and c not in table.computed]
        optional = [c for c in handed_in if self.may_drop(table, c)]
        everywhere = self.drop(f"{self.folder}{table.name}", optional, rates.dropped_column)
        found = []
        for file, part in placed.items():
            is_shared = file == f"{self.folder}{table.name}.csv"
            here = set() if is_shared else self.drop(file, optional, rates.dropped_column / 3)
            for i, row in enumerate(part):
                cells: dict[str, str | None] = {c: v for c, v in row.items() if c not in everywhere | here}
                found.append(RawRow(cells, file, i + 2))
        return found

    def drop(self, of: str, columns: list[str], share: float) -> set[str]:
        if of not in self.dropped:
            self.dropped[of] = {c for c in columns if self.chance(share)}
        return self.dropped[of]

    def may_drop(self, table: Table, column: str) -> bool:
        is_reference = any(column in k.columns for k in table.keys)
        return self.lost is None or not is_reference or (table.name, column) in self.lost

    def walk_owner(self, table: Table, row: dict[str, str]) -> str | None:
        assert table.owner is not None
        return self.walk(table.name, row, [] if table.owner == "self" else table.owner.split("."))


def is_required(table: Table, name: str) -> bool:
    constraints = table.fields[name].get("constraints") or {}
    return str(constraints.get("required", "false")).lower() == "true"


def is_readable_only_sometimes(spec: dict[str, Any]) -> bool:
    return spec.get("type", "string") not in ("string", "list") or bool(spec.get("categories"))


def lawful(spec: dict[str, Any], values: list[Any]) -> list[str]:
    """Those of some numbers that keep the constraints of a field."""
    given = spec.get("constraints") or {}
    low, high = (Decimal(given.get(name, default)) for name, default in (("minimum", "-1e9"), ("maximum", "1e9")))
    return [str(v) for v in values if low <= Decimal(v) <= high]


def written(day: date, rng: random.Random) -> str:
    forms = ["{0:%Y-%m-%d}"] * 6 + ["{0.year}/{0.month}/{0.day}", "{0:%Y.%m.%d}", "{0.year}年{0.month}月{0.day}日"]
    return rng.choice([*forms, "{0:%Y%m%d}"]).format(day)


def build(
    rng: random.Random,
    model: dict[str, Any],
    *,
    sizes: dict[str, tuple[int, int]] | None = None,
    words: Iterable[str] = (),
    rates: Rates | None = None,
    questions: Iterable[str] = (),
) -> Case:
    rates = rates or Rates()
    builder = Builder(rng, read_model(model), sizes or {}, list(words), questions=list(questions))
    builder.fill()
    return told(rng, [builder], builder.spoil(rates), rates)


def build_together(
    rng: random.Random,
    model: dict[str, Any],
    count: int,
    *,
    sizes: dict[str, tuple[int, int]] | None = None,
    words: Iterable[str] = (),
    rates: Rates | None = None,
    questions: Iterable[str] = (),
) -> Case:
    """Several sets handed in together, five in a folder: one audit instead of many."""
    rates, tables, words = rates or Rates(folders=0.05), read_model(model), list(words)
    handed_in = [t for t in tables.values() if not t.derive]
    missing = {t.name for t in handed_in if rng.random() < rates.missing_table}
    keys = [(t.name, column) for t in handed_in for k in t.keys for column in k.columns]
    lost = {key for key in keys if rng.random() < rates.dropped_column / 3}
    dropped: dict[str, set[str]] = {}
    builders = [
        Builder(rng, tables, sizes or {}, words, chr(65 + i), missing, lost, f"{chr(65 + i // 5)}/", dropped)
        for i in range(count)
    ]
    for builder in builders:
        builder.questions = list(questions)
    raw: Raw = {t.name: [] for t in handed_in if t.name not in missing}
    for builder in builders:
        builder.fill()
        for name, rows in builder.spoil(rates).items():
            raw[name] += rows
    return told(rng, builders, raw, rates)


def told(rng: random.Random, builders: list[Builder], raw: Raw, rates: Rates) -> Case:
    """The set with what its manifest says."""
    as_of = rng.choice([date(2024, 12, 31)] * 4 + [date(2024, 6, 30), date(2024, 9, 15), date(2025, 3, 31)])
    periods = [(date(2024, 1, 1), date(2024, 12, 31))] * 5
    periods += [(date(2024, 1, 1), date(2024, 6, 30)), (date(2024, 4, 1), date(2025, 1, 15))]
    case = Case(raw, as_of, rng.choice(periods))
    events = [t for t in builders[0].tables.values() if not t.derive]
    if builders[0].chance(rates.covers):
        case.covers = {rng.choice(events).name: cover(rng, builders)}
    if builders[0].chance(rates.silence):
        case.silence = "unreported" if builders[0].chance(0.5) else {rng.choice(events).name: "unreported"}
    return case


def cover(rng: random.Random, builders: list[Builder]) -> dict[str, Any]:
    covers: dict[str, Any] = {}
    if rng.random() < 0.6:
        covers["from"] = rng.choice([date(2023, 10, 1), date(2024, 2, 1)])
    if rng.random() < 0.4:
        covers["to"] = rng.choice([date(2024, 8, 31), date(2025, 12, 31)])
    found = {b.walk_owner(t, r) for b in builders for t in b.tables.values() if t.owner for r in b.rows.get(t.name, [])}
    owners = sorted(o for o in found if o)
    if owners and rng.random() < 0.4:
        covers["organizations"] = rng.sample(owners, rng.randint(1, len(owners)))
    return covers


def record_sets(
    model: dict[str, Any],
    *,
    sizes: dict[str, tuple[int, int]] | None = None,
    words: Iterable[str] = (),
    rates: Rates | None = None,
) -> st.SearchStrategy[Case]:
    """Record sets from one number each: quick to draw; `shrink` makes them small."""
    words = list(words)
    return st.integers(0, 2**32 - 1).map(
        lambda seed: build(random.Random(seed), model, sizes=sizes, words=words, rates=rates)
    )


def shrink(case: Case, is_bad: Callable[[Case], bool]) -> Case:
    """A smaller case that is still bad: tables emptied, rows dropped, cells blanked where that keeps it bad."""
    again = True
    while again:
        again = False
        for smaller in smaller_cases(case):
            if is_bad(smaller):
                case, again = smaller, True
                break
    return case


def smaller_cases(case: Case) -> Iterable[Case]:
    if case.covers:
        yield replace(case, covers=None)
    if case.silence:
        yield replace(case, silence=None)
    for name, rows in case.raw.items():
        for size in (len(rows), len(rows) // 2, 1):
            for at in range(0, len(rows), size or 1):
                if 0 < size:
                    yield replace(case, raw={**case.raw, name: rows[:at] + rows[at + size :]})
    for name, rows in case.raw.items():
        for i, row in enumerate(rows):
            for column, text in row.cells.items():
                if text:
                    smaller = RawRow({**row.cells, column: ""}, row.file, row.line)
                    yield replace(case, raw={**case.raw, name: [*rows[:i], smaller, *rows[i + 1 :]]})


def write_folder(
    raw: Raw,
    path: str | Path,
    *,
    model: dict[str, Any] | None = None,
    as_of: date | None = None,
    period: tuple[date, date] | None = None,
    covers: dict[str, Any] | None = None,
    silence: str | dict[str, Any] | None = None,
) -> Path:
    """The set as CSV files with a manifest. An empty table needs `model` for its headings."""
    folder = Path(path)
    files: dict[str, list[RawRow]] = {}
    for name, rows in raw.items():
        if not rows:
            files[f"{name}.csv"] = []
        for row in rows:
            files.setdefault(row.file, []).append(row)
    for name, rows in files.items():
        given = model["tables"][Path(name).stem]["fields"] if model else []
        fields = [f["name"] for f in given if "computed" not in f]
        columns = [f for f in fields if f in rows[0].cells] if rows and fields else fields
        columns = columns or (list(rows[0].cells) if rows else ["id"])
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(columns)
            writer.writerows([row.cells.get(c) or "" for c in columns] for row in rows)
    manifest: dict[str, Any] = {}
    if as_of:
        manifest["as_of"] = as_of
    if period:
        manifest["period"] = {"from": period[0], "to": period[1]}
    if covers:
        manifest["covers"] = covers
    if silence:
        manifest["silence"] = silence
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "orgaudit.yaml").write_text(yaml.safe_dump(manifest, allow_unicode=True), encoding="utf-8")
    return folder
