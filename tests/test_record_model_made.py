"""What is made of what was handed in: texts normalised, fields computed, tables derived with a key."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from loading import Files, loaded, model_errors, model_of, problems, reached, rows

from orgaudit.errors import OrgauditError
from orgaudit.messages import render_error

# ---- normalised texts

HANDLES = """
people:
  singular: person
  primaryKey: [handle]
  fields:
    - {name: handle, type: string, normalize: [trim, casefold, fullwidth], constraints: {required: true}}
    - name: kind
      type: string
      normalize: [fullwidth]
      categories: [{value: one, aliases: [（一）]}, {value: two}]
posts:
  singular: post
  primaryKey: [id]
  foreignKeys: [{fields: [writer], reference: {resource: people}, name: author}]
  fields:
    - {name: id, type: string}
    - {name: writer, type: string, normalize: [casefold, fullwidth]}
"""


def test_texts_are_compared_as_they_are_normalised() -> None:
    files = {
        "people.csv": "handle,kind\nAnn,(一)\nＡＮＮ,（一）\nStraße,ｔｗｏ\nbea,three\n",
        "posts.csv": "id,writer\nP1, aNN\nP2,STRASSE\nP3,Zoë\n",
    }
    with loaded(model_of(HANDLES), files) as found:
        assert rows(found, "people", "handle", "kind", order="_row") == [
            ("ann", "one"),
            ("strasse", "two"),
            ("bea", None),
        ]
        assert rows(found, "posts", "writer", order="_row") == [("ann",), ("strasse",), (None,)]
        assert problems(found, "primary-key", "category-error", "foreign-key") == [
            ("primary-key", "people.csv", 3, "handle", "ann"),
            ("category-error", "people.csv", 5, "kind", "three"),
            ("foreign-key", "posts.csv", 4, "writer", "zoë"),
        ]


def test_what_counts_as_blank_is_asked_of_the_text_as_it_is_written() -> None:
    model = model_of(HANDLES).replace('missingValues: ["", "-"]', 'missingValues: ["", "N/A", "none"]')
    files = {"people.csv": "handle,kind\n", "posts.csv": "id,writer\nP1,N/A\nP2,NONE\nP3, \u3000\nP4,ｎｏｎｅ\n"}
    with loaded(model, files) as found:
        assert problems(found, "foreign-key") == [
            ("foreign-key", "posts.csv", 3, "writer", "none"),
            ("foreign-key", "posts.csv", 5, "writer", "none"),
        ]


def test_only_texts_are_normalised(tmp_path: Path) -> None:
    wrong = HANDLES.replace("name: id, type: string", "name: id, type: integer, normalize: [casefold]")
    assert "fields of type string" in model_errors(model_of(wrong), tmp_path)[0]


# ---- computed fields

BOOKS = """
books:
  singular: book
  primaryKey: [id]
  foreignKeys: [{fields: [shelf_id], reference: {resource: shelves}}]
  fields:
    - {name: id, type: string}
    - {name: shelf_id, type: string, blank: none}
    - {name: title, type: string, blank: none}
    - {name: mark, type: string}
    - {name: lent_on, type: date, blank: not_yet}
    - {name: made, type: TYPE, blank: none, computed: "EXPR"}
    - {name: again, type: string, blank: none, computed: AGAIN}
shelves:
  singular: shelf
  primaryKey: [id]
  order: {by: room}
  fields: [{name: id, type: string}, {name: room, type: string, blank: none}]
