"""Lints: each code has a bad example that shows it and nothing else, and a section in the reference."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orgaudit.cli import app
from orgaudit.cli.lint import MANY_CHECKS
from orgaudit.proof import LINTS

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tests" / "cases" / "lint"
PAGE = (ROOT / "docs" / "reference" / "lint.md").read_text(encoding="utf-8")


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["lint", *arguments])
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("code", LINTS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_bad_example(code: str, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    exit_code, out, _ = run(f"tests/cases/lint/{code}", "--lang", language)
    assert (exit_code, out) == (1, (CASES / code / f"expected.{language}.txt").read_text(encoding="utf-8"))
    assert f": {code}: " in out


@pytest.mark.parametrize("code", LINTS)
def test_an_example_shows_nothing_else(code: str) -> None:
    exit_code, out, _ = run(str(CASES / code), "--ignore", code, "--lang", "en")
    assert (exit_code, out) == (0, "1 standards, nothing to look at.\n")


@pytest.mark.parametrize("code", [*LINTS, MANY_CHECKS])
def test_a_lint_is_explained(code: str) -> None:
    assert f"\n## `{code}`\n" in PAGE


def test_every_example_is_of_a_lint() -> None:
    assert {p.name for p in CASES.iterdir() if p.is_dir()} == set(LINTS)


def test_select_takes_patterns_and_refuses_what_matches_nothing() -> None:
    folder = str(CASES / "unused-definition")
    assert run(folder, "--select", "unused-*")[0] == 1
    assert run(folder, "--select", "no-*")[0] == 0
    code, _, err = run(folder, "--select", "unused-defnition", "--lang", "en")
    assert (code, "Did you mean `unused-definition`?" in err) == (2, True)


def test_json_has_places_and_both_languages() -> None:
    code, out, _ = run(str(CASES / "no-clause"), "--format", "json")
    (one,) = json.loads(out)
    assert (code, one["code"], one["line"], one["column"], set(one["message"])) == (1, "no-clause", 3, 5, {"zh", "en"})


@pytest.mark.parametrize(("values", "many"), [(3200, True), (3100, False)])
def test_more_than_ten_million_checks_are_named(values: int, many: bool, tmp_path: Path) -> None:
    (tmp_path / "records.yaml").write_text((CASES / "records.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    listed = list(range(values))
    (tmp_path / "standard.yaml").write_text(
        f"standard: league\nrules:\n  - id: L-1\n    modality: must\n    for: clubs\n    each:\n      a: {listed}\n"
        f"      b: {listed}\n    count: matches where rated\n    at_least: 1\n",
        encoding="utf-8",
    )
    records = tmp_path / "handed-in"
    records.mkdir()
    (records / "clubs.csv").write_text("id,founded_on,closed_on,seats\nC,,,8\n", encoding="utf-8")
    code, out, _ = run(str(tmp_path), "--select", MANY_CHECKS, "--records", str(records), "--lang", "en")
    assert code == int(many)
    assert (f"L-1 makes {values * values:,} checks" in out) == many
