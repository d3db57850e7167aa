"""The street of Linjiang: every story planted in a year of records comes out as it is told, and nothing else does."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support import orgaudit

from orgaudit import audit, load_records, load_standard
from orgaudit.cli.options import chosen_rules
from orgaudit.findings import Audit, Check, Finding
from orgaudit.standards import record_model_of
from orgaudit.yamlfile import read_yaml

ROOT = Path(__file__).parent.parent
STREET = ROOT / "examples" / "linjiang-street"
TOLD: dict[str, Any] = read_yaml(STREET / "stories.yaml").data
STORIES: list[dict[str, Any]] = TOLD["stories"]
PROBLEMS: list[dict[str, Any]] = TOLD["problems"]
STANDARD = "street-party-building"

Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Audited:
    """What an audit of the street came to."""

    audit: Audit
    checks: dict[Key, Check]
    findings: list[Finding]

    def verdicts(self, rule: str, subject: str) -> dict[str, str]:
        """The verdict for each period of a rule's subject (or subjects, by the beginning of their keys)."""
        chosen = [c for c in self.checks.values() if c.rule == rule and c.subject.startswith(subject)]
        return {f"{c.subject} {c.period}": c.verdict for c in chosen}


def audited(folder: Path) -> Audited:
    model = record_model_of([STANDARD])
    records = load_records(folder, model, default_as_of=date(2024, 12, 31))
    try:
        standard = load_standard(STANDARD, model)
        chosen = chosen_rules([standard], [], read_yaml(folder / "orgaudit.yaml").data["ignore"])
        made = audit(records, [standard], chosen)
        checks = {(c.rule, c.subject, "/".join(map(str, c.each)), c.period): c for c in made.checks()}
        return Audited(made, checks, list(made.findings()))
    finally:
        records.db.close()


@pytest.fixture(scope="module")
def street() -> Audited:
    return audited(STREET / "records")


def check_of(story: Mapping[str, Any], street: Audited) -> Check:
    """The check that a story tells of; a story that names no period tells of the only one."""
    each = "/".join(story.get("each", {}).values())
    found = [
        c
        for (rule, subject, value, period), c in street.checks.items()
        if (rule, subject, value) == (story["rule"], story["subject"], each) and period == story.get("period", period)
    ]
    assert len(found) == 1, f"{story['id']}: {len(found)} checks"
    return found[0]


# ---- what is told comes out


@pytest.mark.parametrize("story", STORIES, ids=lambda s: s["id"])
def test_a_story_comes_out_as_told(story: dict[str, Any], street: Audited) -> None:
    assert check_of(story, street).verdict == story["expect"]


@pytest.mark.parametrize("story", [s for s in STORIES if "level" in s], ids=lambda s: s["id"])
def test_a_run_reaches_the_level_that_is_told(story: dict[str, Any], street: Audited) -> None:
    runs = [f for f in street.findings if (f.rule.rule, f.subject.key) == (story["rule"], story["subject"])]
    assert [r.level for r in runs] == [story["level"]]


def test_the_level_is_told_where_a_run_fails(street: Audited) -> None:
    failing = [s for s in STORIES if s["rule"] == "SPB-10" and s["expect"] == "fail"]
    assert {s.get("level") for s in failing} == {"criticism", "discipline", "removal"}


def test_stories_are_told_once() -> None:
    ids = [s["id"] for s in STORIES + PROBLEMS]
    assert len(set(ids)) == len(ids)


def test_stories_of_every_verdict_are_told() -> None:
    assert {s["expect"] for s in STORIES} == {"pass", "fail", "unknown", "pending", "not_applicable"}


# ---- nothing else comes out


def test_whatever_does_not_pass_is_told_by_a_story(street: Audited) -> None:
    told = [check_of(s, street) for s in STORIES]
    assert [c for c in street.checks.values() if c.verdict not in ("pass", "not_applicable") and c not in told] == []


def test_the_findings_are_those_checks(street: Audited) -> None:
    of_checks = sorted(c.verdict for c in street.checks.values() if c.verdict not in ("pass", "not_applicable"))
    assert sorted(f.verdict for f in street.findings) == of_checks


