"""Results that machines take, held against the schemas and rules of their consumers."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as Xml

import docx
import jsonschema
import openpyxl
import pytest
from support import CHOIRS, a_rule, check, orgaudit, published

from orgaudit.reports import WRITERS

ROOT = Path(__file__).parent.parent
STREET = ROOT / "examples/linjiang-street/records"


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Each format, from one run."""
    return written(tmp_path_factory.mktemp("street"), "--lang", "en")


def written(folder: Path, *options: str, **env: str) -> dict[str, str]:
    """Every output of one run."""
    outputs = [x for kind in ("text", *WRITERS) for x in ("-o", f"{kind}={folder / kind}")]
    ran = orgaudit("check", STREET, *outputs, "-q", *options, **env)
    assert ran.code == 1, ran.err
    return {path.name: text_of(path) for path in folder.iterdir()}


def text_of(path: Path) -> str:
    """The text of an output; of a workbook that of its cells."""
    if path.name == "word":
        return "\n".join(p.text for p in docx.Document(str(path)).paragraphs)
    if path.name != "xlsx":
        return path.read_bytes().decode("utf-8")
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    return "\n".join(
        str(c) for sheet in book for row in sheet.iter_rows(values_only=True) for c in row if c is not None
    )


def test_sarif_is_valid_and_has_the_open_failures_only(street: dict[str, str]) -> None:
    sarif = json.loads(street["sarif"])
    jsonschema.validate(
        {**sarif, "$schema": "https://json.schemastore.org/sarif-2.1.0.json"},
        json.loads(published("sarif-schema-2.1.0.json").read_text()),
    )
    results = sarif["runs"][0]["results"]
    told = json.loads(street["json"])
    wanted = [f["id"] for f in told["findings"] if f["verdict"] == "fail" and f["disposition"] == "open"]
    assert [r["properties"]["id"] for r in results] == wanted
    for result in results:
        place = result["locations"][0]["physicalLocation"]
        path = ROOT / unquote(place["artifactLocation"]["uri"])
        assert path.exists(), path
        assert place["region"]["startLine"] >= 1
    prints = [r["partialFingerprints"]["primaryLocationLineHash"] for r in results]
    assert len(set(prints)) == len(prints)


def test_junit_has_the_shape_that_consumers_take_and_its_counts_add_up(street: dict[str, str]) -> None:
    root = Xml.fromstring(street["junit"])
    assert root.tag == "testsuites"
    verdicts = json.loads(street["json"])["summary"]
    failures = 0
    for suite in root:
        cases = suite.findall("testcase")
        assert set(suite.keys()) == {"name", "tests", "failures", "errors", "skipped"}
        for tag, name in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            assert int(suite.get(name, "")) == sum(c.find(tag) is not None for c in cases)
        assert int(suite.get("tests", "")) == len(cases)
        assert all(len(list(c)) <= 1 for c in cases)
        failures += int(suite.get("failures", ""))
    assert failures == verdicts["verdicts"]["fail"] - advisory_failures(street)


def advisory_failures(street: dict[str, str]) -> int:
    return sum(
        f["verdict"] == "fail" and f["disposition"] == "advisory" for f in json.loads(street["json"])["findings"]
    )


def test_junit_names_nothing_that_its_schema_does_not_know(street: dict[str, str]) -> None:
    schema = Xml.parse(published("junit-10.xsd")).getroot()
    names = {e.get("name") for e in schema.iter("{http://www.w3.org/2001/XMLSchema}element")}
    attributes = {e.get("name") for e in schema.iter("{http://www.w3.org/2001/XMLSchema}attribute")}
    for node in Xml.fromstring(street["junit"]).iter():
        assert node.tag in names
        assert set(node.keys()) <= attributes


def test_github_shows_ten_of_each_kind_and_the_rest_in_the_summary(street: dict[str, str], tmp_path: Path) -> None:
    lines = street["github"].splitlines()
    kinds = [re.match(r"::(error|warning|notice) ", line)[1] for line in lines]  # type: ignore[index]
    assert kinds.count("error") == 10
    assert kinds.count("warning") == 10
    assert f"{json.loads(street['json'])['summary']['verdicts']['fail']} fail" in lines[-1]
    for line in lines:
        file = re.search(r"file=([^,:]+)", line)
        assert file is None or (ROOT / unquote(file[1])).exists()
    summary = tmp_path / "summary.md"
    orgaudit("check", STREET, "-f", "github", GITHUB_STEP_SUMMARY=str(summary))
    assert summary.read_text("utf-8").count("\n- **") > 60


