"""JSON Schemas of the files that people write: what pydantic says of a model, brought into a shape that editors can speak of."""

from orgaudit.schemas.demands import (
    Demands,
    demanded,
    exactly_one,
    if_given,
    named,
    one_at_least,
    one_at_most,
    refused,
)
from orgaudit.schemas.shape import published
from orgaudit.schemas.words import DAY, DAYS, EVERY, LENGTH, TEXTS, YEAR, text

__all__ = [
    "DAY",
    "DAYS",
    "EVERY",
    "LENGTH",
    "TEXTS",
    "YEAR",
    "Demands",
    "demanded",
    "exactly_one",
    "if_given",
    "named",
    "one_at_least",
    "one_at_most",
    "published",
    "refused",
    "text",
]
