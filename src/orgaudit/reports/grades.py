"""Red, yellow, green: one printed formula over the failures of an organization that nobody waived."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from orgaudit.findings import Disposition, Finding, Severity, Verdict

#: what a failure counts
POINTS = {Severity.CRITICAL: 10, Severity.MAJOR: 3, Severity.MINOR: 1, Severity.INFO: 0}
RED_FROM = 10  #: points
#: what a baseline knows fails no run, and is not in order for that
_COUNTED = (Disposition.OPEN, Disposition.BASELINED)


@dataclass
class Grade:
    """The points of an organization, and whether a failure of it is critical."""

    points: int = 0
    failures: int = 0
    is_critical: bool = False

    @property
    def color(self) -> str:
        """`red`, `yellow` or `green`."""
        if self.is_critical or self.points >= RED_FROM:
            return "red"
        return "yellow" if self.failures else "green"


def grades_of(findings: Iterable[Finding], organizations: Iterable[str]) -> dict[str, Grade]:
    """The grade of each organization, also of those that nothing was found about."""
    found = {key: Grade() for key in organizations}
    for finding in findings:
        counts = finding.verdict is Verdict.FAIL and finding.disposition in _COUNTED
        if counts and finding.organization is not None:
            grade = found.setdefault(finding.organization, Grade())
            grade.points += POINTS[finding.severity]
            grade.failures += 1
            grade.is_critical = grade.is_critical or finding.severity is Severity.CRITICAL
    return found
