"""Waivers: findings that people decided to let be, until a day; the verdict stays, only the disposition changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import Field as Key
from pydantic import RootModel, WithJsonSchema, model_validator

from orgaudit.errors import OrgauditError, OrgauditErrors, did_you_mean
from orgaudit.findings import Finding, RuleInfo, Verdict, Waiver
from orgaudit.periods import named_span
from orgaudit.recordmodel import Strict, validated
from orgaudit.schemas import DAY
from orgaudit.yamlfile import YamlFile, read_yaml

SOON = timedelta(days=30)  #: a waiver that ends within these is told

Day = Annotated[date, WithJsonSchema(DAY)]


class WaiverKeys(Strict):
    """A decision that findings of a rule, or of all rules of a clause, are let be until a day."""

    rule: str | None = Key(default=None, description="The rule whose findings are waived.", examples=["SPB-3-1"])
    clause: str | None = Key(default=None, description="The clause, or the norm, whose rules' findings are waived.")
    subject: str | None = Key(default=None, description="The key of the subject; left out: every subject.")
    organization: str | None = Key(default=None, description="The key of the organization; left out: every one.")
    period: str | None = Key(
        default=None,
        description="The period whose findings are waived; left out: every period.",
        examples=["2024-Q1", "2024-01-01..2024-06-30"],
    )
    from_: Day | None = Key(default=None, alias="from", description="The first day on which it holds.")
    until: Day = Key(description="The last day on which it holds.")
    justification: str = Key(description="Why it is let be.")
    approver: str = Key(description="Who decided it.")
    document: str | None = Key(default=None, description="Where the decision is written down.")

    @model_validator(mode="after")
    def _names_one(self) -> WaiverKeys:
        if (self.rule is None) == (self.clause is None):
            raise ValueError("rule or clause")
        return self


class WaiversKeys(RootModel[list[WaiverKeys]]):
    """The waivers of an organization, one after the other."""


def read_waivers(path: Path, rules: Sequence[RuleInfo]) -> list[WaiverKeys]:
    """The waivers of a file; raises OrgauditErrors for what is wrong, and for rules, clauses and periods that are none."""
    file = read_yaml(path, path.as_posix())
    if file.data is None:
        return []
    found, errors = validated(WaiversKeys, file)
    if found is None:
        raise OrgauditErrors(errors)
    errors = [e for i, keys in enumerate(found.root) for e in _unknown(file, i, keys, rules)]
    if errors:
        raise OrgauditErrors(errors)
    return found.root


def _unknown(file: YamlFile, i: int, keys: WaiverKeys, rules: Sequence[RuleInfo]) -> list[OrgauditError]:
    errors = []
    if keys.rule is not None and keys.rule not in (names := {r.rule for r in rules}):
        errors.append(OrgauditError("unknown-waived-rule", did_you_mean(keys.rule, names), file.where((i, "rule"))))
    clauses = {name for r in rules for name in (r.clause or "", *r.norms) if name}
    if keys.clause is not None and keys.clause not in clauses:
        errors.append(
            OrgauditError("unknown-waived-clause", did_you_mean(keys.clause, clauses), file.where((i, "clause")))
        )
    try:
        named_span(keys.period or "2024")
    except ValueError:
        errors.append(OrgauditError("waived-period", {"value": keys.period}, file.where((i, "period"))))
    return errors


def apply_waivers(
    waivers: Sequence[WaiverKeys], findings: Sequence[Finding], as_of: date
) -> tuple[set[int], list[Waiver]]:
    """The positions of the findings that are waived on a day, and what became of each waiver."""
    waived: set[int] = set()
    used = [0] * len(waivers)
    for n, finding in enumerate(findings):
        for i, keys in enumerate(waivers):
            if is_current(keys, as_of) and matches(keys, finding):
                waived.add(n)
                used[i] += 1
    return waived, [_state(keys, used[i], as_of) for i, keys in enumerate(waivers)]


def is_current(keys: WaiverKeys, as_of: date) -> bool:
    """Whether it holds on a day: from its first to its last, both included."""
    return (keys.from_ is None or keys.from_ <= as_of) and as_of <= keys.until


def matches(keys: WaiverKeys, finding: Finding) -> bool:
    """Whether a failure, or what is unknown, is one that a waiver speaks of."""
    rule = finding.rule
    return (
        finding.verdict in (Verdict.FAIL, Verdict.UNKNOWN)
        and keys.rule in (None, rule.rule)
        and (keys.clause is None or keys.clause in (rule.clause, *rule.norms))
        and keys.subject in (None, finding.subject.key)
        and keys.organization in (None, finding.organization)
        and (keys.period is None or _lies_in(finding, keys.period))
    )


def _lies_in(finding: Finding, period: str) -> bool:
    first, last = named_span(period)
    start, end = finding.period.start, finding.period.end
    return start is not None and end is not None and first <= start and end <= last


def _state(keys: WaiverKeys, used: int, as_of: date) -> Waiver:
    if as_of > keys.until:
        state = "expired"
    elif keys.from_ is not None and as_of < keys.from_:
        state = "not_yet"
    elif not used:
        state = "unused"
    else:
        state = "soon" if keys.until - as_of <= SOON else "used"
    return Waiver(
        keys.rule, keys.clause, keys.subject, keys.organization, keys.period, keys.until, keys.justification,
        keys.approver, keys.document, state, used,
    )  # fmt: skip
