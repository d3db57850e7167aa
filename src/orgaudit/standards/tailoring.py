"""Tailoring: what a standard that extends another says differently, each time with its reason."""

from __future__ import annotations

from collections.abc import Sequence

from orgaudit.errors import OrgauditError, did_you_mean
from orgaudit.standards.language import ExtendKeys, ParameterChangeKeys, ReadingChangeKeys, StandardKeys
from orgaudit.standards.places import Places
from orgaudit.standards.vocabulary import Layer
from orgaudit.yamlfile import Path


def tailor(layers: Sequence[Layer], change: ExtendKeys, places: Places, path: Path) -> list[Layer]:
    """The files of an extended standard with what is different; a name that is not there is an error at its place."""
    _refuse_unknown(change.parameters, [n for x in layers for n in x.keys.parameters], "parameters", places, path)
    _refuse_unknown(change.readings, [n for x in layers for n in x.keys.readings], "readings", places, path)
    _refuse_unknown(change.rules, [r.id for x in layers for _, r in x.rules], "rules", places, path)
    return [
        Layer(
            _with_readings(_with_parameters(layer.keys, change), change, places, path),
            layer.rules,
            layer.places,
            {**layer.changes, **{r.id: change.rules[r.id] for _, r in layer.rules if r.id in change.rules}},
        )
        for layer in layers
    ]


_CODES = {"parameters": "unknown-parameter", "readings": "unknown-reading", "rules": "unknown-rule"}


def _refuse_unknown(names: object, known: Sequence[str], kind: str, places: Places, path: Path) -> None:
    for name in names:  # type: ignore[attr-defined]
        with places.at((*path, kind, name), key=True):
            if name not in known:
                raise OrgauditError(_CODES[kind], did_you_mean(name, known))


def _with_parameters(keys: StandardKeys, change: ExtendKeys) -> StandardKeys:
    changed = {n: _values(keys, n, new) for n, new in change.parameters.items() if n in keys.parameters}
    return keys.model_copy(update={"parameters": {**keys.parameters, **changed}})


def _values(keys: StandardKeys, name: str, new: ParameterChangeKeys) -> dict[str, object]:
    return dict(new.values) if new.values else {min(keys.parameters[name]): new.value}


def _with_readings(keys: StandardKeys, change: ExtendKeys, places: Places, path: Path) -> StandardKeys:
    readings = dict(keys.readings)
    for name, choice in change.readings.items():
        with places.at((*path, "readings", name)):
            if name in readings:
                readings[name] = readings[name].model_copy(update=_choice(name, choice, readings[name].choices))
    return keys.model_copy(update={"readings": readings})


def _choice(name: str, choice: ReadingChangeKeys, choices: Sequence[str]) -> dict[str, str]:
    if choice.use not in choices:
        raise OrgauditError("unknown-word", {"key": name, "value": choice.use, "known": ", ".join(choices)})
    return {"use": choice.use, "why": choice.why}
