"""A record model with what others bring: further tables, and further fields of those that are there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orgaudit.errors import OrgauditError, OrgauditErrors, Where, did_you_mean
from orgaudit.recordmodel.load import Checks, checked, no_more
from orgaudit.recordmodel.model import RecordModel
from orgaudit.yamlfile import Path as Steps
from orgaudit.yamlfile import YamlFile, read_yaml

_LISTS = ("fields", "foreignKeys", "aliases", "derive")


def widened(
    path: Path, parts: Sequence[tuple[YamlFile, Steps]], name: str | None = None, further: Checks = no_more
) -> RecordModel:
    """The record model in a file with what stands at a place of each other file, as `records:` of a standard.

    Raises OrgauditErrors with everything that is wrong, at the place of the file that brought it; `further` checks a model
    whose names fit together.
    """
    whole = _Whole.of(read_yaml(path, name))
    errors = [error for file, at in parts for error in whole.add(file, at)]
    if errors:
        raise OrgauditErrors(errors)
    return checked(whole, further)


@dataclass
class _Whole(YamlFile):
    """The data of several files; `origins` says of the parts that were added where they stand."""

    base: YamlFile | None = None
    origins: dict[Steps, tuple[YamlFile, Steps]] = field(default_factory=dict)

    @classmethod
    def of(cls, file: YamlFile) -> _Whole:
        return cls(file.name, file.data, file.places, file.key_places, file.text, base=file)

    def where(self, path: Steps = (), *, key: bool = False) -> Where:
        """The address in the file that brought what stands at `path`."""
        file, path = self.origin(path)
        return super().where(path, key=key) if file is self else file.where(path, key=key)

    def origin(self, path: Steps) -> tuple[YamlFile, Steps]:
        """The file that brought what stands at `path`, and where it stands there."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.origins:
                file, at = self.origins[path[:length]]
                return file, (*at, *path[length:])
        return self, path

    def add(self, file: YamlFile, at: Steps) -> Iterator[OrgauditError]:
        """Adds tables, or to tables; what is there already is an error."""
        tables = self.data.get("tables") if isinstance(self.data, dict) else None
        part = _at(file.data, at)
        if not isinstance(tables, dict) or not _is_tables(part):
            reason = {"zh": "应为 tables 映射", "en": "a mapping `tables` is expected"}
            yield OrgauditError("wrong-value", {"key": at[-1], "value": "…", "reason": reason}, file.where(at))
            return
        for key in part:
            if key != "tables":
                yield OrgauditError("unknown-key", did_you_mean(key, ["tables"]), file.where((*at, key), key=True))
        for name, table in part["tables"].items():
            place = (*at, "tables", name)
            if name not in tables:
                tables[name] = table
                self.origins["tables", name] = file, place
            elif isinstance(table, dict):
                for key, value in table.items():
                    yield from self._extend(name, key, value, file, (*place, key))

    def _extend(self, name: str, key: str, value: Any, file: YamlFile, at: Steps) -> Iterator[OrgauditError]:
        table = self.data["tables"][name]
        if key not in _LISTS or (key == "derive" and not table.get("derive")):
            code = "given-twice" if key in table else "unknown-key"
            yield OrgauditError(code, {**did_you_mean(key, _LISTS), "table": name}, file.where(at, key=True))
        elif not isinstance(value, list):
            reason = {"zh": "应为列表", "en": "a list is expected"}
            yield OrgauditError("wrong-value", {"key": key, "value": value, "reason": reason}, file.where(at))
        else:
            known = table.setdefault(key, [])
            for i, item in enumerate(value):
                if _name_of(item) in [_name_of(k) for k in known if _name_of(k)]:
                    values = {"name": _name_of(item), "table": name}
                    yield OrgauditError("given-twice", values, file.where((*at, i)))
                else:
                    self.origins["tables", name, key, len(known)] = file, (*at, i)
                    known.append(item)


def _at(data: Any, path: Steps) -> Any:
    for step in path:
        data = data[step]
    return data


def _is_tables(part: Any) -> bool:
    return isinstance(part, dict) and isinstance(part.get("tables"), dict)


def _name_of(item: Any) -> str | None:
    """What an alias, a field or a reference is known by; None for derivations."""
    if not isinstance(item, dict):
        return str(item)
    fields = item.get("fields")
    first = fields[0] if isinstance(fields, list) and fields else fields
    name = item.get("name") or (str(first).removesuffix("_id") if "reference" in item else None)
    return str(name) if name is not None else None
