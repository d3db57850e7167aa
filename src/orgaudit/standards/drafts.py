"""A standard read with differences: another value at a place of its file, or only some of its rules."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from enum import Enum
from typing import Any

from orgaudit.errors import OrgauditError, did_you_mean
from orgaudit.recordmodel import RecordModel
from orgaudit.standards.breaches import rules_spoken_of
from orgaudit.standards.files import read_standard
from orgaudit.standards.load import load_standard
from orgaudit.standards.rules import Standard
from orgaudit.standards.whereabouts import find_standard
from orgaudit.yamlfile import Path


class Removed(Enum):
    """Stands for a value that is taken away; one and the same in every process."""

    REMOVED = "removed"


REMOVED = Removed.REMOVED


class Draft:
    """The file of a standard, to be read with differences."""

    def __init__(self, name: str, model: RecordModel) -> None:
        self.name, self.model = name, model
        self.path = find_standard(name)
        self.file = read_standard(self.path)

    @property
    def data(self) -> dict[str, Any]:
        """What is written in the file."""
        data: dict[str, Any] = self.file.data
        return data

    def standard(self, changes: Mapping[Path, Any] | None = None, rules: Collection[str] | None = None) -> Standard:
        """The standard with another value at each of these places; `rules` leaves only these and those they speak of."""
        if not changes and rules is None:
            return load_standard(self.name, self.model)
        data = self.data
        for path, value in (changes or {}).items():
            data = _changed(data, path, value)
        if rules is not None:
            data = {**data, "rules": _with_spoken_of(data["rules"], set(rules))}
        return load_standard(self.name, self.model, file=replace(self.file, data=data))

    def chosen(self, parameters: Mapping[str, Any], readings: Mapping[str, str]) -> dict[Path, Any]:
        """The changes that give parameters other values, and make other choices."""
        changes: dict[Path, Any] = {}
        for kind, chosen in (("parameters", parameters), ("readings", readings)):
            own = self.data.get(kind) or {}
            for name, value in chosen.items():
                if name not in own:
                    code = "unknown-parameter" if kind == "parameters" else "unknown-reading"
                    raise OrgauditError(code, did_you_mean(name, own))
                if kind == "readings":
                    changes[kind, name, "use"] = value
                else:
                    changes[kind, name] = {min(own[name]): value}
        return changes


def _changed(data: Any, path: Path, value: Any) -> Any:
    """A copy of plain data with another value at a place; what is not on the way there is shared."""
    step, rest = path[0], path[1:]
    copy: Any = list(data) if isinstance(data, list) else dict(data)
    if rest:
        copy[step] = _changed(data[step], rest, value)
    elif value is REMOVED:
        del copy[step]
    else:
        copy[step] = value
    return copy


def _with_spoken_of(rules: list[Any], wanted: set[str]) -> list[Any]:
    """The rules that are wanted, with those whose breaches they speak of."""
    by_id = {r["id"]: r for r in rules}
    todo = [r for r in wanted if r in by_id]
    for name in todo:  # grows while it is walked
        todo += [r for r in rules_spoken_of(by_id[name].get("for")) if r in by_id and r not in todo]
    return [r for r in rules if r["id"] in set(todo)]
