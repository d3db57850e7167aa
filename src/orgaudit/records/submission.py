"""From typed rows to what can be judged: one record for each key, references that lead somewhere, then what is derived."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from orgaudit.expressions import Cells
from orgaudit.recordmodel import RecordModel
from orgaudit.records.aliases import unknown_aliases
from orgaudit.records.at_home import NamesAtHome
from orgaudit.records.compute import compute
from orgaudit.records.coverage import coverage_of
from orgaudit.records.derive import derive_tables
from orgaudit.records.doubt import settle_doubt
from orgaudit.records.facts import Facts
from orgaudit.records.filled import know_cells, know_changed_cells
from orgaudit.records.keyless import Keyless
from orgaudit.records.manifest import Manifest
from orgaudit.records.neighbours import is_behind, link_neighbours
from orgaudit.records.references import References
from orgaudit.records.settle import settle, settle_days
from orgaudit.records.tables import Loader
from orgaudit.records.trees import plant_trees


@dataclass(frozen=True)
class Span:
    """The day an audit looks from, and the period it is about."""

    as_of: date
    first: date
    last: date


class Submission:
    """The typed rows of all files; `settle` and `derive`, in this order, make them ready."""

    def __init__(self, loader: Loader, manifest: Manifest, span: Span, submitted: set[str]) -> None:
        self.loader, self.manifest, self.db, self.model = loader, manifest, loader.db, loader.model
        self.problems, tables = loader.problems, self.model.tables
        self.handed_in = [name for name, table in tables.items() if not table.derive]
        self.filled = [name for name in self.handed_in if loader.rows.get(name)]
        cells = Cells(absent=frozenset(tables) - submitted)
        self.facts = Facts(span.as_of, span.first, span.last, submitted, set(self.filled), cells=cells)
        self.references = References(
            self.db, self.model, submitted, loader.files, loader.headings, manifest.aliases, loader.repairs
        )

    def settle(self) -> None:
        """One record for each key, no record later than the audit's day, references that lead somewhere; what is computed."""
        keyless = Keyless(self.references)
        told = list(keyless.settle(self.filled))
        self.problems[:] = [p for p in self.problems if not keyless.answers(p)] + told
        at_home = NamesAtHome(self.db, self.model, self.references, self.manifest.covers)
        self.problems += at_home.settle(self.filled)
        self.problems += settle(self.db, self.model, self.filled, self.facts.as_of, self.loader.files)
        self.problems += self.references.settle(self.filled)
        computed = compute(self.db, self.model, self.handed_in, self.facts)
        if computed:
            self._settle_computed(computed)

    def _settle_computed(self, computed: Collection[tuple[str, str]]) -> None:
        """Days and references may be computed, too."""
        too_late = list(settle_days(self.db, self.model, self.filled, self.facts.as_of))
        self.problems += too_late
        led = [n for n in self.filled if _may_lead_elsewhere(self.model, n, computed)]
        if led:
            self.references.forget_whole()
        self.problems += self.references.settle(self.filled if too_late else led)

    def derive(self) -> None:
        """Trees, neighbours and derived tables, rows that only may be there, and what is known of all of them."""
        db, model, facts, files = self.db, self.model, self.facts, self.loader.files
        self.problems += plant_trees(db, model, self.handed_in, facts, files)
        link_neighbours(db, model, self.filled, facts.lasting)
        know_cells(db, model, facts, self.handed_in)
        next_row = sum(self.loader.rows.values()) + 1
        self.problems += derive_tables(db, model, facts, next_row, self.references)
        self.problems += self.references.settle(self.filled, derived=True)
        link_neighbours(db, model, [n for n in self.filled if is_behind(model, n)], facts.lasting)
        self.problems += settle_doubt(db, model, facts, files)
        self.problems += coverage_of(db, model, self.manifest, facts)
        self.problems += unknown_aliases(db, model, self.manifest, facts)
        know_changed_cells(db, model, facts)


def _may_lead_elsewhere(model: RecordModel, name: str, computed: Collection[tuple[str, str]]) -> bool:
    """Whether a reference of a table, or a key that it leads to, has been computed."""
    return any(
        (name, here) in computed or (key.target, there) in computed
        for key in model.tables[name].foreignKeys
        for here, there in model.pairs(key)
    )
