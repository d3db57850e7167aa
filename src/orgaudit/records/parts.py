"""What a reader makes of a file: parts, each the rows of one table as UTF-8 CSV, and problems."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from orgaudit.records.problems import Problem
from orgaudit.records.sources import Source


@dataclass
class Part:
    """The rows of one table in one file.

    `rows` is a CSV file: the source itself (one heading line, one record a line), or a copy whose first column is the
    record's first line in the source. `values` are fields that are the same in every row.
    """

    source: Source
    table: str
    headings: list[str]
    rows: Path
    numbered: bool
    delimiter: str = ","
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FileRead:
    """A file that was read: its table, rows and hash."""

    path: str
    table: str
    rows: int
    sha256: str


@dataclass
class Reading:
    """What a reader made of a file."""

    sha256: str
    parts: list[Part] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def copied(folder: Path, name: str, rows: Iterable[list[object]]) -> Path:
    """A copy of rows as CSV, under a name made of `name`."""
    path = folder / f"{hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()}.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(rows)
    return path
