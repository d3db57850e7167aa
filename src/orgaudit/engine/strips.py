"""The strip of a run: what each of its periods is for one check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from orgaudit import sql as q
from orgaudit.engine.context import Context
from orgaudit.engine.masks import Walked, exemption_pair
from orgaudit.engine.population import checks_table
from orgaudit.engine.steps import MASKS
from orgaudit.engine.verdicts import place_of
from orgaudit.engine.walks import masks_table, words_of
from orgaudit.standards import Exemption, Rule, Runs

COUNTS, MAY_COUNT, PASSED_OVER, MAY_PASS, ENDS = "counts", "may_count", "passed_over", "may_pass", "ends"


@dataclass(frozen=True)
class Month:
    """A period of a run: what it is, and the exemptions that hold (or may hold) in it."""

    label: str
    start: date
    end: date
    is_: str
    exemptions: tuple[str, ...]
    perhaps: tuple[str, ...]


def strip_of(context: Context, rule: Rule, k: int) -> Iterator[Month]:
    """The periods of a check in their order; nothing of a run over events."""
    measure = rule.measure
    if not isinstance(measure, Runs) or not isinstance(measure.over, str):
        return
    for number, word in enumerate(words_of(context, rule, measure)):
        masks = _masks(context, rule, k, number)
        steps = [e for e in rule.exemptions if e.effect in ("skip", "break")]
        held = {e.id: _held(context, rule, k, word, e) for e in steps}
        for i, period in enumerate(word.periods):
            surely = tuple(name for name, (yes, _) in held.items() if yes >> i & 1)
            maybe = tuple(name for name, (yes, may) in held.items() if may >> i & 1 and not yes >> i & 1)
            yield Month(period.label, period.start, period.end, _what(masks, i), surely, maybe)


def _what(masks: dict[str, int], i: int) -> str:
    if masks["counts"] >> i & 1:
        return COUNTS
    if masks["may_count"] >> i & 1:
        return MAY_COUNT
    if masks["goes_on"] >> i & 1:
        return PASSED_OVER
    return MAY_PASS if masks["may_go_on"] >> i & 1 else ENDS


def _masks(context: Context, rule: Rule, k: int, number: int) -> dict[str, int]:
    columns = {name: q.col("m", f"{name} {number}") for name in MASKS}
    where = q.op(q.col("m", "k"), "=", q.lit(k))
    (row,) = context.db.rows(q.select(columns, q.table(masks_table(rule), "m"), where=where))
    return dict(zip(MASKS, row, strict=True))


def _held(context: Context, rule: Rule, k: int, word: Walked, exemption: Exemption) -> tuple[int, int]:
    """The periods in which an exemption certainly, and possibly, holds for one check."""
    place = place_of(context, rule)
    mine = q.select({"*": q.star()}, q.table(checks_table(rule), "c"), where=q.op(q.col("c", "k"), "=", q.lit(k)))
    place = replace(place, checks=q.derived(mine, "k"))
    surely, maybe = exemption_pair(place, word, exemption, "e")
    columns = {"surely": surely, "maybe": maybe}
    (row,) = context.db.rows(q.select(columns, place.checks.copy(), place.joins.trees))
    return int(row[0]), int(row[1])
