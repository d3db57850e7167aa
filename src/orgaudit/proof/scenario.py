"""Scenarios: a few records, the day from which they are looked at, and what the rules must say of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from orgaudit.errors import OrgauditError, OrgauditErrors, Where
from orgaudit.proof.given import Tables, written
from orgaudit.proof.keys import EquivalentKeys, ScenarioFileKeys, ScenarioKeys, Setting
from orgaudit.proof.outline import filled, rows_of_table
from orgaudit.proof.setting import Circumstances, circumstances, filled_setting, setting_errors
from orgaudit.recordmodel import RecordModel, validated
from orgaudit.standards.places import Places
from orgaudit.yamlfile import YamlFile, read_yaml

SUFFIX = ".test.yaml"


@dataclass(frozen=True)
class Scenario:
    """One scenario, with every variable filled in."""

    name: str
    where: Where
    circumstances: Circumstances
    setting: Setting
    tables: Tables
    problems: tuple[str, ...]
    expect: Mapping[str, Any]
    places: Mapping[str, Where]
    todo: str | None


@dataclass(frozen=True)
class ScenarioFile:
    """All scenarios of a file, with the mutants that it says cannot be noticed."""

    standard: str
    name: str
    scenarios: tuple[Scenario, ...]
    equivalent: tuple[EquivalentKeys, ...]


def find_scenario_files(standard: Path) -> list[Path]:
    """The scenario files beside a standard."""
    return sorted(standard.parent.glob(f"*{SUFFIX}"))


def read_scenarios(path: Path, shown: str, model: RecordModel) -> ScenarioFile:
    """The scenarios of a file; raises OrgauditErrors with everything that is wrong in it."""
    file = read_yaml(path, shown)
    if not isinstance(file.data, dict):
        raise OrgauditErrors([OrgauditError("not-scenarios", {}, Where(shown, 1, 1))])
    keys, cases, errors = _keys(file)
    if keys is None:
        raise OrgauditErrors(errors)
    places = Places(file, errors)
    scenarios = tuple(s for i, case in cases for s in _scenarios(keys, case, i, model, places))
    _refuse_same_names(scenarios, places)
    if errors:  # a case with a table tells an error once a row
        raise OrgauditErrors({str(e): e for e in errors}.values())
    return ScenarioFile(keys.scenarios, shown, scenarios, tuple(keys.equivalent))


def _keys(file: YamlFile) -> tuple[ScenarioFileKeys | None, list[tuple[int, ScenarioKeys]], list[OrgauditError]]:
    """The keys of a file and of each case (with its number) that has the right shape, and all errors of shape."""
    listed = file.data.get("cases")
    if not isinstance(listed, list):
        keys, errors = validated(ScenarioFileKeys, file)
        return keys, [], errors
    keys, errors = validated(ScenarioFileKeys, replace(file, data={**file.data, "cases": []}))
    cases: list[tuple[int, ScenarioKeys]] = []
    for i in range(len(listed)):
        case, wrong = validated(ScenarioKeys, file, ("cases", i))
        errors += wrong
        cases += [(i, case)] if case is not None else []
    return keys, cases, errors


def _scenarios(
    keys: ScenarioFileKeys, case: ScenarioKeys, i: int, model: RecordModel, places: Places
) -> Iterator[Scenario]:
    """One scenario, or one for each row of its table."""
    for variables in rows_of_table(case.table):
        with places.at(("cases", i)):
            setting = filled_setting(keys, case, variables)
            tables = written(keys.records, case.given, ("cases", i, "given"), variables, model, places)
            if not case.expect and not case.problems:
                raise OrgauditError("expects-nothing", {}, places.file.where(("cases", i, "expect")))
            wrong = list(setting_errors(setting, model, tables, places.file, ("cases", i)))
            if wrong:
                raise OrgauditErrors(wrong)
            expect = filled(case.model_dump(exclude_unset=True)["expect"], variables)
            yield Scenario(
                name=_name(case.name, variables),
                where=places.file.where(("cases", i)),
                circumstances=circumstances(setting),
                setting=setting,
                tables=tables,
                problems=tuple(case.problems),
                expect=expect,
                places={rule: places.file.where(("cases", i, "expect", rule), key=True) for rule in expect},
                todo=case.todo,
            )


def _name(written: str, variables: Mapping[str, Any]) -> str:
    """The name with its variables filled in; one that has none is told apart by all of them."""
    name = str(filled(written, variables))
    if variables and name == written:
        told = ", ".join(f"{k} {'~' if v is None else v}" for k, v in variables.items())
        name = f"{name} ({told})"
    return name


def _refuse_same_names(scenarios: tuple[Scenario, ...], places: Places) -> None:
    seen: dict[str, Where] = {}
    for scenario in scenarios:
        if scenario.name in seen:
            values = {"name": scenario.name, "first": seen[scenario.name].line}
            places.errors.append(OrgauditError("same-scenario", values, scenario.where))
        seen.setdefault(scenario.name, scenario.where)
