"""Two audits side by side: what is new, what got worse, what is still there, what is cured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from orgaudit.ledger.baseline import before_of, grade

Told = Mapping[str, Any]  #: a finding as the JSON has it


@dataclass(frozen=True)
class Difference:
    """The failures of two audits, parted; each as the later audit tells it, what is cured as the earlier one does."""

    new: list[Told]
    escalated: list[Told]
    persisting: list[Told]
    cured: list[Told]


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> Difference:
    """What changed from one audit to the next."""
    old, now = before_of(before), before_of(after)
    levels = {(r["standard"], r["rule"]): list(r.get("levels", {})) for r in after["rules"]}
    parts = Difference([], [], [], [])
    for key in now.failures:
        told = now.findings[key]
        if key not in old.failures:
            parts.new.append(told)
        else:
            ladder = levels.get((told["standard"], told["rule"]), [])
            worse = grade(told.get("level"), ladder) > grade(old.failures[key], ladder)
            (parts.escalated if worse else parts.persisting).append(told)
    parts.cured.extend(old.findings[key] for key in old.failures if key not in now.failures)
    return parts
