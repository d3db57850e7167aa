"""`orgaudit test`: standards with their scenarios in, what differs and an exit code out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orgaudit.cli.exits import ERROR, FINDINGS, NOTHING, OK
from orgaudit.cli.files import write_all
from orgaudit.cli.options import language_of, matching, outputs_of
from orgaudit.errors import OrgauditError
from orgaudit.messages import Language, render
from orgaudit.proof import (
    WRITERS,
    Fate,
    Outcome,
    Proof,
    Tested,
    default_jobs,
    kinds_of,
    load_proof,
    run_scenarios,
    try_mutants,
    unused_reasons,
)


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line."""

    standards: Sequence[str]
    select: Sequence[str]
    ignore: Sequence[str]
    mutate: bool
    jobs: int
    format: str
    outputs: Sequence[str]
    lang: str
    verbosity: int


def test(request: Request) -> int:
    """Runs the scenarios, writes every output, and returns the exit code."""
    language = language_of(request.lang)
    outputs = outputs_of(request.outputs, tuple(WRITERS))
    if request.format not in WRITERS:
        raise OrgauditError(
            "wrong-option", {"option": "--format", "value": request.format, "reason": ", ".join(WRITERS)}
        )
    names = standards_meant(request.standards)
    tested = [_tested(load_proof(name), request) for name in names]
    write_all((Path(path), WRITERS[kind](tested, language, request.verbosity)) for kind, path in outputs)
    sys.stdout.write(WRITERS[request.format](tested, language, request.verbosity))
    return _exit(tested, names, language)


def standards_meant(names: Sequence[str]) -> list[str]:
    """The standards named; else the one in this folder; else all that are shipped."""
    from orgaudit.standards import shipped_standards

    if names:
        return list(dict.fromkeys(names))
    return ["standard.yaml"] if Path("standard.yaml").is_file() else list(shipped_standards())


def _tested(proof: Proof, request: Request) -> Tested:
    known = [*(r.id for r in proof.standard.rules), *proof.standard.left_out]  # other readings have scenarios, too
    rules = matching(known, request.select, request.ignore)
    wanted = [s for s in proof.scenarios if rules is None or set(rules) & set(s.expect)]
    results = run_scenarios(proof, wanted)
    kinds = [k for k in kinds_of(proof.standard, results) if rules is None or k.rule in rules]
    if not request.mutate:
        return Tested(proof.standard.id, results, kinds)
    mutants = try_mutants(proof, results, rules, request.jobs or default_jobs())
    unused = unused_reasons(proof, mutants) if rules is None else []
    return Tested(proof.standard.id, results, kinds, mutants, unused)


def _exit(tested: Sequence[Tested], names: Sequence[str], language: Language) -> int:
    outcomes = {r.outcome for one in tested for r in one.results}
    if not outcomes:
        print(render("no-scenarios", {"names": ", ".join(names)}, language), file=sys.stderr)
        return NOTHING
    if Outcome.ERROR in outcomes:
        return ERROR
    unnoticed = any(one.fates[Fate.UNNOTICED] or one.unused for one in tested)
    return FINDINGS if unnoticed or outcomes & {Outcome.DIFFERS, Outcome.TODO_KEPT} else OK
