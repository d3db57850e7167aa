"""YAML and JSON: a list of records, a mapping of tables to lists, or a document of any shape that the manifest explains."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orgaudit.errors import OrgauditError
from orgaudit.recordmodel import RecordModel, spelled
from orgaudit.records.nested import Found, Nested
from orgaudit.records.parts import Part, Reading
from orgaudit.records.problems import Problem
from orgaudit.records.scratch import copied
from orgaudit.records.sources import Source, table_of_key
from orgaudit.yamlfile import YamlFile, read_yaml


def read_document(source: Source, model: RecordModel, folder: Path) -> Reading:
    """All records of a YAML or JSON file."""
    reading = Reading(hashlib.sha256(source.path.read_bytes()).hexdigest())
    try:
        file = read_yaml(source.path, source.name, as_text=True)
    except OrgauditError as e:
        for error in getattr(e, "errors", [e]):
            line = error.where.line if error.where else None
            reading.problems.append(Problem("source-error", source.name, line, values={"error": error}))
        return reading
    document = _Document(file, source, model, folder, reading)
    for table, records in document.tables():
        reading.parts.append(document.part(table, records))
    return reading


@dataclass
class _Document:
    """One file, on its way from plain data to parts."""

    file: YamlFile
    source: Source
    model: RecordModel
    folder: Path
    reading: Reading
    _known: str = field(init=False)

    def __post_init__(self) -> None:
        self._known = ", ".join(self.model.tables)

    def tables(self) -> Iterator[tuple[str, list[Found]]]:
        """Each table of the file with its records."""
        data, entry = self.file.data, self.source.entry
        if data is None:
            self._problem("empty-file", None)
        elif entry is not None and entry.is_document:
            yield entry.table, list(Nested(self.file, entry, self.reading.problems, self.source.name).records())
        elif isinstance(data, dict):
            yield from self._by_key(data)
        elif isinstance(data, list) and self.source.table is not None:
            yield self.source.table, self._listed(data, ())
        else:
            line = None if isinstance(data, list) else 1
            self._problem("unmatched-file", line, self.source.path.stem if isinstance(data, list) else str(data))

    def _by_key(self, data: dict[str, Any]) -> Iterator[tuple[str, list[Found]]]:
        for key, rows in data.items():
            table = table_of_key(key, self.model)
            if table is None or not isinstance(rows, (list, type(None))):
                self._problem("unmatched-file", self.file.where((key,), key=True).line, key)
            else:
                yield table, self._listed(rows or [], (key,))

    def _listed(self, rows: list[Any], path: tuple[str | int, ...]) -> list[Found]:
        return [Found(row, self.file.where((*path, i)).line) for i, row in enumerate(rows)]

    def _problem(self, code: str, line: int | None, value: str | None = None, **values: object) -> None:
        known = {"known": self._known} if code == "unmatched-file" else values
        self.reading.problems.append(Problem(code, self.source.name, line, value=value, values=known))

    # -- rows

    def part(self, table: str, records: list[Found]) -> Part:
        """The records of one table as rows; what is no record is named."""
        rows = [(r.line, r.data) for r in records if isinstance(r.data, dict)]
        for record in records:
            if not isinstance(record.data, dict):
                problem = Problem("not-a-record", self.source.name, record.line, value=str(record.data), table=table)
                self.reading.problems.append(problem)
        keys = dict.fromkeys(key for _, data in rows for key in data)
        headings = [k for k in keys if k not in self.source.ways]  # these lead to records of other tables
        lines: Iterator[list[object]] = (
            [line, *(self._cell(data.get(h), h, line, table) for h in headings)] for line, data in rows
        )
        name = f"{self.source.name} {self.source.number} {table} {len(self.reading.parts)}"
        copy = copied(self.folder, name, lines)
        return Part(self.source, table, headings, copy, numbered=True, values=self.source.values)

    def _cell(self, value: Any, heading: str, line: int, table: str) -> str:
        if isinstance(value, list) and all(not isinstance(v, (list, dict)) for v in value):
            return "、".join("" if v is None else str(v) for v in value)
        if isinstance(value, (list, dict)):
            fields = {spelled(h) for f in self.model.tables[table].handed_in for h in f.headings}
            if spelled(heading) in fields:  # of any other heading it is said once that no field takes it
                values = {"expected": "text"}
                problem = Problem("type-error", self.source.name, line, heading, str(value), table, values)
                self.reading.problems.append(problem)
            return "?"
        return "" if value is None else str(value)
