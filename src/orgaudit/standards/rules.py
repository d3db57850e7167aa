"""Rules as the engine takes them: checked trees, resolved names, no text left to interpret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from orgaudit.errors import Where
from orgaudit.expressions import Group, Node
from orgaudit.periods import Calendar
from orgaudit.recordmodel import RecordModel
from orgaudit.standards.measures import Bound, Condition, Level, Measure, Test, Window

Text = Mapping[str, str]


@dataclass(frozen=True)
class Parameter:
    """A value by date: the one in force on a day is the last that began on or before it."""

    name: str
    values: tuple[tuple[date, object], ...]
    type: str

    @property
    def ever(self) -> tuple[object, ...]:
        """All that it holds at any time, the items of lists."""
        return tuple(i for _, v in self.values for i in (v if isinstance(v, tuple) else (v,)))


@dataclass(frozen=True)
class Reading:
    """A choice where the text leaves a gap."""

    name: str
    use: str
    why: str
    clause: str | None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """What a tailored standard says differently of a rule, a parameter or a reading of another, and why."""

    kind: str
    name: str
    new: Mapping[str, object]
    why: str
    by: str


@dataclass(frozen=True)
class Source:
    """Where the norms come from."""

    document: str
    published_on: str | None
    title: Text


@dataclass(frozen=True)
class Number:
    """A defined number (date, truth) of each record of a table."""

    table: str
    measure: Measure
    type: str


@dataclass(frozen=True)
class Season:
    """A part of every year, from a (month, day) to a (month, day), both included; it may run over the new year."""

    first: tuple[int, int]
    last: tuple[int, int]

    @property
    def over_new_year(self) -> bool:
        """Whether it ends in the year after the one it begins in."""
        return self.last < self.first


@dataclass(frozen=True)
class Exemption:
    """A named reason for which a check does not apply or has another bound, or a period drops out or ends a run."""

    id: str
    clause: str | None
    effect: str | Bound  # excuse, skip, break, or the bound that stands instead
    when: Condition | None = None
    during: Group | Season | None = None
    whole: bool = False  # during all of the window
    reading: str | None = None  # the one that chose the effect

    @property
    def groups(self) -> tuple[Group, ...]:
        """The records that it looks at: those it counts, or the states that excuse."""
        if isinstance(self.when, Test):
            return self.when.measure.groups
        return (self.during,) if isinstance(self.during, Group) else ()


@dataclass(frozen=True)
class EachOf:
    """What `each` goes through: listed values, the records of a group, or the values found in one."""

    type: str
    values: tuple[object, ...] = ()
    parameter: str | None = None
    group: Group | None = None
    value: Node | None = None

    @property
    def table(self) -> str | None:
        """The table of the records, where it goes through records."""
        return self.group.table if self.group is not None and self.value is None else None


@dataclass(frozen=True)
class Rule:
    """One rule of one standard."""

    standard: str
    id: str
    clause: str | None
    quote: str | None
    norms: tuple[str, ...]
    title: Text
    remedy: Text
    modality: str
    severity: str
    subject: Group
    breaches_of: tuple[str, ...]
    each: Mapping[str, EachOf]
    every: str | None
    step: str | None
    alive: str
    window: Window | None
    measure: Measure
    bound: Bound | None
    levels: tuple[Level, ...]
    exemptions: tuple[Exemption, ...]
    in_force: tuple[date, date]
    uses: tuple[str, ...]
    tailored: tuple[str, ...]
    where: Where = field(compare=False)
    part: str | None = None
    matter: str | None = None

    @property
    def advisory(self) -> bool:
        """Whether it can never fail a run."""
        return self.modality in ("may", "goal", "fact")

    @property
    def is_figure(self) -> bool:
        """Whether it only says how much there is: no bound, no verdict."""
        return self.measure.takes_bound and self.bound is None and not self.levels


@dataclass(frozen=True)
class Standard:
    """A standard ready to be audited against, with the record model widened by its breaches."""

    id: str
    title: Text
    model: RecordModel
    parameters: Mapping[str, Parameter]
    readings: Mapping[str, Reading]
    groups: Mapping[str, Group]
    numbers: Mapping[str, Number]
    calendar: Calendar | None
    rules: tuple[Rule, ...]
    sha256: str
    path: str
    source: Source | None = None
    in_force: tuple[date, date] | None = None
    changes: tuple[Change, ...] = ()
    left_out: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # rules that do not stand: their readings
