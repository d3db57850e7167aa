"""Bounds, values and tailored standards that do not fit what they are held against are refused where they are written."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import MODEL, a_rule, check, errors_of, lines_of, singers, write, write_standard

from orgaudit.errors import OrgauditError, OrgauditErrors
from orgaudit.messages import render_error
from orgaudit.standards import load_standard

N = """parameters:
  n: {2024-01-01: 3, 2024-07-01: 4}
  half: {2024-01-01: 50%}
  lots: {2024-01-01: 300%}
  wait: {2024-01-01: 3 days}
"""
COUNT = "for: choirs\ncount: rehearsals\n"
GAP = "for: choirs\ngap: rehearsals\n"
MONTHS = "for: choirs\nconsecutive: month\nwhen: {count: rehearsals, exactly: 0}\n"
DAYS = "for: singers\nvalue: days(joined_on, left_on)\n"
SHARE = "for: choirs\nshare: {of: singers, where: paid}\n"
UNLESS = "unless: [{id: a, when: name is recorded, effect: {%s}}]"
WHEN = "unless: [{id: a, when: {count: singers, %s}}]"


def codes(text: str, folder: Path) -> list[tuple[str, int, int]]:
    found = errors_of(text, folder)
    return [(e.code, e.where.line, e.where.column) if e.where else (e.code, 0, 0) for e in found]


# ---- a bound and what is measured


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        # a length of time, and a number that counts no time
        (COUNT + "at_least: 3 days", "bound-of-time"),
        (COUNT + "at_least: 2 months", "bound-of-time"),
        (COUNT + "at_least: $wait", "bound-parameter-of-time"),
        (COUNT + "at_most: 3\n" + UNLESS % "at_most: 5 days", "bound-of-time"),
        (COUNT + "at_most: 3\n" + WHEN % "at_least: 2 days", "bound-of-time"),
        (COUNT + "levels:\n  - {level: warned, at_least: 3 days}", "bound-of-time"),
        (MONTHS + "at_most: 3 days", "bound-of-time"),
        (MONTHS + "at_most: 3 months", "bound-of-time"),
        (SHARE + "at_least: 3 days", "bound-of-time"),
        ("for: singers\nvalue: age\nat_least: 18 years", "bound-of-time"),
        ("for: choirs\nmax: joined_on of singers\nat_least: 3 days", "bound-of-time"),
        # another unit than the one that is counted
        (DAYS + "at_most: 3 working days", "bound-of-other-unit"),
        (DAYS + "at_most: 3 months", "bound-of-other-unit"),
        ("for: singers\nvalue: whole_months(joined_on, as_of)\nat_least: 10 days", "bound-of-other-unit"),
        ("for: singers\nvalue: whole_years(joined_on, as_of)\nat_least: 18 months", "bound-of-other-unit"),
        (
            "for: singers\nvalue: days(joined_on, as_of) - whole_months(joined_on, as_of)\nat_least: 1 days",
            "bound-of-time",
        ),
        # the longest time, and a number without a unit
        (GAP + "at_most: 3", "bound-without-unit"),
        (GAP + "at_most: '3'", "bound-without-unit"),
        (GAP + "at_most: $n", "bound-without-unit"),
        (GAP + "at_most: 3 days\n" + UNLESS % "at_most: 5", "bound-without-unit"),
        (GAP + "at_most: 50%", "wrong-bound"),
        (GAP + "at_most: subject.founded_on", "wrong-bound"),
        # a part of a whole, and a whole number
        (COUNT + "at_least: 50%", "bound-of-whole"),
        (COUNT + "at_least: $half", "bound-of-whole"),
        (COUNT + "at_most: subject.founded_on > as_of", "wrong-bound"),
        (MONTHS + "at_most: 1/2", "bound-of-whole"),
        # dates
        (COUNT + "at_least: 2024-06-01", "bare-date"),
        ("for: singers\nvalue: joined_on\nat_least: 2024-06-01", "bare-date"),
        ("for: singers\nvalue: joined_on\nat_least: 3", "wrong-bound"),
        ("for: singers\nvalue: joined_on\nat_least: 50%", "wrong-bound"),
        # the range of what is measured
        (COUNT + "at_least: -1", "bound-below-none"),
        (COUNT + "at_most: -1", "bound-below-none"),
        (COUNT + "less_than: 0", "bound-empty"),
        (COUNT + "exactly: 2.5", "bound-empty"),
        (COUNT + "between: [5, 2]", "bound-empty"),
        (COUNT + "between: [2.2, 2.8]", "bound-empty"),
        (SHARE + "at_least: 2", "bound-outside-share"),
        (SHARE + "at_most: 300%", "bound-outside-share"),
        (SHARE + "at_least: $lots", "bound-outside-share"),
        (SHARE + "at_least: -1%", "bound-outside-share"),
        (SHARE + "more_than: 100%", "bound-empty"),
        (SHARE + "less_than: 0%", "bound-empty"),
        ("for: choirs\nratio: {of: {count: singers}, to: {count: rehearsals}}\nat_least: -1%", "bound-below-none"),
        (MONTHS + "at_most: -1", "bound-below-none"),
    ],
)
def test_a_bound_that_does_not_fit(rule: str, code: str, tmp_path: Path) -> None:
    assert [c for c, *_ in codes(a_rule(rule, before=N), tmp_path)] == [code]


@pytest.mark.parametrize(
    "rule",
    [
        COUNT + "at_least: $n",
        COUNT + "at_least: 0",
        COUNT + "at_most: '3'",
        DAYS + "at_most: 3 days",
        DAYS + "at_most: 2 weeks",
        DAYS + "at_most: 3",
        "for: singers\nvalue: days(joined_on, left_on) + 1\nat_most: 3 days",
        "for: singers\nvalue: whole_months(joined_on, as_of)\nat_least: 6 months",
        "for: singers\nvalue: whole_months(joined_on, as_of)\nat_least: 2 years",
        "for: singers\nvalue: whole_years(joined_on, as_of)\nat_least: 2 years",
        "for: choirs\nmin: days(joined_on, left_on) of singers\nat_least: 30 days",
        "for: singers\nvalue: fee\nat_least: 2.5%",
        GAP + "at_most: 0 days",
        GAP + "at_most: $wait",
        GAP + "at_most: days(subject.founded_on, as_of)",
        SHARE + "at_least: 1",
        SHARE + "at_least: $half",
        SHARE + "exactly: 100%",
        "for: choirs\nratio: {of: {count: singers}, to: {count: rehearsals}}\nat_least: 300%",
        "for: choirs\nsum: fee of singers\nat_least: -10",
    ],
)
def test_a_bound_that_fits(rule: str, tmp_path: Path) -> None:
    assert codes(a_rule(rule, before=N), tmp_path) == []


def test_a_length_of_time_is_counted_in_the_unit_of_what_is_measured() -> None:
    rows = ("S1,C1,A,high,20,2022-12-31,,yes,,", "S2,C1,B,high,20,2023-01-01,,yes,,")
    rule = a_rule("for: singers\nvalue: whole_months(joined_on, as_of)\nat_least: 2 years")
    assert check(rule, singers(*rows)).verdicts == {"S1": "pass", "S2": "fail"}
    rule = rule.replace("whole_months", "whole_years")
    assert check(rule, singers(*rows)).verdicts == {"S1": "pass", "S2": "fail"}


def test_the_way_out_is_said_in_both_languages(tmp_path: Path) -> None:
    text = a_rule(GAP + "at_most: 3")
    assert lines_of(text, tmp_path) == [
        "standard.yaml:7:14: `3` has no unit: the longest time is held against a duration, as `30 days`."
    ]
    assert lines_of(text, tmp_path, "zh") == ["standard.yaml:7:14: `3` 没有单位：最长间隔要与时长相比，如 `30 days`。"]


def test_bounds_are_looked_at_beside_a_measure_that_cannot_be_read(tmp_path: Path) -> None:
    text = a_rule("for: choirs\ncount: rehersals\nat_least: $least\nunless: [{id: a, when: nmae = 'x'}]")
    assert [c for c, *_ in codes(text, tmp_path)] == ["unknown-reference", "unknown-parameter", "unknown-name"]


def test_a_rule_that_is_broken_hides_nothing_of_the_others(tmp_path: Path) -> None:
    rules = [
        "{id: R1, modality: must, for: singers, value: days(joined_on, left_on), at_most: 3}",
        "{id: R2, modality: must, for: singers, require: nmae is recorded}",
        "{id: R3, modality: must, for: singers, id: R4, require: true}",
        "{id: R5, modality: must, for: breaches of R1, require: true}",
    ]
    text = "standard: x\nrules:\n" + "".join(f"  - {r}\n" for r in rules)
    assert [(c, line) for c, line, _ in codes(text, tmp_path)] == [
        ("yaml-split-expression", 3),
        ("unknown-name", 4),
        ("yaml-duplicate-key", 5),
    ]
    assert [c for c, *_ in codes("parameters: {a: 1, a: 2}\n" + text, tmp_path)] == [
        "yaml-duplicate-key",
        "yaml-split-expression",
        "yaml-duplicate-key",
    ]


# ---- values that are listed


def test_listed_values_that_are_no_categories(tmp_path: Path) -> None:
    text = a_rule("for: choirs\neach: {v: [high, lo]}\ncount: singers where voice = each.v\nat_least: 1")
    assert lines_of(text, tmp_path) == [
        "standard.yaml:7:39: `lo`, a value of `each.v`, is no category of `voice`. Did you mean `low`?"
    ]


@pytest.mark.parametrize(
    ("rule", "of"),
    [
        ("for: choirs\neach: {v: $voices}\ncount: singers where voice = each.v\nat_least: 1", "each.v"),
        ("for: choirs\ncount: singers where voice in $voices\nat_least: 1", "$voices"),
        ("for: singers\nrequire: voice = $one", "$one"),
        ("for: singers\nrequire: voice <> $one", "$one"),
    ],
)
def test_values_of_parameters_that_are_no_categories(rule: str, of: str, tmp_path: Path) -> None:
    before = "parameters:\n  voices: {2023-01-01: [high], 2024-01-01: [high, hgh]}\n  one: {2023-01-01: hgh}\n"
    found = errors_of(a_rule(rule, before=before), tmp_path)
    assert [(e.code, e.values["of"], e.values["close"]) for e in found] == [("each-category", of, "high")]


def test_a_choice_that_a_reading_does_not_have(tmp_path: Path) -> None:
    before = "readings:\n  month: {use: calendar, choices: [calendar, days], why: usual}\n"
    text = a_rule("for: choirs\nrequire: $month = 'day'", before=before)
    assert [(e.code, e.values["close"]) for e in errors_of(text, tmp_path)] == [("unknown-choice", "days")]
    assert codes(a_rule("for: choirs\nrequire: $month = 'days'", before=before), tmp_path) == []


def test_a_level_that_the_rules_whose_breaches_are_spoken_of_do_not_have(tmp_path: Path) -> None:
    text = a_rule(COUNT + "levels:\n  - {level: ok, at_most: 3}\n  - {level: warned, at_least: 4}") + (
        "  - {id: R2, modality: must, for: \"breaches of R1 where level = 'warnd'\", require: false}\n"
    )
    assert [(e.code, e.values["close"]) for e in errors_of(text, tmp_path)] == [("unknown-category", "warned")]
    assert codes(text.replace("warnd", "warned"), tmp_path) == []


@pytest.mark.parametrize(
    ("subject", "code"),
    [("breaches of R1 where level = 'bad'", "unknown-category"), ("breaches of R1, R1", "value-twice")],
)
def test_breaches_that_are_none_or_twice(subject: str, code: str, tmp_path: Path) -> None:
    text = a_rule(COUNT + "at_least: 1") + f'  - {{id: R2, modality: must, for: "{subject}", require: false}}\n'
    assert [c for c, *_ in codes(text, tmp_path)] == [code]


# ---- days


@pytest.mark.parametrize("where", ["rule", "standard"])
def test_what_ends_before_it_begins(where: str, tmp_path: Path) -> None:
    span = "in_force: {from: 2024-06-01, to: 2024-01-01}\n"
    text = a_rule(
        "for: choirs\nrequire: true\n" + (span if where == "rule" else ""), before=span if where == "standard" else ""
    )
    assert [c for c, *_ in codes(text, tmp_path)] == ["ends-before-it-begins"]


def test_a_text_where_a_date_is_meant_is_told_how_dates_are_written(tmp_path: Path) -> None:
    assert lines_of(a_rule("for: singers\nrequire: joined_on > '2024-06-01'"), tmp_path) == [
        "standard.yaml:6:26: date cannot be compared with string. A date is written `date '2024-06-01'`."
    ]
    assert lines_of(a_rule("for: singers\nrequire: joined_on > 2024-06-01"), tmp_path) == [
        "standard.yaml:6:26: `2024-06-01` would be a subtraction here; a date is written `date '2024-06-01'`."
    ]
    assert codes(a_rule("for: singers\nrequire: name = 'from 2024-06-01 on'"), tmp_path) == []


def test_a_calendar_that_is_not_there_is_told_beside_all_else(tmp_path: Path) -> None:
    text = a_rule("for: singers\ndone: leftt_on\nwithin: 3 working days after joined_on", before="calendar: weekday\n")
    assert lines_of(text, tmp_path) == [
        "standard.yaml:2:11: there is no calendar `weekday`: `weekdays`, or a file beside the standard, is expected. "
        "Did you mean `weekdays`?",
        "standard.yaml:7:11: there is no field, reference or number `leftt_on`. Did you mean `left_on`?",
    ]


# ---- rules about one another


def test_rules_about_breaches_of_one_another(tmp_path: Path) -> None:
    text = (
        a_rule("for: breaches of R2\nrequire: true")
        + "  - {id: R2, modality: must, for: breaches of R1, require: true}\n"
    )
    found = errors_of(text, tmp_path)
    assert [(e.code, e.values["names"]) for e in found] == [("circle", "R1 → R2 → R1"), ("circle", "R2 → R1 → R2")]


# ---- standards that extend others

BASE = """
standard: base
parameters:
  n: {2020-01-01: 2}
