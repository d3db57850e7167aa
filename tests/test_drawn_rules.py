"""Engine and oracle on rules drawn at random: a rule and a record set are a pair, and no pair may differ.

One seed draws a standard and some sets that are handed in together. ORGAUDIT_PAIRS asks for more pairs,
ORGAUDIT_FIRST_SEED begins elsewhere (to resume, or to repeat a seed that differed).
"""

from __future__ import annotations

import os
import random
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml
from bruteforce import Cell, contradictions, few, is_unknown_blank, with_cells
from comparison import Pair
from drawn_rules import SIZES, draw_case, draw_standard, questions_of, standards
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import audit, load_yaml, parse_yaml
from oracle.model import read_model
from strategies import Case, Rates, build, words_of

MODEL = Path(__file__).parent / "cases/drawn/records.yaml"
RAW_MODEL = load_yaml(MODEL)
RULES = 8  # of a standard
TOGETHER = 10  # sets in one audit
PAIRS = int(os.environ.get("ORGAUDIT_PAIRS", "500"))
FIRST = int(os.environ.get("ORGAUDIT_FIRST_SEED", "0"))
FILLED_SETS = 30
#: seeds at which something went wrong once; at 70003 the database engine ended, at 200177 and 300120 it answered wrongly
ONCE_WRONG = (70003, 100090, 100214, 100307, 200169, 200173, 200177, 300083, 300120, 300255, 300370, 400090, 400237)

MEASURES = (
    "count", "distinct", "sum", "min", "max", "share", "ratio", "value", "require", "done", "gap", "consecutive",
    "periods", "attest", "all", "any",
)  # fmt: skip


def as_yaml(standard: dict[str, Any]) -> str:
    return yaml.safe_dump(standard, allow_unicode=True, sort_keys=False, width=200)


def drawn(seed: int) -> tuple[dict[str, Any], random.Random]:
    """A standard as YAML reads it, and what to draw its records with."""
    rng = random.Random(seed)
    return parse_yaml(as_yaml(draw_standard(rng, RAW_MODEL, RULES))), rng


def pair_of(standard: dict[str, Any]) -> Pair:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "standard.yaml"
        path.write_text(as_yaml_again(standard), encoding="utf-8")
        return Pair(MODEL, path)


def as_yaml_again(x: Any) -> str:
    """YAML of what was read with every scalar kept as text: plain scalars again, and text where it must be text."""
    return as_yaml(plain(x))


def plain(x: Any) -> Any:
    if isinstance(x, dict):
        return {plain(k): plain(v) for k, v in x.items()}
    if isinstance(x, list):
        return [plain(v) for v in x]
    return yaml.safe_load(x) if re.fullmatch(r"-?\d+(\.\d+)?|\d{4}-\d\d-\d\d", x) else x


def measure_of(rule: dict[str, Any]) -> str:
    return next(m for m in MEASURES if m in rule)


# -- engine and oracle


