"""References by name: what is no key, but the name of one record only, or stands in the manifest's list of aliases.

Persons are never joined by name alone (`at_home` joins them where it is enough with something else): who bears the
same name is listed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

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

    def key_of(self, text: str) -> str | None:
        """The key of the one record that a text means; None where it may be none, several, or a person."""
        plain = spelled(text)
        if plain in self.aliases:
            return self.aliases[plain]
        found = self.keys.get(plain, frozenset())
        return next(iter(found)) if len(found) == 1 and not self.is_ambiguous and not is_masked(text) else None

    def candidates(self, text: str) -> list[str]:
        """The keys of the records that bear a name."""
        return sorted(self.keys.get(spelled(text), ()))


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
    keys = {n: frozenset(k) for n, k in found.items()}
    return Names(is_ambiguous, keys, {spelled(t): k for t, k in aliases.items()})


def meant(names: Names, texts: Iterable[str]) -> dict[str, str]:
    """For each text that means one record its key."""
    return {text: key for text in texts if (key := names.key_of(text)) is not None}
