"""Persons in the names of files, sheets and folders: what stands in a personal column and in a path."""

from __future__ import annotations

from collections.abc import Iterator, Set
from itertools import chain

from orgaudit.findings import STRAY
from orgaudit.recordmodel import Field, RecordModel, even, simplified, spelled, spellings, standing_in
from orgaudit.records.beside import bare_name
from orgaudit.records.cells import column
from orgaudit.records.load import Records


def named_in_paths(records: Records, personal: Set[str]) -> frozenset[str]:
    """The texts of personal columns, and the names that stand where keys of persons belong, that stand in a path of the
    records too; words of the record model (`请假`) are nobody's. `personal` is that of the audit.
    """
    paths = {part for path in _paths(records) for part in path.split("/")}
    words = chain(_cells(records, paths), _strays(records, personal))
    known = _words_of(records.model)
    return frozenset(w for w in standing_in(paths, words) if spelled(w) not in known)


def _paths(records: Records) -> Iterator[str]:
    yield records.path
    yield from records.files
    yield from (read.path for read in records.read)
    for problem in records.problems:
        yield problem.file
        yield from () if problem.table else (problem.value or "",)


def _cells(records: Records, paths: set[str]) -> Iterator[str]:
    """What stands in personal columns of text, as far as it may stand in a path: its length, its first and last character."""
    characters = spellings({c for path in paths for c in simplified(even(path))})
    for name, table in records.model.tables.items():
        for field in filter(_is_text_about_persons, table.fields):
            cell = column(field.name)
            letters = f"regexp_replace({cell}, '[^\\p{{L}}\\p{{N}}]', '', 'g')"
            all_ = f"select distinct {cell}, {letters} l from {column(name)} where length({cell}) between 2 and ?"
            found = f"select {cell} from ({all_}) where contains(?, left(l, 1)) and contains(?, right(l, 1))"
            yield from (text for (text,) in records.db.load(found, [max(map(len, paths)), characters, characters]))


def _is_text_about_persons(field: Field) -> bool:
    return field.personal and field.type == "string" and not field.categories


def _strays(records: Records, personal: Set[str]) -> Iterator[str]:
    strays = (p for p in records.problems if p.code in STRAY and p.values["target"] in personal)
    return (word for p in strays if p.value for word in {p.value, bare_name(p.value)})


def _words_of(model: RecordModel) -> set[str]:
    words = set[str]()
    for name, table in model.tables.items():
        words |= {name, table.singular, *table.title.values(), *table.aliases}
        words.update(*(field.headings for field in table.fields))
    return {spelled(word) for word in words}
