"""The command `orgaudit check`: what it takes, what it prints, and how it ends."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from support import CHOIR, CHOIRS, REHEARSALS, Ran, a_rule, orgaudit, singers, write, write_standard

ROOT = Path(__file__).parent.parent
SCHEMA = json.loads((ROOT / "docs" / "findings.schema.json").read_text(encoding="utf-8"))
STREET = ROOT / "examples" / "linjiang-street" / "records"

STANDARD = """
standard: choir-rules
title: {zh: 合唱团规则, en: Rules of choirs}
parameters:
  least: {2024-01-01: 1}
readings:
  season: {use: calendar, choices: [calendar], why: The text says every quarter.}
rules:
  - id: CR-1
    clause: '1'
    title: {zh: 每季度排练, en: A rehearsal every quarter}
    remedy: {en: Rehearse}
    modality: must
    reading: {season: calendar}
    for: choirs
    every: quarter
    count: rehearsals
    at_least: $least
  - id: CR-2
    title: {zh: 成年, en: Of age}
    modality: must
    severity: minor
    for: singers
    require: age >= 18
  - id: CR-3
    title: {en: Two singers}
    modality: goal
    for: choirs
    count: singers
    at_least: 2
  - id: CR-4
    modality: should
    for: singers
    each: {day: [1, 2]}
    within: 30 days after joined_on
    done: left_on
  - id: CR-5
    modality: should
    for: singers
    value: whole_years(joined_on, as_of)
    at_most: 3
  - id: CR-6
    modality: must
    for: choirs
    consecutive: quarter
    when: {count: rehearsals, exactly: 0}
    levels:
      - {level: ok, exactly: 1}
      - {level: warned, exactly: 2, severity: info, title: {en: A warning}}
      - {level: closed, at_least: 3, severity: critical}
