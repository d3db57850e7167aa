"""Aggregates of record models: what a derived table says of all rows that share a key."""

from __future__ import annotations

import re
from dataclasses import dataclass

from orgaudit.errors import OrgauditError
from orgaudit.expressions.check import check
from orgaudit.expressions.names import Scope
from orgaudit.expressions.tree import Node, Type

_CALL = re.compile(r"\s*(?P<name>count|min|max|first)\s*\((?P<of>.*)\)\s*\Z", re.DOTALL)


@dataclass(frozen=True)
class Summary:
    """count(), min(EXPR), max(EXPR) or first(EXPR), over the rows of a group."""

    name: str
    of: Node | None
    type: Type


def check_summary(text: str, scope: Scope) -> Summary:
    """The checked form of an aggregate; raises OrgauditError with `column` in its values."""
    call = _CALL.match(text)
    if call is None or (call["name"] == "count") != (not call["of"].strip()):
        raise OrgauditError("not-an-aggregate", {"text": text, "column": 1})
    if call["name"] == "count":
        return Summary("count", None, "integer")
    try:
        of = check(call["of"], scope)
    except OrgauditError as e:
        column = e.values.get("column", 1)
        shifted = column + call.start("of") if isinstance(column, int) else column
        raise OrgauditError(e.code, {**e.values, "column": shifted}, e.where, e.hint) from e
    if of.type in ("list", "boolean") and call["name"] != "first":
        raise OrgauditError("wrong-type", {"name": call["name"], "expected": "date, number, string", "type": of.type})
    return Summary(call["name"], of, of.type)
