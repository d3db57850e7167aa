"""What a finding speaks of: a rule, whom it is about, when, and the records and blanks that it rests on.

A large audit makes half a million of the small ones: they are tuples, which are made and compared quickest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from orgaudit.findings.words import Text


class Subject(NamedTuple):
    """Who or what a finding is about."""

    table: str
    key: str
    name: str | None


class Stretch(NamedTuple):
    """The period of a finding, both days included; a day that is not known is None."""

    label: str
    start: date | None
    end: date | None


class Evidence(NamedTuple):
    """A record that a finding rests on: where it stands and what it shows (counted, blank, not_counted, subject)."""

    table: str
    key: str
    file: str | None
    row: int | None
    shows: str


class Blank(NamedTuple):
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
