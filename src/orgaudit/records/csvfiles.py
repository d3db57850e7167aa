"""CSV files: encoding, delimiter, lines that are no records; a plain file is read as it is, any other as a copy."""

from __future__ import annotations

import codecs
import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orgaudit.recordmodel import RecordModel
from orgaudit.records.parts import Part, Reading, copied
from orgaudit.records.problems import Problem
from orgaudit.records.sources import Source

csv.field_size_limit(1 << 24)
_CHUNK = 1 << 20


def read_csv(source: Source, model: RecordModel, folder: Path) -> Reading:
    """CSV in UTF-8, with or without a byte order mark."""
    look = _look(source.path)
    reading = Reading(look.sha256)
    if source.entry is not None and source.entry.is_document:
        reading.problems.append(Problem("not-a-document", source.name))
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
            Part(
                source,
                source.table or "",
                headings,
                source.path,
                numbered=False,
                delimiter=delimiter,
                values=source.values,
            )
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
    with source.path.open(encoding="utf-8-sig", newline="") as stream:
        records = _records(stream, delimiter, source, problems)
        _, headings = next(records, (1, []))
        rows = ([n, *_fitted(record, len(headings), n, source, problems)] for n, record in records)
        copy = copied(folder, f"{source.name} {source.number}", rows)
    return Part(source, source.table or "", headings, copy, numbered=True, values=source.values)


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
