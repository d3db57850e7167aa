"""Texts of a form: days, years, periods, and one or several texts."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

_DAY = r"\d{4}-\d{2}-\d{2}"


def text(pattern: str, form: str) -> Schema:
    """A text of a form, and how the form is told to people."""
    return {"type": "string", "pattern": f"^({pattern})$", "errorMessage": f"this should be {form}"}


DAY = text(_DAY, "a day, as 2024-03-01")
DAYS = text(rf"{_DAY}(\.\.{_DAY})?", "a day, as 2024-03-01, or several, as 2024-02-10..2024-02-17")
YEAR = text(r"\d{4}", "a year, as 2024")
EVERY = text(
    r"week|month|quarter|half-year|year|(1|2|3|4|6|12) months",
    "week, month, quarter, half-year, year or N months, where N divides 12",
)
LENGTH = text(r"week|month|quarter|half-year|year|[1-9]\d* months", "week, month, quarter, half-year, year or N months")
#: one text, or a list of texts
TEXTS: Schema = {"type": ["string", "array"], "items": {"type": "string"}}
