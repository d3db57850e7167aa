"""What people decided about findings: waivers first, then what a baseline knows; verdicts never change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from orgaudit.findings import Disposition, Finding, Waiver
from orgaudit.ledger.baseline import Before, is_new
from orgaudit.ledger.waivers import WaiverKeys, apply_waivers


def decided(
    findings: Sequence[Finding], waivers: Sequence[WaiverKeys], before: Before | None, as_of: date
) -> tuple[Iterable[Finding], list[Waiver]]:
    """The findings with their dispositions (as they are, where nobody decided anything), and what became of each waiver."""
    if not waivers and before is None:
        return findings, []
    waived, states = apply_waivers(waivers, findings, as_of)
    return (_decided(f, before, is_waived=n in waived) for n, f in enumerate(findings)), states


def _decided(finding: Finding, before: Before | None, *, is_waived: bool) -> Finding:
    if finding.disposition is not Disposition.OPEN:
        return finding
    if is_waived:
        return replace(finding, disposition=Disposition.WAIVED)
    if before is not None and is_new(finding) and before.knows(finding):
        return replace(finding, disposition=Disposition.BASELINED)
    return finding
