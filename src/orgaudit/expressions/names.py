"""What the names of an expression may mean: definitions, scopes, and references followed through the record model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from orgaudit.errors import OrgauditError, did_you_mean
from orgaudit.expressions.tree import Type
from orgaudit.recordmodel import Hop, RecordModel


@dataclass(frozen=True)
class Names:
    """What a standard defines: groups and numbers by table, parameters by type (an item's type, for a list)."""

    groups: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, Type] = field(default_factory=dict)


@dataclass(frozen=True)
class Scope:
    """What the names of an expression may mean: the table of the row at hand, of the subject, and the values of each."""

    model: RecordModel
    names: Names
    row: str | None = None
    subject: str | None = None
    each: Mapping[str, Type] = field(default_factory=dict)
    periods: bool = False
    neighbours: bool = False
    backwards: bool = False


def follow(steps: list[str], table: str, model: RecordModel) -> tuple[tuple[Hop, ...], str]:
    """The hops of a path from a table, and the table it ends at."""
    hops: list[Hop] = []
    for step in steps:
        hop = model.hop(table, step)
        if hop is None:
            if step in ("audit", "descendants", "ancestors", "previous", "next"):
                raise OrgauditError("not-built", {"what": f"`{step}.`", "column": 1})
            raise OrgauditError(
                "unknown-reference", {**did_you_mean(step, model.hops(table)), "table": table, "column": 1}
            )
        hops.append(hop)
        table = hop.to
    return tuple(hops), table
