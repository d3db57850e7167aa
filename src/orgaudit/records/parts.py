"""What a reader makes of a file: parts, each the rows of one table as UTF-8 CSV, and problems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from orgaudit.records.problems import Problem
from orgaudit.records.sources import Source


@dataclass
class Part:
    """The rows of one table in one file.

    `rows` is a CSV file: the source itself, or its text in UTF-8 (one heading line, one record a line), or a copy whose
    first column is the record's first line in the source; or a Parquet file. `values` are fields that are the same in
    every row; `heading_line` is where the headings stand. Of a source whose lines are thought to be records, `lines` says
    how many there are. `spaced`: there may be spaces.
    """

    source: Source
    table: str
    headings: list[str]
    rows: Path
    numbered: bool
    delimiter: str = ","
    values: Mapping[str, str] = field(default_factory=dict)
    heading_line: int = 1
    lines: int | None = None
    spaced: bool = True


@dataclass(frozen=True)
class FileRead:
    """A file (or sheet) that was read: its table, rows, hash and encoding, where its headings stand and what they mean.

    `matched` has the heading of each field found, `unmatched` those that no field takes.
    """

    path: str
    table: str
    rows: int
    sha256: str
    encoding: str | None = None
    heading_line: int = 1
    matched: Mapping[str, str] = field(default_factory=dict)
    unmatched: tuple[str, ...] = ()


@dataclass
class Reading:
    """What a reader made of a file."""

    sha256: str
    encoding: str | None = None
    parts: list[Part] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
