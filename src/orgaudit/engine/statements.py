"""The SQL that judges a rule, heard while the engine judges a set of empty tables."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from orgaudit.engine.audit import audit
from orgaudit.recordmodel import RecordModel
from orgaudit.records import load_records
from orgaudit.standards import Rule, Standard


def statements_of(rule: Rule, standard: Standard, day: date) -> list[str]:
    """Every statement that the engine runs for a rule, in order; those of rules whose breaches it speaks of come first."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        _empty_tables(folder, standard.model)
        records = load_records(folder, standard.model, default_as_of=day)
        with records.db, records.db.heard() as heard:
            audit(records, [standard], [rule.id])
            return list(dict.fromkeys(heard))


def _empty_tables(folder: Path, model: RecordModel) -> None:
    """A file with nothing but headings for every table that people hand in."""
    for name, table in model.tables.items():
        if not table.derive and table.singular != "breach" and table.handed_in and name != "audit":
            heading = ",".join(f.name for f in table.handed_in)
            (folder / f"{name}.csv").write_text(heading + "\n", encoding="utf-8")
