"""What a column of raw rows says: the text of each cell, cleaned only where that is needed, and where it is made even."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from orgaudit.recordmodel import Field, Table
from orgaudit.records.cells import cleaned, cleaned_text, column
from orgaudit.records.rawrows import RAW, RawRows
from orgaudit.records.repairs import STRANGE, named
from orgaudit.records.survey import Spelled, spell, survey
from orgaudit.workdb import WorkDb


@dataclass(frozen=True)
class Texts:
    """By field the SQL of the text of each cell, how those of few texts are looked up, and the fields that are `sound`.

    `are_values`: every cell is a text that is kept as it stands in its row, or one of a few that can all be read.
    """

    texts: Mapping[str, str]
    spelled: Mapping[str, Spelled]
    sound: frozenset[str]
    are_values: bool


def read_cells(db: WorkDb, read: RawRows, table: Table, cells: Mapping[str, str], missing: Sequence[str]) -> Texts:
    """Looks at the columns of raw rows; `cells` has for each field the SQL of what is written."""
    plain = {f"r.c{i}" for i in range(len(read.part.headings))} & set(cells.values())
    looked = survey(db, RAW, sorted(plain), read.known, missing, spaced=read.part.spaced)
    few = {n: c for n, c in cells.items() if c in looked.few and not _is_evened(table, table.by_name[n])}
    spelled = spell(db, RAW, table, few, missing)
    plainly = {n: c if c in looked.clean else cleaned(c, missing, many=looked.many) for n, c in cells.items()}
    texts = {n: _text(db, table, table.by_name[n], c, plainly[n], is_plain=c in read.known) for n, c in cells.items()}
    kept = {n for n, text in texts.items() if text in (cells[n], _column(n)) and _is_text(table.by_name[n])}
    sound = {n for n, c in cells.items() if c in looked.full and texts[n] == c and n in kept}
    values = kept | {n for n, told in spelled.items() if told.legible and not told.join}
    sound |= {n for n, told in spelled.items() if told.sound}
    return Texts(texts, spelled, frozenset(sound), set(cells) <= values)


def _text(db: WorkDb, table: Table, field: Field, cell: str, text: str, *, is_plain: bool) -> str:
    """The SQL of a raw cell as it is kept; what is not plain ASCII is normalised by Python, each text once."""
    if _is_normalised(field):
        return _evened(
            db, field, text, lambda t: cleaned_text(field.plain(t)), "not regexp_full_match(t, '[\\x00-\\x7F]*')"
        )
    if is_plain or not _is_evened(table, field):
        return text
    found = db.load(f"select 1 from {column(RAW)} r where {_is_strange(cell)} limit 1")
    return _evened(db, field, text, named, _is_strange("t")) if found else text


def _evened(db: WorkDb, field: Field, text: str, even: Callable[[str], str | None], strange: str) -> str:
    """A column of the raw rows in which every strange text is made even."""
    kept, raw = column(f"plain {field.name}"), column(RAW)
    db.load(f"alter table {raw} add column {kept} varchar")
    db.load(f"update {raw} r set {kept} = {text}")
    texts = db.load(f"select distinct t from (select {kept} as t from {raw}) where {strange}")
    db.fill("spellings", {"text": "varchar", "plain": "varchar"}, [(t, even(t)) for (t,) in texts])
    if "casefold" in field.normalize:
        db.load(f"update {raw} set {kept} = lower({kept}) where regexp_full_match({kept}, '[\\x00-\\x7F]*')")
    db.load(f"update {raw} r set {kept} = s.plain from spellings s where s.text = r.{kept}")
    db.drop("spellings")
    return _column(field.name)


def _column(field: str) -> str:
    return f"r.{column(f'plain {field}')}"


def _is_normalised(field: Field) -> bool:
    return bool(set(field.normalize) & {"casefold", "fullwidth"})


def _is_evened(table: Table, field: Field) -> bool:
    """Whether more is done to a text than cleaning: it is normalised, or names a record."""
    is_name = field.role == "name" or field.name in table.naming
    return _is_normalised(field) or (field.type == "string" and not field.categories and is_name)


def _is_text(field: Field) -> bool:
    """Whether any text is a value."""
    return field.type == "string" and not field.categories


def _is_strange(text: str) -> str:
    """SQL: a text that names a record has wide forms, or characters that nobody sees."""
    return f"(strlen({text}) <> length({text}) and regexp_matches({text}, {STRANGE}))"
