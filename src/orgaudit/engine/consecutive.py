"""Runs: each distinct pattern of masks is judged once, and a check has the worst of its runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil, floor

from orgaudit import sql as q
from orgaudit.engine.bounds import number_holds
from orgaudit.engine.context import Context
from orgaudit.engine.events import events_table, make_events
from orgaudit.engine.exemptions import Held, held
from orgaudit.engine.items import items_table, worst_of
from orgaudit.engine.layers import plainly
from orgaudit.engine.masks import WORD
from orgaudit.engine.outcomes import NONE, Outcome
from orgaudit.engine.population import checks_table
from orgaudit.engine.runs import Ladder, Pattern, Run, one_after_another, runs, unplaced
from orgaudit.engine.steps import MASKS
from orgaudit.engine.verdicts import named, place_of, write_results
from orgaudit.engine.walks import make_masks, masks_table, pattern_columns, walked_periods
from orgaudit.expressions import UNBOUNDED
from orgaudit.periods import Period
from orgaudit.standards import Bound, Level, Rule, Runs

MOST_LENGTH = 10_000  #: longer than any run
AT_THE_END = -2  #: stands for the last day of the check's window
NOWHERE = -1  #: the place of a run whose events have none, and of what is no run
_APART = ("apart", "apart counts", "apart may_count", "events", "open")

_JUDGED = {"least": "bigint", "most": "bigint", "verdict": "varchar", "level": "varchar", "possible_level": "varchar"}
_REACHED = {"level": "varchar", "at": "bigint", "surely": "boolean", "step": "bigint"}


@dataclass(frozen=True)
class Known:
    """What is known of the periods (or events) of some checks: their pattern, and the events that have no place in it."""

    pattern: Pattern
    apart: int = 0
    apart_counts: int = 0
    apart_may: int = 0
    is_open: bool = False


def reached_table(rule: Rule) -> str:
    """The name of the table of the levels that runs reached."""
    return named("reached", rule)


def judge_runs(context: Context, rule: Rule) -> None:
    """Creates masks, runs and verdicts of a rule over consecutive periods or events."""
    measure = rule.measure
    assert isinstance(measure, Runs)  # asked for runs only
    periods = walked_periods(context, measure) if isinstance(measure.over, str) else None
    words = make_masks(context, rule, measure) if periods is not None else make_events(context, rule, measure)
    columns = pattern_columns(words) + ([] if periods is not None else list(_APART))
    _judge_patterns(context, rule, measure, columns, words, periods)
    days = _days_table(rule) if periods is not None else events_table(rule)
    for target, source in ((items_table(rule), _patterns_table(rule)), (reached_table(rule), _reached_patterns(rule))):
        context.db.run(q.create_table(target, _of_checks(context, rule, columns, source, days)))
    _make_results(context, rule, measure, by_event=periods is None)


# -- patterns


def _judge_patterns(
    context: Context, rule: Rule, measure: Runs, columns: Sequence[str], words: int, periods: Sequence[Period] | None
) -> None:
    """Judges each pattern under the rule's own bound, and under those that exemptions put in its place."""
    sources = [q.col("m", c) for c in columns]
    query = q.select(
        dict(zip(columns, sources, strict=True)), q.table(masks_table(rule), "m"), distinct=True, order=sources
    )
    ladders = [_ladder(context, bound, levels) for bound, levels in _yardsticks(rule)]
    items: list[tuple[object, ...]] = []
    reached: list[tuple[object, ...]] = []
    for row in context.db.rows(query):
        known = _known(row, words)
        count = len(periods) if periods is not None else words * WORD
        for yard, ladder in enumerate(ladders):
            for run in _runs_of(known, measure, count):
                if periods is not None and run.last != NOWHERE and periods[run.last].end < context.facts.first:
                    continue  # it ended before the audited period: of another audit
                item = ladder.judged(run) if measure.in_a_row else ladder.counted(run)
                if item.verdict == "pass" and measure.in_a_row and not rule.is_figure:
                    continue
                place = (*row, yard, run.first, run.last)
                items.append((*place, run.certain, run.possible, item.verdict, item.level, item.possible_level))
                for level in _reached(known, measure, ladder, run, count):
                    reached.append((*place, *level))
    kinds = dict.fromkeys(columns, "bigint") | {"yard": "bigint", "first": "bigint", "last": "bigint"}
    context.db.fill(_patterns_table(rule), kinds | _JUDGED, items)
    context.db.fill(_reached_patterns(rule), kinds | _REACHED, reached)
    if periods is not None:
        rows = [(i, p.start, p.end) for i, p in enumerate(periods)]
        context.db.fill(_days_table(rule), {"i": "bigint", "start": "date", "end": "date"}, rows)


