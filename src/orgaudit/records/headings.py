"""Which column is which field: by its heading; a key before a name, and a name before a column that only counts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from orgaudit.recordmodel import Field, Table, spelled
from orgaudit.records.problems import Problem

#: headings of columns that only count the rows
SERIALS = frozenset({"序号", "序列", "行号", "顺序号", "no.", "no", "#", "serial"})
#: headings of keys that, beside another column for the key, only count the rows
_COUNTERS = SERIALS | {"编号"}


@dataclass
class Columns:
    """For each field found the position of its column, and of the column with its year; what is wrong with the headings."""

    fields: dict[str, int] = field(default_factory=dict)
    years: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def read(self) -> set[int]:
        """The positions of all columns that are read."""
        return {*self.fields.values(), *self.years.values()}


def fields_by_heading(table: Table) -> dict[str, str]:
    """The field that each spelling of a heading means; of two the first."""
    return {spelled(h): f.name for f in reversed(table.handed_in) for h in reversed(f.headings)}


def fields_by_name_heading(table: Table) -> dict[str, str]:
    """The field that each heading of a column with names fills, where no column has the keys."""
    keys = [k for k in table.foreignKeys if not k.is_several]
    return {spelled(h): k.field for k in reversed(keys) for h in k.named.headings}


def _fields_by_year(table: Table) -> dict[str, str]:
    return {spelled(h): f.name for f in table.handed_in for h in f.year}


def all_headings(table: Table) -> dict[str, str]:
    """Every heading that a table knows, with the field it is about."""
    return _fields_by_year(table) | fields_by_name_heading(table) | fields_by_heading(table)


def columns_of_fields(
    headings: Sequence[str], table: Table, given: Collection[str], at: tuple[str, int, str]
) -> Columns:
    """The columns of the fields of a table; `given` are those that need none, `at` is file, line and table."""
    found = Columns()
    rest = list(_first_for(headings, table, given, at, found))
    rest = list(_names_for(rest, table, given, at, found))
    years = _fields_by_year(table)
    for i, heading in rest:
        name = years.get(spelled(heading))
        if name in found.fields and name not in found.years:
            found.years[str(name)] = i
        elif spelled(heading) not in SERIALS:
            found.problems.append(Problem("extra-label", *_place(heading, at)))
    for field_ in table.handed_in:
        if field_.absent == "unknown" and field_.name not in found.fields and field_.name not in given:
            found.problems.append(_missing(field_, at))
    return found


def _first_for(
    headings: Sequence[str], table: Table, given: Collection[str], at: tuple[str, int, str], found: Columns
) -> Iterator[tuple[int, str]]:
    """Gives each field its first column, one that may only count the rows last; the headings of no field are left."""
    known = fields_by_heading(table)
    ordered = sorted(enumerate(headings), key=lambda item: spelled(item[1]) in _COUNTERS)
    for i, heading in ordered:
        name = known.get(spelled(heading))
        if not heading.strip():
            continue
        if name is None:
            yield i, heading
        elif name not in found.fields and name not in given:
            found.fields[name] = i
        elif spelled(heading) not in _COUNTERS:
            found.problems.append(Problem("duplicate-label", *_place(heading, at), {"field": name}))


def _names_for(
    rest: Sequence[tuple[int, str]], table: Table, given: Collection[str], at: tuple[str, int, str], found: Columns
) -> Iterator[tuple[int, str]]:
    """Gives a reference that has no column of keys its column of names."""
    known = fields_by_name_heading(table)
    for i, heading in rest:
        name = known.get(spelled(heading))
        if name is None:
            yield i, heading
        elif name not in found.fields and name not in given:
            found.fields[name] = i
        else:
            found.problems.append(Problem("name-beside-key", *_place(heading, at), {"field": name}))


def _place(heading: str, at: tuple[str, int, str]) -> tuple[str, int, str, None, str]:
    file, line, table = at
    return file, line, heading, None, table


def _missing(field_: Field, at: tuple[str, int, str]) -> Problem:
    code = "missing-required-label" if field_.constraints.required else "missing-label"
    title = field_.title.get("zh", field_.name)
    headings = ", ".join(dict.fromkeys([field_.name, title, *field_.aliases]))
    return Problem(code, *_place(field_.name, at), {"headings": headings})
