"""Proof that a standard means what its text says: scenarios, and the mutants that they must notice."""

from orgaudit.proof.kinds import Kinds, kinds_of
from orgaudit.proof.report import WRITERS, Tested
from orgaudit.proof.run import Outcome, Proof, Result, load_proof, run_scenarios
from orgaudit.proof.scenario import find_scenario_files

__all__ = [
    "WRITERS",
    "Kinds",
    "Outcome",
    "Proof",
    "Result",
    "Tested",
    "find_scenario_files",
    "kinds_of",
    "load_proof",
    "run_scenarios",
]