"""
SHELVES = "id,room\nS1,Hall\nS2,\n"


def books(kind: str, expression: str, cells: str, again: str = "title", **files: str) -> tuple[Any, bool]:
    """What is made for one book (shelf_id, title, mark, lent_on), and whether it is unknown."""
    model = BOOKS.replace("TYPE", kind).replace("EXPR", expression).replace("AGAIN", again)
    text = f"id,shelf_id,title,mark,lent_on\nB1,{cells}\n"
    with loaded(model_of(model), {"books.csv": text, "shelves.csv": SHELVES, **files}) as found:
        ((value, unknown),) = rows(found, "books", "made", "_unknown & 32 <> 0")
        return value, unknown


@pytest.mark.parametrize(
    ("kind", "expression", "value"),
    [
        ("string", "substr(title, 1, 3)", "Dia"),
        ("string", "substr(title, 7)", "1"),
        ("string", "replace(title, 'a', 'o')", "Diory 1"),
        ("string", "split_part(title, ' ', 2)", "1"),
        ("string", "split_part(title, ' ', 3)", ""),
        ("string", "upper(title)", "DIARY 1"),
        ("string", "lower(title)", "diary 1"),
        ("string", "concat(title, '/', mark, '!')", "Diary 1/20240301!"),
        ("string", "title || '-' || mark", "Diary 1-20240301"),
        ("integer", "to_integer(substr(title, 7))", 1),
        ("number", "to_integer(mark) * 2", 40480602),
        ("date", "to_date(substr(mark, 1, 4) || '-03-01')", date(2024, 3, 1)),
        ("boolean", "title like 'D%_1'", True),
        ("boolean", "not title like 'E%'", True),
        ("string", "coalesce(shelf.room, 'none')", "Hall"),
        ("string", "case when title = 'X' then 'x' else 'y' end", "y"),
        ("date", "add_days(lent_on, 1)", date(2024, 3, 6)),
    ],
)
def test_a_field_is_computed_from_the_others_of_its_row(kind: str, expression: str, value: object) -> None:
    assert books(kind, expression, "S1,Diary 1,20240301,2024-03-05") == (value, False)


@pytest.mark.parametrize(
    ("kind", "expression", "unknown"),
    [
        ("string", "title || 'x'", False),
        ("string", "mark || 'x'", True),
        ("string", "concat(title, mark)", False),
        ("integer", "to_integer('one')", True),
        ("date", "to_date('2024-02-30')", True),
        ("date", "lent_on", False),
        ("integer", "year(lent_on)", True),
        ("string", "shelf.room", False),
        ("boolean", "mark = 'x'", True),
        ("boolean", "lent_on = lent_on and mark = 'x'", True),
    ],
)
def test_none_stays_a_blank_and_an_unknown_makes_it_unknown(kind: str, expression: str, unknown: bool) -> None:
    assert books(kind, expression, ",,,") == (None, unknown)


def test_comparisons_with_none_are_false() -> None:
    assert books("boolean", "title = 'x'", ",,,") == (False, False)


def test_one_computed_field_may_use_another_before_it() -> None:
    model = BOOKS.replace("TYPE", "string").replace("EXPR", "upper(title)").replace("AGAIN", "made || '!'")
    with loaded(
        model_of(model), {"books.csv": "id,shelf_id,title,mark,lent_on\nB1,S1,a,b,\n", "shelves.csv": SHELVES}
    ) as found:
        assert rows(found, "books", "again") == [("A!",)]


def test_nobody_hands_in_what_is_computed() -> None:
    model = BOOKS.replace("TYPE", "string").replace("EXPR", "title").replace("AGAIN", "mark")
    files = {"books.csv": "id,shelf_id,title,mark,lent_on,made\nB1,S1,a,b,,z\n", "shelves.csv": SHELVES}
    with loaded(model_of(model), files) as found:
        assert rows(found, "books", "made", "again") == [("a", "b")]
        assert problems(found) == [("extra-label", "books.csv", 1, "made", None)]
        assert [p.column for p in found.problems if p.code == "missing-label"] == []


def refused(kind: str, expression: str, again: str = "title") -> str:
    with pytest.raises(OrgauditError) as raised:
        books(kind, expression, "S1,a,b,", again)
    return render_error(raised.value, "en")


@pytest.mark.parametrize(
    ("kind", "expression", "told"),
    [
        ("integer", "title", "`made` takes integer, this is of type string"),
        ("string", "titel", "there is no field"),
        ("string", "again", "`made` cannot be computed from `again`, which is settled later"),
        ("string", "made", "`made` cannot be computed from `made`"),
        ("string", "shelf.previous.room", "`made` cannot be computed from `previous`"),
        ("boolean", "title like mark", "`like` with a pattern that is no text"),
        ("string", "substr(title)", "`substr` takes 3 arguments, here are 1"),
        ("string", "concat(title)", "`concat` takes 2 arguments, here are 1"),
        ("string", "concat(title, 1)", "string cannot be compared with integer"),
    ],
)
def test_what_cannot_be_computed_is_refused_with_the_name_of_the_field(kind: str, expression: str, told: str) -> None:
    line = refused(kind, expression)
    assert line.startswith("tests: books.made: ")
    assert told in line


def test_a_computed_field_cannot_be_a_key(tmp_path: Path) -> None:
    model = (
        BOOKS.replace("TYPE", "string").replace("EXPR", "title").replace("AGAIN", "title").replace("[id]", "[made]", 1)
    )
    assert any("cannot be part of the primary key" in e for e in model_errors(model_of(model), tmp_path))


EVENTS = """
talks:
  singular: talk
  primaryKey: [id]
  foreignKeys: [{fields: [room], reference: {resource: rooms}, name: place}]
  fields:
    - {name: id, type: string}
    - {name: code, type: string}
    - {name: held_on, type: date, role: when, computed: "to_date(substr(code, 1, 10))"}
    - {name: room, type: string, computed: "substr(code, 12)"}
rooms:
  singular: room
  primaryKey: [id]
  fields: [{name: id, type: string}]
