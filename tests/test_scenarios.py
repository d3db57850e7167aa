"""Scenarios: each story's standard and scenario file, and what `orgaudit test` says of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from shutil import copy2, copytree
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from orgaudit.cli import app
from orgaudit.proof import Outcome, Proof, Result, load_proof, run_scenarios
from orgaudit.proof.batches import Batch, batches_of
from orgaudit.proof.run import run_batch
from orgaudit.proof.variants import of_expression, of_group, of_value

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
    code, out, err = run(shown(story), "--lang", language, "--verbose")
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
    proof = load_proof(str(story))
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


def test_a_rule_that_does_not_stand_under_the_readings_of_a_scenario_is_an_error(tmp_path: Path) -> None:
    for name in ("records.yaml", "as-expected/standard.yaml"):
        text = (CASES / name).read_text(encoding="utf-8")
        text = text.replace("  - id: L-5\n", "  - id: L-5\n    reading: {closed_quarter: count}\n")
        (tmp_path / Path(name).name).write_text(text, encoding="utf-8")
    cases = "".join(
        f"  - name: {use}\n    readings: {{closed_quarter: {use}}}\n    given: {{clubs: [{{id: C}}]}}\n"
        "    expect: {L-5: {C: {found: 0}}}\n"
        for use in ("count", "excuse")
    )
    (tmp_path / "x.test.yaml").write_text(f"scenarios: league\nas_of: 2024-06-30\ncases:\n{cases}", encoding="utf-8")
    first, second = run_scenarios(load_proof(str(tmp_path)))
    assert (first.outcome, second.outcome) == (Outcome.AS_EXPECTED, Outcome.ERROR)
    assert second.errors[0].code == "unknown-rule-here"


def test_that_a_rule_does_not_stand_can_be_expected(tmp_path: Path) -> None:
    for name in ("records.yaml", "as-expected/standard.yaml"):
        text = (CASES / name).read_text(encoding="utf-8")
        text = text.replace("  - id: L-5\n", "  - id: L-5\n    reading: {closed_quarter: count}\n")
        (tmp_path / Path(name).name).write_text(text, encoding="utf-8")
    cases = "".join(
        f"  - name: {use}\n    readings: {{closed_quarter: {use}}}\n    given: {{clubs: [{{id: C}}]}}\n"
        "    expect: {L-5: left_out}\n"
        for use in ("count", "excuse")
    )
    (tmp_path / "x.test.yaml").write_text(f"scenarios: league\nas_of: 2024-06-30\ncases:\n{cases}", encoding="utf-8")
    assert [r.outcome for r in run_scenarios(load_proof(str(tmp_path)))] == [Outcome.DIFFERS, Outcome.AS_EXPECTED]


# ---- mutants


@pytest.mark.parametrize("language", ["en", "zh"])
def test_mutants_that_nobody_notices_are_named_with_the_scenario_to_add(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    code, out, err = run("tests/cases/scenarios/as-expected", "--mutate", "--quiet", "--lang", language)
    expected = (CASES / "as-expected" / f"mutants.{language}.txt").read_text(encoding="utf-8")
    assert f"{out}{err}exit {code}\n" == expected


def test_a_standard_is_proved_where_every_mutant_is_noticed_or_equivalent() -> None:
    code, out, _ = run(str(CASES / "proved"), "--mutate", "--lang", "en", "-j", "2", "--format", "json")
    (data,) = json.loads(out)["standards"]
    fates = [m["fate"] for m in data["mutants"]]
    assert (code, fates.count("unnoticed"), fates.count("equivalent")) == (0, 0, 1)
    assert all(m["noticed_by"] for m in data["mutants"] if m["fate"] == "noticed")
    assert not any(r["missing"] for r in data["rules"])


def test_a_reason_for_a_mutant_that_is_noticed_fails(tmp_path: Path) -> None:
    copytree(CASES / "proved", tmp_path / "proved")
    copy2(CASES / "records.yaml", tmp_path)
    file = tmp_path / "proved" / "league.test.yaml"
    text = file.read_text(encoding="utf-8") + '  - {mutant: "L-2 at_least: 1 → 2", why: none}\n'
    file.write_text(text, encoding="utf-8")
    code, out, _ = run(str(tmp_path / "proved"), "--mutate", "--quiet", "--lang", "en", "-j", "1")
    assert code == 1
    assert "✗ L-2 at_least: 1 → 2" in out


@pytest.mark.parametrize(
    ("text", "mutants"),
    [
        ("a = 1", ["a <> 1", "a = 0", "a = 2"]),
        ("a < date '2024-03-01'", ["a <= date '2024-03-01'", "a < date '2024-02-29'", "a < date '2024-03-02'"]),
        ("a is recorded", ["a is not recorded"]),
        ("k in ('x', 'y')", ["k in ('y')", "k in ('x')"]),
        ("not in_life and b", ["not in_life or b", "b", "not in_life"]),
        ("x between 1 and 2", ["x between 0 and 2", "x between 2 and 2", "x between 1 and 1", "x between 1 and 3"]),
        ("a and (b or c)", ["a or (b or c)", "a and (b and c)", "(b or c)", "a"]),
        ("a or b", ["a and b"]),
        ("t = 'and < 3'", ["t <> 'and < 3'"]),
    ],
)
def test_an_expression_is_changed_in_one_place_at_a_time(text: str, mutants: list[str]) -> None:
    assert list(of_expression(text)) == mutants


@pytest.mark.parametrize(
    ("value", "mutants"),
    [
        (3, [2, 4]),
        ("30%", ["29%", "31%"]),
        ("2/3", ["1/3", "3/3"]),
        ("30 days", ["29 days", "31 days"]),
        ("5 working days", ["4 working days", "6 working days"]),
        ("2024-03-01", ["2024-02-29", "2024-03-02"]),
        ("$time", []),
        (True, [False]),
    ],
)
def test_a_value_is_changed_by_one_step(value: object, mutants: list[object]) -> None:
    assert list(of_value(value)) == mutants


def test_a_group_loses_its_condition_its_restriction_and_its_date() -> None:
    assert list(of_group("a.b in life dated sent_on where x = 1")) == [
        "a.b in life dated sent_on",
        "a.b in life dated sent_on where x <> 1",
        "a.b in life dated sent_on where x = 0",
        "a.b in life dated sent_on where x = 2",
        "a.b dated sent_on where x = 1",
        "a.b in life where x = 1",
    ]


# ---- mutants of some of the rules

SHARED = """
standard: shared
parameters:
  few: {2020-01-01: 1}
