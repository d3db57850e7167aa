"""Names that tell a record from others only within a home: who bears one there, and whether that is certain."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from orgaudit.expressions import MISSING_BITS, ROW
from orgaudit.recordmodel import Hop, RecordModel, even, simplified
from orgaudit.records.cells import column
from orgaudit.records.lost import is_lost
from orgaudit.records.names import is_masked
from orgaudit.workdb import WorkDb

_DOTS = str.maketrans(dict.fromkeys("•・.‧∙", "·"))  #: ways to write the dot inside a name


@dataclass(eq=False)
class Bearer:
    """A record that may bear a name: its key, the homes in which it certainly is or was, and those where it may be.

    `anywhere`: nobody knows where it is, or was. A record without a key cannot be referred to, and is there all the same.
    """

    key: str | None
    sure: set[str] = field(default_factory=set)
    maybe: set[str] = field(default_factory=set)
    anywhere: bool = False

    def may_be_in(self, home: str) -> bool:
        """Whether nothing says that it is, or was, never there."""
        return self.anywhere or home in self.sure or home in self.maybe


@dataclass
class Namesakes:
    """The bearers of each name, and the records whose name is not known: any of them may bear it."""

    by_name: dict[str, list[Bearer]]
    nameless: list[Bearer]

    def key_of(self, text: str, home: str | None) -> str | None:
        """The key of the one record that bears a name in its home; None unless that is certain."""
        if home is None or is_masked(text):
            return None
        bearers = [b for b in self.by_name.get(plain_name(text), []) if b.may_be_in(home)]
        others = [b for b in self.nameless if b.may_be_in(home)]
        return bearers[0].key if len(bearers) == 1 and not others and home in bearers[0].sure else None

    def candidates(self, text: str) -> list[str]:
        """Those who bear a name, each with where it is."""
        return sorted(_told(b) for b in self.by_name.get(plain_name(text), []))


def _told(bearer: Bearer) -> str:
    homes = [
        *sorted(bearer.sure),
        *sorted(f"{h}?" for h in bearer.maybe - bearer.sure),
        *(["?"] if bearer.anywhere else []),
    ]
    return f"{bearer.key or '?'} ({', '.join(homes)})"


def plain_name(text: str) -> str:
    """How names are compared: without spaces, width, script, and kind of dot; what stands in brackets tells people apart."""
    return simplified("".join(even(text).split())).casefold().translate(_DOTS)


def namesakes_of(db: WorkDb, model: RecordModel, table: str, submitted: set[str]) -> Namesakes:
    """The names of a table that was read, before rows of one key are one record."""
    declared, paths = model.tables[table], model.tables[table].names_within
    name, key = str(declared.field_with("name")), model.key_of(table)
    forwards = [hop for p in paths if (hop := model.hop(table, p)) is not None]
    cells = ", ".join(f"{_cell(h)}, {_lost(model, h)}" for h in forwards)
    rows = db.load(f"select {column(key)}, {column(name)}, {cells or 'null'} from {column(table)} t order by {ROW}")
    known = (
        {k for (k,) in db.load(f"select {column(model.key_of(home))} from {column(home)}")}
        if (home := model.home_table(table))
        else set()
    )
    found = _Found(known, Counter(k for k, *_ in rows if k is not None))
    for bearer, text, *homes in rows:
        found.add(bearer, text, list(zip(homes[::2], homes[1::2], strict=True)) if forwards else [])
    for path in paths:
        first, _, last = path.partition(".")
        hop = model.hop(table, first)
        if last and hop is not None and hop.holder in submitted:
            found.moved(_moves(db, model, hop, last))
    return Namesakes(dict(found.by_name), found.nameless)


def _cell(hop: Hop) -> str:
    return f"t.{column(hop.key.field)}"


def _lost(model: RecordModel, hop: Hop, *, is_first: bool = False) -> str:
    """SQL: nobody knows to which record a row refers. Columns and tables that nobody keeps say nothing, but for the first."""
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

    def add(self, key: str | None, name: str | None, homes: Iterable[tuple[str | None, bool]]) -> None:
        """A row: of several with one key nobody knows which one holds."""
        bearer = Bearer(key)
        for home, lost in homes:
            self._put(bearer, home, lost=lost, sure=key is None or self.rows[key] == 1)
        if key is not None:
            self.by_key[key].append(bearer)
        same = self.by_name[plain_name(name)] if name is not None else self.nameless
        twin = next((b for b in same if key is not None and b.key == key), None)
        if twin is None:
            same.append(bearer)
        else:
            twin.maybe |= bearer.maybe
            twin.anywhere |= bearer.anywhere

    def moved(self, moves: Iterable[tuple[str | None, str | None, bool]]) -> None:
        """Where records were before, or came to later; a name there may mean each of those who bear it."""
        for who, where, lost in moves:
            for bearer, sure in self._meant(who):
                self._put(bearer, where, lost=lost, sure=sure)

    def _meant(self, who: str | None) -> Iterator[tuple[Bearer, bool]]:
        if who is None:
            yield from ((b, False) for bearers in self.by_name.values() for b in bearers)
        elif who in self.by_key:
            yield from ((b, self.rows[who] == 1) for b in self.by_key[who])
        else:
            yield from ((b, False) for b in self.by_name.get(plain_name(who), []))

    def _put(self, bearer: Bearer, home: str | None, *, lost: bool, sure: bool) -> None:
        if home is None:
            bearer.anywhere |= lost
        elif home not in self.known:
            bearer.anywhere = True
        else:
            (bearer.sure if sure else bearer.maybe).add(home)
