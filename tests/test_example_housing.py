"""The housing co-operative of Quarry Lane: another world than the shipped one, and every story planted in it comes out."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support import orgaudit

from orgaudit import audit, load_records, load_standard
from orgaudit.findings import Audit, Check, Finding
from orgaudit.standards import record_model_of
from orgaudit.standards.language import BOUNDS, MEASURES
from orgaudit.yamlfile import read_yaml

ROOT = Path(__file__).parent.parent
HOUSING = ROOT / "examples" / "housing-cooperative"
TOLD: dict[str, Any] = read_yaml(HOUSING / "stories.yaml").data
STORIES: list[dict[str, Any]] = TOLD["stories"]
PROBLEMS: list[dict[str, Any]] = TOLD["problems"]
RULES: list[dict[str, Any]] = read_yaml(HOUSING / "standard.yaml").data["rules"]

Key = tuple[str, str, tuple[Any, ...], str]


@dataclass(frozen=True)
class Audited:
    """What an audit of the co-operative came to."""

    audit: Audit
    checks: dict[Key, Check]
    findings: list[Finding]
    figures: dict[str, str | None]


def audited(standard: str) -> Audited:
    name = str(HOUSING / standard)
    model = record_model_of([name])
    records = load_records(HOUSING / "records", model, default_as_of=date(2024, 12, 31))
    try:
        made = audit(records, [load_standard(name, model)])
        checks = {(c.rule, c.subject, tuple(c.each), c.period): c for c in made.checks()}
        figures = {f.subject.key: f.shown for f in made.figures()}
        return Audited(made, checks, list(made.findings()), figures)
    finally:
        records.db.close()


@pytest.fixture(scope="module")
def housing() -> Audited:
    return audited("standard.yaml")


def check_of(story: Mapping[str, Any], housing: Audited) -> Check:
    """The check that a story tells of; a story that names no period tells of the only one."""
    each = tuple(story.get("each", {}).values())
    found = [
        c
        for (rule, subject, value, period), c in housing.checks.items()
        if (rule, subject, value) == (story["rule"], story["subject"], each) and period == story.get("period", period)
    ]
    assert len(found) == 1, f"{story['id']}: {len(found)} checks"
    return found[0]


# ---- what is told comes out


@pytest.mark.parametrize("story", STORIES, ids=lambda s: s["id"])
def test_a_story_comes_out_as_told(story: dict[str, Any], housing: Audited) -> None:
    assert check_of(story, housing).verdict == story["expect"]


@pytest.mark.parametrize("story", [s for s in STORIES if "level" in s], ids=lambda s: s["id"])
def test_a_run_reaches_the_level_that_is_told(story: dict[str, Any], housing: Audited) -> None:
    runs = [f for f in housing.findings if (f.rule.rule, f.subject.key) == (story["rule"], story["subject"])]
    assert {r.level for r in runs} == {story["level"]}


def test_stories_are_told_once_and_of_every_verdict() -> None:
    ids = [s["id"] for s in STORIES + PROBLEMS]
    assert len(set(ids)) == len(ids)
    assert {s["expect"] for s in STORIES} == {"pass", "fail", "unknown", "pending", "not_applicable"}


# ---- nothing else comes out


def test_whatever_does_not_pass_is_told_by_a_story(housing: Audited) -> None:
    told = [check_of(s, housing) for s in STORIES]
    assert [c for c in housing.checks.values() if c.verdict not in ("pass", "not_applicable") and c not in told] == []


def test_few_checks_are_unknown_and_none_in_error(housing: Audited) -> None:
    assert housing.audit.tally["unknown"] < 0.05 * sum(housing.audit.tally.values())
    assert housing.audit.tally["error"] == 0


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda p: p["id"])
def test_a_planted_problem_is_reported(problem: dict[str, Any], housing: Audited) -> None:
    asked = [k for k in ("code", "file", "row", "column", "value") if k in problem]
    reported = [[getattr(p, k) for k in asked] for p in housing.audit.problems]
    assert [problem[k] for k in asked] in reported


def test_only_planted_problems_are_reported(housing: Audited) -> None:
    told = {(p["code"], p.get("file", ""), p.get("row")) for p in PROBLEMS}
    reported = {(p.code, p.file, p.row) for p in housing.audit.problems if not p.is_notice}
    assert reported - told == set()


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
    lender = audited("lender.yaml")
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


# ---- the files themselves

# python -m orgaudit check examples/housing-cooperative/records -f json > examples/housing-cooperative/expected.json


def test_the_json_is_the_expected_one_byte_by_byte() -> None:
    ran = orgaudit("check", HOUSING / "records", "--format", "json")
    assert ran.code == 1
    assert ran.out == (HOUSING / "expected.json").read_bytes().decode("utf-8")


def files_of(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_the_generator_makes_the_same_bytes(tmp_path: Path) -> None:
    shutil.copy(HOUSING / "generate.py", tmp_path / "generate.py")
    subprocess.run([sys.executable, "-W", "error", tmp_path / "generate.py"], check=True, cwd=tmp_path)
    assert files_of(tmp_path / "records") == files_of(HOUSING / "records")
