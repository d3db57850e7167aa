"""Results that machines take: a line a finding as JSON or CSV, and JUnit."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as Xml

from orgaudit.findings import Audit, Disposition, Finding, Verdict
from orgaudit.messages import in_language, render
from orgaudit.reports.json_report import Told, finding_data
from orgaudit.reports.privacy import nameless, redacted
from orgaudit.reports.side_by_side import elsewhere_texts
from orgaudit.reports.summary import summarize
from orgaudit.reports.visible import encodable, visible
from orgaudit.reports.wording import each_text, message, period_text

#: spreadsheets take a cell that begins so for a formula
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_COLUMNS = (
    "id", "verdict", "disposition", "severity", "standard", "rule", "clause", "title", "organization",
    "organization_name", "subject", "subject_name", "each", "period", "due_on", "message", "remedy", "file", "row",
    "elsewhere",
)  # fmt: skip


def write_jsonl(audit: Audit, findings: Sequence[Finding], language: str) -> str:
    """One finding a line, as in `json`; the last line has the tally."""
    return "".join(jsonl_pieces(audit, findings, language))


def jsonl_pieces(audit: Audit, findings: Sequence[Finding], language: str) -> Iterator[str]:
    """The same piece by piece."""
    told: Told = {}
    for finding in findings:
        yield encodable(json.dumps(finding_data(finding, audit, told), ensure_ascii=False)) + "\n"
    summary = summarize(audit, findings)
    last = {"summary": {"verdicts": summary.verdicts, "dispositions": summary.dispositions}}
    yield encodable(json.dumps(last, ensure_ascii=False)) + "\n"


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
            "\n".join(elsewhere_texts(f, language)),
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
    for standard, rule, organization, verdict, count in audit.cells():
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
    places = [f"{e.file}:{e.row}" for e in finding.evidence if e.file]
    node.text = printable("\n".join([*elsewhere_texts(finding, language), *places])) or None
    return case


def printable(text: str) -> str:
    """A text without the characters that XML does not take."""
    return _NO_XML.sub("\ufffd", visible(text))


_NO_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
