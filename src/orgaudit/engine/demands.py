"""What a rule really asked of each subject: the bound that was applied, with its parameters, and its window."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from math import inf
from typing import Any

from orgaudit import sql as q
from orgaudit.engine.context import Context
from orgaudit.engine.info import rule_info
from orgaudit.engine.measures import Place
from orgaudit.engine.strictness import Asked, Reach
from orgaudit.findings import Demand
from orgaudit.periods import Duration, parse_duration
from orgaudit.standards import Bound, BoundValue, Count, Distinct, Done, Gap, Measure, Rule, Runs, Share, Total, Window
from orgaudit.standards.ladder import counts_whole, reach, whole_reach

#: the row of a check, by the names of its columns
Row = Mapping[str, Any]
Number = int | float


def value_columns(place: Place, rule: Rule) -> dict[str, q.Sql]:
    """The values of all bounds that a rule may apply, where they are no plain numbers: two ends, and what divides them."""
    found: dict[str, q.Sql] = {}
    if isinstance(rule.measure, (Gap, Runs)):  # the same for every check
        return found
    for name, value in _values(rule):
        if value.parameter is None and value.node is None:
            continue
        said = place.context.bound_value(value, place.frame.day, place.speak)
        over = said.under_least if said.under_least is not None else q.lit(1)
        found |= {f"{name} least": said.least, f"{name} most": said.most, f"{name} over": over}
    return found


def _values(rule: Rule) -> Iterator[tuple[str, BoundValue]]:
    for i, bound in enumerate(_bounds(rule)):
        yield from ((f"b{i}.{j}", value) for j, value in enumerate(bound.values))


def _bounds(rule: Rule) -> list[Bound]:
    """A rule's own bound or those of its levels, then those that exemptions put in its place."""
    own = [rule.bound] if rule.bound is not None else [level.bound for level in rule.levels]
    return own + [e.effect for e in rule.exemptions if isinstance(e.effect, Bound)]


