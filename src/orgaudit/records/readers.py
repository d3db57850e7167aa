"""One reader a format: from a file to parts, each a table's rows that the engine reads in one pass."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from orgaudit.recordmodel import RecordModel
from orgaudit.records.csvfiles import read_csv
from orgaudit.records.documents import read_document
from orgaudit.records.parts import Reading
from orgaudit.records.sources import Source

Reader = Callable[[Source, RecordModel, Path], Reading]
READERS: dict[str, Reader] = {"csv": read_csv, "yaml": read_document, "json": read_document}
