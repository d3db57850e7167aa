"""The SQL that judges a rule, heard while the engine judges a set of empty tables."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from orgaudit.engine.audit import judge_one
from orgaudit.recordmodel import RecordModel
from orgaudit.records import load_records
from orgaudit.standards import Rule, Standard, record_model_of


def statements_of(rule: Rule, standard: Standard, day: date) -> list[str]:
    """Every statement that the engine runs for a rule, in order; those of rules whose breaches it speaks of come first."""
    model = record_model_of([standard.path])  # without the breaches: they are what is made
    with TemporaryDirectory() as name:
        folder = Path(name)
        _empty_tables(folder, model)
        records = load_records(folder, model, default_as_of=day)
        with records.db, records.db.heard() as heard:
            judge_one(records, standard, rule)
            return heard


def _empty_tables(folder: Path, model: RecordModel) -> None:
    """A file with nothing but headings for every table that people hand in."""
    for name, table in model.tables.items():
        if not table.derive:
            heading = ",".join(f.name for f in table.handed_in)
            (folder / f"{name}.csv").write_text(heading + "\n", encoding="utf-8")
