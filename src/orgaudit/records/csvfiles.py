"""CSV files: encoding, delimiter, lines that are no records; a plain file is read as it is, any other as a copy."""

from __future__ import annotations

import codecs
import csv
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TextIO

from orgaudit.recordmodel import RecordModel, Table
from orgaudit.records.encodings import marked, transcoded
from orgaudit.records.parts import Part, Reading
from orgaudit.records.problems import Problem
from orgaudit.records.provenance import is_converted
from orgaudit.records.scratch import copied, scratch
from orgaudit.records.shape import HEAD, Row, heading_place, shaped
from orgaudit.records.sources import Source

csv.field_size_limit(1 << 24)
_CHUNK = 1 << 20
_EMPTY_LINE = re.compile(rb"\n\r?\n")
LONGEST_LINE = 1 << 23  #: bytes of a line; what is longer is no table


def read_csv(source: Source, model: RecordModel, folder: Path) -> Reading:
    """CSV or TSV in UTF-8, UTF-16 or GB18030, or as the manifest declares; titles above the heading row are left out."""
    look = _look(source.path)
    reading = Reading(look.sha256, "utf-8")
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
        look = _look(path)
    if look.longest > LONGEST_LINE:
        values = {"limit": f"{LONGEST_LINE:,}"}
        reading.problems.append(Problem("line-too-long", source.name, value=f"{look.longest:,}", values=values))
        return reading
    part = _part(source, model.tables[source.table or ""], path, look, folder, reading)
    reading.parts += [part] if part is not None else []
    return reading


def _part(source: Source, table: Table, path: Path, look: _Look, folder: Path, reading: Reading) -> Part | None:
    """The rows of the file: read by the engine where every line is one record, else from a copy."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        lines = list(islice(stream, HEAD))
    if not any(line.strip() for line in lines):
        reading.problems.append(Problem("empty-file", source.name))
        return None
    declared = source.entry.delimiter if source.entry else None
    delimiter = declared or max(",;\t", key=lambda d: sum(line.count(d) for line in lines))
    part = Part(source, source.table or "", [], path, numbered=False, delimiter=delimiter, values=source.values)
    first = next(csv.reader([lines[0].rstrip("\r\n")], delimiter=delimiter), [])
    if is_converted(first):
        return replace(part, headings=first)
    if look.plain and lines[0].strip():
        head = [next(csv.reader([line.rstrip("\r\n")], delimiter=delimiter), []) for line in lines]
        if heading_place(head, table)[0] == 0:
            return replace(part, headings=head[0])
    return renumber(part, table, folder, reading.problems)


@dataclass
class _Look:
    sha256: str
    plain: bool
    longest: int
    bad: tuple[int, int] | None = None


def _look(path: Path) -> _Look:
    """One pass over the bytes: the hash, where they stop to be UTF-8, and whether every line is one record."""
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8-sig")()
    plain, tail, position, longest, run = True, b"", 0, 0, 0
    ends: set[bytes] = set()
    bad: int | None = None
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            if bad is None and not (chunk.isascii() and decoder.getstate()[0] == b""):
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError as e:
                    bad = position + e.start
            plain = plain and b'"' not in chunk and b"\0" not in chunk and _one_record_a_line(tail, chunk)
            longest, run = _longest(chunk, longest, run)
            ends |= _line_ends(tail, chunk)
            position, tail = position + len(chunk), (tail + chunk[-2:])[-2:]
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        bad = position if bad is None else bad
    # lines that end in several ways are no trouble for people, but for the engine
    is_mixed = len(ends) > 1 or (tail.endswith(b"\r") and bool(ends))
    line = None if bad is None else (bad, _line_of(path, bad))
    return _Look(digest.hexdigest(), plain and not is_mixed, longest, line)


def _line_ends(tail: bytes, chunk: bytes) -> set[bytes]:
    """How the lines of a chunk end, after the bytes before it."""
    pairs = chunk.count(b"\r\n") if b"\r" in chunk else 0
    seam = tail.endswith(b"\r") and chunk.startswith(b"\n")
    alone = chunk.count(b"\n") - pairs - seam if pairs or seam else int(b"\n" in chunk)
    return {end for end, found in ((b"\r\n", pairs or seam), (b"\n", alone)) if found}


def _line_of(path: Path, position: int) -> int:
    """The line in which a byte stands."""
    line = 1
    with path.open("rb") as stream:
        while position > 0 and (chunk := stream.read(min(_CHUNK, position))):
            line, position = line + chunk.count(b"\n"), position - len(chunk)
    return line


def _longest(chunk: bytes, longest: int, run: int) -> tuple[int, int]:
    """The longest line so far, and how long the one is that the chunk ends in: looked at only where it can be long."""
    first, last = chunk.find(b"\n"), chunk.rfind(b"\n")
    if first < 0:
        return max(longest, run + len(chunk)), run + len(chunk)
    return max(longest, run + first), len(chunk) - last - 1


def _one_record_a_line(tail: bytes, chunk: bytes) -> bool:
    """No line is empty, and none ends in a lone return."""
    seam = tail + chunk[:2]
    if _EMPTY_LINE.search(seam) or _EMPTY_LINE.search(chunk):
        return False
    if b"\r" not in seam and b"\r" not in chunk:
        return True
    lone = chunk.count(b"\r") - chunk.count(b"\r\n") - chunk.endswith(b"\r")
    return not lone and not (tail.endswith(b"\r") and not chunk.startswith(b"\n"))


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
