"""Results that machines take: a line a finding as JSON or CSV, JUnit, SARIF, and the annotations of code hosts."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any
from xml.etree import ElementTree as Xml

from orgaudit.findings import Audit, Disposition, Finding, Severity, Verdict
from orgaudit.messages import in_language, render
from orgaudit.reports.json_report import Told, finding_data
from orgaudit.reports.places import place_in_files, place_of_finding
from orgaudit.reports.privacy import nameless, redacted
from orgaudit.reports.summary import summarize
from orgaudit.reports.visible import encodable, visible
from orgaudit.reports.wording import about_text, each_text, message, period_text, problem_text

#: spreadsheets take a cell that begins so for a formula
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_COLUMNS = (
    "id", "verdict", "disposition", "severity", "standard", "rule", "clause", "title", "organization",
    "organization_name", "subject", "subject_name", "each", "period", "due_on", "message", "remedy", "file", "row",
)  # fmt: skip


def write_jsonl(audit: Audit, findings: Sequence[Finding], language: str) -> str:
    """One finding a line, as in `json`; the last line has the tally."""
    told: Told = {}
    lines = [json.dumps(finding_data(f, audit, told), ensure_ascii=False) for f in findings]
    summary = summarize(audit, findings)
    last = {"summary": {"verdicts": summary.verdicts, "dispositions": summary.dispositions}}
    return encodable("\n".join([*lines, json.dumps(last, ensure_ascii=False)]) + "\n")


def write_csv(audit: Audit, findings: Sequence[Finding], language: str) -> str:
    """One finding a row, with a byte order mark for spreadsheets; no cell is a formula."""
    names = {o.key: o.name or "" for o in audit.organizations}
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for f in findings:
        first = next((e for e in f.evidence if e.file), None)
        cells = [
            f.id, f.verdict.value, f.disposition.value, f.severity.value, f.rule.standard, f.rule.rule, f.rule.clause,
            in_language(f.rule.title, language), f.organization, names.get(f.organization or ""), f.subject.key,
            f.subject.name, each_text(f), period_text(f), f.due_on, message(f, audit, language),
            in_language(f.rule.remedy, language), first.file if first else "", first.row if first else "",
        ]  # fmt: skip
        writer.writerow([harmless(c) for c in cells])
    return visible(out.getvalue())


def harmless(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


# -- JUnit


def write_junit(audit: Audit, findings: Sequence[Finding], language: str) -> str:
    """A suite an organization: a case a finding, and a case for each rule's checks that pass or do not apply."""
    audit, findings = redacted(audit, findings, nameless)
    names = {o.key: o.name or o.key for o in audit.organizations}
    by_organization: dict[str | None, list[Xml.Element]] = defaultdict(list)
    for finding in findings:
        by_organization[finding.organization].append(_case(finding, audit, language))
    for standard, rule, organization, verdict, count in audit.cells:
        if verdict in ("pass", "not_applicable"):
            case = Xml.Element("testcase", name=f"{rule} ×{count}", classname=standard)
            if verdict == "not_applicable":
                Xml.SubElement(case, "skipped", message=render("junit.not-applicable", {"count": count}, language))
            by_organization[organization].append(case)
    root = Xml.Element("testsuites")
    for key in sorted(by_organization, key=lambda k: (k is None, k or "")):
        cases = by_organization[key]
        name = names.get(key or "", key or "") or render("label.no-organization", {}, language)
        suite = Xml.SubElement(root, "testsuite", {"name": printable(name), **_counts(cases)})
        suite.extend(cases)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


def _counts(cases: Sequence[Xml.Element]) -> dict[str, str]:
    def having(tag: str) -> str:
        return str(sum(case.find(tag) is not None for case in cases))

    return {
        "tests": str(len(cases)), "failures": having("failure"), "errors": having("error"), "skipped": having("skipped")
    }  # fmt: skip


def _case(finding: Finding, audit: Audit, language: str) -> Xml.Element:
    about = " · ".join(filter(None, [finding.subject.key, each_text(finding), period_text(finding)]))
    case = Xml.Element("testcase", name=printable(f"{finding.rule.rule} {about}"), classname=finding.rule.standard)
    told = printable(message(finding, audit, language))
    if finding.disposition is not Disposition.OPEN:
        decided = render(f"html.disposition.{finding.disposition.value}", {}, language)
        Xml.SubElement(case, "skipped", message=f"{decided}: {told}")
        return case
    tag = {Verdict.FAIL: "failure", Verdict.PENDING: "skipped"}.get(finding.verdict, "error")
    node = Xml.SubElement(case, tag, message=told)
    if tag != "skipped":
        node.set("type", finding.severity.value)
    node.text = printable("\n".join(f"{e.file}:{e.row}" for e in finding.evidence if e.file)) or None
    return case


def printable(text: str) -> str:
    """A text without the characters that XML does not take."""
    return _NO_XML.sub("\ufffd", visible(text))


_NO_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


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
    results = [_result(f, audit, number[f.rule.standard, f.rule.rule], language) for f in open_failures(findings)]
    driver = {"name": "orgaudit", "informationUri": "urn:orgaudit", "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    schema = "urn:oasis:sarif:2.1.0"
    sarif = {"$schema": schema, "version": "2.1.0", "runs": [run]}
    return visible(json.dumps(sarif, ensure_ascii=False, indent=1)) + "\n"


def _about(finding: Finding) -> str:
    return " · ".join(
        filter(None, [finding.organization, finding.subject.key, each_text(finding), period_text(finding)])
    )


def _result(finding: Finding, audit: Audit, rule: int, language: str) -> dict[str, Any]:
    place = place_of_finding(audit, finding)
    return {
        "ruleId": finding.rule.rule,
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": printable(f"{_about(finding)}: {message(finding, audit, language)}")},
        "locations": [
            {"physicalLocation": {"artifactLocation": {"uri": place.uri}, "region": {"startLine": place.line}}}
        ],
        "partialFingerprints": {"primaryLocationLineHash": f"{finding.id}:1"},
        "properties": {"id": finding.id, "organization": finding.organization or "", "inside": place.inside},
    }


# -- code hosts

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
    return f"{head}: {message(finding, audit, language)}"


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
                "description": visible(f"{_about(finding)}: {message(finding, audit, language)}"),
                "check_name": finding.rule.rule,
                "fingerprint": finding.id,
                "severity": _GITLAB[finding.severity],
                "location": {"path": place.path, "lines": {"begin": place.line}},
            }
        )
    return visible(json.dumps(found, ensure_ascii=False, indent=1)) + "\n"
