"""Which mutants the scenarios notice: batches stay loaded, each mutant judges only the rules that it can touch."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing import get_context
from multiprocessing.util import Finalize

from orgaudit.errors import OrgauditError
from orgaudit.proof.batches import Batch, batches_of
from orgaudit.proof.expect import LEFT_OUT
from orgaudit.proof.mutants import Mutant, mutants_of
from orgaudit.proof.run import Outcome, Proof, Result, judged, load_batch, load_proof, run_scenarios, standard_for
from orgaudit.proof.scenario import Scenario
from orgaudit.records import Records
from orgaudit.standards import Standard


class Fate(StrEnum):
    """What became of a mutant."""

    NOTICED = "noticed"
    UNNOTICED = "unnoticed"
    EQUIVALENT = "equivalent"
    NO_STANDARD = "no_standard"


@dataclass(frozen=True)
class Tried:
    """A mutant and its fate: noticed by which scenario, or equivalent for which reason.

    `no_standard`: it does not load, or says the same when it is read, and so is no other standard.
    """

    mutant: Mutant
    fate: Fate
    by: str | None = None
    why: str | None = None


@dataclass
class _Loaded:
    batch: Batch
    standard: Standard
    records: Records


class Laboratory:
    """A standard's scenarios, loaded once, for as many mutants as wanted."""

    def __init__(self, proof: Proof, good: Sequence[Scenario]) -> None:
        self.proof = proof
        self._batches = list(batches_of(good, proof.draft))
        self._loaded: dict[int, _Loaded] = {}

    def _load(self, number: int) -> _Loaded:
        """A batch with its records, which stay loaded from the first time that they are asked for."""
        if number not in self._loaded:
            batch = self._batches[number]
            standard = standard_for(batch, self.proof.draft)
            self._loaded[number] = _Loaded(batch, standard, load_batch(batch, standard))
        return self._loaded[number]

    def close(self) -> None:
        """Lets go of all records."""
        for loaded in self._loaded.values():
            loaded.records.db.close()

    def try_out(self, mutant: Mutant) -> Tried:
        """Whether a scenario that came as expected does so no longer."""
        touched = _with_breaches(mutant.rules, self.proof.standard)
        is_other = False
        for number, batch in enumerate(self._batches):
            asked = [r for r in batch.rules if r in touched]
            if not asked:
                continue
            loaded = self._load(number)
            try:
                changed = standard_for(loaded.batch, self.proof.draft, dict(mutant.changes), asked)
            except OrgauditError:
                return Tried(mutant, Fate.NO_STANDARD)
            if _says_the_same(changed, loaded.standard):
                continue
            is_other = True
            by = self._noticed(loaded, changed, asked)
            if by is not None:
                return Tried(mutant, Fate.NOTICED, by)
        if not is_other and self._is_no_other(mutant):
            return Tried(mutant, Fate.NO_STANDARD)
        return Tried(mutant, Fate.UNNOTICED)

    def _is_no_other(self, mutant: Mutant) -> bool:
        """Whether a mutant that no scenario is asked about does not load, or says the same."""
        try:
            changed = self.proof.draft.standard(dict(mutant.changes), mutant.rules)
        except OrgauditError:
            return True
        return bool(mutant.rules) and _says_the_same(changed, self.proof.standard)

    def _noticed(self, loaded: _Loaded, changed: Standard, asked: Sequence[str]) -> str | None:
        try:
            with loaded.records.db.tentatively():
                results = list(judged(loaded.batch, changed, loaded.records, asked))
        except OrgauditError as e:
            return str(e)
        expected = {s.name: s for s in loaded.batch.scenarios}
        wrong = (r for r in results if _differs(r, expected[r.scenario.name], changed, asked))
        return next((r.scenario.name for r in wrong), None)


def _with_breaches(rules: Iterable[str], standard: Standard) -> set[str]:
    """Rules, with those that speak of their breaches."""
    found = set(rules)
    while more := {r.id for r in standard.rules if found & set(r.breaches_of)} - found:
        found |= more
    return found


