"""The oracle, held against the two reference pages by hand, by hiding cells, and by brute force."""

from __future__ import annotations

import copy
import random
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from bruteforce import contradictions, is_unknown_blank
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import Check, Raw, RawRow, World, audit, figures, load_yaml, parse_yaml
from oracle.expressions import condition, value
from oracle.values import (
    AFTER,
    BEFORE,
    NONE,
    NOT_YET,
    UNKNOWN,
    Calendar,
    Duration,
    Interval,
    compare,
    periods_inside,
    shift,
    working_days,
)
from strategies import Case, Rates, build, shrink, words_of, write_folder

MODEL = parse_yaml("""
records: village-library
missingValues: ["", "-"]
tables:
  houses:
    singular: house
    primaryKey: [id]
    owner: self
    foreignKeys:
      - {fields: [parent_id], reference: {resource: houses}, name: parent, reverse: children}
    fields:
      - {name: id, constraints: {required: true}}
      - {name: kind, categories: [{value: big, label: {zh: 大, en: Big}, aliases: [grand]}, {value: small}]}
      - {name: parent_id, blank: none}
      - {name: merged, type: boolean, blank: {value: no}}
      - {name: seats, type: integer}
      - {name: rule, blank: none}
      - {name: opened_on, type: date, role: valid_from, blank: open}
      - {name: closed_on, type: date, role: valid_to, blank: open}
  readers:
    singular: reader
    primaryKey: [id]
    owner: house
    foreignKeys:
      - {fields: [house_id], reference: {resource: houses}, reverse: readers}
      - {fields: [second_id], reference: {resource: houses}, name: second, reverse: second_readers}
    fields:
      - {name: id, constraints: {required: true}}
      - {name: house_id, constraints: {required: true}}
      - {name: second_id, blank: none}
      - {name: status, categories: [{value: full}, {value: guest}]}
      - {name: born_on, type: date}
      - {name: asked_on, type: date, blank: none}
      - {name: answered_on, type: date, blank: not_yet}
      - {name: left_on, type: date, role: valid_to, blank: open}
  evenings:
    singular: evening
    primaryKey: [id]
    owner: house
    foreignKeys:
      - {fields: [house_id], reference: {resource: houses}, reverse: evenings}
    fields:
      - {name: id, constraints: {required: true}}
      - {name: house_id, constraints: {required: true}}
      - {name: kind, categories: [{value: talk}, {value: song}]}
      - {name: held_on, type: date, role: when}
      - {name: moved_from, type: date, blank: none}
      - {name: tags, type: list, blank: none}
  presence:
    singular: presence_row
    primaryKey: [evening_id, reader_id]
    owner: evening.house
    time: evening.held_on
    complete: {per: evening, among: [house.readers, house.second_readers]}
    foreignKeys:
      - {fields: [evening_id], reference: {resource: evenings}, reverse: presence}
      - {fields: [reader_id], reference: {resource: readers}, reverse: presence}
    fields:
      - {name: evening_id, constraints: {required: true}}
      - {name: reader_id, constraints: {required: true}}
      - {name: status, categories: [{value: present}, {value: excused}, {value: absent}]}
  leaves:
    singular: leave
    primaryKey: [id]
    owner: reader.house
    foreignKeys:
      - {fields: [reader_id], reference: {resource: readers}, reverse: leaves}
    fields:
      - {name: id, constraints: {required: true}}
      - {name: reader_id, constraints: {required: true}}
      - {name: from_on, type: date, role: valid_from}
      - {name: to_on, type: date, role: valid_to}
  letters:
    singular: letter
    primaryKey: [id]
    owner: reader.house
    foreignKeys:
      - {fields: [reader_id], reference: {resource: readers}, reverse: letters}
    fields:
      - {name: id, constraints: {required: true}}
      - {name: reader_id, constraints: {required: true}}
      - {name: kind, categories: [{value: warning}, {value: visit}]}
      - {name: sent_on, type: date, role: when}
      - {name: answered_on, type: date, blank: not_yet}
  stays:
    singular: stay
    primaryKey: [house_id, from_on]
    owner: house
    foreignKeys:
      - {fields: [house_id], reference: {resource: houses}, reverse: stays}
    fields:
      - {name: house_id}
      - {name: from_on, type: date, role: valid_from, blank: open}
      - {name: to_on, type: date, role: valid_to, blank: open}
    derive:
      - from: evenings
        where: kind = 'talk'
        order: {by: held_on, within: house_id}
        fields:
          house_id: house_id
          from_on: held_on
          to_on: add_days(next.held_on, -1)
""")

HOUSES = "id kind\nA big\nB small"
READERS = "id house_id status second_id\nR A full ."
YEAR = (date(2024, 1, 1), date(2024, 12, 31))


def table(name: str, text: str, model: Any = None) -> list[RawRow]:
    """Rows from words; a dot is a blank cell, and columns not named are blank; `!name` in the headings is a column
    that was not handed in. A heading `file` puts each row into a file of its own."""
    lines = [line.split() for line in text.splitlines() if line.strip()]
    headings = [h for h in lines[0] if h[0] != "!"]
    fields = [f for f in (model or MODEL)["tables"][name]["fields"] if "computed" not in f]
    blank = {f["name"]: "" for f in fields if "!" + f["name"] not in lines[0]}
    rows = []
    for i, words in enumerate(lines[1:]):
        cells: dict[str, str | None] = {**blank}
        cells |= {k: "" if w == "." else w for k, w in zip(headings, words, strict=True)}
        rows.append(RawRow(cells, cells.pop("file", None) or f"{name}.csv", i + 2))
    return rows


def tables(**texts: str) -> Raw:
    return {name: table(name, text) for name, text in texts.items()}


def standard(rules: str, more: str = "") -> dict[str, Any]:
    found: dict[str, Any] = parse_yaml(more) or {} if more else {}
    rule_list = parse_yaml(rules)
    rule_list = rule_list if isinstance(rule_list, list) else [rule_list]
    for i, rule in enumerate(rule_list):
        rule.setdefault("id", f"X{i}")
    return {**found, "rules": rule_list}


def checks(rules: str, more: str = "", options: Any = None, **texts: Any) -> list[Check]:
    options = {"as_of": date(2024, 12, 31), "period": YEAR, **(options or {})}
    return audit(MODEL, standard(rules, more), tables(**texts), **options)


def verdicts(rules: str, more: str = "", options: Any = None, **texts: Any) -> dict[str, str]:
    """subject or subject@period -> verdict, of the last rule."""
    found = checks(rules, more, options, **texts)
    last = found[-1].rule if found else ""
    return {
        f"{c.subject}" + ("" if ".." in c.period and "-" in c.period[8:] else f"@{c.period}"): c.verdict
        for c in found
        if c.rule == last
    }


def one(rules: str, more: str = "", options: Any = None, **texts: Any) -> Check:
    return checks(rules, more, options, **texts)[-1]


# ---------------------------------------------------------------------------------------------- expressions


class Names:
    def __init__(self, **values: Any) -> None:
        self.values = values

    def lookup(self, parts: list[str]) -> Any:
        return self.values[parts[0]]

    recorded = lookup

    def param(self, name: str) -> Any:
        return self.values[name]

    def in_group(self, parts: list[str], name: str) -> Any:
        return UNKNOWN


D = date(2024, 3, 5)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("u = 1", UNKNOWN), ("u = 1 or true", True), ("u = 1 and false", False), ("not u = 1", UNKNOWN),
        ("n = 1", False), ("n <> 1", True), ("n < d", False), ("n between 1 and 2", False), ("n in (1)", False),
        ("n not in (1)", True), ("not n = 1", True), ("n = u", False), ("coalesce(n, 3) = 3", True),
        ("year(n) = 2024", False), ("coalesce(n, u) = 3", UNKNOWN), ("late > d", True), ("early < d", True),
        ("soon > d", True), ("coalesce(late, d) = d", True), ("late between d and d", False), ("u in (1, 2)", UNKNOWN),
        ("d = date '2024-03-05'", True), ("add_months(date '2024-01-31', 1) = date '2024-02-29'", True),
        ("days(d, date '2024-03-08') = 3", True), ("whole_months(date '2024-01-31', date '2024-02-29') = 1", True),
        ("whole_years(date '2000-02-29', date '2023-02-28') = 23", True), ("month_index(d) = 24290", True),
        ("quarter(d) = 1 and month(d) = 3 and weekday(d) = 2", True), ("1 + 2 * 3 = 7", True), ("-1 < 0", True),
        ("last_weekday(d, 'friday') = date '2024-03-29'", True), ("abs(-2) = 2", True),
        ("anniversary(date '2020-02-29', 2023) = date '2023-02-28'", True), ("has(l, 'a')", True),
        ("not has(n, 'a')", True), ("least(d, late) = d", True), ("greatest(1, 2) = 2", True), ("s in $p", True),
        ("length(trim(' ab ')) = 2 and starts_with(lower('AB'), 'a')", True), ("u is not recorded", UNKNOWN),
        ("i >= 1", UNKNOWN), ("i >= 0", True), ("i > 2", False), ("i in (0, 1, 2)", True), ("i <> 5", True),
        ("case when u = 1 then 2 else 2 end = 2", True), ("case when u = 1 then 2 else 3 end = 2", UNKNOWN),
        ("s = 'a' and not (s = 'b' or s = 'c')", True), ("days(d, late) > 3", UNKNOWN),
        ("add_days(late, 3) > d", True), ("date(2024, 2, 30) = d", False),
    ],
)  # fmt: skip
def test_expressions(text: str, expected: Any) -> None:
    names = Names(
        u=UNKNOWN, n=NONE, late=AFTER, early=BEFORE, soon=NOT_YET, d=D, l=("a", "b"), s="a", p=("a", "b"),
        i=Interval(0, 2),
    )  # fmt: skip
    assert condition(text, names) is expected


def test_values_and_numbers() -> None:
    assert value("2 - 3", Names()) == -1
    assert compare(">=", Interval(1, None), 1) is True
    assert compare(">=", Interval(1, None), 9) is UNKNOWN
    assert compare("<", Interval(3, None), 2) is False


def test_periods() -> None:
    def labels(every: str, first: date, last: date) -> list[str]:
        return [p.label for p in periods_inside(every, first, last)]

    assert labels("quarter", date(2024, 1, 2), date(2024, 12, 31)) == ["2024-Q2", "2024-Q3", "2024-Q4"]
    assert labels("half-year", *YEAR) == ["2024-H1", "2024-H2"]
    assert labels("2 months", date(2024, 1, 1), date(2024, 5, 1)) == ["2024-01..2024-02", "2024-03..2024-04"]
    assert labels("month", date(2024, 2, 1), date(2024, 2, 29)) == ["2024-02"]
    assert labels("year", *YEAR) == ["2024"]
    assert labels("week", date(2024, 12, 29), date(2025, 1, 12)) == ["2025-W01", "2025-W02"]


# ------------------------------------------------------------------------------------------------- cells


def world(**texts: str) -> World:
    return World(MODEL, tables(**texts), date(2024, 12, 31), YEAR)


@pytest.mark.parametrize("text", ["2024-03-05", "2024/3/5", "2024.3.5", "2024年3月5日", "20240305"])
def test_dates(text: str) -> None:
    assert world(evenings=f"id held_on\nE {text}").records["evenings"][0].values["held_on"] == D


