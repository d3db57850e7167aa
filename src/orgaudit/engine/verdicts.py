"""Therefore: measure, bound and exemptions of every check become exactly one verdict."""

from __future__ import annotations

from dataclasses import dataclass

from orgaudit import sql as q
from orgaudit.engine.bounds import bound_holds, ladder_holds, level_at
from orgaudit.engine.context import Context, Frame
from orgaudit.engine.exemptions import Held, held
from orgaudit.engine.measures import counted, is_complete, meanings_of
from orgaudit.engine.population import checks_frame, checks_table
from orgaudit.expressions import ROW, UNBOUNDED, Joins, Row, to_truth, to_value
from orgaudit.standards import Count, Done, Require, Rule, ValueOf

NONE: q.Sql = q.cast(q.NULL, "text")
NO_NUMBER: q.Sql = q.cast(q.NULL, "bigint")


@dataclass(frozen=True)
class Outcome:
    """What a measure says before exemptions: SQL of the verdict, and what was found."""

    verdict: q.Sql
    least: q.Sql = NO_NUMBER
    most: q.Sql = NO_NUMBER
    shown: q.Sql = NONE
    level: q.Sql = NONE
    possible_level: q.Sql = NONE


def results_table(rule: Rule) -> str:
    """The name of the table of a rule's verdicts, one for each check."""
    return f"results {rule.standard} {rule.id}"


def judge(context: Context, rule: Rule) -> None:
    """Creates the table of verdicts from the table of checks."""
    checks = q.table(checks_table(rule), "k")
    frame = checks_frame(context, rule)
    joins = Joins(context.model)
    subject = Row(joins, "s", rule.subject.table)
    joins.trees.append(q.join(q.table(rule.subject.table, "s"), q.op(q.col("s", ROW), "=", q.col("k", "s"))))
    outcome = _measure(context, rule, frame, joins, subject, checks)
    exemptions = held(context, frame, rule.exemptions, joins, subject, checks)
    columns = {
        "k": q.col("k", "k"),
        "verdict": verdict(outcome.verdict, exemptions, rule),
        "least": outcome.least,
        "most": outcome.most,
        "shown": outcome.shown,
        "level": outcome.level,
        "possible_level": outcome.possible_level,
        "excuse": q.case([(h.surely, q.lit(h.id)) for h in exemptions], NONE),
        "doubt": q.case([(h.maybe, q.lit(h.id)) for h in exemptions], NONE),
    }
    context.db.run(q.create_table(results_table(rule), q.select(columns, checks.copy(), joins.trees)))


def verdict(measured: q.Sql, exemptions: list[Held], rule: Rule) -> q.Sql:
    """The order in which what is known of a check decides."""
    alive, member = q.col("k", "alive"), q.col("k", "member")
    not_bound = q.or_([q.not_(q.col("k", "in_force")), q.not_(q.is_not_false(alive)), *(h.surely for h in exemptions)])
    in_doubt = q.or_([*(h.maybe for h in exemptions), q.not_(q.is_true(q.and_([alive, member])))])
    return q.case(
        [
            (not_bound, q.lit("not_applicable")),
            (q.isin(measured, [q.lit("not_applicable"), q.lit("pass"), q.lit("error")]), measured),
            (in_doubt, q.lit("unknown")),
            (q.isin(measured, [q.lit("fail"), q.lit("unknown"), q.lit("pending")]), measured),
        ],
        q.lit("error"),
    )


def _measure(context: Context, rule: Rule, frame: Frame, joins: Joins, subject: Row, checks: q.Sql) -> Outcome:
    measure = rule.measure
    if isinstance(measure, Count):
        return _count(context, rule, measure, frame, joins, checks)
    meanings = meanings_of(context, frame, joins, subject)
    if isinstance(measure, Require):
        truth = to_truth(measure.condition, meanings)
        shown = q.case([(q.is_null(truth), NONE)], q.case([(truth, q.lit("true"))], q.lit("false")))
        opened = q.case([(q.is_true(truth), q.lit("pass"))], q.lit("pending"))
        return Outcome(_by_opening(context, frame, opened, _closed(truth, truth)), shown=shown)
    if isinstance(measure, Done):
        value = to_value(measure.day, meanings)
        return _done(context, frame, value.sql, value.none, value.blank)
    if isinstance(measure, ValueOf):
        found = to_value(measure.value, meanings)
        every, some = _lawful(context, rule, found.sql, found.sql, frame)
        judged = q.case([(found.none, q.lit("not_applicable"))], _closed(every, some))
        judged = _by_opening(context, frame, q.lit("pending"), judged)
        return Outcome(
            judged, shown=q.cast(found.sql, "text"), level=level_at(context, rule.levels, found.sql, frame.day)
        )
    raise AssertionError(rule.id)  # runs are judged in their own room


