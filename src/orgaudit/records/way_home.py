"""The way to the records within which names are told apart, and who bears which name there."""

from __future__ import annotations

from collections.abc import Iterable

from orgaudit.recordmodel import ForeignKey, RecordModel
from orgaudit.records.bearers import namesakes_of
from orgaudit.records.namesakes import Namesakes
from orgaudit.records.references import References


def is_told_apart(references: References, name: str, key: ForeignKey) -> bool:
    """Whether names may stand for this reference, and are told apart within records that were handed in."""
    home = references.model.home_table(key.target)
    there = {name, key.target, home} <= references.submitted
    return there and not key.is_several and key.dangling == "problem"


def settle_way(references: References, paths: Iterable[tuple[str, str]]) -> None:
    """Puts keys where names stand on these ways home, each a table and a path from it, if each means one record only."""
    found: dict[tuple[str, str], ForeignKey] = {}
    for table, path in paths:
        found |= _along(references.model, table, path)
    for (table, _), key in found.items():
        is_there = {table, key.target} <= references.submitted and not is_told_apart(references, table, key)
        if is_there and references.lost(table, key, {}):
            references.joined_by_name(table, key, references.nowhere(table, key))


def _along(model: RecordModel, table: str, path: str) -> dict[tuple[str, str], ForeignKey]:
    """The references that the steps forwards of a path follow, each with the table that holds it."""
    found: dict[tuple[str, str], ForeignKey] = {}
    at = table
    for step in path.split("."):
        hop = model.hop(at, step)
        if hop is None:
            break
        found |= {(at, step): hop.key} if hop.forwards else {}
        at = hop.to
    return found


def namesakes_in(references: References, table: str) -> Namesakes:
    """Who bears which name in a table; read once, until they are forgotten."""
    known = references.namesakes
    if table not in known:
        known[table] = namesakes_of(references.db, references.model, table, references.submitted)
    return known[table]
