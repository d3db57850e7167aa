"""`orgaudit explain`, `rules`, `standards` and `coverage`: what they print, at the width of a terminal and as JSON."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from support import Ran, a_rule, orgaudit, write, write_standard

from orgaudit import load_standard
from orgaudit.engine.statements import statements_of
from orgaudit.reports.breaking import broken, columns_of
from orgaudit.standards import shipped_standards
from orgaudit.workdb import WorkDb

ROOT = Path(__file__).parent.parent
HOUSING = ROOT / "examples" / "housing-cooperative"
STREET = "street-party-building"
DAY = ("--as-of", "2024-12-31")


def explained(rule: str, *args: str | Path) -> dict[str, Any]:
    ran = orgaudit("explain", rule, *DAY, "-f", "json", *args)
    assert (ran.code, ran.err) == (0, "")
    told: list[dict[str, Any]] = json.loads(ran.out)
    assert len(told) == 1
    return told[0]


# ---- explain


def test_a_shipped_rule_is_found_and_told_with_all_that_is_known_of_it() -> None:
    told = explained("SPB-10")
    assert told["standard"]["id"] == STREET
    assert told["clause"] == "二（十）"
    assert told["source"]["document"] == "002_b035a2403f56c786.txt"
    assert told["in_force"] == {"from": "2022-06-15", "to": None}
    assert told["sentence"]["en"].startswith(
        "Every standing whose status is “Party member”: the number of months in a row"
    )
    assert [e["id"] for e in told["exemptions"]][:2] == ["nothing-to-attend", "excused-at-a-meeting"]
    assert told["exemptions"][0]["reading"] == "no_meeting_month"
    assert told["exemptions"][0]["text"]["zh"].endswith("该月跳过不计。")
    assert {r["reading"]: r["use"] for r in told["readings"]}["no_meeting_month"] == "skip"
    assert [lv["level"] for lv in told["levels"]] == ["criticism", "discipline", "removal"]
    assert told["breaches"] == ["SPB-10-1", "SPB-10-2", "SPB-10-3"]
    assert told["sql"] == []
    assert len(told["scenarios"]) > 20


def test_what_a_rule_looks_at_is_named_also_through_what_it_uses() -> None:
    needs = {n["table"]: [f["field"] for f in n["fields"]] for n in explained("SPB-1-9")["needs"]}
    assert set(needs) == {"units", "organizations", "organization_units", "members", "standings"}
    assert {"kind", "newly_built", "closed_on"} <= set(needs["units"])
    assert "residence_unit_id" in needs["members"]  # of the defined number
    derived = next(n for n in explained("SPB-1-9")["needs"] if n["table"] == "standings")["derived_from"]
    assert [d["table"] for d in derived] == ["members"]
    housing = {n["table"]: [f["field"] for f in n["fields"]] for n in explained("QL-5-4", "-s", HOUSING)["needs"]}
    assert "held_on" in housing["meetings"] and "status" in housing["attendance"]


def test_a_parameter_has_the_value_of_the_day() -> None:
    args = ("explain", "QL-23-1", "-s", HOUSING, "-f", "json", "--as-of")
    before, after = (json.loads(orgaudit(*args, day).out)[0] for day in ("2024-06-30", "2024-07-01"))
    assert [p["value"] for p in before["parameters"]] == ["15 working days"]
    assert [p["value"] for p in after["parameters"]] == ["10 working days"]
    assert before["parameters"][0]["values"] == [["2018-01-01", "15 working days"], ["2024-07-01", "10 working days"]]
    assert "within 10 working days (before 2024-07-01: 15 working days)" in after["sentence"]["en"]


def test_what_was_tailored_is_told_with_its_reason() -> None:
    told = explained("QL-21-2", "-s", HOUSING / "lender.yaml")
    why = "The insurer of the loan has lifts seen more often."
    assert told["tailoring"] == [
        {
            "kind": "rule",
            "name": "QL-21-2",
            "new": {"at_most": "5 months"},
            "why": why,
            "standard": "quarry-lane-lender",
        }
    ]
    assert "at most 5 months" in told["sentence"]["en"]
    reserve = explained("QL-11-1", "-s", HOUSING / "lender.yaml")["tailoring"]
    assert [(c["kind"], c["name"], c["new"]) for c in reserve] == [("parameter", "reserve_floor", {"value": "20%"})]


def test_a_rule_of_several_standards_is_told_of_each() -> None:
    ran = orgaudit("explain", "QL-21-2", "-s", HOUSING, "-s", HOUSING / "lender.yaml", *DAY)
    assert "(quarry-lane-by-laws)" in ran.out and "(quarry-lane-lender)" in ran.out
    assert "at most 6 months" in ran.out and "at most 5 months" in ran.out


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("SPB-100",), "no rule matches `SPB-100`. Did you mean `SPB-10`?"),
        (("SPB-4-5b",), "stands under another reading, replacement_until=same_month. Choose it"),
        (
            ("QL-23-3", "-s", HOUSING / "lender.yaml"),
            "`QL-23-3` does not stand in quarry-lane-lender: it was switched off.",
        ),
        (("SPB-10", "--as-of", "yesterday"), "--as-of"),
        (("SPB-10", "-f", "yaml"), "--format"),
        (("SPB-10", "-s", "nowhere"), "nowhere"),
    ],
    ids=lambda x: str(x[0]) if isinstance(x, tuple) else "",
)
def test_what_cannot_be_explained_is_one_line(args: tuple[str | Path, ...], said: str) -> None:
    ran = orgaudit("explain", *args)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err and ran.err.count("\n") == 1


def test_the_sql_is_what_the_engine_runs(tmp_path: Path) -> None:
    told = explained("SPB-10-1", "--sql")
    tables = [found.group(1) for s in told["sql"] if (found := re.match(r'CREATE TABLE "([^"]+)"', s))]
    assert f"checks {STREET} SPB-10" in tables  # the rule whose breaches it speaks of
    assert tables.index(f"checks {STREET} SPB-10") < tables.index(f"checks {STREET} SPB-10-1")
    assert '"breaches of street-party-building SPB-10"' in "".join(told["sql"])
    with (
        WorkDb() as db,
        pytest.raises(Exception, match="standings"),
    ):  # it is SQL of this engine: only tables are missing
        db.load(told["sql"][0])


def test_the_sql_changes_with_the_rule(tmp_path: Path) -> None:
    said = []
    for bound in (1, 7):
        path = write_standard(tmp_path, a_rule(f"for: choirs\nevery: month\ncount: rehearsals\nat_least: {bound}"))
        said.append(explained("R1", "--sql", "-s", path)["sql"])
    assert said[0] != said[1] and len(said[0]) == len(said[1]) > 1


def test_every_rule_has_its_sql() -> None:
    standard = load_standard(str(HOUSING))
    day = max(r.in_force[0] for r in standard.rules)
    for rule in standard.rules:
        said = [s.split("\n")[0] for s in statements_of(rule, standard, day)]
        made = [f'CREATE TABLE "{kind} {standard.id} {rule.id}" AS' for kind in ("checks", "results")]
        assert [m for m in made if m not in said] == [], rule.id


def test_what_the_documentation_shows_is_what_is_printed() -> None:
    page = (ROOT / "docs" / "reference" / "explain.md").read_text(encoding="utf-8")
    shown = re.findall(r"^\$ orgaudit (.+)\n((?:.*\n)*?)```", page, flags=re.MULTILINE)
    assert len(shown) == 1
    for command, lines in shown:
        printed = orgaudit(*command.split(), COLUMNS="80").out
        assert all(part.strip("\n") in printed for part in lines.split("…\n") if part)


# ---- at the width of a terminal


def is_narrow(ran: Ran, most: int) -> bool:
    return max(columns_of(line) for line in ran.out.splitlines()) <= most


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("columns", ["60", "80", "120"])
@pytest.mark.parametrize(
    "command", [("explain", "SPB-10"), ("explain", "SPB-1-9"), ("rules",), ("standards",), ("coverage",)], ids=" ".join
)
def test_no_line_is_wider_than_the_terminal(command: tuple[str, ...], columns: str, lang: str) -> None:
    ran = orgaudit(*command, "--lang", lang, COLUMNS=columns)
    assert ran.err == ""
    assert is_narrow(ran, int(columns))
    assert not re.search(r"^ *[，。；：、）”]|[（“]$", ran.out, flags=re.MULTILINE)


def test_a_line_is_broken_where_its_width_ends() -> None:
    assert broken("one two three", 7) == ["one two", "three"]
    assert broken("党员大会每季度召开", 8) == ["党员大会", "每季度召", "开"]
    assert broken("党员大会，每季度", 8) == ["党员大", "会，每季", "度"]
    assert broken("党员（大会）", 6) == ["党员", "（大", "会）"]
    assert broken("", 8) == [""]
    assert broken("读取 folder/long-name.csv", 8) == ["读取", "folder/l", "ong-name", ".csv"]


# ---- rules, standards, coverage


def test_the_rules_are_listed_as_far_as_they_are_chosen() -> None:
    told = json.loads(orgaudit("rules", "--select", "SPB-10*", "--ignore", "SPB-10-*", "-f", "json").out)
    assert [(s["standard"], [r["rule"] for r in s["rules"]]) for s in told] == [(STREET, ["SPB-10"])]
    assert told[0]["rules"][0]["title"]["en"] == "Organizational life missed without good reason"
    text = orgaudit("rules", "--select", "SPB-3-1", "--lang", "en").out.splitlines()
    assert text[1].split() == ["rule", "clause", "modality", "severity", "title"]
    assert text[2] == "SPB-3-1  二（三）  should    minor     A general meeting of the branch every quarter"
    assert orgaudit("rules", "--select", "XYZ").code == 2


@pytest.mark.parametrize("option", ["--select", "--ignore"])
@pytest.mark.parametrize(("pattern", "language"), [("SPB-5-1b", "en"), ("SPB-5-1[b-z]", "zh")])
def test_of_a_rule_under_a_reading_that_is_not_chosen_the_reading_is_named(
    option: str, pattern: str, language: str, tmp_path: Path
) -> None:
    said = {
        "en": "`SPB-5-1b` does not stand in street-party-building: it stands under another reading, "
        "probationary_report=quarter. Choose it in a standard that extends this one: "
        "`readings: {NAME: {use: CHOICE, why: …}}`.\n",
        "zh": "“SPB-5-1b”在 street-party-building 中不成立：属于另一种读法 probationary_report=quarter。 "
        "请在延伸本标准的标准里选用：`readings: {NAME: {use: CHOICE, why: …}}`。\n",
    }[language]
    for command in (["rules"], ["check", str(tmp_path)], ["template", "--output", str(tmp_path / "t.xlsx")]):
        ran = orgaudit(*command, "--standard", STREET, option, pattern, "--lang", language)
        assert (ran.code, ran.out, ran.err) == (2, "", said)


def test_a_rule_that_stands_is_chosen_though_another_that_matches_does_not() -> None:
    told = json.loads(orgaudit("rules", "-s", STREET, "--select", "SPB-5-1*", "-f", "json").out)
    assert [r["rule"] for r in told[0]["rules"]] == ["SPB-5-1"]


def test_the_shipped_standards_are_listed_and_those_that_are_given() -> None:
    told = json.loads(orgaudit("standards", "-s", HOUSING, "-f", "json").out)
    assert [s["standard"] for s in told] == [*shipped_standards(), "quarry-lane-by-laws"]
    street = next(s for s in told if s["standard"] == STREET)
    assert street["rules"] == len(load_standard(STREET).rules)
    assert street["clauses"]["count"] == 107 and told[-1]["clauses"] is None


def test_coverage_counts_what_is_not_planned_and_fails_below_all() -> None:
    ran = orgaudit("coverage", STREET, "-f", "json")
    told = json.loads(ran.out)[0]
    planned = sum(c["disposition"] == "planned" for c in told["clauses"])
    assert told["covered"] == told["count"] - planned
    assert ran.code == (1 if planned else 0)
    assert f"{told['covered']} of {told['count']} clauses" in orgaudit("coverage", "--lang", "en").out


CLAUSES = """
clauses:
  - {norm: n1, clause: '1', disposition: rules, rules: [R1]}
  - {norm: n2, clause: '2', disposition: attest, why: only people can say}
