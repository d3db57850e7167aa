"""What a measure says before any exemption is heard: a verdict, what was found, and the levels it may stand on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from orgaudit import sql as q
from orgaudit.engine.attests import attested
from orgaudit.engine.bounds import bound_holds, ends_of, ladder_holds, level_at
from orgaudit.engine.context import Context, Frame
from orgaudit.engine.layers import Layer
from orgaudit.engine.measures import Place, bound_of
from orgaudit.engine.openness import by_opening, closed, is_open
from orgaudit.engine.shown import shown_of
from orgaudit.expressions import FieldRef, Interval, Node, to_truth, to_value, walk
from orgaudit.periods import NO_END
from orgaudit.standards import Attest, Bound, Count, Distinct, Done, Measure, Require, Rule, ValueOf

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
    reach: q.Sql = field(default_factory=lambda: q.lit(1))  #: see `reach_of`
    under: tuple[q.Sql, ...] = ()  #: the verdict under the bound of each exemption that has one
    yard: q.Sql = field(default_factory=lambda: q.lit(0))  #: whose items are shown
    excuse: q.Sql = NONE  #: the exemption that decided, where not one of the whole check does


def kept_or_not(place: Place, measure: Require | Done | Attest) -> Outcome:
    """What is kept or not by itself."""
    if isinstance(measure, Attest):
        return Outcome(attested(place, measure))
    if isinstance(measure, Require):
        return _required(place.context, place.frame, place, measure)
    value = to_value(measure.day, place.meanings)
    return _done(place.context, place.frame, value.sql, value.none, value.blank)


def against(layer: Layer, rule: Rule, found: Interval, bounds: Sequence[Bound]) -> Outcome:
    """What was found, held against the rule's bound and against those that may stand instead."""
    low, high = ends_of(found)
    is_count = isinstance(rule.measure, (Count, Distinct))
    alone = q.FALSE
    if isinstance(rule.measure, ValueOf):
        alone = layer.keep(_no_neighbour(layer.place, rule.measure.value))
    verdicts = [_judged(layer, rule, found, bound, alone) for bound in (None, *bounds)]
    return Outcome(
        verdicts[0],
        found.least if is_count else NO_NUMBER,
        found.most if is_count else NO_NUMBER,
        NONE if is_count else shown_of(found),
        _level_of(layer, rule, found, low),
        _level_of(layer, rule, found, high),
        _reach(layer, rule, found),
        tuple(verdicts[1:]),
    )


def _level_of(layer: Layer, rule: Rule, found: Interval, end: Interval) -> q.Sql:
    """The level on which an end of what was found stands: nothing stands on none."""
    level = level_at(layer.place.context, rule.levels, end, layer.frame.day, layer.speak)
    return level if found.none is q.FALSE or not rule.levels else q.case([(found.none, NONE)], level)


def reach_of(rule: Rule) -> list[tuple[int, str | None]]:
    """What a breach of a rule may have reached, as (bit, level): a level that does not pass, or (1) none of these."""
    names = dict.fromkeys(level.name for level in rule.levels if level.name != "ok")
    return [(1, None), *((2 << i, name) for i, name in enumerate(names))]


def _reach(layer: Layer, rule: Rule, found: Interval) -> q.Sql:
    """All bits that the blanks leave possible; what passes by the ladder is a breach only of a bound that stands instead."""
    context, day = layer.place.context, layer.frame.day
    reached: q.Sql = q.lit(0)
    for bit, name in reach_of(rule) if rule.levels else ():
        holds = [bound_holds(context, lv.bound, found, day, layer.speak)[1] for lv in rule.levels if lv.name == name]
        if name is None and any(isinstance(e.effect, Bound) for e in rule.exemptions):
            holds = [ladder_holds(context, rule.levels, found, day, layer.speak)[1]]
        may_hold = q.and_([q.not_(found.none), q.is_not_false(q.or_(holds))])  # of nothing no level is reached
        reached = q.op(reached, "+", q.case([(may_hold, q.lit(bit))], q.lit(0)))
    return q.call("greatest", reached, q.lit(1))


