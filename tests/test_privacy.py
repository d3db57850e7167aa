"""What the records say of persons stands in no output that must not have it: in the examples, and in records full of faults."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from io import StringIO
from pathlib import Path

import docx
import openpyxl
import pytest
from support import Files, Result, check, orgaudit, outliving, write
from test_handed_in import workbook

from orgaudit import audit, load_records, load_standard
from orgaudit.cli.options import chosen_rules
from orgaudit.findings import Audit, Finding
from orgaudit.recordmodel import replaced, standing_in
from orgaudit.records import Records
from orgaudit.reports import WRITERS
from orgaudit.reports.privacy import pseudonyms, redacted
from orgaudit.reports.terminal import TerminalReport
from orgaudit.standards import record_model_of
from orgaudit.yamlfile import read_yaml

EXAMPLES = sorted((Path(__file__).parent.parent / "examples").glob("*/records"))
OF_CI = ["junit", "sarif", "github", "gitlab"]


def outputs(made: Audit, findings: list[Finding], kinds: list[str]) -> Iterator[tuple[str, str]]:
    """Each output as text, in both languages."""
    for language in ("zh", "en"):
        for kind in kinds:
            if kind == "text":
                out = StringIO()
                TerminalReport(language, verbosity=1, out=out).write(made, findings, "")
                yield f"text {language}", out.getvalue()
            else:
                yield f"{kind} {language}", text_of(WRITERS[kind](made, findings, language))


def text_of(written: str | bytes) -> str:
    """The text of an output; of a workbook that of its cells."""
    if isinstance(written, str):
        return written
    if b"word/document.xml" in written:
        return "\n".join(p.text for p in docx.Document(io.BytesIO(written)).paragraphs)
    book = openpyxl.load_workbook(io.BytesIO(written))
    return "\n".join(
        str(c) for sheet in book for row in sheet.iter_rows(values_only=True) for c in row if c is not None
    )


# ---- the examples


def values_of(records: Records, *, personal: bool) -> set[str]:
    """The texts and dates that stand in fields about persons, or in all the others."""
    found: set[str] = set()
    for name, table in records.model.tables.items():
        for field in table.fields:
            if field.personal is personal and not field.categories and field.type in ("string", "date"):
                rows = records.db.load(f'select distinct cast("{field.name}" as varchar) from "{name}"')
                found |= {value for (value,) in rows if value and len(value) > 1}
    return found


@cache
def example(records: Path) -> tuple[Audit, list[Finding], frozenset[str]]:
    """An example audited by its manifest, with what it says of persons and of nothing else."""
    manifest = read_yaml(records / "orgaudit.yaml").data
    (name,) = manifest["standards"]
    name = str((records / name).resolve()) if name.startswith(".") else name
    model = record_model_of([name])
    loaded = load_records(records, model, default_as_of=date(2024, 12, 31))
    try:
        standard = load_standard(name, model)
        rules = chosen_rules([standard], [], manifest.get("ignore", []))
        made = outliving(audit(loaded, [standard], rules))
        findings = list(made.findings())
        standards = repr([made.rules, [made.sentence(r) for r in made.rules], made.readings, made.parameters])
        public = "\n".join([standards, *values_of(loaded, personal=False)])  # words that are not about anybody
        private = {value for value in values_of(loaded, personal=True) if value not in public}
        return made, findings, frozenset(private)
    finally:
        loaded.db.close()


def told(private: frozenset[str], text: str) -> list[str]:
    return sorted(value for value in private if value in text)


@pytest.mark.parametrize("records", EXAMPLES, ids=lambda path: path.parent.name)
def test_redacted_outputs_of_the_examples_say_nothing_of_persons(records: Path) -> None:
    made, findings, private = example(records)
    assert len(private) > 20
    masked = redacted(made, findings, pseudonyms(b"a secret"))
    leaks = {kind: told(private, text) for kind, text in outputs(*masked, ["text", *WRITERS])}
    assert {kind: found for kind, found in leaks.items() if found} == {}
    assert any(told(private, text) for kind, text in outputs(made, findings, ["json"]))


@pytest.mark.parametrize("records", EXAMPLES, ids=lambda path: path.parent.name)
def test_formats_of_ci_say_nothing_of_persons_in_the_examples(records: Path) -> None:
    made, findings, private = example(records)
    leaks = {kind: told(private, text) for kind, text in outputs(made, findings, OF_CI)}
    assert {kind: found for kind, found in leaks.items() if found} == {}


# ---- records full of faults

MODEL = """
records: club
tables:
  clubs:
    singular: club
    owner: self
    primaryKey: [id]
    fields: [{name: id, type: string, constraints: {required: true}}, {name: name, type: string, role: name}]
  players:
    singular: player
    owner: club
    primaryKey: [id]
    foreignKeys: [{fields: [club_id], reference: {resource: clubs}, name: club}]
    fields:
      - {name: id, type: string, title: {zh: 编号, en: Identifier}, constraints: {required: true}}
      - {name: club_id, type: string, title: {zh: 球队, en: Club}}
      - {name: name, type: string, title: {zh: 姓名, en: Name}, role: name, personal: true}
      - {name: born_on, type: date, title: {zh: 出生日期, en: Born on}, personal: true}
      - {name: phone, type: string, title: {zh: 电话, en: Phone}, constraints: {pattern: "[0-9]+"}, personal: true}
      - name: side
        type: string
        title: {zh: 位置, en: Side}
        personal: true
        categories: [{value: left}, {value: right}]
  games:
    singular: game
    owner: club
    primaryKey: [id]
    foreignKeys: [{fields: [club_id], reference: {resource: clubs}, name: club}]
    fields:
      - {name: id, type: string, constraints: {required: true}}
      - {name: club_id, type: string}
      - {name: held_on, type: date, role: when}
  absences:
    singular: absence
    owner: game.club
    time: game.held_on
    primaryKey: [game_id, player_id]
    foreignKeys:
      - {fields: [game_id], reference: {resource: games}, name: game}
      - {fields: [player_id], reference: {resource: players}, name: player}
    fields:
      - {name: game_id, type: string, constraints: {required: true}}
      - {name: player_id, type: string, constraints: {required: true}}
      - {name: reason, type: string, personal: true, blank: none}
