"""The values that parameters hold, from the text that they are written as."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from orgaudit.errors import OrgauditError
from orgaudit.periods import parse_duration


def day_of(text: str) -> date:
    """2024-03-01"""
    try:
        return date.fromisoformat(text)
    except ValueError as e:
        raise OrgauditError("wrong-date", {"value": text}) from e


def type_of(value: object) -> str:
    """The type of a parameter's value, of its items where it is a list."""
    if isinstance(value, tuple):
        return type_of(value[0]) if value else "string"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "integer" if isinstance(value, int) else "number"
    if isinstance(value, date) or _is_day(str(value)):
        return "date"
    if fraction_of(str(value)) is not None:
        return "ratio"
    return "duration" if parse_duration(str(value)) else "string"


def _is_day(text: str) -> bool:
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False


def fraction_of(text: str) -> Fraction | None:
    """`30%`, `2.5%` or `1/3`; None if the text is neither."""
    number, slash, under = text.partition("/")
    try:
        if text.endswith("%"):
            return Fraction(text[:-1].strip()) / 100
        return Fraction(int(number), int(under)) if slash else None
    except (ValueError, ZeroDivisionError):
        return None
