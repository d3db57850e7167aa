"""Records that are written in place, as those of scenarios: rows of fields, each with the line it is told by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from orgaudit.records.parts import FileRead, Part
from orgaudit.records.scratch import copied
from orgaudit.records.sources import Source
from orgaudit.records.tables import Loader


@dataclass(frozen=True)
class WrittenRow:
    """One record: its line and the text of its fields; a field that is left out is blank."""

    line: int
    fields: Mapping[str, str]


def write_all(
    loader: Loader, tables: Mapping[str, Sequence[WrittenRow]], without: set[str], name: str
) -> list[FileRead]:
    """Every table of the record model that people hand in, also where it has no row; but for those of `without`."""
    read = []
    for table, declared in loader.model.tables.items():
        if declared.derive or table in without:
            continue
        rows = tables.get(table, ())
        if rows:
            headings = [f.name for f in declared.handed_in if f"{table}.{f.name}" not in without]
            loader.add(_part(loader, table, headings, rows, name))
        read.append(FileRead(name, table, len(rows), ""))
    return read


def _part(loader: Loader, table: str, headings: list[str], rows: Sequence[WrittenRow], name: str) -> Part:
    lines = ([row.line, *(row.fields.get(h, "") for h in headings)] for row in rows)
    source = Source(Path(name), name, "yaml", table)
    return Part(source, table, headings, copied(loader.db.folder, f"{name} {table}", lines), numbered=True)
