"""Breaches as records: for each rule whose breaches another speaks of, a table that the engine will fill."""

from __future__ import annotations

from collections.abc import Mapping

from orgaudit.recordmodel import Field, ForeignKey, RecordModel, Table
from orgaudit.recordmodel.model import ReferenceTarget

#: how a breach's subject is held: by the engine's row number, since a subject's key may have several columns
SUBJECT = "_subject"


def breach_name(standard: str, rule: str) -> str:
    """The name of the table of a rule's breaches."""
    return f"breaches of {standard} {rule}"


def with_breaches(model: RecordModel, standard: str, subjects: Mapping[str, str]) -> RecordModel:
    """The record model with a table of breaches for each of these rules (rule → table of its subject)."""
    tables = {
        breach_name(standard, rule): _breach_table(model.tables[table], table) for rule, table in subjects.items()
    }
    return RecordModel.model_construct(
        records=model.records, title=model.title, missingValues=model.missingValues, tables={**model.tables, **tables}
    )


def _breach_table(subject: Table, table: str) -> Table:
    to_subject = ForeignKey(
        fields=[SUBJECT],
        reference=ReferenceTarget(resource=table, fields=["_row"]),
        name=subject.singular,
        reverse="_breaches",
    )
    name = subject.name or subject.field_with("name")
    owner = None if subject.owner is None else subject.singular
    return Table(
        singular="breach",
        primaryKey=["key"],
        owner=owner if subject.owner in (None, "self") else f"{subject.singular}.{subject.owner}",
        name=f"{subject.singular}.{name}" if name else None,
        foreignKeys=[to_subject],
        fields=[
            Field(name="key", type="string"),
            Field(name=SUBJECT, type="integer"),
            Field(name="level", type="string", blank="none"),
            Field(name="reached_on", type="date", role="when"),
            Field(name="period_start", type="date"),
            Field(name="period_end", type="date"),
        ],
    )
