"""Which kinds of scenario each rule has: both sides of its bound, blanks, open windows, exemptions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from orgaudit.proof.run import Outcome, Result
from orgaudit.standards import Rule, Standard

KINDS = ("pass", "fail", "unknown", "pending", "not_applicable")


@dataclass(frozen=True)
class Kinds:
    """What the scenarios of one rule show.

    `named` speak of it, `scenarios` came as expected; `excuses` are the exemptions that could excuse, `shown` those that did.
    """

    rule: str
    named: int
    scenarios: int
    verdicts: frozenset[str]
    levels: tuple[str, ...]
    levels_shown: frozenset[str]
    excuses: tuple[str, ...]
    shown: frozenset[str]

    @property
    def missing(self) -> list[str]:
        """The kinds that are wanted of every rule, and are not there."""
        wanted = [k for k in ("pass", "fail", "unknown") if k not in self.verdicts]
        return [
            *wanted,
            *(lv for lv in self.levels if lv not in self.levels_shown),
            *(e for e in self.excuses if e not in self.shown),
        ]


def kinds_of(standard: Standard, results: Sequence[Result]) -> list[Kinds]:
    """The kinds of scenario of every rule that has a verdict, from the scenarios that came as expected."""
    good = [r for r in results if r.outcome == Outcome.AS_EXPECTED]
    named = Counter(rule for r in results for rule in r.scenario.expect)
    judged = [rule for rule in standard.rules if not rule.is_figure]
    return [_kinds(rule, named[rule.id], [r for r in good if rule.id in r.came]) for rule in judged]


def _kinds(rule: Rule, named: int, results: Sequence[Result]) -> Kinds:
    all_came = [c for r in results for c in r.came[rule.id]]
    return Kinds(
        rule.id,
        named,
        len(results),
        frozenset(c.verdict for c in all_came),
        tuple(lv.name for lv in rule.levels if lv.name != "ok"),
        frozenset(c.level for c in all_came if c.level),
        tuple(e.id for e in rule.exemptions if e.effect == "excuse"),
        frozenset(c.excuse for c in all_came if c.excuse),
    )
