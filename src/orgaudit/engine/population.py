"""Whom: one row a check, with what its names stand for; nothing about verdicts yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from orgaudit import sql as q
from orgaudit.engine.context import Context, Frame
from orgaudit.engine.each import cross_listed, in_list, with_found
from orgaudit.engine.windows import Span, window_span
from orgaudit.expressions import (
    ROW,
    SURE,
    Joins,
    Meanings,
    Row,
    asks_each,
    day_of,
    first_day_of,
    group_condition,
    key_of,
    lifetime,
    name_of,
    owner_of,
    to_value,
)
from orgaudit.periods import NO_END, SINCE_EVER, Period
from orgaudit.standards import Done, EachOf, Rule

#: the number of a check, and what tables of checks are called in a select
CHECK = "k"
#: the columns of a check that say whether its rule binds
BINDING = ("alive", "member", "in_force", "nothing")


def checks_table(rule: Rule) -> str:
    """The name of the table of a rule's checks."""
    return f"checks {rule.standard} {rule.id}"


def build_checks(context: Context, rule: Rule, periods: list[Period]) -> int:
    """Creates the table of a rule's checks: subjects × periods × values that are, or may be, in the population; how many."""
    listed = {n: e for n, e in rule.each.items() if e.group is None}
    found = {n: e for n, e in rule.each.items() if e.group is not None}
    if not found:
        return context.db.made(q.create_table(checks_table(rule), _population(context, rule, periods, listed)))
    context.db.run(q.create_table(_bases_table(rule), _population(context, rule, periods, listed)))
    context.certain.pop(checks_table(rule))  # whether there is anything to check is told by what is found
    frame = replace(checks_frame(context, rule), each={n: q.col(CHECK, f"each {n}") for n in listed}, each_of={})
    query = with_found(context, frame, q.table(_bases_table(rule), CHECK), found, list(rule.each))
    return context.db.made(q.create_table(checks_table(rule), query))


def count_checks(context: Context, rule: Rule, periods: list[Period]) -> int:
    """How many checks `build_checks` would make; nothing of them is kept."""
    listed = {n: e for n, e in rule.each.items() if e.group is None}
    found = {n: e for n, e in rule.each.items() if e.group is not None}
    query: q.Sql = _population(context, rule, periods, listed)
    if found:
        frame = replace(checks_frame(context, rule), each={n: q.col(CHECK, f"each {n}") for n in listed}, each_of={})
        query = with_found(context, frame, q.derived(query, CHECK), found, list(rule.each))
    return int(context.db.rows(q.select({"n": q.call("count", q.star())}, q.derived(query, "c")))[0][0])


def _bases_table(rule: Rule) -> str:
    """The name of the table of checks before each of them becomes one for every value that is found."""
    return f"bases {rule.standard} {rule.id}"


def _population(context: Context, rule: Rule, periods: list[Period], listed: Mapping[str, EachOf]) -> q.Select:
    joins = context.joins()
    subject = Row(joins, "s", rule.subject.table, is_there=True)
    if rule.every:
        _cross_periods(context, rule, periods, joins)
    cross_listed(context, rule, listed, joins)
    own_day = _own_day(rule, subject)
    frame = _frame(context, rule, own_day, listed)
    span = _span(context, rule, context.meanings(frame, joins, subject), frame)
    day = frame.day if rule.every else _unless_endless(context, frame.day if rule.window is None else span.anchor)
    asked = context.meanings(replace(frame, day=day), joins, subject)
    is_before_the_audit = _in_population(context, rule, span, subject, own_day)
    if isinstance(rule.measure, Done) and not rule.every and not asks_each(rule.measure.day):
        is_before_the_audit = q.or_([is_before_the_audit, _still_owed(context, rule.measure, span, subject, asked)])
    member = [group_condition(rule.subject, subject, asked), is_before_the_audit]
    if rule.breaches_of:
        member.append(q.col("s", SURE))
    columns = {
        "s": subject.raw(ROW),
        "p": q.col("p", "p") if rule.every else q.lit(0),
        "label": q.col("p", "label") if rule.every else q.cast(q.NULL, "text"),
        "period_start": frame.specials["period_start"],
        "period_end": frame.specials["period_end"],
        "first": span.first,
        "last": span.last,
        "state_day": _state_day(context, rule, span, own_day),
        "day": day,
        "member": q.and_([*member, *in_list(context, listed, day)]),
        "alive": _alive(rule, subject, span, frame),
        "in_force": _in_force(context, rule, span, own_day),
        "nothing": q.FALSE,
        **_identity(context, subject),
        **{f"each {n}": q.col(f"e {n}", "value") for n in listed},
    }
    context.certain[checks_table(rule)] = {
        c: columns[c] for c in BINDING if columns[c] is q.TRUE or columns[c] is q.FALSE
    }
    inner = q.select(columns, q.table(rule.subject.table, "s"), joins.trees)
    keep = q.is_not_false(q.col("c", "member"))
    numbered = q.row_number([q.col("c", c) for c in ("s", "p", *(f"each {n}" for n in listed))])
    return q.with_all_of("c", q.select({CHECK: numbered}, q.derived(inner, "c"), where=keep))


