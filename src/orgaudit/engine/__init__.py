"""The engine: records against standards."""

from orgaudit.engine.audit import audit

__all__ = ["audit"]