class Asking:
    """One rule, asked what it applied to the check of a row."""

    def __init__(self, context: Context, rule: Rule) -> None:
        self.context, self.rule = context, rule
        self.info = rule_info(context, rule)
        self.bounds = _bounds(rule)

    def asked(self, row: Row) -> Asked:
        """What can be compared."""
        rule, measure = self.rule, self.rule.measure
        in_time = isinstance(measure, (Count, Distinct)) and self._of_events(measure.groups)
        return Asked(
            of=_of(measure, self._unit()),
            lawful=self._lawful(row),
            every=rule.every,
            step=rule.step,
            first=row["first"],
            last=row["last"],
            moved=rule.window is not None,
            grows=in_time,
            adds_up=(in_time and isinstance(measure, Count)) or (isinstance(measure, Total) and measure.kind == "sum"),
            act=isinstance(measure, Done),
        )

    def demand(self, row: Row) -> Demand:
        """What can be told."""
        rule, run = self.rule, self.rule.measure
        of_run = (run.over if isinstance(run.over, str) else "event") if isinstance(run, Runs) else None
        within = self._window(rule.window) if rule.window is not None else None
        return Demand(self.info, self._bound(row), rule.every, of_run, within)

    # -- bounds

    def _chosen(self, row: Row) -> list[int]:
        """Which of the bounds stands: that of the exemption that holds, else the rule's own (or those of its levels)."""
        instead = [e.id for e in self.rule.exemptions if isinstance(e.effect, Bound)]
        own = len(self.bounds) - len(instead)
        excuse = row.get("excuse")
        if excuse in instead and not isinstance(self.rule.measure, Gap):  # a gap has its own, each
            return [own + instead.index(str(excuse))]
        return list(range(own))

    def _numbers(self, row: Row, i: int) -> list[Number | date | None]:
        return [self._number(row, f"b{i}.{j}", value) for j, value in enumerate(self.bounds[i].values)]

    def _number(self, row: Row, name: str, value: BoundValue) -> Number | date | None:
        if value.duration is not None:
            return value.duration.count
        if isinstance(self.rule.measure, Gap) and value.parameter is not None:
            return self._held(value).count
        if f"{name} least" not in row:
            return _plain(self.context.bound_number(value))
        least, most, over = (row[f"{name} {end}"] for end in ("least", "most", "over"))
        if least is None or least != most or isinstance(least, date):
            return least if least == most else None
        return _plain(Fraction(str(least)) / Fraction(str(over or 1)))

    def _held(self, value: BoundValue) -> Duration:
        found = value.duration or parse_duration(
            str(self.context.in_force(self.context.standard.parameters[str(value.parameter)]))
        )
        assert found is not None  # the loader admits only durations here
        return found

    def _unit(self) -> str:
        return self._held(self.bounds[0].values[0]).unit if isinstance(self.rule.measure, Gap) and self.bounds else ""

    def _reach(self, row: Row, i: int) -> Reach | None:
        numbers = [n.toordinal() if isinstance(n, date) else n for n in self._numbers(row, i)]
        if any(n is None for n in numbers):
            return None
        found = reach(Bound(self.bounds[i].kind, tuple(BoundValue(number=n) for n in numbers)))
        return whole_reach(*found) if found is not None and counts_whole(self.rule.measure) else found

    def _lawful(self, row: Row) -> tuple[Reach, ...] | None:
        chosen = self._chosen(row)
        found = [self._reach(row, i) for i in chosen]
        if not found or any(r is None for r in found):
            return None
        reaches = [r for r in found if r is not None]
        return tuple(reaches) if len(chosen) == 1 and not self._is_ladder(chosen) else self._beside(reaches)

    def _is_ladder(self, chosen: Sequence[int]) -> bool:
        return bool(self.rule.levels) and chosen[0] < len(self.rule.levels)

    def _beside(self, reaches: Sequence[Reach]) -> tuple[Reach, ...]:
        """What passes on a ladder: below its first level, on those named `ok`, and above its last."""
        (low, side), (high, end) = reaches[0][0], reaches[-1][1]
        below, above = ((-inf, 0), (low, side - 1)), ((high, end + 1), (inf, 0))
        ok = [r for r, level in zip(reaches, self.rule.levels, strict=True) if level.name == "ok"]
        found = [*([below] if low > -inf else []), *ok, *([above] if high < inf else [])]
        return tuple(whole_reach(*r) for r in found) if counts_whole(self.rule.measure) else tuple(found)

    # -- words

    def _bound(self, row: Row) -> dict[str, object]:
        chosen = self._chosen(row)
        if not chosen:
            return dict(self.info.expected)
        if self._is_ladder(chosen):
            return _of_reaches(self._lawful(row)) or dict(self.info.expected)
        bound, numbers = self.bounds[chosen[0]], self._numbers(row, chosen[0])
        said = [self._said(v, n) for v, n in zip(bound.values, numbers, strict=True)]
        return {bound.kind: said if len(said) > 1 else said[0]}

    def _said(self, value: BoundValue, number: Number | date | None) -> object:
        if isinstance(self.rule.measure, Gap):
            return str(self._held(value))
        if number is None or (value.text and value.node is None):
            return value.text
        if isinstance(self.rule.measure, Share) and not isinstance(number, date):
            return f"{100 * number:g}%"
        return number.isoformat() if isinstance(number, date) else number

    def _window(self, window: Window) -> str:
        if window.duration is None:
            return "own"
        said = [str(d) for _, d in self.context.durations(window.duration)]
        return said[0] if len(said) == 1 else "own"

    def _of_events(self, groups: Sequence[Any]) -> bool:
        tables = self.context.model.tables
        return all((tables[g.table].kind == "event" or g.dated) and not g.ever for g in groups)


def _of(measure: Measure, unit: str) -> str:
    """What a number is a number of."""
    match measure:
        case Count() | Distinct():
            return "number"
        case Total(kind=kind):
            return kind
        case Runs(in_a_row=in_a_row, over=over):
            return f"run {in_a_row} {over if isinstance(over, str) else over.table}"
    return f"{type(measure).__name__} {unit}"


def _of_reaches(reaches: tuple[Reach, ...] | None) -> dict[str, object]:
    """One stretch of lawful values as a bound; nothing where there are several, or none."""
    if reaches is None or len(reaches) != 1:
        return {}
    (low, side), (high, end) = reaches[0]
    if low == -inf:
        return {"less_than" if end < 0 else "at_most": _number(high)}
    if high == inf:
        return {"more_than" if side > 0 else "at_least": _number(low)}
    return {"between": [_number(low), _number(high)]}


def _number(value: float) -> Number:
    return int(value) if value == int(value) else value


def _plain(number: Fraction) -> Number:
    return int(number) if number.denominator == 1 else float(number)