def test_cells() -> None:
    houses = "id !opened_on kind merged seats rule closed_on\nA 大 是 x . 2025-02-01"
    houses += "\nB grand . 3 - .\nC nope 2 4 r 2024"
    w = world(houses=houses)
    a, b, c = w.records["houses"]
    assert (a.values["kind"], a.values["merged"], a.values["seats"], a.values["rule"]) == ("big", True, UNKNOWN, NONE)
    assert a.values["closed_on"] is AFTER  # later than as_of: still open
    assert (b.values["kind"], b.values["merged"], b.values["seats"], b.values["closed_on"]) == ("big", False, 3, AFTER)
    assert (c.values["kind"], c.values["merged"], c.values["closed_on"]) == (UNKNOWN, UNKNOWN, UNKNOWN)
    assert (a.recorded["seats"], a.recorded["rule"], a.recorded["opened_on"]) == (True, False, UNKNOWN)
    assert a.values["opened_on"] is UNKNOWN  # the column was not handed in
    tags = world(evenings="id tags\nE a、b;c|d").records["evenings"][0].values["tags"]
    assert tags == ("a", "b", "c", "d")


def test_duplicates_are_one_record() -> None:
    rows = world(houses="id kind seats\nA big 3\nA small 3\n. big 1\n. big 1").records["houses"]
    assert [r.values["kind"] for r in rows] == [UNKNOWN, "big", "big"]
    assert rows[0].values["seats"] == 3


def test_derived_table() -> None:
    rows = world(
        houses=HOUSES,
        evenings="id house_id kind held_on\n1 A talk 2024-05-01\n2 A song 2024-02-01\n3 A talk 2024-01-01\n"
        "4 A . 2024-06-01\n5 B talk 2024-03-01",
    ).records["stays"]
    assert [(r.text["house_id"], r.values["from_on"], r.values["to_on"]) for r in rows] == [
        ("A", date(2024, 5, 1), date(2024, 5, 31)),
        ("A", date(2024, 1, 1), date(2024, 1, 31)),
        ("B", date(2024, 3, 1), AFTER),
    ]


def test_later_than_as_of_does_not_exist() -> None:
    rule = "{for: houses, count: evenings ever, at_least: 2}"
    texts = {"houses": HOUSES, "evenings": "id house_id held_on\n1 A 2024-05-01\n2 A 2025-01-05"}
    assert one(rule, **texts).verdict == "fail"
    assert verdicts("{for: evenings, require: kind is recorded}", **texts) == {"1": "fail"}


# ----------------------------------------------------------------------------------------- the table of measures

EVENINGS = "id house_id kind held_on moved_from"


@pytest.mark.parametrize(
    ("bound", "rows", "expected"),
    [
        ("at_least: 1", "1 A talk 2024-02-01 .", "pass"),
        ("at_least: 1", "1 B talk 2024-02-01 .", "fail"),
        ("at_least: 1", "1 A . 2024-02-01 .", "unknown"),
        ("at_least: 1", "1 A talk . .", "unknown"),
        ("at_least: 1", "1 A . 2024-02-01 .\n2 A talk 2024-02-02 .", "pass"),
        ("at_most: 0", "1 A . 2024-02-01 .", "unknown"),
        ("at_most: 1", "1 A . 2024-02-01 .", "pass"),
        ("more_than: 1", "1 A talk 2024-02-01 .", "fail"),
        ("less_than: 1", "1 A talk 2024-02-01 .", "fail"),
        ("exactly: 1", "1 A talk 2024-02-01 .", "pass"),
        ("exactly: 1", "1 A talk 2024-02-01 .\n2 A . 2024-03-01 .", "unknown"),
        ("between: [1, 2]", "1 A talk 2024-02-01 .\n2 A . 2024-03-01 .", "pass"),
        ("between: [2, 3]", "1 A talk 2024-02-01 .", "fail"),
        ("at_least: 1", "1 A talk 2024-03-31 .", "pass"),
        ("at_least: 1", "1 A talk 2023-12-31 .", "fail"),
    ],
)
def test_count(bound: str, rows: str, expected: str) -> None:
    rule = f"{{for: houses, every: quarter, count: evenings where kind = 'talk', {bound}}}"
    assert verdicts(rule, houses=HOUSES, evenings=f"{EVENINGS}\n{rows}")["A@2024-Q1"] == expected


LEVELS = "levels: [{between: [1, 1], level: ok}, {between: [2, 2], level: low}, {at_least: 3, level: high}]"


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ([], ("pass", None)),
        (["talk"], ("pass", "ok")),
        (["talk", "."], ("unknown", "ok")),
        (["talk", "talk"], ("fail", "low")),
        (["talk", "talk", "."], ("fail", "low")),
        (["talk", "talk", "talk"], ("fail", "high")),
    ],
)
def test_levels(kinds: list[str], expected: tuple[str, str | None]) -> None:
    rows = "\n".join(f"{i} A {k} 2024-02-01 ." for i, k in enumerate(kinds))
    rule = f"{{for: houses where kind = 'big', every: year, count: evenings where kind = 'talk', {LEVELS}}}"
    found = one(rule, houses=HOUSES, evenings=f"{EVENINGS}\n{rows}")
    assert (found.verdict, found.level) == expected


def test_require_value_done() -> None:
    houses = "id kind seats rule\nA big 5 r\nB small . .\nC . 3 ."
    found = verdicts("{for: houses, require: kind = 'big'}", houses=houses)
    assert found == {"A": "pass", "B": "fail", "C": "unknown"}
    found = verdicts("{for: houses, require: rule is recorded}", houses=houses)
    assert found == {"A": "pass", "B": "fail", "C": "fail"}
    found = verdicts("{for: houses, value: seats, at_least: 5}", houses=houses)
    assert found == {"A": "pass", "B": "unknown", "C": "fail"}
    readers = "id house_id asked_on answered_on\n1 A 2024-01-10 2024-01-31\n2 A 2024-01-10 .\n3 A . ."
    readers += "\n4 A 2024-01-10 ??\n5 A ?? 2024-01-31\n6 A 2024-01-10 2024-02-10\n7 A 2024-12-20 ."
    done = "{for: readers, within: 1 months after asked_on, done: answered_on}"
    assert verdicts(done, houses=HOUSES, readers=readers) == {
        "1": "pass", "2": "fail", "4": "unknown", "5": "unknown", "6": "pass", "7": "pending",
    }  # fmt: skip
    on_the_day = "{for: readers, within: {from: asked_on, to: asked_on}, done: asked_on}"
    assert verdicts(on_the_day, houses=HOUSES, readers=readers)["1"] == "pass"
    days = "{for: readers, value: 'days(born_on, asked_on)', at_most: 2 weeks}"
    born = "id born_on asked_on\n1 2024-01-01 2024-01-15\n2 2024-01-01 .\n3 . 2024-01-15\n4 2024-01-01 2024-01-16"
    assert verdicts(days, readers=born) == {"1": "pass", "2": "not_applicable", "3": "unknown", "4": "fail"}


# ---------------------------------------------------------------------------------------------- open windows


@pytest.mark.parametrize(
    ("measure", "rows", "expected"),
    [
        ("count: evenings, at_least: 1", "1 A talk 2024-10-05 .", "pass"),
        ("count: evenings, at_least: 2", "1 A talk 2024-10-05 .", "pending"),
        ("count: evenings, at_least: 2", "1 A talk 2024-10-05 .\n2 A talk . .", "pending"),
        ("count: evenings, more_than: 0", "1 A talk 2024-10-05 .", "pass"),
        ("count: evenings, at_most: 0", "1 A talk 2024-10-05 .", "fail"),
        ("count: evenings, at_most: 1", "1 A talk 2024-10-05 .", "pending"),
        ("count: evenings, less_than: 1", "1 A talk 2024-10-05 .", "fail"),
        ("count: evenings, exactly: 0", "1 A talk 2024-10-05 .", "pending"),
        ("'count': evenings, between: [1, 2]", "1 A talk 2024-10-05 .", "pending"),
        (f"count: evenings, {LEVELS}", "1 A talk 2024-10-05 .", "pending"),
        ("count: stays, at_least: 1", "1 A talk 2024-10-05 .", "pending"),
        ("require: kind = 'big'", "1 A talk 2024-10-05 .", "pass"),
        ("require: kind = 'small'", "1 A talk 2024-10-05 .", "pending"),
        ("value: seats, at_least: 1", "1 A talk 2024-10-05 .", "pending"),
    ],
)
def test_open_windows(measure: str, rows: str, expected: str) -> None:
    rule = f"{{for: houses, every: quarter, {measure}}}"
    options = {"as_of": date(2024, 10, 31)}
    houses = "id kind opened_on closed_on seats\nA big . . 5"
    found = verdicts(rule, "", options, houses=houses, evenings=f"{EVENINGS}\n{rows}")
    assert found["A@2024-Q4"] == expected


@pytest.mark.parametrize(
    ("done", "expected"),
    [("2024-12-15", "pass"), (".", "pending"), ("2024-11-01", "fail"), ("??", "unknown"), ("2025-01-20", "pending")],
)
def test_open_done(done: str, expected: str) -> None:
    rule = "{for: letters, within: 30 days after sent_on, done: answered_on}"
    letters = f"id reader_id sent_on answered_on\n1 R 2024-12-10 {done}"
    assert one(rule, houses=HOUSES, readers=READERS, letters=letters).verdict == expected


# ------------------------------------------------------------------------------------- population, being bound


def test_population_and_alive() -> None:
    houses = "id kind opened_on closed_on\nA big . .\nB big 2024-02-15 2024-08-01"
    houses += "\nC big 2025-01-01 .\nD big . 2023-12-31\nE . . .\nF big . ??"
    rule = "{for: houses where kind = 'big', every: quarter, count: evenings, at_least: 0}"
    found = verdicts(rule, houses=houses, evenings=EVENINGS)
    assert {k: v for k, v in found.items() if k[0] == "B"} == {
        "B@2024-Q1": "not_applicable", "B@2024-Q2": "pass",
        "B@2024-Q3": "not_applicable", "B@2024-Q4": "not_applicable",
    }  # fmt: skip
    assert {k[0] for k in found} == {"A", "B", "E", "F"}
    rule = rule.replace("at_least: 0", "at_least: 1")
    found = verdicts(rule, houses=houses, evenings=EVENINGS)
    assert (found["A@2024-Q1"], found["E@2024-Q1"], found["F@2024-Q1"]) == ("fail", "unknown", "unknown")


def test_events_lie_in_the_period_and_may() -> None:
    texts = {"houses": HOUSES, "evenings": f"{EVENINGS}\n1 A talk 2024-05-01 .\n2 A talk 2023-05-01 .\n3 A talk . ."}
    assert verdicts("{for: evenings, require: kind = 'song'}", **texts) == {"1": "fail", "3": "unknown"}
    assert verdicts("{for: evenings, require: kind = 'talk'}", **texts) == {"1": "pass", "3": "pass"}
    with pytest.raises(ValueError, match="again and again"):
        verdicts("{for: evenings, every: month, require: kind = 'talk'}", **texts)


def test_window_population() -> None:
    letters = "id reader_id sent_on answered_on\n1 R 2023-12-10 .\n2 R 2023-11-01 .\n3 R . ."
    rule = "{for: letters, within: 30 days after sent_on, done: answered_on}"
    assert verdicts(rule, houses=HOUSES, readers=READERS, letters=letters) == {"1": "fail", "2": "fail", "3": "unknown"}


def test_in_force_and_parameters() -> None:
    rule = "{for: houses in big, every: half-year, count: evenings, at_least: $n, in_force: {from: 2024-02-01}}"
    more = "{parameters: {n: {2020-01-01: 0, 2024-07-01: 1}}, define: {big: houses where kind = 'big'}}"
    found = verdicts(rule, more, houses=HOUSES, evenings=EVENINGS)
    assert found == {"A@2024-H1": "not_applicable", "A@2024-H2": "fail"}
    rule = rule.replace("2024-02-01", "2024-01-01")
    assert verdicts(rule, more, houses=HOUSES, evenings=EVENINGS) == {"A@2024-H1": "pass", "A@2024-H2": "fail"}


