"""CSV files: encoding, delimiter, lines that are no records; a plain file is read as it is, any other as a copy."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TextIO

from orgaudit.recordmodel import RecordModel, Table
from orgaudit.records.encodings import marked, transcoded
from orgaudit.records.look import Look, hash_of, look_at
from orgaudit.records.parts import Part, Reading
from orgaudit.records.problems import Problem
from orgaudit.records.provenance import is_converted
from orgaudit.records.scratch import copied, scratch
from orgaudit.records.shape import HEAD, Row, heading_place, shaped
from orgaudit.records.sources import Source

csv.field_size_limit(1 << 24)
LONGEST_LINE = 1 << 23  #: bytes of a line; what is longer is no table


def read_csv(source: Source, model: RecordModel, folder: Path) -> Reading:
    """CSV or TSV in UTF-8, UTF-16 or GB18030, or as the manifest declares; titles above the heading row are left out."""
    sha256, look = hash_of(source.path), look_at(source.path)
    reading = Reading(sha256(), "utf-8")
    entry = source.entry
    if entry is not None and entry.is_document:
        reading.problems.append(Problem("not-a-document", source.name))
    path, declared = source.path, entry.encoding if entry else None
    if look.bad or declared or marked(path):
        decoded = transcoded(path, scratch(folder, f"{source.name} text", ".txt"), declared, look.bad)
        if decoded.bad_line is not None:
            said = f"byte {decoded.bad_byte}"
            reading.problems.append(Problem("encoding-error", source.name, row=decoded.bad_line, value=said))
            return reading
        path, reading.encoding = decoded.path, decoded.encoding
        look = look_at(path)
    if look.longest > LONGEST_LINE:
        values = {"limit": f"{LONGEST_LINE:,}"}
        reading.problems.append(Problem("line-too-long", source.name, value=f"{look.longest:,}", values=values))
        return reading
    part = _part(source, model.tables[source.table or ""], path, look, folder, reading)
    reading.parts += [part] if part is not None else []
    return reading


def _part(source: Source, table: Table, path: Path, look: Look, folder: Path, reading: Reading) -> Part | None:
    """The rows of the file: read by the engine where every line is one record, else from a copy."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        lines = list(islice(stream, HEAD))
    if not any(line.strip() for line in lines):
        reading.problems.append(Problem("empty-file", source.name))
        return None
    declared = source.entry.delimiter if source.entry else None
    delimiter = declared or max(",;\t", key=lambda d: sum(line.count(d) for line in lines))
    part = Part(source, source.table or "", [], path, numbered=False, delimiter=delimiter, values=source.values)
    part.spaced = look.spaced
    first = next(csv.reader([lines[0].rstrip("\r\n")], delimiter=delimiter), [])
    if is_converted(first):
        return replace(part, headings=first)
    if look.plain and lines[0].strip():
        head = [next(csv.reader([line.rstrip("\r\n")], delimiter=delimiter), []) for line in lines]
        # of a single column the engine takes an empty line for a row
        if heading_place(head, table)[0] == 0 and len(head[0]) > 1:
            return replace(part, headings=head[0], lines=look.lines)
    return renumber(part, table, folder, reading.problems)


def renumber(part: Part, table: Table, folder: Path, problems: list[Problem]) -> Part | None:
    """A copy of a CSV file, one record a row, led by its line; short and long rows are named and kept."""
    source = part.source
    with part.rows.open(encoding="utf-8-sig", newline="") as stream:
        found = shaped(_records(stream, part.delimiter, source, problems), table, source, problems)
        if found is None:
            problems.append(Problem("empty-file", source.name))
            return None
        width = len(found.headings)
        rows = ([n, *_fitted(record, width, n, source, problems)] for n, record in found.rows)
        copy = copied(folder, f"{source.name} {source.number}", rows)
    return replace(part, headings=found.headings, rows=copy, numbered=True, heading_line=found.line)


def _records(stream: TextIO, delimiter: str, source: Source, problems: list[Problem]) -> Iterator[Row]:
    """(first line, cells) of each record; a quote that is never closed ends the quoting, not the file."""
    reader = csv.reader((line.replace("\0", "") for line in stream), delimiter=delimiter, strict=True)
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
                yield line, [cell.strip('"') for cell in text.replace("\0", "").rstrip("\r\n").split(delimiter)]


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
