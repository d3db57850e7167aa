"""A standard that is wrong is refused with the place, the reason and the way out, and never with a traceback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support import CHOIRS, MODEL, a_rule, errors_of, lines_of, orgaudit, write, write_standard

from orgaudit.yamlfile import parse_yaml

# A rule's own keys begin in line 5 and column 5 of standard.yaml (see a_rule).


def codes(text: str, folder: Path) -> list[tuple[str, int, int]]:
    found = errors_of(text, folder)
    return [(e.code, e.where.line, e.where.column) if e.where else (e.code, 0, 0) for e in found]


def only_line(text: str, folder: Path, language: str = "en") -> str:
    lines = lines_of(text, folder, language)
    assert len(lines) == 1
    return lines[0]


# ---- names


def test_the_standard_that_the_others_here_are_spoilt_copies_of_is_right(tmp_path: Path) -> None:
    assert lines_of(a_rule("for: singers where voice = 'high'\nrequire: age > 6"), tmp_path) == []


def test_a_misspelt_column_is_shown_exactly_where_it_stands_with_the_nearest_name(tmp_path: Path) -> None:
    text = a_rule("for: singers where age > 6 and voise = 'high'\nrequire: true")
    assert text.splitlines()[4][35:40] == "voise"
    assert only_line(text, tmp_path) == (
        "standard.yaml:5:36: there is no field, reference or number `voise`. Did you mean `voice`?"
    )
    assert only_line(text, tmp_path, "zh") == "standard.yaml:5:36: 没有“voise”这个字段、引用或数。 是否想写“voice”？"


def test_a_wrong_key_or_word_hides_nothing_else_that_is_wrong_in_its_rule(tmp_path: Path) -> None:
    rule = "for: singers where voice = 'hgh'\ncount: choir.rehearsals\nat_leest: 1\nseverity: bad"
    text = a_rule(rule).replace("modality: must", "modality: mus")
    told = [(e.code, e.where.line if e.where else 0) for e in errors_of(text, tmp_path)]
    assert told == [("unknown-word", 4), ("unknown-category", 5), ("unknown-key", 7), ("unknown-word", 8)]


def test_a_value_of_another_kind_hides_nothing_else_either(tmp_path: Path) -> None:
    text = a_rule("for: singers where voice = 'hgh'\ncount: choir.rehearsals\nat_least: 1\nlevels: 3")
    assert [e.code for e in errors_of(text, tmp_path)] == ["unknown-category", "wrong-kind"]


def test_the_column_is_right_inside_quotes_too(tmp_path: Path) -> None:
    text = a_rule("for: 'singers where voise = ''high'''\nrequire: true")
    assert codes(text, tmp_path) == [("unknown-name", 5, 25)]


def test_a_name_that_resembles_nothing_is_answered_with_what_there_is(tmp_path: Path) -> None:
    text = a_rule("for: choirs\nrequire: xyz = 'a'")
    assert only_line(text, tmp_path).endswith("number `xyz`. Known: dissolved_on, founded_on, id, name.")


def test_a_misspelt_table(tmp_path: Path) -> None:
    text = a_rule("for: singrs\nrequire: true")
    assert only_line(text, tmp_path) == "standard.yaml:5:10: there is no table `singrs`. Did you mean `singers`?"


def test_a_misspelt_reference(tmp_path: Path) -> None:
    text = a_rule("for: choirs\ncount: rehersals\nat_least: 1")
    assert only_line(text, tmp_path) == (
        "standard.yaml:6:12: `choirs` has no reference `rehersals`. Did you mean `rehearsals`?"
    )


def test_a_parameter_that_does_not_exist(tmp_path: Path) -> None:
    parameters = "parameters:\n  least: {2024-01-01: 2}\n"
    in_bound = a_rule("for: choirs\ncount: rehearsals\nat_least: $lest", before=parameters)
    in_expression = a_rule("for: singers\nrequire: age > $lest", before=parameters)
    assert only_line(in_bound, tmp_path) == "standard.yaml:9:15: there is no parameter `$lest`. Did you mean `least`?"
    assert codes(in_expression, tmp_path) == [("unknown-parameter", 8, 20)]


def test_groups_that_refer_to_one_another_in_a_circle(tmp_path: Path) -> None:
    text = a_rule("for: old\nrequire: true", before="define:\n  old: grey in x\n  grey: old where age > 9\n")
    assert ("circle", 3, 8) in codes(text, tmp_path)


@pytest.mark.parametrize("name", ["two", "one"])
def test_standards_that_extend_one_another(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By relative ways, which grow longer and longer; also one that extends itself."""
    text = "standard: {}\nextends: [{{standard: ../{}}}]\nrules: []\n"
    files = {"one/standard.yaml": text.format("one", name), "two/standard.yaml": text.format("two", "one")}
    write(tmp_path, {"one/records.yaml": MODEL, "two/records.yaml": MODEL} | files)
    monkeypatch.chdir(tmp_path)
    ran = orgaudit("lint", Path("one/standard.yaml"))
    circle = "one → two → one" if name == "two" else "one → one"
    assert ran.code == 2
    assert f"these refer to one another in a circle: {circle}" in ran.out + ran.err
    assert "internal error" not in ran.out + ran.err


