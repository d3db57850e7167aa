"""Rows as SQL sees them: an alias, its table, and the left joins that forward references add on the way."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlglot import exp

from orgaudit import sql as q
from orgaudit.periods import NO_END, SINCE_EVER
from orgaudit.recordmodel import ROW_NUMBER, BlankValue, Hop, RecordModel

#: what every table has beside its fields: number, masks of cells, where the row stands; `SURE` where it may not belong
ROW, UNKNOWN_BITS, MISSING_BITS, FILE, LINE = ROW_NUMBER, "_unknown", "_missing", "_file", "_line"
SURE = "_sure"
#: the columns of a tree: a record, one above it
BELOW, ABOVE = "_below", "_above"


def tree_of(table: str) -> str:
    """The name of the table of all pairs (record, record above it) of a table that refers to itself."""
    return f"tree of {table}"


@dataclass(frozen=True)
class Cells:
    """Columns (table, field) of which it is known that no cell is certainly empty, or that none is marked as unknown.

    `always_lead` are those that refer to records: of each row one is found. `empty` are the tables without any row,
    `absent` those that nobody handed in.
    """

    never_blank: frozenset[tuple[str, str]] = frozenset()
    never_unknown: frozenset[tuple[str, str]] = frozenset()
    always_lead: frozenset[tuple[str, str]] = frozenset()
    empty: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()

    def renewed(self, tables: Collection[str], known: Cells) -> Cells:
        """The same, with what is known now of some tables instead of what was known before."""

        def both(before: frozenset[tuple[str, str]], now: frozenset[tuple[str, str]]) -> frozenset[tuple[str, str]]:
            return frozenset(cell for cell in before if cell[0] not in tables) | now

        return Cells(
            both(self.never_blank, known.never_blank),
            both(self.never_unknown, known.never_unknown),
            both(self.always_lead, known.always_lead),
            self.empty - set(tables) | known.empty,
            self.absent - set(tables) | known.absent,
        )


@dataclass
class Joins:
    """The left joins of one select, each reference of each row followed once."""

    model: RecordModel
    cells: Cells = Cells()
    prefix: str = "r"
    made: dict[tuple[str, str], str] = field(default_factory=dict)
    trees: list[exp.Join] = field(default_factory=list)
    finds_nothing: bool = False  #: no row is left: one has to be of a table without any

    def follow(self, alias: str, hop: Hop, *, keep: bool = True) -> str:
        """The alias of the record that a forward reference leads to; with `keep`, the row stays where there is none."""
        known = self.made.get((alias, hop.name))
        if known is None:
            known = self.made[alias, hop.name] = f"{self.prefix}{len(self.made)}"
            on = q.op(q.col(known, self.model.target_column(hop.key)), "=", q.col(alias, hop.key.field))
            self.trees.append(q.join(q.table(hop.to, known), on, left=keep))
        return known

    def back(self, row: Row, hop: Hop, source: str, column: str, *, keep: bool) -> Row:
        """The rows that refer to this one, from `source` by its `column`; with `keep`, the row stays where there are none."""
        alias = f"{self.prefix}{len(self.made)}"
        self.made[row.alias, f"back {len(self.made)}"] = alias
        self.finds_nothing |= not keep and source in self.cells.empty
        on = q.op(q.col(alias, column), "=", q.col(row.alias, self.model.target_column(hop.key)))
        self.trees.append(q.join(q.table(source, alias), on, left=keep))
        return Row(self, alias, hop.to, is_there=not keep)

    def kin(self, row: Row, hop: Hop, *, keep: bool) -> tuple[Row, q.Sql]:
        """The rows above or below this one, and how sure each is; with `keep`, the row stays where there are none."""
        here, there = (BELOW, ABOVE) if hop.name == "ancestors" else (ABOVE, BELOW)
        pair, alias = f"{self.prefix}{len(self.made)}t", f"{self.prefix}{len(self.made)}"
        self.made[row.alias, f"kin {len(self.made)}"] = alias
        self.finds_nothing |= not keep and hop.to in self.cells.empty
        above = q.op(q.col(pair, here), "=", row.raw(ROW))
        self.trees.append(q.join(q.table(tree_of(row.table), pair), above, left=keep))
        on = q.op(q.col(alias, ROW), "=", q.col(pair, there))
        self.trees.append(q.join(q.table(hop.to, alias), on, left=keep))
        return Row(self, alias, hop.to, is_there=not keep), q.col(pair, SURE)


@dataclass(frozen=True)
class Value:
    """A value in three-valued SQL: `sql` is NULL when unknown (or none); `none` and `blank` are never NULL."""

    sql: q.Sql
    none: q.Sql = q.FALSE
    blank: q.Sql = q.FALSE


@dataclass(frozen=True)
class Row:
    """One row in a select; `none` is true where a reference on the way certainly leads to no record.

    `is_there` says that no row of the select is without it: nothing has to be asked of one that was not found.
    """

    joins: Joins
    alias: str
    table: str
    none: q.Sql = q.FALSE
    is_there: bool = False

    def follow(self, hop: Hop) -> Row:
        """The row that a forward reference leads to."""
        if not hop.is_neighbour and (self.table, hop.key.field) in self.joins.cells.always_lead:
            alias = self.joins.follow(self.alias, hop, keep=not self.is_there)
            return Row(self.joins, alias, hop.to, self.none, self.is_there)
        alias = self.joins.follow(self.alias, hop)
        if hop.is_neighbour or hop.key.is_several:  # settled while loading
            none = q.is_true(q.op(q.col(self.alias, hop.key.field), "=", q.lit(0)))
            return Row(self.joins, alias, hop.to, q.or_([self.none, none]))
        field_ = self.joins.model.tables[self.table].by_name[hop.key.field]
        none = self.is_blank(hop.key.field) if field_.blank == "none" else q.FALSE
        if hop.key.dangling == "allowed" and hop.to not in self.joins.cells.absent:
            written = q.not_(q.is_null(q.col(self.alias, hop.key.field)))
            none = q.or_([none, q.and_([written, q.is_null(q.col(alias, ROW))])])
        return Row(self.joins, alias, hop.to, q.or_([self.none, none]))

    def along(self, hops: tuple[Hop, ...]) -> Row:
        """The row that a chain of forward references leads to."""
        row = self
        for hop in hops:
            row = row.follow(hop)
        return row

    def raw(self, name: str) -> q.Sql:
        """The column as it is stored."""
        return q.col(self.alias, name)

    def is_unknown(self, name: str) -> q.Sql:
        """Whether the cell could not be read, or its column was not handed in."""
        return q.op(self._bit(UNKNOWN_BITS, name), "<>", q.lit(0))

    def is_missing(self, name: str) -> q.Sql:
        """Whether the column was not handed in."""
        return q.op(self._bit(MISSING_BITS, name), "<>", q.lit(0))

    def _bit(self, mask: str, name: str) -> q.Sql:
        bit = self.joins.model.tables[self.table].bits[name]
        return q.op(q.col(self.alias, mask), "&", q.lit(bit))

    def is_blank(self, name: str) -> q.Sql:
        """Whether the record is there and its cell is certainly empty: never NULL."""
        if (self.table, name) in self.joins.cells.never_blank:
            return q.FALSE
        parts = [q.is_null(self.raw(name))]
        if (self.table, name) not in self.joins.cells.never_unknown:
            parts.append(q.op(self._bit(UNKNOWN_BITS, name), "=", q.lit(0)))
        elif not self.is_there:
            parts.append(q.not_(q.is_null(self.raw(ROW))))
        return q.and_(parts) if self.is_there else q.is_true(q.and_(parts))

    def value(self, name: str) -> Value:
        """A field with its blanks read as the record model says."""
        field_ = self.joins.model.tables[self.table].by_name[name]
        raw = self.raw(name)
        if field_.constraints.required or field_.blank == "unknown":
            return Value(raw, self.none, self.none)
        blank = self.is_blank(name)
        gone = q.or_([self.none, blank])
        if isinstance(field_.blank, BlankValue):
            return Value(q.case([(blank, q.lit(field_.stands_for))], raw), self.none, self.none)
        if field_.blank == "none":
            return Value(raw, gone, gone)
        sentinel = SINCE_EVER if field_.role == "valid_from" else NO_END
        return Value(q.case([(blank, q.lit(sentinel))], raw), self.none, gone)

    def recorded(self, name: str) -> q.Sql:
        """Whether something is written: unknown where the column was not handed in, or what is derived or computed is unknown."""
        written = q.not_(q.is_null(self.raw(name)))
        if (self.table, name) in self.joins.cells.never_unknown:
            lost = q.FALSE if self.is_there else q.is_null(self.raw(ROW))
            return q.case([(self.none, q.FALSE), (lost, q.UNKNOWN)], written)
        written = q.or_([written, self.is_unknown(name)])
        table = self.joins.model.tables[self.table]
        is_made = bool(table.derive) or table.by_name[name].computed is not None
        in_doubt = self.is_unknown(name) if is_made else self.is_missing(name)
        return q.case([(self.none, q.FALSE), (in_doubt, q.UNKNOWN)], written)
