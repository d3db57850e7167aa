"""A record model with the tables and fields that a standard brings; errors stand where the part stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from loading import model_of
from support import write

from orgaudit.errors import OrgauditError
from orgaudit.messages import render_error
from orgaudit.recordmodel import RecordModel, widened
from orgaudit.yamlfile import parse_yaml

BASE = model_of(
    """
    boats:
      singular: boat
      title: {en: Boats}
      aliases: [fleet]
      primaryKey: [id]
      owner: self
      fields: [{name: id, type: string}, {name: length, type: number}]
    trips:
      singular: trip
      primaryKey: [id]
      fields: [{name: id, type: string}]
      derive: [{from: boats, fields: {id: id}}]
    """
)


def widen(tmp_path: Path, *parts: str) -> RecordModel:
    write(tmp_path, {"base.yaml": BASE})
    files = [parse_yaml(f"standard: x\nrecords:\n{part}", f"s{i}.yaml") for i, part in enumerate(parts, 1)]
    return widened(tmp_path / "base.yaml", [(file, ("records",)) for file in files], "base.yaml")


def errors(tmp_path: Path, *parts: str) -> list[str]:
    with pytest.raises(OrgauditError) as raised:
        widen(tmp_path, *parts)
    return [render_error(e, "en") for e in getattr(raised.value, "errors", [raised.value])]


CREWS = """  tables:
    crews:
      singular: crew
      primaryKey: [id]
      foreignKeys: [{fields: [boat_id], reference: {resource: boats}}]
      fields: [{name: id, type: string}, {name: boat_id, type: string}]
"""


def test_a_table_may_be_added_and_another_may_refer_to_it(tmp_path: Path) -> None:
    more = "  tables:\n    crews:\n      fields: [{name: size, type: integer}]\n      aliases: [teams]\n"
    model = widen(tmp_path, CREWS, more)
    assert list(model.tables) == ["boats", "trips", "crews"]
    assert list(model.tables["crews"].by_name) == ["id", "boat_id", "size"]
    assert model.hop("boats", "crews") is not None


def test_a_table_gets_further_fields_references_names_and_derivations(tmp_path: Path) -> None:
    part = """  tables:
    boats:
      aliases: [ships]
      foreignKeys: [{fields: [of], reference: {resource: boats}, name: mother, reverse: tenders}]
      fields: [{name: of, type: string, blank: none}]
    trips:
      derive: [{from: boats, fields: {id: of}}]
"""
    part = (
        part.replace("[of]", "[mother_id]").replace("name: of,", "name: mother_id,").replace("id: of", "id: mother_id")
    )
    model = widen(tmp_path, part)
    assert model.tables["boats"].aliases == ["fleet", "ships"]
    assert model.hop("boats", "tenders") is not None
    assert len(model.tables["trips"].derive) == 2


CREW = "{singular: crew, primaryKey: [key], fields: [{name: id, type: string}]}"
TO_CREWS = "[{fields: [id], reference: {resource: crews}, name: crew}]"


@pytest.mark.parametrize(
    ("boats", "told"),
    [
        ("fields: [{name: id, type: string}]", "5:16: `id` of `boats` is there already"),
        ("aliases: [fleet]", "5:17: `fleet` of `boats` is there already"),
        ("title: {en: Ships}", "5:7: `title` of `boats` is there already"),
        ("order: {by: length}", "5:7: unknown key `order`"),
        ("derive: [{from: trips, fields: {}}]", "5:7: unknown key `derive`"),
        ("fields: length", "5:15: `fields`: 'length' does not fit: a list is expected"),
        ("fields: [{name: n, type: text}]", "5:32: `text` is none of the words"),
        ("fields: [{name: n, type: string, kind: text}]", "5:40: unknown key `kind`"),
        (f"foreignKeys: {TO_CREWS}", "5:58: there is no table `crews`"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(boats: str, told: str, tmp_path: Path) -> None:
    found = errors(tmp_path, f"  tables:\n    boats:\n      {boats}\n")
    assert found[0].startswith(f"s1.yaml:{told}")


@pytest.mark.parametrize(
    ("part", "told"),
    [
        (f"  tables:\n    crews: {CREW}\n", "4:42: there is no field, reference or number `key`"),
        ("  tabels: {}\n", "3:3: `records`: '…' does not fit: a mapping `tables` is expected"),
        ("  tables: {}\n  title: {en: x}\n", "4:3: unknown key `title`"),
    ],
)
def test_a_standard_brings_nothing_but_tables(part: str, told: str, tmp_path: Path) -> None:
    assert errors(tmp_path, part)[0].startswith(f"s1.yaml:{told}")


def test_what_two_standards_bring_twice_is_told_at_the_second(tmp_path: Path) -> None:
    part = "  tables:\n    boats:\n      fields: [{name: draught, type: number}]\n"
    assert errors(tmp_path, part, part) == ["s2.yaml:5:16: `draught` of `boats` is there already."]


def test_a_name_that_a_standard_may_not_bring_is_told_there(tmp_path: Path) -> None:
    part = "  tables:\n    boats:\n      fields: [{name: trips, type: string}, {name: subject, type: string}]\n"
    assert errors(tmp_path, part)[0].startswith("s1.yaml:5:52: `subject` in `boats` clashes")
