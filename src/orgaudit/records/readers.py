"""One reader a format: from a file to parts, each a table's rows as UTF-8 CSV that the engine reads in one pass."""

from __future__ import annotations

import codecs
import csv
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orgaudit.errors import OrgauditError
from orgaudit.recordmodel import RecordModel
from orgaudit.records.problems import Problem
from orgaudit.records.sources import Source, table_of_key
from orgaudit.yamlfile import YamlFile, read_yaml

csv.field_size_limit(1 << 24)
_CHUNK = 1 << 20


@dataclass
class Part:
    """The rows of one table in one file.

    `rows` is a CSV file: the source itself (one heading line, one record a line), or a copy whose first column is the
    record's first line in the source.
    """

    source: Source
    table: str
    headings: list[str]
    rows: Path
    numbered: bool
    delimiter: str = ","


@dataclass
class Reading:
    """What a reader made of a file."""

    sha256: str
    parts: list[Part] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_csv(source: Source, model: RecordModel, folder: Path) -> Reading:
    """CSV in UTF-8, with or without a byte order mark."""
    look = _look(source.path)
    reading = Reading(look.sha256)
    if look.bad_byte is not None:
        reading.problems.append(
            Problem("encoding-error", source.name, row=look.bad_line, value=f"byte {look.bad_byte}")
        )
        return reading
    if not look.header.strip():
        reading.problems.append(Problem("empty-file", source.name))
        return reading
    delimiter = max(",;\t", key=look.header.count)
    if look.plain:
        headings = next(csv.reader([look.header], delimiter=delimiter))
        reading.parts.append(
            Part(source, source.table or "", headings, source.path, numbered=False, delimiter=delimiter)
        )
    else:
        reading.parts.append(renumber(source, delimiter, folder, reading.problems))
    return reading


@dataclass
class _Look:
    sha256: str
    header: str
    plain: bool
    bad_byte: int | None = None
    bad_line: int | None = None


def _look(path: Path) -> _Look:
    """One pass over the bytes: the hash, whether they are UTF-8, and whether every line is one record."""
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8-sig")()
    plain, tail, header, lines, position = True, b"", "", 0, 0
    bad: tuple[int, int] | None = None
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            if bad is None:
                try:
                    text = decoder.decode(chunk)
                    header = header or text.split("\n", 1)[0].rstrip("\r")
                except UnicodeDecodeError as e:
                    bad = position + e.start, lines + chunk[: e.start].count(b"\n") + 1
            seam = tail + chunk
            plain = (
                plain and b'"' not in chunk and b"\n\n" not in seam and b"\n\r\n" not in seam and _no_lone_return(seam)
            )
            lines, position, tail = lines + chunk.count(b"\n"), position + len(chunk), chunk[-2:]
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        bad = bad or (position, lines + 1)
    return _Look(digest.hexdigest(), header, plain, *(bad or (None, None)))


def _no_lone_return(seam: bytes) -> bool:
    return seam.count(b"\r") == seam.count(b"\r\n") or seam.endswith(b"\r")


def renumber(source: Source, delimiter: str, folder: Path, problems: list[Problem]) -> Part:
    """A copy of a CSV file, one record a row, led by its line; short and long rows are named and kept."""
    copy = folder / f"{hashlib.md5(source.name.encode(), usedforsecurity=False).hexdigest()}.csv"
    with (
        source.path.open(encoding="utf-8-sig", newline="") as stream,
        copy.open("w", encoding="utf-8", newline="") as out,
    ):
        records = _records(stream, delimiter, source, problems)
        _, headings = next(records, (1, []))
        writer = csv.writer(out, lineterminator="\n")
        for line, record in records:
            writer.writerow([line, *_fitted(record, len(headings), line, source, problems)])
    return Part(source, source.table or "", headings, copy, numbered=True)


