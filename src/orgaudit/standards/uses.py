"""Which parameters and readings a rule's verdicts depend on, also through what it uses."""

from __future__ import annotations

from collections.abc import Mapping

from orgaudit.expressions import Group, Node, Parameter, walk
from orgaudit.standards.rules import Bound, Consecutive, Count, Rule


def uses_of(rule: Rule, groups: Mapping[str, Group], numbers: Mapping[str, tuple[str, Count]]) -> set[str]:
    """The parameters that a rule's verdicts depend on, also through what it uses."""
    found = {v.parameter for b in _bounds_of(rule) for v in b.values if v.parameter}
    if rule.window and isinstance(rule.window.duration, str):
        found.add(rule.window.duration)
    nodes, todo, seen = _nodes_of(rule), _groups_of(rule), set()
    while todo:
        group = todo.pop()
        nodes += walk(group.where) if group.where else []
        if group.within and group.within not in seen:
            seen.add(group.within)
            todo.append(groups[group.within])
    for node in nodes:
        if isinstance(node, Parameter):
            found.add(node.name)
    return found


def _bounds_of(rule: Rule) -> list[Bound]:
    inner = [rule.measure.bound] if isinstance(rule.measure, Consecutive) else []
    return [
        b for b in [rule.bound, *(lv.bound for lv in rule.levels), *inner, *(e.bound for e in rule.exemptions)] if b
    ]


def _nodes_of(rule: Rule) -> list[Node]:
    roots = [getattr(rule.measure, a, None) for a in ("condition", "value", "day")]
    roots += [e.condition for e in rule.exemptions]
    if rule.window:
        roots += [rule.window.after, rule.window.first, rule.window.last]
    return [n for root in roots if root is not None for n in walk(root)]


def _groups_of(rule: Rule) -> list[Group]:
    counts = [rule.measure, getattr(rule.measure, "count", None), *(e.count for e in rule.exemptions)]
    groups = [g for c in counts if isinstance(c, Count) for g in c.groups]
    return [rule.subject, *groups, *(e.during for e in rule.exemptions if e.during)]