notes:
  singular: note
  primaryKey: [id]
  time: talk.held_on
  foreignKeys: [{fields: [talk_id], reference: {resource: talks}}]
  fields: [{name: id, type: string}, {name: talk_id, type: string}]
"""


def test_days_and_references_may_be_computed() -> None:
    files = {
        "talks.csv": "id,code\nT1,2024-03-01/R1\nT2,2025-03-01/R1\nT3,2024-04-01/R2\n",
        "rooms.csv": "id\nR1\n",
        "notes.csv": "id,talk_id\nN1,T1\nN2,T2\n",
    }
    with loaded(model_of(EVENTS), files) as found:
        assert rows(found, "talks", "id", "held_on", "room") == [
            ("T1", date(2024, 3, 1), "R1"),
            ("T3", date(2024, 4, 1), None),
        ]
        assert problems(found, "foreign-key") == [("foreign-key", "talks.csv", 4, "room", "R2")]
        assert sorted((p.table, p.values["count"]) for p in found.problems if p.code == "later-than-as-of") == [
            ("notes", 1),
            ("talks", 1),
        ]


# ---- derived tables with a key

LISTS = """
entries:
  singular: entry
  primaryKey: [id]
  foreignKeys:
    - {fields: [who], reference: {resource: owners}, name: owner}
    - {fields: [meeting_id], reference: {resource: meetings}}
  fields:
    - {name: id, type: string}
    - {name: meeting_id, type: string}
    - {name: name, type: string, blank: none}
    - {name: flat, type: string}
    - {name: votes, type: integer, blank: none}
    - {name: who, type: string, blank: WHO, computed: lower(name)}
meetings:
  singular: meeting
  primaryKey: [id]
  fields: [{name: id, type: string}, {name: held_on, type: date}]
owners:
  singular: owner
  primaryKey: [id]
  owner: self
  fields:
    - {name: id, type: string, blank: KEYBLANK}
    - {name: name, type: string, role: name}
    - {name: first_on, type: date}
    - {name: last_on, type: date}
    - {name: times, type: integer}
    - {name: most, type: integer, blank: none}
    - {name: flat, type: string}
  derive:
    - from: entries
      KEY
      ORDER
      fields: {name: first(name), first_on: min(meeting.held_on), last_on: max(meeting.held_on), times: count(),
        most: max(votes), flat: first(flat)}
