"""Truths over periods as bits: what a rule over runs knows of each subject, four masks and a few, in one statement."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence

from orgaudit import sql as q
from orgaudit.engine.bounds import bound_holds
from orgaudit.engine.context import Context, Frame
from orgaudit.engine.exemptions import applies
from orgaudit.engine.measures import counted, is_complete, meanings_of
from orgaudit.engine.population import checks_frame, checks_table
from orgaudit.engine.runs import Pattern
from orgaudit.engine.slots import Slots, the_slots
from orgaudit.errors import OrgauditError
from orgaudit.expressions import ROW, UNBOUNDED, Group, Joins, Row, lifetime, to_truth
from orgaudit.periods import Period, periods_within
from orgaudit.standards import Bound, Consecutive, Exemption, Rule

MOST_PERIODS = 62  # bits of a machine word that stay clear of the sign
Holds = Callable[[q.Sql, q.Sql, q.Sql], tuple[q.Sql, q.Sql]]  #: interval, day → (for every value, for some value)
MASKS = ("counts", "may_count", "goes_on", "may_go_on", "may_skip")


def masks_table(rule: Rule) -> str:
    """The name of the table of a rule's masks, one row for each check."""
    return f"masks {rule.standard} {rule.id}"


def slots_of(context: Context, rule: Rule) -> Slots | None:
    """The periods that a rule over runs walked; None for other rules."""
    if not isinstance(rule.measure, Consecutive):
        return None
    return the_slots(f"slots {rule.standard} {rule.id}", rule.measure.every, walked_periods(context, rule))


def walked_periods(context: Context, rule: Rule) -> list[Period]:
    """The periods from the first covered day of the counted table to the end of the audited period that are over."""
    assert isinstance(rule.measure, Consecutive)  # asked for runs only
    tables = {g.table for g in rule.measure.count.groups}
    starts = [context.facts.coverage[t].first for t in tables if t in context.facts.coverage]
    last = min(context.facts.last, context.facts.as_of)
    periods = periods_within(min(starts, default=context.facts.first), last, rule.measure.every)
    if len(periods) > MOST_PERIODS:
        raise OrgauditError(
            "not-built", {"what": f"a run over more than {MOST_PERIODS} periods ({len(periods)} in {rule.id})"}
        )
    return periods


def make_masks(context: Context, rule: Rule, measure: Consecutive, slots: Slots, periods: list[Period]) -> None:
    """Creates the table of masks, one row for each check."""
    checks = q.table(checks_table(rule), "k")
    frame = checks_frame(context, rule)
    joins = Joins(context.model)
    subject = Row(joins, "s", rule.subject.table)
    joins.trees.append(q.join(q.table(rule.subject.table, "s"), q.op(q.col("s", ROW), "=", q.col("k", "s"))))
    surely, maybe = _counted_masks(
        context,
        rule,
        frame,
        measure.count.groups,
        slots,
        periods,
        joins,
        "w",
        lambda least, most, day: bound_holds(context, measure.bound, least, most, day),
        measure.bound,
    )
    steps = [e for e in rule.exemptions if e.effect != "excuse"]
    held_masks = [
        _exemption_masks(context, rule, frame, e, slots, periods, joins, subject, f"e{i}") for i, e in enumerate(steps)
    ]
    alive = [_bound_mask(rule, subject, periods, sure=sure) for sure in (True, False)]
    columns = {"k": q.col("k", "k")} | dict(
        zip(MASKS, _combined(slots.mask, surely, maybe, alive, steps, held_masks), strict=True)
    )
    context.db.run(q.create_table(masks_table(rule), q.select(columns, checks, joins.trees)))


