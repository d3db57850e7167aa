"""What the records are silent about: rows that cannot be placed, parents without a list, tables and organizations unreported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath

from orgaudit import sql as q
from orgaudit.expressions import (
    FILE,
    LINE,
    MISSING_BITS,
    ROW,
    SURE,
    UNKNOWN_BITS,
    Joins,
    Names,
    Row,
    Scope,
    check_group,
    day_of,
    held_on,
    is_state,
    owner_of,
    walk_path,
)
from orgaudit.recordmodel import ForeignKey, Hop, RecordModel, Table
from orgaudit.records.cells import TYPES, column
from orgaudit.records.manifest import NAME, Manifest
from orgaudit.records.problems import Problem
from orgaudit.workdb import WorkDb


@dataclass
class Coverage:
    """For which days and organizations one table is complete; `None` for organizations means all of them."""

    first: date
    last: date
    organizations: frozenset[str] | None = None


@dataclass
class Facts:
    """What the engine must know of a submission before it plans."""

    as_of: date
    first: date
    last: date
    submitted: set[str] = field(default_factory=set)
    coverage: dict[str, Coverage] = field(default_factory=dict)
    doubtful: dict[tuple[str, str], str] = field(default_factory=dict)
    open_references: set[tuple[str, str]] = field(default_factory=set)
    unplaced: dict[str, int] = field(default_factory=dict)
    silent: dict[str, frozenset[str]] = field(default_factory=dict)

    def source(self, hop: Hop) -> tuple[str, str, bool]:
        """Where a backward step finds its rows: the table, or a view with rows that only may refer here."""
        view = self.doubtful.get((hop.holder, hop.key.field))
        return (view, "_to", True) if view else (hop.holder, hop.key.field, False)


@dataclass
class _Unplaced:
    rows: list[int]
    keys: list[str]
    parents: list[str]


def settle_doubt(db: WorkDb, model: RecordModel, facts: Facts, files: list[str]) -> Iterator[Problem]:
    """Builds, for each reference that needs it, a view of the rows that refer to a record and of those that may."""
    homes = _Homes(db, model, files)
    for name, table in model.tables.items():
        if name not in facts.submitted or table.derive:
            continue
        incomplete: list[str] = []
        for key in table.foreignKeys:
            if _has_missing(db, name, table, key):
                facts.open_references.add((name, key.field))
            found = _unplaced(db, model, name, table, key, homes)
            incomplete += found.parents
            nowhere = len(set(found.rows)) - len(
                {r for r, k in zip(found.rows, found.keys, strict=True) if k is not None}
            )
            if nowhere:
                facts.unplaced[name] = facts.unplaced.get(name, 0) + nowhere
            pairs = [(r, k) for r, k in zip(found.rows, found.keys, strict=True) if k is not None]
            if pairs:
                db.fill(
                    f"candidates {name}.{key.field}",
                    {"row": "bigint", "key": "varchar"},
                    {"row": [r for r, _ in pairs], "key": [k for _, k in pairs]},
                )
                facts.doubtful[name, key.field] = f"via {name}.{key.field}"
        phantom = _phantoms(db, model, name, table, incomplete) if table.complete else None
        _views(db, model, name, table, facts, phantom)
        if name in facts.unplaced:
            yield Problem("unplaced-rows", table=name, values={"count": facts.unplaced[name]})


def _is_loose(table: Table, key: ForeignKey) -> str:
    """SQL: the reference of a row is unknown, though its column was handed in."""
    declared, bit = table.by_name[key.field], table.bits[key.field]
    blank = "true" if declared.constraints.required or declared.blank == "unknown" else f"{UNKNOWN_BITS} & {bit} <> 0"
    return f"({column(key.field)} is null and {blank} and {MISSING_BITS} & {bit} = 0)"


def _has_missing(db: WorkDb, name: str, table: Table, key: ForeignKey) -> bool:
    bit = table.bits[key.field]
    return bool(db.load(f"select count(*) from {column(name)} where {MISSING_BITS} & {bit} <> 0")[0][0])


def _unplaced(db: WorkDb, model: RecordModel, name: str, table: Table, key: ForeignKey, homes: _Homes) -> _Unplaced:
    """The rows whose reference is unknown with every record it could name, and the parents that lack a row for it."""
    found = _Unplaced([], [], [])
    parent = table.forwards[table.complete.per] if table.complete else None
    per = column(parent.field) if parent and parent.field != key.field else "null"
    for row, file, parent_key in db.load(
        f"select {ROW}, {FILE}, {per} from {column(name)} where {_is_loose(table, key)} order by {ROW}"
    ):
        if parent_key is not None:
            found.parents.append(parent_key)
            continue
        keys = homes.records_of(key.target, name, file)
        found.rows += [row] * max(len(keys), 1)
        found.keys += keys or [None]  # type: ignore[list-item]
    return found


class _Homes:
    """To which one organization the rows of a file belong, where they all do."""

    def __init__(self, db: WorkDb, model: RecordModel, files: list[str]) -> None:
        self.db, self.model, self.files = db, model, files
        self._by_table: dict[str, dict[int, set[str]]] = {}
        self._targets: dict[tuple[str, str], list[str]] = {}

    def records_of(self, target: str, table: str, file: int) -> list[str]:
        """The keys of the records of `target` that belong to the one owner of this file, or else of its folder."""
        owner = self._only(self._owners(table).get(file, set())) or self._only(self._in_folder(file))
        if owner is None or self.model.tables[target].owner is None:
            return []
        if (target, owner) not in self._targets:
            self._targets[target, owner] = self._owned(target, owner)
        return self._targets[target, owner]

    def _only(self, owners: set[str]) -> str | None:
        return next(iter(owners)) if len(owners) == 1 else None

    def _owners(self, table: str) -> dict[int, set[str]]:
        if table not in self._by_table:
            found: dict[int, set[str]] = defaultdict(set)
            row = Row(Joins(self.model), "t", table)
            owner = owner_of(row)
            if owner is not None:
                key = owner.raw(self.model.key_of(owner.table))
                query = q.select(
                    {"f": row.raw(FILE), "o": key},
                    q.table(table, "t"),
                    row.joins.trees,
                    q.not_(q.is_null(key)),
                    distinct=True,
                )
                for file, key_text in self.db.rows(query):
                    found[file].add(key_text)
            self._by_table[table] = found
        return self._by_table[table]

    def _in_folder(self, file: int) -> set[str]:
        folder = PurePosixPath(self.files[file]).parent
        beside = {i for i, f in enumerate(self.files) if PurePosixPath(f).parent == folder}
        tables = [n for n, t in self.model.tables.items() if not t.derive]
        return {o for t in tables for f, owners in self._owners(t).items() if f in beside for o in owners}

    def _owned(self, target: str, owner: str) -> list[str]:
        row = Row(Joins(self.model), "t", target)
        answering = owner_of(row)
        assert answering is not None  # asked above
        is_owner = q.op(answering.raw(self.model.key_of(answering.table)), "=", q.lit(owner))
        key = row.raw(self.model.key_of(target))
        return [
            k
            for (k,) in self.db.rows(q.select({"k": key}, q.table(target, "t"), row.joins.trees, is_owner, order=[key]))
        ]


def _phantoms(
    db: WorkDb, model: RecordModel, name: str, table: Table, incomplete: list[str]
) -> dict[str, q.Sql] | None:
    """A view of (parent, record, row number) for each row that a child table complete per parent may lack."""
    assert table.complete is not None  # asked by the caller
    parent = table.forwards[table.complete.per]
    parent_key, other = model.key_of(parent.target), _other_reference(model, table, parent)
    marked = f"incomplete {name}"
    db.fill(f"{marked} given", {"key": "varchar"}, {"key": sorted(set(incomplete))})
    db.load(
        f"create table {column(marked)} as select {column(parent_key)} as key from {column(parent.target)} p "
        f"where not exists (select 1 from {column(name)} c where c.{column(parent.field)} = p.{column(parent_key)}) "
        f"union select key from {column(marked + ' given')}"
    )
    queries = []
    for path in table.complete.among:
        group = check_group(path, Scope(model, Names(), subject=parent.target), root=False)
        joins = Joins(model)
        start = Row(joins, "p", parent.target)
        joins.trees.append(q.join(q.table(marked, "i"), q.op(q.col("i", "key"), "=", start.raw(parent_key))))
        walk = walk_path(start, group.hops, lambda hop: (hop.holder, hop.key.field, False))
        day = day_of(start) or q.UNKNOWN
        held = [held_on(s, day) for s in [*walk.states, *([walk.row] if is_state(walk.row) else [])]]
        there = q.is_not_false(q.and_([*walk.conditions, *held]))
        # behind an unknown reference it may be any record
        is_lost = q.and_([q.is_null(walk.row.raw(ROW)), q.not_(walk.row.none)])
        same = q.or_([is_lost, q.op(q.col("a", ROW), "=", walk.row.raw(ROW))])
        joins.trees.append(q.join(q.table(walk.row.table, "a"), same))
        columns = {"parent": start.raw(parent_key), "record": q.col("a", model.key_of(walk.row.table))}
        columns |= {"p": start.raw(ROW), "x": q.col("a", ROW)}
        queries.append(q.select(columns, q.table(parent.target, "p"), joins.trees, there))
    union = q.select(
        {c: q.col("u", c) for c in ("parent", "record", "p", "x")}, q.derived(q.union_all(queries), "u"), distinct=True
    )
    listed = q.join(
        q.table(name, "c"),
        q.and_(
            [
                q.op(q.col("c", parent.field), "=", q.col("d", "parent")),
                q.op(q.col("c", other.field), "=", q.col("d", "record")),
            ]
        ),
        left=True,
    )
    number = q.op(q.lit(-1), "-", q.op(q.op(q.col("d", "p"), "*", q.lit(2**31)), "+", q.col("d", "x")))
    columns = {parent.field: q.col("d", "parent"), other.field: q.col("d", "record"), ROW: number}
    db.run(
        q.create_view(
            f"possible {name}", q.select(columns, q.derived(union, "d"), [listed], q.is_null(q.col("c", ROW)))
        )
    )
    if not db.load(f"select 1 from {column('possible ' + name)} limit 1"):
        return None
    return {parent.field: q.col("f", parent.field), other.field: q.col("f", other.field)}


def _other_reference(model: RecordModel, table: Table, parent: ForeignKey) -> ForeignKey:
    assert table.complete is not None  # asked by the caller
    group = check_group(table.complete.among[0], Scope(model, Names(), subject=parent.target), root=False)
    return next(k for k in table.foreignKeys if k.target == group.table and k.field != parent.field)


def _views(
    db: WorkDb, model: RecordModel, name: str, table: Table, facts: Facts, phantom: dict[str, q.Sql] | None
) -> None:
    """For each doubtful reference: certain rows, rows that may refer elsewhere, rows that may exist."""
    references = {k.field for k in table.foreignKeys if (name, k.field) in facts.doubtful} | set(phantom or {})
    own = [*(f.name for f in table.fields), ROW, UNKNOWN_BITS, MISSING_BITS, FILE, LINE]
    for reference in sorted(references):
        columns = {c: q.col("t", c) for c in own}
        parts = [q.select({**columns, "_to": q.col("t", reference), SURE: q.TRUE}, q.table(name, "t"))]
        if (name, reference) in facts.doubtful:
            joined = q.join(
                q.table(f"candidates {name}.{reference}", "k"), q.op(q.col("k", "row"), "=", q.col("t", ROW))
            )
            parts.append(q.select({**columns, "_to": q.col("k", "key"), SURE: q.UNKNOWN}, q.table(name, "t"), [joined]))
        if phantom is not None:
            blank: dict[str, q.Sql] = {f.name: q.cast(q.NULL, TYPES[f.type]) for f in table.fields}
            blank |= {**phantom, ROW: q.col("f", ROW)}
            blank |= {FILE: q.cast(q.NULL, "int"), LINE: q.cast(q.NULL, "bigint")}
            mask = -1 - sum(table.bits[f] for f in phantom)  # all bits but those of the two references
            blank |= {UNKNOWN_BITS: q.lit(mask), MISSING_BITS: q.lit(mask)}
            view = q.select(
                {
                    **{c: blank[c] for c in own},
                    "_to": q.col("f", reference) if reference in phantom else q.NULL,
                    SURE: q.UNKNOWN,
                },
                q.table(f"possible {name}", "f"),
            )
            parts.append(view)
        facts.doubtful[name, reference] = f"via {name}.{reference}"
        db.run(q.create_view(facts.doubtful[name, reference], q.union_all(parts)))


def coverage_of(db: WorkDb, model: RecordModel, manifest: Manifest, facts: Facts) -> Iterator[Problem]:
    """For each submitted table its coverage, and a notice of every organization that appears in none of its rows."""
    yield from _unknown_covers(db, model, manifest, facts)
    for name, table in model.tables.items():
        if name not in facts.submitted:
            if not table.derive:
                yield Problem("table-not-submitted", table=name)
            continue
        said = manifest.covers.get(name)
        coverage = Coverage((said and said.from_) or facts.first, (said and said.to) or facts.as_of)
        if said is not None and said.organizations is not None:
            coverage.organizations = frozenset(said.organizations)
        owner = model.owner_table(name)
        if owner is not None and owner != name and not table.derive:
            reported = _reporting(db, model, name)
            yield from _not_reported(db, model, name, owner, reported, facts)
            if manifest.is_silent(name):
                coverage.organizations = frozenset(reported) & (
                    coverage.organizations if coverage.organizations is not None else frozenset(reported)
                )
        elif manifest.is_silent(name) and owner is None and not table.derive:
            coverage.organizations = coverage.organizations or frozenset()
        facts.coverage[name] = coverage
    for name, table in model.tables.items():
        if table.derive and name in facts.submitted:
            sources = {d.from_ for d in table.derive} & facts.submitted
            facts.coverage[name] = _common([facts.coverage[source] for source in sorted(sources)])


def _common(sources: list[Coverage]) -> Coverage:
    """A derived table is complete where all the tables are that it is made from."""
    limits = [s.organizations for s in sources if s.organizations is not None]
    organizations = frozenset.intersection(*limits) if limits else None
    return Coverage(max(s.first for s in sources), min(s.last for s in sources), organizations)


def _unknown_covers(db: WorkDb, model: RecordModel, manifest: Manifest, facts: Facts) -> Iterator[Problem]:
    """Tables and organizations that the manifest speaks of and that are not there: a slip that would hide what is missing."""
    silent = manifest.silence if isinstance(manifest.silence, dict) else {}
    for name in sorted({*manifest.covers, *silent} - set(model.tables)):
        yield Problem("unknown-cover", NAME, column="covers", value=name, values={"known": ", ".join(model.tables)})
    for name, cover in manifest.covers.items():
        owner = model.owner_table(name) if name in model.tables else None
        if owner in facts.submitted and owner is not None:
            key = column(model.key_of(owner))
            there = {k for (k,) in db.load(f"select {key} from {column(owner)}")}
            for organization in sorted(set(cover.organizations or ()) - there):
                yield Problem(
                    "unknown-cover", NAME, column=f"covers.{name}", value=organization, values={"known": owner}
                )


def _not_reported(
    db: WorkDb, model: RecordModel, name: str, owner: str, reported: set[str], facts: Facts
) -> Iterator[Problem]:
    """Names the organizations that appear in no row of a table of events: perhaps nobody sent theirs."""
    if model.tables[name].kind != "event" or owner not in facts.submitted:
        return
    everyone = [
        k for (k,) in db.load(f"select {column(model.key_of(owner))} from {column(owner)} order by 1") if k is not None
    ]
    silent = [k for k in everyone if k not in reported]
    facts.silent[name] = frozenset(silent)
    if silent:
        names = ", ".join(silent[:10]) + (" …" if len(silent) > 10 else "")
        yield Problem("not-reported", table=name, values={"count": len(silent), "names": names})


def _reporting(db: WorkDb, model: RecordModel, name: str) -> set[str]:
    row = Row(Joins(model), "t", name)
    owner = owner_of(row)
    assert owner is not None  # asked by the caller
    key = owner.raw(model.key_of(owner.table))
    return {
        k
        for (k,) in db.rows(
            q.select({"k": key}, q.table(name, "t"), row.joins.trees, q.not_(q.is_null(key)), distinct=True)
        )
    }
