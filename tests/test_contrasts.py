"""Two standards, one subject: where they bind it on one matter with different bounds, every output says so."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree import ElementTree as Xml

import jsonschema
import pytest
from jsonschema import Draft202012Validator
from openpyxl import load_workbook
from support import CHOIRS, MODEL, REHEARSALS, Files, orgaudit, published, singers, write

from orgaudit import audit, load_record_model, load_records, load_standard
from orgaudit.findings import Audit, Finding
from orgaudit.reports import WRITERS
from orgaudit.reports.demand_wording import demand_text
from orgaudit.reports.json_report import write_json
from orgaudit.reports.privacy import nameless, redacted
from orgaudit.reports.side_by_side import pairs
from orgaudit.reports.terminal import TerminalReport
from orgaudit.reports.workbook import write_workbook

ROOT = Path(__file__).parent.parent
CONTRACT = Draft202012Validator(json.loads((ROOT / "docs" / "findings.schema.json").read_text(encoding="utf-8")))
TOWN, UNION = "town", "union"


def standard(name: str, *rules: str, before: str = "") -> str:
    """A standard of these rules, one line each: the keys of each but for its modality."""
    listed = "".join(f"  - {{modality: must, matter: m, {rule}}}\n" for rule in rules)
    return f"standard: {name}\n{before}rules:\n{listed or '  []'}\n"


@contextmanager
def together(town: str, union: str, files: Files, as_of: str = "2024-12-31") -> Iterator[tuple[Audit, list[Finding]]]:
    """An audit against both, with its findings."""
    with TemporaryDirectory() as name:
        folder = write(Path(name), {"records.yaml": MODEL, "town/standard.yaml": town, "union/standard.yaml": union})
        write(folder / "handed-in", files)
        model = load_record_model(folder / "records.yaml")
        records = load_records(folder / "handed-in", model, default_as_of=date.fromisoformat(as_of))
        try:
            paths = [folder / n / "standard.yaml" for n in (TOWN, UNION)]
            made = audit(records, [load_standard(str(p), model) for p in paths])
            yield made, list(made.findings())
        finally:
            records.db.close()


def told(town: str, union: str, files: Files, as_of: str = "2024-12-31") -> list[tuple[Any, ...]]:
    """(bound, other bound, which is stricter, {whom and when: verdicts}) of each pair."""
    with together(town, union, files, as_of) as (made, _):
        return [
            (
                demand_text(p.demands[0], "en"),
                demand_text(p.demands[1], "en"),
                p.stricter,
                {" ".join((c.subject.key, *dict.fromkeys(c.periods))): c.verdicts for c in p.cases},
            )
            for p in pairs(made.contrasts())
        ]


def rehearsals(*days: str, choir: str = "C1") -> dict[str, str]:
    """The choirs C1 and C2, and what one of them rehearsed."""
    rows = "".join(f"{choir}-{i},{choir},{day}\n" for i, day in enumerate(days))
    return {"choirs.csv": CHOIRS, "rehearsals.csv": REHEARSALS + rows}


def one_choir(*days: str) -> dict[str, str]:
    return rehearsals(*days) | {"choirs.csv": CHOIRS.rsplit("C2", 1)[0]}


MONTHLY = "id: T, for: choirs, every: month, count: rehearsals, at_least: 1"
QUARTERLY = "id: U, for: choirs, every: quarter, count: rehearsals, at_least: 1"
A_MONTH_EACH = [f"2024-{m:02}-10" for m in range(1, 13)]


def test_it_fails_by_one_and_passes_by_the_other() -> None:
    found = told(standard(TOWN, MONTHLY), standard(UNION, QUARTERLY), one_choir(*A_MONTH_EACH[1:]))
    ((first, second, stricter, cases),) = found
    assert (first, second, stricter) == ("at least 1 a month", "at least 1 a quarter", 0)
    assert cases["C1 2024-01 2024-Q1"] == ("fail", "pass")
    assert cases["C1 2024-12 2024-Q4"] == ("pass", "pass")
    assert len(cases) == 12


def test_in_the_other_order_the_second_is_stricter() -> None:
    ((first, _, stricter, cases),) = told(standard(TOWN, QUARTERLY), standard(UNION, MONTHLY), one_choir("2024-03-01"))
    assert (first, stricter) == ("at least 1 a quarter", 1)
    assert cases["C1 2024-Q1 2024-01"] == ("pass", "fail")


def test_of_equal_bounds_nothing_is_said_though_they_are_written_in_other_ways() -> None:
    same = "id: U, for: choirs, every: month, count: rehearsals, more_than: 0"
    other = "id: V, for: choirs, every: 1 months, count: rehearsals where held_on is recorded, at_least: $n"
    assert told(standard(TOWN, MONTHLY), standard(UNION, same), one_choir()) == []
    found = told(
        standard(TOWN, MONTHLY), standard(UNION, other, before="parameters: {n: {2024-01-01: 1}}\n"), one_choir()
    )
    assert found == []


def test_rules_of_one_standard_or_of_other_matters_are_not_compared() -> None:
    assert told(standard(TOWN, MONTHLY, QUARTERLY), standard(UNION), one_choir()) == []
    other = standard(UNION, QUARTERLY).replace("matter: m", "matter: n")
    assert told(standard(TOWN, MONTHLY), other, one_choir()) == []


@pytest.mark.parametrize(
    "only",
    [
        "id: U, for: choirs where id = 'C2', every: quarter, count: rehearsals, at_least: 1",
        "id: U, for: choirs, every: quarter, count: rehearsals, at_least: 1, unless: [{id: all, when: name is recorded}]",
        "id: U, for: choirs, every: quarter, count: rehearsals, at_least: 1, in_force: {from: 2025-01-01}",
        "id: U, for: choirs where dissolved_on >= as_of and name = 'Owls', every: year, count: rehearsals, at_least: 1",
        "id: U, for: singers, every: quarter, count: choir.rehearsals, at_least: 1",
    ],
)
def test_a_subject_that_one_of_them_does_not_bind_is_not_told(only: str) -> None:
    assert told(standard(TOWN, MONTHLY), standard(UNION, only), one_choir(*A_MONTH_EACH)) == []


def test_of_a_subject_that_one_of_them_may_not_bind_nothing_is_said() -> None:
    files = one_choir() | {"choirs.csv": CHOIRS.replace("Larks", "").rsplit("C2", 1)[0]}
    named = "id: U, for: choirs where name = 'Larks', every: quarter, count: rehearsals, at_least: 1"
    assert told(standard(TOWN, MONTHLY), standard(UNION, named), files) == []


# ---- what was applied


def test_a_parameter_that_changes_is_compared_as_it_was_on_the_day() -> None:
    union = standard(
        UNION,
        "id: U, for: choirs, every: month, count: rehearsals, at_least: $n",
        before="parameters: {n: {2024-01-01: 1, 2024-11-01: 2}}\n",
    )
    ((_, second, stricter, cases),) = told(standard(TOWN, MONTHLY), union, one_choir(*A_MONTH_EACH))
    assert (second, stricter) == ("at least 2 a month", 1)
    assert cases == {"C1 2024-11": ("pass", "fail"), "C1 2024-12": ("pass", "fail")}


def test_a_bound_that_depends_on_the_subject_is_that_of_the_subject() -> None:
    many = standard(TOWN, "id: T, for: choirs, count: rehearsals, at_least: subject.members", before=MEMBERS)
    two = standard(UNION, "id: U, for: choirs, count: rehearsals, at_least: 2")
    files = singers(*(f"S{i},C1,A,,,,,,," for i in range(3)), "S9,C2,B,,,,,,,", "S8,C2,B,,,,,,,") | {
        "rehearsals.csv": rehearsals(*A_MONTH_EACH[:2])["rehearsals.csv"]
    }
    assert told(many, two, files) == [("at least 3", "at least 2", 0, {"C1 2024-01-01..2024-12-31": ("fail", "pass")})]


MEMBERS = "define:\n  members: {for: choirs, count: singers}\n"


def test_a_bound_that_a_blank_leaves_open_is_not_compared() -> None:
    many = standard(TOWN, "id: T, for: choirs, count: rehearsals, at_least: subject.low", before=LOW)
    two = standard(UNION, "id: U, for: choirs, count: rehearsals, at_least: 2")
    assert told(many, two, singers("S1,C1,A,,,,,,,") | {"rehearsals.csv": REHEARSALS}) == [
        ("at least 0", "at least 2", 1, {"C2 2024-01-01..2024-12-31": ("pass", "fail")})
    ]


LOW = "define:\n  low: {for: choirs, count: singers where voice = 'low'}\n"


def test_the_bound_of_an_exemption_is_the_one_that_was_applied() -> None:
    small = "unless: [{id: small, when: {count: singers, at_most: 0}, effect: {at_least: 1}}]"
    town = standard(TOWN, f"id: T, for: choirs, every: quarter, count: rehearsals, at_least: 2, {small}")
    files = singers("S1,C1,A,,,,,,,") | {"rehearsals.csv": REHEARSALS}
    ((first, _, stricter, cases),) = told(town, standard(UNION, QUARTERLY), files)
    assert (first, stricter, {c.split()[0] for c in cases}) == ("at least 2 a quarter", 0, {"C1"})


def test_a_reading_chooses_between_two_rules() -> None:
    readings = "readings: {often: {use: month, choices: [month, quarter], why: so}}\n"
    rules = [
        f"reading: {{often: {c}}}, id: T-{c}, for: choirs, every: {c}, count: rehearsals, at_least: 1"
        for c in ("month", "quarter")
    ]
    town = standard(TOWN, *rules, before=readings)
    union = standard(UNION, QUARTERLY)
    assert [f[:3] for f in told(town, union, one_choir())] == [("at least 1 a month", "at least 1 a quarter", 0)]
    assert told(town.replace("use: month", "use: quarter"), union, one_choir()) == []


# ---- which is stricter


def rule(id: str, keys: str) -> str:
    return f"id: {id}, for: choirs, {keys}"


NO_REHEARSAL = "when: {count: rehearsals, exactly: 0}"
STEPS = "levels: [{between: [2, 3], level: a}, {at_least: 4, level: b}]"
ISLAND = "levels: [{less_than: 2, level: ok}, {between: [2, 3], level: odd}, {at_least: 4, level: ok}]"
A_MONTH, A_QUARTER, A_YEAR = (
    "every: month, count: rehearsals",
    "every: quarter, count: rehearsals",
    "every: year, count: rehearsals",
)
#: (one, other, their texts, which is stricter)
BOUNDS = [
    (f"{A_MONTH}, at_least: 1", f"{A_QUARTER}, at_least: 3", "at least 1 a month", "at least 3 a quarter", 0),
    (f"{A_MONTH}, at_least: 1", f"{A_QUARTER}, at_least: 4", "at least 1 a month", "at least 4 a quarter", None),
    ("every: week, count: rehearsals, at_least: 1", f"{A_MONTH}, at_least: 3", "at least 1 a week", "at least 3 a month", 0),
    (f"{A_YEAR}, at_most: 3", f"{A_MONTH}, at_most: 3", "at most 3 a year", "at most 3 a month", 0),
    (f"{A_YEAR}, at_most: 12", f"{A_MONTH}, at_most: 1", "at most 12 a year", "at most 1 a month", 1),
    (
        "every: 2 months, count: singers, at_least: 2", "every: year, count: singers, at_least: 3",
        "at least 2 in 2 months", "at least 3 a year", None,
    ),
    (
        "every: half-year, count: singers, at_least: 2", "every: year, count: singers, at_least: 2",
        "at least 2 a half-year", "at least 2 a year", 0,
    ),
    ("count: singers, between: [2, 5]", "count: singers, at_least: 2", "2 to 5", "at least 2", 0),
    ("count: singers, between: [2, 5]", "count: singers, between: [3, 9]", "2 to 5", "3 to 9", None),
    ("count: singers, exactly: 3", "count: singers, between: [3, 9]", "exactly 3", "3 to 9", 0),
    ("count: singers, at_least: 3", "share: {of: singers, where: paid}, at_least: 50%", "at least 3", "at least 50%", None),
    ("gap: rehearsals, at_most: 100 days", "gap: rehearsals, at_most: 90 days", "at most 100 days", "at most 90 days", 1),
    ("gap: rehearsals, at_most: 100 days", "gap: rehearsals, at_most: 3 months", "at most 100 days", "at most 3 months", None),
    (
        f"consecutive: month, {NO_REHEARSAL}, {STEPS}", f"consecutive: month, {NO_REHEARSAL}, at_most: 5",
        "at most 1 months in a row", "at most 5 months in a row", 0,
    ),
    (
        f"consecutive: month, {NO_REHEARSAL}, at_most: 1", f"consecutive: quarter, {NO_REHEARSAL}, at_most: 1",
        "at most 1 months in a row", "at most 1 quarters in a row", None,
    ),
    (f"count: singers, {ISLAND}", "count: singers, at_most: 3", "the steps of a ladder", "at most 3", None),
]  # fmt: skip


@pytest.mark.parametrize(("town", "union", "first", "second", "stricter"), BOUNDS)
def test_the_stricter_bound(town: str, union: str, first: str, second: str, stricter: int | None) -> None:
    files = one_choir() | {"singers.csv": singers("S1,C1,A,,,,,yes,,")["singers.csv"]}
    one, other = (rule(id, keys) for id, keys in (("T", town), ("U", union)))
    assert [f[:3] for f in told(standard(TOWN, one), standard(UNION, other), files)] == [(first, second, stricter)]
    turned = [f[:3] for f in told(standard(TOWN, other), standard(UNION, one), files)]
    assert turned == [(second, first, None if stricter is None else 1 - stricter)]


def test_of_two_deadlines_the_earlier_is_stricter() -> None:
    town = standard(
        TOWN, "id: T, for: singers where joined_on is recorded, within: 30 days after joined_on, done: left_on"
    )
    union = town.replace(TOWN, UNION).replace("id: T", "id: U").replace("30 days", "60 days")
    files = singers("S1,C1,A,,,2024-03-01,2024-04-15,,,")
    ((first, second, stricter, cases),) = told(town, union, files)
    assert (first, second, stricter) == ("done within 30 days", "done within 60 days", 0)
    assert list(cases.values()) == [("fail", "pass")]
    assert told(town, town.replace(TOWN, UNION), files) == []


def test_breaches_of_two_ladders_are_compared_where_they_are_of_one_subject() -> None:
    def of(name: str, rule: str, most: int, days: int) -> str:
        run = f"id: {rule}, for: choirs, consecutive: month, when: {{count: rehearsals, exactly: 0}}, at_most: {most}"
        then = f"id: {rule}2, for: breaches of {rule}, within: {days} days after reached_on, count: choir.rehearsals, at_least: 1"
        return standard(name, run.replace("matter: m", ""), then).replace(f"matter: m, id: {rule},", f"id: {rule},")

    files = one_choir("2024-01-10", "2024-07-15", "2024-08-10", "2024-09-10", "2024-10-10", "2024-11-10", "2024-12-10")
    ((first, second, stricter, cases),) = told(of(TOWN, "T", 4, 10), of(UNION, "U", 4, 30), files)
    assert (first, second, stricter) == ("at least 1 within 10 days", "at least 1 within 30 days", 0)
    assert list(cases.values()) == [("fail", "pass")]


def test_the_same_rule_tailored_is_called_by_its_standard() -> None:
    national = standard(TOWN, QUARTERLY)
    city = "standard: union\nextends: [{standard: town, rules: {U: {at_least: 2, why: we can}}}]\nrules: []\n"
    city = city.replace("standard: town", "standard: ../town")
    with together(national, city, one_choir("2024-01-01")) as (made, findings):
        (pair,) = pairs(made.contrasts())
        assert [pair.name(0), pair.name(1), pair.stricter] == ["U (town)", "U (union)", 1]
        assert {f.rule.standard for f in findings if f.elsewhere} == {TOWN, UNION}


# ---- findings


def test_a_finding_names_what_the_other_says_and_its_findings() -> None:
    with together(standard(TOWN, MONTHLY), standard(UNION, QUARTERLY), one_choir("2024-02-01")) as (_, findings):
        by = {f.period.label: f for f in findings}
        (january,) = by["2024-01"].elsewhere
        assert (january.demand.rule.rule, january.verdict, january.is_stricter, january.findings) == (
            "U",
            "pass",
            False,
            (),
        )
        (april,) = by["2024-04"].elsewhere
        assert (april.verdict, april.findings) == ("fail", (by["2024-Q2"].id,))
        assert [e.findings for e in by["2024-Q2"].elsewhere] == [(by[f"2024-0{m}"].id,) for m in (4, 5, 6)]


def test_a_run_names_the_findings_of_the_other_run() -> None:
    def of(name: str, id: str, most: int) -> str:
        return standard(
            name, f"id: {id}, for: choirs, consecutive: month, when: {{count: rehearsals, exactly: 0}}, at_most: {most}"
        )

    with together(of(TOWN, "T", 1), of(UNION, "U", 3), one_choir("2024-03-01", "2024-04-01")) as (_, findings):
        runs = {(f.rule.rule, f.certain): f for f in findings}
        assert set(runs) == {("T", 2), ("T", 8), ("U", 8)}
        assert [e.findings for e in runs["T", 2].elsewhere] == [(runs["U", 8].id,)]
        assert set(runs["U", 8].elsewhere[0].findings) == {runs["T", 2].id, runs["T", 8].id}


def test_no_verdict_changes() -> None:
    files = one_choir("2024-02-01")
    with together(standard(TOWN, MONTHLY), standard(UNION, QUARTERLY), files) as (made, _):
        beside = [(c.rule, c.subject, c.period, c.verdict) for c in made.checks()]
    unnamed = [standard(n, r).replace("matter: m, ", "") for n, r in ((TOWN, MONTHLY), (UNION, QUARTERLY))]
    with together(unnamed[0], unnamed[1], files) as (made, _):
        assert [(c.rule, c.subject, c.period, c.verdict) for c in made.checks()] == beside
        assert list(made.contrasts()) == []


# ---- every output

TITLES = {"en": ("Different bounds of two standards", "at least 1 a month", "at least 1 a quarter", "T is stricter"),
          "zh": ("两个标准的不同要求", "每月不少于 1", "每季度不少于 1", "T 更严")}  # fmt: skip
SAYS = {"en": "Elsewhere U 9 asks at least 1 a quarter (less strict): pass, 2024-Q1",
        "zh": "另一标准 U 9 要求每季度不少于 1（较宽）：合格，2024-Q1"}  # fmt: skip


@contextmanager
def planted() -> Iterator[tuple[Audit, list[Finding]]]:
    with together(
        standard(TOWN, f"clause: '7', {MONTHLY}"),
        standard(UNION, f"clause: '9', {QUARTERLY}"),
        rehearsals("2024-02-01", "2024-05-01", "2024-08-01", "2024-11-01"),
    ) as found:
        yield found


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_terminal_has_a_short_section_and_a_line_a_finding(language: str) -> None:
    out = StringIO()
    with planted() as (made, findings), pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "200")
        TerminalReport(language, out=out).write(made, findings, "reason")
    said = out.getvalue()
    assert all(text in said for text in TITLES[language])
    assert SAYS[language] in said
    section = said[said.index(TITLES[language][0]) :].split("\n\n")[0].splitlines()
    assert len(section) == 7  # the pair, the tally, three of those that differ, how many more there are


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", ["notice", "markdown"])
def test_papers_say_it(kind: str, language: str) -> None:
    with planted() as (made, findings):
        said = str(WRITERS[kind](made, findings, language)).replace("\\", "")
    assert all(text in said for text in TITLES[language])
    assert SAYS[language] in said


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_workbook_has_a_sheet_and_a_column(language: str) -> None:
    with planted() as (made, findings):
        book = load_workbook(io.BytesIO(write_workbook(made, findings, language)))
    sheet = book[{"en": "Different bounds", "zh": "不同要求"}[language]]
    rows = [[c.value for c in row] for row in sheet.iter_rows(min_row=2)]
    assert len(rows) == 24
    assert rows[0][:6] == ["T", "7", TITLES[language][1], "U", "9", TITLES[language][2]]
    ledger = book[{"en": "Findings", "zh": "问题清单"}[language]] if language == "en" else book.worksheets[1]
    assert any(SAYS[language] in str(c.value) for row in ledger.iter_rows() for c in row)


def written(kind: str, language: str) -> str:
    with planted() as (made, findings):
        return str(WRITERS[kind](made, findings, language))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_row_has_a_column_of_it(language: str) -> None:
    rows = list(csv.DictReader(io.StringIO(written("csv", language).removeprefix("\ufeff"))))
    by = {(r["subject"], r["rule"], r["period"]): r["elsewhere"] for r in rows}
    assert by["C1", "T", "2024-01"] == SAYS[language]
    assert all(by.values())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_failure_of_junit_has_it_in_its_body(language: str) -> None:
    with planted() as (made, findings):
        root = Xml.fromstring(str(WRITERS["junit"](made, findings, language)))
    bodies = {c.get("name"): f.text or "" for c in root.iter("testcase") for f in c.findall("failure")}
    first, *places = bodies["T C1 · 2024-01"].splitlines()
    assert first == SAYS[language]
    assert all(":" in place for place in places)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_sarif_says_it_and_leads_to_the_findings_of_the_other(language: str) -> None:
    sarif = json.loads(written("sarif", language))
    schema = json.loads(published("sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
    jsonschema.validate({**sarif, "$schema": "https://json.schemastore.org/sarif-2.1.0.json"}, schema)
    results = {(r["ruleId"], r["message"]["text"].split(":")[0]): r for r in sarif["runs"][0]["results"]}
    kept = results["T", "C1 · C1 · 2024-01"]
    assert kept["message"]["text"].endswith(f"[{SAYS[language]}]")
    (other,) = kept["properties"]["elsewhere"]
    assert (other["rule"], other["standard"], other["expected"], other["verdict"]) == (
        "U", UNION, {"at_least": 1}, "pass"
    )  # fmt: skip
    assert "relatedLocations" not in kept  # the other is kept: nothing stands anywhere
    (place,) = results["T", "C2 · C2 · 2024-01"]["relatedLocations"]
    assert place["physicalLocation"] == results["U", "C2 · C2 · 2024-Q1"]["locations"][0]["physicalLocation"]
    assert place["message"]["text"].split()[0] == SAYS[language].split()[0]


@pytest.mark.parametrize("kind", ["github", "gitlab"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_code_hosts_are_told_in_the_message(kind: str, language: str) -> None:
    assert f"[{SAYS[language]}]" in written(kind, language)


def test_there_is_no_sheet_and_no_section_where_nothing_differs() -> None:
    with together(standard(TOWN, MONTHLY), standard(UNION), one_choir()) as (made, findings):
        assert len(load_workbook(io.BytesIO(write_workbook(made, findings, "en"))).worksheets) == 4
        assert "bounds" not in str(WRITERS["markdown"](made, findings, "en"))
        data = json.loads(write_json(made, findings))
        assert data["contrasts"] == [] and {tuple(f["elsewhere"]) for f in data["findings"]} == {()}


def test_the_json_keeps_its_contract_and_has_every_subject() -> None:
    with planted() as (made, findings):
        data = json.loads(write_json(made, findings))
    assert list(CONTRACT.iter_errors(data)) == []
    (pair,) = data["contrasts"]
    assert [(r["rule"], r["clause"], r["expected"], r["every"]) for r in pair["rules"]] == [
        ("T", "7", {"at_least": 1}, "month"), ("U", "9", {"at_least": 1}, "quarter")
    ]  # fmt: skip
    assert (pair["matter"], pair["stricter"], pair["subjects"], len(pair["cases"])) == ("m", 0, 2, 24)
    assert {c["subject"]["key"] for c in pair["cases"]} == {"C1", "C2"}
    first = next(f for f in data["findings"] if (f["subject"]["key"], f["period"]["label"]) == ("C1", "2024-01"))
    (other,) = first["elsewhere"]
    assert (other["rule"], other["verdict"], other["stricter"], other["text"]["zh"]) == (
        "U",
        "pass",
        False,
        "每季度不少于 1",
    )


def test_the_page_has_the_pair_and_of_each_finding_the_other() -> None:
    from orgaudit.reports.html_data import report_data

    with planted() as (made, findings):
        data = report_data(made, findings, "zh")
    (pair,) = data["contrasts"]
    assert pair["cases"][0][:5] == ["Larks", "Larks", "2024-01 / 2024-Q1", "fail", "pass"]
    assert TITLES["zh"][1] in pair["text"]["zh"] and TITLES["en"][3] in pair["text"]["en"]
    ((zh, en, ids),) = data["findings"]["elsewhere"][0]
    assert (data["texts"][zh], data["texts"][en], ids) == (SAYS["zh"], SAYS["en"], [])


def test_persons_are_hidden_in_it() -> None:
    name = "{name: name, type: string, title: {zh: 姓名, en: Name}, role: name"
    model = MODEL.replace(f"{name}}}", f"{name}, personal: true}}")
    assert model != MODEL
    town = standard(TOWN, "id: T, for: singers, value: age, at_least: 18")
    union = standard(UNION, "id: U, for: singers, value: age, at_least: 21")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"{__name__}.MODEL", model)
        with together(town, union, singers("S1,C1,Alma,,20,,,,,")) as (made, findings):
            hidden = write_json(*redacted(made, findings, nameless))
            assert "Alma" in write_json(made, findings)
    assert "Alma" not in hidden and '"S1"' in hidden


# ---- the shipped standards


def test_the_street_and_the_nation_differ_in_both_directions(tmp_path: Path) -> None:
    out = tmp_path / "audit.json"
    street = "examples/linjiang-street/records"
    chosen = ("SPB-10", "SPB-3-1", "SPB-4-5", "BRA-11", "BRA-16", "CON-9-1")
    ran = orgaudit(
        "check", ROOT / street, "-s", "street-party-building", "-s", "cpc-branch-2018", "-s", "cpc-constitution-2022",
        *(x for rule in chosen for x in ("--select", rule)), "--output", f"json={out}", "--quiet",
    )  # fmt: skip
    assert ran.code == 1
    found = {tuple(r["rule"] for r in p["rules"]): p for p in json.loads(out.read_text(encoding="utf-8"))["contrasts"]}
    assert set(found) == {("SPB-10", "CON-9-1"), ("SPB-4-5", "BRA-16")}  # SPB-3-1 and BRA-11 ask for the same
    absence, party_day = found["SPB-10", "CON-9-1"], found["SPB-4-5", "BRA-16"]
    assert (absence["stricter"], party_day["stricter"]) == (0, 1)
    assert ["fail", "pass"] in [c["verdicts"] for c in absence["cases"]]
    assert ["pass", "fail"] in [c["verdicts"] for c in party_day["cases"]]