def _combined(
    everything: int,
    surely: q.Sql,
    maybe: q.Sql,
    alive: list[q.Sql],
    steps: Sequence[Exemption],
    masks: Sequence[tuple[q.Sql, q.Sql]],
) -> tuple[q.Sql, ...]:
    """The masks of a run from `when`, lifetimes and exemptions, read in their order."""

    def others(mask: q.Sql) -> q.Sql:
        return q.op(q.lit(everything), "-", mask)

    counts, may_count, goes_on = surely, maybe, surely
    skipped_before: q.Sql = q.lit(0)  # certainly skipped by an earlier exemption
    open_before: q.Sql = q.lit(everything)  # not certainly broken by an earlier exemption
    may_skip: q.Sql = q.lit(0)
    for step, (held_surely, held_maybe) in zip(steps, masks, strict=True):
        counts = q.op(counts, "&", others(held_maybe))
        may_count = q.op(may_count, "&", others(held_surely))
        if step.effect == "skip":
            may_skip = q.op(may_skip, "|", q.op(held_maybe, "&", open_before))
            skipped_before = q.op(skipped_before, "|", held_surely)
        else:
            goes_on = q.op(goes_on, "&", q.op(others(held_maybe), "|", skipped_before))
            open_before = q.op(open_before, "&", others(held_surely))
    may_go_on = q.op(may_count, "|", q.op(maybe, "&", may_skip))
    return (
        q.op(counts, "&", alive[0]),
        q.op(may_count, "&", alive[1]),
        q.op(goes_on, "&", alive[0]),
        q.op(may_go_on, "&", alive[1]),
        q.op(q.op(maybe, "&", may_skip), "&", alive[1]),
    )


def _counted_masks(
    context: Context,
    rule: Rule,
    frame: Frame,
    groups: Sequence[Group],
    slots: Slots,
    periods: list[Period],
    joins: Joins,
    alias: str,
    holds: Holds,
    bound: Bound | None,
    *,
    overlap: bool = False,
) -> tuple[q.Sql, q.Sql]:
    """(certain, possible) periods in which a count keeps what `holds` asks; periods without a row are counted 0."""
    covered = _covered(context, groups, periods)
    complete = is_complete(context, frame.timeless(), groups)
    most = _most(q.and_([_in_mask(q.col("d", "bit"), covered, slots), complete]))
    every, some = holds(q.col("n", "least"), most, q.col("d", "start"))
    columns = {
        "k": q.col("n", "k"),
        "surely": q.call("bit_or", q.case([(q.is_true(every), q.col("d", "bit"))], q.lit(0))),
        "maybe": q.call("bit_or", q.case([(q.is_not_false(some), q.col("d", "bit"))], q.lit(0))),
        "seen": q.call("bit_or", q.col("d", "bit")),
    }
    checks = q.table(checks_table(rule), "k")
    found = counted(context, frame, checks, groups, slots, overlap=overlap)
    inner = [
        q.join(checks.copy(), q.op(q.col("k", "k"), "=", q.col("n", "k"))),
        q.join(q.table(slots.name, "d"), q.op(q.col("d", "slot"), "=", q.col("n", "p"))),
    ]
    relation = q.select(columns, q.derived(found, "n"), inner, group=[q.col("n", "k")])
    joins.trees.append(q.join(q.derived(relation, alias), q.op(q.col(alias, "k"), "=", q.col("k", "k")), left=True))
    masks: list[q.Sql] = [q.call("coalesce", q.col(alias, name), q.lit(0)) for name in ("surely", "maybe")]
    for day, stretch in _stretches(context, bound, periods):
        for reported, told in ((stretch & covered, complete), (stretch & ~covered, q.FALSE)):
            zero = holds(q.lit(0), q.case([(told, q.lit(0))], q.lit(UNBOUNDED)), day)
            masks[0] = _with_unseen(masks[0], q.is_true(zero[0]), reported, alias)
            masks[1] = _with_unseen(masks[1], q.is_not_false(zero[1]), reported, alias)
    return masks[0], masks[1]


def _stretches(context: Context, bound: Bound | None, periods: list[Period]) -> list[tuple[q.Sql, int]]:
    """(a day, the periods) in which a bound is the same: its parameters may change from period to period."""
    names = [v.parameter for v in bound.values if v.parameter] if bound else []
    changes = sorted(d for n in names for d, _ in context.standard.parameters[n].values)
    found: dict[int, tuple[q.Sql, int]] = {}
    for i, period in enumerate(periods):
        day, mask = found.get(key := bisect_right(changes, period.start), (q.lit(period.start), 0))
        found[key] = day, mask | 1 << i
    return list(found.values())


