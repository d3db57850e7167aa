"""Proof that a standard means what its text says: scenarios, and the mutants that they must notice."""

from orgaudit.proof.expect import verdicts_expected
from orgaudit.proof.keys import ScenarioFileKeys
from orgaudit.proof.kinds import Kinds, kinds_of
from orgaudit.proof.lint import LINTS, Lint, Linted, lints_of
from orgaudit.proof.matters import rules_on
from orgaudit.proof.mutate import Fate, Tried, default_jobs, try_mutants, unused_reasons
from orgaudit.proof.report import WRITERS, Tested
from orgaudit.proof.run import Outcome, Proof, Result, load_proof, run_scenarios, scenarios_by_rule, scenarios_of
from orgaudit.proof.scenario import find_scenario_files

__all__ = [
    "LINTS",
    "WRITERS",
    "Fate",
    "Kinds",
    "Lint",
    "Linted",
    "Outcome",
    "Proof",
    "Result",
    "ScenarioFileKeys",
    "Tested",
    "Tried",
    "default_jobs",
    "find_scenario_files",
    "kinds_of",
    "lints_of",
    "load_proof",
    "rules_on",
    "run_scenarios",
    "scenarios_by_rule",
    "scenarios_of",
    "try_mutants",
    "unused_reasons",
    "verdicts_expected",
]