def test_the_breaches_of_a_rule_that_is_not_there(tmp_path: Path) -> None:
    assert codes(a_rule("for: breaches of R0\nrequire: true"), tmp_path) == [("unknown-rule", 5, 10)]


# ---- types and values


def test_a_value_outside_the_categories(tmp_path: Path) -> None:
    text = a_rule("for: singers\nrequire: voice = 'hihg'")
    assert only_line(text, tmp_path) == "standard.yaml:6:22: `hihg` is no category of `voice`. Did you mean `high`?"


def test_a_value_outside_the_categories_in_a_list(tmp_path: Path) -> None:
    assert codes(a_rule("for: singers\nrequire: voice in ('low', 'deep')"), tmp_path) == [("unknown-category", 6, 31)]


@pytest.mark.parametrize("right", ["3", "'2024-01-01'"])
def test_a_date_is_compared_with_dates_only(right: str, tmp_path: Path) -> None:
    text = a_rule(f"for: singers\nrequire: joined_on > {right}")
    assert codes(text, tmp_path) == [("types-differ", 6, 26)]


def test_a_date_that_is_none(tmp_path: Path) -> None:
    text = a_rule("for: singers\nrequire: joined_on > date '2024-02-30'")
    assert only_line(text, tmp_path) == "standard.yaml:6:31: `2024-02-30` is no date; write 2024-03-01."


def test_a_figure_where_a_condition_is_expected(tmp_path: Path) -> None:
    assert codes(a_rule("for: singers\nrequire: age"), tmp_path) == [("not-a-condition", 6, 14)]


def test_a_bound_that_takes_a_number_gets_a_list_parameter(tmp_path: Path) -> None:
    text = a_rule("for: choirs\ncount: rehearsals\nat_least: $few", before="parameters:\n  few: {2024-01-01: a}\n")
    assert codes(text, tmp_path) == [("wrong-bound", 9, 15)]


# ---- expressions


@pytest.mark.parametrize(
    ("expression", "code", "column"),
    [
        ("age > 3; age < 9", "expression-one", 21),
        ("age in (select age from singers)", "expression-refused", 14),
        ("read_csv('x') = 1", "unknown-function", 14),
        ("read_text('/etc/passwd') is recorded", "expression-refused", 14),
        ("name like 'A%'", "expression-refused", 14),
        ("name = null", "expression-refused", 14),
        ("age > :limit", "expression-refused", 14),
        ("age > ", "expression-syntax", 18),
        ("(age > 3", "expression-syntax", 21),
    ],
)
def test_what_is_no_expression_of_the_language(expression: str, code: str, column: int, tmp_path: Path) -> None:
    assert codes(a_rule(f"for: singers\nrequire: {expression}"), tmp_path) == [(code, 6, column)]


def test_a_second_statement_is_shown_as_such(tmp_path: Path) -> None:
    line = only_line(a_rule("for: singers\nrequire: age > 3; drop table singers"), tmp_path)
    assert line == "standard.yaml:6:21: `age > 3; drop table singers` is more than one expression."


