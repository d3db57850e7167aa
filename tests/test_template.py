"""The workbook to fill in: filled in and read back it gives no problem."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from support import orgaudit

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module", params=["zh", "en"])
def template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    path = tmp_path_factory.mktemp("template") / "fill.xlsx"
    ran = orgaudit("template", "-s", "street-party-building", "-o", path, "--lang", request.param)
    assert ran.code == 0, ran.err
    return path, request.param


SAMPLE = {"zh": "示例", "en": "Example"}


def test_every_sheet_has_headings_with_notes_a_sample_and_checks(template: tuple[Path, str]) -> None:
    path, language = template
    book = openpyxl.load_workbook(path)
    sheets = [s for s in book if s.sheet_state == "visible"]
    titles = [s.title for s in sheets]
    assert {"zh": "会议", "en": "Meetings"}[language] in titles
    assert {"zh": "任职", "en": "Positions"}[language] in titles  # rules of the standard look at it
    for sheet in sheets:
        assert all(cell.comment for cell in sheet[1]), sheet.title
        assert sheet["A2"].value == SAMPLE[language]
        assert sheet.freeze_panes == "B2"
    assert sum(len(s.data_validations.dataValidation) for s in sheets) > 20


def test_unfilled_it_holds_no_record_and_no_problem(template: tuple[Path, str], tmp_path: Path) -> None:
    path, _ = template
    (tmp_path / "fill.xlsx").write_bytes(path.read_bytes())
    told = json.loads(orgaudit("records", tmp_path, "-s", "street-party-building", "-f", "json").out)
    assert sum(told["rows"].values()) == 0
    assert [p for p in told["problems"] if not p["notice"]] == []


def test_filled_in_it_is_read_back_without_a_problem(template: tuple[Path, str], tmp_path: Path) -> None:
    path, language = template
    book = openpyxl.load_workbook(path)
    filled = {
        "organizations": {
            "zh": ("组织", ["B01", "东风支部", "党支部"]),
            "en": ("Organizations", ["B01", "East Wind", "Branch"]),
        },
    }
    title, cells = filled["organizations"][language]
    sheet = book[title]
    headings = [c.value for c in sheet[1]]
    wanted = {"zh": ["组织编号", "党组织名称", "组织类别"], "en": ["Organization code", "Name", "Kind"]}[language]
    for heading, cell in zip(wanted, cells, strict=True):
        sheet.cell(3, headings.index(heading) + 1, cell)
    book.save(tmp_path / "fill.xlsx")
    told = json.loads(orgaudit("records", tmp_path, "-s", "street-party-building", "-f", "json").out)
    assert told["rows"]["organizations"] == 1
    assert [p for p in told["problems"] if not p["notice"]] == []


def test_only_what_the_rules_look_at_is_asked_for(tmp_path: Path) -> None:
    orgaudit(
        "template", "-s", "street-party-building", "--select", "SPB-3-1", "-o", tmp_path / "a.xlsx", "--lang", "zh"
    )
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert [s.title for s in book if s.sheet_state == "visible"] == ["组织", "会议"]
