"""What the rules of a standard may speak of: parameters, readings, groups and numbers, its own and those it extends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from orgaudit.errors import OrgauditError, did_you_mean
from orgaudit.expressions import AUDIT, Group, Names
from orgaudit.periods import Calendar
from orgaudit.recordmodel import RESERVED, RecordModel, is_name
from orgaudit.standards.language import ChangeKeys, NumberKeys, RuleKeys, StandardKeys
from orgaudit.standards.places import Places
from orgaudit.standards.rules import Number, Parameter, Reading
from orgaudit.standards.values import day_of, type_of
from orgaudit.yamlfile import Path


@dataclass(frozen=True)
class Tailored:
    """What a standard says differently of a rule of another, and where it says so."""

    keys: ChangeKeys
    places: Places
    path: Path


@dataclass
class Layer:
    """One file of a standard: the one that was asked for, or one that it extends, with what is different.

    Of one rule several standards may say something: the nearest to it first.
    """

    keys: StandardKeys
    rules: list[tuple[int, RuleKeys]]
    places: Places
    changes: Mapping[str, tuple[Tailored, ...]] = field(default_factory=dict)


class Vocabulary:
    """The names of all layers with what they mean; later layers may use those of earlier ones, never change them."""

    def __init__(self, layers: Sequence[Layer], model: RecordModel, calendar: Calendar | None) -> None:
        self.layers, self.model = layers, model
        self.calendar = calendar
        self.parameters = {n: p for layer in layers for n, p in _parameters(layer)}
        self.readings = {
            n: Reading(n, r.use, r.why, r.clause, tuple(r.choices))
            for layer in layers
            for n, r in layer.keys.readings.items()
        }
        self.choices = {n: r.choices for layer in layers for n, r in layer.keys.readings.items()}
        self.groups: dict[str, Group] = {}
        self.numbers: dict[str, Number] = {}
        self.wrong: set[str] = set()  # names whose definition could not be read
        self.names = self._names()

    def _names(self) -> Names:
        groups: dict[str, str] = {}
        for layer in self.layers:
            texts = {n: t for n, t in layer.keys.define.items() if isinstance(t, str)}
            for name in texts:
                with layer.places.at(("define", name)):
                    groups[name] = self._table_of(name, texts, groups)
                if name not in groups:
                    self.wrong.add(name)
        for layer in self.layers:
            self._check_names(layer)
        types = {n: p.type for n, p in self.parameters.items()} | dict.fromkeys(self.readings, "string")
        return Names(
            groups,
            parameters=types,
            values={n: p.ever for n, p in self.parameters.items()},
            choices={n: tuple(c) for n, c in self.choices.items()},
            lists=frozenset(n for n, p in self.parameters.items() if isinstance(p.values[0][1], tuple)),
            calendar=self.calendar.name if self.calendar else None,
        )

    def _table_of(self, name: str, texts: Mapping[str, str], known: Mapping[str, str]) -> str:
        seen = [name]
        while True:
            head = (texts[seen[-1]].split() or [""])[0]
            if head in self.model.tables and head != AUDIT:
                return head
            if head in known:
                return known[head]
            if head not in texts:
                raise OrgauditError("unknown-table", {**did_you_mean(head, [*self.model.tables, *texts]), "column": 1})
            if head in seen:
                raise OrgauditError("circle", {"names": " → ".join([*seen, head])})
            seen.append(head)

    def _check_names(self, layer: Layer) -> None:
        """A definition has a name of its own: no field's, reference's or table's, nor one that is defined before."""
        tables = self.model.tables
        taken = {w for t in tables.values() for w in (*t.by_name, *t.forwards)} | set(tables)
        for other in self.layers[: self.layers.index(layer)]:
            taken |= set(other.keys.define)
        for name in layer.keys.define:
            with layer.places.at(("define", name), key=True):
                refuse_name(name)
                if name in taken or name in RESERVED:
                    raise OrgauditError("name-clash", {"name": name, "table": "define"})
        for name, reading in layer.keys.readings.items():
            with layer.places.at(("readings", name, "choices")):
                refuse_twice(name, reading.choices)
        for kind in ("parameters", "readings"):
            for name in getattr(layer.keys, kind):
                with layer.places.at((kind, name), key=True):
                    refuse_name(name)
        for kind in ("parameters", "readings"):
            before = {n for other in self.layers[: self.layers.index(layer)] for n in getattr(other.keys, kind)}
            for name in before & set(getattr(layer.keys, kind)):
                with layer.places.at((kind, name), key=True):
                    raise OrgauditError("name-clash", {"name": name, "table": kind})
        self._check_dollar_names(layer)

    def _check_dollar_names(self, layer: Layer) -> None:
        """`$name` is a parameter or a reading, of this layer or of one before; told where the later of the two is written."""
        known = self.layers[: self.layers.index(layer) + 1]
        parameters, readings = ({n for x in known for n in getattr(x.keys, k)} for k in ("parameters", "readings"))
        for name in sorted(parameters & readings):
            mine = [k for k in ("parameters", "readings") if name in getattr(layer.keys, k)]
            if mine:
                later = max(mine, key=lambda kind: layer.places.file.where((kind, name), key=True).line)
                with layer.places.at((later, name), key=True):
                    raise OrgauditError("parameter-and-reading", {"name": name}, hint="hint-other-name")

    def know_number(self, name: str, number: Number) -> None:
        """From here on expressions may speak of this number."""
        self.numbers[name] = number
        self.names = replace(
            self.names,
            numbers={**self.names.numbers, name: number.table},
            types={**self.names.types, name: number.type},
        )

    def defined_numbers(self) -> list[tuple[str, NumberKeys, Places]]:
        """The numbers of all layers as they are written."""
        return [
            (name, keys, layer.places)
            for layer in self.layers
            for name, keys in layer.keys.define.items()
            if isinstance(keys, NumberKeys)
        ]


