"""The JSON contract (docs/findings.schema.json): byte-identical for the same records."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from orgaudit.findings import Audit, Contrast, Demand, Elsewhere, Evidence, Figure, Finding, Problem, RuleInfo
from orgaudit.messages import LANGUAGES
from orgaudit.reports.demand_wording import demand_text
from orgaudit.reports.side_by_side import Pair, pairs
from orgaudit.reports.summary import summarize
from orgaudit.reports.visible import encodable
from orgaudit.reports.wording import in_both, message, problem_text, what_it_says

VERSION = "1"
_ENCODED = json.JSONEncoder(ensure_ascii=False).encode  #: one for all: `json.dumps` would make one for each item
_DEEPEST = 3  #: levels that are laid out over lines


def write_json(audit: Audit, findings: Sequence[Finding], language: str = "en") -> str:
    """The whole audit as JSON text, each item of a list on a line of its own; every text of it is in both languages."""
    return "".join(json_pieces(audit, findings, language))


def json_pieces(audit: Audit, findings: Sequence[Finding], language: str = "en") -> Iterator[str]:
    """The same piece by piece: the text of a large audit is far larger than what it is made from."""
    told: Told = {}
    data = as_data(audit, findings) | {"findings": (finding_data(f, audit, told) for f in findings)}
    for piece in _laid_out(data, 1):
        yield encodable(piece)
    yield "\n"


def _laid_out(value: Any, depth: int) -> Iterator[str]:
    """Keys and items on lines of their own: of the whole, and of what stands right under it."""
    margin = "\n" + " " * depth
    if isinstance(value, dict) and value and depth <= _DEEPEST:
        for i, (key, item) in enumerate(value.items()):
            yield f"{',' if i else '{'}{margin}{_ENCODED(key)}: "
            yield from _laid_out(item, depth + 1)
        yield f"{margin[:-1]}}}"
    elif isinstance(value, (list, Iterator)) and depth <= _DEEPEST:
        end = "[]"
        for i, item in enumerate(value):
            yield f"{',' if i else '['}{margin}{_ENCODED(item)}"
            end = f"{margin[:-1]}]"
        yield end
    else:
        yield _ENCODED(value)


def as_data(audit: Audit, findings: Sequence[Finding]) -> dict[str, Any]:
    """The whole audit as plain data, but for its findings."""
    summary = summarize(audit, findings)
    return {
        "orgaudit": VERSION,
        "as_of": audit.as_of.isoformat(),
        "period": {"start": str(audit.period.start), "end": str(audit.period.end)},
        "standards": audit.standards,
        "parameters": audit.parameters,
        "readings": audit.readings,
        "rules": [_rule(r, audit) for r in audit.rules],
        "organizations": (o._asdict() for o in audit.organizations),
        "records": {
            "tables": audit.tables,
            "problems": [_problem(p, audit) for p in audit.problems],
            "repairs": [asdict(r) for r in audit.repairs],
        },
        "waivers": [asdict(w) | {"until": w.until.isoformat()} for w in audit.waivers],
        "summary": {
            "verdicts": summary.verdicts,
            "dispositions": summary.dispositions,
            "rules": [{"standard": s, "rule": r, "verdicts": v} for (s, r), v in audit.by_rule.items()],
            "organizations": ({"key": o, "verdicts": v} for o, v in audit.by_organization.items()),
        },
        "figures": [_figure(f) for f in audit.figures()],
        "contrasts": [pair_data(p) for p in pairs(audit.contrasts())],
    }


def _rule(rule: RuleInfo, audit: Audit) -> dict[str, Any]:
    return {
        "rule": rule.rule,
        "standard": rule.standard,
        "norms": list(rule.norms),
        "clause": rule.clause,
        "quote": rule.quote,
        "title": dict(rule.title),
        "sentence": dict(audit.sentence(rule)),
        "modality": rule.modality,
        "severity": rule.severity,
        "measure": rule.measure,
        "expected": dict(rule.expected),
        "levels": _levels(rule),
        "parts": {name: _part(part) for name, part in rule.parts.items()},
        "remedy": dict(rule.remedy),
        "uses": list(rule.uses),
        "tailored": list(rule.tailored),
    }


def _part(part: RuleInfo) -> dict[str, Any]:
    return {"measure": part.measure, "expected": dict(part.expected), "levels": _levels(part)}


def _levels(rule: RuleInfo) -> dict[str, Any]:
    return {n: dict(t) for n, t in rule.levels.items()}


def _problem(problem: Problem, audit: Audit) -> dict[str, Any]:
    return {
        "code": problem.code,
        "notice": problem.is_notice,
        "table": problem.table,
        "file": problem.file or None,
        "row": problem.row,
        "column": problem.column,
        "value": problem.value,
        "message": {lang: problem_text(problem, lang, audit.titles) for lang in LANGUAGES},
    }


#: what was said already, by all that it depends on: thousands of findings say the same
Told = dict[tuple[object, ...], dict[str, str]]


def finding_data(finding: Finding, audit: Audit, told: Told | None = None) -> dict[str, Any]:
    """A finding as plain data; `told` keeps what its messages say for findings that say the same."""
    return {
        "id": finding.id,
        "rule": finding.rule.rule,
        "standard": finding.rule.standard,
        "verdict": finding.verdict.value,
        "disposition": finding.disposition.value,
        "severity": finding.severity.value,
        "subject": {"table": finding.subject.table, "key": finding.subject.key, "name": finding.subject.name},
        "organization": finding.organization,
        "each": _each(finding),
        "part": finding.part,
        "period": _period(finding),
        "value": {"certain": finding.certain, "possible": finding.possible, "shown": finding.shown},
        "level": finding.level,
        "possible_level": finding.possible_level,
        "due_on": finding.due_on and finding.due_on.isoformat(),
        "silence": finding.silence,
        "evidence": [_evidence(e) for e in finding.evidence],
        "decided_by": [
            {"reason": b.reason, "table": b.table, "key": b.key, "field": b.field, "file": b.file, "row": b.row}
            for b in finding.decided_by
        ],
        "message": _message(finding, audit, {} if told is None else told),
        "elsewhere": [elsewhere_data(e) for e in finding.elsewhere],
    }


def elsewhere_data(other: Elsewhere) -> dict[str, Any]:
    """What the rule of another standard says of the subject of a finding."""
    return {
        **_demand(other.demand),
        "stricter": other.is_stricter,
        "period": other.period,
        "verdict": other.verdict,
        "findings": list(other.findings),
    }


def pair_data(pair: Pair) -> dict[str, Any]:
    """Two rules that bind subjects with different bounds, and each of these subjects."""
    return {
        "matter": pair.cases[0].matter,
        "rules": [_demand(d) for d in pair.demands],
        "stricter": pair.stricter,
        "subjects": pair.subjects,
        "cases": [_case(c) for c in pair.cases],
    }


def _demand(demand: Demand) -> dict[str, Any]:
    return {
        "rule": demand.rule.rule,
        "standard": demand.rule.standard,
        "clause": demand.rule.clause,
        "expected": dict(demand.bound),
        "every": demand.every,
        "within": demand.within,
        "text": in_both(demand_text, demand),
    }


def _case(case: Contrast) -> dict[str, Any]:
    return {
        "subject": {"table": case.subject.table, "key": case.subject.key, "name": case.subject.name},
        "organization": case.organization,
        "each": _each(case),
        "periods": list(case.periods),
        "verdicts": list(case.verdicts),
        "findings": [list(ids) for ids in case.findings],
    }


def _message(finding: Finding, audit: Audit, told: Told) -> dict[str, str]:
    key = what_it_says(finding)
    if key not in told:
        told[key] = in_both(message, finding, audit)
    return told[key]


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "rule": figure.rule.rule,
        "standard": figure.rule.standard,
        "subject": {"table": figure.subject.table, "key": figure.subject.key, "name": figure.subject.name},
        "organization": figure.organization,
        "each": _each(figure),
        "period": _period(figure),
        "value": {"certain": figure.certain, "possible": figure.possible, "shown": figure.shown},
    }


def _each(of: Finding | Figure | Contrast) -> dict[str, Any] | None:
    plain = {n: v.isoformat() if isinstance(v, date) else _number(v) for n, v in (of.each or {}).items()}
    return plain or None


def _number(value: object) -> object:
    return (int(value) if value == int(value) else float(value)) if isinstance(value, Decimal) else value


def _period(of: Finding | Figure) -> dict[str, Any]:
    start, end = of.period.start, of.period.end
    return {"label": of.period.label, "start": start and start.isoformat(), "end": end and end.isoformat()}


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "table": evidence.table,
        "key": evidence.key,
        "file": evidence.file,
        "row": evidence.row,
        "shows": evidence.shows,
    }
