"""The schemas: what loads fits them, what is broken is named at its place, and no key is left unexplained."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from support import orgaudit
from test_docs import BLOCKS

from orgaudit.cli.schema import KINDS, MODELS, schema_of
from orgaudit.recordmodel import validated
from orgaudit.yamlfile import parse_yaml, read_yaml

ROOT = Path(__file__).parent.parent
VALIDATORS = {kind: Draft202012Validator(schema_of(kind)) for kind in KINDS}


def kind_of(data: Any) -> str | None:
    """The kind of file, by the keys that only files of it have."""
    keys = set(data) if isinstance(data, dict) else set()
    if "scenarios" in keys:
        return "scenarios"
    if "standard" in keys and "rules" in keys:
        return "standard"
    if "records" in keys and "tables" in keys:
        return "records"
    if "calendar" in keys and "years" in keys:
        return "calendar"
    return "clauses" if keys == {"clauses"} else None


def files() -> Iterator[tuple[str, str, Any]]:
    """(name, kind, data) of every YAML file of the repository that is of a kind, and of every block of the docs."""
    for path in sorted(
        [*ROOT.glob("standards/**/*.yaml"), *ROOT.glob("examples/**/*.yaml"), *ROOT.glob("tests/cases/**/*.yaml")]
    ):
        data = read_yaml(path).data
        name = path.relative_to(ROOT).as_posix()
        kind = "manifest" if path.name == "orgaudit.yaml" else kind_of(data)
        if kind is not None:
            yield name, kind, data
        elif isinstance(data, dict) and "rules" in data and isinstance(data["rules"], list):
            keys = {"parameters", "readings", "define", "calendar", "rules"} & set(data)
            yield name, "standard", {"standard": "t", **{key: data[key] for key in keys}}
    for name, text, fragment in BLOCKS:
        data = parse_yaml(text, name).data
        if not fragment:
            yield name, kind_of(data) or "manifest", data


FILES = list(files())


def loads(kind: str, data: Any) -> bool:
    """Whether the model of this kind takes it."""
    model, _ = validated(MODELS[kind], replace(parse_yaml("", "file"), data=data))
    return model is not None


def test_files_of_every_kind_are_looked_at() -> None:
    assert {kind for _, kind, _ in FILES} == set(MODELS) - {"waivers"}
    assert len(FILES) > 100


@pytest.mark.parametrize(("kind", "data"), [f[1:] for f in FILES], ids=[f[0] for f in FILES])
def test_what_loads_fits_its_schema(kind: str, data: Any) -> None:
    errors = [f"{list(e.absolute_path)}: {e.message[:200]}" for e in VALIDATORS[kind].iter_errors(data)]
    assert loads(kind, data) == (not errors), errors


# ---- what is broken


RULE = {"id": "R", "modality": "must", "for": "clubs"}
COUNT = {"count": "matches", "at_least": 1}


def a_standard(**keys: Any) -> dict[str, Any]:
    return {"standard": "s", "rules": [{**RULE, **keys}]}


def a_field(**keys: Any) -> dict[str, Any]:
    table = {"singular": "club", "primaryKey": ["id"], "fields": [{"name": "id", "type": "string", **keys}]}
    return {"records": "r", "tables": {"clubs": table}}


def a_case(**keys: Any) -> dict[str, Any]:
    return {"scenarios": "s", "as_of": "2024-12-31", "cases": [{"name": "n", "expect": {"R": "pass"}, **keys}]}


def without(data: dict[str, Any], key: str) -> dict[str, Any]:
    return {k: v for k, v in data.items() if k != key}


R0 = ("rules", 0)
MEASURE = "one of count, distinct, sum, min, max, share, ratio, value, require, done, gap, consecutive, periods, attest"
BOUND = "one of at_least, at_most, more_than, less_than, exactly, between"
BROKEN: dict[str, tuple[str, Any, tuple[str | int, ...], str]] = {
    "an unknown key": ("standard", a_standard(**COUNT, titel={"en": "x"}), R0, "'titel' was unexpected"),
    "an unknown key at the top": (
        "standard",
        {"standard": "s", "ruels": [], "rules": []},
        (),
        "'ruels' was unexpected",
    ),
    "no rules": ("standard", {"standard": "s"}, (), "'rules' is a required property"),
    "no identifier": (
        "standard",
        {"standard": "s", "rules": [without({**RULE, **COUNT}, "id")]},
        R0,
        "'id' is a required property",
    ),
    "two bounds": ("standard", a_standard(**COUNT, at_most=3), (*R0, "at_most"), "`at_least` stands here already"),
    "two measures": ("standard", a_standard(**COUNT, sum="a of b"), (*R0, "sum"), "`count` stands here already"),
    "no measure": ("standard", a_standard(at_least=1), R0, MEASURE),
    "a bound and levels": (
        "standard",
        a_standard(**COUNT, levels=[{"level": "ok", "at_least": 1}]),
        (*R0, "levels"),
        "levels stand instead of a bound",
    ),
    "a bound on what takes none": (
        "standard",
        a_standard(require="a > 1", at_least=1),
        (*R0, "at_least"),
        "takes no bound",
    ),
    "three in between": ("standard", a_standard(count="a", between=[1, 2, 3]), (*R0, "between"), "is too long"),
    "a part without a bound": (
        "standard",
        a_standard(all=[{"id": "p", "count": "a"}]),
        (*R0, "all", 0),
        f"{BOUND}, levels",
    ),
    "a condition without a bound": (
        "standard",
        a_standard(consecutive="month", when={"count": "a"}, at_most=2),
        (*R0, "when"),
        BOUND,
    ),
    "a run without its condition": (
        "standard",
        a_standard(consecutive="month", at_most=2),
        R0,
        "'when' is a required property",
    ),
    "a word that is none": (
        "standard",
        a_standard(**COUNT) | {"rules": [{**RULE, **COUNT, "modality": "shall"}]},
        (*R0, "modality"),
        "'must_not'",
    ),
    "a period that is none": (
        "standard",
        a_standard(**COUNT, every="quater"),
        (*R0, "every"),
        "half-year, year or N months, where N divides 12",
    ),
    "months that do not divide": (
        "standard",
        a_standard(**COUNT, every="5 months"),
        (*R0, "every"),
        "where N divides 12",
    ),
    "a step without a period": (
        "standard",
        a_standard(**COUNT, step="month"),
        (*R0, "step"),
        "this belongs to `every`",
    ),
    "a period beside a run": (
        "standard",
        a_standard(periods="month", when="a", every="year"),
        (*R0, "every"),
        "the whole audited period",
    ),
    "a matter without a bound": (
        "standard",
        a_standard(require="a is recorded", matter="m"),
        R0,
        "'one of at_least, at_most, more_than, less_than, exactly, between, levels, within' is a required property",
    ),
    "a deadline without a window": ("standard", a_standard(done="a"), R0, "'within' is a required property"),
    "a window of another form": (
        "standard",
        a_standard(done="a", within="30 days"),
        (*R0, "within"),
        "DURATION after DATE",
    ),
    "a number where a text is needed": (
        "standard",
        a_standard(**COUNT, clause=3),
        (*R0, "clause"),
        "3 is not of type 'string'",
    ),
    "a text where a mapping is needed": (
        "standard",
        a_standard(**COUNT, title="x"),
        (*R0, "title"),
        "is not of type 'object'",
    ),
    "another language": ("standard", a_standard(**COUNT, title={"de": "x"}), (*R0, "title"), "'de' was unexpected"),
    "an exemption without a condition": (
        "standard",
        a_standard(**COUNT, unless=[{"id": "e"}]),
        (*R0, "unless", 0),
        "one of when, during, during_all",
    ),
    "an effect that is none": (
        "standard",
        a_standard(**COUNT, unless=[{"id": "e", "when": "a", "effect": "ignore"}]),
        (*R0, "unless", 0, "effect"),
        "excuse, skip, break",
    ),
    "a parameter without a date": (
        "standard",
        {"standard": "s", "parameters": {"p": {"2022": 1}}, "rules": []},
        ("parameters", "p"),
        "a day, as 2024-03-01",
    ),
    "a parameter that is a value": (
        "standard",
        {"standard": "s", "parameters": {"p": 5}, "rules": []},
        ("parameters", "p"),
        "5 is not of type 'object'",
    ),
    "a tailored rule without a reason": (
        "standard",
        {"standard": "s", "extends": [{"standard": "t", "rules": {"R": {"off": True}}}], "rules": []},
        ("extends", 0, "rules", "R"),
        "'why' is a required property",
    ),
    "a number with a bound": (
        "standard",
        {"standard": "s", "define": {"n": {"for": "clubs", **COUNT}}, "rules": []},
        ("define", "n", "at_least"),
        "takes no bound",
    ),
    "a type that is none": ("records", a_field(type="text"), ("tables", "clubs", "fields", 0, "type"), "'yearmonth'"),
    "a role that is none": ("records", a_field(role="date"), ("tables", "clubs", "fields", 0, "role"), "'valid_from'"),
    "a blank that is none": ("records", a_field(blank="maybe"), ("tables", "clubs", "fields", 0, "blank"), "'not_yet'"),
    "a table without a key": (
        "records",
        {"records": "r", "tables": {"clubs": {"singular": "c", "fields": []}}},
        ("tables", "clubs"),
        "'primaryKey' is a required property",
    ),
    "a scenario that expects nothing": (
        "scenarios",
        {"scenarios": "s", "as_of": "2024-01-01", "cases": [{"name": "n"}]},
        ("cases", 0),
        "'expect' is a required property",
    ),
    "a scenario without a day": (
        "scenarios",
        without(a_case(), "as_of"),
        ("cases", 0),
        "'as_of' is a required property",
    ),
    "an expectation with an unknown key": (
        "scenarios",
        a_case(expect={"R": {"A": {"verdikt": "pass"}}}),
        ("cases", 0, "expect", "R", "A"),
        "'verdikt' was unexpected",
    ),
    "a day that is none": ("manifest", {"as_of": "31.12.2024"}, ("as_of",), "a day, as 2024-03-01"),
    "silence of another kind": (
        "manifest",
        {"silence": {"talks": "none"}},
        ("silence", "talks"),
        "'unreported' was expected",
    ),
    "a norm that no rule carries": (
        "clauses",
        {"clauses": [{"norm": "1", "disposition": "rules"}]},
        ("clauses", 0),
        "'rules' is a required property",
    ),
    "a norm left out without a reason": (
        "clauses",
        {"clauses": [{"norm": "1", "disposition": "attest"}]},
        ("clauses", 0),
        "'why' is a required property",
    ),
    "a year that is none": ("calendar", {"calendar": "c", "years": {"24": {}}}, ("years",), "a year, as 2024"),
    "a holiday that is none": (
        "calendar",
        {"calendar": "c", "years": {"2024": {"holidays": ["1 May"]}}},
        ("years", "2024", "holidays", 0),
        "a day, as 2024-03-01",
    ),
    "a waiver for ever": (
        "waivers",
        [{"rule": "R", "justification": "x", "approver": "y"}],
        (0,),
        "'until' is a required property",
    ),
    "waivers that are no list": ("waivers", {"rule": "R"}, (), "is not of type 'array'"),
}


def said(error: ValidationError) -> str:
    """What an editor shows: the schema's own words, where it has some, else those of the validator."""
    return error.schema.get("errorMessage", error.message) if isinstance(error.schema, dict) else error.message


