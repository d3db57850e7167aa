"""From relations to findings: made one by one, in their fixed order, with evidence and with the blanks that decide."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from orgaudit import sql as q
from orgaudit.engine.blanks import silences, subject_blanks
from orgaudit.engine.context import Context
from orgaudit.engine.evidence import Seen, look, open_questions, shown
from orgaudit.engine.info import rule_info
from orgaudit.engine.parts import items_of
from orgaudit.engine.rows import COLUMNS, REPORTED, check_rows, error_rows, figure_rows, finding_rows
from orgaudit.engine.unsettled import Lacks, lacks_of, look_at_doubts
from orgaudit.expressions import UNBOUNDED
from orgaudit.findings import (
    Blank,
    Check,
    Disposition,
    Elsewhere,
    Evidence,
    Figure,
    Finding,
    RuleInfo,
    Severity,
    Stretch,
    Subject,
    Tally,
    Verdict,
    fingerprint,
)
from orgaudit.periods import NO_END, SINCE_EVER
from orgaudit.standards import Attest, Measure, Rule, Runs

_ZEROS = re.compile(r"(?<=\d)(?:(\.\d*?[1-9])0+|\.0+)(?=$|[./])")
_BATCH = 15_000  # findings looked at together: each time all records are read, and so many are kept


class Line(NamedTuple):
    """One row of a relation of findings, by name."""

    k: int
    key: str
    name: str | None
    owner: str | None
    label: str | None
    start: date | None
    end: date | None
    verdict: str
    least: int | None
    most: int | None
    shown: str | None
    level: str | None
    possible_level: str | None
    due_on: date | None
    doubt: str | None
    part: str | None
    each: tuple[object, ...]
    file: int | None = None
    row: int | None = None

    @property
    def possible(self) -> int | None:
        """The upper end; None where there is none."""
        return None if self.most is None or self.most >= UNBOUNDED else self.most


def _lines(context: Context, query: q.Select, rule: Rule) -> list[Line]:
    several = len(rule.each)
    return [_line(row, several) for row in context.db.rows(query)]


def _found_lines(context: Context, rule: Rule) -> list[Line]:
    """Those of findings, which also say where their subjects stand."""
    return [_found_line(row, len(rule.each)) for row in context.db.rows(finding_rows(rule))]


def _found_line(row: Sequence[Any], several: int) -> Line:
    size = len(COLUMNS) + several
    return _line(row, several)._replace(file=row[size + 1], row=row[size + 2])


def _in_batches(context: Context, rule: Rule, checks: int) -> Iterator[list[Line]]:
    """The lines of findings, so many at a time as are looked at together; of many checks they stand in a table until then."""
    if checks <= _BATCH:
        lines = _found_lines(context, rule)
        yield from (lines[start : start + _BATCH] for start in range(0, len(lines), _BATCH))
        return
    name, place = f"findings {rule.standard} {rule.id}", q.col("f", "place")
    context.db.drop(name)  # of a look that was given up
    count = context.db.made(q.create_table(name, finding_rows(rule, "place")))
    for start in range(0, count, _BATCH):
        some = q.and_([q.op(place, ">", q.lit(start)), q.op(place, "<=", q.lit(start + _BATCH))])
        query = q.with_all_of("f", q.select({}, q.table(name, "f"), where=some, order=[place]))
        yield [_found_line(row, len(rule.each)) for row in context.db.rows(query)]
    context.db.drop(name)


def _line(row: Sequence[Any], several: int) -> Line:
    size = len(COLUMNS)
    return Line._make((*row[:size], tuple(row[size : size + several]), None, None))


def findings_of(
    context: Context, rule: Rule, tally: Tally, files: list[str], elsewhere: Mapping[int, tuple[Elsewhere, ...]]
) -> Iterator[Finding]:
    """The findings of one rule, by organization, subject and period; its tally says whether there are any.

    `elsewhere` has, by the number of a check, what rules of other standards say of its subject.
    """
    if not any(tally[verdict] for verdict in REPORTED):
        return
    info = rule_info(context, rule)
    if tally["error"]:
        for line in _lines(context, error_rows(rule), rule):  # what could not be run has no evidence to look at
            yield _finding(context, rule, info, line, [], [], files)
        return
    parts = {item.part: item for item in items_of(rule)}
    for some in _in_batches(context, rule, sum(tally[verdict] for verdict in REPORTED)):
        for line, finding in zip(some, _batch(context, rule, info, some, parts, files), strict=True):
            others = elsewhere.get(line.k, ())
            yield replace(finding, elsewhere=others) if others else finding


def identifiers(context: Context, rule: Rule) -> dict[int, list[str]]:
    """The identifiers of the findings of each check, without what they rest on."""
    found: dict[int, list[str]] = defaultdict(list)
    for line in _found_lines(context, rule):
        each = dict(zip(rule.each, line.each, strict=True))
        found[line.k].append(
            fingerprint(
                rule.standard, rule.id, subject_of(rule, line.key, line.name), each, line.part, _real(line.start)
            )
        )
    return found


def _batch(
    context: Context,
    rule: Rule,
    info: RuleInfo,
    lines: Sequence[Line],
    parts: dict[str | None, Rule],
    files: list[str],
) -> Iterator[Finding]:
    """Findings whose evidence is looked up together, part by part."""
    seen: dict[tuple[str | None, int], list[Seen]] = defaultdict(list)
    days = _days_of(lines)
    for name, ks in _ks_by_part(lines).items():
        for k, records in look(context, parts[name], ks, files, days=days).items():
            seen[name, k] = records
    unsure = sorted({line.k for line in lines if line.verdict == "unknown"})
    doubts = look_at_doubts(context, rule, unsure, files) if unsure else {}
    lacks: dict[tuple[str | None, int], Lacks] = {}
    for name, ks in _ks_by_part([line for line in lines if line.verdict == "unknown"]).items():
        lacks |= {(name, k): of_check for k, of_check in lacks_of(context, parts[name], ks, files).items()}
    blanks = subject_blanks(context, rule, unsure, files) if unsure else {}
    for line in lines:
        found, questions = seen[line.part, line.k], list[Blank]()
        if line.verdict == "unknown":
            lack = lacks.get((line.part, line.k), Lacks())
            looked_at, measure = [*found, *doubts.get(line.k, []), *lack.seen], parts[line.part].measure
            asked = _questions(context, rule, measure, line, looked_at, lack)
            questions = list(dict.fromkeys([*blanks.get(line.k, []), *asked]))
        yield _finding(context, rule, info, line, found, questions, files)


def _days_of(lines: Sequence[Line]) -> dict[int, tuple[date, date]]:
    """For each check the days from the first of its findings to the end of the last."""
    found: dict[int, tuple[date, date]] = {}
    for line in lines:
        first, last = found.get(line.k, (NO_END, SINCE_EVER))
        found[line.k] = min(first, line.start or SINCE_EVER), max(last, line.end or NO_END)
    return found


def _ks_by_part(lines: Sequence[Line]) -> dict[str | None, list[int]]:
    found: dict[str | None, set[int]] = defaultdict(set)
    for line in lines:
        found[line.part].add(line.k)
    return {part: sorted(ks) for part, ks in found.items()}


def _finding(
    context: Context,
    rule: Rule,
    info: RuleInfo,
    line: Line,
    seen: list[Seen],
    questions: list[Blank],
    files: Sequence[str],
) -> Finding:
    start, end = _real(line.start), _real(line.end)
    where = [] if line.file is None else [Evidence(rule.subject.table, line.key, files[line.file], line.row, "subject")]
    return Finding(
        rule=info,
        verdict=Verdict(line.verdict),
        disposition=Disposition.ADVISORY if rule.advisory else Disposition.OPEN,
        severity=_severity(rule, line.level),
        subject=subject_of(rule, line.key, line.name),
        organization=line.owner,
        each=dict(zip(rule.each, line.each, strict=True)) if rule.each else None,
        period=Stretch(line.label or f"{start or '?'}..{end or '?'}", start, end),
        certain=line.least,
        possible=line.possible,
        shown=tidy(line.shown),
        level=line.level,
        possible_level=line.possible_level if line.possible_level != line.level else None,
        due_on=_real(line.due_on),
        doubt=line.doubt if line.verdict == "unknown" else None,
        evidence=(*where, *shown(seen, start, end)),
        decided_by=tuple(questions),
        silence=_silence(context, rule, line.owner) if line.verdict == "fail" and not line.least else None,
        part=line.part,
    )


def tidy(shown: str | None) -> str | None:
    """A number without the zeros at its end that only its storage has."""
    return None if shown is None else _ZEROS.sub(r"\1", shown)


def subject_of(rule: Rule, key: str, name: str | None) -> Subject:
    """Whom a check of a rule is about."""
    return Subject("breaches" if rule.breaches_of else rule.subject.table, key, name)


def _silence(context: Context, rule: Rule, owner: str | None) -> str | None:
    """The counted table, where the organization appears in none of its rows: was it reported at all?"""
    if isinstance(rule.measure, Runs):
        return None
    tables = [g.table for g in rule.measure.groups]
    return next((t for t in tables if owner in context.facts.silent.get(t, ())), None)


def _real(day: date | None) -> date | None:
    return None if day is None or day in (NO_END, SINCE_EVER) else day


def _severity(rule: Rule, level: str | None) -> Severity:
    found = next((lv.severity for lv in rule.levels if lv.name == level and lv.severity), None)
    return Severity(found or rule.severity)


def _questions(
    context: Context, rule: Rule, measure: Measure, line: Line, seen: Sequence[Seen], lack: Lacks
) -> list[Blank]:
    """What would settle an unknown verdict: the blanks of what was looked at, and silence."""
    found = open_questions(seen, line.start, line.end)
    is_open = line.most is not None and line.most >= UNBOUNDED
    if (is_open and line.start is not None) or "?" in (line.shown or ""):  # a window of unknown days is open by itself
        found += lack.of_measure
    if isinstance(measure, Attest) and not found:
        found.append(Blank("not-answered", measure.groups[0].table, None, measure.answer))
    for exemption in rule.exemptions:
        found += [b for b in silences(context, exemption.groups) if b.reason == "table-not-submitted"]
    return [*found, *lack.of_numbers]


# -- every check, every figure


def checks_of(context: Context, rule: Rule) -> Iterator[Check]:
    """Every check of a rule with its verdict, in order."""
    audited = f"{context.facts.first}..{context.facts.last}"
    for *row, excuse in context.db.rows(check_rows(rule)):
        line = _line(row, len(rule.each))
        yield Check(
            rule.id,
            line.key,
            line.each,
            line.label or audited,
            line.verdict,
            line.least,
            line.possible,
            line.level,
            line.owner,
            excuse,
            tidy(line.shown),
        )


def figures_of(context: Context, rule: Rule) -> Iterator[Figure]:
    """What a rule without a bound found, subject by subject."""
    info = rule_info(context, rule)
    audited = Stretch(f"{context.facts.first}..{context.facts.last}", context.facts.first, context.facts.last)
    for line in _lines(context, figure_rows(rule), rule):
        period = Stretch(line.label, _real(line.start), _real(line.end)) if line.label else audited
        each = dict(zip(rule.each, line.each, strict=True)) if rule.each else None
        subject = subject_of(rule, line.key, line.name)
        yield Figure(info, subject, line.owner, each, period, line.least, line.possible, tidy(line.shown))
