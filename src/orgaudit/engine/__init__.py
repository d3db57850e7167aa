"""The engine: records against standards."""

from orgaudit.engine.audit import audit
from orgaudit.engine.size import MOST_CHECKS, checks_made

__all__ = ["MOST_CHECKS", "audit", "checks_made"]
