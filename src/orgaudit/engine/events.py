"""Events as periods of a run: the events of each check in their order, and what is known of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from orgaudit import sql as q
from orgaudit.engine.candidates import EVENT, belonging, event_join, is_complete
from orgaudit.engine.context import Context, Frame
from orgaudit.engine.exemptions import holds
from orgaudit.engine.masks import WORD
from orgaudit.engine.measures import Place, asked
from orgaudit.engine.population import checks_frame
from orgaudit.engine.steps import MASKS, Step, combined
from orgaudit.engine.verdicts import named, place_of
from orgaudit.engine.walks import masks_table
from orgaudit.expressions import ROW, Group, Meanings, Row, day_of, end_of, held_on, is_state, key_of
from orgaudit.periods import SINCE_EVER
from orgaudit.standards import Rule, Runs


def events_table(rule: Rule) -> str:
    """The name of the table of the events of a rule's checks, each with its number in its check's order."""
    return named("events", rule)


def make_events(context: Context, rule: Rule, measure: Runs) -> int:
    """Creates the events and the masks of each check; the number of words of masks."""
    _make_candidates(context, rule, measure)
    _make_marks(context, rule, measure)
    ((most,),) = context.db.rows(q.select({"n": q.call("max", q.col("v", "i"))}, q.table(events_table(rule), "v")))
    words = 1 if most is None else int(most) // WORD + 1
    _make_masks(context, rule, words)
    return words


def _make_candidates(context: Context, rule: Rule, measure: Runs) -> None:
    """The events that each check has, or may have, numbered in their order; those of unknown place have no number."""
    over = measure.over
    assert isinstance(over, Group)  # asked for events only
    place = place_of(context, rule)
    frame = replace(place.frame, first=q.lit(_first_day(context, over)), last=q.lit(_last_day(context)))
    by = _order_of(context, over.table)
    rows = belonging(context, frame, place.checks, (over,), lambda m, r: _wanted(rule, by, m, r))
    unplaced = q.or_(q.is_null(q.col("c", name)) for name in ("day", *(f"known {i}" for i in range(len(by)))))
    columns = {c: q.col("c", c) for c in ("event", "day", "key", *(f"by {i}" for i in range(len(by))))}
    columns |= {
        "check": q.col("c", "k"),
        "sure": q.as_int(q.and_([q.op(q.col("c", n), "=", q.lit(1)) for n in ("sure", "lived")])),
        "lost": q.as_int(q.op(q.col("c", "many"), ">", q.lit(1))),
        "unplaced": q.as_int(unplaced),
    }
    lived = q.op(q.col("c", "lived"), ">=", q.lit(0))
    found = q.select(columns, q.derived(rows, "c"), where=lived)
    within = [q.col("e", "check"), q.col("e", "unplaced")]
    order = [*(q.col("e", f"by {i}") for i in range(len(by))), *(q.col("e", c) for c in ("day", "key", "event"))]
    number = q.op(q.window(q.call("row_number"), within, order), "-", q.lit(1))
    kept = {
        c: q.col("k", c) for c in ("s", "p", "owner", "period_start", "period_end", *(f"each {n}" for n in rule.each))
    }
    columns = {
        "k": q.row_number([q.col("e", "check"), *order]),
        **{c: q.col("e", c) for c in ("check", "event", "day", "sure", "lost", "unplaced")},
        "i": q.case([(q.op(q.col("e", "unplaced"), "=", q.lit(0)), number)], q.NULL),
        **kept,
    }
    on = q.op(q.col("k", "k"), "=", q.col("e", "check"))
    query = q.select(columns, q.derived(found, "e"), [q.join(place.checks.copy(), on)])
    context.db.run(q.create_table(candidates_table(rule), query))


def candidates_table(rule: Rule) -> str:
    """The name of the table of the events that checks have, or may have: `k` is an event of a `check`."""
    return named("candidates of events", rule)


def _first_day(context: Context, over: Group) -> date:
    coverage = context.facts.coverage.get(over.table)
    return coverage.first if coverage is not None else SINCE_EVER


def _last_day(context: Context) -> date:
    return min(context.facts.last, context.facts.as_of)


def _order_of(context: Context, table: str) -> list[str]:
    declared = context.model.tables[table].order
    return list(declared.by) if declared is not None else []


def _wanted(rule: Rule, by: list[str], meanings: Meanings, row: Row) -> dict[str, q.Sql]:
    """What is needed of an event: its place in the order, and whether its subject lived and the rule was in force."""
    day = day_of(row)
    assert day is not None  # the loader admits events only
    subject = meanings.rows["subject"]
    lived = held_on(subject, day) if is_state(subject) else q.TRUE
    first, last = (q.lit(d) for d in rule.in_force)
    lived = q.and_([lived, q.op(day, ">=", first), q.op(day, "<=", last)])
    columns = {
        "event": row.raw(ROW),
        "day": day,
        "key": key_of(row),
        "lived": q.case([(q.is_null(lived), q.lit(0)), (lived, q.lit(1))], q.lit(-1)),
    }
    for i, path in enumerate(by):
        at, name = end_of(row, path)
        value = at.value(name)
        known = q.or_([value.none, q.not_(q.is_null(value.sql))])
        columns |= {f"by {i}": value.sql, f"known {i}": q.case([(known, q.lit(1))], q.NULL)}
    return columns


def _make_marks(context: Context, rule: Rule, measure: Runs) -> None:
    """For each event of each check the five marks of a run, 0 or 1."""
    over = measure.over
    assert isinstance(over, Group)  # asked for events only
    place = _place_of_events(context, rule, over)
    held = asked(place, measure.when, "w")
    when = (q.as_int(held[0]), q.as_int(held[1]))
    steps = []
    for i, exemption in enumerate(rule.exemptions):
        if exemption.effect in ("skip", "break"):
            surely, maybe = holds(place, exemption, f"x{i}")
            steps.append(Step(str(exemption.effect), q.as_int(surely), q.as_int(maybe)))
    marks = combined(1, when, (q.lit(1), q.lit(1)), steps)
    sure, doubt = q.col("k", "sure"), q.op(q.lit(1), "-", q.col("k", "sure"))
    marks["counts"] = q.op(marks["counts"], "&", sure)
    for name in ("may_go_on", "may_skip"):
        marks[name] = q.op(marks[name], "|", doubt)
    columns = {c: q.col("k", c) for c in ("check", "event", "day", "i", "unplaced", "lost")} | marks
    context.db.run(q.create_table(events_table(rule), q.select(columns, place.checks.copy(), place.joins.trees)))


def _place_of_events(context: Context, rule: Rule, over: Group) -> Place:
    """A select over the events of checks: `k` is an event of a check, `s` the check's subject, `v` the event itself."""
    joins = context.joins()
    subject = Row(joins, "s", rule.subject.table, is_there=True)
    joins.trees.append(q.join(q.table(rule.subject.table, "s"), q.op(q.col("s", ROW), "=", q.col("k", "s"))))
    joins.trees.append(event_join(over.table))
    return Place(context, events_frame(context, rule, over), joins, subject, q.table(candidates_table(rule), "k"))