def test_a_subquery_in_the_condition_of_a_group(tmp_path: Path) -> None:
    text = a_rule("for: singers where age in (select 1 from read_csv('x'))\nrequire: true")
    assert only_line(text, tmp_path) == "standard.yaml:5:24: a subquery is not allowed in an expression."


def test_a_group_that_is_a_function_call(tmp_path: Path) -> None:
    assert codes(a_rule("for: choirs\ncount: read_csv('x')\nat_least: 1"), tmp_path) == [("group-syntax", 6, 12)]


def test_a_message_shows_no_name_from_inside_the_program(tmp_path: Path) -> None:
    assert "<class" not in only_line(a_rule("for: singers\nrequire: age >"), tmp_path)


# ---- YAML


def test_the_same_key_twice(tmp_path: Path) -> None:
    text = a_rule("for: singers\nfor: choirs\nrequire: true")
    assert only_line(text, tmp_path) == "standard.yaml:6:5: the key `for` stands twice."


def test_an_expression_with_a_comma_inside_braces_must_be_quoted(tmp_path: Path) -> None:
    text = a_rule("for: singers\nrequire: true\nunless: [{id: a, when: days(joined_on, left_on) > 3}]")
    assert only_line(text, tmp_path) == (
        "standard.yaml:7:44: `left_on) > 3` looks like a part of a longer expression. "
        "An expression with a comma inside { } or [ ] must be quoted."
    )


def test_a_list_of_values_inside_brackets_must_be_quoted(tmp_path: Path) -> None:
    text = a_rule("for: choirs\ncount: [singers where age in (8, 9)]\nat_least: 1")
    assert [c for c, *_ in codes(text, tmp_path)] == ["yaml-split-expression", "yaml-split-expression"]


def test_a_parameter_written_with_a_colon_inside_braces(tmp_path: Path) -> None:
    text = a_rule("for: choirs\nrequire: true\nunless: [{id: a, when: :limit}]")
    line = only_line(text, tmp_path)
    assert line.startswith("standard.yaml:7:28: this is no YAML")
    assert line.endswith("A parameter is written $name, never :name.")


def test_a_mapping_that_is_never_closed(tmp_path: Path) -> None:
    assert codes(a_rule("for: choirs\nrequire: [true"), tmp_path)[0][0] == "yaml-syntax"


def test_bytes_that_are_no_utf8(tmp_path: Path) -> None:
    path = write_standard(tmp_path, "")
    path.write_bytes("standard: 合唱".encode("gb18030"))
    ran = orgaudit("check", write(tmp_path / "records", {"choirs.csv": CHOIRS}), "--standard", path)
    assert ran.code == 2
    assert ran.err == f"{path}: the file is not UTF-8 (byte 10).\n"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("No", "No"),
        ("yes", "yes"),
        ("on", "on"),
        ("off", "off"),
        ("y", "y"),
        ("010", "010"),
        ("0o10", "0o10"),
        ("0x1F", "0x1F"),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("1e3", "1e3"),
        ("2024-03-01", "2024-03-01"),
        ("2024-03-01 12:30:00", "2024-03-01 12:30:00"),
        ("'12'", "12"),
        ('"true"', "true"),
        ("12", 12),
        ("-3", -3),
        ("2.5", 2.5),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
    ],
)
def test_yaml_says_what_stands_there(written: str, value: Any) -> None:
    found = parse_yaml(f"a: {written}\nb: [{written}]\n", "x").data
    assert found == {"a": value, "b": [value]}
    assert type(found["a"]) is type(value)


def test_keys_that_yaml_would_change_stay_text() -> None:
    assert parse_yaml("no: 1\n010: 2\n2024-01-01: 3\ntrue: 4\n", "x").data == {
        "no": 1,
        "010": 2,
        "2024-01-01": 3,
        "true": 4,
    }


def test_a_foreign_tag_is_refused(tmp_path: Path) -> None:
    assert codes("standard: !secret x\nrules: []\n", tmp_path) == [("yaml-tag", 1, 11)]


