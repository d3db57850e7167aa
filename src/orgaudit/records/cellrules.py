"""What each cell must keep, and the problems of those that do not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from orgaudit.expressions import FILE, LINE, ROW, UNKNOWN_BITS
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
    """The rows of one part: what was written (`raw`), the table they were typed into, and from which row on.

    `files` are those of all rows, where each says itself which it came from: what it says is unknown is no news then.
    `sound` fields are those of which every cell says something that was read.
    """

    db: WorkDb
    raw: str
    table: Table
    name: str
    file: str
    first: int
    files: Sequence[str] | None = None
    sound: Set[str] = frozenset()

    @property
    def rows(self) -> str:
        """SQL: the typed rows `t` with what was written for each, `r`."""
        return f"{column(self.name)} t join {column(self.raw)} r on t.{ROW} = r.rowid + {self.first}"


def cell_problems(part: Written, cells: Mapping[str, str], headings: Mapping[str, str]) -> Iterator[Problem]:
    """Asks in one pass how often each rule for a cell is broken, and looks only where it is.

    `cells` has for each field the SQL of what was written, over the raw row `r`.
    """
    rules = [rule for name, text in cells.items() for rule in _rules_of(part, part.table.by_name[name], text)]
    if not rules:
        return
    sums = ", ".join(f"count(*) filter ({rule.broken})" for rule in rules)
    rows = f"{column(part.name)} t" if part.files is None else part.rows
    counts = part.db.load(f"select {sums} from {rows} where t.{ROW} >= {part.first}")[0]
    for rule, count in zip(rules, counts, strict=True):
        if count:
            yield from _problems(part, rule, int(count), headings[rule.field.name])


def _problems(part: Written, rule: _CellRule, count: int, heading: str) -> Iterator[Problem]:
    rows = part.db.load(
        f"select t.{FILE}, t.{LINE}, {rule.text} from {part.rows} "
        f"where t.{ROW} >= {part.first} and {rule.broken} order by t.{ROW} limit {MOST_SHOWN}"
    )
    for number, line, value in rows:
        values = {"expected": rule.expected, "field": rule.field.name}
        file = part.file if part.files is None else part.files[number]
        yield Problem(rule.code, file, line, heading, value, part.name, values)
    if count > len(rows):
        more = {"expected": rule.expected, "count": count - len(rows)}
        yield Problem(f"{rule.code}-more", part.file, None, heading, None, part.name, more)


def _rules_of(part: Written, field: Field, text: str) -> Iterator[_CellRule]:
    table, value = part.table, f"t.{column(field.name)}"
    bit = table.bits[field.name]
    is_sound = field.name in part.sound
    if not is_sound and (field.type != "string" or field.categories):
        code = "category-error" if field.categories else "type-error"
        unread = f"t.{UNKNOWN_BITS} & {bit} <> 0"
        unread += "" if part.files is None else f" and {text} <> ''"
        yield _CellRule(field, code, unread, accepted(field), text)
    if not is_sound and field.constraints.required:
        blank = f"{value} is null and t.{UNKNOWN_BITS} & {bit} = 0"
        yield _CellRule(field, "required-value", blank, accepted(field), text)
    for kept, broken in [*breaks(field, value), *beyond(table, field, value)]:
        yield _CellRule(field, "constraint-error", broken, kept, text)
