"""Whether the expressions of a record model say what they can: those of computed fields and of derived tables."""

from __future__ import annotations

from collections.abc import Iterator

from orgaudit.errors import OrgauditError
from orgaudit.expressions import Scope, check_aggregate, check_belongs, check_cell, check_computed, scope_of
from orgaudit.recordmodel import Derivation, RecordModel, Table
from orgaudit.standards.places import Places
from orgaudit.yamlfile import Path, YamlFile


def expression_errors(model: RecordModel, file: YamlFile) -> Iterator[OrgauditError]:
    """Everything that is wrong in the expressions of a record model, each with its place."""
    places = Places(file)
    for name, table in model.tables.items():
        at: Path = ("tables", name)
        for i, field in enumerate(table.fields):
            if field.computed is not None:
                with places.at((*at, "fields", i, "computed")):
                    check_computed(model, name, field)
        for i, derivation in enumerate(table.derive):
            _check_derivation(derivation, table, scope_of(model, derivation), places, (*at, "derive", i))
    yield from places.errors


def _check_derivation(derivation: Derivation, table: Table, scope: Scope, places: Places, path: Path) -> None:
    with places.at((*path, "where")):
        check_belongs(derivation, scope)
    for i, (name, text) in enumerate((derivation.key or {}).items()):
        by_name = (*path, "key", name)
        with places.at(by_name if places.file.has(by_name) else (*path, "key", i)):
            check_cell(text, table.by_name[name], scope)
    for name, value in derivation.fields.items():
        with places.at((*path, "fields", name)):
            asked = check_cell if derivation.key is None else check_aggregate
            asked(str(value), table.by_name[name], scope)
