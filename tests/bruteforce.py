"""All fillings of a few blanks: does a verdict on the holed set survive every one of them?

A cell is (table, row number, field). Its blank must be of the kind unknown; what is filled in is what the record could
have said. A `pass` must stay a pass, a `fail` a fail, whatever is filled in. Two absences are no contradiction:

- a pass whose check is not there, or not applicable: with the true value the subject is not bound, and nobody is
  wronged by having been told that all is well;
- a not applicable check that is not there.

A fail whose check is not there, or is excused, wrongs somebody.

Checks of breaches are compared only where the breach itself is there in both.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from oracle import Check, Raw, RawRow, audit
from oracle.model import Table, read_model
from strategies import lawful

Cell = tuple[str, int, str]
MOST = 8


def domain(model: dict[str, Any], records: Raw, cell: Cell, *, as_of: date, period: tuple[date, date]) -> list[str]:
    """What a cell could say. A record's own day is never later than as_of: it would not have been handed in."""
    tables = read_model(model)
    name, _, column = cell
    table = tables[name]
    spec = table.fields[column]
    key = next((k for k in table.keys if column in k.columns), None)
    if key is not None:
        column_there = key.target_columns[key.columns.index(column)]
        return sorted({r.cells[column_there] or "" for r in records.get(key.target, [])} - {""})
    kind = spec.get("type", "string")
    if kind == "boolean":
        return ["yes", "no"]
    if kind == "date":
        middle = period[0] + (period[1] - period[0]) / 2
        days = {period[0] - timedelta(days=1), period[0], middle, period[1], period[1] + timedelta(days=40), as_of}
        return [d.isoformat() for d in sorted(days) if d <= as_of or not is_own_day(table, column)]
    part = next((k for k, c in (table.about or {}).items() if c == column), None)
    if kind == "yearmonth":
        return sorted({f"{day:%Y-%m}" for day in (period[0] - timedelta(days=1), period[0], period[1], as_of)})
    if part is not None:
        return ["2023", "2024"] if part == "year" else [str(n) for n in range(1, {"half": 2, "quarter": 4}[part] + 1)]
    if kind in ("integer", "number"):
        return lawful(spec, ["0", "1", "2", "3", "50"])
    values = [c["value"] if isinstance(c, dict) else c for c in spec.get("categories", [])]
    return [str(v) for v in values] or sorted({r.cells.get(column) or "x" for r in records[name]} | {"x"})


def is_own_day(table: Table, column: str) -> bool:
    return column == table.start or table.when == [column]


def is_unknown_blank(model: dict[str, Any], records: Raw, cell: Cell) -> bool:
    name, row, column = cell
    spec = read_model(model)[name].fields[column]
    return spec.get("blank", "unknown") == "unknown" and not (records[name][row].cells.get(column) or "").strip()


def with_cells(records: Raw, values: dict[Cell, str]) -> Raw:
    """The records with some cells written anew."""
    found = {name: list(rows) for name, rows in records.items()}
    for (name, row, column), text in values.items():
        old = found[name][row]
        found[name][row] = RawRow({**old.cells, column: text}, old.file, old.line)
    return found


def fillings(
    model: dict[str, Any], records: Raw, cells: list[Cell], *, as_of: date, period: tuple[date, date]
) -> Iterator[Raw]:
    """Every way of filling the cells."""
    if len(cells) > MOST:
        raise ValueError(f"at most {MOST} blanks")
    for cell in cells:
        if not is_unknown_blank(model, records, cell):
            raise ValueError(f"{cell} is not a blank of the kind unknown")
    domains = [domain(model, records, c, as_of=as_of, period=period) for c in cells]
    for values in itertools.product(*domains):
        yield with_cells(records, dict(zip(cells, values, strict=True)))


def by_key(checks: Iterable[Check]) -> dict[tuple[Any, ...], str]:
    return {(c.rule, c.subject, c.each, c.period): c.verdict for c in checks}


def contradiction(before: str, after: str | None, of_breach: bool) -> bool:
    """Whether the verdict on the holed set is contradicted by the verdict on a filled one."""
    if of_breach and after is None:
        return False
    if before == "pass":
        return after not in ("pass", "not_applicable", None)
    if before == "fail":
        return after != "fail"
    if before == "not_applicable":
        return after not in ("not_applicable", None)
    return False  # unknown says nothing; pending may become anything


def few(
    model: dict[str, Any], records: Raw, cells: list[Cell], *, most: int, as_of: date, period: tuple[date, date]
) -> list[Cell]:
    """The first of these cells, as many as can be filled in not more than `most` ways."""
    found: list[Cell] = []
    ways = 1
    for cell in cells:
        ways *= max(1, len(domain(model, records, cell, as_of=as_of, period=period)))
        if ways > most or len(found) == MOST:
            break
        found.append(cell)
    return found


def contradictions(
    model: dict[str, Any],
    standard: dict[str, Any],
    records: Raw,
    cells: list[Cell],
    holed: dict[tuple[Any, ...], str] | None = None,
    **arguments: Any,
) -> list[str]:
    """Every filling that contradicts a verdict on the holed set (`holed`, or else the oracle's own), in words."""
    of_breaches = {r["id"] for r in standard["rules"] if str(r.get("for", "")).lstrip().startswith("breaches")}
    if holed is None:
        holed = by_key(audit(model, standard, records, **arguments))
    found = []
    for filled in fillings(model, records, cells, as_of=arguments["as_of"], period=arguments["period"]):
        said = [f"{c[0]}[{c[1]}].{c[2]}={filled[c[0]][c[1]].cells[c[2]]}" for c in cells]
        after = by_key(audit(model, standard, filled, **arguments))
        for key, verdict in holed.items():
            if contradiction(verdict, after.get(key), key[0] in of_breaches):
                found.append(f"{key}: {verdict}, but {after.get(key)} with {', '.join(said)}")
    return found
