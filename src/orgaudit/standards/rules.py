"""Rules as the engine takes them: checked trees, resolved names, no text left to interpret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from orgaudit.errors import Where
from orgaudit.expressions import Group, Node
from orgaudit.periods import Duration
from orgaudit.recordmodel import RecordModel

Text = Mapping[str, str]


@dataclass(frozen=True)
class Parameter:
    """A value by date: the one in force on a day is the last that began on or before it."""

    name: str
    values: tuple[tuple[date, object], ...]
    type: str


@dataclass(frozen=True)
class Reading:
    """A choice where the text leaves a gap."""

    name: str
    use: str
    why: str
    clause: str | None


@dataclass(frozen=True)
class BoundValue:
    """A number, or the parameter that holds it."""

    number: int | float | None = None
    parameter: str | None = None

    def __str__(self) -> str:
        return f"${self.parameter}" if self.parameter else str(self.number)


@dataclass(frozen=True)
class Bound:
    """The lawful state: one operator with its value, or `between` with two."""

    kind: str
    values: tuple[BoundValue, ...]


@dataclass(frozen=True)
class Level:
    """One step of a ladder; one named `ok` passes."""

    name: str
    bound: Bound
    severity: str | None
    title: Text = field(default_factory=dict)


@dataclass(frozen=True)
class Count:
    """How many records of a union of groups."""

    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Require:
    """A condition on the subject."""

    condition: Node


@dataclass(frozen=True)
class ValueOf:
    """The subject's own number or date."""

    value: Node


@dataclass(frozen=True)
class Done:
    """The subject's own act: the date lies in the window."""

    day: Node


@dataclass(frozen=True)
class Consecutive:
    """Runs of periods in which a count keeps a bound."""

    every: str
    count: Count
    bound: Bound


Measure = Count | Require | ValueOf | Done | Consecutive


@dataclass(frozen=True)
class Window:
    """`within`: a duration after a day, or from a day to a day."""

    after: Node | None = None
    duration: Duration | str | None = None  # text: the parameter that holds it
    first: Node | None = None
    last: Node | None = None

    @property
    def anchor(self) -> Node:
        """The day on which the subject must be alive."""
        day = self.after or self.first or self.last
        assert day is not None  # the loader refuses an empty window
        return day


@dataclass(frozen=True)
class Exemption:
    """A named reason for which a check does not apply (excuse), a period drops out (skip) or ends a run (break)."""

    id: str
    clause: str | None
    effect: str
    condition: Node | None = None
    count: Count | None = None
    bound: Bound | None = None
    during: Group | None = None

    @property
    def groups(self) -> tuple[Group, ...]:
        """The records that it looks at: those it counts, or the states that excuse."""
        if self.count is not None:
            return self.count.groups
        return (self.during,) if self.during is not None else ()


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
    breaches_of: str | None
    each: Mapping[str, tuple[object, ...]]
    every: str | None
    window: Window | None
    measure: Measure
    bound: Bound | None
    levels: tuple[Level, ...]
    exemptions: tuple[Exemption, ...]
    in_force: tuple[date, date]
    uses: tuple[str, ...]
    where: Where = field(compare=False)

    @property
    def advisory(self) -> bool:
        """Whether it can never fail a run."""
        return self.modality in ("may", "goal", "fact")


@dataclass(frozen=True)
class Standard:
    """A standard ready to be audited against, with the record model widened by its breaches."""

    id: str
    title: Text
    model: RecordModel
    parameters: Mapping[str, Parameter]
    readings: Mapping[str, Reading]
    groups: Mapping[str, Group]
    numbers: Mapping[str, tuple[str, Count]]
    rules: tuple[Rule, ...]
    sha256: str
    path: str
