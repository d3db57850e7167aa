"""Gaps: the longest time without a record, one item for each time between neighbours that certainly are there."""

from __future__ import annotations

from dataclasses import dataclass, replace

from orgaudit import sql as q
from orgaudit.engine.candidates import IN_WINDOW, OVERLAPPING, belonging, is_complete
from orgaudit.engine.context import Context
from orgaudit.engine.exemptions import held
from orgaudit.engine.items import RANKS, at_rank, items_table, rank, worst_of
from orgaudit.engine.layers import plainly
from orgaudit.engine.measures import Place
from orgaudit.engine.verdicts import Outcome, by_exemptions, named, place_of, write_results
from orgaudit.expressions import ROW, Joins, Row, day_of, is_state, lifetime
from orgaudit.periods import SINCE_EVER
from orgaudit.standards import Bound, Gap, Rule


@dataclass(frozen=True)
class Yardstick:
    """A bound on the length of gaps: until when the next record must come after the one before."""

    context: Context
    bound: Bound
    day: q.Sql  # whose parameters count

    def kept(self, a: q.Sql, b: q.Sql) -> q.Sql:
        """Whether a day is not too late after another."""
        value = self.bound.values[0]
        operator = "<=" if self.bound.kind == "at_most" else "<"
        if value.parameter is not None and self.context.standard.parameters[value.parameter].type == "duration":
            return q.op(b, operator, self.context.moved(a, value.parameter, self.day))
        if value.duration is not None:
            return q.op(b, operator, self.context.moved(a, value.duration, self.day))
        days = self.context.bound_value(value, self.day)
        return q.op(q.call("oa_days", a, b), operator, days.least)


def judge_gaps(context: Context, rule: Rule) -> None:
    """Creates points, gaps that may be, items and verdicts of a rule about the time between records.

    A gap that may be lies between two points, certain or possible, without a certain one between them. It is judged with
    its own exemptions; a place between neighbours fails if every gap that may be and contains it does.
    """
    measure = rule.measure
    assert isinstance(measure, Gap)  # asked for gaps only
    place = place_of(context, rule)
    create = context.db.run
    create(q.create_table(named("spans", rule), _spans(context, place, measure)))
    create(q.create_table(named("records", rule), _records(context, rule, measure)))
    create(q.create_table(named("points", rule), _points(rule, measure)))
    create(q.create_table(named("gaps", rule), _gaps(context, rule)))
    create(q.create_table(named("judged gaps", rule), _judged(context, rule)))
    create(q.create_table(named("failing", rule), _failing(rule, measure)))
    failing = q.with_all_of("x", q.select({}, _table("failing", rule, "x")))
    create(q.create_table(items_table(rule), q.union_all([failing, _open(rule)])))
    _make_results(context, rule)


def _table(name: str, rule: Rule, alias: str) -> q.Sql:
    return q.table(named(name, rule), alias)


def _is(alias: str, column: str, value: int) -> q.Sql:
    return q.op(q.col(alias, column), "=", q.lit(value))


def _same(left: str, right: str, *columns: str) -> q.Sql:
    return q.and_(q.op(q.col(left, c), "=", q.col(right, c)) for c in columns)


# -- points


def _spans(context: Context, place: Place, measure: Gap) -> q.Select:
    """Each check with the first and last day of its span: the audited period cut to its subject's life."""
    first, last = q.lit(context.facts.first), q.lit(context.facts.last)
    begins, ends = lifetime(place.subject) if is_state(place.subject) else (first, last)
    known = q.not_(q.or_([q.is_null(begins), q.is_null(ends)]))
    starts = [context.facts.coverage[g.table].first for g in measure.groups if g.table in context.facts.coverage]
    is_event = context.model.tables[measure.table].kind == "event"
    covered = q.lit(max(starts, default=context.facts.first) if is_event else SINCE_EVER)
    window = replace(place.frame, first=covered, last=q.lit(min(context.facts.last, context.facts.as_of)), moved=True)
    kept = ("k", "s", "p", "key", "owner", "day", *(f"each {n}" for n in place.frame.each))
    columns = {c: q.col("k", c) for c in kept} | {
        "span_first": q.case([(known, q.call("greatest", begins, first))], first),
        "span_last": q.case([(known, q.call("least", ends, last))], last),
        "from": covered,
        "sound": q.as_int(q.and_([is_complete(context, window, measure.groups), known])),
    }
    inner = q.select(columns, place.checks.copy(), place.joins.trees)
    empty = q.op(q.col("z", "span_last"), "<", q.col("z", "span_first"))
    return q.select({"*": q.star()}, q.derived(inner, "z"), where=q.not_(empty))


