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
from fractions import Fraction
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
    """What a measure may come to under blanks: from `least` to `most` (None: no end)."""

    least: Value
    most: Value
    nothing: Truth = False  # UNKNOWN: it may find nothing at all (what certainly finds nothing is NONE)
    whole: bool = True  # only whole numbers are meant


@dataclass(frozen=True)
class Duration:
    n: int
    unit: str  # days, working days, weeks, months, years


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


def is_blank(x: Value) -> bool:
    """What stands for no value of its own: none, open, not yet."""
    return x is NONE or x is BEFORE or x is AFTER or x is NOT_YET


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
    return isinstance(value, (int, Decimal, Fraction)) and not isinstance(value, bool)


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
        return compare_intervals(op, as_interval(a), as_interval(b))
    return compare_known(op, a, b)


def compare_known(op: str, a: Value, b: Value) -> bool:
    if is_datelike(a) and is_datelike(b):
        return OPERATORS[op](order_key(a), order_key(b))
    if isinstance(a, bool) != isinstance(b, bool):
        raise TypeError(f"cannot compare {a!r} with {b!r}")
    if is_number(a) != is_number(b):  # a value of `each` or of a parameter is text until it meets a number
        a, b = number(a), number(b)
    return OPERATORS[op](a, b)


def as_interval(x: Value) -> Interval:
    if isinstance(x, Interval):
        return x
    if isinstance(x, str):
        x = number(x)
    return Interval(x, x, whole=isinstance(x, int))


def compare_intervals(op: str, a: Interval, b: Interval) -> Truth:
    """True if it holds for everything in the two, false if for nothing; what may be nothing may equal nothing."""
    truth = compare_ends(op, a, b)
    may_be_nothing = a.nothing is UNKNOWN or b.nothing is UNKNOWN
    return truth if not may_be_nothing or truth is (op == "<>") else UNKNOWN


def compare_ends(op: str, a: Interval, b: Interval) -> Truth:
    if op in (">", ">="):
        return compare_ends({">": "<", ">=": "<="}[op], b, a)
    if op in ("<", "<="):
        if surely(op, a.most, b.least):
            return True
        return False if surely({"<": "<=", "<=": "<"}[op], b.most, a.least) else UNKNOWN
    if surely("<", a.most, b.least) or surely("<", b.most, a.least):
        equal: Truth = False
    else:
        equal = True if surely("=", a.least, b.most) and surely("=", a.most, b.least) else UNKNOWN
    return equal if op == "=" else not_(equal)


def surely(op: str, a: Value, b: Value) -> bool:
    """Between two ends: never, where one of them is missing."""
    return a is not None and b is not None and compare_known(op, a, b)


def number(value: Value) -> int | Decimal | Fraction:
    if is_number(value):
        return value  # type: ignore[no-any-return]
    text = value.strip() if isinstance(value, str) else ""
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    if re.fullmatch(r"-?\d+\.\d+", text):
        return Decimal(text)
    if match := re.fullmatch(r"(\d+(?:\.\d+)?)\s*%", text):
        return Fraction(match.group(1)) / 100
    if match := re.fullmatch(r"(\d+)\s*/\s*(\d+)", text):
        return Fraction(int(match.group(1)), int(match.group(2)))
    raise TypeError(f"not a number: {value!r}")


def add(a: Value, b: Value) -> Value:
    """The sum of two numbers or intervals; an end that is missing stays missing."""
    if not isinstance(a, Interval) and not isinstance(b, Interval):
        return plus(number(a), number(b))
    a, b = as_interval(a), as_interval(b)
    return Interval(plus(a.least, b.least), plus(a.most, b.most), both_there(a, b), a.whole and b.whole)


def times(a: Value, b: Value) -> Value:
    """The product of two numbers, or of an interval and a number."""
    if isinstance(b, Interval):
        a, b = b, a
    factor = number(b)
    if not isinstance(a, Interval):
        return exact(a) * exact(factor)
    ends = [None if end is None else exact(end) * exact(factor) for end in (a.least, a.most)]
    least, most = ends if factor >= 0 else ends[::-1]
    return Interval(least, most, a.nothing, a.whole and isinstance(factor, int))


def plus(a: Value, b: Value) -> Value:
    return None if a is None or b is None else exact(a) + exact(b)


def both_there(a: Interval, b: Interval) -> Truth:
    return UNKNOWN if a.nothing is UNKNOWN or b.nothing is UNKNOWN else False


def exact(x: Value) -> int | Fraction:
    """A number without rounding."""
    n = number(x)
    return n if isinstance(n, int) else Fraction(n)


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


@dataclass(frozen=True)
class Calendar:
    """Which days are working days: Monday to Friday, but for the days off and on; nothing is known of other years."""

    years: frozenset[int] | None = None
    off: frozenset[date] = frozenset()
    on: frozenset[date] = frozenset()

    def works(self, day: date) -> Truth:
        if self.years is not None and day.year not in self.years:
            return UNKNOWN
        return day in self.on or (day.weekday() < 5 and day not in self.off)


def working_days(calendar: Calendar, a: date, b: date) -> Value:
    """The working days after a up to b; negative if b is before a."""
    if b < a:
        back = working_days(calendar, b, a)
        return back if back is UNKNOWN else -back
    truths = [calendar.works(a + timedelta(days=i)) for i in range(1, (b - a).days + 1)]
    return UNKNOWN if UNKNOWN in truths else sum(truths)


def nth_working_day(calendar: Calendar, day: date, n: int) -> Value:
    while n > 0:
        day += timedelta(days=1)
        works = calendar.works(day)
        if works is UNKNOWN:
            return UNKNOWN
        n -= works
    return day


def shift(day: Value, duration: Duration, calendar: Calendar | None = None) -> Value:
    if not isinstance(day, date):
        return day  # unknown stays unknown, none none, open open, not yet not yet
    if duration.unit == "days":
        return day + timedelta(days=duration.n)
    if duration.unit == "weeks":
        return day + timedelta(weeks=duration.n)
    if duration.unit == "working days":
        return nth_working_day(calendar or Calendar(), day, duration.n)
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


def months_in(every: str) -> int:
    named = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
    return named[every] if every in named else int(every.split()[0])


def sliding(every: str, step: str, first: date, last: date) -> list[Period]:
    """Windows as long as `every`, one beginning wherever a period of the step begins, wholly inside [first, last]."""
    far = date(last.year + 1, 12, 31)
    starts = [p.first for p in periods_inside(step, date(first.year, 1, 1) - timedelta(days=7), far)]
    found = []
    for start in starts:
        end = add_months(start, months_in(every)) - timedelta(days=1)
        written = "%Y-%m-%d" if step == "week" else "%Y-%m"
        if first <= start and end <= last:
            found.append(Period(start, end, f"{start:{written}}..{end:{written}}"))
    return found


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
