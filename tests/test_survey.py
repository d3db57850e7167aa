"""What is read by a look at whole columns is what is read cell by cell."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from orgaudit import load_record_model, load_records
from orgaudit import sql as q
from orgaudit.expressions import LINE, ROW
from orgaudit.records import settle, survey, tables

ROOT = Path(__file__).parent.parent
CELL_BY_CELL, BY_COLUMN = {"MANY": 10**9}, {"MANY": 0}
IN_PLACE = {"MANY": 0, "BRANCHES": 100, "IN_PLACE_FROM": 0}
MODEL = """
records: clubs
title: {zh: 会, en: Clubs}
missingValues: ["", "-", "无"]
tables:
  boats:
    singular: boat
    title: {zh: 船, en: Boats}
    primaryKey: [id]
    owner: self
    fields:
      - {name: id, type: string, constraints: {required: true}}
      - {name: name, type: string, role: name}
      - {name: code, type: string, normalize: [casefold, fullwidth]}
      - {name: note, type: string}
      - {name: bought_on, type: date}
      - {name: month, type: yearmonth}
      - {name: seats, type: integer}
      - {name: price, type: number}
      - {name: is_fast, type: boolean}
      - {name: kind, type: string, categories: [{value: skiff, label: {zh: 艇, en: Skiff}}, {value: ferry}]}
      - {name: colours, type: list}
"""
FIELDS = ["name", "code", "note", "bought_on", "month", "seats", "price", "is_fast", "kind", "colours"]
TEXTS = [
    "", " ", "-", "无", " 无 ", "\u3000", "甲", " 甲", "甲\u3000", "ＡＢ", "ab ", "\u00a0x", "x\ufeff", "2024-03-05", "2024/3/5",
    "2024年3月5日", "２０２４-03-05", "45356", "24-3-5", "2024-03", "2024年3月", "12", "12 人", "1,200", "1.5", "3万元", "50%",
    "是", "√", "no", "True", "skiff", "SKIFF", "艇", " ferry", "1. 艇", "红、蓝", "red;blue", "合计", "样例", "0",
]  # fmt: skip


def everything(records: Any) -> dict[str, Any]:
    """All cells of all tables, and all that was said of them."""
    tables = {
        name: records.db.rows(q.select({"all": q.star()}, q.table(name, "t"), order=[q.col("t", ROW)]))
        for name in records.model.tables
    }
    return {"tables": tables, "problems": records.problems, "repairs": records.repairs, "rows": records.rows}


def read(folder: Path, model: Any, how: dict[str, int], patch: pytest.MonkeyPatch) -> dict[str, Any]:
    for name in ("MANY", "OFTEN", "BRANCHES"):
        patch.setattr(survey, name, how.get(name, getattr(survey, name)))
    patch.setattr(settle, "MANY", how.get("MANY", settle.MANY))
    patch.setattr(tables, "IN_PLACE_FROM", how.get("IN_PLACE_FROM", tables.IN_PLACE_FROM))
    records = load_records(folder, model, default_as_of=date(2024, 12, 31))
    try:
        return everything(records)
    finally:
        records.db.close()


@pytest.mark.parametrize("example", ["linjiang-street", "yunjian-water", "yanzhu-cppcc"])
def test_examples_are_read_alike(example: str, monkeypatch: pytest.MonkeyPatch) -> None:
    model = load_record_model(ROOT / "standards" / "records.yaml")
    folder = ROOT / "examples" / example / "records"
    ways = (CELL_BY_CELL, BY_COLUMN, IN_PLACE)
    cell_by_cell, by_column, in_place = (read(folder, model, how, monkeypatch) for how in ways)
    assert sum(map(len, cell_by_cell["tables"].values())) > 100
    assert by_column == cell_by_cell
    assert in_place == cell_by_cell


rows_of_boats = st.lists(
    st.lists(st.sampled_from(TEXTS), min_size=len(FIELDS), max_size=len(FIELDS)), min_size=1, max_size=30
)


KEYS = st.one_of(
    st.integers(10000, 10099).map(str), st.integers(10, 99).map(str), st.sampled_from(["B1", "b1", " B1", "-", "甲"])
)


@settings(max_examples=80, deadline=None)
@given(
    rows=rows_of_boats,
    keys=st.lists(KEYS, min_size=30, max_size=30),
    ordered=st.booleans(),
    often=st.sampled_from([1, 3]),
    columns=st.lists(st.sampled_from(range(len(FIELDS))), min_size=1, unique=True),
    kinds=st.sampled_from([0, 1, 2]),
)
@example([["合计"] + ["1"] * 9, ["-"] * 10], ["B1", "B2"], True, 1, list(range(10)), 0)
@example([["1"] * 10, ["2"] * 10], ["B1", "B1"], True, 1, list(range(10)), 0)
@example([["1"] * 10, ["2"] * 10, ["3"] * 10], ["B2", "B1", "B2"], False, 1, list(range(10)), 0)
@example([["skiff"] * 10, [""] * 10, ["ferry"] * 10], ["B10000", "B10001", "B10000"], False, 1, [8], 0)
def test_any_cells_are_read_alike(
    rows: list[list[str]], keys: list[str], ordered: bool, often: int, columns: list[int], kinds: int
) -> None:
    """`often` 1: nearly every column is looked up, each different text read once; 3: some are, some are looked at for spaces.

    `kinds`: so many different rows of a column or two, again and again, all with keys; they are often read where they stand.
    """
    if kinds:
        rows, columns, often = [rows[i % min(kinds, len(rows))] for i in range(30)], columns[:kinds], 3
        keys = [f"B{i:05}" for i in range(29)] + ([keys[-1]] if ordered else ["B00007"])
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        folder, keys = Path(name), sorted(keys) if ordered else keys
        (folder / "records.yaml").write_text(MODEL, encoding="utf-8")
        handed_in = folder / "handed-in"
        handed_in.mkdir()
        out = io.StringIO()
        chosen = [["id", *FIELDS], *([key, *cells] for key, cells in zip(keys, rows, strict=False))]
        csv.writer(out).writerows([[row[0], *(row[i + 1] for i in columns)] for row in chosen])
        (handed_in / "boats.csv").write_text(out.getvalue(), encoding="utf-8")
        model = load_record_model(folder / "records.yaml")
        cell_by_cell = read(handed_in, model, CELL_BY_CELL, patch)
        assert read(handed_in, model, BY_COLUMN | {"OFTEN": often}, patch) == cell_by_cell
        assert read(handed_in, model, IN_PLACE | {"OFTEN": often}, patch) == cell_by_cell


def test_a_large_part_is_looked_at_by_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Spaces in the last of many rows are found, and a code in it that is none."""
    (tmp_path / "records.yaml").write_text(MODEL, encoding="utf-8")
    lines = ["id,note,kind", *(f"B{i},long enough,skiff" for i in range(survey.MANY)), "LAST, spaced ,raft"]
    handed_in = tmp_path / "handed-in"
    handed_in.mkdir()
    (handed_in / "boats.csv").write_text("\n".join(lines), encoding="utf-8")
    seen: list[survey.Survey] = []
    looked = survey.survey
    monkeypatch.setattr("orgaudit.records.texts.survey", lambda *a, **k: seen.append(looked(*a, **k)) or seen[-1])
    found = read(handed_in, load_record_model(tmp_path / "records.yaml"), {}, monkeypatch)
    assert seen == [survey.Survey(frozenset({"r.c0"}), frozenset({"r.c0"}), frozenset({"r.c1", "r.c2"}))]
    last = found["tables"]["boats"][-1]
    assert last[:4] == ("LAST", None, None, "spaced")
    assert [(p.row, p.value) for p in found["problems"] if p.code == "category-error"] == [(survey.MANY + 2, "raft")]


