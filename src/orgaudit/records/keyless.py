"""Files without a column of keys: a key is made for each record that its name, its home and its month tell from all others."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from orgaudit.expressions import FILE, LINE, MISSING_BITS, ROW, UNKNOWN_BITS
from orgaudit.findings import Problem, Repair
from orgaudit.records.cells import column
from orgaudit.records.counted import counted_files
from orgaudit.records.namesakes import Bearer, Namesakes, plain_name
from orgaudit.records.problems import MOST_SHOWN
from orgaudit.records.references import References
from orgaudit.records.way_home import namesakes_in, settle_way

_MADE = "made keys"
#: problems that a made key answers: its column, or a cell of it, is missing
_ANSWERED = {"missing-label", "missing-required-label", "required-value", "required-value-more"}


@dataclass
class Keyless:
    """Makes keys for the rows of files that have none; before names are settled, since these may mean such records."""

    references: References
    _answered: set[tuple[str, str, str]] = field(default_factory=set)

    def settle(self, names: Sequence[str]) -> Iterator[Problem]:
        """Puts made keys into the tables; a row that may be another's record gets none, and is a problem."""
        for name in names:
            if self._can_have_made_keys(name):
                yield from self._forget_counts(name)
                files = self._files(name)
                if files:
                    yield from self._table(name, files)

    def answers(self, problem: Problem) -> bool:
        """Whether a problem told that there are no keys in a file in which keys were made since."""
        place = problem.file, problem.table or "", problem.column or ""
        return problem.code in _ANSWERED and place in self._answered

    def _can_have_made_keys(self, name: str) -> bool:
        """Whether its keys are texts, and its names are told apart within records that were handed in."""
        model, table = self.references.model, self.references.model.tables[name]
        is_text = len(table.primaryKey) == 1 and table.by_name[model.key_of(name)].type == "string"
        return is_text and model.home_table(name) in self.references.submitted and "." not in table.names_within[0]

    def _forget_counts(self, name: str) -> Iterator[Problem]:
        """Takes away what stands for a key and only counts the rows of its file."""
        model, table, db = self.references.model, self.references.model.tables[name], self.references.db
        key, called = model.key_of(name), table.field_with("name")
        for file in counted_files(db, name, key, called) if called else ():
            db.change(
                name,
                f"update {column(name)} set {column(key)} = null, {UNKNOWN_BITS} = {UNKNOWN_BITS} | {table.bits[key]} "
                f"where {FILE} = {file}",
            )
            heading = self.references.headings.get((file, name, key), key)
            yield Problem("key-counts-rows", self.references.files[file], column=heading, table=name)
            self.references.forget_whole()

    def _files(self, name: str) -> list[int]:
        """The files in which no row of a table has a key."""
        key = column(self.references.model.key_of(name))
        files = f"select {FILE} from {column(name)} group by {FILE} having count({key}) = 0 order by {FILE}"
        return [number for (number,) in self.references.db.load(files)]

    def _table(self, name: str, files: Sequence[int]) -> Iterator[Problem]:
        settle_way(self.references, [(name, path) for path in self.references.model.tables[name].names_within])
        places, known = self._places(name), namesakes_in(self.references, name)
        keyless = [b for b in known.all() if b.row in places and places[b.row].file in files]
        made = _made(known, keyless)
        told, settled = _Told(self.references, name, known, places), {places[row].file for row in made}
        self._answered |= {at for file in settled for at in told.places_of_key(file)}
        yield from told.problems([b for b in keyless if b.row not in made], settled)
        self.references.repairs += told.repairs([b for b in keyless if b.row in made], made)
        self._put(name, made)

    def _places(self, name: str) -> dict[int, _Place]:
        """Where the rows without a key stand."""
        key = column(self.references.model.key_of(name))
        rows = self.references.db.load(f"select {ROW}, {FILE}, {LINE} from {column(name)} where {key} is null")
        return {row: _Place(file, line) for row, file, line in rows}

    def _put(self, name: str, made: Mapping[int, str]) -> None:
        """The keys into their cells, which are known then; who bears which name is to be asked again."""
        if not made:
            return
        db, table, key = self.references.db, self.references.model.tables[name], self.references.model.key_of(name)
        db.fill(_MADE, {"row": "bigint", "key": "varchar"}, list(made.items()))
        known = ", ".join(f"{bits} = t.{bits} & ~{table.bits[key]}" for bits in (UNKNOWN_BITS, MISSING_BITS))
        db.change(
            name,
            f"update {column(name)} t set {column(key)} = m.key, {known} from {column(_MADE)} m where m.row = t.{ROW}",
        )
        db.drop(_MADE)
        self.references.namesakes.pop(name)
        self.references.forget_names()
        self.references.forget_whole()


