"""What a finding says, in a language: made from its code and values when it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orgaudit.errors import OrgauditError
from orgaudit.findings import Audit, Blank, Evidence, Finding, Problem, Text
from orgaudit.messages import LANGUAGES, in_language, render, render_error

_MOST_BLANKS = 3


def message(finding: Finding, audit: Audit, language: str) -> str:
    """What was found against what is required, and what leaves it open."""
    verdict = finding.verdict.value
    if verdict == "error":
        return render("error", {"reason": finding.shown or ""}, language)
    measure = finding.rule.measure
    if finding.rule.levels and measure in ("count", "value") and verdict == "fail":
        measure = "level"
    text = render(f"{measure}.{verdict}", _values(finding, audit, language), language)
    if finding.silence:
        text += " " + render("silence", {"table": title_of(finding.silence, audit, language)}, language)
    return text


def _values(finding: Finding, audit: Audit, language: str) -> dict[str, Any]:
    return {
        "counted": in_language(finding.rule.counted, language) or "",
        "found": found(finding, language),
        "certain": finding.certain,
        "possible": "∞" if finding.possible is None else finding.possible,
        "expected": expected(finding, language),
        "due_on": finding.due_on or "",
        "blanks": blanks(finding, audit, language),
        "level": level(finding, language),
        "period": period_text(finding),
    }


def found(finding: Finding, language: str) -> str:
    """What was found: a number, an interval, a date."""
    if finding.certain is None:
        return finding.shown or render("not-done", {}, language)
    if finding.possible is None:
        return render("unbounded", {"certain": finding.certain}, language)
    if finding.possible == finding.certain:
        return str(finding.certain)
    return render("interval", {"certain": finding.certain, "possible": finding.possible}, language)


def expected(finding: Finding, language: str) -> str:
    """What is required, as people say it."""
    return bound_text(finding.rule.expected, language)


def bound_text(bound: Mapping[str, Any], language: str) -> str:
    """`at least 1`"""
    for kind, value in bound.items():
        if kind in ("at_least", "at_most", "more_than", "less_than", "exactly", "between"):
            values = value if isinstance(value, list) else [value]
            return render(kind, {f"v{i}": v for i, v in enumerate(values)}, language)
    return ""


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
    return str(in_language(finding.rule.levels.get(name) or {language: name}, language))


def period_text(finding: Finding) -> str:
    """The label of a period, months for whole months."""
    start, end = finding.period.start, finding.period.end
    if start and end and finding.rule.measure == "consecutive":
        return f"{start:%Y-%m} – {end:%Y-%m}"
    return finding.period.label


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


def each_text(finding: Finding) -> str:
    """The values of `each`."""
    return ", ".join(str(v) for v in (finding.each or {}).values())


def in_both(function: Any, *args: Any) -> dict[str, str]:
    """A text in every language."""
    return {language: function(*args, language) for language in LANGUAGES}
