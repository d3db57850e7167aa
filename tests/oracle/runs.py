"""`consecutive` and `periods`: a walk over periods or events, each of which counts, is skipped, or ends a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from .asked import Asked, Window, as_date, key_of
from .bounds import Ladder, samples
from .groups import counted_table, members_of
from .measures import groups_of
from .model import as_list
from .rows import Record
from .values import UNKNOWN, Interval, Period, Truth, Value, all_of, periods_inside
from .verdicts import FAIL, PASS, UNSURE, effect_of, exemption_holds, test_holds, verdict_on
from .ways import along, sort_key

COUNTS, SKIPPED, ENDS = "counts", "skipped", "ends"


@dataclass
class Step:
    """One period or event of the walk, and all that it may be."""

    period: Period
    may_be: set[str]

    @property
    def may_count(self) -> bool:
        return COUNTS in self.may_be


@dataclass
class Walk:
    steps: list[Step]
    unplaced: list[Step] = field(default_factory=list)  # events whose day nobody knows
    is_complete: bool = True
    is_empty: bool = False  # there certainly is no event


@dataclass
class Run:
    """Steps that may follow one another, and how long they are."""

    steps: list[Step]
    certain: int
    possible: int | None
    first: date
    last: date
    is_placed: bool = True


# ------------------------------------------------------------------------------------------------ the walk


def is_period(text: str) -> bool:
    words = text.split()
    return text in ("week", "month", "quarter", "half-year", "year") or (words[0].isdigit() and len(words) == 2)


def walk(asked: Asked, rule: dict[str, Any], is_bound: Callable[[date, date], Truth]) -> Walk:
    over = str(rule["consecutive"] if "consecutive" in rule else rule["periods"])
    found = walk_periods(asked, rule, over, is_bound) if is_period(over) else walk_events(asked, rule, over, is_bound)
    if "periods" in rule:
        for step in [*found.steps, *found.unplaced]:
            step.may_be = {SKIPPED if m == ENDS else m for m in step.may_be}
    return found


def first_covered_day(asked: Asked, groups: list[str]) -> date:
    """Of the table that is counted; without one, the first day of the audited period."""
    if not groups:
        return asked.world.period[0]
    table = counted_table(asked, asked.subject, groups[0])
    return as_date((asked.world.covers.get(table.name) or {}).get("from", asked.world.period[0]))


def walk_periods(asked: Asked, rule: dict[str, Any], over: str, is_bound: Callable[[date, date], Truth]) -> Walk:
    """From the first covered day of the counted table to the end of the audited period, as far as they are over."""
    groups = groups_of(rule["when"]) if isinstance(rule["when"], dict) else []
    last = min(asked.world.period[1], asked.world.as_of)
    steps = []
    for p in periods_inside(over, first_covered_day(asked, groups), last):
        there = replace(
            asked, period_start=p.first, period_end=p.last, window=Window(p.first, p.last), has_window=True,
            param_day=p.first,
        )  # fmt: skip
        steps.append(Step(p, what_may_be(there, rule, is_bound(p.first, p.last))))
    return Walk(steps)


def what_may_be(asked: Asked, rule: dict[str, Any], bound: Truth, of_event: Asked | None = None) -> set[str]:
    """Whether a period counts, is skipped, or ends a run."""
    holds = all_of([bound, test_holds(of_event or asked, rule["when"])])
    if holds is False:
        return {ENDS}
    may_be = set() if holds is True else {ENDS}
    for exemption in rule.get("unless", []):
        effect = effect_of(asked, exemption)
        if effect not in ("skip", "break"):
            continue
        truth = exemption_holds(asked if is_about_time(exemption) else of_event or asked, exemption)
        if truth is not False:
            may_be.add({"skip": SKIPPED, "break": ENDS}[effect])
        if truth is True:
            return may_be
    return may_be | {COUNTS}


def is_about_time(exemption: dict[str, Any]) -> bool:
    return "during" in exemption or "during_all" in exemption


# ------------------------------------------------------------------------------------------------- events


def walk_events(asked: Asked, rule: dict[str, Any], over: str, is_bound: Callable[[date, date], Truth]) -> Walk:
    """The subject's events in their order; those of unknown day have no place."""
    world = asked.world
    last = min(world.period[1], world.as_of)
    window = Window(first_covered_day(asked, [over]), last)
    there = replace(asked, window=window, has_window=True)
    members = members_of(there, asked.subject, over)
    placed, unplaced = [], []
    for event, truth in members.records:
        day = world.day_of(event)
        if truth is False:
            continue
        if isinstance(day, date):
            truth = all_of([truth, is_bound(day, day)])
            if truth is not False:
                placed.append((event, Step(Period(day, day, str(day)), of_event(asked, rule, event, day, truth))))
        else:
            unplaced.append(Step(Period(*world.period, ""), of_event(asked, rule, event, day, UNKNOWN)))
    steps = [step for _, step in in_order(asked, placed)]
    return Walk(steps, unplaced, not members.is_open, not (steps or unplaced or members.is_open))


def of_event(asked: Asked, rule: dict[str, Any], event: Record, day: Value, there: Truth) -> set[str]:
    """What an event may be; one that may be none of the subject's may be skipped."""
    on_day = replace(asked, window=Window(day, day), has_window=True, period_start=day, period_end=day, param_day=day)
    may_be = what_may_be(on_day, rule, True, replace(on_day, event=event))
    return may_be if there is True else may_be | {SKIPPED}


