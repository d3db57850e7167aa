"""Records that lie deep in YAML and JSON documents, by what the manifest says of their shape."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from loading import loaded, model_of, problems, rows
from support import write

from orgaudit.errors import OrgauditError
from orgaudit.messages import render_error
from orgaudit.records import read_manifest

MODEL = model_of(
    """
    teams:
      singular: team
      primaryKey: [id]
      fields:
        - {name: id, type: string, constraints: {required: true}}
        - {name: name, type: string}
        - {name: club, type: string, blank: none}
        - {name: kind, type: string, blank: none}
        - {name: colours, type: list, blank: none}
    seats:
      singular: seat
      primaryKey: [team, person]
      fields:
        - {name: team, type: string}
        - {name: person, type: string}
        - {name: year, type: integer, blank: none}
        - {name: club, type: string, blank: none}
        - {name: kind, type: string, blank: none}
    """
)
SEATS = ("team", "person", "year", "club", "kind")
DOCUMENT = """
club: Rowers
season: {year: 2024}
teams:
  - id: A
    name: Eights
    colours: [red, white]
    crew:
      - {person: Ann, boats: [{name: Swan}]}
      - {person: Bea}
    reserve: [Cas, Dan]
  - id: B
    name: Fours
"""


def manifest(*entries: str) -> str:
    return "files:\n" + "".join(f"  - {{path: 'club*', {entry}}}\n" for entry in entries)


TEAMS = "table: teams, record_path: teams, meta: {club: club}, values: {kind: sport}"
CREW = "table: seats, record_path: [teams, crew], meta: {team: [teams, id], year: [season, year]}"
RESERVE = (
    "table: seats, record_path: [teams, reserve], item: person, meta: {team: id, club: club}, values: {kind: reserve}"
)


def test_one_document_fills_several_tables() -> None:
    files = {"club.yaml": DOCUMENT, "orgaudit.yaml": manifest(TEAMS, CREW, RESERVE)}
    with loaded(MODEL, files) as found:
        assert rows(found, "teams", "id", "name", "club", "kind", "colours", "_line") == [
            ("A", "Eights", "Rowers", "sport", ["red", "white"], 5),
            ("B", "Fours", "Rowers", "sport", None, 12),
        ]
        assert rows(found, "seats", *SEATS, "_line", order="_row") == [
            ("A", "Ann", 2024, None, None, 9),
            ("A", "Bea", 2024, None, None, 10),
            ("A", "Cas", None, "Rowers", "reserve", 11),
            ("A", "Dan", None, "Rowers", "reserve", 11),
        ]
        assert problems(found) == [("extra-label", "club.yaml", 1, "boats", None)]
        assert [(f.path, f.table, f.rows) for f in found.read] == [
            ("club.yaml", "teams", 2),
            ("club.yaml", "seats", 2),
            ("club.yaml", "seats", 2),
        ]


def test_json_goes_through_the_same_door() -> None:
    document = {"teams": [{"id": "A", "name": "Eights (men)", "colours": []}, {"id": "B", "name": "Swan \U0001f9a2 /"}]}
    files = {
        "club.json": json.dumps(document, indent="\t"),
        "orgaudit.yaml": manifest("table: teams, record_path: teams"),
    }
    with loaded(MODEL, files) as found:
        assert rows(found, "teams", "id", "name", "_line") == [("A", "Eights (men)", 3), ("B", "Swan \U0001f9a2 /", 8)]


def test_json_without_a_manifest_is_a_list_or_a_mapping_of_tables() -> None:
    files = {
        "teams.json": '[{"id":"A","name":null}]',
        "all.json": '{"seats":[{"team":"A","person":"Ann","year":2024}]}',
    }
    with loaded(MODEL, files) as found:
        assert rows(found, "teams", "id", "name") == [("A", None)]
        assert rows(found, "seats", "team", "person", "year") == [("A", "Ann", 2024)]


def test_what_is_no_json_is_a_problem() -> None:
    with loaded(MODEL, {"teams.json": '[{"id":"A"},', "seats.csv": "team,person,year,club,kind\n"}) as found:
        assert [p[:2] for p in problems(found)] == [("source-error", "teams.json")]


def test_a_mapping_by_identifier_fills_a_field_with_its_keys() -> None:
    document = "A: {name: Eights}\nB:\nC: {name: Fours, id: X}\n"
    files = {"club.yaml": document, "orgaudit.yaml": manifest("table: teams, key: id")}
    with loaded(MODEL, files) as found:
        assert rows(found, "teams", "id", "name", "_line") == [("A", "Eights", 1), ("B", None, 2), ("C", "Fours", 3)]


def test_a_mapping_of_bare_items() -> None:
    document = "captains: {A: Ann, B: Bea}\n"
    files = {
        "club.yaml": document,
        "orgaudit.yaml": manifest("table: seats, record_path: captains, key: team, item: person"),
    }
    with loaded(MODEL, files) as found:
        assert rows(found, "seats", "team", "person") == [("A", "Ann"), ("B", "Bea")]


def test_a_list_of_documents_is_read_one_by_one() -> None:
    document = "- {id: A, crew: [{person: Ann}]}\n- {id: B, crew: [{person: Bea}]}\n- {id: C}\n"
    entry = "table: seats, record_path: crew, meta: {team: id}"
    with loaded(MODEL, {"club.yaml": document, "orgaudit.yaml": manifest(entry)}) as found:
        assert rows(found, "seats", "team", "person") == [("A", "Ann"), ("B", "Bea")]


def test_a_record_may_stand_alone() -> None:
    document = "club: Rowers\nfirst: {id: A, name: Eights}\n"
    entry = "table: teams, record_path: first, meta: {club: club}"
    with loaded(MODEL, {"club.yaml": document, "orgaudit.yaml": manifest(entry)}) as found:
        assert rows(found, "teams", "id", "name", "club") == [("A", "Eights", "Rowers")]


@pytest.mark.parametrize("document", ["teams:\n", "club: x\n", "teams: []\n"])
def test_a_missing_list_is_empty(document: str) -> None:
    with loaded(MODEL, {"club.yaml": document, "orgaudit.yaml": manifest(TEAMS)}) as found:
        assert rows(found, "teams", "id") == []
        assert problems(found, "unmatched-file", "not-a-record") == []
        assert "teams" in found.facts.submitted


@pytest.mark.parametrize(
    ("document", "line", "value"),
    [
        ("teams: [A, {id: B}]\n", 1, "A"),
        ("teams:\n  - {id: B}\n  - [C]\n", 3, "['C']"),
        ("teams: many\n", 1, "many"),
        ("just text\n", 1, "just text"),
    ],
)
def test_what_is_no_record_is_a_problem_at_its_line(document: str, line: int, value: str) -> None:
    with loaded(MODEL, {"club.yaml": document, "orgaudit.yaml": manifest(TEAMS)}) as found:
        assert problems(found, "not-a-record") == [("not-a-record", "club.yaml", line, None, value)]


def test_what_stands_below_a_field_cannot_be_read_and_what_no_field_takes_is_named() -> None:
    document = "teams:\n  - {id: A, name: {de: Achter}, coach: Eve, crew: [{person: Ann}]}\n"
    with loaded(MODEL, {"club.yaml": document, "orgaudit.yaml": manifest(TEAMS)}) as found:
        assert problems(found) == [
            ("extra-label", "club.yaml", 1, "coach", None),
            ("extra-label", "club.yaml", 1, "crew", None),
            ("type-error", "club.yaml", 2, "name", "{'de': 'Achter'}"),
        ]


def test_values_may_fill_a_field_of_a_table_too() -> None:
    entry = "files: [{path: '*_reserve.csv', table: seats, values: {kind: reserve, year: 2024, colour: red}}]"
    files = {"a_reserve.csv": "team,person,club,kind\nA,Ann,,x\n", "orgaudit.yaml": entry}
    with loaded(MODEL, files) as found:
        assert rows(found, "seats", *SEATS) == [("A", "Ann", 2024, None, "reserve")]
        assert problems(found) == [
            ("extra-label", "a_reserve.csv", None, "colour", None),
            ("duplicate-label", "a_reserve.csv", 1, "kind", None),
        ]


def test_a_value_that_does_not_fit_is_a_problem_of_each_row() -> None:
    entry = "files: [{path: '*.csv', table: seats, values: {year: soon}}]"
    with loaded(MODEL, {"x.csv": "team,person\nA,Ann\n", "orgaudit.yaml": entry}) as found:
        assert problems(found) == [("type-error", "x.csv", 2, "year", "soon")]


def test_a_table_is_no_document() -> None:
    files = {"club.csv": "id,name\nA,x\n", "orgaudit.yaml": manifest("table: teams, record_path: teams")}
    with loaded(MODEL, files) as found:
        assert problems(found) == [("not-a-document", "club.csv", None, None, None)]
        assert rows(found, "teams", "id") == [("A",)]


def test_a_table_that_is_not_there_is_named() -> None:
    files = {"club.yaml": "[]", "teams.csv": "id\n", "orgaudit.yaml": manifest("table: tems")}
    with loaded(MODEL, files) as found:
        assert problems(found, "unmatched-file") == [("unmatched-file", "club.yaml", None, None, "tems")]


def test_the_first_pattern_that_fits_counts() -> None:
    files = "files: {'a*': teams, '*': seats}"
    with loaded(MODEL, {"a.csv": "id\nA\n", "b.csv": "team,person\nA,Ann\n", "orgaudit.yaml": files}) as found:
        assert [(f.path, f.table) for f in found.read] == [("a.csv", "teams"), ("b.csv", "seats")]


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("{path: x}", "orgaudit.yaml:1:9: the key `table` is missing"),
        ("{path: x, table: teams, recordpath: a}", "unknown key `recordpath`"),
        ("{path: x, table: teams, meta: {club: []}}", "`club`"),
    ],
)
def test_what_is_wrong_with_an_entry_is_told_at_its_place(entry: str, told: str, tmp_path: Path) -> None:
    write(tmp_path, {"orgaudit.yaml": f"files: [{entry}]\n"})
    with pytest.raises(OrgauditError) as raised:
        read_manifest(tmp_path, "x")
    assert told in "\n".join(render_error(e, "en") for e in raised.value.errors)  # type: ignore[attr-defined]
