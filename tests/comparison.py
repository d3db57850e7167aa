"""Engine and oracle side by side: the same records through both, verdict by verdict."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from oracle import audit as oracle_audit
from oracle import load_yaml
from oracle.values import text_of
from strategies import Case, build, build_together, words_of, write_folder

from orgaudit.engine import audit
from orgaudit.findings import Finding
from orgaudit.recordmodel import RecordModel, load_record_model
from orgaudit.records import load_records
from orgaudit.standards import load_standard

Found = dict[tuple[Any, ...], tuple[Any, ...]]

#: measures of which both sides show the interval that they found
COUNTED = ("count", "distinct", "periods")
BOUNDED = ("at_least", "at_most", "more_than", "less_than", "exactly", "between", "levels")
WITHOUT_BOUND = ("require", "done", "attest", "all", "any")


@cache
def the_model(path: Path) -> RecordModel:
    return load_record_model(path)


@cache
def the_raw_model(path: Path) -> dict[str, Any]:
    return load_yaml(path)  # type: ignore[no-any-return]


class Pair:
    """A record model and a standard, read by both sides."""

    def __init__(self, model: Path, standard: Path) -> None:
        self.raw_model, self.raw_standard = the_raw_model(model), load_yaml(standard)
        self.model = the_model(model)
        self.standard = load_standard(str(standard), self.model)
        self.words = words_of(self.raw_standard)
        self.rules: dict[str, dict[str, Any]] = {r["id"]: r for r in self.raw_standard["rules"]}
        self.counts = {n for n, r in self.rules.items() if any(m in r for m in COUNTED)}
        self.ladders = {n for n, r in self.rules.items() if "levels" in r and "consecutive" not in r}
        self.figures = {n for n, r in self.rules.items() if not any(m in r for m in (*BOUNDED, *WITHOUT_BOUND))}

    def case(self, seed: int) -> Case:
        return build(random.Random(seed), self.raw_model, words=self.words)

    def together(self, seed: int, count: int) -> Case:
        """Several sets in one audit, which costs hardly more than one alone."""
        return build_together(random.Random(seed), self.raw_model, count, words=self.words)

    def differences(self, case: Case, *, runs: bool = False) -> list[str]:
        """One line for each check (and, with `runs`, each run) on which the two sides differ."""
        found = self.differing(case, runs=runs)
        return [f"{key}: oracle {expected}, engine {told}" for key, (expected, told) in found.items()]

    def differing(self, case: Case, *, runs: bool = False) -> dict[tuple[Any, ...], tuple[Any, Any]]:
        """What the oracle and what the engine says, where they differ."""
        expected, found = self.by_oracle(case, runs=runs), self.by_engine(case, runs=runs)
        keys = sorted(expected.keys() | found.keys())
        return {k: (expected.get(k), found.get(k)) for k in keys if expected.get(k) != found.get(k)}

    def by_oracle(self, case: Case, *, runs: bool = False) -> Found:
        checks = oracle_audit(self.raw_model, self.raw_standard, case.raw, **case.arguments())
        items = [
            (c.rule, c.subject, each_of(c.each), *item) for c in checks if "consecutive" in self.rules[c.rule]
            for item in c.items
        ]  # fmt: skip
        return self._told(checks) | numbered(items if runs else [])

    def by_engine(self, case: Case, *, runs: bool = False) -> Found:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write_folder(case.raw, folder, model=self.raw_model, **case.arguments())
            records = load_records(folder, self.model, default_as_of=date(2024, 12, 31))
            try:
                found = audit(records, [self.standard])
                told = self._told(found.checks())
                return told | numbered(self._runs_in(found.findings()) if runs else [])
            finally:
                records.db.close()

    def _runs_in(self, findings: Iterable[Finding]) -> list[tuple[Any, ...]]:
        return [
            (
                f.rule.rule, f.subject.key, each_of((f.each or {}).values()), f.period.start, f.period.end,
                f.certain, f.possible, str(f.verdict), f.level,
            )
            for f in findings if "consecutive" in self.rules[f.rule.rule]
        ]  # fmt: skip

    def _told(self, checks: Iterable[Any]) -> Found:
        """What both sides must say alike: the verdict; of a count its interval, and the level of what has levels."""
        outcomes: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
        for check in checks:
            if check.rule in self.figures:
                continue
            key = (check.rule, check.subject, each_of(check.each), check.period)
            outcome: tuple[Any, ...] = (str(check.verdict),)
            if check.verdict != "not_applicable" and check.rule in self.counts:
                outcome += (shown(check.certain), shown(check.possible))
            if check.verdict != "not_applicable" and check.rule in self.ladders:
                outcome += (check.level,)
            outcomes.setdefault(key, []).append(outcome)
        # records whose key is partly blank share what is left of it
        return {(*key, i): o for key, found in outcomes.items() for i, o in enumerate(sorted(found, key=repr))}


def each_of(values: Iterable[Any]) -> tuple[str, ...]:
    """Values of `each` as text; one that is not known is blank."""
    return tuple("" if v is None else text_of(v) for v in values)


def shown(end: Any) -> Any:
    """An end of an interval: whole numbers as such, others without rounding."""
    if end is None or isinstance(end, int):
        return end
    exact = Fraction(str(end)) if isinstance(end, float) else Fraction(end)
    return int(exact) if exact.denominator == 1 else exact


def numbered(items: list[tuple[Any, ...]]) -> Found:
    """Runs by rule, subject and first day."""
    found: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
    for rule, subject, each, first, *rest in items:
        found.setdefault((rule, subject, each, f"run {first}"), []).append(tuple(rest))
    return {(*key, i): o for key, several in found.items() for i, o in enumerate(sorted(several, key=repr))}
