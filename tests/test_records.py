"""What is wrong with records becomes a problem with its place, and everything else is read; what is missing is unknown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from support import (
    CHOIR,
    CHOIRS,
    PRESENCE,
    REHEARSALS,
    Files,
    a_rule,
    ask,
    check,
    orgaudit,
    read,
    singers,
    write,
    write_standard,
)

TRUE, FALSE, UNKNOWN = "pass", "fail", "unknown"


def one_column(heading: str, cells: Sequence[str]) -> dict[str, str]:
    """A singer for each cell, of whom nothing else is told."""
    rows = "".join(f'S{line},C1,"{cell}"\n' for line, cell in enumerate(cells, 2))
    return {"choirs.csv": CHOIRS, "singers.csv": f"id,choir_id,{heading}\n{rows}"}


def truths(condition: str, heading: str, cells: Sequence[str]) -> dict[str, str]:
    """For each cell under a heading whether a condition on it holds."""
    return dict(zip(cells, ask(condition, one_column(heading, cells)).values(), strict=True))


# ---- columns


def test_headings_are_names_titles_or_aliases_in_either_language_with_hints_in_brackets() -> None:
    files = {"choirs.csv": "编号,Name\nC1,Larks\n", "singers.csv": "歌手编号,CHOIR ID,年龄（周岁）\nS1,C1,30\n"}
    # `CHOIR ID` is neither the name choir_id nor a title
    assert read(files).said() == [
        ("extra-label", "singers.csv", 1, "CHOIR ID", None),
        ("missing-required-label", "singers.csv", 1, "choir_id", None),
    ]
    assert ask("age = 30", files) == {"S1": TRUE}


def test_a_column_that_is_missing_is_a_notice_and_unknown_whatever_its_blank_means() -> None:
    files = {"choirs.csv": CHOIRS, "singers.csv": "id,choir_id,name\nS1,C1,Ann\n"}
    found = read(files)
    assert found.said() == []
    assert ("missing-label", "singers.csv", 1, "fee", None) in found.said("missing-label")
    assert ask("fee = 0", files) == {"S1": UNKNOWN}
    assert ask("fee is recorded", files) == {"S1": UNKNOWN}


def test_a_required_column_that_is_missing_is_a_problem_and_unknown() -> None:
    files = {"choirs.csv": CHOIRS, "singers.csv": "id,name\nS1,Ann\n"}
    assert read(files).said() == [("missing-required-label", "singers.csv", 1, "choir_id", None)]
    assert ask("choir_id = 'C1'", files) == {"S1": UNKNOWN}


def test_counts_through_a_reference_whose_column_is_missing_are_open_upwards() -> None:
    files = {"choirs.csv": CHOIRS, "singers.csv": "id,name\nS1,Ann\n"}
    found = check(a_rule("for: choirs\ncount: singers\nat_least: 1"), files)
    assert found.verdicts == {"C1": UNKNOWN, "C2": UNKNOWN}
    assert found.checks[0].possible is None


def test_an_unknown_column_is_named_and_not_read() -> None:
    files = {"choirs.csv": "id,name,motto\nC1,Larks,sing\n"}
    assert read(files).said() == [("extra-label", "choirs.csv", 1, "motto", None)]


def test_of_two_columns_for_one_field_the_first_is_read() -> None:
    files = {"choirs.csv": "id,name,名称\nC1,Larks,Owls\n"}
    assert read(files).said() == [("duplicate-label", "choirs.csv", 1, "名称", None)]
    assert ask("name = 'Larks'", files, of="choirs") == {"C1": TRUE}


def test_a_heading_that_is_blank_over_an_empty_column_is_nothing() -> None:
    assert read({"choirs.csv": "id,name,\nC1,Larks,\n"}).said() == []


# ---- rows


def test_a_short_row_is_kept_and_what_it_lacks_is_blank() -> None:
    files = {"choirs.csv": "id,founded_on,dissolved_on,name\nC1,,,Larks\nC2\n"}
    assert read(files).said() == [("missing-cell", "choirs.csv", 3, None, None)]
    assert ask("name is recorded", files, of="choirs") == {"C1": TRUE, "C2": FALSE}


def test_a_long_row_is_kept_and_what_is_over_is_shown() -> None:
    files = {"choirs.csv": f"{CHOIR}C1,Larks,,,and,more\nC2,Owls,,\n"}
    assert read(files).said() == [("extra-cell", "choirs.csv", 2, None, "and, more")]
    assert ask("name = 'Larks'", files, of="choirs") == {"C1": TRUE, "C2": FALSE}


def test_empty_cells_beyond_the_headings_are_nothing() -> None:
    assert read({"choirs.csv": "id,name\nC1,Larks,,\nC2,Owls,\n"}).said() == []


def test_blank_lines_are_nothing_and_count_as_lines() -> None:
    files = singers("S1,C1,Ann,high,30,2020-01-01,,yes,,", "", ",,,,,,,,,", "  ", "S2,C1,Bo,deep,30,2020-01-01,,yes,,")
    found = read(files)
    assert found.said() == [("category-error", "singers.csv", 6, "voice", "deep")]
    assert set(ask("age = 30", files)) == {"S1", "S2"}


def test_a_newline_inside_quotes_leaves_the_line_numbers_right() -> None:
    files = singers('S1,C1,"Ann\nthe elder",high,x,2020-01-01,,yes,,', "S2,C1,Bo,high,x,2020-01-01,,yes,,")
    assert read(files).said() == [
        ("type-error", "singers.csv", 2, "age", "x"),
        ("type-error", "singers.csv", 4, "age", "x"),
    ]


def test_quotes_inside_quotes_are_one_quote() -> None:
    files = {"choirs.csv": 'id,name\nC1,"The ""Larks"""\n'}
    assert ask("name = 'The \"Larks\"'", files, of="choirs") == {"C1": TRUE}


