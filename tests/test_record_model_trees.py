"""Tables that refer to themselves: who is above and below whom, where parents are unknown, and circles."""

from __future__ import annotations

import pytest
from loading import Files, loaded, model_of, problems, reached, rows

from orgaudit.errors import OrgauditError
from orgaudit.expressions.names import follow
from orgaudit.records import Records, trees

Found = dict[str, list[tuple[str, bool | None]]]

ROOMS = """
rooms:
  singular: room
  primaryKey: [id]
  foreignKeys:
    - {fields: [within_id], reference: {resource: rooms}, reverse: parts}
  fields:
    - {name: id, type: string, constraints: {required: true}}
    - {name: within_id, type: string, blank: none}
    - {name: from_on, type: date, role: valid_from, blank: open}
things:
  singular: thing
  primaryKey: [id]
  foreignKeys: [{fields: [room_id], reference: {resource: rooms}}]
  fields:
    - {name: id, type: string}
    - {name: room_id, type: string}
"""
MODEL = model_of(ROOMS)
HOUSE = "id,within_id\nhouse,\ncellar,house\nloft,house\nchest,loft\ngarden,\n"


def surely(**names: str) -> Found:
    return {key: [(n, True) for n in found.split()] for key, found in names.items()}


def test_everyone_above_and_everyone_below() -> None:
    with loaded(MODEL, {"rooms.csv": HOUSE}) as found:
        assert reached(found, "rooms", "ancestors") == surely(cellar="house", chest="house loft", loft="house")
        assert reached(found, "rooms", "descendants") == surely(house="cellar chest loft", loft="chest")
        assert found.facts.open_trees == set()


def test_a_path_goes_on_from_there() -> None:
    files = {"rooms.csv": HOUSE, "things.csv": "id,room_id\nlamp,chest\nspade,garden\n"}
    with loaded(MODEL, files) as found:
        assert reached(found, "rooms", "descendants.things") == surely(house="lamp", loft="lamp")
        assert reached(found, "things", "room.ancestors") == surely(lamp="house loft")


def test_states_are_crossed_on_the_way_down_and_not_on_the_way_up() -> None:
    from orgaudit.expressions import Joins, Row, walk_path

    with loaded(MODEL, {"rooms.csv": HOUSE}) as found:
        for path, crossed in (("descendants.things", 1), ("ancestors.things", 0), ("descendants", 0)):
            hops, _ = follow(path.split("."), "rooms", found.model)
            assert len(walk_path(Row(Joins(found.model), "s", "rooms"), hops, found.facts.source).states) == crossed


# ---- parents that nobody knows


def perhaps(found: Found) -> dict[str, str]:
    return {k: " ".join(n for n, sure in v if sure is None) for k, v in found.items() if any(s is None for _, s in v)}


def test_whoever_is_not_below_may_be_the_parent() -> None:
    lost = HOUSE.replace("loft,house", "loft,nowhere")
    with loaded(MODEL, {"rooms.csv": lost}) as found:
        above = reached(found, "rooms", "ancestors")
        assert perhaps(above) == {"loft": "cellar garden house", "chest": "cellar garden house"}
        assert above["chest"][-1] == ("loft", True)
        assert perhaps(reached(found, "rooms", "descendants")) == dict.fromkeys(
            ["cellar", "garden", "house"], "chest loft"
        )
        assert problems(found, "foreign-key") == [("foreign-key", "rooms.csv", 4, "within_id", "nowhere")]
        assert found.facts.open_trees == set()


def test_two_whose_parents_are_unknown_may_be_above_one_another() -> None:
    with loaded(MODEL, {"rooms.csv": "id,within_id\na,?\nb,?\nc,b\n"}) as found:
        assert perhaps(reached(found, "rooms", "ancestors")) == {"a": "b c", "b": "a", "c": "a"}


def test_behind_an_unknown_reference_nothing_is_known() -> None:
    files = {"rooms.csv": HOUSE, "things.csv": "id,room_id\nlamp,\nspade,chest\n"}
    with loaded(MODEL, files) as found:
        assert reached(found, "things", "room.ancestors") == {
            "lamp": [("", None)],
            "spade": [("house", True), ("loft", True)],
        }


