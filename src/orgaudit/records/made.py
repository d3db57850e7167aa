"""Values that are made, not handed in: an expression of the record model as the cell of a field."""

from __future__ import annotations

from dataclasses import dataclass

from orgaudit import sql as q
from orgaudit.errors import OrgauditError, Where
from orgaudit.expressions import Meanings, Node, Value, to_value
from orgaudit.periods import NO_END, SINCE_EVER
from orgaudit.recordmodel import DATES, Field
from orgaudit.records.cells import TYPES


@dataclass(frozen=True)
class Made:
    """A cell: its value, NULL where it is blank or unknown; and whether it is unknown (never NULL)."""

    value: q.Sql
    unknown: q.Sql


def made(node: Node, field: Field, meanings: Meanings) -> Made:
    """The cell of a field: what is none, open or not yet is a blank of the field's own kind."""
    return cell(to_value(node, meanings), field)


def made_over(inner: dict[str, q.Sql], node: Node, field: Field, meanings: Meanings) -> Made:
    """The cell of a field over an `inner` select under the alias `m`, which gets what is reckoned once as its columns."""
    value = to_value(node, meanings)
    parts = {f"of {field.name}": value.sql, f"none {field.name}": q.or_([value.none, value.blank])}
    inner |= {n: part for n, part in parts.items() if not q.is_constant(part)}
    of, none = (q.col("m", n) if n in inner else part for n, part in parts.items())
    return cell(Value(of, none), field)


def cell(value: Value, field: Field) -> Made:
    """The same of a value."""
    ends = q.is_true(q.isin(value.sql, [q.lit(SINCE_EVER), q.lit(NO_END)])) if field.type in DATES else q.FALSE
    blank = q.or_([value.none, value.blank, ends])
    return Made(q.case([(blank, nothing(field))], value.sql), q.and_([q.is_null(value.sql), q.not_(blank)]))


def nothing(field: Field) -> q.Sql:
    """A blank cell of a field."""
    return q.cast(q.NULL, TYPES[field.type])


def mask(cells: dict[int, q.Sql]) -> q.Sql:
    """The bits of those cells that are unknown."""
    result: q.Sql = q.lit(0)
    for bit, unknown in cells.items():
        if unknown is not q.FALSE:
            result = q.op(result, "+", q.case([(unknown, q.lit(bit))], q.lit(0)))
    return result


def placed(error: OrgauditError, model: str, *path: object) -> OrgauditError:
    """An error of an expression with the name of the part of the record model it stands in."""
    steps = "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in path).lstrip(".")
    return OrgauditError(error.code, error.values, Where(f"{model}: {steps}"), error.hint)
