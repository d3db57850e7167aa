"""What cannot be in a record model is told where it stands, also where a standard brought it."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import MODEL, a_rule, orgaudit, write_standard

from orgaudit.errors import OrgauditError
from orgaudit.messages import render_error
from orgaudit.standards import load_standard

RULE = a_rule("for: choirs\nrequire: name is recorded")


def told(folder: Path, standard: str, model: str, language: str = "en") -> list[str]:
    """Everything that is wrong with a standard and its record model, as a reader sees it."""
    try:
        load_standard(str(write_standard(folder, standard, model)))
    except OrgauditError as e:
        errors = getattr(e, "errors", [e])
        return [render_error(one, language).replace(f"{folder.as_posix()}/", "") for one in errors]
    return []


def marked(text: str, old: str, new: str) -> tuple[str, str]:
    """The text with a change, and line:column of the sign ^ in it, which is taken out."""
    assert text.count(old) == 1
    text = text.replace(old, new)
    before = text[: text.index("^")]
    return text.replace("^", ""), f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


SINGERS = "  singers:\n    singular: singer\n    title: {zh: 歌手, en: Singers}\n"
FEE = "      - {name: fee, type: number, title: {zh: 会费, en: Fee}, blank: {value: 0}}\n"
AGE = "{name: age, type: integer, title: {zh: 年龄, en: Age}, constraints: {minimum: 6, maximum: 99}}"
TO_SINGER = "      - {fields: [singer_id], reference: {resource: singers}, name: singer}\n"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        # words for tables
        ("[排练记录]", "[排练记录, ^singers]", "`singers` means `singers` already"),
        ("[排练记录]", "[^Singer]", "`Singer` means `singers` already"),
        ("[排练记录]", "[^合唱团名册（旧）]", "`合唱团名册（旧）` means `choirs` already"),
        ("zh: 签到, en", "zh: ^歌手, en", "`歌手` means `singers` already"),
        ("singular: rehearsal\n", "singular: ^singer\n", "`singer` means `singers` already"),
        ("singular: presence_row", "singular: ^rehearsals", "`rehearsals` means `rehearsals` already"),
        # words for fields
        ("zh: 年龄, en: Age}", "zh: 年龄, en: Age}, aliases: [^声部]", "`声部` means `voice` already"),
        ("zh: 年龄, en: Age}", "zh: 年龄, en: Age}, aliases: [^FEE]", "`FEE` means `fee` already"),
        ("zh: 会费, en: Fee}", "zh: ^姓名, en: Fee}", "`姓名` means `name` already"),
        # steps
        (TO_SINGER, TO_SINGER.replace("}\n", ", reverse: ^name}\n"), "`name` in `singers` clashes"),
        (TO_SINGER, TO_SINGER.replace("}\n", ", reverse: ^choir}\n"), "`choir` in `singers` clashes"),
        (TO_SINGER, TO_SINGER.replace("}\n", ", reverse: ^next}\n"), "`next` in `singers` clashes"),
        (
            TO_SINGER,
            TO_SINGER + TO_SINGER.replace("- {", "- ^{").replace("name: singer", "name: twin"),
            "`presence` in `singers` clashes",
        ),
        (TO_SINGER, TO_SINGER.replace("name: singer", "name: ^status"), "`status` in `presence` clashes"),
        ("{name: fee, type: number", "{name: ^AGE, type: number", "`AGE` in `singers` clashes"),
        ("{name: fee, type: number", "{name: ^the fee, type: number", "`the fee` is no name"),
        # keys and orders
        (
            "[rehearsal_id, singer_id]\n    owner",
            "[rehearsal_id, ^rehearsal_id]\n    owner",
            "`rehearsal_id` stands twice in the list `primaryKey`",
        ),
        (
            "[rehearsal_id, singer_id]\n    owner",
            "[rehearsal_id, ^singer_idd]\n    owner",
            "there is no field, reference or number `singer_idd`. Did you mean `singer_id`?",
        ),
        (
            TO_SINGER,
            TO_SINGER.replace("[singer_id]", "[^singer_idd]"),
            "there is no field, reference or number `singer_idd`.",
        ),
        (
            TO_SINGER,
            TO_SINGER.replace("resource: singers", "resource: ^singerss"),
            "there is no table `singerss`. Did you mean `singers`?",
        ),
        (
            "    aliases: [排练记录]\n",
            "    order: {by: ^[]}\n",
            "`by`: '[]' does not fit: at least one field or path is expected",
        ),
        (
            "    aliases: [排练记录]\n",
            "    order: {by: [held_on, ^heldon]}\n",
            "there is no field, reference or number `heldon`. Did you mean `held_on`?",
        ),
        (
            "    aliases: [排练记录]\n",
            "    order: {by: held_on, within: ^choir.nam}\n",
            "there is no field, reference or number `choir.nam`.",
        ),
        # keys that do not fit the field
        (
            "zh: 加入日期, en: Joined on}",
            "zh: 加入日期, en: Joined on}, role: ^name",
            "`role`: 'name' does not fit: it belongs to fields of type string",
        ),
        (
            AGE,
            AGE.replace("constraints", "role: ^valid_from, constraints"),
            "`role`: 'valid_from' does not fit: not a date",
        ),
        (
            AGE,
            AGE.replace("constraints", "categories: ^[{value: a}, {value: b}], constraints"),
            "`categories`: 'a, b' does not fit: it belongs to fields of type string or list",
        ),
        (AGE, AGE.replace("constraints", "normalize: ^[trim], constraints"), "`normalize`: 'trim' does not fit"),
        (AGE, AGE.replace("constraints", "blank: ^open, constraints"), "`blank`: 'open' does not fit: not a date"),
        (
            "zh: 加入日期, en: Joined on}",
            "zh: 加入日期, en: Joined on}, constraints: {minimum: ^soon}",
            "`minimum`: 'soon' does not fit: not a date",
        ),
        (
            "zh: 加入日期, en: Joined on}",
            "zh: 加入日期, en: Joined on}, blank: {value: ^soon}",
            "`blank`: 'soon' does not fit: not a date",
        ),
    ],
)
def test_what_cannot_be_in_a_record_model(old: str, new: str, said: str, tmp_path: Path) -> None:
    model, place = marked(MODEL, old, new)
    assert any(x.startswith(f"records.yaml:{place}: {said}") for x in told(tmp_path, RULE, model))
    assert any(x.startswith(f"records.yaml:{place}: ") for x in told(tmp_path, RULE, model, "zh"))


def test_two_steps_back_that_nobody_named_need_a_name(tmp_path: Path) -> None:
    model = MODEL.replace(TO_SINGER, TO_SINGER + TO_SINGER.replace("name: singer", "name: twin"))
    (line,) = told(tmp_path, RULE, model)
    assert line.endswith("A step back whose name is left out is called by its table; give it another by `reverse`.")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[排练记录]", "[rehearsal, 排练]"),  # a second word for the same
        ("zh: 年龄, en: Age}", "zh: 年龄, en: Age}, aliases: [age, 岁数]"),
        ("zh: 语言, en: Languages}", "zh: 语言, en: Languages}, categories: [{value: zh}, {value: en}]"),
        (TO_SINGER, TO_SINGER + TO_SINGER.replace("name: singer", "name: twin, reverse: twins")),
    ],
)
def test_what_can_be_in_a_record_model(old: str, new: str, tmp_path: Path) -> None:
    assert MODEL.count(old) == 1
    assert told(tmp_path, RULE, MODEL.replace(old, new)) == []


# ---- expressions

MADE = (
    MODEL
    + """
  spells:
    singular: spell
    title: {zh: 间隔, en: Spells}
    primaryKey: [choir_id, from_on]
    owner: choir
    foreignKeys:
      - {fields: [choir_id], reference: {resource: choirs}, name: choir}
    fields:
      - {name: choir_id, type: string}
      - {name: from_on, type: date, role: valid_from, blank: open}
      - {name: to_on, type: date, role: valid_to, blank: open}
      - {name: short, type: string, blank: none, computed: "lower(choir_id)"}
      - {name: shorter, type: string, blank: none, computed: "substr(short, 1)"}
    derive:
      - from: rehearsals
        order: {by: held_on, within: choir_id}
        where: choir.name <> 'x'
        fields:
          choir_id: choir_id
          from_on: held_on
          to_on: add_days(next.held_on, -1)
  voices:
    singular: voice_row
    primaryKey: [choir_id, voice]
    fields:
      - {name: choir_id, type: string}
      - {name: voice, type: string}
      - {name: oldest, type: integer}
    derive:
      - from: singers
        where: voice = 'high'
        key: [choir_id, voice]
        fields: {oldest: "max(age)"}
