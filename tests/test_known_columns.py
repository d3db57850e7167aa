"""What the engine knows of a column spares a look at its cells, and never changes what is found."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from orgaudit.records import survey
from orgaudit.records.known_columns import KnownColumn, known_columns
from orgaudit.records.signs import has_signs
from orgaudit.workdb import WorkDb

CELLS = [
    None, "", "b1", "B000002", "b000000001 ", " b000000001", "b000000001\t", "b000000001\u00a0", "total", "T otal", "Sum",
    "sample", "zzz", "\x01total", "\\total", "合计", "填表人：王", "meeting", "member", "甲甲甲甲甲甲甲", "-", "b2",
]  # fmt: skip
ROWS = st.lists(st.tuples(st.sampled_from(CELLS), st.sampled_from(CELLS)), min_size=1, max_size=4)


def filled(rows: Sequence[tuple[str | None, ...]]) -> WorkDb:
    db = WorkDb(little=True)
    db.fill("raw rows", {f"c{i}": "varchar" for i in range(len(rows[0]))}, rows)
    return db


@given(rows=ROWS)
@example(rows=[("total", "b1")])
@example(rows=[("\x01total", "Sum")])
@example(rows=[("meeting", "member")])
@example(rows=[("B000002", "b000000001 ")])
@example(rows=[("B000002", "b2"), (None, None)])
@settings(max_examples=150, deadline=None)
def test_nothing_else_is_found(rows: list[tuple[str | None, ...]]) -> None:
    cells = ["r.c0", "r.c1"]

    def looked(db: WorkDb, known: dict[str, KnownColumn]) -> tuple[bool, survey.Survey]:
        found = has_signs(db, "raw rows", dict(zip(cells, ["meeting", "member"], strict=True)), known)
        return found, survey.survey(db, "raw rows", cells, known, ["", "-", "无"], spaced=True)

    with filled(rows) as db, pytest.MonkeyPatch.context() as patch:
        patch.setattr(survey, "MANY", 0)
        patch.setattr(survey, "OFTEN", 10**9)
        cell_by_cell, by_column = looked(db, {}), looked(db, known_columns(db, "raw rows", cells))
        blank = {
            c for c in cells if db.load(f"select 1 from \"raw rows\" r where {c} is null or {c} in ('', '-', '无')")
        }
    assert (by_column[0], by_column[1].clean) == (cell_by_cell[0], cell_by_cell[1].clean)
    assert not by_column[1].full & blank and by_column[1].full <= by_column[1].clean
    assert not cell_by_cell[1].full


def test_a_column_of_ascii_is_known_and_no_other() -> None:
    with filled([("b2", "甲", None, "\x01", "x"), ("c33", "b", None, "b", None)]) as db:
        known = known_columns(db, "raw rows", [f"r.c{i}" for i in range(5)])
    assert set(known) == {"r.c0", "r.c4"}
    assert (known["r.c0"].least, known["r.c0"].greatest, known["r.c0"].shortest) == ("b", "c", 2)
    assert known["r.c0"].full and not known["r.c4"].full
    assert known["r.c0"].may_begin("bison") and not known["r.c0"].may_begin("total")
