"""What the compliance report carries: an audit as columns, each text once; nothing is reckoned in the browser but views."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from orgaudit.findings import Audit, Finding, RuleInfo, Settled, Verdict
from orgaudit.messages import CATALOGUES, LANGUAGES, render
from orgaudit.recordmodel import language_written
from orgaudit.reports.grades import POINTS, RED_FROM, grades_of
from orgaudit.reports.side_by_side import Pair, elsewhere_text, pair_text, pairs, periods_text, tally_text, who
from orgaudit.reports.summary import summarize
from orgaudit.reports.wording import blanks, each_told, in_both, message, period_text, problem_text

MOST_PROBLEMS = 2_000  #: of each kind; the JSON report has all
MOST_CASES = 500  #: of two rules with different bounds
_MOST_PLACES = 12  #: of a finding

Data = dict[str, Any]


class Texts:
    """Texts by number, each once."""

    def __init__(self) -> None:
        self.all: list[str] = []
        self._number: dict[str, int] = {}

    def __call__(self, text: str) -> int:
        """The number of a text."""
        if text not in self._number:
            self._number[text] = len(self.all)
            self.all.append(text)
        return self._number[text]


def report_data(audit: Audit, findings: Sequence[Finding], language: str) -> Data:
    """Everything that the page shows."""
    texts = Texts()
    rules = {(r.standard, r.rule): i for i, r in enumerate(audit.rules)}
    keys = {o.key: i for i, o in enumerate(audit.organizations)}
    data = {
        "language": language,
        "labels": {lang: _labels(lang) for lang in LANGUAGES},
        "as_of": audit.as_of.isoformat(),
        "period": [str(audit.period.start), str(audit.period.end)],
        "records": audit.records_path,
        "standards": audit.standards,
        "summary": _summary(audit, findings),
        "rules": [_rule(r, audit) for r in audit.rules],
        "organizations": _organizations(audit, findings, keys),
        "cells": [[rules[s, r], keys.get(o or "", -1), v, n] for s, r, o, v, n in audit.cells()],
        "findings": _findings(audit, findings, rules, keys, texts),
        "strips": [_strip(s, rules, keys) for s in audit.strips()],
        "parameters": audit.parameters,
        "readings": audit.readings,
        "problems": _problems(audit),
        "figures": [],
        "contrasts": [_pair(p, audit, rules) for p in pairs(audit.contrasts())],
        "trend": _trend(audit, rules),
    }
    return data | {"texts": texts.all}


def _labels(language: str) -> dict[str, str]:
    values = {"red": RED_FROM, **{s.value: p for s, p in POINTS.items()}}
    found = {c.removeprefix("html."): t for c, t in CATALOGUES[language].items() if c.startswith("html.")}
    return found | {"formula": render("html.formula", values, language)}


def _summary(audit: Audit, findings: Sequence[Finding]) -> Data:
    summary = summarize(audit, findings)
    return {"verdicts": summary.verdicts, "dispositions": summary.dispositions, "problems": summary.problems}


def _rule(rule: RuleInfo, audit: Audit) -> Data:
    return {
        "id": rule.rule,
        "standard": rule.standard,
        "clause": rule.clause or "",
        "quote": rule.quote or "",
        "quoted": language_written(rule.quote or ""),
        "title": dict(rule.title),
        "sentence": dict(audit.sentence(rule)),
        "remedy": dict(rule.remedy),
        "modality": rule.modality,
        "severity": rule.severity,
        "uses": list(rule.uses),
        "levels": {n: dict(t) for n, t in rule.levels.items()},
    }


def _organizations(audit: Audit, findings: Sequence[Finding], keys: dict[str, int]) -> list[Data]:
    grades = grades_of(findings, keys)
    return [
        {
            "key": o.key,
            "name": o.name or o.key,
            "parent": keys.get(o.parent or "", -1),
            "points": grades[o.key].points,
            "color": grades[o.key].color,
            "failures": grades[o.key].failures,
        }
        for o in audit.organizations
    ]


def _findings(
    audit: Audit,
    findings: Sequence[Finding],
    rules: dict[tuple[str, str], int],
    keys: dict[str, int],
    texts: Texts,
) -> dict[str, list[Any]]:
    """One list a column."""
    columns: dict[str, Callable[[Finding], Any]] = {
        "id": lambda f: f.id,
        "rule": lambda f: rules[f.rule.standard, f.rule.rule],
        "org": lambda f: keys.get(f.organization or "", -1),
        "verdict": lambda f: f.verdict.value,
        "severity": lambda f: f.severity.value,
        "disposition": lambda f: f.disposition.value,
        "period": lambda f: texts("" if f.period.label == audit.period.label else period_text(f)),
        "trend": lambda f: audit.trend.states.get(f.id, "") if audit.trend else "",
        "due": lambda f: f.due_on.isoformat() if f.due_on else "",
        "places": lambda f: _places(f, texts),
        "elsewhere": lambda f: _elsewhere(f, texts),
    }
    for lang in LANGUAGES:
        columns[f"subject {lang}"] = partial(_whom, audit, lang, texts)
        columns[f"message {lang}"] = partial(_message, audit, lang, texts)
        columns[f"blanks {lang}"] = partial(_settles, audit, lang, texts)
    found: dict[str, list[Any]] = {name: [] for name in columns}
    for finding in findings:
        for name, of in columns.items():
            found[name].append(of(finding))
    return found


def _elsewhere(finding: Finding, texts: Texts) -> list[Any]:
    """[what the rule of another standard says, in each language; its findings]"""
    return [
        [*(texts(elsewhere_text(e, finding, lang, ids=False)) for lang in LANGUAGES), list(e.findings)]
        for e in finding.elsewhere
    ]


def _pair(pair: Pair, audit: Audit, rules: dict[tuple[str, str], int]) -> Data:
    """Two rules with different bounds: what is told of them, and the subjects whose verdicts differ."""
    names = {o.key: o.name or o.key for o in audit.organizations}
    cases = [
        [
            *(who(c, names, audit, lang) for lang in LANGUAGES),
            periods_text(c),
            *c.verdicts,
            *(ids[0] if ids else "" for ids in c.findings),
        ]
        for c in pair.differing[:MOST_CASES]
    ]
    return {
        "rules": [rules[d.rule.standard, d.rule.rule] for d in pair.demands],
        "names": [pair.name(0), pair.name(1)],
        "text": in_both(pair_text, pair),
        "tally": in_both(tally_text, pair),
        "cases": cases,
        "more": len(pair.differing) - len(cases),
    }


def _trend(audit: Audit, rules: dict[tuple[str, str], int]) -> Data | None:
    """The day of the audit before, and what is settled since: rule, organization, whom and when it was about, messages."""
    if audit.trend is None:
        return None
    settled = [
        [
            rules[s.standard, s.rule],
            s.organization_name or "",
            *(" · ".join(filter(None, [_subject(s, audit, lang), _when(s, audit)])) for lang in LANGUAGES),
            *(s.message[lang] for lang in LANGUAGES),
        ]
        for s in audit.trend.settled
    ]
    return {"as_of": audit.trend.as_of, "settled": settled}


def _when(settled: Settled, audit: Audit) -> str:
    return "" if settled.period == audit.period.label else settled.period


def _subject(finding: Finding | Settled, audit: Audit, language: str) -> str:
    subject, each = finding.subject, each_told(finding, audit, language)
    if subject.key == finding.organization:
        return each
    who = f"{subject.name} ({subject.key})" if subject.name else subject.key
    return " · ".join(filter(None, [who, each]))


def _whom(audit: Audit, language: str, texts: Texts, finding: Finding) -> int:
    return texts(_subject(finding, audit, language))


def _message(audit: Audit, language: str, texts: Texts, finding: Finding) -> int:
    return texts(message(finding, audit, language))


def _settles(audit: Audit, language: str, texts: Texts, finding: Finding) -> int:
    return texts(blanks(finding, audit, language) if finding.verdict is Verdict.UNKNOWN else "")


def _places(finding: Finding, texts: Texts) -> list[Any]:
    """[file, row, what it shows] of the records that it rests on, the first of them."""
    places = dict.fromkeys((e.file or "", e.row or 0, e.shows) for e in finding.evidence)
    return [[texts(file), row, shows] for file, row, shows in list(places)[:_MOST_PLACES]]


def _strip(strip: Any, rules: dict[tuple[str, str], int], keys: dict[str, int]) -> list[Any]:
    months = [
        [label, "excused" if held and is_ in ("ends", "passed_over") else is_] for label, is_, held in strip.months
    ]
    who = strip.subject.name or strip.subject.key
    rule = rules[strip.rule.standard, strip.rule.rule]
    return [
        rule,
        keys.get(strip.organization or "", -1),
        who,
        strip.subject.key,
        strip.verdict,
        strip.level or "",
        months,
    ]


def _problems(audit: Audit) -> Data:
    """Problems and notices, each with its message in both languages."""

    def told(chosen: Iterable[Any]) -> Data:
        chosen = list(chosen)
        rows = [
            [p.file, p.row or 0, *(problem_text(p, lang, audit.titles) for lang in LANGUAGES)]
            for p in chosen[:MOST_PROBLEMS]
        ]
        return {"rows": rows, "more": max(0, len(chosen) - MOST_PROBLEMS)}

    return {
        "problems": told(p for p in audit.problems if not p.is_notice),
        "notices": told(p for p in audit.problems if p.is_notice),
    }
