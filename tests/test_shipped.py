"""The shipped standards: their scenarios come as expected, and every rule has them."""

from __future__ import annotations

import pytest

from orgaudit.proof import Outcome, Proof, kinds_of, load_proof, run_scenarios
from orgaudit.standards import shipped_standards


@pytest.fixture(scope="module", params=shipped_standards())
def proof(request: pytest.FixtureRequest) -> Proof:
    return load_proof(request.param)


def test_every_rule_is_shown_from_all_sides(proof: Proof) -> None:
    """Every scenario comes as expected; every rule has both sides of its bound, a blank, each level and each excuse."""
    results = run_scenarios(proof)
    assert [r.scenario.name for r in results if r.outcome != Outcome.AS_EXPECTED] == []
    assert {k.rule: k.missing for k in kinds_of(proof.standard, results) if k.missing} == {}


def test_every_rule_that_another_reading_brings_has_scenarios_of_that_reading(proof: Proof) -> None:
    shown = {rule for s in proof.scenarios if s.setting.readings for rule in s.expect}
    assert set(proof.standard.left_out) - shown == set()
