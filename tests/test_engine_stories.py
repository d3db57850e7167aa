"""Small stories of what the engine once got wrong, each told by a record model, a standard and a few lines of records."""

from __future__ import annotations

import textwrap
from datetime import date
from pathlib import Path

import pytest

from orgaudit.engine import audit
from orgaudit.errors import OrgauditError
from orgaudit.recordmodel import load_record_model
from orgaudit.records import load_records
from orgaudit.standards import load_standard

YEAR = "as_of: 2024-12-31\nperiod: {from: 2024-01-01, to: 2024-12-31}\n"


def story(folder: Path, model: str, rules: str, records: dict[str, str], manifest: str = YEAR) -> dict[str, str]:
    """The verdict of every check, by `RULE SUBJECT[/EACH] [PERIOD]`; the period only where there are several."""
    written = {"model.yaml": "records: story\nmissingValues: ['', '-']\ntables:\n" + textwrap.indent(model, "  ")}
    written["standard.yaml"] = "standard: story\n" + textwrap.dedent(rules)
    written |= {f"records/{name}": text for name, text in records.items()} | {"records/orgaudit.yaml": manifest}
    for name, text in written.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
    loaded_model = load_record_model(folder / "model.yaml")
    standard = load_standard(str(folder / "standard.yaml"), loaded_model)
    loaded = load_records(folder / "records", loaded_model, default_as_of=date(2024, 12, 31))
    try:
        checks = list(audit(loaded, [standard]).checks())
    finally:
        loaded.db.close()
    found: dict[str, str] = {}
    for check in checks:
        subject = "/".join([check.subject, *map(str, check.each)])
        period = "" if ".." in check.period else f" {check.period}"
        found[f"{check.rule} {subject}{period}"] = str(check.verdict)
    return found


BOATS = textwrap.dedent("""
    boats:
      singular: boat
      primaryKey: [id]
      owner: self
      fields:
        - {name: id, type: string, constraints: {required: true}}
        - {name: size, type: integer}
    trips:
      singular: trip
      primaryKey: [id]
      owner: boat
      foreignKeys:
        - {fields: [boat_id], reference: {resource: boats}, name: boat, reverse: trips}
      fields:
        - {name: id, type: string, constraints: {required: true}}
        - {name: boat_id, type: string}
        - {name: day, type: date, role: when}
        - {name: back, type: date, blank: not_yet}
    stays:
      singular: stay
      primaryKey: [boat_id, from_on]
      owner: boat
      foreignKeys:
        - {fields: [boat_id], reference: {resource: boats}, name: boat, reverse: stays}
      fields:
        - {name: boat_id, type: string}
        - {name: from_on, type: date, role: valid_from, blank: open}
        - {name: to_on, type: date, role: valid_to, blank: open}
        - {name: first, type: boolean, blank: none}
      derive:
        - from: trips
          order: {by: day, within: boat_id}
          fields:
            boat_id: boat_id
            from_on: day
            to_on: coalesce(add_days(next.day, -1), next.back)
            first: case when previous.id is recorded then false else true end
    """)


def test_the_neighbours_of_a_row_without_its_group_are_unknown(tmp_path: Path) -> None:
    """A trip whose boat nobody wrote down was taken for the first trip of no boat at all."""
    rules = """
    rules:
      - {id: R, modality: must, for: stays, require: first}
    """
    trips = "id,boat_id,day,back\nT1,B1,2024-01-05,\nT2,B1,2024-02-05,\nT3,,2024-03-05,\nT4,,2024-03-06,\n"
    found = story(tmp_path, BOATS, rules, {"boats.csv": "id,size\nB1,3\nB2,3\n", "trips.csv": trips})
    assert found == {
        "R B1/2024-01-05": "pass",
        "R B1/2024-02-05": "fail",
        "R /2024-03-05": "unknown",
        "R /2024-03-06": "unknown",
    }


def test_the_neighbours_in_a_group_with_an_unknown_day_are_unknown(tmp_path: Path) -> None:
    """A trip of unknown day was taken for the last one of its boat."""
    rules = """
    rules:
      - {id: R, modality: must, for: stays, require: first}
    """
    trips = "id,boat_id,day,back\nT1,B1,2024-01-05,\nT2,B1,,\nT3,B2,2024-03-05,\n"
    found = story(tmp_path, BOATS, rules, {"boats.csv": "id,size\nB1,3\nB2,3\n", "trips.csv": trips})
    assert found == {"R B1/2024-01-05": "unknown", "R B1/": "unknown", "R B2/2024-03-05": "pass"}


def test_an_unknown_derived_value_may_be_none(tmp_path: Path) -> None:
    """It passed for recorded, though nobody knows whether there is anything to record."""
    model = BOATS.replace(
        "first: case when previous.id is recorded then false else true end",
        "first: case when back > day then true else false end",
    ).replace("{name: back, type: date, blank: not_yet}", "{name: back, type: date}")
    rules = """
    rules:
      - {id: R, modality: must, for: stays, require: first is recorded}
    """
    trips = "id,boat_id,day,back\nT1,B1,2024-01-05,2024-01-06\nT2,B1,2024-02-05,\n"
    found = story(tmp_path, model, rules, {"boats.csv": "id,size\nB1,3\n", "trips.csv": trips})
    assert found == {"R B1/2024-01-05": "pass", "R B1/2024-02-05": "unknown"}


