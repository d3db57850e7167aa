"""Where a finding stands, as code hosts take it: a file of the repository and a line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from orgaudit.findings import Audit, Finding

#: files that hold others: a sheet, a file in an archive
_CONTAINERS = (".xlsx", ".xlsm", ".xls", ".ods", ".zip")


@dataclass(frozen=True)
class Place:
    """A file from where the audit was started, the line in it (1 where it has none), and what is inside it."""

    path: str
    line: int
    inside: str

    @property
    def uri(self) -> str:
        """The path as a relative address."""
        return quote(self.path)


def from_here(path: str) -> str:
    """A path as it is told from where the audit was started, if it lies below; else as it is."""
    told, here = PurePosixPath(path), Path.cwd()
    return told.relative_to(here).as_posix() if told.is_absolute() and told.is_relative_to(here) else path


def place_in_files(audit: Audit, file: str | None, row: int | None) -> Place:
    """The place of a record; of no record the folder of the records."""
    folder = PurePosixPath(from_here(audit.records_path))
    outer, inside = _split(file or "")
    is_file = bool(folder.suffix) and folder.name == outer
    path = folder if is_file or not outer else folder / outer
    return Place(path.as_posix(), max(row or 1, 1) if not inside else 1, inside)


def place_of_finding(audit: Audit, finding: Finding) -> Place:
    """Where the first record stands that it rests on; of something missing, where its subject stands."""
    with_file = [e for e in finding.evidence if e.file]
    first = next((e for e in with_file if e.shows != "subject"), with_file[0] if with_file else None)
    return place_in_files(audit, first.file if first else None, first.row if first else None)


def _split(file: str) -> tuple[str, str]:
    """A path, and what lies behind the first file on it that holds others."""
    parts = PurePosixPath(file).parts
    for i, part in enumerate(parts[:-1]):
        if part.lower().endswith(_CONTAINERS):
            return "/".join(parts[: i + 1]), "/".join(parts[i + 1 :])
    return file, ""
