"""What a finding says, in a language: made from its code and values when it is shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from orgaudit.errors import OrgauditError
from orgaudit.findings import (
    Audit,
    Blank,
    Contrast,
    Evidence,
    Figure,
    Finding,
    Problem,
    RuleInfo,
    Settled,
    Text,
    Verdict,
    each_key,
)  # fmt: skip
from orgaudit.messages import LANGUAGES, in_language, render, render_error

_MOST_BLANKS = 3
_DURATION = re.compile(r"(\d+) (working day|day|week|month|year)s?")
_UNITS = {
    "day": "unit.days",
    "working day": "unit.working-days",
    "week": "unit.weeks",
    "month": "unit.months",
    "year": "unit.years",
}
#: measures whose findings are told like a count
COUNTED = ("count", "distinct", "sum", "min", "max", "share", "ratio", "periods")


def message(finding: Finding, audit: Audit, language: str) -> str:
    """What was found against what is required, and what leaves it open; of a part its place in the rule's sentence first."""
    return " ".join(filter(None, [_place_of_part(finding), _said(finding, audit, language)]))


def _place_of_part(finding: Finding) -> str:
    """`(2)`; `(2)(1)` of a part of a part."""
    if finding.part not in finding.rule.parts:
        return ""
    mine, names = str(finding.part).split("/"), [name.split("/") for name in finding.rule.parts]
    places = []
    for depth, name in enumerate(mine):
        beside = dict.fromkeys(n[depth] for n in names if n[:depth] == mine[:depth])
        places.append(f"({list(beside).index(name) + 1})")
    return "".join(places)


def _said(finding: Finding, audit: Audit, language: str) -> str:
    verdict = finding.verdict.value
    if verdict == "error":
        return render("error", {"reason": finding.shown or ""}, language)
    rule = finding.rule.of_part(finding.part)
    kind = "count" if rule.measure in COUNTED else rule.measure
    if rule.levels and kind in ("count", "value"):
        kind = "level"
    text = render(f"{kind}.{verdict}", _values(finding, rule, audit, language), language)
    if finding.silence:
        text += " " + render("silence", {"table": title_of(finding.silence, audit, language)}, language)
    return text


def what_it_says(finding: Finding) -> tuple[object, ...]:
    """All that the message of a finding depends on: those of which this is equal say the same."""
    return (
        finding.rule.standard,
        finding.rule.rule,
        finding.part,
        finding.verdict,
        finding.certain,
        finding.possible,
        finding.shown,
        finding.level,
        finding.possible_level,
        finding.due_on,
        finding.period,
        finding.silence,
        finding.doubt,
        finding.decided_by,
    )


def _values(finding: Finding, rule: RuleInfo, audit: Audit, language: str) -> dict[str, Any]:
    return {
        "counted": in_language(rule.counted, language) or "",
        "found": found(finding, language),
        "certain": finding.certain,
        "possible": "∞" if finding.possible is None else finding.possible,
        "expected": bound_text(rule.expected, language),
        "due_on": finding.due_on or finding.period.end or "",
        "blanks": blanks(finding, audit, language),
        "level": level(finding, language),
        "period": period_text(finding),
        "question": in_language(rule.question, language) or "",
        "parts": ", ".join(map(str, rule.expected.get("any", ()))),  # type: ignore[call-overload]
    }


def found(finding: Finding | Figure, language: str) -> str:
    """What was found: a number, an interval, a share with its percentage, a date."""
    if finding.certain is None:
        return with_percent(finding.shown) if finding.shown else render("not-done", {}, language)
    if finding.possible is None:
        return render("unbounded", {"certain": finding.certain}, language)
    if finding.possible == finding.certain:
        return str(finding.certain)
    return render("interval", {"certain": finding.certain, "possible": finding.possible}, language)


def with_percent(shown: str) -> str:
    """`2/5` as `2/5 (40 %)`; anything else as it is."""
    ends = []
    for end in shown.split(".."):
        part, slash, whole = end.partition("/")
        try:
            percent = f"{100 * float(part) / float(whole):.1f}".removesuffix(".0") if slash else ""
        except (ValueError, ZeroDivisionError):
            percent = ""
        ends.append(f"{end} ({percent} %)" if percent else end)
    return "..".join(ends)


def bound_text(bound: Mapping[str, Any], language: str) -> str:
    """`at least 1`"""
    for kind, value in bound.items():
        if kind in ("at_least", "at_most", "more_than", "less_than", "exactly", "between"):
            values = value if isinstance(value, list) else [value]
            return render(kind, {f"v{i}": spoken(v, language) for i, v in enumerate(values)}, language)
    return ""


def spoken(value: object, language: str) -> object:
    """A duration in the reader's language; a number as it is."""
    match = _DURATION.fullmatch(str(value))
    return render(_UNITS[match[2]], {"count": match[1]}, language) if match else value