readings:
  counted: {use: all, choices: [all, rated], why: nobody said}
define:
  open_matches: matches where reported_on is recorded
rules:
  - {id: A-1, modality: must, for: clubs, every: year, count: matches in open_matches, at_least: $few}
  - {id: A-2, modality: must, for: clubs, value: seats, at_least: $few}
  - id: B-1
    reading: {counted: rated}
    modality: must
    for: clubs
    every: year
    count: matches in open_matches where rated
    at_least: $few
"""
OF_SHARED = """
scenarios: shared
as_of: 2024-12-31
records: {clubs: [{id: C, seats: 1}]}
cases:
  - name: "{n} reported"
    table: {n: ["1..0", "1..1"], verdict: [fail, pass]}
    given: {matches: [{for: {m: "{n}"}, held_on: 2024-03-01, reported_on: 2024-03-02}]}
    expect: {A-1: "{verdict}", B-1: left_out}
  - name: not reported
    given: {matches: [{held_on: 2024-03-01}]}
    expect: {A-1: fail}
  - name: "{n} seats"
    table: {n: [0, 1], verdict: [fail, pass]}
    given: {clubs: [{id: C, seats: "{n}"}]}
    expect: {A-2: "{verdict}"}
  - name: rated {rated}
    readings: {counted: rated}
    table: {rated: [true, false], verdict: [pass, fail]}
    given: {matches: [{held_on: 2024-03-01, reported_on: 2024-03-02, rated: "{rated}"}]}
    expect: {B-1: "{verdict}"}
"""


def fates_of(folder: Path, *options: str) -> dict[str, str]:
    _, out, err = run(str(folder), "--mutate", "--lang", "en", "-j", "1", "--format", "json", *options)
    assert err == ""
    return {m["mutant"]: m["fate"] for m in json.loads(out)["standards"][0]["mutants"]}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A standard whose rules share a parameter and a group, one of them under a reading that is not chosen."""
    folder = tmp_path_factory.mktemp("shared")
    copy2(CASES / "records.yaml", folder)
    (folder / "standard.yaml").write_text(SHARED, encoding="utf-8")
    (folder / "shared.test.yaml").write_text(OF_SHARED, encoding="utf-8")
    return folder


def test_parts_of_the_rules_have_every_mutant_of_the_whole(shared: Path) -> None:
    whole = fates_of(shared)
    parts = [fates_of(shared, "--select", pattern) for pattern in ("A-1", "A-2", "B-*")]
    assert {name for part in parts for name in part} == set(whole)
    assert {name: fate for part in parts for name, fate in part.items()} == whole
    assert all("$few: 1 → 2" in part for part in parts)
    assert [name for name in parts[1] if name.startswith(("A-1", "B-1", "define."))] == []


