"""Whether the aliases of the manifest stand for records that are there."""

from __future__ import annotations

from collections.abc import Iterator

from orgaudit.recordmodel import RecordModel
from orgaudit.records.cells import column
from orgaudit.records.facts import Facts
from orgaudit.records.manifest import NAME, Manifest
from orgaudit.records.names import names_of
from orgaudit.records.problems import Problem
from orgaudit.workdb import WorkDb


def unknown_aliases(db: WorkDb, model: RecordModel, manifest: Manifest, facts: Facts) -> Iterator[Problem]:
    """Tables that the manifest gives aliases for and that are not there, and aliases of records that are not."""
    known = ", ".join(model.tables)
    for name, aliases in manifest.aliases.items():
        if name not in model.tables:
            yield Problem(
                "unknown-alias", NAME, manifest.line("aliases", name), "aliases", name, values={"known": known}
            )
        elif name in facts.submitted and not _may_lead_nowhere(model, name):
            there = {str(k) for (k,) in db.load(f"select {column(model.key_of(name))} from {column(name)}")}
            names = names_of(db, model, name, {})
            for text, of in aliases.items():
                if of not in there and not names.candidates(of):
                    place = manifest.line("aliases", name, text), f"aliases.{name}"
                    yield Problem("unknown-alias", NAME, *place, of, name, {"known": name})


def _may_lead_nowhere(model: RecordModel, name: str) -> bool:
    """Whether references to a table may name records that nobody handed in."""
    return any(k.target == name and k.dangling == "allowed" for t in model.tables.values() for k in t.foreignKeys)
