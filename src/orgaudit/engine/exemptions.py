"""Unless: for each named exemption whether it certainly, and whether it possibly, holds for a check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orgaudit import sql as q
from orgaudit.engine.bounds import bound_holds
from orgaudit.engine.context import Context, Frame
from orgaudit.engine.measures import counted, is_complete, meanings_of
from orgaudit.expressions import UNBOUNDED, Joins, Row, to_truth
from orgaudit.standards import Exemption


@dataclass(frozen=True)
class Held:
    """(certainly, possibly): neither is ever NULL."""

    id: str
    surely: q.Sql
    maybe: q.Sql


def interval(
    context: Context, frame: Frame, exemption: Exemption, alias: str, checks: q.Sql
) -> tuple[q.Join, q.Sql, q.Sql]:
    """The join that brings an exemption's count to the checks, and its interval."""
    groups = exemption.groups
    relation = counted(context, frame, checks, groups, overlap=exemption.during is not None)
    join = q.join(q.derived(relation, alias), q.op(q.col(alias, "k"), "=", q.col("k", "k")), left=True)
    least = q.call("coalesce", q.col(alias, "least"), q.lit(0))
    found = q.call("coalesce", q.col(alias, "most"), q.lit(0))
    return join, least, q.case([(is_complete(context, frame, groups), found)], q.lit(UNBOUNDED))


def held(
    context: Context, frame: Frame, exemptions: Sequence[Exemption], joins: Joins, subject: Row, checks: q.Sql
) -> list[Held]:
    """Each exemption that excuses a whole check, asked of the checks that `joins` stand on."""
    found = []
    for i, exemption in enumerate(exemptions):
        if exemption.condition is not None:
            truth = to_truth(exemption.condition, meanings_of(context, frame, joins, subject))
            found.append(Held(exemption.id, q.is_true(truth), q.is_not_false(truth)))
            continue
        join, least, most = interval(context, frame, exemption, f"x{i}", checks.copy())
        joins.trees.append(join)
        every, some = applies(context, exemption, least, most, frame.day)
        found.append(Held(exemption.id, q.is_true(every), q.is_not_false(some)))
    return found


def applies(context: Context, exemption: Exemption, least: q.Sql, most: q.Sql, day: q.Sql) -> tuple[q.Sql, q.Sql]:
    """(for every value, for some value): `during` asks for any state, a count for its bound."""
    if exemption.bound is None:
        return q.op(least, ">=", q.lit(1)), q.op(most, ">=", q.lit(1))
    return bound_holds(context, exemption.bound, least, most, day)
