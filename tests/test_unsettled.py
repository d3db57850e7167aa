"""What an unknown verdict names: the blank records behind defined numbers, too, and nothing that would not settle it."""

from __future__ import annotations

import pytest
from support import CHOIR, MODEL, Files, a_rule, check, singers

from orgaudit.findings import Blank

ONE_CHOIR = {"choirs.csv": f"{CHOIR}C1,Larks,,\n"}
OF_UNKNOWN_AGE = {**singers("S1,C1,Alma,,20,,,,,", "S2,C1,Bo,,,,,,,"), **ONE_CHOIR}
NUMBERS = """
define:
  seniors: {for: choirs, count: singers where age > 60}
  years: {for: choirs, sum: age of singers}
  oldest: {for: choirs, max: age of singers}
  twice: {for: choirs, value: seniors * 2}
  part: {for: choirs, ratio: {of: {count: singers where age > 60}, to: {count: singers}}}
"""
THE_AGE = Blank("blank-cell", "singers", "S2", "age", "singers.csv", 3)


def named(keys: str, files: Files, *, before: str = "", model: str = MODEL, **options: object) -> list[tuple[str, ...]]:
    """What the one finding of a rule, which is unknown, names: (reason, table, key, field)."""
    (finding,) = check(a_rule(keys, before=before), files, model=model, **options).findings
    assert finding.verdict == "unknown"
    return [(b.reason, b.table, b.key or "", b.field or "") for b in finding.decided_by]


@pytest.mark.parametrize(
    "keys",
    [
        "value: seniors\nat_least: 1",
        "value: years\nat_least: 100",
        "value: oldest\nat_least: 60",
        "value: seniors * 3\nat_least: 1",
        "value: twice\nat_least: 1",
        "value: part\nat_least: 10%",
        "require: seniors > 0",
        "count: rehearsals\nat_most: subject.seniors - 1",
        "all: [{id: a, value: seniors, at_least: 1}, {id: b, require: name is recorded}]",
        "require: name = 'Owls'\nunless: [{id: old, when: seniors > 0}]",
        "every: year\nvalue: seniors\nat_least: 1",
    ],
)
def test_behind_a_number_stands_the_blank_record(keys: str) -> None:
    files = {**OF_UNKNOWN_AGE, "rehearsals.csv": "id,choir_id,held_on\n"}
    told = check(a_rule(f"for: choirs\n{keys}", before=NUMBERS), files)
    (finding,) = told.findings
    assert (finding.verdict, finding.decided_by) == ("unknown", (THE_AGE,))


def test_a_number_in_whom_a_rule_binds() -> None:
    assert named("for: choirs where seniors > 0\nrequire: name = 'Owls'", OF_UNKNOWN_AGE, before=NUMBERS) == [
        ("blank-cell", "singers", "S2", "age")
    ]


def test_a_number_of_a_table_that_was_not_handed_in() -> None:
    found = named("for: choirs\nvalue: seniors\nat_least: 1", ONE_CHOIR, before=NUMBERS)
    assert found == [("table-not-submitted", "singers", "", "")]


def test_a_record_that_counts_for_certain_is_not_named() -> None:
    files = {**singers("S1,C1,Alma,,20,,,,,", "S2,C1,Bo,,,,,,,", "S3,C1,Cy,,70,,,,,"), **ONE_CHOIR}
    assert named("for: choirs\nvalue: seniors\nat_least: 2", files, before=NUMBERS) == [
        ("blank-cell", "singers", "S2", "age")
    ]


# ---- what is complete is not called incomplete

UNBOUNDED = MODEL.replace(
    "title: {zh: 年龄, en: Age}, constraints: {minimum: 6, maximum: 99}", "title: {zh: 年龄, en: Age}"
)
TOTALS = (
    "sum: age of singers\nat_least: 100",
    "max: age of singers\nat_least: 100",
    "min: age of singers\nat_least: 9",
)


@pytest.mark.parametrize("keys", TOTALS)
def test_one_blank_makes_a_total_unknown_and_alone_is_named(keys: str) -> None:
    assert UNBOUNDED != MODEL
    assert named(f"for: choirs\n{keys}", OF_UNKNOWN_AGE, model=UNBOUNDED) == [("blank-cell", "singers", "S2", "age")]


@pytest.mark.parametrize("keys", TOTALS[:2])
def test_what_was_not_handed_in_for_all_is_named_beside_the_blank(keys: str) -> None:
    files = {**OF_UNKNOWN_AGE, "orgaudit.yaml": "covers: {singers: {organizations: [C9]}}\n"}
    assert named(f"for: choirs\n{keys}", files, model=UNBOUNDED) == [
        ("blank-cell", "singers", "S2", "age"),
        ("not-covered", "singers", "", ""),
    ]
