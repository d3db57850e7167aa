"""References that lead nowhere, and references of which nobody knows where they lead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from orgaudit import sql as q
from orgaudit.expressions import FILE, LINE, ROW, UNKNOWN_BITS
from orgaudit.findings import Repair
from orgaudit.recordmodel import ForeignKey, RecordModel, Table
from orgaudit.records.cells import column
from orgaudit.records.lost import is_lost
from orgaudit.records.names import Names, is_masked, meant, names_of
from orgaudit.records.namesakes import Namesakes
from orgaudit.records.problems import MOST_SHOWN, Problem
from orgaudit.workdb import WorkDb

Headings = Mapping[tuple[int, str, str], str]  #: (file, table, field) → what stands above the column
Counted = dict[str, int]  #: how many rows tables have: each is counted once while none gets or loses any


@dataclass
class References:
    """The references of a submission, settled table by table."""

    db: WorkDb
    model: RecordModel
    submitted: set[str]
    files: list[str]
    headings: Headings
    aliases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    repairs: list[Repair] = field(default_factory=list)
    #: of tables whose names tell records apart only within a home, who bears which name; filled where it was asked
    namesakes: dict[str, Namesakes] = field(default_factory=dict)
    _known_names: dict[str, Names] = field(default_factory=dict)
    #: references that all lead somewhere, with how many rows both tables had when that was asked
    _whole: dict[tuple[str, ...], tuple[int, int]] = field(default_factory=dict)

    def forget_names(self) -> None:
        """The names are to be read once more: the tables have changed."""
        self._known_names.clear()

    def settle(self, names: Iterable[str], *, derived: bool = False) -> Iterator[Problem]:
        """Settles the references of these tables to tables that were handed in (to those that are derived).

        One to a record that is not there is a problem, and unknown; of several fields, the record they name is noted.
        """
        counted: Counted = {}
        for name in names:
            for key in self._keys(name, derived=derived):
                yield from self.broken(name, key, counted)
                if key.is_several:
                    self._note_targets(name, key)

    def look_at(self, names: Iterable[str]) -> None:
        """Asks once of each table which of its references to tables that were handed in all lead somewhere."""
        counted: Counted = {}
        for name in names:
            self._ask(name, [key for key in self._keys(name, derived=False) if self._is_asked(name, key)], counted)

    def _keys(self, name: str, *, derived: bool) -> list[ForeignKey]:
        keys = self.model.tables[name].foreignKeys
        return [key for key in keys if bool(self.model.tables[key.target].derive) == derived]

    def broken(self, name: str, key: ForeignKey, counted: Counted) -> Iterator[Problem]:
        """What leads nowhere is a problem, and unknown; a name that means one record leads there."""
        if not self._is_asked(name, key):
            return
        table, nowhere = self.model.tables[name], self.nowhere(name, key)
        count = self.lost(name, key, counted)
        if count and self.joined_by_name(name, key, nowhere):
            count = self.lost(name, key, counted)
        if count:
            yield from self._problems(name, key, nowhere, count)
        if count and not key.is_several:
            self.db.change(
                name,
                f"update {column(name)} t set {column(key.field)} = null, "
                f"{UNKNOWN_BITS} = {UNKNOWN_BITS} | {table.mask(key)} where {nowhere}",
            )

    def _is_asked(self, name: str, key: ForeignKey) -> bool:
        """Whether a reference must lead somewhere."""
        is_given = not self.model.tables[name].derive and {name, key.target} <= self.submitted
        return key.dangling != "allowed" and is_given

    def nowhere(self, name: str, key: ForeignKey) -> str:
        """SQL: a reference of the row `t` says something that is no record."""
        table = self.model.tables[name]
        return f"{self._is_known(table, key)} and not exists (select 1 from {self._target(key, table)})"

    def lost(self, name: str, key: ForeignKey, counted: Counted) -> int:
        """How many of these references say something that is no record.

        Where none did, it is asked again only if a table has other rows than then, or keys have changed (`forget_whole`).
        """
        return self._ask(name, [key], counted)[0]

    def _ask(self, name: str, keys: Sequence[ForeignKey], counted: Counted) -> list[int]:
        """The same of several references of a table, in one pass over its rows."""
        if not keys:
            return []
        asked = {(name, key.target, *key.fields): key for key in keys}
        rows = {of: (self._count(name, counted), self._count(key.target, counted)) for of, key in asked.items()}
        is_open = [of for of in asked if self._whole.get(of) != rows[of]]
        if not is_open:
            return [0] * len(keys)
        # as a filter: where it is a condition, the engine looks up the many rows from the few records
        counts = ", ".join(f"count(*) filter ({self.nowhere(name, asked[of])})" for of in is_open)
        found = dict(zip(is_open, self.db.load(f"select {counts} from {column(name)} t")[0], strict=True))
        self._whole |= {of: rows[of] for of, count in found.items() if not count}
        return [int(found.get(of, 0)) for of in asked]

    def _count(self, table: str, counted: Counted) -> int:
        if table not in counted:
            counted[table] = int(self.db.load(f"select count(*) from {column(table)}")[0][0])
        return counted[table]

    def forget_whole(self) -> None:
        """Keys have changed: where references lead is to be asked again."""
        self._whole.clear()

    def joined_by_name(self, name: str, key: ForeignKey, nowhere: str) -> bool:
        """Puts keys where the names of records stand, if each means one record only; whether there was any."""
        if key.is_several or self.model.pairs(key)[0][1] != self.model.key_of(key.target):
            return False
        cell = f"t.{column(key.field)}"
        names = self._names(key.target)
        found = meant(
            names, (t for (t,) in self.db.load(f"select distinct {cell} from {column(name)} t where {nowhere}"))
        )
        if not found:
            return False
        self.db.fill("meant", {"text": "varchar", "key": "varchar"}, list(found.items()))
        told = self.db.load(
            f"select t.{FILE}, count(*), min(t.{LINE}), arg_min({cell}, t.{ROW}), arg_min(m.key, t.{ROW}) from {column(name)} t "
            f"join meant m on m.text = {cell} where {nowhere} group by t.{FILE} order by t.{FILE}"
        )
        self.db.change(
            name,
            f"update {column(name)} t set {column(key.field)} = m.key from meant m where m.text = {cell} and {nowhere}",
        )
        self.db.drop("meant")
        self.forget_whole()
        for file, count, row, before, after in told:
            heading = self.headings.get((file, name, key.field), key.field)
            self.repairs.append(Repair(self.files[file], name, heading, key.field, "name", count, row, before, after))
        return True

    def _bearers(self, table: str, name: str) -> list[str]:
        """Those who bear a name, for a person to choose from."""
        known = self.namesakes.get(table)
        return known.candidates(name) if known else self._names(table).candidates(name)

    def _names(self, table: str) -> Names:
        if table not in self._known_names:
            self._known_names[table] = names_of(self.db, self.model, table, self.aliases.get(table, {}))
        return self._known_names[table]

    def _is_known(self, table: Table, key: ForeignKey) -> str:
        """Every part of the reference says something."""
        lost = [f"not {is_lost(table, f, 't.')}" for f in key.fields] if key.is_several else []
        return " and ".join([*lost, *(f"{_cell(table, key, f)} is not null" for f in key.fields)])

    def _target(self, key: ForeignKey, table: Table) -> str:
        pairs = (f"x.{column(there)} = {_cell(table, key, here)}" for here, there in self.model.pairs(key))
        return f"{column(key.target)} x where {' and '.join(pairs)}"

    def _problems(self, name: str, key: ForeignKey, nowhere: str, count: int) -> Iterator[Problem]:
        cells = ", ".join(f"t.{column(f)}" for f in key.fields)
        shown = self.db.load(
            f"select {FILE}, {LINE}, {cells} from {column(name)} t where {nowhere} order by {ROW} limit {MOST_SHOWN}"
        )
        for file, line, *values in shown:
            heading = ", ".join(self.headings.get((file, name, f), f) for f in key.fields)
            value = "/".join("" if v is None else str(v) for v in values)
            at = self.files[file], line, heading, value, name
            bearers = [] if key.is_several else self._bearers(key.target, value)
            if not key.is_several and is_masked(value):
                yield Problem("masked-key", *at, {"target": key.target})
            elif bearers:
                yield Problem("name-for-key", *at, {"target": key.target, "candidates": ", ".join(bearers[:10])})
            else:
                yield Problem("foreign-key", *at, {"target": key.target})
        if count > len(shown):
            more = {"count": count - len(shown), "target": key.target}
            yield Problem("foreign-key-more", column=", ".join(key.fields), table=name, values=more)

    def _note_targets(self, name: str, key: ForeignKey) -> None:
        """Of several fields: the number of the record they name, 0 if there certainly is none."""
        table = self.model.tables[name]
        none = " and ".join(f"not {is_lost(table, f, 't.')}" for f in key.fields)
        if key.dangling == "problem" or key.target not in self.submitted:
            none += f" and ({' or '.join(f'{_cell(table, key, f)} is null' for f in key.fields)})"
        found = f"(select min(x.{ROW}) from {self._target(key, table)})"
        self.db.change(
            name, f"update {column(name)} t set {column(key.field)} = coalesce({found}, case when {none} then 0 end)"
        )


def _cell(table: Table, key: ForeignKey, field: str) -> str:
    """SQL: what a part of a reference says, also where its blank stands for a value."""
    value = table.by_name[field].stands_for if key.is_several else None
    return f"t.{column(field)}" if value is None else f"coalesce(t.{column(field)}, {q.text(q.lit(value))})"
