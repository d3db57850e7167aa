"""The workbooks in a real office suite: what LibreOffice opens and saves again is read back, and prints."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from support import orgaudit

from orgaudit.recordmodel import Field, RecordModel
from orgaudit.standards import record_model_of

ROOT = Path(__file__).parent.parent
STANDARD = "street-party-building"
LANGUAGES = ["zh", "en"]
TEXT = "csv:Text - txt - csv (StarCalc):44,34,76"  #: parted by commas, in UTF-8


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The command, with a profile of its own: two of them may run at once."""
    found = shutil.which("soffice")
    if found is None:
        pytest.fail("LibreOffice is missing: apt-get install -y --no-install-recommends libreoffice-calc")
    return [found, f"-env:UserInstallation={tmp_path_factory.mktemp('profile').as_uri()}", "--headless"]


def saved(office: list[str], path: Path, kind: str, folder: Path) -> Path:
    """The file as LibreOffice saves it."""
    folder.mkdir(exist_ok=True)
    ran = subprocess.run(
        [*office, "--convert-to", kind, "--outdir", str(folder), str(path)], capture_output=True, text=True, timeout=180
    )
    made = folder / f"{path.stem}.{kind.partition(':')[0]}"
    assert made.is_file(), ran.stdout + ran.stderr
    return made


@pytest.fixture(scope="module", params=LANGUAGES)
def template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    path = tmp_path_factory.mktemp("template") / "fill.xlsx"
    ran = orgaudit("template", "-s", STANDARD, "-o", path, "--lang", request.param)
    assert ran.code == 0, ran.err
    return path, request.param


def receipt(folder: Path) -> tuple[dict[str, int], list[str]]:
    """The rows of each table, and the problems."""
    told = json.loads(orgaudit("records", folder, "-s", STANDARD, "-f", "json").out)
    return told["rows"], [p["message"]["en"] for p in told["problems"] if not p["notice"]]


def filled(path: Path, language: str, out: Path) -> dict[str, int]:
    """Fills in a record on every sheet, as a person would who follows the notes; one row a table."""
    model, book = record_model_of([STANDARD]), openpyxl.load_workbook(path)
    tables = {declared.title[language][:31]: name for name, declared in model.tables.items()}
    sheets = [sheet for sheet in book if sheet.sheet_state == "visible"]
    for sheet in sheets:
        table = tables[sheet.title]
        fields = {f.title.get(language, f.name): f for f in model.tables[table].fields}
        for cell in sheet[1]:
            sheet.cell(3, cell.column, _value(model, table, fields[cell.value], language))
    book.save(out)
    return dict.fromkeys((tables[s.title] for s in sheets), 1)


def _value(model: RecordModel, table: str, field: Field, language: str) -> Any:
    declared = model.tables[table]
    key = next((k for k in declared.foreignKeys if k.fields == [field.name]), None)
    if key is not None:
        first = next(k for k in declared.foreignKeys if k.target == key.target)  # nobody moves from a body to itself
        return f"{key.target}-1" if key.target != table and (key is first or field.constraints.required) else None
    if field.name in declared.primaryKey and field.type == "string" and not field.categories:
        return f"{table}-1"
    if field.categories:
        return field.categories[0].label[language]
    is_time = declared.about is not None and field.name in declared.about.fields
    return {
        "date": datetime(2024, 3, 5),
        "yearmonth": "2024-03",
        "boolean": {"zh": "是", "en": "yes"}[language],
        "integer": 2024 if is_time and field.name == "year" else 1,
        "number": 12.5,
        "list": "甲、乙",
        "string": "某某",
    }[field.type]


def test_saved_again_the_template_still_asks_for_the_same(
    template: tuple[Path, str], office: list[str], tmp_path: Path
) -> None:
    path, _ = template
    before, after = openpyxl.load_workbook(path), openpyxl.load_workbook(saved(office, path, "xlsx", tmp_path / "out"))
    assert before.sheetnames == after.sheetnames
    for name in before.sheetnames:
        assert [c.value for c in before[name][1]] == [c.value for c in after[name][1]]
        assert len(before[name].data_validations.dataValidation) == len(after[name].data_validations.dataValidation)
    rows, problems = receipt(tmp_path / "out")
    assert (sum(rows.values()), problems) == (0, [])


def test_saved_again_filled_in_and_read_back_it_gives_no_problem(
    template: tuple[Path, str], office: list[str], tmp_path: Path
) -> None:
    path, language = template
    again = saved(office, path, "xlsx", tmp_path / "again")
    (tmp_path / "records").mkdir()
    expected = filled(again, language, tmp_path / "records" / "fill.xlsx")
    rows, problems = receipt(tmp_path / "records")
    assert problems == []
    assert rows == expected


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_filled_in_and_saved_by_the_office_suite_it_gives_no_problem(
    template: tuple[Path, str], office: list[str], kind: str, tmp_path: Path
) -> None:
    path, language = template
    expected = filled(path, language, tmp_path / "fill.xlsx")
    saved(office, tmp_path / "fill.xlsx", kind, tmp_path / "records")
    rows, problems = receipt(tmp_path / "records")
    assert problems == []
    assert rows == expected


def test_a_sheet_saved_as_text_is_the_same_table(template: tuple[Path, str], office: list[str], tmp_path: Path) -> None:
    path, language = template
    filled(path, language, tmp_path / "fill.xlsx")
    book = openpyxl.load_workbook(tmp_path / "fill.xlsx")
    title = record_model_of([STANDARD]).tables["organizations"].title[language]
    for sheet in [s for s in book if s.title != title]:
        book.remove(sheet)
    book.save(tmp_path / f"{title}.xlsx")
    saved(office, tmp_path / f"{title}.xlsx", TEXT, tmp_path / "records")
    rows, problems = receipt(tmp_path / "records")
    assert rows == {"organizations": 1}
    assert problems == []


# ---- what is reported


@pytest.fixture(scope="module", params=LANGUAGES)
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.xlsx"
    records = ROOT / "examples" / "housing-cooperative" / "records"
    ran = orgaudit("check", records, "--quiet", "--lang", request.param, "--output", f"xlsx={path}")
    assert ran.code == 1, ran.err
    return path


def test_the_report_prints(report: Path, office: list[str], tmp_path: Path) -> None:
    printed = saved(office, report, "pdf", tmp_path).read_bytes()
    assert printed.startswith(b"%PDF-")
    assert printed.count(b"/Type/Page") > 1


def test_every_cell_of_the_report_stays_what_it_is(report: Path, office: list[str], tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(report).worksheets[0]
    said = [["" if c is None else _shown(c) for c in row] for row in sheet.iter_rows(values_only=True)]
    text = saved(office, report, TEXT, tmp_path / "out")
    with text.open(encoding="utf-8", newline="") as stream:
        read = [row + [""] * (len(said[0]) - len(row)) for row in csv.reader(stream)]
    assert len(said) > 10
    assert read == said


def _shown(value: object) -> str:
    return value.isoformat()[:10] if isinstance(value, (date, datetime)) else str(value)
