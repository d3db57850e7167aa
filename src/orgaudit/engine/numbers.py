"""Defined numbers: measures too, one for each record of a table, in the window of the rule that uses them."""

from __future__ import annotations

from dataclasses import replace

from orgaudit import sql as q
from orgaudit.engine.aggregates import fold_of, is_grouped
from orgaudit.engine.candidates import find_nothing, is_complete
from orgaudit.engine.context import AUDIT_ROW, Context, Frame
from orgaudit.engine.measures import folded, quotient
from orgaudit.errors import OrgauditError
from orgaudit.expressions import AUDIT, ROW, Interval, Row, day_of, owner_of, point, to_interval, to_truth
from orgaudit.standards import Measure, Ratio, Require, Total, ValueOf


def number_of(context: Context, frame: Frame, name: str, row: Row) -> Interval:
    """The interval of a defined number of a row; a truth is 0 or 1 as a boolean."""
    number = context.standard.numbers[name]
    found = _found(context, frame, number.measure, number.table, row, name)
    if row.alias == frame.subject or number.table == AUDIT:
        return found
    return _of_known(found, row)


def _of_known(found: Interval, row: Row) -> Interval:
    """Of a record behind an unknown reference nothing is known: its number has no ends, and may be nothing."""
    lost = q.and_([q.is_null(row.raw(ROW)), q.not_(row.none)])
    return Interval(
        q.case([(lost, q.NULL)], found.least),
        q.case([(lost, q.NULL)], found.most),
        found.under_least,
        found.under_most,
        q.and_([found.none, q.not_(lost)]),
        found.maybe_none if found.maybe_none is q.FALSE else q.or_([found.maybe_none, lost]),
    )


def _found(context: Context, frame: Frame, measure: Measure, table: str, row: Row, name: str) -> Interval:
    if isinstance(measure, Ratio):
        part = _found(context, frame, measure.part, table, row, name)
        whole = _found(context, frame, measure.whole, table, row, name)
        return quotient(part, whole, at_least_one=not isinstance(measure.whole, Total))
    if isinstance(measure, (ValueOf, Require)):
        return _of_row(context, frame, measure, row)
    assert is_grouped(measure)  # the loader admits nothing else
    return _counted(context, frame, measure, table, row, name)


def _of_row(context: Context, frame: Frame, measure: ValueOf | Require, row: Row) -> Interval:
    """An expression over the row itself."""
    meanings = context.meanings(frame, row.joins, row)
    meanings = replace(meanings, rows={**meanings.rows, "subject": row})
    if isinstance(measure, Require):
        return point(to_truth(measure.condition, meanings))
    return to_interval(measure.value, meanings)


def _counted(context: Context, frame: Frame, measure: Measure, table: str, row: Row, name: str) -> Interval:
    """Counted for every record of the table at once, and joined to the row."""
    own = row.alias == frame.subject or table == frame.table == AUDIT
    if frame.moved and own and frame.checks is not None:
        return _of_check(context, frame, frame.checks, measure, row)
    everywhere = frame.is_static or frame.periods is not None
    if frame.moved or not (everywhere or own):
        raise OrgauditError("number-of-others", {"name": name})
    owner = owner_of(row) if table != AUDIT else None
    key = owner.raw(context.model.key_of(owner.table)) if owner is not None else q.cast(q.NULL, "text")
    asked = replace(frame, table=table, subject="s", specials={}, each={}, each_of={}, owner=key, event=None)
    complete = is_complete(context, asked, measure.groups)
    if find_nothing(context, _inner(frame, table), measure.groups):
        return fold_of(context.model, measure).of_nothing(complete)
    alias = f"n{len(row.joins.made)}"
    row.joins.made[row.alias, f"number {name} {alias}"] = alias
    relation = folded(context, _inner(frame, table), q.derived(_origin(context, frame, table), "k"), measure)
    on = [q.op(q.col(alias, "k"), "=", q.lit(AUDIT_ROW) if table == AUDIT else row.raw(ROW))]
    if frame.periods is not None and frame.p is not None:
        on.append(q.op(q.col(alias, "p"), "=", frame.p))
    row.joins.trees.append(q.join(q.derived(relation, alias), q.and_(on), left=True))
    return fold_of(context.model, measure).of(alias, complete)


def _of_check(context: Context, frame: Frame, checks: str, measure: Measure, row: Row) -> Interval:
    """The subject's own number in the window of each check."""
    alias = f"n{len(row.joins.made)}"
    row.joins.made[row.alias, f"number {alias}"] = alias
    relation = folded(context, frame, q.table(checks, "k"), measure)
    row.joins.trees.append(q.join(q.derived(relation, alias), q.op(q.col(alias, "k"), "=", q.col("k", "k")), left=True))
    return fold_of(context.model, measure).of(alias, is_complete(context, frame, measure.groups))


def _inner(frame: Frame, table: str) -> Frame:
    """The frame in which a number of each record of a table is counted."""
    first, last = q.col("k", "first"), q.col("k", "last")
    specials = {"period_start": first, "period_end": last} if frame.periods is not None else {}
    return replace(
        frame,
        table=table,
        subject="s",
        first=first,
        last=last,
        state_day=q.col("k", "state_day"),
        day=first,
        specials=specials,
        each={},
        each_of={},
        p=q.col("k", "p") if frame.periods is not None else None,
        event=None,
    )


def _origin(context: Context, frame: Frame, table: str) -> q.Select:
    """Every record of a table (in every period) as if it were a check of its own."""
    joins = context.joins("o")
    row = Row(joins, "t", table)
    if frame.periods is not None:
        # a table of periods may hold each of them twice, for records of unknown day
        named = q.select({c: q.col("y", c) for c in ("p", "start", "end")}, q.table(frame.periods, "y"), distinct=True)
        joins.trees.append(q.join(q.derived(named, "q"), None))
        first, last, p = q.col("q", "start"), q.col("q", "end"), q.col("q", "p")
        state_day = last
    else:
        own_day = day_of(row)
        first, last, p = frame.first, frame.last, q.lit(0)
        state_day = own_day if own_day is not None and not frame.is_static else q.lit(context.facts.as_of)
    columns = {"k": row.raw(ROW), "s": row.raw(ROW), "p": p, "first": first, "last": last, "state_day": state_day}
    return q.select(columns, q.table(table, "t"), joins.trees)
