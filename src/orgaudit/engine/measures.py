"""Count what: the candidates of a union of groups with their truth, and the interval they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from orgaudit import sql as q
from orgaudit.engine.context import Context, Frame
from orgaudit.engine.slots import Slots, fall_into
from orgaudit.errors import OrgauditError
from orgaudit.expressions import (
    ROW,
    UNBOUNDED,
    Group,
    Joins,
    Meanings,
    Row,
    Walk,
    day_of,
    group_condition,
    held_on,
    is_state,
    lifetime,
    owner_of,
    walk_path,
)


@dataclass
class Candidates:
    """The records that one group's path leads to from each check, and how truly they belong to its count."""

    joins: Joins
    walk: Walk
    linked: q.Sql  # by the path and in time
    condition: q.Sql  # by what the group asks

    @property
    def truth(self) -> q.Sql:
        """Whether a record belongs."""
        return q.and_([self.linked, self.condition])


def candidates(
    context: Context, frame: Frame, group: Group, slots: Slots | None = None, *, overlap: bool = False
) -> Candidates:
    """Joins a group's records onto a select over checks `k`; with `overlap`, states belong on any day of the window."""
    joins = Joins(context.model)
    joins.trees.append(q.join(q.table(frame.table, "s"), q.op(q.col("s", ROW), "=", q.col("k", "s"))))
    walk = walk_path(Row(joins, "s", frame.table), group.hops, context.facts.source)
    day, none = _day(walk.row, group)
    if slots is not None:
        joins.trees.append(fall_into(slots, None if group.ever or overlap else day))
        frame = frame.in_slots()
    placed = _placed(frame, walk.row, group, day, overlap=overlap)
    on = day if day is not None else (None if group.ever else frame.state_day)
    held = [held_on(state, on) for state in walk.states] if on is not None else []
    linked = q.and_([q.not_(none), *walk.conditions, *placed, *held])
    return Candidates(
        joins, walk, linked, group_condition(group, walk.row, meanings_of(context, frame, joins, walk.row))
    )


def _day(row: Row, group: Group) -> tuple[q.Sql | None, q.Sql]:
    """The day that places a record, and whether it certainly has none."""
    if group.dated is not None:
        value = row.value(group.dated)
        return value.sql, value.none
    return day_of(row), q.FALSE


def _placed(frame: Frame, row: Row, group: Group, day: q.Sql | None, *, overlap: bool) -> list[q.Sql]:
    if overlap:
        begins, ends = lifetime(row)
        return [q.op(begins, "<=", frame.last), q.op(ends, ">=", frame.first)]
    if group.ever:
        return []
    if day is not None:
        return [q.op(day, ">=", frame.first), q.op(day, "<=", frame.last)]
    return [held_on(row, frame.state_day)] if is_state(row) else []


def counted(
    context: Context,
    frame: Frame,
    checks: q.Sql,
    groups: Sequence[Group],
    slots: Slots | None = None,
    *,
    overlap: bool = False,
) -> q.Select:
    """(k, p, least, most): how many records certainly and possibly belong; where there are none, there is no row."""
    by = {"k": q.col("k", "k"), "p": q.col("k", "p") if slots is None else q.col("p", "p")}
    found = [candidates(context, frame, group, slots, overlap=overlap) for group in groups]
    rows: q.Sql = q.union_all([_belonging(c, checks, by) for c in found])
    if len(found) > 1 or any(_several_ways(context, g) for g in groups):
        rows = _once(rows)
    keys = {c: q.col("c", c) for c in by}
    most = q.call("least", q.summed(q.col("c", "many")), q.lit(UNBOUNDED))
    columns = {**keys, "least": q.summed(q.col("c", "sure")), "most": most}
    return q.select(columns, q.derived(rows, "c"), group=list(keys.values()))


def _belonging(found: Candidates, checks: q.Sql, by: dict[str, q.Sql]) -> q.Select:
    many = q.case([(found.walk.is_lost, q.lit(UNBOUNDED))], q.lit(1))
    columns = {**by, "row": found.walk.identity, "sure": q.as_int(found.truth), "many": many}
    return q.select(columns, checks, found.joins.trees, q.is_not_false(found.truth))


def _once(rows: q.Sql) -> q.Select:
    """A record counts once, by its truest way, however many ways lead to it."""
    keys = {c: q.col("u", c) for c in ("k", "p", "row")}
    best = {c: q.call("max", q.col("u", c)) for c in ("sure", "many")}
    return q.select({**keys, **best}, q.derived(rows, "u"), group=list(keys.values()))


