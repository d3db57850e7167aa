"""Loading records without auditing them: what tests of the record model look at is the work database."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from support import write

from orgaudit import load_record_model, load_records
from orgaudit import sql as q
from orgaudit.errors import OrgauditError
from orgaudit.expressions import Joins, Row, key_of, walk_path
from orgaudit.expressions.names import follow
from orgaudit.messages import render_error
from orgaudit.records import Records

Files = Mapping[str, str]


def model_of(*tables: str) -> str:
    """A record model of these tables, each as YAML without its indent."""
    head = 'records: tests\nmissingValues: ["", "-"]\ntables:\n'
    return head + "".join(textwrap.indent(textwrap.dedent(t).strip("\n") + "\n", "  ") for t in tables)


@contextmanager
def loaded(model: str, files: Files, *, as_of: str = "2024-12-31", **options: Any) -> Iterator[Records]:
    """Files (path → content) loaded against a record model."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, {"records.yaml": model})
        write(folder / "records", files)
        day = date.fromisoformat(as_of)
        records = load_records(
            folder / "records", load_record_model(folder / "records.yaml"), default_as_of=day, **options
        )
        try:
            yield records
        finally:
            records.db.close()


def rows(records: Records, table: str, *columns: str, order: str = "1") -> list[tuple[Any, ...]]:
    """These columns of a table, in order."""
    return records.db.load(f'select {", ".join(columns)} from "{table}" order by {order}')


def problems(records: Records, *codes: str) -> list[tuple[Any, ...]]:
    """(code, file, row, column, value) of the problems with these codes; without codes, of all that are no notice."""
    chosen = [p for p in records.problems if (p.code in codes if codes else not p.is_notice)]
    return [(p.code, p.file, p.row, p.column, p.value) for p in chosen]


def reached(records: Records, table: str, path: str) -> dict[str, list[tuple[str, bool | None]]]:
    """For each record the keys of those that a path leads to, and whether they certainly are reached (None: perhaps)."""
    hops, _ = follow(path.split("."), table, records.model)
    start = Row(Joins(records.model), "s", table)
    walk = walk_path(start, hops, records.facts.source)
    truth = q.and_([q.not_(walk.row.none), *walk.conditions])
    columns = {"s": key_of(start), "t": key_of(walk.row), "sure": truth}
    found: dict[str, list[tuple[str, bool | None]]] = {}
    query = q.select(columns, q.table(table, "s"), start.joins.trees, q.is_not_false(truth))
    for key, to, sure in sorted(records.db.rows(query), key=lambda r: (r[0], r[1] or "")):
        found.setdefault(key, []).append((to, sure))
    return found


def model_errors(model: str, tmp_path: Path) -> list[str]:
    """What a reader is told is wrong with a record model."""
    write(tmp_path, {"records.yaml": model})
    with pytest.raises(OrgauditError) as raised:
        load_record_model(tmp_path / "records.yaml", "records.yaml")
    errors: Sequence[OrgauditError] = getattr(raised.value, "errors", [raised.value])
    return [render_error(e, "en") for e in errors]
