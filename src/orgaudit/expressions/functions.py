"""The listed functions with their types: a contract that is the same on every engine."""

from __future__ import annotations

from dataclasses import dataclass

from orgaudit.expressions.tree import Type


@dataclass(frozen=True)
class Function:
    """Argument types (`any`: all of one type; a last `...` repeats), result type and the name engines know it by."""

    args: tuple[Type, ...]
    result: Type
    sql: str
    variadic: bool = False


FUNCTIONS: dict[str, Function] = {
    "days": Function(("date", "date"), "integer", "oa_days"),
    "whole_months": Function(("date", "date"), "integer", "oa_whole_months"),
    "whole_years": Function(("date", "date"), "integer", "oa_whole_years"),
    "month_index": Function(("date",), "integer", "oa_month_index"),
    "year": Function(("date",), "integer", "year"),
    "quarter": Function(("date",), "integer", "quarter"),
    "month": Function(("date",), "integer", "month"),
    "weekday": Function(("date",), "integer", "oa_weekday"),
    "date": Function(("integer", "integer", "integer"), "date", "oa_date"),
    "add_days": Function(("date", "integer"), "date", "oa_add_days"),
    "add_months": Function(("date", "integer"), "date", "oa_add_months"),
    "add_years": Function(("date", "integer"), "date", "oa_add_months"),
    "last_weekday": Function(("date", "string"), "date", "oa_last_weekday"),
    "anniversary": Function(("date", "integer"), "date", "oa_anniversary"),
    "lower": Function(("string",), "string", "lower"),
    "trim": Function(("string",), "string", "trim"),
    "length": Function(("string",), "integer", "length"),
    "starts_with": Function(("string", "string"), "boolean", "starts_with"),
    "has": Function(("list", "string"), "boolean", "oa_has"),
    "abs": Function(("number",), "number", "abs"),
    "coalesce": Function(("any", "any"), "any", "coalesce", variadic=True),
    "least": Function(("any", "any"), "any", "least", variadic=True),
    "greatest": Function(("any", "any"), "any", "greatest", variadic=True),
}

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