"""
#: every cell about a person has a mark of its own, Zq…x
FILES: Files = {
    "clubs.csv": "id,name\nC1,Larks\n",
    "games.csv": "id,club_id,held_on\nG1,C1,2024-03-01\n",
    "players.csv": "team of Zq01x,,,,,\n编号,球队,姓 名,出生日期（必填）,电话,位置\nP1,C1,Zq02x,Zq03x,Zq04x,Zq05x\n"
    "P2,C1,Zq06x,1990-01-01,1,left\nP2,C1,Zq07x,1990-01-02,2,left,Zq08x\nP3,C1,Zq09x,1990.5,3,left\n",
    "more/players.csv": "P7,C1,Zq10x,1990-01-01,5,Zq11x\nP8,C1,Zq12x,1990-01-01,6,left\n",
    "players.yaml": "players:\n- Zq13x\n- {id: P9, club_id: C1, name: {first: Zq14x}, born_on: [Zq15x, {a: Zq16x}]}\n",
    "broken/players.yaml": "players:\n- {id: P10, name: Zq17x\n- Zq18x: [\n",
    "broken/players.csv": 'id,club_id,name\nP11,C1,"Zq19x\nP12,C1,"Zq20x"Zq21x,1\n',
    "absences.csv": "game_id,player_id,reason\nG1,Zq09x,Zq22x\nG1,Zq23x,Zq24x,Zq25x\nG1,P3,Zq26x\n",
}
RULES = """
standard: club-rules
rules:
  - {id: R1, modality: must, for: players, require: phone is recorded and born_on is recorded}
  - {id: R2, modality: must, for: absences, require: reason = 'ill'}
  - id: R3
    modality: must
    for: games
    each: {why: reason of absences}
    count: absences where reason = each.why
    at_least: 2
  - id: R4
    modality: must
    for: games
    each: {who: player_id of absences}
    count: absences where player_id = each.who
    at_least: 2