@pytest.mark.parametrize("written", ["!!str 12", "!!python/object:os.system x"])
def test_the_tags_of_yaml_itself_are_refused_too(written: str, tmp_path: Path) -> None:
    assert codes(f"standard: {written}\nrules: []\n", tmp_path) == [("yaml-tag", 1, 11)]


def test_an_anchor_is_refused(tmp_path: Path) -> None:
    text = a_rule("for: &who choirs\ncount: *who\nat_least: 1")
    assert [c for c, *_ in codes(text, tmp_path)][:1] == ["yaml-tag"]


# ---- shape


def test_an_unknown_key(tmp_path: Path) -> None:
    text = a_rule("for: singers\nseverty: minor\nrequire: true")
    assert only_line(text, tmp_path) == "standard.yaml:6:5: unknown key `severty`. Did you mean `severity`?"


def test_a_key_that_is_missing(tmp_path: Path) -> None:
    assert only_line("rules: []\n", tmp_path) == "standard.yaml:1:1: the key `standard` is missing."


def test_a_word_that_a_key_does_not_take(tmp_path: Path) -> None:
    text = a_rule("for: singers\nseverity: grave\nrequire: true")
    line = only_line(text, tmp_path)
    assert line.startswith("standard.yaml:6:15: `grave` is none of the words that `severity` takes. Known: ")


def test_the_words_that_are_allowed_are_said_once(tmp_path: Path) -> None:
    line = only_line(a_rule("for: singers\nseverity: grave\nrequire: true"), tmp_path)
    assert line.count("critical") == 1


def test_a_rule_has_one_measure(tmp_path: Path) -> None:
    text = a_rule("for: singers\nrequire: true\ndone: left_on")
    line = only_line(text, tmp_path)
    assert line.startswith("standard.yaml:3:5: ")
    assert line.endswith("here: require, done.")


def test_a_rule_without_a_measure(tmp_path: Path) -> None:
    assert only_line(a_rule("for: singers"), tmp_path).endswith("here: none.")


@pytest.mark.parametrize("measure", ["require: true", "done: left_on\nwithin: 3 days after joined_on"])
def test_what_holds_or_not_takes_no_bound(measure: str, tmp_path: Path) -> None:
    line = only_line(a_rule(f"for: singers\n{measure}\nat_least: 1"), tmp_path)
    assert line.startswith("standard.yaml:3:5: ")
    assert line.endswith(f"`{measure.split(':')[0]}` takes no bound.")


def test_two_bounds(tmp_path: Path) -> None:
    line = only_line(a_rule("for: choirs\ncount: rehearsals\nat_least: 1\nat_most: 3"), tmp_path)
    assert line.endswith("one bound only; here are at_least, at_most.")


def test_a_rule_of_the_wrong_shape_is_named_and_not_printed_whole(tmp_path: Path) -> None:
    line = only_line(a_rule("for: singers\nrequire: true\ndone: left_on"), tmp_path, "zh")
    assert "{'id'" not in line
    assert "Value error" not in line


def test_one_wrong_key_in_a_definition_is_one_error(tmp_path: Path) -> None:
    before = "define:\n  many: {for: choirs, count: singers, sort: name}\n"
    assert [c for c, *_ in codes(a_rule("for: choirs\nrequire: true", before=before), tmp_path)] == ["unknown-key"]


def test_rules_that_are_no_list(tmp_path: Path) -> None:
    assert codes("standard: x\nrules: 3\n", tmp_path) == [("wrong-kind", 2, 8)]


def test_a_file_that_is_no_standard(tmp_path: Path) -> None:
    assert codes("- a\n- b\n", tmp_path) == [("not-a-standard", 1, 1)]
    assert codes("", tmp_path) == [("not-a-standard", 1, 1)]


def test_two_rules_of_one_name(tmp_path: Path) -> None:
    text = a_rule("for: choirs\nrequire: true") + "  - {id: R1, modality: must, for: choirs, require: true}\n"
    assert codes(text, tmp_path) == [("duplicate-rule", 7, 10)]


