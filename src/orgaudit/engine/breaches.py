"""A breach is a subject too: failing checks, and levels that runs reached, as records of a table of their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce

from orgaudit import sql as q
from orgaudit.engine.consecutive import reached_table
from orgaudit.engine.context import Context
from orgaudit.engine.outcomes import NONE, reach_of
from orgaudit.engine.population import checks_table
from orgaudit.engine.verdicts import results_table
from orgaudit.expressions import FILE, LINE, MISSING_BITS, ROW, SURE, UNKNOWN_BITS, Cells
from orgaudit.periods import SINCE_EVER
from orgaudit.recordmodel import SUBJECT
from orgaudit.records import SQL_TYPES
from orgaudit.standards import Rule, Runs, breach_name


def make_breaches(context: Context, rule: Rule) -> None:
    """Creates the table of a rule's breaches, certain ones and those that may be."""
    name = breach_name(rule.standard, rule.id)
    declared = context.model.tables[name]
    source = _source(context, rule)
    b = "b"
    eaches = [c for n in rule.each if (c := f"each {n}") in declared.by_name]
    unknown = [q.case([(q.is_null(q.col(b, c)), q.lit(declared.bits[c]))], q.lit(0)) for c in ("reached_on", *eaches)]
    columns = {
        "key": _key(rule),
        SUBJECT: q.col(b, "s"),
        "level": q.col(b, "level"),
        "reached_on": q.col(b, "reached_on"),
        "period_start": q.col(b, "period_start"),
        "period_end": q.col(b, "period_end"),
        **{c: q.cast(q.col(b, c), SQL_TYPES[declared.by_name[c].type]) for c in eaches},
        ROW: q.row_number([q.col(b, "k"), q.col(b, "period_start"), q.col(b, "step")]),
        UNKNOWN_BITS: reduce(lambda a, c: q.op(a, "+", c), unknown),
        MISSING_BITS: q.lit(0),
        SURE: q.case([(q.col(b, "surely"), q.TRUE)], q.UNKNOWN),
        FILE: q.col("s", FILE),
        LINE: q.col("s", LINE),
    }
    subject = q.join(q.table(rule.subject.table, "s"), q.op(q.col("s", ROW), "=", q.col(b, "s")))
    context.db.run(q.create_table(name, q.select(columns, q.derived(source, b), [subject])))
    context.facts.submitted.add(name)
    context.facts.cells = context.facts.cells.renewed([name], Cells(always_lead=frozenset({(name, SUBJECT)})))


def _source(context: Context, rule: Rule) -> q.Sql:
    if isinstance(rule.measure, Runs):
        return _reached(rule)
    return q.union_all([_failing(context, rule, bit, level) for bit, level in reach_of(rule)])


def unite_breaches(context: Context, rule: Rule) -> None:
    """Creates the table of the breaches that a rule speaks of, where it is not there yet; rules that do not stand have none."""
    name = breach_name(rule.standard, *rule.breaches_of)
    standing = {r.id for r in context.standard.rules}
    tables = [breach_name(rule.standard, r) for r in rule.breaches_of if r in standing]
    if tables == [name] or context.db.has(name):
        return
    fields = context.model.tables[name].fields
    columns = {f.name: SQL_TYPES[f.type] for f in fields} | _ADDED
    if tables:
        context.db.run(q.create_table(name, _united(tables, columns)))
    else:
        context.db.fill(name, columns | {ROW: "bigint"}, [])
    context.facts.submitted.add(name)


_ADDED = {UNKNOWN_BITS: "bigint", MISSING_BITS: "bigint", SURE: "boolean", FILE: "integer", LINE: "integer"}