_PLAIN = {"boats.csv": "id,note,kind\n" + "".join(f"BOAT{i},same,skiff\n" for i in range(9))}


def views_of(folder: Path, model: Any) -> list[str]:
    with load_records(folder, model, default_as_of=date(2024, 12, 31)).db as db:
        return [name for (name,) in db.load("select view_name from duckdb_views() where not internal")]


@pytest.mark.parametrize(
    ("more", "is_in_place"),
    [
        pytest.param({}, True, id="texts"),
        pytest.param({"more-boats.csv": "id,note,kind\nLAST,x,ferry"}, False, id="two files"),
        pytest.param({"boats.csv": "id,seats\n" + "".join(f"BOAT{i},{i}\n" for i in range(9))}, False, id="values"),
        pytest.param({"boats.csv": "id\n" + "".join(f"BOAT{i % 8}\n" for i in range(9))}, False, id="a key twice"),
        pytest.param({"boats.csv": "id,kind\n" + "".join(f"BOAT{i},-\n" for i in range(9))}, True, id="blanks"),
        pytest.param({"boats.csv": "id,kind\n" + "".join(f"BOAT{i},raft\n" for i in range(9))}, False, id="no code"),
        pytest.param(
            {"boats.csv": "id,kind,is_fast\n" + "".join(f"BOAT{i},1. 艇,完成\n" for i in range(9))}, False, id="repairs"
        ),
    ],
)
def test_rows_of_texts_are_read_where_they_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: dict[str, str], is_in_place: bool
) -> None:
    (tmp_path / "records.yaml").write_text(MODEL, encoding="utf-8")
    handed_in = tmp_path / "handed-in"
    handed_in.mkdir()
    for name, text in (_PLAIN | more).items():
        (handed_in / name).write_text(text, encoding="utf-8")
    (handed_in / "orgaudit.yaml").write_text("files:\n  - {path: '*.csv', table: boats}\n", encoding="utf-8")
    monkeypatch.setattr(survey, "MANY", 0)
    monkeypatch.setattr(survey, "OFTEN", 3)
    monkeypatch.setattr(tables, "IN_PLACE_FROM", 0)
    assert (views_of(handed_in, load_record_model(tmp_path / "records.yaml")) == ["boats"]) is is_in_place


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("columns", [["id", "note"], ["id"]])
def test_rows_stand_on_their_lines_where_lines_are_empty(tmp_path: Path, columns: list[str], end: str) -> None:
    """Also where there is one column, of which the engine would take an empty line for a row."""
    (tmp_path / "records.yaml").write_text(MODEL, encoding="utf-8")
    handed_in = tmp_path / "handed-in"
    handed_in.mkdir()
    lines = [columns, ["B1", "x"], [""], [""], ["B9", "y"], [""]]
    text = "".join(",".join(line[: len(columns)]) + end for line in lines)
    (handed_in / "boats.csv").write_bytes(text.encode())
    with load_records(
        handed_in, load_record_model(tmp_path / "records.yaml"), default_as_of=date(2024, 12, 31)
    ).db as db:
        assert db.load(f"select id, {LINE} from boats order by {ROW}") == [("B1", 2), ("B9", 5)]
