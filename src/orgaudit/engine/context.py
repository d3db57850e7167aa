"""What every part of the engine needs of one audit: the standard, the facts of the submission, names and their values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from math import lcm

from orgaudit import sql as q
from orgaudit.expressions import AUDIT, Interval, Joins, Meanings, Node, Row, fraction, point
from orgaudit.periods import Duration, parse_duration
from orgaudit.recordmodel import RecordModel
from orgaudit.records import Facts
from orgaudit.standards import BoundValue, Parameter, Standard, fraction_of
from orgaudit.workdb import WorkDb

#: the number of the one row that stands for the whole audit
AUDIT_ROW = 1
#: the interval of a defined number of a row, in the window of the rule that uses it
NumberOf = Callable[["Context", "Frame", str, Row], Interval]


#: the value of an expression over the subject
Speak = Callable[[Node], Interval]


@dataclass
class Context:
    """One standard against one submission; `place` tells apart the standards of one audit."""

    db: WorkDb
    standard: Standard
    facts: Facts
    number_of: NumberOf
    place: int = 0
    #: by table of checks the columns that are the same for each of them: what is certain need not be asked
    certain: dict[str, dict[str, q.Sql]] = field(default_factory=dict)

    @property
    def model(self) -> RecordModel:
        """The record model, with the standard's breaches."""
        return self.standard.model

    # -- parameters

    def parameter(self, name: str, day: q.Sql) -> list[q.Sql]:
        """The value of a parameter (or reading) on a day; several where it is a list."""
        if name in self.standard.readings:
            return [q.lit(self.standard.readings[name].use)]
        parameter = self.standard.parameters[name]
        if isinstance(parameter.values[0][1], tuple):
            return [q.lit(v) for v in self.listed(name)]
        return [self.on(day, [(d, q.lit(v)) for d, v in parameter.values])]

    def listed(self, name: str) -> tuple[object, ...]:
        """The list that a parameter holds on the first day of the audited period."""
        found = self.in_force(self.standard.parameters[name])
        return found if isinstance(found, tuple) else (found,)

    def in_force(self, parameter: Parameter) -> object:
        """The value on the first day of the audited period."""
        before = [v for d, v in parameter.values if d <= self.facts.first]
        return before[-1] if before else parameter.values[0][1]

    def durations(self, duration: Duration | str) -> list[tuple[date, Duration]]:
        """(first day in force, duration), in order; a parameter may hold several."""
        if isinstance(duration, Duration):
            return [(date.min, duration)]
        values = self.standard.parameters[duration].values
        return [(d, parsed) for d, v in values if (parsed := parse_duration(str(v))) is not None]

    def moved(self, day: q.Sql, duration: Duration | str, on: q.Sql) -> q.Sql:
        """A day moved by a duration; by the one in force `on` a day, where a parameter holds it."""
        return self.on(on, [(d, self._later(day, each)) for d, each in self.durations(duration)])

    def _later(self, day: q.Sql, duration: Duration) -> q.Sql:
        function = {"days": "oa_add_days", "months": "oa_add_months"}.get(duration.unit)
        return q.call(function or f"oa_add_working_days_{self.place}", day, q.lit(duration.count))

    def on(self, day: q.Sql, values: list[tuple[date, q.Sql]]) -> q.Sql:
        """The value in force on a day: the last that began on or before it, else the first; NULL on an unknown day."""
        if len(values) == 1:
            return values[0][1]
        later = [(q.op(day, ">=", q.lit(d)), v) for d, v in reversed(values[1:])]
        return q.case([(q.is_null(day), q.NULL), *later], values[0][1])

    # -- bounds

    def bound_value(self, value: BoundValue, day: q.Sql, speak: Speak | None = None) -> Interval:
        """What a bound says, as an interval: defined numbers in it may be left open by blanks."""
        if value.node is not None:
            assert speak is not None  # expressions stand where a subject is at hand
            return speak(value.node)
        if value.parameter is None:
            return fraction(q.lit(value.number), None if value.over == 1 else q.lit(value.over))
        parameter = self.standard.parameters[value.parameter]
        if parameter.type != "ratio":
            return point(self.parameter(value.parameter, day)[0])
        fractions = [(d, fraction_of(str(v)) or Fraction(0)) for d, v in parameter.values]
        under = lcm(*(f.denominator for _, f in fractions))
        return fraction(self.on(day, [(d, q.lit(int(f * under))) for d, f in fractions]), q.lit(under))

    def bound_number(self, value: BoundValue) -> Fraction:
        """A bound's number on the first day of the audited period."""
        if value.parameter is None:
            return Fraction(str(value.number or 0)) / value.over
        found = self.in_force(self.standard.parameters[value.parameter])
        return fraction_of(str(found)) or Fraction(str(found))

    # -- names

    def joins(self, prefix: str = "r") -> Joins:
        """The joins of a new select."""
        return Joins(self.model, self.facts.cells, prefix)

    def meanings(self, frame: Frame, joins: Joins, row: Row) -> Meanings:
        """What names stand for in a select over this frame, with `row` at hand; a defined number brings a join of its own."""
        rows = {
            "": row,
            "subject": Row(joins, frame.subject, frame.table, is_there=True),
            AUDIT: Row(joins, AUDIT, AUDIT),
        }
        rows |= {f"each {name}": self._each_row(joins, frame, name, table) for name, table in frame.each_of.items()}
        if frame.event is not None:
            rows["event"] = Row(joins, *frame.event)
        return Meanings(
            rows,
            self.standard.groups,
            {"as_of": q.lit(self.facts.as_of), **frame.specials},
            frame.each,
            lambda name: self.parameter(name, frame.day),
            lambda name, of: self.number_of(self, frame, name, of),
            functions={"working_days": f"oa_working_days_{self.place}"},
        )

    def _each_row(self, joins: Joins, frame: Frame, name: str, table: str) -> Row:
        """The record that a value of each is the key of."""
        alias = f"each {name}"
        if ("", alias) not in joins.made:
            joins.made["", alias] = alias
            key = q.cast(q.col(alias, self.model.key_of(table)), "text")
            joins.trees.append(
                q.join(q.table(table, alias), q.op(key, "=", q.cast(frame.each[name], "text")), left=True)
            )
        return Row(joins, alias, table)


