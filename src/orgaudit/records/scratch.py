"""The work folder: copies of what is handed in, as the engine can read them."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable
from pathlib import Path


def copied(folder: Path, name: str, rows: Iterable[list[object]]) -> Path:
    """A copy of rows as CSV, under a name made of `name`."""
    path = scratch(folder, name, ".csv")
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(rows)
    return path


def scratch(folder: Path, name: str, suffix: str) -> Path:
    """A path in the work folder for what is made of `name`."""
    return folder / f"{hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()}{suffix}"