def test_an_event_that_has_not_happened_yet_is_there(tmp_path: Path) -> None:
    """A trip without a day yet, or planned for next year, was left out as later, and the boat seemed never to be asked for."""
    model = BOATS.replace("{name: day, type: date, role: when}", "{name: day, type: date, role: when, blank: not_yet}")
    rules = """
    rules:
      - {id: ASKED, modality: must, for: boats, count: trips ever, at_least: 1}
      - {id: WENT, modality: must, for: boats, count: trips, at_least: 1}
    """
    trips = "id,boat_id,day,back\nT1,B1,,\nT2,B2,2025-03-01,\n"
    found = story(tmp_path, model, rules, {"boats.csv": "id,size\nB1,3\nB2,3\nB3,3\n", "trips.csv": trips})
    assert found == {
        "ASKED B1": "pass",
        "ASKED B2": "pass",
        "ASKED B3": "fail",
        "WENT B1": "fail",
        "WENT B2": "fail",
        "WENT B3": "fail",
    }


def test_one_event_entered_twice_with_two_days_has_an_unknown_day(tmp_path: Path) -> None:
    """The line with the later day was left out, and the other taken at its word."""
    rules = """
    rules:
      - {id: R, modality: must, for: boats, count: trips, at_least: 1}
    """
    trips = "id,boat_id,day,back\nT1,B1,2024-05-01,\nT1,B1,2025-05-01,\n"
    found = story(tmp_path, BOATS, rules, {"boats.csv": "id,size\nB1,3\n", "trips.csv": trips})
    assert found == {"R B1": "unknown"}


def test_a_blank_that_stands_for_a_value_agrees_with_it(tmp_path: Path) -> None:
    """Of two lines of one boat one said 3, the other left blank what means 3: that was taken for a contradiction."""
    model = BOATS.replace("{name: size, type: integer}", "{name: size, type: integer, blank: {value: 3}}")
    rules = """
    rules:
      - {id: R, modality: must, for: boats, require: size = 3}
    """
    found = story(tmp_path, model, rules, {"boats.csv": "id,size\nB1,3\nB1,\n", "trips.csv": "id,boat_id,day,back\n"})
    assert found == {"R B1": "pass"}


def test_a_blank_that_stands_for_no_agrees_with_no_and_not_with_what_cannot_be_read(tmp_path: Path) -> None:
    """The model's word `no` was held against a written no; and a cell that nobody can read became a no."""
    model = BOATS.replace("{name: size, type: integer}", "{name: wet, type: boolean, blank: {value: no}}")
    rules = """
    rules:
      - {id: R, modality: must, for: boats, require: not wet}
    """
    boats = "id,wet\nB1,否\nB1,\nB2,??\nB2,??\nB3,??\nB3,\nB4,\n"
    found = story(tmp_path, model, rules, {"boats.csv": boats, "trips.csv": "id,boat_id,day,back\n"})
    assert found == {"R B1": "pass", "R B2": "unknown", "R B3": "unknown", "R B4": "pass"}


def test_derived_records_of_one_key_are_one_record(tmp_path: Path) -> None:
    """Two trips on one day gave two stays of the same key, and two verdicts under one name."""
    rules = """
    rules:
      - {id: R, modality: must, for: stays, every: quarter, count: boat.trips, at_least: 1}
    """
    trips = "id,boat_id,day,back\nT1,B1,2024-01-01,\nT2,B1,2024-01-01,\n"
    found = story(tmp_path, BOATS, rules, {"boats.csv": "id,size\nB1,3\n", "trips.csv": trips})
    assert found == {"R B1/2024-01-01 2024-Q1": "pass", **{f"R B1/2024-01-01 2024-Q{n}": "unknown" for n in (2, 3, 4)}}


CLUB = textwrap.dedent("""
    boats:
      singular: boat
      primaryKey: [id]
      owner: self
      fields:
        - {name: id, type: string, constraints: {required: true}}
        - {name: size, type: integer}
        - {name: from_on, type: date, role: valid_from, blank: open}
        - {name: to_on, type: date, role: valid_to, blank: open}
    trips:
      singular: trip
      primaryKey: [id]
      owner: boat
      foreignKeys:
        - {fields: [boat_id], reference: {resource: boats}, name: boat, reverse: trips}
      fields:
        - {name: id, type: string, constraints: {required: true}}
        - {name: boat_id, type: string, constraints: {required: true}}
        - {name: day, type: date, role: when, constraints: {required: true}}
        - {name: kind, type: string}
    repairs:
      singular: repair
      primaryKey: [id]
      owner: boat
      foreignKeys:
        - {fields: [boat_id], reference: {resource: boats}, name: boat, reverse: repairs}
      fields:
        - {name: id, type: string, constraints: {required: true}}
        - {name: boat_id, type: string, constraints: {required: true}}
        - {name: from_on, type: date, role: valid_from, blank: open}
        - {name: to_on, type: date, role: valid_to, blank: open}
    """)