"""
)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"lower(choir_id)"', '"lower(^choirid)"', "there is no field, reference or number `choirid`. Did you mean"),
        ('"lower(choir_id)"', '"^"', "`` is no expression"),
        ('"lower(choir_id)"', "^choir_id is recorded", "`short` takes string, this is of type boolean"),
        ('"lower(choir_id)"', "lower(^shorter)", "`short` cannot be computed from `shorter`, which is settled later"),
        ('"lower(choir_id)"', "lower(^short)", "`short` cannot be computed from `short`, which is settled later"),
        ("choir.name <> 'x'", "choir.^nam <> 'x'", "there is no field, reference or number `nam`"),
        ("choir.name <> 'x'", "choir.^name", "a condition is expected"),
        ("add_days(next.held_on, -1)", "add_days(next.^heldon, -1)", "there is no field, reference or number `heldon`"),
        ("from_on: held_on", "from_on: ^choir_id", "`from_on` takes date, this is of type string"),
        ("voice = 'high'", "voice = ^'hihg'", "`hihg` is no category of `voice`. Did you mean `high`?"),
        ("voice = 'high'", '"^"', "`` is no expression"),
        ("key: [choir_id, voice]", "key: {choir_id: choir_id, voice: ^voic}", "there is no field, reference or number"),
        ("key: [choir_id, voice]", "key: [choir_id, choir.^voice]", "there is no field, reference or number `voice`"),
        ('"max(age)"', '"max(^ag)"', "there is no field, reference or number `ag`. Did you mean `age`?"),
        ('"max(age)"', "^age", "`age`: beside `key`, a field is count()"),
        ('"max(age)"', '^"max(name)"', "`oldest` takes integer, this is of type string"),
    ],
)
def test_an_expression_of_a_record_model_is_told_where_it_stands(old: str, new: str, said: str, tmp_path: Path) -> None:
    model, place = marked(MADE, old, new)
    (line,) = told(tmp_path, RULE, model)
    assert line.startswith(f"records.yaml:{place}: {said}")


def test_all_expressions_of_a_record_model_are_told_at_once(tmp_path: Path) -> None:
    model = MADE.replace("voice = 'high'", "voic = 'high'").replace("max(age)", "max(ag)")
    assert len(told(tmp_path, RULE, model.replace("lower(choir_id)", "lower(x)"))) == 3
    assert told(tmp_path, RULE, MADE) == []


# ---- what a standard brings

BRINGS = """records:
  tables:
    singers:
      aliases: [choristers]
      fields:
        - {name: height, type: integer, title: {zh: 身高}}
        - {name: initial, type: string, blank: none, computed: "substr(name, 1, 1)"}
    voices:
      derive:
        - {from: singers, where: voice is recorded, key: [choir_id, voice], fields: {oldest: max(age)}}
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[choristers]", "[^rehearsal]", "`rehearsal` means `rehearsals` already"),
        ("zh: 身高", "zh: ^年龄", "`年龄` means `age` already"),
        ("name: height,", "name: ^高音部,", "`高音部` means `voice` already"),
        (
            "    voices:\n",
            "    ^名册: {singular: x, primaryKey: id, fields: [{name: id, type: string}]}\n    voices:\n",
            "`名册` means",
        ),
        ("name: height,", "name: ^choir,", "`choir` in `singers` clashes"),
        ("name: height, type: integer", "name: height, type: integer, role: ^name", "`role`: 'name' does not fit"),
        (
            "name: height, type: integer",
            "name: height, type: integer, blank: {value: ^tall}",
            "`blank`: 'tall' does not",
        ),
        ("substr(name, 1, 1)", "substr(^nam, 1, 1)", "there is no field, reference or number `nam`"),
        ("substr(name, 1, 1)", "substr(^initial, 1, 1)", "`initial` cannot be computed from `initial`"),
        ("voice is recorded", "^voic is recorded", "there is no field, reference or number `voic`"),
        ("[choir_id, voice]", "[choir_id, choir.^voice]", "there is no field, reference or number `voice`"),
        ("max(age)", "max(^ag)", "there is no field, reference or number `ag`"),
        ("type: integer, title", "type: date, role: ^valid_to, title", "`singers` has more than one kind of time"),
    ],
)
def test_what_a_standard_brings_is_told_in_its_file(old: str, new: str, said: str, tmp_path: Path) -> None:
    standard = RULE.replace("rules:", BRINGS + "rules:")
    standard, place = marked(standard, old, new)
    model = MADE.replace("[合唱团名册]", "[合唱团名册, 名册]").replace(
        "en: Voice}", "en: Voice}\n        aliases: [高音部]"
    )
    model = model.replace("en: Joined on}", "en: Joined on}, role: when") if "valid_to" in new else model
    lines = told(tmp_path, standard, model)
    assert any(x.startswith(f"standard.yaml:{place}: {said}") for x in lines)
    assert all(x.startswith("standard.yaml:") for x in lines)


def test_what_a_standard_brings_may_be_right(tmp_path: Path) -> None:
    assert told(tmp_path, RULE.replace("rules:", BRINGS + "rules:"), MADE) == []


@pytest.mark.parametrize("command", ["lint", "test"])
def test_commands_tell_it_before_they_begin(command: str, tmp_path: Path) -> None:
    model, place = marked(MADE, "voice = 'high'", "^voic = 'high'")
    ran = orgaudit(command, write_standard(tmp_path, RULE, model))
    assert ran.code == 2
    assert f"records.yaml:{place}: there is no field" in ran.err
