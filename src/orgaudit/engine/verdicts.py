"""Therefore: measure, bound and exemptions of every check become exactly one verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from orgaudit import sql as q
from orgaudit.engine.attests import attested
from orgaudit.engine.bounds import bound_holds, ends_of, ladder_holds, level_at
from orgaudit.engine.context import Context, Frame
from orgaudit.engine.exemptions import Held, held
from orgaudit.engine.layers import Layer, Source, plainly
from orgaudit.engine.measures import Place, bound_of, find
from orgaudit.engine.openness import by_opening, closed, is_open
from orgaudit.engine.population import BINDING, checks_frame, checks_table
from orgaudit.engine.shown import shown_of
from orgaudit.expressions import ROW, FieldRef, Interval, Node, Row, to_truth, to_value, walk
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


def named(kind: str, rule: Rule) -> str:
    """The name of a table of a rule, or of one of its parts."""
    part = f"/{rule.part}" if rule.part else ""
    return f"{kind} {rule.standard} {rule.id}{part}"


RESULT = ("verdict", "judged", "yard", "least", "most", "shown", "level", "possible_level", "reach", "excuse", "doubt")


def results_table(rule: Rule) -> str:
    """The name of the table of verdicts, one for each check."""
    return named("results", rule)


def place_of(context: Context, rule: Rule) -> Place:
    """A select over the checks of a rule with their subjects."""
    joins = context.joins()
    subject = Row(joins, "s", rule.subject.table, is_there=True)
    joins.trees.append(q.join(q.table(rule.subject.table, "s"), q.op(q.col("s", ROW), "=", q.col("k", "s"))))
    return Place(context, checks_frame(context, rule), joins, subject, q.table(checks_table(rule), "k"))


def judge(context: Context, rule: Rule) -> None:
    """Creates the table of verdicts from the table of checks."""
    place = place_of(context, rule)
    exemptions = held(place, rule.exemptions)
    if isinstance(rule.measure, (Require, Done, Attest)):
        write_results(context, rule, plainly(place), _kept_or_not(place, rule.measure), exemptions)
        return
    layer = Layer(place)
    found = layer.interval(find(place, rule.measure, "m"))
    exemptions = [layer.exemption(h) for h in exemptions]
    outcome = _against(layer, rule, found, [h.bound for h in exemptions if h.bound is not None])
    write_results(context, rule, layer.source(), outcome, exemptions)


def write_results(context: Context, rule: Rule, source: Source, outcome: Outcome, exemptions: Sequence[Held]) -> None:
    """One row a check: its verdict, what was found, and which exemption decided or leaves it open."""
    certain = context.certain.get(checks_table(rule), {})
    known = {c: q.col(source.alias, c) for c in ("k", *BINDING) if c not in certain}
    found = {
        "judged": outcome.verdict,
        "yard": outcome.yard,
        "least": outcome.least,
        "most": outcome.most,
        "shown": outcome.shown,
        "level": outcome.level,
        "possible_level": outcome.possible_level,
        "reach": outcome.reach,
    }
    constant = {c: v for c, v in found.items() if c != "judged" and q.is_constant(v)}
    reckoned = {c: v for c, v in found.items() if c not in constant}
    inner = q.select({**known, **reckoned, **_ways(exemptions, outcome.under)}, source.table, source.joins)
    held = _held_columns(exemptions)
    decided = q.col("j", "judged")
    if held:
        decided = q.col("j", "decided")
        heard = by_exemptions(q.col("i", "judged"), _held_columns(exemptions, "i"), _under("i", outcome))
        inner = q.with_all_of("i", q.select({"decided": heard}, q.derived(inner, "i")))
    columns = {
        "k": q.col("j", "k"),
        "verdict": _verdict(decided, certain),
        **{c: constant.get(c, q.col("j", c)) for c in found},
        "excuse": q.case([(h.surely, q.lit(h.id)) for h in held], NONE),
        "doubt": q.case([(h.maybe, q.lit(h.id)) for h in held], NONE),
    }
    context.db.run(q.create_table(results_table(rule), q.select(columns, q.derived(inner, "j"))))


def _ways(exemptions: Sequence[Held], under: Sequence[q.Sql]) -> dict[str, q.Sql]:
    """What is known of each exemption, and the verdict under each bound that stands instead, as columns."""
    columns = {f"under {i}": verdict for i, verdict in enumerate(under)}
    for i, exemption in enumerate(exemptions):
        columns |= {f"surely {i}": exemption.surely, f"maybe {i}": exemption.maybe}
    return columns


def _held_columns(exemptions: Sequence[Held], alias: str = "j") -> list[Held]:
    """The exemptions as those columns."""
    return [
        Held(e.id, q.col(alias, f"surely {i}"), q.col(alias, f"maybe {i}"), e.bound) for i, e in enumerate(exemptions)
    ]


def _under(alias: str, outcome: Outcome) -> list[q.Sql]:
    return [q.col(alias, f"under {i}") for i in range(len(outcome.under))]


def _verdict(decided: q.Sql, certain: Mapping[str, q.Sql]) -> q.Sql:
    """The order in which what is known of a check decides: where it does not bind, what it says, what is in doubt."""
    alive, member, in_force, nothing = (certain.get(c, q.col("j", c)) for c in BINDING)
    not_bound = q.or_([*(q.not_(q.is_not_false(c)) for c in (in_force, alive)), nothing])
    unsure = q.not_(q.is_true(q.and_([alive, member, in_force])))
    stands = q.isin(decided, [q.lit(v) for v in ("not_applicable", "pass", "error")])
    others = q.isin(decided, [q.lit(v) for v in ("fail", "unknown", "pending")])
    ways = [(not_bound, q.lit("not_applicable")), (stands, decided), (unsure, q.lit("unknown")), (others, decided)]
    return q.case(ways, q.lit("error"))


def by_exemptions(judged: q.Sql, exemptions: Sequence[Held], under: Sequence[q.Sql] = ()) -> q.Sql:
    """The verdict once exemptions are heard.

    The first that certainly holds stands; those before it that may hold leave several verdicts possible: if they are one,
    that; if all are pass or not applicable, pass; else it is unknown.
    """
    if not exemptions:
        return judged
    if all(e.bound is None for e in exemptions):
        return _excused(judged, exemptions)
    possible = _possible(judged, exemptions, under)
    only = {v: q.and_([q.not_(p) for w, p in possible.items() if w != v]) for v in possible}
    lenient = q.and_([q.not_(p) for w, p in possible.items() if w not in ("pass", "not_applicable")])
    ways = [("not_applicable", only["not_applicable"]), ("pass", lenient)]
    ways += [(v, only[v]) for v in ("fail", "pending", "error")]
    return q.case([(condition, q.lit(v)) for v, condition in ways], q.lit("unknown"))


def _excused(judged: q.Sql, exemptions: Sequence[Held]) -> q.Sql:
    """Excuses only: one that may hold leaves a pass a pass, and anything else open."""
    lenient = q.isin(judged, [q.lit("pass"), q.lit("not_applicable")])
    ways = [
        (q.or_(e.surely for e in exemptions), q.lit("not_applicable")),
        (lenient, judged),
        (q.or_(e.maybe for e in exemptions), q.lit("unknown")),
    ]
    return q.case(ways, judged)


def _possible(measured: q.Sql, exemptions: Sequence[Held], under: Sequence[q.Sql]) -> dict[str, q.Sql]:
    """For each verdict whether the exemptions that hold, or may hold, leave it possible."""
    ways: list[tuple[q.Sql, q.Sql | None]] = []
    bounds, before = list(under), list[q.Sql]()
    for exemption in exemptions:
        reached = q.and_([exemption.maybe, *(q.not_(b) for b in before)])
        ways.append((reached, None if exemption.bound is None else bounds.pop(0)))
        before.append(exemption.surely)
    ways.append((q.not_(q.or_(before)), measured))
    verdicts = ("pass", "fail", "unknown", "pending", "not_applicable", "error")
    return {v: q.or_(q.and_([w, _is(found, v)]) for w, found in ways) for v in verdicts}


def _is(found: q.Sql | None, verdict: str) -> q.Sql:
    """Whether a way ends in this verdict; an excuse ends in not applicable."""
    if found is None:
        return q.TRUE if verdict == "not_applicable" else q.FALSE
    return q.is_true(q.op(found, "=", q.lit(verdict)))


# -- measures


def _kept_or_not(place: Place, measure: Require | Done | Attest) -> Outcome:
    """What is kept or not by itself."""
    if isinstance(measure, Attest):
        return Outcome(attested(place, measure))
    if isinstance(measure, Require):
        return _required(place.context, place.frame, place, measure)
    value = to_value(measure.day, place.meanings)
    return _done(place.context, place.frame, value.sql, value.none, value.blank)


def _against(layer: Layer, rule: Rule, found: Interval, bounds: Sequence[Bound]) -> Outcome:
    """What was found, held against the rule's bound and against those that may stand instead."""
    context, day = layer.place.context, layer.frame.day
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
        level_at(context, rule.levels, low, day, layer.speak),
        level_at(context, rule.levels, high, day, layer.speak),
        _reach(layer, rule, found),
        tuple(verdicts[1:]),
    )


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
