"""The five masks of a run, from its condition and its exemptions, read in their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orgaudit import sql as q

MASKS = ("counts", "may_count", "goes_on", "may_go_on", "may_skip")


@dataclass(frozen=True)
class Step:
    """An exemption that skips or ends: the periods in which it certainly, or possibly, holds."""

    effect: str
    surely: q.Sql
    maybe: q.Sql


def combined(
    everything: int, when: tuple[q.Sql, q.Sql], bound: tuple[q.Sql, q.Sql], steps: Sequence[Step]
) -> dict[str, q.Sql]:
    """The masks of a run from its condition, from where the rule binds, and from its steps."""

    def others(mask: q.Sql) -> q.Sql:
        return q.op(q.lit(everything), "-", mask)

    counts, maybe = when
    may_count, goes_on = maybe, counts
    skipped_before: q.Sql = q.lit(0)  # certainly skipped by an earlier exemption
    open_before: q.Sql = q.lit(everything)  # not certainly broken by an earlier exemption
    may_skip: q.Sql = q.lit(0)
    for step in steps:
        counts = q.op(counts, "&", others(step.maybe))
        may_count = q.op(may_count, "&", others(step.surely))
        if step.effect == "skip":
            may_skip = q.op(may_skip, "|", q.op(step.maybe, "&", open_before))
            skipped_before = q.op(skipped_before, "|", step.surely)
        else:
            goes_on = q.op(goes_on, "&", q.op(others(step.maybe), "|", skipped_before))
            open_before = q.op(open_before, "&", others(step.surely))
    skipped = q.op(maybe, "&", may_skip)
    found = (counts, may_count, goes_on, q.op(may_count, "|", skipped), skipped)
    sides = (bound[0], bound[1], bound[0], bound[1], bound[1])
    return {name: q.op(mask, "&", side) for name, mask, side in zip(MASKS, found, sides, strict=True)}
