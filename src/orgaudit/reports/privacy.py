"""Personal data in outputs: names left out, or replaced by pseudonyms that stay the same under one secret key."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b32encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from orgaudit.findings import Audit, Finding, Problem, RuleInfo, Subject

#: a personal text → what is shown instead; None: nothing
Mask = Callable[[str], str | None]


def nameless(text: str) -> str | None:
    """Nothing is shown instead: the key is enough for those who have the records."""
    return None


def pseudonyms(secret: bytes) -> Mask:
    """For each name the same word in every output that is made with the same secret."""

    def mask(text: str) -> str:
        digest = hmac.new(secret, text.encode(), hashlib.sha256).digest()
        return f"P-{b32encode(digest)[:8].decode()}"

    return mask


def redacted(audit: Audit, findings: Sequence[Finding], mask: Mask) -> tuple[Audit, list[Finding]]:
    """The same audit without the names of persons, and without what stands in personal columns."""

    def subject_of(subject: Subject, rule: RuleInfo) -> Subject:
        is_breach = f"{subject.table} {rule.standard} {rule.rule}" in audit.personal
        if subject.name is None or not (is_breach or subject.table in audit.personal):
            return subject
        return replace(subject, name=mask(subject.name))

    def finding_of(finding: Finding) -> Finding:
        return replace(finding, subject=subject_of(finding.subject, finding.rule))

    strips, figures = audit.strips, audit.figures
    return (
        replace(
            audit,
            problems=[_problem(p, audit, mask) for p in audit.problems],
            repairs=[
                replace(r, before="…", after="…") if f"{r.table}.{r.field}" in audit.personal else r
                for r in audit.repairs
            ],
            _findings=lambda: (finding_of(f) for f in audit.findings()),
            _strips=lambda: _with_subjects(strips(), subject_of),
            _figures=lambda: _with_subjects(figures(), subject_of),
        ),
        [finding_of(f) for f in findings],
    )


def _with_subjects(found: Iterator, subject_of: Callable[[Subject, RuleInfo], Subject]) -> Iterator:  # type: ignore[type-arg]
    return (replace(one, subject=subject_of(one.subject, one.rule)) for one in found)


def _problem(problem: Problem, audit: Audit, mask: Mask) -> Problem:
    """A problem without the value of a personal column; of a row that is no record, without its text."""
    is_row = problem.value is not None and problem.column is None and problem.table in audit.personal
    is_cell = problem.value is not None and f"{problem.table}.{problem.column}" in audit.personal
    if not (is_row or is_cell):
        return problem
    return replace(problem, value=mask(problem.value or "") or "…")
