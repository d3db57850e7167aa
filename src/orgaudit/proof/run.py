"""Scenarios against their standard: each is loaded, audited, and held against what it expects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from orgaudit.engine import audit
from orgaudit.errors import OrgauditError, OrgauditErrors, Where, did_you_mean
from orgaudit.findings import Audit, Finding, Problem
from orgaudit.proof.batches import Batch, batches_of, owner_of, place_of, plain
from orgaudit.proof.expect import LEFT_OUT, NOBODY, Came, Difference, asks_findings, came, came_of_figure, differences
from orgaudit.proof.scenario import Scenario, ScenarioFile, find_scenario_files, read_scenarios
from orgaudit.proof.setting import manifest_of
from orgaudit.records import Manifest, Records, load_rows
from orgaudit.standards import Draft, Rule, Standard, find_standard, record_model_of


class Outcome(StrEnum):
    """What became of a scenario; the worst first."""

    ERROR = "error"
    DIFFERS = "differs"
    TODO_KEPT = "todo_kept"
    TODO = "todo"
    AS_EXPECTED = "as_expected"


@dataclass(frozen=True)
class Result:
    """A scenario with what came of it: by rule, and what differs."""

    scenario: Scenario
    came: Mapping[str, tuple[Came, ...]]
    differences: tuple[Difference, ...]
    problems: tuple[Problem, ...] = ()
    errors: tuple[OrgauditError, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """A scenario that is still to do must not be as expected: then the mark has to go."""
        if self.errors:
            return Outcome.ERROR
        if self.scenario.todo:
            return Outcome.TODO if self.differences or self.problems else Outcome.TODO_KEPT
        return Outcome.DIFFERS if self.differences or self.problems else Outcome.AS_EXPECTED


@dataclass
class Proof:
    """A standard with its scenario files; batches stay loaded until `close()`."""

    draft: Draft
    standard: Standard
    files: list[ScenarioFile]

    @property
    def scenarios(self) -> list[Scenario]:
        """All scenarios of all files."""
        return [s for file in self.files for s in file.scenarios]


def load_proof(name: str) -> Proof:
    """A standard and the scenarios beside it; raises OrgauditErrors with everything that is wrong in its files."""
    path = find_standard(name)
    draft = Draft(name, record_model_of([name]))
    standard = draft.standard()
    files: list[ScenarioFile] = []
    errors: list[OrgauditError] = []
    for found in find_scenario_files(path):
        try:
            files.append(read_scenarios(found, _shown(found, draft), draft.model))
        except OrgauditErrors as e:
            errors += e.errors
    errors += [e for file in files for e in _of_others(file, standard)]
    if errors:
        raise OrgauditErrors(errors)
    return Proof(draft, standard, files)


def _shown(path: Path, draft: Draft) -> str:
    return (Path(draft.file.name).parent / path.name).as_posix()


def _of_others(file: ScenarioFile, standard: Standard) -> Iterator[OrgauditError]:
    """Scenarios of another standard, or of a rule that this one does not have."""
    if file.standard != standard.id:
        yield OrgauditError("other-standard", {"name": file.standard, "standard": standard.id}, Where(file.name, 1, 1))
    known = [r.id for r in standard.rules]
    for scenario in file.scenarios:
        for rule, where in scenario.places.items():
            may_stand = scenario.setting.readings or scenario.expect[rule] == LEFT_OUT
            if rule not in known and not (may_stand and rule in standard.left_out):
                yield OrgauditError("unknown-rule-here", did_you_mean(rule, known), where)


def scenarios_of(standard: Standard, rule: str) -> list[Scenario]:
    """The scenarios beside a standard that speak of a rule; raises OrgauditErrors where their files are wrong."""
    model = record_model_of([standard.path])
    path = find_standard(standard.path)
    files = [
        read_scenarios(f, (Path(standard.path).parent / f.name).as_posix(), model) for f in find_scenario_files(path)
    ]
    return [s for file in files for s in file.scenarios if rule in s.expect]


def scenarios_by_rule(standard: Standard) -> dict[str, list[Scenario]]:
    """All scenarios beside a standard, by each rule that they speak of; raises OrgauditErrors where their files are wrong."""
    model, path = record_model_of([standard.path]), find_standard(standard.path)
    found: dict[str, list[Scenario]] = {}
    for file in find_scenario_files(path):
        for scenario in read_scenarios(file, file.as_posix(), model).scenarios:
            for rule in scenario.expect:
                found.setdefault(rule, []).append(scenario)
    return found


def run_scenarios(proof: Proof, scenarios: Sequence[Scenario] | None = None) -> list[Result]:
    """The result of every scenario, in their order."""
    wanted = proof.scenarios if scenarios is None else list(scenarios)
    results: dict[str, Result] = {}
    for batch in batches_of(wanted, proof.draft):
        for result in run_batch(batch, proof.draft):
            results[result.scenario.name] = result
    return [results[s.name] for s in wanted]


def run_batch(batch: Batch, draft: Draft) -> Iterator[Result]:
    """The results of scenarios that are looked at together; one with a problem is looked at alone."""
    try:
        standard = standard_for(batch, draft)
        records = load_batch(batch, standard)
    except OrgauditError as e:
        yield from (Result(s, {}, (), (), tuple(getattr(e, "errors", [e]))) for s in batch.scenarios)
        return
    with_problems = {_owner(p) for p in records.problems if not p.is_notice and _touches_others(p, standard)}
    try:
        if with_problems and len(batch.scenarios) > 1:
            for part in _apart(batch, with_problems):
                yield from run_batch(part, draft)
            return
        yield from judged(batch, standard, records)
    finally:
        records.db.close()


def _apart(batch: Batch, with_problems: set[int]) -> list[Batch]:
    alone = [Batch((s,)) for i, s in enumerate(batch.scenarios) if i in with_problems]
    others = tuple(s for i, s in enumerate(batch.scenarios) if i not in with_problems)
    return [*alone, *([Batch(others)] if others else [])]


def _owner(problem: Problem) -> int:
    return place_of(problem.row)[0] if problem.row is not None else owner_of(problem.value)


def _touches_others(problem: Problem, standard: Standard) -> bool:
    """Whether a problem can leave open whose a record is: one of a key or a reference, or of no cell at all."""
    table = standard.model.tables.get(problem.table or "")
    if table is None or problem.column is None:
        return True
    return problem.column in {*table.primaryKey, *(f for k in table.foreignKeys for f in k.fields)}


def standard_for(
    batch: Batch, draft: Draft, changes: Mapping[Any, Any] | None = None, rules: Sequence[str] | None = None
) -> Standard:
    """The standard with the parameters and readings of a batch, as far as its rules (or these of them) need it."""
    setting = batch.scenarios[0].setting
    chosen = draft.chosen(setting.parameters, setting.readings)
    return draft.standard({**(changes or {}), **chosen}, batch.rules if rules is None else rules)


def load_batch(batch: Batch, standard: Standard) -> Records:
    """The records of a batch, ready to be compared."""
    first = batch.scenarios[0]
    manifest = Manifest.model_validate(manifest_of(first.setting))
    model = standard.model.model_copy(update={"tables": _handed_in(standard)})
    return load_rows(batch.tables(model), model, manifest, name=first.where.file, without=first.setting.not_handed_in)


def _handed_in(standard: Standard) -> dict[str, Any]:
    """The tables of the record model without those that the engine fills."""
    return {n: t for n, t in standard.model.tables.items() if not n.startswith("breaches of ") and n != "audit"}


def judged(batch: Batch, standard: Standard, records: Records, rules: Sequence[str] | None = None) -> Iterator[Result]:
    """What comes of each scenario of a loaded batch; `rules` leaves only these."""
    asked = [r for r in batch.rules if rules is None or r in rules]
    made = audit(records, [standard], asked)
    by_rule = {r.id: r for r in standard.rules if r.id in asked}
    expected = [(s.expect[r], rule) for s in batch.scenarios for r, rule in by_rule.items() if r in s.expect]
    all_came = _all_came(made, by_rule, with_findings=any(asks_findings(e, rule) for e, rule in expected))
    problems = [p for p in records.problems if not p.is_notice]
    for i, scenario in enumerate(batch.scenarios):
        own = {rule: tuple(all_came[i, rule]) for rule in scenario.expect if rule in asked}
        yield _result(scenario, own, by_rule, [p for p in problems if _owner(p) == i])


def _result(
    scenario: Scenario, own: Mapping[str, tuple[Came, ...]], rules: Mapping[str, Rule], problems: list[Problem]
) -> Result:
    found: list[Difference] = []
    errors: list[OrgauditError] = []
    for rule, several in own.items():
        try:
            if rule in rules:
                found += differences(scenario.expect[rule], several, rules[rule])
            elif scenario.expect[rule] != LEFT_OUT:
                raise OrgauditError("unknown-rule-here", did_you_mean(rule, rules))
        except OrgauditError as e:
            errors.append(OrgauditError(e.code, e.values, scenario.places[rule]))
    told = [replace(p, row=place_of(p.row)[1], value=plain(p.value)) for p in problems]
    unexpected = [p for p in told if p.code not in scenario.problems and not _is_meant(p, scenario)]
    missing = set(scenario.problems) - {p.code for p in problems}
    found += [Difference("", "", code, NOBODY) for code in sorted(missing)]
    return Result(scenario, own, tuple(found), tuple(unexpected), tuple(errors))


def _is_meant(problem: Problem, scenario: Scenario) -> bool:
    """A cell that is demanded, and blank because the scenario says so."""
    rows = [r for r in scenario.tables.get(problem.table or "", ()) if r.line == problem.row]
    return problem.code == "required-value" and any(r.fields.get(problem.column or "") == "" for r in rows)


def _all_came(made: Audit, rules: Mapping[str, Rule], *, with_findings: bool) -> dict[tuple[int, str], list[Came]]:
    """What was said, by scenario and rule."""
    findings: dict[str, list[Finding]] = defaultdict(list)
    for finding in made.findings() if with_findings else ():
        findings[finding.rule.rule].append(finding)
    found: dict[tuple[int, str], list[Came]] = defaultdict(list)
    for check in made.checks():
        if check.rule in rules:
            owner = owner_of(check.subject, *check.each)
            found[owner, check.rule].append(came(check, findings[check.rule], rules[check.rule]))
    for figure in made.figures():
        owner = owner_of(figure.subject.key, *(figure.each or {}).values())
        found[owner, figure.rule.rule].append(came_of_figure(figure))
    return found