def _cross_periods(context: Context, rule: Rule, periods: list[Period], joins: Joins) -> None:
    """Periods as a small table, met by every subject; rules of one rhythm share it."""
    name = periods_table(rule)
    columns = {"p": "integer", "label": "varchar", "start": "date", "end": "date"}
    context.db.fill_once(name, columns, [(i, p.label, p.start, p.end) for i, p in enumerate(periods)])
    joins.trees.append(q.join(q.table(name, "p"), None))


def _frame(context: Context, rule: Rule, own_day: q.Sql | None, listed: Mapping[str, EachOf]) -> Frame:
    """Names while the checks are being built: the window is not known yet, the period is."""
    first = q.col("p", "start") if rule.every else q.lit(context.facts.first)
    last = q.col("p", "end") if rule.every else q.lit(context.facts.last)
    as_of = q.lit(context.facts.as_of)
    return Frame(
        table=rule.subject.table,
        subject="s",
        first=first if rule.every else q.lit(SINCE_EVER),
        last=last if rule.every else as_of,
        state_day=last if rule.every else (as_of if own_day is None or rule.subject.dated else own_day),
        day=first if rule.every else (own_day or as_of),
        owner=q.cast(q.NULL, "text"),
        specials={"period_start": first, "period_end": last},
        each={n: q.col(f"e {n}", "value") for n in listed},
        periods=periods_table(rule) if rule.every else None,
        p=q.col("p", "p") if rule.every else None,
        of_events=own_day is not None and not rule.subject.dated,
    )


def periods_table(rule: Rule) -> str:
    """The name of the table of a rule's periods: the audited period, cut as the rule says."""
    return f"periods {rule.every} {rule.step}"


def _span(context: Context, rule: Rule, meanings: Meanings, frame: Frame) -> Span:
    if rule.window is not None:
        return window_span(context, rule.window, meanings)
    return Span(frame.first, frame.last, frame.first, q.FALSE)


def _state_day(context: Context, rule: Rule, span: Span, own_day: q.Sql | None) -> q.Sql:
    if rule.window is not None:  # one without an end has no last day to ask on
        return _unless_endless(context, span.last)
    if rule.every:
        return span.last
    return q.lit(context.facts.as_of) if own_day is None or rule.subject.dated else own_day


def _unless_endless(context: Context, day: q.Sql) -> q.Sql:
    """A day, or that of the audit instead of one that has not come yet and may never."""
    as_of = q.lit(context.facts.as_of)
    return day if q.is_constant(day) else q.case([(q.op(day, ">=", q.lit(NO_END)), as_of)], day)


def _own_day(rule: Rule, subject: Row) -> q.Sql | None:
    """The day of an event, or the one that `dated` names: NULL where nobody knows it, before all days where there is none."""
    if rule.subject.dated is None:
        return day_of(subject)
    value = subject.value(rule.subject.dated)
    return value.sql if value.none is q.FALSE else q.case([(value.none, q.lit(SINCE_EVER))], value.sql)


