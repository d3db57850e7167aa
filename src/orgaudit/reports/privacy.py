"""Personal data in outputs: names left out, or replaced by pseudonyms that stay the same under one secret key."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b32encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from orgaudit.findings import Audit, Contrast, Figure, Finding, Problem, Settled, Strip, Subject, Trend, Waiver

#: a personal text → what is shown instead; None: nothing
Mask = Callable[[str], str | None]
_LEFT_OUT = "…"
One = TypeVar("One", Finding, Strip, Figure, Settled, Contrast)
#: the problems of a reference in whose cell a name may stand
_STRAY = ("name-for-key", "foreign-key")


def nameless(text: str) -> str | None:
    """Nothing is shown instead: the key is enough for those who have the records."""
    return None


def pseudonyms(secret: bytes) -> Mask:
    """For each name the same word in every output that is made with the same secret."""

    def mask(text: str) -> str:
        digest = hmac.new(secret, text.encode("utf-8", "replace"), hashlib.sha256).digest()
        return f"P-{b32encode(digest)[:8].decode()}"

    return mask


def redacted(audit: Audit, findings: Sequence[Finding], mask: Mask) -> tuple[Audit, list[Finding]]:
    """The same audit without the names of persons, and without what stands in personal columns."""
    hides = _Hides(audit, mask)
    strips, figures, contrasts = audit.strips, audit.figures, audit.contrasts
    return (
        replace(
            audit,
            problems=[hides.problem(p) for p in audit.problems],
            repairs=[
                replace(r, before=_LEFT_OUT, after=_LEFT_OUT) if f"{r.table}.{r.field}" in audit.personal else r
                for r in audit.repairs
            ],
            waivers=[hides.waiver(w) for w in audit.waivers],
            trend=audit.trend and hides.trend(audit.trend),
            _findings=lambda: (hides.finding(f) for f in audit.findings()),
            _strips=lambda: hides.subjects(strips()),
            _figures=lambda: hides.subjects(figures()),
            _contrasts=lambda: hides.subjects(contrasts()),
        ),
        [hides.finding(f) for f in findings],
    )


class _Hides:
    """What hides persons in the parts of one audit."""

    def __init__(self, audit: Audit, mask: Mask) -> None:
        self.personal, self._mask = audit.personal, mask

    def mask(self, text: str) -> str:
        """What is shown where something has to stand."""
        return self._mask(text) or _LEFT_OUT

    def finding(self, finding: Finding) -> Finding:
        """A finding under its own identifier."""
        told = self._told(finding)
        return told if told.each == finding.each else replace(told, known_as=finding.id)

    def _told(self, one: One) -> One:
        """A finding, strip or figure with its subject and the values of `each` hidden."""
        rule = f"{one.standard} {one.rule}" if isinstance(one, Settled) else f"{one.rule.standard} {one.rule.rule}"
        return replace(one, subject=self._subject(one.subject, rule), each=self._each(one.each, rule))

    def subjects(self, found: Iterator[One]) -> Iterator[One]:
        """Strips and figures."""
        return map(self._told, found)

    def _subject(self, subject: Subject, rule: str) -> Subject:
        is_breach = f"{subject.table} {rule}" in self.personal
        is_person = is_breach or subject.table in self.personal
        if subject.name is None or not is_person:
            return subject
        return replace(subject, name=self._mask(subject.name))

    def _each(self, each: Mapping[str, object] | None, rule: str) -> Mapping[str, object] | None:
        def hidden(name: str, value: object) -> object:
            is_personal = f"each {rule} {name}" in self.personal
            return self.mask(str(value)) if is_personal and value is not None else value

        return {n: hidden(n, v) for n, v in each.items()} if each else each

    def trend(self, trend: Trend) -> Trend:
        """What is settled without the names of persons."""
        return replace(trend, settled=tuple(map(self._told, trend.settled)))

    def waiver(self, waiver: Waiver) -> Waiver:
        """A waiver without who approved it, and without its free text."""
        return replace(waiver, approver=self.mask(waiver.approver), justification=_LEFT_OUT)

    def problem(self, problem: Problem) -> Problem:
        """A problem without what a personal column or a stray cell says; of a row that is no record, without its text."""
        of_persons = f"{problem.table}." in self.personal
        if problem.code == "extra-label" and of_persons:  # without headings the first record stands in their place
            return replace(problem, column=self.mask(problem.column or ""))
        columns = (problem.column or "").split(", ")
        is_cell = any(f"{problem.table}.{c}" in self.personal for c in columns)
        is_row = problem.column is None and of_persons
        is_stray = problem.code in _STRAY and problem.values.get("target") in self.personal
        if problem.value is None or not (is_cell or is_row or is_stray):
            return problem
        return replace(problem, value=self.mask(problem.value))
