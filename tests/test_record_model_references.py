"""References of several fields: what they lead to, where they lead nowhere, lists that are complete for a parent."""

from __future__ import annotations

from pathlib import Path

import pytest
from loading import loaded, model_errors, model_of, problems, reached, rows

LINES = """
lines:
  singular: line
  primaryKey: [town, number]
  owner: self_town
  foreignKeys: [{fields: [town], reference: {resource: towns}, name: self_town}]
  fields:
    - {name: town, type: string, constraints: {required: true}}
    - {name: number, type: integer, constraints: {required: true}}
    - {name: name, type: string, blank: none}
towns:
  singular: town
  primaryKey: [id]
  owner: self
  fields: [{name: id, type: string}]
trams:
  singular: tram
  primaryKey: [id]
  owner: line.self_town
  foreignKeys:
    - {fields: [of_town, of_line], reference: {resource: lines, fields: [town, number]}, name: line, dangling: DANGLING}
  fields:
    - {name: id, type: string}
    - {name: of_town, type: string, blank: none}
    - {name: of_line, type: integer, blank: BLANK}
"""
TOWNS = "id\nA\nB\n"
FILES = {"towns.csv": TOWNS, "lines.csv": "town,number,name\nA,1,Red\nA,2,Blue\nB,1,Ring\n"}


def model(dangling: str = "problem", blank: str = "none") -> str:
    return model_of(LINES.replace("DANGLING", dangling).replace("BLANK", blank))


def trams(*records: str) -> dict[str, str]:
    return {**FILES, "trams.csv": "id,of_town,of_line\n" + "".join(f"{r}\n" for r in records)}


def test_several_fields_lead_to_a_record_and_back() -> None:
    with loaded(model(), trams("T1,A,2", "T2,B,1", "T3,A,2")) as found:
        assert reached(found, "trams", "line") == {"T1": [("A/2", True)], "T2": [("B/1", True)], "T3": [("A/2", True)]}
        assert reached(found, "lines", "trams") == {"A/2": [("T1", True), ("T3", True)], "B/1": [("T2", True)]}
        assert reached(found, "towns", "lines.trams")["B"] == [("T2", True)]
        assert problems(found) == []


def test_where_a_part_is_none_there_certainly_is_no_record() -> None:
    with loaded(model(), trams("T1,,", "T2,A,", "T3,A,9")) as found:
        expected = [("foreign-key", "trams.csv", 4, "of_town, of_line", "A/9")]
        assert problems(found, "foreign-key") == expected
        assert reached(found, "trams", "line") == {"T3": [("/", None)]}
        assert rows(found, "trams", "of_town", "_unknown", order="id") == [(None, 0), ("A", 0), ("A", 0)]


def test_a_part_that_nobody_knows_leaves_it_unknown() -> None:
    with loaded(model(blank="unknown"), trams("T1,A,", "T2,A,x", "T3,A,")) as found:
        assert {k: sure for k, ((_, sure),) in reached(found, "trams", "line").items()} == dict.fromkeys(
            "T1 T2 T3".split()
        )
        assert problems(found, "foreign-key") == []


def test_where_there_may_be_none_what_is_not_there_certainly_is_none() -> None:
    with loaded(model("allowed"), trams("T1,A,9", "T2,A,1")) as found:
        assert reached(found, "trams", "line") == {"T2": [("A/1", True)]}
        assert problems(found) == []


def test_a_row_that_cannot_be_placed_may_belong_to_any_record_of_its_owner() -> None:
    with loaded(model(blank="unknown"), trams("T1,A,1", "T2,A,")) as found:
        assert reached(found, "lines", "trams") == {"A/1": [("T1", True), ("T2", None)], "A/2": [("T2", None)]}


def test_where_a_column_was_not_handed_in_what_is_counted_through_it_is_open() -> None:
    with loaded(model(), {**FILES, "trams.csv": "id,of_town\nT1,A\n"}) as found:
        key = found.model.tables["trams"].foreignKeys[0]
        assert ("trams", key.field) in found.facts.open_references


