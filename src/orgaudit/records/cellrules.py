"""What each cell must keep, and the problems of those that do not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from orgaudit.expressions import LINE, ROW, UNKNOWN_BITS
from orgaudit.recordmodel import Field, Table
from orgaudit.records.cells import accepted, beyond, breaks, column
from orgaudit.records.problems import MOST_SHOWN, Problem
from orgaudit.workdb import WorkDb


@dataclass(frozen=True)
class _CellRule:
    """What a cell must keep: SQL over the typed row `t` that is true where it is broken; `text` is what was written."""

    field: Field
    code: str
    broken: str
    expected: str
    text: str


@dataclass(frozen=True)
class Written:
    """The rows of one part: what was written (`raw`), the table they were typed into, and from which row on."""

    db: WorkDb
    raw: str
    table: Table
    name: str
    file: str
    first: int


def cell_problems(part: Written, cells: Mapping[str, str], headings: Mapping[str, str]) -> Iterator[Problem]:
    """Asks in one pass how often each rule for a cell is broken, and looks only where it is.

    `cells` has for each field the SQL of what was written, over the raw row `r`.
    """
    rules = [rule for name, text in cells.items() for rule in _rules_of(part.table, part.table.by_name[name], text)]
    if not rules:
        return
    sums = ", ".join(f"count(*) filter ({rule.broken})" for rule in rules)
    counts = part.db.load(f"select {sums} from {column(part.name)} t where t.{ROW} >= {part.first}")[0]
    for rule, count in zip(rules, counts, strict=True):
        if count:
            yield from _problems(part, rule, int(count), headings[rule.field.name])


def _problems(part: Written, rule: _CellRule, count: int, heading: str) -> Iterator[Problem]:
    rows = part.db.load(
        f"select t.{LINE}, {rule.text} from {column(part.name)} t "
        f"join {column(part.raw)} r on t.{ROW} = r.rowid + {part.first} "
        f"where t.{ROW} >= {part.first} and {rule.broken} order by t.{ROW} limit {MOST_SHOWN}"
    )
    for line, value in rows:
        values = {"expected": rule.expected, "field": rule.field.name}
        yield Problem(rule.code, part.file, line, heading, value, part.name, values)
    if count > len(rows):
        more = {"expected": rule.expected, "count": count - len(rows)}
        yield Problem(f"{rule.code}-more", part.file, None, heading, None, part.name, more)


def _rules_of(table: Table, field: Field, text: str) -> Iterator[_CellRule]:
    value, bit = f"t.{column(field.name)}", table.bits[field.name]
    if field.type != "string" or field.categories:
        code = "category-error" if field.categories else "type-error"
        yield _CellRule(field, code, f"t.{UNKNOWN_BITS} & {bit} <> 0", accepted(field), text)
    if field.constraints.required:
        blank = f"{value} is null and t.{UNKNOWN_BITS} & {bit} = 0"
        yield _CellRule(field, "required-value", blank, accepted(field), text)
    for kept, broken in [*breaks(field, value), *beyond(table, field, value)]:
        yield _CellRule(field, "constraint-error", broken, kept, text)
