"""Groups: PATH [in NAME] [dated FIELD | ever] [where CONDITION], checked part by part."""

from __future__ import annotations

from dataclasses import replace

from orgaudit.errors import OrgauditError, did_you_mean
from orgaudit.expressions.check import check_condition
from orgaudit.expressions.names import Scope, follow
from orgaudit.expressions.parse import split_group
from orgaudit.expressions.resolve import AUDIT
from orgaudit.expressions.tree import Group, InGroup, Node, Operation
from orgaudit.recordmodel import Hop, RecordModel


def check_group(text: str, scope: Scope, *, root: bool) -> Group:
    """The checked parts of a group: as a `root` its path begins with a table, else with a step of the subject or `audit`."""
    raw = split_group(text)
    start, hops, table, base = _path(raw.path.split("."), scope, root)
    if raw.within is not None and scope.names.groups.get(raw.within) != table:
        known = [g for g, t in scope.names.groups.items() if t == table]
        raise OrgauditError(
            "unknown-group", {**did_you_mean(raw.within, known), "table": table, "column": raw.columns[0]}
        )
    if raw.dated is not None:
        _must_be_date(raw.dated, table, scope.model, raw.columns[1])
    inner = replace(scope, row=table)
    where = check_where(text, raw.offset, inner) if raw.where is not None else None
    among, within = (base, raw.within) if hops else (None, base or raw.within)
    if not hops and base and raw.within:
        where = _both(InGroup("boolean", group=base), where)
        within = raw.within
    return Group(text, hops, table, start, among, within, raw.dated, raw.ever, where)


def check_where(text: str, start: int, scope: Scope) -> Node:
    """The condition that begins at a place of a longer text."""
    try:
        return check_condition(text[start:], scope)
    except OrgauditError as e:
        raise OrgauditError(e.code, {**e.values, "column": _column(e) + start}, e.where, e.hint) from e


def _column(error: OrgauditError) -> int:
    column = error.values.get("column", 1)
    return column if isinstance(column, int) else 1


def _both(first: Node, second: Node | None) -> Node:
    return Operation("boolean", operator="and", args=(first, second)) if second else first


def _must_be_date(name: str, table: str, model: RecordModel, column: int) -> None:
    found = model.tables[table].by_name.get(name)
    if found is None or found.type != "date":
        dates = [f.name for f in model.tables[table].fields if f.type == "date"]
        raise OrgauditError("unknown-name", {**did_you_mean(name, dates), "column": column})


def _path(steps: list[str], scope: Scope, root: bool) -> tuple[str | None, tuple[Hop, ...], str, str | None]:
    """The table that a path begins with (None: the subject), its hops, the table it ends at, and the group it begins with."""
    model = scope.model
    if root and len(steps) > 1:
        raise OrgauditError("path-from-table", {"text": ".".join(steps), "column": 1})
    if root:
        table, base = _table(steps[0], scope)
        return None, (), table, base
    if steps[0] == AUDIT and len(steps) > 1:
        table, base = _table(steps[1], scope)
        hops, last = follow(steps[2:], table, model)
        return table, hops, last, base
    if scope.subject in (None, AUDIT):
        raise OrgauditError("path-from-audit", {"text": ".".join(steps), "column": 1})
    hops, last = follow(steps, str(scope.subject), model)
    return None, hops, last, None


def _table(name: str, scope: Scope) -> tuple[str, str | None]:
    """A table, or the table of a defined group with its name."""
    if name in scope.model.tables and name != AUDIT:
        return name, None
    if name in scope.names.groups:
        return scope.names.groups[name], name
    known = [t for t in scope.model.tables if " " not in t and t != AUDIT]
    raise OrgauditError("unknown-table", {**did_you_mean(name, [*known, *scope.names.groups]), "column": 1})


def split_of(text: str) -> tuple[str, str] | None:
    """EXPR and GROUP of `EXPR of GROUP`, at the first ` of ` outside quotes; None where there is none."""
    quoted = False
    for i, letter in enumerate(text):
        quoted ^= letter == "'"
        if not quoted and text.startswith(" of ", i):
            return text[:i].strip(), text[i + 4 :].strip()
    return None
