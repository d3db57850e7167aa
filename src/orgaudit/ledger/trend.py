"""What became of an audit since the one before, for whoever reads the later: new, worse, still there, settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from orgaudit.findings import Audit, Disposition, Finding, Settled, Subject, Trend, Verdict
from orgaudit.ledger.baseline import before_of
from orgaudit.ledger.became import STILL, Later, became


def trend_of(data: Mapping[str, Any], findings: Sequence[Finding], audit: Audit) -> Trend:
    """The failures of now against those of an audit before (its JSON); settled is what is cured."""
    before = before_of(data)
    states = became(before, _later(findings, audit))
    names = {o["key"]: o["name"] or o["key"] for o in data["organizations"]}
    settled = [_settled(before.findings[key], names) for key, state in states.items() if state == "cured"]
    return Trend(str(data["as_of"]), {k: s for k, s in states.items() if s in STILL}, tuple(settled))


def _later(findings: Sequence[Finding], audit: Audit) -> Later:
    binding = [f for f in findings if f.disposition is not Disposition.ADVISORY]
    failures = [f for f in binding if f.verdict is Verdict.FAIL]
    return Later(
        {f.id: (f.level, list(f.rule.of_part(f.part).levels)) for f in failures},
        {f.id for f in binding if f.verdict is not Verdict.FAIL},
        {f.id for f in findings if f.disposition is Disposition.ADVISORY},
        {(r.standard, r.rule) for r in audit.rules},
        str(audit.period.start or ""),
    )


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
