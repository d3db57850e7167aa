"""Where records lie in time and in a sequence: neighbours, records about a time, months, ends that do not count."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from loading import loaded, model_errors, model_of, problems, reached, rows

from orgaudit.expressions import Joins, Row, day_of, first_day_of, lifetime
from orgaudit.records import Records

WALKS = """
walks:
  singular: walk
  primaryKey: [id]
  order: {by: [walked_on, rank], within: [warden]}
  fields:
    - {name: id, type: string, constraints: {required: true}}
    - {name: warden, type: string, blank: BLANK}
    - {name: walked_on, type: date, blank: DATE}
    - {name: rank, type: integer, blank: none}
"""


def walks(*records: str, blank: str = "unknown", day: str = "unknown", as_of: str = "2024-12-31") -> dict[str, tuple]:
    """For each walk (id, warden, day, rank) the ones before and after it: "" is none, "?" unknown."""
    model = model_of(WALKS.replace("BLANK", blank).replace("DATE", day))
    text = "id,warden,walked_on,rank\n" + "".join(f"{r}\n" for r in records)
    with loaded(model, {"walks.csv": text}, as_of=as_of) as found:
        ids = dict(rows(found, "walks", "_row", "id")) | {0: "", None: "?"}
        return {key: (ids[p], ids[n]) for key, p, n in rows(found, "walks", "id", "_previous", "_next")}


def test_neighbours_are_those_of_the_same_sequence_in_its_order() -> None:
    found = walks("W1,Ann,2024-03-01,", "W2,Bea,2024-02-01,", "W3,Ann,2024-01-01,", "W4,Ann,2024-02-01,")
    assert found == {"W1": ("W4", ""), "W2": ("", ""), "W3": ("", "W4"), "W4": ("W3", "W1")}


def test_ties_go_by_the_next_column_and_then_by_row() -> None:
    found = walks("W1,Ann,2024-03-01,2", "W2,Ann,2024-03-01,1", "W3,Ann,2024-03-01,2")
    assert found == {"W2": ("", "W1"), "W1": ("W2", "W3"), "W3": ("W1", "")}


def test_what_is_none_comes_first_and_what_is_not_yet_last() -> None:
    found = walks("W1,Ann,,1", "W2,Ann,2024-01-01,1", "W3,Ann,2024-01-01,", day="not_yet")
    assert found == {"W3": ("", "W2"), "W2": ("W3", "W1"), "W1": ("W2", "")}


def test_an_unknown_day_leaves_its_whole_sequence_open() -> None:
    found = walks("W1,Ann,2024-01-01,", "W2,Ann,,", "W3,Bea,2024-01-01,", "W4,Bea,2024-02-01,")
    assert found == {"W1": ("?", "?"), "W2": ("?", "?"), "W3": ("", "W4"), "W4": ("W3", "")}


def test_an_unknown_sequence_leaves_only_the_record_itself_open() -> None:
    found = walks("W1,Ann,2024-01-01,", "W2,,2024-02-01,", "W3,Ann,2024-03-01,")
    assert found == {"W1": ("", "W3"), "W2": ("?", "?"), "W3": ("W1", "")}


@pytest.mark.parametrize("blank", ["none", "{value: the one of all}"])
def test_blanks_that_say_something_are_a_sequence_like_any_other(blank: str) -> None:
    found = walks("W1,,2024-01-01,", "W2,,2024-02-01,", "W3,Ann,2024-03-01,", blank=blank)
    assert found == {"W1": ("", "W2"), "W2": ("W1", ""), "W3": ("", "")}


def test_a_record_later_than_the_audits_day_is_nobodys_neighbour() -> None:
    model = model_of(
        WALKS.replace("BLANK", "unknown").replace(
            "walked_on, type: date, blank: DATE", "walked_on, type: date, role: when"
        )
    )
    files = {"walks.csv": "id,warden,walked_on,rank\nW1,Ann,2024-01-01,\nW2,Ann,2025-01-01,\n"}
    with loaded(model, files) as found:
        assert rows(found, "walks", "id", "_previous", "_next") == [("W1", 0, 0)]


def test_the_order_may_lie_behind_a_reference_and_hold_for_derived_tables() -> None:
    weeks = """
    weeks:
      singular: week
      primaryKey: [id]
      fields:
        - {name: id, type: string}
        - {name: begins_on, type: date}
    duties:
      singular: duty
      primaryKey: [id]
      order: {by: week.begins_on}
      foreignKeys: [{fields: [week_id], reference: {resource: weeks}}]
      fields:
        - {name: id, type: string}
        - {name: week_id, type: string}
    turns:
      singular: turn
      primaryKey: [duty]
      order: {by: began_on}
      fields:
        - {name: duty, type: string}
        - {name: began_on, type: date}
      derive:
        - {from: duties, fields: {duty: id, began_on: week.begins_on}}
    """
    files = {"weeks.csv": "id,begins_on\nA,2024-03-01\nB,2024-02-01\n", "duties.csv": "id,week_id\nD1,A\nD2,B\n"}
    with loaded(model_of(weeks), files) as found:
        assert reached(found, "duties", "previous") == {"D1": [("D2", True)]}
        assert reached(found, "duties", "next") == {"D2": [("D1", True)]}
        assert reached(found, "turns", "previous.previous") == {}
        assert reached(found, "turns", "previous") == {"D1": [("D2", True)]}


def test_an_unknown_neighbour_may_be_any_record() -> None:
    model = model_of(WALKS.replace("BLANK", "unknown").replace("DATE", "unknown"))
    with loaded(model, {"walks.csv": "id,warden,walked_on,rank\nW1,,2024-01-01,\n"}) as found:
        assert reached(found, "walks", "previous") == {"W1": [("", None)]}


def test_an_order_names_fields_that_are_there(tmp_path: Path) -> None:
    wrong = model_of(WALKS.replace("BLANK", "none").replace("DATE", "none").replace("by: [walked_on", "by: [walkd_on"))
    (line,) = model_errors(wrong, tmp_path)
    assert "`walkd_on`" in line
    assert "Did you mean `walked_on`?" in line


# ---- about a time

REPORTS = """
reports:
  singular: report
  primaryKey: [id]
  about: ABOUT
  fields:
    - {name: id, type: string, constraints: {required: true}}
    - {name: year, type: integer}
    - {name: part, type: integer, blank: none}
    - {name: told, type: integer}
    - {name: month, type: yearmonth}
