"""From relations to findings: made one by one, in their fixed order, with evidence and with the blanks that decide."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from orgaudit import sql as q
from orgaudit.engine.consecutive import items_table
from orgaudit.engine.context import Context
from orgaudit.engine.evidence import Seen, look, look_at_doubts, open_questions, shown, subject_blanks
from orgaudit.engine.masks import masks_table, same_pattern, slots_of
from orgaudit.engine.population import checks_table
from orgaudit.engine.verdicts import results_table
from orgaudit.expressions import FILE, LINE, ROW, UNBOUNDED, Group
from orgaudit.findings import (
    Blank,
    Check,
    Disposition,
    Evidence,
    Finding,
    RuleInfo,
    Severity,
    Stretch,
    Subject,
    Verdict,
)
from orgaudit.periods import NO_END, SINCE_EVER
from orgaudit.standards import Bound, Consecutive, Count, Rule

_BATCH = 2000  # findings looked at together: enough for few queries, few enough for memory
_REPORTED = ("error", "fail", "unknown", "pending")


def rule_info(context: Context, rule: Rule) -> RuleInfo:
    """What outputs tell of a rule."""
    return RuleInfo(
        rule=rule.id,
        standard=rule.standard,
        clause=rule.clause,
        quote=rule.quote,
        title=rule.title,
        remedy=rule.remedy,
        modality=rule.modality,
        severity=rule.severity,
        expected=_expected(context, rule),
        measure=_measure_name(rule),
        norms=rule.norms,
        uses=rule.uses,
        counted=_counted_title(context, rule),
        levels={lv.name: lv.title for lv in rule.levels},
    )


def _counted_title(context: Context, rule: Rule) -> dict[str, str]:
    groups = _groups(rule)
    table = groups[0].table if groups else rule.subject.table
    return dict(context.model.tables[table].title)


def _measure_name(rule: Rule) -> str:
    return {"ValueOf": "value"}.get(type(rule.measure).__name__, type(rule.measure).__name__.lower())


def _expected(context: Context, rule: Rule) -> dict[str, object]:
    if rule.bound is not None:
        return _plain_bound(context, rule.bound)
    if rule.levels:
        return {"levels": [{"level": lv.name, **_plain_bound(context, lv.bound)} for lv in rule.levels]}
    return {_measure_name(rule): True}


def _plain_bound(context: Context, bound: Bound) -> dict[str, object]:
    numbers = [_whole(context.bound_number(v)) for v in bound.values]
    return {bound.kind: numbers if len(numbers) > 1 else numbers[0]}


def _whole(number: float) -> int | float:
    return int(number) if number == int(number) else number


# -- rows


def _columns(rule: Rule) -> dict[str, q.Sql]:
    whole_time = rule.window is None and not rule.every
    return {
        "k": q.col("k", "k"),
        "key": q.col("k", "key"),
        "name": q.col("k", "name"),
        "owner": q.col("k", "owner"),
        "label": q.col("k", "label"),
        "start": q.col("k", "period_start") if rule.every or whole_time else q.col("k", "first"),
        "end": q.col("k", "period_end") if rule.every or whole_time else q.col("k", "last"),
        "verdict": q.col("r", "verdict"),
        "least": q.col("r", "least"),
        "most": q.col("r", "most"),
        "shown": q.col("r", "shown"),
        "level": q.col("r", "level"),
        "possible_level": q.col("r", "possible_level"),
        "due_on": q.col("k", "last") if rule.window is not None else q.cast(q.NULL, "date"),
        "doubt": q.col("r", "doubt"),
        **{f"each {n}": q.col("k", f"each {n}") for n in rule.each},
    }


def _joined(rule: Rule) -> list[Any]:
    return [q.join(q.table(results_table(rule), "r"), q.op(q.col("r", "k"), "=", q.col("k", "k")))]


def _of_runs(rule: Rule) -> q.Select:
    """A run is an item of its check: with its own days, length and level, and the check's doubts."""
    joins = [
        *_joined(rule),
        q.join(q.table(masks_table(rule), "m"), q.op(q.col("m", "k"), "=", q.col("k", "k"))),
        q.join(q.table(items_table(rule), "i"), same_pattern("i")),
    ]
    judged = q.case([(q.op(q.col("r", "verdict"), "=", q.lit("fail")), q.col("i", "verdict"))], q.lit("unknown"))
    columns = _columns(rule) | {"label": q.cast(q.NULL, "text"), "verdict": judged}
    columns |= {c: q.col("i", c) for c in ("start", "end", "least", "most", "level", "possible_level")}
    where = q.isin(q.col("r", "verdict"), [q.lit("fail"), q.lit("unknown")])
    return q.select(columns, q.table(checks_table(rule), "k"), joins, where)


