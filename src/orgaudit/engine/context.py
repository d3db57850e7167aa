"""What every part of the engine needs of one audit: the standard, the facts of the submission, names and their values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from orgaudit import sql as q
from orgaudit.expressions import Joins, Meanings, Row
from orgaudit.periods import Duration, parse_duration
from orgaudit.recordmodel import RecordModel
from orgaudit.records import Facts
from orgaudit.standards import Bound, BoundValue, Standard
from orgaudit.workdb import WorkDb


@dataclass
class Context:
    """One standard against one submission."""

    db: WorkDb
    standard: Standard
    facts: Facts
    tables: set[str] = field(default_factory=set)

    @property
    def model(self) -> RecordModel:
        """The record model, with the standard's breaches."""
        return self.standard.model

    def parameter(self, name: str, day: q.Sql) -> list[q.Sql]:
        """The value of a parameter (or reading) on a day; several where it is a list."""
        if name in self.standard.readings:
            return [q.lit(self.standard.readings[name].use)]
        values = self.standard.parameters[name].values
        if isinstance(values[0][1], tuple):
            return [q.lit(v) for v in self.listed(name)]
        if len(values) == 1:
            return [q.lit(values[0][1])]
        later = [(q.op(day, ">=", q.lit(d)), q.lit(v)) for d, v in reversed(values[1:])]
        return [q.case([(q.is_null(day), q.NULL), *later], q.lit(values[0][1]))]

    def listed(self, name: str) -> tuple[object, ...]:
        """The list that a parameter holds on the first day of the audited period."""
        values = [v for d, v in self.standard.parameters[name].values if d <= self.facts.first]
        found = values[-1] if values else self.standard.parameters[name].values[0][1]
        return found if isinstance(found, tuple) else (found,)

    def durations(self, name: str) -> list[tuple[q.Sql, Duration]]:
        """(first day in force, duration) of a parameter that holds a duration, the latest first."""
        values = reversed(self.standard.parameters[name].values)
        return [(q.lit(d), parsed) for d, v in values if (parsed := parse_duration(str(v))) is not None]

    def bound_value(self, value: BoundValue, day: q.Sql) -> q.Sql:
        """A bound's number as SQL."""
        return self.parameter(value.parameter, day)[0] if value.parameter else q.lit(value.number)

    def bound_number(self, value: BoundValue) -> float:
        """A bound's number on the first day of the audited period."""
        if value.parameter is None:
            return value.number or 0
        return float(str(self.listed(value.parameter)[0]))

    def meanings(self, frame: Frame, joins: Joins, row: Row) -> Meanings:
        """What names stand for in a select over this frame, with `row` at hand."""
        subject = Row(joins, frame.subject, frame.table)
        specials = {"as_of": q.lit(self.facts.as_of), **frame.specials}
        return Meanings(
            {"": row, "subject": subject},
            self.standard.groups,
            specials,
            frame.each,
            lambda name: self.parameter(name, frame.day),
        )


@dataclass(frozen=True)
class Frame:
    """What the names of a rule stand for in a select: its subject, period, window and values.

    `subject` is the alias of the subject's row; the other members are SQL of whatever alias they come from. `periods`
    names the table of periods where there is one, `p` is the index in it; `moved` says that the window is not the period.
    """

    table: str
    subject: str
    first: q.Sql
    last: q.Sql
    state_day: q.Sql
    day: q.Sql
    owner: q.Sql
    specials: Mapping[str, q.Sql] = field(default_factory=dict)
    each: Mapping[str, q.Sql] = field(default_factory=dict)
    periods: str | None = None
    p: q.Sql | None = None
    moved: bool = False
    of_events: bool = False

    @property
    def is_period(self) -> bool:
        """Whether the window is a period inside the audited one."""
        return self.periods is not None and not self.moved

    @property
    def is_whole_time(self) -> bool:
        """Whether the window is everything until the audit's day."""
        return self.periods is None and not self.moved

    @property
    def is_static(self) -> bool:
        """Whether window and state day are the same for every subject."""
        return self.is_whole_time and not self.of_events

    def in_slots(self) -> Frame:
        """The same with the period that a record falls into as the window."""
        first, last = q.col("p", "start"), q.col("p", "end")
        specials = {"period_start": first, "period_end": last}
        return replace(self, first=first, last=last, state_day=last, day=first, specials=specials, p=q.col("p", "p"))

    def at_period(self, first: q.Sql, last: q.Sql) -> Frame:
        """The same for one period."""
        specials = {"period_start": first, "period_end": last}
        return replace(self, first=first, last=last, state_day=last, day=first, specials=specials)

    def timeless(self) -> Frame:
        """The same with all time as its window: for what is asked of a subject, not of a period."""
        return replace(self, periods=None, p=None, moved=False)

    def for_number(self, table: str, bare: Frame | None = None) -> Frame:
        """The frame in which a number of each record of a table is counted (or, with `bare`, judged for completeness)."""
        source = bare or replace(
            self, first=q.col("k", "first"), last=q.col("k", "last"), state_day=q.col("k", "state_day")
        )
        return replace(source, table=table, subject="s", specials={}, each={}, day=source.first)


OPERATORS = {"at_least": ">=", "at_most": "<=", "more_than": ">", "less_than": "<", "exactly": "="}


def lawful(bound: Bound) -> list[str]:
    """The comparisons that a bound stands for, one for each of its values."""
    return [">=", "<="] if bound.kind == "between" else [OPERATORS[bound.kind]]