def test_each_and_readings() -> None:
    rule = """
- {for: houses where kind = 'big', each: {k: [talk, song], n: $n}, count: evenings where kind = each.k, at_least: 1}
- {for: houses, require: kind = 'big', reading: {r: b}}
"""
    more = "{parameters: {n: {2020-01-01: [u, v]}}, readings: {r: {use: a, choices: [a, b]}}}"
    found = checks(rule, more, houses=HOUSES, evenings=f"{EVENINGS}\n1 A talk 2024-02-01 .")
    assert [(c.each, c.verdict) for c in found] == [
        (("talk", "u"), "pass"), (("talk", "v"), "pass"), (("song", "u"), "fail"), (("song", "v"), "fail"),
    ]  # fmt: skip
    assert found[0].period == "2024-01-01..2024-12-31"


# -------------------------------------------------------------------------------------------- windows and groups


@pytest.mark.parametrize(
    ("within", "first", "last"),
    [
        ("10 days after asked_on", "2024-02-01", "2024-02-10"),
        ("2 weeks after asked_on", "2024-02-01", "2024-02-14"),
        ("1 months after asked_on", "2024-02-01", "2024-02-29"),
        ("1 years after asked_on", "2024-02-01", "2025-01-31"),
        ("$d after asked_on", "2024-02-01", "2024-02-03"),
        ("{from: asked_on, to: 'add_days(asked_on, 1)'}", "2024-01-31", "2024-02-01"),
    ],
)
def test_borders_of_windows(within: str, first: str, last: str) -> None:
    rule = f"{{for: readers, within: {within}, count: letters, at_least: 1}}"
    readers = "id house_id asked_on\nR A 2024-01-31"
    options = {"as_of": date(2025, 12, 31)}
    for day, expected in [(first, "pass"), (last, "pass"), (before(first), "fail"), (before(last, -1), "fail")]:
        letters = f"id reader_id sent_on\n1 R {day}"
        covers = {"covers": {"letters": {"from": date(2023, 1, 1), "to": date(2026, 1, 1)}}}
        found = one(
            rule, "parameters: {d: {2020-01-01: 3 days}}", options | covers,
            houses=HOUSES, readers=readers, letters=letters,
        )  # fmt: skip
        assert found.verdict == expected, day


def before(day: str, n: int = 1) -> str:
    return date.fromordinal(date.fromisoformat(day).toordinal() - n).isoformat()


def test_dated_and_ever() -> None:
    evenings = f"{EVENINGS}\n1 A talk 2023-02-01 2024-05-01\n2 A song 2024-02-01 ."
    texts = {"houses": "id kind\nA big", "evenings": evenings}
    assert one("{for: houses, every: year, count: evenings dated moved_from, exactly: 1}", **texts).certain == 1
    assert one("{for: houses, every: year, count: evenings ever, exactly: 2}", **texts).certain == 2
    assert one("{for: houses, every: year, count: evenings, exactly: 1}", **texts).certain == 1
    assert one("{for: houses, count: evenings, exactly: 2}", **texts).verdict == "pass"


def test_states_on_the_last_day_and_on_the_way() -> None:
    readers = "id house_id left_on second_id\nR A 2024-05-15 .\nS A . ."
    letters = "id reader_id kind sent_on\n1 R warning 2024-05-01\n2 R warning 2024-06-01\n3 S visit 2024-06-30"
    texts = {"houses": "id kind\nA big", "readers": readers, "letters": letters}
    found = checks("{for: houses, every: quarter, count: readers, at_least: 2}", **texts)
    assert [c.certain for c in found] == [2, 1, 1, 1]
    found = checks("{for: houses, every: quarter, count: readers.letters, at_least: 2}", **texts)
    assert [c.certain for c in found] == [0, 2, 0, 0]  # the letter after R left does not count for the house
    found = checks("{for: letters, count: reader.house.readers, at_least: 2}", **texts)
    assert [c.certain for c in found] == [2, 1, 1]  # states on the subject's own day
    assert one("{for: houses, count: readers ever, at_least: 2}", **texts).certain == 2
    assert one("{for: houses, count: readers ever, at_least: 2}", **texts).verdict == "pass"


def test_union_counts_once_with_the_truest_way() -> None:
    readers = "id house_id second_id status left_on\nR A A full .\nS A A . ."
    rule = "{for: houses, count: [readers where status = 'full', second_readers], exactly: 2}"
    found = one(rule, houses="id kind\nA big", readers=readers)
    assert (found.certain, found.possible, found.verdict) == (2, 2, "pass")


def test_defined_groups_and_numbers() -> None:
    more = """
define:
  life: evenings where kind = 'talk'
  full: {for: houses, count: readers where status = 'full'}
  big: houses where kind = 'big'
"""
    texts = {
        "houses": HOUSES, "readers": "id house_id status left_on\nR A full .\nS A . .",
        "evenings": f"{EVENINGS}\n1 A talk 2024-02-01 .\n2 A song 2024-02-01 .",
        "presence": "evening_id reader_id status\n1 R present\n2 R present\n1 S absent\n2 S absent",
    }  # fmt: skip
    assert one("{for: readers where id = 'R', every: year, count: presence where evening in life, exactly: 1}", more,
               **texts).verdict == "pass"  # fmt: skip
    rule = "{for: houses in big where full >= 1, count: evenings in life, exactly: 1}"
    assert verdicts(rule, more, **texts) == {"A": "pass"}
    rule = "{for: houses in big where full >= 2, count: evenings in life, exactly: 0}"
    assert verdicts(rule, more, **texts) == {"A": "unknown"}
    assert verdicts("{for: big, require: full <= 2}", more, **texts) == {"A": "pass"}
    found = verdicts("{for: readers, require: house.full >= 1 and house in big}", more, **texts)
    assert found == {"R": "pass", "S": "pass"}
    assert verdicts("{for: houses, require: full = 3}", more, **texts) == {"A": "fail", "B": "fail"}


# ------------------------------------------------------------------------------------------------ exemptions


@pytest.mark.parametrize(
    ("houses", "rows", "expected"),
    [
        ("A big yes", "", "not_applicable"),
        ("A big no", "", "fail"),
        ("A big ??", "", "unknown"),
        ("A big ??", "1 A talk 2024-02-01 .", "pass"),
        ("A big yes", "1 A talk 2024-02-01 .", "not_applicable"),
        ("A big .", "", "fail"),
    ],
)
def test_exemptions(houses: str, rows: str, expected: str) -> None:
    rule = "{for: houses, every: year, count: evenings, at_least: 1, unless: [{id: merged, when: merged}]}"
    found = one(rule, houses=f"id kind merged\n{houses}", evenings=f"{EVENINGS}\n{rows}")
    assert found.verdict == expected


def test_exemptions_by_count_and_during() -> None:
    leaves = "id reader_id from_on to_on"
    rule = """
for: readers
every: quarter
count: letters
at_least: 1
unless:
  - {id: moved, when: {count: letters ever where kind = 'visit', at_least: 1}}
  - {id: away, during: leaves}
"""
    texts = {"houses": HOUSES, "readers": "id house_id left_on\nR A ."}
    none = "id reader_id kind sent_on"
    found = verdicts(rule, **texts, letters=none, leaves=f"{leaves}\n1 R 2024-02-01 2024-04-01\n2 R 2024-08-01 .")
    assert found == {
        "R@2024-Q1": "not_applicable", "R@2024-Q2": "not_applicable", "R@2024-Q3": "unknown", "R@2024-Q4": "unknown",
    }  # fmt: skip
    assert set(verdicts(rule, **texts, letters=none).values()) == {"unknown"}  # leaves were not handed in
    assert set(verdicts(rule, **texts, letters=none, leaves=leaves).values()) == {"fail"}
    found = verdicts(rule, **texts, letters=f"{none}\n1 R visit 2023-05-01", leaves=leaves)
    assert set(found.values()) == {"not_applicable"}


# ---------------------------------------------------------------------------------------------- completeness


def test_missing_tables_and_columns() -> None:
    rule = "{for: houses where kind = 'big', every: year, count: evenings, at_least: 1}"
    assert one(rule, houses=HOUSES).verdict == "unknown"
    found = one(rule, houses=HOUSES, evenings="id !house_id kind held_on\n1 talk 2024-01-01")
    assert (found.certain, found.possible) == (0, None)
    found = one(rule, houses=HOUSES, evenings="id house_id held_on\n1 A 2024-01-01")
    assert (found.certain, found.possible) == (1, 1)
    rule = "{for: readers, require: house.kind = 'big'}"
    assert one(rule, readers=READERS).verdict == "unknown"
    assert one(rule, houses=HOUSES, readers=READERS).verdict == "pass"
    assert one(rule, houses=HOUSES, readers="id house_id\nR X9").verdict == "unknown"
    assert one("{for: readers, require: second.kind = 'big'}", houses=HOUSES, readers=READERS).verdict == "fail"
    assert one("{for: readers, count: second, exactly: 0}", houses=HOUSES, readers=READERS).verdict == "pass"


def test_covers_and_silence() -> None:
    rule = "{for: houses, every: quarter, count: evenings, at_least: 1}"
    texts = {"houses": HOUSES, "evenings": f"{EVENINGS}\n1 A talk 2024-05-01 ."}

    def found(**options: Any) -> list[str]:
        return [c.verdict for c in checks(rule, "", options, **texts) if c.subject == "B"]

    assert found() == ["fail"] * 4
    assert found(covers={"evenings": {"from": date(2024, 4, 1)}}) == ["unknown", "fail", "fail", "fail"]
    assert found(covers={"evenings": {"to": date(2024, 9, 30)}}) == ["fail", "fail", "fail", "unknown"]
    assert found(covers={"evenings": {"organizations": ["A"]}}) == ["unknown"] * 4
    assert found(covers={"evenings": {"organizations": ["B"]}}) == ["fail"] * 4
    assert found(silence="unreported") == ["unknown"] * 4
    assert found(silence={"letters": "unreported"}) == ["fail"] * 4
    rule = "{for: letters, within: {from: 'add_days(sent_on, -40)', to: sent_on}, count: reader.house.evenings, "
    rule += "at_least: 1}"
    letters = "id reader_id sent_on\n1 R 2024-01-20"
    assert one(rule, readers=READERS, letters=letters, **texts).verdict == "unknown"  # from before the audited period


def test_complete_per_parent() -> None:
    rule = "{for: readers, every: quarter, count: presence where status = 'absent', exactly: 0}"
    texts = {
        "houses": HOUSES, "readers": "id house_id second_id\nR A .\nS A .\nT B A\nU B .",
        "evenings": f"{EVENINGS}\n1 A talk 2024-02-01 .",
    }  # fmt: skip

    def first(presence: str) -> list[str]:
        found = checks(rule, **texts, presence=f"evening_id reader_id status\n{presence}")
        return [c.verdict for c in found if c.period == "2024-Q1"]

    assert first("") == ["unknown", "unknown", "unknown", "pass"]  # nobody listed: R, S and T might have been
    assert first("1 R absent") == ["fail", "pass", "pass", "pass"]
    assert first("1 R present\n1 X9 absent") == ["pass", "unknown", "unknown", "pass"]
    found = one("{for: evenings, count: presence, at_least: 1}", **texts, presence="evening_id reader_id\n1 R\n1 X9")
    assert (found.certain, found.possible) == (2, 4)