BOAT = {"boats.csv": "id,size,from_on,to_on\nB1,3,,\n", "repairs.csv": "id,boat_id,from_on,to_on\n"}


def days(*texts: str) -> str:
    """A table of trips of one boat on these days."""
    return "id,boat_id,day,kind\n" + "".join(f"T{i},B1,{text},a\n" for i, text in enumerate(texts))


def test_months_before_a_rule_was_in_force_do_not_count(tmp_path: Path) -> None:
    """A boat that lay idle before the rule came into force was held against it."""
    rules = """
    rules:
      - id: R
        modality: must
        in_force: {from: 2024-07-01}
        for: boats
        consecutive: month
        when: {count: trips, exactly: 0}
        at_most: 2
    """
    months = [f"2024-{m:02}-05" for m in range(7, 13) if m not in (7, 8)]
    found = story(tmp_path, CLUB, rules, BOAT | {"trips.csv": days(*months)})
    assert found == {"R B1": "pass"}


def test_a_run_that_only_one_month_can_have_ended_is_reached_in_that_month(tmp_path: Path) -> None:
    """The day was unknown as soon as anything about the run was, and what was due after it could not be judged."""
    rules = """
    rules:
      - {id: R, modality: must, for: boats, consecutive: month, when: {count: trips, exactly: 0}, at_most: 1}
      - {id: S, modality: must, for: breaches of R, within: 20 days after reached_on, count: boat.trips, at_least: 2}
    """
    months = [f"2024-{m:02}-05" for m in (1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12)]
    trips = days(*months, "2024-07-06").replace("T4,B1", "T4,")  # nobody knows whose trip it was in June
    found = story(tmp_path, CLUB, rules, BOAT | {"trips.csv": trips})
    assert found == {"R B1": "unknown", "S B1/2024-05-01": "pass"}


CREWS = CLUB + textwrap.dedent("""
    rowers:
      singular: rower
      primaryKey: [id]
      owner: boat
      foreignKeys:
        - {fields: [boat_id], reference: {resource: boats}, name: boat, reverse: rowers}
      fields:
        - {name: id, type: string, constraints: {required: true}}
        - {name: boat_id, type: string, constraints: {required: true}}
        - {name: asked, type: date, blank: none}
        - {name: answered, type: date, blank: not_yet}
    seats:
      singular: seat
      primaryKey: [trip_id, rower_id]
      owner: trip.boat
      time: trip.day
      complete: {per: trip, among: [boat.rowers]}
      foreignKeys:
        - {fields: [trip_id], reference: {resource: trips}, name: trip, reverse: seats}
        - {fields: [rower_id], reference: {resource: rowers}, name: rower, reverse: seats}
      fields:
        - {name: trip_id, type: string, constraints: {required: true}}
        - {name: rower_id, type: string, constraints: {required: true}}
    """)


def crews(
    trips: str = "T1,B1,2024-05-01,a", rowers: str = "R1,B1,,", seats: str = "", boats: str = "B1,3,,"
) -> dict[str, str]:
    return {
        "boats.csv": f"id,size,from_on,to_on\n{boats}\n",
        "repairs.csv": "id,boat_id,from_on,to_on\n",
        "trips.csv": f"id,boat_id,day,kind\n{trips}\n",
        "rowers.csv": f"id,boat_id,asked,answered\n{rowers}\n",
        "seats.csv": f"trip_id,rower_id\n{seats}\n",
    }


def test_nobody_knows_how_many_there_are_behind_an_unknown_reference(tmp_path: Path) -> None:
    """A trip of an unknown boat was said to have certainly had no seat taken by anybody of that boat."""
    rules = """
    rules:
      - {id: R, modality: must, for: trips, count: boat.rowers.seats, at_most: 0}
    """
    records = crews(trips="T1,,2024-05-01,a\nT2,B1,2024-06-01,a", seats="T2,R1", boats="B1,3,,\nB2,3,,")
    assert story(tmp_path, CREWS, rules, records) == {"R T1": "unknown", "R T2": "fail"}


def test_anybody_may_have_been_aboard_where_nobody_knows_whose_boat_it_was(tmp_path: Path) -> None:
    """A trip of an unknown boat without a list was held to have been made by nobody."""
    rules = """
    rules:
      - {id: R, modality: must, for: trips, count: seats, at_least: 1}
    """
    records = crews(trips="T1,,2024-05-01,a\nT2,B2,2024-05-01,a", boats="B1,3,,\nB2,3,,")
    assert story(tmp_path, CREWS, rules, records) == {"R T1": "unknown", "R T2": "fail"}


def test_what_has_not_happened_yet_takes_no_number_of_days(tmp_path: Path) -> None:
    """An answer still to come was reckoned to have taken eight thousand years, and failed or passed by it."""
    rules = """
    rules:
      - {id: R, modality: must, for: rowers, value: "days(asked, answered)", at_most: 30}
      - {id: S, modality: must, for: rowers, value: "days(asked, answered)", at_least: 30}
    """
    found = story(tmp_path, CREWS, rules, crews(rowers="R1,B1,2024-12-20,\nR2,B1,2024-05-01,2024-05-04"))
    assert found == {"R R1": "unknown", "R R2": "pass", "S R1": "unknown", "S R2": "fail"}


