"""Each what: listed values met by every subject, and values found among the records of its own window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from orgaudit import sql as q
from orgaudit.engine.candidates import belonging, is_complete
from orgaudit.engine.context import Context, Frame
from orgaudit.expressions import Joins, Meanings, Row, key_of, to_value
from orgaudit.periods import SINCE_EVER
from orgaudit.standards import EachOf, Rule

_KINDS = {"boolean": "boolean", "integer": "bigint", "number": "decimal(18,4)", "date": "date"}


# -- lists


def cross_listed(context: Context, rule: Rule, listed: Mapping[str, EachOf], joins: Joins) -> None:
    """Each list as a small table: its values, and as bits in which of its versions they stand."""
    for name, each in listed.items():
        table = f"each {name} {rule.standard} {rule.id}"
        versions = _versions(context, each)
        values = dict.fromkeys(v for _, listed_values in versions for v in listed_values)
        rows = [(v, sum(1 << i for i, (_, found) in enumerate(versions) if v in found)) for v in values]
        context.db.fill(table, {"value": _KINDS.get(each.type, "varchar"), "versions": "bigint"}, rows)
        joins.trees.append(q.join(q.table(table, f"e {name}"), None))


def _versions(context: Context, each: EachOf) -> list[tuple[date, tuple[object, ...]]]:
    """(first day, values): a list that a parameter holds may change from day to day."""
    if each.parameter is None:
        return [(SINCE_EVER, each.values)]
    found = context.standard.parameters[each.parameter].values
    return [(day, values) for day, values in found if isinstance(values, tuple)]


def in_list(context: Context, listed: Mapping[str, EachOf], day: q.Sql) -> list[q.Sql]:
    """For lists that change: whether the value stands in the list that is in force on a day."""
    found = []
    for name, each in listed.items():
        versions = _versions(context, each)
        if len(versions) > 1:
            bit = context.on(day, [(first, q.lit(1 << i)) for i, (first, _) in enumerate(versions)])
            found.append(q.op(q.op(q.col(f"e {name}", "versions"), "&", bit), "<>", q.lit(0)))
    return found


# -- what is found


def with_found(
    context: Context, frame: Frame, bases: q.Sql, found: Mapping[str, EachOf], names: Sequence[str]
) -> q.Select:
    """Every base check once for each combination of the values that are found for it; once also where there is none."""
    joins = []
    for name, each in found.items():
        relation = _values(context, frame, bases, each)
        on = q.op(q.col(f"f {name}", "k"), "=", q.col("k", "k"))
        joins.append(q.join(q.derived(relation, f"f {name}"), on, left=True))
    sure = [q.or_([q.col(f"f {n}", "sure"), q.is_null(q.col(f"f {n}", "k"))]) for n in found]
    own = {f"each {n}": q.col(f"f {n}", "value") for n in found}
    columns = {
        "b": q.col("k", "k"),
        "member": q.and_([q.col("k", "member"), *sure]),
        "nothing": q.or_(q.is_null(q.col(f"f {n}", "k")) for n in found),
        **{c: q.col("k", c) for c in _KEPT},
        **{f"each {n}": own.get(f"each {n}", q.col("k", f"each {n}")) for n in names},
    }
    inner = q.select(columns, bases.copy(), joins)
    number = q.row_number([q.col("c", c) for c in ("b", *(f"each {n}" for n in names))])
    return q.select({"k": number, **{c: q.col("c", c) for c in columns if c != "b"}}, q.derived(inner, "c"))


_KEPT = (
    "s",
    "p",
    "label",
    "period_start",
    "period_end",
    "first",
    "last",
    "state_day",
    "day",
    "alive",
    "in_force",
    "key",
    "name",
    "owner",
)


def _values(context: Context, frame: Frame, bases: q.Sql, each: EachOf) -> q.Select:
    """(k, value, sure): `sure` is TRUE or NULL; a value that is not known, or that may be missing, is NULL."""
    assert each.group is not None  # asked by the caller
    rows = belonging(context, frame, bases, (each.group,), lambda m, r: _wanted(each, m, r))
    k, value = q.col("c", "k"), q.col("c", "value")
    known = q.op(q.col("c", "none"), "=", q.lit(0))
    sure = q.and_([q.op(q.col("c", "sure"), "=", q.lit(1)), q.not_(q.is_null(value))])
    parts: list[q.Sql] = [q.select({"k": k, "value": value, "sure": q.as_int(sure)}, q.derived(rows, "c"), where=known)]
    complete = is_complete(context, frame, (each.group,))
    if complete is not q.TRUE:
        nobody = q.select(
            {"k": q.col("k", "k"), "value": q.NULL, "sure": q.lit(0)}, bases.copy(), where=q.not_(complete)
        )
        parts.append(nobody)
    best = q.case([(q.op(q.call("max", q.col("v", "sure")), "=", q.lit(1)), q.TRUE)], q.UNKNOWN)
    group = [q.col("v", "k"), q.col("v", "value")]
    return q.select({"k": group[0], "value": group[1], "sure": best}, q.derived(q.union_all(parts), "v"), group=group)


def _wanted(each: EachOf, meanings: Meanings, row: Row) -> dict[str, q.Sql]:
    if each.value is not None:
        value = to_value(each.value, meanings)
        return {"value": value.sql, "none": q.as_int(q.or_([value.none, value.blank]))}
    key = q.case([(q.is_null(row.raw("_row")), q.NULL)], key_of(row))
    return {"value": key, "none": q.lit(0)}
