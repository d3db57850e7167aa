"""For which days and organizations each table is complete, by what the manifest says and by who appears in it."""

from __future__ import annotations

from collections.abc import Iterator

from orgaudit import sql as q
from orgaudit.expressions import Joins, Row, owner_of
from orgaudit.recordmodel import RecordModel
from orgaudit.records.cells import column
from orgaudit.records.facts import Coverage, Facts
from orgaudit.records.manifest import NAME, Manifest
from orgaudit.records.problems import Problem
from orgaudit.workdb import WorkDb


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
            reported = _reporting(db, model, name) if name in facts.filled else set()
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
    for key, names in (("covers", manifest.covers), ("silence", silent)):
        for name in sorted(set(names) - set(model.tables)):
            yield _unknown_cover(name, ", ".join(model.tables), manifest.line(key, name), key)
    for name, cover in manifest.covers.items():
        owner = model.owner_table(name) if name in model.tables else None
        if owner in facts.submitted and owner is not None:
            key = column(model.key_of(owner))
            there = {k for (k,) in db.load(f"select {key} from {column(owner)}")}
            line = manifest.line("covers", name, "organizations")
            for organization in sorted(set(cover.organizations or ()) - there):
                yield _unknown_cover(organization, owner, line, f"covers.{name}")


def _unknown_cover(value: str, known: str, line: int | None, key: str) -> Problem:
    return Problem("unknown-cover", NAME, line, key, value, values={"known": known})


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
    """The organizations that a row of a table belongs to."""
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
