"""Calendars of working days: Monday to Friday, or a file that says of each year what is different."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import Field as Key
from pydantic import WithJsonSchema

from orgaudit.consulted import is_there
from orgaudit.errors import OrgauditError, OrgauditErrors, Where, did_you_mean
from orgaudit.periods import Calendar, calendar_of
from orgaudit.recordmodel import Strict, Text, validated
from orgaudit.schemas import DAYS, YEAR
from orgaudit.yamlfile import YamlFile, read_yaml

WEEKDAYS = "weekdays"  #: the calendar that needs no file: Monday to Friday, no holidays
_FIRST, _LAST = 1900, 2200  #: the years that a calendar may have


Days = Annotated[str, WithJsonSchema(DAYS)]
Year = Annotated[str, WithJsonSchema(YEAR)]


class YearKeys(Strict):
    """What is different in one year; `A..B` is every day from A to B."""

    holidays: list[Days] = Key(default_factory=list, description="Days from Monday to Friday that are not worked.")
    working: list[Days] = Key(default_factory=list, description="Days of weekends that are worked.")


class CalendarKeys(Strict):
    """A calendar file."""

    calendar: str = Key(description="The identifier of the calendar.")
    title: Text = Key(default_factory=dict, description="What it is called, in Chinese and English.")
    source: str | None = Key(default=None, description="Where the days come from.")
    years: dict[Year, YearKeys] = Key(
        description="The years, one after the other without a gap; outside them nothing is known."
    )


def find_calendar(name: str, beside: Path, shown: str) -> Calendar:
    """`weekdays`, or the calendar in a file beside the standard; raises OrgauditErrors with all that is wrong in it."""
    if name == WEEKDAYS:
        return Calendar(WEEKDAYS)
    folder = beside.parent
    if not is_there(folder / name):
        near = [WEEKDAYS, *(p.name for p in folder.glob("*.yaml") if p != beside)]
        raise OrgauditError("unknown-calendar", {"name": name, "close": did_you_mean(name, near)["close"]})
    file = read_yaml(folder / name, str(Path(shown).parent / name))
    keys, errors = validated(CalendarKeys, file)
    if keys is None:
        raise OrgauditErrors(errors)
    errors += _errors(keys, file)
    if errors:
        raise OrgauditErrors(errors)
    years = {int(y): (set(_days(k.holidays)), set(_days(k.working))) for y, k in keys.years.items()}
    return calendar_of(keys.calendar, years)


def _errors(keys: CalendarKeys, file: YamlFile) -> Iterator[OrgauditError]:
    wrong = [*_wrong_years(list(keys.years), file)]
    yield from wrong
    for year, told in keys.years.items() if not wrong else ():
        for key, texts in (("holidays", told.holidays), ("working", told.working)):
            for i, text in enumerate(texts):
                yield from _wrong_day(text, int(year), file.where(("years", year, key, i)))
        yield from _both(told, file, ("years", year))


def _wrong_years(years: list[str], file: YamlFile) -> Iterator[OrgauditError]:
    """What is no year, or follows none of the others; at least one is there."""
    known = [y for y in years if y.isascii() and y.isdigit() and _FIRST <= int(y) <= _LAST and len(y) == len("2024")]
    for year in years:
        if year not in known:
            values = {"year": year, "first": _FIRST, "last": _LAST}
            yield OrgauditError("calendar-year", values, file.where(("years", year), key=True))
    late = [y for y in known if y != min(known) and f"{int(y) - 1}" not in known]
    for year in late or ([] if years else [""]):
        path = ("years", year) if year else ("years",)
        yield OrgauditError("calendar-years", {"years": ", ".join(years)}, file.where(path, key=bool(year)))


def _both(told: YearKeys, file: YamlFile, path: tuple[str, str]) -> Iterator[OrgauditError]:
    """A day that is not worked and worked."""
    with suppress(ValueError):  # what is no day is told as such
        holidays = set(_days(told.holidays))
        for i, text in enumerate(told.working):
            both = [day for day in _days([text]) if day in holidays]
            if both:
                yield OrgauditError("calendar-both", {"day": both[0]}, file.where((*path, "working", i)))


def _wrong_day(text: str, year: int, where: Where) -> Iterator[OrgauditError]:
    try:
        days = list(_days([text]))
    except ValueError:
        yield OrgauditError("wrong-date", {"value": text}, where)
        return
    if not days or any(d.year != year for d in days):
        yield OrgauditError("calendar-day", {"value": text, "year": year}, where)


def _days(texts: list[str]) -> Iterator[date]:
    for text in texts:
        first, _, last = text.partition("..")
        day, end = date.fromisoformat(first), date.fromisoformat(last or first)
        while day <= end:
            yield day
            day += timedelta(days=1)
