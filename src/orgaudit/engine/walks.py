"""Which periods a rule over runs walks, and what is known of each check in them: one row of masks a check."""

from __future__ import annotations

from orgaudit import sql as q
from orgaudit.engine.context import Context
from orgaudit.engine.masks import WORD, Walked, bound_pair, exemption_pair, mask_pair
from orgaudit.engine.measures import Place
from orgaudit.engine.slots import make_slots, the_slots
from orgaudit.engine.steps import MASKS, Step, combined
from orgaudit.engine.verdicts import named, place_of
from orgaudit.periods import Period, periods_within
from orgaudit.standards import Rule, Runs, Test


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
    place = place_of(context, rule)
    words = words_of(context, rule, measure, make=True)
    columns: dict[str, q.Sql] = {"k": q.col("k", "k")}
    for i, word in enumerate(words):
        columns |= {f"{name} {i}": mask for name, mask in _masks(rule, measure, place, word, i).items()}
    context.db.run(q.create_table(masks_table(rule), q.select(columns, place.checks.copy(), place.joins.trees)))
    return len(words)


def _masks(rule: Rule, measure: Runs, place: Place, word: Walked, number: int) -> dict[str, q.Sql]:
    when = mask_pair(place, word, measure.when, f"w{number}")
    steps = [
        Step(str(e.effect), *exemption_pair(place, word, e, f"e{number}x{i}"))
        for i, e in enumerate(rule.exemptions)
        if e.effect in ("skip", "break")
    ]
    return combined(word.slots.mask, when, bound_pair(rule, place.subject, word.periods), steps)


def pattern_columns(words: int) -> list[str]:
    """The columns of all masks."""
    return [f"{name} {i}" for i in range(words) for name in MASKS]