def test_a_shared_mutant_may_be_noticed_by_the_scenarios_of_another_rule(tmp_path: Path, shared: Path) -> None:
    copytree(shared, tmp_path / "s")
    file = tmp_path / "s" / "shared.test.yaml"
    text = file.read_text(encoding="utf-8")
    cut = text.index('  - name: "{n} seats"')
    lax = "  - name: ten seats\n    given: {clubs: [{id: C, seats: 10}]}\n    expect: {A-2: pass}\n"
    file.write_text(text[:cut] + lax + text[text.index("  - name: rated") :], encoding="utf-8")
    assert fates_of(tmp_path / "s", "--select", "A-2")["$few: 1 → 2"] == "noticed"


@pytest.mark.parametrize(
    ("top", "case", "said"),
    [
        ("covers: {matches: {from: 2024-41-01}}", "", "3:26: `2024-41-01` is no date"),
        ("covers: {matches: {from: 2024-05-01, to: 2024-04-01}}", "", "3:42: the last day (2024-04-01) comes before"),
        ("covers: {^matchs: {}}", "", "there is no table `matchs`. Did you mean `matches`?"),
        ("covers: {matches: {}}", "covers: {^player: {}}", "there is no table `player`. Did you mean `players`?"),
        ("covers: {matches: {organizations: [C, ^D]}}", "", "there is no record `D` of `clubs`. Known: C."),
        ("silence: {^matchs: unreported}", "", "there is no table `matchs`"),
        ("", "not_handed_in: ^match", "there is no table `match`. Did you mean `matches`?"),
        ("not_handed_in: [players, ^matches.ratd]", "", "there is no field, reference or number `ratd`. Did you mean"),
        (
            "not_handed_in: [matches.ratd]",
            "not_handed_in: ^matches.rate",
            "there is no field, reference or number `rate`",
        ),
        ("period: ^2024-Q5", "", "`2024-Q5` is no period"),
        ("period: {from: 2024-01-01, to: ^2024-02-30}", "", "`2024-02-30` is no date"),
        ("period: {from: 2024-05-01, to: ^2024-02-28}", "", "the last day (2024-02-28) comes before the first"),
        ("", "period: ^2024-05-01..2024-02-28", "the last day (2024-02-28) comes before the first"),
        ("equivalent: [{mutant: x, why: ^''}]", "", "a name or a reason is expected"),
        ("", "todo: ^''", "a name or a reason is expected"),
        ("", "as_of: ^2024-12-32", "`2024-12-32` is no date"),
    ],
)
def test_what_is_wrong_with_circumstances_is_told_where_they_stand(
    top: str, case: str, said: str, tmp_path: Path
) -> None:
    for name in ("records.yaml", "as-expected/standard.yaml"):
        target = tmp_path / Path(name).name
        target.write_text((CASES / name).read_text(encoding="utf-8"), encoding="utf-8")
    text = "scenarios: league\nas_of: 2024-12-31\n" + top + "\nrecords: {clubs: [{id: C}]}\ncases:\n"
    text += "".join(f"  - {{name: {name}, expect: {{L-4: nobody}}, {case}}}\n" for name in "ab")
    if "^" in text:
        before = text[: text.index("^")].split("\n")
        said = f"{len(before)}:{len(before[-1]) + 1}: {said}"
    (tmp_path / "league.test.yaml").write_text(text.replace("^", ""), encoding="utf-8")
    code, out, err = run(str(tmp_path), "--lang", "en")
    assert code == 2
    assert f"league.test.yaml:{said}" in out + err
    if not case:  # what a file says once is told once
        assert (out + err).count("league.test.yaml") == 1


def test_what_may_be_left_out_and_what_may_stand_in_circumstances(tmp_path: Path) -> None:
    for name in ("records.yaml", "as-expected/standard.yaml"):
        target = tmp_path / Path(name).name
        target.write_text((CASES / name).read_text(encoding="utf-8"), encoding="utf-8")
    text = """scenarios: league
as_of: 2024-12-31
period: {from: 2024-01-01}
not_handed_in: [players, matches.rated, closures]
covers: {matches: {from: 2024-01-01, to: 2024-01-01, organizations: club-1}}
records: {clubs: [{seats: 3}]}
cases:
  - {name: a, expect: {L-4: nobody}}
  - {name: b, expect: {}, given: {matches: [{club_id: nobody}]}, problems: foreign-key}
"""
    (tmp_path / "league.test.yaml").write_text(text, encoding="utf-8")
    assert [s.name for s in load_proof(str(tmp_path)).scenarios] == ["a", "b"]
    text = text.replace(", problems: foreign-key", "")
    (tmp_path / "league.test.yaml").write_text(text, encoding="utf-8")
    _, _, err = run(str(tmp_path), "--lang", "en")
    assert "league.test.yaml:9:23: a scenario that expects nothing shows nothing" in err