@dataclass(frozen=True)
class Frame:
    """What the names of a rule stand for in a select: its subject, period, window and values.

    `subject` is the alias of the subject's row; the other members are SQL of whatever alias they come from. `periods`
    names the table of periods where there is one, `p` is the index in it; `moved` says that the window is not the period.
    `event` is the alias and table of an event to which records must belong.
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
    each_of: Mapping[str, str] = field(default_factory=dict)
    periods: str | None = None
    p: q.Sql | None = None
    moved: bool = False
    walked: bool = False  # a period of a run, which may begin before the audited period
    of_events: bool = False
    event: tuple[str, str] | None = None
    checks: str | None = None  # the table that `k` is, where each of its rows has a window of its own

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

    def in_slots(self, periods: str) -> Frame:
        """The same with the period that a record falls into as the window."""
        first, last = q.col("p", "start"), q.col("p", "end")
        return replace(self.at_period(first, last), periods=periods, p=q.col("p", "p"))

    def at_period(self, first: q.Sql, last: q.Sql) -> Frame:
        """The same for one period."""
        specials = {"period_start": first, "period_end": last}
        return replace(self, first=first, last=last, state_day=last, day=first, specials=specials)

    def timeless(self) -> Frame:
        """The same with all time as its window: for what is asked of a subject, not of a period."""
        return replace(self, periods=None, p=None, moved=False)

    def within(self, first: q.Sql, last: q.Sql, checks: str) -> Frame:
        """The same with a window of its own for each row of a table."""
        return replace(self.at_period(first, last), moved=True, checks=checks)
