"""Count what: the interval that a measure finds for each check, and whether a condition holds."""

from __future__ import annotations

from dataclasses import dataclass

from orgaudit import sql as q
from orgaudit.engine.aggregates import fold_of, is_grouped
from orgaudit.engine.bounds import bound_holds
from orgaudit.engine.candidates import IN_WINDOW, belonging, find_nothing, is_complete
from orgaudit.engine.context import Context, Frame, Speak
from orgaudit.engine.slots import Slots
from orgaudit.expressions import UNBOUNDED, Interval, Joins, Meanings, Node, Row, to_interval, to_truth
from orgaudit.standards import Bound, Condition, Measure, Ratio, Total, ValueOf


@dataclass(frozen=True)
class Place:
    """A select over checks `k`: its joins, its subject's row, and the checks themselves for selects of their own."""

    context: Context
    frame: Frame
    joins: Joins
    subject: Row
    checks: q.Sql

    @property
    def meanings(self) -> Meanings:
        """What names stand for."""
        return self.context.meanings(self.frame, self.joins, self.subject)

    def speak(self, node: Node) -> Interval:
        """The value of an expression over the subject."""
        return to_interval(node, self.meanings)


def folded(
    context: Context,
    frame: Frame,
    checks: q.Sql,
    measure: Measure,
    slots: Slots | None = None,
    placing: str = IN_WINDOW,
) -> q.Select:
    """(k, p, columns of the measure): where no record may belong, there is no row."""
    fold = fold_of(context.model, measure)
    rows = belonging(context, frame, checks, measure.groups, fold.wanted, slots, placing)
    keys = {c: q.col("c", c) for c in ("k", "p")}
    return q.select({**keys, **fold.columns}, q.derived(rows, "c"), group=list(keys.values()))


def find(place: Place, measure: Measure, alias: str, placing: str = IN_WINDOW) -> Interval:
    """What a measure finds for each check, joined as `alias`."""
    if isinstance(measure, ValueOf):
        return to_interval(measure.value, place.meanings)
    if isinstance(measure, Ratio):
        part, whole = find(place, measure.part, f"{alias}a"), find(place, measure.whole, f"{alias}b")
        return quotient(part, whole, at_least_one=not isinstance(measure.whole, Total))
    assert is_grouped(measure)  # the loader admits nothing else here
    complete = is_complete(place.context, place.frame, measure.groups)
    if find_nothing(place.context, place.frame, measure.groups, placing=placing):
        return fold_of(place.context.model, measure).of_nothing(complete)
    relation = folded(place.context, place.frame, place.checks, measure, placing=placing)
    on = q.op(q.col(alias, "k"), "=", q.col("k", "k"))
    place.joins.trees.append(q.join(q.derived(relation, alias), on, left=True))
    return fold_of(place.context.model, measure).of(alias, complete)


def quotient(part: Interval, whole: Interval, *, at_least_one: bool) -> Interval:
    """One number divided by another; each may be anything in its interval, independently.

    What is divided by may be nothing. A count that is not nothing is at least one; a sum may be as small as can be.
    """
    a, b, c, d = (_ended(end) for end in (part.least, part.most, whole.least, whole.most))
    zero = q.lit(0)
    positive, endless = q.op(c, ">", zero), q.is_null(d)
    smallest = q.case([(positive, c)], q.lit(1) if at_least_one else q.NULL)
    falls, low = q.is_true(q.op(a, "<", zero)), q.is_true(q.op(b, "<", zero))
    unknown = q.not_(q.is_true(q.op(c, ">=", zero)))  # divided by what may be negative, it may be anything
    return Interval(
        q.case([(q.or_([unknown, q.and_([endless, falls])]), q.NULL), (endless, zero)], a),
        q.case([(unknown, q.NULL), (q.and_([endless, low]), zero)], b),
        q.case([(falls, smallest), (endless, q.lit(1))], d),
        q.case([(q.and_([endless, low]), q.lit(1)), (low, d)], smallest),
        none=q.is_true(q.op(d, "<=", zero)),
        maybe_none=q.not_(q.is_true(positive)),
    )


def _ended(value: q.Sql) -> q.Sql:
    return q.case([(q.op(value, ">=", q.lit(UNBOUNDED)), q.NULL)], value)


# -- conditions


def held_against(
    context: Context, found: Interval, bound: Bound, frame: Frame, speak: Speak | None
) -> tuple[q.Sql, q.Sql]:
    """(certainly, possibly): what is found keeps the bound, and there is something; neither is ever NULL."""
    if speak is not None:
        found = found.with_bound(bound_of(context, bound, frame, speak))
    every, some = bound_holds(context, bound, found, frame.day, speak)
    certainly = q.and_([q.is_true(every), q.not_(found.none), q.not_(found.maybe_none)])
    return certainly, q.and_([q.is_not_false(some), q.not_(found.none)])


def asked(place: Place, condition: Condition, alias: str) -> tuple[q.Sql, q.Sql]:
    """(certainly, possibly) whether a condition holds for each check; neither is ever NULL."""
    if isinstance(condition, Node):
        truth = to_truth(condition, place.meanings)
        return q.is_true(truth), q.is_not_false(truth)
    found = find(place, condition.measure, alias)
    return held_against(place.context, found, condition.bound, place.frame, place.speak)


def bound_of(context: Context, bound: Bound | None, frame: Frame, speak: Speak) -> Interval:
    """Whether a bound that is an expression is nothing, or may be: as an interval without a value."""
    spoken = [context.bound_value(v, frame.day, speak) for v in (bound.values if bound else ()) if v.node is not None]
    none, maybe = q.or_(s.none for s in spoken), q.or_(s.maybe_none for s in spoken)
    return Interval(q.NULL, q.NULL, none=none, maybe_none=maybe)
