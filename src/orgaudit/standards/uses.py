"""Which parameters and readings a rule's verdicts depend on, also through what it uses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from orgaudit.expressions import EachRef, FieldRef, Group, InGroup, Node, NumberRef, Operation, Parameter, walk
from orgaudit.standards.measures import Attest, Bound, Distinct, Measure, Parts, Ratio, Runs, Share, Test, Total
from orgaudit.standards.rules import Rule

if TYPE_CHECKING:
    from orgaudit.standards.vocabulary import Vocabulary


def uses_of(rule: Rule, vocabulary: Vocabulary) -> set[str]:
    """The parameters and readings that a rule's verdicts depend on, also through the definitions it uses."""
    found = {v.parameter for b in bounds_of(rule) for v in b.values if v.parameter}
    found |= {e.parameter for e in rule.each.values() if e.parameter}
    found |= {e.reading for e in rule.exemptions if e.reading}
    if rule.window and isinstance(rule.window.duration, str):
        found.add(rule.window.duration)
    nodes = [n for root in expressions_of(rule) for n in walk(root)]
    groups, seen = [rule.subject, *groups_of(rule)], set[str]()
    while nodes or groups:
        if groups:
            group = groups.pop()
            names = [n for n in (group.within, group.among) if n]
            nodes += walk(group.where) if group.where else []
        else:
            node = nodes.pop()
            names = [node.group] if isinstance(node, InGroup) else [node.name] if isinstance(node, NumberRef) else []
            if isinstance(node, Parameter):
                found.add(node.name)
        for name in set(names) - seen:
            seen.add(name)
            groups += [vocabulary.groups[name]] if name in vocabulary.groups else []
            number = vocabulary.numbers.get(name)
            groups += list(number.measure.groups) if number else []
            nodes += [n for root in nodes_of(number.measure) for n in walk(root)] if number else []
    return found


def bounds_of(rule: Rule) -> Iterator[Bound]:
    """Every bound in a rule: its own, those of levels, parts, conditions and effects."""
    yield from [b for b in (rule.bound, *(lv.bound for lv in rule.levels)) if b]
    yield from _bounds_in(rule.measure)
    for exemption in rule.exemptions:
        if isinstance(exemption.when, Test):
            yield exemption.when.bound
        if isinstance(exemption.effect, Bound):
            yield exemption.effect


def _bounds_in(measure: Measure) -> Iterator[Bound]:
    if isinstance(measure, Runs) and isinstance(measure.when, Test):
        yield measure.when.bound
    for part in measure.parts if isinstance(measure, Parts) else ():
        yield from [b for b in (part.bound, *(lv.bound for lv in part.levels)) if b]
        yield from _bounds_in(part.measure)


def _measures_of(rule: Rule) -> Iterator[Measure]:
    todo = [rule.measure, *(e.when.measure for e in rule.exemptions if isinstance(e.when, Test))]
    while todo:
        measure = todo.pop()
        yield measure
        if isinstance(measure, Parts):
            todo += [part.measure for part in measure.parts]
        if isinstance(measure, Runs) and isinstance(measure.when, Test):
            todo.append(measure.when.measure)


def expressions_of(rule: Rule) -> Iterator[Node]:
    """Every expression in a rule: over its subject, its records, its values, bounds and window."""
    roots = [n for m in _measures_of(rule) for n in nodes_of(m)]
    roots += [e.when for e in rule.exemptions if isinstance(e.when, Node)]
    roots += [rule.measure.when] if isinstance(rule.measure, Runs) and isinstance(rule.measure.when, Node) else []
    roots += [e.value for e in rule.each.values() if e.value is not None]
    roots += [v.node for b in bounds_of(rule) for v in b.values if v.node is not None]
    roots += list(rule.window.nodes) if rule.window else []
    roots += [g.where for g in (rule.subject, *groups_of(rule)) if g.where is not None]
    yield from roots


def eaches_in(node: Node) -> Iterator[str]:
    """The names of `each` that an expression speaks of."""
    for part in walk(node):
        if isinstance(part, EachRef):
            yield part.name
        elif isinstance(part, FieldRef) and part.row.startswith("each "):
            yield part.row.removeprefix("each ")


def unused_eaches(rule: Rule) -> list[str]:
    """The names of `each` that the rule asks nothing of; answers are given to each of its questions."""
    if any(isinstance(measure, Attest) for measure in _measures_of(rule)):
        return []
    spoken_of = {name for root in expressions_of(rule) for name in eaches_in(root)}
    return [name for name in rule.each if name not in spoken_of]


def compared_with(rule: Rule, name: str) -> FieldRef | None:
    """The field that a value of `each` is found in, or compared with: its labels are those of the value."""
    found = rule.each[name].value
    if isinstance(found, FieldRef):
        return found
    for root in expressions_of(rule):
        for node in walk(root):
            args = node.args if isinstance(node, Operation) else ()
            if any(isinstance(a, EachRef) and a.name == name for a in args):
                field = next((a for a in args if isinstance(a, FieldRef)), None)
                if field is not None:
                    return field
    return None


def subject_nodes(rule: Rule) -> Iterator[Node]:
    """The expressions over the subject itself."""
    for measure in _measures_of(rule):
        yield from measure.nodes
    yield from (e.when for e in rule.exemptions if isinstance(e.when, Node))
    if isinstance(rule.measure, Runs) and isinstance(rule.measure.when, Node):
        yield rule.measure.when
    yield from (v.node for b in bounds_of(rule) for v in b.values if v.node is not None)


def groups_of(rule: Rule) -> Iterator[Group]:
    """The records that a rule looks at, beside its subject."""
    yield from (e.group for e in rule.each.values() if e.group is not None)
    for measure in _measures_of(rule):
        yield from measure.groups
    for exemption in rule.exemptions:
        yield from exemption.groups


def nodes_of(measure: Measure) -> Iterator[Node]:
    """The expressions of a measure, over the subject and over the records."""
    yield from measure.nodes
    if isinstance(measure, (Distinct, Total)):
        yield measure.value
    if isinstance(measure, Share):
        yield measure.where
    if isinstance(measure, Ratio):
        yield from nodes_of(measure.part)
        yield from nodes_of(measure.whole)
