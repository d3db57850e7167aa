"""The housing co-operative of Quarry Lane: another world than the shipped one, and every story planted in it comes out."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from stories import EXAMPLES, Audited, Example, audited
from support import orgaudit

from orgaudit.standards.language import BOUNDS, MEASURES
from orgaudit.yamlfile import read_yaml

HOUSING = EXAMPLES / "housing-cooperative"
STORIES: list[dict[str, Any]] = read_yaml(HOUSING / "stories.yaml").data["stories"]
RULES: list[dict[str, Any]] = read_yaml(HOUSING / "standard.yaml").data["rules"]


class TestHousing(Example):
    name = "housing-cooperative"


@pytest.fixture
def housing() -> Audited:
    return audited(HOUSING / "records")


def test_every_rule_has_a_story_but_the_figure(housing: Audited) -> None:
    rules = {r.rule for r in housing.audit.rules}
    assert rules - {s["rule"] for s in STORIES} == {"QL-17-3"}
    # the board's size, the annual meeting, elections and charges are as they should be
    assert {s["rule"] for s in STORIES} - {s["rule"] for s in STORIES if s["expect"] == "fail"} == {
        "QL-6-2",
        "QL-6-4",
        "QL-6-6",
        "QL-8-1",
        "QL-17-2",
    }


def test_the_arrears_of_a_block_are_a_figure_unless_a_payment_is_unknown(housing: Audited) -> None:
    due = {flat: area * 6 for flat, area in areas().items()}
    assert housing.figures["A"] == str(2 * due["A12"] + 3 * due["A15"])
    assert housing.figures["B"] == "?"


def open_because(records: Path, rule: str, lang: str) -> str:
    """What the one open question of a rule says."""
    ran = orgaudit("check", records, "--select", rule, "--format", "json")
    (found,) = (f for f in json.loads(ran.out)["findings"] if f["verdict"] == "unknown")
    return found["message"][lang]


def test_an_open_question_names_the_field_of_the_record_that_is_blank(tmp_path: Path) -> None:
    shutil.copytree(HOUSING, tmp_path / "a")
    records = tmp_path / "a" / "records"
    assert "Letters L23: `Owner` is blank or unreadable (cedar/letters.csv:4)" in open_because(records, "QL-8-7", "en")
    assert "函件 L23 的“业主”空白或无法识别" in open_because(records, "QL-8-7", "zh")
    assert "Declarations: no row of this time answers in `Kept`" in open_because(records, "QL-24-1", "en")
    with (records / "declarations.csv").open("a", encoding="utf-8") as answers:
        answers.write("Y9,C,QL-24-1,2024-11-04,\n")
    assert "Declarations Y9: `Kept` is blank or unreadable (declarations.csv:8)" in open_because(
        records, "QL-24-1", "en"
    )


def areas() -> dict[str, int]:
    lines = (HOUSING / "records" / "flats.csv").read_text(encoding="utf-8").splitlines()[1:]
    return {cells[0]: int(cells[2]) for cells in (line.split(",") for line in lines)}


# ---- the by-laws use the whole language


def words(data: Any) -> set[str]:
    """All keys and words below a part of a file."""
    if isinstance(data, dict):
        return {w for k, v in data.items() for w in {k} | words(v)}
    if isinstance(data, list):
        return {w for item in data for w in words(item)}
    return set(str(data).replace("(", " ").replace(".", " ").split())


def test_every_measure_and_every_word_of_time_is_used() -> None:
    asked = words(RULES)
    assert set(MEASURES) - asked == set()
    assert {"previous", "descendants", "ancestors", "audit", "breaches", "event"} - asked == {"event"}
    assert {
        "each",
        "step",
        "alive",
        "within",
        "levels",
        "in_force",
        "reading",
        "during",
        "during_all",
        "yearly",
    } <= asked
    assert {"skip", "break"} <= words(read_yaml(HOUSING / "standard.yaml").data["readings"])
    assert len(set(BOUNDS) & asked) >= 4


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r["id"])
def test_every_rule_has_two_titles_a_clause_and_a_short_quote(rule: dict[str, Any]) -> None:
    assert set(rule["title"]) == {"zh", "en"}
    assert rule["clause"].startswith("§ ")
    assert 0 < len(rule["quote"]) <= 40


# ---- a standard that is tailored


def test_the_lender_asks_for_more(housing: Audited) -> None:
    lender = audited(HOUSING / "records", "../lender.yaml")
    differs = {
        key: (c.verdict, lender.checks[key].verdict)
        for key, c in housing.checks.items()
        if key in lender.checks and c.verdict != lender.checks[key].verdict
    }
    assert {key[:2] for key in differs if key[0] == "QL-11-1"} == {("QL-11-1", "C")}
    assert {key[:2] for key in differs if key[0] != "QL-11-1"} == {("QL-21-2", s) for s in ("A1", "A2", "C1")}
    assert set(differs.values()) == {("pass", "fail")}
    gone = {key[0] for key in housing.checks} - {key[0] for key in lender.checks}
    assert (gone, {key[0] for key in lender.checks} - {key[0] for key in housing.checks}) == ({"QL-23-3"}, {"QL-L-1"})