def test_rows_that_cannot_be_placed() -> None:
    rule = "{for: houses, every: year, count: evenings, exactly: 1}"

    def found(evenings: str) -> list[tuple[int | None, int | None]]:
        return [(c.certain, c.possible) for c in checks(rule, houses=HOUSES, evenings=evenings)]

    head = "id house_id kind held_on file\n"
    assert found(head + "1 A talk 2024-02-01 e.csv\n2 X9 talk 2024-03-01 e.csv") == [(1, 2), (0, 0)]
    assert found(head + "1 A talk 2024-02-01 e.csv\n2 X9 talk 2024-03-01 A/e.csv") == [(1, 1), (0, 0)]
    assert found(head + "1 A talk 2024-02-01 A/d.csv\n2 . talk 2024-03-01 A/e.csv") == [(1, 2), (0, 0)]
    assert found(head + "1 A talk 2024-02-01 e.csv\n3 B talk 2024-02-01 e.csv\n2 . talk 2024-03-01 e.csv") == [
        (1, 1), (1, 1),
    ]  # fmt: skip


# ------------------------------------------------------------------------------------------------------- runs

LADDER = """
for: readers
consecutive: month
when: {count: presence where status = 'present', exactly: 0}
unless:
  - {id: nothing, when: {count: house.evenings, exactly: 0}, effect: $empty}
  - {id: excused, when: {count: presence where status = 'excused', at_least: 1}, effect: break}
levels:
  - {between: [2, 3], level: warn}
  - {at_least: 4, level: out}
"""


def walk(months: str, more: str = "use: skip", options: dict[str, Any] | None = None, rule: str = LADDER) -> Check:
    """One letter a month: present, absent, excused, ? a status nobody can read, n not listed, - no evening."""
    evenings, presence = f"{EVENINGS}\n", "evening_id reader_id status\n"
    status = {"p": "present", "a": "absent", "e": "excused", "?": "??"}
    for i, letter in enumerate(months):
        if letter == "-":
            continue
        evenings += f"{i} A talk 2024-{i + 1:02}-10 .\n"
        presence += f"{i} S present\n"
        if letter in status:
            presence += f"{i} R {status[letter]}\n"
    more = f"readings: {{empty: {{{more}, choices: [skip, break]}}}}"
    readers = "id house_id status left_on\nR A full .\nS A full ."
    found = checks(rule, more, options, houses=HOUSES, readers=readers, evenings=evenings, presence=presence)
    return next(c for c in found if c.subject == "R")


def month(first: int, last: int) -> tuple[date, date]:
    return periods_inside("month", *YEAR)[first - 1].first, periods_inside("month", *YEAR)[last - 1].last


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        ("pppppppppppp", []),
        ("paapppppaaaa", [(2, 3, 2, 2, "fail", "warn"), (9, 12, 4, 4, "fail", "out")]),
        ("papppppppppp", []),
        ("pnnppppppppp", [(2, 3, 2, 2, "fail", "warn")]),
        ("pa-appppp--p", [(2, 4, 2, 2, "fail", "warn")]),
        ("paeapppppppp", []),
        ("pa?appppp--p", [(2, 4, 1, 3, "unknown", None)]),
        ("aa?appppp--p", [(1, 4, 2, 4, "fail", "warn")]),
        ("p??ppppppppp", [(2, 3, 0, 2, "unknown", None)]),
        ("p?pppppppppp", []),
    ],
)
def test_runs(months: str, expected: list[Any]) -> None:
    found = walk(months)
    assert found.items == [(*month(i[0], i[1]), *i[2:]) for i in expected]
    order = ["fail", "unknown", "pass"]
    assert found.verdict == min([i[4] for i in expected] or ["pass"], key=order.index)


def test_runs_with_break_and_later_cover() -> None:
    assert walk("pa-apppppppp", "use: break").verdict == "pass"
    found = walk("aaaapppppppp", options={"covers": {"presence": {"from": date(2024, 3, 1)}}})
    assert found.items == [(*month(3, 4), 2, 2, "fail", "warn")]


def test_runs_are_walked_over_periods_that_are_over() -> None:
    options = {"as_of": date(2024, 10, 15)}
    assert walk("pppppppppp", options=options).verdict == "pass"
    assert walk("ppppppppaap", options=options).verdict == "pass"
    assert walk("pppppppaa", options=options).verdict == "fail"
    assert walk("pppppppaa", options=options | {"period": (date(2024, 1, 1), date(2024, 9, 30))}).verdict == "fail"


def test_plain_bound_on_a_run() -> None:
    rule = LADDER[: LADDER.index("levels")] + "at_most: 2\n"
    assert walk("paapppppppp-", rule=rule).verdict == "pass"
    assert walk("paaappppppp-", rule=rule).items == [(*month(2, 4), 3, 3, "fail", None)]
    assert walk("paa?ppppppp-", rule=rule).items == [(*month(2, 4), 2, 3, "unknown", None)]


def test_a_period_not_lived_through_ends_a_run() -> None:
    rule = """
{for: readers, consecutive: month, when: {count: letters, exactly: 0}, at_most: 2}
"""
    texts = {"houses": HOUSES, "letters": "id reader_id sent_on"}
    found = one(rule, **texts, readers="id house_id left_on\nR A 2024-03-15")
    assert (found.verdict, found.items) == ("pass", [])
    found = one(rule, **texts, readers="id house_id left_on\nR A 2024-03-31")
    assert found.items == [(*month(1, 3), 3, 3, "fail", None)]


# --------------------------------------------------------------------------------------------------- breaches


def test_breaches_of_counts() -> None:
    rules = """
- {id: ONE, for: readers, every: quarter, count: letters, at_least: 1}
- {id: TWO, for: breaches of ONE where period_end < date '2024-12-01', within: 30 days after period_end,
   count: reader.letters where kind = 'visit', at_least: 1}
"""
    letters = "id reader_id kind sent_on\n1 R warning 2024-02-01\n2 R visit 2024-07-10\n3 R . 2024-10-10"
    texts = {"houses": HOUSES, "readers": "id house_id left_on\nR A ."}
    assert verdicts(rules, **texts, letters=letters) == {"R/2024-04-01": "pass"}
    found = verdicts(rules, **texts, letters=letters.replace("2 R visit 2024-07-10", "2 R visit ."))
    assert found == {"R/2024-04-01": "unknown", "R/2024-07-01": "unknown"}


def test_breaches_of_runs() -> None:
    rules = [
        {**parse_yaml(LADDER), "id": "L"},
        parse_yaml("""{id: M, for: breaches of L where level = 'warn', each: {kind: [warning, visit]},
                    within: 30 days after reached_on, count: reader.letters where kind = each.kind, at_least: 1}"""),
        parse_yaml("{id: N, for: breaches of L where level = 'out', require: reached_on = date '2024-05-31'}"),
    ]
    spec = {"readings": {"empty": {"use": "skip"}}, "rules": rules}

    def found(months: str, letters: str) -> dict[str, str]:
        evenings, presence = f"{EVENINGS}\n", "evening_id reader_id status\n"
        for i, letter in enumerate(months):
            evenings += f"{i} A talk 2024-{i + 1:02}-10 .\n"
            presence += f"{i} R {'present' if letter == 'p' else '??' if letter == '?' else 'absent'}\n"
        raw = tables(
            houses=HOUSES, readers="id house_id left_on\nR A .", evenings=evenings, presence=presence, letters=letters,
        )  # fmt: skip
        return {
            "/".join([c.rule, c.subject, *c.each]): c.verdict
            for c in audit(MODEL, spec, raw, as_of=YEAR[1], period=YEAR)
            if c.rule != "L"
        }

    letters = "id reader_id kind sent_on\n1 R warning 2024-04-10"
    assert found("paaaappppppp", letters) == {
        "M/R/2024-02-01/warn/warning": "pass", "M/R/2024-02-01/warn/visit": "fail", "N/R/2024-02-01/out": "pass",
    }  # fmt: skip
    # when `warn` was reached is open: in March or in April; that `out` was reached is open
    assert found("p?aaappppppp", letters) == {
        "M/R/2024-02-01/warn/warning": "unknown", "M/R/2024-02-01/warn/visit": "unknown",
        "N/R/2024-02-01/out": "pass",
    }  # fmt: skip


# ------------------------------------------------------------ the other measures, on a mountain rescue's records

RESCUE = load_yaml(Path(__file__).parent / "cases/drawn/records.yaml")
STATIONS = "id kind height\nA hut 100\nB valley ."


def rescue_world(**texts: str) -> World:
    raw = {name: table(name, text, RESCUE) for name, text in texts.items()}
    return World(RESCUE, raw, date(2024, 12, 31), YEAR)


def rescue(rules: str, more: str = "", options: Any = None, **texts: str) -> dict[str, str]:
    """subject (or subject@period, with each: subject/each) -> verdict, of the last rule."""
    found = rescued(rules, more, options, **texts)
    several = len({c.period for c in found}) > 1
    return {
        "/".join([c.subject, *(e or "?" for e in c.each)]) + (f"@{c.period}" if several else ""): c.verdict
        for c in found
    }


def rescued(rules: str, more: str = "", options: Any = None, **texts: str) -> list[Check]:
    spec = standard(rules, more)
    options = {"as_of": date(2024, 12, 31), "period": YEAR, **(options or {})}
    raw = {name: table(name, text, RESCUE) for name, text in texts.items()}
    return [c for c in audit(RESCUE, spec, raw, **options) if c.rule == spec["rules"][-1]["id"]]


def interval(rule: str, **texts: str) -> tuple[Any, Any]:
    """What a measure of station A found."""
    found = next(c for c in rescued(rule, stations="id\nA", **texts) if c.subject == "A")
    return found.certain, found.possible


MISSIONS = "id station_id day kind hours cost"


@pytest.mark.parametrize(
    ("measure", "rows", "expected"),
    [
        ("distinct: kind of missions", "", (0, 0)),
        ("distinct: kind of missions", "1 A 2024-02-01 lift . .\n2 A 2024-03-01 lift . .", (1, 1)),
        ("distinct: kind of missions", "1 A 2024-02-01 lift . .\n2 A 2024-03-01 . . .", (1, 2)),
        ("distinct: kind of missions", "1 A 2024-02-01 . . .\n2 A 2024-03-01 . . .", (1, 2)),
        ("distinct: kind of missions", "1 A . lift . .\n2 A 2024-03-01 search . .", (1, 2)),
        ("distinct: cost of missions", "1 A 2024-02-01 lift . .\n2 A 2024-03-01 lift . 5", (1, 1)),
        ("sum: hours of missions", "", (0, 0)),
        ("sum: hours of missions", "1 A 2024-02-01 lift 2 .\n2 A 2024-03-01 lift 3 .", (5, 5)),
        ("sum: hours of missions", "1 A 2024-02-01 lift 2 .\n2 A 2024-03-01 lift . .", (2, 50)),
        ("sum: hours of missions", "1 A 2024-02-01 lift 2 .\n2 A . lift 3 .", (2, 5)),
        ("sum: hours + 1 of missions", "1 A 2024-02-01 lift . .", (None, None)),
        ("sum: cost of missions", "1 A 2024-02-01 lift . -3\n2 A 2024-02-02 lift . .\n3 A . lift . -2", (-5, -3)),
        ("sum: cost of missions", "1 A 2024-02-01 lift . ??", (None, None)),
        ("max: hours of missions", "1 A 2024-02-01 lift 2 .\n2 A 2024-03-01 lift 3 .", (3, 3)),
        ("max: hours of missions", "1 A 2024-02-01 lift 2 .\n2 A . lift 3 .", (2, 3)),
        ("max: hours of missions", "1 A 2024-02-01 lift 2 .\n2 A 2024-03-01 lift . .", (2, None)),
        ("max: hours of missions", "1 A . lift 2 .\n2 A . lift 3 .", (2, 3)),
        ("max: hours of missions", "1 A 2024-02-01 lift . .", (None, None)),
        ("min: hours of missions", "1 A 2024-02-01 lift 2 .\n2 A . lift 1 .", (1, 2)),
        ("min: hours of missions", "1 A 2024-02-01 lift 2 .\n2 A 2024-03-01 lift . .", (None, 2)),
        ("min: cost of missions", "1 A 2024-02-01 lift . .\n2 A 2024-03-01 lift . 4", (4, 4)),
    ],
)
def test_intervals(measure: str, rows: str, expected: Any) -> None:
    assert (
        interval(f"{{for: stations, every: year, {measure}, at_least: 1}}", missions=f"{MISSIONS}\n{rows}") == expected
    )