def test_a_quote_that_is_never_closed_costs_no_row() -> None:
    files = {"choirs.csv": 'id,name\nC1,Larks\nC2,"Owls\nC3,Finches\n'}
    found = read(files)
    assert [s[:3] for s in found.said()] == [("broken-quotes", "choirs.csv", 3)]
    assert ask("name in ('Larks', 'Owls', 'Finches')", files, of="choirs") == {"C1": TRUE, "C2": TRUE, "C3": TRUE}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_line_ends_and_delimiters_of_every_spreadsheet(delimiter: str, end: str) -> None:
    rows = [CHOIR.strip().split(","), ["C1", "Larks", "", ""], ["C2", "Owls", "", ""]]
    text = end.join(delimiter.join(row) for row in rows) + end
    found = read({"choirs.csv": text})
    assert found.said() == []
    assert ask("name = 'Owls'", {"choirs.csv": text}, of="choirs") == {"C1": FALSE, "C2": TRUE}


def test_lines_that_end_in_several_ways() -> None:
    files = {"choirs.csv": "id,name\nC1,Larks\r\nC2,Owls\nC3,Wrens\r\n"}
    assert read(files).said() == []
    assert ask("name is recorded", files, of="choirs") == {"C1": TRUE, "C2": TRUE, "C3": TRUE}


@pytest.mark.parametrize("end", ["\r", "\r\r", "\n\r"])
def test_a_last_line_that_ends_otherwise_than_the_others(end: str) -> None:
    files = {"choirs.csv": f"id,name\nC1,Larks\nC2,Owls{end}"}
    assert read(files).said() == []
    assert ask("name is recorded", files, of="choirs") == {"C1": TRUE, "C2": TRUE}


def test_a_last_line_without_an_end_is_a_row() -> None:
    assert set(read({"choirs.csv": "id,name\nC1,Larks\nC2,Owls"}).verdicts) == {"C1", "C2"}


def test_spaces_around_a_cell_do_not_count() -> None:
    files = {"choirs.csv": "id,name\n C1 ,\u3000Larks\u00a0\n"}
    assert ask("name = 'Larks'", files, of="choirs") == {"C1": TRUE}


# ---- encoding


def test_a_byte_order_mark_is_no_part_of_the_first_heading() -> None:
    assert read({"choirs.csv": b"\xef\xbb\xbf" + CHOIRS.encode()}).said() == []


def test_a_file_that_is_not_utf8_is_named_and_the_rest_of_the_audit_goes_on() -> None:
    files: Files = {"choirs.csv": CHOIRS, "singers.csv": "id,choir_id,姓名\nS1,C1,安\n".encode() + b"S2,C1,\xe5\xae\n"}
    found = check(a_rule("for: choirs\ncount: singers\nat_least: 1"), files)
    assert found.said() == [("encoding-error", "singers.csv", 3, None, "byte 35")]
    assert found.verdicts == {"C1": UNKNOWN, "C2": UNKNOWN}


