"""What was expected against what came, both ways: a verdict that did not come, and a finding that nobody expected."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orgaudit.errors import OrgauditError, did_you_mean
from orgaudit.findings import Check, Figure, Finding, Verdict
from orgaudit.proof.batches import plain
from orgaudit.standards import Parts, Rule, Runs

NOBODY = "nobody"  #: the rule binds nobody
LEFT_OUT = "left_out"  #: the rule does not stand under these readings
_DAYS = re.compile(r"\d{4}-\d\d-\d\d\.\.\d{4}-\d\d-\d\d")
VERDICTS = tuple(v.value for v in Verdict)
_QUIET = ("pass", "not_applicable")


@dataclass(frozen=True)
class Difference:
    """One thing that is not as expected: of which check, what was expected and what came."""

    rule: str
    check: str
    expected: str
    came: str


@dataclass(frozen=True)
class Came:
    """What was said of one check: its verdict and its findings; of a figure, what was found."""

    labels: tuple[str, ...]
    verdict: str
    level: str | None
    excuse: str | None
    found: str
    findings: tuple[Finding, ...]

    @property
    def told(self) -> str:
        """In a few words."""
        more = [self.verdict, self.level or self.excuse, f"({self.found})" if self.found else None]
        return " ".join(filter(None, more))


def came(check: Check, findings: Sequence[Finding], rule: Rule) -> Came:
    """A check with its own findings."""
    own = [f for f in findings if f.subject.key == check.subject and _each(f) == check.each]
    if rule.every is not None:
        own = [f for f in own if f.period.label == check.period]
    level = check.level or next((f.level for f in own if f.level), None)
    return Came(
        _labels(check.subject, check.each, check.period), check.verdict, level, check.excuse, _found(check), tuple(own)
    )


def came_of_figure(figure: Figure) -> Came:
    """What a rule without a bound found."""
    each = tuple((figure.each or {}).values())
    return Came(_labels(figure.subject.key, each, figure.period.label), "figure", None, None, _found(figure), ())


def _each(finding: Finding) -> tuple[object, ...]:
    return tuple((finding.each or {}).values())


def _labels(subject: str, each: Sequence[object], period: str) -> tuple[str, ...]:
    """The names of a check, the shortest first: `B1`, `B1 2024-Q1`, `B1/help`, `B1/help 2024-Q1`."""
    key = plain(subject)
    whole = "/".join([key, *("" if v is None else str(plain(v)) for v in each)])
    periods = [""] if _DAYS.fullmatch(period) else ["", f" {period}"]  # the audited period goes without saying
    return tuple(dict.fromkeys(name + p for name in (key, whole) for p in periods))


def _found(of: Check | Figure | Finding) -> str:
    """What was found: a number, an interval, a share, a date."""
    if of.shown is not None:
        return of.shown
    if of.certain is None:
        return ""
    most = "∞" if of.possible is None else of.possible
    return str(of.certain) if of.certain == of.possible else f"{of.certain}..{most}"


def differences(expected: Any, all_came: Sequence[Came], rule: Rule) -> Iterator[Difference]:
    """What is not as expected of one rule."""
    if not isinstance(expected, Mapping):
        yield from _of_all(str(expected), all_came, rule)
        return
    taken: set[int] = set()
    for label in expected:
        yield from _of_check(label, expected, all_came, rule, taken)
    for one in all_came:
        if id(one) not in taken and one.verdict not in (*_QUIET, "figure"):
            yield Difference(rule.id, one.labels[-1], "pass", one.told)


def _of_all(word: str, all_came: Sequence[Came], rule: Rule) -> Iterator[Difference]:
    """One word for all checks: those that do not apply are passed over, but where that is the word."""
    if word == LEFT_OUT:
        yield Difference(rule.id, "", LEFT_OUT, all_came[0].told if all_came else NOBODY)
        return
    if word == NOBODY:
        yield from (Difference(rule.id, c.labels[-1], NOBODY, c.told) for c in all_came)
        return
    asked = [c for c in all_came if word.startswith("not_applicable") or c.verdict != "not_applicable"]
    if not asked:
        yield Difference(rule.id, "", word, all_came[0].told if all_came else NOBODY)
    for one in asked:
        if not _fits(word, one, rule):
            yield Difference(rule.id, one.labels[-1], word, one.told)


def _of_check(
    label: str, expected: Mapping[str, Any], all_came: Sequence[Came], rule: Rule, taken: set[int]
) -> Iterator[Difference]:
    named = [c for c in all_came if label in c.labels and _closest(c, expected) == label]
    taken |= {id(c) for c in named}
    wanted = expected[label]
    if not named and wanted != NOBODY:
        yield Difference(rule.id, label, _told(wanted), NOBODY)
    for one in named:
        if not _fits(wanted, one, rule):
            yield Difference(rule.id, one.labels[-1], _told(wanted), one.told)


def _closest(one: Came, expected: Mapping[str, Any]) -> str | None:
    """The most exact of the names that are written for it."""
    return next((name for name in reversed(one.labels) if name in expected), None)


def _told(wanted: Any) -> str:
    if isinstance(wanted, Mapping):
        return ", ".join(f"{k} {v}" for k, v in wanted.items())
    return "; ".join(map(_told, wanted)) if isinstance(wanted, list) else str(wanted)


def _fits(wanted: Any, one: Came, rule: Rule) -> bool:
    if isinstance(wanted, list):
        pairs = zip(wanted, one.findings, strict=False)
        return len(wanted) == len(one.findings) and all(_fits_finding(w, f, rule) for w, f in pairs)
    if isinstance(wanted, Mapping):
        return _fits_keys(wanted, one)
    word, _, more = str(wanted).partition(" ")
    verdict, level = _meaning(word, rule)
    return one.verdict == verdict and (level is None or one.level == level) and _fits_more(verdict, more, one)


def _meaning(word: str, rule: Rule) -> tuple[str, str | None]:
    """A verdict; or a level of the rule, which is a fail; `ok` is a pass."""
    if word == "ok":
        return "pass", None
    if word in VERDICTS:
        return word, None
    levels = [lv.name for part in (rule, *_parts(rule)) for lv in part.levels]
    if word not in levels:
        raise OrgauditError("unknown-expectation", did_you_mean(word, [*VERDICTS, "ok", NOBODY, *levels]))
    return "fail", word


def _parts(rule: Rule) -> list[Any]:
    return list(getattr(rule.measure, "parts", ()))


def _fits_more(verdict: str, more: str, one: Came) -> bool:
    """The second word: the level of a fail, the exemption that holds, the blank that decides."""
    if not more:
        return True
    if verdict == "unknown":
        return any(more in (b.field, b.table, f"{b.table}.{b.field}") for f in one.findings for b in f.decided_by)
    return more in (one.excuse, one.level)


def _fits_keys(wanted: Mapping[str, Any], one: Came) -> bool:
    of_finding = {k: v for k, v in wanted.items() if k in ("part", "due_on", "start", "end")}
    own = {"verdict": one.verdict, "level": one.level, "excuse": one.excuse, "found": one.found}
    if any(str(own[k]) != str(v) for k, v in wanted.items() if k not in of_finding):
        return False
    return not of_finding or any(_has(of_finding, f) for f in one.findings)


def _has(wanted: Mapping[str, Any], finding: Finding) -> bool:
    own = {"part": finding.part, "due_on": finding.due_on, "start": finding.period.start, "end": finding.period.end}
    return all(str(own[k]) == str(v) for k, v in wanted.items())


def asks_findings(expected: Any, rule: Rule) -> bool:
    """Whether an expectation of a rule can be met only by its findings: its verdicts alone are quicker to have."""
    if isinstance(rule.measure, Parts) or (isinstance(rule.measure, Runs) and rule.levels):
        return True  # the level of a run, or of a part, is its own
    wanted = expected.values() if isinstance(expected, Mapping) else [expected]
    return any(not isinstance(w, str) or (w.startswith("unknown") and " " in w) for w in wanted)


def _fits_finding(wanted: Any, finding: Finding, rule: Rule) -> bool:
    one = Came((), finding.verdict.value, finding.level, None, _found(finding), (finding,))
    return _fits(wanted, one, rule)


def verdicts_expected(expected: Any) -> set[str]:
    """The verdicts that an expectation of a rule names; a step of a ladder is a failure, `ok` a pass, `nobody` none."""
    wanted = expected.values() if isinstance(expected, Mapping) else [expected]
    words = [
        str(w.get("verdict", w.get("level", "")) if isinstance(w, Mapping) else w).partition(" ")[0] for w in wanted
    ]
    plainly = {"ok": "pass", NOBODY: "", LEFT_OUT: "", "": ""}
    return {plainly.get(word, word if word in VERDICTS else "fail") for word in words} - {""}
