"""The records of a group: joined onto a select over checks, with the truth of each one's belonging."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from orgaudit import sql as q
from orgaudit.engine.context import Context, Frame
from orgaudit.engine.settled import settled
from orgaudit.engine.slots import Slots, fall_into
from orgaudit.expressions import (
    ROW,
    SURE,
    UNBOUNDED,
    Group,
    Joins,
    Meanings,
    Row,
    Walk,
    day_of,
    end_of,
    first_day_of,
    group_condition,
    held_on,
    in_group,
    is_state,
    lifetime,
    walk_path,
)
from orgaudit.periods import NO_END, SINCE_EVER

#: how the records of a group lie in a window: as a count finds them, on any day of it, or on all its days
IN_WINDOW, OVERLAPPING, ALL_THROUGH = "in window", "overlapping", "all through"
#: columns that a measure wants of each record, from what names stand for with the record at hand
Wanted = Callable[[Meanings, Row], Mapping[str, q.Sql]]


#: what an event is called in a select over the events of checks
EVENT = "v"


def event_join(table: str) -> q.Join:
    """Joins the event of a row of events."""
    return q.join(q.table(table, EVENT), q.op(q.col(EVENT, ROW), "=", q.col("k", "event")), left=True)


@dataclass
class Candidates:
    """The records that one group's path leads to from each check, and how truly they belong to its count."""

    joins: Joins
    walk: Walk
    linked: q.Sql  # by the path and in time
    condition: q.Sql  # by what the group asks
    meanings: Meanings
    frame: Frame

    @property
    def truth(self) -> q.Sql:
        """Whether a record belongs."""
        return q.and_([self.linked, self.condition])


def candidates(
    context: Context, frame: Frame, group: Group, slots: Slots | None = None, placing: str = IN_WINDOW
) -> Candidates:
    """Joins a group's records onto a select over checks `k`."""
    joins = context.joins()
    joins.trees.append(q.join(q.table(frame.table, "s"), q.op(q.col("s", ROW), "=", q.col("k", "s"))))
    if frame.event is not None:
        joins.trees.append(event_join(frame.event[1]))
    start, there = _start(context, frame, group, joins)
    walk = walk_path(start, group.hops, context.facts.source)
    if group.root is not None and group.hops and is_state(start):
        walk.states.append(start)
    day, none = _day(walk.row, group)
    if slots is not None:
        joins.trees.append(fall_into(slots, None if group.ever or placing != IN_WINDOW else day))
        frame = frame.in_slots(slots.name)
    meanings = context.meanings(frame, joins, walk.row)
    among = [in_group(group.among, start, meanings.at(start))] if group.among is not None else []
    placed = _placed(context, frame, walk.row, group, day, placing)
    on = day if day is not None else (None if group.ever else frame.state_day)
    held = [held_on(state, on) for state in walk.states] if on is not None else []
    linked = q.and_([q.not_(none), *there, *walk.conditions, *placed, *held, *among])
    return Candidates(joins, walk, linked, group_condition(group, walk.row, meanings), meanings, frame)


def _start(context: Context, frame: Frame, group: Group, joins: Joins) -> tuple[Row, list[q.Sql]]:
    """The row that a path begins with: the subject, or any record of the group's root, also one that only may be there."""
    if group.root is None:
        return Row(joins, "s", frame.table, is_there=True), []
    view = _view_of_all(context, group.root)
    joins.trees.append(q.join(q.table(view or group.root, "a"), None))
    joins.finds_nothing = view is None and group.root in context.facts.cells.empty
    return Row(joins, "a", group.root, is_there=True), [q.col("a", SURE)] if view else []


def _view_of_all(context: Context, table: str) -> str | None:
    """The view of a table that also has the rows which lists that were not handed in may have; None where there are none."""
    complete = context.model.tables[table].complete
    if complete is None:
        return None
    return context.facts.doubtful.get((table, context.model.tables[table].forwards[complete.per].field))


