"""`orgaudit explain FINDING --records …`: how the verdict of a finding, or of any check, came about."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from orgaudit.cli.check import named_by_manifest
from orgaudit.cli.options import cache_of, day_of, language_of
from orgaudit.engine import MOST_CHECKS, Derivation, audit, checks_made
from orgaudit.errors import OrgauditError, did_you_mean
from orgaudit.messages import render
from orgaudit.periods import end_of_last_complete_month
from orgaudit.records import load_records
from orgaudit.reports.derived import DerivationPage, derivation_data
from orgaudit.standards import load_standards

if TYPE_CHECKING:
    from orgaudit.cli.explain import Request
    from orgaudit.findings import Audit, Finding
    from orgaudit.records import Records
    from orgaudit.standards import Standard

_ID = re.compile(r"[0-9a-f]{16}")


def derive(request: Request, folder: Path) -> int:
    """Prints the derivation of a finding (by its identifier), or of the checks that `RULE SUBJECT PERIOD` names."""
    language = language_of(request.lang)
    names = list(dict.fromkeys(request.standards)) or named_by_manifest(folder)
    loaded = load_standards(names, cache_of(no_cache=request.no_cache))
    standards, model = loaded.standards, loaded.model
    as_of = day_of(request.as_of, "--as-of")
    default = end_of_last_complete_month(date.today())
    records = load_records(folder, model, default_as_of=default, as_of=as_of)
    try:
        rules = _rules_of(request.rule, standards)
        for warning in _warnings(records, standards, rules, language):
            print(warning, file=sys.stderr)
        made = audit(records, standards, rules)
        found = list(_derived(request.rule, made))
        if request.format == "json":
            told = [derivation_data(d, findings) for d, findings in found]
            sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
            return 0
        page = DerivationPage(language, made, model, color=request.color)
        for i, (derivation, findings) in enumerate(found):
            if i:
                page.line()
            page.write(derivation, findings)
    finally:
        records.db.close()
    return 0


def _rules_of(asked: str, standards: Sequence[Standard]) -> list[str] | None:
    """The rule that is named; None where a finding is, which any rule may have."""
    if _ID.fullmatch(asked):
        return None
    known = [r.id for s in standards for r in s.rules]
    rule = asked.split(maxsplit=1)[0] if asked.split() else ""
    if rule not in known:
        raise OrgauditError("unknown-select", did_you_mean(rule, known))
    return [rule]


def _warnings(
    records: Records, standards: Sequence[Standard], rules: Sequence[str] | None, language: str
) -> Iterator[str]:
    for standard in standards:
        for rule in standard.rules:
            count = checks_made(records, standard, rule) if rules is None or rule.id in rules else None
            if count is not None and count > MOST_CHECKS:
                yield render("many-checks", {"rule": rule.id, "count": count, "most": MOST_CHECKS}, language)


def _derived(asked: str, made: Audit) -> Iterator[tuple[Derivation, list[Finding]]]:
    findings = list(made.findings())
    if _ID.fullmatch(asked):
        chosen = [f for f in findings if f.id == asked]
        if not chosen:
            raise OrgauditError("no-finding", {"name": asked})
        for f in chosen:
            each = tuple((f.each or {}).values())
            for derivation in made.derivations(f.rule.rule, f.subject.key, each, f.period.label):
                if derivation.rule.standard == f.rule.standard:
                    yield derivation, [f]
        return
    rule, _, name = asked.partition(" ")
    found = [(d, _own(d, findings)) for d in _named(rule, name.strip(), made)]
    if not found:
        raise OrgauditError("no-check", {"rule": rule, "name": name})
    yield from found


def _named(rule: str, name: str, made: Audit) -> Iterator[Derivation]:
    """The checks called `SUBJECT`, `SUBJECT PERIOD`, or `SUBJECT/EACH` with either."""
    subject, _, period = name.rpartition(" ") if re.search(r" \d{4}", name) else (name, "", "")
    wanted = dict.fromkeys((c.subject, c.each, c.period) for c in made.checks() if c.rule == rule)
    for key, each, label in wanted:
        whole = "/".join([key, *map(str, each)])
        if subject in (key, whole) and period in ("", label):
            yield from made.derivations(rule, key, each, label)


def _own(derivation: Derivation, findings: Sequence[Finding]) -> list[Finding]:
    """The findings that a check led to."""
    mine = derivation.rule.standard, derivation.rule.rule, derivation.subject.key, derivation.each
    return [f for f in findings if _of(f) == mine and derivation.label in (None, f.period.label)]


def _of(finding: Finding) -> tuple[str, str, str, tuple[object, ...]]:
    return finding.rule.standard, finding.rule.rule, finding.subject.key, tuple((finding.each or {}).values())