def in_order(asked: Asked, placed: list[tuple[Record, Step]]) -> list[tuple[Record, Step]]:
    """The order of the table if it decides, else by day; ties by key."""
    world = asked.world
    order = world.tables[placed[0][0].table].order if placed else None
    paths = [p.split(".") for p in as_list(order["by"])] if order else []
    if any(along(event, path) is UNKNOWN for event, _ in placed for path in paths):
        paths = []

    def rank(at: tuple[Record, Step]) -> list[Any]:
        event, step = at
        return [*(sort_key(along(event, path)) for path in paths), step.period.first, key_of(world, event)]

    return sorted(placed, key=rank)


# --------------------------------------------------------------------------------------------------- runs


def runs_in(asked: Asked, rule: dict[str, Any], walked: Walk) -> list[Run]:
    """The items: for `periods` all of the walk, else the runs that reach into the audited period."""
    if "periods" in rule:
        return [all_of_it(asked, walked)]
    runs = [run_of(walked, steps) for steps in stretches(walked.steps)]
    runs = [run for run in runs if run.last >= asked.world.period[0]]
    doubtful = not walked.is_complete or any(step.may_count for step in walked.unplaced)
    if not runs and doubtful:  # a run that nobody can place
        runs = [Run([], certain_alone(walked), possible_length(walked, []), *asked.world.period, is_placed=False)]
    return runs


def stretches(steps: list[Step]) -> list[list[Step]]:
    """As long as possible, from the first to the last that may count."""
    found: list[list[Step]] = [[]]
    for step in steps:
        if step.may_be == {ENDS}:
            found.append([])
        else:
            found[-1].append(step)
    return [trimmed for run in found if (trimmed := between_counting(run))]


def between_counting(run: list[Step]) -> list[Step]:
    counting = [i for i, step in enumerate(run) if step.may_count]
    return run[counting[0] : counting[-1] + 1] if counting else []


def run_of(walked: Walk, steps: list[Step]) -> Run:
    certain = certain_length(steps)
    if not walked.is_complete:
        certain = min(certain, 1)  # events that nobody told us of may lie between any two
    pieces = 1 + len(walked.unplaced)
    is_placed = walked.is_complete and not walked.unplaced
    first, last = steps[0].period.first, steps[-1].period.last
    certain = max(-(-certain // pieces), certain_alone(walked))
    return Run(steps, certain, possible_length(walked, steps), first, last, is_placed)


def certain_alone(walked: Walk) -> int:
    """An event without a place that certainly counts is a run of its own, at least."""
    return 1 if any(step.may_be == {COUNTS} for step in walked.unplaced) else 0


def possible_length(walked: Walk, steps: list[Step]) -> int | None:
    if not walked.is_complete:
        return None
    among = [*walked.steps, *walked.unplaced] if walked.unplaced else steps
    return len([1 for step in among if step.may_count])


def certain_length(run: list[Step]) -> int:
    """The longest stretch that certainly does not end, counted by the periods that certainly count."""
    best = here = 0
    for step in run:
        if ENDS in step.may_be:
            here = 0
        elif step.may_be == {COUNTS}:
            here += 1
            best = max(best, here)
    return best


def all_of_it(asked: Asked, walked: Walk) -> Run:
    certain = len([1 for step in walked.steps if step.may_be == {COUNTS}])
    possible = len([1 for step in [*walked.steps, *walked.unplaced] if step.may_count])
    is_placed = walked.is_complete and not walked.unplaced
    steps = between_counting(walked.steps)
    return Run(steps, certain, possible if walked.is_complete else None, *asked.world.period, is_placed)


# ------------------------------------------------------------------------------------------------ verdicts


def judge_run(rule: dict[str, Any], ladder: Ladder, run: Run) -> str:
    """A run fails as soon as its certain length does; a number of periods is judged like a count."""
    found = Interval(run.certain, run.possible)
    if "periods" in rule:
        return verdict_on(ladder, found)
    if ladder.is_bad(run.certain) is True:
        return FAIL
    return PASS if all(ladder.is_bad(n) is False for n in samples(ladder, found)) else UNSURE


def reached_in(rule: dict[str, Any], ladder: Ladder, run: Run) -> dict[str | None, int]:
    """level -> the length at which a run reaches it; 0 for what is bad without anything."""
    reached: dict[str | None, int] = {}
    for n in samples(ladder, Interval(0 if "periods" in rule else 1, run.possible)):
        if ladder.is_bad(n) is not False:
            level = ladder.level(n) if ladder.plain is None else None
            reached.setdefault(None if level is UNKNOWN else level, n)
    return reached


def days_of_reaching(run: Run, n: int) -> list[date]:
    """The last days of the periods that may be the first in which the run is n long."""
    lengths = {0}
    found = []
    for step in run.steps:
        following = set()
        for length in lengths:
            if step.may_count:
                if length + 1 == n:
                    found.append(step.period.last)
                else:
                    following.add(length + 1)
            if SKIPPED in step.may_be:
                following.add(length)
            if ENDS in step.may_be:
                following.add(0)
        lengths = following
    return list(dict.fromkeys(found))