def _day(row: Row, group: Group) -> tuple[q.Sql | None, q.Sql]:
    """The day that places a record, and whether it certainly has none."""
    if group.dated is not None:
        value = row.value(group.dated)
        return value.sql, value.none
    return day_of(row), q.FALSE


def _placed(context: Context, frame: Frame, row: Row, group: Group, day: q.Sql | None, placing: str) -> list[q.Sql]:
    if placing != IN_WINDOW:
        begins, ends = lifetime(row)
        first, last = (frame.last, frame.first) if placing == OVERLAPPING else (frame.first, frame.last)
        return [q.op(begins, "<=", first), q.op(ends, ">=", last)]
    if frame.event is not None:
        return [_of_event(context, frame.event, row)]
    if group.ever:
        return []
    if day is not None:
        first_day = (first_day_of(row) if group.dated is None and frame.is_period else None) or day
        return [q.op(first_day, ">=", frame.first), q.op(day, "<=", frame.last), *_has_come(row, group, day)]
    return [held_on(row, frame.state_day)] if is_state(row) else []


def _has_come(row: Row, group: Group, day: q.Sql) -> list[q.Sql]:
    """A day that is not yet, or still open, lies in no window: neither in one without an end nor in one that nobody knows."""
    dates = row.joins.model.tables[row.table]
    if group.dated is None:
        if dates.when is None:
            return []  # a record about a time
        row, name = end_of(row, dates.when)
    else:
        name = group.dated
    field = row.joins.model.tables[row.table].by_name[name]
    may_wait = not field.constraints.required and field.blank in ("open", "not_yet")
    return [q.op(day, "<", q.lit(NO_END))] if may_wait else []


def _of_event(context: Context, event: tuple[str, str], row: Row) -> q.Sql:
    """Whether a record belongs to the event that is looked at."""
    alias, table = event
    way = context.model.way_to(row.table, table)
    assert way is not None  # the loader refuses a group without
    named = row.along(way)
    return q.case([(named.none, q.FALSE)], q.op(named.raw(ROW), "=", q.col(alias, ROW)))


def find_nothing(
    context: Context,
    frame: Frame,
    groups: Sequence[Group],
    slots: Slots | None = None,
    placing: str = IN_WINDOW,
) -> bool:
    """Whether no record can belong to any check, since each group's path leads through a table without any row."""
    empty = context.facts.cells.empty
    passed = [{group.root, *(hop.holder for hop in group.hops)} for group in groups]
    return all(tables & empty for tables in passed) and all(
        candidates(context, frame, group, slots, placing).joins.finds_nothing for group in groups
    )


def belonging(
    context: Context,
    frame: Frame,
    checks: q.Sql,
    groups: Sequence[Group],
    wanted: Wanted,
    slots: Slots | None = None,
    placing: str = IN_WINDOW,
) -> q.Sql:
    """(k, p, row, sure, many, wanted …) of each record that may belong to a check, once however many ways lead to it."""
    by = {"k": q.col("k", "k"), "p": q.col("k", "p") if slots is None else q.col("p", "p")}
    found = [candidates(context, frame, group, slots, placing) for group in groups]
    columns = [_columns(c, wanted, number if len(found) > 1 else None) for number, c in enumerate(found)]
    rows: q.Sql = q.union_all([_that_may_belong(checks, c, by | own) for c, own in zip(found, columns, strict=True)])
    several = len(found) > 1 or any(_several_ways(context, g) for g in groups)
    return _once(rows, columns[0]) if several else rows


def _that_may_belong(checks: q.Sql, found: Candidates, columns: Mapping[str, q.Sql]) -> q.Select:
    """The records, each with whether it surely belongs, without those that certainly do not."""
    known, truth = settled(found.truth, found.joins, found.frame)
    if truth is q.TRUE:
        return q.select({**columns, "sure": q.lit(1)}, checks.copy(), found.joins.trees, known)
    records = q.select({**columns, "truth": truth}, checks.copy(), found.joins.trees, known)
    kept = {c: q.col("b", c) for c in columns}
    truth = q.col("b", "truth")
    return q.select({**kept, "sure": q.as_int(truth)}, q.derived(records, "b"), where=q.is_not_false(truth))


