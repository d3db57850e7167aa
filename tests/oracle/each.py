"""`each`: one obligation a value, a record, or a value found."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from . import expressions
from .asked import Asked, key_of
from .groups import Members, members_of
from .measures import split_of
from .records import World
from .rows import Record
from .values import UNKNOWN, Truth, Value, is_blank, text_of


@dataclass
class Each:
    """One combination of values, and whether there is an obligation for it (False: nothing was found)."""

    values: dict[str, Any]
    there: Truth = True


def listed(rule: dict[str, Any]) -> list[dict[str, Any]]:
    """All combinations of the values that are written out."""
    each = {name: values for name, values in rule.get("each", {}).items() if isinstance(values, list)}
    return [dict(zip(each, values, strict=True)) for values in product(*each.values())]


def found(asked: Asked, rule: dict[str, Any]) -> list[Each]:
    """All combinations, with those that are looked up: lists that change, records and values of a group."""
    each = rule.get("each", {})
    several = [[(asked.each[n], True)] if n in asked.each else options(asked, values) for n, values in each.items()]
    return [
        Each({name: value for name, (value, _) in zip(each, chosen, strict=True)}, weakest([t for _, t in chosen]))
        for chosen in product(*several)
    ]


def weakest(truths: list[Truth]) -> Truth:
    return False if False in truths else UNKNOWN if UNKNOWN in truths else True


def options(asked: Asked, values: str) -> list[tuple[Any, Truth]]:
    if values.startswith("$"):
        return list_in_force(asked, values[1:])
    asked = replace(asked, each={})
    if re.search(r"\sof\s", re.sub(r"'[^']*'", "", values)):
        expression, group = split_of(values)
        members = members_of(asked, asked.subject, group)
        pairs = by_value(asked, members, expression)
    else:
        members = members_of(asked, asked.subject, values)
        pairs = [(record, truth) for record, truth in members.records if truth is not False]
    if members.is_open or any(value is UNKNOWN for value, _ in pairs):
        pairs = [pair for pair in pairs if pair[0] is not UNKNOWN] + [(UNKNOWN, UNKNOWN)]
    return pairs or [(UNKNOWN, False)]


def list_in_force(asked: Asked, name: str) -> list[tuple[Any, Truth]]:
    """The list on the check's day; where that is unknown, what any of the lists may ask."""
    found = asked.standard.param(name, asked.param_day)
    if found is not UNKNOWN:
        return [(value, True) for value in found]
    lists = [[str(v) for v in values] for values in asked.standard.spec["parameters"][name].values()]
    return [(v, UNKNOWN) for v in dict.fromkeys(v for values in lists for v in values)]


def by_value(asked: Asked, members: Members, expression: str) -> list[tuple[Value, Truth]]:
    """Each value once, true as soon as some record with it certainly belongs."""
    found: dict[Value, Truth] = {}
    for record, truth in members.records:
        if truth is False:
            continue
        value = expressions.value(expression, asked.scope(record, members.table))
        if not is_blank(value):
            found[value] = True if truth is True or found.get(value) is True else UNKNOWN
    return list(found.items())


def told(world: World, value: Any) -> str | None:
    """How a value of `each` stands in a check: a record by its key, what is unknown not at all."""
    if value is UNKNOWN:
        return None
    return key_of(world, value) if isinstance(value, Record) else text_of(value)
