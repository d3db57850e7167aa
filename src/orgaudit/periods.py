"""Calendar knowledge: months, periods, durations. No clock in here; the only home of dateutil."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

SINCE_EVER = date(1, 1, 1)  #: stands for a lifetime without a beginning
NO_END = date(9999, 1, 1)  #: stands for "until further notice" and for an act not done yet; later than every real date

_NAMED = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
_EVERY = re.compile(r"(\d+) months\Z")
_DURATION = re.compile(r"(\d+) (day|working day|week|month|year)s?\Z")


@dataclass(frozen=True, order=True)
class Period:
    """A stretch of days, both ends included, with the label people call it by."""

    start: date
    end: date
    label: str


@dataclass(frozen=True)
class Duration:
    """`count` days, working days or months; weeks and years are turned into these."""

    count: int
    unit: str  # "days", "working days" or "months"

    def __str__(self) -> str:
        return f"{self.count} {self.unit}"


def parse_duration(text: str) -> Duration | None:
    """`30 days`, `6 weeks`, `3 months`, `2 years`; None if the text is no duration."""
    match = _DURATION.match(text.strip())
    if not match:
        return None
    count, unit = int(match[1]), match[2]
    return {
        "day": Duration(count, "days"),
        "working day": Duration(count, "working days"),
        "week": Duration(7 * count, "days"),
        "month": Duration(count, "months"),
        "year": Duration(12 * count, "months"),
    }[unit]


@dataclass(frozen=True)
class Calendar:
    """Which days are worked: those listed, from the first day known to the last; without a list Monday to Friday, ever."""

    name: str
    first: date | None = None
    last: date | None = None
    worked: tuple[date, ...] = ()

    @property
    def counts(self) -> list[int]:
        """For each day known, how many working days there are up to it."""
        assert self.first is not None and self.last is not None  # asked of calendars with a list
        worked, found, count = set(self.worked), [], 0
        for i in range((self.last - self.first).days + 1):
            count += self.first + timedelta(days=i) in worked
            found.append(count)
        return found


def calendar_of(name: str, years: Mapping[int, tuple[Collection[date], Collection[date]]]) -> Calendar:
    """The calendar of years that follow one another: Monday to Friday without holidays, and weekends that are worked."""
    first, last = date(min(years), 1, 1), date(max(years), 12, 31)
    days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    worked = tuple(d for d in days if d in years[d.year][1] or (d.weekday() < 5 and d not in years[d.year][0]))
    return Calendar(name, first, last, worked)


def span_of(start: date, end: date) -> Period:
    """The stretch from start to end, labelled by its two days."""
    return Period(start, end, f"{start}..{end}")


def month_index(day: date) -> int:
    """12 × year + month, counted from 0 in January of year 0."""
    return 12 * day.year + day.month - 1


def add_months(day: date, count: int) -> date:
    """The same day `count` months later, rounded down to the month's end."""
    return day + relativedelta(months=count)


def last_day(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def months_of(every: str) -> int | None:
    """How many months a period of this name has; None for weeks; raises ValueError for what is no period."""
    if every == "week":
        return None
    match = _EVERY.match(every)
    months = _NAMED.get(every) or (int(match[1]) if match else 0)
    if months < 1 or 12 % months:
        raise ValueError(every)
    return months


def length_of(every: str) -> int | None:
    """How many months a sliding window of this name has, any number of them; None for weeks; ValueError for anything else."""
    match = _EVERY.match(every)
    return int(match[1]) if match and int(match[1]) else months_of(every)


def periods_within(start: date, end: date, every: str, step: str | None = None) -> list[Period]:
    """The periods of this name that lie wholly inside [start, end], in order; with a `step` one begins at each of its periods."""
    if step is None:
        months = months_of(every)
        return _weeks(start, end) if months is None else _months(start, end, months)
    begins = [p.start for p in periods_within(start, end, step)]
    windows = [_sliding(first, length_of(every)) for first in begins]
    return [w for w in windows if w.end <= end]


def _sliding(first: date, months: int | None) -> Period:
    last = first + timedelta(days=6) if months is None else add_months(first, months) - timedelta(days=1)
    return Period(
        first, last, f"{first}..{last}" if first.day > 1 or months is None else f"{first:%Y-%m}..{last:%Y-%m}"
    )


def _weeks(start: date, end: date) -> list[Period]:
    monday = start + timedelta(days=-start.weekday() % 7)
    found = []
    while monday + timedelta(days=6) <= end:
        year, week, _ = monday.isocalendar()
        found.append(Period(monday, monday + timedelta(days=6), f"{year}-W{week:02}"))
        monday += timedelta(days=7)
    return found


def _months(start: date, end: date, months: int) -> list[Period]:
    index = month_index(start) if start.day == 1 else month_index(start) + 1
    index += -index % months
    found: list[Period] = []
    while True:
        first = date(index // 12, index % 12 + 1, 1)
        last = last_day((index + months - 1) // 12, (index + months - 1) % 12 + 1)
        if last > end:
            return found
        found.append(Period(first, last, _label(first, last, months)))
        index += months


def _label(first: date, last: date, months: int) -> str:
    part = (first.month - 1) // months + 1
    labels = {1: f"{first:%Y-%m}", 3: f"{first.year}-Q{part}", 6: f"{first.year}-H{part}", 12: f"{first.year}"}
    return labels.get(months, f"{first:%Y-%m}..{last:%Y-%m}")


def named_span(text: str) -> tuple[date, date]:
    """The first and last day of `2024`, `2024-H1`, `2024-Q1`, `2024-03` or `2024-01-01..2024-06-30`; ValueError for others."""
    if ".." in text:
        first, _, last = text.partition("..")
        return date.fromisoformat(first), date.fromisoformat(last)
    year = int(text[:4])
    named = (
        p
        for kind in ("year", "half-year", "quarter", "month")
        for p in periods_within(date(year, 1, 1), date(year, 12, 31), kind)
    )
    found = next((p for p in named if p.label == text), None)
    if found is None:
        raise ValueError(text)
    return found.start, found.end


def end_of_last_complete_month(today: date) -> date:
    """The day before the first of today's month."""
    return today.replace(day=1) - timedelta(days=1)