def _in_population(context: Context, rule: Rule, span: Span, subject: Row, own_day: q.Sql | None) -> q.Sql:
    first, last = q.lit(context.facts.first), q.lit(context.facts.last)
    if rule.window is not None and not rule.every:
        begins = span.anchor if rule.window.after is not None else span.first
        overlaps = q.and_([q.op(begins, "<=", last), q.op(span.last, ">=", first)])
        return q.case([(span.none, q.FALSE)], overlaps)
    if rule.window is not None:
        return q.case([(span.none, q.FALSE)], _lives_in(context, subject))
    if rule.subject.ever and not rule.every:
        return q.TRUE
    if own_day is not None:
        begins = (first_day_of(subject) if rule.subject.dated is None else None) or own_day
        return q.and_([q.op(begins, ">=", first), q.op(own_day, "<=", last)])
    return _lives_in(context, subject)


def _still_owed(context: Context, act: Done, span: Span, subject: Row, meanings: Meanings) -> q.Sql:
    """An act whose window is over, and that was not done when the audit begins: it is owed until it is done."""
    first = q.lit(context.facts.first)
    day = to_value(act.day, meanings)
    undone = q.case([(day.none, q.TRUE)], q.op(day.sql, ">=", first))
    over = q.and_([q.op(span.last, "<", first), q.op(span.last, ">", q.lit(SINCE_EVER))])
    return q.case([(span.none, q.FALSE)], q.and_([over, undone, _lives_in(context, subject)]))


def _lives_in(context: Context, subject: Row) -> q.Sql:
    """Whether a state overlaps the audited period; what does not lie in time always does."""
    if context.model.tables[subject.table].kind != "state":
        return q.TRUE
    begins, ends = lifetime(subject)
    return q.and_([q.op(begins, "<=", q.lit(context.facts.last)), q.op(ends, ">=", q.lit(context.facts.first))])


def _alive(rule: Rule, subject: Row, span: Span, frame: Frame) -> q.Sql:
    if subject.joins.model.tables[subject.table].kind != "state":
        return q.TRUE
    begins, ends = lifetime(subject)
    if rule.every:
        start, end = frame.specials["period_start"], frame.specials["period_end"]
        first, last = {"throughout": (start, end), "sometime": (end, start), "at_end": (end, end)}[rule.alive]
        return q.and_([q.op(begins, "<=", first), q.op(ends, ">=", last)])
    if rule.window is not None:
        return q.and_([q.op(begins, "<=", span.anchor), q.op(ends, ">=", span.anchor)])
    return q.TRUE


def _in_force(context: Context, rule: Rule, span: Span, own_day: q.Sql | None) -> q.Sql:
    """Whether the rule was in force: of a day that nobody knows only where it has a limit."""
    if rule.every:
        return _inside(rule, q.col("p", "start"), q.col("p", "end"))
    day = span.anchor if rule.window is not None else (own_day if own_day is not None else q.lit(context.facts.last))
    return _inside(rule, day, day)


def _inside(rule: Rule, begins: q.Sql, ends: q.Sql) -> q.Sql:
    first, last = rule.in_force
    since = [q.op(begins, ">=", q.lit(first))] if first > SINCE_EVER else []
    return q.and_([*since, *([q.op(ends, "<=", q.lit(last))] if last < NO_END else [])])


def _identity(context: Context, subject: Row) -> dict[str, q.Sql]:
    """What findings call a subject and its owner by."""
    owner = owner_of(subject)
    owner_key = owner.raw(context.model.key_of(owner.table)) if owner is not None else q.cast(q.NULL, "text")
    return {"key": key_of(subject), "name": name_of(subject), "owner": owner_key}


def checks_frame(context: Context, rule: Rule, alias: str = CHECK) -> Frame:
    """Names once the checks are there: everything is a column of them."""
    of_events = context.model.tables[rule.subject.table].kind == "event"
    return Frame(
        table=rule.subject.table,
        subject="s",
        first=q.col(alias, "first"),
        last=q.col(alias, "last"),
        state_day=q.col(alias, "state_day"),
        day=q.col(alias, "day"),
        owner=q.col(alias, "owner"),
        specials={"period_start": q.col(alias, "period_start"), "period_end": q.col(alias, "period_end")},
        each={n: q.col(alias, f"each {n}") for n in rule.each},
        each_of={n: e.table for n, e in rule.each.items() if e.table is not None},
        periods=periods_table(rule) if rule.every else None,
        p=q.col(alias, "p"),
        moved=rule.window is not None,
        of_events=of_events,
        checks=checks_table(rule),
    )
