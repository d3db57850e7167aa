"""Verdicts, findings and the audit they belong to: the words that every output shares.

A finding is made into an object only when someone looks at it; until then findings are a relation.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

Text = Mapping[str, str]


#: codes of what needs no correction and is only said
NOTICES = frozenset(
    {
        "later-than-as-of",
        "missing-label",
        "table-not-submitted",
        "not-reported",
        "left-out-of-derivation",
        "empty-file",
        "heading-row",
        "total-row",
        "sample-row",
        "signature-row",
        "heading-again",
        "name-beside-key",
        "hidden-sheet",
    }
)


#: problems of a reference in whose cell a name may stand
STRAY = frozenset({"name-for-key", "foreign-key"})


@dataclass(frozen=True)
class Problem:
    """One problem: a code, where it stands, the value, and what the message about it needs."""

    code: str
    file: str = ""
    row: int | None = None
    column: str | None = None
    value: str | None = None
    table: str | None = None
    values: Mapping[str, object] = field(default_factory=dict, hash=False, compare=False)

    @property
    def is_notice(self) -> bool:
        """Whether it is only said, not to be corrected."""
        return self.code in NOTICES

    @property
    def order(self) -> tuple[str, int, str, str, str]:
        """The fixed order of problems in every output."""
        return self.file, self.row or 0, self.column or "", self.code, self.value or ""


@dataclass(frozen=True)
class Repair:
    """Repairs of one kind in one column of one file: how many, and the first of them."""

    file: str
    table: str
    column: str
    field: str
    kind: str
    count: int
    row: int
    before: str
    after: str


class Verdict(StrEnum):
    """What the records say of one check; the worst first."""

    ERROR = "error"
    FAIL = "fail"
    UNKNOWN = "unknown"
    PENDING = "pending"
    PASS = "pass"
    NOT_APPLICABLE = "not_applicable"


class Disposition(StrEnum):
    """What people decided about a finding; `open` until they do."""

    OPEN = "open"
    WAIVED = "waived"
    BASELINED = "baselined"
    ADVISORY = "advisory"


class Severity(StrEnum):
    """How grave a breach is; the gravest first."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    INFO = "info"


@dataclass(frozen=True)
class Subject:
    """Who or what a finding is about."""

    table: str
    key: str
    name: str | None


@dataclass(frozen=True)
class Stretch:
    """The period of a finding, both days included; a day that is not known is None."""

    label: str
    start: date | None
    end: date | None


@dataclass(frozen=True)
class Evidence:
    """A record that a finding rests on: where it stands and what it shows (counted, blank, not_counted, subject)."""

    table: str
    key: str
    file: str | None
    row: int | None
    shows: str


@dataclass(frozen=True)
class Blank:
    """What is not known, and makes a verdict unknown: a cell, a missing table, a list that was not handed in."""

    reason: str
    table: str
    key: str | None = None
    field: str | None = None
    file: str | None = None
    row: int | None = None


@dataclass(frozen=True)
class RuleInfo:
    """What outputs tell of a rule."""

    rule: str
    standard: str
    clause: str | None
    quote: str | None
    title: Text
    remedy: Text
    modality: str
    severity: str
    expected: Mapping[str, object]
    measure: str
    norms: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    counted: Text = field(default_factory=dict)
    levels: Mapping[str, Text] = field(default_factory=dict)
    tailored: tuple[str, ...] = ()
    question: Text = field(default_factory=dict)
    parts: Mapping[str, RuleInfo] = field(default_factory=dict, hash=False)

    def of_part(self, part: str | None) -> RuleInfo:
        """What outputs tell of one of its parts; of the rule itself where that is no finding of its own."""
        return self.parts.get(part or "", self)


@dataclass(frozen=True)
class Demand:
    """What a rule asked of one subject: the bound that was applied, and the time it is for.

    `bound` is as in `expected`; `every` is the period that recurs, `run` the period (or `event`) that a run is made of,
    `within` the length of a window of the subject's own (`own`, where its days are written).
    """

    rule: RuleInfo
    bound: Mapping[str, object] = field(default_factory=dict, hash=False)
    every: str | None = None
    run: str | None = None
    within: str | None = None


