"""Tables that refer to themselves: circles are broken, and every record is paired with all that are above it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from orgaudit.expressions import ABOVE, BELOW, FILE, LINE, MISSING_BITS, ROW, SURE, UNKNOWN_BITS, tree_of
from orgaudit.recordmodel import ForeignKey, RecordModel
from orgaudit.records.cells import column
from orgaudit.records.facts import Facts
from orgaudit.records.lost import is_loose
from orgaudit.records.problems import Problem
from orgaudit.workdb import WorkDb

#: how many pairs may be made only because parents are unknown; a tree that needs more is open
MOST_UNSURE = 1_000_000


def plant_trees(
    db: WorkDb, model: RecordModel, names: Iterable[str], facts: Facts, files: list[str]
) -> Iterator[Problem]:
    """For each of these tables that has one reference to itself, its tree; a problem for each circle in it."""
    for name in names:
        key = model.parent_of(name)
        if key is not None:
            yield from _break_circles(db, model, name, key, facts, files)
            _plant(db, model, name, key, facts)


def _break_circles(
    db: WorkDb, model: RecordModel, name: str, key: ForeignKey, facts: Facts, files: list[str]
) -> Iterator[Problem]:
    table = model.tables[name]
    own = ", ".join(f"coalesce(cast({column(c)} as varchar), '')" for c in table.primaryKey)
    for circle in _circles(dict(db.load(_parents(model, name, key)))):
        facts.open_trees.add(name)
        rows = db.load(
            f"select {FILE}, {LINE}, concat_ws('/', {own}) from {column(name)} "
            f"where {ROW} in (select unnest(?::bigint[])) order by list_position(?::bigint[], {ROW})",
            [circle, circle],
        )
        file, line, first = rows[0]
        names = " → ".join(k for *_, k in [*rows, rows[0]])
        yield Problem("reference-circle", files[file], line, ", ".join(key.fields), first, name, {"names": names})
        marked = "" if key.is_several else f", {UNKNOWN_BITS} = {UNKNOWN_BITS} | {table.mask(key)}"
        db.change(
            name,
            f"update {column(name)} set {column(key.field)} = null{marked} where {ROW} in (select unnest(?::bigint[]))",
            [circle],
        )


def _parents(model: RecordModel, name: str, key: ForeignKey) -> str:
    """(record, the one above it), as row numbers in order."""
    return (
        f"select t.{ROW} as {BELOW}, p.{ROW} as {ABOVE} from {column(name)} t join {column(name)} p "
        f"on p.{column(model.target_column(key))} = t.{column(key.field)} order by t.{ROW}"
    )


def _circles(parents: dict[int, int]) -> Iterator[list[int]]:
    """The circles of references, each from its first record on."""
    seen: dict[int, int] = {}
    for start in parents:
        way: list[int] = []
        at = start
        while at in parents and at not in seen:
            seen[at] = start
            way.append(at)
            at = parents[at]
        if seen.get(at) == start and at in way:
            circle = way[way.index(at) :]
            first = circle.index(min(circle))
            yield circle[first:] + circle[:first]


def _plant(db: WorkDb, model: RecordModel, name: str, key: ForeignKey, facts: Facts) -> None:
    """The table of all pairs, and whether more may be missing from it."""
    tree = column(tree_of(name))
    db.load(
        f"create or replace table {tree} as with recursive edges as materialized ({_parents(model, name, key)}), "
        f"kin as (select {BELOW}, {ABOVE} from edges union all "
        f"select k.{BELOW}, e.{ABOVE} from kin k join edges e on e.{BELOW} = k.{ABOVE}) "
        f"select {BELOW}, {ABOVE}, true as {SURE} from kin"
    )
    mask = model.tables[name].mask(key)
    if db.load(f"select 1 from {column(name)} where {MISSING_BITS} & {mask} <> 0 limit 1"):
        facts.open_trees.add(name)
    _add_unsure(db, model, name, key, facts)


def _add_unsure(db: WorkDb, model: RecordModel, name: str, key: ForeignKey, facts: Facts) -> None:
    """Who is not certainly below a record whose parent is unknown may be above it, and above all that are below it."""
    tree, table = column(tree_of(name)), column(name)
    lost = f"select {ROW} as root from {table} where {is_loose(model.tables[name], key)}"
    family = (
        f"select root, root as member from ({lost}) union all "
        f"select l.root, k.{BELOW} from ({lost}) l join {tree} k on k.{ABOVE} = l.root"
    )
    others = f"(select count(*) from {table})"
    sizes = f"select root, count(*) as n from ({family}) group by root"
    pairs = int(db.load(f"select coalesce(sum(n * ({others} - n)), 0) from ({sizes})")[0][0])
    if pairs > MOST_UNSURE:
        facts.open_trees.add(name)
    elif pairs:
        db.load(
            f"insert into {tree} with family as materialized ({family}) "
            f"select f.member, o.{ROW}, null from family f join {table} o "
            f"on not exists (select 1 from family m where m.root = f.root and m.member = o.{ROW})"
        )