def _patterns_table(rule: Rule) -> str:
    return named("patterns", rule)


def _reached_patterns(rule: Rule) -> str:
    return named("reached patterns", rule)


def _days_table(rule: Rule) -> str:
    return named("days", rule)


def _known(row: Sequence[int], words: int) -> Known:
    size = len(MASKS)
    masks = [sum(row[w * size + i] << (WORD * w) for w in range(words)) for i in range(size)]
    apart = list(row[words * size :]) or [0] * len(_APART)
    return Known(Pattern(*masks), apart[0], apart[1], apart[2], is_open=bool(apart[4]))


def _reached(known: Known, measure: Runs, ladder: Ladder, run: Run, periods: int) -> Iterator[tuple[object, ...]]:
    """(level, the period that reached it, surely, step) of the failing levels of a run, in their order."""
    pattern = known.pattern if measure.in_a_row else one_after_another(known.pattern, periods)
    along = run if run.first != NOWHERE else Run(0, periods - 1, run.certain, run.possible)
    for found in ladder.reached(along, pattern):
        begins = ladder.begins[found.step][1]
        at = None if known.apart or known.is_open else found.period
        yield found.level or None, AT_THE_END if begins == 0 else at, found.surely, found.step


def _runs_of(known: Known, measure: Runs, periods: int) -> Iterator[Run]:
    """The runs of a pattern; events without a place, and those that nobody handed in, may break or lengthen them."""
    may = known.pattern.may_count.bit_count() + known.apart_may
    most = UNBOUNDED if known.is_open else may
    if not measure.in_a_row:
        yield Run(NOWHERE, NOWHERE, known.pattern.counts.bit_count() + known.apart_counts, most)
        return
    found = list(runs(known.pattern, periods))
    if not found and (known.apart_may or known.is_open):
        found = [Run(NOWHERE, NOWHERE, 0, 0)]
    for plain in found:
        run = unplaced(plain, known.apart, may) if known.apart else plain
        certain = max(run.certain, min(known.apart_counts, 1))
        least, possible = (min(certain, 1), most) if known.is_open else (certain, run.possible)
        yield Run(run.first, run.last, least, possible)


# -- yardsticks


def _yardsticks(rule: Rule) -> list[tuple[Bound | None, Sequence[Level]]]:
    """The rule's own bound or ladder, and the bounds that exemptions put in its place."""
    instead = [e.effect for e in rule.exemptions if isinstance(e.effect, Bound)]
    return [(rule.bound, rule.levels), *((bound, ()) for bound in instead)]


def _ladder(context: Context, bound: Bound | None, levels: Sequence[Level]) -> Ladder:
    failing = [lv for lv in levels if lv.name != "ok"]

    @cache  # there are many runs, of few lengths
    def level(length: int) -> str | None:
        return next((lv.name for lv in levels if number_holds(context, lv.bound, length)), None)

    @cache
    def passes(length: int) -> bool:
        if bound is not None:
            return number_holds(context, bound, length)
        return not any(number_holds(context, lv.bound, length) for lv in failing)

    if bound is not None:
        begins = [("", next((n for n in range(MOST_LENGTH) if not passes(n)), MOST_LENGTH))]
    else:
        begins = [(lv.name, _least(context, lv.bound)) for lv in failing]
    bounds = [bound] if bound is not None else [lv.bound for lv in levels]
    turns = [floor(context.bound_number(v)) for b in bounds for v in b.values]
    return Ladder(level, begins, passes, turns)


def _least(context: Context, bound: Bound) -> int:
    first = context.bound_number(bound.values[0])
    if bound.kind in ("at_most", "less_than"):
        return 1
    return floor(first) + 1 if bound.kind == "more_than" else ceil(first)


# -- checks


