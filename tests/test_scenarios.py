"""Scenarios: each story's standard and scenario file, and what `orgaudit test` says of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from orgaudit.cli import app
from orgaudit.proof import Outcome, Proof, Result, load_proof, run_scenarios
from orgaudit.proof.batches import Batch, batches_of
from orgaudit.proof.run import run_batch

CASES = Path(__file__).parent / "cases" / "scenarios"
STORIES = sorted(p.parent for p in CASES.glob("*/standard.yaml"))
ROOT = Path(__file__).parent.parent


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["test", *arguments])
    return result.exit_code, result.stdout, result.stderr


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("story", STORIES, ids=lambda p: p.name)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_said_of_a_story(story: Path, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`expected.LANG.txt` is what a person reads, with the exit code in its last line."""
    monkeypatch.chdir(ROOT)
    code, out, err = run(shown(story / "standard.yaml"), "--lang", language, "--verbose")
    assert f"{out}{err}exit {code}\n" == (story / f"expected.{language}.txt").read_text(encoding="utf-8")


def told(results: Sequence[Result]) -> list[tuple[str, str, object]]:
    return [
        (r.scenario.name, r.outcome.value, {rule: [(c.labels, c.told) for c in cs] for rule, cs in r.came.items()})
        for r in results
    ]


def one_by_one(proof: Proof) -> list[Result]:
    return [result for s in proof.scenarios for result in run_batch(Batch((s,)), proof.draft)]


@pytest.mark.parametrize("story", [s for s in STORIES if s.name != "wrong-file"], ids=lambda p: p.name)
def test_together_says_what_one_by_one_says(story: Path) -> None:
    proof = load_proof(str(story / "standard.yaml"))
    assert told(run_scenarios(proof)) == told(one_by_one(proof))


def test_what_looks_at_all_records_stands_alone() -> None:
    proof = load_proof(str(CASES / "together" / "standard.yaml"))
    sizes = {s.name: len(b.scenarios) for b in batches_of(proof.scenarios, proof.draft) for s in b.scenarios}
    assert sizes == {
        "two clubs in one": 2,
        "the same keys again, otherwise": 2,
        "the whole audit has two": 1,
        "the whole audit has one": 1,
        "a key by its text": 1,
        "a reference that leads nowhere": 1,
    }


def test_json_counts_every_scenario_and_names_what_is_missing() -> None:
    code, out, _ = run(str(CASES / "outlines"), "--format", "json")
    data = json.loads(out)["standards"][0]
    assert (code, data["standard"], sum(data["counts"].values())) == (0, "league", len(data["scenarios"]))
    ladder = next(r for r in data["rules"] if r["rule"] == "L-3")
    assert (ladder["levels"], ladder["missing"]) == (["letter", "visit"], ["unknown"])


def test_junit_tells_failures_from_what_is_to_do(tmp_path: Path) -> None:
    path = tmp_path / "scenarios.xml"
    code, _, _ = run(str(CASES / "to-do"), "--output", f"junit={path}")
    suite = ElementTree.parse(path).getroot()[0]
    counted = {n: suite.get(n) for n in ("tests", "failures", "errors", "skipped")}
    assert (code, counted) == (1, {"tests": "2", "failures": "1", "errors": "0", "skipped": "1"})
    assert [[child.tag for child in case] for case in suite] == [["skipped"], ["failure"]]


def test_select_leaves_the_scenarios_of_a_rule() -> None:
    code, out, _ = run(str(CASES / "as-expected"), "--select", "L-4", "--lang", "en")
    assert (code, out.splitlines()[-1]) == (0, "3 scenarios: 3 as expected, 0 not, 0 to do.")


def test_no_scenario_is_not_green(tmp_path: Path) -> None:
    for name in ("records.yaml", "as-expected/standard.yaml"):
        (tmp_path / Path(name).name).write_text((CASES / name).read_text(encoding="utf-8"), encoding="utf-8")
    code, _, err = run(str(tmp_path), "--lang", "en")
    assert (code, err) == (3, f"no scenario was found beside: {tmp_path}\n")


def test_a_level_that_the_rule_does_not_have_is_an_error(tmp_path: Path) -> None:
    for name in ("records.yaml", "as-expected/standard.yaml"):
        (tmp_path / Path(name).name).write_text((CASES / name).read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "x.test.yaml").write_text(
        "scenarios: league\nas_of: 2024-06-30\ncases:\n  - name: a\n    given: {clubs: [{id: C}]}\n"
        "    expect:\n      L-3: leter\n",
        encoding="utf-8",
    )
    proof = load_proof(str(tmp_path))
    (result,) = run_scenarios(proof)
    assert result.outcome == Outcome.ERROR
    assert str(result.errors[0].where).endswith("x.test.yaml:7:7")
    assert result.errors[0].values["close"] == "letter"
