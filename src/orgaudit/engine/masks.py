"""Truths over periods as bits: in which of its periods a condition certainly, or possibly, holds for each check."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from orgaudit import sql as q
from orgaudit.engine.aggregates import fold_of, is_grouped
from orgaudit.engine.candidates import ALL_THROUGH, IN_WINDOW, OVERLAPPING, find_nothing, is_complete
from orgaudit.engine.context import Context
from orgaudit.engine.exemptions import season_holds
from orgaudit.engine.measures import Place, asked, folded, held_against
from orgaudit.engine.presence import asks_for_any, present
from orgaudit.engine.slots import Slots
from orgaudit.expressions import ROW, Group, Interval, Node, Row, to_truth
from orgaudit.periods import Period
from orgaudit.standards import Bound, Condition, Count, Exemption, Grouped, Rule, Season, Test

WORD = 62  #: bits of a machine word that stay clear of the sign
#: certain, possible: conditions, or masks of those periods in which they hold
Pair = tuple[q.Sql, q.Sql]
#: what was found, and the day whose parameters count → (certainly, possibly); neither is ever NULL
Holds = Callable[[Interval, q.Sql], Pair]


@dataclass(frozen=True)
class Walked:
    """The periods of one word of masks, and the table that records fall into."""

    periods: Sequence[Period]
    slots: Slots


def mask_pair(place: Place, walked: Walked, condition: Condition, alias: str) -> Pair:
    """(certain, possible) periods in which a condition holds, joined as `alias`."""
    if isinstance(condition, Node):
        return _of_condition(place, walked, condition)
    if not is_grouped(condition.measure) or any(v.node is not None for v in condition.bound.values):
        return _period_by_period(place, walked, condition, alias)
    context, bound = place.context, condition.bound

    def holds(found: Interval, day: q.Sql) -> Pair:
        return held_against(context, found, bound, replace(place.frame, day=day), None)

    assert isinstance(condition.measure, Grouped)  # what folds is grouped
    return _folded(place, walked, condition.measure, alias, holds, bound)


def exemption_pair(place: Place, walked: Walked, exemption: Exemption, alias: str) -> Pair:
    """(certain, possible) periods in which an exemption holds."""
    if exemption.when is not None:
        return mask_pair(place, walked, exemption.when, alias)
    if isinstance(exemption.during, Season):
        season, whole = exemption.during, exemption.whole
        held = [season_holds(season, p.start, p.end, whole=whole) for p in walked.periods]
        mask = q.lit(sum(1 << i for i, h in enumerate(held) if h))
        return mask, mask

    def holds(found: Interval, _: q.Sql) -> Pair:
        return q.op(found.least, ">=", q.lit(1)), q.op(found.most, ">=", q.lit(1))

    placing = ALL_THROUGH if exemption.whole else OVERLAPPING
    return _folded(place, walked, Count(exemption.groups), alias, holds, None, placing)


def bound_pair(rule: Rule, lived: tuple[q.Sql, q.Sql] | None, periods: Sequence[Period]) -> Pair:
    """The periods all through which the rule was in force and a state, which lived so long, certainly or possibly held."""
    first, last = rule.in_force
    in_force = [(i, p) for i, p in enumerate(periods) if first <= p.start and p.end <= last]
    if lived is None:
        mask = q.lit(sum(1 << i for i, _ in in_force))
        return mask, mask
    begins, ends = lived
    truths = [(i, q.and_([q.op(begins, "<=", q.lit(p.start)), q.op(ends, ">=", q.lit(p.end))])) for i, p in in_force]
    return _bits((i, q.is_true(t)) for i, t in truths), _bits((i, q.is_not_false(t)) for i, t in truths)


def _bits(conditions: Iterable[tuple[int, q.Sql]]) -> q.Sql:
    """The mask of those conditions that hold."""
    mask: q.Sql = q.lit(0)
    for i, condition in conditions:
        mask = q.op(mask, "+", q.case([(condition, q.lit(1 << i))], q.lit(0)))
    return mask


def _of_condition(place: Place, walked: Walked, condition: Node) -> Pair:
    """A condition over the subject, period after period."""
    truths = []
    for i, period in enumerate(walked.periods):
        frame = place.frame.at_period(q.lit(period.start), q.lit(period.end))
        frame = replace(frame, periods=walked.slots.name, p=q.lit(i), walked=True)
        truths.append((i, to_truth(condition, place.context.meanings(frame, place.joins, place.subject))))
    return _bits((i, q.is_true(t)) for i, t in truths), _bits((i, q.is_not_false(t)) for i, t in truths)


def _period_by_period(place: Place, walked: Walked, test: Test, alias: str) -> Pair:
    """What does not fold by itself, or is held against another number, is asked of every check in every period."""
    context, frame = place.context, place.frame
    spine = q.derived(_spine(place, walked), "k")
    joins = context.joins()
    subject = Row(joins, "s", frame.table, is_there=True)
    joins.trees.append(q.join(q.table(frame.table, "s"), q.op(q.col("s", ROW), "=", q.col("k", "s"))))
    first, last = q.col("k", "start"), q.col("k", "end")
    here = replace(frame.at_period(first, last), periods=walked.slots.name, p=q.col("k", "p"), walked=True)
    held = asked(Place(context, here, joins, subject, spine), test, "m")
    bits = [q.call("bit_or", q.case([(h, q.col("k", "bit"))], q.lit(0))) for h in held]
    columns = {"k": q.col("k", "check"), "surely": bits[0], "maybe": bits[1]}
    relation = q.select(columns, spine.copy(), joins.trees, group=[q.col("k", "check")])
    return _joined(place, relation, alias)


def _spine(place: Place, walked: Walked) -> q.Select:
    """Every check in every period, numbered anew."""
    number = q.op(q.op(q.col("k", "k"), "*", q.lit(WORD + 2)), "+", q.col("p", "p"))
    columns = {"k": number, "check": q.col("k", "k"), **{c: q.col("p", c) for c in ("p", "start", "end", "bit")}}
    columns |= {c: q.col("k", c) for c in ("s", "owner", *(f"each {n}" for n in place.frame.each))}
    slots = q.join(q.table(walked.slots.name, "p"), q.op(q.col("p", "slot"), ">=", q.lit(0)))
    return q.select(columns, place.checks.copy(), [slots])


def _joined(place: Place, relation: q.Select, alias: str) -> Pair:
    on = q.op(q.col(alias, "k"), "=", q.col("k", "k"))
    place.joins.trees.append(q.join(q.derived(relation, alias), on, left=True))
    surely, maybe = (q.call("coalesce", q.col(alias, name), q.lit(0)) for name in ("surely", "maybe"))
    return surely, maybe


def _folded(
    place: Place,
    walked: Walked,
    measure: Grouped,
    alias: str,
    holds: Holds,
    bound: Bound | None,
    placing: str = IN_WINDOW,
) -> Pair:
    """Records fall into periods; a period into which none falls keeps what holds of nothing."""
    context, slots = place.context, walked.slots
    covered = _covered(context, measure.groups, walked.periods)
    complete = is_complete(context, place.frame.timeless(), measure.groups)
    is_any = True if bound is None else asks_for_any(bound)
    if isinstance(measure, Count) and is_any is not None:
        there, may = _any(place, slots, measure, alias, placing)
        if complete is not q.TRUE or covered != slots.mask:  # there may always be another
            may = q.op(may, "|", _others(slots, q.case([(complete, q.lit(covered))], q.lit(0))))
        return (there, may) if is_any else (_others(slots, may), _others(slots, there))
    fold = fold_of(context.model, measure)
    bit = q.col("d", "bit")
    inside = q.TRUE if covered == slots.mask else q.op(q.op(bit, "&", q.lit(covered)), "<>", q.lit(0))
    masks: list[q.Sql] = [q.lit(0), q.lit(0)]
    seen: q.Sql = q.lit(0)
    if not find_nothing(context, place.frame, measure.groups, slots, placing):
        held = holds(fold.of("n", q.and_([inside, complete])), q.col("d", "start"))
        masks = list(_joined(place, _found(place, slots, measure, placing, held), alias))
        seen = q.call("coalesce", q.col(alias, "seen"), q.lit(0))
    for day, stretch in _stretches(context, bound, walked.periods):
        for reported, told in ((stretch & covered, complete), (stretch & ~covered, q.FALSE)):
            for side, nothing in enumerate(holds(fold.of_nothing(told), day)):
                masks[side] = _with_unseen(masks[side], nothing, reported, seen)
    return masks[0], masks[1]


def _any(place: Place, slots: Slots, measure: Count, alias: str, placing: str) -> Pair:
    """Periods into which a record falls, and those into which one may."""
    if find_nothing(place.context, place.frame, measure.groups, slots, placing):
        return q.lit(0), q.lit(0)
    return _joined(place, present(place, slots, measure.groups, placing), alias)


def _others(slots: Slots, mask: q.Sql) -> q.Sql:
    """All other periods."""
    return q.op(q.lit(slots.mask), "-", mask)


def _found(place: Place, slots: Slots, measure: Grouped, placing: str, held: Pair) -> q.Select:
    """(k, surely, maybe, seen): in which periods records fall, and in which of these a condition holds."""
    bit = q.col("d", "bit")
    columns = {
        name: q.call("bit_or", q.case([(h, bit)], q.lit(0))) for name, h in zip(("surely", "maybe"), held, strict=True)
    }
    columns = {"k": q.col("n", "k"), **columns, "seen": q.call("bit_or", bit)}
    found = folded(place.context, place.frame, place.checks.copy(), measure, slots, placing)
    inner = [
        q.join(place.checks.copy(), q.op(q.col("k", "k"), "=", q.col("n", "k"))),
        q.join(q.table(slots.name, "d"), q.op(q.col("d", "slot"), "=", q.col("n", "p"))),
    ]
    return q.select(columns, q.derived(found, "n"), inner, group=[q.col("n", "k")])


def _stretches(context: Context, bound: Bound | None, periods: Sequence[Period]) -> list[tuple[q.Sql, int]]:
    """(a day, the periods) in which a bound is the same: its parameters may change from period to period."""
    names = [v.parameter for v in bound.values if v.parameter] if bound else []
    changes = sorted(d for n in names for d, _ in context.standard.parameters[n].values)
    found: dict[int, tuple[q.Sql, int]] = {}
    for i, period in enumerate(periods):
        day, mask = found.get(key := bisect_right(changes, period.start), (q.lit(period.start), 0))
        found[key] = day, mask | 1 << i
    return list(found.values())


def _with_unseen(mask: q.Sql, holds_at_nothing: q.Sql, periods: int, seen: q.Sql) -> q.Sql:
    """The mask with those of these periods in which nothing was found, where that is what is asked."""
    if not periods:
        return mask
    unseen = q.op(q.lit(periods), "-", q.op(q.lit(periods), "&", seen))
    return q.op(mask, "+", q.case([(holds_at_nothing, unseen)], q.lit(0)))


def _covered(context: Context, groups: Sequence[Group], periods: Sequence[Period]) -> int:
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