def events_frame(context: Context, rule: Rule, over: Group) -> Frame:
    """What names stand for in a select over the events of checks."""
    day = q.col("k", "day")
    return replace(checks_frame(context, rule), first=day, last=day, state_day=day, day=day, event=(EVENT, over.table))


def _make_masks(context: Context, rule: Rule, words: int) -> None:
    """The marks of each check's events as masks, with what is known of those that have no place."""
    i, placed = q.col("v", "i"), q.op(q.col("v", "unplaced"), "=", q.lit(0))
    columns: dict[str, q.Sql] = {"k": q.col("v", "check")}
    for word in range(words):
        offset = q.op(i, "-", q.lit(word * WORD))
        inside = q.and_([placed, q.op(offset, ">=", q.lit(0)), q.op(offset, "<", q.lit(WORD))])
        bit = q.op(q.cast(q.lit(1), "bigint"), "<<", offset)
        for name in MASKS:
            marked = q.and_([inside, q.op(q.col("v", name), "=", q.lit(1))])
            columns[f"{name} {word}"] = q.call("bit_or", q.case([(marked, bit)], q.cast(q.lit(0), "bigint")))
    apart = q.op(q.col("v", "unplaced"), "=", q.lit(1))
    for name in ("counts", "may_count"):
        columns[f"apart {name}"] = q.summed(q.as_int(q.and_([apart, q.op(q.col("v", name), "=", q.lit(1))])))
    columns |= {
        "apart": q.summed(q.as_int(apart)),
        "events": q.summed(q.lit(1)),
        "lost": q.call("max", q.col("v", "lost")),
    }
    relation = q.select(columns, q.table(events_table(rule), "v"), group=[q.col("v", "check")])
    place = place_of(context, rule)
    over = rule.measure.over if isinstance(rule.measure, Runs) else None
    assert isinstance(over, Group)  # asked for events only
    frame = replace(place.frame, first=q.lit(_first_day(context, over)), last=q.lit(_last_day(context)))
    complete = is_complete(context, frame, (over,))
    on = q.op(q.col("m", "k"), "=", q.col("k", "k"))
    known = {c: q.call("coalesce", q.col("m", c), q.lit(0)) for c in columns if c != "k"}
    known["open"] = q.as_int(q.or_([q.not_(complete), q.op(known.pop("lost"), "=", q.lit(1))]))
    query = q.select(
        {"k": q.col("k", "k"), **known}, place.checks.copy(), [q.join(q.derived(relation, "m"), on, left=True)]
    )
    context.db.run(q.create_table(masks_table(rule), query))
