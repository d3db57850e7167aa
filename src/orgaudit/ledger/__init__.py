"""From month to month: what people decided about findings."""

from orgaudit.ledger.waivers import WaiversKeys

__all__ = ["WaiversKeys"]
