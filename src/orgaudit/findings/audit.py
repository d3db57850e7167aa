"""An audit: what was audited, what was found, and what could not be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from orgaudit.findings.facts import RuleInfo, Stretch
from orgaudit.findings.finding import Check, Figure, Finding, Strip
from orgaudit.findings.problems import Problem, Repair
from orgaudit.findings.since import Trend, Waiver
from orgaudit.findings.two_standards import Contrast
from orgaudit.findings.words import Tally, Text, empty_tally


class Organization(NamedTuple):
    """One that answers for records: key, name and the key of the one above it."""

    key: str
    name: str | None
    parent: str | None


class Cell(NamedTuple):
    """How many checks of a rule and an organization have a verdict."""

    standard: str
    rule: str
    organization: str | None
    verdict: str
    checks: int


def each_key(standard: str, rule: str, name: str, value: object) -> str:
    """Under which name the titles of an audit have what a value of `each` is called."""
    return f"each {standard} {rule} {name} {value}"


@dataclass
class Audit:
    """What was audited, what was found, and what could not be read.

    `personal` has the tables whose names are those of
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
    _cells: Callable[[], Iterator[Cell]] = field(default=lambda: iter(()), repr=False)
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

    def cells(self) -> Iterator[Cell]:
        """How many checks of each rule and organization have each verdict."""
        return self._cells()

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