def _records(context: Context, rule: Rule, measure: Gap) -> q.Select:
    """(k, row, start, end, sure, apart): the records that are, or may be, points; `apart` are those without a place."""
    spans = _table("spans", rule, "k")
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
    columns["apart"] = q.as_int(q.or_([*unknown, q.op(q.col("c", "many"), ">", q.lit(1))]))
    return q.select(columns, q.derived(rows, "c"))


def _points(rule: Rule, measure: Gap) -> q.Select:
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
        q.select({**columns, "kind": q.lit(0)}, _table("records", rule, "o"), where=_is("o", "apart", 0))
    ]
    if measure.ends != "open":
        parts += [_end_point(rule, first), _end_point(rule, last)]
    order = [*(q.col("u", c) for c in ("late", "start", "end", "kind", "row"))]
    plain = {c: q.col("v", c) for c in ("k", "row", "start", "end", "sure", "kind")}
    late = {"late": q.as_int(q.op(q.col("v", "kind"), ">", q.lit(0)))}
    inner = q.select({**plain, **late}, q.derived(q.union_all(parts), "v"))
    within, sure = [q.col("u", "k")], _is("u", "sure", 1)
    numbered = {
        **{c: q.col("u", c) for c in ("k", "row", "start", "end", "sure", "kind")},
        "n": q.window(q.call("row_number"), within, order),
        "certain": q.window(q.call("sum", q.col("u", "sure")), within, order),
        "led": q.window(q.call("max", q.as_int(_is("u", "kind", -1))), within, order),
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
    counted = [q.op(q.col("o", "k"), "=", q.col("k", "k")), _is("o", "apart", 0)]
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
    joins = [q.join(_table("records", rule, "o"), q.and_(counted), left=True)]
    found = q.select(columns, _table("spans", rule, "k"), joins, group=[q.col("k", "k")])
    sure = q.as_int(q.op(q.col("f", "seen"), "<", q.lit(0)))
    row = {
        "k": q.col("f", "k"),
        "row": q.cast(q.lit(kind), "bigint"),
        "start": q.col("f", "day"),
        "end": q.col("f", "day"),
    }
    none_certain = q.op(q.col("f", "seen"), "<", q.lit(1))
    return q.select({**row, "sure": sure, "kind": q.lit(kind)}, q.derived(found, "f"), where=none_certain)


# -- gaps that may be


def _gaps(context: Context, rule: Rule) -> q.Select:
    """Each pair of points without a certain one between them, with the days that its exemptions look at."""
    pair = q.and_(
        [
            _same("a", "b", "k"),
            q.op(q.col("a", "n"), "<", q.col("b", "n")),
            # certain ones up to a, and those before b, are as many: none lies between
            q.op(q.col("a", "certain"), "=", q.op(q.col("b", "certain"), "-", q.col("b", "sure"))),
            q.op(q.col("b", "kind"), ">=", q.lit(0)),
            # of the kinds 2 only the whole span is a stretch
            q.or_([q.op(q.col("b", "kind"), "<", q.lit(2)), _is("a", "kind", -1)]),
            q.or_([q.op(q.col("a", "kind"), ">", q.lit(-2)), _is("b", "kind", 1)]),
        ]
    )
    is_last = q.op(q.col("b", "kind"), ">", q.lit(0))
    is_first = q.op(q.col("a", "kind"), "<", q.lit(0))
    last_day = q.call("greatest", q.col("a", "end"), q.call("coalesce", q.col("a", "reached"), q.col("a", "end")))
    columns = {
        **{c: q.col("k", c) for c in ("s", "p", "key", "owner", "day", *(f"each {x}" for x in rule.each))},
        "check": q.col("a", "k"),
        "i": q.col("a", "n"),
        "j": q.col("b", "n"),
        "a": last_day,
        "until": q.case([(is_last, q.col("k", "span_last"))], q.col("b", "start")),
        "start": q.case([(is_first, q.col("k", "span_first"))], last_day),
        "last": q.as_int(is_last),
    }
    ends_inside = q.and_(
        [q.op(q.col("b", "start"), ">=", q.col("k", "span_first")), q.op(last_day, "<", q.col("b", "start"))]
    )
    joins = [q.join(_table("points", rule, "b"), pair), q.join(_table("spans", rule, "k"), _same("k", "a", "k"))]
    inner = q.select(columns, _table("points", rule, "a"), joins, ends_inside)
    number = {"k": q.row_number([q.col("z", c) for c in ("check", "i", "j")])}
    return q.with_all_of("z", q.select(number, q.derived(inner, "z")))


def _yards(context: Context, rule: Rule, day: q.Sql) -> list[Yardstick]:
    """The rule's own bound, and those that exemptions put in its place."""
    bounds = [b for b in (rule.bound, *(e.effect for e in rule.exemptions)) if isinstance(b, Bound)]
    return [Yardstick(context, b, day) for b in bounds]


def _verdict(context: Context, yard: Yardstick, a: q.Sql, until: q.Sql, is_last: q.Sql) -> q.Sql:
    """A gap that reaches beyond the audit's day waits, unless it is too long already."""
    today = q.call("least", until, q.lit(context.facts.as_of))
    waits = q.and_([is_last, q.op(until, ">", q.lit(context.facts.as_of)), yard.kept(a, today)])
    too_long = q.not_(yard.kept(a, today))
    ways = [(yard.kept(a, until), q.lit("pass")), (waits, q.lit("pending")), (too_long, q.lit("fail"))]
    return q.case(ways, q.lit("unknown"))


def _judged(context: Context, rule: Rule) -> q.Select:
    """Each gap that may be with its verdict, and with the worst that it has under any bound."""
    joins = Joins(context.model)
    subject = Row(joins, "s", rule.subject.table)
    joins.trees.append(q.join(q.table(rule.subject.table, "s"), q.op(q.col("s", ROW), "=", q.col("k", "s"))))
    frame = place_of(context, rule).frame.within(q.col("k", "start"), q.col("k", "until"), named("gaps", rule))
    frame = replace(frame, day=q.col("k", "day"))
    place = Place(context, frame, joins, subject, _table("gaps", rule, "k"))
    exemptions = held(place, rule.exemptions)
    is_last, a, until = _is("k", "last", 1), q.col("k", "a"), q.col("k", "until")
    verdicts = [_verdict(context, yard, a, until, is_last) for yard in _yards(context, rule, frame.day)]
    own, others = (verdicts[0], verdicts[1:]) if rule.bound is not None else (q.lit("pass"), verdicts)
    columns = {c: q.col("k", c) for c in ("check", "i", "j", "start", "until")} | {
        "days": q.call("oa_days", a, until),
        "verdict": by_exemptions(own, exemptions, others),
        "plain": q.call("least", *map(rank, verdicts)) if verdicts else rank(own),
        "doubt": q.case([(h.maybe, q.lit(h.id)) for h in exemptions], q.cast(q.NULL, "text")),
    }
    return q.select(columns, place.checks.copy(), joins.trees)


# -- items


def _places(rule: Rule) -> q.Select:
    """Each place between neighbours that all gaps around it find too long, with the longest of them."""
    contains = q.and_(
        [
            q.op(q.col("g", "check"), "=", q.col("o", "k")),
            q.op(q.col("g", "i"), "<=", q.col("o", "n")),
            q.op(q.col("g", "j"), ">", q.col("o", "n")),
        ]
    )
    fails = q.op(q.col("g", "verdict"), "=", q.lit("fail"))
    columns = {
        "k": q.col("o", "k"),
        "n": q.col("o", "n"),
        "failing": q.call("min", q.as_int(fails)),
        "longest": q.call("max", q.col("g", "days")),
    }
    joins = [q.join(_table("judged gaps", rule, "g"), contains)]
    return q.select(columns, _table("points", rule, "o"), joins, group=[q.col("o", "k"), q.col("o", "n")])


def _failing(rule: Rule, measure: Gap) -> q.Select:
    """A place that one of the gaps around it certainly contains, and that no record may cover."""
    following = q.and_([_same("r", "o", "k"), q.op(q.col("r", "n"), "=", q.op(q.col("o", "n"), "+", q.lit(1)))])
    shortest = q.and_(
        [
            q.op(q.col("g", "check"), "=", q.col("o", "k")),
            q.op(q.col("g", "i"), "=", q.col("o", "n")),
            q.op(q.col("g", "j"), "=", q.col("r", "n")),
        ]
    )
    many = {"k": q.col("t", "k"), "certain": q.call("max", q.col("t", "certain"))}
    certain = q.select(many, _table("points", rule, "t"), group=[q.col("t", "k")])
    before = [q.op(q.col("o", "certain"), ">", q.lit(0)), _is("o", "led", 1)]
    after = [q.op(q.col("m", "certain"), ">", q.col("o", "certain"))]
    before += [_is("r", "kind", 1)] if measure.ends == "last" else []
    after += [_is("o", "kind", -1)] if measure.ends == "first" else []
    open_place = q.op(q.col("o", "reach"), "<", q.col("r", "start"))
    joins = [
        q.join(_table("points", rule, "o"), _same("o", "l", "k", "n")),
        q.join(_table("points", rule, "r"), following),
        q.join(_table("judged gaps", rule, "g"), shortest),
        q.join(q.derived(certain, "m"), _same("m", "l", "k")),
        *_hazard_joins(rule, q.col("l", "k")),
    ]
    where = q.and_([_is("l", "failing", 1), q.or_(before), q.or_(after), open_place, q.not_(_HAZARD)])
    columns = _item(q.col("l", "k"), q.lit("fail"), q.col("g", "days"), q.col("l", "longest"))
    return q.select(columns, q.derived(_places(rule), "l"), joins, where)


def _open(rule: Rule) -> q.Select:
    """Gaps that may be, and do not certainly pass: for checks of which no place certainly fails."""
    fails = q.select({"k": q.col("x", "k")}, _table("failing", rule, "x"), distinct=True)
    joins = [
        *_hazard_joins(rule, q.col("g", "check")),
        q.join(q.derived(fails, "x"), q.op(q.col("x", "k"), "=", q.col("g", "check")), left=True),
    ]
    waits = q.op(q.col("g", "verdict"), "=", q.lit("pending"))
    verdict = q.case([(waits, q.lit("pending"))], q.lit("unknown"))
    open_ = q.isin(q.col("g", "verdict"), [q.lit(v) for v in ("fail", "unknown", "pending")])
    where = q.and_([open_, q.is_null(q.col("x", "k"))])
    columns = _item(q.col("g", "check"), verdict, q.cast(q.lit(0), "bigint"), q.col("g", "days"))
    return q.select(columns, _table("judged gaps", rule, "g"), joins, where)


def _item(k: q.Sql, verdict: q.Sql, least: q.Sql, most: q.Sql) -> dict[str, q.Sql]:
    return {
        "k": k,
        "yard": q.lit(0),
        "start": q.col("g", "start"),
        "end": q.col("g", "until"),
        "least": least,
        "most": most,
        "verdict": verdict,
        "level": q.cast(q.NULL, "text"),
        "possible_level": q.cast(q.NULL, "text"),
        "doubt": q.col("g", "doubt"),
    }


# -- checks

#: whether records may be missing, or lie anywhere
_HAZARD = q.is_true(q.or_([_is("h", "apart", 1), _is("n", "sound", 0)]))


def _hazard_joins(rule: Rule, k: q.Sql) -> list[q.Join]:
    """`n`, the span of a check, and `h`, whether any of its records has no place."""
    apart = {"k": q.col("o", "k"), "apart": q.call("max", q.col("o", "apart"))}
    apart |= {
        f"{f} certain": q.call(f, q.case([(_PLACED_SURE, q.col("o", c))], q.NULL))
        for f, c in (("min", "start"), ("max", "end"))
    }
    apart["points"] = q.call("count", q.star())
    found = q.select(apart, _table("records", rule, "o"), group=[q.col("o", "k")])
    return [
        q.join(_table("spans", rule, "n"), q.op(q.col("n", "k"), "=", k)),
        q.join(q.derived(found, "h"), q.op(q.col("h", "k"), "=", k), left=True),
    ]


_PLACED_SURE = q.and_([_is("o", "apart", 0), _is("o", "sure", 1)])


def _make_results(context: Context, rule: Rule) -> None:
    """The worst of a check's items; where nothing is judged, there is nothing to say, or nothing to fear."""
    place = place_of(context, rule)
    mine = q.op(q.col("i", "k"), "=", q.col("k", "k"))
    place.joins.trees.append(q.join(q.derived(worst_of(rule, 0), "i"), mine, left=True))
    gaps = {
        "k": q.col("g", "check"),
        "applying": q.call("min", q.as_int(q.op(q.col("g", "verdict"), "=", q.lit("not_applicable")))),
        "plain": q.call("min", q.col("g", "plain")),
        "longest": q.call("max", q.col("g", "days")),
    }
    found = q.select(gaps, _table("judged gaps", rule, "g"), group=[q.col("g", "check")])
    place.joins.trees.append(q.join(q.derived(found, "g"), q.op(q.col("g", "k"), "=", q.col("k", "k")), left=True))
    span, apart = _hazard_joins(rule, q.col("k", "k"))
    span.set("side", "LEFT")
    place.joins.trees += [span, apart]
    quiet = q.case(
        [
            (_is("g", "applying", 1), q.lit("not_applicable")),
            (q.not_(q.is_null(q.col("g", "k"))), q.lit("pass")),
            (q.not_(q.is_null(q.col("h", "k"))), q.lit("pass")),
        ],
        q.lit("not_applicable"),
    )
    sure = q.call("coalesce", q.col("i", "worst"), quiet)
    measured = q.case(
        [(q.is_null(q.col("n", "k")), q.lit("not_applicable")), (_HAZARD, _hazarded(context, rule))], sure
    )
    longest = q.call("coalesce", q.col("i", "least"), q.col("g", "longest"))
    most = q.call("coalesce", q.col("i", "most"), q.col("g", "longest"))
    write_results(context, rule, plainly(place), Outcome(measured, longest, most), [])


def _hazarded(context: Context, rule: Rule) -> q.Sql:
    """Where a record may lie anywhere: pass only if even the longest gaps that it could make are short enough."""
    first = q.call("coalesce", q.col("h", "min certain"), q.col("n", "span_last"))
    last = q.call("coalesce", q.col("h", "max certain"), q.col("n", "from"))
    ranks = [q.call("coalesce", q.col("g", "plain"), q.lit(RANKS.index("pass")))]
    for yard in _yards(context, rule, q.col("n", "day")):
        front = _verdict(context, yard, q.col("n", "from"), first, q.op(first, "=", q.col("n", "span_last")))
        inside = q.op(first, ">=", q.col("n", "span_first"))
        ranks.append(q.case([(inside, rank(front))], q.lit(RANKS.index("pass"))))
        ranks.append(rank(_verdict(context, yard, last, q.col("n", "span_last"), q.TRUE)))
    worst = q.call("least", *ranks) if len(ranks) > 1 else ranks[0]
    verdict = at_rank(worst)
    return q.case([(q.op(verdict, "=", q.lit("fail")), q.lit("unknown"))], verdict)