def test_levels_that_overlap(tmp_path: Path) -> None:
    levels = "levels:\n  - {level: warned, between: [1, 3]}\n  - {level: removed, at_least: 3}"
    line = only_line(a_rule(f"for: choirs\ncount: rehearsals\n{levels}"), tmp_path)
    assert line == "standard.yaml:9:9: the level `removed` begins at 3, where the one before it still holds (up to 3)."


def test_levels_with_a_hole(tmp_path: Path) -> None:
    levels = "levels:\n  - {level: warned, between: [1, 3]}\n  - {level: removed, at_least: 5}"
    line = only_line(a_rule(f"for: choirs\ncount: rehearsals\n{levels}"), tmp_path)
    assert line == "standard.yaml:9:9: 4 lies between the level `removed` and the one before it, on no level."


def test_a_level_that_no_number_reaches(tmp_path: Path) -> None:
    levels = "levels:\n  - {level: warned, between: [3, 1]}"
    assert ("bound-empty", 8, 34) in codes(a_rule(f"for: choirs\ncount: rehearsals\n{levels}"), tmp_path)


def test_periods_for_what_does_not_last(tmp_path: Path) -> None:
    text = a_rule("for: rehearsals\nevery: month\ncount: choir.singers\nat_least: 1")
    assert codes(text, tmp_path) == [("every-of-events", 6, 12)]


def test_a_period_that_does_not_divide_the_year(tmp_path: Path) -> None:
    text = a_rule("for: choirs\nevery: 5 months\ncount: rehearsals\nat_least: 1")
    assert codes(text, tmp_path) == [("unknown-period", 6, 12)]


def test_a_definition_that_clashes_with_a_table(tmp_path: Path) -> None:
    text = a_rule("for: choirs\nrequire: true", before="define:\n  singers: singers where age > 3\n")
    assert codes(text, tmp_path) == [("name-clash", 3, 3)]


READING = "  x: {use: a, choices: [a, b], why: because}\n"


@pytest.mark.parametrize(
    "before",
    [
        f"parameters:\n  x: {{2024-01-01: 2}}\nreadings:\n{READING}",
        f"readings:\n{READING}parameters:\n  x: {{2024-01-01: 2}}\n",
    ],
)
def test_a_parameter_and_a_reading_of_one_name(before: str, tmp_path: Path) -> None:
    text = a_rule("for: choirs\ncount: rehearsals\nat_least: $x", before=before)
    assert only_line(text, tmp_path) == (
        "standard.yaml:5:3: `x` is a parameter and a reading, and `$x` would not say which is meant. "
        "Give one of them another name."
    )
    assert codes(text, tmp_path) == [("parameter-and-reading", 5, 3)]


@pytest.mark.parametrize("kind", ["parameters", "readings"])
def test_a_parameter_with_the_name_of_a_reading_of_a_standard_that_is_extended(kind: str, tmp_path: Path) -> None:
    written = {"parameters": "parameters:\n  x: {2024-01-01: 2}\n", "readings": f"readings:\n{READING}"}
    mine = written.pop(kind)
    (theirs,) = written.values()
    write(tmp_path, {"base/standard.yaml": f"standard: base\n{theirs}rules: []\n"})
    text = a_rule("for: choirs\nrequire: true", before=f"extends: [{{standard: base}}]\n{mine}")
    assert codes(text, tmp_path) == [("parameter-and-reading", 4, 3)]


# ---- what does not go together


