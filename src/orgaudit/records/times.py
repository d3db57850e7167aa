"""Records about a time: the first and the last day of the year, half-year, quarter or month they speak of."""

from __future__ import annotations

from orgaudit import sql as q
from orgaudit.expressions import Joins, Row
from orgaudit.recordmodel import FIRST_DAY, LAST_DAY, RecordModel
from orgaudit.records.cells import YEARS, column
from orgaudit.workdb import WorkDb


def fill_times(db: WorkDb, model: RecordModel, name: str) -> None:
    """Fills the two days of every record of a table about a time; NULL where the time is unknown or there is no such."""
    if model.tables[name].about is not None:
        first, last = _span(Row(Joins(model), "t", name))
        db.change(name, f"update {column(name)} t set {FIRST_DAY} = {q.text(first)}, {LAST_DAY} = {q.text(last)}")


def _span(row: Row) -> tuple[q.Sql, q.Sql]:
    about = row.joins.model.tables[row.table].about
    assert about is not None  # asked by the caller
    if about.year is None:
        month = row.value(str(about.month)).sql
        return month, q.call("oa_month_end", q.call("oa_month_index", month))
    year = row.value(about.year).sql
    days = _days(year, q.lit(1), 12)
    if about.part is not None:
        name, months = about.part
        part = row.value(name)
        of_part = [_within(part.sql, 1, 12 // months, day) for day in _days(year, part.sql, months)]
        days = [q.case([(part.none, whole)], day) for whole, day in zip(days, of_part, strict=True)]
    first, last = (_within(year, *YEARS, day) for day in days)
    return first, last


def _days(year: q.Sql, part: q.Sql, months: int) -> list[q.Sql]:
    """First and last day of a part of a year that has so many months."""
    end = q.op(part, "*", q.lit(months))
    first = q.call("oa_date", year, q.op(end, "-", q.lit(months - 1)), q.lit(1))
    return [first, q.call("oa_month_end", q.op(q.op(q.op(year, "*", q.lit(12)), "+", end), "-", q.lit(1)))]


def _within(value: q.Sql, first: int, last: int, day: q.Sql) -> q.Sql:
    fits = q.and_([q.op(value, ">=", q.lit(first)), q.op(value, "<=", q.lit(last))])
    return q.case([(fits, day)], q.cast(q.NULL, "date"))
