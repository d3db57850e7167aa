"""Reads a record model and checks that its names fit together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from orgaudit.errors import OrgauditError, OrgauditErrors, did_you_mean
from orgaudit.recordmodel.model import RecordModel, Table
from orgaudit.recordmodel.validation import validated
from orgaudit.yamlfile import YamlFile, read_yaml

RESERVED = frozenset(  # the language's own words, and those that SQL cannot take bare
    [
        "subject",
        "each",
        "audit",
        "breach",
        "breaches",
        "previous",
        "next",
        "event",
        "as_of",
        "is",
        "in",
        "and",
        "or",
        "not",
        "case",
        "then",
        "else",
        "end",
        "between",
        "null",
        "true",
        "false",
        "recorded",
        "dated",
        "ever",
        "of",
        "from",
        "on",
        "select",
        "where",
        "with",
        "join",
        "when",
        "any",
        "set",
        "union",
        "show",
        "desc",
        "using",
        "inner",
        "cross",
        "lateral",
        "fetch",
    ]
)
_MOST_FIELDS = 60  # two bit masks of one machine word carry the state of a row's cells


def load_record_model(path: Path, name: str | None = None) -> RecordModel:
    """The record model in a file; raises OrgauditErrors with everything that is wrong in it."""
    file = read_yaml(path, name)
    model, errors = validated(RecordModel, file)
    if model is not None:
        errors = [e for table in model.tables for e in _table_errors(model, table, file)]
    if model is None or errors:
        raise OrgauditErrors(errors)
    return model


def _table_errors(model: RecordModel, name: str, file: YamlFile) -> Iterator[OrgauditError]:
    table, at = model.tables[name], file.where(("tables", name), key=True)
    for key in table.foreignKeys:
        if key.target not in model.tables:
            yield OrgauditError("unknown-table", did_you_mean(key.target, model.tables), at)
        elif len(model.tables[key.target].primaryKey) != 1 or len(key.fields) != 1:
            yield OrgauditError("not-built", {"what": f"a reference of several columns ({name}.{key.forward})"}, at)
        if key.field not in table.by_name:
            yield OrgauditError("unknown-name", did_you_mean(key.field, table.by_name), at)
    for field in table.primaryKey:
        if field not in table.by_name:
            yield OrgauditError("unknown-name", did_you_mean(field, table.by_name), at)
    if len(table.fields) > _MOST_FIELDS:
        yield OrgauditError("too-many-fields", {"table": name, "most": _MOST_FIELDS}, at)
    for clash in _clashes(model, name, table):
        yield OrgauditError("name-clash", {"name": clash, "table": name}, at)
    yield from _role_errors(name, table, file)


def _clashes(model: RecordModel, name: str, table: Table) -> Iterator[str]:
    seen: set[str] = set()
    reverse = [k.reverse or "" for t in model.tables.values() for k in t.foreignKeys if k.target == name and k.reverse]
    for word in [*(f.name for f in table.fields), *(k.forward for k in table.foreignKeys), *reverse]:
        if word in seen or word in RESERVED:
            yield word
        seen.add(word)


def _role_errors(name: str, table: Table, file: YamlFile) -> Iterator[OrgauditError]:
    roles = [f.role for f in table.fields if f.role]
    twice = len(roles) != len(set(roles))
    event, state = table.time or "when" in roles, {"valid_from", "valid_to"} & set(roles)
    if twice or (event and state):
        yield OrgauditError("two-times", {"table": name}, file.where(("tables", name), key=True))
    for i, field in enumerate(table.fields):
        at = file.where(("tables", name, "fields", i))
        if field.role in ("when", "valid_from", "valid_to") and field.type != "date":
            yield OrgauditError("wrong-value", {"key": "role", "value": field.role, "reason": "not a date"}, at)
        if field.blank in ("open", "not_yet") and field.type != "date":
            yield OrgauditError("wrong-value", {"key": "blank", "value": field.blank, "reason": "not a date"}, at)
