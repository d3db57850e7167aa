"""References by name: what is no key, but the name of one record only, or stands in the manifest's list of aliases.

Persons are never joined by name alone (`at_home` joins them where it is enough with something else): who bears the
same name is listed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field, replace

from orgaudit.recordmodel import RecordModel, spelled
from orgaudit.records.cells import column
from orgaudit.workdb import WorkDb

_MASK = "***"  #: in an identifier that was made unreadable


@dataclass
class Names:
    """The names of a table's records, as they are compared, each with the keys of those who bear it."""

    is_ambiguous: bool  #: a name alone tells nobody apart
    keys: Mapping[str, frozenset[str]]
    aliases: Mapping[str, str] = field(default_factory=dict)
    shared: Mapping[str, str] = field(default_factory=dict)  #: aliases of a name that does not mean one record

    def key_of(self, text: str) -> str | None:
        """The key of the one record that a text means; None where it may be none, several, or a person."""
        plain = spelled(text)
        if plain in self.aliases:
            return self.aliases[plain]
        found = self.keys.get(plain, frozenset())
        return next(iter(found)) if len(found) == 1 and not self.is_ambiguous and not is_masked(text) else None

    def candidates(self, text: str) -> list[str]:
        """The keys of the records that bear a name, or that another name of theirs stands for."""
        return sorted(self.keys.get(spelled(self.shared.get(spelled(text), text)), ()))


def is_masked(text: str) -> bool:
    """Whether an identifier was made unreadable: it joins nothing."""
    return _MASK in text


def names_of(db: WorkDb, model: RecordModel, table: str, aliases: Mapping[str, str]) -> Names:
    """The names of a table that was read; a table without names of its own has only aliases."""
    declared, found = model.tables[table], defaultdict[str, set[str]](set)
    name = declared.field_with("name")
    if name is not None and declared.by_name[name].type == "string":
        key = column(model.key_of(table))
        for bearer, text in db.load(
            f"select {key}, {column(name)} from {column(table)} where {column(name)} is not null"
        ):
            if bearer is not None:
                found[spelled(text)].add(bearer)
    is_ambiguous = bool(declared.names_within) or (name is not None and declared.by_name[name].personal)
    names = Names(is_ambiguous, {n: frozenset(k) for n, k in found.items()})
    return _with_aliases(names, aliases, set().union(*found.values()))


def _with_aliases(names: Names, aliases: Mapping[str, str], keys: Set[str]) -> Names:
    """The same with the manifest's aliases: of keys, or of names that mean one record."""
    by_key, shared = dict[str, str](), dict[str, str]()
    for text, of in aliases.items():
        if of in keys or of == text or not names.candidates(of):
            by_key[spelled(text)] = of
        elif (key := names.key_of(of)) is not None:
            by_key[spelled(text)] = key
        else:
            shared[spelled(text)] = of
    return replace(names, aliases=by_key, shared=shared)


def meant(names: Names, texts: Iterable[str]) -> dict[str, str]:
    """For each text that means one record its key."""
    return {text: key for text in texts if (key := names.key_of(text)) is not None}