def test_gitlab_has_what_code_quality_asks_for(street: dict[str, str]) -> None:
    found = json.loads(street["gitlab"])
    assert len(found) == len(json.loads(street["sarif"])["runs"][0]["results"])
    for one in found:
        assert set(one) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert one["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert one["location"]["lines"]["begin"] >= 1
        assert not one["location"]["path"].startswith(("/", "./"))
    assert len({one["fingerprint"] for one in found}) == len(found)


def test_lines_and_rows_have_every_finding(street: dict[str, str]) -> None:
    findings = json.loads(street["json"])["findings"]
    *lines, last = map(json.loads, street["jsonl"].splitlines())
    assert lines == findings
    assert last["summary"]["verdicts"] == json.loads(street["json"])["summary"]["verdicts"]
    rows = list(csv.DictReader(io.StringIO(street["csv"].removeprefix("\ufeff"))))
    assert [r["id"] for r in rows] == [f["id"] for f in findings]
    assert street["csv"].startswith("\ufeff")


def names_of_persons() -> set[str]:
    rows = csv.DictReader(io.StringIO((STREET / "党员.csv").read_text("utf-8-sig")))
    return {r["姓名"] for r in rows if len(r["姓名"]) > 1}


@pytest.mark.parametrize("kind", ["junit", "sarif", "github", "gitlab"])
def test_formats_of_ci_name_no_person(street: dict[str, str], kind: str) -> None:
    assert [n for n in names_of_persons() if n in street[kind]] == []


def test_redacted_outputs_name_no_person_and_the_same_person_is_the_same(tmp_path: Path) -> None:
    words = []
    for folder, secret in (("a", "a secret"), ("b", "a secret"), ("c", "another")):
        (tmp_path / folder).mkdir()
        made = written(tmp_path / folder, "--redact", "--lang", "zh", ORGAUDIT_REDACT_KEY=secret)
        for kind, text in made.items():
            assert [n for n in names_of_persons() if n in text] == [], kind
        words.append(set(re.findall(r"P-[A-Z2-7]{8}", made["json"])))
    assert words[0] == words[1]
    assert words[0] & words[2] == set()
    assert len(words[0]) > 10


def test_redacting_without_a_secret_is_refused() -> None:
    ran = orgaudit("check", STREET, "--redact")
    assert ran.code == 2
    assert "ORGAUDIT_REDACT_KEY" in ran.err


def test_several_outputs_come_from_one_run(street: dict[str, str]) -> None:
    assert sorted(street) == sorted(["text", *WRITERS])
    assert all(len(text) > 1000 for kind, text in street.items() if kind != "text")


def test_places_in_workbooks_and_archives_are_those_of_the_file() -> None:
    from orgaudit.reports.places import place_in_files

    audit = check(a_rule("for: choirs\nrequire: true"), {"choirs.csv": CHOIRS}).audit
    audit.records_path = "sent/2024"
    told = [place_in_files(audit, f, 7) for f in ("a/党员.csv", "a/名册.xlsx/Sheet1", "all.zip/a/名册.xlsx/甲", None)]
    assert [(p.path, p.line, p.inside) for p in told] == [
        ("sent/2024/a/党员.csv", 7, ""), ("sent/2024/a/名册.xlsx", 1, "Sheet1"), ("sent/2024/all.zip", 1, "a/名册.xlsx/甲"),
        ("sent/2024", 7, ""),
    ]  # fmt: skip
    assert "%E5" in told[0].uri


def test_the_workbook_has_the_columns_of_the_ledger_filters_and_frozen_headings(
    street: dict[str, str], tmp_path: Path
) -> None:
    findings = json.loads(street["json"])["findings"]
    orgaudit("check", STREET, "-o", f"xlsx={tmp_path / 'a.xlsx'}", "-q", "--lang", "zh")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["整改台账", "发现", "汇总", "矩阵"]
    ledger = book["整改台账"]
    headings = [cell.value for cell in ledger[1]]
    assert headings[:9] == [
        "序号",
        "问题",
        "依据条款",
        "责任单位",
        "责任人",
        "整改措施",
        "整改时限",
        "整改情况",
        "销号",
    ]
    assert ledger.max_row == 1 + sum(f["verdict"] == "fail" and f["disposition"] == "open" for f in findings)
    for sheet in book:
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref
    assert book["发现"].max_row == 1 + len(findings)
    assert {"✗ 1", "✓"} <= {c.value for row in book["矩阵"].iter_rows(min_row=2) for c in row}


def test_the_notice_has_its_four_parts_and_a_letter_for_each_organization(
    street: dict[str, str], tmp_path: Path
) -> None:
    orgaudit("check", STREET, "-o", f"notice={tmp_path / 'n.md'}", "-q", "--lang", "zh")
    text = (tmp_path / "n.md").read_text("utf-8")
    parts = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert parts[:4] == ["一、总体情况", "二、做得好的方面", "三、存在问题", "四、整改要求"]
    letters = [p for p in parts if p.startswith("致")]
    failing = {r["properties"]["organization"] for r in json.loads(street["sarif"])["runs"][0]["results"]}
    assert len(letters) == len(failing)
    assert "共审查 41 个组织" in text