STOPS = """
stops:
  singular: stop
  primaryKey: [of_town, of_line, tram_id]
  owner: line.self_town
  complete: {per: line, among: [trams]}
  foreignKeys:
    - {fields: [of_town, of_line], reference: {resource: lines, fields: [town, number]}, name: line}
    - {fields: [tram_id], reference: {resource: trams}, name: tram}
  fields:
    - {name: of_town, type: string, constraints: {required: true}}
    - {name: of_line, type: integer, constraints: {required: true}}
    - {name: tram_id, type: string, constraints: {required: true}}
    - {name: kept, type: boolean}
"""


def test_a_list_may_be_complete_for_a_parent_with_a_key_of_several_columns() -> None:
    whole = model_of(LINES.replace("DANGLING", "problem").replace("BLANK", "none"), STOPS)
    files = {**trams("T1,A,1", "T2,A,2", "T3,A,2"), "stops.csv": "of_town,of_line,tram_id,kept\nA,1,T1,yes\n"}
    with loaded(whole, files) as found:
        assert reached(found, "lines", "stops") == {
            "A/1": [("A/1/T1", True)],
            "A/2": [("A/2/T2", None), ("A/2/T3", None)],
        }
        assert reached(found, "trams", "stops") == {
            "T1": [("A/1/T1", True)],
            "T2": [("A/2/T2", None)],
            "T3": [("A/2/T3", None)],
        }


def test_a_tree_may_have_a_key_of_several_columns() -> None:
    parts = """
    parts:
      singular: part
      primaryKey: [book, number]
      foreignKeys:
        - {fields: [book, above], reference: {resource: parts, fields: [book, number]}, name: whole, reverse: parts_of}
      fields:
        - {name: book, type: string}
        - {name: number, type: string}
        - {name: above, type: string, blank: none}
    """
    files = {"parts.csv": "book,number,above\nX,1,\nX,1a,1\nX,1b,1a\nY,1,1\n"}
    with loaded(model_of(parts), files) as found:
        assert reached(found, "parts", "ancestors")["X/1b"] == [("X/1", True), ("X/1a", True)]
        (circle,) = [p for p in found.problems if p.code == "reference-circle"]
        assert (circle.column, circle.value) == ("book, above", "Y/1")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("fields: [town, number]}, name: line", "fields: [town]}, name: line"),
        ("fields: [town, number]}, name: line", "fields: [town, name]}, name: line"),
        ("{fields: [of_town, of_line], ref", "{fields: [of_town], ref"),
    ],
)
def test_a_reference_names_the_whole_key(wrong: str, told: str, tmp_path: Path) -> None:
    (line,) = model_errors(model().replace(wrong, told), tmp_path)
    assert "as many fields as its primary key (town, number)" in line
    assert line.startswith("records.yaml:23:")


def test_a_reference_of_several_fields_needs_a_name(tmp_path: Path) -> None:
    lines = model_errors(model().replace(", name: line, dangling", ", dangling"), tmp_path)
    assert any("the key `name` is missing" in line for line in lines)


def test_a_reference_is_of_the_type_of_what_it_names(tmp_path: Path) -> None:
    (line,) = model_errors(model().replace("{name: of_line, type: integer", "{name: of_line, type: string"), tmp_path)
    assert "`of_line` takes integer, this is of type string" in line


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("owner: line.self_town", "owner: lyne.self_town", "Did you mean `line`?"),
        ("owner: line.self_town", "owner: line", "a key of one column"),
        (
            "owner: line.self_town",
            "owner: line.self_town\n    time: line.name",
            "there is no field, reference or number `name`",
        ),
        ("owner: line.self_town", "owner: line.self_town\n    name: line.nam", "Did you mean `name`?"),
    ],
)
def test_paths_lead_somewhere(right: str, wrong: str, told: str, tmp_path: Path) -> None:
    assert any(told in line for line in model_errors(model().replace(right, wrong), tmp_path))


@pytest.mark.parametrize(("right", "wrong"), [("per: line", "per: lane"), ("among: [trams]", "among: [trams.stops]")])
def test_a_list_is_complete_for_a_parent_among_records_it_names(right: str, wrong: str, tmp_path: Path) -> None:
    whole = model_of(LINES.replace("DANGLING", "problem").replace("BLANK", "none"), STOPS.replace(right, wrong))
    assert "has no reference" in model_errors(whole, tmp_path)[0]
