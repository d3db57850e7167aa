"""Whether a bound fits what is measured: a number its unit, a percentage a share, and both the range it can lie in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from math import inf

from orgaudit.errors import OrgauditError
from orgaudit.expressions import RANGES, FieldRef, Literal, Node, NumberRef, Operation
from orgaudit.periods import Duration
from orgaudit.recordmodel import RecordModel
from orgaudit.standards.ladder import counts_whole, reach, whole_reach
from orgaudit.standards.measures import (
    Bound,
    BoundValue,
    Count,
    Distinct,
    Gap,
    Measure,
    Ratio,
    Runs,
    Share,
    Total,
    ValueOf,
)
from orgaudit.standards.rules import Number, Parameter
from orgaudit.standards.values import fraction_of

NUMBERS = ("integer", "number")
#: the functions that count time, with what they count
_UNITS = {"days": "days", "working_days": "working days", "whole_months": "months", "whole_years": "years"}
_KEEPING = ("+", "-", "abs", "coalesce", "least", "greatest")


@dataclass(frozen=True)
class Found:
    """What a measure finds: its type (`number`, `date`, or the `time` of a gap), of time its unit, and its range."""

    type: str = "number"
    unit: str | None = None
    least: float = -inf
    most: float = inf
    whole: bool = False

    @property
    def is_share(self) -> bool:
        """Whether it is a part of a whole."""
        return not self.whole and (self.least, self.most) == (0, 1)


def found_by(measure: Measure, numbers: Mapping[str, Number], model: RecordModel) -> Found | None:
    """What a measure finds; None of one that could not be read."""
    if type(measure) is Measure:
        return None
    match measure:
        case Gap():
            return Found("time")
        case ValueOf() | Total():
            if measure.value.type == "date":
                return Found("date")
            if isinstance(measure, ValueOf) and isinstance(measure.value, NumberRef) and measure.value.name in numbers:
                return found_by(numbers[measure.value.name].measure, numbers, model) or Found()
            unit, (least, most) = unit_of(measure.value, numbers, model), _range_of(measure)
            return Found("number", unit, least, most, whole=counts_whole(measure))
        case Share():
            return Found("number", least=0, most=1)
        case Ratio():
            counted = all(isinstance(m, (Count, Distinct)) for m in (measure.part, measure.whole))
            return Found("number", least=0 if counted else -inf)
        case Distinct():
            return Found("number", least=0, most=_different(measure, model), whole=True)
        case Count() | Runs():
            return Found("number", least=0, whole=True)
    return Found()


def most_found(measure: Measure, numbers: Mapping[str, Number], model: RecordModel) -> float:
    """The greatest number that a measure can find; inf where there is none."""
    found = found_by(measure, numbers, model)
    return inf if found is None else found.most


def _range_of(measure: ValueOf | Total) -> tuple[float, float]:
    """Between which numbers a value lies: parts of dates, and lengths of texts; a sum of them has no end."""
    operator = getattr(measure.value, "operator", "")
    if operator == "length":
        return 0, inf
    of_sum = isinstance(measure, Total) and measure.kind == "sum"
    return (-inf, inf) if of_sum else RANGES.get(operator, (-inf, inf))


def _different(measure: Distinct, model: RecordModel) -> float:
    """How many different values there can be: the categories of a field, the two truths; else no end."""
    if measure.value.type == "boolean":
        return 2
    if isinstance(measure.value, Operation) and measure.value.operator in RANGES:
        return RANGES[measure.value.operator][1]
    if isinstance(measure.value, FieldRef):
        field = model.tables[measure.value.table].by_name[measure.value.name]
        return len(field.categories) or inf
    return inf


def unit_of(node: Node, numbers: Mapping[str, Number], model: RecordModel) -> str | None:
    """The unit of an expression that counts time; None of one that is a plain number, or of several units."""
    if isinstance(node, NumberRef) and node.name in numbers:
        found = found_by(numbers[node.name].measure, numbers, model)
        return found.unit if found is not None else None
    if not isinstance(node, Operation):
        return None
    if node.operator in _UNITS:
        return _UNITS[node.operator]
    if node.operator in _KEEPING:
        units = {unit_of(arg, numbers, model) for arg in node.args if not isinstance(arg, Literal)}
        return units.pop() if len(units) == 1 else None
    return None


def fitted(value: BoundValue, kind: str, written: str, found: Found, parameter: Parameter | None) -> BoundValue:
    """A bound's value as it is compared with what is found; raises OrgauditError where the two do not go together."""
    if isinstance(value.node, Literal) and kind in NUMBERS:
        value = BoundValue(number=value.node.value)  # type: ignore[arg-type]  # of such a kind
    told = {"value": written}
    if kind == "duration":
        return value if found.type == "time" else _in_numbers(value, found, told)
    if found.type == "time" and kind in NUMBERS:
        if value.node is None:
            raise OrgauditError("bound-without-unit", told)
        return value  # an expression is a number of days
    if found.type == "number" and kind == "ratio" and found.whole:
        raise OrgauditError("bound-of-whole", told)
    if kind not in {"number": (*NUMBERS, "ratio"), "date": ("date",)}.get(found.type, ()):
        raise OrgauditError("wrong-bound", told | {"expected": found.type, "type": kind})
    if found.is_share and kind == "integer" and value.node is not None:
        raise OrgauditError("bound-outside-share", told)
    for number in _numbers(value, parameter):
        _refuse_outside(number, found, told)
    return value


