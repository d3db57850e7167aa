"""Findings in groups, for whoever looks for an organization, a rule, or the gravest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from orgaudit.findings import Audit, Disposition, Finding
from orgaudit.messages import in_language, render
from orgaudit.reports.summary import ORDER

#: a finding → where its group stands, and its heading
Place = tuple[object, str]


def grouped(
    findings: Sequence[Finding], by: str, audit: Audit, language: str
) -> Iterator[tuple[str, Iterator[Finding]]]:
    """(heading, findings) of each group in the order of groups; within a group the order of findings stays."""
    place = GROUPS[by](audit, language)
    for (_, heading), group in groupby(sorted(findings, key=lambda f: place(f)[0]), key=place):  # type: ignore[arg-type,return-value]
        yield heading, group


def _by_organization(audit: Audit, language: str) -> Callable[[Finding], Place]:
    names = {o.key: o.name for o in audit.organizations}

    def place(finding: Finding) -> Place:
        key = finding.organization
        name = names.get(key or "") or key or render("label.no-organization", {}, language)
        return key or "\uffff", f"{name} ({key})" if key else name

    return place


def _by_rule(audit: Audit, language: str) -> Callable[[Finding], Place]:
    order = {(r.standard, r.rule): i for i, r in enumerate(audit.rules)}

    def place(finding: Finding) -> Place:
        rule = finding.rule
        told = [rule.rule, rule.clause, str(in_language(rule.title, language))]
        return order[rule.standard, rule.rule], " ".join(filter(None, told))

    return place


def _by_severity(audit: Audit, language: str) -> Callable[[Finding], Place]:
    def place(finding: Finding) -> Place:
        if finding.disposition is Disposition.ADVISORY:
            return len(ORDER), render("label.advisory", {}, language)
        severity = finding.severity
        return ORDER.index(severity), render(f"severity.{severity.value}", {}, language)

    return place


#: the choices of `--group-by`
GROUPS = {"organization": _by_organization, "rule": _by_rule, "severity": _by_severity}
