"""Findings, figures and checks as relations: one row each, with the columns that reports are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from orgaudit import sql as q
from orgaudit.engine.items import items_table
from orgaudit.engine.parts import items_of
from orgaudit.engine.population import checks_table
from orgaudit.engine.verdicts import results_table
from orgaudit.expressions import FILE, LINE, ROW
from orgaudit.standards import Gap, Rule, Runs

#: the verdicts that findings are made of
REPORTED = ("error", "fail", "unknown", "pending")
#: the columns of every row, before those of each
COLUMNS = (
    "k",
    "key",
    "name",
    "owner",
    "label",
    "start",
    "end",
    "verdict",
    "least",
    "most",
    "shown",
    "level",
    "possible_level",
    "due_on",
    "doubt",
    "part",
)


def _columns(rule: Rule) -> dict[str, q.Sql]:
    in_period = rule.every is not None or rule.window is None
    columns = {c: q.col("k", c) for c in ("k", "key", "name", "owner", "label")}
    columns |= {
        "start": q.col("k", "period_start" if in_period else "first"),
        "end": q.col("k", "period_end" if in_period else "last"),
    }
    columns |= {c: q.col("r", c) for c in ("verdict", "least", "most", "shown", "level", "possible_level")}
    columns |= {
        "due_on": q.col("k", "last") if rule.window is not None else q.cast(q.NULL, "date"),
        "doubt": q.col("r", "doubt"),
        "part": q.cast(q.NULL, "text"),
    }
    return columns | {f"each {n}": q.col("k", f"each {n}") for n in rule.each}


def _found_columns(rule: Rule) -> dict[str, q.Sql]:
    return _columns(rule) | {"s": q.col("k", "s")}


def _result_join(rule: Rule, alias: str) -> q.Join:
    return q.join(q.table(results_table(rule), alias), q.op(q.col(alias, "k"), "=", q.col("k", "k")))


def _is(alias: str, column: str, *verdicts: str) -> q.Sql:
    return q.isin(q.col(alias, column), [q.lit(v) for v in verdicts])


def finding_rows(rule: Rule, place: str | None = None) -> q.Select:
    """One row for each item that neither passes nor drops out, in the order of findings; last, where its subject stands.

    With `place`, the rows are in no order, and have a last column of that name: their number in it, from 1.
    """
    parts = list(items_of(rule))
    rows: list[q.Sql] = [
        _item_rows(rule, part) if isinstance(part.measure, (Runs, Gap)) else _check_rows(rule, part) for part in parts
    ]
    where = q.join(q.table(rule.subject.table, "s"), q.op(q.col("s", ROW), "=", q.col("f", "s")))
    stands, names = {"file": q.col("s", FILE), "line": q.col("s", LINE)}, [str(part.part) for part in parts]
    if place is None:
        return _ordered(q.union_all(rows), stands, [where], names)
    numbered = {**stands, place: q.row_number(_order(names))}
    return q.with_all_of("f", q.select(numbered, q.derived(q.union_all(rows), "f"), [where]))


def error_rows(rule: Rule) -> q.Select:
    """One row for each check of a rule that could not be run."""
    query = q.select(_columns(rule), q.table(checks_table(rule), "k"), [_result_join(rule, "r")])
    return _ordered(query)


def _check_rows(rule: Rule, part: Rule) -> q.Select:
    """A check, or a part of one: a part's own verdict where nothing else decides the check's."""
    if part.part is None:
        where = _is("r", "verdict", *REPORTED)
        return q.select(_found_columns(rule), q.table(checks_table(rule), "k"), [_result_join(rule, "r")], where)
    joins = [_result_join(rule, "r"), _result_join(part, "p")]
    columns = _found_columns(rule) | {c: q.col("p", c) for c in ("least", "most", "shown", "level", "possible_level")}
    columns |= {"verdict": _own("p", "judged"), "part": q.lit(part.part)}
    where = q.and_([_is("r", "verdict", *REPORTED), _is("p", "judged", "fail", "unknown", "pending")])
    return q.select(columns, q.table(checks_table(rule), "k"), joins, where)


def _own(alias: str, column: str) -> q.Sql:
    """An item's own verdict, where the check has what its items say; the check's where a doubt about it decides."""
    same = q.or_([q.op(q.col("r", "verdict"), "=", other) for other in (q.col("r", "judged"), q.lit("fail"))])
    return q.case([(same, q.col(alias, column))], q.col("r", "verdict"))


def _item_rows(rule: Rule, part: Rule) -> q.Select:
    """A run or a gap: with its own days, length and level, and the check's doubts."""
    mine = q.and_([q.op(q.col("i", "k"), "=", q.col("k", "k")), q.op(q.col("i", "yard"), "=", q.col("p", "yard"))])
    joins = [_result_join(rule, "r"), _result_join(part, "p"), q.join(q.table(items_table(part), "i"), mine)]
    columns = _found_columns(rule) | {"label": q.cast(q.NULL, "text"), "verdict": _own("i", "verdict")}
    columns |= {c: q.col("i", c) for c in ("start", "end", "least", "most", "level", "possible_level")}
    columns |= {"part": q.lit(part.part) if part.part else q.cast(q.NULL, "text")}
    if isinstance(part.measure, Gap):
        columns["doubt"] = q.col("i", "doubt")
    where = [_is("r", "verdict", "fail", "unknown", "pending"), _is("i", "verdict", "fail", "unknown", "pending")]
    return q.select(columns, q.table(checks_table(rule), "k"), joins, q.and_(where))


def _ordered(
    rows: q.Sql,
    more: Mapping[str, q.Sql] | None = None,
    joins: Sequence[q.Join] = (),
    parts: Sequence[str] = (),
) -> q.Select:
    return q.with_all_of("f", q.select(dict(more or {}), q.derived(rows, "f"), joins, order=_order(parts)))


def _order(parts: Sequence[str] = ()) -> list[q.Sql]:
    """By organization, subject and period; parts as the rule names them."""
    owner = q.call("coalesce", q.col("f", "owner"), q.lit(""))
    by = [owner, *(q.col("f", c) for c in ("key", "start", "k"))]
    if len(parts) > 1:
        place = [(q.op(q.col("f", "part"), "=", q.lit(name)), q.lit(i)) for i, name in enumerate(parts)]
        by.append(q.case(place, q.lit(len(parts))))
    return by


def check_rows(rule: Rule) -> q.Select:
    """One row a check, in their order, with the exemption that excuses it as the last column."""
    columns = _columns(rule) | {"excuse": q.col("r", "excuse")}
    return q.select(columns, q.table(checks_table(rule), "k"), [_result_join(rule, "r")], order=[q.col("k", "k")])


def figure_rows(rule: Rule) -> q.Select:
    """One row for each subject that a rule without a bound surely speaks of."""
    member = q.is_true(q.and_([q.col("k", "member"), q.col("k", "alive"), q.col("k", "in_force")]))
    spoken_of = q.and_([member, q.not_(q.col("k", "nothing")), q.is_null(q.col("r", "excuse"))])
    columns = _columns(rule)
    return _ordered(q.select(columns, q.table(checks_table(rule), "k"), [_result_join(rule, "r")], spoken_of))
