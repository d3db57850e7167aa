"""Findings, and what else an audit says of single subjects.

A finding is made into an object only when someone looks at it; until then findings are a relation.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from orgaudit.findings.facts import Blank, Evidence, RuleInfo, Stretch, Subject
from orgaudit.findings.two_standards import Elsewhere
from orgaudit.findings.words import Disposition, Severity, Verdict


@dataclass(frozen=True)
class Finding:
    """One item that is neither a pass nor not applicable."""

    rule: RuleInfo
    verdict: Verdict
    disposition: Disposition
    severity: Severity
    subject: Subject
    organization: str | None
    each: Mapping[str, object] | None
    period: Stretch
    certain: int | None
    possible: int | None
    shown: str | None
    level: str | None
    possible_level: str | None
    due_on: date | None
    doubt: str | None
    evidence: tuple[Evidence, ...] = ()
    decided_by: tuple[Blank, ...] = ()
    part: str | None = None
    silence: str | None = None
    known_as: str | None = None  # its identifier, where what that is made from is not shown
    elsewhere: tuple[Elsewhere, ...] = ()

    @property
    def id(self) -> str:
        """A fingerprint that stays the same from month to month: of whom and what it is about, not of what was found."""
        if self.known_as is not None:
            return self.known_as
        return fingerprint(self.rule.standard, self.rule.rule, self.subject, self.each, self.part, self.period.start)


def fingerprint(
    standard: str,
    rule: str,
    subject: Subject,
    each: Mapping[str, object] | None,
    part: str | None,
    start: date | None,
) -> str:
    """The identifier of a finding: of a rule about a subject, from a day on."""
    values = "|".join(f"{k}={v}" for k, v in (each or {}).items())
    parts = [standard, rule, subject.table, subject.key, values, part or "", str(start)]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Check:
    """One check with its verdict, for whoever wants to see also what passed."""

    rule: str
    subject: str
    each: tuple[object, ...]
    period: str
    verdict: str
    certain: int | None
    possible: int | None
    level: str | None
    organization: str | None = None
    excuse: str | None = None
    shown: str | None = None


@dataclass(frozen=True)
class Figure:
    """What a rule without a bound found for one subject: a number to know, not a verdict."""

    rule: RuleInfo
    subject: Subject
    organization: str | None
    each: Mapping[str, object] | None
    period: Stretch
    certain: int | None
    possible: int | None
    shown: str | None


@dataclass(frozen=True)
class Strip:
    """The periods of one subject's run that does not pass: for each its label, what it is, and the exemptions that hold.

    A period `counts`, `may_count`, is `passed_over` or `may_pass`, or `ends` the run.
    """

    rule: RuleInfo
    subject: Subject
    organization: str | None
    each: Mapping[str, object] | None
    verdict: str
    level: str | None
    months: tuple[tuple[str, str, tuple[str, ...]], ...]
