"""What cannot be in a record model is told where it stands, also where a standard brought it."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import MODEL, a_rule, write_standard

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
    (line,) = [x for x in told(tmp_path, RULE, model) if x.startswith(f"records.yaml:{place}: ")]
    assert line.startswith(f"records.yaml:{place}: {said}")
    assert any(x.startswith(f"records.yaml:{place}: ") for x in told(tmp_path, RULE, model, "zh"))


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
