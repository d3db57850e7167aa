"""Gaps: the longest time without a record, one item for each time between neighbours that certainly are there."""

from __future__ import annotations

from dataclasses import replace

from orgaudit import sql as q
from orgaudit.engine.context import Context
from orgaudit.engine.exemptions import held
from orgaudit.engine.hazards import HAZARD, hazard_joins, hazarded, verdict_of, yards
from orgaudit.engine.items import items_table, rank, worst_of
from orgaudit.engine.layers import plainly
from orgaudit.engine.measures import Place
from orgaudit.engine.outcomes import NONE, Outcome
from orgaudit.engine.points import is_, make_points, make_records, make_spans, of_rule, same
from orgaudit.engine.verdicts import by_exemptions, named, place_of, write_results
from orgaudit.expressions import ROW, Row
from orgaudit.standards import Gap, Rule


def judge_gaps(context: Context, rule: Rule) -> None:
    """Creates points, gaps that may be, items and verdicts of a rule about the time between records.

    A gap that may be lies between two points, certain or possible, without a certain one between them. It is judged with
    its own exemptions; a place between neighbours fails if every gap that may be and contains it does.
    """
    measure = rule.measure
    assert isinstance(measure, Gap)  # asked for gaps only
    place = place_of(context, rule)
    create = context.db.run
    create(q.create_table(named("spans", rule), make_spans(context, place, measure)))
    create(q.create_table(named("records", rule), make_records(context, rule, measure)))
    create(q.create_table(named("points", rule), make_points(rule, measure)))
    create(q.create_table(named("gaps", rule), _gaps(context, rule)))
    create(q.create_table(named("judged gaps", rule), _judged(context, rule)))
    create(q.create_table(named("failing", rule), _failing(rule, measure)))
    failing = q.with_all_of("x", q.select({}, of_rule("failing", rule, "x")))
    create(q.create_table(items_table(rule), q.union_all([failing, _open(rule)])))
    _make_results(context, rule)


# -- gaps that may be