@dataclass(frozen=True)
class Contrast:
    """One subject that rules of two standards bind on one matter with different bounds; `stricter` is 0, 1 or not decided."""

    matter: str
    demands: tuple[Demand, Demand]
    stricter: int | None
    subject: Subject
    organization: str | None
    each: Mapping[str, object] | None
    periods: tuple[str, str]
    verdicts: tuple[str, str]
    findings: tuple[tuple[str, ...], tuple[str, ...]]

    @property
    def rule(self) -> RuleInfo:
        """The rule of the first standard."""
        return self.demands[0].rule


@dataclass(frozen=True)
class Elsewhere:
    """What the rule of another standard says of the subject of a finding: its bound, and its own verdict and findings."""

    demand: Demand
    is_stricter: bool | None
    period: str
    verdict: str
    findings: tuple[str, ...]


@dataclass(frozen=True)
class Finding:
    """One item that is neither a pass nor not applicable."""

    rule: RuleInfo
    verdict: Verdict
    disposition: Disposition
    severity: Severity
    subject: Subject
    organization: str | None
    each: Mapping[str, object] | None
    period: Stretch
    certain: int | None
    possible: int | None
    shown: str | None
    level: str | None
    possible_level: str | None
    due_on: date | None
    doubt: str | None
    evidence: tuple[Evidence, ...] = ()
    decided_by: tuple[Blank, ...] = ()
    part: str | None = None
    silence: str | None = None
    known_as: str | None = None  # its identifier, where what that is made from is not shown
    elsewhere: tuple[Elsewhere, ...] = ()

    @property
    def id(self) -> str:
        """A fingerprint that stays the same from month to month: of whom and what it is about, not of what was found."""
        if self.known_as is not None:
            return self.known_as
        return fingerprint(self.rule.standard, self.rule.rule, self.subject, self.each, self.part, self.period.start)


def fingerprint(
    standard: str,
    rule: str,
    subject: Subject,
    each: Mapping[str, object] | None,
    part: str | None,
    start: date | None,
) -> str:
    """The identifier of a finding: of a rule about a subject, from a day on."""
    values = "|".join(f"{k}={v}" for k, v in (each or {}).items())
    parts = [standard, rule, subject.table, subject.key, values, part or "", str(start)]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


Tally = dict[str, int]


_NONE: Tally = {v.value: 0 for v in Verdict}


def empty_tally() -> Tally:
    """No check of any verdict."""
    return _NONE.copy()


def each_key(standard: str, rule: str, name: str, value: object) -> str:
    """Under which name the titles of an audit have what a value of `each` is called."""
    return f"each {standard} {rule} {name} {value}"


@dataclass(frozen=True)
class Check:
    """One check with its verdict, for whoever wants to see also what passed."""

    rule: str
    subject: str
    each: tuple[object, ...]
    period: str
    verdict: str
    certain: int | None
    possible: int | None
    level: str | None
    organization: str | None = None
    excuse: str | None = None
    shown: str | None = None


@dataclass(frozen=True)
class Figure:
    """What a rule without a bound found for one subject: a number to know, not a verdict."""

    rule: RuleInfo
    subject: Subject
    organization: str | None
    each: Mapping[str, object] | None
    period: Stretch
    certain: int | None
    possible: int | None
    shown: str | None


@dataclass(frozen=True)
class Waiver:
    """A waiver and what became of it: `used` so many times, used and ending `soon`, `unused`, `expired`, `not_yet` begun."""

    rule: str | None
    clause: str | None
    subject: str | None
    organization: str | None
    period: str | None
    until: date
    justification: str
    approver: str
    document: str | None
    state: str
    used: int


@dataclass(frozen=True)
class Settled:
    """A failure of an audit before of which nothing is found any more, as that audit told it."""

    standard: str
    rule: str
    organization: str | None
    organization_name: str | None
    subject: Subject
    each: Mapping[str, object] | None
    period: str
    message: Text


