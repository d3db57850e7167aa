"""Which periods a rule over runs walks, and what is known of each check in them: one row of masks a check."""

from __future__ import annotations

from orgaudit import sql as q
from orgaudit.engine.context import Context
from orgaudit.engine.layers import Layer
from orgaudit.engine.masks import WORD, Pair, Walked, bound_pair, exemption_pair, mask_pair
from orgaudit.engine.slots import make_slots, the_slots
from orgaudit.engine.steps import MASKS, Step, combined
from orgaudit.engine.verdicts import named, place_of
from orgaudit.expressions import lifetime
from orgaudit.periods import Period, periods_within
from orgaudit.standards import Rule, Runs, Test

_SIDES = ("surely bound", "maybe bound")


def masks_table(rule: Rule) -> str:
    """The name of the table of a rule's masks, one row for each check."""
    return named("masks", rule)


def walked_periods(context: Context, measure: Runs) -> list[Period]:
    """The periods from the first covered day of the counted tables to the end of the audited period that are over."""
    assert isinstance(measure.over, str)  # asked for periods only
    groups = measure.when.measure.groups if isinstance(measure.when, Test) else ()
    starts = [context.facts.coverage[g.table].first for g in groups[:1] if g.table in context.facts.coverage]
    last = min(context.facts.last, context.facts.as_of)
    return periods_within(min(starts, default=context.facts.first), last, measure.over)


def words_of(context: Context, rule: Rule, measure: Runs, *, make: bool = False) -> list[Walked]:
    """The periods in words of masks, each with the table that records fall into."""
    assert isinstance(measure.over, str)  # asked for periods only
    periods = walked_periods(context, measure)
    words = [periods[i : i + WORD] for i in range(0, len(periods), WORD)] or [[]]
    found = []
    for i, word in enumerate(words):
        name = f"{named('slots', rule)} {i}"
        slots = make_slots(context, name, measure.over, word) if make else the_slots(name, measure.over, word)
        found.append(Walked(word, slots))
    return found


def make_masks(context: Context, rule: Rule, measure: Runs) -> int:
    """Creates the table of masks, one row for each check; the number of words."""
    words = words_of(context, rule, measure, make=True)
    layer = Layer(place_of(context, rule), {"k": q.col("k", "k")})
    is_state = context.model.tables[rule.subject.table].kind == "state"
    lived = layer.pair(lifetime(layer.place.subject)) if is_state else None
    held = [_held(layer, rule, measure, word, i) for i, word in enumerate(words)]
    bound = [bound_pair(rule, lived, word.periods) for word in words]
    sides = {f"{side} {i}": mask for i, pair in enumerate(bound) for side, mask in zip(_SIDES, pair, strict=True)}
    source = layer.source()
    inner = q.with_all_of("f", q.select(sides, source.table, source.joins))
    columns: dict[str, q.Sql] = {"k": q.col("f", "k")}
    for i, (word, (when, steps)) in enumerate(zip(words, held, strict=True)):
        where_bound = (q.col("f", f"{_SIDES[0]} {i}"), q.col("f", f"{_SIDES[1]} {i}"))
        masks = combined(word.slots.mask, when, where_bound, steps)
        columns |= {f"{name} {i}": mask for name, mask in masks.items()}
    context.db.run(q.create_table(masks_table(rule), q.select(columns, q.derived(inner, "f"))))
    return len(words)


def _held(layer: Layer, rule: Rule, measure: Runs, word: Walked, number: int) -> tuple[Pair, list[Step]]:
    """The masks of the condition, and of what skips or ends, as columns."""
    place = layer.place
    steps = [
        Step(str(e.effect), *layer.pair(exemption_pair(place, word, e, f"e{number}x{i}")))
        for i, e in enumerate(rule.exemptions)
        if e.effect in ("skip", "break")
    ]
    return layer.pair(mask_pair(place, word, measure.when, f"w{number}")), steps


def pattern_columns(words: int) -> list[str]:
    """The columns of all masks."""
    return [f"{name} {i}" for i in range(words) for name in MASKS]
