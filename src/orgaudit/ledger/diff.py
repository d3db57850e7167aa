"""Two audits side by side, as their JSON tells them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orgaudit.ledger.baseline import before_of
from orgaudit.ledger.became import GONE, STILL, Later, became

PARTS = (*STILL, *GONE)  #: of a difference, in their order

Told = Mapping[str, Any]  #: a finding as the JSON has it


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Told]]:
    """The failures of two audits by what became of them (PARTS); each as the later audit tells it, if it does."""
    old, now = before_of(before), {f["id"]: f for f in after["findings"]}
    parts: dict[str, list[Told]] = {part: [] for part in PARTS}
    for key, state in became(old, _later(after)).items():
        parts[state].append(now.get(key) or old.findings[key])
    return parts


def _later(after: Mapping[str, Any]) -> Later:
    rules = {(r["standard"], r["rule"]): r for r in after["rules"]}
    failures = before_of(after).failures
    of_rule = {f["id"]: _ladder(rules.get((f["standard"], f["rule"]), {}), f.get("part")) for f in after["findings"]}
    advised = {f["id"] for f in after["findings"] if f["disposition"] == "advisory"}
    return Later(
        {key: (level, of_rule[key]) for key, level in failures.items()},
        of_rule.keys() - failures.keys() - advised,
        advised,
        rules.keys(),
        after["period"]["start"],
    )


def _ladder(rule: Told, part: str | None) -> list[str]:
    """The levels of a rule, or of the part of it that a finding is about, from the lowest."""
    return list(rule.get("parts", {}).get(part, rule).get("levels", {}))
