"""Cells: what a text says, and what a blank stands for."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from .model import as_list
from .values import AFTER, BEFORE, NONE, NOT_YET, UNKNOWN, Value

DATE = re.compile(
    r"(\d{4})"
    r"(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d\d)(\d\d))"
)
MONTH = re.compile(r"(\d{4})(?:-(\d{1,2})|/(\d{1,2})|年(\d{1,2})月|(\d\d))")
YES = ("是", "true", "yes", "1")
NO = ("否", "false", "no", "0")


def parse_date(text: str) -> Value:
    match = DATE.fullmatch(text)
    if match is None:
        return UNKNOWN
    year, month, day = (int(g) for g in match.groups() if g is not None)
    return day_of(year, month, day)


def parse_month(text: str) -> Value:
    match = MONTH.fullmatch(text)
    if match is None:
        return UNKNOWN
    year, month = (int(g) for g in match.groups() if g is not None)
    return day_of(year, month, 1)


def day_of(year: int, month: int, day: int) -> Value:
    try:
        return date(year, month, day)
    except ValueError:
        return UNKNOWN


def parse_category(text: str, categories: list[Any]) -> Value:
    for c in categories:
        if not isinstance(c, dict):
            c = {"value": c}
        labels = c.get("label", [])
        names = [c["value"], *(labels.values() if isinstance(labels, dict) else as_list(labels)), *c.get("aliases", [])]
        if text in names:
            return c["value"]
    return UNKNOWN


def parse_number(text: str) -> Value:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return UNKNOWN
    return found if found.is_finite() else UNKNOWN


def parse_cell(spec: dict[str, Any], text: str) -> Value:
    """The value of a cell that is not blank; what cannot be read is unknown."""
    kind = spec.get("type", "string")
    if kind == "date":
        return parse_date(text)
    if kind == "yearmonth":
        return parse_month(text)
    if kind == "boolean":
        return True if text.lower() in YES else False if text.lower() in NO else UNKNOWN
    if kind == "integer":
        return int(text) if re.fullmatch(r"[+-]?\d+", text) else UNKNOWN
    if kind == "number":
        return parse_number(text)
    categories = spec.get("categories")
    if kind == "list":
        items = tuple(i.strip() for i in re.split(r"[、，,;；|]", text) if i.strip())
        if categories:
            items = tuple(parse_category(i, categories) for i in items)
            return UNKNOWN if UNKNOWN in items else items
        return items
    return parse_category(text, categories) if categories else text


def normalized(spec: dict[str, Any], text: str) -> str:
    """What `normalize` makes of a text."""
    wanted = as_list(spec.get("normalize"))
    if "fullwidth" in wanted:
        text = unicodedata.normalize("NFKC", text)
    if "casefold" in wanted:
        text = text.casefold()
    return text.strip()


def blank_of(spec: dict[str, Any]) -> Value:
    """What a blank cell of a field stands for."""
    blank = spec.get("blank", "unknown")
    if isinstance(blank, dict):
        return parse_cell(spec, str(blank["value"]))
    if blank == "open":
        return BEFORE if spec.get("role") == "valid_from" else AFTER
    return {"unknown": UNKNOWN, "none": NONE, "not_yet": NOT_YET}[blank]


def is_not_yet(spec: dict[str, Any], cell: Value, as_of: date) -> bool:
    """An act or a closing later than as_of has not happened: as if nothing were written."""
    blank = spec.get("blank")
    may_be = blank == "not_yet" or (blank == "open" and spec.get("role") == "valid_to")
    return may_be and isinstance(cell, date) and cell > as_of
