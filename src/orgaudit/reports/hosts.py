"""Results for code hosts: SARIF, the annotations of GitHub, and the Code Quality of GitLab."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from orgaudit.findings import Audit, Disposition, Finding, Severity, Verdict
from orgaudit.messages import in_language, render
from orgaudit.reports.json_report import elsewhere_data
from orgaudit.reports.machines import printable
from orgaudit.reports.places import Place, place_in_files, place_of_finding
from orgaudit.reports.privacy import nameless, redacted
from orgaudit.reports.side_by_side import elsewhere_text, with_elsewhere
from orgaudit.reports.summary import summarize
from orgaudit.reports.visible import visible
from orgaudit.reports.wording import about_text, each_text, message, period_text, problem_text

# -- SARIF

_LEVELS = {Severity.CRITICAL: "error", Severity.MAJOR: "error", Severity.MINOR: "warning", Severity.INFO: "note"}


def open_failures(findings: Sequence[Finding]) -> Iterator[Finding]:
    """What code hosts show: failures that nobody has decided about."""
    return (f for f in findings if f.verdict is Verdict.FAIL and f.disposition is Disposition.OPEN)


def write_sarif(audit: Audit, findings: Sequence[Finding], language: str) -> str:
    """SARIF 2.1.0 of the open failures; a fingerprint keeps alerts the same when rows move."""
    audit, findings = redacted(audit, findings, nameless)
    number = {(r.standard, r.rule): i for i, r in enumerate(audit.rules)}
    rules = [
        {
            "id": r.rule,
            "shortDescription": {"text": str(in_language(r.title, language) or r.rule)},
            "fullDescription": {"text": str(in_language(audit.sentence(r), language) or r.rule)},
            "help": {"text": str(in_language(r.remedy, language) or r.rule)},
            "defaultConfiguration": {"level": _LEVELS[Severity(r.severity)]},
            "properties": {"standard": r.standard, "clause": r.clause or ""},
        }
        for r in audit.rules
    ]
    known = {f.id: f for f in findings}
    results = [
        _result(f, audit, number[f.rule.standard, f.rule.rule], known, language) for f in open_failures(findings)
    ]
    driver = {"name": "orgaudit", "informationUri": "urn:orgaudit", "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    schema = "urn:oasis:sarif:2.1.0"
    sarif = {"$schema": schema, "version": "2.1.0", "runs": [run]}
    return visible(json.dumps(sarif, ensure_ascii=False, indent=1)) + "\n"


def _told(finding: Finding, audit: Audit, language: str) -> str:
    """Whom it is about, what was found, and what another standard says of it."""
    about = [finding.organization, finding.subject.key, each_text(finding), period_text(finding)]
    said = f"{' · '.join(filter(None, about))}: {message(finding, audit, language)}"
    return with_elsewhere(said, finding, language)


def _result(finding: Finding, audit: Audit, rule: int, known: Mapping[str, Finding], language: str) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule.rule,
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": printable(_told(finding, audit, language))},
        "locations": [_location(place_of_finding(audit, finding))],
        "partialFingerprints": {"primaryLocationLineHash": f"{finding.id}:1"},
        "properties": _properties(finding, audit),
    }
    related = list(_related(finding, audit, known, language))
    return result | ({"relatedLocations": related} if related else {})


def _location(place: Place) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": {"uri": place.uri}, "region": {"startLine": place.line}}}


def _properties(finding: Finding, audit: Audit) -> dict[str, Any]:
    found = {
        "id": finding.id,
        "organization": finding.organization or "",
        "inside": place_of_finding(audit, finding).inside,
    }
    return found | ({"elsewhere": [elsewhere_data(e) for e in finding.elsewhere]} if finding.elsewhere else {})


def _related(finding: Finding, audit: Audit, known: Mapping[str, Finding], language: str) -> Iterator[dict[str, Any]]:
    """Where the findings of other standards stand that are about the same subject."""
    for other in finding.elsewhere:
        told = {"text": printable(elsewhere_text(other, finding, language, ids=False))}
        places = (place_of_finding(audit, known[i]) for i in other.findings if i in known)
        yield from ({"message": told, **_location(place)} for place in places)


# -- GitHub

MOST_ANNOTATIONS = 10  #: of one kind that GitHub shows for a step


def write_github(audit: Audit, findings: Sequence[Finding], language: str) -> str:
    """Workflow commands: an error an organization with open failures, a warning a problem of the records; ten of each."""
    audit, findings = redacted(audit, findings, nameless)
    names = {o.key: o.name or o.key for o in audit.organizations}
    grouped: dict[str | None, list[Finding]] = defaultdict(list)
    for finding in open_failures(findings):
        grouped[finding.organization].append(finding)
    lines = []
    worst = sorted(grouped.items(), key=lambda g: -len(g[1]))
    for key, found in worst[:MOST_ANNOTATIONS]:
        place = place_of_finding(audit, found[0])
        told = [_annotation(f, audit, language) for f in found[:8]]
        told += [f"+ {len(found) - 8}"] if len(found) > 8 else []
        title = f"{names.get(key or '', key or '')} ({len(found)})"
        lines.append(_command("error", {"file": place.path, "line": place.line, "title": title}, "\n".join(told)))
    problems = [p for p in audit.problems if not p.is_notice]
    for problem in problems[:MOST_ANNOTATIONS]:
        place = place_in_files(audit, problem.file, problem.row)
        said = problem_text(problem, language, audit.titles)
        lines.append(_command("warning", {"file": place.path, "line": place.line, "title": problem.code}, said))
    summary = summarize(audit, findings)
    lines.append(_command("notice", {"title": "orgaudit"}, _tally_line(summary.verdicts, language)))
    return visible("\n".join(lines)) + "\n"


def _annotation(finding: Finding, audit: Audit, language: str) -> str:
    rule = f"{finding.rule.rule} {in_language(finding.rule.title, language)}"
    head = " · ".join(filter(None, [rule.strip(), about_text(finding, audit, language)]))
    return with_elsewhere(f"{head}: {message(finding, audit, language)}", finding, language)


def _tally_line(verdicts: dict[str, int], language: str) -> str:
    return " · ".join(f"{count:,} {render(f'html.verdict.{v}', {}, language)}" for v, count in verdicts.items())


def _command(kind: str, properties: dict[str, object], text: str) -> str:
    """`::error file=…,line=…::text`, with everything escaped that would end it."""
    told = ",".join(f"{name}={_escaped(str(value), ':,')}" for name, value in properties.items())
    return f"::{kind} {told}::{_escaped(text)}"


def _escaped(text: str, also: str = "") -> str:
    for c in "%\r\n" + also:
        text = text.replace(c, f"%{ord(c):02X}")
    return text


# -- GitLab

_GITLAB = {
    Severity.CRITICAL: "critical", Severity.MAJOR: "major", Severity.MINOR: "minor", Severity.INFO: "info"
}  # fmt: skip


def write_gitlab(audit: Audit, findings: Sequence[Finding], language: str) -> str:
    """A Code Quality report of the open failures."""
    audit, findings = redacted(audit, findings, nameless)
    found = []
    for finding in open_failures(findings):
        place = place_of_finding(audit, finding)
        found.append(
            {
                "description": visible(_told(finding, audit, language)),
                "check_name": finding.rule.rule,
                "fingerprint": finding.id,
                "severity": _GITLAB[finding.severity],
                "location": {"path": place.path, "lines": {"begin": place.line}},
            }
        )
    return visible(json.dumps(found, ensure_ascii=False, indent=1)) + "\n"