def refuse_name(name: str) -> None:
    """Raises OrgauditError for what no expression could speak of."""
    if not is_name(name):
        raise OrgauditError("no-name", {"name": name})


def _parameters(layer: Layer) -> Iterator[tuple[str, Parameter]]:
    for name, by_date in layer.keys.parameters.items():
        found: Parameter | None = None
        with layer.places.at(("parameters", name)):
            if not by_date:
                raise OrgauditError("no-values", {"name": name})
            first = min(by_date)  # what is wrong with the others does not make the name unknown
            found = parameter_of(name, {first: by_date[first]})
            found = parameter_of(name, by_date)
        if found is not None:
            yield name, found


def parameter_of(name: str, by_date: Mapping[str, object]) -> Parameter:
    """A parameter from its values by date; raises OrgauditError where they are of several types."""
    values = tuple(sorted((day_of(d), _plain(v)) for d, v in by_date.items()))
    kinds = {type_of(i) for _, v in values for i in (v if isinstance(v, tuple) else (v,))} or {"string"}
    if kinds == {"integer", "number"}:
        kinds = {"number"}
    if len(kinds) != 1:
        raise OrgauditError("parameter-types", {"name": name, "types": ", ".join(sorted(kinds))})
    if len({isinstance(v, tuple) for _, v in values}) > 1:
        raise OrgauditError("parameter-types", {"name": name, "types": f"{kinds.pop()}, list"})
    for _, value in values:
        refuse_twice(name, value if isinstance(value, tuple) else ())
    return Parameter(name, values, kinds.pop())


def refuse_twice(name: str, values: Sequence[object]) -> None:
    """Raises OrgauditError for a list in which one value stands twice."""
    again = [v for i, v in enumerate(values) if v in values[:i]]
    if again:
        raise OrgauditError("value-twice", {"name": name, "value": again[0]})


def refuse_only_case(name: str, others: Iterable[str]) -> None:
    """Raises OrgauditError where a name differs from another in nothing but capital letters: engines keep no such pair."""
    for other in others:
        if other != name and other.casefold() == name.casefold():
            raise OrgauditError("only-case", {"name": name, "other": other})


def _plain(value: object) -> object:
    """A parameter's value: lists as tuples, days as dates."""
    if isinstance(value, list):
        return tuple(_plain(v) for v in value)
    return day_of(value) if isinstance(value, str) and type_of(value) == "date" else value
