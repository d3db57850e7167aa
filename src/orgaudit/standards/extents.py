"""Numbers and lengths of time that no audit has."""

from __future__ import annotations

from orgaudit.errors import OrgauditError
from orgaudit.expressions import LARGEST
from orgaudit.periods import Duration

_LONGEST = {"days": 366_000, "working days": 366_000, "months": 12_000}  #: about a thousand years


def refuse_too_large(number: float) -> None:
    """Raises OrgauditError for a number that engines would not keep exactly."""
    if abs(number) > LARGEST:
        raise OrgauditError("number-too-large", {"value": number, "most": LARGEST})


def refuse_too_long(duration: Duration) -> None:
    """Raises OrgauditError for more than a thousand years."""
    if duration.count > _LONGEST[duration.unit]:
        raise OrgauditError("duration-too-long", {"value": str(duration)})


def refuse_no_window(duration: Duration | None) -> None:
    """Raises OrgauditError for a window that has no day, or no end."""
    if duration is None:
        return
    refuse_too_long(duration)
    if duration.count == 0:
        raise OrgauditError("window-of-no-day", {"value": str(duration)})
