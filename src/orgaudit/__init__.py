"""orgaudit audits an organization's records against codified standards, and explains every verdict.

    standard = load_standard("street-party-building")
    records = load_records(Path("records"), standard.model, default_as_of=date(2024, 12, 31))
    result = audit(records, [standard])

Names are imported when they are first used: `orgaudit --help` pays for none of them.
"""

from importlib import import_module
from typing import Any

_HOMES = {
    "audit": "orgaudit.engine",
    "load_standard": "orgaudit.standards",
    "load_records": "orgaudit.records",
    "load_record_model": "orgaudit.recordmodel",
    "Audit": "orgaudit.findings",
    "Finding": "orgaudit.findings",
    "Verdict": "orgaudit.findings",
    "OrgauditError": "orgaudit.errors",
}

__all__ = [
    "Audit",
    "Finding",
    "OrgauditError",
    "Verdict",
    "audit",
    "load_record_model",
    "load_records",
    "load_standard",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(_HOMES[name]), name)