def test_intervals_of_open_groups() -> None:
    rule = "{for: stations, every: year, %s, at_least: 1}"
    assert interval(rule % "distinct: kind of missions") == (0, None)
    assert interval(rule % "sum: hours of missions") == (0, None)
    assert interval(rule % "sum: cost of missions") == (None, None)
    assert interval(rule % "max: hours of missions") == (None, None)
    texts = {"stations": "id\nA", "missions": f"{MISSIONS} post_area post_number\n1 A 2024-02-01 . . . N 9"}
    found = rescued(rule % "distinct: beds of missions.post", posts="area number station_id beds\nN 1 A 3", **texts)
    assert (found[0].certain, found[0].possible) == (0, 1)  # the post that was named is not there: it may have beds


@pytest.mark.parametrize(
    ("measure", "rows", "expected"),
    [
        ("max: hours of missions, at_most: 3", "", "not_applicable"),
        ("max: hours of missions, at_most: 3", "1 A . lift 3 .", "pass"),  # nothing, or three
        ("max: hours of missions, at_most: 3", "1 A . lift 4 .", "unknown"),
        ("max: hours of missions, at_most: 3", "1 A 2024-02-01 lift 4 .", "fail"),
        ("min: day of missions, at_least: period_start", "1 A 2024-02-01 lift 4 .", "pass"),
        ("max: day of missions, at_least: \"date '2024-06-01'\"", "1 A 2024-02-01 lift 4 .", "fail"),
        ("distinct: kind of missions, at_least: 2", "1 A 2024-02-01 lift . .\n2 A 2024-03-01 . . .", "unknown"),
        ("sum: hours of missions, at_most: 50", "1 A 2024-02-01 lift 2 .\n2 A 2024-03-01 lift . .", "pass"),
        ("sum: hours of missions, less_than: 50", "1 A 2024-02-01 lift 2 .\n2 A 2024-03-01 lift . .", "unknown"),
        ("sum: hours of missions, between: [1, 2.5]", "1 A 2024-02-01 lift 2.5 .", "pass"),
        ("sum: hours of missions, at_least: subject.height", "1 A 2024-02-01 lift 2.5 .", "fail"),
    ],
)
def test_bounds_of_intervals(measure: str, rows: str, expected: str) -> None:
    rule = f"{{for: stations where kind = 'hut', every: year, {measure}}}"
    assert rescue(rule, stations=STATIONS, missions=f"{MISSIONS}\n{rows}") == {"A": expected}


@pytest.mark.parametrize(
    ("rows", "half", "two_thirds"),
    [
        ("", "not_applicable", "not_applicable"),
        ("lift 2024-02-01, search 2024-02-01", "pass", "fail"),
        ("lift 2024-02-01, . 2024-02-01", "pass", "unknown"),
        ("lift 2024-02-01, search 2024-02-01, . 2024-02-01", "unknown", "unknown"),
        ("search 2024-02-01, search ., . .", "unknown", "fail"),
        ("search ., search .", "unknown", "unknown"),  # of nothing there is no share
        ("lift .", "pass", "pass"),
        ("lift 2024-02-01, lift ., search .", "pass", "unknown"),
    ],
)
def test_share(rows: str, half: str, two_thirds: str) -> None:
    missions = "id station_id kind day" + "".join(f"\n{i} A {row}" for i, row in enumerate(rows.split(", ")) if row)
    for bound, expected in (("50%", half), ("2/3", two_thirds)):
        rule = f"{{for: stations, every: year, share: {{of: missions, where: kind = 'lift'}}, at_least: {bound}}}"
        assert rescue(rule, stations="id\nA", missions=missions) == {"A": expected}, bound


def test_a_share_by_hand() -> None:
    """tt 1, tf 1, tu 1, uu 1: at least 1 of 4, at most 3 of 4."""
    missions = "id station_id kind day\n1 A lift 2024-02-01\n2 A search 2024-02-01\n3 A . 2024-02-01\n4 A . ."
    rule = "{for: stations, every: year, share: {of: missions, where: kind = 'lift'}, at_least: 50%}"
    assert interval(rule, missions=missions) == (Fraction(1, 4), Fraction(3, 4))


@pytest.mark.parametrize(
    ("of", "to", "expected"),
    [
        ("count: missions", "count: rescuers", (Fraction(1, 2), Fraction(2))),
        ("count: missions", "count: posts", None),
        ("sum: cost of missions", "count: rescuers", (Fraction(-3), Fraction(2))),
        ("count: rescuers", "sum: hours of missions", (Fraction(1, 7), Fraction(2, 5))),
        ("count: rescuers", "sum: cost of missions", (None, None)),
    ],
)
def test_ratio(of: str, to: str, expected: Any) -> None:
    texts = {
        "missions": f"{MISSIONS}\n1 A 2024-02-01 lift 5 -3\n2 A . lift 2 5",
        "rescuers": "id station_id left_on\nR A .\nS A ??", "posts": "area number station_id",
    }  # fmt: skip
    rule = f"{{for: stations, every: year, ratio: {{of: {{{of}}}, to: {{{to}}}}}, at_least: 1}}"
    assert interval(rule, **texts) == (expected or (None, None))
    if expected is None:
        assert rescue(rule, stations="id\nA", **texts) == {"A": "not_applicable"}


def test_open_windows_of_the_other_measures() -> None:
    texts = {"stations": "id\nA", "missions": f"{MISSIONS}\n1 A 2024-10-05 lift 5 .\n2 A 2024-10-06 search 5 ."}
    expected = {
        "distinct: kind of missions, at_least: 2": "pass", "distinct: kind of missions, at_most: 1": "fail",
        "distinct: kind of missions, at_least: 3": "pending", "sum: hours of missions, at_least: 1": "pending",
        "max: hours of missions, at_most: 1": "pending", "min: cost of missions, at_most: 1": "pending",
        "share: {of: missions, where: kind = 'lift'}, at_least: 1%": "pending",
    }  # fmt: skip
    for measure, verdict in expected.items():
        found = rescue(f"{{for: stations, every: quarter, {measure}}}", "", {"as_of": date(2024, 10, 31)}, **texts)
        assert found["A@2024-Q4"] == verdict, measure


# -- defined numbers, references and neighbours


def test_defined_numbers_of_every_measure() -> None:
    more = """
define:
  lifts: {for: stations, count: missions where kind = 'lift'}
  hours: {for: stations, sum: hours of missions}
  longest: {for: stations, max: hours of missions}
  busy: {for: stations, require: lifts + 1 >= 2}
  both: {for: stations, value: 2 * lifts - hours}
  all_of_them: {for: audit, count: audit.missions}
"""
    texts = {"stations": "id\nA\nB", "missions": f"{MISSIONS}\n1 A 2024-02-01 lift 5 .\n2 A 2024-02-01 . 2 ."}

    def found(condition: str) -> dict[str, str]:
        return rescue(f"{{for: stations, require: {condition}}}", more, **texts)

    assert found("hours = 7 and busy") == {"A": "pass", "B": "fail"}
    assert found("lifts = 2") == {"A": "unknown", "B": "fail"}
    assert found("lifts + lifts >= 2") == {"A": "pass", "B": "fail"}
    assert found("longest = 5") == {"A": "pass", "B": "fail"}
    assert found("longest <> 5") == {"A": "fail", "B": "pass"}  # nothing equals nothing
    assert found("audit.all_of_them = 2") == {"A": "pass", "B": "pass"}
    assert found("lifts < hours") == {"A": "pass", "B": "fail"}
    rule = "{for: stations, value: both, at_most: -3}"
    assert rescue(rule, more, **texts) == {"A": "pass", "B": "fail"}
    rule = "{for: stations, count: missions, at_least: subject.lifts + 1}"
    assert rescue(rule, more, **texts) == {"A": "unknown", "B": "fail"}
    rule = "{for: stations, count: missions, at_least: subject.longest}"
    assert rescue(rule, more, **texts) == {"A": "fail", "B": "not_applicable"}


def test_references_are_values() -> None:
    texts = {
        "stations": "id\nA\nB", "rescuers": "id station_id sponsor_id\nR A A\nS A X9\nT A .\nU X9 A",
        "posts": "area number station_id\nN 1 A\nN 2 A",
        "missions": "id station_id day post_area post_number\n1 A 2024-02-01 N 1\n2 A 2024-02-01 N 3\n3 A 2024-02-01 . .",
    }  # fmt: skip
    assert rescue("{for: rescuers, require: station = sponsor}", **texts) == {
        "R": "pass", "S": "fail", "T": "fail", "U": "unknown",
    }  # fmt: skip
    assert rescue("{for: rescuers, require: sponsor = 'X9'}", **texts)["S"] == "pass"
    assert rescue("{for: missions, require: post = 'N/1'}", **texts) == {"1": "pass", "2": "unknown", "3": "fail"}
    assert rescue("{for: posts, count: missions, exactly: 1}", **texts) == {"N/1": "unknown", "N/2": "unknown"}
    rule = "{for: stations, count: rescuers where sponsor = subject.parent or sponsor = station, exactly: 1}"
    assert rescue(rule, **texts)["B"] == "fail"


def test_neighbours() -> None:
    texts = {
        "stations": "id\nA\nB",
        "missions": "id station_id day hours\n1 A 2024-02-01 2\n2 A 2024-03-01 1\n3 A 2024-04-01 .\n4 B 2024-02-15 2\n5 B . 9",
    }  # fmt: skip
    assert rescue("{for: missions, require: hours < previous.hours}", **texts) == {
        "1": "not_applicable", "2": "pass", "3": "unknown", "4": "unknown", "5": "unknown",
    }  # fmt: skip
    assert rescue("{for: missions, value: 'days(subject.previous.day, day)', at_most: 30}", **texts) == {
        "1": "not_applicable", "2": "pass", "3": "fail", "4": "unknown", "5": "unknown",
    }  # fmt: skip
    assert rescue("{for: missions, count: next, exactly: 1}", **texts)["3"] == "fail"
    rule = "{for: stations, count: missions where previous.hours = 2, exactly: 1}"
    assert rescue(rule, **texts) == {"A": "pass", "B": "unknown"}


