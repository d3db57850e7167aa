"""What became of an audit since the one before, for whoever reads the later: new, worse, still there, settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from orgaudit.findings import Audit, Disposition, Finding, Settled, Subject, Trend, Verdict
from orgaudit.ledger.baseline import before_of


def trend_of(data: Mapping[str, Any], findings: Sequence[Finding], audit: Audit) -> Trend:
    """The failures of now against those of an audit before (its JSON).

    Settled is what failed then, is still asked (the same rule, a time that reaches into the audited period), and of which
    nothing is found now: what cannot be decided any more is not settled.
    """
    before, states = before_of(data), dict[str, str]()
    for finding in findings:
        if finding.verdict is Verdict.FAIL and finding.disposition is not Disposition.ADVISORY:
            is_known = finding.id in before.failures
            states[finding.id] = "persisting" if before.knows(finding) else "escalated" if is_known else "new"
    rules, found = {(r.standard, r.rule) for r in audit.rules}, {f.id for f in findings}
    first = str(audit.period.start or "")
    names = {o["key"]: o["name"] or o["key"] for o in data["organizations"]}
    settled = [
        _settled(told, names)
        for told in (before.findings[key] for key in before.failures if key not in found)
        if (told["standard"], told["rule"]) in rules and (told["period"]["end"] or first) >= first
    ]
    return Trend(str(data["as_of"]), states, tuple(settled))


def _settled(told: Mapping[str, Any], names: Mapping[str, str]) -> Settled:
    subject = told["subject"]
    return Settled(
        standard=told["standard"],
        rule=told["rule"],
        organization=told["organization"],
        organization_name=names.get(told["organization"] or ""),
        subject=Subject(subject["table"], subject["key"], subject["name"]),
        each=told["each"],
        period=told["period"]["label"],
        message=told["message"],
    )
