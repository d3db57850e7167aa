"""What is wrong with records: nothing is dropped in silence, and the audit goes on."""

from __future__ import annotations

from collections.abc import Iterable

from orgaudit.findings import Problem

#: how many problems of one kind in one column of one file are spelled out; the rest are counted
MOST_SHOWN = 200


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """The problems by file, row and column."""
    return sorted(problems, key=lambda p: p.order)


__all__ = ["MOST_SHOWN", "Problem", "in_order"]