"""

RECORDS = {
    **singers("S1,C1,Ann,high,17,2020-01-01,2020-01-15,yes,,", "S2,C1,Bo,high,,2024-12-20,,yes,,"),
    "rehearsals.csv": f"{REHEARSALS}R1,C1,2024-02-01\nR2,C1,2024-05-01\nR3,C1,2024-08-01\nR4,C1,2024-11-01\n",
    "presence.csv": "rehearsal_id,singer_id\nR1,S9\n",
    "值班表.csv": "a\n",
    "orgaudit.yaml": "as_of: 2024-12-31\n",
}


@pytest.fixture
def records(tmp_path: Path) -> Path:
    return write(tmp_path / "records", RECORDS)


@pytest.fixture
def standard(tmp_path: Path) -> Path:
    return write_standard(tmp_path / "standard", STANDARD)


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ran]:
    """The audit of these records against this standard, once in each format."""
    folder = tmp_path_factory.mktemp("audited")
    records, standard = write(folder / "records", RECORDS), write_standard(folder / "standard", STANDARD)
    return {kind: orgaudit("check", records, "-s", standard, "-f", kind) for kind in ("text", "json")}


def data(ran: Ran) -> dict[str, Any]:
    return json.loads(ran.out)  # type: ignore[no-any-return]


def rules_of(ran: Ran) -> list[str]:
    return [r["rule"] for r in data(ran)["rules"]]


def small(folder: Path, keys: str, files: dict[str, str] | None = None) -> list[str | Path]:
    """The arguments of an audit of two choirs (or these files) against one rule."""
    files = {"orgaudit.yaml": "as_of: 2024-12-31\n", "choirs.csv": CHOIRS, **(files or {})}
    return ["check", write(folder / "records", files), "--standard", write_standard(folder, a_rule(keys))]


def as_process(*args: str | Path, **env: str) -> subprocess.CompletedProcess[bytes]:
    """The command as a process of its own, its output piped."""
    kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LANG")}
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "orgaudit", *map(str, args)],
        capture_output=True,
        check=False,
        env={**kept, "LC_ALL": "C.UTF-8", **env},
    )


# ---- how it ends


def test_0_nothing_grave_was_found(tmp_path: Path) -> None:
    ran = orgaudit(*small(tmp_path, "for: choirs\nrequire: name is recorded"))
    assert ran.code == 0
    assert "\nNo open failure at or above major: exit 0.\n" in ran.out


def test_1_something_grave_was_found(tmp_path: Path) -> None:
    ran = orgaudit(*small(tmp_path, "for: choirs\nrequire: name = 'Larks'"))
    assert ran.code == 1
    assert "\n1 open failures at or above major: exit 1.\n" in ran.out


def test_2_the_audit_could_not_be_made(tmp_path: Path) -> None:
    assert orgaudit(*small(tmp_path, "for: choirs\nrequire: nam = 'Larks'")).code == 2


@pytest.mark.parametrize("keys", ["for: choirs where name = 'Jays'\nrequire: true", "for: singers\nrequire: true"])
def test_3_no_rule_binds_anyone(keys: str, tmp_path: Path) -> None:
    ran = orgaudit(*small(tmp_path, keys))
    assert ran.code == 3
    assert "Nothing was audited" in ran.out


def test_3_what_does_not_apply_to_anybody_is_nothing_audited(tmp_path: Path) -> None:
    keys = "for: choirs\nrequire: name is recorded\nunless: [{id: all, when: true}]"
    assert orgaudit(*small(tmp_path, keys)).code == 3


# Of C1 and C2 the singers' table tells nothing: two checks, both unknown.
UNKNOWN = "for: choirs\ncount: singers\nat_least: 1"


@pytest.mark.parametrize(("most", "code"), [("1", 3), ("2", 0), ("99%", 3), ("100%", 0), ("49.5%", 3), ("0", 3)])
def test_3_more_is_unknown_than_is_allowed(most: str, code: int, tmp_path: Path) -> None:
    assert orgaudit(*small(tmp_path, UNKNOWN), "--max-unknown", most).code == code


def test_any_number_may_be_unknown_unless_it_is_limited(tmp_path: Path) -> None:
    assert orgaudit(*small(tmp_path, UNKNOWN)).code == 0


def test_1_comes_before_3(tmp_path: Path) -> None:
    files = singers("S1,C1,Ann,high,17,2020-01-01,,yes,,", "S2,C1,Bo,high,,2020-01-01,,yes,,")
    ran = orgaudit(*small(tmp_path, "for: singers\nrequire: age >= 18", files), "--max-unknown", "0")
    assert ran.code == 1
    assert "1 fail · 1 unknown" in ran.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--fail-on", "grave"], "--fail-on does not take `grave`: critical, major, minor, info."),
        (["--as-of", "31.12.2024"], "--as-of does not take `31.12.2024`: 2024-12-31."),
        (["--period", "2024-Q5"], "--period does not take `2024-Q5`"),
        (["--period", "soon"], "--period does not take `soon`"),
        (["--format", "pdf"], "--format does not take `pdf`: text, json, jsonl"),
        (["--output", "report.txt"], "--output does not take `report.txt`: FORMAT=PATH, text, json, jsonl"),
        (["--output", "pdf=report.pdf"], "--output does not take `pdf=report.pdf`"),
        (["--lang", "de"], "--lang does not take `de`: zh, en, auto."),
        (["--max-unknown", "many"], "--max-unknown does not take `many`: 12, 5%."),
        (["--select", "XX-*"], "no rule matches `XX-*`."),
        (["--ignore", "R2"], "no rule matches `R2`. Known: R1."),
        (["--memory-limit", "much"], "`memory_limit` does not take 'much'"),
        (["--period", "2024-12-31..2024-01-01"], "the audited period ends (2024-01-01) before it begins (2024-12-31)."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_2_an_option_that_does_not_fit(arguments: list[str], said: str, tmp_path: Path) -> None:
    ran = orgaudit(*small(tmp_path, "for: choirs\nrequire: name is recorded"), *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(said)
    assert len(ran.err.splitlines()) == 1


def test_2_a_limit_that_is_no_number_whatever_was_found(tmp_path: Path) -> None:
    assert orgaudit(*small(tmp_path, "for: choirs\nrequire: name = 'x'"), "--max-unknown", "many").code == 2


def test_2_no_standard_is_named(tmp_path: Path) -> None:
    ran = orgaudit("check", write(tmp_path, {"choirs.csv": CHOIRS}))
    assert (ran.code, ran.err) == (2, "no standard is named: use --standard, or `standards:` in the manifest.\n")


def test_2_what_typer_refuses(tmp_path: Path) -> None:
    assert orgaudit("check").code == 2
    assert orgaudit("check", tmp_path, "--no-such-option").code == 2
    assert orgaudit("chekc").code == 2


def test_2_a_rule_that_cannot_be_run_leaves_the_others_standing(tmp_path: Path) -> None:
    files = singers("S1,C1,Ann,high,999999999999999999,2020-01-01,,yes,,", "S2,C1,Bo,high,30,2020-01-01,,yes,,")
    ran = orgaudit(*small(tmp_path, "for: singers\nrequire: age * 100 > 1", files), "-f", "json")
    assert ran.code == 2
    assert data(ran)["summary"]["verdicts"]["error"] >= 1


# ---- which rules, against which severity


@pytest.mark.parametrize(("severity", "code"), [("info", 1), ("minor", 1), ("major", 0), ("critical", 0)])
def test_the_least_severity_that_fails_the_run(severity: str, code: int, records: Path, standard: Path) -> None:
    # CR-2 is minor
    assert orgaudit("check", records, "-s", standard, "--select", "CR-2", "--fail-on", severity).code == code


def test_a_level_has_a_severity_of_its_own(records: Path, standard: Path) -> None:
    found = data(orgaudit("check", records, "-s", standard, "--select", "CR-6", "-f", "json"))["findings"]
    assert [(f["subject"]["key"], f["level"], f["severity"]) for f in found] == [("C2", "closed", "critical")]


def test_what_is_only_advisory_never_fails_the_run(records: Path, standard: Path) -> None:
    ran = orgaudit("check", records, "-s", standard, "--select", "CR-3", "--fail-on", "info", "-f", "json")
    assert [(f["verdict"], f["disposition"]) for f in data(ran)["findings"]] == [("fail", "advisory")]
    assert ran.code == 0


@pytest.mark.parametrize(
    ("arguments", "left"),
    [
        ([], ["CR-1", "CR-2", "CR-3", "CR-4", "CR-5", "CR-6"]),
        (["--select", "CR-[12]"], ["CR-1", "CR-2"]),
        (["--select", "CR-1", "--select", "CR-3"], ["CR-1", "CR-3"]),
        (["--ignore", "CR-[2-9]"], ["CR-1"]),
        (["--select", "CR-[12]", "--ignore", "*-1"], ["CR-2"]),
    ],
)
def test_rules_are_chosen_by_patterns(arguments: list[str], left: list[str], records: Path, standard: Path) -> None:
    assert rules_of(orgaudit("check", records, "-s", standard, "-f", "json", *arguments)) == left


def test_nothing_is_left_to_audit(records: Path, standard: Path) -> None:
    assert orgaudit("check", records, "-s", standard, "--ignore", "*").code == 3


# ---- standards


def test_a_standard_by_its_folder_its_file_or_the_manifest(records: Path, standard: Path) -> None:
    by_file = orgaudit("check", records, "-s", standard, "-f", "json")
    by_folder = orgaudit("check", records, "-s", standard.parent, "-f", "json")
    write(records, {"orgaudit.yaml": f"as_of: 2024-12-31\nstandards: {standard}\n"})
    by_manifest = orgaudit("check", records, "-f", "json")
    assert by_file.out == by_folder.out == by_manifest.out
    assert len(rules_of(by_file)) == 6


def test_the_manifest_says_which_rules_of_its_standards(records: Path, standard: Path) -> None:
    write(records, {"orgaudit.yaml": f"as_of: 2024-12-31\nstandards: {standard}\nselect: CR-[12]\nignore: ['*-1']\n"})
    assert rules_of(orgaudit("check", records, "-f", "json")) == ["CR-2"]
    assert rules_of(orgaudit("check", records, "-f", "json", "--select", "CR-1")) == ["CR-1"]
    assert len(rules_of(orgaudit("check", records, "-s", standard, "-f", "json"))) == 6


def test_several_standards_of_one_record_model(tmp_path: Path, records: Path, standard: Path) -> None:
    other = standard.parent / "other.yaml"
    other.write_text(a_rule("for: choirs\nrequire: name is recorded"), encoding="utf-8")
    ran = orgaudit("check", records, "-s", standard, "-s", other, "-f", "json", "--select", "CR-1", "--select", "R1")
    assert rules_of(ran) == ["CR-1", "R1"]
    assert [s["id"] for s in data(ran)["standards"]] == ["choir-rules", "choir-rules"]


def test_rules_of_one_name_in_two_standards_are_two_rules(tmp_path: Path, records: Path) -> None:
    folder = write_standard(tmp_path, a_rule("for: choirs\nrequire: name is recorded")).parent
    other = folder / "other.yaml"
    other.write_text(
        a_rule("for: choirs\nrequire: name = 'Larks'").replace("choir-rules", "more-rules"), encoding="utf-8"
    )
    ran = orgaudit("check", records, "-s", folder / "standard.yaml", "-s", other, "-f", "json")
    assert sum(data(ran)["summary"]["verdicts"].values()) == 4


def test_standards_of_two_record_models_are_not_audited_together(records: Path, standard: Path) -> None:
    ran = orgaudit("check", records, "-s", standard, "-s", "street-party-building")
    assert ran.code == 2
    assert ran.err.startswith("these standards speak of different record models: ")


# ---- the day and the period


@pytest.mark.parametrize(
    ("arguments", "as_of", "first", "last"),
    [
        ([], "2024-12-31", "2024-01-01", "2024-12-31"),
        (["--as-of", "2024-08-15"], "2024-08-15", "2024-01-01", "2024-08-15"),
        (["--period", "2024"], "2024-12-31", "2024-01-01", "2024-12-31"),
        (["--period", "2024-H2"], "2024-12-31", "2024-07-01", "2024-12-31"),
        (["--period", "2024-Q2"], "2024-12-31", "2024-04-01", "2024-06-30"),
        (["--period", "2024-02"], "2024-12-31", "2024-02-01", "2024-02-29"),
        (["--period", "2023-12-10..2024-01-09"], "2024-12-31", "2023-12-10", "2024-01-09"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_the_day_and_the_period(
    arguments: list[str], as_of: str, first: str, last: str, records: Path, standard: Path
) -> None:
    ran = orgaudit("check", records, "-s", standard, "--select", "CR-1", "-f", "json", *arguments)
    assert (data(ran)["as_of"], data(ran)["period"]) == (as_of, {"start": first, "end": last})


def test_without_any_word_about_it_the_day_is_the_last_of_a_month(tmp_path: Path, standard: Path) -> None:
    records = write(tmp_path / "r", {"choirs.csv": CHOIRS})
    ran = orgaudit("check", records, "-s", standard, "--select", "CR-3", "-f", "json")
    from datetime import date, timedelta

    day = date.fromisoformat(data(ran)["as_of"])
    assert (day + timedelta(days=1)).day == 1
    assert timedelta() < date.today() - day <= timedelta(days=31)


def test_the_day_is_on_every_output(ended: dict[str, Ran]) -> None:
    assert "as of 2024-12-31 · period 2024-01-01 – 2024-12-31" in ended["text"].out


# ---- language, colour, how much


def test_the_language_asked_for(records: Path, standard: Path) -> None:
    assert "A rehearsal every quarter" in orgaudit("check", records, "-s", standard, "--lang", "en").out
    assert "每季度排练" in orgaudit("check", records, "-s", standard, "--lang", "zh").out


@pytest.mark.parametrize(
    ("env", "word"),
    [
        ({"LC_ALL": None, "LANG": "zh_CN.UTF-8"}, "退出码"),
        ({"LC_ALL": None, "LANG": "en_GB.UTF-8"}, "exit 1"),
        ({"LC_ALL": None, "LANG": None}, "exit 1"),
        ({"LC_ALL": "zh_TW", "LANG": "en_GB.UTF-8"}, "退出码"),
        ({"LC_ALL": "en_GB", "LANG": "zh_CN.UTF-8"}, "exit 1"),
    ],
)
def test_the_language_of_the_locale(env: dict[str, str | None], word: str, records: Path, standard: Path) -> None:
    assert word in orgaudit("check", records, "-s", standard, "--quiet", **env).out


def test_quiet_is_the_last_lines_only(records: Path, standard: Path) -> None:
    whole = orgaudit("check", records, "-s", standard, COLUMNS="300").out.splitlines()
    assert orgaudit("check", records, "-s", standard, "-q", COLUMNS="300").out.splitlines() == whole[-2:]
    assert len(whole) > 10


def test_verbose_adds_remedies_and_notices(records: Path, standard: Path) -> None:
    plain, verbose = (orgaudit("check", records, "-s", standard, *v).out for v in ([], ["-v"]))
    assert "→ Rehearse" not in plain
    assert "→ Rehearse" in verbose
    assert "Notices (" not in plain
    assert "Notices (" in verbose


def test_a_pipe_gets_a_hundred_columns(ended: dict[str, Ran]) -> None:
    # a path is never broken, nor is the last line, which scripts read
    lines = [line for line in ended["text"].out.splitlines()[:-1] if "/records: read" not in line]
    assert 80 < max(map(len, lines)) <= 100


@pytest.mark.parametrize("name", ["[bold]Larks", "Larks[/]", "[/red]Larks"])
def test_what_people_wrote_is_never_taken_for_markup(name: str, tmp_path: Path) -> None:
    ran = orgaudit(*small(tmp_path, "for: choirs\nrequire: name = 'x'", {"choirs.csv": f"{CHOIR}C1,{name},,\n"}))
    assert ran.code == 1
    assert f"{name} (C1)" in ran.out


def test_what_stands_in_a_file_is_never_taken_for_markup(tmp_path: Path) -> None:
    files = singers("S1,C1,Ann,high,[/x],2020-01-01,,yes,,")
    assert "`[/x]` in" in orgaudit(*small(tmp_path, "for: choirs\nrequire: name is recorded", files)).out


ESCAPE = b"\x1b["


def test_the_last_line_counts_everything(ended: dict[str, Ran]) -> None:
    last = ended["text"].out.splitlines()[-1]
    assert re.findall(r"\d+ (\w+)", last)[0] == "fail"
    assert last.endswith(" problems")


def test_no_line_ends_in_spaces() -> None:
    lines = orgaudit("check", STREET, "--select", "SPB-3-7").out.splitlines()
    assert len(lines) > 10
    assert [line for line in lines if line != line.rstrip()] == []


def test_a_ladder_says_which_step_was_reached(tmp_path: Path) -> None:
    levels = "levels: [{level: ok, at_most: 1}, {level: many, at_least: 2, title: {en: Too many}}]"
    files = {"rehearsals.csv": f"{REHEARSALS}R1,C1,2024-02-01\nR2,C1,2024-05-01\n"}
    ran = orgaudit(*small(tmp_path, f"for: choirs\ncount: rehearsals\n{levels}", files))
    assert "found 2" in ran.out
    assert "Too many" in ran.out


def test_no_escape_codes_in_a_pipe(records: Path, standard: Path) -> None:
    ran = as_process("check", records, "-s", standard)
    assert ran.returncode == 1
    assert ESCAPE not in ran.stdout


@pytest.mark.parametrize(
    ("arguments", "env", "coloured"),
    [
        ([], {"FORCE_COLOR": "1"}, True),
        (["--no-color"], {"FORCE_COLOR": "1"}, False),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_no_colours_where_nobody_wants_them(
    arguments: list[str], env: dict[str, str], coloured: bool, records: Path, standard: Path
) -> None:
    out = as_process("check", records, "-s", standard, *arguments, **env).stdout
    assert (b"\x1b[38;5;161m" in out) is coloured
    assert (ESCAPE in out) is coloured


# ---- JSON


def test_the_json_keeps_the_published_schema(ended: dict[str, Ran]) -> None:
    found = data(ended["json"])
    jsonschema.Draft202012Validator(SCHEMA).validate(found)
    assert {r["measure"] for r in found["rules"]} == {"count", "require", "value", "done", "consecutive"}
    assert {f["verdict"] for f in found["findings"]} == {"fail", "unknown", "pending"}
    assert len(found["records"]["problems"]) > 3


def test_the_street_keeps_the_published_schema() -> None:
    found = data(orgaudit("check", STREET, "-f", "json"))
    jsonschema.Draft202012Validator(SCHEMA).validate(found)
    assert len(found["findings"]) > 50


def objects(schema: Any, path: str = "$") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema of an object inside a schema, with the way to it."""
    if isinstance(schema, dict):
        if "properties" in schema:
            yield path, schema
        for key, value in schema.items():
            yield from objects(value, f"{path}.{key}")
    elif isinstance(schema, list):
        for i, value in enumerate(schema):
            yield from objects(value, f"{path}.{i}")