def test_each_month_of_a_run_is_judged_by_the_number_of_its_day(tmp_path: Path) -> None:
    """Months were judged by the number in force when the audit was made."""
    rules = """
    parameters: {wanted: {2020-01-01: 1, 2024-07-01: 2}}
    rules:
      - {id: R, modality: must, for: boats, consecutive: month, when: {count: trips, less_than: $wanted}, at_most: 5}
    """
    records = BOAT | {"trips.csv": days(*(f"2024-{m:02}-05" for m in range(1, 13)))}
    assert story(tmp_path, CLUB, rules, records) == {"R B1": "fail"}
    assert story(tmp_path, CLUB, rules.replace("at_most: 5", "at_most: 6"), records) == {"R B1": "pass"}


def test_a_number_has_its_first_value_before_its_first_day(tmp_path: Path) -> None:
    """Before its first day a number was unknown, and so was everything that asked for it."""
    rules = """
    parameters: {wanted: {2024-05-01: 1, 2024-07-01: 2}}
    rules:
      - {id: R, modality: must, for: boats, every: half-year, count: trips, at_least: $wanted}
    """
    found = story(tmp_path, CLUB, rules, BOAT | {"trips.csv": days("2024-01-05", "2024-07-05")})
    assert found == {"R B1 2024-H1": "pass", "R B1 2024-H2": "fail"}


def test_with_every_a_number_is_that_of_the_first_day_of_the_period(tmp_path: Path) -> None:
    """Where `within` moved the window, the number was taken from the day on which the window began."""
    rules = """
    parameters: {wanted: {2020-01-01: 1, 2024-07-01: 2}}
    rules:
      - id: R
        modality: must
        for: boats
        every: half-year
        within: {from: "add_months(period_start, -1)", to: period_end}
        count: trips
        at_least: $wanted
    """
    manifest = YEAR + "covers: {trips: {from: 2023-12-01}}\n"
    found = story(tmp_path, CLUB, rules, BOAT | {"trips.csv": days("2024-01-05", "2024-07-05")}, manifest)
    assert found == {"R B1 2024-H1": "pass", "R B1 2024-H2": "fail"}


def test_a_number_in_the_subjects_condition_is_asked_of_its_own_owner(tmp_path: Path) -> None:
    """With silence about the lists, nobody was known to have handed in any, and every trip was doubtful."""
    rules = """
    define: {aboard: {for: trips, count: seats}}
    rules:
      - {id: R, modality: must, for: trips where aboard >= 2, require: kind = 'a'}
    """
    records = crews(seats="T1,R1")
    assert story(tmp_path, CREWS, rules, records, YEAR + "silence: unreported\n") == {}


def test_a_breach_is_there_from_its_day_on(tmp_path: Path) -> None:
    """A limit passed in the middle of the year was followed by a duty counted from the end of it."""
    rules = """
    rules:
      - {id: R, modality: must, for: boats, every: year, count: trips, at_most: 1}
      - id: S
        modality: must
        for: breaches of R
        within: {to: "add_days(reached_on, 5)"}
        count: boat.trips
        at_least: 1
    """
    manifest = "as_of: 2024-06-30\nperiod: {from: 2024-01-01, to: 2024-12-31}\n"
    found = story(tmp_path, CLUB, rules, BOAT | {"trips.csv": days("2024-01-05", "2024-02-05")}, manifest)
    assert found == {"R B1 2024": "fail"}


def test_a_derived_table_is_as_complete_as_what_it_is_made_from(tmp_path: Path) -> None:
    """A boat that reported no trips was said to have certainly had no stays."""
    rules = """
    rules:
      - {id: R, modality: must, for: boats, count: stays ever, at_least: 1}
    """
    records = {"boats.csv": "id,size\nB1,3\nB2,3\n", "trips.csv": "id,boat_id,day,back\nT1,B1,2024-01-05,\n"}
    found = story(tmp_path, BOATS, rules, records, YEAR + "silence: {trips: unreported}\n")
    assert found == {"R B1": "pass", "R B2": "unknown"}


def test_a_value_is_judged_when_its_window_is_closed(tmp_path: Path) -> None:
    """A value passed for good while it could still change."""
    rules = """
    rules:
      - {id: R, modality: must, for: trips, within: 30 days after day, value: boat.size, at_least: 1}
    """
    records = BOAT | {"trips.csv": days("2024-12-15", "2024-11-15")}
    assert story(tmp_path, CLUB, rules, records) == {"R T0": "pending", "R T1": "pass"}


def test_a_window_of_unknown_end_may_still_be_open(tmp_path: Path) -> None:
    """It was taken for closed, and what had not been done yet for a breach."""
    rules = """
    rules:
      - id: R
        modality: must
        for: boats
        every: half-year
        within: {from: period_start, to: due}
        require: size = 4
    """
    model = CLUB.replace(
        "- {name: size, type: integer}", "- {name: size, type: integer}\n    - {name: due, type: date}"
    )
    records = BOAT | {"boats.csv": "id,size,due,from_on,to_on\nB1,3,,,\nB2,3,2024-08-01,,\n", "trips.csv": days()}
    found = story(tmp_path, model, rules, records)
    assert found["R B1 2024-H1"] == "unknown"
    assert found["R B2 2024-H1"] == "fail"