@pytest.mark.parametrize(
    ("keys", "code", "line", "column"),
    [
        ("count: singers\nat_least: 1", "path-from-audit", 5, 12),
        ("for: choirs\ncount: audit.singrs\nat_least: 1", "unknown-table", 6, 12),
        ("for: singers\nrequire: previous.age > 3", "no-order", 6, None),
        ("for: singers\ncount: descendants\nat_least: 1", "no-tree", 6, 12),
        ("for: choirs\nrequire: audit.size > 3", "unknown-name", 6, None),
        ("for: singers\ndone: left_on\nwithin: 3 working days after joined_on", "no-calendar", 7, 13),
        ("for: singers\nrequire: 'working_days(joined_on, left_on) > 3'", "no-calendar", 6, None),
        (
            "for: choirs\nconsecutive: singers\nwhen: {count: rehearsals, at_least: 1}\nat_most: 2",
            "not-events",
            6,
            18,
        ),
        (
            "for: choirs\nconsecutive: rehearsals\nwhen: {count: singers, at_least: 1}\nat_most: 2",
            "no-way-to-event",
            7,
            None,
        ),
        (
            "for: choirs\nconsecutive: month\nevery: month\nwhen: {count: rehearsals, at_least: 1}\nat_most: 2",
            "shape-whole-period",
            3,
            None,
        ),
        ("for: choirs\nperiods: month\nat_most: 2", "shape-consecutive", 3, None),
        ("for: choirs\nmatter: practice\nrequire: name is recorded", "shape-matter", 3, None),
        ("for: choirs\ncount: rehearsals\nalive: sometime\nat_least: 1", "shape-with-every", 3, None),
        ("for: choirs\ncount: rehearsals\nends: open\nat_least: 1", "shape-ends", 3, None),
        ("for: choirs\neach: {who: presence of choirs}\ncount: rehearsals\nat_least: 1", "unknown-reference", 6, None),
        (
            "for: choirs\neach: {who: rehearsals.presence}\ncount: rehearsals\nat_least: 1",
            "each-of-several-columns",
            6,
            None,
        ),
        ("for: choirs\neach: {who: $nobody}\ncount: rehearsals\nat_least: 1", "unknown-parameter", 6, None),
        ("for: choirs\ncount: rehearsals\nat_least: subject.founded_on", "wrong-bound", 7, None),
        ("for: choirs\ncount: rehearsals\nat_least: subject.name", "wrong-bound", 7, None),
        ("for: choirs\ncount: rehearsals\nat_least: 3 months", "bound-of-time", 7, None),
        ("for: choirs\ncount: rehearsals\nat_least: founded", "unknown-name", 7, None),
        ("for: choirs\ngap: rehearsals\nat_least: 30 days", "bound-of-gap", 7, None),
        ("for: choirs\ngap: singers\nat_most: 30 days", "not-in-time", 6, None),
        (
            "for: choirs\nconsecutive: month\nwhen: {count: rehearsals, exactly: 0}\nat_most: days(as_of, as_of)",
            "bound-of-runs",
            8,
            None,
        ),
        ("for: choirs\nsum: age\nat_least: 1", "of-syntax", 6, None),
        ("for: choirs\nsum: name of singers\nat_least: 1", "not-a-number", 6, None),
        ("for: choirs\nmax: paid of singers\nat_least: 1", "not-ordered", 6, None),
        ("for: choirs\nvalue: name\nat_least: 1", "not-ordered", 6, None),
        ("for: choirs\nshare: {of: singers}\nat_least: 50%", "missing-key", 6, None),
        ("for: choirs\nratio: {of: {min: age of singers}, to: {count: singers}}\nat_least: 1", "shape-ratio", 6, None),
        ("for: choirs\nattest: {en: Did you}", "no-answers", 6, None),
        ("for: choirs\nall: []", "no-parts", 6, None),
        (
            "for: choirs\nall: [{id: a, require: true}, {id: a, require: true}]",
            "duplicate-part",
            6,
            None,
        ),
        ("for: choirs\nall: [{id: a, count: singers}]", "shape-bound", 6, None),
        (
            "for: choirs\ncount: singers\nat_least: 1\nunless: [{id: a, when: {gap: rehearsals, at_most: 3 days}}]",
            "shape-test",
            8,
            None,
        ),
        (
            "for: choirs\nrequire: true\nunless: [{id: a, when: true, effect: {at_least: 1}}]",
            "effect-without-bound",
            7,
            None,
        ),
        (
            "for: choirs\ncount: rehearsals\nat_least: 1\nunless: [{id: a, when: true, effect: half}]",
            "unknown-word",
            8,
            42,
        ),
        (
            "for: choirs\ncount: rehearsals\nat_least: 1\nunless: [{id: a, during: yearly 02-29 to 03-31}]",
            "season-syntax",
            8,
            None,
        ),
        ("for: breaches of R0, R2\nrequire: true", "unknown-rule", 5, 10),
    ],
)
def test_what_does_not_go_together_is_said_where_it_stands(
    keys: str, code: str, line: int, column: int | None, tmp_path: Path
) -> None:
    found = codes(a_rule(keys), tmp_path)
    assert [(c, at) for c, at, _ in found] == [(code, line)]
    assert column in (None, found[0][2])


