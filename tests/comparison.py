"""Engine and oracle side by side: the same records through both, verdict by verdict."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from oracle import audit as oracle_audit
from oracle import load_yaml
from oracle.values import text_of
from strategies import Case, build, build_together, words_of, write_folder

from orgaudit.engine import audit
from orgaudit.findings import Finding
from orgaudit.recordmodel import load_record_model
from orgaudit.records import load_records
from orgaudit.standards import load_standard

Found = dict[tuple[Any, ...], tuple[Any, ...]]


class Pair:
    """A record model and a standard, read by both sides."""

    def __init__(self, model: Path, standard: Path) -> None:
        self.raw_model, self.raw_standard = load_yaml(model), load_yaml(standard)
        self.model = load_record_model(model)
        self.standard = load_standard(str(standard), self.model)
        self.words = words_of(self.raw_standard)
        rules = self.raw_standard["rules"]
        self.counts = {r["id"] for r in rules if "count" in r}
        self.ladders = {r["id"] for r in rules if "levels" in r and "consecutive" not in r}

    def case(self, seed: int) -> Case:
        return build(random.Random(seed), self.raw_model, words=self.words)

    def together(self, seed: int, count: int) -> Case:
        """Several sets in one audit, which costs hardly more than one alone."""
        return build_together(random.Random(seed), self.raw_model, count, words=self.words)

    def differences(self, case: Case, *, runs: bool = False) -> list[str]:
        """One line for each check (and, with `runs`, each run) on which the two sides differ."""
        expected, found = self.by_oracle(case, runs=runs), self.by_engine(case, runs=runs)
        lines = []
        for key in sorted(expected.keys() | found.keys()):
            if expected.get(key) != found.get(key):
                lines.append(f"{key}: oracle {expected.get(key)}, engine {found.get(key)}")
        return lines

    def by_oracle(self, case: Case, *, runs: bool = False) -> Found:
        checks = oracle_audit(self.raw_model, self.raw_standard, case.raw, **case.arguments())
        items = [(c.rule, c.subject, c.each, *item) for c in checks for item in c.items] if runs else []
        return self._told(checks) | numbered(items)

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
        runs = [f for f in findings if f.rule.measure == "consecutive"]
        return [
            (
                f.rule.rule,
                f.subject.key,
                (),
                f.period.start,
                f.period.end,
                f.certain,
                f.possible,
                str(f.verdict),
                f.level,
            )
            for f in runs
        ]

    def _told(self, checks: Iterable[Any]) -> Found:
        """What both sides must say alike: the verdict; of a count its interval, and the level of what has levels."""
        outcomes: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
        for check in checks:
            key = (check.rule, check.subject, tuple(map(text_of, check.each)), check.period)
            outcome: tuple[Any, ...] = (str(check.verdict),)
            if check.verdict != "not_applicable" and check.rule in self.counts:
                outcome += (check.certain, check.possible)
            if check.verdict != "not_applicable" and check.rule in self.ladders:
                outcome += (check.level,)
            outcomes.setdefault(key, []).append(outcome)
        # records whose key is partly blank share what is left of it
        return {(*key, i): o for key, found in outcomes.items() for i, o in enumerate(sorted(found, key=repr))}


def numbered(items: list[tuple[Any, ...]]) -> Found:
    """Runs by rule, subject and first day."""
    found: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
    for rule, subject, each, first, *rest in items:
        found.setdefault((rule, subject, each, f"run {first}"), []).append(tuple(rest))
    return {(*key, i): o for key, several in found.items() for i, o in enumerate(sorted(several, key=repr))}