def test_a_derived_record_that_begins_later_is_not_there_yet(tmp_path: Path) -> None:
    """A stay planned for next year was there already."""
    model = BOATS.replace("from_on: day", "from_on: back").replace(
        "back, type: date, blank: not_yet", "back, type: date"
    )
    rules = """
    rules:
      - {id: R, modality: must, for: boats, count: stays ever, at_least: 1}
    """
    trips = "id,boat_id,day,back\nT1,B1,2024-12-05,2025-01-05\n"
    assert story(tmp_path, model, rules, {"boats.csv": "id,size\nB1,3\n", "trips.csv": trips}) == {"R B1": "fail"}


def test_two_unknown_references_may_be_two_records(tmp_path: Path) -> None:
    """Two trips with boats that nobody knows were counted as one boat at most."""
    rules = """
    rules:
      - {id: R, modality: must, for: rowers, count: trips.boat, at_most: 1}
    """
    model = CLUB.replace(
        "- {name: kind, type: string}", "- {name: kind, type: string}\n    - {name: rower_id, type: string}"
    )
    model = model.replace(
        "name: boat, reverse: trips}",
        "name: boat, reverse: trips}\n    - {fields: [rower_id], reference: {resource: rowers}}",
    )
    model += """rowers:
  singular: rower
  primaryKey: [id]
  owner: self
  fields:
    - {name: id, type: string, constraints: {required: true}}
"""
    records = BOAT | {
        "rowers.csv": "id\nR1\nR2\n",
        "trips.csv": "id,boat_id,day,kind,rower_id\nT1,,2024-05-01,a,R1\nT2,,2024-05-02,a,R1\nT3,,2024-05-02,a,R2\n",
    }
    assert story(tmp_path, model, rules, records) == {"R R1": "unknown", "R R2": "pass"}


def test_a_list_of_obligations_that_changes(tmp_path: Path) -> None:
    """Each day has the list that is in force on it."""
    rules = """
    parameters: {kinds: {2020-01-01: [a], 2024-07-01: [a, b]}}
    rules:
      - id: R
        modality: must
        for: boats
        every: half-year
        each: {kind: $kinds}
        count: trips where kind = each.kind
        at_least: 1
    """
    found = story(tmp_path, CLUB, rules, BOAT | {"trips.csv": days()})
    assert sorted(found) == ["R B1/a 2024-H1", "R B1/a 2024-H2", "R B1/b 2024-H2"]


def test_what_is_behind_a_table_that_nobody_handed_in_is_unknown_however_it_is_asked_for(tmp_path: Path) -> None:
    """Where a reference may lead nowhere, a missing table was taken for one that certainly has no such record."""
    model = textwrap.dedent("""
        homes:
          singular: home
          primaryKey: [town, number]
          fields:
            - {name: town, type: string, constraints: {required: true}}
            - {name: number, type: string, constraints: {required: true}}
            - {name: size, type: integer}
        people:
          singular: person
          primaryKey: [id]
          order: {by: [home.size]}
          foreignKeys:
            - fields: [town, number]
              reference: {resource: homes, fields: [town, number]}
              name: home
              reverse: people
              dangling: allowed
            - {fields: [friend_id], reference: {resource: friends}, name: friend, reverse: friends, dangling: allowed}
          fields:
            - {name: id, type: string, constraints: {required: true}}
            - {name: town, type: string, blank: none}
            - {name: number, type: string, blank: none}
            - {name: friend_id, type: string, blank: none}
            - {name: known_as, type: string, blank: none, computed: friend.name}
        friends:
          singular: friend
          primaryKey: [id]
          fields:
            - {name: id, type: string, constraints: {required: true}}
            - {name: name, type: string}
        """)
    rules = """
    rules:
      - {id: HOUSED, modality: must, for: people, require: home.size > 1}
      - {id: KNOWN, modality: must, for: people, require: known_as = 'Ann'}
      - {id: FIRST, modality: must, for: people, require: previous.id is recorded or id = 'P1'}
    """
    people = "id,town,number,friend_id\nP1,Ely,3,F1\nP2,Ely,4,F2\n"
    found = story(tmp_path, model, rules, {"people.csv": people})
    assert found == {f"{rule} P{n}": "unknown" for rule in ("HOUSED", "KNOWN") for n in (1, 2)} | {
        "FIRST P1": "pass",
        "FIRST P2": "unknown",
    }