def _is_open(context: Context, frame: Frame) -> q.Sql:
    if frame.is_whole_time:
        return q.FALSE
    return q.is_true(q.op(frame.last, ">", q.lit(context.facts.as_of)))


def _by_opening(context: Context, frame: Frame, opened: q.Sql, closed: q.Sql) -> q.Sql:
    """The verdict while the window is open, or once it is closed; nobody knows which while its end is unknown."""
    if frame.is_whole_time:
        return closed
    is_open = q.op(frame.last, ">", q.lit(context.facts.as_of))
    either = q.case([(q.op(opened, "=", closed), closed)], q.lit("unknown"))
    return q.case([(q.is_null(frame.last), either), (is_open, opened)], closed)


def _closed(every: q.Sql, some: q.Sql) -> q.Sql:
    """The verdict on what holds for every value, or for some value, that the blanks leave."""
    return q.case([(q.is_true(every), q.lit("pass")), (q.not_(q.is_not_false(some)), q.lit("fail"))], q.lit("unknown"))


def _done(context: Context, frame: Frame, day: q.Sql, none: q.Sql, blank: q.Sql) -> Outcome:
    inside = q.and_([q.op(day, ">=", frame.first), q.op(day, "<=", frame.last)])
    not_yet = q.or_([none, blank])
    judged = q.case(
        [
            (q.and_([not_yet, _is_open(context, frame)]), q.lit("pending")),
            (not_yet, q.case([(q.is_null(frame.last), q.lit("unknown"))], q.lit("fail"))),
            (q.is_null(inside), q.lit("unknown")),
            (inside, q.lit("pass")),
            (q.and_([_is_open(context, frame), q.op(day, ">", q.lit(context.facts.as_of))]), q.lit("pending")),
        ],
        q.lit("fail"),
    )
    return Outcome(judged, shown=q.case([(not_yet, NONE)], q.cast(day, "text")))


def _count(context: Context, rule: Rule, measure: Count, frame: Frame, joins: Joins, checks: q.Sql) -> Outcome:
    relation = counted(context, frame, checks.copy(), measure.groups)
    joins.trees.append(q.join(q.derived(relation, "m"), q.op(q.col("m", "k"), "=", q.col("k", "k")), left=True))
    least = q.call("coalesce", q.col("m", "least"), q.lit(0))
    found = q.call("coalesce", q.col("m", "most"), q.lit(0))
    most = q.case([(is_complete(context, frame, measure.groups), found)], q.lit(UNBOUNDED))
    every, some = _lawful(context, rule, least, most, frame)
    waits = _waits(context, rule, measure)
    kind = rule.bound.kind if rule.bound else ""
    early = []
    if not waits and kind in ("at_least", "more_than"):
        early = [(q.is_true(every), q.lit("pass"))]
    if not waits and kind in ("at_most", "less_than"):
        early = [(q.not_(q.is_not_false(some)), q.lit("fail"))]
    judged = _by_opening(context, frame, q.case(early, q.lit("pending")), _closed(every, some))
    return Outcome(
        judged,
        least,
        most,
        level=level_at(context, rule.levels, least, frame.day),
        possible_level=level_at(context, rule.levels, most, frame.day),
    )


def _waits(context: Context, rule: Rule, measure: Count) -> bool:
    """States come and go: while a window is open their count says nothing; nor does one that is exact."""
    states = any(context.model.tables[g.table].kind == "state" and not g.dated and not g.ever for g in measure.groups)
    return states or rule.bound is None or rule.bound.kind in ("exactly", "between")


def _lawful(context: Context, rule: Rule, least: q.Sql, most: q.Sql, frame: Frame) -> tuple[q.Sql, q.Sql]:
    if rule.bound is not None:
        return bound_holds(context, rule.bound, least, most, frame.day)
    return ladder_holds(context, rule.levels, least, most, frame.day)