def test_few_checks_are_unknown(street: Audited) -> None:
    assert street.audit.tally["unknown"] < 0.05 * sum(street.audit.tally.values())
    assert street.audit.tally["error"] == 0


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda p: p["id"])
def test_a_planted_problem_is_reported(problem: dict[str, Any], street: Audited) -> None:
    asked = [k for k in ("code", "file", "row", "column", "value") if k in problem]
    reported = [[getattr(p, k) for k in asked] for p in street.audit.problems]
    assert [problem[k] for k in asked] in reported


def test_only_planted_problems_are_reported(street: Audited) -> None:
    told = {(p["code"], p.get("file", ""), p.get("row")) for p in PROBLEMS}
    reported = {(p.code, p.file, p.row) for p in street.audit.problems if not p.is_notice}
    # the row whose owner nobody can tell is the talk that does not say with whom
    assert reported - told == {("unplaced-rows", "", None)}


def test_every_rule_has_a_story_and_nearly_every_one_a_breach(street: Audited) -> None:
    rules = {c.rule for c in street.checks.values() if c.verdict != "not_applicable"}
    assert {s["rule"] for s in STORIES} == rules
    # goals of the shape of SPB-1-6 and SPB-1-11, whose stories tell of the blank and of the one that is enough;
    # and rules that the street happens to keep
    kept = {"SPB-1-12", "SPB-1-14", "SPB-6-4", "SPB-9-7", "SPB-9-10", "SPB-9-11", "SPB-9-13"}
    assert rules - {s["rule"] for s in STORIES if s["expect"] == "fail"} == {"SPB-1-8", "SPB-1-10", *kept}


# ---- a member who moves in mid-year (M0029 on 15 July, M0030 on 10 July: from B02 to B06)


def test_a_member_who_moves_owes_each_branch_the_half_years_spent_there_whole(street: Audited) -> None:
    assert street.verdicts("SPB-5-1", "M0029/") == {
        "M0029/B02/2017-03-02 2024-H1": "pass",
        "M0029/B02/2017-03-02 2024-H2": "not_applicable",
        "M0029/B06/2024-07-15 2024-H1": "not_applicable",
        "M0029/B06/2024-07-15 2024-H2": "not_applicable",
    }


def test_a_member_who_moves_on_the_first_day_of_a_half_year_owes_it_to_the_new_branch(street: Audited) -> None:
    assert street.verdicts("SPB-5-1", "M0056/") == {
        "M0056/B03/2012-08-09 2024-H1": "pass",
        "M0056/B03/2012-08-09 2024-H2": "not_applicable",
        "M0056/B07/2024-07-01 2024-H1": "not_applicable",
        "M0056/B07/2024-07-01 2024-H2": "fail",
    }


def test_what_each_of_the_two_branches_answers_for(street: Audited) -> None:
    owners = {c.subject: c.organization for c in street.checks.values() if c.subject.startswith("M0029/B")}
    assert owners == {"M0029/B02/2017-03-02": "B02", "M0029/B06/2024-07-15": "B06"}


def test_absence_is_counted_across_the_move_by_the_meetings_of_the_branch_of_each_month(street: Audited) -> None:
    (attended,) = street.verdicts("SPB-10", "M0029/").values()
    (missed,) = [f for f in street.findings if f.rule.rule == "SPB-10" and f.subject.key.startswith("M0030/")]
    assert attended == "pass"
    assert (missed.verdict, missed.level, missed.certain) == ("fail", "criticism", 2)
    assert (str(missed.period.start), str(missed.period.end)) == ("2024-06-01", "2024-07-31")


def with_rows(folder: Path, rows: Mapping[str, str], leaves: str) -> Path:
    """A copy of the records with rows added at the end of files, and leaves."""
    copy = folder / "records"
    shutil.copytree(STREET / "records", copy)
    for name, text in {**rows, "请假.yaml": leaves}.items():
        path = copy / name
        old = path.read_text(encoding="utf-8-sig")
        path.write_text(old.rstrip("\n") + "\n" + text, encoding="utf-8")
    return copy


