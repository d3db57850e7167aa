"""Converted records: typed, each record once, with where it came from — and audited again, the same verdicts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from support import CHOIRS, MODEL, PRESENCE, SINGERS, Ran, orgaudit, write

ROOT = Path(__file__).parent.parent
KINDS = ["parquet", "csv"]


def converted(records: Path, out: Path, kind: str, *options: str | Path) -> Ran:
    ran = orgaudit("convert", records, "-o", out, "-f", kind, *options)
    assert ran.code == 0, ran.err
    return ran


def audited(records: Path, *options: str | Path) -> dict[str, Any]:
    """The audit as data, but for what is said of the files themselves."""
    ran = orgaudit("check", records, "-f", "json", *options)
    assert ran.code in (0, 1), ran.err
    data: dict[str, Any] = json.loads(ran.out)
    del data["records"]
    return data


def rows(path: Path) -> list[dict[str, Any]]:
    found = duckdb.sql(f"select * from '{path}'")
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


EXAMPLES = {"linjiang-street": ["parquet"], "housing-cooperative": KINDS, "qingxi-parties": ["csv"]}


@pytest.mark.parametrize(("example", "kind"), [(e, k) for e, kinds in EXAMPLES.items() for k in kinds])
def test_the_examples_keep_every_verdict_with_its_evidence(example: str, kind: str, tmp_path: Path) -> None:
    converted(ROOT / "examples" / example / "records", tmp_path / "out", kind)
    expected = json.loads((ROOT / "examples" / example / "expected.json").read_text(encoding="utf-8"))
    del expected["records"]
    assert audited(tmp_path / "out") == expected


# ---- what is hard to keep


RULES = """
standard: choir-rules
rules:
  - {id: R1, modality: must, for: singers, require: age > 17}
  - {id: R2, modality: must, for: singers, require: joined_on is recorded}
  - {id: R3, modality: must, for: singers, require: left_on > as_of}
  - {id: R4, modality: must, for: singers, require: paid}
  - {id: R5, modality: must, for: singers, require: "has(languages, 'it')"}
  - {id: R6, modality: must, for: choirs, every: half-year, count: rehearsals, at_least: 2}
  - {id: R7, modality: must, for: singers, count: presence where status = 'present', at_least: 1}
  - {id: R8, modality: must, for: choirs, count: singers, at_most: 2}
  - {id: R9, modality: must, for: singers, require: fee = 12.5}
  - {id: R10, modality: must, for: singers, require: "name = 'A \\"quoted\\", 、name'"}