"""
RULE = a_rule("norms: [n1]\nfor: choirs\nrequire: name is recorded")


def covered(folder: Path, clauses: str, rule: str = RULE) -> Ran:
    path = write_standard(folder, rule)
    write(folder, {"clauses.yaml": clauses})
    return orgaudit("coverage", path, "--lang", "en")


def test_all_clauses_covered_end_with_0(tmp_path: Path) -> None:
    ran = covered(tmp_path, CLAUSES)
    assert (ran.code, ran.out.splitlines()[-1]) == (0, "2 of 2 clauses are covered: 100 %.")


@pytest.mark.parametrize(
    ("clauses", "said"),
    [
        (CLAUSES.replace("n2", "n1"), "clauses.yaml:4:12: the norm `n1` is listed twice."),
        (CLAUSES.replace("[R1]", "[R2]"), "clauses.yaml:3:57: there is no rule `R2`. Known: R1."),
        (CLAUSES.replace(", rules: [R1]", ""), "the norm `n1` is to be carried by rules and names none."),
        (
            CLAUSES.replace(", why: only people can say", ""),
            "the norm `n2` is carried by no rule and does not say why.",
        ),
        (CLAUSES.replace("norm: n1", "norm: n3"), "standard.yaml:5:13: `R1` names the norm `n1`, which is not listed."),
        (
            CLAUSES.replace("attest", "perhaps"),
            "clauses.yaml:4:42: `perhaps` is none of the words that `disposition` takes.",
        ),
    ],
)
def test_what_is_wrong_with_the_clauses_has_an_address(clauses: str, said: str, tmp_path: Path) -> None:
    ran = covered(tmp_path, clauses)
    assert ran.code == 2 and ran.out == ""
    assert said in ran.err.replace(f"{tmp_path.as_posix()}/", "")


def test_a_norm_and_a_rule_name_one_another(tmp_path: Path) -> None:
    other = RULE.replace("[n1]", "[n1, n2]")
    assert "`R1` names the norm `n2`, whose rules do not name it." in covered(tmp_path, CLAUSES, other).err


def test_clauses_that_nobody_listed_are_no_coverage(tmp_path: Path) -> None:
    ran = orgaudit("coverage", write_standard(tmp_path, RULE), "--lang", "en")
    assert (ran.code, ran.out) == (2, "") and "clauses" in ran.err


def test_the_clauses_may_stand_in_the_standard(tmp_path: Path) -> None:
    path = write_standard(tmp_path, RULE + CLAUSES.replace("\n", "\n").lstrip())
    assert orgaudit("coverage", path).code == 0


def test_the_scenarios_of_a_rule_are_named_with_their_places() -> None:
    told = explained("SPB-3-7")
    assert any(n.startswith("a lecture in the first quarter") for n in told["scenarios"])
    assert all("meetings.test.yaml:" in n for n in told["scenarios"])