rules:
  - {id: SUM, modality: must, for: choirs, count: rehearsals, at_least: $n}
  - {id: GAP, modality: must, for: choirs, gap: rehearsals, at_most: 30 days}
  - {id: REQ, modality: must, for: choirs, require: name is recorded}
  - {id: LEV, modality: must, for: choirs, count: rehearsals, levels: [{level: ok, at_most: 3}, {level: bad, at_least: 4}]}
"""


def tailored(folder: Path, changes: str, *, base: str = BASE) -> list[str]:
    write(folder, {"base/standard.yaml": base})
    write_standard(folder, f"standard: mine\nextends:\n  - standard: base\n    {changes}\nrules: []\n")
    try:
        load_standard(str(folder / "standard.yaml"))
    except OrgauditErrors as e:
        return [render_error(one, "en").removeprefix(f"{folder}/") for one in e.errors]
    return []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ("rules: {SUM: {at_least: 3 days, why: x}}", "4:29: `3 days` is a length of time"),
        ("rules: {GAP: {at_most: 3, why: x}}", "4:28: `3` has no unit"),
        ("rules: {REQ: {at_least: 3, why: x}}", "4:18: `REQ` asks by `require`, which takes no bound"),
        ("rules: {LEV: {at_most: 3, why: x}}", "4:18: `LEV` has `levels`, which one bound cannot replace"),
        ("rules: {SUMM: {off: true, why: x}}", "4:13: the extended standard has no rule `SUMM`. Did you mean `SUM`?"),
        (
            "parameters: {n: {value: many, why: x}}",
            "4:29: `n` has values of type integer in the extended standard, here string",
        ),
        ("parameters: {n: {values: {2020-01-01: [1, 2]}, why: x}}", "4:30: `n` has values of type integer"),
        ("parameters: {m: {value: 3, why: x}}", "4:18: there is no parameter `$m`"),
    ],
)
def test_what_a_tailored_standard_says_wrongly_is_told_where_it_says_so(
    changes: str, said: str, tmp_path: Path
) -> None:
    (found,) = tailored(tmp_path, changes)
    assert found.startswith(f"standard.yaml:{said}")


def test_what_several_standards_say_of_one_rule_adds_up(tmp_path: Path) -> None:
    write(tmp_path, {"base/standard.yaml": BASE})
    middle = """
