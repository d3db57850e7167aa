"""What the engine must know of a submission before it plans: what was handed in, and where it is silent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from orgaudit.expressions import Cells
from orgaudit.recordmodel import Hop


@dataclass
class Coverage:
    """For which days and organizations one table is complete; `None` for organizations means all of them."""

    first: date
    last: date
    organizations: frozenset[str] | None = None


@dataclass
class Facts:
    """What the engine must know of a submission before it plans.

    `filled`: tables that have a row; `open_references`: (table, field) whose column is missing from a file;
    `open_trees`: tables whose trees may lack pairs.
    """

    as_of: date
    first: date
    last: date
    submitted: set[str] = field(default_factory=set)
    filled: set[str] = field(default_factory=set)
    coverage: dict[str, Coverage] = field(default_factory=dict)
    doubtful: dict[tuple[str, str], str] = field(default_factory=dict)
    open_references: set[tuple[str, str]] = field(default_factory=set)
    open_trees: set[str] = field(default_factory=set)
    unplaced: dict[str, int] = field(default_factory=dict)
    silent: dict[str, frozenset[str]] = field(default_factory=dict)
    cells: Cells = field(default_factory=Cells)

    @property
    def lasting(self) -> Cells:
        """What is known of cells whatever is still to be settled: which tables nobody handed in."""
        return Cells(absent=self.cells.absent)

    def source(self, hop: Hop) -> tuple[str, str, bool]:
        """Where a backward step finds its rows: the table, or a view with rows that only may refer here."""
        view = self.doubtful.get((hop.holder, hop.key.field))
        return (view, "_to", True) if view else (hop.holder, hop.key.field, False)