def test_breaches_of_rules_about_different_tables(tmp_path: Path) -> None:
    text = a_rule("for: choirs\nrequire: name = 'x'") + (
        "  - {id: R2, modality: must, for: singers, require: name = 'y'}\n"
        '  - {id: R3, modality: must, for: "breaches of R1, R2", require: true}\n'
    )
    assert codes(text, tmp_path) == [("breaches-of-several", 8, 35)]


def test_a_defined_number_stands_in_comparisons_only(tmp_path: Path) -> None:
    size = "define:\n  size: {for: choirs, count: singers}\n"
    assert codes(a_rule("for: choirs\nrequire: abs(size) > 3", before=size), tmp_path) == [("number-elsewhere", 8, 18)]
    assert codes(a_rule("for: choirs\nrequire: size + 1 > 3 - size", before=size), tmp_path) == []


def test_a_number_that_is_no_number(tmp_path: Path) -> None:
    text = a_rule("for: choirs\nrequire: true", before="define:\n  size: {for: choirs, gap: rehearsals}\n")
    assert [c for c, *_ in codes(text, tmp_path)] == ["shape-number"]


def test_numbers_in_a_circle(tmp_path: Path) -> None:
    circle = "define:\n  a: {for: choirs, count: singers where choir.b > 1}\n  b: {for: choirs, count: singers where choir.a > 1}\n"
    assert {c for c, *_ in codes(a_rule("for: choirs\nrequire: true", before=circle), tmp_path)} == {"circle"}


def test_a_calendar_that_is_wrong(tmp_path: Path) -> None:
    text = a_rule("for: choirs\nrequire: true", before="calendar: days.yaml\n")
    (tmp_path / "days.yaml").write_text("calendar: d\nyears:\n  2024: {holidays: [2023-01-01, tomorrow]}\n")
    assert [c for c, *_ in codes(text, tmp_path)] == ["calendar-day", "wrong-date"]
    (tmp_path / "days.yaml").write_text("calendar: d\nyears:\n  2022: {}\n  2024: {}\n")
    assert [c for c, *_ in codes(text, tmp_path)] == ["calendar-years"]


def test_nothing_after_breaches_of_a_rule_is_read_over(tmp_path: Path) -> None:
    text = a_rule("for: choirs\nrequire: name = 'x'") + (
        "  - {id: R2, modality: must, for: choirs, require: name = 'y'}\n"
        "  - {id: R3, modality: must, for: breaches of R1 and R2, require: true}\n"
    )
    assert len(errors_of(text, tmp_path)) == 1


# ---- several at once

MANY = (
    a_rule("for: singers\nrequire: age > 1 and voise = 'low'", before="define:\n  old: singers where aeg > 60\n")
    + "  - {id: R2, modality: must, for: singers, require: joined_on > 3}\n"
    + "  - {id: R3, modality: must, for: singrs, require: true}\n"
)


def test_every_error_of_a_file_is_told_in_the_order_of_their_places(tmp_path: Path) -> None:
    assert codes(MANY, tmp_path) == [
        ("unknown-name", 3, 22),
        ("unknown-name", 8, 26),
        ("types-differ", 9, 65),
        ("unknown-table", 10, 35),
    ]


def test_every_error_of_a_rule_is_told(tmp_path: Path) -> None:
    exemptions = "unless:\n  - {id: a, when: ag > 2}\n  - {id: b, during: choir.rehearsals}"
    text = a_rule(f"for: singers\nrequire: voise = 'low'\n{exemptions}")
    assert [c for c, *_ in codes(text, tmp_path)] == ["unknown-name", "unknown-name", "not-a-state"]


def test_every_key_that_is_not_known_is_told(tmp_path: Path) -> None:
    text = a_rule("for: singers\nseverty: minor\nclaus: '3'\nrequire: true")
    assert codes(text, tmp_path) == [("unknown-key", 6, 5), ("unknown-key", 7, 5)]


