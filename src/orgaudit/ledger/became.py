"""What became of the failures of an audit in a later one: the one reading that `diff` and the report share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from orgaudit.ledger.baseline import Before, grade

#: of a failure of now; of a failure of then that is none any more
STILL, GONE = ("new", "escalated", "persisting"), ("undecided", "cured", "unasked")


@dataclass(frozen=True)
class Later:
    """What of a later audit counts: failures by identifier, each with its level and the ladder it stands on; what else it
    found of rules that bind; the rules it asks (`(standard, rule)`), and the first day it looks at (`2024-01-01`).
    """

    failures: Mapping[str, tuple[str | None, Sequence[str]]]
    undecided: Set[str]
    advised: Set[str]
    rules: Set[tuple[str, str]]
    first: str


def became(before: Before, later: Later) -> dict[str, str]:
    """One of STILL for each failure of the later audit, one of GONE for each other of the earlier, by identifier.

    Cured is what is still asked (the same rule, as a duty, of a time that reaches into the audited period) and of which
    nothing is found now: what cannot be decided any more is undecided.
    """
    states = {key: _state(before, key, *found) for key, found in later.failures.items()}
    gone = (key for key in before.failures if key not in later.failures)
    return states | {key: _gone(before.findings[key], later) for key in gone}


def _state(before: Before, key: str, level: str | None, ladder: Sequence[str]) -> str:
    if key not in before.failures:
        return "new"
    return "persisting" if grade(level, ladder) <= grade(before.failures[key], ladder) else "escalated"


def _gone(told: Mapping[str, Any], later: Later) -> str:
    if told["id"] in later.undecided:
        return "undecided"
    is_rule = (told["standard"], told["rule"]) in later.rules and told["id"] not in later.advised
    return "cured" if is_rule and (told["period"]["end"] or later.first) >= later.first else "unasked"