def leave(key: str, kind: str, start: str, end: str, contact: str = "") -> str:
    who = f"  联系党员: {contact}\n" if contact else ""
    return (
        f"- 请假编号: {key}\n  党员: M0029\n  请假类型: {kind}\n  开始日期: {start}\n  结束日期: {end}\n"
        f"  批准人: 支部书记\n  批准日期: {start}\n{who}"
    )


def test_a_leave_is_judged_in_the_time_of_either_branch(tmp_path: Path) -> None:
    """M0029 is ill once in the old branch's time and once in the new one's, and travels across the move."""
    headings = (STREET / "records" / "谈心谈话.csv").read_text(encoding="utf-8-sig").splitlines()[0].split(",")
    called = {"谈话编号": "TH9001", "谈话对象": "M0029", "谈话日期": "2024-03-14", "谈话人": "M0031"}
    talk = ",".join(called.get(h, "") for h in headings)
    leaves = (
        leave("QJ9001", "病假", "2024-03-04", "2024-03-22", "M0031")  # in B02: the liaison calls
        + leave("QJ9002", "病假", "2024-09-02", "2024-09-20", "M0141")  # in B06: the liaison does not
        + leave("QJ9003", "病假", "2024-10-08", "2024-10-18")  # in B06: no liaison
        + leave("QJ9004", "出差", "2024-07-08", "2024-07-20")  # across the move; no report within 30 days
    )
    found = audited(with_rows(tmp_path, {"谈心谈话.csv": talk + "\n"}, leaves))
    said = {
        (rule, key[-1]): next(iter(found.verdicts(rule, key).values()))
        for rule in ("SPB-9-4", "SPB-9-5", "SPB-9-6")
        for key in ("QJ9001", "QJ9002", "QJ9003", "QJ9004")
        if found.verdicts(rule, key)
    }
    assert said == {
        ("SPB-9-4", "4"): "fail",
        ("SPB-9-5", "1"): "pass",
        ("SPB-9-5", "2"): "pass",
        ("SPB-9-5", "3"): "fail",
        ("SPB-9-6", "1"): "pass",
        ("SPB-9-6", "2"): "fail",
    }


# ---- the files themselves

# python -m orgaudit check examples/linjiang-street/records -f json > examples/linjiang-street/expected.json


def test_the_json_is_the_expected_one_byte_by_byte() -> None:
    ran = orgaudit("check", STREET / "records", "--format", "json")
    assert ran.code == 1
    assert ran.out == (STREET / "expected.json").read_bytes().decode("utf-8")


def test_the_report_that_the_how_to_shows_is_the_real_one() -> None:
    report = orgaudit("check", STREET / "records", "--lang", "en").out
    plain = "\n".join(line.rstrip() for line in report.splitlines())
    page = (ROOT / "docs" / "how-to" / "read-a-report.md").read_text(encoding="utf-8")
    shown = re.findall(r"^```text\n(.*?)\n```$", page, flags=re.MULTILINE | re.DOTALL)
    assert len(shown) == 4
    assert [excerpt for excerpt in shown if excerpt not in plain] == []


def files_of(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_the_generator_makes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("generate.py", "plot.csv"):
        shutil.copy(STREET / name, tmp_path / name)
    subprocess.run([sys.executable, "-W", "error", tmp_path / "generate.py"], check=True, cwd=tmp_path)
    made, kept = files_of(tmp_path / "records"), files_of(STREET / "records")
    assert made.keys() == kept.keys()
    assert {name for name in made if made[name] != kept[name]} == set()
    assert (tmp_path / "stories.yaml").read_bytes() == (STREET / "stories.yaml").read_bytes()


def plots() -> Iterator[dict[str, str]]:
    with (STREET / "plot.csv").open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def test_every_line_of_the_plot_became_a_story_or_a_problem() -> None:
    assert [p["id"] for p in plots()] == [s["id"] for s in STORIES + PROBLEMS]
