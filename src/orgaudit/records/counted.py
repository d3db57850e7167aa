"""Columns of keys that only count the rows of their file: no keys, where two files count alike and mean different records."""

from __future__ import annotations

from orgaudit.expressions import FILE, ROW
from orgaudit.records.cells import column
from orgaudit.workdb import WorkDb


def counted_files(db: WorkDb, table: str, key: str, name: str) -> list[int]:
    """The files whose keys are 1, 2, 3, … row by row, if under one of these numbers two files have different names.

    One file alone may number its records so; and the same list handed in twice says twice the same.
    """
    begin = f"select {FILE} from {column(table)} group by {FILE} having try_cast(arg_min({column(key)}, {ROW}) as bigint) = 1"
    if len(db.load(begin)) < 2:
        return []
    numbered = (
        f"select {FILE}, {column(name)} as name, try_cast({column(key)} as bigint) as told, "
        f"row_number() over (partition by {FILE} order by {ROW}) as place from {column(table)} where {FILE} in ({begin})"
    )
    counting = f"select {FILE} from numbered group by {FILE} having bool_and(coalesce(told = place, false))"
    of_counting = (
        f"select told from numbered where {FILE} in (from counting) group by told having count(distinct name) > 1"
    )
    found = db.load(
        f"with numbered as ({numbered}), counting as ({counting}) "
        f"select {FILE} from counting where exists ({of_counting}) order by {FILE}"
    )
    return [number for (number,) in found]