def test_where_too_many_may_be_above_the_tree_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trees, "MOST_UNSURE", 5)
    with loaded(MODEL, {"rooms.csv": HOUSE.replace("loft,house", "loft,nowhere")}) as found:
        assert found.facts.open_trees == {"rooms"}
        assert perhaps(reached(found, "rooms", "ancestors")) == {}


def test_where_a_file_has_no_column_for_it_the_tree_is_open() -> None:
    with loaded(MODEL, {"rooms.csv": HOUSE, "more/rooms.csv": "id\nshed\n"}) as found:
        assert found.facts.open_trees == {"rooms"}
        assert perhaps(reached(found, "rooms", "ancestors")) == {}


# ---- circles


@pytest.mark.parametrize(
    ("circle", "names"),
    [("a,b\nb,c\nc,a\nd,c", "a → b → c → a"), ("a,a", "a → a"), ("d,b\nb,c\nc,b", "b → c → b")],
    ids=["three and one below", "itself", "entered from below"],
)
def test_a_circle_is_a_problem_and_its_references_are_unknown(circle: str, names: str) -> None:
    with loaded(MODEL, {"rooms.csv": f"id,within_id\n{circle}\nz,\n"}) as found:
        (problem,) = [p for p in found.problems if p.code == "reference-circle"]
        assert problem.values["names"] == names
        of = set(names.split(" → "))
        unknown = {
            k for k, parent, bits in rows(found, "rooms", "id", "within_id", "_unknown & 2") if bits and not parent
        }
        assert unknown == of
        assert found.facts.open_trees == {"rooms"}
        assert {(k, k) for k in of} & set(reached(found, "rooms", "ancestors")) == set()


def test_two_circles_are_two_problems() -> None:
    with loaded(MODEL, {"rooms.csv": "id,within_id\na,b\nb,a\nc,d\nd,c\n"}) as found:
        assert [p[2] for p in problems(found, "reference-circle")] == [2, 4]


# ---- which tables have trees


def path_of(found: Records, table: str, step: str) -> str:
    with pytest.raises(OrgauditError) as raised:
        follow([step], table, found.model)
    return raised.value.code


def test_steps_that_a_table_does_not_have_are_refused_by_name() -> None:
    with loaded(MODEL, {"rooms.csv": HOUSE}) as found:
        assert path_of(found, "things", "ancestors") == "no-tree"
        assert path_of(found, "rooms", "previous") == "no-order"
        assert path_of(found, "rooms", "walls") == "unknown-reference"


def test_a_table_with_two_references_to_itself_has_none(tmp_path: object) -> None:
    model = """
    knots:
      singular: knot
      primaryKey: [id]
      foreignKeys:
        - {fields: [a_id], reference: {resource: knots}, reverse: of_a}
        - {fields: [b_id], reference: {resource: knots}, reverse: of_b}
      fields: [{name: id, type: string}, {name: a_id, type: string}, {name: b_id, type: string}]
    """
    with loaded(model_of(model), {"knots.csv": "id,a_id,b_id\nK,K,K\n"}) as found:
        assert path_of(found, "knots", "ancestors") == "no-tree"
        assert problems(found, "reference-circle") == []


def test_a_derived_table_may_have_a_tree() -> None:
    derived = """
    places:
      singular: place
      primaryKey: [id]
      foreignKeys: [{fields: [around_id], reference: {resource: places}, name: around, reverse: inside}]
      fields: [{name: id, type: string}, {name: around_id, type: string, blank: none}]
      derive:
        - {from: rooms, fields: {id: id, around_id: within_id}}
    """
    with loaded(model_of(ROOMS, derived), {"rooms.csv": HOUSE}) as found:
        assert reached(found, "places", "ancestors") == surely(cellar="house", chest="house loft", loft="house")


def test_a_long_chain_is_no_trouble() -> None:
    chain: Files = {"rooms.csv": "id,within_id\n0,\n" + "".join(f"{i},{i - 1}\n" for i in range(1, 400))}
    with loaded(MODEL, chain) as found:
        assert len(reached(found, "rooms", "ancestors")["399"]) == 399