def test_a_byte_that_is_wrong_in_a_later_line_is_named_by_its_line() -> None:
    bad = "id,name\nC1,Larks\nC2,云雀".encode() + b"\xc4\n"
    found = read({"choirs.csv": CHOIRS, "more/choirs.csv": bad})
    assert found.said() == [("encoding-error", "more/choirs.csv", 3, None, "byte 26")]


# ---- dates

DAY = "joined_on = date '2024-03-05'"


def test_the_ways_to_write_a_day() -> None:
    written = [
        "2024-03-05",
        "2024-3-5",
        "2024/03/05",
        "2024/3/5",
        "2024.3.5",
        "2024年3月5日",
        "2024年03月05日",
        "20240305",
    ]
    assert truths(DAY, "joined_on", written) == dict.fromkeys(written, TRUE)


NO_DAYS = [
    "2024-02-30",  # there is no such day
    "2023-02-29",
    "2024-13-01",
    "2024-03",  # a month is no day
    "2024年3月",
    "202403",
    "24-03-05",  # of which century?
    "24.3.5",
    "03/05/2024",  # March or May?
    "5.3.2024",
    "2024-3/5",
    "March 5",
    "1234",
]


def test_what_is_no_day_is_a_problem_and_unknown() -> None:
    told = read(one_column("joined_on", NO_DAYS)).said()
    assert told == [("type-error", "singers.csv", line, "joined_on", day) for line, day in enumerate(NO_DAYS, 2)]
    assert truths(DAY, "joined_on", NO_DAYS) == dict.fromkeys(NO_DAYS, UNKNOWN)


def test_what_cannot_be_read_is_recorded_all_the_same() -> None:
    assert truths("joined_on is recorded", "joined_on", ["2024-02-30", ""]) == {"2024-02-30": TRUE, "": FALSE}


def test_there_is_no_year_0() -> None:
    assert truths("joined_on is recorded and year(joined_on) = 0", "joined_on", ["0000-01-01"]) == {
        "0000-01-01": UNKNOWN
    }


def test_a_leap_day_is_a_day() -> None:
    assert truths("joined_on = date '2024-02-29'", "joined_on", ["2024-02-29"]) == {"2024-02-29": TRUE}


# ---- categories, booleans, numbers, lists


def test_a_category_by_code_label_or_alias_in_either_language() -> None:
    written = ["high", "HIGH", " high ", "高音", "High voice", "high VOICE", "女高音", "s"]
    assert truths("voice = 'high'", "voice", written) == dict.fromkeys(written, TRUE)


def test_what_is_no_category_is_a_problem_and_unknown() -> None:
    assert read(one_column("声部", ["次高音"])).said() == [("category-error", "singers.csv", 2, "声部", "次高音")]
    assert truths("voice = 'high'", "声部", ["次高音", "低音"]) == {"次高音": UNKNOWN, "低音": FALSE}


def test_the_ways_to_write_yes_and_no() -> None:
    yes = ["是", "有", "√", "✓", "true", "TRUE", "yes", "y", "1"]
    no = ["否", "×", "✗", "false", "False", "no", "n", "0"]
    assert truths("paid", "paid", [*yes, *no]) == dict.fromkeys(yes, TRUE) | dict.fromkeys(no, FALSE)


def test_what_is_neither_yes_nor_no_is_a_problem_and_unknown() -> None:
    assert read(one_column("paid", ["maybe"])).said() == [("type-error", "singers.csv", 2, "paid", "maybe")]
    assert truths("paid", "paid", ["maybe", "2"]) == {"maybe": UNKNOWN, "2": UNKNOWN}


def test_the_ways_to_write_a_list() -> None:
    written = ["甲、乙", "甲,乙", "甲，乙", "甲;乙", "甲； 乙", "甲 | 乙"]
    both = "has(languages, '甲') and has(languages, '乙') and not has(languages, '丙')"
    assert truths(both, "languages", written) == dict.fromkeys(written, TRUE)


def test_whole_numbers() -> None:
    assert truths("age = 30", "age", ["30", "+30", "030", "31"]) == {"30": TRUE, "+30": TRUE, "030": TRUE, "31": FALSE}