@pytest.mark.parametrize(("kind", "data", "path", "message"), BROKEN.values(), ids=BROKEN)
def test_what_is_broken_is_named_at_its_place(kind: str, data: Any, path: tuple[str | int, ...], message: str) -> None:
    errors = list(VALIDATORS[kind].iter_errors(data))
    assert [(tuple(e.absolute_path), message in said(e)) for e in errors] == [(path, True)], [said(e) for e in errors]


#: what the models take, and the program refuses when it reads what the texts say
REFUSED_LATER = {
    "a period that is none",
    "months that do not divide",
    "a deadline without a window",
    "a window of another form",
    "an effect that is none",
    "a parameter without a date",
    "a scenario without a day",
    "a norm that no rule carries",
    "a norm left out without a reason",
    "a year that is none",
    "a holiday that is none",
}


def test_what_the_schema_refuses_the_program_refuses() -> None:
    assert {name for name, (kind, data, *_) in BROKEN.items() if loads(kind, data)} == REFUSED_LATER


def test_one_mistake_gives_no_riddle() -> None:
    """A misspelt measure is an unknown key and a missing one; nothing is only called invalid."""
    errors = VALIDATORS["standard"].iter_errors(a_standard(cuont="matches", at_least=1))
    assert sorted(e.validator for e in errors) == ["additionalProperties", "required"]


