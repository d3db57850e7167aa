"""Points: the records that a gap lies between, in their order, and the span that the audit looks at."""

from __future__ import annotations

from dataclasses import replace

from orgaudit import sql as q
from orgaudit.engine.candidates import IN_WINDOW, OVERLAPPING, belonging, is_complete
from orgaudit.engine.context import Context
from orgaudit.engine.measures import Place
from orgaudit.engine.verdicts import named, place_of
from orgaudit.expressions import Row, day_of, is_state, lifetime
from orgaudit.periods import SINCE_EVER
from orgaudit.standards import Gap, Rule


def of_rule(name: str, rule: Rule, alias: str) -> q.Sql:
    """A table of a rule under an alias."""
    return q.table(named(name, rule), alias)


def is_(alias: str, column: str, value: int) -> q.Sql:
    """Whether a column has a value."""
    return q.op(q.col(alias, column), "=", q.lit(value))


def same(left: str, right: str, *columns: str) -> q.Sql:
    """Whether two sources have the same in these columns."""
    return q.and_(q.op(q.col(left, c), "=", q.col(right, c)) for c in columns)


def make_spans(context: Context, place: Place, measure: Gap) -> q.Select:
    """Each check with the first and last day of its span: the audited period cut to its subject's life."""
    first, last = q.lit(context.facts.first), q.lit(context.facts.last)
    begins, ends = lifetime(place.subject) if is_state(place.subject) else (first, last)
    known = q.not_(q.or_([q.is_null(begins), q.is_null(ends)]))
    starts = [context.facts.coverage[g.table].first for g in measure.groups if g.table in context.facts.coverage]
    is_event = context.model.tables[measure.table].kind == "event"
    covered = q.lit(max(starts, default=context.facts.first) if is_event else SINCE_EVER)
    span_last = q.case([(known, q.call("least", ends, last))], last)
    window = replace(place.frame, first=covered, last=span_last, moved=True)
    kept = ("k", "s", "p", "key", "owner", "day", *(f"each {n}" for n in place.frame.each))
    columns = {c: q.col("k", c) for c in kept} | {
        "span_first": q.case([(known, q.call("greatest", begins, first))], first),
        "span_last": span_last,
        "from": covered,
        "sound": q.as_int(q.and_([is_complete(context, window, measure.groups), known])),
    }
    inner = q.select(columns, place.checks.copy(), place.joins.trees)
    empty = q.op(q.col("z", "span_last"), "<", q.col("z", "span_first"))
    return q.select({"*": q.star()}, q.derived(inner, "z"), where=q.not_(empty))


def make_records(context: Context, rule: Rule, measure: Gap) -> q.Select:
    """(k, row, start, end, sure, apart): the records that are, or may be, points; `apart` are those without a place."""
    spans = of_rule("spans", rule, "k")
    frame = replace(place_of(context, rule).frame, first=q.col("k", "from"), last=q.col("k", "span_last"))
    dated = measure.groups[0].dated
    states = context.model.tables[measure.table].kind == "state" and dated is None

    def wanted(_: object, row: Row) -> dict[str, q.Sql]:
        if states:
            begins, ends = lifetime(row)
            return {"start": begins, "end": ends}
        day = row.value(dated).sql if dated else day_of(row)
        assert day is not None  # the loader admits only what lies in time
        return {"start": day, "end": day}

    placing = OVERLAPPING if states else IN_WINDOW
    frame = replace(frame, state_day=q.col("k", "span_last"))
    rows = belonging(context, frame, spans, measure.groups, wanted, placing=placing)
    unknown = [q.is_null(q.col("c", c)) for c in ("start", "end")]
    columns = {c: q.col("c", c) for c in ("k", "row", "start", "end", "sure")}
    reversed_ = [q.op(q.col("c", "end"), "<", q.col("c", "start"))] if states else []
    columns["apart"] = q.as_int(q.or_([*unknown, *reversed_, q.op(q.col("c", "many"), ">", q.lit(1))]))
    return q.select(columns, q.derived(rows, "c"))


def make_points(rule: Rule, measure: Gap) -> q.Select:
    """The points in their order, numbered, with what lies up to each: how many certain ones, and the last day reached.

    The day before the span and the one after it are points too: of the kinds −1 and 1 where a stretch is judged, and −2
    and 2 where only the whole span is one, for want of any record.
    """
    first, last = (
        (-1 if measure.ends in ("closed", "first") else -2),
        (1 if measure.ends in ("closed", "last") else 2),
    )
    columns = {c: q.col("o", c) for c in ("k", "row", "start", "end", "sure")}
    parts: list[q.Sql] = [
        q.select({**columns, "kind": q.lit(0)}, of_rule("records", rule, "o"), where=is_("o", "apart", 0))
    ]
    if measure.ends != "open":
        parts += [_end_point(rule, first), _end_point(rule, last)]
    order = [*(q.col("u", c) for c in ("late", "start", "end", "kind", "row"))]
    plain = {c: q.col("v", c) for c in ("k", "row", "start", "end", "sure", "kind")}
    late = {"late": q.as_int(q.op(q.col("v", "kind"), ">", q.lit(0)))}
    inner = q.select({**plain, **late}, q.derived(q.union_all(parts), "v"))
    within, sure = [q.col("u", "k")], is_("u", "sure", 1)
    numbered = {
        **{c: q.col("u", c) for c in ("k", "row", "start", "end", "sure", "kind")},
        "n": q.window(q.call("row_number"), within, order),
        "certain": q.window(q.call("sum", q.col("u", "sure")), within, order),
        "led": q.window(q.call("max", q.as_int(is_("u", "kind", -1))), within, order),
        "reached": q.window(q.call("max", q.case([(sure, q.col("u", "end"))], q.NULL)), within, order),
        "reach": q.window(q.call("max", q.col("u", "end")), within, order),
    }
    return q.select(numbered, q.derived(inner, "u"))


def _end_point(rule: Rule, kind: int) -> q.Select:
    """The day before the span, or the one after it: certain, possible or left out by what records lie there.

    The day before is no point where a record certainly lies before the span; of the kinds 2 it is none where any does.
    """
    early, whole = kind < 0, abs(kind) == 2
    before = q.op(q.col("o", "start"), "<", q.col("k", "span_first"))
    counted = [q.op(q.col("o", "k"), "=", q.col("k", "k")), is_("o", "apart", 0)]
    if not whole:
        counted.append(before if early else q.FALSE)
    day = (
        q.call("oa_add_days", q.col("k", "span_first"), q.lit(-1))
        if early
        else q.call("oa_add_days", q.col("k", "span_last"), q.lit(1))
    )
    columns = {
        "k": q.col("k", "k"),
        "day": q.call("max", day),
        "seen": q.call("coalesce", q.call("max", q.col("o", "sure")), q.lit(-1)),
    }
    joins = [q.join(of_rule("records", rule, "o"), q.and_(counted), left=True)]
    found = q.select(columns, of_rule("spans", rule, "k"), joins, group=[q.col("k", "k")])
    sure = q.as_int(q.op(q.col("f", "seen"), "<", q.lit(0)))
    row = {
        "k": q.col("f", "k"),
        "row": q.cast(q.lit(kind), "bigint"),
        "start": q.col("f", "day"),
        "end": q.col("f", "day"),
    }
    none_certain = q.op(q.col("f", "seen"), "<", q.lit(1))
    return q.select({**row, "sure": sure, "kind": q.lit(kind)}, q.derived(found, "f"), where=none_certain)