def test_what_is_no_whole_number_is_a_problem_and_unknown() -> None:
    written = ["3 0", "30.5", "1e1", "three", "0x1E", "99999999999999999999"]
    assert [s[4] for s in read(one_column("age", written)).said("type-error")] == written
    assert truths("age = 30", "age", written) == dict.fromkeys(written, UNKNOWN)


def test_numbers_with_decimals() -> None:
    assert truths("fee = 12.5", "fee", ["12.5", "12.50", "12"]) == {"12.5": TRUE, "12.50": TRUE, "12": FALSE}


# ---- blanks and constraints


def test_words_for_nothing_are_blank() -> None:
    written = ["", "  ", "-", "无", " 无 "]
    assert truths("age is not recorded", "age", written) == dict.fromkeys(written, TRUE)


def test_what_a_blank_means_is_said_by_the_field() -> None:
    files = singers("S1,C1,Ann,,,,,,,")
    assert ask("age > 1", files) == {"S1": UNKNOWN}  # unknown
    assert ask("has(languages, 'Latin')", files) == {"S1": FALSE}  # none
    assert ask("left_on > date '2999-01-01'", files) == {"S1": TRUE}  # not yet
    assert ask("fee = 0", files) == {"S1": TRUE}  # the value 0


def test_a_required_cell_that_is_blank_is_a_problem_and_unknown() -> None:
    files = singers("S1,,Ann,high,30,2020-01-01,,yes,,")
    assert read(files).said("required-value") == [("required-value", "singers.csv", 2, "choir_id", None)]
    assert ask("choir_id = 'C1'", files) == {"S1": UNKNOWN}


def test_a_value_that_breaks_a_constraint_is_a_problem_and_stands() -> None:
    assert read(one_column("age", ["5", "6", "99", "100"])).said() == [
        ("constraint-error", "singers.csv", 2, "age", "5"),
        ("constraint-error", "singers.csv", 5, "age", "100"),
    ]
    assert truths("age < 6", "age", ["5", "100"]) == {"5": TRUE, "100": FALSE}


def test_two_hundred_problems_of_one_kind_are_spelled_out_and_the_rest_counted() -> None:
    rows = [f"S{i},C1,Ann,high,x,2020-01-01,,yes,," for i in range(203)]
    found = read(singers(*rows))
    assert len(found.said("type-error")) == 200
    (rest,) = [p for p in found.problems if p.code == "type-error-more"]
    assert (rest.file, rest.column, rest.values["count"]) == ("singers.csv", "age", 3)


# ---- keys and references


def test_the_same_row_twice_is_one_record() -> None:
    row = "S1,C1,Ann,high,30,2020-01-01,,yes,,"
    files = singers(row, row)
    assert read(files).said() == [("primary-key", "singers.csv", 3, "id", "S1")]
    assert ask("age = 30", files) == {"S1": TRUE}


def test_rows_of_one_key_that_differ_are_one_record_with_those_cells_unknown() -> None:
    files = singers("S1,C1,Ann,high,30,2020-01-01,,yes,,", "S1,C1,Ann,high,31,2020-01-01,,yes,,")
    (problem,) = [p for p in read(files).problems if p.code == "primary-key"]
    assert (problem.row, problem.values["first_row"], problem.values["differ"]) == (3, 2, "age")
    assert ask("age > 10", files) == {"S1": UNKNOWN}
    assert ask("name = 'Ann'", files) == {"S1": TRUE}


def test_a_cell_that_only_one_of_two_files_has_stands() -> None:
    files = {
        "choirs.csv": CHOIRS,
        "a/singers.csv": "id,choir_id,age\nS1,C1,30\n",
        "b/singers.csv": "id,choir_id,name\nS1,C1,Ann\n",
    }
    assert ask("age = 30 and name = 'Ann'", files) == {"S1": TRUE}


def test_rows_whose_key_is_unknown_are_never_the_same() -> None:
    files = singers(",C1,Ann,high,30,2020-01-01,,yes,,", ",C1,Ann,high,30,2020-01-01,,yes,,")
    found = check(a_rule("for: choirs\ncount: singers\nexactly: 2"), files)
    assert found.said("primary-key") == []
    assert found.verdicts["C1"] == TRUE


def test_a_reference_that_leads_nowhere_is_a_problem_and_unknown() -> None:
    files = singers("S1,C9,Ann,high,30,2020-01-01,,yes,,")
    assert read(files).said("foreign-key") == [("foreign-key", "singers.csv", 2, "choir_id", "C9")]
    assert ask("choir_id = 'C1'", files) == {"S1": UNKNOWN}
    assert ask("choir.name = 'Larks'", files) == {"S1": UNKNOWN}