def test_the_waivers_of_the_page_fit_their_schema() -> None:
    (shown,) = (text for name, text, _ in BLOCKS if name.startswith("docs/reference/schema.md") and "approver" in text)
    data = parse_yaml(shown, "page").data
    assert (VALIDATORS["waivers"].is_valid(data), loads("waivers", data)) == (True, True)


# ---- the schemas themselves


def objects(schema: Any, path: str = "$") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every part of a schema that lists the keys of a mapping, with the way to it; not those that only compare."""
    if isinstance(schema, dict):
        if schema.get("type") == "object" and "properties" in schema:
            yield path, schema
        for key, value in schema.items():
            if key not in ("examples", "enum", "const"):
                yield from objects(value, f"{path}.{key}")
    elif isinstance(schema, list):
        for i, value in enumerate(schema):
            yield from objects(value, f"{path}.{i}")


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_one_and_leaves_no_key_open_or_unexplained(kind: str) -> None:
    schema = schema_of(kind)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:orgaudit:{kind}:1"
    assert schema["title"]
    for path, part in objects(schema):
        assert part.get("additionalProperties") is False, path
        languages = set(part["properties"]) == {"zh", "en"}
        assert languages or all(value.get("description") for value in part["properties"].values()), path


@pytest.mark.parametrize("kind", MODELS)
def test_no_example_is_wrong(kind: str) -> None:
    """An example is a value of its key: where the schema of the key stands alone, it fits."""
    schema = schema_of(kind)
    for path, part in objects(schema):
        for name, value in part["properties"].items():
            for example in value.get("examples", []):
                alone = {**value, "$defs": schema.get("$defs", {})}
                assert Draft202012Validator(alone).is_valid(example), f"{path}.{name}: {example}"


def test_alternatives_are_never_only_called_invalid() -> None:
    """`anyOf` and `oneOf` stand only where they are asked, never where they are demanded."""
    for kind in MODELS:
        demanded = re.sub(r'"if": \{"anyOf"', "", json.dumps(schema_of(kind)))
        assert '"anyOf"' not in demanded, kind
        assert '"oneOf"' not in demanded, kind


# ---- the command


def test_a_schema_is_printed() -> None:
    ran = orgaudit("schema", "standard")
    assert (ran.code, json.loads(ran.out)) == (0, schema_of("standard"))


def test_the_published_schema_of_findings_is_printed() -> None:
    published = json.loads((ROOT / "docs" / "findings.schema.json").read_text(encoding="utf-8"))
    assert json.loads(orgaudit("schema", "findings").out) == published


def test_without_a_kind_they_are_listed() -> None:
    ran = orgaudit("schema")
    assert (ran.code, [line.split()[0] for line in ran.out.splitlines()]) == (0, list(KINDS))
    assert "记录模型" in orgaudit("schema", "--lang", "zh").out


def test_all_are_written_as_files(tmp_path: Path) -> None:
    ran = orgaudit("schema", "-o", tmp_path / "schemas")
    assert ran.code == 0
    assert sorted(p.name for p in (tmp_path / "schemas").iterdir()) == sorted(f"{kind}.schema.json" for kind in KINDS)
    assert ran.out.splitlines() == [f"{tmp_path}/schemas/{kind}.schema.json" for kind in KINDS]
    for kind in KINDS:
        assert json.loads((tmp_path / "schemas" / f"{kind}.schema.json").read_text(encoding="utf-8")) == schema_of(kind)


def test_one_is_written_as_a_file(tmp_path: Path) -> None:
    assert orgaudit("schema", "clauses", "--output", tmp_path).code == 0
    assert [p.name for p in tmp_path.iterdir()] == ["clauses.schema.json"]


def test_a_kind_that_is_none(tmp_path: Path) -> None:
    ran = orgaudit("schema", "standrd", "-o", tmp_path)
    assert (ran.code, ran.out, list(tmp_path.iterdir())) == (2, "", [])
    assert ran.err == "there is no schema of `standrd`. Did you mean `standard`?\n"


def test_a_folder_that_cannot_be_one(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    ran = orgaudit("schema", "-o", tmp_path / "file")
    assert (ran.code, ran.err) == (2, f"{tmp_path}/file: cannot write: File exists.\n")
