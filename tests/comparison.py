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

    def differences(self, case: Case) -> list[str]:
        """One line for each check on which the two sides differ."""
        expected, found = self.by_oracle(case), self.by_engine(case)
        lines = []
        for key in sorted(expected.keys() | found.keys()):
            if expected.get(key) != found.get(key):
                lines.append(f"{key}: oracle {expected.get(key)}, engine {found.get(key)}")
        return lines

    def by_oracle(self, case: Case) -> Found:
        checks = oracle_audit(self.raw_model, self.raw_standard, case.raw, **case.arguments())
        return self._told(checks)

    def by_engine(self, case: Case) -> Found:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write_folder(case.raw, folder, model=self.raw_model, **case.arguments())
            records = load_records(folder, self.model, default_as_of=date(2024, 12, 31))
            try:
                checks = list(audit(records, [self.standard]).checks())
            finally:
                records.db.close()
        return self._told(checks)

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
