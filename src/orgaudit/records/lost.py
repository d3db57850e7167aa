"""Cells that are blank, where nobody knows what should stand there."""

from __future__ import annotations

from orgaudit.expressions import MISSING_BITS, UNKNOWN_BITS
from orgaudit.recordmodel import ForeignKey, Table
from orgaudit.records.cells import column


def is_lost(table: Table, field: str, alias: str = "") -> str:
    """SQL: a cell is blank, and nobody knows what should stand there."""
    declared = table.by_name[field]
    blank = f"{alias}{column(field)} is null"
    if declared.constraints.required or declared.blank == "unknown":
        return blank
    return f"({blank} and {alias}{UNKNOWN_BITS} & {table.bits[field]} <> 0)"


def is_loose(table: Table, key: ForeignKey) -> str:
    """SQL: the reference of a row is unknown, though its columns were handed in."""
    lost = f"{key.field} is null" if key.is_several else is_lost(table, key.field)
    return f"({lost} and {MISSING_BITS} & {table.mask(key)} = 0)"
