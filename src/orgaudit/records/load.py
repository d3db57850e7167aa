"""From a folder to a locked work database: read, type, settle, derive, and say what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orgaudit.errors import OrgauditError, Where
from orgaudit.findings import Repair
from orgaudit.recordmodel import RecordModel
from orgaudit.records.convert import Settled
from orgaudit.records.facts import Facts
from orgaudit.records.manifest import Manifest, read_manifest
from orgaudit.records.parts import FileRead
from orgaudit.records.problems import Problem, in_order
from orgaudit.records.readers import READERS
from orgaudit.records.sources import find_sources
from orgaudit.records.submission import Span, Submission
from orgaudit.records.tables import Loader
from orgaudit.records.written import WrittenRow, write_all
from orgaudit.watch import Watch, nobody
from orgaudit.workdb import WorkDb

#: bytes handed in that are little
_LITTLE = 1_000_000


@dataclass
class Records:
    """What was handed in, ready to be compared: the database is locked."""

    db: WorkDb
    model: RecordModel
    manifest: Manifest
    facts: Facts
    files: list[str]
    read: list[FileRead]
    rows: dict[str, int]
    problems: list[Problem]
    path: str
    repairs: list[Repair]


def span_of_audit(manifest: Manifest, as_of: date | None, period: tuple[date, date] | None, default: date) -> Span:
    """`as_of` and the audited period: as asked for, else as the manifest says, else the calendar year of `as_of` so far."""
    day = as_of or manifest.as_of or default
    first = manifest.period.from_ if manifest.period else None
    last = manifest.period.to if manifest.period else None
    if period is not None:
        first, last = period
    first, last = first or date(day.year, 1, 1), last or day
    if last < first:
        raise OrgauditError("empty-period", {"first": first, "last": last})
    return Span(day, first, last)


def load_records(
    folder: Path,
    model: RecordModel,
    *,
    default_as_of: date,
    as_of: date | None = None,
    period: tuple[date, date] | None = None,
    memory_limit: str | None = None,
    temp_limit: str | None = None,
    careful: bool = False,
    settled: Callable[[Settled], None] | None = None,
    watch: Watch = nobody,
) -> Records:
    """Reads the records below a folder (or one file) against a record model; bad input becomes problems, never an exception.

    `settled` is called once every duplicate and every reference is settled, while files can still be written. `careful`:
    the engine was lost over these records before.
    """
    manifest = read_manifest(folder, folder.as_posix()) if folder.is_dir() else Manifest()
    span = span_of_audit(manifest, as_of, period, default_as_of)
    db = WorkDb(memory_limit=memory_limit, temp_limit=temp_limit, little=_is_little(folder), careful=careful)
    reader = _reader(folder, model, manifest, watch)
    return _closed_on_error(db, lambda: _loaded(db, reader, folder, model, manifest, span, settled))


def load_rows(
    tables: Mapping[str, Sequence[WrittenRow]],
    model: RecordModel,
    manifest: Manifest,
    *,
    name: str,
    without: Iterable[str] = (),
) -> Records:
    """Takes records that are written in place instead of files: every table is handed in, but for those of `without`.

    `without` names tables, and fields as `table.field`: columns that no row has. `name` stands for the file in what is said.
    """
    span = span_of_audit(manifest, None, None, manifest.as_of or date.min)
    db = WorkDb(little=True)
    folder = Path(name)
    return _closed_on_error(
        db, lambda: _loaded(db, lambda x: write_all(x, tables, set(without), name), folder, model, manifest, span)
    )


def _is_little(folder: Path) -> bool:
    files = folder.rglob("*") if folder.is_dir() else [folder]
    return sum(f.stat().st_size for f in files if f.is_file()) < _LITTLE


def _closed_on_error(db: WorkDb, load: Callable[[], Records]) -> Records:
    try:
        return load()
    except BaseException:
        db.close()
        raise


def _loaded(
    db: WorkDb,
    hand_in: Callable[[Loader], list[FileRead]],
    folder: Path,
    model: RecordModel,
    manifest: Manifest,
    span: Span,
    settled: Callable[[Settled], None] | None = None,
) -> Records:
    loader = Loader(db, model)
    loader.create_tables()
    read = hand_in(loader)
    if not read:
        raise OrgauditError("no-records", {"problems": in_order(loader.problems)}, Where(folder.as_posix()))
    submission = Submission(loader, manifest, span, {f.table for f in read})
    submission.settle()
    if settled is not None:
        days = tuple(day.isoformat() for day in (span.as_of, span.first, span.last))
        settled(Settled(db, model, manifest, loader.files, read, days))
    submission.derive()
    db.lock()
    found, name = in_order(loader.problems), folder.as_posix()
    return Records(db, model, manifest, submission.facts, loader.files, read, loader.rows, found, name, loader.repairs)


def _reader(folder: Path, model: RecordModel, manifest: Manifest, watch: Watch) -> Callable[[Loader], list[FileRead]]:
    return lambda loader: _read_all(loader, folder, model, manifest, watch)


def _read_all(loader: Loader, folder: Path, model: RecordModel, manifest: Manifest, watch: Watch) -> list[FileRead]:
    sources, problems = find_sources(folder, model, manifest, loader.db.folder)
    loader.problems += problems
    read: list[FileRead] = []
    for i, source in enumerate(sources):
        watch("reading", i, len(sources), source.name)
        with loader.wholly(source) as found:
            reading = READERS[source.format](source, model, loader.db.folder)
            loader.problems += reading.problems
            parts = (loader.add(part, reading.sha256, reading.encoding) for part in reading.parts)
            found += [file for file in parts if file is not None]
        read += found
    loader.db.compact()
    watch("settling")
    return read
