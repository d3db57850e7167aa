"""Runs over periods: each distinct pattern of masks is judged once, and a check has the worst of its runs."""

from __future__ import annotations

from dataclasses import astuple
from math import ceil, floor

from orgaudit import sql as q
from orgaudit.engine.bounds import number_holds
from orgaudit.engine.context import Context
from orgaudit.engine.exemptions import held
from orgaudit.engine.masks import (
    MASKS,
    MOST_PERIODS,
    make_masks,
    masks_table,
    patterns_of,
    same_pattern,
    walked_periods,
)
from orgaudit.engine.population import checks_frame, checks_table
from orgaudit.engine.runs import Ladder, Pattern, runs
from orgaudit.engine.slots import make_slots
from orgaudit.engine.verdicts import NONE, results_table, verdict
from orgaudit.expressions import ROW, Joins, Row
from orgaudit.periods import Period
from orgaudit.standards import Consecutive, Rule

_PLACE = dict.fromkeys(MASKS, "bigint") | {"start": "date", "end": "date"}
_ITEM = {"least": "bigint", "most": "bigint", "verdict": "varchar", "level": "varchar", "possible_level": "varchar"}
_REACHED = {"level": "varchar", "reached_on": "date", "surely": "boolean", "step": "bigint"}


def items_table(rule: Rule) -> str:
    """The name of the table of a rule's runs: one row for each pattern and run that does not pass."""
    return f"runs {rule.standard} {rule.id}"


def reached_table(rule: Rule) -> str:
    """The name of the table of the levels that runs reached."""
    return f"reached {rule.standard} {rule.id}"


def judge_runs(context: Context, rule: Rule) -> None:
    """Creates masks, runs and verdicts of a rule over consecutive periods."""
    measure = rule.measure
    assert isinstance(measure, Consecutive)  # asked for runs only
    periods = walked_periods(context, rule)
    slots = make_slots(context, f"slots {rule.standard} {rule.id}", measure.every, periods)
    make_masks(context, rule, measure, slots, periods)
    _fill_runs(context, rule, _ladder(context, rule), patterns_of(context, rule), periods)
    _make_results(context, rule)


def _ladder(context: Context, rule: Rule) -> Ladder:
    failing = [lv for lv in rule.levels if lv.name != "ok"]

    def level(length: int) -> str | None:
        return next((lv.name for lv in rule.levels if number_holds(context, lv.bound, length)), None)

    def passes(length: int) -> bool:
        if rule.bound is not None:
            return number_holds(context, rule.bound, length)
        return not any(number_holds(context, lv.bound, length) for lv in failing)

    if rule.bound is not None:
        begins = [("", next(n for n in range(MOST_PERIODS + 2) if not passes(n) or n > MOST_PERIODS))]
    else:
        begins = [(lv.name, _least(context, rule, lv.name)) for lv in failing]
    return Ladder(level, begins, passes)


def _least(context: Context, rule: Rule, name: str) -> int:
    bound = next(lv.bound for lv in rule.levels if lv.name == name)
    first = context.bound_number(bound.values[0])
    if bound.kind in ("at_most", "less_than"):
        return 1
    return floor(first) + 1 if bound.kind == "more_than" else ceil(first)


def _fill_runs(context: Context, rule: Rule, ladder: Ladder, patterns: list[Pattern], periods: list[Period]) -> None:
    """Judges each pattern; runs that ended before the audited period are of another audit."""
    items: list[tuple[object, ...]] = []
    reached: list[tuple[object, ...]] = []
    for pattern in patterns:
        for run in runs(pattern, len(periods)):
            item = ladder.judged(run)
            if item.verdict == "pass" or periods[run.last].end < context.facts.first:
                continue
            place = (*astuple(pattern), periods[run.first].start, periods[run.last].end)
            items.append((*place, run.certain, run.possible, item.verdict, item.level, item.possible_level))
            for r in ladder.reached(run, pattern):
                day = None if r.period is None else periods[r.period].end
                reached.append((*place, r.level or None, day, r.surely, r.step))
    context.db.fill(items_table(rule), _PLACE | _ITEM, items)
    context.db.fill(reached_table(rule), _PLACE | _REACHED, reached)


def _make_results(context: Context, rule: Rule) -> None:
    """The worst of a check's runs, and the exemptions that excuse it as a whole."""
    frame = checks_frame(context, rule)
    joins = Joins(context.model)
    subject = Row(joins, "s", rule.subject.table)
    joins.trees.append(q.join(q.table(rule.subject.table, "s"), q.op(q.col("s", ROW), "=", q.col("k", "s"))))
    joins.trees.append(q.join(q.table(masks_table(rule), "m"), q.op(q.col("m", "k"), "=", q.col("k", "k"))))
    worst = q.select(
        {
            **{c: q.col("i", c) for c in MASKS},
            "worst": q.call("min", q.col("i", "verdict")),
            "least": q.call("max", q.col("i", "least")),
            "most": q.call("max", q.col("i", "most")),
        },
        q.table(items_table(rule), "i"),
        group=[q.col("i", c) for c in MASKS],
    )
    joins.trees.append(q.join(q.derived(worst, "i"), same_pattern("i"), left=True))
    excuses = [e for e in rule.exemptions if e.effect == "excuse"]
    exemptions = held(context, frame, excuses, joins, subject, q.table(checks_table(rule), "k"))
    # "fail" comes before "unknown" in the alphabet, as in the order of verdicts
    measured = q.call("coalesce", q.col("i", "worst"), q.lit("pass"))
    columns = {
        "k": q.col("k", "k"),
        "verdict": verdict(measured, exemptions, rule),
        "least": q.call("coalesce", q.col("i", "least"), q.lit(0)),
        "most": q.call("coalesce", q.col("i", "most"), q.lit(0)),
        "shown": NONE,
        "level": NONE,
        "possible_level": NONE,
        "excuse": q.case([(h.surely, q.lit(h.id)) for h in exemptions], NONE),
        "doubt": q.case([(h.maybe, q.lit(h.id)) for h in exemptions], NONE),
    }
    context.db.run(
        q.create_table(results_table(rule), q.select(columns, q.table(checks_table(rule), "k"), joins.trees))
    )