def test_a_reference_that_leads_nowhere_is_told_by_its_heading() -> None:
    files = {"choirs.csv": CHOIRS, "singers.csv": "歌手编号,所在合唱团\nS1,C9\n"}
    assert read(files).said("foreign-key") == [("foreign-key", "singers.csv", 2, "所在合唱团", "C9")]


def test_rows_that_may_belong_to_anybody_are_counted() -> None:
    files = singers("S1,C9,Ann,high,30,2020-01-01,,yes,,", "S2,,Bo,high,30,2020-01-01,,yes,,")
    (problem,) = [p for p in read(files).problems if p.code == "unplaced-rows"]
    assert (problem.table, problem.values["count"]) == ("singers", 2)


def test_references_to_a_table_that_was_not_handed_in_are_unknown_without_a_problem_a_row() -> None:
    files = {"singers.csv": "id,choir_id,name\nS1,C1,Ann\nS2,C1,Bo\n"}
    assert read(files).said() == []
    assert ask("choir.name = 'Larks'", files) == {"S1": UNKNOWN, "S2": UNKNOWN}


# ---- what is later than the audit's day


def test_a_record_of_a_later_day_does_not_exist_yet() -> None:
    files = {"choirs.csv": CHOIRS, "rehearsals.csv": f"{REHEARSALS}R1,C1,2024-06-30\nR2,C1,2024-07-01\n"}
    found = check(a_rule("for: choirs\ncount: rehearsals\nexactly: 1"), files, as_of="2024-06-30")
    assert found.verdicts["C1"] == TRUE
    (notice,) = [p for p in found.problems if p.code == "later-than-as-of"]
    assert (notice.table, notice.values["count"], notice.is_notice) == ("rehearsals", 1, True)


def test_a_state_that_begins_later_does_not_exist_yet() -> None:
    files = {"choirs.csv": "id,name,founded_on\nC1,Larks,2020-01-01\nC2,Owls,2025-01-01\n"}
    assert read(files, as_of="2024-06-30").verdicts == {"C1": TRUE}


def test_an_end_or_an_act_later_than_the_audits_day_has_not_come() -> None:
    files = singers("S1,C1,Ann,high,30,2020-01-01,2024-09-01,yes,,")
    assert ask("left_on > date '2999-01-01'", files, as_of="2024-06-30") == {"S1": TRUE}
    assert ask("left_on > date '2999-01-01'", files, as_of="2024-12-31") == {"S1": FALSE}


# ---- which file is which table


@pytest.mark.parametrize(
    "name",
    [
        "choirs.csv",
        "choir.csv",
        "Choirs.CSV",
        "合唱团.csv",
        "合唱团名册.csv",
        "合唱团名册（2024年）.csv",
        "2024-合唱团.csv",
        "choirs/east.csv",
        "合唱团/2024年上半年.csv",
        "deep/down/choirs.csv",
    ],
)
def test_a_table_by_the_name_of_its_file_or_folder(name: str) -> None:
    found = read({name: CHOIRS})
    assert found.said() == []
    assert list(found.audit.tables) == ["choirs"]


def test_a_table_by_the_manifest() -> None:
    found = read({"x/export_17.csv": CHOIRS, "orgaudit.yaml": "files: {x/export_*.csv: choirs}\n"})
    assert found.said() == []
    assert found.verdicts == {"C1": TRUE, "C2": TRUE}


def test_a_manifest_that_names_no_table_is_a_problem_of_the_file() -> None:
    found = read({"choirs.csv": CHOIRS, "x.csv": CHOIRS, "orgaudit.yaml": "files: {x.csv: quires}\n"})
    assert found.said() == [("unmatched-file", "x.csv", None, None, "quires")]


def test_many_files_of_one_table() -> None:
    header = "id,name\n"
    files = {
        "choirs.csv": f"{header}C1,Larks\n",
        "b/choirs.csv": f"{header}C2,Owls\n",
        "c/choirs/1.csv": f"{header}C3,Jays\n",
    }
    found = read(files)
    assert found.verdicts == {"C1": TRUE, "C2": TRUE, "C3": TRUE}
    assert [f["path"] for f in found.audit.tables["choirs"]["files"]] == [
        "b/choirs.csv",
        "c/choirs/1.csv",
        "choirs.csv",
    ]  # type: ignore[attr-defined]


