"""What breaches take over from their checks: the values of `each`, once it is known what the rules go through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast, get_args

from orgaudit.expressions import FieldRef, Scope
from orgaudit.recordmodel import Category, Field, FieldType, ForeignKey, RecordModel, ReferenceTarget, Table
from orgaudit.standards.breaches import rules_of
from orgaudit.standards.language import RuleKeys
from orgaudit.standards.places import Places
from orgaudit.standards.rules import EachOf
from orgaudit.standards.subjects import SubjectReader
from orgaudit.standards.vocabulary import Layer, Vocabulary

Eaches = Mapping[str, tuple[Field, ForeignKey | None]]


def carry_values(vocabulary: Vocabulary, standard: str, names: Sequence[str]) -> None:
    """Gives the breaches of rules with `each` a field for each of its names; of several rules, for those they have in common."""
    written = {keys.id: (layer, keys) for layer in vocabulary.layers for _, keys in layer.rules}
    known: dict[str, Eaches] = {}
    for table in list(vocabulary.model.tables):
        rules = rules_of(table, standard)
        for rule in (r for r in rules if r not in known):
            known[rule] = _eaches(vocabulary, standard, names, *written[rule])
        common = [n for n in (known[rules[0]] if rules else ()) if _is_one([known[r].get(n) for r in rules])]
        if common:
            _widen(vocabulary, table, [known[rules[0]][n] for n in common])


def _is_one(found: Sequence[tuple[Field, ForeignKey | None] | None]) -> bool:
    """Whether all rules go through values of one kind."""
    return all(f is not None and found[0] is not None and f == found[0] for f in found)


def _eaches(vocabulary: Vocabulary, standard: str, names: Sequence[str], layer: Layer, keys: RuleKeys) -> Eaches:
    """The fields that the values of a rule's `each` make; what is wrong with it is told where the rule is read."""
    if not keys.each:
        return {}
    silent = replace(layer, places=Places(layer.places.file))
    reader, found = SubjectReader(vocabulary, silent, standard, names), dict[str, EachOf]()
    with silent.places.at(("rules",)):
        subject, _ = reader.subject(keys, ("rules",))
        row = subject.table
        found = dict(reader.each(keys, Scope(vocabulary.model, vocabulary.names, row=row, subject=row), ("rules",)))
    return {name: _field(name, each, reader) for name, each in found.items()}


def _field(name: str, each: EachOf, reader: SubjectReader) -> tuple[Field, ForeignKey | None]:
    column, tables = f"each {name}", reader.model.tables
    if isinstance(each.value, FieldRef):
        like = tables[each.value.table].by_name[each.value.name]
        return Field(name=column, type=like.type, title=like.title, categories=like.categories), None
    kind = cast(
        "FieldType", each.type if each.type in get_args(FieldType) else "string"
    )  # shares and durations are texts
    title = {"en": name, "zh": name}
    if each.table is not None:
        target = ReferenceTarget(resource=each.table, fields=tables[each.table].primaryKey)
        return Field(name=column, type=kind, title=title), ForeignKey(
            fields=[column], reference=target, name=column, reverse="_breaches"
        )
    texts = [Category(value=str(v)) for v in reader.listed_in(each)] if each.type == "string" else []
    return Field(name=column, type=kind, title=title, categories=texts), None


def _widen(vocabulary: Vocabulary, name: str, carried: Sequence[tuple[Field, ForeignKey | None]]) -> None:
    model = vocabulary.model
    table = model.tables[name]
    keys = [key for _, key in carried if key is not None]
    wider = {f: getattr(table, f) for f in Table.model_fields} | {
        "fields": [*table.fields, *(field for field, _ in carried)],
        "foreignKeys": [*table.foreignKeys, *keys],
    }
    tables = {**model.tables, name: Table.model_construct(**wider)}
    vocabulary.model = RecordModel.model_construct(**{**dict(model), "tables": tables})
