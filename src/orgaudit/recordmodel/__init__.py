"""The record model: which tables there are, what their fields mean, how records refer to one another."""

from orgaudit.recordmodel.fields import DATES, BlankValue, Category, Field, FieldType, first_day
from orgaudit.recordmodel.load import load_record_model
from orgaudit.recordmodel.model import KIN, Hop, RecordModel
from orgaudit.recordmodel.reserved import RESERVED, is_name
from orgaudit.recordmodel.spelling import UNSEEN, even, language_written, simplified, spelled, spellings
from orgaudit.recordmodel.standing import replaced, standing_in
from orgaudit.recordmodel.tables import (
    FIRST_DAY,
    LAST_DAY,
    NAME_MONTH,
    NEIGHBOURS,
    ROW_NUMBER,
    SUBJECT,
    About,
    Attest,
    Derivation,
    ForeignKey,
    Order,
    ReferenceTarget,
    Table,
)
from orgaudit.recordmodel.validation import Day, Said, Strict, StrList, Text, as_far_as_it_fits, validated, wrong_shape
from orgaudit.recordmodel.widen import widened

__all__ = [
    "DATES",
    "FIRST_DAY",
    "KIN",
    "LAST_DAY",
    "NAME_MONTH",
    "NEIGHBOURS",
    "RESERVED",
    "ROW_NUMBER",
    "SUBJECT",
    "UNSEEN",
    "About",
    "Attest",
    "BlankValue",
    "Category",
    "Day",
    "Derivation",
    "Field",
    "FieldType",
    "ForeignKey",
    "Hop",
    "Order",
    "RecordModel",
    "ReferenceTarget",
    "Said",
    "StrList",
    "Strict",
    "Table",
    "Text",
    "as_far_as_it_fits",
    "even",
    "first_day",
    "is_name",
    "language_written",
    "load_record_model",
    "replaced",
    "simplified",
    "spelled",
    "spellings",
    "standing_in",
    "validated",
    "widened",
    "wrong_shape",
]