def _of_checks(rule: Rule) -> q.Select:
    where = q.isin(q.col("r", "verdict"), [q.lit(v) for v in _REPORTED])
    return q.select(_columns(rule), q.table(checks_table(rule), "k"), _joined(rule), where)


def _is_in_error(context: Context, rule: Rule) -> bool:
    where = q.op(q.col("r", "verdict"), "=", q.lit("error"))
    return bool(
        context.db.rows(q.select({"n": q.call("count", q.star())}, q.table(results_table(rule), "r"), where=where))[0][
            0
        ]
    )


def _errors_of(context: Context, rule: Rule, info: RuleInfo) -> Iterator[Finding]:
    """A rule that could not be run has no evidence to look at."""
    for row in context.db.rows(_ordered(rule, _of_checks(rule))):
        nowhere = Evidence(rule.subject.table, row[1], None, None, "subject")
        yield _finding(context, rule, info, row, nowhere, [], [])


def _ordered(rule: Rule, rows: q.Select) -> q.Select:
    by = [q.call("coalesce", q.col("f", "owner"), q.lit("")), *(q.col("f", c) for c in ("key", "start", "k"))]
    return q.select({"*": q.star()}, q.derived(rows, "f"), order=by)


# -- findings


def findings_of(context: Context, rule: Rule, files: list[str]) -> Iterator[Finding]:
    """The findings of one rule, by organization, subject and period."""
    info = rule_info(context, rule)
    if _is_in_error(context, rule):
        yield from _errors_of(context, rule, info)
        return
    rows = context.db.rows(
        _ordered(rule, _of_runs(rule) if isinstance(rule.measure, Consecutive) else _of_checks(rule))
    )
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        ks = sorted({row[0] for row in batch})
        unsure = sorted({row[0] for row in batch if row[7] == "unknown"})
        slots = slots_of(context, rule)
        seen = look(context, rule, ks, files, slots)
        doubts = look_at_doubts(context, rule, unsure, files, slots) if unsure else {}
        blanks = subject_blanks(context, rule, unsure, files) if unsure else {}
        subjects = _subjects(context, rule, ks, files)
        for row in batch:
            k = row[0]
            questions = _questions(context, rule, row, seen.get(k, []), doubts.get(k, []), blanks.get(k, []))
            yield _finding(context, rule, info, row, subjects[k], seen.get(k, []), questions)


def _subjects(context: Context, rule: Rule, ks: list[int], files: list[str]) -> dict[int, Evidence]:
    """For each check where its subject stands."""
    on = q.op(q.col("s", ROW), "=", q.col("k", "s"))
    columns = {"k": q.col("k", "k"), "key": q.col("k", "key"), "f": q.col("s", FILE), "l": q.col("s", LINE)}
    chosen = q.isin(q.col("k", "k"), [q.lit(k) for k in ks])
    query = q.select(columns, q.table(checks_table(rule), "k"), [q.join(q.table(rule.subject.table, "s"), on)], chosen)
    return {
        k: Evidence(rule.subject.table, key, files[file] if file is not None else None, line, "subject")
        for k, key, file, line in context.db.rows(query)
    }


