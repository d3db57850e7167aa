"""What is known of a rule, as plain data: the JSON of `orgaudit explain`, and what its page is made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from orgaudit.messages import LANGUAGES
from orgaudit.periods import NO_END, SINCE_EVER
from orgaudit.standards import Rule, Standard, describe_apart, needs_of

Data = dict[str, Any]


def explanation(
    rule: Rule,
    standard: Standard,
    day: date,
    *,
    statements: Sequence[str] = (),
    scenarios: Sequence[str] = (),
    others: Sequence[Rule] = (),
) -> Data:
    """All that is known of a rule; parameters have the value in force on `day`; `others` are those of its matter."""
    told = {lang: describe_apart(rule, standard, day, lang) for lang in LANGUAGES}
    return {
        "rule": rule.id,
        "standard": {"id": standard.id, "title": dict(standard.title), "path": standard.path},
        "as_of": day.isoformat(),
        "title": dict(rule.title),
        "clause": rule.clause,
        "quote": rule.quote,
        "source": source_of(standard),
        "norms": list(rule.norms),
        "modality": rule.modality,
        "severity": rule.severity,
        "in_force": span_of(rule.in_force),
        "sentence": {lang: sentence for lang, (sentence, _) in told.items()},
        "exemptions": [
            {
                "id": e.id,
                "clause": e.clause,
                "reading": e.reading,
                "text": {lang: told[lang][1][i] for lang in LANGUAGES},
            }
            for i, e in enumerate(rule.exemptions)
        ],
        "levels": [{"level": lv.name, "title": dict(lv.title), "severity": lv.severity} for lv in rule.levels],
        "readings": _readings(rule, standard),
        "parameters": _parameters(rule, standard, day),
        "tailoring": _tailoring(rule, standard),
        "remedy": dict(rule.remedy),
        "matter": rule.matter,
        "same_matter": [{"rule": r.id, "standard": r.standard, "clause": r.clause} for r in others],
        "needs": _needs(rule, standard),
        "breaches": [r.id for r in standard.rules if rule.id in r.breaches_of],
        "scenarios": list(scenarios),
        "sql": list(statements),
    }


def span_of(span: tuple[date, date] | None) -> Data:
    """The first and the last day of being in force; None where there is none."""
    first, last = span or (SINCE_EVER, NO_END)
    return {"from": _day(first), "to": _day(last)}


def _day(day: date) -> str | None:
    return None if day in (SINCE_EVER, NO_END) else day.isoformat()


def source_of(standard: Standard) -> Data | None:
    """Where the norms of a standard come from."""
    source = standard.source
    if source is None:
        return None
    return {"document": source.document, "published_on": source.published_on, "title": dict(source.title)}


def _readings(rule: Rule, standard: Standard) -> list[Data]:
    """The readings that a rule stands under, or that choose the effect of an exemption."""
    names = {*rule.uses, *(e.reading for e in rule.exemptions if e.reading)}
    return [
        {"reading": r.name, "use": r.use, "choices": list(r.choices), "why": r.why, "clause": r.clause}
        for r in standard.readings.values()
        if r.name in names
    ]


def _parameters(rule: Rule, standard: Standard, day: date) -> list[Data]:
    found = [standard.parameters[n] for n in rule.uses if n in standard.parameters]
    return [
        {
            "parameter": p.name,
            "value": _plain(next((v for d, v in reversed(p.values) if d <= day), p.values[0][1])),
            "values": [[d.isoformat(), _plain(v)] for d, v in p.values],
        }
        for p in found
    ]


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return value.isoformat() if isinstance(value, date) else value


def _tailoring(rule: Rule, standard: Standard) -> list[Data]:
    """What a standard that extends the rule's own says differently of it, or of what it uses."""
    names = {rule.id, *rule.uses, *(e.reading for e in rule.exemptions if e.reading)}
    return [
        {"kind": c.kind, "name": c.name, "new": dict(c.new), "why": c.why, "standard": c.by}
        for c in standard.changes
        if c.name in names
    ]


def _needs(rule: Rule, standard: Standard) -> list[Data]:
    tables = standard.model.tables
    return [
        {
            "table": name,
            "title": dict(tables[name].title),
            "derived_from": [
                {"table": t, "title": dict(tables[t].title)} for t in sorted({d.from_ for d in tables[name].derive})
            ],
            "fields": [{"field": f, "title": dict(tables[name].by_name[f].title)} for f in fields],
        }
        for name, fields in needs_of(rule, standard).items()
    ]
