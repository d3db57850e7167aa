"""Which file is which table: by the manifest, else by the file's name, else by the folder's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from orgaudit.errors import OrgauditError, Where
from orgaudit.recordmodel import RecordModel, spelled
from orgaudit.records.manifest import NAME, FileEntry, Manifest
from orgaudit.records.problems import Problem

FORMATS = {".csv": "csv", ".yaml": "yaml", ".yml": "yaml", ".json": "json"}
_NOISE = re.compile(r"[\d\s_.,\-—–年月日季度上下半第至到()（）]+")


@dataclass(frozen=True)
class Source:
    """One file: where it is, what it is called in outputs, its format, its table (None: its own keys say).

    `entry` is what the manifest says of it; where it says several things, `number` tells them apart. `ways` are the keys
    of a document that lead to records.
    """

    path: Path
    name: str
    format: str
    table: str | None
    entry: FileEntry | None = None
    number: int = 0
    ways: frozenset[str] = frozenset()

    @property
    def values(self) -> Mapping[str, str]:
        """Fields that are the same in every row."""
        return self.entry.values if self.entry is not None else {}


def find_sources(folder: Path, model: RecordModel, manifest: Manifest) -> tuple[list[Source], list[Problem]]:
    """All files below a folder that can be read, in a fixed order, and a problem for each that cannot."""
    if not folder.exists():
        raise OrgauditError("no-folder", {}, Where(folder.as_posix()))
    sources: list[Source] = []
    problems: list[Problem] = []
    names = _table_names(model)
    for path in _files(folder):
        name = path.relative_to(folder).as_posix() if folder.is_dir() else path.name
        for source in _sources(path, name, names, model, manifest):
            if isinstance(source, Source):
                sources.append(source)
            else:
                problems.append(source)
    return sources, problems


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_file():
        yield folder
        return
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(p.startswith(".") or p.startswith("~$") for p in parts) and path.name != NAME:
            yield path


def _sources(
    path: Path, name: str, names: dict[str, str], model: RecordModel, manifest: Manifest
) -> Iterator[Source | Problem]:
    """A file for each thing that the manifest says of its pattern, else by its name or that of its folder."""
    kind = FORMATS.get(path.suffix.lower())
    if kind is None:
        yield Problem("unknown-format", name, value=path.suffix, values={"known": ", ".join(sorted(FORMATS))})
        return
    pattern = next((entry.path for entry in manifest.files if fnmatch(name, entry.path)), None)
    entries = [entry for entry in manifest.files if entry.path == pattern]
    ways = frozenset(step for entry in entries for step in entry.record_path)
    for i, entry in enumerate(entries):
        is_known = entry.table in model.tables and not model.tables[entry.table].derive
        unknown = Problem("unmatched-file", name, value=entry.table, values={"known": _known(model)})
        yield Source(path, name, kind, entry.table, entry, i, ways) if is_known else unknown
    if entries:
        return
    table = _by_name(path.stem, names) or (_by_name(path.parent.name, names) if "/" in name else None)
    if table is None and kind == "csv":
        yield Problem("unmatched-file", name, value=path.stem, values={"known": _known(model)})
    else:
        yield Source(path, name, kind, table)


def _table_names(model: RecordModel) -> dict[str, str]:
    """Every name of every table that can be handed in, as it is compared."""
    names: dict[str, str] = {}
    for table, declared in model.tables.items():
        if not declared.derive:
            for word in (table, declared.singular, *declared.title.values(), *declared.aliases):
                names.setdefault(spelled(word), table)
    return names


def _by_name(stem: str, names: dict[str, str]) -> str | None:
    plain = spelled(stem)
    return (
        names.get(plain)
        or names.get(_NOISE.sub("", plain))
        or next((names[p] for p in _NOISE.split(plain) if p in names), None)
    )


def _known(model: RecordModel) -> str:
    return ", ".join(f"{t} {d.title.get('zh', '')}".strip() for t, d in model.tables.items() if not d.derive)


def table_of_key(key: str, model: RecordModel) -> str | None:
    """The table that a key of a YAML mapping means."""
    return _by_name(key, _table_names(model))
