"""Loads standards with their record model."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from orgaudit.consulted import contents
from orgaudit.errors import OrgauditError, OrgauditErrors, Where
from orgaudit.periods import Calendar
from orgaudit.recordmodel import RecordModel, as_far_as_it_fits, validated
from orgaudit.standards.breaches import with_breaches
from orgaudit.standards.calendars import find_calendar
from orgaudit.standards.carried import carry_values
from orgaudit.standards.check import RuleReader
from orgaudit.standards.clauses import clause_errors
from orgaudit.standards.definitions import define
from orgaudit.standards.files import is_among, read_standard, record_model_of, shown
from orgaudit.standards.language import (
    MEASURES,
    ChangeKeys,
    ParameterChangeKeys,
    ReadingChangeKeys,
    RuleKeys,
    StandardKeys,
)
from orgaudit.standards.places import Places
from orgaudit.standards.rules import Change, Rule, Source, Standard
from orgaudit.standards.subjects import span_of
from orgaudit.standards.tailoring import tailor
from orgaudit.standards.values import day_of
from orgaudit.standards.vocabulary import Layer, Vocabulary
from orgaudit.standards.whereabouts import beside, find_standard
from orgaudit.yamlfile import YamlFile

#: the keys without which nothing else of a rule can be checked
NEEDED = (*MEASURES, "when", "id", "for", "each", "every", "step", "within")
#: what is said of a name that is not known; where its own definition is wrong, that has been told
_OF_NAMES = ("unknown-each", "unknown-group", "unknown-name", "unknown-reference", "unknown-table")
Changed = ChangeKeys | ParameterChangeKeys | ReadingChangeKeys


def load_standard(name: str, model: RecordModel | None = None, *, file: YamlFile | None = None) -> Standard:
    """A checked standard; raises OrgauditErrors with everything that is wrong in its files.

    `file` stands for the file of the standard where it is to be read with a difference (see drafts).
    """
    path = find_standard(name)
    errors: list[OrgauditError] = []
    layers = _layers(path, (), errors, file)
    model = model or _model_of(name, errors)
    calendar = _calendar(layers, path, errors)
    rules: list[Rule] = []
    if layers:
        vocabulary, rules = _checked(layers, model, calendar, errors)
        if file is None:
            errors += _of_clauses(layers, path)
    if errors or not layers:
        raise OrgauditErrors(list(dict.fromkeys(errors)))
    return Standard(
        id=layers[-1].keys.standard,
        title=layers[-1].keys.title,
        model=vocabulary.model,
        parameters=vocabulary.parameters,
        readings=vocabulary.readings,
        groups=vocabulary.groups,
        numbers=vocabulary.numbers,
        calendar=calendar,
        rules=tuple(rules),
        sha256=hashlib.sha256(contents(path)).hexdigest(),
        path=shown(path),
        source=_source(layers[-1].keys),
        in_force=span_of(layers[-1].keys.in_force),
        changes=tuple(_changes(layers)),
        left_out=_left_out(layers, rules),
    )


def _of_clauses(layers: Sequence[Layer], path: Path) -> list[OrgauditError]:
    """What is wrong with the clauses beside a standard; where they are no YAML at all, that."""
    known = [name for layer in layers for name in _identifiers(layer.places.file)]
    try:
        return list(clause_errors(layers[-1], known, path))
    except OrgauditErrors as e:
        return e.errors
    except OrgauditError as e:
        return [e]


def _model_of(name: str, errors: Sequence[OrgauditError]) -> RecordModel:
    """The record model; where it is wrong, what is wrong in the shape of the standard is told with it."""
    try:
        return record_model_of([name])
    except OrgauditErrors as wrong:
        raise OrgauditErrors(list(dict.fromkeys([*wrong.errors, *errors]))) from wrong


def _source(keys: StandardKeys) -> Source | None:
    told = keys.source
    return None if told is None else Source(told.document, told.published_on, told.title)


def _changes(layers: Sequence[Layer]) -> Iterator[Change]:
    """What the files say differently of those that they extend."""
    for layer in layers:
        for extended in layer.keys.extends:
            kinds: tuple[tuple[str, Mapping[str, Changed]], ...] = (
                ("parameter", extended.parameters),
                ("reading", extended.readings),
                ("rule", extended.rules),
            )
            for kind, changed in kinds:
                for name, keys in changed.items():
                    new = keys.model_dump(exclude_unset=True, exclude={"why"})
                    yield Change(kind, name, new, keys.why, layer.keys.standard)


def _left_out(layers: Sequence[Layer], rules: Sequence[Rule]) -> dict[str, dict[str, str]]:
    """The rules that do not stand here, each with the readings it would stand under."""
    stand = {r.id for r in rules}
    return {keys.id: keys.reading for layer in layers for _, keys in layer.rules if keys.id not in stand}


def _layers(
    path: Path, seen: tuple[Path, ...], errors: list[OrgauditError], file: YamlFile | None = None
) -> list[Layer]:
    """The files of a standard, those that it extends first, each as this standard has it; nothing where one is no standard."""
    file = file or read_standard(path)
    keys, rules, wrong = _parts(file)
    errors += wrong
    if keys is None:
        return []
    places = Places(file, errors)
    if keys.source is not None and keys.source.published_on is not None:
        with places.at(("source", "published_on")):
            day_of(keys.source.published_on)
    found: list[Layer] = []
    for i, change in enumerate(keys.extends):
        place = ("extends", i)
        with places.at((*place, "standard")):
            other, ways = beside(path, change.standard), (*seen, path)
            if is_among(other, ways):
                raise OrgauditError("circle", {"names": " → ".join(p.resolve().parent.name for p in (*ways, other))})
            inherited = _layers(other, (*seen, path), errors)
            if any(layer.keys.standard == keys.standard for layer in inherited):
                raise OrgauditError("same-standard", {"standard": keys.standard})
            found += tailor(inherited, change, places, place)
    return [*found, Layer(keys, rules, places)]


def _calendar(layers: Sequence[Layer], path: Path, errors: list[OrgauditError]) -> Calendar | None:
    """The calendar that the last of the files names."""
    for layer in reversed(layers):
        if layer.keys.calendar is not None:
            places = Places(layer.places.file, errors)
            beside = path if layer is layers[-1] else Path(layer.places.file.name)
            with places.at(("calendar",)):
                return find_calendar(layer.keys.calendar, beside, layer.places.file.name)
            return Calendar("")
    return None


def _checked(
    layers: Sequence[Layer], model: RecordModel, calendar: Calendar | None, errors: list[OrgauditError]
) -> tuple[Vocabulary, list[Rule]]:
    standard = layers[-1].keys.standard
    listed = [keys for layer in layers for _, keys in layer.rules]
    heads = {n: t for layer in layers for n, t in layer.keys.define.items() if isinstance(t, str)}
    model = with_breaches(model, standard, listed, heads)
    vocabulary = Vocabulary(layers, model, calendar)
    define(vocabulary)
    names = [name for layer in layers for name in _identifiers(layer.places.file)]
    carry_values(vocabulary, standard, names)
    seen: set[str] = set()
    rules = [r for layer in layers for r in RuleReader(vocabulary, layer, standard, names).rules(seen)]
    errors[:] = [e for e in errors if not (e.code in _OF_NAMES and e.values.get("name") in vocabulary.wrong)]
    return vocabulary, rules


def _identifiers(file: YamlFile) -> list[str]:
    """The identifiers of all rules that are written, also of those that are wrong."""
    return [str(r["id"]) for r in file.data.get("rules") or [] if isinstance(r, dict) and "id" in r]


def _parts(file: YamlFile) -> tuple[StandardKeys | None, list[tuple[int, RuleKeys]], list[OrgauditError]]:
    """The keys of a standard and of each rule (with its place in the list), as far as they fit, and all errors of shape."""
    if not isinstance(file.data, dict):
        return None, [], [OrgauditError("not-a-standard", {}, Where(file.name, 1, 1))]
    rules = file.data.get("rules")
    if not isinstance(rules, list):
        keys, errors = validated(StandardKeys, file)
        return keys, [], errors
    keys, errors = validated(StandardKeys, replace(file, data={**file.data, "rules": []}))
    errors += [error for _, error in file.broken]
    broken = {place[1] for place, _ in file.broken}
    found: list[tuple[int, RuleKeys]] = []
    for i in (i for i in range(len(rules)) if i not in broken):
        rule, wrong = validated(RuleKeys, file, ("rules", i))
        errors += wrong
        rule = rule or as_far_as_it_fits(RuleKeys, file, ("rules", i), {"modality": "must"}, NEEDED)
        found += [(i, rule)] if rule is not None else []
    return keys, found, errors
