"""A list without a column of keys: a key is made for who is certainly one person, and for nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from choirs import CHOIRS, MOVES, PRESENCE, REHEARSALS, SINGERS
from loading import loaded, model_errors, model_of, problems, reached, rows

from orgaudit import load_records
from orgaudit.expressions import MISSING_BITS, UNKNOWN_BITS
from orgaudit.records import Records, receipt_of
from orgaudit.records.convert import writer
from orgaudit.reports.privacy import pseudonyms, redacted_receipt

MODEL = model_of(CHOIRS, SINGERS, MOVES, REHEARSALS, PRESENCE)
FILES = {
    "choirs.csv": "id,name\nC1,Larks\nC2,Owls\n",
    "rehearsals.csv": "id,choir_id\nR1,C1\nR2,C2\n",
}
NO_KEYS = {"key-not-certain", "key-not-made", "key-not-made-more"}


def roster(text: str) -> str:
    """A list of singers without keys, a word a row."""
    return "name,choir_id,born,guest_choir_id\n" + "".join(f"{row}\n" for row in text.split(" ") if row)


def keys(singers: str | Mapping[str, str], more: Mapping[str, str] = {}, model: str = MODEL) -> list[str | None]:
    """The keys that the singers of these lists have, by file and line; for each that has none a problem says so."""
    lists = {"singers.csv": roster(singers)} if isinstance(singers, str) else dict(singers)
    with loaded(model, FILES | lists | dict(more)) as records:
        found = [key for (key,) in rows(records, "singers", "id", order="_file, _line")]
        told = [p for p in records.problems if p.code in NO_KEYS]
        assert len(told) == found.count(None) or {p.code for p in records.problems} & {"missing-required-label"}
        return found


def made(singers: str | Mapping[str, str], more: Mapping[str, str] = {}, model: str = MODEL) -> list[bool]:
    """For each of them whether a key was made."""
    return [key is not None and "~" in key for key in keys(singers, more, model)]


# ---- who gets a key


def test_each_name_that_one_alone_bears_in_its_home() -> None:
    assert made("张三,C1,, 李四,C1,, 张三,C2,,") == [True, True, True]


def test_one_name_with_two_months_is_two_persons() -> None:
    assert made("张三,C1,1980-02-05, 张三,C1,1975-03-12,") == [True, True]


@pytest.mark.parametrize(
    "month", ["1975-03", "1975.3", "1975/03", "1975年3月", "197503", "１９７５．０３", "1975年3月12日"]
)
def test_a_month_without_a_day_tells_them_apart_too(month: str) -> None:
    assert made(f"张三,C1,1980-02-05, 张三,C1,{month},") == [True, True]
    assert made(f"张三,C1,1975-03-01, 张三,C1,{month},") == [False, False]


def test_homes_may_be_written_by_name() -> None:
    by_name = "张三,Larks,, 张三,Owls,,"
    assert made(by_name) == [True, True]
    assert keys(by_name) == keys("张三,C1,, 张三,C2,,")


def test_an_empty_column_of_keys_is_as_none() -> None:
    assert made({"singers.csv": "id,name,choir_id\n,张三,C1\n-,李四,C1\n"}) == [True, True]


def test_a_list_without_keys_beside_one_with_keys() -> None:
    files = {"a.singers/singers.csv": "id,name,choir_id\nS1,李四,C1\n", "b/singers.csv": roster("张三,C1,,")}
    assert made(files) == [False, True]


# ---- who does not


@pytest.mark.parametrize(
    ("singers", "why"),
    [
        ("张三,C1,, 张三,C1,,", "one person twice, or two"),
        ("张三,C1,1980-02-05, 张三,C1,1980-02-20,", "one month"),
        ("张三,C1,1980-02-05, 张三,C1,,", "the other's month is not known"),
        ("张三,C1,1980-02-05, 张三,C1,80年,", "nor can it be read"),
        ("张三,C1,, 張三,C1,,", "scripts do not tell them apart"),
        ("张三,C1,, 张三,C2,,C1", "one of them is a guest where the other is"),
        ("张三,C1,, 张三,,,", "nobody knows where the other is"),
        ("张三,C1,, 张三,C9,,", "nobody knows that choir"),
        ("张三,C1,, ,C1,,", "the other has no name"),
        ("张三,C1,, 张***,C1,,", "the other's name was made unreadable"),
    ],
)
def test_who_may_be_another_gets_none(singers: str, why: str) -> None:
    assert made(singers) == [False, False], why


def test_who_has_no_name_may_be_everybody_but_those_of_another_month_or_home() -> None:
    assert made("张三,C1,1980-02-05, ,C1,1975-03-12, 李四,C2,,") == [True, False, True]


def test_who_is_in_another_list_with_a_key_gets_none() -> None:
    files = {"a/singers.csv": "id,name,choir_id\nS1,张三,C1\n", "b/singers.csv": roster("张三,C1,, 张三,C2,,")}
    assert keys(files)[:2] == ["S1", None]
    assert made(files) == [False, False, True]


def test_who_is_in_a_list_that_does_not_say_where_may_be_anywhere() -> None:
    files = {"a/singers.csv": "id,name\nS1,张三\n", "b/singers.csv": roster("张三,C1,,")}
    assert made(files) == [False, False]


def test_who_moved_may_stand_in_both_lists() -> None:
    moved = {"moves.csv": "singer_id,from_choir_id\n张三,C1\n"}
    assert made("张三,C1,, 张三,C2,, 李四,C1,,", moved) == [False, False, True]


def test_a_cell_left_blank_among_keys_stays_blank() -> None:
    # who writes keys has one for each: it is forgotten, and to be asked for
    files = {"singers.csv": "id,name,choir_id\nS1,李四,C1\n,张三,C1\n"}
    with loaded(MODEL, FILES | files) as records:
        assert rows(records, "singers", "id", order="_line") == [("S1",), (None,)]
        assert [p[0] for p in problems(records, "required-value")] == ["required-value"]
        assert [p for p in records.problems if p.code in NO_KEYS] == []


def test_without_homes_nobody() -> None:
    with loaded(MODEL, {"singers.csv": roster("张三,C1,,")}) as records:
        assert rows(records, "singers", "id") == [(None,)]
        assert [p[0] for p in problems(records, "missing-required-label")] == ["missing-required-label"]


def test_a_model_whose_names_tell_nobody_apart_makes_no_keys() -> None:
    plain = MODEL.replace("names_within: [choir, guest_choir, moves.from_choir]", "order: {by: [id]}")
    plain = plain.replace("    names_with: born\n", "").replace("{within: from_choir}", "{}")
    assert keys("张三,C1,,", model=plain) == [None]


def test_without_a_month_in_the_model_a_day_tells_nobody_apart() -> None:
    assert (
        made("张三,C1,1980-02-05, 张三,C1,1975-03-12,", model=MODEL.replace("    names_with: born\n", ""))
        == [False] * 2
    )


# ---- what a key is like


def test_the_same_record_has_the_same_key_wherever_it_stands() -> None:
    here = keys("张三,C1,1980-02-05, 李四,C1,, 王五,C2,,")
    there = keys({"a/singers.csv": roster("王五,C2,, 李四,C1,,"), "z/singers.csv": roster("張　三,Larks,1980.02,")})
    assert there == [here[2], here[1], here[0]]
    assert len(set(here)) == 3


def test_a_key_says_where_it_is_at_home_and_not_who_it_is() -> None:
    (key,) = keys("张三,C1,1980-02-05,")
    assert key is not None
    home, _, rest = key.partition("~")
    assert (home, len(rest), rest.isascii() and rest.isalnum()) == ("C1", 8, True)


def test_a_key_is_none_that_is_there() -> None:
    (key,) = keys("张三,C1,,")
    files = {"a/singers.csv": f"id,name,choir_id\n{key},王五,C2\n", "b/singers.csv": roster("张三,C1,,")}
    assert keys(files) == [key, None]


# ---- what comes of it


def test_a_key_that_was_made_is_known_and_recorded() -> None:
    with loaded(MODEL, FILES | {"singers.csv": roster("张三,C1,, 王五,C1,, 王五,C1,,")}) as records:
        bit = records.model.tables["singers"].bits["id"]
        lost = f"({UNKNOWN_BITS} | {MISSING_BITS}) & {bit} <> 0"
        assert rows(records, "singers", lost, order="_line") == [(False,), (True,), (True,)]


def test_lists_of_names_find_who_got_a_key() -> None:
    presence = {"presence.csv": "rehearsal_id,姓名\nR1,张三\nR1,李四\nR2,张三\n"}
    with loaded(MODEL, FILES | presence | {"singers.csv": roster("张三,C1,, 李四,C1,, 张三,C2,,")}) as records:
        one, two, three = (key for (key,) in rows(records, "singers", "id", order="_line"))
        there = reached(records, "rehearsals", "presence.singer")
        assert there == {"R1": sorted([(one, True), (two, True)]), "R2": [(three, True)]}


def test_who_got_none_is_named_by_file_and_line() -> None:
    presence = {"presence.csv": "rehearsal_id,姓名\nR1,张三\n"}
    files = {
        "a/singers.csv": "id,name,choir_id\nS1,张三,C1\n",
        "b/singers.csv": roster("张三,C1,, 李四,C1,, 张三,C1,,"),
    }
    with loaded(MODEL, FILES | presence | files) as records:
        told = [
            (p.row, p.column, p.value, p.values["candidates"]) for p in records.problems if p.code == "key-not-certain"
        ]
        assert told == [(2, "name", "张三", "S1, b/singers.csv:4"), (4, "name", "张三", "S1, b/singers.csv:2")]
        assert rows(records, "presence", "singer_id") == [(None,)]
        assert len(rows(records, "singers", "name")) == 4  # nothing is lost


def repairs(records: Records) -> list[tuple[str, str, int, int, str]]:
    return [(r.file, r.column, r.count, r.row, r.before) for r in records.repairs if r.kind == "made-key"]


def test_keys_that_were_made_are_a_repair_and_their_absence_no_problem() -> None:
    files = {
        "a/singers.csv": "编号,姓名,choir_id\n,张三,C1\n,李四,C1\n",
        "b/singers.csv": "姓名,choir_id\n李四,C2\n王五,\n",
    }
    with loaded(MODEL, FILES | files) as records:
        assert repairs(records) == [("a/singers.csv", "姓名", 2, 2, "张三"), ("b/singers.csv", "姓名", 1, 2, "李四")]
        assert [p for p in problems(records) if p[4] is None and p[3] in ("id", "编号")] == []
        assert problems(records, "key-not-made") == [("key-not-made", "b/singers.csv", 3, "姓名", "王五")]


def test_of_many_who_got_none_the_first_are_told() -> None:
    with loaded(MODEL, FILES | {"singers.csv": roster("张三,C1,, " * 250)}) as records:
        assert len(problems(records, "key-not-certain")) == 200
        (more,) = [p for p in records.problems if p.code == "key-not-made-more"]
        assert more.values["count"] == 50


def test_a_receipt_without_persons_has_no_names_of_those_who_got_keys_or_none() -> None:
    with loaded(MODEL, FILES | {"singers.csv": roster("张三,C1,, 李四,C1,, 李四,C1,,")}) as records:
        personal = {"singers", "singers.", "singers.name", "singers.姓名", "singers.born"}
        receipt = redacted_receipt(receipt_of(records), personal, set(), pseudonyms(b"a secret"))
        said = " ".join(
            [*(r.before + r.after for r in receipt.repairs), *(f"{p.value} {p.values}" for p in receipt.problems)]
        )
        assert {"key-not-certain"} <= {p.code for p in receipt.problems}
        assert "张三" not in said and "李四" not in said


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_converted_records_have_the_keys_that_were_made(kind: str, tmp_path: Path) -> None:
    files = {
        "orgaudit.yaml": "as_of: 2024-12-31\n",
        "singers.csv": roster("张三,C1,, 李四,C1,1980.02, 王五,C1,, 王五,C1,,"),
        "presence.csv": "rehearsal_id,姓名\nR1,张三\nR1,李四\nR1,王五\n",
    }
    settled = writer(tmp_path, kind, (), {})
    with loaded(MODEL, FILES | files, settled=settled) as records:
        before = [rows(records, "singers", "id", "name"), rows(records, "presence", "singer_id")]
        assert [key is None for key, _ in before[0]] == [False, False, True, True]
    again = load_records(tmp_path, records.model, default_as_of=date(2024, 12, 31))
    assert [rows(again, "singers", "id", "name"), rows(again, "presence", "singer_id")] == before
    assert repairs(again) == []
    again.db.close()


# ---- the record model


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("names_with: born", "names_with: borne", "borne"),
        ("names_with: born", "names_with: name", "name"),
        ("names_within: [choir, guest_choir, moves.from_choir]", "order: {by: [id]}", "names_within"),
    ],
)
def test_what_stands_beside_a_name_is_a_day_or_a_month(before: str, after: str, said: str, tmp_path: Path) -> None:
    assert before in MODEL
    errors = model_errors(MODEL.replace(before, after), tmp_path)
    assert any("names_with" in e or said in e for e in errors)


# ---- columns that only count rows


def numbered(*singers: str, zeros: str = "") -> str:
    return "编号,姓名,choir_id\n" + "".join(f"{zeros}{i},{singer}\n" for i, singer in enumerate(singers, 1))


@pytest.mark.parametrize("zeros", ["", "0"])
def test_two_files_that_count_their_rows_have_no_keys(zeros: str) -> None:
    files = {
        "a/singers.csv": numbered("张三,C1", "李四,C1", zeros=zeros),
        "b/singers.csv": numbered("王五,C2", "李四,C2"),
    }
    with loaded(MODEL, FILES | files) as records:
        assert all("~" in str(key) for (key,) in rows(records, "singers", "id"))
        assert len(rows(records, "singers", "id")) == 4
        told = [(p.file, p.column, p.is_notice) for p in records.problems if p.code == "key-counts-rows"]
        assert told == [("a/singers.csv", "编号", True), ("b/singers.csv", "编号", True)]
        assert [p for p in problems(records) if p[0] in ("primary-key", "required-value")] == []


@pytest.mark.parametrize(
    "files",
    [
        {"a/singers.csv": numbered("张三,C1", "李四,C1")},
        {"a/singers.csv": numbered("张三,C1", "李四,C1"), "b/singers.csv": numbered("张三,C1", "李四,C1", "王五,C1")},
        {"a/singers.csv": numbered("张三,C1"), "b/singers.csv": "编号,姓名,choir_id\n2,王五,C2\n3,李四,C2\n"},
        {
            "a/singers.csv": numbered("张三,C1", "李四,C1"),
            "b/singers.csv": "编号,姓名,choir_id\n1,王五,C2\n3,李四,C2\n",
        },
    ],
    ids=["one file", "the same twice", "one goes on where the other ends", "one leaves a number out"],
)
def test_other_numbers_stay_keys(files: dict[str, str]) -> None:
    with loaded(MODEL, FILES | files) as records:
        assert {key for (key,) in rows(records, "singers", "id")} <= {"1", "2", "3"}
        assert "key-counts-rows" not in {p.code for p in records.problems}


def test_who_is_meant_by_such_a_number_is_not_known() -> None:
    files = {
        "a/singers.csv": numbered("张三,C1", "李四,C1"),
        "b/singers.csv": numbered("王五,C2", "赵六,C2"),
        "presence.csv": "rehearsal_id,singer_id\nR1,2\nR1,张三\n",
    }
    with loaded(MODEL, FILES | files) as records:
        ((first,), (second,)) = rows(records, "presence", "singer_id", order="_row")
        assert first is None and "~" in second