def level(finding: Finding, language: str) -> str:
    """The step of a ladder, with the one that it may be."""
    here = _level_title(finding, finding.level, language)
    if finding.possible_level:
        possible = _level_title(finding, finding.possible_level, language)
        return render("level-possible", {"level": here, "possible_level": possible}, language)
    return here


def _level_title(finding: Finding, name: str | None, language: str) -> str:
    if name is None:
        return render("over-the-limit", {}, language)
    return str(in_language(finding.rule.of_part(finding.part).levels.get(name) or {language: name}, language))


def period_text(finding: Finding) -> str:
    """The label of a period, months for whole months."""
    start, end = finding.period.start, finding.period.end
    if start and end and finding.rule.of_part(finding.part).measure == "consecutive":
        whole_months = start.day == 1 and (end + timedelta(days=1)).day == 1
        return f"{start:%Y-%m} – {end:%Y-%m}" if whole_months else f"{start} – {end}"
    return finding.period.label


def about_text(finding: Finding, audit: Audit, language: str) -> str:
    """Whom and when: the subject, unless it is the organization, the values of `each`, the period, where it is to be told."""
    subject = finding.subject
    who = "" if subject.key == finding.organization else (subject.name or subject.key)
    return " · ".join(filter(None, [who, each_told(finding, audit, language), when_text(finding, audit)]))


def when_text(finding: Finding, audit: Audit) -> str:
    """The period, unless it is the audit's, or the message tells it."""
    return "" if tells_when(finding) or finding.period.label == audit.period.label else period_text(finding)


def tells_when(finding: Finding) -> bool:
    """Whether the message tells the period, as that of a run does."""
    return finding.rule.of_part(finding.part).measure == "consecutive" and finding.verdict is not Verdict.ERROR


def blanks(finding: Finding, audit: Audit, language: str) -> str:
    """The blanks that leave a verdict open, the first few of them."""
    texts = [blank_text(b, audit, language) for b in finding.decided_by]
    if finding.doubt:
        texts.insert(0, render("blank.exemption", {"field": finding.doubt}, language))
    texts = list(dict.fromkeys(texts)) or [render("unknown-cause", {}, language)]
    shown = ("；" if language == "zh" else "; ").join(texts[:_MOST_BLANKS])
    if len(texts) > _MOST_BLANKS:
        shown += " " + render("and-more", {"count": len(texts) - _MOST_BLANKS}, language)
    return shown


def blank_text(blank: Blank, audit: Audit, language: str) -> str:
    """One blank, with its place where it has one."""
    values = {
        "table": title_of(blank.table, audit, language),
        "key": blank.key or "",
        "field": title_of(f"{blank.table}.{blank.field}", audit, language) if blank.field else "",
    }
    place = f" ({blank.file}:{blank.row})" if blank.file else ""
    return render(f"blank.{blank.reason}", values, language) + place


def title_of(name: str, audit: Audit, language: str) -> str:
    """What a table or a field is called, or its plain name."""
    plain = name.rsplit(".", 1)[-1] if " " not in name else name
    return str(in_language(audit.titles.get(name) or {language: plain}, language))


def problem_text(problem: Problem, language: str, titles: Mapping[str, Text] | None = None) -> str:
    """What is wrong with records, and what would be right; tables and fields by their titles, where they are known."""
    error = problem.values.get("error")
    values: dict[str, Any] = {
        "column": problem.column,
        "value": problem.value if problem.value is not None else "",
        "table": problem.table or "",
        "row": problem.row or "",
        **problem.values,
    }
    for key in ("table", "target", "source"):
        values[key] = in_language((titles or {}).get(str(values.get(key))), language) or values.get(key, "")
    if problem.table and titles and problem.column:
        values["column"] = in_language(titles.get(f"{problem.table}.{problem.column}"), language) or problem.column
    if isinstance(error, OrgauditError):
        values["error"] = render_error(error, language)
    return render(problem.code, values, language)


def place(evidence: Evidence) -> str:
    """`file:row`"""
    return f"{evidence.file}:{evidence.row}" if evidence.row else str(evidence.file)


def each_text(finding: Finding | Figure | Settled | Contrast) -> str:
    """The values of `each`, as they are written; one that is not known is a question mark."""
    return ", ".join("?" if v is None else str(v) for v in (finding.each or {}).values())


def each_told(of: Finding | Figure | Settled | Contrast, audit: Audit, language: str) -> str:
    """The values of `each`, as people call them."""
    if isinstance(of, Settled):
        standard, rule = of.standard, of.rule
    else:
        info = of.demands[0].rule if isinstance(of, Contrast) else of.rule
        standard, rule = info.standard, info.rule

    def told(name: str, value: object) -> str:
        title = in_language(audit.titles.get(each_key(standard, rule, name, value)), language)
        return "?" if value is None else title or str(value)

    return ", ".join(told(n, v) for n, v in (of.each or {}).items())


def in_both(function: Any, *args: Any) -> dict[str, str]:
    """A text in every language."""
    return {language: function(*args, language) for language in LANGUAGES}