def test_what_has_not_happened_yet_lies_in_no_window_not_even_in_one_without_an_end(tmp_path: Path) -> None:
    """It counted in a window that nobody knows, and in one that never ends."""
    model = BOATS.replace("day, type: date, role: when", "day, type: date, role: when, blank: not_yet")
    rules = """
    rules:
      - {id: DAY, modality: must, for: boats, within: {from: bought, to: sold}, count: trips, at_least: 1}
      - {id: BACK, modality: must, for: boats, within: {from: bought, to: sold}, count: trips dated back, at_least: 1}
      - id: EACH
        modality: must
        for: boats
        each: {trip: trips dated back}
        within: {from: bought, to: sold}
        require: each.trip.day > bought
    """
    dates = "- {name: bought, type: date}\n    - {name: sold, type: date, blank: not_yet}"
    model = model.replace("- {name: size, type: integer}", dates)
    boats = "id,bought,sold\nKNOWN,2024-02-01,2024-12-01\nENDLESS,2024-02-01,\nUNKNOWN,2024-02-01,??\n"
    trips = "id,boat_id,day,back\n" + "".join(f"{b},{b},,\n" for b in ("KNOWN", "ENDLESS", "UNKNOWN"))
    found = story(tmp_path, model, rules, {"boats.csv": boats, "trips.csv": trips})
    verdicts = {"KNOWN": "fail", "ENDLESS": "pending", "UNKNOWN": "unknown"}
    assert found == {f"{rule} {boat}": verdict for rule in ("DAY", "BACK") for boat, verdict in verdicts.items()} | {
        f"EACH {boat}/None": "not_applicable" for boat in verdicts
    }


def test_an_exemption_of_a_gap_of_the_whole_audit_may_ask_for_its_numbers(tmp_path: Path) -> None:
    """They are the subject's own, and were refused as those of others."""
    rules = """
    define:
      trips_made: {for: audit, count: audit.trips}
    rules:
      - id: R
        modality: must
        gap: audit.trips
        ends: open
        at_most: 60 days
        unless: [{id: two, when: audit.trips_made >= 2}]
    """
    trips = "id,boat_id,day,back\nT1,B1,2024-03-01,\nT2,B1,2024-12-01,\n"
    found = story(tmp_path, BOATS, rules, {"boats.csv": "id,size\nB1,3\n", "trips.csv": trips})
    assert found == {"R audit": "not_applicable"}


def test_an_exemption_of_a_gap_cannot_ask_for_numbers_of_others(tmp_path: Path) -> None:
    """The audit broke off in the middle, instead of saying where the standard is wrong."""
    rules = """
    define:
      trips_made: {for: audit, count: audit.trips}
    rules:
      - {id: R, modality: must, for: boats, gap: trips, at_most: 60 days, unless: [{id: two, when: audit.trips_made >= 2}]}
    """
    with pytest.raises(OrgauditError, match="number-of-others"):
        story(tmp_path, BOATS, rules, {"boats.csv": "id,size\nB1,3\n"})


def test_a_window_cannot_ask_for_what_is_found_in_it(tmp_path: Path) -> None:
    """The audit broke off with an internal error."""
    rules = """
    rules:
      - {id: R, modality: must, for: boats, each: {t: audit.trips}, within: {from: each.t.day}, count: trips, at_least: 1}
    """
    with pytest.raises(OrgauditError, match="each-in-window"):
        story(tmp_path, BOATS, rules, {"boats.csv": "id,size\nB1,3\n"})


def test_a_value_on_which_two_rows_of_one_record_differ_may_be_none(tmp_path: Path) -> None:
    """One row named a harbour, the other none: that counted as one harbour at least."""
    model = BOATS.replace("- {name: back, type: date, blank: not_yet}", "- {name: harbour, type: string, blank: none}")
    model = model.split("stays:")[0].rstrip()
    rules = """
    rules:
      - {id: R, modality: must_not, for: boats, distinct: harbour of trips, at_most: 0}
    """
    trips = "id,boat_id,day,harbour\nT1,B1,2024-03-01,Ely\nT1,B1,2024-03-01,\nT2,B2,2024-03-01,Ely\n"
    found = story(tmp_path, model, rules, {"boats.csv": "id,size\nB1,3\nB2,3\n", "trips.csv": trips})
    assert found == {"R B1": "unknown", "R B2": "fail"}


def test_a_record_entered_in_two_files_may_belong_to_the_owner_of_either(tmp_path: Path) -> None:
    """It was looked for at the owner of the first file only: the other boat failed for a trip that may be its own."""
    rules = """
    rules:
      - {id: R, modality: must, for: boats, count: trips, at_least: 2}
    """
    model = BOATS.split("stays:")[0].rstrip()
    records = {"boats.csv": "id,size\nB1,3\nB2,3\nB3,3\n"}
    records |= {
        f"{b}/trips.csv": f"id,boat_id,day,back\n{b}T,{b},2024-03-01,\nT,{b},2024-04-01,\n" for b in ("B1", "B2")
    }
    assert story(tmp_path, model, rules, records) == {"R B1": "unknown", "R B2": "unknown", "R B3": "fail"}


