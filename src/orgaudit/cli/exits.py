"""How a run ends: 2 before 1 before 3 before 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orgaudit.errors import OrgauditError
from orgaudit.findings import Audit, Finding, Severity
from orgaudit.messages import render
from orgaudit.reports.summary import failing, summarize

OK, FINDINGS, ERROR, NOTHING = 0, 1, 2, 3


@dataclass(frozen=True)
class Exit:
    """The exit code and the line that explains it."""

    code: int
    reason: str


def decide(
    audit: Audit, findings: Sequence[Finding], fail_on: Severity, max_unknown: str | None, language: str
) -> Exit:
    """The exit of an audit that was made."""
    summary = summarize(audit, findings)
    most_unknown = None if max_unknown is None else _limit(max_unknown, summary.checks)
    grade = render(f"severity.{fail_on.value}", {}, language)
    if summary.verdicts["error"]:
        return Exit(ERROR, render("exit.2", {}, language))
    count = failing(findings, fail_on)
    if count:
        return Exit(FINDINGS, render("exit.1", {"count": count, "fail_on": grade}, language))
    if summary.checks == summary.verdicts["not_applicable"]:
        return Exit(NOTHING, render("exit.3-nothing", {}, language))
    unknown = summary.verdicts["unknown"]
    if most_unknown is not None and unknown > most_unknown:
        values = {"count": unknown, "checks": summary.checks, "limit": max_unknown}
        return Exit(NOTHING, render("exit.3-unknown", values, language))
    return Exit(OK, render("exit.0", {"fail_on": grade}, language))


def _limit(text: str, checks: int) -> float:
    """`12`, or `5%` of all checks."""
    number = text.removesuffix("%")
    if not number.replace(".", "", 1).isdigit():
        raise OrgauditError("wrong-option", {"option": "--max-unknown", "value": text, "reason": "12, 5%"})
    return float(number) / 100 * checks if text.endswith("%") else float(number)
