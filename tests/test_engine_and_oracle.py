"""Engine and oracle on random record sets: not one verdict, level or count may differ.

Sets are handed in several at a time, five in a folder: one audit costs hardly more than a set alone.
ORGAUDIT_SETS asks for more sets of the street's standard, ORGAUDIT_FIRST_SEED begins elsewhere (to resume, or to repeat
a batch that differed).
"""

from __future__ import annotations

import os
import random
from functools import cache
from pathlib import Path

import pytest
from bruteforce import Cell, contradictions, few, is_unknown_blank, with_cells
from comparison import Pair
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle.records import read_model
from strategies import Case, Rates, build, record_sets

ROOT = Path(__file__).parents[1]
TOGETHER = 10  # sets in one audit
FIRST = int(os.environ.get("ORGAUDIT_FIRST_SEED", "0"))
STREET_SETS = int(os.environ.get("ORGAUDIT_SETS", "200"))
OTHER_SETS = 100


@cache
def street() -> Pair:
    return Pair(ROOT / "standards/records.yaml", ROOT / "standards/street-party-building/standard.yaml")


@cache
def rowing() -> Pair:
    """A standard that uses what the street's does without."""
    cases = ROOT / "tests/cases/comparison"
    return Pair(cases / "records.yaml", cases / "standard.yaml")


def seeds(sets: int) -> range:
    return range(FIRST, FIRST + -(-sets // TOGETHER))


def differences(pair: Pair, seed: int) -> str:
    found = pair.differences(pair.together(seed, TOGETHER), runs=pair is rowing())
    return "\n".join([f"seed {seed}: {len(found)} differences", *found[:20]]) if found else ""


@pytest.mark.parametrize("seed", seeds(STREET_SETS))
def test_the_street_standard(seed: int) -> None:
    assert not differences(street(), seed)


@pytest.mark.parametrize("seed", seeds(OTHER_SETS))
def test_a_standard_with_everything_else(seed: int) -> None:
    assert not differences(rowing(), seed)


@pytest.mark.parametrize("seed", range(FIRST, FIRST + 4))
def test_a_set_alone(seed: int) -> None:
    found = [d for pair in (street(), rowing()) for d in pair.differences(pair.case(seed), runs=True)]
    assert not found, "\n".join([f"seed {seed}", *found[:20]])


@settings(max_examples=4, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_set_that_is_drawn(data: st.DataObject) -> None:
    case = data.draw(record_sets(street().raw_model, words=street().words))
    assert not street().differences(case)


# -- every filling of a few blanks

SPARSE = Rates(0.04, 0.01, 0.01, 0.01, 0, 0, 0, 0.1, 0.1, 0.2)
#: asked for by `is recorded`: what is written there is known, blank or not
ASKED = {("clubs", "name")}


def cells_to_hide(pair: Pair, case: Case) -> list[Cell]:
    """What is written and whose blank is unknown: neither keys nor references, which say where a record belongs."""
    tables = read_model(pair.raw_model)
    found: list[Cell] = []
    for name, rows in case.raw.items():
        placing = {*tables[name].primary, *(k.column for k in tables[name].keys)}
        for i, row in enumerate(rows):
            for column in set(row.cells) - placing:
                hidden = with_cells(case.raw, {(name, i, column): ""})
                if row.cells[column] and (name, column) not in ASKED:
                    found += [(name, i, column)] if is_unknown_blank(pair.raw_model, hidden, (name, i, column)) else []
    return sorted(found)


@pytest.mark.parametrize("seed", range(FIRST, FIRST + 15))
def test_no_filling_contradicts_a_verdict_of_the_engine(seed: int) -> None:
    pair = rowing()
    case = build(random.Random(seed), pair.raw_model, words=pair.words, rates=SPARSE)
    cells = cells_to_hide(pair, case)
    random.Random(seed).shuffle(cells)
    days = {"as_of": case.as_of, "period": case.period}
    cells = few(pair.raw_model, case.raw, cells, most=64, **days)
    case.raw = with_cells(case.raw, dict.fromkeys(cells, ""))
    told = {key[:4]: outcome[0] for key, outcome in pair.by_engine(case).items()}
    assert not contradictions(pair.raw_model, pair.raw_standard, case.raw, cells, told, **case.arguments())