@dataclass(frozen=True)
class Trend:
    """What changed since an audit before, made on `as_of`: `states` has `new`, `escalated` or `persisting` by the
    identifier of each failure.
    """

    as_of: str
    states: Mapping[str, str]
    settled: tuple[Settled, ...]


@dataclass(frozen=True)
class Strip:
    """The periods of one subject's run that does not pass: for each its label, what it is, and the exemptions that hold.

    A period `counts`, `may_count`, is `passed_over` or `may_pass`, or `ends` the run.
    """

    rule: RuleInfo
    subject: Subject
    organization: str | None
    each: Mapping[str, object] | None
    verdict: str
    level: str | None
    months: tuple[tuple[str, str, tuple[str, ...]], ...]


@dataclass
class Organization:
    """One that answers for records: key, name and the key of the one above it."""

    key: str
    name: str | None
    parent: str | None


@dataclass
class Audit:
    """What was audited, what was found, and what could not be read.

    `cells` counts checks by (standard, rule, organization, verdict). `personal` has the tables whose names are those of
    persons (also `breaches STANDARD RULE`), the fields (`table.field`, by name and by heading) that say something about one,
    the tables that have such a field (`table.`), and the values of `each` that are such (`each STANDARD RULE NAME`),
    and the fields that refer to persons (`names TABLE.FIELD`).
    """

    as_of: date
    period: Stretch
    standards: list[dict[str, object]]
    rules: list[RuleInfo]
    organizations: list[Organization]
    tables: dict[str, dict[str, object]]
    problems: list[Problem]
    by_rule: dict[tuple[str, str], Tally]
    by_organization: dict[str, Tally]
    cells: list[tuple[str, str, str | None, str, int]]
    personal: frozenset[str]
    parameters: dict[str, object]
    readings: dict[str, object]
    titles: dict[str, Text] = field(default_factory=dict)
    repairs: list[Repair] = field(default_factory=list)
    waivers: list[Waiver] = field(default_factory=list)
    records_path: str = ""
    trend: Trend | None = None
    _named: Callable[[], frozenset[str]] = field(default=frozenset, repr=False)
    _findings: Callable[[], Iterator[Finding]] = field(default=lambda: iter(()), repr=False)
    _checks: Callable[[], Iterator[Check]] = field(default=lambda: iter(()), repr=False)
    _figures: Callable[[], Iterator[Figure]] = field(default=lambda: iter(()), repr=False)
    _strips: Callable[[], Iterator[Strip]] = field(default=lambda: iter(()), repr=False)
    _contrasts: Callable[[], Iterator[Contrast]] = field(default=lambda: iter(()), repr=False)
    _sentence: Callable[[RuleInfo], Text] = field(default=lambda rule: {}, repr=False)
    _derivations: Callable[[str, str, Sequence[object], str | None], Iterator[Any]] = field(
        default=lambda rule, key, each, label: iter(()), repr=False
    )

    def named(self) -> frozenset[str]:
        """What stands in the fields about persons and also in the name of a file, a sheet or a folder."""
        return self._named()

    def findings(self) -> Iterator[Finding]:
        """The findings in their fixed order, made one by one."""
        return self._findings()

    def checks(self) -> Iterator[Check]:
        """Every check with its verdict."""
        return self._checks()

    def figures(self) -> Iterator[Figure]:
        """What rules without a bound found."""
        return self._figures()

    def strips(self) -> Iterator[Strip]:
        """The months of those who stand on a ladder, rule by rule."""
        return self._strips()

    def contrasts(self) -> Iterator[Contrast]:
        """Where two standards bind one subject with different bounds."""
        return self._contrasts()

    def sentence(self, rule: RuleInfo) -> Text:
        """A rule as a sentence, in each language."""
        return self._sentence(rule)

    def derivations(self, rule: str, key: str, each: Sequence[object], period: str | None) -> Iterator[Any]:
        """How the verdicts of the checks of a subject came about (see engine.derivation)."""
        return self._derivations(rule, key, each, period)

    @property
    def tally(self) -> Tally:
        """All checks by verdict."""
        total = empty_tally()
        for counts in self.by_rule.values():
            for verdict, count in counts.items():
                total[verdict] += count
        return total
