"""Groups: PATH [in NAME] [dated FIELD | ever] [where CONDITION], checked part by part."""

from __future__ import annotations

from dataclasses import replace

from orgaudit.errors import OrgauditError, did_you_mean
from orgaudit.expressions.check import check_condition
from orgaudit.expressions.names import Scope, follow
from orgaudit.expressions.parse import split_group
from orgaudit.expressions.tree import Group, InGroup, Node, Operation
from orgaudit.recordmodel import Hop, RecordModel


def check_group(text: str, scope: Scope, *, root: bool) -> Group:
    """The checked parts of a group: as a `root` its path begins with a table, else with a reference of the subject."""
    raw = split_group(text)
    hops, table, base = _path(raw.path.split("."), scope, root)
    within = base or raw.within
    if raw.within is not None and scope.names.groups.get(raw.within) != table:
        known = [g for g, t in scope.names.groups.items() if t == table]
        raise OrgauditError("unknown-group", {**did_you_mean(raw.within, known), "table": table, "column": 1})
    if raw.dated is not None:
        _must_be_date(raw.dated, table, scope.model)
    inner = replace(scope, row=table)
    try:
        where = check_condition(raw.where, inner) if raw.where is not None else None
    except OrgauditError as e:
        raise OrgauditError(e.code, {**e.values, "column": _column(e) + raw.offset}, e.where, e.hint) from e
    if base and raw.within:
        where = _both(InGroup("boolean", group=base), where)
        within = raw.within
    return Group(text, hops, table, within, raw.dated, raw.ever, where)


def _column(error: OrgauditError) -> int:
    column = error.values.get("column", 1)
    return column if isinstance(column, int) else 1


def _both(first: Node, second: Node | None) -> Node:
    return Operation("boolean", operator="and", args=(first, second)) if second else first


def _must_be_date(name: str, table: str, model: RecordModel) -> None:
    found = model.tables[table].by_name.get(name)
    if found is None or found.type != "date":
        dates = [f.name for f in model.tables[table].fields if f.type == "date"]
        raise OrgauditError("unknown-name", {**did_you_mean(name, dates), "column": 1})


def _path(steps: list[str], scope: Scope, root: bool) -> tuple[tuple[Hop, ...], str, str | None]:
    """The hops of a path, the table it ends at, and the group its first word names."""
    first, model = steps[0], scope.model
    if root and len(steps) == 1:
        if first in model.tables:
            return (), first, None
        if first in scope.names.groups:
            return (), scope.names.groups[first], first
        raise OrgauditError("unknown-table", {**did_you_mean(first, [*model.tables, *scope.names.groups]), "column": 1})
    if root:
        raise OrgauditError("path-from-table", {"text": ".".join(steps), "column": 1})
    if scope.subject is None:
        raise OrgauditError("not-built", {"what": "the whole audit as a subject", "column": 1})
    hops, table = follow(steps, scope.subject, model)
    return hops, table, None
