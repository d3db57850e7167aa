"""The receipt: what was understood of what was handed in — files, headings, repairs, problems, and who has not reported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from orgaudit import sql as q
from orgaudit.expressions import Joins, Row, day_of, key_of, name_of, owner_of
from orgaudit.findings import Problem, Repair
from orgaudit.records.load import Records
from orgaudit.records.parts import FileRead

#: of an organization: month (`2024-03`; "" where the day is not known) → rows
Months = Mapping[str, int]


@dataclass(frozen=True)
class Reported:
    """What each organization reported in one table of events; organizations without a row are named, too."""

    table: str
    rows: Mapping[str, Months]
    silent: tuple[str, ...]


@dataclass(frozen=True)
class Receipt:
    """What was understood of a submission."""

    path: str
    as_of: str
    period: tuple[str, str]
    files: list[FileRead]
    rows: Mapping[str, int]
    repairs: list[Repair]
    problems: list[Problem]
    reported: list[Reported]
    names: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def receipt_of(records: Records) -> Receipt:
    """The receipt of records that were read."""
    facts, model = records.facts, records.model
    titles = {name: dict(table.title) for name, table in model.tables.items()}
    titles |= {f"{n}.{f.name}": dict(f.title) for n, t in model.tables.items() for f in t.fields if f.title}
    return Receipt(
        records.path,
        facts.as_of.isoformat(),
        (facts.first.isoformat(), facts.last.isoformat()),
        records.read,
        {t: n for t, n in records.rows.items() if not model.tables[t].derive},
        records.repairs,
        records.problems,
        [_reported(records, name) for name in _events(records)],
        _names(records),
        titles,
    )


def _events(records: Records) -> list[str]:
    """The tables of events that were handed in, and that organizations answer for."""
    model, submitted = records.model, records.facts.submitted
    return [
        name
        for name, table in model.tables.items()
        if table.kind == "event" and not table.derive and name in submitted and model.owner_table(name) in submitted
    ]


def _reported(records: Records, name: str) -> Reported:
    row = Row(Joins(records.model), "t", name, is_there=True)
    owner, day = owner_of(row), day_of(row)
    assert owner is not None and day is not None  # asked of tables of events with an owner
    key = owner.raw(records.model.key_of(owner.table))
    columns = {"o": key, "m": q.call("left", q.cast(day, "text"), q.lit(7)), "n": q.call("count", q.star())}
    group = [columns["o"], columns["m"]]
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for organization, month, count in records.db.rows(
        q.select(columns, q.table(name, "t"), row.joins.trees, group=group)
    ):
        if organization is not None:
            found[organization][month or ""] = count
    rows = {o: dict(sorted(m.items())) for o, m in sorted(found.items())}
    return Reported(name, rows, tuple(sorted(records.facts.silent.get(name, ()))))


def _names(records: Records) -> dict[str, str]:
    model = records.model
    owners = {o for t in model.tables if (o := model.owner_table(t)) is not None} & records.facts.submitted
    found: dict[str, str] = {}
    for table in sorted(owners):
        row = Row(Joins(model), "t", table, is_there=True)
        columns = {"k": key_of(row), "n": name_of(row)}
        found |= {k: n or k for k, n in records.db.rows(q.select(columns, q.table(table, "t"), row.joins.trees)) if k}
    return found