def _of_checks(context: Context, rule: Rule, columns: Sequence[str], source: str, days: str) -> q.Select:
    """The runs (or the levels they reached) of each pattern, as those of each check that has it, with their days."""
    by_event = days == events_table(rule)
    same = q.and_(q.op(q.col("i", c), "=", q.col("m", c)) for c in columns)
    joins = [
        q.join(q.table(source, "i"), same),
        q.join(q.table(checks_table(rule), "k"), q.op(q.col("k", "k"), "=", q.col("m", "k"))),
        *(
            _day_join(days, alias, column, by_event=by_event)
            for alias, column in _DAYS
            if alias != "a" or "reached" in source
        ),
    ]
    start, end = (q.col("f", "day"), q.col("l", "day")) if by_event else (q.col("f", "start"), q.col("l", "end"))
    values = {
        "k": q.col("m", "k"),
        "yard": q.col("i", "yard"),
        "start": q.call("coalesce", start, q.col("k", "period_start")),
        "end": q.call("coalesce", end, q.col("k", "period_end")),
    }
    own = _REACHED if "reached" in source else _JUDGED
    values |= {c: q.col("i", c) for c in own if c != "at"}
    if "reached" in source:
        at_the_end = q.op(q.col("i", "at"), "=", q.lit(AT_THE_END))
        values["reached_on"] = q.case([(at_the_end, q.col("k", "last"))], q.col("a", "day" if by_event else "end"))
    recent = q.op(values["end"], ">=", q.lit(context.facts.first))
    return q.select(values, q.table(masks_table(rule), "m"), joins, recent)


_DAYS = (("f", "first"), ("l", "last"), ("a", "at"))


def _day_join(days: str, alias: str, column: str, *, by_event: bool) -> q.Join:
    """The days of a period, or of the event of this number of the check."""
    on = [q.op(q.col(alias, "i"), "=", q.col("i", column))]
    if by_event:
        on.append(q.op(q.col(alias, "check"), "=", q.col("m", "k")))
    return q.join(q.table(days, alias), q.and_(on), left=True)


def _make_results(context: Context, rule: Rule, measure: Runs, *, by_event: bool) -> None:
    """The worst of a check's runs, and the exemptions that excuse it as a whole or put another bound in its place."""
    place = place_of(context, rule)
    decisive = [e for e in rule.exemptions if e.effect == "excuse" or isinstance(e.effect, Bound)]
    exemptions = held(place, decisive)
    yards = len(_yardsticks(rule))
    for yard in range(yards):
        worst = worst_of(rule, yard)
        on = q.op(q.col(f"i{yard}", "k"), "=", q.col("k", "k"))
        place.joins.trees.append(q.join(q.derived(worst, f"i{yard}"), on, left=True))
    verdicts = [q.call("coalesce", q.col(f"i{yard}", "worst"), q.lit("pass")) for yard in range(yards)]
    if by_event and measure.in_a_row:
        place.joins.trees.append(
            q.join(q.table(masks_table(rule), "m"), q.op(q.col("m", "k"), "=", q.col("k", "k")), left=True)
        )
        nothing = q.and_([q.op(q.col("m", c), "=", q.lit(0)) for c in ("events", "open")])
        verdicts = [q.case([(nothing, q.lit("not_applicable"))], v) for v in verdicts]
    outcome = Outcome(
        verdicts[0],
        q.call("coalesce", q.col("i0", "least"), q.lit(0)),
        q.call("coalesce", q.col("i0", "most"), q.lit(0)),
        level=q.col("i0", "level") if not measure.in_a_row else NONE,
        possible_level=q.col("i0", "possible_level") if not measure.in_a_row else NONE,
        under=tuple(verdicts[1:]),
        yard=_yard(exemptions, verdicts[0]),
    )
    write_results(context, rule, plainly(place), outcome, exemptions)


def _yard(exemptions: Sequence[Held], own: q.Sql) -> q.Sql:
    """Whose items are shown: those of the bound that certainly stands, or of one that may and decides."""
    instead = [h for h in exemptions if h.bound is not None]
    passes = q.op(own, "=", q.lit("pass"))
    ways = [(h.surely, q.lit(i)) for i, h in enumerate(instead, 1)]
    ways += [(q.and_([h.maybe, passes]), q.lit(i)) for i, h in enumerate(instead, 1)]
    return q.case(ways, q.lit(0))