def _columns(found: Candidates, wanted: Wanted, number: int | None) -> dict[str, q.Sql]:
    """What is asked of each record; `number` tells apart the unknown references of several groups: each may be a record."""
    own = wanted(found.meanings, found.walk.row)  # may add joins: before they are used
    many = q.case([(found.walk.is_lost, q.lit(UNBOUNDED))], q.lit(1))
    lost_by = (
        {} if number is None else {"lost by": q.case([(q.is_null(found.walk.row.raw(ROW)), q.lit(number))], q.lit(-1))}
    )
    return {"row": found.walk.identity, **lost_by, "many": many, **own}


def _once(rows: q.Sql, columns: Iterable[str]) -> q.Select:
    """A record counts once, by its truest way."""
    names = ("k", "p", "sure", *columns)
    keys = {c: q.col("u", c) for c in names if c in ("k", "p", "row", "lost by")}
    best = {c: q.call("max", q.col("u", c)) for c in names if c not in keys}
    return q.select({**keys, **best}, q.derived(rows, "u"), group=list(keys.values()))


def _several_ways(context: Context, group: Group) -> bool:
    back = [i for i, hop in enumerate(group.hops) if not hop.forwards]
    if group.root is not None:
        back = [0]
        if _view_of_all(context, group.root) is not None:
            return True
    doubtful = any(hop.is_kin or context.facts.source(hop)[2] for hop in group.hops if not hop.forwards)
    return doubtful or (bool(back) and any(h.forwards for h in group.hops[back[0] :]))


def is_complete(context: Context, frame: Frame, groups: Sequence[Group]) -> q.Sql:
    """Whether nothing can be missing from a count: never NULL; an incomplete count is open upwards."""
    return q.and_(_is_complete(context, frame, group) for group in groups)


def _is_complete(context: Context, frame: Frame, group: Group) -> q.Sql:
    facts = context.facts
    back = [hop for hop in group.hops if not hop.forwards]
    crossed = {(h.holder, h.key.field) for h in back if not h.is_kin}
    tables = {t for t, _ in crossed} | {group.table} | ({group.root} if group.root else set())
    if not tables <= facts.submitted or facts.open_references & crossed:
        return q.FALSE
    if facts.open_trees & {hop.holder for hop in back if hop.is_kin}:
        return q.FALSE
    return q.and_(_covered(context, frame, group))


def _covered(context: Context, frame: Frame, group: Group) -> list[q.Sql]:
    """What must hold for the window, and for the subject's owner, to be covered."""
    facts, coverage = context.facts, context.facts.coverage[group.table]
    parts: list[q.Sql] = []
    if frame.event is not None:
        frame = replace(frame, moved=True)  # the window is the event's day
    is_event = context.model.tables[group.table].kind == "event"
    if is_event and not group.ever:
        if not frame.is_whole_time and (not frame.is_period or frame.walked or coverage.first > facts.first):
            begins = q.op(frame.first, ">=", q.lit(coverage.first))
            if frame.moved:  # a window that begins since ever asks for no first day
                begins = q.or_([q.op(frame.first, "=", q.lit(SINCE_EVER)), begins])
            parts.append(q.is_true(begins))
        if coverage.last < facts.as_of:
            until = q.call("least", frame.last, q.lit(facts.as_of))
            parts.append(q.is_true(q.op(until, "<=", q.lit(coverage.last))))
    if coverage.organizations is not None and group.root is not None:
        return [q.FALSE]  # of the whole audit, what some did not report is missing
    if coverage.organizations is not None:
        parts.append(q.is_true(q.isin(frame.owner, [q.lit(o) for o in sorted(coverage.organizations)])))
    return parts
