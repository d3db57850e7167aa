"""Verdicts: of a measure in its window, of parts, and under the exemptions that hold or may hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from . import expressions
from .asked import Asked
from .bounds import Ladder, ladder_of, limits_of, meets, samples, without_bound
from .groups import is_complete, overlaps_window
from .measures import FOUND_IN_GROUPS, counts_states, found_by, truth_of_found
from .model import Table
from .rows import AUDIT, Record
from .values import (
    NONE,
    UNKNOWN,
    Interval,
    Truth,
    Value,
    all_of,
    any_of,
    compare,
    is_blank,
    month_end,
)
from .ways import Reached, neighbour

PASS, FAIL, UNSURE, PENDING, NOT_APPLICABLE = "pass", "fail", "unknown", "pending", "not_applicable"
WORST_FIRST = [FAIL, UNSURE, PENDING, PASS]


@dataclass
class Measured:
    verdict: str
    interval: Interval | None = None
    level: str | None = None
    reach: list[str | None] = field(default_factory=list)  # the levels that it may have reached


def verdict_of(truth: Truth) -> str:
    return UNSURE if truth is UNKNOWN else PASS if truth else FAIL


def worst(verdicts: Iterable[str]) -> str:
    """The worst of those that apply; not applicable if none does."""
    applying = [v for v in verdicts if v != NOT_APPLICABLE]
    return min(applying, key=WORST_FIRST.index) if applying else NOT_APPLICABLE


def one_of(verdicts: list[str]) -> str:
    """Where one of several verdicts is the right one: what they agree on, pass if none of them blames."""
    if len(set(verdicts)) == 1:
        return verdicts[0]
    return PASS if set(verdicts) <= {PASS, NOT_APPLICABLE} else UNSURE


# --------------------------------------------------------------------------------------------- the measure


def measure(asked: Asked, spec: dict[str, Any]) -> Measured:
    """The verdict of the measure; where it is unknown whether the window is open, both must agree."""
    is_open = asked.window.is_open(asked.world.as_of)
    if is_open is not UNKNOWN:
        return measure_in(asked, spec, is_open)
    closed, opened = measure_in(asked, spec, False), measure_in(asked, spec, True)
    return closed if closed.verdict == opened.verdict else replace(closed, verdict=UNSURE)


def measure_in(asked: Asked, spec: dict[str, Any], is_open: bool) -> Measured:
    if any(name in spec for name in FOUND_IN_GROUPS):
        return measure_found(asked, spec, is_open)
    if "value" in spec:
        return measure_value(asked, spec, is_open)
    if "require" in spec:
        return measure_require(asked, spec, is_open)
    if "done" in spec:
        return measure_done(asked, spec, is_open)
    if "attest" in spec:
        return Measured(measure_attest(asked, spec, is_open))
    return measure_parts(asked, spec)


def measure_found(asked: Asked, spec: dict[str, Any], is_open: bool) -> Measured:
    found = found_by(asked, asked.subject, spec)
    ladder = ladder_of(asked, spec)
    interval = found if isinstance(found, Interval) else None
    if ladder.asks_for_none:
        return Measured(NOT_APPLICABLE, interval)  # another bound may stand instead: what was found is shown
    if is_open:
        return Measured(while_open(asked, spec, found), interval, level_of(ladder, found), reach_of(ladder, found))
    return judged(ladder, found)


def while_open(asked: Asked, spec: dict[str, Any], found: Value) -> str:
    """A count can only grow: lower bounds pass early, upper bounds fail early; everything else waits."""
    grows = ("count" in spec or "distinct" in spec) and not counts_states(asked, asked.subject, spec)
    if not grows or "levels" in spec:
        return PENDING
    reached = meets(limits_of(asked, spec), found.least)
    if reached is True and ("at_least" in spec or "more_than" in spec):
        return PASS
    if reached is False and ("at_most" in spec or "less_than" in spec):
        return UNSURE if ladder_of(asked, spec).may_ask_for_none else FAIL
    return PENDING


def judged(ladder: Ladder, found: Value) -> Measured:
    """The verdict on what a measure found: nothing is not judged, what may be nothing only passes."""
    if found is NONE:
        return Measured(NOT_APPLICABLE)
    interval = found if isinstance(found, Interval) else None
    if found is UNKNOWN and ladder.plain is None:
        interval = Interval(None, None, whole=False)  # any of the levels
    verdict = verdict_on(ladder, found)
    may_be_nothing = (interval is not None and interval.nothing is UNKNOWN) or ladder.may_ask_for_none
    if may_be_nothing and verdict != PASS:
        verdict = UNSURE
    return Measured(verdict, interval, level_of(ladder, found), reach_of(ladder, found))


def reach_of(ladder: Ladder, found: Value) -> list[str | None]:
    if ladder.plain is not None or found is NONE:
        return []
    if found is UNKNOWN:
        found = Interval(None, None, whole=False)
    numbers = samples(ladder, found) if isinstance(found, Interval) else [found]
    return list(dict.fromkeys(level for n in sorted(numbers) for level in ladder.possible(n)))


def verdict_on(ladder: Ladder, found: Value) -> str:
    if ladder.plain is not None:
        return verdict_of(meets(ladder.plain, found))
    if found is UNKNOWN:
        return UNSURE
    numbers = samples(ladder, found) if isinstance(found, Interval) else [found]
    bad = [ladder.is_bad(n) for n in numbers]
    return FAIL if all(b is True for b in bad) else PASS if all(b is False for b in bad) else UNSURE


def level_of(ladder: Ladder, found: Value) -> str | None:
    """The level of the certain end."""
    certain = found.least if isinstance(found, Interval) else found
    if ladder.plain is not None or certain is None or certain is UNKNOWN or is_blank(certain):
        return None
    level = ladder.level(certain)
    return None if level is UNKNOWN else level


def measure_value(asked: Asked, spec: dict[str, Any], is_open: bool) -> Measured:
    if lacks_neighbour(asked, spec["value"]):
        return Measured(NOT_APPLICABLE)
    ladder = ladder_of(asked, spec)
    if ladder.asks_for_none:
        return Measured(NOT_APPLICABLE)
    found = found_by(asked, asked.subject, spec)
    if is_open:
        interval = found if isinstance(found, Interval) else None
        return Measured(PENDING, interval, level_of(ladder, found), reach_of(ladder, found))
    return judged(ladder, found)


def measure_require(asked: Asked, spec: dict[str, Any], is_open: bool) -> Measured:
    if lacks_neighbour(asked, spec["require"]):
        return Measured(NOT_APPLICABLE)
    truth = asked.truth(spec["require"], asked.subject, asked.subject.table)
    if is_open:
        return Measured(PASS if truth is True else PENDING)
    return Measured(verdict_of(truth))


def lacks_neighbour(asked: Asked, text: str) -> bool:
    """Whether a subject is asked for a neighbour that it certainly does not have."""
    names = [name[1:] if name[0] == "subject" else name for name in expressions.names_in(expressions.parse(text))]
    wanted = {name[0] for name in names if name and name[0] in ("previous", "next")}
    return any(neighbour(asked.world, asked.subject, name) is NONE for name in wanted)


def measure_done(asked: Asked, spec: dict[str, Any], is_open: bool) -> Measured:
    day = expressions.value(spec["done"], asked.own_scope)
    inside = asked.window.holds(day)
    if is_open and inside is False:
        is_past = compare("<=", day, asked.world.as_of) is True
        return Measured(FAIL if is_past else PENDING)
    return Measured(verdict_of(inside))


# ------------------------------------------------------------------------------------------------- answers


def measure_attest(asked: Asked, spec: dict[str, Any], is_open: bool) -> str:
    """What the last answer says, where it is certain which is the last."""
    table = next(t for t in asked.world.tables.values() if t.attest)
    yes, may_be_yes = answers(asked, table, spec["id"], True)
    no, may_be_no = answers(asked, table, spec["id"], False)
    verdict = PASS if is_later(yes, may_be_no) else FAIL if is_later(no, may_be_yes) else UNSURE
    if not answers_are_complete(asked, table):
        verdict = UNSURE
    return PENDING if is_open and verdict != PASS else verdict


def answers_are_complete(asked: Asked, table: Table) -> bool:
    reached = Reached([], table.name, [table.name], of_all=asked.subject is AUDIT)
    key = next((k for k in table.keys if k.target == asked.subject.table), None)
    has_column = key is None or not asked.world.column_missing(key)
    return has_column and is_complete(asked.world, asked.subject, reached, asked.window)


def answers(asked: Asked, table: Table, question: str, answer: bool) -> tuple[list[Value], list[Value]]:
    """The days of the answers that certainly say so, and of all that may."""
    assert table.attest is not None
    certain, possible = [], []
    for row, there in rows_about(asked, table):
        day = asked.world.day_of(row)
        truth = all_of([
            there, asked.window.holds_time(*asked.world.time_of(row)),
            compare("=", row.values[table.attest["rule"]], question),
            compare("=", row.values[table.attest["answer"]], answer),
        ])  # fmt: skip
        if truth is not False:
            possible.append(day)
        if truth is True:
            certain.append(day)
    return certain, possible


def rows_about(asked: Asked, table: Table) -> list[tuple[Record, Truth]]:
    if asked.subject is AUDIT:
        return [(row, True) for row in asked.world.records[table.name]]
    key = next(k for k in table.keys if k.target == asked.subject.table)
    return asked.world.children[table.name, key.name].get(id(asked.subject), [])


def is_later(certain: list[Value], others: list[Value]) -> bool:
    """Whether the latest of the certain days is later than every other."""
    return bool(certain) and UNKNOWN not in others and all(max(certain) > day for day in others)


# --------------------------------------------------------------------------------------------------- parts


def measure_parts(asked: Asked, spec: dict[str, Any]) -> Measured:
    parts = spec["all"] if "all" in spec else spec["any"]
    verdicts = [measure(asked, {**part, "id": f"{spec['id']}/{part['id']}"}).verdict for part in parts]
    if "all" in spec:
        return Measured(worst(verdicts))
    best = next((v for v in (PASS, PENDING, UNSURE, FAIL) if v in verdicts), NOT_APPLICABLE)
    return Measured(best)


# ---------------------------------------------------------------------------------------------- exemptions


def effect_of(asked: Asked, exemption: dict[str, Any]) -> Any:
    """excuse, skip, break, or another bound."""
    effect = exemption.get("effect", "excuse")
    if isinstance(effect, str) and effect.startswith("$"):
        return str(asked.standard.spec["readings"][effect[1:]]["use"])
    return effect


def exemption_holds(asked: Asked, exemption: dict[str, Any]) -> Truth:
    for name in ("during", "during_all"):
        if name in exemption:
            return holds_during(asked, exemption[name], all_days=name == "during_all")
    return test_holds(asked, exemption["when"])


def test_holds(asked: Asked, when: Any) -> Truth:
    """A condition over the subject, or a measure with a bound."""
    if not isinstance(when, dict):
        return asked.truth(when, asked.subject, asked.subject.table)
    found = found_by(asked, asked.subject, when)
    if found is NONE:
        return False
    ladder = Ladder([], limits_of(asked, when))
    truth = False if ladder.asks_for_none else meets(ladder.limits, found)
    return truth_of_found(all_of([truth, UNKNOWN if ladder.may_ask_for_none else True]), found)


SEASON = re.compile(r"\s*yearly\s+(\d\d)-(\d\d)\s+to\s+(\d\d)-(\d\d)\s*")


def holds_during(asked: Asked, text: str, *, all_days: bool) -> Truth:
    match = SEASON.fullmatch(text)
    if match is None:
        return overlaps_window(asked, asked.subject, text, all_days=all_days)
    window = asked.window
    if window.first is UNKNOWN or window.last is UNKNOWN:
        return UNKNOWN
    if not isinstance(window.first, date) or not isinstance(window.last, date):
        return not all_days  # a window without an end has all seasons in it
    if window.last < window.first:
        return False  # there is no day that could lie in one
    (m1, d1, m2, d2) = (int(g) for g in match.groups())
    seasons = [season(year, (m1, d1), (m2, d2)) for year in range(window.first.year - 1, window.last.year + 1)]
    how: Callable[[Value, Value], Truth] = window.lies_in if all_days else window.overlaps
    return any_of(how(first, last) for first, last in seasons)


def season(year: int, begins: tuple[int, int], ends: tuple[int, int]) -> tuple[date, date]:
    """The season that begins in a year, and may run over the new year."""
    return day_in(year, begins), day_in(year + (ends < begins), ends)


def day_in(year: int, month_day: tuple[int, int]) -> date:
    month, day = month_day
    return min(date(year, month, 1) + timedelta(days=day - 1), month_end(date(year, month, 1)))


def candidates(asked: Asked, rule: dict[str, Any]) -> list[dict[str, Any] | None]:
    """What may have to be judged: None where it is excused, else the rule with its own or another bound."""
    found: list[dict[str, Any] | None] = []
    for exemption in rule.get("unless", []):
        effect = effect_of(asked, exemption)
        if effect in ("skip", "break"):
            continue
        truth = exemption_holds(asked, exemption)
        if truth is not False:
            found.append(None if effect == "excuse" else {**without_bound(rule), **effect})
        if truth is True:
            return found
    return [*found, rule]


def under_exemptions(specs: list[dict[str, Any] | None], judge: Callable[[dict[str, Any]], str]) -> str:
    return one_of([NOT_APPLICABLE if spec is None else judge(spec) for spec in specs])


def with_being_bound(verdict: str, bound: Truth) -> str:
    """A subject whose being bound is unknown: pass and not applicable stand, everything else is unknown."""
    return UNSURE if bound is UNKNOWN and verdict not in (PASS, NOT_APPLICABLE) else verdict