standard: middle
extends:
  - standard: ../base
    rules: {SUM: {severity: critical, why: grave}, GAP: {off: true, why: a}}
rules: []
"""
    mine = """
standard: mine
extends:
  - standard: middle
    rules: {SUM: {at_least: 5, why: more}, GAP: {off: false, why: b}}
rules: []
"""
    write(tmp_path, {"middle/standard.yaml": middle})
    write_standard(tmp_path, mine)
    rules = {r.id: r for r in load_standard(str(tmp_path / "standard.yaml")).rules}
    assert rules["SUM"].severity == "critical"
    assert rules["SUM"].bound is not None
    assert [v.number for v in rules["SUM"].bound.values] == [5]
    assert rules["SUM"].tailored == ("grave", "more")
    assert "GAP" in rules


def test_a_standard_without_records_takes_those_of_the_one_it_extends(tmp_path: Path) -> None:
    write(tmp_path, {"a/base/standard.yaml": BASE, "a/base/records.yaml": MODEL})
    mine = write(
        tmp_path, {"mine/here/standard.yaml": "standard: mine\nextends: [{standard: ../../a/base}]\nrules: []\n"}
    )
    found = load_standard(str(mine / "mine" / "here" / "standard.yaml"))
    assert "choirs" in found.model.tables


def test_standards_of_two_record_models(tmp_path: Path) -> None:
    files = {f"{n}/base/standard.yaml": BASE.replace("standard: base", f"standard: {n}") for n in "ab"}
    files |= {f"{n}/base/records.yaml": MODEL for n in "ab"}
    both = "standard: mine\nextends: [{standard: ../../a/base}, {standard: ../../b/base}]\nrules: []\n"
    write(tmp_path, files | {"mine/here/standard.yaml": both})
    with pytest.raises(OrgauditError) as e:
        load_standard(str(tmp_path / "mine" / "here" / "standard.yaml"))
    assert e.value.code == "models-of-extended"


# ---- what can never be, and what is not there


@pytest.mark.parametrize(
    ("rule", "before", "code"),
    [
        ("for: choirs\ndistinct: voice of singers\nat_least: 3", "", "bound-empty"),
        ("for: choirs\ndistinct: paid of singers\nmore_than: 2", "", "bound-empty"),
        (GAP + "less_than: 0 days", "", "bound-empty"),
        (COUNT + "at_least: 9999999999999999", "", "number-too-large"),
        ("for: singers\nrequire: age < 9999999999999999", "", "number-too-large"),
        (GAP + "at_most: 2000 years", "", "duration-too-long"),
        ("for: singers\ndone: left_on\nwithin: 2000 years after joined_on", "", "duration-too-long"),
        ("for: singers\ndone: left_on\nwithin: 0 days after joined_on", "", "window-of-no-day"),
        (
            "for: singers\ndone: left_on\nwithin: $w after joined_on",
            "parameters:\n  w: {2023-01-01: 3 days, 2024-01-01: 0 days}\n",
            "window-of-no-day",
        ),
        ("for: rehearsals\nrequire: weekday(held_on) = 8", "", "outside-range"),
        ("for: rehearsals\nrequire: 0 < month(held_on)", "", "outside-range"),
        ("for: rehearsals\nrequire: month(held_on) in (6, 13)", "", "outside-range"),
        ("for: singers\nrequire: age between 9 and 6", "", "between-nothing"),
        ("for: rehearsals\nrequire: held_on between date '2024-06-01' and date '2024-01-01'", "", "between-nothing"),
        ("for: rehearsals\nrequire: held_on > date(2024, 2, 30)", "", "wrong-date"),
        ("for: rehearsals\nrequire: held_on = last_weekday(held_on, 'fryday')", "", "unknown-word"),
        ("for: singers\nrequire: coalesce(voice, 'none') = 'hihg'", "", "unknown-category"),
        ("for: singers\nrequire: case when paid then voice else 'none' end = 'hihg'", "", "unknown-category"),
        ("for: singers\nrequire: lower(voice) = 'High'", "", "unknown-category"),
        ("for: singers\nvalue: age -- 3\nat_least: 3", "", "expression-refused"),
        ("for: singers\nrequire: age > 3 /* or so */", "", "expression-refused"),
        ("for: rehearsals\nvalue: month(held_on)\nat_least: 13", "", "bound-empty"),
        ("for: rehearsals\nvalue: weekday(held_on)\nexactly: 0", "", "bound-below-none"),
        ("for: choirs\ndistinct: month(held_on) of rehearsals\nat_least: 13", "", "bound-empty"),
        ("for: singers\nvalue: length(name)\nat_most: -1", "", "bound-below-none"),
        (SHARE + "at_least: whole_years(subject.founded_on, as_of)", "", "bound-outside-share"),
        (COUNT + "levels: [{level: OK, at_most: 1}, {level: bad, at_least: 2}]", "", "level-ok"),
        ("for: singers\ndone: left_on\nwithin: {from: date '2024-06-01', to: date '2024-01-01'}", "", "between-nothing"),
        ("for: rehearsals\neach: {m: [6, 13]}\nrequire: month(held_on) = each.m", "", "outside-range"),
        ("for: presence\nrequire: status = singer.voice", "", "types-differ"),
        ("for: choirs\neach: {s: singers}\ncount: singers where voice = each.s\nat_least: 1", "", "types-differ"),
        (COUNT + "at_least: 1", "parameters:\n  n: {2024-01-01: [a, 3]}\n", "parameter-types"),
        (
            MONTHS + "at_most: 2\nunless: [{id: a, when: name is recorded, effect: $how}]",
            "readings:\n  how: {use: skip, choices: [skip, brake], why: usual}\n",
            "unknown-word",
        ),
        ("for: choirs\ncount: []\nat_least: 1", "", "no-groups"),
        (COUNT + "levels: []", "", "levels-without-breach"),
        (COUNT + "levels: [{level: ok, at_least: 1}]", "", "levels-without-breach"),
        (COUNT + "at_least: true", "", "wrong-kind"),
        (COUNT + "at_least: ''", "", "expression-syntax"),
        ("for: choirs\nrequire: ''", "", "expression-syntax"),
        ("for:\ncount: audit.singers\nat_least: 1", "", "blank-key"),
        (COUNT + "at_least: 1\nevery:", "", "blank-key"),
        (COUNT + "at_least: 1\nunless:\n  - id: a\n    when: name is recorded\n    clause:", "", "blank-key"),
        (COUNT + "at_least: 1\nunless: [{id: a, when: name is recorded}, {id: a, when: name = 'x'}]", "", "duplicate-exemption"),
        (COUNT + "at_least: 1", "parameters:\n  n: {}\n", "no-values"),
        (COUNT + "at_least: 1", "parameters:\n  a b: {2024-01-01: 3}\n", "no-name"),
        (COUNT + "at_least: 1", "define:\n  old ones: singers where age > 3\n", "no-name"),
        (COUNT + "at_least: 1", "define:\n  as_of: singers where age > 3\n", "name-clash"),
        (COUNT + "at_least: 1", "define:\n  subject: singers where age > 3\n", "name-clash"),
        ("for: choirs\neach: {a b: [high]}\ncount: singers\nat_least: 1", "", "no-name"),
        ("for: choirs\neach: {v: [high, high]}\ncount: singers where voice = each.v\nat_least: 1", "", "value-twice"),
        (COUNT + "at_least: 1", "parameters:\n  n: {2024-01-01: [a, b, a]}\n", "value-twice"),
        ("for: choirs\neach: {v: [1, b]}\ncount: singers where voice = each.v\nat_least: 1", "", "wrong-value"),
        ("for: choirs\ncount: old\nat_least: 1", "define:\n  old: singrs where age > 60\n", "unknown-table"),
        ("for: choirs\ncount: singers where voice = $v\nat_least: 1", "parameters:\n  v: {2024-01-01: [high]}\n", "a-list"),
        ("for: choirs\ncount: singers where voice in $v\nat_least: 1", "parameters:\n  v: {2024-01-01: high}\n", "no-list"),
        ("for: choirs\nevery: monht\ncount: rehearsals\nat_least: 1", "", "unknown-period"),
        (COUNT + "at_least: 1", "readings:\n  m: {use: a, choices: [a, b], why: ' '}\n", "shape-nothing"),
        (COUNT + "at_least: 1\nunless: [{id: '', when: name is recorded}]", "", "shape-nothing"),
        ("for: singers\ndone: left_on\nwithin: {from: joined_on, of: x}", "", "unknown-key"),
    ],
)  # fmt: skip
def test_what_can_never_be_or_is_not_there(rule: str, before: str, code: str, tmp_path: Path) -> None:
    assert [c for c, *_ in codes(a_rule(rule, before=before), tmp_path)] == [code]


@pytest.mark.parametrize(
    "rule",
    [
        "for: choirs\ndistinct: voice of singers\nat_least: 2",
        "for: rehearsals\nrequire: weekday(held_on) in (1, 7)",
        "for: singers\nrequire: coalesce(voice, 'none') = 'none'",
        "for: singers\nrequire: case when paid then voice else name end = 'anything'",
        "for: singers\nrequire: age between 6 and 6",
        COUNT + "at_least: 1\nunless: []\neach: {}",
        GAP + "at_most: 0 days",
    ],
)
def test_what_can_be(rule: str, tmp_path: Path) -> None:
    assert codes(a_rule(rule), tmp_path) == []


@pytest.mark.parametrize(
    ("rule", "before", "told"),
    [
        (COUNT + "at_least: 1", "source: {document: a.pdf, published_on: 2023-02-30}\n", ("wrong-date", 2, 41)),
        (COUNT + "at_least: 1", "source: {document: ''}\n", ("shape-nothing", 2, 20)),
        (COUNT + "at_least: 1", "title: {en: ' '}\n", ("shape-nothing", 2, 13)),
        (COUNT + "at_least: 1", "extends: [{standard: ''}]\n", ("shape-nothing", 2, 22)),
        (COUNT + "at_least: 1\nclause: ''", "", ("shape-nothing", 8, 13)),
        (COUNT + "at_least: 1\nmatter: ''", "", ("shape-nothing", 8, 13)),
        (COUNT + "at_least: 1\nnorms: ['']", "", ("shape-nothing", 8, 13)),
        (COUNT + "at_least: 1\nremedy: {zh: ''}", "", ("shape-nothing", 8, 18)),
    ],
)
def test_a_day_that_there_is_not_and_a_text_that_says_nothing(
    rule: str, before: str, told: tuple[str, int, int], tmp_path: Path
) -> None:
    assert told in codes(a_rule(rule, before=before), tmp_path)


def test_identifiers_say_something(tmp_path: Path) -> None:
    assert codes("standard: ''\nrules: []\n", tmp_path) == [("shape-nothing", 1, 11)]
    text = "standard: x\nrules:\n  - {id: '', modality: must, for: choirs, require: name is recorded}\n"
    assert codes(text, tmp_path) == [("shape-nothing", 3, 10)]


def test_a_list_that_is_empty_at_every_time_is_refused(tmp_path: Path) -> None:
    rule = "for: choirs\neach: {v: $few}\ncount: singers where voice = each.v\nat_least: 1"
    at_all_times = a_rule(rule, before="parameters:\n  few: {2024-01-01: []}\n")
    assert ("no-values", 8, 15) in codes(at_all_times, tmp_path)
    at_first = a_rule(rule, before="parameters:\n  few: {2023-01-01: [], 2024-01-01: [high]}\n")
    assert codes(at_first, tmp_path) == []


def test_identifiers_are_one_word(tmp_path: Path) -> None:
    for wrong in ("A B", "A,B"):
        text = f"standard: x\nrules:\n  - {{id: '{wrong}', modality: must, for: choirs, require: name is recorded}}\n"
        assert codes(text, tmp_path) == [("no-identifier", 3, 10)]


@pytest.mark.parametrize("text", ['"high"', "‘high’", "“high”"])
def test_a_text_in_other_quotation_marks(text: str, tmp_path: Path) -> None:
    (line,) = lines_of(a_rule(f"for: singers\nrequire: voice = {text}"), tmp_path)
    assert line.endswith("A text is written in single quotes, as 'high'.")


def test_a_standard_that_extends_itself(tmp_path: Path) -> None:
    assert [
        c for c, *_ in codes(a_rule("for: choirs\nrequire: true", before="extends: [{standard: .}]\n"), tmp_path)
    ] == ["circle"]


def test_a_rule_about_the_whole_audit_has_no_for(tmp_path: Path) -> None:
    (line,) = lines_of(a_rule("for: audit\ncount: audit.singers\nat_least: 1"), tmp_path)
    assert line.endswith("A rule about the whole audit has no `for`.")


# ---- record models


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("minimum: 6, maximum: 99", "minimum: 99, maximum: 6", "wrong-value"),
        ("minimum: 6, maximum: 99", "minimum: six", "wrong-value"),
        ("{name: fee, type: number,", "{name: fee, type: number, constraints: {pattern: '['},", "wrong-value"),
        ("en: Name}, role: name}", "en: Name}, role: name, constraints: {minimum: 3}}", "wrong-value"),
        ("blank: {value: 0}", "blank: {value: nothing}", "wrong-value"),
        ("{value: absent}", "{value: present}", "wrong-value"),
        ("aliases: [女高音, S]", "aliases: [低音]", "wrong-value"),
        ("{name: fee, type", "{name: FEE, type: number}\n      - {name: fee, type", "name-clash"),
        ("{name: fee, type", "{name: the fee, type", "no-name"),
        ("\n  presence:", "\n  Choirs:", "name-clash"),
        ("\n  presence:", "\n  subject:", "name-clash"),
    ],
)  # fmt: skip
def test_a_record_model_that_declares_what_cannot_be(old: str, new: str, code: str, tmp_path: Path) -> None:
    assert old in MODEL
    write_standard(tmp_path, a_rule("for: choirs\nrequire: name is recorded"), MODEL.replace(old, new, 1))
    with pytest.raises(OrgauditErrors) as told:
        load_standard(str(tmp_path / "standard.yaml"))
    assert {e.code for e in told.value.errors} == {code}
    assert all(e.where is not None and e.where.line > 1 for e in told.value.errors)


def test_a_calendar_without_years(tmp_path: Path) -> None:
    (tmp_path / "days.yaml").write_text("calendar: d\nyears: {}\n")
    text = a_rule("for: choirs\nrequire: true", before="calendar: days.yaml\n")
    assert [c for c, *_ in codes(text, tmp_path)] == ["calendar-years"]


@pytest.mark.parametrize(
    ("years", "said"),
    [
        ("  2024: {holidays: [2024-03-11, 2024-05-01..2024-05-03], working: [2024-03-09, 2024-05-02]}", ["calendar-both 3:80"]),
        ("  2024: {}\n  24: {}", ["calendar-year 4:3"]),
        ("  0000: {}", ["calendar-year 3:3"]),
        ("  2024: {}\n  20225: {}", ["calendar-year 4:3"]),
        ("  9999: {}\n  2024年: {}", ["calendar-year 3:3", "calendar-year 4:3"]),
        ("  2024: {}\n  2026: {}\n  2027: {}", ["calendar-years 4:3"]),
        ("  2025: {}\n  2024: {holidays: [2024-02-10..2024-02-17], working: [2024-02-04]}", []),
    ],
)  # fmt: skip
def test_days_and_years_that_a_calendar_cannot_have(years: str, said: list[str], tmp_path: Path) -> None:
    (tmp_path / "days.yaml").write_text(f"calendar: d\nyears:\n{years}\n")
    text = a_rule("for: choirs\nrequire: true", before="calendar: days.yaml\n")
    assert [f"{c} {line}:{column}" for c, line, column in codes(text, tmp_path)] == said


# ---- ladders, names that differ only in case, and what is nested too deeply


@pytest.mark.parametrize(
    ("measure", "levels", "code"),
    [
        ("count: singers", "{exactly: 1, level: a}, {exactly: 2, level: b}", "level-top"),
        ("count: singers", "{at_most: 1, level: a}", "level-top"),
        ("count: singers", "{at_most: $n, level: a}", "level-top"),
        ("count: singers", "{at_most: 2, level: a}, {between: [3, 4], level: ok}", "level-top"),
        ("share: {of: singers, where: paid}", "{less_than: 20%, level: ok}, {between: [20%, 50%], level: b}", "level-top"),
        ("distinct: voice of singers", "{exactly: 1, level: a}", "level-top"),
        ("consecutive: month\nwhen: {count: rehearsals, exactly: 0}", "{exactly: 2, level: a}", "level-top"),
        ("count: singers", "{exactly: 1, level: a}, {at_least: 2, level: a}", "duplicate-level"),
        ("count: singers", "{at_most: 1, level: a}, {at_least: 2, level: ok}", None),
        ("count: singers", "{at_most: 1, level: ok}, {exactly: 2, level: b}, {at_least: 3, level: ok}", None),
        ("share: {of: singers, where: paid}", "{at_most: 20%, level: b}, {between: [21%, 100%], level: c}", "level-hole"),
        ("share: {of: singers, where: paid}", "{less_than: 20%, level: b}, {between: [20%, 100%], level: c}", None),
        ("distinct: voice of singers", "{exactly: 1, level: a}, {exactly: 2, level: b}", None),
    ],
)  # fmt: skip
def test_a_ladder_goes_up_to_the_worst(measure: str, levels: str, code: str | None, tmp_path: Path) -> None:
    """Whatever lay above the last level passed: three found where one is bad and two are worse."""
    found = codes(a_rule(f"for: choirs\n{measure}\nlevels: [{levels}]", before=N), tmp_path)
    assert [c for c, *_ in found] == ([code] if code else [])


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("for: choirs\neach: {K: [high], k: [low]}\ncount: singers where voice = each.k\nat_least: 1", "only-case"),
        ("for: choirs\nall: [{id: a, require: true}, {id: A, require: true}]", "only-case"),
        ("for: choirs\nall: [{id: a/b, require: true}]", "part-slash"),
        ("for: singers\nrequire: " + " and ".join(["age > 3"] * 700), "too-deep"),
        ("for: singers\nrequire: " + " and ".join(["age > 3"] * 120), "too-deep"),
        ("for: singers\nrequire: " + "(" * 400 + "age > 3" + ")" * 400, "too-deep"),
        ("for: choirs\nvalue: a\nat_least: 1", "circle"),
    ],
)
def test_names_and_expressions_that_no_engine_takes(rule: str, code: str, tmp_path: Path) -> None:
    """Each ended in an error of the engine, or of the interpreter."""
    before = "define:\n  a: {for: choirs, value: b + 1}\n  b: {for: choirs, value: a + 1}\n" if code == "circle" else ""
    assert {c for c, *_ in codes(a_rule(rule, before=before), tmp_path)} == {code}


def test_rules_that_differ_only_in_case(tmp_path: Path) -> None:
    text = a_rule("for: choirs\nrequire: true") + "  - {id: r1, modality: must, for: choirs, require: true}\n"
    assert [c for c, *_ in codes(text, tmp_path)] == ["only-case"]


# ---- what binds nobody, or can never be kept


DEFINED = "define:\n  cnt: {for: choirs, count: singers}\n  shr: {for: choirs, share: {of: singers, where: paid}}\n"
TWO = "parameters:\n  hi: {2024-01-01: 9, 2025-01-01: 1}\n  lo: {2024-01-01: 1}\n"


@pytest.mark.parametrize(
    ("rule", "before", "code", "line", "column"),
    [
        ("each: {k: voice of singers}\ncount: rehearsals.presence where status = each.k\nat_least: 1", "", "types-differ", 7, 52),
        ("each: {k: voice of singers}\ncount: singers where each.k = 'hgh'\nat_least: 1", "", "unknown-category", 7, 35),
        ("count: singers where voice between 'a' and 'low'\nat_least: 1", "", "unknown-category", 6, 40),
        ("count: singers where voice in ()\nat_least: 1", "", "in-nothing", 6, 26),
        ("count: singers\nbetween: [$hi, $lo]", TWO, "bound-empty", 10, 14),
        ("count: singers\nbetween: [$lo, $hi]", TWO, None, 0, 0),
        ("value: cnt\nat_least: -1", DEFINED, "bound-below-none", 10, 15),
        ("value: cnt\nless_than: 0", DEFINED, "bound-empty", 10, 16),
        ("value: shr\nat_least: 150%", DEFINED, "bound-outside-share", 10, 15),
        ("value: shr\nat_least: 50", DEFINED, "bound-outside-share", 10, 15),
        ("value: shr\nat_least: 50%", DEFINED, None, 0, 0),
        ("each: {n: [-1, 2]}\ncount: singers\nat_least: each.n", "", "bound-below-none", 8, 15),
        ("every: month\nstep: quarter\ncount: rehearsals\nat_least: 1", "", "step-longer", 7, 11),
        ("every: quarter\nstep: month\ncount: rehearsals\nat_least: 1", "", None, 0, 0),
        ("every: month\nstep: week\ncount: rehearsals\nat_least: 1", "", None, 0, 0),
        ("reading: {r: a}\nrequire: true", "readings:\n  r: {use: a, choices: [a, a], why: x}\n", "value-twice", 3, 24),
        ("consecutive: rehearsals dated held_on\nwhen: {count: presence, exactly: 0}\nat_most: 1", "", "runs-dated", 6, 29),
        ("count: singers\nlevels: [{at_least: 3, level: a}, {at_most: 5, level: b}]", "", "level-order", 7, 39),
    ],
)  # fmt: skip
def test_what_binds_nobody_or_is_never_kept(
    rule: str, before: str, code: str | None, line: int, column: int, tmp_path: Path
) -> None:
    found = codes(a_rule(f"for: choirs\n{rule}", before=before), tmp_path)
    assert found == ([(code, line, column)] if code else [])


# ---- the word that is wrong


@pytest.mark.parametrize(
    ("rule", "line", "column"),
    [
        ("for: singers\nrequire: >-\n  age > 3 and\n  voice = 'carer'", 8, 15),
        ("for: singers\nrequire: |\n  age > 3 and\n  voice = 'carer'", 8, 15),
        ("for: singers\nrequire: >\n  age > 3\n  and voice = 'high'\n\n  and agee > 3", 10, 11),
        ("for: singers\nrequire: age > 3 and\n  voice = 'carer'", 7, 15),
        ("for: singers\nrequire: \"age > 3 and\n  voice = 'carer'\"", 7, 15),
        ("for: singers\nrequire: 'name = ''a'' and voice = ''carer'''", 6, 41),
        ("for: singers\nwithin: 30 days after joind_on\nrequire: true", 6, 27),
        ("for: choirs\ncount: rehearsals dated held_onn\nat_least: 1", 6, 29),
        ("for: choirs\ncount: singers in bigg\nat_least: 1", 6, 23),
        ("for: choirs\nreading: {summr: skip}\nrequire: true", 6, 15),
    ],
)
def test_the_word_that_is_wrong_is_underlined(rule: str, line: int, column: int, tmp_path: Path) -> None:
    assert [(at, c) for _, at, c in codes(a_rule(rule), tmp_path)] == [(line, column)]


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("days(joined_on, left_on) > 3 days", "two words side by side"),
        ("age > 1_000", "two words side by side"),
        ("voice = ('high', 'low')", "a list of values in brackets"),
        ("name = 'a' 'b'", "two texts side by side"),
        ("joined_on > timestamp '2024-01-01'", "a change of type"),
    ],
)
def test_what_is_no_expression_is_told_in_plain_words(condition: str, said: str, tmp_path: Path) -> None:
    (told,) = lines_of(a_rule(f"for: singers\nrequire: {condition}"), tmp_path)
    assert f": {said} is not allowed in an expression." in told


# ---- what is said of the rules of another standard


@pytest.mark.parametrize(
    ("own", "rule", "code"),
    [
        ("own", "{why: x}", "nothing-new"),
        ("own", "{off: true, at_least: 3, why: x}", "off-and-more"),
        ("base", "{at_least: 3, why: x}", "same-standard"),
        ("own", "{off: false, why: x}", None),
    ],
)
def test_what_is_said_of_the_rules_of_another_standard(own: str, rule: str, code: str | None, tmp_path: Path) -> None:
    base = a_rule(COUNT + "at_least: 1").replace("choir-rules", "base")
    write(tmp_path, {"base/records.yaml": MODEL, "base/standard.yaml": base})
    text = f"standard: {own}\nextends:\n  - standard: ../base\n    rules: {{R1: {rule}}}\nrules: []\n"
    write(tmp_path, {"own/standard.yaml": text})
    try:
        load_standard(str(tmp_path / "own/standard.yaml"))
    except OrgauditErrors as several:
        assert [e.code for e in several.errors] == [code]
    else:
        assert code is None


def test_what_is_wrong_in_a_record_model_does_not_hide_the_shape_of_the_standard(tmp_path: Path) -> None:
    path = write_standard(
        tmp_path, a_rule("for: choirs\nreqire: true"), MODEL.replace("singular: choir\n", "singlar: choir\n", 1)
    )
    with pytest.raises(OrgauditErrors) as raised:
        load_standard(str(path))
    assert {e.values.get("name") for e in raised.value.errors} >= {"singlar", "reqire"}