# ---- through the command line

SPOILT = {
    "column": a_rule("for: singers where voise = 'high'\nrequire: true"),
    "table": a_rule("for: singrs\nrequire: true"),
    "function": a_rule("for: singers\nrequire: read_csv('x') = 1"),
    "yaml": a_rule("for: choirs\nunless: [{id: a, when: days(founded_on, dissolved_on) > 3}]\nrequire: true"),
    "twice": a_rule("for: singers\nfor: choirs\nrequire: true"),
    "nobody": a_rule("count: choirs\nat_least: 1"),
    "two measures": a_rule("for: singers\nrequire: true\ndone: left_on"),
    "many": MANY,
}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", SPOILT)
def test_the_command_says_each_error_with_its_source_line_and_ends_with_2(
    name: str, language: str, tmp_path: Path
) -> None:
    records = write(tmp_path / "records", {"choirs.csv": CHOIRS})
    path = write_standard(tmp_path, SPOILT[name])
    ran = orgaudit("check", records, "--standard", path, "--lang", language)
    assert ran.code == 2
    assert ran.out == ""
    lines = ran.err.splitlines()
    assert [line.replace(f"{tmp_path}/", "") for line in lines[::3]] == lines_of(SPOILT[name], tmp_path, language)
    assert len(lines) == 3 * (4 if name == "many" else 1)
    assert all(line.startswith("  ") and line.endswith("^") for line in lines[2::3])
    assert "Traceback" not in ran.err


def test_the_word_that_is_wrong_is_underlined(tmp_path: Path) -> None:
    records = write(tmp_path / "records", {"choirs.csv": CHOIRS})
    ran = orgaudit("check", records, "--standard", write_standard(tmp_path, SPOILT["column"]), "--lang", "en")
    assert ran.err.splitlines()[1:] == [
        "  5 |     for: singers where voise = 'high'",
        "    |                        ^^^^^",
    ]


def test_a_control_character_is_one_line_too(tmp_path: Path) -> None:
    records = write(tmp_path / "records", {"choirs.csv": CHOIRS})
    ran = orgaudit("check", records, "--standard", write_standard(tmp_path, "standard: \x07\n"))
    assert ran.code == 2
    assert len(ran.err.splitlines()) == 1


def test_a_standard_that_is_not_there(tmp_path: Path) -> None:
    records = write(tmp_path / "records", {"choirs.csv": CHOIRS})
    ran = orgaudit("check", records, "--standard", "street-party-bilding")
    assert ran.code == 2
    assert ran.err == (
        "there is no standard `street-party-bilding`: neither an identifier nor a path. "
        "Did you mean `street-party-building`?\n"
    )


def test_errors_of_every_kind_are_told_at_once(tmp_path: Path) -> None:
    text = a_rule("for: singers\nrequire: voise = 'low'") + (
        "  - {id: R2, modality: must, for: singers, require: true, at_least: 1}\n"
        "  - {id: R3, modality: must, for: audit, share: {of: singers}}\n"
        "  - {id: R4, modality: must, for: breaches of R2, require: true}\n"
        "  - {id: R5, modality: must, for: singers, require: joined_on > 3}\n"
    )
    assert [c for c, *_ in codes(text, tmp_path)] == ["unknown-name", "shape-no-bound", "missing-key", "types-differ"]


def test_a_bare_field_in_a_bound_is_answered_with_the_subjects(tmp_path: Path) -> None:
    text = a_rule("for: singers\nvalue: age\nat_least: fee")
    assert only_line(text, tmp_path).endswith(
        "there is no field, reference or number `fee`. Did you mean `subject.fee`?"
    )


def test_a_number_where_a_text_belongs_is_to_be_quoted(tmp_path: Path) -> None:
    text = a_rule("for: singers\nclause: 4.1\nrequire: age > 6")
    assert codes(text, tmp_path)[0][0] == "not-text"
    assert only_line(text, tmp_path).endswith('`clause` is a text: write it in quotation marks, as `"4.1"`.')