def _gaps(context: Context, rule: Rule) -> q.Select:
    """Each pair of points without a certain one between them, with the days that its exemptions look at."""
    pair = q.and_(
        [
            same("a", "b", "k"),
            q.op(q.col("a", "n"), "<", q.col("b", "n")),
            # certain ones up to a, and those before b, are as many: none lies between
            q.op(q.col("a", "certain"), "=", q.op(q.col("b", "certain"), "-", q.col("b", "sure"))),
            q.op(q.col("b", "kind"), ">=", q.lit(0)),
            # of the kinds 2 only the whole span is a stretch
            q.or_([q.op(q.col("b", "kind"), "<", q.lit(2)), is_("a", "kind", -1)]),
            q.or_([q.op(q.col("a", "kind"), ">", q.lit(-2)), is_("b", "kind", 1)]),
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
    joins = [q.join(of_rule("points", rule, "b"), pair), q.join(of_rule("spans", rule, "k"), same("k", "a", "k"))]
    inner = q.select(columns, of_rule("points", rule, "a"), joins, ends_inside)
    number = {"k": q.row_number([q.col("z", c) for c in ("check", "i", "j")])}
    return q.with_all_of("z", q.select(number, q.derived(inner, "z")))


def _judged(context: Context, rule: Rule) -> q.Select:
    """Each gap that may be with its verdict, and with the worst that it has under any bound."""
    joins = context.joins()
    subject = Row(joins, "s", rule.subject.table, is_there=True)
    joins.trees.append(q.join(q.table(rule.subject.table, "s"), q.op(q.col("s", ROW), "=", q.col("k", "s"))))
    frame = place_of(context, rule).frame.within(q.col("k", "start"), q.col("k", "until"), named("gaps", rule))
    frame = replace(frame, day=q.col("k", "day"))
    place = Place(context, frame, joins, subject, of_rule("gaps", rule, "k"))
    exemptions = held(place, rule.exemptions)
    is_last, a, until = is_("k", "last", 1), q.col("k", "a"), q.col("k", "until")
    verdicts = [verdict_of(context, yard, a, until, is_last) for yard in yards(context, rule, frame.day)]
    own, others = (verdicts[0], verdicts[1:]) if rule.bound is not None else (q.lit("pass"), verdicts)
    columns = {c: q.col("k", c) for c in ("check", "i", "j", "start", "until")} | {
        "days": q.call("oa_days", a, until),
        "verdict": by_exemptions(own, exemptions, others),
        "plain": q.call("least", *map(rank, verdicts)) if verdicts else rank(own),
        "doubt": q.case([(h.maybe, q.lit(h.id)) for h in exemptions], NONE),
        "excuse": q.case([(h.surely, q.lit(h.id)) for h in exemptions], NONE),
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
    joins = [q.join(of_rule("judged gaps", rule, "g"), contains)]
    return q.select(columns, of_rule("points", rule, "o"), joins, group=[q.col("o", "k"), q.col("o", "n")])


def _failing(rule: Rule, measure: Gap) -> q.Select:
    """A place that one of the gaps around it certainly contains, and that no record may cover."""
    following = q.and_([same("r", "o", "k"), q.op(q.col("r", "n"), "=", q.op(q.col("o", "n"), "+", q.lit(1)))])
    shortest = q.and_(
        [
            q.op(q.col("g", "check"), "=", q.col("o", "k")),
            q.op(q.col("g", "i"), "=", q.col("o", "n")),
            q.op(q.col("g", "j"), "=", q.col("r", "n")),
        ]
    )
    many = {"k": q.col("t", "k"), "certain": q.call("max", q.col("t", "certain"))}
    certain = q.select(many, of_rule("points", rule, "t"), group=[q.col("t", "k")])
    before = [q.op(q.col("o", "certain"), ">", q.lit(0)), is_("o", "led", 1)]
    after = [q.op(q.col("m", "certain"), ">", q.col("o", "certain"))]
    before += [is_("r", "kind", 1)] if measure.ends == "last" else []
    # nothing but the whole span is a stretch up to its end: where a record may lie before it, the first stretch may be none
    after += [q.and_([is_("o", "kind", -1), is_("o", "n", 1)])] if measure.ends == "first" else []
    open_place = q.op(q.col("o", "reach"), "<", q.col("r", "start"))
    joins = [
        q.join(of_rule("points", rule, "o"), same("o", "l", "k", "n")),
        q.join(of_rule("points", rule, "r"), following),
        q.join(of_rule("judged gaps", rule, "g"), shortest),
        q.join(q.derived(certain, "m"), same("m", "l", "k")),
        *hazard_joins(rule, q.col("l", "k")),
    ]
    where = q.and_([is_("l", "failing", 1), q.or_(before), q.or_(after), open_place, q.not_(HAZARD)])
    columns = _item(q.col("l", "k"), q.lit("fail"), q.col("g", "days"), q.col("l", "longest"))
    return q.select(columns, q.derived(_places(rule), "l"), joins, where)


def _open(rule: Rule) -> q.Select:
    """Gaps that may be, and do not certainly pass: for checks of which no place certainly fails."""
    fails = q.select({"k": q.col("x", "k")}, of_rule("failing", rule, "x"), distinct=True)
    joins = [
        *hazard_joins(rule, q.col("g", "check")),
        q.join(q.derived(fails, "x"), q.op(q.col("x", "k"), "=", q.col("g", "check")), left=True),
    ]
    waits = q.op(q.col("g", "verdict"), "=", q.lit("pending"))
    verdict = q.case([(waits, q.lit("pending"))], q.lit("unknown"))
    open_ = q.isin(q.col("g", "verdict"), [q.lit(v) for v in ("fail", "unknown", "pending")])
    where = q.and_([open_, q.is_null(q.col("x", "k"))])
    columns = _item(q.col("g", "check"), verdict, q.cast(q.lit(0), "bigint"), q.col("g", "days"))
    return q.select(columns, of_rule("judged gaps", rule, "g"), joins, where)


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
    found = q.select(gaps, of_rule("judged gaps", rule, "g"), group=[q.col("g", "check")])
    place.joins.trees.append(q.join(q.derived(found, "g"), q.op(q.col("g", "k"), "=", q.col("k", "k")), left=True))
    span, apart = hazard_joins(rule, q.col("k", "k"))
    span.set("side", "LEFT")
    place.joins.trees += [span, apart]
    quiet = q.case(
        [
            (is_("g", "applying", 1), q.lit("not_applicable")),
            (q.not_(q.is_null(q.col("g", "k"))), q.lit("pass")),
            (q.not_(q.is_null(q.col("h", "k"))), q.lit("pass")),
        ],
        q.lit("not_applicable"),
    )
    sure = q.call("coalesce", q.col("i", "worst"), quiet)
    measured = q.case([(q.is_null(q.col("n", "k")), q.lit("not_applicable")), (HAZARD, hazarded(context, rule))], sure)
    longest = q.call("coalesce", q.col("i", "least"), q.col("g", "longest"))
    most = q.call("coalesce", q.col("i", "most"), q.col("g", "longest"))
    excuse = _excuse(place, rule) if rule.exemptions else NONE
    write_results(context, rule, plainly(place), Outcome(measured, longest, most, excuse=excuse), [])


def _excuse(place: Place, rule: Rule) -> q.Sql:
    """The exemption that decided of the gap whose length is told: the longest of those that fail, else the longest of all."""
    fails = q.op(q.col("g", "verdict"), "=", q.lit("fail"))
    order = [
        q.case([(fails, q.lit(0))], q.lit(1)),
        q.op(q.lit(0), "-", q.col("g", "days")),
        q.col("g", "i"),
        q.col("g", "j"),
    ]
    first = q.window(q.call("row_number"), [q.col("g", "check")], order)
    ranked = q.select(
        {c: q.col("g", c) for c in ("check", "excuse")} | {"place": first}, of_rule("judged gaps", rule, "g")
    )
    told = q.and_([q.op(q.col("e", "check"), "=", q.col("k", "k")), is_("e", "place", 1)])
    place.joins.trees.append(q.join(q.derived(ranked, "e"), told, left=True))
    if rule.is_figure:  # what is only listed is told, as long as not all of it is excused
        return q.case([(is_("g", "applying", 1), q.col("e", "excuse"))], NONE)
    return q.col("e", "excuse")
