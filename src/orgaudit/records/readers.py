"""One reader a format: from a file to parts, each a table's rows that the engine reads in one pass."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from orgaudit.recordmodel import RecordModel
from orgaudit.records.csvfiles import read_csv
from orgaudit.records.documents import read_document
from orgaudit.records.parts import Part, Reading
from orgaudit.records.sources import Source
from orgaudit.records.workbooks import read_workbook


def read_parquet(source: Source, model: RecordModel, folder: Path) -> Reading:
    """A Parquet file: the engine reads it; rows are numbered from 1."""
    with source.path.open("rb") as stream:
        reading = Reading(hashlib.file_digest(stream, "sha256").hexdigest(), "parquet")
    part = Part(source, source.table or "", [], source.path, numbered=False, values=source.values, heading_line=0)
    reading.parts.append(part)
    return reading


Reader = Callable[[Source, RecordModel, Path], Reading]
READERS: dict[str, Reader] = {
    "csv": read_csv,
    "yaml": read_document,
    "json": read_document,
    "workbook": read_workbook,
    "parquet": read_parquet,
}
