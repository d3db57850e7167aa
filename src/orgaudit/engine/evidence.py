"""Which records a finding rests on, and which blanks leave it open; asked only for findings that someone looks at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from orgaudit import sql as q
from orgaudit.engine.blanks import blank_columns, blanks_in, fields_asked, links_of, may_be_unknown, text_of
from orgaudit.engine.candidates import ALL_THROUGH, IN_WINDOW, OVERLAPPING, candidates
from orgaudit.engine.chosen import Days, chosen
from orgaudit.engine.context import Context
from orgaudit.engine.events import candidates_table, events_frame, events_table
from orgaudit.engine.population import checks_frame, checks_table
from orgaudit.engine.slots import Slots
from orgaudit.engine.verdicts import named
from orgaudit.engine.walks import words_of
from orgaudit.expressions import FILE, LINE, ROW, FieldRef, Group, Node, Row, day_of, key_of
from orgaudit.findings import Blank, Evidence
from orgaudit.standards import Attest, Exemption, Gap, Measure, Ratio, Rule, Runs, Test, nodes_of

#: how many records a finding shows; the count says how many there are
MOST_SHOWN = 12
_ORDER = {"counted": 0, "blank": 1, "not_counted": 2}


@dataclass(frozen=True)
class Cell:
    """A field that was asked for, and what stands in it: None where that is unknown, "" a blank that means something."""

    table: str
    field: str
    text: str | None


class Seen(NamedTuple):
    """A record looked at for a check: in which days its period lies, what it shows, and what is blank about it."""

    evidence: Evidence
    blanks: tuple[Blank, ...]
    start: date | None
    end: date | None
    cells: tuple[Cell, ...] = ()


def look(
    context: Context,
    rule: Rule,
    ks: Sequence[int],
    files: Sequence[str],
    *,
    cells: bool = False,
    days: Days | None = None,
) -> dict[int, list[Seen]]:
    """For each check the records that its measure looked at: on its path and in its time, whether they counted or not.

    `cells` also gives what stands in the fields that were asked for; periods that lie outside of `days` may be left out.
    """
    seen: dict[int, list[Seen]] = defaultdict(list)
    measure = rule.measure
    if isinstance(measure, Gap) or (isinstance(measure, Runs) and isinstance(measure.over, Group)):
        for k, record in (*_look_at_points(context, rule, ks, files), *_blank_at_events(context, rule, ks, files)):
            seen[k].append(record)
        return seen
    for group in measure.groups:
        for slots in slots_of(context, rule):
            nodes = of_records(measure, group)
            for k, record in look_at(context, rule, group, ks, files, slots, nodes=nodes, cells=cells, days=days):
                seen[k].append(record)
    return seen


def look_at_exemption(
    context: Context, rule: Rule, exemption: Exemption, ks: Sequence[int], files: Sequence[str]
) -> dict[int, list[Seen]]:
    """For each check the records that one exemption looked at, with what stands in them."""
    seen: dict[int, list[Seen]] = defaultdict(list)
    for group in exemption.groups:
        for slots in slots_of(context, rule):
            for k, record in look_at(context, rule, group, ks, files, slots, placing_of(exemption), cells=True):
                seen[k].append(record)
    return seen


def placing_of(exemption: Exemption) -> str:
    """How the records of an exemption have to lie in the window."""
    return IN_WINDOW if exemption.during is None else ALL_THROUGH if exemption.whole else OVERLAPPING


def of_records(measure: Measure, group: Group) -> tuple[Node, ...]:
    """What a measure asks of each record of a group beside its belonging."""
    if isinstance(measure, Ratio):
        return tuple(n for part in (measure.part, measure.whole) for n in of_records(part, group))
    if isinstance(measure, Attest):
        return (FieldRef("boolean", 0, "", (), group.table, measure.answer),)
    return tuple(n for n in nodes_of(measure) if n not in measure.nodes) if group in measure.groups else ()


def slots_of(context: Context, rule: Rule) -> list[Slots | None]:
    """The periods that a rule over runs walked; for other rules none."""
    measure = rule.measure
    if not isinstance(measure, Runs) or not isinstance(measure.over, str):
        return [None]
    return [word.slots for word in words_of(context, rule, measure)]


def look_at(
    context: Context,
    rule: Rule,
    group: Group,
    ks: Sequence[int],
    files: Sequence[str],
    slots: Slots | None,
    placing: str = IN_WINDOW,
    nodes: tuple[Node, ...] = (),
    *,
    cells: bool = False,
    over: Group | None = None,
    days: Days | None = None,
) -> Iterator[tuple[int, Seen]]:
    """The records on the path of one group and in its time, with the number of the check (or of the event `over`)."""
    table, check = (checks_table(rule), "k") if over is None else (candidates_table(rule), "check")
    frame = checks_frame(context, rule) if over is None else events_frame(context, rule, over)
    found = candidates(context, frame, group, slots, placing)
    row = found.walk.row
    refs = [ref for ref in fields_asked(context, group, nodes) if may_be_unknown(context, ref)]
    wanted = [*refs, *(ref for ref in links_of(context, group) if may_be_unknown(context, ref))]
    day = row.value(group.dated).sql if group.dated else day_of(row)
    columns = {
        "k": q.col("k", check),
        "start": q.col("p", "start") if slots else q.NULL,
        "end": q.col("p", "end") if slots else q.NULL,
        "row": row.raw(ROW),
        "key": key_of(row),
        "file": row.raw(FILE),
        "line": row.raw(LINE),
        "truth": found.truth,
        "undated": q.is_null(day) if day is not None else q.FALSE,
    }
    columns |= blank_columns(row, wanted)
    asked = [*fields_asked(context, group, nodes), *_days_of(context, group)] if cells else []
    texts = {f"text {i}": text_of(row, ref) for i, ref in enumerate(asked)}
    columns |= texts
    order = [q.col("k", "k"), row.raw(ROW), *([q.col("p", "start")] if slots else [])]
    with chosen(context, ks, days) as only_of:
        only = only_of(q.col("k", check), q.col("p", "start") if slots else None)
        where = q.and_([only.where, q.is_not_false(found.linked)])
        joins = [*only.joins, *found.joins.trees]
        records = context.db.rows(q.select(columns, q.table(table, "k"), joins, where, order=order))
    own, valued = len(columns) - len(texts), len(refs) if nodes else 0
    for record in records:
        seen = _seen(context, group, wanted, record, files, valued=valued)
        if asked:
            seen = seen._replace(
                cells=tuple(Cell(r.table, r.name, t) for r, t in zip(asked, record[own:], strict=True))
            )
        yield record[0], seen


def _days_of(context: Context, group: Group) -> list[FieldRef]:
    """The field that says when a record happened, where it is its own."""
    day = context.model.tables[group.table].field_with("when")
    return [FieldRef("date", 0, "", (), group.table, day)] if day else []


def _seen(
    context: Context,
    group: Group,
    refs: Sequence[FieldRef],
    record: Sequence[Any],
    files: Sequence[str],
    *,
    valued: int,
) -> Seen:
    """A record that was looked at; the first `valued` columns of its blanks say what is unknown of what it adds."""
    _, start, end, row, key, file, line, truth, undated = record[:9]
    shows = "counted" if truth is True else "blank" if truth is None else "not_counted"
    if valued and truth is True and any(record[9 : 9 + valued]):  # it counts, and what it adds is not known
        shows = "blank"
    path = None if file is None else files[file]
    evidence = Evidence(group.table, key, path, line, shows)
    if shows != "blank":
        return Seen(evidence, (), start, end)
    if row is None or row < 0:
        reason = "reference-unknown" if row is None else "list-missing"
        return Seen(evidence, (Blank(reason, group.table, key),), start, end)
    when = group.dated or context.model.tables[group.table].when
    undated_day = [Blank("blank-cell", group.table, key, when, path, line)] if undated and when else []
    return Seen(evidence, (*undated_day, *blanks_in(context, refs, record[9:], files)), start, end)


def _blank_at_events(
    context: Context, rule: Rule, ks: Sequence[int], files: Sequence[str]
) -> Iterator[tuple[int, Seen]]:
    """The blank records that the condition of a run over events looked at."""
    measure = rule.measure
    if not isinstance(measure, Runs) or not isinstance(measure.over, Group) or not isinstance(measure.when, Test):
        return
    for group in measure.when.measure.groups:
        nodes = of_records(measure.when.measure, group)
        for k, record in look_at(context, rule, group, ks, files, None, nodes=nodes, over=measure.over):
            if record.evidence.shows == "blank":
                yield k, record


def _look_at_points(
    context: Context, rule: Rule, ks: Sequence[int], files: Sequence[str]
) -> Iterator[tuple[int, Seen]]:
    """The events of a run, the points of a gap: each on its own days."""
    table, name, k, number, start, end, sure, counts = _points_of(rule)
    row = Row(context.joins(), "t", table)
    columns = {
        "k": q.col("v", k),
        "start": q.col("v", start),
        "end": q.col("v", end),
        "sure": q.col("v", sure),
        "counts": q.col("v", counts),
        "key": key_of(row),
        "file": row.raw(FILE),
        "line": row.raw(LINE),
    }
    on = q.op(q.col("t", ROW), "=", q.col("v", number))
    order = [q.col("v", c) for c in (k, number, start)]
    with chosen(context, ks) as only_of:
        only = only_of(q.col("v", k), None)
        joins = [*only.joins, q.join(q.table(table, "t"), on)]
        records = context.db.rows(q.select(columns, q.table(name, "v"), joins, only.where, order=order))
    for record in records:
        yield record[0], _point_seen(context, table, record, files)


def _points_of(rule: Rule) -> tuple[str, str, str, str, str, str, str, str]:
    """The table of the records, that of the points, and its columns: check, record, first and last day, sure, counts."""
    measure = rule.measure
    if isinstance(measure, Gap):
        return measure.table, named("records", rule), "k", "row", "start", "end", "sure", "sure"
    assert isinstance(measure, Runs) and isinstance(measure.over, Group)  # asked for these only
    return measure.over.table, events_table(rule), "check", "event", "day", "day", "counts", "may_count"


def _point_seen(context: Context, table: str, record: Sequence[object], files: Sequence[str]) -> Seen:
    _, start, end, sure, counts, key, file, line = record
    shows = "counted" if sure else "blank" if counts or start is None else "not_counted"
    path = files[file] if isinstance(file, int) else None
    evidence = Evidence(table, str(key), path, line if isinstance(line, int) else None, shows)
    when = context.model.tables[table].when
    undated = start is None and when is not None
    blanks = (Blank("blank-cell", table, str(key), when, path, evidence.row),) if undated else ()
    return Seen(evidence, blanks, start, end)  # type: ignore[arg-type]


def shown(seen: Iterable[Seen], start: date | None, end: date | None) -> tuple[Evidence, ...]:
    """The evidence of one finding: of its days only, what counted first, each record once."""
    inside = [
        s.evidence
        for s in seen
        if s.start is None or (start is not None and end is not None and start <= s.start and (s.end or s.start) <= end)
    ]
    unique = dict.fromkeys(e for e in inside if e.file is not None)
    ordered = sorted(unique, key=lambda e: (_ORDER[e.shows], e.file or "", e.row or 0, e.key))
    return tuple(ordered[:MOST_SHOWN])


def open_questions(seen: Iterable[Seen], start: date | None, end: date | None) -> list[Blank]:
    """The blanks among the records of one finding's days, each once."""
    inside = [
        b
        for s in seen
        if s.start is None or (start is not None and end is not None and start <= s.start <= end)
        for b in s.blanks
    ]
    return list(dict.fromkeys(inside))
