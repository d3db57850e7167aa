"""The values of the oracle: what a cell can hold, three-valued truth, comparisons, and the calendar.

Besides text, numbers, booleans, dates and tuples of text a value is one of the five specials below.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any


class Special:
    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name

    def __bool__(self) -> bool:
        raise TypeError(f"{self.name} is neither true nor false")


UNKNOWN = Special("UNKNOWN")  # there is a value, nobody told us
NONE = Special("NONE")  # there is none
BEFORE = Special("BEFORE")  # open, at a beginning: earlier than every date
AFTER = Special("AFTER")  # open, at an end: later than every date
NOT_YET = Special("NOT_YET")  # an act that has not happened: later than every date

Value = Any
Truth = Any  # True, False or UNKNOWN


@dataclass(frozen=True)
class Interval:
    """A count under blanks: at least `certain`, at most `possible` (None: no upper end)."""

    certain: int
    possible: int | None

    def numbers(self, beyond: int = 0) -> range:
        """Every number it may be; without an upper end, up to a little more than `beyond`."""
        if self.possible is not None:
            return range(self.certain, self.possible + 1)
        return range(self.certain, max(self.certain, beyond) + 3)


@dataclass(frozen=True)
class Duration:
    n: int
    unit: str  # days, weeks, months, years


# ------------------------------------------------------------------------------------------------ truth


def all_of(truths: Iterable[Truth]) -> Truth:
    found: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is UNKNOWN:
            found = UNKNOWN
    return found


def any_of(truths: Iterable[Truth]) -> Truth:
    found: Truth = False
    for truth in truths:
        if truth is True:
            return True
        if truth is UNKNOWN:
            found = UNKNOWN
    return found


def not_(truth: Truth) -> Truth:
    return UNKNOWN if truth is UNKNOWN else not truth


def as_truth(value: Value) -> Truth:
    """A value where a condition is expected: none is no."""
    if value is NONE:
        return False
    if value is True or value is False or value is UNKNOWN:
        return value
    raise TypeError(f"not a condition: {value!r}")


def truest(a: Truth, b: Truth) -> Truth:
    return any_of([a, b])


# ------------------------------------------------------------------------------------------ comparisons

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def is_datelike(value: Value) -> bool:
    return isinstance(value, date) or value in (BEFORE, AFTER, NOT_YET)


def is_number(value: Value) -> bool:
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def order_key(value: Value) -> Any:
    if value is BEFORE:
        return (-1, 0)
    if value in (AFTER, NOT_YET):
        return (1, 0)
    return (0, value.toordinal())


def compare(op: str, a: Value, b: Value) -> Truth:
    if a is NONE or b is NONE:
        return op == "<>"
    if a is UNKNOWN or b is UNKNOWN:
        return UNKNOWN
    if isinstance(a, Interval) or isinstance(b, Interval):
        return compare_intervals(op, a, b)
    if is_datelike(a) and is_datelike(b):
        return OPERATORS[op](order_key(a), order_key(b))
    if isinstance(a, bool) != isinstance(b, bool):
        raise TypeError(f"cannot compare {a!r} with {b!r}")
    if is_number(a) != is_number(b):  # a value of `each` or of a parameter is text until it meets a number
        a, b = number(a), number(b)
    return OPERATORS[op](a, b)


def compare_intervals(op: str, a: Value, b: Value) -> Truth:
    """True if it holds for everything in the interval, false if for nothing in it."""
    a_top = 0 if isinstance(a, Interval) else int(number(a)) + 1
    b_top = 0 if isinstance(b, Interval) else int(number(b)) + 1
    beyond = max(a_top, b_top, a.certain if isinstance(a, Interval) else 0, b.certain if isinstance(b, Interval) else 0)
    left = a.numbers(beyond) if isinstance(a, Interval) else [number(a)]
    right = b.numbers(beyond) if isinstance(b, Interval) else [number(b)]
    return everywhere(OPERATORS[op](x, y) for x in left for y in right)


def everywhere(results: Iterable[bool]) -> Truth:
    seen = set(results)
    if len(seen) == 1:
        return seen.pop()
    return UNKNOWN


def number(value: Value) -> int | Decimal:
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"-?\d+", value.strip()):
        return int(value)
    if isinstance(value, str) and re.fullmatch(r"-?\d+\.\d+", value.strip()):
        return Decimal(value.strip())
    raise TypeError(f"not a number: {value!r}")


def text_of(value: Value) -> str:
    """How a value stands in an identifier."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


# --------------------------------------------------------------------------------------------- calendar


def add_months(day: date, n: int) -> date:
    """The same day of the later month, rounded down to its last day."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))


def whole_months(a: date, b: date) -> int:
    """The greatest n with n months after a not later than b."""
    n = (b.year - a.year) * 12 + b.month - a.month
    return n if add_months(a, n) <= b else n - 1


def whole_years(a: date, b: date) -> int:
    """The same with years."""
    n = b.year - a.year
    return n if add_months(a, 12 * n) <= b else n - 1


def shift(day: Value, duration: Duration) -> Value:
    if not isinstance(day, date):
        return day  # unknown stays unknown, none none, open open, not yet not yet
    if duration.unit == "days":
        return day + timedelta(days=duration.n)
    if duration.unit == "weeks":
        return day + timedelta(weeks=duration.n)
    return add_months(day, duration.n * (12 if duration.unit == "years" else 1))


@dataclass(frozen=True)
class Period:
    first: date
    last: date
    label: str


def month_end(day: date) -> date:
    return date(day.year, day.month, monthrange(day.year, day.month)[1])


def periods_inside(every: str, first: date, last: date) -> list[Period]:
    """The periods of one kind that lie wholly inside [first, last]."""
    found = []
    if every == "week":
        day = first - timedelta(days=first.weekday())
        while day <= last:
            year, week, _ = day.isocalendar()
            found.append(Period(day, day + timedelta(days=6), f"{year}-W{week:02}"))
            day += timedelta(days=7)
    else:
        months = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}.get(every)
        if months is None:
            match = re.fullmatch(r"(\d+) months?", every)
            if match is None or 12 % int(match.group(1)):
                raise ValueError(f"no such period: {every}")
            months = int(match.group(1))
        for year in range(first.year, last.year + 1):
            for i in range(12 // months):
                start = date(year, i * months + 1, 1)
                end = month_end(add_months(start, months - 1))
                found.append(Period(start, end, period_label(every, start, end, i)))
    return [p for p in found if first <= p.first and p.last <= last]


def period_label(every: str, start: date, end: date, i: int) -> str:
    if every == "month":
        return f"{start:%Y-%m}"
    if every == "quarter":
        return f"{start.year}-Q{i + 1}"
    if every == "half-year":
        return f"{start.year}-H{i + 1}"
    if every == "year":
        return f"{start.year}"
    return f"{start:%Y-%m}..{end:%Y-%m}"