def _finding(
    context: Context,
    rule: Rule,
    info: RuleInfo,
    row: tuple[Any, ...],
    subject: Evidence,
    seen: list[Seen],
    questions: list[Blank],
) -> Finding:
    k, key, name, owner, label, start, end, verdict, least, most, value, level, possible_level, due_on, doubt, *each = (
        row
    )
    del k
    start, end = _real(start), _real(end)
    about = ([subject] if subject.file is not None else []) + list(shown(seen, start, end))
    return Finding(
        rule=info,
        verdict=Verdict(verdict),
        disposition=Disposition.ADVISORY if rule.advisory else Disposition.OPEN,
        severity=_severity(rule, level),
        subject=Subject(rule.subject.table if rule.breaches_of is None else "breaches", key, name),
        organization=owner,
        each=dict(zip(rule.each, each, strict=True)) if rule.each else None,
        period=Stretch(label or f"{start or '?'}..{end or '?'}", start, end),
        certain=least,
        possible=None if most is None or most >= UNBOUNDED else most,
        shown=value,
        level=level,
        possible_level=possible_level if possible_level != level else None,
        due_on=_real(due_on),
        doubt=doubt if verdict == "unknown" else None,
        evidence=tuple(about),
        decided_by=tuple(questions) if verdict == "unknown" else (),
        silence=_silence(context, rule, owner) if verdict == "fail" and not least else None,
    )


def _silence(context: Context, rule: Rule, owner: str | None) -> str | None:
    """The counted table, where the organization appears in none of its rows: was it reported at all?"""
    if isinstance(rule.measure, Consecutive):
        return None
    tables = [g.table for g in _groups(rule)]
    return next((t for t in tables if owner in context.facts.silent.get(t, ())), None)


def _real(day: date | None) -> date | None:
    return None if day is None or day in (NO_END, SINCE_EVER) else day


def _severity(rule: Rule, level: str | None) -> Severity:
    found = next((lv.severity for lv in rule.levels if lv.name == level and lv.severity), None)
    return Severity(found or rule.severity)


def _questions(
    context: Context, rule: Rule, row: tuple[Any, ...], seen: list[Seen], doubts: list[Seen], own: list[Blank]
) -> list[Blank]:
    """What would settle an unknown verdict: the blanks of the subject, of what was counted, of exemptions, and silence."""
    start, end, most = row[5], row[6], row[9]
    found = [*own, *open_questions(seen, start, end), *open_questions(doubts, start, end)]
    if most is not None and most >= UNBOUNDED and start is not None:  # a window of unknown days is open by itself
        found += _silences(context, _groups(rule))
    for exemption in rule.exemptions:
        groups = exemption.groups
        found += [b for b in _silences(context, groups) if b.reason == "table-not-submitted"]
    return list(dict.fromkeys(found))


def _groups(rule: Rule) -> tuple[Group, ...]:
    counted = rule.measure.count if isinstance(rule.measure, Consecutive) else rule.measure
    return counted.groups if isinstance(counted, Count) else ()


def _silences(context: Context, groups: Any) -> Iterator[Blank]:
    for group in groups:
        tables = {group.table} | {h.holder for h in group.hops if not h.forwards}
        for table in sorted(tables):
            if table not in context.facts.submitted:
                yield Blank("table-not-submitted", table)
        if tables <= context.facts.submitted:
            yield Blank("not-covered", group.table)


# -- every check


def checks_of(context: Context, rule: Rule) -> Iterator[Check]:
    """Every check of a rule with its verdict, in order."""
    columns = _columns(rule) | {"excuse": q.col("r", "excuse")}
    query = q.select(columns, q.table(checks_table(rule), "k"), _joined(rule), order=[q.col("k", "k")])
    audited = f"{context.facts.first}..{context.facts.last}"
    for row in context.db.rows(query):
        least, most, level = row[8], row[9], row[11]
        each = tuple(row[15 : 15 + len(rule.each)])
        yield Check(
            rule.id,
            row[1],
            each,
            row[4] or audited,
            row[7],
            least,
            None if most is None or most >= UNBOUNDED else most,
            level,
            row[3],
            row[-1],
        )