def test_the_schema_is_one_and_leaves_nothing_open_or_unexplained() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    for path, schema in objects(SCHEMA):
        assert schema.get("additionalProperties") is False, path
        for name, value in schema["properties"].items():
            assert value.get("description"), f"{path}.{name}"


def test_the_verdicts_add_up(ended: dict[str, Ran]) -> None:
    summary = data(ended["json"])["summary"]
    by_rule = {v: sum(r["verdicts"][v] for r in summary["rules"]) for v in summary["verdicts"]}
    by_organization = {v: sum(o["verdicts"][v] for o in summary["organizations"]) for v in summary["verdicts"]}
    assert summary["verdicts"] == by_rule == by_organization
    # CR-1: 2 choirs × 4 quarters; CR-2, CR-5: 2 singers; CR-3, CR-6: 2 choirs; CR-4: the one whose window is in 2024, × 2
    assert sum(summary["verdicts"].values()) == 8 + 2 + 2 + 2 + 2 + 2


def test_the_findings_are_the_checks_that_did_not_pass(ended: dict[str, Ran]) -> None:
    found = data(ended["json"])
    verdicts = found["summary"]["verdicts"]
    assert len(found["findings"]) == sum(verdicts[v] for v in ("error", "fail", "unknown", "pending"))
    assert sum(found["summary"]["dispositions"].values()) == len(found["findings"])