"""
DIRTY = {
    "choirs.yaml": '- {id: C1, name: Larks}\n- {id: C2, name: "合计"}\n- {id: 示例, name: "A\\nB"}\n',
    "a/singers.csv": SINGERS
    + 'S1,C1,"A ""quoted"", 、name",high,３０,24.3.5,,是,it、fr,12.5\n'
    + "S2,C9,Bo,deep,12,2024-03-05,2024-06-30,,,\n"
    + "S3,C1,Cy,low,abc,,2025-06-30,no,-,\n",
    "b/singers.csv": "id,choir_id,name,age\nS3,C1,Cy,18\nS4,Larks,Di,19\n,C1,Ed,20\n",
    "rehearsals.csv": "id,choir_id,held_on\nR1,C1,2024-03-05\nR2,,2024-03-06\nR3,C1,2025-03-05\nR4,C2,bad\n",
    "c1/presence.csv": f"{PRESENCE}R1,S1,present\nR1,,present\nR1,S3,excused\n",
    "orgaudit.yaml": "as_of: 2024-12-31\nsubmitted_by: 办公室\nsilence: {rehearsals: unreported}\n"
    "covers: {presence: {from: 2023-01-01}}\naliases: {choirs: {云雀: C1}}\n",
}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    write(tmp_path, {"records.yaml": MODEL, "standard.yaml": RULES})
    write(tmp_path / "records", DIRTY)
    return tmp_path


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_unknown_missing_or_merged_stays_so(house: Path, kind: str) -> None:
    said = audited(house / "records", "-s", house / "standard.yaml")
    converted(house / "records", house / "out", kind, "-s", house / "standard.yaml")
    again = audited(house / "out")  # the manifest names the standard
    assert again == said
    verdicts = {f["verdict"] for f in said["findings"]}
    assert {"fail", "unknown"} <= verdicts


@pytest.mark.parametrize("kind", KINDS)
def test_converted_twice_it_is_the_same(house: Path, kind: str) -> None:
    converted(house / "records", house / "out", kind, "-s", house / "standard.yaml")
    converted(house / "out", house / "again", kind)
    for path in sorted((house / "out").glob(f"*.{kind}")):
        assert rows(path) == rows(house / "again" / path.name)


def test_a_record_says_where_it_came_from_and_what_is_unknown(house: Path) -> None:
    converted(house / "records", house / "out", "parquet", "-s", house / "standard.yaml")
    singers = {r["id"]: r for r in rows(house / "out" / "singers.parquet")}
    assert [singers["S3"][c] for c in ("_file", "_row", "_also_in")] == ["a/singers.csv", 4, ["b/singers.csv"]]
    assert singers["S3"]["_unknown"] == ["age"]  # the two files differ
    assert singers["S4"]["choir_id"] == "C1"
    assert "joined_on" in singers["S4"]["_missing"]
    assert singers["S2"]["_unknown"] == ["choir_id", "voice"]
    assert str(singers["S1"]["fee"]) == "12.5000"
    assert singers["S1"]["languages"] == ["it", "fr"]


def test_a_table_without_a_row_was_handed_in(tmp_path: Path) -> None:
    write(tmp_path, {"records.yaml": MODEL, "standard.yaml": RULES})
    write(tmp_path / "records", {"choirs.csv": CHOIRS, "rehearsals.csv": "id,choir_id,held_on\n"})
    converted(tmp_path / "records", tmp_path / "out", "csv", "-s", tmp_path / "standard.yaml", "--as-of", "2024-12-31")
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["choirs.csv", "orgaudit.yaml", "rehearsals.csv"]
    said = audited(tmp_path / "records", "-s", tmp_path / "standard.yaml", "--as-of", "2024-12-31")
    assert audited(tmp_path / "out") == said


def test_a_cell_that_is_corrected_by_hand_is_known_and_one_that_is_spoilt_is_told(house: Path) -> None:
    converted(house / "records", house / "out", "csv", "-s", house / "standard.yaml")
    path = house / "out" / "singers.csv"
    text = path.read_text(encoding="utf-8")
    assert "S3,C1,Cy,low,," in text and "S2,,Bo,,12,2024-03-05," in text
    path.write_text(
        text.replace("S3,C1,Cy,low,,", "S3,C1,Cy,low,18,").replace("12,2024-03-05", "12,24.3.5"), encoding="utf-8"
    )
    told = json.loads(orgaudit("check", house / "out", "-f", "json").out)
    found = {(f["rule"], f["subject"]["key"]): f["verdict"] for f in told["findings"]}
    assert ("R1", "S3") not in found  # 18 > 17
    spoilt = [p for p in told["records"]["problems"] if p["code"] == "type-error"]
    assert [(p["file"], p["row"], p["value"]) for p in spoilt] == [("a/singers.csv", 3, "24.3.5")]


# ---- where it is written


def test_it_does_not_write_over_anything_nor_beside_the_records(house: Path) -> None:
    standard = house / "standard.yaml"
    inside = orgaudit("convert", house / "records", "-o", house / "records" / "out", "-s", standard)
    assert (inside.code, inside.out) == (2, "")
    assert "not inside the folder of the records" in inside.err
    there = orgaudit("convert", house / "records", "-o", house, "-s", standard)
    assert (there.code, there.err) == (2, f"{house.as_posix()}: it is there already; nothing was written.\n")
    (house / "file").write_text("")
    blocked = orgaudit("convert", house / "records", "-o", house / "file" / "out", "-s", standard)
    assert blocked.code == 2
    assert "cannot write" in blocked.err


def test_another_format_is_refused(house: Path) -> None:
    ran = orgaudit("convert", house / "records", "-o", house / "out", "-f", "xml", "-s", house / "standard.yaml")
    assert ran.code == 2
    assert not (house / "out").exists()
