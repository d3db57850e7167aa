"""Tailoring: what a standard that extends another says differently, each time with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from orgaudit.errors import OrgauditError, did_you_mean
from orgaudit.standards.language import (
    BOUNDS,
    ExtendKeys,
    ParameterChangeKeys,
    ReadingChangeKeys,
    RuleKeys,
    StandardKeys,
)
from orgaudit.standards.places import Places
from orgaudit.standards.vocabulary import Layer, Tailored, parameter_of
from orgaudit.yamlfile import Path


def tailor(layers: Sequence[Layer], change: ExtendKeys, places: Places, path: Path) -> list[Layer]:
    """The files of an extended standard with what is different; a name that is not there is an error at its place."""
    _refuse_unknown(change.parameters, [n for x in layers for n in x.keys.parameters], "parameters", places, path)
    _refuse_unknown(change.readings, [n for x in layers for n in x.keys.readings], "readings", places, path)
    _refuse_unknown(change.rules, [r.id for x in layers for _, r in x.rules], "rules", places, path)
    _refuse_nothing_new(change, places, path)
    return [
        Layer(
            _with_readings(_with_parameters(layer.keys, change, places, path), change, places, path),
            layer.rules,
            layer.places,
            {**layer.changes, **_changes(layer, change, places, path)},
        )
        for layer in layers
    ]


def _changes(layer: Layer, change: ExtendKeys, places: Places, path: Path) -> dict[str, tuple[Tailored, ...]]:
    """What is said of the rules of a file, after what others said of them."""
    return {
        rule.id: (
            *layer.changes.get(rule.id, ()),
            Tailored(change.rules[rule.id], places, (*path, "rules", rule.id)),
        )
        for _, rule in layer.rules
        if rule.id in change.rules
    }


def _refuse_unknown(names: Iterable[str], known: Sequence[str], kind: str, places: Places, path: Path) -> None:
    for name in names:
        with places.at((*path, kind, name), key=True):
            if name not in known:
                raise _unknown(kind, did_you_mean(name, known))


def _refuse_nothing_new(change: ExtendKeys, places: Places, path: Path) -> None:
    """What is said of a rule says something; of one that does not stand here nothing else."""
    for name, keys in change.rules.items():
        says = bool(keys.bounds) or keys.severity is not None
        with places.at((*path, "rules", name), key=True):
            if not says and "off" not in keys.model_fields_set:
                raise OrgauditError("nothing-new", {"rule": name})
            if says and keys.off:
                raise OrgauditError("off-and-more", {"rule": name})


def _unknown(kind: str, told: Mapping[str, object]) -> OrgauditError:
    if kind == "parameters":
        return OrgauditError("unknown-parameter", told)
    return OrgauditError("unknown-reading" if kind == "readings" else "unknown-tailored-rule", told)


def _with_parameters(keys: StandardKeys, change: ExtendKeys, places: Places, path: Path) -> StandardKeys:
    changed: dict[str, Any] = dict(keys.parameters)
    for name, new in change.parameters.items():
        with places.at((*path, "parameters", name, "values" if new.values else "value")):
            if name in changed:
                _refuse_other_type(keys, name, new)
                changed[name] = _values(keys, name, new)
    return keys.model_copy(update={"parameters": changed})


def _refuse_other_type(keys: StandardKeys, name: str, new: ParameterChangeKeys) -> None:
    """A parameter's values are of the type that they have in the extended standard; what is wrong there is told there."""
    now = _type_of(name, _values(keys, name, new))
    try:
        before = _type_of(name, keys.parameters[name])
    except OrgauditError:
        return
    if before != now and {before, now} != {"integer", "number"}:
        raise OrgauditError("tailored-type", {"name": name, "old": before, "new": now})


def _type_of(name: str, by_date: Mapping[str, object]) -> str:
    parameter = parameter_of(name, by_date)
    return f"list of {parameter.type}" if isinstance(parameter.values[0][1], tuple) else parameter.type


def _values(keys: StandardKeys, name: str, new: ParameterChangeKeys) -> dict[str, object]:
    return dict(new.values) if new.values else {min(keys.parameters[name]): new.value}


def _with_readings(keys: StandardKeys, change: ExtendKeys, places: Places, path: Path) -> StandardKeys:
    readings = dict(keys.readings)
    for name, choice in change.readings.items():
        with places.at((*path, "readings", name, "use")):
            if name in readings:
                readings[name] = readings[name].model_copy(update=_choice(choice, readings[name].choices))
    return keys.model_copy(update={"readings": readings})


def _choice(choice: ReadingChangeKeys, choices: Sequence[str]) -> dict[str, str]:
    if choice.use not in choices:
        raise OrgauditError("unknown-word", {"key": "use", "value": choice.use, **did_you_mean(choice.use, choices)})
    return {"use": choice.use, "why": choice.why}


def is_off(changes: Sequence[Tailored]) -> bool:
    """Whether a rule does not stand: the last that says so holds."""
    said = [c.keys.off for c in changes if "off" in c.keys.model_fields_set]
    return bool(said) and said[-1]


def changed(keys: RuleKeys, changes: Sequence[Tailored]) -> tuple[RuleKeys, Tailored | None]:
    """A rule with what tailored standards say of it, and the last that gives it another bound."""
    bounding: Tailored | None = None
    for change in changes:
        new: dict[str, object] = {"severity": change.keys.severity} if change.keys.severity else {}
        if change.keys.bounds:
            bounding = change
            new |= {**dict.fromkeys(BOUNDS), **change.keys.bounds}
        keys = keys.model_copy(update=new)
    return keys, bounding