def test_every_finding_says_something_in_both_languages(ended: dict[str, Ran]) -> None:
    for finding in data(ended["json"])["findings"]:
        for language in ("zh", "en"):
            text = finding["message"][language]
            assert text.strip()
            assert "None" not in text
            assert "{" not in text


def test_the_same_records_give_the_same_bytes() -> None:
    first, second = (as_process("check", STREET, "-f", "json", PYTHONHASHSEED=seed).stdout for seed in ("1", "2"))
    assert first == second
    assert len(first) > 10_000


def test_identifiers_of_findings_are_unlike_and_stay(records: Path, standard: Path) -> None:
    def ids() -> list[str]:
        return [f["id"] for f in data(orgaudit("check", records, "-s", standard, "-f", "json"))["findings"]]

    before = ids()
    assert len(set(before)) == len(before)
    old = (records / "singers.csv").read_text(encoding="utf-8")
    heading, first, second = old.splitlines()
    write(records, {"singers.csv": f"{heading}\n\n{second}\n{first}\n"})  # rows move, nothing else changes
    assert sorted(ids()) == sorted(before)


# ---- files


def test_output_into_files_beside_what_is_printed(tmp_path: Path, records: Path, standard: Path) -> None:
    text, machine = tmp_path / "report.txt", tmp_path / "report.json"
    ran = orgaudit("check", records, "-s", standard, "-o", f"text={text}", "--output", f"json={machine}")
    assert ran.code == 1
    assert text.read_text(encoding="utf-8") == ran.out
    assert machine.read_text(encoding="utf-8") == orgaudit("check", records, "-s", standard, "-f", "json").out
    assert sorted(p.name for p in tmp_path.iterdir() if p.is_file()) == ["report.json", "report.txt"]


