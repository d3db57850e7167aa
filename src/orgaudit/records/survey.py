"""A first look at whole columns of a large part: those that need no cleaning, and those of few different texts, each read once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orgaudit.recordmodel import Field, Table
from orgaudit.records.cells import TYPES, cleaned, column, is_clean, longest, quoted, typed
from orgaudit.records.known_columns import KnownColumn
from orgaudit.workdb import WorkDb

#: rows from which on a look at whole columns first is cheaper than a look at each cell
MANY = 10_000
#: a column has few texts if its first rows (`SEEN`) have no more different ones than one in `OFTEN`
SEEN, OFTEN = 20_000, 20


#: texts that are quicker told apart one by one than looked up in a table
BRANCHES = 8


@dataclass(frozen=True)
class Spelled:
    """A column of few different texts: the join with their table, if any, and SQL of the cleaned text and of its value.

    `legible`: every cell can be read, or is blank; `sound`: and none is blank.
    """

    join: str
    text: str
    value: str
    legible: bool
    sound: bool


@dataclass(frozen=True)
class Survey:
    """The cells (SQL) of which every one is kept as it stands, those of them that are nowhere blank, and those of few texts.

    `many`: the part is large enough for a look.
    """

    clean: frozenset[str] = frozenset()
    full: frozenset[str] = frozenset()
    few: frozenset[str] = frozenset()
    many: bool = True


def survey(
    db: WorkDb,
    raw: str,
    cells: Sequence[str],
    known: Mapping[str, KnownColumn],
    missing: Sequence[str],
    *,
    spaced: bool,
) -> Survey:
    """Looks at these cells of the raw rows `r`; at none of a small part. `spaced`: a space may stand anywhere in them."""
    rows = int(db.load(f"select count(*) from {column(raw)}")[0][0])
    if rows < MANY or not cells:
        return Survey(many=rows >= MANY)
    seen = f"(select * from {column(raw)} limit {SEEN}) r"
    different = db.load(f"select {', '.join(f'count(distinct {c})' for c in cells)} from {seen}")[0]
    few = frozenset(c for c, n in zip(cells, different, strict=True) if n * OFTEN <= min(rows, SEEN))
    many = [c for c in cells if c not in few]
    even = [c for c in many if c in known and known[c].least > " " and known[c].shortest > longest(missing)]
    clean = frozenset(_without_end(db, raw, even) if spaced else even)
    clean |= frozenset(_looked_at(db, raw, [c for c in many if c not in even], missing))
    return Survey(clean, frozenset(c for c in clean if c in known and known[c].full), few)


def _without_end(db: WorkDb, raw: str, cells: Sequence[str]) -> list[str]:
    """Those of columns of ASCII, which begin with no space and are too long for a word for nothing, that end in no space."""
    if not cells:
        return []
    ends = ", ".join(f"min(ascii(({c})[-1]))" for c in cells)
    found = db.load(f"select {ends} from {column(raw)} r")[0]
    return [c for c, end in zip(cells, found, strict=True) if end > ord(" ")]


def _looked_at(db: WorkDb, raw: str, cells: Sequence[str], missing: Sequence[str]) -> list[str]:
    """Those of which each cell is found to be clean."""
    if not cells:
        return []
    looks = [
        q for i, c in enumerate(cells) for q in (f"{c} as c{i}", f"ascii({c}) as a{i}", f"ascii(({c})[-1]) as z{i}")
    ]
    asked = [is_clean(f"c{i}", f"a{i}", f"z{i}", missing) for i in range(len(cells))]
    counts = ", ".join(f"count(*) filter (c{i} is not null and not {clean})" for i, clean in enumerate(asked))
    found = db.load(f"select {counts} from (select {', '.join(looks)} from {column(raw)} r)")[0]
    return [c for c, unclean in zip(cells, found, strict=True) if not unclean]


def spell(db: WorkDb, raw: str, table: Table, cells: Mapping[str, str], missing: Sequence[str]) -> dict[str, Spelled]:
    """Reads each different text of these fields once: field → how its cells are looked up."""
    found: dict[str, Spelled] = {}
    for name, cell in cells.items():
        spellings, alias = column(f"spelled {name}"), column(f"s {name}")
        value, text = typed(table.by_name[name], "text"), cleaned("was", missing)
        texts = (
            f"select was, n, {text} as text from (select {cell} as was, count(*) as n from {column(raw)} r group by 1)"
        )
        db.load(f"create or replace temp table {spellings} as select was, text, {value} as value, n from ({texts})")
        asked = "bool_and(value is not null or text is null), bool_and(value is not null)"
        ((legible, sound),) = db.load(f"select {asked} from {spellings}")
        join = f"left join {spellings} {alias} on {alias}.was = {cell}"
        told_apart = _told_apart(db, spellings, table.by_name[name], cell)
        found[name] = Spelled(*(told_apart or (join, f"{alias}.text", f"{alias}.value")), bool(legible), bool(sound))
    return found


def _told_apart(db: WorkDb, spellings: str, field: Field, cell: str) -> tuple[str, str, str] | None:
    """How a cell is looked up where there are very few texts and their values can be written down: the most frequent first."""
    if field.type == "list":
        return None
    said = f"select was, text, cast(value as varchar) from {spellings} where was is not null"
    rows = db.load(f"{said} order by n desc, was limit {BRANCHES + 1}")
    if not rows or len(rows) > BRANCHES:
        return None
    texts = _branches(cell, {was: text and quoted(text) for was, text, _ in rows})
    values = {was: value and f"cast({quoted(value)} as {TYPES[field.type]})" for was, _, value in rows}
    return "", texts, _branches(cell, values)


def _branches(cell: str, found: Mapping[str, str | None]) -> str:
    whens = " ".join(f"when {cell} = {quoted(was)} then {sql or 'null'}" for was, sql in found.items())
    return f"case {whens} end"


def forget(db: WorkDb, spelled: Mapping[str, Spelled]) -> None:
    """The looked-up texts are not needed any more."""
    for name in spelled:
        db.drop(f"spelled {name}")
