"""The receipt: what was understood of what was handed in, and the sender's copy with its bad cells marked."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from support import CHOIRS, MODEL, Ran, a_rule, orgaudit, write
from test_handed_in import ROSTER, workbook

ROWS = "某某名册,,,\n歌手编号,choir_id,姓名,joined_on,备注\nS1,C1,安娜,24.3.5,x\nS2,C9,安妮,45356,\n合计,2,,,\n"
FILES = {
    "choirs.csv": CHOIRS,
    "名册/singers.csv": ROWS.encode("gb18030"),
    "rehearsals.csv": "id,choir_id,held_on\nR1,C1,2024-03-05\nR2,C1,2024-03-06\nR3,C1,\n",
    "more.xlsx": workbook({"singers": [ROSTER[1], [3, "S3", "C1", "安东", "坏日期", 30]]}),
}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    write(tmp_path, {"records.yaml": MODEL, "standard.yaml": a_rule("for: choirs\nrequire: true")})
    write(tmp_path / "records", {**FILES, "orgaudit.yaml": "as_of: 2024-12-31\n"})
    return tmp_path


def receipt(house: Path, *options: str | Path) -> Ran:
    return orgaudit("records", house / "records", "-s", house / "standard.yaml", *options)


def test_it_says_what_each_file_was_read_as(house: Path) -> None:
    told = json.loads(receipt(house, "-f", "json").out)
    files = {f["path"]: f for f in told["files"]}
    singers = files["名册/singers.csv"]
    assert (singers["table"], singers["rows"], singers["encoding"], singers["heading_line"]) == (
        "singers",
        2,
        "gb18030",
        2,
    )
    assert singers["matched"] == {"id": "歌手编号", "choir_id": "choir_id", "name": "姓名", "joined_on": "joined_on"}
    assert singers["unmatched"] == ["备注"]
    assert files["more.xlsx/singers"]["encoding"] == "xlsx"
    assert [(r["kind"], r["before"], r["after"], r["row"]) for r in told["repairs"]] == [
        ("serial", "45356", "2024-03-05", 4)
    ]
    assert told["counts"]["type-error"] == 2
    assert told["counts"]["foreign-key"] == 1
    assert told["rows"] == {"choirs": 2, "singers": 3, "rehearsals": 3}


def test_it_says_who_reported_what_and_when(house: Path) -> None:
    (reported,) = json.loads(receipt(house, "-f", "json").out)["reported"]
    assert reported == {"table": "rehearsals", "rows": {"C1": {"": 1, "2024-03": 2}}, "silent": ["C2"]}


@pytest.mark.parametrize(("language", "said"), [("zh", "没有一行：Owls"), ("en", "no row: Owls")])
def test_a_person_reads_it_in_either_language(house: Path, language: str, said: str) -> None:
    ran = receipt(house, "--lang", language)
    assert ran.code == 1
    assert said in ran.out
    assert "45356 → 2024-03-05" in ran.out
    assert "gb18030" in ran.out


def test_a_heading_over_two_lines_is_told_in_one(tmp_path: Path) -> None:
    rows = '"歌手编号",choir_id,"姓名\n（必填）",joined_on\nS1,C1,安娜,45356\n'
    write(tmp_path, {"records.yaml": MODEL, "standard.yaml": a_rule("for: choirs\nrequire: true")})
    write(tmp_path / "records", {"choirs.csv": CHOIRS, "singers.csv": rows})
    told = receipt(tmp_path, "--lang", "zh").out
    assert "姓名 （必填） → name" in told


def test_the_senders_copy_marks_every_bad_cell_at_its_place(house: Path) -> None:
    receipt(house, "--marked", house / "copy.xlsx", "--lang", "en")
    book = openpyxl.load_workbook(house / "copy.xlsx")
    noted = {
        (sheet.title, cell.coordinate): cell.comment.text
        for sheet in book for row in sheet.iter_rows() for cell in row if cell.comment
    }  # fmt: skip
    (listed,) = [title for title in book.sheetnames if book[title]["A1"].value == "某某名册"]
    assert "24.3.5" in noted[listed, "D3"]
    assert "C9" in noted[listed, "B4"]
    assert "备注" in noted[listed, "E2"]
    assert [place for (title, place), text in noted.items() if "坏日期" in text and title != listed] == ["E2"]
    assert book[book.sheetnames[0]]["A1"].value


def test_clean_records_end_with_0(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"records.yaml": MODEL, "standard.yaml": a_rule("for: choirs\nrequire: true"), "records/choirs.csv": CHOIRS},
    )
    assert orgaudit("records", tmp_path / "records", "-s", tmp_path / "standard.yaml").code == 0
