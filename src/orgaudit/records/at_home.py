"""Names that stand for keys where they tell a record from others within the home of the row: the branch, say, whose list it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from orgaudit.expressions import FILE, LINE, ROW
from orgaudit.findings import Problem, Repair
from orgaudit.recordmodel import ForeignKey, RecordModel
from orgaudit.records.beside import names_beside
from orgaudit.records.cells import column
from orgaudit.records.manifest import Cover
from orgaudit.records.namesakes import Namesakes
from orgaudit.records.references import Counted, References
from orgaudit.records.way_home import is_told_apart, namesakes_in, settle_way
from orgaudit.workdb import WorkDb

_UNSETTLED, _MEANT = "unsettled names", "meant at home"


@dataclass
class NamesAtHome:
    """Settles such names before rows of one key are one record: two rows of one name need not be about one record."""

    db: WorkDb
    model: RecordModel
    references: References
    covers: Mapping[str, Cover]

    def settle(self, names: Sequence[str]) -> Iterator[Problem]:
        """Puts keys where a name certainly means one record; any other name is a problem, and unknown."""
        self.references.look_at(names)
        every = ((name, key) for name in names for key in self.model.tables[name].foreignKeys)
        asked = [(name, key) for name, key in every if is_told_apart(self.references, name, key)]
        counted: Counted = {}
        waiting = [(name, key) for name, key in asked if self.references.lost(name, key, counted)]
        settle_way(self.references, [way for name, key in waiting for way in self._ways(name, key)])
        for name, key in waiting:
            self._join(name, key)
            yield from self.references.broken(name, key, counted)
        self.references.forget_names()

    def _ways(self, name: str, key: ForeignKey) -> Iterator[tuple[str, str]]:
        """How homes are found: that of the row, and those of whom it may mean."""
        home = self.model.tables[name].home_of(key)
        yield from ((key.target, path) for path in self.model.tables[key.target].names_within)
        yield from [(name, home)] if home else []

    def _join(self, name: str, key: ForeignKey) -> None:
        nowhere, cell = self.references.nowhere(name, key), f"t.{column(key.field)}"
        self.references.joined_by_name(name, key, nowhere)  # by what the manifest says
        path = self.model.tables[name].home_of(key)
        leads = path is not None and self.model.reach_forwards(name, path) == self.model.home_table(key.target)
        home = self._home(name, "t", str(path).split(".")) if leads else "null"
        self.db.load(
            f"create or replace temp table {column(_UNSETTLED)} as select t.{ROW} as row, {cell} as text, {home} as home "
            f"from {column(name)} t where {nowhere}"
        )
        asked = self.db.load(f"select distinct text, home from {column(_UNSETTLED)}")
        known = self._namesakes(key.target, [text for text, _ in asked])
        meant = [(t, h, k) for t, h in asked if self._is_covered(key.target, h) and (k := known.key_of(t, h))]
        if meant:
            self.db.fill(_MEANT, {"text": "varchar", "home": "varchar", "key": "varchar"}, meant)
            self._tell(name, key)
            self.db.drop(_MEANT)

    def _tell(self, name: str, key: ForeignKey) -> None:
        """Puts the keys into their cells, and counts them by file."""
        met = (
            f"{column(_UNSETTLED)} u join {column(_MEANT)} m on m.text = u.text and m.home = u.home "
            f"join {column(name)} t on t.{ROW} = u.row"
        )
        told = self.db.load(
            f"select t.{FILE}, count(*), min(t.{LINE}), arg_min(u.text, t.{ROW}), arg_min(m.key, t.{ROW}) from {met} "
            f"group by t.{FILE} order by t.{FILE}"
        )
        self.db.change(
            name,
            f"update {column(name)} t set {column(key.field)} = x.key from (select u.row, m.key from {column(_UNSETTLED)} u "
            f"join {column(_MEANT)} m on m.text = u.text and m.home = u.home) x where x.row = t.{ROW}",
        )
        self.references.forget_whole()
        for file, count, row, before, after in told:
            heading = self.references.headings.get((file, name, key.field), key.field)
            at = self.references.files[file], name, heading, key.field
            self.references.repairs.append(Repair(*at, "name-at-home", count, row, before, after))

    def _home(self, table: str, alias: str, steps: Sequence[str]) -> str:
        """SQL: the key of the record that forward steps lead to from a row; of rows of one key only where they agree."""
        key = self.model.tables[table].forwards[steps[0]]
        cell = f"{alias}.{column(key.field)}"
        if len(steps) == 1:
            return cell
        inner, there = f"{alias}x", self._home(key.target, f"{alias}x", steps[1:])
        one = f"case when count(*) = count({there}) and count(distinct {there}) = 1 then min({there}) end"
        on = f"{inner}.{column(self.model.target_column(key))} = {cell}"
        return f"(select {one} from {column(key.target)} {inner} where {on})"

    def _namesakes(self, table: str, texts: Sequence[str]) -> Namesakes:
        """Who bears which name, beside which month where one is written in one of these texts."""
        known = namesakes_in(self.references, table)
        known.beside |= names_beside(self.db, texts)
        return known

    def _is_covered(self, table: str, home: str | None) -> bool:
        """Whether all records of a home are there: one who is missing might bear the name, too."""
        cover = self.covers.get(table)
        return cover is None or cover.organizations is None or home in cover.organizations