def _differs(result: Result, scenario: Scenario, changed: Standard, asked: Sequence[str]) -> bool:
    gone = {r for r in asked if scenario.expect.get(r, LEFT_OUT) != LEFT_OUT} - {r.id for r in changed.rules}
    return bool(result.differences or result.errors or gone)


def _says_the_same(changed: Standard, standard: Standard) -> bool:
    """Whether the rules that are read come out equal, with all that they use."""
    rules = {r.id: r for r in standard.rules}
    return (
        all(rules.get(r.id) == r for r in changed.rules)
        and changed.parameters == standard.parameters
        and {n: r.use for n, r in changed.readings.items()} == {n: r.use for n, r in standard.readings.items()}
        and changed.groups == standard.groups
        and changed.numbers == standard.numbers
    )


def try_mutants(proof: Proof, results: Sequence[Result], rules: Sequence[str] | None, jobs: int) -> list[Tried]:
    """The fate of every mutant (that touches one of `rules`), in their order; `results` are those of scenarios that ran."""
    wanted = [m for m in mutants_of(proof.draft.data) if rules is None or set(m.rules) & set(rules)]
    good = _as_expected(proof, results, wanted)
    reasons = {e.mutant: e.why for file in proof.files for e in file.equivalent}
    if jobs == 1 or len(wanted) < 2 * jobs:
        tried = list(_try_all(proof, good, wanted))
    else:
        chunks = [wanted[i : i + _CHUNK] for i in range(0, len(wanted), _CHUNK)]  # neighbours ask for the same batches
        task = (proof.draft.name, good)
        with ProcessPoolExecutor(jobs, get_context("spawn"), _prepare, task) as pool:
            tried = [t for done in pool.map(_try_chunk, chunks) for t in done]
    return [_with_reason(t, reasons) for t in tried]


def _as_expected(proof: Proof, results: Sequence[Result], mutants: Sequence[Mutant]) -> list[str]:
    """The scenarios that come as expected: those that ran, and all others that may notice one of these mutants."""
    ran = {r.scenario.name for r in results}
    touched = _with_breaches({rule for m in mutants for rule in m.rules}, proof.standard)
    others = [s for s in proof.scenarios if s.name not in ran and touched & set(s.expect)]
    found = [*results, *run_scenarios(proof, others)]
    return [r.scenario.name for r in found if r.outcome == Outcome.AS_EXPECTED]


_CHUNK = 8  #: mutants that one process tries before it asks for more
_laboratories: list[Laboratory] = []  #: of a process that tries mutants: one


def _prepare(name: str, good: Sequence[str]) -> None:
    proof = load_proof(name)
    laboratory = Laboratory(proof, [s for s in proof.scenarios if s.name in set(good)])
    Finalize(None, laboratory.close, exitpriority=1)  # what a process leaves when it ends
    _laboratories.append(laboratory)


def _try_chunk(mutants: Sequence[Mutant]) -> list[Tried]:
    return [_laboratories[0].try_out(mutant) for mutant in mutants]


def _try_all(proof: Proof, good: Sequence[str], mutants: Sequence[Mutant]) -> Iterator[Tried]:
    laboratory = Laboratory(proof, [s for s in proof.scenarios if s.name in set(good)])
    try:
        for mutant in mutants:
            yield laboratory.try_out(mutant)
    finally:
        laboratory.close()


def _with_reason(tried: Tried, reasons: dict[str, str]) -> Tried:
    why = reasons.get(tried.mutant.name)
    if tried.fate == Fate.UNNOTICED and why is not None:
        return Tried(tried.mutant, Fate.EQUIVALENT, why=why)
    return tried


def unused_reasons(proof: Proof, tried: Sequence[Tried]) -> list[str]:
    """Mutants that are called equivalent and are none, or are noticed all the same."""
    used = {t.mutant.name for t in tried if t.fate == Fate.EQUIVALENT}
    return [e.mutant for file in proof.files for e in file.equivalent if e.mutant not in used]


def default_jobs() -> int:
    """As many processes as the machine has cores for."""
    return max(1, min(os.cpu_count() or 1, 8))