"""
HEADINGS = "id,year,part,told,month\n"


def about(kind: str, *records: str, as_of: str = "2030-12-31") -> dict[str, tuple[date | None, date | None]]:
    """First and last day of each record (id, year, part, told, month)."""
    text = HEADINGS + "".join(f"{r}\n" for r in records)
    with loaded(model_of(REPORTS.replace("ABOUT", kind)), {"reports.csv": text}, as_of=as_of) as found:
        return {key: (first, last) for key, first, last in rows(found, "reports", "id", "_first", "_last")}


@pytest.mark.parametrize(
    ("kind", "cells", "first", "last"),
    [
        ("{year: year}", "2024,,,", date(2024, 1, 1), date(2024, 12, 31)),
        ("{year: year, quarter: part}", "2024,1,,", date(2024, 1, 1), date(2024, 3, 31)),
        ("{year: year, quarter: part}", "2024,4,,", date(2024, 10, 1), date(2024, 12, 31)),
        ("{year: year, quarter: part}", "2024,,,", date(2024, 1, 1), date(2024, 12, 31)),
        ("{year: year, half: part}", "2024,2,,", date(2024, 7, 1), date(2024, 12, 31)),
        ("{year: year, month: part}", "2024,2,,", date(2024, 2, 1), date(2024, 2, 29)),
        ("{month: month}", ",,,2023-02", date(2023, 2, 1), date(2023, 2, 28)),
        ("{year: year}", ",,,", None, None),
        ("{year: year, quarter: told}", "2024,,,", None, None),
        ("{year: year, quarter: part}", ",1,,", None, None),
        ("{month: month}", ",,,", None, None),
        ("{month: month}", ",,,2023-13", None, None),
        ("{year: year, quarter: part}", "2024,5,,", None, None),
        ("{year: year, half: part}", "2024,0,,", None, None),
        ("{year: year, month: part}", "2024,13,,", None, None),
        ("{year: year}", "99999,,,", None, None),
        ("{year: year, quarter: part}", "0,1,,", None, None),
    ],
)
def test_a_record_about_a_time_lasts_from_its_first_to_its_last_day(
    kind: str, cells: str, first: date | None, last: date | None
) -> None:
    assert about(kind, f"R,{cells}") == {"R": (first, last)}


def test_a_part_that_no_year_has_is_a_problem_and_stays_what_it_is() -> None:
    model = model_of(REPORTS.replace("ABOUT", "{year: year, quarter: part}"))
    with loaded(model, {"reports.csv": HEADINGS + "R1,2024,5,,\nR2,2024,4,,\nR3,0,1,,\n"}) as found:
        assert problems(found) == [
            ("constraint-error", "reports.csv", 2, "part", "5"),
            ("constraint-error", "reports.csv", 4, "year", "0"),
        ]
        assert rows(found, "reports", "part", order="_row") == [(5,), (4,), (1,)]


def test_what_is_about_a_time_that_begins_later_than_the_audits_day_does_not_exist_yet() -> None:
    kind = "{year: year, quarter: part}"
    assert list(about(kind, "R1,2024,2,,", "R2,2024,3,,", "R3,,,,", as_of="2024-06-30")) == ["R1", "R3"]
    assert list(about(kind, "R1,2024,2,,", as_of="2024-04-01")) == ["R1"]
    assert list(about(kind, "R1,2024,2,,", as_of="2024-03-31")) == []


def test_rows_of_one_key_that_speak_of_different_times_speak_of_an_unknown_one() -> None:
    assert about("{year: year, quarter: part}", "R,2024,1,,", "R,2024,2,,") == {"R": (None, None)}


def test_its_own_day_is_its_last_and_it_is_an_event() -> None:
    with loaded(model_of(REPORTS.replace("ABOUT", "{year: year}")), {"reports.csv": HEADINGS + "R,2024,,,\n"}) as found:
        row = Row(Joins(found.model), "t", "reports")
        table = found.model.tables["reports"]
        assert (table.kind, table.when) == ("event", "year")
        assert [str(day) for day in (first_day_of(row), day_of(row))] == ['"t"."_first"', '"t"."_last"']


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("{year: yeer}", "Did you mean `year`?"),
        ("{year: id}", "should be of type integer"),
        ("{month: year}", "should be of type yearmonth"),
        ("{quarter: part}", "year, year and one part of it, or month alone"),
        ("{year: year, quarter: part, month: part}", "year, year and one part of it, or month alone"),
        ("{}", "year, year and one part of it, or month alone"),
        ("{decade: year}", "unknown key `decade`"),
    ],
)
def test_about_names_a_year_and_a_part_of_it(kind: str, told: str, tmp_path: Path) -> None:
    assert any(told in line for line in model_errors(model_of(REPORTS.replace("ABOUT", kind)), tmp_path))


def test_a_table_has_one_kind_of_time(tmp_path: Path) -> None:
    both = REPORTS.replace("ABOUT", "{year: year}\n  time: month")
    assert "more than one kind of time" in model_errors(model_of(both), tmp_path)[0]


# ---- months


@pytest.mark.parametrize("text", ["2024-03", "2024-3", "2024/3", "2024.03", "2024年3月", "202403"])
def test_a_month_is_read_however_it_is_written(text: str) -> None:
    assert about("{month: month}", f"R,,,,{text}")["R"][0] == date(2024, 3, 1)


@pytest.mark.parametrize("text", ["2024", "24-03", "2024-13", "March", "2024年3", "20243"])
def test_what_is_no_month_is_a_problem(text: str) -> None:
    model = model_of(REPORTS.replace("ABOUT", "{month: month}"))
    with loaded(model, {"reports.csv": f"{HEADINGS}R,,,,{text}\n"}) as found:
        assert ("type-error", "reports.csv", 2, "month", text) in problems(found)


def test_a_month_keeps_its_constraints_and_its_blank_may_be_one() -> None:
    model = """
    bills:
      singular: bill
      primaryKey: [id]
      fields:
        - {name: id, type: string}
        - {name: month, type: yearmonth, constraints: {minimum: 2024-01}, blank: {value: 2024-02}}
    """
    with loaded(model_of(model), {"bills.csv": "id,month\nB1,2023-12\nB2,\nB2,2024-02\n"}) as found:
        assert problems(found, "constraint-error") == [("constraint-error", "bills.csv", 2, "month", "2023-12")]
        assert rows(found, "bills", "id", "month") == [("B1", date(2023, 12, 1)), ("B2", date(2024, 2, 1))]


def test_what_a_record_model_writes_for_a_month_is_one(tmp_path: Path) -> None:
    wrong = model_of(
        REPORTS.replace("ABOUT", "{month: month}").replace("yearmonth}", "yearmonth, constraints: {minimum: soon}}")
    )
    assert "'soon' does not fit: not a date" in model_errors(wrong, tmp_path)[0]


# ---- ends


STAYS = """
stays:
  singular: stay
  primaryKey: [id]
  fields:
    - {name: id, type: string}
    - {name: from_on, type: date, role: valid_from, blank: open}
    - {name: to_on, type: date, role: valid_to, blank: open, ends: exclusive}
