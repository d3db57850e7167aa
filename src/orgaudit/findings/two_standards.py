"""Where rules of two standards bind one subject on one matter with different bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from orgaudit.findings.facts import RuleInfo, Subject


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
