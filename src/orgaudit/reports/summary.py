"""The figures that every output shows, counted once from the findings and the tallies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orgaudit.findings import Audit, Disposition, Finding, Severity, Verdict, kinds_of

ORDER = list(Severity)


@dataclass(frozen=True)
class Summary:
    """Checks by verdict, findings by what people decided of them, and problems of the records."""

    verdicts: dict[str, int]
    dispositions: dict[str, int]
    problems: int

    @property
    def checks(self) -> int:
        """How many checks were made."""
        return sum(self.verdicts.values())


def summarize(audit: Audit, findings: Sequence[Finding]) -> Summary:
    """The figures of an audit."""
    dispositions = {d.value: 0 for d in Disposition}
    for (_, disposition, _), count in kinds_of(findings).items():
        dispositions[disposition.value] += count
    return Summary(audit.tally, dispositions, sum(not p.is_notice for p in audit.problems))


def failing(findings: Sequence[Finding], at_or_above: Severity) -> int:
    """How many open failures are at least this grave."""
    grave = ORDER[: ORDER.index(at_or_above) + 1]
    open_ones = (Verdict.FAIL, Disposition.OPEN)
    return sum(
        n for (*kind, severity), n in kinds_of(findings).items() if tuple(kind) == open_ones and severity in grave
    )