"""
MEETINGS = "id,held_on\nM1,2024-01-10\nM2,2024-02-10\nM3,\n"


def lists(who: str = "unknown", keyblank: str = "unknown", key: str = "key: {id: who}", order: str = "") -> str:
    model = LISTS.replace("KEYBLANK", keyblank).replace("WHO", who).replace("KEY", key)
    return model_of(model.replace("      ORDER\n", f"      {order}\n" if order else ""))


def entries(*records: str) -> Files:
    text = "id,meeting_id,name,flat,votes\n" + "".join(f"{r}\n" for r in records)
    return {"entries.csv": text, "meetings.csv": MEETINGS}


OWNERS = ("id", "name", "first_on", "last_on", "times", "most", "flat")


def test_one_row_for_each_key() -> None:
    files = entries("E1,M2,Ann,3,", "E2,M1,ANN,4,2", "E3,M1,Bea,5,", "E4,M2,ann,6,7")
    with loaded(lists(), files) as found:
        jan, feb = date(2024, 1, 10), date(2024, 2, 10)
        assert rows(found, "owners", *OWNERS, "_unknown") == [
            ("ann", "Ann", jan, feb, 3, 7, "3", 0),
            ("bea", "Bea", jan, jan, 1, None, "5", 0),
        ]
        assert reached(found, "owners", "entries")["ann"] == [("E1", True), ("E2", True), ("E4", True)]
        assert problems(found) == []


def test_first_goes_by_the_declared_order() -> None:
    files = entries("E1,M2,Ann,3,", "E2,M1,ANN,4,2")
    with loaded(lists(order="order: {by: meeting.held_on}"), files) as found:
        assert rows(found, "owners", "name", "flat") == [("ANN", "4")]


def test_an_unknown_value_makes_an_aggregate_unknown() -> None:
    files = entries("E1,M2,Ann,,1", "E2,M3,Ann,4,")
    with loaded(lists(), files) as found:
        bits = found.model.tables["owners"].bits
        ((unknown, times, most),) = rows(found, "owners", "_unknown", "times", "most")
        assert unknown == bits["first_on"] | bits["last_on"] | bits["flat"]
        assert (times, most) == (2, 1)


def test_where_the_order_is_unknown_nobody_is_first() -> None:
    files = entries("E1,M3,Ann,3,", "E2,M1,Ann,4,2")
    with loaded(lists(order="order: {by: meeting.held_on}"), files) as found:
        bits = found.model.tables["owners"].bits
        ((unknown,),) = rows(found, "owners", "_unknown")
        assert unknown & (bits["name"] | bits["flat"]) == bits["name"] | bits["flat"]


def test_rows_with_an_unknown_key_are_left_out_with_a_notice() -> None:
    files = entries("E1,M1,,3,", "E2,M1,Ann,4,")
    with loaded(lists(), files) as found:
        assert rows(found, "owners", "id") == [("ann",)]
        (notice,) = [p for p in found.problems if p.code == "left-out-of-derivation"]
        assert notice.values["count"] == 1


def test_none_is_a_key_only_where_the_derived_fields_blank_says_something() -> None:
    with loaded(lists(who="none", keyblank="none"), entries("E1,M1,,3,", "E2,M1,,4,", "E3,M1,Ann,4,")) as found:
        assert rows(found, "owners", "id", "times") == [("ann", 1), (None, 2)]
        assert [p for p in found.problems if p.code == "left-out-of-derivation"] == []


def test_a_key_may_be_a_list_of_paths_and_rows_may_be_chosen() -> None:
    days = """
    days:
      singular: day
      primaryKey: [held_on, flat]
      fields: [{name: held_on, type: date}, {name: flat, type: string}, {name: n, type: integer}]
      derive:
        - {from: entries, where: votes > 0, key: [meeting.held_on, flat], fields: {n: count()}}
    """
    files = entries("E1,M1,Ann,3,1", "E2,M1,Bea,3,2", "E3,M1,Cas,3,", "E4,M3,Dan,3,1", "E5,M2,Eve,,1")
    with loaded(lists() + "  " + days.strip().replace("\n    ", "\n  ") + "\n", files) as found:
        assert rows(found, "days", "held_on", "flat", "n") == [(date(2024, 1, 10), "3", 2)]
        notices = {p.table: p.values["count"] for p in found.problems if p.code == "left-out-of-derivation"}
        assert notices == {"days": 2}


def test_a_row_that_is_in_doubt_in_two_ways_is_told_once() -> None:
    days = """
    days:
      singular: day
      primaryKey: [held_on, flat]
      fields: [{name: held_on, type: date}, {name: flat, type: string}, {name: n, type: integer}]
      derive:
        - {from: entries, where: votes > 0, key: [meeting.held_on, flat], fields: {n: count()}}
        - {from: entries, where: votes > 7, key: [meeting.held_on, flat], fields: {n: count()}}
    """
    files = entries("E1,M1,Ann,3,1", "E4,M3,Dan,3,1", "E5,M2,Eve,,1")
    with loaded(lists() + "  " + days.strip().replace("\n    ", "\n  ") + "\n", files) as found:
        notices = [(p.table, p.values["count"]) for p in found.problems if p.code == "left-out-of-derivation"]
        assert notices == [("days", 2)]


def test_references_to_a_derived_table_are_checked_once_it_is_made() -> None:
    key = "where: votes is recorded\n      key: {id: who}"
    files = entries("E1,M1,Ann,3,1", "E2,M1,Bea,3,")
    with loaded(lists(key=key), files) as found:
        assert rows(found, "owners", "id") == [("ann",)]
        assert problems(found, "foreign-key") == [("foreign-key", "entries.csv", 3, "who", "bea")]


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("count()", "count(id)", "beside `key`, a field is count(), min(…), max(…) or first(…)"),
        ("count()", "votes", "beside `key`, a field is"),
        ("max(votes)", "max(nobody)", "there is no field"),
        ("max(votes)", "max(name)", "`most` takes integer, this is of type string"),
        ("max(votes)", "max(votes) + 1", "beside `key`, a field is"),
        ("max(votes)", "max(votes > 1)", "`max` takes date, number, string"),
    ],
)
def test_what_is_no_aggregate_is_refused(right: str, wrong: str, told: str) -> None:
    with pytest.raises(OrgauditError) as raised, loaded(lists().replace(right, wrong), entries("E1,M1,Ann,3,1")):
        pass
    line = render_error(raised.value, "en")
    assert line.startswith("tests: owners.derive[0]: ")
    assert told in line


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("key: {id: who}", "key: {ident: who}", "there is no field, reference or number `ident`"),
        ("times: count()", "tymes: count()", "Did you mean `times`?"),
        ("key: {id: who}", "key: {id: who, name: who}", "`name` in `owners` clashes"),
        ("from: entries", "from: entrys", "Did you mean `entries`?"),
        ("from: entries", "from: owners", "in a circle: owners ← owners"),
    ],
)
def test_names_in_a_derivation_are_there(right: str, wrong: str, told: str, tmp_path: Path) -> None:
    assert any(told in line for line in model_errors(lists().replace(right, wrong), tmp_path))
