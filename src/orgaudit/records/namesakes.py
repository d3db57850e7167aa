"""Names that tell a record from others only within a home: who bears one there, and whether that is certain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from orgaudit.recordmodel import even, simplified
from orgaudit.records.beside import bare_name
from orgaudit.records.names import is_masked

_DOTS = str.maketrans(dict.fromkeys("•・.‧∙", "·"))  #: ways to write the dot inside a name


@dataclass(eq=False)
class Bearer:
    """A record that may bear a name: its key, the homes in which it certainly is or was, and those where it may be.

    `anywhere`: nobody knows where it is, or was. `month` stands beside the name; None: not known. A record without a
    key cannot be referred to, and is there all the same.
    """

    key: str | None
    name: str | None = None
    home: str | None = None
    month: date | None = None
    row: int = 0
    sure: set[str] = field(default_factory=set)
    maybe: set[str] = field(default_factory=set)
    anywhere: bool = False

    def may_be_in(self, home: str) -> bool:
        """Whether nothing says that it is, or was, never there."""
        return self.anywhere or home in self.sure or home in self.maybe

    def may_be_of(self, month: date | None) -> bool:
        """Whether nothing says that another month stands beside its name."""
        return None in (month, self.month) or month == self.month

    def may_be(self, other: Bearer) -> bool:
        """Whether two records of one name, or of a name that is not known, may be one: no home and no month tells them apart."""
        together = self.anywhere or other.anywhere or any(map(other.may_be_in, self.sure | self.maybe))
        return together and self.may_be_of(other.month)


@dataclass
class Namesakes:
    """The bearers of each name, and the records whose name is not known: any of them may bear it."""

    by_name: dict[str, list[Bearer]]
    nameless: list[Bearer]
    #: of texts that have a month after a name, both
    beside: dict[str, tuple[str, date]] = field(default_factory=dict)

    def key_of(self, text: str, home: str | None) -> str | None:
        """The key of the one record that bears a name (and month, if one is written) in its home; None unless that is certain."""
        if home is None or is_masked(text):
            return None
        name, month = self.beside.get(text, (text, None))
        of_month = [b for b in self._of(name) if b.may_be_of(month)] if month else []
        bearers = [b for b in [*self._of(text), *of_month] if b.may_be_in(home)]
        others = [b for b in self.nameless if b.may_be_in(home) and b.may_be_of(month)]
        if len(bearers) != 1 or others or home not in bearers[0].sure:
            return None
        return None if bearers == of_month and bearers[0].month is None else bearers[0].key

    def all(self) -> list[Bearer]:
        """All bearers of names, in the order of their rows; of several rows of one key and name the first."""
        return sorted([*self.nameless, *(b for same in self.by_name.values() for b in same)], key=lambda b: b.row)

    def candidates(self, text: str) -> list[str]:
        """Those who bear a name, or what stands before brackets, each with where it is."""
        names = dict.fromkeys((text, bare_name(text)))
        return sorted(_told(b) for b in dict.fromkeys(b for name in names for b in self._of(name)))

    def twins(self, bearer: Bearer) -> Iterator[Bearer]:
        """The other records that may be the same one."""
        same = [*(self._of(bearer.name) if bearer.name else ()), *self.nameless]
        return (b for b in same if b is not bearer and b.may_be(bearer))

    def _of(self, name: str) -> list[Bearer]:
        return self.by_name.get(plain_name(name), [])


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
