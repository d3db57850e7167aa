"""Personal data in outputs: names left out, or replaced by pseudonyms that stay the same under one secret key."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b32encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from orgaudit.errors import OrgauditError
from orgaudit.findings import (
    STRAY,
    Audit,
    Blank,
    Contrast,
    Evidence,
    Figure,
    Finding,
    Problem,
    Repair,
    Settled,
    Strip,
    Subject,
    Trend,
    Waiver,
)  # fmt: skip
from orgaudit.recordmodel import replaced
from orgaudit.reports.places import from_here

if TYPE_CHECKING:
    from orgaudit.records import FileRead, Receipt

#: a personal text → what is shown instead; None: nothing
Mask = Callable[[str], str | None]
_LEFT_OUT = "…"
One = TypeVar("One", Finding, Strip, Figure, Settled, Contrast)
Standing = TypeVar("Standing", Evidence, Blank)


def nameless(text: str) -> str | None:
    """Nothing is shown instead: the key is enough for those who have the records."""
    return None


def pseudonyms(secret: bytes) -> Mask:
    """For each name the same word in every output that is made with the same secret."""

    def mask(text: str) -> str:
        digest = hmac.new(secret, text.encode("utf-8", "replace"), hashlib.sha256).digest()
        return f"P-{b32encode(digest)[:8].decode()}"

    return mask


def redacted(
    audit: Audit,
    findings: Sequence[Finding],
    mask: Mask,
    keep: Callable[[Iterable[Finding]], Sequence[Finding]] = list,
) -> tuple[Audit, Sequence[Finding]]:
    """The same audit without the names of persons, and without what stands in personal columns; `keep` makes a sequence."""
    hides = _Hides(audit.personal, audit.named(), mask)
    strips, figures, contrasts = audit.strips, audit.figures, audit.contrasts
    return (
        replace(
            audit,
            records_path=hides.path(from_here(audit.records_path)),
            tables={name: hides.table(told) for name, told in audit.tables.items()},
            problems=[hides.problem(p) for p in audit.problems],
            repairs=[hides.repair(r) for r in audit.repairs],
            waivers=[hides.waiver(w) for w in audit.waivers],
            trend=audit.trend and hides.trend(audit.trend),
            _findings=lambda: (hides.finding(f) for f in audit.findings()),
            _strips=lambda: hides.subjects(strips()),
            _figures=lambda: hides.subjects(figures()),
            _contrasts=lambda: hides.subjects(contrasts()),
        ),
        keep(hides.finding(f) for f in findings),
    )


def redacted_receipt(receipt: Receipt, personal: Set[str], named: Set[str], mask: Mask) -> Receipt:
    """The same receipt without them; `personal` and `named` are what an audit of the records would have."""
    hides = _Hides(personal, named, mask)
    return replace(
        receipt,
        path=hides.path(from_here(receipt.path)),
        files=[hides.file(f) for f in receipt.files],
        repairs=[hides.repair(r) for r in receipt.repairs],
        problems=[hides.problem(p) for p in receipt.problems],
    )


class _Hides:
    """What hides persons in the parts of one audit, or receipt; `named` are the words that it hides in paths."""

    def __init__(self, personal: Set[str], named: Set[str], mask: Mask) -> None:
        self.personal, self._mask = personal, mask
        self.path = cache(lambda path: replaced(path, named, self.mask))

    def mask(self, text: str) -> str:
        """What is shown where something has to stand."""
        return self._mask(text) or _LEFT_OUT

    def finding(self, finding: Finding) -> Finding:
        """A finding under its own identifier."""
        told = replace(
            self._told(finding),
            evidence=tuple(map(self._standing, finding.evidence)),
            decided_by=tuple(map(self._standing, finding.decided_by)),
        )
        is_same = (told.each, told.subject.key) == (finding.each, finding.subject.key)
        return told if is_same else replace(told, known_as=finding.id)

    def _told(self, one: One) -> One:
        """A finding, strip or figure with its subject and the values of `each` hidden."""
        rule = f"{one.standard} {one.rule}" if isinstance(one, Settled) else f"{one.rule.standard} {one.rule.rule}"
        return replace(one, subject=self._subject(one.subject, rule), each=self._each(one.each, rule))

    def _standing(self, at: Standing) -> Standing:
        """Evidence, or a blank, with its path hidden, and a key in which values about persons stand."""
        if f"keys {at.table}" in self.personal:
            at = at._replace(key=self.mask(str(at.key)))
        return at._replace(file=self.path(at.file)) if at.file else at

    def subjects(self, found: Iterator[One]) -> Iterator[One]:
        """Strips and figures."""
        return map(self._told, found)

    def _subject(self, subject: Subject, rule: str) -> Subject:
        if f"keys {rule}" in self.personal:
            subject = subject._replace(key=self.mask(subject.key))
        is_breach = f"{subject.table} {rule}" in self.personal
        is_person = is_breach or subject.table in self.personal
        if subject.name is None or not is_person:
            return subject
        return subject._replace(name=self._mask(subject.name))

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
        document = waiver.document and self.path(waiver.document)
        return replace(waiver, approver=self.mask(waiver.approver), justification=_LEFT_OUT, document=document)

    def table(self, told: Mapping[str, object]) -> dict[str, object]:
        """What is told of a table and its files."""
        files = [f | {"path": self.path(f["path"])} for f in told["files"]]  # type: ignore[attr-defined]
        return {**told, "files": files}

    def file(self, file: FileRead) -> FileRead:
        """A file of a receipt; without headings the first record stands in their place."""
        unmatched = tuple(map(self.mask, file.unmatched)) if f"{file.table}." in self.personal else file.unmatched
        return replace(file, path=self.path(file.path), unmatched=unmatched)

    def repair(self, repair: Repair) -> Repair:
        """A repair without the cell that is its example, where that is about a person, or is the name of one."""
        place = f"{repair.table}.{repair.field}"
        if place in self.personal or f"names {place}" in self.personal:
            repair = replace(repair, before=self.mask(repair.before), after=self.mask(repair.after))
        return replace(repair, file=self.path(repair.file))

    def problem(self, problem: Problem) -> Problem:
        """A problem without what a personal column or a stray cell says; of a row that is no record, without its text."""
        values = {key: self._said(value) for key, value in problem.values.items()}
        problem = replace(problem, file=self.path(problem.file), values=values)
        if problem.code == "extra-label" and f"{problem.table}." in self.personal:  # the first record, without headings
            return replace(problem, column=self.mask(problem.column or ""))
        if problem.value is None:
            return problem
        hide = self.mask if self._is_personal(problem) else self.path
        return replace(problem, value=hide(problem.value))

    def _said(self, value: object) -> object:
        """What a problem says beside its value: it may name another file."""
        if isinstance(value, OrgauditError):
            where = value.where and replace(value.where, file=self.path(value.where.file))
            return OrgauditError(value.code, {k: self._said(v) for k, v in value.values.items()}, where, value.hint)
        return self.path(value) if isinstance(value, str) else value

    def _is_personal(self, problem: Problem) -> bool:
        columns = (problem.column or "").split(", ")
        is_cell = any(f"{problem.table}.{c}" in self.personal for c in columns)
        is_whole = problem.column is None or problem.code == "unknown-alias"
        is_row = is_whole and f"{problem.table}." in self.personal
        return is_cell or is_row or (problem.code in STRAY and problem.values["target"] in self.personal)
