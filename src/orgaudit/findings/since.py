"""What people decided, and what changed since an audit before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from orgaudit.findings.facts import Subject
from orgaudit.findings.words import Text


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