@dataclass(frozen=True)
class _Place:
    file: int
    line: int


@dataclass
class _Told:
    """What is said of the rows of a table that had no key."""

    references: References
    table: str
    known: Namesakes
    places: Mapping[int, _Place]

    def places_of_key(self, file: int) -> set[tuple[str, str, str]]:
        """Where problems may say that a file has no keys: the field, or what stands above its column."""
        key = self.references.model.key_of(self.table)
        headings = {key, self.references.headings.get((file, self.table, key), key)}
        return {(self.references.files[file], self.table, heading) for heading in headings}

    def repairs(self, bearers: Sequence[Bearer], made: Mapping[int, str]) -> Iterator[Repair]:
        """How many keys were made in each file, told at the names that they were made of."""
        counts = Counter(self.places[b.row].file for b in bearers)
        first = {self.places[b.row].file: b for b in reversed(bearers)}
        for file, count in sorted(counts.items()):
            bearer, heading = first[file], self._heading(file)
            at = self.references.files[file], self.table, heading, self._name
            yield Repair(*at, "made-key", count, self.places[bearer.row].line, str(bearer.name), made[bearer.row])

    def problems(self, bearers: Sequence[Bearer], files: Set[int]) -> Iterator[Problem]:
        """The rows that got no key; where nothing is known to make one of, only in files in which keys were made."""
        told = [b for b in bearers if _is_placed(b) or self.places[b.row].file in files]
        for bearer in told[:MOST_SHOWN]:
            place = self.places[bearer.row]
            at = self.references.files[place.file], place.line, self._heading(place.file), bearer.name, self.table
            if _is_placed(bearer):
                twins = sorted(map(self._named, self.known.twins(bearer)))
                yield Problem("key-not-certain", *at, {"candidates": ", ".join(twins[:10])})
            else:
                yield Problem("key-not-made", *at)
        if len(told) > MOST_SHOWN:
            more = {"count": len(told) - MOST_SHOWN}
            yield Problem("key-not-made-more", column=self._name, table=self.table, values=more)

    @property
    def _name(self) -> str:
        return str(self.references.model.tables[self.table].field_with("name"))

    def _heading(self, file: int) -> str:
        return self.references.headings.get((file, self.table, self._name), self._name)

    def _named(self, twin: Bearer) -> str:
        place = self.places.get(twin.row)
        return f"{self.references.files[place.file]}:{place.line}" if place else str(twin.key)


def _is_placed(bearer: Bearer) -> bool:
    """Whether there is anything to make a key of."""
    return bearer.name is not None and bearer.home is not None


def _made(known: Namesakes, keyless: Sequence[Bearer]) -> dict[int, str]:
    """For each row that is certainly a record of its own the key that is made for it; none that is there already."""
    made = {b.row: _key(b) for b in keyless if _is_placed(b) and next(known.twins(b), None) is None}
    taken = Counter([*made.values(), *{b.key for b in known.all() if b.key is not None}])
    return {row: key for row, key in made.items() if taken[key] == 1}


def _key(bearer: Bearer) -> str:
    """The same for the same name, home and month; it does not say the name, since keys are shown where names are not."""
    told = plain_name(str(bearer.name)), str(bearer.home), bearer.month.isoformat()[:7] if bearer.month else ""
    return f"{bearer.home}~{b32encode(hashlib.sha256(chr(31).join(told).encode()).digest())[:8].decode()}"
