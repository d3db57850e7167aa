"""Rules: who is bound, which window, which measure, which verdict."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

from . import expressions
from .groups import (
    Asked,
    Group,
    Standard,
    Window,
    as_date,
    conditions_of,
    count_of,
    counted_table,
    is_counted_as_state,
    key_of,
    overlaps_window,
    parse_group,
    read_duration,
    resolve_path,
)
from .records import Raw, Record, World
from .values import (
    AFTER,
    BEFORE,
    NONE,
    NOT_YET,
    UNKNOWN,
    Duration,
    Interval,
    Period,
    Truth,
    Value,
    all_of,
    any_of,
    compare,
    everywhere,
    is_number,
    not_,
    number,
    periods_inside,
    shift,
)

PASS, FAIL, UNSURE, PENDING, NOT_APPLICABLE = "pass", "fail", "unknown", "pending", "not_applicable"
WORST_FIRST = [FAIL, UNSURE, PENDING, PASS]
Item = tuple[date, date, int, int | None, str, str | None]


@dataclass
class Check:
    rule: str
    subject: str
    each: tuple[str, ...]
    period: str
    verdict: str
    certain: int | None = None
    possible: int | None = None
    level: str | None = None
    items: list[Item] = field(default_factory=list)


# ------------------------------------------------------------------------------------------------ bounds

BOUNDS = ("at_least", "at_most", "more_than", "less_than", "exactly", "between")
SIGNS = {"at_least": ">=", "at_most": "<=", "more_than": ">", "less_than": "<", "exactly": "="}


def bound_number(asked: Asked, raw: Any) -> Value:
    """A number, or a duration in days."""
    text = str(raw)
    found = asked.standard.param(text[1:], asked.param_day) if text.startswith("$") else read_duration(text) or text
    if isinstance(found, Duration):
        return found.n * (7 if found.unit == "weeks" else 1)  # a value in months is counted in months
    return found if found is UNKNOWN else number(found)


def meets(asked: Asked, spec: dict[str, Any], n: Value) -> Truth:
    """Whether one number meets the bound of `spec`."""
    for name, sign in SIGNS.items():
        if name in spec:
            return compare(sign, n, bound_number(asked, spec[name]))
    low, high = (bound_number(asked, b) for b in spec["between"])
    return all_of([compare(">=", n, low), compare("<=", n, high)])


def beyond(asked: Asked, spec: dict[str, Any]) -> int:
    """A number after which a bound no longer changes its mind."""
    found = [0]
    for name in BOUNDS:
        if name in spec:
            bounds = spec[name] if name == "between" else [spec[name]]
            found += [int(b) + 1 for b in (bound_number(asked, b) for b in bounds) if is_number(b)]
    for level in spec.get("levels", []):
        found.append(beyond(asked, level))
    return max(found)


def interval_meets(asked: Asked, spec: dict[str, Any], interval: Interval) -> Truth:
    """True if the bound holds for everything in the interval, false if for nothing in it."""
    truths = [meets(asked, spec, n) for n in interval.numbers(beyond(asked, spec))]
    return UNKNOWN if UNKNOWN in truths else everywhere(truths)


def level_of(asked: Asked, spec: dict[str, Any], n: int | Decimal) -> str | None:
    """The level of a number; below the first there is none."""
    for level in spec["levels"]:
        if meets(asked, level, n) is True:
            return str(level["level"])
    return None


def is_bad(level: str | None) -> bool:
    return level is not None and level != "ok"


def verdict_of(truth: Truth) -> str:
    return UNSURE if truth is UNKNOWN else PASS if truth else FAIL


# --------------------------------------------------------------------------------------------- the measure


@dataclass
class Measured:
    verdict: str
    interval: Interval | None = None
    level: str | None = None


def measure(asked: Asked, rule: dict[str, Any]) -> Measured:
    """The verdict of the measure; where it is unknown whether the window is open, both must agree."""
    is_open = asked.window.is_open(asked.world.as_of)
    how: Callable[[Asked, dict[str, Any], bool], Measured]
    if "count" in rule:
        how = measure_count
    elif "require" in rule:
        how = measure_require
    elif "value" in rule:
        how = measure_value
    elif "done" in rule:
        how = measure_done
    else:
        raise ValueError(f"{rule['id']}: no measure")
    if is_open is not UNKNOWN:
        return how(asked, rule, is_open)
    closed, opened = how(asked, rule, False), how(asked, rule, True)
    return closed if closed.verdict == opened.verdict else replace(closed, verdict=UNSURE)


def measure_count(asked: Asked, rule: dict[str, Any], is_open: bool) -> Measured:
    groups = rule["count"] if isinstance(rule["count"], list) else [rule["count"]]
    interval = count_of(asked, asked.subject, groups)
    level = level_of(asked, rule, interval.certain) if "levels" in rule else None
    if is_open:
        waits = any(is_counted_as_state(asked, asked.subject, g) for g in groups)
        certainly = meets(asked, rule, interval.certain) if not waits and "levels" not in rule else UNKNOWN
        if certainly is True and ("at_least" in rule or "more_than" in rule):
            return Measured(PASS, interval)
        if certainly is False and ("at_most" in rule or "less_than" in rule):
            return Measured(FAIL, interval)
        return Measured(PENDING, interval, level)
    if "levels" in rule:
        bad = [is_bad(level_of(asked, rule, n)) for n in interval.numbers(beyond(asked, rule))]
        return Measured(FAIL if all(bad) else UNSURE if any(bad) else PASS, interval, level)
    return Measured(verdict_of(interval_meets(asked, rule, interval)), interval)


def measure_require(asked: Asked, rule: dict[str, Any], is_open: bool) -> Measured:
    truth = asked.truth(rule["require"], asked.subject, asked.subject.table)
    if is_open:
        return Measured(PASS if truth is True else PENDING)
    return Measured(verdict_of(truth))


def measure_value(asked: Asked, rule: dict[str, Any], is_open: bool) -> Measured:
    if is_open:
        return Measured(PENDING)
    n = expressions.value(rule["value"], asked.scope(asked.subject, asked.subject.table))
    if n is NONE:
        return Measured(NOT_APPLICABLE)
    if isinstance(n, Interval):
        raise TypeError("a defined number stands only beside a comparison")
    if n in (UNKNOWN, BEFORE, AFTER, NOT_YET):
        return Measured(UNSURE)
    if "levels" in rule:
        level = level_of(asked, rule, n)
        return Measured(FAIL if is_bad(level) else PASS, None, level)
    return Measured(verdict_of(meets(asked, rule, n)))


def measure_done(asked: Asked, rule: dict[str, Any], is_open: bool) -> Measured:
    day = expressions.value(rule["done"], asked.scope(asked.subject, asked.subject.table))
    inside = asked.window.holds(day)
    if is_open and inside is False:
        is_past = compare("<=", day, asked.world.as_of) is True
        return Measured(FAIL if is_past else PENDING)
    return Measured(verdict_of(inside))


# ---------------------------------------------------------------------------------------------- exemptions


def exemption_holds(asked: Asked, exemption: dict[str, Any]) -> Truth:
    if "during" in exemption:
        return overlaps_window(asked, asked.subject, exemption["during"])
    when = exemption["when"]
    if isinstance(when, dict):
        return interval_meets(asked, when, count_of(asked, asked.subject, when["count"]))
    return asked.truth(when, asked.subject, asked.subject.table)


def effect_of(standard: Standard, exemption: dict[str, Any]) -> str:
    effect = str(exemption.get("effect", "excuse"))
    if effect.startswith("$"):
        return str(standard.spec["readings"][effect[1:]]["use"])
    return effect


def excused(asked: Asked, rule: dict[str, Any]) -> Truth:
    return any_of(exemption_holds(asked, e) for e in rule.get("unless", []) if effect_of(asked.standard, e) == "excuse")


def with_excuse(verdict: str, excuse: Truth) -> str:
    """An exemption that certainly holds: not applicable. One that may hold: pass if the bound is met, else unknown."""
    if excuse is True or verdict == NOT_APPLICABLE:
        return NOT_APPLICABLE
    return UNSURE if excuse is UNKNOWN and verdict != PASS else verdict


def with_being_bound(verdict: str, bound: Truth) -> str:
    """A subject whose being bound is unknown: pass and not applicable stand, everything else is unknown."""
    return UNSURE if bound is UNKNOWN and verdict not in (PASS, NOT_APPLICABLE) else verdict


# ------------------------------------------------------------------------------------------------- windows


def window_of(asked: Asked, within: Any) -> tuple[Window, Value]:
    """The window that `within` says, and the day that anchors it."""
    scope = asked.scope(asked.subject, asked.subject.table)
    if isinstance(within, dict):
        first = expressions.value(str(within["from"]), scope) if "from" in within else BEFORE
        last = expressions.value(str(within["to"]), scope) if "to" in within else AFTER
        anchor = first if "from" in within else last
        return Window(BEFORE if first is NONE else first, AFTER if last in (NONE, NOT_YET) else last), anchor
    match = re.fullmatch(r"\s*(\d+\s+\w+|\$\w+)\s+after\s+(.+)", within, re.S)
    if match is None:
        raise SyntaxError(f"not a window: {within!r}")
    anchor = expressions.value(match.group(2), scope)
    length: Value = read_duration(match.group(1))
    if length is None:
        length = asked.standard.param(match.group(1)[1:], anchor if isinstance(anchor, date) else asked.param_day)
    if isinstance(length, str):
        length = Duration(int(length), "days")
    last = UNKNOWN if length is UNKNOWN else shift(anchor, length)
    first = anchor + timedelta(days=1) if isinstance(anchor, date) else anchor
    return Window(BEFORE if first is NONE else first, AFTER if last in (NONE, NOT_YET) else last), anchor


def in_force(spec: Any, first: Value, last: Value) -> Truth:
    spec = spec or {}
    truths = []
    if spec.get("from"):
        truths.append(compare(">=", first, as_date(spec["from"])))
    if spec.get("to"):
        truths.append(compare("<=", last, as_date(spec["to"])))
    return all_of(truths)


def day_or_as_of(world: World, day: Value) -> Value:
    """The day on which a parameter is looked up: a day that is there, or may be; else as_of."""
    return day if isinstance(day, date) or day is UNKNOWN else world.as_of


def alive_through(world: World, subject: Record, first: Value, last: Value) -> Truth:
    """Events, breaches and what has no time are always alive."""
    if subject.table not in world.tables or not world.tables[subject.table].is_state:
        return True
    return all_of([world.held_on(subject, first), world.held_on(subject, last)])


# ------------------------------------------------------------------------------------------------ subjects


@dataclass
class Subjects:
    """Whom a rule is for: records with the truth of their being there at all, and the conditions they must meet."""

    records: list[tuple[Record, Truth]]
    table: str
    groups: list[Group]

    def dated(self) -> Group | None:
        return next((g for g in reversed(self.groups) if g.dated or g.ever), None)

    def holds(self, asked: Asked) -> Truth:
        asked = replace(asked, each_of_breach=True)
        return all_of(conditions_of(asked, g, asked.subject, self.table) for g in self.groups)


BREACHES = re.compile(r"\s*breaches\s+of\s+([\w.\-]+)(?:\s+where\s+(.+))?\s*", re.S)


class Audit:
    def __init__(self, world: World, spec: dict[str, Any]) -> None:
        self.world = world
        self.standard = Standard(spec, world.tables)
        self.readings = spec.get("readings", {})
        self.rules = {r["id"]: r for r in spec.get("rules", []) if self.stands(r)}
        self.breaches: dict[str, list[tuple[Record, Truth]]] = {}
        self.checks: dict[str, list[Check]] = {}

    def stands(self, rule: dict[str, Any]) -> bool:
        """A rule with a reading that is not the chosen one does not exist."""
        return all(self.readings[name]["use"] == use for name, use in rule.get("reading", {}).items())

    def run(self) -> list[Check]:
        for name in self.rules:
            self.run_rule(name, [])
        return [check for name in self.rules for check in self.checks[name]]

    def run_rule(self, name: str, before: list[str]) -> None:
        if name in before:
            raise ValueError(f"circle: {before}")
        if name in self.checks:
            return
        rule = self.rules[name]
        self.checks[name], self.breaches[name] = [], []
        subjects = self.subjects(rule, [*before, name])
        for subject, there in subjects.records:
            for each in self.each_of(rule):
                if "consecutive" in rule:
                    self.check_runs(rule, subjects, subject, there, each)
                else:
                    for period in self.periods(rule):
                        self.check(rule, subjects, subject, there, each, period)

    def subjects(self, rule: dict[str, Any], before: list[str]) -> Subjects:
        match = BREACHES.fullmatch(rule["for"])
        if match:
            name, where = match.groups()
            if name not in self.rules:  # it does not stand under the readings chosen
                return Subjects([], f"breaches of {name}", [])
            self.run_rule(name, before)
            groups = [Group([], None, None, False, where)] if where else []
            return Subjects(self.breaches[name], f"breaches of {name}", groups)
        group = parse_group(rule["for"])
        table, built_on = self.standard.root(group)
        records = [(r, True) for r in self.world.records[table] if r.exists]
        return Subjects(records, table, [*built_on, group])

    def each_of(self, rule: dict[str, Any]) -> list[dict[str, str]]:
        names, lists = [], []
        for name, values in rule.get("each", {}).items():
            if isinstance(values, str) and values.startswith("$"):
                values = self.standard.param(values[1:], self.world.as_of)
                values = values if isinstance(values, tuple) else (values,)
            names.append(name)
            lists.append([str(v) for v in values])
        return [dict(zip(names, combination, strict=True)) for combination in product(*lists)]

    def periods(self, rule: dict[str, Any]) -> list[Period]:
        return periods_inside(str(rule["every"]), *self.world.period) if "every" in rule else [self.whole_period()]

    def whole_period(self) -> Period:
        first, last = self.world.period
        return Period(first, last, f"{first}..{last}")

    # -- what is asked, and whether the subject is in the population and bound

    def own_day(self, subjects: Subjects, subject: Record) -> Value:
        """The day of an event (or of `dated FIELD`); none for the others."""
        dated = subjects.dated()
        if dated is not None and dated.dated:
            return subject.values[dated.dated]
        table = self.world.tables.get(subject.table)
        if table is None or table.is_event:
            return self.world.day_of(subject)
        return NONE

    def ask(
        self, rule: dict[str, Any], subjects: Subjects, subject: Record, each: dict[str, str], period: Period
    ) -> tuple[Asked, Value]:
        """What is asked of one check, and the anchor of its window."""
        own = self.own_day(subjects, subject)
        own_event = own if subject.table not in self.world.tables or self.world.tables[subject.table].is_event else NONE
        is_breach = subject.table not in self.world.tables
        start = subject.values["period_start"] if is_breach else period.first
        end = subject.values["period_end"] if is_breach else period.last
        every = "every" in rule
        param_day = period.first if every else day_or_as_of(self.world, own)
        has_window = every or "within" in rule
        window = Window(period.first, period.last) if every else Window(BEFORE, self.world.as_of)
        asked = Asked(self.world, self.standard, subject, each, start, end, window, has_window, param_day, own_event)
        anchor: Value = period.first
        if "within" in rule:
            window, anchor = window_of(asked, rule["within"])
            asked = replace(asked, window=window)
            if not every:
                asked = replace(asked, param_day=day_or_as_of(self.world, anchor))
        return asked, anchor

    def in_population(self, rule: dict[str, Any], subjects: Subjects, asked: Asked, anchor: Value) -> Truth:
        """Whether the days of a subject put it before this audit."""
        first, last = self.world.period
        subject = asked.subject
        table = self.world.tables.get(subject.table)
        if "within" in rule:
            if anchor is NONE:
                return False
            if "every" not in rule:
                start = anchor if isinstance(rule["within"], str) else asked.window.first
                return Window(start, asked.window.last).overlaps(first, last)
        dated = subjects.dated()
        if dated is not None and dated.ever:
            return True
        if table is not None and not table.is_event and not (dated is not None and dated.dated):
            if not table.is_state:
                return True
            return Window(first, last).overlaps(self.world.start_of(subject), self.world.end_of(subject))
        if "every" in rule:
            raise ValueError(f"{rule['id']}: an event cannot be bound again and again")
        return Window(first, last).holds(self.own_day(subjects, subject))

    def is_alive(self, rule: dict[str, Any], asked: Asked, anchor: Value) -> Truth:
        if "every" in rule:
            return alive_through(self.world, asked.subject, asked.period_start, asked.period_end)
        if "within" in rule:
            return alive_through(self.world, asked.subject, anchor, anchor)
        return True

    def force(self, rule: dict[str, Any]) -> Any:
        return rule.get("in_force", self.standard.spec.get("in_force"))

    def is_in_force(self, rule: dict[str, Any], subjects: Subjects, asked: Asked, anchor: Value) -> Truth:
        force = self.force(rule)
        if "every" in rule:
            return in_force(force, asked.period_start, asked.period_end)
        if "within" in rule:
            return in_force(force, anchor, anchor)
        own = self.own_day(subjects, asked.subject)
        day = self.world.period[1] if own is NONE else own
        return in_force(force, day, day)

    # -- one check

    def check(
        self, rule: dict[str, Any], subjects: Subjects, subject: Record, there: Truth, each: dict[str, str],
        period: Period,
    ) -> None:  # fmt: skip
        asked, anchor = self.ask(rule, subjects, subject, each, period)
        in_group = subjects.holds(asked)
        in_population = self.in_population(rule, subjects, asked, anchor)
        if in_group is False or in_population is False:
            return
        alive = self.is_alive(rule, asked, anchor)
        force = self.is_in_force(rule, subjects, asked, anchor)
        check = Check(rule["id"], key_of(self.world, subject), tuple(each.values()), period.label, NOT_APPLICABLE)
        self.checks[rule["id"]].append(check)
        if alive is False or force is False:
            return
        measured = measure(asked, rule)
        verdict = with_excuse(measured.verdict, excused(asked, rule))
        check.verdict = with_being_bound(verdict, all_of([there, in_group, in_population, alive, force]))
        check.level = measured.level
        if measured.interval is not None:
            check.certain, check.possible = measured.interval.certain, measured.interval.possible
        self.add_breaches(rule, asked, check, measured, period)

    def add_breaches(
        self, rule: dict[str, Any], asked: Asked, check: Check, measured: Measured, period: Period
    ) -> None:
        """A failing check is a breach, an unknown one a breach that may be."""
        if check.verdict not in (FAIL, UNSURE):
            return
        levels: list[str | None] = [None]
        if "levels" in rule and measured.interval is None:
            levels = [measured.level]
        elif "levels" in rule and measured.interval is not None:
            possible = [level_of(asked, rule, n) for n in measured.interval.numbers(beyond(asked, rule))]
            levels = [level for level in dict.fromkeys(possible) if is_bad(level)]
        certain = check.verdict == FAIL and len(levels) == 1
        for level in levels:
            self.add_breach(
                rule, asked, True if certain else UNKNOWN, level, period.first, period.last, asked.window.last
            )

    def add_breach(
        self, rule: dict[str, Any], asked: Asked, certainly: Truth, level: str | None, first: date, last: date,
        reached_on: Value,
    ) -> None:  # fmt: skip
        subject = asked.subject
        table = self.world.tables.get(subject.table)
        parts = [key_of(self.world, subject), *asked.each.values(), first.isoformat(), level]
        key = "/".join(part for part in parts if part is not None)
        breach = Record(f"breaches of {rule['id']}", {}, {}, {"key": key})
        breach.values = {
            "period_start": first, "period_end": last, "reached_on": reached_on, "level": level or NONE,
        }  # fmt: skip
        breach.recorded = {name: value is not NONE for name, value in breach.values.items()}
        breach.targets = {"subject": subject}
        if table is not None:
            breach.targets[table.singular] = subject
        else:  # a breach of a breach still knows whom it is about
            breach.targets.update({n: r for n, r in subject.targets.items() if n != "subject"})
        breach.each = dict(asked.each)
        if isinstance(reached_on, date) and reached_on > self.world.as_of:
            return  # like an event later than as_of
        self.breaches[rule["id"]].append((breach, certainly))

    # -- runs

    def walked(self, rule: dict[str, Any], subject: Record, asked: Asked) -> list[Period]:
        """From the first covered day of the counted table to the end of the audited period, as far as they are over."""
        first, last = self.world.period[0], min(self.world.period[1], self.world.as_of)
        groups = rule["when"]["count"]
        path, _ = resolve_path(asked, subject, parse_group(groups[0] if isinstance(groups, list) else groups))
        covers = self.world.covers.get(counted_table(asked, subject, path)) or {}
        return periods_inside(str(rule["consecutive"]), as_date(covers.get("from", first)), last)

    def check_runs(
        self, rule: dict[str, Any], subjects: Subjects, subject: Record, there: Truth, each: dict[str, str]
    ) -> None:
        whole = self.whole_period()
        asked, anchor = self.ask(rule, subjects, subject, each, whole)
        periods = self.walked(rule, subject, asked)
        asked_of = [
            replace(asked, period_start=p.first, period_end=p.last, window=Window(p.first, p.last), has_window=True,
                    param_day=p.first) for p in periods
        ]  # fmt: skip
        in_group = subjects.holds(asked)
        in_population = self.in_population(rule, subjects, asked, anchor)
        if in_group is False or in_population is False:
            return
        check = Check(rule["id"], key_of(self.world, subject), tuple(each.values()), whole.label, NOT_APPLICABLE)
        self.checks[rule["id"]].append(check)
        force = self.is_in_force(rule, subjects, asked, anchor)
        excuse = excused(asked, rule)
        if force is False or excuse is True:
            return
        bound = all_of([there, force, in_population, in_group])
        steps = [self.step(rule, a, p) for a, p in zip(asked_of, periods, strict=True)]
        asked = replace(asked, param_day=self.world.period[0])
        runs = [run for run in runs_of(steps) if run[-1].period.last >= self.world.period[0]]
        items = [(judge_run(asked, rule, run), run) for run in runs]
        check.items = []
        for item, run in items:
            verdict = with_being_bound(with_excuse(item[4], excuse), bound)
            if verdict != PASS:
                check.items.append((*item[:4], verdict, item[5]))
                self.add_run_breaches(rule, asked, run, item, all_of([bound, not_(excuse)]))
        worst = sorted(check.items, key=lambda i: (WORST_FIRST.index(i[4]), -i[2], -(i[3] or 0), i[0]))
        check.verdict = PASS
        if worst:
            _, _, check.certain, check.possible, check.verdict, check.level = worst[0]

    def step(self, rule: dict[str, Any], asked: Asked, period: Period) -> Step:
        """What one period of the walk may be: it counts, it is skipped, it ends the run."""
        alive = alive_through(self.world, asked.subject, period.first, period.last)
        bound = all_of([alive, in_force(self.force(rule), period.first, period.last)])
        holds = interval_meets(asked, rule["when"], count_of(asked, asked.subject, rule["when"]["count"]))
        if all_of([bound, holds]) is False:
            return Step(period, {ENDS})
        may_be = set() if all_of([bound, holds]) is True else {ENDS}
        for exemption in rule.get("unless", []):
            effect = effect_of(self.standard, exemption)
            if effect == "excuse":
                continue
            truth = exemption_holds(asked, exemption)
            if truth is not False:
                may_be.add({"skip": SKIPPED, "break": ENDS}[effect])
            if truth is True:
                break
        else:
            may_be.add(COUNTS)
        return Step(period, may_be)

    def add_run_breaches(self, rule: dict[str, Any], asked: Asked, run: list[Step], item: Item, surely: Truth) -> None:
        """One breach for each level that the run reached, or may have reached."""
        first, last, certain = item[0], item[1], item[2]
        possible = len([1 for step in run if COUNTS in step.may_be])
        reached: dict[str | None, int] = {}
        for n in range(1, possible + 1):
            level = level_of(asked, rule, n) if "levels" in rule else None
            bad = is_bad(level) if "levels" in rule else meets(asked, rule, n) is not True
            if bad and level not in reached:
                reached[level] = n
        for level, n in reached.items():
            days = days_of_reaching(run, n)
            day: Value = days[0] if len(days) == 1 else UNKNOWN
            certainly = True if certain >= n and surely is True else UNKNOWN
            self.add_breach(rule, asked, certainly, level, first, last, day)


COUNTS, SKIPPED, ENDS = "counts", "skipped", "ends"


@dataclass
class Step:
    period: Period
    may_be: set[str]


def runs_of(steps: list[Step]) -> list[list[Step]]:
    """The runs of periods that may count or be skipped, each as long as possible, from the first to the last that may count."""
    runs: list[list[Step]] = [[]]
    for step in steps:
        if step.may_be == {ENDS}:
            runs.append([])
        else:
            runs[-1].append(step)
    return [trimmed for run in runs if (trimmed := between_counting(run))]


def between_counting(run: list[Step]) -> list[Step]:
    counting = [i for i, step in enumerate(run) if COUNTS in step.may_be]
    return run[counting[0] : counting[-1] + 1] if counting else []


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


def judge_run(asked: Asked, rule: dict[str, Any], run: list[Step]) -> Item:
    certain = certain_length(run)
    possible = len([1 for step in run if COUNTS in step.may_be])
    level = level_of(asked, rule, certain) if "levels" in rule else None

    def bad(n: int) -> bool:
        return is_bad(level_of(asked, rule, n)) if "levels" in rule else meets(asked, rule, n) is not True

    if bad(certain):
        verdict = FAIL
    elif any(bad(n) for n in range(certain, possible + 1)):
        verdict = UNSURE
    else:
        verdict = PASS
    return run[0].period.first, run[-1].period.last, certain, possible, verdict, level


def days_of_reaching(run: list[Step], n: int) -> list[date]:
    """The last days of the periods that may be the first in which the run is n long."""
    lengths = {0}
    found = []
    for step in run:
        following = set()
        for length in lengths:
            if COUNTS in step.may_be:
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


def audit(
    model: dict[str, Any],
    standard: dict[str, Any],
    records: Raw,
    *,
    as_of: date,
    period: tuple[date, date],
    covers: dict[str, Any] | None = None,
    silence: str | dict[str, Any] | None = None,
) -> list[Check]:
    """Every check of every rule of a standard."""
    return Audit(World(model, records, as_of, period, covers, silence), standard).run()
