"""The raw rows of a part as those of their table, typed, in one statement."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import asdict

from orgaudit.expressions import FILE, LINE, MISSING_BITS, ROW, UNKNOWN_BITS
from orgaudit.recordmodel import Table
from orgaudit.records.cells import TYPES, column, typed
from orgaudit.records.provenance import NOTHING, Place
from orgaudit.records.rawrows import RAW
from orgaudit.records.survey import Spelled


def typed_rows(
    table: Table,
    cells: Mapping[str, str],
    place: Place,
    first: int,
    spelled: Mapping[str, Spelled],
    raw: str = RAW,
) -> str:
    """The select that types raw rows for their table, numbered from `first`.

    `cells` has the SQL of each text; the fields that are `spelled` are looked up.
    """
    sound = {name for name, found in spelled.items() if found.sound}
    whence = {f"of {name}": sql for name, sql in asdict(place).items()}
    texts = {column(f"t {n}"): spelled[n].text if n in spelled else sql for n, sql in cells.items()}
    known = {column(f"v {n}"): found.value for n, found in spelled.items()}
    values = {column(n): column(f"v {n}") if n in spelled else typed(table.by_name[n], column(f"t {n}")) for n in cells}
    inner = _named(texts | known | {column(n): sql for n, sql in whence.items()} | {"_at": "r.rowid"})
    middle = ", ".join([_named(values), *texts, *(column(n) for n in whence), "_at"]).lstrip(", ")
    marks = [f"_at + {first}", *_masks(table, cells, sound, place), column("of file"), column("of line")]
    made = ["null" if f.name not in cells else "" for f in table.fields] + marks + ["null"] * len(table.hidden)
    # what is typed already stands for itself
    outer = ", ".join(
        f"cast({sql} as {kind}) as {name}" if sql else name
        for sql, (name, kind) in zip(made, columns_of(table), strict=True)
    )
    rows = " ".join([f"{column(raw)} r", *(found.join for found in spelled.values())])
    return f"select {outer} from (select {middle} from (select {inner} from {rows}))"


def columns_of(table: Table) -> list[tuple[str, str]]:
    """The columns of a table with their types; the engine adds row number, masks, file and line, and what is settled later."""
    own = [(column(f.name), TYPES[f.type]) for f in table.fields]
    marks = [(ROW, "bigint"), (UNKNOWN_BITS, "bigint"), (MISSING_BITS, "bigint"), (FILE, "integer"), (LINE, "bigint")]
    return [*own, *marks, *((column(name), kind) for name, kind in table.hidden.items())]


def _named(columns: Mapping[str, str]) -> str:
    return ", ".join(f"{sql} as {name}" for name, sql in columns.items())


def _masks(table: Table, cells: Mapping[str, str], sound: Set[str], place: Place) -> tuple[str, str]:
    """The bits of the cells that are unknown, none of which are `sound`, and of those whose column was not handed in."""
    absent = [f for f in table.handed_in if f.name not in cells and f.absent == "unknown"]
    missing = str(sum(table.bits[f.name] for f in absent))
    unread = [
        _bit(f"{column(f't {n}')} is not null and {column(n)} is null", table.bits[n])
        for n in cells
        if n not in sound and (table.by_name[n].type != "string" or table.by_name[n].categories)
    ]
    unknown = " + ".join([*unread, missing])
    if place.unknown == NOTHING:
        return unknown, missing
    blank = " + ".join([_bit(f"{column(n)} is null", table.bits[n]) for n in cells] or ["0"])
    said = column("of missing")
    return f"({unknown}) | ({column('of unknown')} & ({blank})) | {said}", f"{missing} | {said}"


def _bit(condition: str, bit: int) -> str:
    return f"case when {condition} then {bit} else 0 end"