def seeds(pairs: int) -> range:
    return range(FIRST, FIRST + -(-pairs // (RULES * TOGETHER)))


def report(seed: int, pair: Pair, found: dict[tuple[Any, ...], tuple[Any, Any]]) -> str:
    """The rules that differ, each with its first differing checks."""
    lines = [
        f"seed {seed}: {len(found)} differences",
        as_yaml({k: v for k, v in pair.raw_standard.items() if k != "rules"}),
    ]
    for rule in dict.fromkeys(key[0] for key in found):
        lines.append(as_yaml(pair.rules[rule]))
        some = [(key, told) for key, told in found.items() if key[0] == rule][:5]
        lines += [f"  {key}: oracle {told[0]}, engine {told[1]}" for key, told in some]
    return "\n".join(lines)


@pytest.mark.parametrize("seed", [*seeds(PAIRS), *ONCE_WRONG])
def test_drawn_rules(seed: int) -> None:
    standard, rng = drawn(seed)
    pair = pair_of(standard)
    found = pair.differing(draw_case(rng, RAW_MODEL, standard, TOGETHER), runs=True)
    assert not found, report(seed, pair, found)


@settings(max_examples=3, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_standard_that_is_drawn(data: st.DataObject) -> None:
    standard = parse_yaml(as_yaml(data.draw(standards(RAW_MODEL, 3))))
    pair = pair_of(standard)
    seed = data.draw(st.integers(0, 2**32 - 1))
    found = pair.differing(draw_case(random.Random(seed), RAW_MODEL, standard), runs=True)
    assert not found, report(seed, pair, found)


# -- every filling of a few blanks

SPARSE = Rates(0.03, 0.01, 0.01, 0.01, 0, 0, 0, 0.1, 0.05, 0.2, 0)


def made_from(model: dict[str, Any]) -> set[tuple[str, str]]:
    """What decides whether a derived row is there: rows that are left out are only named."""
    found = set()
    for table in model["tables"].values():
        for made in table.get("derive", []):
            found |= {(made["from"], name) for name in re.findall(r"\w+", made.get("where", ""))}
    return found


def cells_to_hide(case: Case, standard: dict[str, Any]) -> list[Cell]:
    """What is written and whose blank is unknown: nothing that places a record, or is asked to be recorded."""
    asked = set(re.findall(r"(\w+) is (?:not )?recorded", repr(standard)))
    found: list[Cell] = []
    for name, rows in case.raw.items():
        table = read_model(RAW_MODEL)[name]
        kept = {*table.primary, *(c for k in table.keys for c in k.columns), *(table.about or {}).values(), *asked}
        kept |= {column for source, column in made_from(RAW_MODEL) if source == name}
        found += [(name, i, c) for i, row in enumerate(rows) for c in sorted(set(row.cells) - kept) if row.cells[c]]
    return [c for c in found if is_unknown_blank(RAW_MODEL, with_cells(case.raw, {c: ""}), c)]


def holed(seed: int, most: int) -> tuple[dict[str, Any], Case, list[Cell]]:
    """A standard, a set with a few cells hidden, and these cells."""
    standard, rng = drawn(seed)
    told: dict[str, Any] = {"words": [*words_of(standard), "x", "y"], "questions": questions_of(standard)}
    case = build(rng, RAW_MODEL, sizes=SIZES, rates=SPARSE, **told)
    cells = cells_to_hide(case, standard)
    rng.shuffle(cells)
    cells = few(RAW_MODEL, case.raw, cells, most=most, as_of=case.as_of, period=case.period)
    case.raw = with_cells(case.raw, dict.fromkeys(cells, ""))
    return standard, case, cells


@pytest.mark.parametrize("seed", range(FIRST, FIRST + FILLED_SETS))
def test_no_filling_contradicts_a_verdict_of_the_engine(seed: int) -> None:
    standard, case, cells = holed(seed, 32)
    told = {key[:4]: outcome[0] for key, outcome in pair_of(standard).by_engine(case).items()}
    assert not contradictions(RAW_MODEL, standard, case.raw, cells, told, **case.arguments())


@pytest.mark.parametrize("seed", range(FIRST, FIRST + 5))
def test_no_filling_contradicts_a_verdict_of_the_oracle(seed: int) -> None:
    standard, case, cells = holed(seed, 32)
    assert not contradictions(RAW_MODEL, standard, case.raw, cells, **case.arguments())


# -- what is drawn


def judged(sets: Iterable[int]) -> dict[str, list[set[str]]]:
    """The verdicts of each rule that has checks, by its measure and by the oracle alone."""
    found: dict[str, list[set[str]]] = {m: [] for m in MEASURES}
    for seed in sets:
        standard, rng = drawn(seed)
        case = draw_case(rng, RAW_MODEL, standard)
        verdicts: dict[str, set[str]] = {}
        for check in audit(RAW_MODEL, standard, case.raw, **case.arguments()):
            verdicts.setdefault(check.rule, set()).add(check.verdict)
        for rule in standard["rules"]:
            found[measure_of(rule)] += [verdicts[rule["id"]]] if rule["id"] in verdicts else []
    return found


def test_every_measure_is_drawn_with_every_outcome() -> None:
    for measure, rules in judged(range(200)).items():
        told = set().union(*rules)
        assert {"pass", "unknown"} <= told, measure
        assert "fail" in told or measure == "any", measure  # one part that passes is enough
        dull = [verdicts for verdicts in rules if verdicts <= {"unknown", "not_applicable"}]
        assert len(dull) < 0.8 * len(rules), f"{measure}: {len(dull)} of {len(rules)}"