def test_a_check_that_may_stand_on_several_levels_may_be_a_breach_of_each(tmp_path: Path) -> None:
    """It was a certain breach of the lowest: who had perhaps reached the highest failed for what the lowest asks."""
    rules = """
    rules:
      - id: L
        modality: must_not
        for: boats
        every: year
        count: trips
        levels: [{between: [1, 2], level: low}, {at_least: 3, level: high}]
      - id: LOW
        modality: must
        for: breaches of L where level = 'low'
        within: {from: period_start, to: reached_on}
        count: boat.trips dated back
        at_least: 1
      - id: HIGH
        modality: must
        for: breaches of L where level = 'high'
        within: {from: period_start, to: reached_on}
        count: boat.trips dated back
        at_least: 1
    """
    trips = {"TWO": ["2024-05-01", "2024-06-01"], "TWO-OR-THREE": ["2024-05-01", "2024-06-01", ""], "THREE": []}
    trips["THREE"] = ["2024-05-01", "2024-06-01", "2024-07-01"]
    rows = [f"{boat}{i},{boat},{day}," for boat, days in trips.items() for i, day in enumerate(days)]
    records = {"boats.csv": "\n".join(["id,size", *(f"{b},3" for b in trips)])}
    records["trips.csv"] = "\n".join(["id,boat_id,day,back", *rows])
    found = story(tmp_path, BOATS, rules, records)
    assert found == {f"L {boat} 2024": "fail" for boat in trips} | {
        "LOW TWO/2024-01-01/low": "fail",
        "LOW TWO-OR-THREE/2024-01-01/low": "unknown",
        "HIGH TWO-OR-THREE/2024-01-01/high": "unknown",
        "HIGH THREE/2024-01-01/high": "fail",
    }


def test_a_state_that_ends_before_it_begins_has_no_place_between_gaps(tmp_path: Path) -> None:
    """It kept a gap lawful on a day on which it cannot have held."""
    model = BOATS.split("stays:")[0].rstrip() + textwrap.dedent("""
        moorings:
          singular: mooring
          primaryKey: [id]
          owner: boat
          foreignKeys:
            - {fields: [boat_id], reference: {resource: boats}, name: boat, reverse: moorings}
          fields:
            - {name: id, type: string, constraints: {required: true}}
            - {name: boat_id, type: string}
            - {name: from_on, type: date, role: valid_from}
            - {name: to_on, type: date, role: valid_to}
        """)
    rules = """
    rules:
      - {id: R, modality: must, for: boats, gap: moorings, at_most: 8 months}
    """
    moorings = "id,boat_id,from_on,to_on\nM1,B1,2024-06-01,2024-07-01\nM2,B2,2024-07-01,2024-06-01\n"
    records = {"boats.csv": "id,size\nB1,3\nB2,3\nB3,3\n", "moorings.csv": moorings}
    assert story(tmp_path, model, rules, records) == {"R B1": "pass", "R B2": "unknown", "R B3": "fail"}


def test_of_an_event_of_unknown_day_nobody_knows_whether_the_rule_was_in_force(tmp_path: Path) -> None:
    """With `ever` it was taken for bound, and failed, though it may have been long before the rule."""
    rules = """
    rules:
      - {id: NEW, modality: must, for: trips ever, require: boat.size > 3, in_force: {from: 2020-01-01}}
      - {id: ALWAYS, modality: must, for: trips ever, require: boat.size > 3}
    """
    trips = "id,boat_id,day,back\nOLD,B1,2019-01-05,\nNEW,B1,2024-02-05,\nSOME,B1,,\n"
    found = story(
        tmp_path, BOATS.split("stays:")[0].rstrip(), rules, {"boats.csv": "id,size\nB1,3\n", "trips.csv": trips}
    )
    assert found == {"NEW OLD": "not_applicable", "NEW NEW": "fail", "NEW SOME": "unknown"} | {
        f"ALWAYS {trip}": "fail" for trip in ("OLD", "NEW", "SOME")
    }


def test_a_bound_that_may_be_nothing_waits_like_any_other(tmp_path: Path) -> None:
    """While the window was open it was unknown, where the same check with a bound was pending."""
    rules = """
    define:
      days_out: {for: boats, max: "days(day, back) of trips"}
    rules:
      - {id: LEAST, modality: must, for: boats, every: year, value: size, at_least: subject.days_out}
      - {id: MOST, modality: must, for: boats, every: year, count: trips, at_most: subject.days_out}
    """
    trips = "id,boat_id,day,back\nT1,B1,2024-03-01,2024-03-02\nT2,B2,2024-03-01,??\nT3,B2,2024-04-01,??\n"
    manifest = YEAR.replace("as_of: 2024-12-31", "as_of: 2024-09-15")
    found = story(tmp_path, BOATS, rules, {"boats.csv": "id,size\nB1,3\nB2,3\n", "trips.csv": trips}, manifest)
    assert found == {f"{rule} {boat} 2024": "pending" for rule in ("LEAST", "MOST") for boat in ("B1", "B2")}