def _in_numbers(value: BoundValue, found: Found, told: Mapping[str, object]) -> BoundValue:
    """A duration where a number is found: the number of its units, where that is what is counted."""
    time = value.duration
    if value.parameter is not None or time is None:
        raise OrgauditError("bound-parameter-of-time", told)
    if found.unit is None or found.type != "number":
        raise OrgauditError("bound-of-time", {**told, "count": time.count, "expected": found.type})
    if found.unit == "years" and time.unit == "months" and time.count % 12 == 0:
        time = Duration(time.count // 12, "years")
    if time.unit != found.unit:
        raise OrgauditError("bound-of-other-unit", {**told, "unit": {"en": found.unit, "zh": _ZH[found.unit]}})
    return replace(value, duration=None, number=time.count)


_ZH = {"days": "天", "working days": "工作日", "months": "月", "years": "年"}


def _numbers(value: BoundValue, parameter: Parameter | None) -> Iterator[Fraction]:
    """The numbers that a bound's value may be, as far as they are written."""
    if value.number is not None:
        yield Fraction(value.number) / value.over
    for _, written in parameter.values if parameter is not None else ():
        part = fraction_of(str(written))
        if part is not None:
            yield part
        elif isinstance(written, (int, float)):
            yield Fraction(written)


def refuse_values(values: Iterable[object], written: str, found: Found) -> None:
    """Raises OrgauditError for a value of `each` as a bound that cannot be found."""
    for number in (v for v in values if found.type == "number" and isinstance(v, (int, float))):
        _refuse_outside(Fraction(number), found, {"value": f"{number} ({written})"})


def _refuse_outside(number: Fraction, found: Found, told: Mapping[str, object]) -> None:
    if found.least <= number and (number <= found.most or found.whole):
        return
    code = "bound-outside-share" if found.is_share else "bound-below-none"
    raise OrgauditError(code, {**told, "least": found.least})


def refuse_empty(bound: Bound, found: Found, parameters: Mapping[str, Parameter]) -> None:
    """Raises OrgauditError where nothing that can be found keeps a bound, on any day."""
    for on_a_day in _on_each_day(bound, parameters):
        _refuse_empty(on_a_day, found)


def _on_each_day(bound: Bound, parameters: Mapping[str, Parameter]) -> Iterator[Bound]:
    """The bound with the numbers that its parameters have, on every day on which one of them changes."""
    held = [parameters[v.parameter] for v in bound.values if v.parameter is not None]
    for day in sorted({day for parameter in held for day, _ in parameter.values}) or [date.min]:
        yield bound_on(bound, day, parameters)


def bound_on(bound: Bound, day: date, parameters: Mapping[str, Parameter]) -> Bound:
    """The bound with the numbers that its parameters have on a day."""
    return replace(bound, values=tuple(_value_on(v, day, parameters) for v in bound.values))


def _value_on(value: BoundValue, day: date, parameters: Mapping[str, Parameter]) -> BoundValue:
    if value.parameter is None:
        return value
    dated = parameters[value.parameter].values
    now = next((v for d, v in reversed(dated) if d <= day), dated[0][1])
    part = fraction_of(str(now))
    number = part if part is not None else Fraction(now) if isinstance(now, (int, float)) else None
    if number is None:
        return value
    return BoundValue(number=number.numerator, over=number.denominator, text=str(now))


def _refuse_empty(bound: Bound, found: Found) -> None:
    if bound.kind == "less_than" and bound.values[0].duration is not None and bound.values[0].duration.count == 0:
        raise OrgauditError("bound-empty", {"kind": bound.kind, "value": str(bound.values[0])})
    ends = None if found.type == "time" else reach(bound)
    if ends is None:
        return
    first, last = max(ends[0], (found.least, 0)), min(ends[1], (found.most, 0))
    if found.whole:
        first, last = whole_reach(first, last)
    if first > last:
        raise OrgauditError(
            "bound-empty", {"kind": bound.kind, "value": " – ".join(v.text or str(v) for v in bound.values)}
        )