def _with_unseen(mask: q.Sql, holds_at_zero: q.Sql, periods: int, alias: str) -> q.Sql:
    """The mask with those of these periods in which nothing was found, where that is what `holds` asks."""
    if not periods:
        return mask
    seen = q.call("coalesce", q.col(alias, "seen"), q.lit(0))
    unseen = q.op(q.lit(periods), "-", q.op(q.lit(periods), "&", seen))
    return q.op(mask, "+", q.case([(holds_at_zero, unseen)], q.lit(0)))


def _in_mask(bit: q.Sql, mask: int, slots: Slots) -> q.Sql:
    return q.TRUE if mask == slots.mask else q.op(q.op(bit, "&", q.lit(mask)), "<>", q.lit(0))


def _most(complete: q.Sql) -> q.Sql:
    return q.case([(complete, q.col("n", "most"))], q.lit(UNBOUNDED))


def _covered(context: Context, groups: Sequence[Group], periods: list[Period]) -> int:
    """The periods in which every counted table is complete."""
    mask = 0
    for i, period in enumerate(periods):
        mask |= all(_covers(context, group, period) for group in groups) << i
    return mask


def _covers(context: Context, group: Group, period: Period) -> bool:
    coverage = context.facts.coverage.get(group.table)
    if coverage is None or group.ever or context.model.tables[group.table].kind != "event":
        return True
    return coverage.first <= period.start and min(period.end, context.facts.as_of) <= coverage.last


def _exemption_masks(
    context: Context,
    rule: Rule,
    frame: Frame,
    exemption: Exemption,
    slots: Slots,
    periods: list[Period],
    joins: Joins,
    subject: Row,
    alias: str,
) -> tuple[q.Sql, q.Sql]:
    if exemption.condition is not None:
        return _condition_masks(context, frame, exemption, periods, joins, subject)
    groups = exemption.groups

    def holds(least: q.Sql, most: q.Sql, day: q.Sql) -> tuple[q.Sql, q.Sql]:
        return applies(context, exemption, least, most, day)

    overlap = exemption.during is not None
    bound = exemption.bound
    return _counted_masks(context, rule, frame, groups, slots, periods, joins, alias, holds, bound, overlap=overlap)


def _condition_masks(
    context: Context, frame: Frame, exemption: Exemption, periods: list[Period], joins: Joins, subject: Row
) -> tuple[q.Sql, q.Sql]:
    assert exemption.condition is not None  # asked by the caller
    masks: list[q.Sql] = [q.lit(0), q.lit(0)]
    for i, period in enumerate(periods):
        here = frame.at_period(q.lit(period.start), q.lit(period.end))
        truth = to_truth(exemption.condition, meanings_of(context, here, joins, subject))
        for side, certain in enumerate((q.is_true(truth), q.is_not_false(truth))):
            masks[side] = q.op(masks[side], "+", q.case([(certain, q.lit(1 << i))], q.lit(0)))
    return masks[0], masks[1]


def _bound_mask(rule: Rule, subject: Row, periods: list[Period], *, sure: bool) -> q.Sql:
    """The periods all through which the rule was in force and a state certainly (or possibly) held."""
    first, last = rule.in_force
    in_force = [(i, p) for i, p in enumerate(periods) if first <= p.start and p.end <= last]
    if subject.joins.model.tables[subject.table].kind != "state":
        return q.lit(sum(1 << i for i, _ in in_force))
    begins, ends = lifetime(subject)
    mask: q.Sql = q.lit(0)
    for i, period in in_force:
        truth = q.and_([q.op(begins, "<=", q.lit(period.start)), q.op(ends, ">=", q.lit(period.end))])
        mask = q.op(mask, "+", q.case([(q.is_true(truth) if sure else q.is_not_false(truth), q.lit(1 << i))], q.lit(0)))
    return mask


def patterns_of(context: Context, rule: Rule) -> list[Pattern]:
    """The distinct patterns of a rule's masks, in order."""
    columns = {m: q.col("m", m) for m in MASKS}
    query = q.select(columns, q.table(masks_table(rule), "m"), distinct=True, order=list(columns.values()))
    return [Pattern(*row) for row in context.db.rows(query)]


def same_pattern(alias: str) -> q.Sql:
    """Joins rows of runs to the masks `m` of a check."""
    return q.and_(q.op(q.col(alias, c), "=", q.col("m", c)) for c in MASKS)