"""


@pytest.fixture(scope="module")
def faulty() -> Result:
    return check(RULES, FILES, model=MODEL)


def marks(text: str) -> list[str]:
    return sorted(set(re.findall(r"Zq\d\dx", text)))


def test_the_faults_are_found_and_told_to_those_who_may_see_them(faulty: Result) -> None:
    seen = {p.code for p in faulty.problems}
    assert {
        "type-error",
        "extra-cell",
        "primary-key",
        "name-for-key",
        "foreign-key",
        "extra-label",
        "not-a-record",
    } <= seen
    assert {f.rule.rule for f in faulty.findings} == {"R1", "R2", "R3", "R4"}
    told = marks(" ".join(text for _, text in outputs(faulty.audit, faulty.findings, ["text", *WRITERS])))
    assert len(told) >= 20


def test_redacted_outputs_of_faulty_records_say_nothing_of_persons(faulty: Result) -> None:
    masked = redacted(faulty.audit, faulty.findings, pseudonyms(b"a secret"))
    assert {kind: found for kind, text in outputs(*masked, ["text", *WRITERS]) if (found := marks(text))} == {}


def test_formats_of_ci_say_nothing_of_persons_in_faulty_records(faulty: Result) -> None:
    leaks = {kind: marks(text) for kind, text in outputs(faulty.audit, faulty.findings, OF_CI)}
    assert {kind: found for kind, found in leaks.items() if found} == {}


def test_a_redacted_finding_has_the_identifier_that_it_has_without(faulty: Result) -> None:
    _, findings = redacted(faulty.audit, faulty.findings, pseudonyms(b"a secret"))
    assert [f.id for f in findings] == [f.id for f in faulty.findings]
    assert any(a.each != b.each for a, b in zip(findings, faulty.findings, strict=True))


# ---- persons in the names of files, sheets and folders

NAMED: Files = {
    "clubs.csv": "id,name\nC1,Larks\n",
    "games.csv": "id,club_id,held_on\nG1,C1,2024-03-01\n",
    "players.csv": "id,club_id,name,born_on,phone,side\nP1,C1,安如,,13800000031,left\n"
    "P2,C1,Bo Lee,,2,left\nP3,C1,丁一,,3,left\nP4,C1,Games,,,left\n",
    "安如-absences.csv": "game_id,player_id,reason\nG1,P1,ill\n",
    "bo_LEE/absences.csv": "game_id,player_id,reason\nG1,P2,x\nG1,戊己,x\nG9,安 如,x\n",
    "list.xlsx": workbook(
        {"absences 丁一": [["game_id", "player_id", "reason"], ["G1", "P3", "late"]], "丁一": [["x"]]}
    ),
    "13800000031 players.csv": "id,club_id,name,born_on,phone,side,安如\nP6,C1,庚辛,,5,left,x\nP6,C1,庚辛,,6,left,x\n",
    "戊己.csv": "a,b\n1,2\n",
}
PERSONS = re.compile(r"安\s*如|bo[ _]lee|丁一|戊己|庚辛|13800000031", re.IGNORECASE)


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("named")
    write(folder, {"records.yaml": MODEL, "standard.yaml": RULES})
    write(folder / "安如" / "records", {**NAMED, "orgaudit.yaml": "as_of: 2024-12-31\n"})
    return folder


def in_paths(named: Path, *options: str) -> dict[str, str]:
    """Every output of the command, with what it prints."""
    out = named / "out"
    out.mkdir(exist_ok=True)
    kinds = [*WRITERS, "text"]
    files = [x for kind in kinds for x in ("--output", f"{kind}={out / kind}")]
    at = named / "安如" / "records"
    ran = orgaudit("check", at, "-s", named / "standard.yaml", *files, "--verbose", *options, **KEY)
    made = {kind: (out / kind).read_bytes() for kind in kinds}
    texts = {kind: text_of(b if kind in ("xlsx", "word") else b.decode()) for kind, b in made.items()}
    return texts | {"printed": ran.out, "stderr": ran.err}


KEY = {"ORGAUDIT_REDACT_KEY": "a secret"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_redacted_outputs_say_nothing_of_persons_in_paths(named: Path, language: str) -> None:
    plain = in_paths(named, "--lang", language)
    assert {m.replace(" ", "").lower() for m in PERSONS.findall(plain["json"])} == {
        "安如", "bo_lee", "bolee", "丁一", "戊己", "庚辛", "13800000031",
    }  # fmt: skip
    found = in_paths(named, "--lang", language, "--redact")
    assert {kind: p for kind, text in found.items() if (p := PERSONS.findall(text))} == {}
    assert {kind: p for kind in OF_CI if (p := PERSONS.findall(plain[kind]))} == {}


def test_a_person_in_a_path_has_the_pseudonym_that_it_has_elsewhere(named: Path) -> None:
    told = json.loads(in_paths(named, "--redact")["json"])
    (lee,) = {f["subject"]["name"] for f in told["findings"] if f["subject"]["key"] == "P2"}
    paths = {file["path"] for table in told["records"]["tables"].values() for file in table["files"]}
    assert f"{lee}/absences.csv" in paths
    assert "games.csv" in paths  # a word of the record model, though one bears it as a name
    assert lee == pseudonyms(b"a secret")("Bo Lee")


@pytest.mark.parametrize("options", [["--lang", "zh", "-v"], ["--lang", "en", "-v"], ["-f", "json"]])
def test_a_redacted_receipt_says_nothing_of_persons(named: Path, options: list[str]) -> None:
    at = named / "安如" / "records"
    plain, masked = (
        orgaudit("records", at, "-s", named / "standard.yaml", *options, *more, **KEY) for more in ([], ["--redact"])
    )
    assert PERSONS.findall(plain.out)
    assert PERSONS.findall(masked.out + masked.err) == []
    assert plain.code == masked.code == 1
    assert masked.out.count("\n") == plain.out.count("\n")
    assert "P-" in masked.out


@pytest.mark.parametrize("records", EXAMPLES, ids=lambda path: path.parent.name)
def test_redacted_receipts_of_the_examples_say_nothing_of_persons(records: Path) -> None:
    _, _, private = example(records)
    ran = orgaudit("records", records, "-f", "json", "--redact", **KEY)
    assert told(private, ran.out) == []


def test_a_marked_copy_cannot_be_redacted(named: Path) -> None:
    ran = orgaudit("records", named / "安如", "--redact", "--marked", named / "copy.xlsx", **KEY)
    assert ran.code == 2
    assert "--marked" in ran.err
    assert not (named / "copy.xlsx").exists()


@pytest.mark.parametrize(
    ("path", "word", "shown"),
    [
        ("张三-考勤.csv", "张三", "X-考勤.csv"),
        ("張 三.csv", "张三", "X.csv"),
        ("a/Ann_Lee.csv", "ann lee", "a/X.csv"),
        ("a/annlee2024.csv", "Ann Lee", "a/X2024.csv"),
        ("listing.csv", "Li", "listing.csv"),
        ("20240305.csv", "2024", "20240305.csv"),
        ("张/三.csv", "张三", "张/三.csv"),
        ("三.csv", "三", "三.csv"),
        ("张三张三.csv", "张三", "XX.csv"),
        ("１３８.csv", "138", "X.csv"),
    ],
)
def test_a_word_is_found_in_a_path_however_it_is_spelled(path: str, word: str, shown: str) -> None:
    assert replaced(path, [word], lambda _: "X") == shown
    assert list(standing_in([path], [word])) == ([word] if shown != path else [])