def test_a_folder_that_is_not_there_gets_no_file(tmp_path: Path, records: Path, standard: Path) -> None:
    ran = orgaudit("check", records, "-s", standard, "-o", f"json={tmp_path}/none/report.json")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"{tmp_path}/none/report.json: cannot write: No such file or directory.\n"
    assert not (tmp_path / "none").exists()


def test_what_stood_there_before_stays_if_it_cannot_be_replaced(tmp_path: Path, records: Path, standard: Path) -> None:
    place = write(tmp_path / "out", {"report.json/kept": "x"}) / "report.json"  # a folder cannot be replaced by a file
    ran = orgaudit("check", records, "-s", standard, "-o", f"json={place}")
    assert ran.code == 2
    assert ran.err.startswith(f"{place}: cannot write: ")
    assert [p.name for p in place.parent.iterdir()] == ["report.json"]
    assert (place / "kept").read_text(encoding="utf-8") == "x"


def test_nothing_is_written_where_the_audit_cannot_be_made(tmp_path: Path, records: Path) -> None:
    wrong = write_standard(tmp_path / "w", a_rule("for: nobody\nrequire: true"))
    assert orgaudit("check", records, "-s", wrong, "-o", f"json={tmp_path}/report.json").code == 2
    assert not (tmp_path / "report.json").exists()


# ---- the rest of the house


def test_help_names_every_option() -> None:
    ran = orgaudit("check", "--help", COLUMNS="200")
    assert ran.code == 0
    for option in ("--standard", "--select", "--ignore", "--as-of", "--period", "--fail-on", "--max-unknown", "--lang"):
        assert option in ran.out


def test_the_version() -> None:
    ran = orgaudit("--version")
    assert (ran.code, ran.out.split()[0]) == (0, "orgaudit")


def test_a_reader_who_has_seen_enough_is_no_error(records: Path, standard: Path) -> None:
    command = f"{sys.executable} -m orgaudit check {records} -s {standard} -f json | head -c 1"
    ended = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
    assert (ended.stdout, ended.stderr) == (b"{", b"")


def test_an_error_of_the_program_itself_is_one_line(monkeypatch: pytest.MonkeyPatch, records: Path) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a wire\nis loose")

    monkeypatch.setattr("orgaudit.cli.check.check", broken)
    ran = orgaudit("check", records)
    assert ran.code == 2
    assert ran.err.startswith("internal error: RuntimeError: a wire. Please report this")
    assert len(ran.err.splitlines()) == 1
