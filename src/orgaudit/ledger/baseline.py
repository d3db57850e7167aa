"""Baselines: what an audit before has told already; only what is new or has got worse fails."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orgaudit.errors import OrgauditError, Where
from orgaudit.findings import Disposition, Finding, Verdict


@dataclass(frozen=True)
class Before:
    """The failures of an audit, by identifier, each with its level."""

    failures: Mapping[str, str | None]
    findings: Mapping[str, Mapping[str, Any]]

    def knows(self, finding: Finding) -> bool:
        """Whether a failure was there before, and not on a lower level."""
        if finding.id not in self.failures:
            return False
        levels = list(finding.rule.of_part(finding.part).levels)
        return grade(finding.level, levels) <= grade(self.failures[finding.id], levels)


def grade(level: str | None, levels: Sequence[str]) -> int:
    """The place of a level on its ladder; -1 below it."""
    return levels.index(level) if level in levels else -1


def read_audit(path: Path) -> dict[str, Any]:
    """The JSON that `orgaudit check` wrote; raises OrgauditError where it is none."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as e:
        raise OrgauditError("no-audit", {"reason": str(e)}, Where(path.as_posix())) from e
    if not isinstance(data, dict) or "orgaudit" not in data or not isinstance(data.get("findings"), list):
        raise OrgauditError("no-audit", {"reason": "orgaudit, findings"}, Where(path.as_posix()))
    return data


def before_of(data: Mapping[str, Any]) -> Before:
    """The failures that an audit told."""
    failing = [f for f in data["findings"] if f["verdict"] == Verdict.FAIL.value and f["disposition"] != "advisory"]
    return Before({f["id"]: f.get("level") for f in failing}, {f["id"]: f for f in data["findings"]})


def is_new(finding: Finding) -> bool:
    """Whether it is an open failure."""
    return finding.verdict is Verdict.FAIL and finding.disposition is Disposition.OPEN
