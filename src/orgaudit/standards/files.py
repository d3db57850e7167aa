"""The files of standards: what each extends, and the record model that they speak of."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from orgaudit.errors import OrgauditError, Where
from orgaudit.recordmodel import RecordModel, widened
from orgaudit.standards.makings import expression_errors
from orgaudit.standards.whereabouts import beside, find_standard, record_model_beside, shipped_record_model
from orgaudit.yamlfile import YamlFile, read_yaml


def read_standard(path: Path) -> YamlFile:
    """The file of a standard, as it is written; raises OrgauditErrors where it is no YAML, but for rules that are broken."""
    return read_yaml(path, shown(path), items="rules")


def record_model_of(names: Sequence[str]) -> RecordModel:
    """The one record model of several standards, with the tables and fields that they bring; raises OrgauditErrors."""
    paths = [find_standard(n) for n in names]
    models = list(dict.fromkeys(_record_model(p, ()) for p in paths))
    if len(models) > 1:
        raise OrgauditError("two-models", {"models": ", ".join(m.as_posix() for m in models)})
    brought = {file.name: file for p in paths for file in _files_of(p, ()) if isinstance(file.data, dict)}
    parts: list[tuple[YamlFile, tuple[str, ...]]] = [
        (file, ("records",)) for file in brought.values() if file.data.get("records")
    ]
    return widened(models[0], parts, shown(models[0]), expression_errors)


def _record_model(path: Path, seen: tuple[Path, ...]) -> Path:
    """The record model that a standard speaks of: the one beside it, else that of what it extends, else the shipped one."""
    own = record_model_beside(path)
    if own is not None:
        return own
    further = [p for p in _extended(read_standard(path), path) if not is_among(p, (*seen, path))]
    models = list(dict.fromkeys(_record_model(p, (*seen, path)) for p in further))
    if len(models) > 1:
        raise OrgauditError("models-of-extended", {"models": ", ".join(map(shown, models))}, Where(shown(path), 1, 1))
    return models[0] if models else shipped_record_model()


def _extended(file: YamlFile, path: Path) -> list[Path]:
    """The files of the standards that one extends, as far as they are there."""
    extended = file.data.get("extends") if isinstance(file.data, dict) else None
    names = [e.get("standard") for e in extended if isinstance(e, dict)] if isinstance(extended, list) else []
    found = []
    for name in names:
        with suppress(OrgauditError):  # told where it is read
            found += [beside(path, name)] if isinstance(name, str) else []
    return found


def _files_of(path: Path, seen: tuple[Path, ...]) -> list[YamlFile]:
    """A standard's file and those that it extends, these first."""
    file = read_standard(path)
    further = [p for p in _extended(file, path) if not is_among(p, (*seen, path))]
    return [*(f for p in further for f in _files_of(p, (*seen, path))), file]


def is_among(path: Path, seen: tuple[Path, ...]) -> bool:
    """Whether a file is one of these, whatever the way to it is called."""
    return path.resolve() in [p.resolve() for p in seen]


def shown(path: Path) -> str:
    """A path as people should read it: relative where it lies below the working folder."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
