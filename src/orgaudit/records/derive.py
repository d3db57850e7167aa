"""Derived tables: histories made from what was handed in, by the record model's own expressions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from orgaudit import sql as q
from orgaudit.errors import OrgauditError
from orgaudit.expressions import FILE, LINE, MISSING_BITS, ROW, UNKNOWN_BITS, check_cell
from orgaudit.recordmodel import RecordModel, Table
from orgaudit.records.compute import compute
from orgaudit.records.facts import Facts
from orgaudit.records.filled import know_cells
from orgaudit.records.made import made_over, mask, nothing, placed
from orgaudit.records.neighbours import link_neighbours
from orgaudit.records.origin import Origin
from orgaudit.records.problems import Problem
from orgaudit.records.references import References
from orgaudit.records.settle import settle, settle_days
from orgaudit.records.summarize import summarized
from orgaudit.records.trees import plant_trees
from orgaudit.workdb import WorkDb


def derive_tables(
    db: WorkDb, model: RecordModel, facts: Facts, first_row: int, references: References
) -> Iterator[Problem]:
    """Fills every derived table in the order in which they stand; afterwards it counts as submitted if its sources were."""
    row_number = first_row
    for name, table in model.tables.items():
        if not table.derive:
            continue
        before, left_out = row_number, Counter[str]()
        for i, derivation in enumerate(table.derive):
            made_, unknown = _derived(db, model, facts, name, i, row_number)
            row_number += made_
            left_out[derivation.from_] = max(unknown, left_out[derivation.from_])  # in doubt in several ways
        if row_number > before:
            facts.filled.add(name)
        yield from (
            Problem("left-out-of-derivation", table=name, values={"count": count, "source": source})
            for source, count in left_out.items()
            if count
        )
        yield from _settle(db, model, name, facts, references)
        if any(d.from_ in facts.submitted for d in table.derive):
            facts.submitted.add(name)
        know_cells(db, model, facts, [name])


def _derived(db: WorkDb, model: RecordModel, facts: Facts, name: str, number: int, first_row: int) -> tuple[int, int]:
    """How many rows one derivation of a table makes, and how many of its source may belong there, or not."""
    table, derivation = model.tables[name], model.tables[name].derive[number]
    try:
        origin = Origin(model, derivation, facts.cells)
        truth, query = _rows(origin, table, first_row)
    except OrgauditError as e:
        raise placed(e, model.records, name, "derive", number) from e
    if derivation.from_ in facts.cells.empty:
        return 0, 0  # nothing can come of it
    unknown = 0 if truth is None else int(db.rows(truth)[0][0] or 0)
    return db.made(q.insert(name, _columns(table), query)), unknown


def _settle(db: WorkDb, model: RecordModel, name: str, facts: Facts, references: References) -> Iterator[Problem]:
    """A derived table is settled like one that was handed in."""
    filled = [name] if name in facts.filled else []
    yield from settle(db, model, filled, facts.as_of, references.files)
    for derived in (False, True):
        yield from references.settle(filled, derived=derived)
    if compute(db, model, [name], facts):
        yield from settle_days(db, model, filled, facts.as_of)
    yield from plant_trees(db, model, [name], facts, references.files)
    link_neighbours(db, model, filled, facts.lasting)


def _rows(origin: Origin, table: Table, first_row: int) -> tuple[q.Select | None, q.Select]:
    """How many rows are left out because nobody knows whether they belong (None: all do), and the rows that belong."""
    if origin.derivation.key is not None:
        return summarized(origin, table, first_row)
    columns: dict[str, q.Sql] = {f.name: nothing(f) for f in table.fields}
    unknown: dict[int, q.Sql] = {}
    inner = {name: origin.row.raw(name) for name in (FILE, LINE, ROW)}
    for name, text in origin.derivation.fields.items():
        field = table.by_name[name]
        result = made_over(inner, check_cell(str(text), field, origin.scope), field, origin.meanings)
        columns[name], unknown[table.bits[name]] = result.value, result.unknown
    columns[UNKNOWN_BITS], columns[MISSING_BITS] = mask(unknown), q.lit(0)
    columns[FILE], columns[LINE] = q.col("m", FILE), q.col("m", LINE)
    columns[ROW] = q.op(q.row_number([q.col("m", ROW)]), "+", q.lit(first_row - 1))
    in_doubt = None
    if origin.belongs is not q.TRUE:
        in_doubt = origin.select({"n": q.summed(q.as_int(q.is_null(origin.belongs)))})
    return in_doubt, q.select(columns, q.derived(origin.select(inner, q.is_true(origin.belongs)), "m"))


def _columns(table: Table) -> list[str]:
    return [*(f.name for f in table.fields), UNKNOWN_BITS, MISSING_BITS, FILE, LINE, ROW]