"""


def last_days(found: Records) -> dict[str, date | None]:
    from orgaudit import sql as q

    row = Row(Joins(found.model), "t", "stays")
    query = q.select({"id": row.raw("id"), "last": lifetime(row)[1]}, q.table("stays", "t"), row.joins.trees)
    return dict(found.db.rows(query))


def test_a_day_that_does_not_count_any_more() -> None:
    with loaded(model_of(STAYS), {"stays.csv": "id,from_on,to_on\nS1,2024-01-01,2024-03-01\nS2,,\n"}) as found:
        assert last_days(found) == {"S1": date(2024, 2, 29), "S2": date(9999, 1, 1)}
        assert rows(found, "stays", "to_on") == [(date(2024, 3, 1),), (None,)]


def test_the_day_written_is_what_must_not_be_later_than_the_audits_day() -> None:
    files = {"stays.csv": "id,from_on,to_on\nS1,2024-01-01,2024-04-01\nS2,2024-01-01,2024-03-31\n"}
    with loaded(model_of(STAYS), files, as_of="2024-03-31") as found:
        assert last_days(found) == {"S1": date(9999, 1, 1), "S2": date(2024, 3, 30)}


def test_only_the_last_day_of_a_state_can_be_left_out(tmp_path: Path) -> None:
    wrong = STAYS.replace("role: valid_from, blank: open", "role: valid_from, ends: exclusive")
    assert "belongs to role: valid_to" in model_errors(model_of(wrong), tmp_path)[0]


# ---- answers

ANSWERS = """
answers:
  singular: answer
  primaryKey: [id]
  attest: {rule: rule, answer: ANSWER}
  fields:
    - {name: id, type: string}
    - {name: rule, type: string}
    - {name: kept, type: boolean}
"""


def test_a_table_may_hold_the_answers_to_questions() -> None:
    with loaded(model_of(ANSWERS.replace("ANSWER", "kept")), {"answers.csv": "id,rule,kept\nA,R1,yes\n"}) as found:
        assert found.model.answers == "answers"


@pytest.mark.parametrize(("answer", "told"), [("rule", "should be of type boolean"), ("kep", "Did you mean `kept`?")])
def test_answers_are_yes_or_no(answer: str, told: str, tmp_path: Path) -> None:
    assert told in model_errors(model_of(ANSWERS.replace("ANSWER", answer)), tmp_path)[0]


def test_answers_are_kept_in_one_table(tmp_path: Path) -> None:
    one = ANSWERS.replace("ANSWER", "kept")
    assert (
        "answers are kept in answers already"
        in model_errors(
            model_of(one, one.replace("answers:", "replies:").replace("singular: answer", "singular: reply")), tmp_path
        )[0]
    )