def test_what_stands_above_and_below() -> None:
    below = "{for: stations, count: descendants, exactly: 1}"
    above = "{for: stations, count: ancestors, exactly: 1}"

    def found(rule: str, stations: str) -> dict[str, tuple[Any, Any]]:
        return {c.subject: (c.certain, c.possible) for c in rescued(rule, stations=stations)}

    tree = "id parent_id\nA .\nB A\nC B\nD ."
    assert found(below, tree) == {"A": (2, 2), "B": (1, 1), "C": (0, 0), "D": (0, 0)}
    assert found(above, tree) == {"A": (0, 0), "B": (1, 1), "C": (2, 2), "D": (0, 0)}
    unknown = "id parent_id\nA .\nB X9\nC B\nD ."  # B may stand below A or D, and C with it
    assert found(above, unknown) == {"A": (0, 0), "B": (0, 2), "C": (1, 3), "D": (0, 0)}
    assert found(below, unknown) == {"A": (0, 2), "B": (1, 1), "C": (0, 0), "D": (0, 2)}
    circle = "id parent_id\nA B\nB A\nC A\nD ."
    assert found(above, circle)["C"] == (1, None)
    assert rescue_world(stations=circle).records["stations"][0].targets["parent"] is UNKNOWN
    assert found(above, "id !parent_id\nA\nB") == {"A": (0, None), "B": (0, None)}
    rule = "{for: stations, every: year, count: descendants.missions, exactly: 1}"
    texts = {
        "stations": "id parent_id closed_on\nA . .\nB A 2024-02-15",
        "missions": "id station_id day\n1 B 2024-02-01",
    }
    assert rescue(rule, **texts)["A"] == "pass"
    texts["missions"] = "id station_id day\n1 B 2024-03-01"
    assert rescue(rule, **texts)["A"] == "fail"  # on that day there was no B any more


# -- whom and when


def test_the_whole_audit() -> None:
    texts = {"stations": "id\nA\nB", "missions": f"{MISSIONS}\n1 A 2024-02-01 lift 5 .\n2 B 2024-08-01 . 2 ."}
    assert rescue("{every: half-year, count: audit.missions where kind = 'lift', at_least: 1}", **texts) == {
        "audit@2024-H1": "pass", "audit@2024-H2": "unknown",
    }  # fmt: skip
    options = {"covers": {"missions": {"organizations": ["A", "B"]}}}
    assert rescue("{count: audit.missions, exactly: 2}", "", options, **texts) == {"audit": "unknown"}
    rule = "{for: stations, count: audit.missions where station = subject.parent, exactly: 0}"
    assert rescue(rule, **texts) == {"A": "pass", "B": "pass"}


def test_each_record_and_each_value() -> None:
    texts = {
        "stations": "id\nA\nB", "rescuers": "id station_id grade left_on\nR A full .\nS A . .\nT A . ??",
        "missions": f"{MISSIONS}\n1 A 2024-02-01 lift 5 .", "crews": "mission_id rescuer_id part\n1 R led\n1 S absent",
    }  # fmt: skip
    rule = """{for: stations, every: year, each: {who: rescuers},
               count: missions.crews where rescuer = each.who and part = 'led', at_least: 1}"""
    assert rescue(rule, **texts) == {"A/R": "pass", "A/S": "fail", "A/T": "unknown", "B/?": "not_applicable"}
    rule = "{for: stations, every: year, each: {who: rescuers}, require: each.who.grade = 'full'}"
    assert rescue(rule, **texts) == {"A/R": "pass", "A/S": "unknown", "A/T": "unknown", "B/?": "not_applicable"}
    rule = """{for: stations, every: year, each: {what: kind of missions, n: [1, 2]},
               count: missions where kind = each.what, at_least: each.n}"""
    assert rescue(rule, **texts) == {
        "A/lift/1": "pass", "A/lift/2": "fail", "B/?/1": "not_applicable", "B/?/2": "not_applicable",
    }  # fmt: skip
    texts["missions"] += "\n2 A . search 1 .\n3 A 2024-03-01 . 1 ."
    found = rescue(rule, **texts)
    assert (found["A/lift/2"], found["A/search/1"], found["A/?/1"]) == ("unknown", "unknown", "unknown")
    rule = "{for: stations, every: half-year, each: {k: $k}, count: missions where kind = each.k, at_least: 0}"
    more = "parameters: {k: {2020-01-01: [lift], 2024-07-01: [search, training]}}"
    assert set(rescue(rule, more, **texts)) == {
        f"{s}/{k}" for s in "AB" for k in ("lift@2024-H1", "search@2024-H2", "training@2024-H2")
    }  # fmt: skip


def test_sliding_windows_and_being_alive() -> None:
    texts = {
        "stations": "id opened_on closed_on\nA . .\nB 2024-05-15 2024-08-15",
        "missions": f"{MISSIONS}\n1 A 2024-04-01 . . .",
    }
    found = rescue("{for: stations, every: 3 months, step: month, count: missions, at_least: 1}", **texts)
    assert len([k for k in found if k.startswith("A")]) == 10
    passing = [k for k, v in found.items() if v == "pass"]
    assert passing == ["A@2024-02..2024-04", "A@2024-03..2024-05", "A@2024-04..2024-06"]
    rule = "{for: stations where id = 'B', every: quarter, alive: %s, count: missions, at_least: 1}"
    alive = {mode: list(rescue(rule % mode, **texts).values()) for mode in ("throughout", "sometime", "at_end")}
    assert alive == {
        "throughout": ["not_applicable"] * 4,
        "sometime": ["not_applicable", "fail", "fail", "not_applicable"],
        "at_end": ["not_applicable", "fail", "not_applicable", "not_applicable"],
    }  # fmt: skip


def test_records_about_a_time() -> None:
    scores = "station_id year quarter points\nA 2024 1 5\nA 2024 . 7\nA 2023 4 9\nA . 2 1"
    texts = {"stations": "id\nA", "scores": scores}
    quarters = rescued("{for: stations, every: quarter, count: scores, exactly: 1}", **texts)
    assert [(c.certain, c.possible) for c in quarters] == [(1, 2), (0, 1), (0, 1), (0, 1)]
    assert interval("{for: stations, every: year, count: scores, exactly: 2}", scores=scores) == (2, 3)
    rule = "{for: stations, within: {from: %s, to: %s}, count: scores, exactly: 1}"
    found = rescued(rule % ("date '2024-03-01'", "date '2024-03-31'"), **texts)
    assert (found[0].certain, found[0].possible) == (1, 2)  # by the last day
    assert rescue("{for: scores, require: points >= 7}", **texts) == {
        "A/2024/1": "fail", "A/2024/": "pass", "A//2": "unknown",
    }  # fmt: skip
    assert rescue("{for: scores, value: points - previous.points, at_most: 0}", **texts)["A/2024/1"] == "unknown"
    known = scores.replace("\nA . 2 1", "")
    assert rescue("{for: scores, value: points - previous.points, at_most: 0}", stations="id\nA", scores=known) == {
        "A/2024/1": "pass", "A/2024/": "pass",  # the year comes before its quarters: 9, 7, 5
    }  # fmt: skip
    later = rescue_world(stations="id\nA", scores="station_id year quarter\nA 2025 1\nA 2024 4").records["scores"]
    assert [r.text["quarter"] for r in later] == ["4"]


def test_working_days() -> None:
    assert working_days(Calendar(), date(2024, 3, 1), date(2024, 3, 8)) == 5  # from a Friday to the next
    assert working_days(Calendar(), date(2024, 3, 8), date(2024, 3, 1)) == -5
    holidays = Calendar(frozenset({2024}), off=frozenset({date(2024, 3, 4)}), on=frozenset({date(2024, 3, 2)}))
    assert working_days(holidays, date(2024, 3, 1), date(2024, 3, 8)) == 5
    assert working_days(holidays, date(2024, 12, 30), date(2025, 1, 2)) is UNKNOWN
    assert shift(date(2024, 3, 1), Duration(1, "working days"), holidays) == date(2024, 3, 2)
    rule = "{for: missions, within: 3 working days after day, done: reported_on}"
    missions = "id station_id day reported_on\n1 A 2024-03-01 2024-03-06\n2 A 2024-03-01 2024-03-07"
    assert rescue(rule, stations="id\nA", missions=missions) == {"1": "pass", "2": "fail"}
    rule = "{for: missions, value: 'working_days(day, reported_on)', at_most: 3 working days}"
    assert rescue(rule, stations="id\nA", missions=missions) == {"1": "pass", "2": "fail"}


# -- exemptions


def test_the_first_exemption_that_holds() -> None:
    rule = """
for: stations
every: year
count: missions
at_least: 3
unless:
  - {id: low, when: height < 500, effect: {at_least: 1}}
  - {id: quiet, when: not radio}
"""
    stations = "id height radio\nA 100 yes\nB 100 no\nC 900 no\nD 900 yes\nE . yes\nF . no\nG 900 ."
    one_each = "".join(f"\n{s} {s} 2024-02-01 . . ." for s in "ABCDEFG")
    assert rescue(rule, stations=stations, missions=MISSIONS + one_each) == {
        "A": "pass", "B": "pass", "C": "not_applicable", "D": "fail", "E": "unknown", "F": "pass", "G": "unknown",
    }  # fmt: skip
    none = rescue(rule, stations=stations, missions=MISSIONS)
    assert (none["A"], none["E"], none["F"]) == ("fail", "fail", "unknown")
    rule = rule.replace("height < 500", "{max: hours of missions, at_most: 5}")
    assert rescue(rule, stations=stations, missions=MISSIONS)["D"] == "fail"  # of nothing there is no most


@pytest.mark.parametrize(
    ("exemption", "expected"),
    [
        ("during: yearly 07-01 to 08-31", "fail fail not_applicable fail"),
        ("during: yearly 12-15 to 01-15", "not_applicable fail fail not_applicable"),
        ("during_all: yearly 03-15 to 11-01", "fail not_applicable not_applicable fail"),
        ("during: leaves", "unknown not_applicable not_applicable unknown"),  # one may have begun any day before
        ("during_all: leaves", "unknown unknown not_applicable fail"),
    ],
)
def test_seasons_and_states(exemption: str, expected: str) -> None:
    rule = f"{{for: rescuers, every: quarter, count: crews, at_least: 1, unless: [{{id: u, {exemption}}}]}}"
    texts = {
        "stations": "id\nA", "rescuers": "id station_id\nR A", "missions": MISSIONS, "crews": "mission_id rescuer_id",
        "leaves": "id rescuer_id from_on to_on\n1 R 2024-06-30 2024-09-30\n2 R . 2024-10-02",
    }  # fmt: skip
    assert list(rescue(rule, **texts).values()) == expected.split()


# -- gaps


@pytest.mark.parametrize(
    ("ends", "days", "bound", "expected"),
    [
        ("closed", "2024-03-01 2024-06-01 2024-09-01 2024-12-01", "at_most: 92 days", "pass"),
        ("closed", "2024-03-01 2024-06-01 2024-09-01 2024-12-01", "at_most: 91 days", "fail"),
        ("closed", "2024-03-01 2024-06-01 2024-09-01 2024-12-01", "less_than: 92 days", "fail"),
        ("closed", "2024-03-01 2024-06-01 2024-09-01 2024-12-01", "at_most: 3 months", "pass"),
        ("closed", "2024-06-01", "at_most: 152 days", "fail"),
        ("closed", "2024-06-01", "at_most: 213 days", "pass"),
        ("first", "2024-06-01", "at_most: 153 days", "pass"),
        ("first", "2024-06-01", "at_most: 152 days", "fail"),
        ("last", "2024-06-01", "at_most: 212 days", "fail"),
        ("last", "2024-06-01", "at_most: 213 days", "pass"),
        ("open", "2024-06-01", "at_most: 1 days", "pass"),
        ("open", "2024-06-01 2024-06-11", "at_most: 10 days", "pass"),
        ("open", "2024-06-01 2024-06-12", "at_most: 10 days", "fail"),
        ("open", "", "at_most: 10 days", "not_applicable"),
        ("closed", "", "at_most: 365 days", "fail"),
        ("closed", "", "at_most: 366 days", "pass"),
        ("open", "2023-01-01 2024-06-12", "at_most: 500 days", "pass"),  # before what is covered
        ("closed", "2023-12-31 2024-07-01", "at_most: 183 days", "pass"),
        ("closed", "2024-03-01 ?", "at_most: 300 days", "unknown"),
        ("open", "2024-03-01 2024-03-02 ?", "at_most: 300 days", "unknown"),
        ("closed", "2023-12-01 2024-07-01 ?", "at_most: 182 days", "unknown"),
    ],
)
def test_gaps(ends: str, days: str, bound: str, expected: str) -> None:
    rule = f"{{for: stations, gap: missions, ends: {ends}, {bound}}}"
    rows = "".join(f"\n{i} A {'.' if d == '?' else d} . . ." for i, d in enumerate(days.split()))
    assert rescue(rule, stations="id\nA", missions=MISSIONS + rows) == {"A": expected}