def test_a_file_whose_name_is_no_table_is_named() -> None:
    found = read({"choirs.csv": CHOIRS, "值班表.csv": CHOIRS})
    assert found.said() == [("unmatched-file", "值班表.csv", None, None, "值班表")]


def test_a_format_that_is_not_read_is_named() -> None:
    found = read({"choirs.csv": CHOIRS, "singers.docx": b"PK\x03\x04"})
    assert found.said() == [("unknown-format", "singers.docx", None, None, ".docx")]


def test_files_that_editors_leave_behind_are_nothing() -> None:
    found = read(
        {"choirs.csv": CHOIRS, ".choirs.csv.swp": b"\x00", "~$singers.xlsx": b"\x00", ".git/choirs.csv": "x\n"}
    )
    assert found.said() == []
    assert len(found.audit.tables["choirs"]["files"]) == 1  # type: ignore[arg-type]


def test_an_empty_file_is_a_notice() -> None:
    found = read({"choirs.csv": CHOIRS, "singers.csv": ""})
    assert found.said("empty-file") == [("empty-file", "singers.csv", None, None, None)]


# ---- YAML


def test_yaml_a_list_of_records() -> None:
    files = {"choirs.csv": CHOIRS, "singers.yaml": "- {id: S1, choir_id: C1, 年龄: 30, languages: [Latin, Welsh]}\n"}
    assert read(files).said() == []
    assert ask("age = 30 and has(languages, 'Welsh')", files) == {"S1": TRUE}


def test_yaml_a_mapping_of_tables() -> None:
    text = "合唱团:\n  - {id: C1, name: Larks}\nsingers:\n  - {id: S1, choir_id: C1, age: 30}\n"
    files = {"all.yaml": text}
    assert read(files).said() == []
    assert ask("age = 30 and choir.name = 'Larks'", files) == {"S1": TRUE}


def test_yaml_says_what_stands_there() -> None:
    text = (
        "- {id: 010, choir_id: C1, name: no}\n- {id: 12:30, choir_id: C1, name: on}\n- {id: 2024-03-01, choir_id: C1}\n"
    )
    files = {"choirs.csv": CHOIRS, "singers.yaml": text}
    assert ask("name in ('no', 'on')", files) == {"010": TRUE, "12:30": TRUE, "2024-03-01": UNKNOWN}


def test_yaml_does_not_shorten_an_identifier() -> None:
    files = {"choirs.csv": CHOIRS, "singers.yaml": "- {id: 1.10, choir_id: C1}\n- {id: 1.1, choir_id: C1}\n"}
    assert set(ask("true", files)) == {"1.10", "1.1"}


def test_a_problem_in_yaml_has_the_line_of_its_record() -> None:
    text = "- id: S1\n  choir_id: C1\n- id: S2\n  choir_id: C1\n  age: old\n"
    assert read({"choirs.csv": CHOIRS, "singers.yaml": text}).said() == [
        ("type-error", "singers.yaml", 3, "age", "old")
    ]


def test_a_yaml_file_that_cannot_be_read_is_named_with_its_line() -> None:
    found = read({"choirs.csv": CHOIRS, "singers.yaml": "- id: S1\n- id: [\n"})
    assert [s[:2] for s in found.said()] == [("source-error", "singers.yaml")]
    assert found.said()[0][2] in (2, 3)


def test_what_is_no_record_in_yaml_is_named() -> None:
    found = read({"choirs.csv": CHOIRS, "singers.yaml": "- just words\n- {id: S1, choir_id: C1}\n"})
    assert found.said() == [("not-a-record", "singers.yaml", 1, None, "just words")]


def test_a_record_inside_a_cell_is_named() -> None:
    files = {"choirs.csv": CHOIRS, "singers.yaml": "- {id: S1, choir_id: C1, age: {years: 30}}\n"}
    assert read(files).said("type-error")[0][:4] == ("type-error", "singers.yaml", 1, "age")
    assert ask("age = 30", files) == {"S1": UNKNOWN}


def test_a_yaml_key_that_is_no_table_is_named() -> None:
    found = read({"all.yaml": "choirs:\n  - {id: C1}\nquires: []\n"})
    assert found.said() == [("unmatched-file", "all.yaml", 3, None, "quires")]


