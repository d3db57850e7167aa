"""What a standard defines: groups, and numbers of records, with every name resolved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from orgaudit.errors import OrgauditError, OrgauditErrors, did_you_mean
from orgaudit.expressions import AUDIT, Group, InGroup, Node, NumberRef, Scope, check_group, walk
from orgaudit.standards.language import NumberKeys
from orgaudit.standards.measures import Measure, Ratio, Require, Share, Total, ValueOf
from orgaudit.standards.places import Places
from orgaudit.standards.reading import Reader
from orgaudit.standards.rules import Number
from orgaudit.standards.uses import nodes_of
from orgaudit.standards.vocabulary import Layer, Vocabulary


def define(vocabulary: Vocabulary) -> None:
    """Reads the definitions of all layers; numbers that speak of others after those; circles are errors."""
    _define_numbers(vocabulary)
    for layer in vocabulary.layers:
        for name, text in layer.keys.define.items():
            if isinstance(text, str) and name in vocabulary.names.groups:
                with layer.places.at(("define", name)):
                    vocabulary.groups[name] = check_group(text, Scope(vocabulary.model, vocabulary.names), root=True)
    circling = [name for layer in vocabulary.layers for name in layer.keys.define if _circles(name, vocabulary, layer)]
    for name in circling:  # nobody may follow it any more
        if name in vocabulary.numbers:
            vocabulary.numbers[name] = replace(vocabulary.numbers[name], measure=Measure())


def _circles(name: str, vocabulary: Vocabulary, layer: Layer) -> bool:
    """Whether a definition leads back to itself, or to a circle: an error, with its place."""
    with layer.places.at(("define", name)):
        _no_circle(name, vocabulary, ())
        return False
    return True


def _define_numbers(vocabulary: Vocabulary) -> None:
    """A number is known once what it speaks of is: those that cannot be read yet are tried again."""
    waiting = vocabulary.defined_numbers()
    while waiting:
        left = [w for w in waiting if not _know(vocabulary, *w)]
        if len(left) == len(waiting):
            break
        waiting = left
    for name, keys, _ in waiting:  # in a circle, or wrong: the errors of both are told with every name known
        table = keys.for_ if keys.for_ in vocabulary.model.tables else AUDIT
        vocabulary.know_number(name, Number(table, Measure(), "integer"))
    for name, keys, places in waiting:
        with places.at(("define", name)):
            number = _number(vocabulary, name, keys, places)
            vocabulary.know_number(name, number)


def _know(vocabulary: Vocabulary, name: str, keys: NumberKeys, places: Places) -> bool:
    try:
        number = _number(vocabulary, name, keys, Places(places.file))
    except OrgauditError:
        return False
    vocabulary.know_number(name, number)
    return True


def _number(vocabulary: Vocabulary, name: str, keys: NumberKeys, places: Places) -> Number:
    path = ("define", name)
    if keys.for_ not in vocabulary.model.tables:
        values = did_you_mean(keys.for_, vocabulary.model.tables)
        raise OrgauditErrors([OrgauditError("unknown-table", values, places.file.where((*path, "for")))])
    row = None if keys.for_ == AUDIT else keys.for_
    scope = Scope(vocabulary.model, vocabulary.names, row=row, subject=keys.for_)
    before = len(places.errors)
    measure = Reader(vocabulary, places).measure(keys, scope, path, name)
    if len(places.errors) > before:
        raise OrgauditErrors([])
    return Number(keys.for_, measure, _type_of(measure))


def _type_of(measure: Measure) -> str:
    match measure:
        case Require():
            return "boolean"
        case Share() | Ratio():
            return "number"
        case Total() | ValueOf():
            return measure.value.type
    return "integer"


def _no_circle(name: str, vocabulary: Vocabulary, seen: tuple[str, ...]) -> None:
    if name in seen:
        raise OrgauditError("circle", {"names": " → ".join([*seen, name])})
    for other in used_by(name, vocabulary.groups, vocabulary.numbers):
        _no_circle(other, vocabulary, (*seen, name))


def used_by(name: str, groups: Mapping[str, Group], numbers: Mapping[str, Number]) -> list[str]:
    """The definitions that a definition speaks of."""
    inner: list[Group] = []
    nodes: list[Node] = []
    if name in groups:
        inner = [groups[name]]
    elif name in numbers:
        inner, nodes = list(numbers[name].measure.groups), list(nodes_of(numbers[name].measure))
    return [n for g in inner for n in names_in_group(g)] + [n for node in nodes for n in names_in(node)]


def names_in_group(group: Group) -> list[str]:
    """The definitions that a group speaks of."""
    own = [name for name in (group.within, group.among) if name]
    return own + (names_in(group.where) if group.where is not None else [])


def names_in(node: Node) -> list[str]:
    """The definitions that an expression speaks of."""
    found = []
    for part in walk(node):
        if isinstance(part, InGroup):
            found.append(part.group)
        if isinstance(part, NumberRef):
            found.append(part.name)
    return found
