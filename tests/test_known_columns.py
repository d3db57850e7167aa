"""What the engine knows of a column spares a look at its cells, and never changes what is found."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from orgaudit.records import signs, survey
from orgaudit.records.csvfiles import _look
from orgaudit.records.known_columns import known_columns
from orgaudit.records.signs import has_signs
from orgaudit.workdb import WorkDb

CELLS = [
    None, "", "b1", "B000002", "b000000001 ", " b000000001", "b000000001\t", "b000000001\u00a0", "total", "T otal", "Sum",
    "sample", "zzz", "\x01total", "\\total", "合计", "填表人：王", "meeting", "member", "甲甲甲甲甲甲甲", "-", "b2",
]  # fmt: skip
ROWS = st.lists(st.tuples(st.sampled_from(CELLS), st.sampled_from(CELLS)), min_size=1, max_size=4)


def filled(rows: Sequence[tuple[str | None, ...]]) -> WorkDb:
    db = WorkDb(threads=1)
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
    def looked() -> tuple[bool, set[str]]:
        with filled(rows) as db:
            found = has_signs(db, "raw rows", ["meeting", "member"])
            return found, set(survey._clean(db, "raw rows", ["r.c0", "r.c1"], ["", "-", "无"]))

    with pytest.MonkeyPatch.context() as patch:
        for module in (signs, survey):
            patch.setattr(module, "known_columns", lambda *_: {})
        cell_by_cell = looked()
    assert looked() == cell_by_cell


def test_a_column_of_ascii_is_known_and_no_other() -> None:
    with filled([("b2", "甲", None, "\x01", "x"), ("c33", "b", None, "b", None)]) as db:
        known = known_columns(db, '"raw rows"', [f"r.c{i}" for i in range(5)])
    assert set(known) == {"r.c0", "r.c4"}
    assert (known["r.c0"].least, known["r.c0"].greatest, known["r.c0"].shortest) == ("b", "c", 2)
    assert known["r.c0"].may_begin("bison") and not known["r.c0"].may_begin("total")


@pytest.mark.parametrize(
    ("written", "is_plain"),
    [
        (b"a,b\n1,2\n", True),
        (b"a,b\r\n1,2\r\n", True),
        (b"a,b\r\n1,2\n", False),
        (b"a,b\n1,2\r\n", False),
        (b"a,b\n\n1,2\n", False),
        (b"a,b\r\n\r\n1,2\r\n", False),
        (b"a,b\n1,\r2\n", False),
        (b"a,b\r\n1,2\r", False),
        (b"a,b\r1,2\r", False),
    ],
)
@pytest.mark.parametrize("chunk", [1, 2, 3, 5, 1 << 20])
def test_lines_end_in_one_way_wherever_the_file_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: bytes, is_plain: bool, chunk: int
) -> None:
    monkeypatch.setattr("orgaudit.records.csvfiles._CHUNK", chunk)
    path = tmp_path / "a.csv"
    path.write_bytes(written)
    assert _look(path).plain is is_plain


@pytest.mark.parametrize("chunk", [1, 3, 1 << 20])
def test_a_byte_that_is_no_utf8_has_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr("orgaudit.records.csvfiles._CHUNK", chunk)
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n1,2\n3,\xff\n")
    assert _look(path).bad == (10, 3)
