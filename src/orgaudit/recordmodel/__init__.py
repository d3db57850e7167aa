"""The record model: which tables there are, what their fields mean, how records refer to one another."""

from orgaudit.recordmodel.load import load_record_model
from orgaudit.recordmodel.model import BlankValue, Field, ForeignKey, Hop, RecordModel, Table, spelled
from orgaudit.recordmodel.validation import Strict, known_languages, validated, wrong_shape

__all__ = [
    "BlankValue",
    "Field",
    "ForeignKey",
    "Hop",
    "RecordModel",
    "Strict",
    "Table",
    "known_languages",
    "load_record_model",
    "spelled",
    "validated",
    "wrong_shape",
]