# ---- nothing to read


def test_an_empty_folder_cannot_be_audited(tmp_path: Path) -> None:
    (tmp_path / "records").mkdir()
    ran = orgaudit(
        "check", tmp_path / "records", "--standard", write_standard(tmp_path, a_rule("for: choirs\nrequire: true"))
    )
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"{tmp_path}/records: no file here could be read as records.\n"


def test_a_folder_in_which_nothing_can_be_read_says_why(tmp_path: Path) -> None:
    records = write(tmp_path / "records", {"值班表.csv": "a\n1\n", "x.docx": b"PK"})
    ran = orgaudit("check", records, "--standard", write_standard(tmp_path, a_rule("for: choirs\nrequire: true")))
    assert ran.code == 2
    first, *others = ran.err.splitlines()
    assert first.endswith("no file here could be read as records.")
    assert [line.strip().split(":")[0] for line in others] == ["x.docx", "值班表.csv"]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    ran = orgaudit(
        "check", tmp_path / "records", "--standard", write_standard(tmp_path, a_rule("for: choirs\nrequire: true"))
    )
    assert (ran.code, ran.err) == (2, f"{tmp_path}/records: there is no such file or folder.\n")


def test_one_file_is_records_too(tmp_path: Path) -> None:
    write(tmp_path, {"choirs.csv": CHOIRS})
    standard = write_standard(tmp_path / "s", a_rule("for: choirs\nrequire: name is recorded"))
    assert orgaudit("check", tmp_path / "choirs.csv", "--standard", standard).code == 0


# ---- the manifest


@pytest.mark.parametrize(
    ("manifest", "line"),
    [
        ("as_off: 2024-12-31\n", "orgaudit.yaml:1:1: unknown key `as_off`. Did you mean `as_of`?"),
        ("silence: maybe\n", "orgaudit.yaml:1:10: "),
        ("as_of: soon\n", "orgaudit.yaml:1:8: `as_of`: "),
        ("period: {from: 2024-13-01}\n", "orgaudit.yaml:1:16: `from`: "),
    ],
)
def test_a_manifest_that_is_wrong_stops_the_audit(manifest: str, line: str, tmp_path: Path) -> None:
    records = write(tmp_path / "records", {"choirs.csv": CHOIRS, "orgaudit.yaml": manifest})
    ran = orgaudit("check", records, "--standard", write_standard(tmp_path, a_rule("for: choirs\nrequire: true")))
    assert ran.code == 2
    assert ran.err.startswith(f"{records}/{line}")


def test_the_manifest_says_the_day_and_the_period() -> None:
    found = read(
        {"choirs.csv": CHOIRS, "orgaudit.yaml": "as_of: 2024-06-30\nperiod: {from: 2024-04-01, to: 2024-06-30}\n"}
    )
    assert str(found.audit.as_of) == "2024-06-30"
    assert found.audit.period.label == "2024-04-01..2024-06-30"


@pytest.mark.parametrize("covers", ["{rehersals: {from: 2024-01-01}}", "{rehearsals: {organizations: [C7]}}"])
def test_a_manifest_that_covers_what_is_not_there_is_told(covers: str) -> None:
    files = {"choirs.csv": CHOIRS, "rehearsals.csv": REHEARSALS, "orgaudit.yaml": f"covers: {covers}\n"}
    assert read(files).said() != []


# ---- completeness

ONE_A_QUARTER = a_rule("for: choirs\nevery: quarter\ncount: rehearsals\nat_least: 1")


def one_rehearsal(**more: str) -> dict[str, str]:
    """C1 met in the first quarter, C2 never; the quarters of 2024 are audited."""
    return {"choirs.csv": CHOIRS, "rehearsals.csv": f"{REHEARSALS}R1,C1,2024-02-01\n", **more}


def test_a_table_that_was_handed_in_is_complete() -> None:
    found = check(ONE_A_QUARTER, one_rehearsal())
    assert found.verdicts["C1 2024-Q1"] == TRUE
    assert found.verdicts["C1 2024-Q2"] == FALSE
    assert found.verdicts["C2 2024-Q1"] == FALSE


