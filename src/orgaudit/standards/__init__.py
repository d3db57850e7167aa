"""Standards: from YAML to checked rules.

What reads them is imported when it is first used: an audit against standards that are kept compiled reads none.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from orgaudit.standards.breaches import breach_name, rules_spoken_of
from orgaudit.standards.compiled import Compiled, load_standards
from orgaudit.standards.describe import describe, describe_apart
from orgaudit.standards.measures import (
    Attest,
    Bound,
    BoundValue,
    Condition,
    Count,
    Distinct,
    Done,
    Gap,
    Grouped,
    Level,
    Measure,
    Part,
    Parts,
    Ratio,
    Require,
    Runs,
    Share,
    Test,
    Total,
    ValueOf,
    Window,
)
from orgaudit.standards.needs import needs_of
from orgaudit.standards.rules import Change, EachOf, Exemption, Number, Parameter, Reading, Rule, Season, Standard
from orgaudit.standards.uses import compared_with, nodes_of
from orgaudit.standards.values import fraction_of
from orgaudit.standards.whereabouts import find_standard, record_model_beside, shipped_folder, shipped_standards

if TYPE_CHECKING:
    from orgaudit.standards.calendars import CalendarKeys
    from orgaudit.standards.clauses import Clause, clauses_of
    from orgaudit.standards.drafts import REMOVED, Draft
    from orgaudit.standards.files import record_model_of
    from orgaudit.standards.language import ClausesKeys, StandardKeys
    from orgaudit.standards.load import load_standard

__all__ = [
    "REMOVED",
    "Attest",
    "Bound",
    "BoundValue",
    "CalendarKeys",
    "Change",
    "Clause",
    "ClausesKeys",
    "Compiled",
    "Condition",
    "Count",
    "Distinct",
    "Done",
    "Draft",
    "EachOf",
    "Exemption",
    "Gap",
    "Grouped",
    "Level",
    "Measure",
    "Number",
    "Parameter",
    "Part",
    "Parts",
    "Ratio",
    "Reading",
    "Require",
    "Rule",
    "Runs",
    "Season",
    "Share",
    "Standard",
    "StandardKeys",
    "Test",
    "Total",
    "ValueOf",
    "Window",
    "breach_name",
    "clauses_of",
    "compared_with",
    "describe",
    "describe_apart",
    "find_standard",
    "fraction_of",
    "load_standard",
    "load_standards",
    "needs_of",
    "nodes_of",
    "record_model_beside",
    "record_model_of",
    "rules_spoken_of",
    "shipped_folder",
    "shipped_standards",
]

_READERS = {
    "CalendarKeys": "calendars",
    "Clause": "clauses",
    "ClausesKeys": "language",
    "Draft": "drafts",
    "REMOVED": "drafts",
    "StandardKeys": "language",
    "clauses_of": "clauses",
    "load_standard": "load",
    "record_model_of": "files",
}


def __getattr__(name: str) -> Any:
    if name not in _READERS:
        raise AttributeError(name)
    return getattr(import_module(f"orgaudit.standards.{_READERS[name]}"), name)
