"""The record model: all tables of one kind of body, and the paths through them.

The terms are those of Frictionless Table Schema; docs/reference/record-model.md says what is added and what it means.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from pydantic import Field as Key

from orgaudit.recordmodel.tables import NEIGHBOURS, ROW_NUMBER, ForeignKey, ReferenceTarget, Table
from orgaudit.recordmodel.validation import Said, Strict, Text

KIN = ("ancestors", "descendants")  #: the steps along a table's reference to itself, as far as it goes


@dataclass(frozen=True)
class Hop:
    """One step of a path: along a foreign key of `holder`, forwards (to its target) or backwards (to its holder)."""

    name: str
    holder: str
    key: ForeignKey
    forwards: bool

    @property
    def to(self) -> str:
        """The table it arrives at."""
        return self.key.target if self.forwards else self.holder

    @property
    def is_kin(self) -> bool:
        """Whether it leads to all records above or below, along a reference to the table itself."""
        return self.name in KIN

    @property
    def is_neighbour(self) -> bool:
        """Whether it leads to the record before or after, in the order of the table."""
        return self.name in NEIGHBOURS


class RecordModel(Strict):
    """All tables of one kind of body."""

    records: Said = Key(description="The identifier of the record model.")
    title: Text = Key(default_factory=dict, description="What it is called, in Chinese and English.")
    missingValues: list[str] = Key(
        default_factory=lambda: [""], description="What counts as a blank cell, after trimming."
    )
    tables: dict[str, Table] = Key(description="The tables, by the names that rules use.")

    @cached_property
    def backwards(self) -> dict[str, dict[str, Hop]]:
        """For each table, the ways back to records that refer to it."""
        ways: dict[str, dict[str, Hop]] = {t: {} for t in self.tables}
        for holder, table in self.tables.items():
            for key in table.foreignKeys:
                name = key.reverse or reverse_name(holder, key.forward if key.is_several else key.field)
                if not name.startswith("_"):  # nothing leads to what only an audit makes
                    ways.setdefault(key.target, {})[name] = Hop(name, holder, key, forwards=False)
        return ways

    def hop(self, table: str, name: str) -> Hop | None:
        """The step called `name` from a record of `table`."""
        key = self.tables[table].forwards.get(name)
        if key is not None:
            return Hop(name, table, key, forwards=True)
        return self.backwards[table].get(name) or self._of_itself(table).get(name)

    def hops(self, table: str) -> list[str]:
        """The names of all steps from a table."""
        return [*self.tables[table].forwards, *self.backwards[table], *self._of_itself(table)]

    def parent_of(self, table: str) -> ForeignKey | None:
        """The one reference of a table to itself; None where it has none, or several."""
        own = [k for k in self.tables[table].foreignKeys if k.target == table]
        return own[0] if len(own) == 1 else None

    def _of_itself(self, table: str) -> dict[str, Hop]:
        """The steps from a record to others of its own table: its neighbours, and those above and below it."""
        ways = {}
        if self.tables[table].order is not None:
            to = ReferenceTarget(resource=table, fields=[ROW_NUMBER])
            for name, column in NEIGHBOURS.items():
                ways[name] = Hop(name, table, ForeignKey(fields=[column], reference=to, name=name), forwards=True)
        parent = self.parent_of(table)
        if parent is not None:
            ways |= {name: Hop(name, table, parent, forwards=False) for name in KIN}
        return ways

    @cached_property
    def proper_words(self) -> frozenset[str]:
        """Words that English titles write with a capital letter also where they do not begin: names, as Party."""
        tables = self.tables.values()
        titles = [t.title.get("en", "") for t in tables]
        titles += [f.title.get("en", "") for t in tables for f in t.fields]
        titles += [c.label.get("en", "") for t in tables for f in t.fields for c in f.categories]
        return frozenset(word for title in titles for word in title.split()[1:] if word[:1].isupper())

    @cached_property
    def answers(self) -> str | None:
        """The table that holds the answers to `attest` questions."""
        return next((name for name, table in self.tables.items() if table.attest), None)

    def owner_table(self, table: str) -> str | None:
        """The table of the records that answer for the records of this one."""
        owner = self.tables[table].owner
        if owner is None or owner == "self":
            return table if owner else None
        for step in owner.split("."):
            table = self.tables[table].forwards[step].target
        return table

    def reach(self, table: str, path: str) -> str | None:
        """The table that a path of one step, or of one backwards and one forwards, leads to; None where there is no such."""
        first, _, last = path.partition(".")
        hop = self.hop(table, first)
        if hop is None or hop.key.is_several or hop.forwards != (not last):
            return None
        key = self.tables[hop.holder].forwards.get(last) if last else hop.key
        return key.target if key is not None and not key.is_several and key.target in self.tables else None

    def reach_forwards(self, table: str, path: str) -> str | None:
        """The table that forward steps lead to; None where one of them is not there."""
        for step in path.split("."):
            key = self.tables[table].forwards.get(step) if table in self.tables else None
            if key is None:
                return None
            table = key.target
        return table

    def way_to(self, table: str, other: str) -> tuple[Hop, ...] | None:
        """How records of a table name one of another: by the one reference of theirs, or of a record they refer to."""
        if table == other:
            return ()
        direct = [(hop,) for hop in self._references(table) if hop.to == other]
        if direct:
            return direct[0] if len(direct) == 1 else None
        first = self._references(table)
        further = [(hop, then) for hop in first for then in self._references(hop.to) if then.to == other]
        return further[0] if len(further) == 1 else None

    def _references(self, table: str) -> list[Hop]:
        return [Hop(name, table, key, forwards=True) for name, key in self.tables[table].forwards.items()]

    def home_table(self, table: str) -> str | None:
        """The table of the records within which the names of this one are told apart."""
        paths = self.tables[table].names_within
        return self.reach(table, paths[0]) if paths else None

    def key_of(self, table: str) -> str:
        """The first column of a table's primary key: the only one of a table that answers for others."""
        return self.tables[table].primaryKey[0]

    def pairs(self, key: ForeignKey) -> list[tuple[str, str]]:
        """(referring field, field of the record referred to) of a reference."""
        return list(zip(key.fields, key.reference.fields or self.tables[key.target].primaryKey, strict=True))

    def target_column(self, key: ForeignKey) -> str:
        """The column in which the values of a reference's column are found."""
        return ROW_NUMBER if key.is_several else self.pairs(key)[0][1]

    def type_of(self, table: str, key: ForeignKey) -> str:
        """The type of the values of a reference's column."""
        return "integer" if key.is_several else self.tables[table].by_name[key.field].type


def reverse_name(holder: str, field: str) -> str:
    """`from_member_id` of contacts → `from_contacts`; `member_id` of meetings → `meetings`."""
    prefix, _, rest = field.removesuffix("_id").partition("_")
    return f"{prefix}_{holder}" if rest else holder