def test_an_empty_table_is_evidence_and_a_missing_one_is_not() -> None:
    none = a_rule("for: choirs\ncount: rehearsals\nexactly: 0")
    one = a_rule("for: choirs\ncount: rehearsals\nat_least: 1")
    empty, missing = {"choirs.csv": CHOIRS, "rehearsals.csv": REHEARSALS}, {"choirs.csv": CHOIRS}
    assert check(none, empty).verdicts["C1"] == TRUE
    assert check(one, empty).verdicts["C1"] == FALSE
    assert check(none, missing).verdicts["C1"] == UNKNOWN
    assert check(one, missing).verdicts["C1"] == UNKNOWN


def test_what_was_not_handed_in_is_a_notice() -> None:
    notices = read({"choirs.csv": CHOIRS}).problems
    assert {p.table for p in notices if p.code == "table-not-submitted"} == {"singers", "rehearsals", "presence"}


def test_a_table_covers_the_time_that_the_manifest_says() -> None:
    manifest = "covers: {rehearsals: {from: 2024-01-01, to: 2024-06-30}}\n"
    found = check(ONE_A_QUARTER, one_rehearsal(**{"orgaudit.yaml": manifest}))
    assert found.verdicts["C1 2024-Q2"] == FALSE
    assert found.verdicts["C1 2024-Q3"] == UNKNOWN


def test_a_table_covers_the_organizations_that_the_manifest_says() -> None:
    manifest = "covers: {rehearsals: {organizations: C1}}\n"
    found = check(ONE_A_QUARTER, one_rehearsal(**{"orgaudit.yaml": manifest}))
    assert found.verdicts["C1 2024-Q2"] == FALSE
    assert found.verdicts["C2 2024-Q2"] == UNKNOWN


@pytest.mark.parametrize("silence", ["unreported", "{rehearsals: unreported}"])
def test_an_organization_without_a_row_did_not_report_if_the_manifest_says_so(silence: str) -> None:
    found = check(ONE_A_QUARTER, one_rehearsal(**{"orgaudit.yaml": f"silence: {silence}\n"}))
    assert found.verdicts["C1 2024-Q2"] == FALSE
    assert found.verdicts["C2 2024-Q2"] == UNKNOWN


def test_silence_about_one_table_says_nothing_of_another() -> None:
    found = check(ONE_A_QUARTER, one_rehearsal(**{"orgaudit.yaml": "silence: {singers: unreported}\n"}))
    assert found.verdicts["C2 2024-Q2"] == FALSE


def test_an_organization_without_a_row_is_named_even_where_it_counts_as_none() -> None:
    found = check(ONE_A_QUARTER, one_rehearsal())
    (notice,) = [p for p in found.problems if p.code == "not-reported" and p.table == "rehearsals"]
    assert notice.values["count"] == 1
    assert "Owls" in str(notice.values["names"]) or "C2" in str(notice.values["names"])
    assert {f.silence for f in found.findings if f.organization == "C2"} == {"rehearsals"}
    assert {f.silence for f in found.findings if f.organization == "C1"} == {None}


PRESENT = a_rule("for: singers\ncount: presence where status = 'present'\nat_least: 1")
ABSENT = a_rule("for: singers\ncount: presence where status = 'absent'\nexactly: 0")


def with_list(*rows: str) -> dict[str, str]:
    """Two singers of C1, a rehearsal, and its list."""
    files = singers("S1,C1,Ann,high,30,2020-01-01,,yes,,", "S2,C1,Bo,low,30,2020-01-01,,yes,,")
    files["rehearsals.csv"] = f"{REHEARSALS}R1,C1,2024-02-01\n"
    files["presence.csv"] = PRESENCE + "".join(f"{row}\n" for row in rows)
    return files


def test_who_is_not_on_a_list_was_not_there() -> None:
    assert check(PRESENT, with_list("R1,S1,present")).verdicts == {"S1": TRUE, "S2": FALSE}


def test_where_a_list_was_not_handed_in_everyone_may_have_been_there_or_not() -> None:
    files = with_list()
    assert check(PRESENT, files).verdicts == {"S1": UNKNOWN, "S2": UNKNOWN}
    assert check(ABSENT, files).verdicts == {"S1": UNKNOWN, "S2": UNKNOWN}


def test_a_row_that_names_nobody_leaves_only_its_own_list_open() -> None:
    files = with_list("R1,S1,present", "R1,,absent")
    assert check(PRESENT, files).verdicts == {"S1": TRUE, "S2": UNKNOWN}
    assert check(ABSENT, files).verdicts == {"S1": TRUE, "S2": UNKNOWN}
