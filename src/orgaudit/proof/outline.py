"""Outlines: rows that stand for many (`for:`), and scenarios that stand for one a row of their table.

`{name}` in a text is the value of a variable, `{name:02}` the number with leading zeros; a text that is nothing else
keeps the type of the value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from orgaudit.errors import OrgauditError, did_you_mean

Variables = Mapping[str, Any]

_PLACE = re.compile(r"\{(\w+)(?::(0\d+))?\}")
_RANGE = re.compile(r"(-?\d+)\.\.(-?\d+)")
FOR = "for"


def rows_of_table(table: Mapping[str, list[Any]]) -> Iterator[Variables]:
    """One set of variables for each row of a table of columns; one without any where there is no table."""
    if not table:
        yield {}
        return
    for values in zip(*table.values(), strict=True):
        yield dict(zip(table, values, strict=True))


def repeated(row: Mapping[str, Any], variables: Variables) -> Iterator[dict[str, Any]]:
    """A row once for each combination of the values of its `for`, with every variable filled in."""
    own = row.get(FOR) or {}
    if not isinstance(own, dict):
        raise OrgauditError("wrong-for", {"value": own})
    ranges = {name: _values(filled(values, variables)) for name, values in own.items()}
    for values in product(*ranges.values()):
        known = {**variables, **dict(zip(ranges, values, strict=True))}
        yield {key: filled(value, known) for key, value in row.items() if key != FOR}


def _values(text: Any) -> list[Any]:
    """`1..12`, or a list; a range that ends before it begins is empty."""
    if isinstance(text, list):
        return text
    match = _RANGE.fullmatch(str(text))
    if match is None:
        raise OrgauditError("wrong-for", {"value": text})
    return list(range(int(match[1]), int(match[2]) + 1))


def filled(value: Any, variables: Variables) -> Any:
    """A value with every variable filled in, also inside lists and mappings."""
    if isinstance(value, dict):
        return {filled(k, variables): filled(v, variables) for k, v in value.items()}
    if isinstance(value, list):
        return [filled(v, variables) for v in value]
    if not isinstance(value, str) or "{" not in value:
        return value
    whole = _PLACE.fullmatch(value)
    if whole and not whole[2]:
        return _of(whole[1], variables)
    return _PLACE.sub(lambda m: _written(_of(m[1], variables), m[2]), value)


def _of(name: str, variables: Variables) -> Any:
    if name not in variables:
        raise OrgauditError("unknown-variable", did_you_mean(name, variables))
    return variables[name]


def _written(value: Any, width: str | None) -> str:
    if value is None:
        return "~"
    return f"{int(value):{width}d}" if width else str(value)
