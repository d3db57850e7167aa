"""The expressions of rules and record models: text → checked tree → three-valued SQL."""

from orgaudit.expressions.check import Names, Scope, check, check_condition, check_date, check_group
from orgaudit.expressions.intervals import UNBOUNDED, holds, truth
from orgaudit.expressions.paths import (
    Source,
    Walk,
    day_of,
    held_on,
    is_state,
    key_of,
    lifetime,
    name_of,
    owner_of,
    walk_path,
)
from orgaudit.expressions.rows import MISSING_BITS, ROW, SURE, UNKNOWN_BITS, Joins, Row, Value, target_column
from orgaudit.expressions.translate import Meanings, group_condition, in_group, to_truth, to_value
from orgaudit.expressions.tree import Exists, FieldRef, Group, InGroup, Node, NumberRef, Parameter, Recorded, Special, walk

__all__ = [
    "MISSING_BITS",
    "ROW",
    "SURE",
    "UNBOUNDED",
    "UNKNOWN_BITS",
    "Exists",
    "FieldRef",
    "Group",
    "InGroup",
    "Joins",
    "Meanings",
    "Names",
    "Node",
    "NumberRef",
    "Parameter",
    "Recorded",
    "Row",
    "Scope",
    "Source",
    "Special",
    "Value",
    "Walk",
    "check",
    "check_condition",
    "check_date",
    "check_group",
    "day_of",
    "group_condition",
    "held_on",
    "holds",
    "in_group",
    "is_state",
    "key_of",
    "lifetime",
    "name_of",
    "owner_of",
    "target_column",
    "to_truth",
    "to_value",
    "truth",
    "walk",
    "walk_path",
]
