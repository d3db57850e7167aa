"""All, any: each part is a rule of its own over the same checks; what they say together is the verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from orgaudit import sql as q
from orgaudit.engine.context import Context
from orgaudit.engine.exemptions import held
from orgaudit.engine.items import at_rank, rank
from orgaudit.engine.layers import plainly
from orgaudit.engine.outcomes import Outcome
from orgaudit.engine.verdicts import place_of, results_table, write_results
from orgaudit.standards import Part, Parts, Rule

#: judges a rule, or a part as a rule
Judge = Callable[[Context, Rule], None]
#: verdicts in the order in which `any` takes them
_BEST = ("pass", "pending", "unknown", "fail")


def part_rules(rule: Rule) -> Iterator[tuple[Part, Rule]]:
    """The parts of a rule as rules without exemptions of their own."""
    assert isinstance(rule.measure, Parts)  # asked for parts only
    for part in rule.measure.parts:
        name = f"{rule.part}/{part.id}" if rule.part else part.id
        own = {"measure": part.measure, "bound": part.bound, "levels": part.levels, "exemptions": ()}
        yield part, replace(rule, part=name, **own)  # type: ignore[arg-type]


def items_of(rule: Rule) -> Iterator[Rule]:
    """The parts that are findings of their own: those of `all`, through and through; `any` is one."""
    if not isinstance(rule.measure, Parts) or not rule.measure.every:
        yield rule
        return
    for _, part in part_rules(rule):
        yield from items_of(part)


def judge_parts(context: Context, rule: Rule, judge: Judge) -> None:
    """Judges every part, and the rule by what they say together."""
    assert isinstance(rule.measure, Parts)  # asked for parts only
    parts = [part for _, part in part_rules(rule)]
    for part in parts:
        judge(context, part)
    place = place_of(context, rule)
    verdicts = []
    for i, part in enumerate(parts):
        on = q.op(q.col(f"r{i}p", "k"), "=", q.col("k", "k"))
        place.joins.trees.append(q.join(q.table(results_table(part), f"r{i}p"), on))
        verdicts.append(q.col(f"r{i}p", "judged"))
    together = all_of(verdicts) if rule.measure.every else any_of(verdicts)
    write_results(context, rule, plainly(place), Outcome(together), held(place, rule.exemptions))


def all_of(verdicts: list[q.Sql]) -> q.Sql:
    """The worst; parts that are not applicable drop out, unless all of them are."""
    return at_rank(q.call("least", *map(rank, verdicts)))


def any_of(verdicts: list[q.Sql]) -> q.Sql:
    """The best; parts that are not applicable drop out, unless all of them are."""
    ways = [(q.or_(q.op(v, "=", q.lit(best)) for v in verdicts), q.lit(best)) for best in _BEST]
    return q.case(ways, q.lit("not_applicable"))
