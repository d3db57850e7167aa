"""What could not be read of records, and what was repaired in reading them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

#: codes of what needs no correction and is only said
NOTICES = frozenset(
    {
        "later-than-as-of",
        "missing-label",
        "table-not-submitted",
        "not-reported",
        "left-out-of-derivation",
        "empty-file",
        "heading-row",
        "total-row",
        "sample-row",
        "signature-row",
        "heading-again",
        "name-beside-key",
        "key-counts-rows",
        "hidden-sheet",
        "unused-pattern",
    }
)


#: problems of a reference in whose cell a name may stand
STRAY = frozenset({"name-for-key", "foreign-key"})


@dataclass(frozen=True)
class Problem:
    """One problem: a code, where it stands, the value, and what the message about it needs."""

    code: str
    file: str = ""
    row: int | None = None
    column: str | None = None
    value: str | None = None
    table: str | None = None
    values: Mapping[str, object] = field(default_factory=dict, hash=False, compare=False)

    @property
    def is_notice(self) -> bool:
        """Whether it is only said, not to be corrected."""
        return self.code in NOTICES

    @property
    def order(self) -> tuple[str, int, str, str, str]:
        """The fixed order of problems in every output."""
        return self.file, self.row or 0, self.column or "", self.code, self.value or ""


@dataclass(frozen=True)
class Repair:
    """Repairs of one kind in one column of one file: how many, and the first of them."""

    file: str
    table: str
    column: str
    field: str
    kind: str
    count: int
    row: int
    before: str
    after: str
