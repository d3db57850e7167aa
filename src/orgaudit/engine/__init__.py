"""The engine: records against standards."""

from orgaudit.engine.audit import audit
from orgaudit.engine.derivation import Derivation, Heard, Measured
from orgaudit.engine.evidence import Seen
from orgaudit.engine.size import MOST_CHECKS, checks_made

__all__ = ["MOST_CHECKS", "Derivation", "Heard", "Measured", "Seen", "audit", "checks_made"]