def _several_ways(context: Context, group: Group) -> bool:
    back = [i for i, hop in enumerate(group.hops) if not hop.forwards]
    doubtful = any(context.facts.source(h)[2] for h in group.hops if not h.forwards)
    return doubtful or (bool(back) and any(h.forwards for h in group.hops[back[0] :]))


def is_complete(context: Context, frame: Frame, groups: Sequence[Group]) -> q.Sql:
    """Whether nothing can be missing from a count: never NULL; an incomplete count is open upwards."""
    return q.and_(_is_complete(context, frame, group) for group in groups)


def _is_complete(context: Context, frame: Frame, group: Group) -> q.Sql:
    facts = context.facts
    crossed = [(h.holder, h.key.field) for h in group.hops if not h.forwards]
    tables = {t for t, _ in crossed} | {group.table}
    if not tables <= facts.submitted or facts.open_references & set(crossed):
        return q.FALSE
    coverage = facts.coverage[group.table]
    parts: list[q.Sql] = []
    if context.model.tables[group.table].kind == "event" and not group.ever:
        if not frame.is_whole_time and (not frame.is_period or coverage.first > facts.first):
            parts.append(q.is_true(q.op(frame.first, ">=", q.lit(coverage.first))))
        if coverage.last < facts.as_of:
            until = q.call("least", frame.last, q.lit(facts.as_of))
            parts.append(q.is_true(q.op(until, "<=", q.lit(coverage.last))))
    if coverage.organizations is not None:
        parts.append(q.is_true(q.isin(frame.owner, [q.lit(o) for o in sorted(coverage.organizations)])))
    return q.and_(parts)


# -- defined numbers: counts too, one for each record of a table


def meanings_of(context: Context, frame: Frame, joins: Joins, row: Row) -> Meanings:
    """What names stand for with `row` at hand; a defined number is counted by a join of its own."""
    plain = context.meanings(frame, joins, row)
    return replace(plain, number=lambda name, of: _number(context, frame, name, of))


def _number(context: Context, frame: Frame, name: str, row: Row) -> tuple[q.Sql, q.Sql]:
    """The interval of a defined number of a row, in the window of the rule that uses it."""
    table, count = context.standard.numbers[name]
    if frame.moved or (row.alias != frame.subject and not frame.is_static):
        raise OrgauditError(
            "not-built", {"what": f"the number `{name}` of another record than the subject, or in a moved window"}
        )
    alias = f"n{len(row.joins.made)}"
    row.joins.made[row.alias, f"number {name} {alias}"] = alias
    origin = _origin(context, frame, table)
    inner = frame.for_number(table)
    relation = counted(context, inner, q.derived(origin, "k"), count.groups)
    on = [q.op(q.col(alias, "k"), "=", row.raw(ROW))]
    if frame.periods is not None and frame.p is not None:
        on.append(q.op(q.col(alias, "p"), "=", frame.p))
    row.joins.trees.append(q.join(q.derived(relation, alias), q.and_(on), left=True))
    least = q.call("coalesce", q.col(alias, "least"), q.lit(0))
    found = q.call("coalesce", q.col(alias, "most"), q.lit(0))
    owner = owner_of(row)
    owner_key = owner.raw(context.model.key_of(owner.table)) if owner is not None else q.cast(q.NULL, "text")
    complete = is_complete(context, replace(frame.for_number(table, bare=frame), owner=owner_key), count.groups)
    return least, q.case([(complete, found)], q.lit(UNBOUNDED))


def _origin(context: Context, frame: Frame, table: str) -> q.Select:
    """Every record of a table (in every period) as if it were a check of its own."""
    joins = Joins(context.model, "o")
    row = Row(joins, "t", table)
    if frame.periods is not None:
        joins.trees.append(q.join(q.table(frame.periods, "q"), None))
        first, last, p = q.col("q", "start"), q.col("q", "end"), q.col("q", "p")
        state_day = last
    else:
        own_day = day_of(row)
        first, last, p = frame.first, frame.last, q.lit(0)
        state_day = own_day if own_day is not None and not frame.is_static else q.lit(context.facts.as_of)
    columns = {"k": row.raw(ROW), "s": row.raw(ROW), "p": p, "first": first, "last": last, "state_day": state_day}
    return q.select(columns, q.table(table, "t"), joins.trees)
