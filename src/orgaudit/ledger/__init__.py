"""From month to month: what people decided about findings, and what changed from one audit to the next."""

from orgaudit.ledger.baseline import Before, before_of, read_audit
from orgaudit.ledger.decisions import decided
from orgaudit.ledger.diff import PARTS, difference
from orgaudit.ledger.trend import trend_of
from orgaudit.ledger.waivers import WaiversKeys, read_waivers

__all__ = [
    "PARTS",
    "Before",
    "WaiversKeys",
    "before_of",
    "decided",
    "difference",
    "read_audit",
    "read_waivers",
    "trend_of",
]
