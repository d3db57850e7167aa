"""Rows that name nobody: to whom they may belong, by the file or folder that they came in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Set
from pathlib import PurePosixPath

from orgaudit import sql as q
from orgaudit.expressions import FILE, ROW, Joins, Row, owner_of
from orgaudit.recordmodel import ForeignKey, RecordModel
from orgaudit.records.cells import column
from orgaudit.records.provenance import ALSO_IN
from orgaudit.workdb import WorkDb


class Homes:
    """To which one organization the rows of a file belong, where they all do; `filled` tables have rows."""

    def __init__(self, db: WorkDb, model: RecordModel, files: list[str], filled: Set[str]) -> None:
        self.db, self.model, self.files, self.filled = db, model, files, filled
        self._by_table: dict[str, dict[int, set[str]]] = {}
        self._targets: dict[tuple[str, str, str], list[object]] = {}
        self._also_in: dict[int, list[int]] = defaultdict(list)
        for row, other in db.load(f"select row, file from {column(ALSO_IN)} order by row, file"):
            self._also_in[row].append(other)

    def records_of(self, key: ForeignKey, table: str, row: int, file: int) -> list[object]:
        """What a reference to a record that belongs to the one owner of a row's file, or else of its folder, may hold.

        A record of several rows stands in each of their files.
        """
        files = [file, *self._also_in.get(row, [])]
        return list(dict.fromkeys(k for f in files for k in self._of_file(key, table, f)))

    def _of_file(self, key: ForeignKey, table: str, file: int) -> list[object]:
        owner = self._only(self._owners(table).get(file, set())) or self._only(self._in_folder(file))
        if owner is None or self.model.tables[key.target].owner is None:
            return []
        target = (key.target, self.model.target_column(key))
        if (*target, owner) not in self._targets:
            self._targets[*target, owner] = self._owned(*target, owner)
        return self._targets[*target, owner]

    def _only(self, owners: set[str]) -> str | None:
        return next(iter(owners)) if len(owners) == 1 else None

    def _owners(self, table: str) -> dict[int, set[str]]:
        if table not in self._by_table:
            found: dict[int, set[str]] = defaultdict(set)
            for file, owner in [*self._pairs(table), *(self._pairs(table, also=True) if self._also_in else ())]:
                found[file].add(owner)
            self._by_table[table] = found
        return self._by_table[table]

    def _pairs(self, table: str, *, also: bool = False) -> list[tuple[int, str]]:
        """Each file of a table with each owner of a record in it; `also`: the other files of records of several rows."""
        row = Row(Joins(self.model), "t", table)
        owner = owner_of(row)
        if owner is None:
            return []
        key, file = owner.raw(self.model.key_of(owner.table)), row.raw(FILE)
        if also:
            row.joins.trees.append(q.join(q.table(ALSO_IN, "e"), q.op(q.col("e", "row"), "=", row.raw(ROW))))
            file = q.col("e", "file")
        known = q.not_(q.is_null(key))
        return self.db.rows(q.select({"f": file, "o": key}, q.table(table, "t"), row.joins.trees, known, distinct=True))

    def _in_folder(self, file: int) -> set[str]:
        folder = PurePosixPath(self.files[file]).parent
        beside = {i for i, f in enumerate(self.files) if PurePosixPath(f).parent == folder}
        tables = [n for n, t in self.model.tables.items() if not t.derive and n in self.filled]
        return {o for t in tables for f, owners in self._owners(t).items() if f in beside for o in owners}

    def _owned(self, target: str, column: str, owner: str) -> list[object]:
        row = Row(Joins(self.model), "t", target)
        answering = owner_of(row)
        assert answering is not None  # asked above
        is_owner = q.op(answering.raw(self.model.key_of(answering.table)), "=", q.lit(owner))
        key = row.raw(column)
        return [
            k
            for (k,) in self.db.rows(q.select({"k": key}, q.table(target, "t"), row.joins.trees, is_owner, order=[key]))
        ]
