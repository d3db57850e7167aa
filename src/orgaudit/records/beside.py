"""The month beside a name: what of a day or month a list gives, and what stands in brackets after a name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from orgaudit.expressions import ROW, UNKNOWN_BITS
from orgaudit.recordmodel import NAME_MONTH, Field, Table, even
from orgaudit.records.cellrules import Written
from orgaudit.records.cells import column, typed
from orgaudit.records.repairs import fixed_text
from orgaudit.workdb import WorkDb

_MONTH = Field(name="month", type="yearmonth")
_BRACKETS = re.compile(r"([^()]+)\(([^()]+)\)")


def months_read(db: WorkDb, texts: Iterable[str]) -> dict[str, date]:
    """The month of each text that says one, in any form in which a cell may hold a month, or a day."""
    plain = [(t, fixed[0] if (fixed := fixed_text(_MONTH, t)) else t) for t in dict.fromkeys(texts)]
    if not plain:
        return {}
    db.fill("months", {"text": "varchar", "plain": "varchar"}, plain)
    found = db.load(
        f"select text, month from (select text, {typed(_MONTH, 'plain')} as month from months) where month is not null"
    )
    db.drop("months")
    return dict(found)


def names_beside(db: WorkDb, texts: Iterable[str]) -> dict[str, tuple[str, date]]:
    """The name and the month of each text that has a month in brackets after a name: `张三（1980.02）`."""
    parted = {text: m for text in texts if (m := _BRACKETS.fullmatch(even(text).strip()))}
    months = months_read(db, (m[2] for m in parted.values()))
    return {text: (m[1], months[m[2]]) for text, m in parted.items() if m[2] in months}


def bare_name(text: str) -> str:
    """A name without what stands in brackets after it."""
    parted = _BRACKETS.fullmatch(even(text).strip())
    return parted[1].strip() if parted else text


def month_of(table: Table) -> str:
    """SQL: the month beside the name of a row; NULL where it is not known."""
    if table.names_with is None:
        return "null"
    return f"coalesce(cast(date_trunc('month', {column(table.names_with)}) as date), {NAME_MONTH})"


def keep_months(part: Written, texts: Mapping[str, str]) -> None:
    """Keeps the month beside a name where a cell has no more, and a day is asked for: the cell itself cannot be read.

    `texts` has for each field the SQL of its text over the raw row `r`.
    """
    name = part.table.names_with
    if name is None or name not in texts:
        return
    unread = f"t.{ROW} >= {part.first} and t.{UNKNOWN_BITS} & {part.table.bits[name]} <> 0"
    strange = part.db.load(f"select distinct {texts[name]} from {part.rows} where {unread}")
    months = months_read(part.db, (t for (t,) in strange if t is not None))
    if months:
        part.db.fill("months", {"was": "varchar", "month": "date"}, list(months.items()))
        met = f"select t.{ROW} as at, m.month from {part.rows} join months m on m.was = {texts[name]} where {unread}"
        part.db.change(
            part.name, f"update {column(part.name)} t set {NAME_MONTH} = x.month from ({met}) x where t.{ROW} = x.at"
        )
        part.db.drop("months")
