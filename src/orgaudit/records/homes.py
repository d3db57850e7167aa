"""Rows that name nobody: to whom they may belong, by the file or folder that they came in."""

from __future__ import annotations

from collections import defaultdict
from pathlib import PurePosixPath

from orgaudit import sql as q
from orgaudit.expressions import FILE, Joins, Row, owner_of
from orgaudit.recordmodel import ForeignKey, RecordModel
from orgaudit.workdb import WorkDb


class Homes:
    """To which one organization the rows of a file belong, where they all do."""

    def __init__(self, db: WorkDb, model: RecordModel, files: list[str]) -> None:
        self.db, self.model, self.files = db, model, files
        self._by_table: dict[str, dict[int, set[str]]] = {}
        self._targets: dict[tuple[str, str, str], list[object]] = {}

    def records_of(self, key: ForeignKey, table: str, file: int) -> list[object]:
        """What a reference to a record that belongs to the one owner of this file, or else of its folder, may hold."""
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
            row = Row(Joins(self.model), "t", table)
            owner = owner_of(row)
            if owner is not None:
                key = owner.raw(self.model.key_of(owner.table))
                query = q.select(
                    {"f": row.raw(FILE), "o": key},
                    q.table(table, "t"),
                    row.joins.trees,
                    q.not_(q.is_null(key)),
                    distinct=True,
                )
                for file, key_text in self.db.rows(query):
                    found[file].add(key_text)
            self._by_table[table] = found
        return self._by_table[table]

    def _in_folder(self, file: int) -> set[str]:
        folder = PurePosixPath(self.files[file]).parent
        beside = {i for i, f in enumerate(self.files) if PurePosixPath(f).parent == folder}
        tables = [n for n, t in self.model.tables.items() if not t.derive]
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
