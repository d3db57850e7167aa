"""What the names of an expression may mean: definitions, scopes, and references followed through the record model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from orgaudit.errors import OrgauditError, did_you_mean
from orgaudit.expressions.tree import Type
from orgaudit.recordmodel import KIN, NEIGHBOURS, Hop, RecordModel


@dataclass(frozen=True)
class Names:
    """What a standard defines: groups and numbers by table, numbers and parameters by type (an item's type, for a list).

    `values` are those of parameters, at any time; `choices` those of readings; `lists` the parameters that hold several.
    """

    groups: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, Type] = field(default_factory=dict)
    parameters: Mapping[str, Type] = field(default_factory=dict)
    values: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lists: frozenset[str] = frozenset()
    calendar: str | None = None


@dataclass(frozen=True)
class Scope:
    """What the names of an expression may mean: the tables of the row at hand, the subject, the event and of each."""

    model: RecordModel
    names: Names
    row: str | None = None
    subject: str | None = None
    event: str | None = None
    each: Mapping[str, Type] = field(default_factory=dict)
    each_of: Mapping[str, str] = field(default_factory=dict)
    each_values: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    each_field: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # (table, field) in which values are found
    periods: bool = False
    neighbours: bool = False
    backwards: bool = False
    record_model: bool = False


def follow(steps: list[str], table: str, model: RecordModel) -> tuple[tuple[Hop, ...], str]:
    """The hops of a path from a table, and the table it ends at."""
    hops: list[Hop] = []
    for step in steps:
        hop = model.hop(table, step)
        if hop is None:
            raise _no_step(step, table, model)
        hops.append(hop)
        table = hop.to
    return tuple(hops), table


def _no_step(step: str, table: str, model: RecordModel) -> OrgauditError:
    if step in NEIGHBOURS:
        return OrgauditError("no-order", {"table": table, "step": step, "column": 1})
    if step in KIN:
        return OrgauditError("no-tree", {"table": table, "step": step, "column": 1})
    known = did_you_mean(step, model.hops(table))
    return OrgauditError("unknown-reference", {**known, "table": table, "column": 1})
