"""What a converted table says of each record beside its fields: where it came from, and what of it is unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from orgaudit.recordmodel import Table
from orgaudit.records.cells import column, quoted
from orgaudit.workdb import WorkDb

#: the file of a record (a sheet behind its workbook), its row, the other files in which it stood, the fields of which
#: nobody knows what should stand there, and those whose column was not handed in
FILE_OF, ROW_OF, ALSO_OF, UNKNOWN_OF, MISSING_OF = PROVENANCE = ("_file", "_row", "_also_in", "_unknown", "_missing")
SEPARATOR = "、"
#: the files named by a converted table, with their numbers
NAMED_FILES = "files named"
#: the other files (`file`) in which a record (`row`) has rows
ALSO_IN = "also in"


NOTHING = "0"  #: the bits of no field


@dataclass(frozen=True)
class Place:
    """SQL over a raw row `r`: the number of its file, its line, and the bits of its unknown and its missing cells."""

    file: str
    line: str
    unknown: str = NOTHING
    missing: str = NOTHING


def is_converted(headings: Sequence[str]) -> bool:
    """Whether these are the headings of a converted table."""
    return set(PROVENANCE) <= set(headings)


def headings_of_fields(headings: Sequence[str]) -> list[str]:
    """The headings, blank where they are those of a converted table and no field's."""
    if not is_converted(headings):
        return list(headings)
    return ["" if h in PROVENANCE else h for h in headings]


def place_told(cells: Mapping[str, str], table: Table) -> Place:
    """Where the rows of a converted table say that they came from; `cells` has the SQL of each of its columns."""
    named = f"(select f.number from {column(NAMED_FILES)} f where f.name = {cells[FILE_OF]})"
    return Place(
        named,
        f"try_cast({cells[ROW_OF]} as bigint)",
        _bits(cells[UNKNOWN_OF], table),
        _bits(cells[MISSING_OF], table),
    )


def _bits(cell: str, table: Table) -> str:
    """The bits of the fields that a cell lists."""
    cases = " ".join(f"when {quoted(name)} then {bit}" for name, bit in table.bits.items())
    fields = f"list_distinct(string_split(coalesce({cell}, ''), {quoted(SEPARATOR)}))"
    return f"cast(list_sum(list_transform({fields}, lambda x: case x {cases} else 0 end)) as bigint)"


def name_files(db: WorkDb, raw: str, cells: Mapping[str, str], number: Callable[[str], int], first: int) -> None:
    """Numbers for the files that a converted table names, and what it says of records that stood in several."""
    also = f"unnest(string_split({cells[ALSO_OF]}, {quoted(SEPARATOR)}))"
    rows = f"{column(raw)} r"
    names = db.load(
        f"select name from (select {cells[FILE_OF]} as name, min(r.rowid) as first from {rows} group by 1 union all "
        f"select name, first from (select {also} as name, r.rowid as first from {rows})) "
        "where name <> '' group by name order by min(first), name"
    )
    db.drop(NAMED_FILES)
    db.fill(NAMED_FILES, {"name": "varchar", "number": "bigint"}, [(name, number(name)) for (name,) in names])
    db.load(
        f"insert into {column(ALSO_IN)} select x.first, f.number from (select r.rowid + {first} as first, "
        f"{also} as name from {rows}) x join {column(NAMED_FILES)} f on f.name = x.name"
    )
