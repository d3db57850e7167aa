"""Names for keys: a person is found by name within the body whose list it is, if that is certain, and by nothing less."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from choirs import CHOIRS, MOVES, PRESENCE, REHEARSALS, SINGERS
from loading import loaded, model_errors, model_of, problems, reached, rows

from orgaudit.records import Records, named_in_paths

FEES = """
fees:
  singular: fee
  primaryKey: [singer_id, month]
  owner: singer.choir
  foreignKeys:
    - {fields: [singer_id], reference: {resource: singers}, name: singer, reverse: fees, named: {headings: [姓名], within: listed}}
    - {fields: [listed_id], reference: {resource: choirs}, name: listed, reverse: listed_fees}
  fields:
    - {name: singer_id, type: string, constraints: {required: true}}
    - {name: listed_id, type: string, blank: none, absent: blank}
    - {name: month, type: yearmonth, constraints: {required: true}}
    - {name: paid, type: integer}
"""
MODEL = model_of(CHOIRS, SINGERS, MOVES, REHEARSALS, PRESENCE, FEES)
FILES = {
    "choirs.csv": "id,name\nC1,Larks\nC2,Owls\n",
    "rehearsals.csv": "id,choir_id\nR1,C1\nR2,C2\n",
    "presence.csv": "rehearsal_id,姓名\nR1,张三\n",
}


def found(singers: str, files: Mapping[str, str] = {}, manifest: str = "", model: str = MODEL) -> str | None:
    """Whom 张三 on the list of the Larks means; `singers` are the rows of id, name, choir, choir of guests."""
    roster = "id,name,choir_id,guest_choir_id\n" + "".join(f"{row}\n" for row in singers.split())
    given = FILES | {"singers.csv": roster} | dict(files) | ({"orgaudit.yaml": manifest} if manifest else {})
    with loaded(model, given) as records:
        ((key,),) = rows(records, "presence", "singer_id")
        told = [p for p in problems(records, "name-for-key", "foreign-key", "masked-key") if p[1] == "presence.csv"]
        assert len(told) == (key is None), told
        return key  # type: ignore[no-any-return]


# ---- who is found


def test_the_one_who_bears_the_name_in_the_body_whose_list_it_is() -> None:
    assert found("S1,张三,C1, S2,李四,C1, S3,张三,C2,") == "S1"


@pytest.mark.parametrize("written", ["张　三", " 张 三 ", "張三", "张\u200b三"])
def test_spaces_width_and_script_do_not_count(written: str) -> None:
    assert found("S1,张三,C1,", {"presence.csv": f"rehearsal_id,姓名\nR1,{written}\n"}) == "S1"


@pytest.mark.parametrize("dot", "·•・.")
def test_nor_does_the_kind_of_dot_inside_a_name(dot: str) -> None:
    rows_ = f"rehearsal_id,姓名\nR1,买买提{dot}阿里\n"
    assert found("S1,买买提·阿里,C1,", {"presence.csv": rows_}) == "S1"


def test_a_guest_is_found_too() -> None:
    assert found("S1,张三,C2,C1") == "S1"


def test_who_was_there_before_is_found_too() -> None:
    assert found("S1,张三,C2,", {"moves.csv": "singer_id,from_choir_id\nS1,C1\n"}) == "S1"


def test_the_body_may_be_written_by_name_on_either_side() -> None:
    named = {"rehearsals.csv": "id,choir_id\nR1,Larks\n"}
    assert found("S1,张三,Larks, S2,张三,Owls,", named) == "S1"


# ---- who is not


@pytest.mark.parametrize(
    ("singers", "why"),
    [
        ("S1,张三,C1, S2,张三,C1,", "two bear the name there"),
        ("S1,张三,C1, S2,张三,C2,C1", "one of them as a guest"),
        ("S1,张三,C2, S2,李四,C1,", "nobody bears it there"),
        ("S1,张三,C1, S2,张三,,", "nobody knows where another is"),
        ("S1,张三,C1, S2,张三,C9,", "another is in a body that is not there"),
        ("S1,张三,C1, S2,,C1,", "one of them has no name"),
        ("S1,张三,C1, S2,,,", "one has neither name nor body"),
        ("S1,张三,C1, ,张三,C1,", "another has no key"),
        ("S2,李四,C1, ,张三,C1,", "who bears it has no key, though others have"),
        ("S1,张三,C1, S2,张***,C1,", "a name there was made unreadable"),
        ("S1,张三,C1, S1,张三,C2,", "two rows of one key differ"),
        ("S1,张三,C1, S1,张叁,C2,", "two rows of one key differ in name"),
        ("S1,张三,,", "nobody knows where the one is"),
        ("S1,张三（大）,C1,", "what tells people apart is not passed over"),
    ],
)
def test_unless_that_is_certain_nobody(singers: str, why: str) -> None:
    assert found(singers) is None, why


def test_another_who_was_there_before_may_be_meant() -> None:
    assert found("S1,张三,C1, S2,张三,C2,", {"moves.csv": "singer_id,from_choir_id\nS2,C1\n"}) is None


def test_a_move_by_name_may_be_that_of_each_who_bears_it() -> None:
    assert found("S1,张三,C1, S2,张三,C2,", {"moves.csv": "singer_id,from_choir_id\n张三,C1\n"}) is None


def test_a_move_that_names_nobody_may_be_anybodys() -> None:
    moves = {"moves.csv": "singer_id,from_choir_id\n,C1\n"}
    assert found("S1,张三,C1, S2,张三,C2,", moves) is None
    assert found("S1,张三,C1, S2,李四,C2,", moves) == "S1"


def test_a_move_from_nobody_knows_where() -> None:
    model = MODEL.replace("{name: from_choir_id, type: string, blank: none}", "{name: from_choir_id, type: string}")
    moves = {"moves.csv": "singer_id,from_choir_id\nS2,\n"}
    assert found("S1,张三,C1, S2,张三,C2,", moves, model=model) is None


def test_a_masked_name_means_nobody() -> None:
    assert found("S1,张***,C1,", {"presence.csv": "rehearsal_id,姓名\nR1,张***\n"}) is None


def test_where_the_row_does_not_say_whose_it_is() -> None:
    for rehearsals in ("id,choir_id\nR1,\n", "id,choir_id\nR1,C1\nR1,C2\n", "id,choir_id\nR9,C1\n"):
        files = FILES | {"singers.csv": "id,name,choir_id\nS1,张三,C1\n", "rehearsals.csv": rehearsals}
        with loaded(MODEL, files) as records:
            assert rows(records, "presence", "singer_id") == [(None,)]


def test_where_the_roster_is_not_complete_for_the_body() -> None:
    assert found("S1,张三,C1,", manifest="covers: {singers: {organizations: [C2]}}") is None
    assert found("S1,张三,C1,", manifest="covers: {singers: {organizations: [C1]}}") == "S1"


def test_what_nobody_keeps_beside_leaves_nothing_open() -> None:
    model = MODEL.replace(
        "{name: guest_choir_id, type: string, blank: none, absent: blank}", "{name: guest_choir_id, type: string}"
    )
    roster = {"singers.csv": "id,name,choir_id\nS1,张三,C1\nS2,张三,C2\n"}
    with loaded(model, FILES | roster) as records:
        assert rows(records, "presence", "singer_id") == [("S1",)]
    assert found("S1,张三,C1,C1 S2,张三,C2,", model=model) is None  # a blank in a column that is kept


def test_without_a_column_of_bodies_nobody() -> None:
    with loaded(MODEL, FILES | {"singers.csv": "id,name\nS1,张三\n"}) as records:
        assert rows(records, "presence", "singer_id") == [(None,)]


def test_without_the_bodies_a_name_stays_what_it_is() -> None:
    files = {"singers.csv": "id,name,choir_id\nS1,张三,C1\n", "presence.csv": FILES["presence.csv"]}
    with loaded(MODEL, files) as records:
        assert rows(records, "presence", "singer_id") == [(None,)]


def test_a_model_that_does_not_say_so_joins_no_person_by_name() -> None:
    plain = MODEL.replace("names_within: [choir, guest_choir, moves.from_choir]", "order: {by: [id]}")
    plain = (
        plain.replace("    names_with: born\n", "")
        .replace("{within: from_choir}", "{}")
        .replace(", within: listed}", "}")
    )
    assert found("S1,张三,C1,", model=plain) is None


def test_another_whose_list_does_not_say_where_may_be_meant() -> None:
    assert found("S1,张三,C1,", {"more/singers.csv": "id,name\nS2,李四\n"}) == "S1"
    assert found("S1,张三,C1,", {"more/singers.csv": "id,name\nS2,张三\n"}) is None


def test_a_move_of_somebody_may_be_that_of_one_without_a_name() -> None:
    assert found("S1,张三,C1, S2,,C2,", {"moves.csv": "singer_id,from_choir_id\nS1,C2\n"}) == "S1"
    assert found("S1,张三,C1, S2,,C2,", {"moves.csv": "singer_id,from_choir_id\n,C1\n"}) is None


# ---- a month beside a name


def of_month(singers: str, written: str = "张三（1980.02）", **options: Any) -> str | None:
    """Whom a name with a month means on the list of the Larks; `singers` are the rows of id, name, choir, day of birth."""
    singers_ = "id,name,choir_id,born\n" + "".join(f"{row}\n" for row in singers.split())
    return found("", {"singers.csv": singers_, "presence.csv": f"rehearsal_id,姓名\nR1,{written}\n"}, **options)


TWO = "S1,张三,C1,1980-02-05 S2,张三,C1,1975-03-12"


@pytest.mark.parametrize(
    "written",
    [
        "张三（1980.02）",
        "张三(1980-02)",
        "張 三 （ 1980年2月 ）",
        "张三(198002)",
        "张三(１９８０／２)",
        "张三（1980-02-05）",
    ],
)
def test_the_one_of_that_name_and_month(written: str) -> None:
    assert of_month(TWO, written) == "S1"
    assert (
        of_month(TWO, written.replace("1980", "1975").replace("８０", "７５").replace("2", "3").replace("２", "３"))
        == "S2"
    )


def test_the_roster_may_have_months_without_days() -> None:
    assert of_month("S1,张三,C1,1980.02 S2,张三,C1,1975年3月") == "S1"


def test_who_has_the_month_elsewhere_is_not_in_the_way() -> None:
    assert of_month(f"{TWO} S3,张三,C2,1980-02-07") == "S1"


def test_without_a_month_the_name_alone_stays_open() -> None:
    assert of_month(TWO, "张三") is None


@pytest.mark.parametrize(
    ("singers", "why"),
    [
        ("S1,张三,C1,1980-03-05 S2,张三,C1,1975-03-12", "nobody there has the month"),
        ("S1,张三,C1,1980-03-05", "the one who is there has another"),
        ("S1,张三,C2,1980-02-05", "who has it is elsewhere"),
        ("S1,张三,C1,1980-02-05 S2,张三,C1,1980-02-20", "two have it"),
        ("S1,张三,C1,1980-02-05 S2,张三,C1,", "the other's is not known"),
        ("S1,张三,C1,1980-02-05 S2,张三,C1,80年2月", "the other's cannot be read"),
        ("S1,张三,C1,1975-03-12 S2,张三,C1,", "that the other has it is not said"),
        ("S1,张三,C1,", "the one's is not known: who writes a month may know of another"),
        ("S1,张三,C1,1980-02-05 S2,,C1,", "one has neither name nor month"),
        ("S1,张三,C1,1980-02-05 S1,张三,C1,1980-03-05", "two rows of one key differ"),
        ("S1,张三,C1,1980-02-05 S2,张三,C1,1975-03-12 S2,张三,C1,1980-02-07", "and so may the other's"),
        ("S1,张三,C1,1980-02-05 S2,张三(1980.02),C1,", "another is called so"),
    ],
)
def test_unless_the_month_makes_it_certain_nobody(singers: str, why: str) -> None:
    assert of_month(singers) is None, why


def test_one_without_a_name_who_has_another_month_is_not_in_the_way() -> None:
    assert of_month("S1,张三,C1,1980-02-05 S2,,C1,1975-03-12") == "S1"


@pytest.mark.parametrize(
    "written",
    ["张三（大）", "张三（1980）", "张三（80.02）", "张三（1980.13）", "张三1980.02", "张三（1980.02）（大）"],
)
def test_what_is_no_month_in_brackets_joins_nobody(written: str) -> None:
    assert of_month(TWO, written) is None


def test_a_model_without_a_month_beside_names_reads_none() -> None:
    assert of_month(TWO, model=MODEL.replace("    names_with: born\n", "")) is None


def test_whoever_is_called_so_is_meant() -> None:
    assert of_month("S1,张三(1980.02),C1, S2,张三,C1,1975-03-12") == "S1"


def test_a_move_with_a_month_is_that_of_each_who_bears_the_name() -> None:
    moves = {"moves.csv": "singer_id,from_choir_id\n张三（1980.02）,C1\n"}
    assert found("S1,张三,C1, S2,张三,C2,", moves) is None


def test_those_of_the_name_are_listed_without_their_months() -> None:
    files = {
        "singers.csv": "id,name,choir_id,born\nS1,张三,C1,1980-02-05\nS2,张三,C1,\n",
        "presence.csv": "rehearsal_id,姓名\nR1,张三（1980.02）\n",
    }
    with loaded(MODEL, FILES | files) as records:
        (problem,) = [p for p in records.problems if p.code == "name-for-key"]
        assert (problem.value, problem.values["candidates"]) == ("张三(1980.02)", "S1 (C1), S2 (C1)")


def test_who_is_named_with_a_month_is_hidden_in_the_names_of_files_without_it() -> None:
    for written in ("张三", "张三（1980.02）"):
        files = {"singers.csv": "id,name\nS1,李四\n", "张三/presence.csv": f"rehearsal_id,姓名\nR1,{written}\n"}
        with loaded(MODEL, files) as records:
            assert named_in_paths(records, {"singers"}) == {"张三"}


# ---- what is told


def told(records: Records) -> list[tuple[str, str, int, str, str]]:
    return [(r.kind, r.column, r.count, r.before, r.after) for r in records.repairs]


def test_names_that_became_keys_are_counted_by_themselves() -> None:
    files = FILES | {
        "singers.csv": "id,name,choir_id\nS1,张三,Larks\nS2,李四,C1\n",
        "presence.csv": "rehearsal_id,姓名\nR1,张三\nR1,李四\nR2,S1\n",
    }
    with loaded(MODEL, files) as records:
        assert told(records) == [("name", "choir_id", 1, "Larks", "C1"), ("name-at-home", "姓名", 2, "张三", "S1")]
        assert reached(records, "rehearsals", "presence.singer") == {
            "R1": [("S1", True), ("S2", True)],
            "R2": [("S1", True)],
        }


def test_those_who_may_be_meant_are_listed_with_where_they_are() -> None:
    files = FILES | {"singers.csv": "id,name,choir_id\nS1,张三,C1\nS2,张三,C1\nS3,张三,\n"}
    with loaded(MODEL, files) as records:
        (problem,) = [p for p in records.problems if p.code == "name-for-key"]
        assert problem.values["candidates"] == "S1 (C1), S2 (C1), S3 (?)"
        assert (problem.file, problem.row, problem.column, problem.value) == ("presence.csv", 2, "姓名", "张三")


def test_the_manifest_may_say_who_is_meant() -> None:
    assert found("S1,张三,C1, S2,张三,C1,", manifest="aliases: {singers: {张三: S2}}") == "S2"


def test_the_manifest_may_say_whose_list_a_file_is() -> None:
    files = FILES | {
        "singers.csv": "id,name,choir_id\nS1,张三,C1\nS2,张三,C2\n",
        "c2.csv": "姓名,month,paid\n张三,2024-03,5\n",
        "orgaudit.yaml": "files: [{path: c2.csv, table: fees, values: {listed_id: C2}}]",
    }
    with loaded(MODEL, files) as records:
        assert rows(records, "fees", "singer_id", "paid") == [("S2", 5)]


# ---- before rows of one key are one record


FEES_OF_TWO = "姓名,listed_id,month,paid\n张三,C1,2024-03,5\n张三,C2,2024-03,7\n"


def test_two_rows_of_one_name_are_two_records_where_two_are_meant() -> None:
    files = FILES | {"singers.csv": "id,name,choir_id\nS1,张三,C1\nS2,张三,C2\n", "fees.csv": FEES_OF_TWO}
    with loaded(MODEL, files) as records:
        assert rows(records, "fees", "singer_id", "paid") == [("S1", 5), ("S2", 7)]
        assert problems(records, "primary-key") == []


def test_two_rows_of_a_name_that_nobody_can_place_are_not_one_record() -> None:
    files = FILES | {"singers.csv": "id,name,choir_id\nS1,李四,C1\n", "fees.csv": FEES_OF_TWO}
    with loaded(MODEL, files) as records:
        assert rows(records, "fees", "singer_id", "paid", order="2") == [(None, 5), (None, 7)]
        assert problems(records, "primary-key") == []


def test_a_key_and_a_name_of_one_record_are_one_record() -> None:
    files = FILES | {
        "singers.csv": "id,name,choir_id\nS1,张三,C1\n",
        "fees.csv": "singer_id,listed_id,month,paid\n张三,C1,2024-03,5\nS1,C1,2024-03,5\n",
    }
    with loaded(MODEL, files) as records:
        assert rows(records, "fees", "singer_id", "paid") == [("S1", 5)]
        assert [p[0] for p in problems(records, "primary-key")] == ["primary-key"]


# ---- the record model


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("names_within: [choir, guest_choir, moves.from_choir]", "names_within: [quire]", "quire"),
        ("names_within: [choir, guest_choir, moves.from_choir]", "names_within: [presence]", "presence"),
        (
            "names_within: [choir, guest_choir, moves.from_choir]",
            "names_within: [choir, presence.rehearsal]",
            "one table",
        ),
        ("named: {within: from_choir}", "named: {within: singer}", "told apart"),
        ("named: {within: from_choir}", "named: {within: nowhere}", "told apart"),
    ],
)
def test_what_does_not_lead_home_is_an_error(before: str, after: str, said: str, tmp_path: Path) -> None:
    assert before in MODEL
    (error,) = model_errors(MODEL.replace(before, after), tmp_path)
    assert said in error
