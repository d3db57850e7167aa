"""What rules measure, and the bounds they hold it against, as checked trees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from orgaudit.expressions import Group, Node
from orgaudit.periods import Duration


@dataclass(frozen=True)
class BoundValue:
    """A number (perhaps divided by another), a duration, an expression, or the parameter that holds one."""

    number: int | float | None = None
    over: int = 1
    duration: Duration | None = None
    parameter: str | None = None
    node: Node | None = None
    text: str = field(default="", compare=False)  # as it is written

    def __str__(self) -> str:
        if self.parameter:
            return f"${self.parameter}"
        return str(self.duration or (self.number if self.over == 1 else f"{self.number}/{self.over}"))


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
    title: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Measure:
    """What is asked of a subject; `groups` are the records that are looked at, `nodes` the expressions."""

    @property
    def groups(self) -> tuple[Group, ...]:
        """The records that are looked at."""
        return ()

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The expressions over the subject."""
        return ()

    @property
    def takes_bound(self) -> bool:
        """Whether it is held against a bound."""
        return True


@dataclass(frozen=True)
class Grouped(Measure):
    """A measure of the records of a union of groups of one table."""

    of: tuple[Group, ...]

    @property
    def groups(self) -> tuple[Group, ...]:
        """The records that are measured."""
        return self.of

    @property
    def table(self) -> str:
        """Their table."""
        return self.of[0].table


@dataclass(frozen=True)
class Count(Grouped):
    """How many records."""


@dataclass(frozen=True)
class Distinct(Grouped):
    """How many different values of the records."""

    value: Node


@dataclass(frozen=True)
class Total(Grouped):
    """The sum, the least or the greatest of the values of the records."""

    kind: str
    value: Node


@dataclass(frozen=True)
class Share(Grouped):
    """Which part of the records keeps a condition."""

    where: Node


@dataclass(frozen=True)
class Ratio(Measure):
    """One number divided by another."""

    part: Measure
    whole: Measure

    @property
    def groups(self) -> tuple[Group, ...]:
        """The records of both."""
        return (*self.part.groups, *self.whole.groups)


@dataclass(frozen=True)
class ValueOf(Measure):
    """The subject's own number or date."""

    value: Node

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The value."""
        return (self.value,)


@dataclass(frozen=True)
class Require(Measure):
    """A condition on the subject."""

    condition: Node

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The condition."""
        return (self.condition,)

    @property
    def takes_bound(self) -> bool:
        """It is kept or not."""
        return False


@dataclass(frozen=True)
class Done(Measure):
    """The subject's own act: the date lies in the window."""

    day: Node

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The date."""
        return (self.day,)

    @property
    def takes_bound(self) -> bool:
        """It lies in the window or not."""
        return False


@dataclass(frozen=True)
class Attest(Grouped):
    """The question that an authorised person answers: the records of their answers."""

    question: dict[str, str] = field(compare=False)
    answer: str

    @property
    def takes_bound(self) -> bool:
        """It is yes or no."""
        return False


@dataclass(frozen=True)
class Gap(Grouped):
    """The longest time without a record."""

    ends: str


@dataclass(frozen=True)
class Test:
    """A measure with its bound, where a condition is expected."""

    measure: Measure
    bound: Bound


Condition = Node | Test


@dataclass(frozen=True)
class Runs(Measure):
    """The periods, or the events of a group, in which a condition holds: those in a row, or all of them."""

    in_a_row: bool
    over: str | Group
    when: Condition

    @property
    def groups(self) -> tuple[Group, ...]:
        """The events, and the records that the condition looks at."""
        over = (self.over,) if isinstance(self.over, Group) else ()
        return (*over, *(self.when.measure.groups if isinstance(self.when, Test) else ()))


@dataclass(frozen=True)
class Part:
    """One part of `all` or `any`, judged as a rule of its own."""

    id: str
    measure: Measure
    bound: Bound | None
    levels: tuple[Level, ...] = ()


@dataclass(frozen=True)
class Parts(Measure):
    """Several measures: all of them must be kept, or any."""

    every: bool
    parts: tuple[Part, ...]

    @property
    def groups(self) -> tuple[Group, ...]:
        """The records of all parts."""
        return tuple(g for part in self.parts for g in part.measure.groups)

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The expressions of all parts."""
        return tuple(n for part in self.parts for n in part.measure.nodes)

    @property
    def takes_bound(self) -> bool:
        """Its parts do."""
        return False


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

    @property
    def nodes(self) -> Iterator[Node]:
        """Its expressions."""
        yield from (n for n in (self.after, self.first, self.last) if n is not None)