@pytest.mark.parametrize(
    ("ends", "rows", "bound", "expected"),
    [
        # a possible lift (kind unknown: ?) between two certain ones
        ("open", "2024-03-01 2024-05-01? 2024-07-01", "at_most: 122 days", "pass"),
        ("open", "2024-03-01 2024-05-01? 2024-07-01", "at_most: 100 days", "unknown"),
        ("open", "2024-03-01 2024-05-01? 2024-07-01", "at_most: 60 days", "fail"),
        # … before the first and after the last
        ("open", "2024-03-01? 2024-05-01 2024-05-02", "at_most: 50 days", "unknown"),
        ("open", "2024-05-01 2024-05-02 2024-09-01?", "at_most: 50 days", "unknown"),
        ("closed", "2023-01-01? 2024-05-01", "at_most: 250 days", "pass"),
        ("closed", "2023-01-01? 2024-05-01", "at_most: 100 days", "fail"),
        ("first", "2024-03-01? 2024-09-01?", "at_most: 100 days", "unknown"),
        ("first", "2024-06-01? 2024-09-01?", "at_most: 100 days", "fail"),
        ("closed", "2024-04-01? 2024-08-01?", "at_most: 200 days", "unknown"),
        ("closed", "2024-04-01? 2024-08-01?", "at_most: 100 days", "fail"),
    ],
)
def test_gaps_with_possible_points(ends: str, rows: str, bound: str, expected: str) -> None:
    rule = f"{{for: stations, gap: missions where kind = 'lift', ends: {ends}, {bound}}}"
    kinds = [(row.rstrip("?"), "." if row.endswith("?") else "lift") for row in rows.split()]
    missions = MISSIONS + "".join(f"\n{i} A {day} {kind} . ." for i, (day, kind) in enumerate(kinds))
    assert rescue(rule, stations="id\nA", missions=missions) == {"A": expected}


def test_gaps_between_states_in_a_lifetime_and_while_it_runs() -> None:
    rule = "{for: stations, gap: rescuers, at_most: 30 days}"
    rescuers = "id station_id joined_on left_on\nR A . 2024-05-01\nS A 2024-04-01 2024-09-01\nT A %s ."
    assert rescue(rule, stations="id\nA", rescuers=rescuers % "2024-09-30") == {
        "A": "pass"
    }  # left on the first day without
    assert rescue(rule, stations="id\nA", rescuers=rescuers % "2024-10-01") == {"A": "fail"}
    assert rescue(rule, stations="id closed_on\nA 2024-09-20", rescuers=rescuers % "2024-10-01") == {"A": "pass"}
    rule = "{for: stations, gap: missions, at_most: 60 days}"
    missions = f"{MISSIONS}\n1 A 2024-02-01 . . .\n2 A 2024-03-15 . . ."

    def as_of(month: int, day: int) -> str:
        return rescue(rule, "", {"as_of": date(2024, month, day)}, stations="id\nA", missions=missions)["A"]

    assert (as_of(5, 14), as_of(5, 15)) == ("pending", "fail")
    assert rescue(rule, stations="id opened_on closed_on\nA 2024-01-20 2024-05-10", missions=missions) == {"A": "pass"}


def test_exemptions_of_gaps() -> None:
    rule = """
for: stations
gap: missions
at_most: 30 days
unless:
  - {id: summer, during: yearly 07-01 to 08-31, effect: {at_most: 75 days}}
  - {id: closed, when: "period_start >= date '2024-10-01'"}
"""
    days = [
        "2024-01-20",
        "2024-02-15",
        "2024-03-15",
        "2024-04-10",
        "2024-05-10",
        "2024-06-05",
        "2024-06-25",
        "2024-09-08",
    ]
    days += ["2024-10-01"]
    missions = MISSIONS + "".join(f"\n{i} A {day} . . ." for i, day in enumerate(days))
    assert rescue(rule, stations="id\nA", missions=missions) == {"A": "pass"}
    later = missions.replace("2024-09-08", "2024-09-09")
    assert rescue(rule, stations="id\nA", missions=later) == {"A": "fail"}


# -- runs of events, and how many


EVENTS = """
for: rescuers
%s: station.missions
when: {count: crews where part = 'absent', at_least: 1}
%s
"""


def present(letters: str, days: list[str] | None = None) -> dict[str, str]:
    """One mission a letter: led, absent, ? a part that nobody can read, n not listed."""
    part = {"l": "led", "a": "absent", "?": "??"}
    days = days or [f"2024-{i + 1:02}-10" for i in range(len(letters))]
    missions = "id station_id day" + "".join(f"\n{i} A {day}" for i, day in enumerate(days))
    rows = [f"\n{i} R {part[x]}" for i, x in enumerate(letters) if x in part] + [
        f"\n{i} S led" for i in range(len(letters))
    ]
    return {
        "stations": "id\nA", "rescuers": "id station_id\nR A\nS A", "missions": missions,
        "crews": "mission_id rescuer_id part" + "".join(rows),
    }  # fmt: skip


def of_events(how: str, bound: str, letters: str, days: list[str] | None = None, more: str = "") -> Check:
    found = rescued(EVENTS % (how, bound) + more, **present(letters, days))
    return next(c for c in found if c.subject == "R")


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ("", ("not_applicable", [])),
        ("lll", ("pass", [])),
        ("alaa", ("pass", [])),
        ("laaa", ("fail", [(2, 4, 3, 3, "fail", None)])),
        ("la?a", ("unknown", [(2, 4, 1, 3, "unknown", None)])),
        ("aaa?a", ("fail", [(1, 5, 3, 5, "fail", None)])),
        ("anaa", ("pass", [])),
    ],
)
def test_runs_of_events(letters: str, expected: Any) -> None:
    found = of_events("consecutive", "at_most: 2", letters)
    day = {i: date(2024, i, 10) for i in range(1, 13)}
    assert (found.verdict, found.items) == (expected[0], [(day[i[0]], day[i[1]], *i[2:]) for i in expected[1]])


def test_events_without_a_place() -> None:
    days = ["2024-01-10", "2024-02-10", "2024-03-10", "2024-04-10", "."]
    found = of_events("consecutive", "at_most: 1", "aaaal", days)
    assert found.items == [(date(2024, 1, 10), date(2024, 4, 10), 2, 5, "fail", None)]  # whatever lies between
    found = of_events("consecutive", "at_most: 2", "aaaal", days)
    assert found.verdict == "unknown"
    found = of_events("consecutive", "at_most: 0", "la", ["2024-01-10", "."])
    assert found.items == [(*YEAR, 0, 1, "unknown", None)]


def test_exemptions_of_events() -> None:
    leave = "unless: [{id: away, during: leaves, effect: %s}]\n"
    leaves = "id rescuer_id from_on to_on\n1 R 2024-02-10 2024-02-10"
    for effect, certain in (("skip", 3), ("break", 2)):
        rule = EVENTS % ("consecutive", "at_most: 1") + leave % effect
        found = next(c for c in rescued(rule, leaves=leaves, **present("aaaa")) if c.subject == "R")
        assert (found.certain, found.verdict) == (certain, "fail")
    rule = EVENTS.replace(
        "{count: crews where part = 'absent', at_least: 1}", "event.kind = 'lift' and subject.grade = 'full'"
    )
    texts = {**present("aaa"), "rescuers": "id station_id grade\nR A full"}
    texts["missions"] = "id station_id day kind\n0 A 2024-01-10 lift\n1 A 2024-02-10 .\n2 A 2024-03-10 lift"
    assert rescue(rule % ("consecutive", "at_most: 2"), **texts) == {"R": "unknown"}
    assert rescue(rule % ("consecutive", "at_most: 3"), **texts) == {"R": "pass"}


def test_how_many_periods_and_events() -> None:
    found = of_events("periods", "at_most: 2", "alala")
    assert (found.verdict, found.certain, found.possible) == ("fail", 3, 3)
    found = of_events("periods", "at_least: 3", "al?la")
    assert (found.verdict, found.certain, found.possible) == ("unknown", 2, 3)
    rule = "{for: stations, periods: quarter, when: {count: missions, at_least: 1}, %s}"
    missions = f"{MISSIONS}\n1 A 2024-02-01 . . .\n2 A 2024-08-01 . . .\n3 A . . . ."
    expected = {"at_least: 2": "pass", "at_least: 3": "unknown", "at_most: 1": "fail", "exactly: 5": "fail"}
    for bound, verdict in expected.items():
        assert rescue(rule % bound, stations="id\nA", missions=missions) == {"A": verdict}
    rule = "{for: stations, periods: month, when: opened_on > period_start, at_most: 2}"
    assert rescue(rule, stations="id opened_on\nA .\nB 2024-03-15") == {"A": "pass", "B": "pass"}
    rule = "{for: stations, consecutive: month, when: {max: hours of missions, at_most: 5}, at_most: 0}"
    assert rescue(rule, stations="id\nA", missions=MISSIONS) == {"A": "pass"}  # of nothing there is no most


# -- answers, parts, figures


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ("", "unknown"),
        ("A ASK yes 2024-03-01", "pass"),
        ("A ASK no 2024-03-01", "fail"),
        ("A ASK no 2024-03-01, A ASK yes 2024-04-01", "pass"),
        ("A ASK yes 2024-03-01, A ASK no 2024-04-01", "fail"),
        ("A ASK yes 2024-03-01, A ASK no 2024-03-01", "unknown"),
        ("A ASK yes 2024-03-01, A ASK ?? 2024-04-01", "unknown"),
        ("A ASK yes 2024-03-01, A ASK ?? 2024-02-01", "pass"),
        ("A ASK yes 2024-03-01, A ASK no .", "unknown"),
        ("A OTHER no 2024-04-01, A ASK yes 2024-03-01", "pass"),
        ("B ASK no 2024-04-01, A ASK yes 2024-03-01", "pass"),
        ("A ASK yes 2023-03-01", "unknown"),
    ],
)
def test_attest(answers: str, expected: str) -> None:
    rule = "{id: ASK, for: stations where id = 'A', every: year, attest: {zh: x, en: x}}"
    rows = "".join(f"\n{i} {row}" for i, row in enumerate(answers.split(", ")) if row)
    text = f"id station_id question answer said_on{rows}"
    assert rescue(rule, stations="id\nA\nB", answers=text) == {"A": expected}
    options = {"as_of": date(2024, 11, 30)}
    waits = expected if expected == "pass" else "pending"
    assert rescue(rule, "", options, stations="id\nA\nB", answers=text) == {"A": waits}
    assert rescue(rule, stations="id\nA") == {"A": "unknown"}


