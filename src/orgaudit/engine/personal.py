"""What of an audit is about persons: tables, fields, rules and the values that they are multiplied by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orgaudit.expressions import FieldRef, walk
from orgaudit.records import Records
from orgaudit.standards import Rule, Standard


def personal(records: Records, standards: Sequence[Standard]) -> frozenset[str]:
    """The members of `Audit.personal`."""
    persons = set(_named_tables(records))
    breaches = _breaches(standards, persons)
    references = _references(records, persons)
    return frozenset(
        {*persons, *_fields(records), *references, *breaches, *_each(records, standards), *_keys(standards)}
    )


def _fields(records: Records) -> Iterator[str]:
    """`table.heading` of the fields that say something about a person, by every heading; `table.` of those that have any."""
    for name, table in records.model.tables.items():
        for field in table.fields:
            if field.personal:
                yield from (f"{name}.{heading}" for heading in field.headings)
                yield f"{name}."
    for read in records.read:  # headings as they were written above the columns
        fields = records.model.tables[read.table].by_name
        yield from (f"{read.table}.{heading}" for n, heading in read.matched.items() if fields[n].personal)


def _references(records: Records, persons: set[str]) -> Iterator[str]:
    """The fields that refer to persons (`names TABLE.FIELD`): in the cells names may stand."""
    for name, table in records.model.tables.items():
        yield from (f"names {name}.{f}" for key in table.foreignKeys if key.target in persons for f in key.fields)


def _named_tables(records: Records) -> Iterator[str]:
    """The tables whose names are those of persons."""
    model, found = records.model, set[str]()
    for name, table in model.tables.items():
        own = table.field_with("name")
        if own is not None and table.by_name[own].personal:
            found.add(name)
    yield from found
    for name, table in model.tables.items():  # named by a path to another record
        *steps, last = (table.name or "").split(".")
        at = name
        for step in steps:
            at = model.tables[at].forwards[step].target
        if table.name and (
            at in found or (last in model.tables[at].by_name and model.tables[at].by_name[last].personal)
        ):
            yield name


def _breaches(standards: Sequence[Standard], persons: set[str]) -> Iterator[str]:
    """The rules about breaches (`breaches STANDARD RULE`) that bind, in the end, persons."""
    for standard in standards:
        for rule in standard.rules:
            table = rule.subject.table
            while standard.model.tables[table].holds_breaches:
                table = standard.model.tables[table].foreignKeys[0].target
            if rule.breaches_of and table in persons:
                yield f"breaches {rule.standard} {rule.id}"


def _keys(standards: Sequence[Standard]) -> Iterator[str]:
    """The rules (`keys STANDARD RULE`) and tables (`keys TABLE`) of breaches in whose keys values about persons stand."""
    for standard in standards:
        telling = {r.id for r in standard.rules if any(_is_about_persons(r, n, standard) for n in r.each)}
        for rule in standard.rules:
            todo = list(rule.breaches_of)
            for of in todo:  # grows while it is walked: breaches may be of breaches
                todo += [b for r in standard.rules if r.id == of for b in r.breaches_of if b not in todo]
            if telling & set(todo):
                yield from (f"keys {rule.standard} {rule.id}", f"keys {rule.subject.table}")


def _each(records: Records, standards: Sequence[Standard]) -> Iterator[str]:
    """The values of `each` (`each STANDARD RULE NAME`) that are found in fields about persons."""
    for standard in standards:
        for rule in standard.rules:
            yield from (
                f"each {rule.standard} {rule.id} {n}" for n in rule.each if _is_about_persons(rule, n, standard)
            )


def _is_about_persons(rule: Rule, name: str, standard: Standard) -> bool:
    value = rule.each[name].value
    fields = [n for n in walk(value) if isinstance(n, FieldRef)] if value is not None else []
    return any(standard.model.tables[f.table].by_name[f.name].personal for f in fields)
