"""The work folder: copies of what is handed in, as the engine can read them."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable
from pathlib import Path


def copied(folder: Path, name: str, rows: Iterable[list[object]]) -> Path:
    """A copy of rows as CSV, under a name made of `name`; every line end inside a cell is the same one."""
    path = scratch(folder, name, ".csv")
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([_even(cell) for cell in row] for row in rows)
    return path


def _even(cell: object) -> object:
    # a carriage return would not be quoted, and end the row for the engine
    if isinstance(cell, str) and "\r" in cell:
        return cell.replace("\r\n", "\n").replace("\r", "\n")
    return cell


def scratch(folder: Path, name: str, suffix: str) -> Path:
    """A path in the work folder for what is made of `name`."""
    return folder / f"{hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()}{suffix}"
