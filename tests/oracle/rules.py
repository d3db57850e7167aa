"""Rules: every check of every rule, with its verdict, and the breaches that other rules speak of."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

from . import each as eaches
from .asked import Asked, Group, Standard, Window, key_of, parse_group
from .bounds import has_bound, is_bad_level, ladder_of
from .each import Each
from .gaps import measure_gap
from .measures import WITH_BOUND, found_by
from .records import World
from .rows import AUDIT, Raw, Record
from .runs import Run, Walk, days_of_reaching, judge_run, reached_in, runs_in, walk
from .values import AFTER, BEFORE, NONE, UNKNOWN, Interval, Period, Truth, Value, all_of
from .verdicts import (
    FAIL,
    NOT_APPLICABLE,
    PASS,
    UNSURE,
    WORST_FIRST,
    Measured,
    candidates,
    measure,
    under_exemptions,
    with_being_bound,
)
from .windows import (
    Subjects,
    alive_through,
    ask,
    in_force,
    in_population,
    is_alive,
    is_in_force,
    periods_of,
    window_of_being_bound,
)  # fmt: skip

Item = tuple[date, date, int, int | None, str, str | None]


@dataclass
class Check:
    rule: str
    subject: str
    each: tuple[str | None, ...]
    period: str
    verdict: str
    certain: Value = None
    possible: Value = None
    level: str | None = None
    items: list[Item] = field(default_factory=list)


@dataclass
class Figure:
    """What a measure without a bound found."""

    rule: str
    subject: str
    each: tuple[str | None, ...]
    period: str
    found: Value


@dataclass
class Bound:
    """A subject that a rule may bind, in one period: what is asked, whether it binds, and for which values."""

    asked: Asked
    there: Truth
    is_alive: Truth
    is_in_force: Truth
    each: list[Each]


BREACHES = re.compile(r"\s*breaches\s+of\s+([\w.\-]+(?:\s*,\s*[\w.\-]+)*)(?:\s+where\s+(.+))?\s*", re.S)


class Audit:
    def __init__(self, world: World, spec: dict[str, Any]) -> None:
        self.world = world
        self.standard = Standard(spec, world)
        self.readings = spec.get("readings", {})
        self.rules = {r["id"]: r for r in spec.get("rules", []) if self.stands(r)}
        self.breaches: dict[str, list[tuple[Record, Truth]]] = {}
        self.checks: dict[str, list[Check]] = {}
        self.figures: list[Figure] = []
        nowhere = Window(BEFORE, world.as_of)
        self.nobody = Asked(world, self.standard, AUDIT, {}, *world.period, nowhere, False, world.as_of)

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
            for period in periods_of(self.world, rule):
                for values in eaches.listed(rule):
                    self.run_check(rule, subjects, subject, there, values, period)

    def subjects(self, rule: dict[str, Any], before: list[str]) -> Subjects:
        if "for" not in rule:
            return Subjects([(AUDIT, True)], "audit", [])
        match = BREACHES.fullmatch(rule["for"])
        if match:
            return self.breaches_of([n.strip() for n in match.group(1).split(",")], match.group(2), before)
        group = parse_group(rule["for"])
        table, built_on = self.standard.root(group)
        records = [(r, True) for r in self.world.records[table] if r.exists]
        return Subjects(records, table, [*built_on, group])

    def breaches_of(self, names: list[str], where: str | None, before: list[str]) -> Subjects:
        found = []
        for name in [n for n in names if n in self.rules]:  # others do not stand under the readings chosen
            self.run_rule(name, before)
            found += self.breaches[name]
        groups = [Group([], None, None, False, where)] if where else []
        return Subjects(found, f"breaches of {names[0]}", groups)

    # -- one subject, one period

    def run_check(
        self, rule: dict[str, Any], subjects: Subjects, subject: Record, there: Truth, values: dict[str, Any],
        period: Period,
    ) -> None:  # fmt: skip
        """Its checks: one for each value, if the subject is in the population."""
        asked, anchor = ask(replace(self.nobody, each=values), rule, subjects, subject, period)
        in_group = subjects.holds(replace(asked, window=window_of_being_bound(self.world, rule, period)))
        population = in_population(rule, subjects, asked, anchor)
        if in_group is False or population is False:
            return
        alive = is_alive(rule, asked, anchor)
        force = is_in_force(self.force(rule), rule, subjects, asked, anchor)
        for each in eaches.found(asked, rule):
            bound = all_of([there, in_group, population, alive, force, each.there])
            self.check(rule, replace(asked, each=each.values), bound, period)

    def force(self, rule: dict[str, Any]) -> Any:
        return rule.get("in_force", self.standard.spec.get("in_force"))

    def check(self, rule: dict[str, Any], asked: Asked, bound: Truth, period: Period) -> None:
        subject = key_of(self.world, asked.subject)
        each = tuple(eaches.told(self.world, v) for v in asked.each.values())
        check = Check(rule["id"], subject, each, period.label, NOT_APPLICABLE)
        if any(name in rule for name in WITH_BOUND) and not has_bound(rule):
            self.add_figure(rule, asked, bound, check)
            return
        self.checks[rule["id"]].append(check)
        if bound is False:
            return
        if "consecutive" in rule or "periods" in rule:
            self.judge_walk(rule, asked, bound, check)
        else:
            self.judge(rule, asked, bound, check, period)

    def add_figure(self, rule: dict[str, Any], asked: Asked, bound: Truth, check: Check) -> None:
        if bound is True and None not in candidates(asked, rule)[-1:] and "gap" not in rule:
            found = self.walked(rule, asked) if "when" in rule else found_by(asked, asked.subject, rule)
            self.figures.append(Figure(check.rule, check.subject, check.each, check.period, found))

    def judge(self, rule: dict[str, Any], asked: Asked, bound: Truth, check: Check, period: Period) -> None:
        if "gap" in rule:
            measured, verdict = Measured(PASS), measure_gap(asked, rule)
        else:
            measured = measure(asked, rule)
            verdict = under_exemptions(candidates(asked, rule), lambda spec: measure(asked, spec).verdict)
        check.verdict, check.level = with_being_bound(verdict, bound), measured.level
        if measured.interval is not None:
            check.certain, check.possible = measured.interval.least, measured.interval.most
        self.add_breaches(rule, asked, check, measured, period)

    # -- breaches

    def add_breaches(
        self, rule: dict[str, Any], asked: Asked, check: Check, measured: Measured, period: Period
    ) -> None:
        """A failing check is a breach, an unknown one a breach that may be."""
        if check.verdict not in (FAIL, UNSURE):
            return
        has_other_bound = any(isinstance(e.get("effect"), dict) for e in rule.get("unless", []))
        levels = [level for level in measured.reach if is_bad_level(level)]
        if not levels or (has_other_bound and len(levels) < len(measured.reach)):
            levels.append(None)  # by the ladder it passes: a breach of a bound that stands instead
        certain = check.verdict == FAIL and len(levels) == 1
        for level in levels:
            there = True if certain else UNKNOWN
            first, last = days_of_breach(rule, asked, period)
            self.add_breach(rule, asked, there, level, first, last, asked.window.last)

    def add_breach(
        self, rule: dict[str, Any], asked: Asked, certainly: Truth, level: str | None, first: Value, last: Value,
        reached_on: Value,
    ) -> None:  # fmt: skip
        if reached_on is AFTER or (isinstance(reached_on, date) and reached_on > self.world.as_of):
            return  # like an event later than as_of
        subject = asked.subject
        table = self.world.table(subject.table)
        each = [eaches.told(self.world, v) for v in asked.each.values()]
        parts = [
            key_of(self.world, subject),
            *(e or "" for e in each),
            first.isoformat() if isinstance(first, date) else "",
            level,
        ]
        breach = Record(f"breaches of {rule['id']}", {}, {}, {"key": "/".join(p for p in parts if p is not None)})
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
        self.breaches[rule["id"]].append((breach, certainly))

    # -- runs

    def walked(self, rule: dict[str, Any], asked: Asked) -> Walk:
        def is_bound(first: date, last: date) -> Truth:
            alive = alive_through(self.world, asked.subject, first, last)
            return all_of([alive, in_force(self.force(rule), first, last)])

        return walk(asked, rule, is_bound)

    def judge_walk(self, rule: dict[str, Any], asked: Asked, bound: Truth, check: Check) -> None:
        """The worst of its runs."""
        specs = candidates(asked, rule)
        asked = replace(asked, param_day=self.world.period[0])
        judged = [s for s in specs if s is not None and not ladder_of(asked, s).asks_for_none]
        if not judged:
            return
        specs = [s if s in judged else None for s in specs]
        walked = self.walked(rule, asked)
        if walked.is_empty and "consecutive" in rule:
            return
        check.verdict = PASS
        for run in runs_in(asked, rule, walked):
            verdict = under_exemptions(specs, partial(judged_run, asked, run))
            verdict = with_being_bound(verdict, bound)
            if verdict in (PASS, NOT_APPLICABLE):
                self.take(check, rule, asked, run, verdict)
                continue
            check.items.append((run.first, run.last, run.certain, run.possible, verdict, level_of(rule, asked, run)))
            surely = True if bound is True and len(specs) == 1 else UNKNOWN
            self.add_run_breaches(rule, asked, judged, run, verdict, surely)
        worst = sorted(check.items, key=lambda i: (WORST_FIRST.index(i[4]), -i[2], -(i[3] or 0), i[0]))
        if worst:
            _, _, check.certain, check.possible, check.verdict, check.level = worst[0]

    def take(self, check: Check, rule: dict[str, Any], asked: Asked, run: Run, verdict: str) -> None:
        """A number of periods is shown also where it is lawful."""
        if "periods" in rule:
            check.verdict, check.level = verdict, level_of(rule, asked, run)
            check.certain, check.possible = run.certain, run.possible

    def add_run_breaches(
        self, rule: dict[str, Any], asked: Asked, specs: list[dict[str, Any]], run: Run, verdict: str, surely: Truth
    ) -> None:
        """One breach for each level that the run reached, or may have reached."""
        lengths: dict[str | None, set[int]] = {}
        for spec in specs:
            for level, n in reached_in(spec, ladder_of(asked, spec), run).items():
                lengths.setdefault(level, set()).add(n)
        for level, ns in lengths.items():
            days = {day for n in ns for day in (days_of_reaching(run, n) if n else [asked.window.last])}
            day: Value = days.pop() if len(days) == 1 and (run.is_placed or ns == {0}) else UNKNOWN
            is_certain = surely is True and run.certain >= max(ns) and ("periods" not in rule or verdict == FAIL)
            self.add_breach(rule, asked, True if is_certain else UNKNOWN, level, run.first, run.last, day)


def judged_run(asked: Asked, run: Run, spec: dict[str, Any]) -> str:
    return judge_run(spec, ladder_of(asked, spec), run)


def level_of(rule: dict[str, Any], asked: Asked, run: Run) -> str | None:
    if "levels" not in rule:
        return None
    level = ladder_of(asked, rule).level(run.certain)
    return None if level is UNKNOWN else level


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


def figures(model: dict[str, Any], standard: dict[str, Any], records: Raw, **arguments: Any) -> list[Figure]:
    """What the rules without a bound found."""
    made = Audit(World(model, records, **arguments), standard)
    made.run()
    return made.figures


__all__ = ["Check", "Figure", "Interval", "audit", "figures"]


def days_of_breach(rule: dict[str, Any], asked: Asked, period: Any) -> tuple[Value, Value]:
    """Those of the window where the rule has one and no periods; a window without a first day has that of the period."""
    if "within" not in rule or "every" in rule:
        return period.first, period.last
    first = asked.window.first
    return (period.first if first is BEFORE else first), asked.window.last