@pytest.mark.parametrize(
    ("parts", "of_all", "of_any"),
    [
        ("true true", "pass", "pass"), ("true false", "fail", "pass"), ("false false", "fail", "fail"),
        ("radio true", "unknown", "pass"), ("radio false", "fail", "unknown"), ("none none", "not_applicable", "not_applicable"),
        ("none true", "pass", "pass"), ("none false", "fail", "fail"),
    ],
)  # fmt: skip
def test_parts(parts: str, of_all: str, of_any: str) -> None:
    words = {"none": "{id: p%d, value: height, at_least: 1}"}
    written = [words.get(p, "{id: p%d, require: " + p + "}") % i for i, p in enumerate(parts.split())]
    stations = "id radio\nA ."
    for how, expected in (("all", of_all), ("any", of_any)):
        rule = f"{{for: stations, {how}: [{', '.join(written)}]}}".replace("value: height", "max: hours of missions")
        assert rescue(rule, stations=stations, missions=MISSIONS) == {"A": expected}, how


def test_figures() -> None:
    spec = standard(
        "{id: F, for: stations, every: half-year, sum: hours of missions, unless: [{id: u, when: height > 500}]}"
    )
    raw = {
        "stations": table("stations", "id height\nA 100\nB 900\nC .", RESCUE),
        "missions": table("missions", f"{MISSIONS}\n1 A 2024-02-01 . 5 .\n2 A 2024-03-01 . . .", RESCUE),
    }  # fmt: skip
    found = figures(RESCUE, spec, raw, as_of=YEAR[1], period=YEAR)
    assert [(f.subject, f.period, f.found.least, f.found.most) for f in found] == [
        ("A", "2024-H1", 5, 53), ("A", "2024-H2", 0, 0), ("C", "2024-H1", 0, 0), ("C", "2024-H2", 0, 0),
    ]  # fmt: skip
    assert audit(RESCUE, spec, raw, as_of=YEAR[1], period=YEAR) == []


# -- breaches of several rules, and of breaches


def test_breaches_of_several_rules_and_of_breaches() -> None:
    rules = """
- {id: ONE, for: stations, every: half-year, count: missions, at_least: 1}
- {id: TWO, for: stations, every: year, require: radio}
- {id: TALK, for: "breaches of ONE, TWO", within: 30 days after period_end, count: station.scores, at_least: 1}
- {id: AGAIN, for: breaches of TALK, require: subject.station.radio is recorded}
"""
    texts = {"stations": "id radio\nA no\nB .", "missions": f"{MISSIONS}\n1 B 2024-02-01 . . .\n2 B 2024-08-01 . . ."}
    options = {"as_of": date(2025, 3, 31)}
    found = {c.subject: c.verdict for c in audit_of(rules, options, scores="station_id year quarter", **texts)["TALK"]}
    assert found == {"A/2024-01-01": "fail", "A/2024-07-01": "fail", "B/2024-01-01": "unknown"}
    found = {c.subject: c.verdict for c in audit_of(rules, options, scores="station_id year quarter", **texts)["AGAIN"]}
    assert found == {"A/2024-01-01/2024-07-01": "pass"}  # the others were reached after the audited period


def audit_of(rules: str, options: Any, **texts: str) -> dict[str, list[Check]]:
    options = {"as_of": date(2024, 12, 31), "period": YEAR, **options}
    raw = {name: table(name, text, RESCUE) for name, text in texts.items()}
    found: dict[str, list[Check]] = {}
    for check in audit(RESCUE, standard(rules), raw, **options):
        found.setdefault(check.rule, []).append(check)
    return found


# -- the record model


def test_fields_that_are_made() -> None:
    found = rescue_world(
        stations="id call_sign\nA Ａb－12\nB x\nC .",
        rescuers="id station_id insured_to left_on\nR A 2024-03 2024-05-01\nS A 2024年3月 2025-01-01\nT A 202413 .",
        missions="id station_id day\n1 A 2024-02-01\n2 A 2024-03-01",
        crews="mission_id rescuer_id part burden\n1 R led .\n2 R absent 30\n1 S absent .\n1 X9 led .",
    ).records
    made = [(r.values["call_sign"], r.values["valley"], r.values["channel"]) for r in found["stations"]]
    assert made == [("ab-12", "ab", 12), ("x", "x", UNKNOWN), (NONE, NONE, NONE)]
    assert [r.values["insured_to"] for r in found["rescuers"]] == [date(2024, 3, 1), date(2024, 3, 1), UNKNOWN]
    assert [r.values["left_on"] for r in found["rescuers"]] == [date(2024, 5, 1), AFTER, AFTER]
    (row,) = found["service"]
    assert [row.values[n] for n in ("rescuer_id", "first_on", "last_on", "times", "first_part")] == [
        "R", date(2024, 2, 1), date(2024, 3, 1), 2, "led",
    ]  # fmt: skip
    texts = {"stations": "id\nA", "rescuers": "id station_id left_on\nR A 2024-07-01\nS A 2024-06-30"}
    found_last = rescued("{for: stations, every: half-year, count: rescuers, exactly: 1}", **texts)
    assert [c.certain for c in found_last] == [1, 0]  # the day written is the first without


# ------------------------------------------------------------------- hiding cells, and filling them in again

RULES = parse_yaml("""
parameters: {time: {2020-01-01: 30 days}}
readings: {empty: {use: skip, choices: [skip, break]}}
define:
  life: evenings where kind = 'talk'
  full: {for: houses, count: readers where status = 'full'}
rules:
  - {id: COUNT, for: houses where kind = 'big', every: quarter, count: evenings in life, at_least: 1,
     unless: [{id: m, when: parent.merged}, {id: moved, when: {count: evenings dated moved_from, at_least: 1}}]}
  - {id: STATES, for: houses, every: half-year, count: readers where status = 'full', between: [1, 2]}
  - {id: NUMBER, for: houses where full >= 2, require: seats >= 20}
  - {id: EVENT, for: evenings where kind = 'talk', require: "has(tags, 'a') or tags is not recorded"}
  - {id: DONE, for: letters where kind = 'warning', within: $time after sent_on, done: answered_on}
  - {id: WAY, for: houses, every: year, count: readers.letters, at_most: 1}
  - {id: AWAY, for: readers where status = 'full', every: quarter, count: letters, at_least: 1,
     unless: [{id: away, during: leaves}]}
  - id: RUN
    for: readers where status = 'full'
    consecutive: month
    when: {count: presence where status = 'present', exactly: 0}
    unless:
      - {id: nothing, when: {count: house.evenings in life, exactly: 0}, effect: $empty}
      - {id: excused, when: {count: presence where status = 'excused', at_least: 1}, effect: break}
      - {id: away, during: leaves, effect: break}
    levels:
      - {between: [2, 3], level: warn}
      - {at_least: 4, level: out}
  - {id: AFTER, for: breaches of RUN where level = 'warn', within: $time after reached_on,
     count: reader.letters where kind = 'warning', at_least: 1}
""")
SIZES = {"houses": (2, 3), "readers": (2, 4), "evenings": (4, 12), "leaves": (0, 2), "letters": (1, 5)}
# What decides where a row belongs is not hidden: a row that cannot be placed may belong to nobody, as the pages say.
PLACING = {"id", "house_id", "reader_id", "evening_id", "second_id", "parent_id"}
SPARSE = Rates(
    blank=0.05, unreadable=0.01, dropped_column=0.01, missing_table=0.01, dangling=0, duplicate=0, blank_required=0,
    covers=0.1, silence=0.1, folders=0.2,
)  # fmt: skip


def cells_to_hide(case: Case) -> list[tuple[str, int, str]]:
    """Cells whose blank is unknown, and that no rule asks `is recorded` of."""
    found = []
    for name, rows in case.raw.items():
        for i, row in enumerate(rows):
            for column, text in row.cells.items():
                hidden = {**case.raw, name: [RawRow({**r.cells, column: ""}, r.file, r.line) for r in rows]}
                if text and column not in PLACING and is_unknown_blank(MODEL, hidden, (name, i, column)):
                    found.append((name, i, column))
    return found


def hide(raw: Raw, cells: list[tuple[str, int, str]]) -> Raw:
    raw = copy.deepcopy(raw)
    for name, row, column in cells:
        raw[name][row].cells[column] = ""
    return raw


def flips(case: Case, cells: list[tuple[str, int, str]]) -> list[str]:
    def told(raw: Raw) -> dict[Any, str]:
        return {(c.rule, c.subject, c.each, c.period): c.verdict for c in audit(MODEL, RULES, raw, **case.arguments())}

    before, after = told(case.raw), told(hide(case.raw, cells))
    return [
        f"{key}: {verdict} became {after[key]}, {cells} hidden"
        for key, verdict in before.items()
        if {verdict, after.get(key)} == {"pass", "fail"}
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32 - 1), st.integers(1, 3))
def test_hiding_a_cell_never_turns_a_verdict_around(seed: int, many: int) -> None:
    case = build(random.Random(seed), MODEL, sizes=SIZES, words=["a"], rates=SPARSE)
    cells = cells_to_hide(case)
    chosen = random.Random(seed).sample(cells, min(many, len(cells)))
    assert flips(case, chosen) == []


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32 - 1))
def test_no_filling_contradicts_a_verdict(seed: int) -> None:
    case = build(random.Random(seed), MODEL, sizes=SIZES, words=["a"], rates=SPARSE)
    cells = cells_to_hide(case)
    chosen = random.Random(seed).sample(cells, min(3, len(cells)))
    assert contradictions(MODEL, RULES, hide(case.raw, chosen), chosen, **case.arguments()) == []


def test_eight_blanks() -> None:
    raw = tables(
        houses="id kind merged seats\nA . . 30", readers="id house_id status left_on\nR A . .\nS A full .",
        evenings=f"{EVENINGS}\n1 A . 2024-02-10 .\n2 A . 2024-05-10 .",
        presence="evening_id reader_id status\n1 R .\n2 R absent\n1 S present\n2 S .",
        letters="id reader_id kind sent_on answered_on\n1 R . 2024-02-01 .", leaves="id reader_id from_on to_on",
    )  # fmt: skip
    cells = [("houses", 0, "kind"), ("readers", 0, "status"), ("evenings", 0, "kind"), ("evenings", 1, "kind")]
    cells += [("presence", 0, "status"), ("presence", 3, "status"), ("letters", 0, "kind")]
    assert contradictions(MODEL, RULES, raw, cells, as_of=YEAR[1], period=YEAR) == []


def test_brute_force_finds_a_contradiction() -> None:
    """A rule that asks what is written may flip: brute force must see it."""
    spec = standard("{for: houses, require: seats is recorded}")
    found = contradictions(
        MODEL, spec, tables(houses="id seats\nA ."), [("houses", 0, "seats")], as_of=YEAR[1], period=YEAR
    )
    assert found


def test_cases_can_be_written_and_shrunk(tmp_path: Any) -> None:
    case = build(random.Random(5), MODEL, sizes=SIZES)
    write_folder(case.raw, tmp_path, model=MODEL, **case.arguments())
    assert (tmp_path / "orgaudit.yaml").exists()
    assert list(tmp_path.rglob("*.csv"))
    small = shrink(case, lambda c: any(row.cells.get("house_id") for row in c.raw.get("readers", [])))
    assert sum(len(rows) for rows in small.raw.values()) == 1


STANDARDS = Path(__file__).resolve().parent.parent / "standards"


@pytest.mark.parametrize("seed", range(4))
def test_the_shipped_standards_run(seed: int) -> None:
    model = load_yaml(STANDARDS / "records.yaml")
    sizes = {"units": (2, 3), "organizations": (2, 4), "members": (3, 5), "meetings": (6, 12), "leaves": (0, 2)}
    for path in sorted(STANDARDS.glob("*/standard.yaml")):
        spec = load_yaml(path)
        case = build(random.Random(seed), model, sizes=sizes, words=words_of(spec))
        found = audit(model, spec, case.raw, **case.arguments())
        assert {c.verdict for c in found} <= {"pass", "fail", "unknown", "pending", "not_applicable"}
