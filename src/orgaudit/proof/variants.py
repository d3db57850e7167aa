"""A text of a rule, changed in one place at a time: expressions, conditions, groups, bounds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from orgaudit.errors import OrgauditError
from orgaudit.expressions import split_group
from orgaudit.periods import parse_duration

_OTHER = {
    "=": "<>",
    "<>": "=",
    "<": "<=",
    "<=": "<",
    ">": ">=",
    ">=": ">",
    "and": "or",
    "or": "and",
    "+": "-",
    "-": "+",
    "least": "greatest",
    "greatest": "least",
    "true": "false",
    "false": "true",
}
_TOKEN = re.compile(
    r"(?P<day>date\s+'\d{4}-\d\d-\d\d')|(?P<text>'[^']*')|(?P<recorded>is\s+(?:not\s+)?recorded)|(?P<isin>not\s+in\b)"
    r"|(?P<number>(?<![\w.$])\d+(?:\.\d+)?)|(?P<word>[$\w.]+)|(?P<sign><>|<=|>=|[=<>+\-*(),])"
)
_NUMBER_OF = re.compile(r"(\d+)(\s*%|/\d+|\s+.*)?\Z")


def of_expression(text: str) -> Iterator[str]:
    """An expression with another operator, constant or function, a value less in a list, a condition less in `and`."""
    between = 0
    for match in _TOKEN.finditer(text):
        kind, word = match.lastgroup, match[0]
        between += word == "between"
        if word == "and" and between:  # of `between … and …`
            between -= 1
            continue
        for other in _others(kind, word):
            yield text[: match.start()] + other + text[match.end() :]
    yield from _without_an_item(text)
    yield from _without_a_condition(text)


def _others(kind: str | None, word: str) -> Iterator[str]:
    if kind == "day":
        day = date.fromisoformat(word[-11:-1])
        yield from (f"date '{day + timedelta(days=n)}'" for n in (-1, 1))
    elif kind == "recorded":
        yield "is recorded" if "not" in word else "is not recorded"
    elif kind == "isin":
        yield "in"
    elif kind == "number":
        yield from (str(int(word) + n) for n in (-1, 1)) if word.isdigit() else ()
    elif word in _OTHER:
        yield _OTHER[word]


def _without_an_item(text: str) -> Iterator[str]:
    """Each list after `in` with one value less."""
    for match in re.finditer(r"\bin\s*\(([^()]*)\)", text):
        items = [i.strip() for i in match[1].split(",")]
        for i in range(len(items) if len(items) > 1 else 0):
            rest = ", ".join(items[:i] + items[i + 1 :])
            yield f"{text[: match.start(1)]}{rest}{text[match.end(1) :]}"


def _without_a_condition(text: str) -> Iterator[str]:
    """The conditions that `and` joins, each left out once."""
    parts = _joined(text)
    for i in range(len(parts) if len(parts) > 1 else 0):
        yield " and ".join(parts[:i] + parts[i + 1 :])


def _joined(text: str) -> list[str]:
    """The parts between `and`s that stand in no bracket, where there is no `or` beside them."""
    depth, between, start = 0, 0, 0
    parts: list[str] = []
    for match in _TOKEN.finditer(text):
        word = match[0]
        depth += (word == "(") - (word == ")")
        if depth == 0 and word in ("or", "case"):
            return [text]
        between += word == "between"
        if word == "and" and between:
            between -= 1
        elif word == "and" and depth == 0:
            parts.append(text[start : match.start()].strip())
            start = match.end()
    return [*parts, text[start:].strip()]


def of_group(text: str) -> Iterator[str]:
    """A group without its condition or its restriction, dated otherwise, or with its condition changed."""
    try:
        raw = split_group(text)
    except OrgauditError:  # a season, a period: not a group
        return
    within = f" in {raw.within}" if raw.within else ""
    dated = " ever" if raw.ever else f" dated {raw.dated}" if raw.dated else ""
    where = f" where {raw.where}" if raw.where else ""
    if raw.where:
        yield f"{raw.path}{within}{dated}"
        yield from (f"{raw.path}{within}{dated} where {w}" for w in of_expression(raw.where))
    if within:
        yield f"{raw.path}{dated}{where}"
    if dated:
        yield f"{raw.path}{within}{where}"


def of_value(value: Any) -> Iterator[Any]:
    """A number, percentage, fraction or duration one less and one more; an expression changed; a day earlier and later."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value - 1, value + 1)
    elif isinstance(value, float):
        yield from (round(value * 0.9, 6), round(value * 1.1, 6))
    elif isinstance(value, str) and not value.startswith("$"):
        yield from _of_text(value)


def _of_text(value: str) -> Iterator[str]:
    match = _NUMBER_OF.fullmatch(value)
    if match and (not (match[2] or "").strip().isalpha() or parse_duration(value)):
        yield from (f"{int(match[1]) + n}{match[2] or ''}" for n in (-1, 1))
        return
    try:
        day = date.fromisoformat(value)
    except ValueError:
        yield from of_expression(value)
    else:
        yield from ((day + timedelta(days=n)).isoformat() for n in (-1, 1))
