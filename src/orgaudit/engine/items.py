"""Items: the runs, gaps and parts that a check has the worst verdict of; each that does not pass is a finding."""

from __future__ import annotations

from orgaudit import sql as q
from orgaudit.engine.verdicts import named
from orgaudit.standards import Rule


def items_table(rule: Rule) -> str:
    """The name of the table of a rule's items.

    (k, yard, start, end, least, most, verdict, level, possible_level): `yard` 0 is the rule's own bound, the others are
    those that exemptions put in its place.
    """
    return named("items", rule)


def worst_of(rule: Rule, yard: int) -> q.Select:
    """For each check the worst verdict of its items, and the longest they are."""
    columns = {
        "k": q.col("i", "k"),
        # "fail" comes before "pass", "pending" and "unknown" in the alphabet; the others by their rank
        "worst": _worst(q.col("i", "verdict")),
        "least": q.call("max", q.col("i", "least")),
        "most": q.call("max", q.col("i", "most")),
        "level": q.call("max", q.col("i", "level")),
        "possible_level": q.call("max", q.col("i", "possible_level")),
    }
    mine = q.op(q.col("i", "yard"), "=", q.lit(yard))
    return q.select(columns, q.table(items_table(rule), "i"), where=mine, group=[q.col("i", "k")])


RANKS = ("fail", "unknown", "pending", "pass", "not_applicable")


def rank(verdict: q.Sql) -> q.Sql:
    """The place of a verdict among all, the worst first."""
    return q.case([(q.op(verdict, "=", q.lit(v)), q.lit(i)) for i, v in enumerate(RANKS)], q.lit(len(RANKS)))


def at_rank(number: q.Sql) -> q.Sql:
    """The verdict of a rank."""
    return q.case([(q.op(number, "=", q.lit(i)), q.lit(v)) for i, v in enumerate(RANKS)], q.lit("error"))


def _worst(verdict: q.Sql) -> q.Sql:
    return at_rank(q.call("min", rank(verdict)))