def _judged(layer: Layer, rule: Rule, found: Interval, instead: Bound | None, alone: q.Sql) -> q.Sql:
    context, frame = layer.place.context, layer.frame
    bound = instead or rule.bound
    if bound is None and not rule.levels:
        return q.lit("pass")  # a figure has no verdict: its checks are listed, not counted
    limit = bound_of(context, bound, frame, layer.speak)
    if bound is not None:
        every, some = bound_holds(context, bound, found, frame.day, layer.speak)
    else:
        every, some = ladder_holds(context, rule.levels, found, frame.day, layer.speak)
    kind = bound.kind if bound is not None and not _waits(context, rule.measure) else ""
    opened = q.lit("pending")
    if kind in ("at_least", "more_than"):
        opened = q.case([(q.is_true(every), q.lit("pass"))], opened)
    if kind in ("at_most", "less_than"):
        opened = q.case([(q.not_(q.is_not_false(some)), q.lit("fail"))], opened)
    judged = by_opening(context, frame, opened, _unless_nothing(found, closed(every, some)))
    return q.case([(alone, q.lit("not_applicable"))], _unless_nothing(limit, judged))


def _unless_nothing(found: Interval, judged: q.Sql) -> q.Sql:
    """Of nothing there is no verdict; of what may be nothing only a pass stands, and what waits, or does not apply anyway."""
    if found.none is q.FALSE and found.maybe_none is q.FALSE:
        return judged
    stands = q.isin(judged, [q.lit(v) for v in ("pass", "pending", "not_applicable")])
    left = q.case([(stands, judged)], q.lit("unknown"))
    return q.case([(found.none, q.lit("not_applicable")), (found.maybe_none, left)], judged)


def _waits(context: Context, measure: Measure) -> bool:
    """Only how many events there are can do nothing but grow while a window is open; states come and go."""
    if not isinstance(measure, (Count, Distinct)):
        return True
    return any(context.model.tables[g.table].kind == "state" and not g.dated and not g.ever for g in measure.groups)


def _required(context: Context, frame: Frame, place: Place, measure: Require) -> Outcome:
    truth = to_truth(measure.condition, place.meanings)
    shown = q.case([(q.is_null(truth), NONE)], q.case([(truth, q.lit("true"))], q.lit("false")))
    opened = q.case([(q.is_true(truth), q.lit("pass"))], q.lit("pending"))
    judged = by_opening(context, frame, opened, closed(truth, truth))
    alone = _no_neighbour(place, measure.condition)
    return Outcome(q.case([(alone, q.lit("not_applicable"))], judged), shown=shown)


def _no_neighbour(place: Place, node: Node) -> q.Sql:
    """Whether the subject certainly has no neighbour that an expression asks for."""
    asked = [n.hops[0] for n in walk(node) if isinstance(n, FieldRef) and n.row in ("", "subject") and n.hops]
    ways = {hop.name: hop for hop in asked if hop.is_neighbour}
    return q.or_(place.subject.follow(hop).none for hop in ways.values())


def _done(context: Context, frame: Frame, day: q.Sql, none: q.Sql, blank: q.Sql) -> Outcome:
    inside = q.and_([q.op(day, ">=", frame.first), q.op(day, "<=", frame.last)])
    not_yet = q.or_([none, q.and_([blank, q.is_true(q.op(day, "=", q.lit(NO_END)))])])
    opened = is_open(context, frame)
    judged = q.case(
        [
            (q.and_([not_yet, opened]), q.lit("pending")),
            (not_yet, q.case([(q.is_null(frame.last), q.lit("unknown"))], q.lit("fail"))),
            (q.is_null(inside), q.lit("unknown")),
            (inside, q.lit("pass")),
            (q.and_([opened, q.op(day, ">", q.lit(context.facts.as_of))]), q.lit("pending")),
        ],
        q.lit("fail"),
    )
    return Outcome(judged, shown=q.case([(not_yet, NONE)], q.cast(day, "text")))
