"""The words that every output shares: verdicts, what people decided about them, and how grave a breach is."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

Text = Mapping[str, str]


class Verdict(StrEnum):
    """What the records say of one check; the worst first."""

    ERROR = "error"
    FAIL = "fail"
    UNKNOWN = "unknown"
    PENDING = "pending"
    PASS = "pass"
    NOT_APPLICABLE = "not_applicable"


class Disposition(StrEnum):
    """What people decided about a finding; `open` until they do."""

    OPEN = "open"
    WAIVED = "waived"
    BASELINED = "baselined"
    ADVISORY = "advisory"


class Severity(StrEnum):
    """How grave a breach is; the gravest first."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    INFO = "info"


Tally = dict[str, int]


_NONE: Tally = {v.value: 0 for v in Verdict}


def empty_tally() -> Tally:
    """No check of any verdict."""
    return _NONE.copy()
