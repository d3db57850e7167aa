"""Standards: from YAML to checked rules."""

from orgaudit.standards.breaches import SUBJECT, breach_name, rules_spoken_of
from orgaudit.standards.calendars import CalendarKeys
from orgaudit.standards.clauses import Clause, clauses_of
from orgaudit.standards.compiled import Compiled, load_standards
from orgaudit.standards.definitions import nodes_of
from orgaudit.standards.describe import describe, describe_apart
from orgaudit.standards.drafts import REMOVED, Draft
from orgaudit.standards.language import ClausesKeys, StandardKeys
from orgaudit.standards.load import (
    find_record_model,
    find_standard,
    load_standard,
    record_model_of,
    shipped_folder,
    shipped_standards,
)
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
from orgaudit.standards.reading import way_to
from orgaudit.standards.rules import Change, EachOf, Exemption, Number, Parameter, Reading, Rule, Season, Standard
from orgaudit.standards.uses import compared_with
from orgaudit.standards.vocabulary import fraction_of

__all__ = [
    "REMOVED",
    "SUBJECT",
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
    "find_record_model",
    "find_standard",
    "fraction_of",
    "load_standard",
    "load_standards",
    "needs_of",
    "nodes_of",
    "record_model_of",
    "rules_spoken_of",
    "shipped_folder",
    "shipped_standards",
    "way_to",
]
