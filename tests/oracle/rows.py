"""Rows as they were handed in, and the records that they become."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .model import Key
from .values import NONE, UNKNOWN, Truth, Value, is_blank, text_of


@dataclass
class RawRow:
    cells: dict[str, str | None]
    file: str
    line: int


Raw = dict[str, list[RawRow]]


@dataclass(eq=False)
class Record:
    table: str
    values: dict[str, Value]
    recorded: dict[str, Truth]
    text: dict[str, str]
    file: str = ""
    line: int = 0
    files: list[str] = field(default_factory=list)  # every one that has a row of it
    exists: bool = True  # not later than as_of
    targets: dict[str, Any] = field(default_factory=dict)  # reference -> Record, UNKNOWN or NONE
    not_placed: set[str] = field(default_factory=set)  # references that cannot be placed
    each: dict[str, Any] = field(default_factory=dict)  # of a breach
    is_computed: bool = False

    def __repr__(self) -> str:
        return f"<{self.table} {'/'.join(self.text.values())[:40]}>"


#: the whole audit, where it is what a rule is about
AUDIT = Record("audit", {}, {}, {"key": "audit"})


def is_breach(record: Any) -> bool:
    return isinstance(record, Record) and record.table.startswith("breaches of ")


def field_of(record: Any, name: str) -> Value:
    """A field of a record, of an unknown one, of none, of one that does not exist yet."""
    if record is UNKNOWN or record is NONE:
        return record
    return record.values[name] if record.exists else UNKNOWN


def held_key(record: Record, key: Key) -> Value:
    """The key that a row holds: UNKNOWN as soon as a part is unknown, NONE where a part is none."""
    cells = [record.values[c] for c in key.columns]
    if UNKNOWN in cells:
        return UNKNOWN
    if any(is_blank(c) for c in cells):
        return NONE
    return "/".join(text_of(c) for c in cells)
