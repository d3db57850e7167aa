"""Which file is which table: by the manifest, else by the file's name, else by the folder's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import Path

from orgaudit.errors import OrgauditError, Where
from orgaudit.recordmodel import RecordModel, spelled
from orgaudit.records.archives import unpacked
from orgaudit.records.manifest import NAME, FileEntry, Manifest
from orgaudit.records.problems import Problem

FORMATS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".json": "json",
    ".xlsx": "workbook",
    ".xlsm": "workbook",
    ".xls": "workbook",
    ".ods": "workbook",
    ".parquet": "parquet",
}
ARCHIVE = ".zip"
_ANY_TEXT = {".txt"}  #: a table only where its name says so
_NOISE = re.compile(r"[\d\s_.,\-—–年月日季度上下半第至到()（）]+")
#: formats in which a file has tables of its own, told by sheets or keys
_HOLDS_SEVERAL = {"yaml", "json", "workbook"}


@dataclass(frozen=True)
class Source:
    """One file: where it is, what it is called in outputs, its format, its table (None: its own keys or sheets say).

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

    def sheet(self, name: str, table: str) -> Source:
        """A sheet of this workbook: told by its name behind the file's, as a file in a folder."""
        return replace(self, name=f"{self.name}/{name}", table=table)


def find_sources(
    folder: Path, model: RecordModel, manifest: Manifest, scratch: Path
) -> tuple[list[Source], list[Problem]]:
    """All files below a folder that can be read, in a fixed order, and a problem for each that cannot.

    Archives are taken apart into `scratch`; their files are told as if the archive were a folder.
    """
    if not folder.exists():
        raise OrgauditError("no-folder", {}, Where(folder.as_posix()))
    sources: list[Source] = []
    problems: list[Problem] = []
    names, read = table_names(model), list[str]()
    for path, name in _files(folder, scratch, problems, manifest.waivers):
        read.append(name)
        for source in _sources(path, name, names, model, manifest):
            if isinstance(source, Source):
                sources.append(source)
            else:
                problems.append(source)
    if folder.is_dir():
        problems += _unused_patterns(manifest, read)
    return sources, problems


def _unused_patterns(manifest: Manifest, names: list[str]) -> Iterator[Problem]:
    """A notice of each pattern that no file fits."""
    seen: set[str] = set()
    for i, entry in enumerate(manifest.files):
        if entry.path not in seen and not any(fnmatch(name, entry.path) for name in names):
            line = manifest.line("files", i, "path") or manifest.line("files", entry.path)
            yield Problem("unused-pattern", NAME, line, "files", entry.path)
        seen.add(entry.path)


def state_of(path: Path) -> tuple[int, int, int] | None:
    """What tells whether a file is still the same: which one it is, its size, when it was written; None where it is gone."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


def _files(folder: Path, scratch: Path, problems: list[Problem], waivers: str | None) -> Iterator[tuple[Path, str]]:
    """Every file with its name in outputs; a link that leads out of the folder is refused."""
    root = folder.resolve()
    for path in [folder] if folder.is_file() else sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts or (path.name,)
        if any(p.startswith(".") or p.startswith("~$") for p in parts) or path.name == NAME:
            continue
        name = "/".join(parts)
        if name == waivers or (path.is_dir() and not path.is_symlink()):
            continue
        if path.is_symlink() and not path.is_file():  # a folder elsewhere, or nothing
            problems.append(Problem("outside-folder", name, value=str(path.resolve())))
            continue
        if not path.is_file():
            problems.append(_unknown_format(path, name))
            continue
        if not path.resolve().is_relative_to(root):
            problems.append(Problem("outside-folder", name, value=str(path.resolve())))
        elif path.suffix.lower() == ARCHIVE:
            yield from unpacked(path, name, scratch, problems)
        else:
            yield path, name


def _sources(
    path: Path, name: str, names: dict[str, str], model: RecordModel, manifest: Manifest
) -> Iterator[Source | Problem]:
    """A file for each thing that the manifest says of its pattern, else by its name or that of its folder."""
    kind = FORMATS.get(path.suffix.lower())
    if kind is None:
        yield _unknown_format(path, name)
        return
    pattern = next((entry.path for entry in manifest.files if fnmatch(name, entry.path)), None)
    entries = [entry for entry in manifest.files if entry.path == pattern]
    ways = frozenset(step for entry in entries for step in entry.record_path)
    for i, entry in enumerate(entries):
        is_known = entry.table in model.tables and not model.tables[entry.table].derive
        unknown = Problem("unmatched-file", name, value=entry.table, values={"known": known_tables(model)})
        yield Source(path, name, kind, entry.table, entry, i, ways) if is_known else unknown
    if entries:
        return
    above, _, last = name.rpartition("/")
    stem = last.rpartition(".")[0]
    table = by_name(stem, names) or (by_name(above.rpartition("/")[2], names) if above else None)
    if table is None and path.suffix.lower() in _ANY_TEXT:
        yield _unknown_format(path, name)
    elif table is None and kind not in _HOLDS_SEVERAL:
        yield Problem("unmatched-file", name, value=stem, values={"known": known_tables(model)})
    else:
        yield Source(path, name, kind, table)


def _unknown_format(path: Path, name: str) -> Problem:
    known = {"known": ", ".join(sorted([*FORMATS, ARCHIVE]))}
    return Problem("unknown-format", name, value=path.suffix, values=known)


def table_names(model: RecordModel) -> dict[str, str]:
    """Every name of every table that can be handed in, as it is compared."""
    names: dict[str, str] = {}
    for table, declared in model.tables.items():
        if not declared.derive:
            for word in (table, declared.singular, *declared.title.values(), *declared.aliases):
                names.setdefault(spelled(word), table)
    return names


def by_name(stem: str, names: Mapping[str, str]) -> str | None:
    """The table that the name of a file, a sheet or a folder means."""
    plain = spelled(stem)
    return (
        names.get(plain)
        or names.get(_NOISE.sub("", plain))
        or next((names[p] for p in _NOISE.split(plain) if p in names), None)
    )


def known_tables(model: RecordModel) -> str:
    """The tables that can be handed in, for a message."""
    return ", ".join(f"{t} {d.title.get('zh', '')}".strip() for t, d in model.tables.items() if not d.derive)


def table_of_key(key: str, model: RecordModel) -> str | None:
    """The table that a key of a YAML mapping means."""
    return by_name(key, table_names(model))
