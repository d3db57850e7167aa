"""The canonical tables as files: typed, cleaned, each record once and with where it came from, to be read back as they are."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orgaudit.errors import OrgauditError, Where
from orgaudit.expressions import FILE, LINE, MISSING_BITS, ROW, UNKNOWN_BITS
from orgaudit.recordmodel import Field, RecordModel, Table
from orgaudit.records.cells import column, quoted
from orgaudit.records.manifest import NAME, Manifest
from orgaudit.records.parts import FileRead
from orgaudit.records.provenance import ALSO_IN, ALSO_OF, FILE_OF, MISSING_OF, ROW_OF, SEPARATOR, UNKNOWN_OF
from orgaudit.workdb import WorkDb

#: how each kind of file is written by the engine
FORMATS = {"parquet": "(format parquet, compression zstd)", "csv": "(format csv, header)"}
_FILES = "files by number"


@dataclass(frozen=True)
class Settled:
    """Records of which every duplicate and every reference is settled, before anything is made of them."""

    db: WorkDb
    model: RecordModel
    manifest: Manifest
    files: Sequence[str]
    read: Sequence[FileRead]
    span: tuple[str, ...]


def writer(out: Path, kind: str, standards: Sequence[str], told: dict[str, int]) -> Callable[[Settled], None]:
    """What writes the tables and their manifest into a folder; `told` gets how many records each table has."""

    def write(settled: Settled) -> None:
        told.update(_tables(settled, out, kind))
        _moved(_manifest(settled, out, standards), out / NAME)

    return write


def _tables(settled: Settled, out: Path, kind: str) -> Iterator[tuple[str, int]]:
    db = settled.db
    db.fill(_FILES, {"number": "bigint", "name": "varchar"}, list(enumerate(settled.files)))
    for name in dict.fromkeys(f.table for f in settled.read):
        query = _query(name, settled, kind)
        made = db.folder / f"converted.{kind}"
        db.load(f"copy ({query}) to {quoted(str(made))} {FORMATS[kind]}")
        _moved(made, out / f"{name}.{kind}")
        yield name, int(db.load(f"select count(*) from {column(name)}")[0][0])
    db.drop(_FILES)


def _query(name: str, settled: Settled, kind: str) -> str:
    """The records of a table in their order; a column that no file had is left out, if nothing was made for it."""
    table = settled.model.tables[name]
    given = {field for f in settled.read if f.table == name for field in f.matched}
    fields = [
        f for f in table.handed_in if f.name in given or (f.name in table.primaryKey and _has_made(settled, name, f))
    ]
    cells = {f.name: _cell(f, kind) for f in fields}
    cells |= {FILE_OF: "f.name", ROW_OF: f"t.{LINE}", ALSO_OF: _listed(_also_in(), kind)}
    cells[UNKNOWN_OF] = _listed(_names(table, fields, f"t.{UNKNOWN_BITS} & ~t.{MISSING_BITS}"), kind)
    cells[MISSING_OF] = _listed(_names(table, fields, f"t.{MISSING_BITS}"), kind)
    columns = ", ".join(f"{sql} as {column(n)}" for n, sql in cells.items())
    return f"select {columns} from {column(name)} t join {column(_FILES)} f on f.number = t.{FILE} order by t.{ROW}"


def _has_made(settled: Settled, name: str, field: Field) -> bool:
    """Whether a column that was not handed in was filled in reading."""
    return bool(settled.db.load(f"select count({column(field.name)}) from {column(name)}")[0][0])


def _cell(field: Field, kind: str) -> str:
    value = f"t.{column(field.name)}"
    if field.type == "yearmonth":
        return f"strftime({value}, '%Y-%m')"
    return _listed(value, kind) if field.type == "list" else value


def _listed(cells: str, kind: str) -> str:
    return f"array_to_string({cells}, {quoted(SEPARATOR)})" if kind == "csv" else cells


def _also_in() -> str:
    """The names of the other files in which a record stood."""
    return (
        f"(select list(g.name order by g.number) from {column(ALSO_IN)} a "
        f"join {column(_FILES)} g on g.number = a.file where a.row = t.{ROW})"
    )


def _names(table: Table, fields: Sequence[Field], bits: str) -> str:
    """The fields whose bits are set."""
    cases = ", ".join(f"case when ({bits}) & {table.bits[f.name]} <> 0 then {quoted(f.name)} end" for f in fields)
    return f"list_filter([{cases}]::varchar[], lambda x: x is not null)"


def _manifest(settled: Settled, out: Path, standards: Sequence[str]) -> Path:
    """What the sender said that is still to be said: names of files and records are settled, the span stands fast."""
    as_of, first, last = settled.span
    manifest = settled.manifest
    said: dict[str, Any] = {
        "standards": [_from(name, out) for name in standards],
        "select": manifest.select,
        "ignore": manifest.ignore,
        "as_of": as_of,
        "period": {"from": first, "to": last},
        "submitted_by": manifest.submitted_by,
        "covers": {t: c.model_dump(mode="json", by_alias=True, exclude_none=True) for t, c in manifest.covers.items()},
        "silence": manifest.silence,
    }
    path = settled.db.folder / NAME
    lines = (f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in said.items() if value)
    path.write_text("".join(lines), encoding="utf-8")
    return path


def _from(standard: str, out: Path) -> str:
    """A standard as the manifest of another folder names it: an identifier, or a path that begins with a dot."""
    if not Path(standard).exists():
        return standard
    path = Path(os.path.relpath(standard, out)).as_posix()
    return path if path.startswith(".") else f"./{path}"


def _moved(made: Path, path: Path) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        shutil.move(made, beside)
        beside.replace(path)
    except OSError as e:
        raise OrgauditError("unwritable", {"reason": e.strerror or str(e)}, Where(path.as_posix())) from e
