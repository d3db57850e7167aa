"""Until when the next record must come: bounds on the length of gaps, and what records without a place leave open."""

from __future__ import annotations

from dataclasses import dataclass

from orgaudit import sql as q
from orgaudit.engine.context import Context
from orgaudit.engine.items import RANKS, at_rank, rank
from orgaudit.engine.points import is_, of_rule
from orgaudit.standards import Bound, Rule


@dataclass(frozen=True)
class Yardstick:
    """A bound on the length of gaps: until when the next record must come after the one before."""

    context: Context
    bound: Bound
    day: q.Sql  # whose parameters count

    def kept(self, a: q.Sql, b: q.Sql) -> q.Sql:
        """Whether a day is not too late after another."""
        value = self.bound.values[0]
        operator = "<=" if self.bound.kind == "at_most" else "<"
        if value.parameter is not None and self.context.standard.parameters[value.parameter].type == "duration":
            return q.op(b, operator, self.context.moved(a, value.parameter, self.day))
        if value.duration is not None:
            return q.op(b, operator, self.context.moved(a, value.duration, self.day))
        days = self.context.bound_value(value, self.day)
        return q.op(q.call("oa_days", a, b), operator, days.least)


def yards(context: Context, rule: Rule, day: q.Sql) -> list[Yardstick]:
    """The rule's own bound, and those that exemptions put in its place."""
    bounds = [b for b in (rule.bound, *(e.effect for e in rule.exemptions)) if isinstance(b, Bound)]
    return [Yardstick(context, b, day) for b in bounds]


def verdict_of(context: Context, yard: Yardstick, a: q.Sql, until: q.Sql, is_last: q.Sql) -> q.Sql:
    """A gap that reaches beyond the audit's day waits, unless it is too long already."""
    today = q.call("least", until, q.lit(context.facts.as_of))
    waits = q.and_([is_last, q.op(until, ">", q.lit(context.facts.as_of)), yard.kept(a, today)])
    too_long = q.not_(yard.kept(a, today))
    ways = [(yard.kept(a, until), q.lit("pass")), (waits, q.lit("pending")), (too_long, q.lit("fail"))]
    return q.case(ways, q.lit("unknown"))


#: whether records may be missing, or lie anywhere
HAZARD = q.is_true(q.or_([is_("h", "apart", 1), is_("n", "sound", 0)]))


def hazard_joins(rule: Rule, k: q.Sql) -> list[q.Join]:
    """`n`, the span of a check, and `h`, whether any of its records has no place."""
    apart = {"k": q.col("o", "k"), "apart": q.call("max", q.col("o", "apart"))}
    apart |= {
        f"{f} certain": q.call(f, q.case([(_PLACED_SURE, q.col("o", c))], q.NULL))
        for f, c in (("min", "start"), ("max", "end"))
    }
    apart["points"] = q.call("count", q.star())
    found = q.select(apart, of_rule("records", rule, "o"), group=[q.col("o", "k")])
    return [
        q.join(of_rule("spans", rule, "n"), q.op(q.col("n", "k"), "=", k)),
        q.join(q.derived(found, "h"), q.op(q.col("h", "k"), "=", k), left=True),
    ]


_PLACED_SURE = q.and_([is_("o", "apart", 0), is_("o", "sure", 1)])


def hazarded(context: Context, rule: Rule) -> q.Sql:
    """Where a record may lie anywhere: pass only if even the longest gaps that it could make are short enough."""
    first = q.call("coalesce", q.col("h", "min certain"), q.col("n", "span_last"))
    last = q.call("coalesce", q.col("h", "max certain"), q.col("n", "from"))
    ranks = [q.call("coalesce", q.col("g", "plain"), q.lit(RANKS.index("pass")))]
    for yard in yards(context, rule, q.col("n", "day")):
        front = verdict_of(context, yard, q.col("n", "from"), first, q.op(first, "=", q.col("n", "span_last")))
        inside = q.op(first, ">=", q.col("n", "span_first"))
        ranks.append(q.case([(inside, rank(front))], q.lit(RANKS.index("pass"))))
        ranks.append(rank(verdict_of(context, yard, last, q.col("n", "span_last"), q.TRUE)))
    worst = q.call("least", *ranks) if len(ranks) > 1 else ranks[0]
    verdict = at_rank(worst)
    return q.case([(q.op(verdict, "=", q.lit("fail")), q.lit("unknown"))], verdict)
