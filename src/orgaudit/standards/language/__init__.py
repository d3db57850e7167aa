"""The keys of a standard's YAML, as it is written; what they mean is docs/reference/language.md."""

from orgaudit.standards.language.bounds import BOUNDS, Bounded, LevelKeys, Number, Scalar, Severity
from orgaudit.standards.language.clauses import ClauseKeys, ClausesKeys, Disposition
from orgaudit.standards.language.measures import (
    AGGREGATES,
    MEASURES,
    TESTS,
    UNBOUNDED_MEASURES,
    Laddered,
    MeasureKeys,
    PartKeys,
    RatioKeys,
    ShareKeys,
    TestKeys,
)
from orgaudit.standards.language.rules import ExemptionKeys, InForce, Modality, RuleKeys, WindowKeys
from orgaudit.standards.language.standard import (
    BroughtKeys,
    NumberKeys,
    ReadingKeys,
    SourceKeys,
    StandardKeys,
    TableKeys,
)
from orgaudit.standards.language.tailoring import ChangeKeys, ExtendKeys, ParameterChangeKeys, ReadingChangeKeys

__all__ = [
    "AGGREGATES",
    "BOUNDS",
    "MEASURES",
    "TESTS",
    "UNBOUNDED_MEASURES",
    "Bounded",
    "BroughtKeys",
    "ChangeKeys",
    "ClauseKeys",
    "ClausesKeys",
    "Disposition",
    "ExemptionKeys",
    "ExtendKeys",
    "InForce",
    "Laddered",
    "LevelKeys",
    "MeasureKeys",
    "Modality",
    "Number",
    "NumberKeys",
    "ParameterChangeKeys",
    "PartKeys",
    "RatioKeys",
    "ReadingChangeKeys",
    "ReadingKeys",
    "RuleKeys",
    "Scalar",
    "Severity",
    "ShareKeys",
    "SourceKeys",
    "StandardKeys",
    "TableKeys",
    "TestKeys",
    "WindowKeys",
]
