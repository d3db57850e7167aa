"""What is wrong with records: nothing is dropped in silence, and the audit goes on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

#: how many problems of one kind in one column of one file are spelled out; the rest are counted
MOST_SHOWN = 200

#: codes of what needs no correction and is only said
NOTICES = frozenset(
    {"later-than-as-of", "missing-label", "table-not-submitted", "not-reported", "left-out-of-derivation", "empty-file"}
)


@dataclass(frozen=True)
class Problem:
    """One problem: a code, where it stands, the value, and what the message about it needs."""

    code: str
    file: str = ""
    row: int | None = None
    column: str | None = None
    value: str | None = None
    table: str | None = None
    values: dict[str, object] = field(default_factory=dict, hash=False, compare=False)

    @property
    def is_notice(self) -> bool:
        """Whether it is only said, not to be corrected."""
        return self.code in NOTICES

    @property
    def order(self) -> tuple[str, int, str, str, str]:
        """The fixed order of problems in every output."""
        return self.file, self.row or 0, self.column or "", self.code, self.value or ""


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """The problems by file, row and column."""
    return sorted(problems, key=lambda p: p.order)