def test_in_a_window_without_an_end_states_are_asked_for_today(tmp_path: Path) -> None:
    """They were asked for at the end of all days, on which nothing with a last day holds."""
    model = BOATS.split("stays:")[0].rstrip() + textwrap.dedent("""
        leases:
          singular: lease
          primaryKey: [id]
          owner: boat
          foreignKeys:
            - {fields: [boat_id], reference: {resource: boats}, name: boat, reverse: leases}
          fields:
            - {name: id, type: string, constraints: {required: true}}
            - {name: boat_id, type: string}
            - {name: from_on, type: date, role: valid_from}
            - {name: to_on, type: date, role: valid_to}
        """)
    model = model.replace("- {name: size, type: integer}", "- {name: sold, type: date, blank: not_yet}")
    rules = """
    rules:
      - {id: R, modality: must, for: boats, within: {to: sold}, each: {lease: leases}, require: each.lease.id = 'NOW'}
    """
    leases = "id,boat_id,from_on,to_on\nNOW,B,2024-06-01,2025-06-01\nPAST,B,2023-06-01,2024-06-01\n"
    found = story(tmp_path, model, rules, {"boats.csv": "id,sold\nB,\n", "leases.csv": leases})
    assert found == {"R B/NOW": "pass"}


def test_gaps_of_one_who_left_ask_for_nothing_that_was_recorded_later(tmp_path: Path) -> None:
    """Whoever left in June was unknown, since the records end in August."""
    model = BOATS.split("stays:")[0].rstrip()
    model = model.replace("- {name: size, type: integer}", "- {name: sold, type: date, role: valid_to, blank: open}")
    rules = """
    rules:
      - {id: R, modality: must, for: boats, gap: trips, ends: open, at_most: 2 months}
    """
    boats = "id,sold\nLEFT,2024-06-30\nSTAYS,\nAT-ONCE,2024-06-30\n"
    trips = (
        "id,boat_id,day,back\nT1,LEFT,2024-03-01,\nT2,LEFT,2024-04-01,\nT3,STAYS,2024-03-01,\nT4,STAYS,2024-04-01,\n"
    )
    manifest = YEAR + "covers: {trips: {to: 2024-08-31}}\n"
    found = story(tmp_path, model, rules, {"boats.csv": boats, "trips.csv": trips}, manifest)
    assert found == {"R LEFT": "pass", "R STAYS": "unknown", "R AT-ONCE": "not_applicable"}


SEATS = textwrap.dedent("""
    boats:
      singular: boat
      primaryKey: [id]
      owner: self
      fields:
        - {name: id, type: string, constraints: {required: true}}
    sailors:
      singular: sailor
      primaryKey: [id]
      owner: boat
      foreignKeys:
        - {fields: [boat_id], reference: {resource: boats}, name: boat, reverse: sailors}
        - {fields: [second_id], reference: {resource: boats}, name: second, reverse: guests}
      fields:
        - {name: id, type: string, constraints: {required: true}}
        - {name: boat_id, type: string, constraints: {required: true}}
        - {name: second_id, type: string, blank: none}
    trips:
      singular: trip
      primaryKey: [id]
      owner: boat
      foreignKeys:
        - {fields: [boat_id], reference: {resource: boats}, name: boat, reverse: trips}
      fields:
        - {name: id, type: string, constraints: {required: true}}
        - {name: boat_id, type: string}
        - {name: day, type: date, role: when}
    crews:
      singular: seat
      primaryKey: [trip_id, sailor_id]
      owner: trip.boat
      time: trip.day
      complete: {per: trip, among: [boat.sailors, boat.guests]}
      foreignKeys:
        - {fields: [trip_id], reference: {resource: trips}, name: trip, reverse: crews}
        - {fields: [sailor_id], reference: {resource: sailors}, name: sailor, reverse: crews}
      fields:
        - {name: trip_id, type: string, constraints: {required: true}}
        - {name: sailor_id, type: string, constraints: {required: true}}
    """)


def test_a_list_may_have_anybody_where_nobody_said_who_belongs(tmp_path: Path) -> None:
    """The column of the guests was not handed in: a trip without a list failed, as if nobody could have been on it."""
    rules = "rules:\n  - {id: R, modality: must, for: trips, count: crews, at_least: 1}\n"
    records = {"boats.csv": "id\nB1\nB2\n", "trips.csv": "id,boat_id,day\nT1,B1,2024-03-01\nT2,B2,2024-03-01\n"}
    records["crews.csv"] = "trip_id,sailor_id\n"
    guests = {"sailors.csv": "id,boat_id,second_id\nS1,B1,\n"}
    assert story(tmp_path / "told", SEATS, rules, records | guests) == {"R T1": "unknown", "R T2": "fail"}
    unsaid = {"sailors.csv": "id,boat_id\nS1,B1\n"}
    assert story(tmp_path / "unsaid", SEATS, rules, records | unsaid) == {"R T1": "unknown", "R T2": "unknown"}


def test_a_list_may_have_whoever_may_belong(tmp_path: Path) -> None:
    """A sailor whose boat nobody wrote down may be of the boat of the file, and on its trips."""
    rules = "rules:\n  - {id: R, modality: must, for: trips, count: crews, at_least: 2}\n"
    records = {"boats.csv": "id\nB1\nB2\n", "trips.csv": "id,boat_id,day\nT1,B1,2024-03-01\nT2,B2,2024-03-01\n"}
    records |= {"crews.csv": "trip_id,sailor_id\n", "B1/sailors.csv": "id,boat_id,second_id\nS1,B1,\nS2,,\n"}
    assert story(tmp_path, SEATS, rules, records) == {"R T1": "unknown", "R T2": "fail"}