def _records(stream: Any, delimiter: str, source: Source, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """(first line, cells) of each record; a quote that is never closed ends the quoting, not the file."""
    reader = csv.reader(stream, delimiter=delimiter, strict=True)
    start = 1
    try:
        for record in reader:
            if record and any(cell.strip() for cell in record):
                yield start, record
            start = reader.line_num + 1
    except csv.Error as e:
        problems.append(Problem("broken-quotes", source.name, row=start, value=str(e)))
        stream.seek(0)
        for line, text in enumerate(stream, 1):
            if line >= start and text.strip():
                yield line, [cell.strip('"') for cell in text.rstrip("\r\n").split(delimiter)]


def _fitted(record: list[str], width: int, line: int, source: Source, problems: list[Problem]) -> list[str]:
    if len(record) < width:
        values = {"expected": width, "found": len(record)}
        problems.append(Problem("missing-cell", source.name, line, table=source.table, values=values))
        return record + [""] * (width - len(record))
    extra = [cell for cell in record[width:] if cell.strip()]
    if extra:
        values = {"expected": width, "found": len(record)}
        problems.append(
            Problem("extra-cell", source.name, line, value=", ".join(extra), table=source.table, values=values)
        )
    return record[:width]


def read_yaml_records(source: Source, model: RecordModel, folder: Path) -> Reading:
    """YAML: a list of records of the file's table, or a mapping of tables to lists."""
    reading = Reading(hashlib.sha256(source.path.read_bytes()).hexdigest())
    try:
        file = read_yaml(source.path, source.name, as_text=True)
    except OrgauditError as e:
        for error in getattr(e, "errors", [e]):
            where = error.where
            values = {"error": error}
            reading.problems.append(Problem("source-error", source.name, where.line if where else None, values=values))
        return reading
    for table, path, rows in _yaml_tables(file, source, model, reading.problems):
        reading.parts.append(_yaml_part(file, source, table, path, rows, folder, reading.problems))
    return reading


def _yaml_tables(
    file: YamlFile, source: Source, model: RecordModel, problems: list[Problem]
) -> Iterator[tuple[str, tuple[str | int, ...], list[Any]]]:
    if file.data is None:
        problems.append(Problem("empty-file", source.name))
    elif isinstance(file.data, list):
        if source.table is None:
            problems.append(
                Problem(
                    "unmatched-file", source.name, value=source.path.stem, values={"known": ", ".join(model.tables)}
                )
            )
        else:
            yield source.table, (), file.data
    elif isinstance(file.data, dict):
        for key, rows in file.data.items():
            table = table_of_key(key, model)
            line = file.where((key,), key=True).line
            if table is None or not isinstance(rows, (list, type(None))):
                problems.append(
                    Problem("unmatched-file", source.name, line, value=key, values={"known": ", ".join(model.tables)})
                )
            else:
                yield table, (key,), rows or []
    else:
        problems.append(
            Problem("unmatched-file", source.name, 1, value=str(file.data), values={"known": ", ".join(model.tables)})
        )


def _yaml_part(
    file: YamlFile,
    source: Source,
    table: str,
    path: tuple[str | int, ...],
    rows: list[Any],
    folder: Path,
    problems: list[Problem],
) -> Part:
    headings = list(dict.fromkeys(key for row in rows if isinstance(row, dict) for key in row))
    copy = folder / f"{hashlib.md5(f'{source.name}:{path}'.encode(), usedforsecurity=False).hexdigest()}.csv"
    with copy.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        for i, row in enumerate(rows):
            line = file.where((*path, i)).line
            if isinstance(row, dict):
                writer.writerow([line, *(_cell(row.get(h), h, line, source, table, problems) for h in headings)])
            else:
                problems.append(Problem("not-a-record", source.name, line, value=str(row), table=table))
    return Part(source, table, headings, copy, numbered=True)


def _cell(value: Any, heading: str, line: int, source: Source, table: str, problems: list[Problem]) -> str:
    if isinstance(value, list) and all(not isinstance(v, (list, dict)) for v in value):
        return "、".join("" if v is None else str(v) for v in value)
    if isinstance(value, (list, dict)):
        problems.append(Problem("type-error", source.name, line, heading, str(value), table, {"expected": "text"}))
        return "?"
    return "" if value is None else str(value)


Reader = Callable[[Source, RecordModel, Path], Reading]
READERS: dict[str, Reader] = {"csv": read_csv, "yaml": read_yaml_records}
