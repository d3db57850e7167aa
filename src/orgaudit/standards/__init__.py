"""Standards: from YAML to checked rules."""

from orgaudit.standards.breaches import SUBJECT, breach_name
from orgaudit.standards.load import find_record_model, find_standard, load_standard, shipped_standards
from orgaudit.standards.rules import (
    Bound,
    BoundValue,
    Consecutive,
    Count,
    Done,
    Exemption,
    Level,
    Measure,
    Parameter,
    Reading,
    Require,
    Rule,
    Standard,
    ValueOf,
    Window,
)

__all__ = [
    "SUBJECT",
    "Bound",
    "BoundValue",
    "Consecutive",
    "Count",
    "Done",
    "Exemption",
    "Level",
    "Measure",
    "Parameter",
    "Reading",
    "Require",
    "Rule",
    "Standard",
    "ValueOf",
    "Window",
    "breach_name",
    "find_record_model",
    "find_standard",
    "load_standard",
    "shipped_standards",
]