def _united(tables: Sequence[str], columns: Iterable[str]) -> q.Select:
    """The rows of several tables, numbered anew."""
    parts = [
        q.select({"_of": q.lit(i), **{c: q.col("b", c) for c in columns}}, q.table(table, "b"))
        for i, table in enumerate(tables)
    ]
    order = [q.col("u", c) for c in ("_of", "key", "period_start")]
    numbered = {**{c: q.col("u", c) for c in columns}, ROW: q.row_number(order)}
    return q.select(numbered, q.derived(q.union_all(parts), "u"))


def _key(rule: Rule) -> q.Sql:
    values = [q.cast(q.col("b", f"each {n}"), "text") for n in rule.each]
    parts = [q.col("b", "key"), *values, q.cast(q.col("b", "period_start"), "text")]
    level = q.call("coalesce", q.call("concat", q.lit("/"), q.col("b", "level")), q.lit(""))
    joined = parts[0]
    for part in parts[1:]:
        joined = q.call("concat", joined, q.lit("/"), part)
    return q.call("concat", joined, q.case([(q.is_null(q.col("b", "level")), q.lit(""))], level))


def _checks(rule: Rule) -> dict[str, q.Sql]:
    return {c: q.col("k", c) for c in ("k", "s", "key", *(f"each {n}" for n in rule.each))}


def _first_day(rule: Rule) -> q.Sql:
    """The first day of the window; of one that has none, that of the period."""
    period = q.col("k", "period_start")
    if rule.window is None or rule.every:
        return period
    first = q.col("k", "first")
    return q.case([(q.op(first, "=", q.lit(SINCE_EVER)), period)], first)


def _failing(context: Context, rule: Rule, bit: int, level: str | None) -> q.Select:
    """The checks that fail, or may, on a level (on none); certainly, where they can have reached nothing else."""
    fails = q.op(q.col("r", "verdict"), "=", q.lit("fail"))
    reach = q.col("r", "reach")
    columns = {
        **_checks(rule),
        "level": NONE if level is None else q.lit(level),
        "reached_on": q.col("k", "last"),
        "period_start": _first_day(rule),
        "period_end": q.col("k", "last") if rule.window and not rule.every else q.col("k", "period_end"),
        "surely": q.and_([fails, q.op(reach, "=", q.lit(bit))]),
        "step": q.lit(bit),
    }
    results = q.join(q.table(results_table(rule), "r"), q.op(q.col("r", "k"), "=", q.col("k", "k")))
    # a window that still runs: like an event, the breach is there only from its day on
    reached = q.is_not_false(q.op(q.col("k", "last"), "<=", q.lit(context.facts.as_of)))
    may_be = q.op(q.op(reach, "&", q.lit(bit)), "<>", q.lit(0))
    where = q.and_([q.isin(q.col("r", "verdict"), [q.lit("fail"), q.lit("unknown")]), reached, may_be])
    return q.select(columns, q.table(checks_table(rule), "k"), [results], where)


def _reached(rule: Rule) -> q.Select:
    columns = {
        **_checks(rule),
        "level": q.col("i", "level"),
        "reached_on": q.col("i", "reached_on"),
        "period_start": q.col("i", "start"),
        "period_end": q.col("i", "end"),
        "surely": q.and_([q.col("i", "surely"), q.op(q.col("r", "verdict"), "=", q.lit("fail"))]),
        "step": q.col("i", "step"),
    }
    return _of_items(rule, reached_table(rule), columns)


def _of_items(rule: Rule, items: str, columns: dict[str, q.Sql], where: q.Sql = q.TRUE) -> q.Select:
    shown = q.and_([q.op(q.col("i", "k"), "=", q.col("k", "k")), q.op(q.col("i", "yard"), "=", q.col("r", "yard"))])
    joins = [
        q.join(q.table(results_table(rule), "r"), q.op(q.col("r", "k"), "=", q.col("k", "k"))),
        q.join(q.table(items, "i"), shown),
    ]
    open_or_failing = q.isin(q.col("r", "verdict"), [q.lit("fail"), q.lit("unknown")])
    return q.select(columns, q.table(checks_table(rule), "k"), joins, q.and_([open_or_failing, where]))
