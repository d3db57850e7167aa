"""The records of a scenario: those of its file and its own, with what the record model demands filled in.

A record with the key of one of the file's says only what is different. A key that is left out is made up; a reference
that is demanded and left out leads to the one record of its table, where there is just one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from orgaudit.errors import OrgauditError, did_you_mean
from orgaudit.proof.keys import Given
from orgaudit.proof.outline import FOR, Variables, repeated
from orgaudit.recordmodel import ForeignKey, RecordModel, Table
from orgaudit.records import WrittenRow
from orgaudit.standards.places import Places
from orgaudit.yamlfile import Path

Tables = Mapping[str, tuple[WrittenRow, ...]]


@dataclass
class _Record:
    line: int
    fields: dict[str, str] = field(default_factory=dict)


def written(base: Given, own: Given, path: Path, variables: Variables, model: RecordModel, places: Places) -> Tables:
    """The rows of every table that has some; wrong names and values are errors at their places."""
    tables: dict[str, list[_Record]] = {}
    for given, place in ((base, ("records",)), (own, path)):
        for name, rows in given.items():
            with places.at((*place, name), key=True):
                table = _table(name, model)
                for i, row in enumerate(rows or ()):
                    _add(tables.setdefault(name, []), row, table, name, (*place, name, i), variables, places)
    for name, records in tables.items():
        _make_up_keys(records, model.tables[name])
    for name, records in tables.items():
        for key in model.tables[name].foreignKeys:
            _lead_to_the_only_one(records, model.tables[name], key, tables.get(key.target, []), model)
    return {name: tuple(WrittenRow(r.line, r.fields) for r in records) for name, records in tables.items()}


def _table(name: str, model: RecordModel) -> Table:
    handed_in = {n: t for n, t in model.tables.items() if not t.derive}
    if name in model.tables and name not in handed_in:
        raise OrgauditError("given-derived", {"table": name})
    if name not in handed_in:
        raise OrgauditError("unknown-table", did_you_mean(name, handed_in))
    return handed_in[name]


def _add(
    records: list[_Record],
    row: Mapping[str, Any],
    table: Table,
    name: str,
    place: Path,
    variables: Variables,
    places: Places,
) -> None:
    """The records of one row, or what it changes in those that are there."""
    known = [f.name for f in table.handed_in]
    for key in row:
        with places.at((*place, key), key=True):
            if key != FOR and key not in known:
                raise OrgauditError("unknown-name", did_you_mean(key, known))
    line = places.file.where(place).line
    with places.at(place):
        for values in repeated(row, variables):
            fields = {key: _text(value) for key, value in values.items() if key in known}
            same = next((r for r in records if _is_same(r.fields, fields, table)), None)
            if same is None:
                records.append(_Record(line, fields))
            else:
                same.line, same.fields = line, {**same.fields, **fields}


def _is_same(one: Mapping[str, str], other: Mapping[str, str], table: Table) -> bool:
    keys = [(one.get(k), other.get(k)) for k in table.primaryKey]
    return all(a is not None and a != "" and a == b for a, b in keys)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "、".join(map(_text, value))
    return "" if value is None else str(value)


def _make_up_keys(records: list[_Record], table: Table) -> None:
    """`meeting-3` for the third record, where the key is one text that is left out and no reference."""
    key = table.primaryKey[0]
    if len(table.primaryKey) > 1 or key not in table.by_name or table.by_name[key].type != "string":
        return
    if any(key in k.fields for k in table.foreignKeys):
        return
    for i, record in enumerate(records, 1):
        record.fields.setdefault(key, f"{table.singular}-{i}")


def _lead_to_the_only_one(
    records: list[_Record], table: Table, key: ForeignKey, targets: list[_Record], model: RecordModel
) -> None:
    if len(targets) != 1:
        return
    for name, of in zip(key.fields, model.tables[key.target].primaryKey, strict=True):
        demanded = name in table.primaryKey or table.by_name[name].constraints.required
        for record in records if demanded else ():
            record.fields.setdefault(name, targets[0].fields.get(of, ""))
