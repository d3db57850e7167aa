"""The strip of a run: what each of its periods is for one check."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from orgaudit import sql as q
from orgaudit.engine.context import Context
from orgaudit.engine.items import items_table
from orgaudit.engine.masks import Walked, exemption_pair
from orgaudit.engine.population import checks_table
from orgaudit.engine.steps import MASKS
from orgaudit.engine.verdicts import place_of, results_table
from orgaudit.engine.walks import masks_table, words_of
from orgaudit.findings import RuleInfo, Strip, Subject
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


def strip_of(context: Context, rule: Rule, k: int) -> list[Month]:
    """The periods of a check in their order; nothing of a run over events."""
    return strips_of(context, rule, [k]).get(k, [])


def strips_of(context: Context, rule: Rule, checks: Sequence[int]) -> dict[int, list[Month]]:
    """For each of these checks its periods in their order; one query for every word of masks and every exemption."""
    measure = rule.measure
    if not checks or not isinstance(measure, Runs) or not isinstance(measure.over, str):
        return {}
    found: dict[int, list[Month]] = {k: [] for k in checks}
    steps = [e for e in rule.exemptions if e.effect in ("skip", "break")]
    for number, word in enumerate(words_of(context, rule, measure)):
        masks = _masks(context, rule, checks, number)
        held = {e.id: _held(context, rule, checks, word, e) for e in steps}
        for k, months in found.items():
            for i, period in enumerate(word.periods):
                surely = tuple(name for name, of in held.items() if of[k][0] >> i & 1)
                maybe = tuple(name for name, of in held.items() if of[k][1] >> i & 1 and not of[k][0] >> i & 1)
                months.append(Month(period.label, period.start, period.end, _what(masks[k], i), surely, maybe))
    return found


def _what(masks: dict[str, int], i: int) -> str:
    if masks["counts"] >> i & 1:
        return COUNTS
    if masks["may_count"] >> i & 1:
        return MAY_COUNT
    if masks["goes_on"] >> i & 1:
        return PASSED_OVER
    return MAY_PASS if masks["may_go_on"] >> i & 1 else ENDS


def _masks(context: Context, rule: Rule, checks: Sequence[int], number: int) -> dict[int, dict[str, int]]:
    columns = {"k": q.col("m", "k"), **{name: q.col("m", f"{name} {number}") for name in MASKS}}
    rows = context.db.rows(q.select(columns, q.table(masks_table(rule), "m"), where=_one_of("m", checks)))
    return {k: dict(zip(MASKS, row, strict=True)) for k, *row in rows}


def _held(
    context: Context, rule: Rule, checks: Sequence[int], word: Walked, exemption: Exemption
) -> dict[int, tuple[int, int]]:
    """The periods in which an exemption certainly, and possibly, holds for each check."""
    place = place_of(context, rule)
    mine = q.select({"*": q.star()}, q.table(checks_table(rule), "c"), where=_one_of("c", checks))
    place = replace(place, checks=q.derived(mine, "k"))
    surely, maybe = exemption_pair(place, word, exemption, "e")
    columns = {"k": q.col("k", "k"), "surely": surely, "maybe": maybe}
    rows = context.db.rows(q.select(columns, place.checks.copy(), place.joins.trees))
    return {k: (int(yes), int(may)) for k, yes, may in rows}


def _one_of(alias: str, checks: Sequence[int]) -> q.Sql:
    return q.isin(q.col(alias, "k"), [q.lit(k) for k in checks])


MOST_STRIPS = 5_000  #: of one rule; a longer board is nothing that people read


def boards_of(context: Context, rule: Rule, info: RuleInfo) -> Iterator[Strip]:
    """The strips of the checks of a ladder that do not pass, the worst level first."""
    if not rule.levels or not isinstance(rule.measure, Runs) or not isinstance(rule.measure.over, str):
        return
    columns = {c: q.col("k", c) for c in ("k", "key", "name", "owner")}
    columns |= {"verdict": q.col("r", "verdict")}
    columns |= {f"each {n}": q.col("k", f"each {n}") for n in rule.each}
    result = q.join(q.table(results_table(rule), "r"), q.op(q.col("r", "k"), "=", q.col("k", "k")))
    wanted = q.isin(q.col("r", "verdict"), [q.lit("fail"), q.lit("unknown")])
    order = [q.col("k", "k")]
    rows = context.db.rows(q.select(columns, q.table(checks_table(rule), "k"), [result], wanted, order=order))
    levels = _levels(context, rule)
    rows.sort(key=lambda row: (row[4] != "fail", -levels.get(row[0], (0, ""))[0]))
    rows = rows[:MOST_STRIPS]
    strips = strips_of(context, rule, [row[0] for row in rows])
    for k, key, name, owner, verdict, *each in rows:
        months = tuple((m.label, m.is_, m.exemptions or m.perhaps) for m in strips[k])
        subject = Subject(rule.subject.table, str(key), name)
        values = dict(zip(rule.each, each, strict=True)) or None
        yield Strip(info, subject, owner, values, verdict, levels.get(k, (0, None))[1], months)


def _levels(context: Context, rule: Rule) -> dict[int, tuple[int, str | None]]:
    """For each check the highest level of its runs, and its place on the ladder."""
    grades = {level.name: i for i, level in enumerate(rule.levels, 1)}
    columns = {"k": q.col("i", "k"), "level": q.col("i", "level")}
    own = q.op(q.col("i", "yard"), "=", q.lit(0))
    found: dict[int, tuple[int, str | None]] = {}
    for k, level in context.db.rows(q.select(columns, q.table(items_table(rule), "i"), where=own)):
        found[k] = max(found.get(k, (0, None)), (grades.get(level, 0), level), key=lambda x: x[0])
    return found
