"""The expressions of a record model: what computed fields and derived tables are made by, checked for what they fill."""

from __future__ import annotations

from orgaudit.errors import OrgauditError
from orgaudit.expressions.check import check, check_condition
from orgaudit.expressions.names import Names, Scope
from orgaudit.expressions.summaries import Summary, check_summary
from orgaudit.expressions.tree import FieldRef, Node, walk
from orgaudit.recordmodel import DATES, Derivation, Field, RecordModel

_NUMBERS = {"integer", "number"}


def check_computed(model: RecordModel, table: str, field: Field) -> Node:
    """The tree of a computed field; raises OrgauditError, also where it asks for what is settled later."""
    node = check_cell(str(field.computed), field, Scope(model, Names(), row=table, record_model=True))
    _must_be_settled(model, table, field, node)
    return node


def scope_of(model: RecordModel, derivation: Derivation) -> Scope:
    """What the expressions of a derivation may speak of."""
    return Scope(
        model,
        Names(),
        row=derivation.from_,
        neighbours=derivation.order is not None,
        backwards=True,
        record_model=True,
    )


def check_belongs(derivation: Derivation, scope: Scope) -> Node | None:
    """The tree of what decides whether a row of the source belongs; None where all do."""
    return None if derivation.where is None else check_condition(derivation.where, scope)


def check_cell(text: str, field: Field, scope: Scope) -> Node:
    """The tree of an expression for a field, of the field's type."""
    node = check(text, scope)
    _must_fit(node.type, field)
    return node


def check_aggregate(text: str, field: Field, scope: Scope) -> Summary:
    """An aggregate for a field, of the field's type."""
    summary = check_summary(text, scope)
    _must_fit(summary.type, field)
    return summary


def _must_fit(kind: str, field: Field) -> None:
    """A value of a type that a field can hold."""
    expected = "date" if field.type in DATES else field.type
    if kind != expected and not (field.type == "number" and kind in _NUMBERS):
        raise OrgauditError("wrong-type", {"name": field.name, "expected": expected, "type": kind})


def _must_be_settled(model: RecordModel, name: str, field: Field, node: Node) -> None:
    """Of neighbours, of derived records, and of what is computed later nothing can be computed."""
    place = _places(model)
    for ref in walk(node):
        if isinstance(ref, FieldRef):
            later = [h.name for h in ref.hops if h.is_neighbour or place[h.to] > place[name]]
            if model.tables[ref.table].by_name[ref.name].computed is not None:
                later += [ref.name] if place[ref.table, ref.name] >= place[name, field.name] else []
            if later:
                raise OrgauditError("computed-order", {"name": field.name, "other": later[0], "column": ref.column})


def _places(model: RecordModel) -> dict[str | tuple[str, str], tuple[int, ...]]:
    """When tables and fields are settled: what is handed in, then table by table what is derived."""
    places: dict[str | tuple[str, str], tuple[int, ...]] = {}
    for i, (name, table) in enumerate(model.tables.items()):
        places[name] = (i + 1,) if table.derive else (0,)
        for j, field in enumerate(table.fields):
            places[name, field.name] = (*places[name], i, j)
    return places
