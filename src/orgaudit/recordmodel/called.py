"""What tables, fields and steps are called: one word, and each word for one thing only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from orgaudit.errors import OrgauditError
from orgaudit.recordmodel.fields import Field
from orgaudit.recordmodel.model import RecordModel, reverse_name
from orgaudit.recordmodel.reserved import RESERVED, is_name
from orgaudit.recordmodel.spelling import spelled
from orgaudit.recordmodel.tables import Table
from orgaudit.yamlfile import Path, YamlFile

#: a word, what it is to mean, and where it stands
_Word = tuple[str, str, Path]


def tables_called_alike(model: RecordModel, file: YamlFile) -> Iterator[OrgauditError]:
    """An error for each word for a table, or for one record of it, that is another table's."""
    derived = {n: t for n, t in model.tables.items() if t.derive}
    handed_in = {n: t for n, t in model.tables.items() if not t.derive}
    kinds = (_names, _singulars, _titles, _aliases)
    yield from _alike([w for kind in kinds for w in kind(handed_in)], file)
    of_one_record = [*_singulars(handed_in), *_singulars(derived)]
    yield from (e for e in _alike(of_one_record, file) if e.values["of"] in derived)


def fields_called_alike(table: Table, file: YamlFile, at: Path) -> Iterator[OrgauditError]:
    """An error for each heading of a field that is another's: the column would be read as that."""
    fields: list[tuple[Field, Path]] = [(f, (*at, "fields", i)) for i, f in enumerate(table.fields)]
    handed_in = [(field, path) for field, path in fields if field.computed is None]
    names = [(field.name, field.name, (*path, "name")) for field, path in handed_in]
    yield from _alike([*names, *(w for field, path in handed_in for w in _headings(field, path))], file)


def _headings(field: Field, path: Path) -> Iterator[_Word]:
    yield from ((text, field.name, (*path, "title", language)) for language, text in field.title.items())
    yield from ((text, field.name, (*path, "aliases", i)) for i, text in enumerate(field.aliases))


def _names(tables: dict[str, Table]) -> Iterator[_Word]:
    yield from ((name, name, ("tables", name)) for name in tables)


def _singulars(tables: dict[str, Table]) -> Iterator[_Word]:
    yield from ((table.singular, name, ("tables", name, "singular")) for name, table in tables.items())


def _titles(tables: dict[str, Table]) -> Iterator[_Word]:
    for name, table in tables.items():
        yield from ((text, name, ("tables", name, "title", lang)) for lang, text in table.title.items())


def _aliases(tables: dict[str, Table]) -> Iterator[_Word]:
    for name, table in tables.items():
        yield from ((text, name, ("tables", name, "aliases", i)) for i, text in enumerate(table.aliases))


def _alike(words: Iterable[_Word], file: YamlFile) -> Iterator[OrgauditError]:
    """An error for each word that means something else already, as words are compared."""
    seen: dict[str, str] = {}
    for word, of, path in sorted(words, key=lambda w: _is_brought(w[2], file)):
        other = seen.setdefault(spelled(word), of)
        if spelled(other) != spelled(of):  # names that are alike are told as such
            where = file.where(path, key=len(path) == len(("tables", of)))
            yield OrgauditError("means-another", {"name": word, "of": of, "other": other}, where, "hint-other-name")


def _is_brought(path: Path, file: YamlFile) -> bool:
    """Whether another file brought what stands at a path: that is what clashes, not what was there before."""
    return file.origin(path)[0] is not file


def steps_that_clash(model: RecordModel, name: str, file: YamlFile) -> Iterator[OrgauditError]:
    """An error for each field or step of a table that expressions cannot name, or not alone."""
    seen: set[str] = set()
    steps = [*_own_steps(model.tables[name], ("tables", name)), *_steps_back(model, name)]
    for word, is_own, path in sorted(steps, key=lambda s: _is_brought(s[2], file)):
        if is_own and not is_name(word):
            yield OrgauditError("no-name", {"name": word}, file.where(path))
        if word.casefold() in seen or word in RESERVED:
            hint = None if is_own else "hint-reverse"
            yield OrgauditError("name-clash", {"name": word, "table": name}, file.where(path), hint)
        seen.add(word.casefold())


def _own_steps(table: Table, at: Path) -> Iterator[tuple[str, bool, Path]]:
    yield from ((field.name, True, (*at, "fields", i, "name")) for i, field in enumerate(table.fields))
    for i, key in enumerate(table.foreignKeys):
        yield key.forward, True, (*at, "foreignKeys", i, "name" if key.name else "fields")


def _steps_back(model: RecordModel, name: str) -> Iterator[tuple[str, bool, Path]]:
    for holder, table in model.tables.items():
        for i, key in enumerate(table.foreignKeys):
            if key.target == name:
                word = key.reverse or reverse_name(holder, key.forward if key.is_several else key.field)
                yield word, bool(key.reverse), ("tables", holder, "foreignKeys", i, "reverse")
