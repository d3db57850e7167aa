"""What a standard defines: parameters by date, readings, groups and numbers, with every name resolved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from orgaudit.errors import OrgauditError, did_you_mean
from orgaudit.expressions import Group, Names, Scope, check_group, walk
from orgaudit.periods import parse_duration
from orgaudit.recordmodel import RecordModel
from orgaudit.standards.language import NumberKeys, StandardKeys
from orgaudit.standards.places import Places
from orgaudit.standards.rules import Count, Parameter, Reading
from orgaudit.yamlfile import Path, YamlFile


class Definitions(Places):
    """What the rules of a standard may speak of; made before the first of them is looked at."""

    def __init__(self, keys: StandardKeys, file: YamlFile, model: RecordModel) -> None:
        super().__init__(file)
        self.keys, self.model = keys, model
        self.parameters = dict(self._parameters())
        self.readings = {n: Reading(n, r.use, r.why, r.clause) for n, r in keys.readings.items()}
        self.names = self._names()
        self.groups = self._groups()
        self.numbers = self._numbers()

    def _parameters(self) -> Iterator[tuple[str, Parameter]]:
        for name, by_date in self.keys.parameters.items():
            with self.at(("parameters", name)):
                values = tuple(
                    sorted((day_of(d), v if not isinstance(v, list) else tuple(v)) for d, v in by_date.items())
                )
                kinds = {type_of(v) for _, v in values}
                if len(kinds) != 1:
                    raise OrgauditError("parameter-types", {"name": name, "types": ", ".join(sorted(kinds))})
                yield name, Parameter(name, values, kinds.pop())

    def _names(self) -> Names:
        groups: dict[str, str] = {}
        texts = {n: t for n, t in self.keys.define.items() if isinstance(t, str)}
        for name in texts:
            with self.at(("define", name)):
                groups[name] = self._table_of(name, texts, ())
        numbers = {n: k.for_ for n, k in self.keys.define.items() if isinstance(k, NumberKeys)}
        for name in self.keys.define:
            if (
                any(name in t.by_name or name in t.forwards for t in self.model.tables.values())
                or name in self.model.tables
            ):
                self.errors.append(
                    OrgauditError(
                        "name-clash", {"name": name, "table": "define"}, self.file.where(("define", name), key=True)
                    )
                )
        types = {n: p.type for n, p in self.parameters.items()} | dict.fromkeys(self.readings, "string")
        return Names(groups, numbers, types)

    def _table_of(self, name: str, texts: Mapping[str, str], seen: tuple[str, ...]) -> str:
        if name in seen:
            raise OrgauditError("circle", {"names": " → ".join([*seen, name])})
        head = texts[name].split()[0] if texts[name].split() else ""
        if head in self.model.tables:
            return head
        if head in texts:
            return self._table_of(head, texts, (*seen, name))
        raise OrgauditError("unknown-table", {**did_you_mean(head, [*self.model.tables, *texts]), "column": 1})

    def _groups(self) -> dict[str, Group]:
        groups: dict[str, Group] = {}
        for name, text in self.keys.define.items():
            if isinstance(text, str) and name in self.names.groups:
                with self.at(("define", name)):
                    groups[name] = check_group(text, Scope(self.model, self.names), root=True)
        for name in groups:
            with self.at(("define", name)):
                _no_circle(name, groups, ())
        return groups

    def _numbers(self) -> dict[str, tuple[str, Count]]:
        numbers: dict[str, tuple[str, Count]] = {}
        for name, keys in self.keys.define.items():
            if isinstance(keys, NumberKeys):
                with self.at(("define", name, "for")):
                    if keys.for_ not in self.model.tables:
                        raise OrgauditError(
                            "unknown-table", {**did_you_mean(keys.for_, self.model.tables), "column": 1}
                        )
                    scope = Scope(self.model, self.names, subject=keys.for_)
                    numbers[name] = keys.for_, self.count(keys.count, scope, ("define", name, "count"))
        return numbers

    def count(self, texts: list[str], scope: Scope, path: Path) -> Count:
        """A union of groups of one table."""
        groups: list[Group] = []
        for i, text in enumerate(texts):
            place = (*path, i) if (*path, i) in self.file.places else path
            with self.at(place):
                groups.append(check_group(text, replace(scope, row=None), root=False))
        if len({g.table for g in groups}) > 1:
            raise OrgauditError(
                "union-of-tables", {"tables": ", ".join(sorted({g.table for g in groups}))}, self.file.where(path)
            )
        return Count(tuple(groups))


def _no_circle(name: str, groups: Mapping[str, Group], seen: tuple[str, ...]) -> None:
    if name in seen:
        raise OrgauditError("circle", {"names": " → ".join([*seen, name])})
    group = groups.get(name)
    if group is None:
        return
    used = [group.within] if group.within else []
    used += [n.group for n in (walk(group.where) if group.where else []) if hasattr(n, "group")]
    for other in used:
        _no_circle(other, groups, (*seen, name))


def day_of(text: str) -> date:
    """2024-03-01"""
    try:
        return date.fromisoformat(text)
    except ValueError as e:
        raise OrgauditError("wrong-date", {"value": text}) from e


def type_of(value: object) -> str:
    """The type of a parameter's value, of its items where it is a list."""
    if isinstance(value, tuple):
        return type_of(value[0]) if value else "string"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "integer" if isinstance(value, int) else "number"
    return "duration" if parse_duration(str(value)) else "string"
