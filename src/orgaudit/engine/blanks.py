"""What leaves a verdict open: unknown cells of the subject and of the records looked at, and tables that were not handed in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orgaudit import sql as q
from orgaudit.engine.chosen import chosen
from orgaudit.engine.context import Context
from orgaudit.engine.population import checks_table
from orgaudit.expressions import (
    FILE,
    LINE,
    MISSING_BITS,
    ROW,
    SURE,
    FieldRef,
    Group,
    InGroup,
    Node,
    NumberRef,
    Row,
    key_of,
    walk,
)
from orgaudit.findings import Blank
from orgaudit.recordmodel import Hop
from orgaudit.standards import Rule, Runs


def may_be_unknown(context: Context, ref: FieldRef) -> bool:
    """Whether any record may have this field unknown; of one behind references always, since they may lead nowhere."""
    cells, cell = context.facts.cells, (ref.table, ref.name)
    return bool(ref.hops) or cell not in cells.never_unknown or cell not in cells.never_blank


def blank_columns(row: Row, refs: Sequence[FieldRef]) -> dict[str, q.Sql]:
    """For each field that a condition asks for whether it is unknown, then for each row that holds such fields where it stands."""
    unknown, told = dict[str, q.Sql](), dict[str, q.Sql]()
    for i, ref in enumerate(refs):
        value = row.along(ref.hops).value(ref.name)
        unknown[f"unknown {i}"] = q.is_true(q.and_([q.is_null(value.sql), q.not_(value.none)]))
    for i, ref in enumerate(_holders(refs).values()):
        at = row.along(ref.hops)
        where = {"missing": at.raw(MISSING_BITS), "key": key_of(at), "file": at.raw(FILE), "line": at.raw(LINE)}
        told |= {f"{n} {i}": found for n, found in where.items()}
    return unknown | told


def _holders(refs: Sequence[FieldRef]) -> dict[tuple[str, ...], FieldRef]:
    """One field of each row that holds some, by the way that leads to the row."""
    return {_way(ref): ref for ref in refs}


def _way(ref: FieldRef) -> tuple[str, ...]:
    return tuple(hop.name for hop in ref.hops)


def text_of(row: Row, ref: FieldRef) -> q.Sql:
    """What stands in a field that is asked for, as text; NULL is unknown, nothing a blank that means something."""
    value = row.along(ref.hops).value(ref.name)
    return q.case([(value.blank, q.lit(""))], q.cast(value.sql, "text"))


def blanks_in(
    context: Context, refs: Sequence[FieldRef], cells: Sequence[object], files: Sequence[str]
) -> Iterator[Blank]:
    """The unknown fields among the columns that `blank_columns` made."""
    first = {way: len(refs) + 4 * i for i, way in enumerate(_holders(refs))}
    for i, ref in enumerate(refs):
        if cells[i]:
            at = first[_way(ref)]
            missing, key, file, line = cells[at : at + 4]
            is_missing = isinstance(missing, int) and missing & context.model.tables[ref.table].bits[ref.name]
            path = files[file] if isinstance(file, int) else None
            reason = "column-missing" if is_missing else "blank-cell"
            row = line if isinstance(line, int) else None
            yield Blank(reason, ref.table, None if key is None else str(key), ref.name, path, row)


def fields_asked(context: Context, group: Group, nodes: Sequence[Node] = ()) -> list[FieldRef]:
    """The fields of a counted record that decide: those of its lifetime, and those its group and its measure ask for."""
    refs = [FieldRef("date", 0, "", (), group.table, name) for name in _lifetime_fields(context, group.table)]
    refs += refs_of(context, group.where, group.within)
    return _each_once([*refs, *(ref for node in nodes for ref in refs_of(context, node))])


def links_of(context: Context, group: Group) -> list[FieldRef]:
    """The references by which a record of a group leads back towards the subject: where one is unknown, so is whose it is."""
    refs: list[FieldRef] = []
    way: tuple[Hop, ...] = ()
    for hop in reversed(group.hops):
        if hop.forwards or hop.is_kin or hop.key.is_several:
            break
        fields = context.model.tables[hop.holder].by_name
        refs += [FieldRef(fields[n].type, 0, "", way, hop.holder, n) for n in hop.key.fields if n in fields]
        way = (*way, Hop(hop.key.forward, hop.holder, hop.key, forwards=True))
    return refs


def refs_of(
    context: Context,
    node: Node | None,
    within: str | None = None,
    hops: tuple[object, ...] = (),
    rows: tuple[str, ...] = (),
) -> Iterator[FieldRef]:
    """The fields of the row at hand (or of `rows`) that a condition, and the groups it speaks of, ask for."""
    if within is not None:
        inner = context.standard.groups[within]
        yield from refs_of(context, inner.where, inner.within, hops)
    for part in walk(node) if node is not None else []:
        if isinstance(part, FieldRef) and part.row in ("", *rows):
            yield FieldRef(part.type, part.column, "", (*hops, *part.hops), part.table, part.name)  # type: ignore[arg-type]
        if isinstance(part, InGroup) and part.row in ("", *rows):
            inner = context.standard.groups[part.group]
            yield from refs_of(context, inner.where, inner.within, (*hops, *part.hops))
        if isinstance(part, NumberRef) and part.row in ("", *rows):
            for own in context.standard.numbers[part.name].measure.nodes:  # a number of the record's own fields
                yield from refs_of(context, own, None, (*hops, *part.hops))


def _lifetime_fields(context: Context, table: str) -> list[str]:
    declared = context.model.tables[table]
    return [name for name in (declared.field_with("valid_from"), declared.field_with("valid_to")) if name is not None]


def _each_once(refs: Sequence[FieldRef]) -> list[FieldRef]:
    found: dict[tuple[object, ...], FieldRef] = {}
    for ref in refs:
        found.setdefault((*_way(ref), ref.table, ref.name), ref)
    return list(found.values())


def subject_blanks(context: Context, rule: Rule, ks: Sequence[int], files: Sequence[str]) -> dict[int, list[Blank]]:
    """For each check the unknown fields of its own subject that the rule asks for."""
    refs = [ref for ref in subject_fields(context, rule) if may_be_unknown(context, ref)]
    joins = context.joins()
    subject = Row(joins, "s", rule.subject.table)
    joins.trees.append(q.join(q.table(rule.subject.table, "s"), q.op(q.col("s", ROW), "=", q.col("k", "s"))))
    columns: dict[str, q.Sql] = {"k": q.col("k", "k"), **blank_columns(subject, refs)}
    columns["sure"] = q.col("s", SURE) if rule.breaches_of else q.TRUE
    with chosen(context, ks) as only_of:
        only = only_of(q.col("k", "k"), None)
        source = q.table(checks_table(rule), "k")
        rows = context.db.rows(q.select(columns, source, [*only.joins, *joins.trees], only.where))
    found: dict[int, list[Blank]] = {}
    for k, *cells, sure in rows:
        open_breach = [] if sure else [Blank("breach-open", ", ".join(rule.breaches_of))]
        found[k] = open_breach or list(blanks_in(context, refs, cells, files))
    return found


def subject_fields(context: Context, rule: Rule) -> list[FieldRef]:
    """The fields of its subject that a rule asks for."""
    return _each_once(list(_of_subject(context, rule)))


def _of_subject(context: Context, rule: Rule) -> Iterator[FieldRef]:
    table = context.model.tables[rule.subject.table]
    yield from refs_of(context, rule.subject.where, rule.subject.within)
    roots = [*rule.measure.nodes, *(e.when for e in rule.exemptions if isinstance(e.when, Node))]
    roots += list(rule.window.nodes) if rule.window else []
    roots += [v.node for v in (rule.bound.values if rule.bound else ()) if v.node is not None]
    if isinstance(rule.measure, Runs) and isinstance(rule.measure.when, Node):
        roots.append(rule.measure.when)
    for root in roots:
        yield from refs_of(context, root, rows=("subject",))
    own = [*_lifetime_fields(context, rule.subject.table), *([when] if (when := table.field_with("when")) else [])]
    yield from (FieldRef("date", 0, "", (), rule.subject.table, name) for name in own)


def silences(context: Context, groups: Sequence[Group]) -> Iterator[Blank]:
    """The tables of groups that were not handed in, or not for this time and organization."""
    for group in groups:
        tables = {group.table} | {h.holder for h in group.hops if not h.forwards}
        for table in sorted(tables):
            if table not in context.facts.submitted:
                yield Blank("table-not-submitted", table)
        if tables <= context.facts.submitted:
            yield Blank("not-covered", group.table)
