"""Which records a finding rests on, and which blanks leave it open; asked only for findings that someone looks at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from orgaudit import sql as q
from orgaudit.engine.context import Context
from orgaudit.engine.measures import candidates
from orgaudit.engine.population import checks_frame, checks_table
from orgaudit.engine.slots import Slots
from orgaudit.expressions import (
    FILE,
    LINE,
    MISSING_BITS,
    ROW,
    SURE,
    FieldRef,
    Group,
    InGroup,
    Joins,
    Node,
    Row,
    day_of,
    key_of,
    walk,
)
from orgaudit.findings import Blank, Evidence
from orgaudit.standards import Consecutive, Count, Rule

#: how many records a finding shows; the count says how many there are
MOST_SHOWN = 12
_ORDER = {"counted": 0, "blank": 1, "not_counted": 2}


@dataclass(frozen=True)
class Seen:
    """A record looked at for a check: in which days its period lies, what it shows, and what is blank about it."""

    evidence: Evidence
    blanks: tuple[Blank, ...]
    start: date | None
    end: date | None


def look(
    context: Context, rule: Rule, ks: Sequence[int], files: Sequence[str], slots: Slots | None
) -> dict[int, list[Seen]]:
    """For each check the records that its measure looked at: on its path and in its time, whether they counted or not."""
    measure = rule.measure
    counted = measure.count if isinstance(measure, Consecutive) else measure
    groups = counted.groups if isinstance(counted, Count) else ()
    seen: dict[int, list[Seen]] = defaultdict(list)
    for group in groups:
        for k, record in _look_at(context, rule, group, ks, files, slots):
            seen[k].append(record)
    return seen


def look_at_doubts(
    context: Context, rule: Rule, ks: Sequence[int], files: Sequence[str], slots: Slots | None
) -> dict[int, list[Seen]]:
    """For each check whose verdict is open, the blank records that its exemptions looked at."""
    seen: dict[int, list[Seen]] = defaultdict(list)
    for exemption in rule.exemptions:
        groups = exemption.groups
        for group in groups:
            for k, record in _look_at(context, rule, group, ks, files, slots, overlap=exemption.during is not None):
                if record.evidence.shows == "blank":
                    seen[k].append(record)
    return seen


def _look_at(
    context: Context,
    rule: Rule,
    group: Group,
    ks: Sequence[int],
    files: Sequence[str],
    slots: Slots | None,
    *,
    overlap: bool = False,
) -> Iterator[tuple[int, Seen]]:
    chosen = q.select(
        {"*": q.star()}, q.table(checks_table(rule), "c"), where=q.isin(q.col("c", "k"), [q.lit(k) for k in ks])
    )
    found = candidates(context, checks_frame(context, rule), group, slots, overlap=overlap)
    row = found.walk.row
    refs = list(_asked(context, group))
    blanks = [_blank_columns(row, ref, i) for i, ref in enumerate(refs)]
    day = day_of(row)
    columns = {
        "k": q.col("k", "k"),
        "start": q.col("p", "start") if slots else q.NULL,
        "end": q.col("p", "end") if slots else q.NULL,
        "row": row.raw(ROW),
        "key": key_of(row),
        "file": row.raw(FILE),
        "line": row.raw(LINE),
        "linked": found.linked,
        "truth": found.truth,
        "day": q.is_null(day) if day is not None else q.FALSE,
    }
    for names in blanks:
        columns |= names
    query = q.select(columns, q.derived(chosen, "k"), found.joins.trees, q.is_not_false(found.linked))
    for record in context.db.rows(query):
        yield record[0], _seen(context, group, refs, record, files)


def _seen(
    context: Context, group: Group, refs: Sequence[FieldRef], record: Sequence[object], files: Sequence[str]
) -> Seen:
    _, start, end, row, key, file, line, _, truth, undated = record[:10]
    shows = "counted" if truth is True else "blank" if truth is None else "not_counted"
    path = files[file] if isinstance(file, int) else None
    evidence = Evidence(group.table, str(key), path, line if isinstance(line, int) else None, shows)
    blanks: list[Blank] = []
    if shows == "blank":
        if not isinstance(row, int) or row < 0:
            blanks.append(Blank("list-missing" if isinstance(row, int) else "reference-unknown", group.table, str(key)))
        else:
            when = context.model.tables[group.table].when
            if undated and when:
                blanks.append(Blank("blank-cell", group.table, str(key), when, path, evidence.row))
            blanks += _blanks(refs, record[10:], files)
    return Seen(evidence, tuple(blanks), start, end)  # type: ignore[arg-type]


def _blanks(refs: Sequence[FieldRef], cells: Sequence[object], files: Sequence[str]) -> Iterator[Blank]:
    for i, ref in enumerate(refs):
        unknown, missing, key, file, line = cells[5 * i : 5 * i + 5]
        if unknown:
            path = files[file] if isinstance(file, int) else None
            reason = "column-missing" if missing else "blank-cell"
            yield Blank(
                reason,
                ref.table,
                None if key is None else str(key),
                ref.name,
                path,
                line if isinstance(line, int) else None,
            )


def _blank_columns(row: Row, ref: FieldRef, i: int) -> dict[str, q.Sql]:
    """Whether a field that a condition asks for is unknown, and where it stands."""
    at = row.along(ref.hops)
    value = at.value(ref.name)
    bit = at.joins.model.tables[at.table].bits[ref.name]
    unknown = q.and_([q.is_null(value.sql), q.not_(value.none)])
    missing = q.is_true(q.op(q.op(at.raw(MISSING_BITS), "&", q.lit(bit)), "<>", q.lit(0)))
    return {
        f"unknown {i}": q.is_true(unknown),
        f"missing {i}": missing,
        f"key {i}": key_of(at),
        f"file {i}": at.raw(FILE),
        f"line {i}": at.raw(LINE),
    }


def _asked(context: Context, group: Group) -> Iterator[FieldRef]:
    """The fields of the counted record that decide: those of its lifetime, and those its group asks for."""
    found: dict[tuple[object, ...], FieldRef] = {}
    for name in _lifetime_fields(context, group.table):
        found[name,] = FieldRef("date", 0, "", (), group.table, name)
    for ref in _refs_of(context, group.where, group.within, ()):
        found.setdefault((*(h.name for h in ref.hops), ref.table, ref.name), ref)
    yield from found.values()


def _refs_of(context: Context, node: Node | None, within: str | None, hops: tuple[object, ...]) -> Iterator[FieldRef]:
    if within is not None:
        inner = context.standard.groups[within]
        yield from _refs_of(context, inner.where, inner.within, hops)
    for part in walk(node) if node is not None else []:
        if isinstance(part, FieldRef) and part.row == "":
            yield FieldRef(part.type, part.column, "", (*hops, *part.hops), part.table, part.name)  # type: ignore[arg-type]
        if isinstance(part, InGroup) and part.row == "":
            inner = context.standard.groups[part.group]
            yield from _refs_of(context, inner.where, inner.within, (*hops, *part.hops))


def _lifetime_fields(context: Context, table: str) -> list[str]:
    declared = context.model.tables[table]
    return [name for name in (declared.field_with("valid_from"), declared.field_with("valid_to")) if name is not None]


def subject_blanks(context: Context, rule: Rule, ks: Sequence[int], files: Sequence[str]) -> dict[int, list[Blank]]:
    """For each check the unknown fields of its own subject that the rule asks for."""
    refs = list(_of_subject(context, rule))
    joins = Joins(context.model)
    subject = Row(joins, "s", rule.subject.table)
    joins.trees.append(q.join(q.table(rule.subject.table, "s"), q.op(q.col("s", ROW), "=", q.col("k", "s"))))
    columns: dict[str, q.Sql] = {"k": q.col("k", "k")}
    for i, ref in enumerate(refs):
        columns |= _blank_columns(subject, ref, i)
    chosen = q.isin(q.col("k", "k"), [q.lit(k) for k in ks])
    columns["sure"] = q.col("s", SURE) if rule.breaches_of else q.TRUE
    query = q.select(columns, q.table(checks_table(rule), "k"), joins.trees, chosen)
    found: dict[int, list[Blank]] = {}
    for k, *cells, sure in context.db.rows(query):
        open_breach = [] if sure else [Blank("breach-open", rule.breaches_of or "")]
        found[k] = open_breach or list(_blanks(refs, cells, files))
    return found


def _of_subject(context: Context, rule: Rule) -> Iterator[FieldRef]:
    found: dict[tuple[object, ...], FieldRef] = {}
    table = context.model.tables[rule.subject.table]
    refs = list(_refs_of(context, rule.subject.where, rule.subject.within, ()))
    roots = [getattr(rule.measure, a, None) for a in ("condition", "value", "day")]
    roots += [e.condition for e in rule.exemptions]
    roots += [rule.window.after, rule.window.first, rule.window.last] if rule.window else []
    for root in roots:
        refs += _refs_of(context, root, None, ())
    own = [*_lifetime_fields(context, rule.subject.table), *([when] if (when := table.field_with("when")) else [])]
    refs += [FieldRef("date", 0, "", (), rule.subject.table, name) for name in own]
    for ref in refs:
        found.setdefault((*(h.name for h in ref.hops), ref.table, ref.name), ref)
    yield from found.values()


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
