"""Derived tables with a key: one row for all rows that share it, with aggregates over them."""

from __future__ import annotations

from orgaudit import sql as q
from orgaudit.expressions import (
    FILE,
    LINE,
    MISSING_BITS,
    ROW,
    UNKNOWN_BITS,
    Summary,
    Value,
    check_aggregate,
    check_cell,
    to_value,
)
from orgaudit.recordmodel import Field, Table
from orgaudit.records.made import Made, cell, made, mask, nothing
from orgaudit.records.neighbours import is_unknown, sorted_by, value_at
from orgaudit.records.origin import Origin


def summarized(origin: Origin, table: Table, first_row: int) -> tuple[q.Select, q.Select]:
    """How many rows are left out because their key is unknown, or whether they belong; and a row for each key."""
    keys = {n: _made(origin, table.by_name[n], text) for n, text in (origin.derivation.key or {}).items()}
    summaries = {
        n: check_aggregate(str(t), table.by_name[n], origin.scope) for n, t in origin.derivation.fields.items()
    }
    inner = {f"key {n}": made_.value for n, made_ in keys.items()} | {c: origin.row.raw(c) for c in (ROW, FILE, LINE)}
    together = [inner[f"key {n}"] for n in keys]
    inner |= _places(origin, together)
    for name, summary in summaries.items():
        inner |= _asked(name, to_value(summary.of, origin.meanings)) if summary.of is not None else {}
    nameless = q.or_(_is_nameless(table.by_name[n], made_) for n, made_ in keys.items())
    doubt = q.or_([q.is_null(origin.belongs), q.and_([q.is_true(origin.belongs), nameless])])
    in_doubt = origin.select({"n": q.summed(q.as_int(doubt))})
    rows = origin.select(inner, q.and_([q.is_true(origin.belongs), q.not_(nameless)]))
    return in_doubt, _grouped(rows, table, summaries, list(keys), first_row)


def _made(origin: Origin, field: Field, text: str) -> Made:
    return made(check_cell(text, field, origin.scope), field, origin.meanings)


def _is_nameless(field: Field, made_: Made) -> q.Sql:
    """Whether a part of the key is unknown; none is a key only where the field's blank says something."""
    says_nothing = field.constraints.required or field.blank == "unknown"
    return q.is_null(made_.value) if says_nothing else made_.unknown


def _places(origin: Origin, together: list[q.Sql]) -> dict[str, q.Sql]:
    """Which row of its group each row is, by number and in the declared order, and whether that is known."""
    order = origin.derivation.order
    by = [value_at(origin.row, path) for path in order.by] if order else []
    number = origin.row.raw(ROW)
    undated = q.as_int(q.or_(map(is_unknown, by)))
    return {
        "nth": q.window(q.call("row_number"), together, [number]),
        "place": q.window(q.call("row_number"), together, [*sorted_by(by), number]),
        "undated": undated,
    }


def _asked(name: str, value: Value) -> dict[str, q.Sql]:
    unknown = q.and_([q.is_null(value.sql), q.not_(value.none)])
    return {f"of {name}": value.sql, f"none {name}": value.none, f"unknown {name}": unknown}


def _grouped(rows: q.Select, table: Table, summaries: dict[str, Summary], keys: list[str], first_row: int) -> q.Select:
    columns: dict[str, q.Sql] = {f.name: nothing(f) for f in table.fields}
    columns |= {n: q.col("g", f"key {n}") for n in keys}
    unknown: dict[int, q.Sql] = {}
    for name, summary in summaries.items():
        field = table.by_name[name]
        result = cell(_summary(name, summary), field)
        columns[name], unknown[table.bits[name]] = result.value, result.unknown
    columns[UNKNOWN_BITS], columns[MISSING_BITS] = mask(unknown), q.lit(0)
    is_first = q.op(q.col("g", "nth"), "=", q.lit(1))
    for place in (FILE, LINE):
        columns[place] = _of_row(is_first, q.col("g", place))
    columns[ROW] = q.op(q.row_number([q.call("min", q.col("g", ROW))]), "+", q.lit(first_row - 1))
    return q.select(columns, q.derived(rows, "g"), group=[q.col("g", f"key {n}") for n in keys])


def _summary(name: str, summary: Summary) -> Value:
    """An aggregate over a group: what is unknown makes it unknown, what is none is passed over; only none is none."""
    if summary.of is None:
        return Value(q.call("count", q.star()))
    of, none, unknown = (q.col("g", f"{part} {name}") for part in ("of", "none", "unknown"))
    if summary.name == "first":
        is_first = q.op(q.col("g", "place"), "=", q.lit(1))
        undated = q.op(q.call("max", q.col("g", "undated")), "=", q.lit(1))
        value = q.case([(undated, q.NULL)], _of_row(is_first, of))
        return Value(value, q.and_([q.not_(undated), _any(q.and_([is_first, none]))]))
    found = q.call(summary.name, q.case([(q.not_(none), of)], q.NULL))
    return Value(q.case([(_any(unknown), q.NULL)], found), q.not_(_any(q.not_(none))))


def _of_row(is_it: q.Sql, value: q.Sql) -> q.Sql:
    return q.call("max", q.case([(is_it, value)], q.NULL))


def _any(condition: q.Sql) -> q.Sql:
    return q.op(q.call("max", q.as_int(condition)), "=", q.lit(1))
