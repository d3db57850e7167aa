"""Who bears which name: gathered from a table, and from the rows that say where its records were before."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from orgaudit.expressions import MISSING_BITS, ROW
from orgaudit.recordmodel import Hop, RecordModel
from orgaudit.records.beside import bare_name, month_of
from orgaudit.records.cells import column
from orgaudit.records.lost import is_lost
from orgaudit.records.names import is_masked
from orgaudit.records.namesakes import Bearer, Namesakes, plain_name
from orgaudit.workdb import WorkDb


def namesakes_of(db: WorkDb, model: RecordModel, table: str, submitted: set[str]) -> Namesakes:
    """The names of a table that was read, before rows of one key are one record."""
    declared, paths = model.tables[table], model.tables[table].names_within
    name, key = str(declared.field_with("name")), model.key_of(table)
    forwards = [hop for p in paths if (hop := model.hop(table, p)) is not None]
    cells = [f"{_cell(h)}, {_lost(model, h, is_first=h.name == paths[0])}" for h in forwards]
    read = ", ".join([column(key), column(name), month_of(declared), ROW, *cells])
    rows = db.load(f"select {read} from {column(table)} t order by {ROW}")
    found = _Found(_known(db, model, table), Counter(k for k, *_ in rows if k is not None))
    for bearer, text, of, row, *homes in rows:
        known = text if text is not None and not is_masked(text) else None
        found.add(Bearer(bearer, known, month=of, row=row), list(zip(homes[::2], homes[1::2], strict=True)))
    for path in paths:
        first, _, last = path.partition(".")
        hop = model.hop(table, first)
        if last and hop is not None and hop.holder in submitted:
            found.moved(_moves(db, model, hop, last))
    return Namesakes(dict(found.by_name), found.nameless)


def _known(db: WorkDb, model: RecordModel, table: str) -> set[str]:
    """The keys of the records within which names are told apart."""
    home = model.home_table(table)
    return {k for (k,) in db.load(f"select {column(model.key_of(home))} from {column(home)}")} if home else set()


def _cell(hop: Hop) -> str:
    return f"t.{column(hop.key.field)}"


def _lost(model: RecordModel, hop: Hop, *, is_first: bool = False) -> str:
    """SQL: nobody knows to which record a row refers. A column that nobody keeps says nothing, but for that of the first path."""
    table = model.tables[hop.holder]
    lost = is_lost(table, hop.key.field, "t.")
    return lost if is_first else f"({lost} and t.{MISSING_BITS} & {table.bits[hop.key.field]} = 0)"


def _moves(db: WorkDb, model: RecordModel, back: Hop, last: str) -> list[tuple[str | None, str | None, bool]]:
    """(who, where, whether nobody knows where) of each row that says where a record was."""
    hop = model.hop(back.holder, last)
    assert hop is not None  # checked with the record model
    rows = db.load(f"select t.{column(back.key.field)}, {_cell(hop)}, {_lost(model, hop)} from {column(back.holder)} t")
    return [(who, where, bool(lost)) for who, where, lost in rows]


@dataclass
class _Found:
    known: set[str]
    rows: Counter[str]
    by_name: dict[str, list[Bearer]] = field(default_factory=lambda: defaultdict(list))
    nameless: list[Bearer] = field(default_factory=list)
    by_key: dict[str, list[Bearer]] = field(default_factory=lambda: defaultdict(list))

    def add(self, bearer: Bearer, homes: Sequence[tuple[str | None, bool]]) -> None:
        """A row: of several with one key nobody knows which one holds."""
        key, is_sure = bearer.key, bearer.key is None or self.rows[bearer.key] == 1
        bearer.home = next((home for home, _ in homes[:1] if home in self.known), None)
        for home, lost in homes:
            self._put(bearer, home, lost=lost, sure=is_sure)
        if key is not None:
            self.by_key[key].append(bearer)
            self._agree(self.by_key[key])
        same = self.by_name[plain_name(bearer.name)] if bearer.name is not None else self.nameless
        twin = next((b for b in same if key is not None and b.key == key), None)
        if twin is None:
            same.append(bearer)
        else:
            twin.maybe |= bearer.maybe
            twin.anywhere |= bearer.anywhere

    def _agree(self, rows: Sequence[Bearer]) -> None:
        """Rows of one key that have different months have none that is known."""
        if len({b.month for b in rows}) > 1:
            for bearer in rows:
                bearer.month = None

    def moved(self, moves: Iterable[tuple[str | None, str | None, bool]]) -> None:
        """Where records were before, or came to later; a name there may mean each of those who bear it."""
        for who, where, lost in moves:
            for bearer, sure in self._meant(who):
                self._put(bearer, where, lost=lost, sure=sure)

    def _meant(self, who: str | None) -> Iterator[tuple[Bearer, bool]]:
        if who is None:
            yield from ((b, False) for bearers in [*self.by_name.values(), self.nameless] for b in bearers)
        elif who in self.by_key:
            yield from ((b, self.rows[who] == 1) for b in self.by_key[who])
        else:
            names = dict.fromkeys(map(plain_name, (who, bare_name(who))))
            yield from (
                (b, False) for bearers in [*(self.by_name.get(n, ()) for n in names), self.nameless] for b in bearers
            )

    def _put(self, bearer: Bearer, home: str | None, *, lost: bool, sure: bool) -> None:
        if home is None:
            bearer.anywhere |= lost
        elif home not in self.known:
            bearer.anywhere = True
        else:
            (bearer.sure if sure else bearer.maybe).add(home)
