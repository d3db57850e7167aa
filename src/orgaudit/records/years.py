"""Months of which only the number is written, and the year in a column of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from orgaudit.expressions import LINE, ROW
from orgaudit.findings import Repair
from orgaudit.records.cellrules import Written
from orgaudit.records.cells import column, quoted

_MONTH, _YEAR = quoted(r"(0?[1-9]|1[0-2])月?"), quoted(r"[1-9]\d{3}年?")
_BEGINS = quoted(r"[1-9]\d{3}\D?\d.*")


def whole_month(month: str, year: str) -> str:
    """The SQL of a month with its year; one that has a year already must have the same, else both are kept and cannot be read."""
    differs = f"regexp_full_match(trim({month}), {_BEGINS}) and left(trim({month}), 4) <> left(trim({year}), 4)"
    return (
        f"case when {_is_split(month, year)} then left(trim({year}), 4) || '-' || rtrim(trim({month}), '月') "
        f"when regexp_full_match(trim({year}), {_YEAR}) and {differs} then trim({year}) || ' / ' || trim({month}) "
        f"else {month} end"
    )


def _is_split(month: str, year: str) -> str:
    return f"(regexp_full_match(trim({month}), {_MONTH}) and regexp_full_match(trim({year}), {_YEAR}))"


def joined(part: Written, split: Mapping[str, tuple[str, str]], headings: Mapping[str, str]) -> Iterator[Repair]:
    """How many months got their year, for each field; `split` has the SQL of month and year over the raw row `r`."""
    for name, (month, year) in split.items():
        rows = f"{column(part.name)} t join {column(part.raw)} r on t.{ROW} = r.rowid + {part.first}"
        count, row, before, after = part.db.load(
            f"select count(*), min(t.{LINE}), arg_min({month}, t.{ROW}), arg_min({whole_month(month, year)}, t.{ROW}) "
            f"from {rows} where t.{ROW} >= {part.first} and {_is_split(month, year)}"
        )[0]
        if count:
            yield Repair(part.file, part.name, headings[name], name, "year", int(count), int(row), before, after)
