"""What the engine knows of a column before anyone looks at its cells: the figures that it keeps for passing over rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orgaudit.records.cells import column
from orgaudit.workdb import WorkDb


@dataclass(frozen=True)
class KnownColumn:
    """A column of which every cell is a text of ASCII characters or NULL.

    `least` and `greatest`: the first characters of the cells lie between these; `shortest`: bytes of the shortest one.
    `different`: about so many texts. `full`: no cell is NULL.
    """

    least: str
    greatest: str
    shortest: int
    different: int
    full: bool

    def may_begin(self, text: str) -> bool:
        """Whether a cell may begin as this text does."""
        return self.least <= text[:1] <= self.greatest


def known_columns(db: WorkDb, table: str, columns: Sequence[str]) -> dict[str, KnownColumn]:
    """What is known of columns (SQL over the rows `r` of a table); those that may hold other than ASCII are left out."""
    asked = ", ".join(f"stats({c})" for c in columns)
    rows = db.load(f"select {asked} from {column(table)} r limit 1") if columns else []
    found = ((c, _known(told)) for row in rows for c, told in zip(columns, row, strict=True))
    return {c: known for c, known in found if known is not None}


def _known(told: object) -> KnownColumn | None:
    # an engine that tells less, or in other words, leaves the column to be looked at
    if not isinstance(told, dict) or told.get("has_unicode") is not False:
        return None
    least, greatest, shortest = told.get("min"), told.get("max"), told.get("min_string_length")
    if not least or not greatest or not isinstance(shortest, int):
        return None
    if "\\" in (least[0], greatest[0]):  # so it writes a character that cannot be shown
        return None
    full = told.get("has_null") is False
    return KnownColumn(least[0], greatest[0], shortest, int(told.get("approx_unique") or 0), full)
