"""The listed functions with their types: a contract that is the same on every engine."""

from __future__ import annotations

from dataclasses import dataclass

from orgaudit.expressions.tree import Type


@dataclass(frozen=True)
class Function:
    """Argument types (`any`: all of one type), result type and the name engines know it by.

    The last argument of a variadic one repeats, the last `optional` ones may be left out; one `of_records` belongs to
    record models.
    """

    args: tuple[Type, ...]
    result: Type
    sql: str
    variadic: bool = False
    optional: int = 0
    of_records: bool = False

    def takes(self, count: int) -> bool:
        """Whether it can be given so many arguments."""
        most = count if self.variadic else len(self.args)
        return max(len(self.args) - self.optional, 1) <= count <= most


FUNCTIONS: dict[str, Function] = {
    "days": Function(("date", "date"), "integer", "oa_days"),
    "whole_months": Function(("date", "date"), "integer", "oa_whole_months"),
    "whole_years": Function(("date", "date"), "integer", "oa_whole_years"),
    "month_index": Function(("date",), "integer", "oa_month_index"),
    "year": Function(("date",), "integer", "year"),
    "quarter": Function(("date",), "integer", "quarter"),
    "month": Function(("date",), "integer", "month"),
    "weekday": Function(("date",), "integer", "oa_weekday"),
    "working_days": Function(("date", "date"), "integer", "oa_working_days"),
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
    # texts are cut, put together and read in record models: rules find them made
    "substr": Function(("string", "integer", "integer"), "string", "oa_substr", optional=1, of_records=True),
    "replace": Function(("string", "string", "string"), "string", "replace", of_records=True),
    "split_part": Function(("string", "string", "integer"), "string", "oa_split_part", of_records=True),
    "upper": Function(("string",), "string", "upper", of_records=True),
    "concat": Function(("string", "string"), "string", "oa_concat", variadic=True, of_records=True),
    "like": Function(("string", "string"), "boolean", "oa_like", of_records=True),
    "to_integer": Function(("string",), "integer", "oa_to_integer", of_records=True),
    "to_date": Function(("string",), "date", "oa_to_date", of_records=True),
}

#: what parts of a date can be
RANGES = {"month": (1, 12), "quarter": (1, 4), "weekday": (1, 7)}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
