"""What a measure finds: an interval of all it may come to, a value, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from . import expressions
from .asked import Asked
from .groups import Members, is_counted_as_state, members_of, texts_of
from .rows import Record
from .values import NONE, UNKNOWN, Interval, Truth, Value, all_of, compare_known, exact, is_blank, plus

FOUND_IN_GROUPS = ("count", "distinct", "sum", "min", "max", "share", "ratio")
WITH_BOUND = (*FOUND_IN_GROUPS, "value", "gap", "consecutive", "periods")


def measure_named(spec: dict[str, Any]) -> str:
    return next(name for name in (*FOUND_IN_GROUPS, "value") if name in spec)


def found_by(asked: Asked, start: Record, spec: dict[str, Any]) -> Value:
    """An Interval, or a value, or NONE where it certainly finds nothing."""
    name = measure_named(spec)
    if name == "value":
        return expressions.value(spec["value"], asked.scope(start, start.table))
    measures: dict[str, Callable[[Asked, Record, Any], Value]] = {
        "count": count, "distinct": distinct, "sum": total, "share": share, "ratio": ratio,
        "min": lambda *args: extreme(*args, sign="<"), "max": lambda *args: extreme(*args, sign=">"),
    }  # fmt: skip
    return measures[name](asked, start, spec[name])


def defined(asked: Asked, record: Record, spec: dict[str, Any], table: str) -> Value:
    """A defined number or truth of a record, in the window of the rule that uses it."""
    asked = replace(asked, event=None)
    if "require" in spec:
        return asked.truth(spec["require"], record, table)
    return found_by(asked, record, spec)


def groups_of(spec: dict[str, Any]) -> list[str]:
    """Every group that a measure looks at, in the order in which they are written."""
    if "ratio" in spec:
        return groups_of(spec["ratio"]["of"]) + groups_of(spec["ratio"]["to"])
    if "share" in spec:
        return texts_of(spec["share"]["of"])
    if "count" in spec:
        return texts_of(spec["count"])
    return [split_of(spec[name])[1] for name in ("distinct", "sum", "min", "max") if name in spec]


def counts_states(asked: Asked, start: Record, spec: dict[str, Any]) -> bool:
    return any(is_counted_as_state(asked, start, text) for text in groups_of(spec))


# ---------------------------------------------------------------------------------------------- counting


def count(asked: Asked, start: Record, groups: Any) -> Interval:
    """How many: certainly those that are true, possibly those that are not false."""
    members = members_of(asked, start, groups)
    certain = len(members.certain)
    return Interval(certain, None if members.incomplete else certain + len(members.possible) + members.unknown)


def split_of(text: str) -> tuple[str, str]:
    """EXPR and GROUP of `EXPR of GROUP`: the first ` of ` outside quotes splits."""
    quoted = False
    for i, c in enumerate(text):
        quoted = quoted != (c == "'")
        if not quoted and text[i : i + 4] == " of ":
            return text[:i].strip(), text[i + 4 :].strip()
    raise SyntaxError(f"no ` of ` in {text!r}")


@dataclass
class Valued:
    """The values of a group's records: of those that certainly belong, and of those that may."""

    certain: list[Value]
    possible: list[Value]
    members: Members
    expression: str
    there: bool  # one that certainly belongs certainly has a value

    @property
    def all(self) -> list[Value]:
        return self.certain + self.possible


def values_of(asked: Asked, start: Record, text: str) -> Valued:
    """Values that are none, open or not yet are left out."""
    expression, group = split_of(text)
    members = members_of(asked, start, group)

    def values(records: list[Record]) -> list[tuple[Record, Value]]:
        found = [(r, expressions.value(expression, asked.scope(r, members.table))) for r in records]
        return [(r, x) for r, x in found if not is_blank(x)]

    certain, possible = values(members.certain), values(members.possible)
    table = asked.world.tables[members.table]
    key = table.key(expression)  # a reference is as certain to be there as its cell
    spec = table.fields.get(key.column if key is not None and len(key.columns) == 1 else expression)
    there = any(x is not UNKNOWN or has_value(r, expression, spec) for r, x in certain)
    behind = [UNKNOWN] * members.unknown  # records behind unknown references: nothing is known of them
    return Valued([x for _, x in certain], [x for _, x in possible] + behind, members, expression, there)


def has_value(record: Record, name: str, spec: dict[str, Any] | None) -> bool:
    """Whether a value that is unknown is certainly not none: that of a plain field whose blank is not none."""
    return spec is not None and spec.get("blank") != "none"


def known(values: list[Value]) -> list[Value]:
    return [x for x in values if x is not UNKNOWN]


def distinct(asked: Asked, start: Record, text: str) -> Interval:
    values = values_of(asked, start, text)
    least = max(len(set(known(values.certain))), 1 if values.there else 0)
    most = len(set(known(values.all))) + values.all.count(UNKNOWN)
    return Interval(least, None if values.members.incomplete else most)


def total(asked: Asked, start: Record, text: str) -> Interval:
    values = values_of(asked, start, text)
    field = asked.world.tables[values.members.table].fields.get(values.expression)  # only of a plain field
    low, high = constraints(field)
    least: Value = 0
    most: Value = 0
    for x in values.certain:
        least = plus(least, low if x is UNKNOWN else x)
        most = plus(most, high if x is UNKNOWN else x)
    for x in values.possible:
        least = plus(least, capped(low if x is UNKNOWN else x, min))
        most = plus(most, capped(high if x is UNKNOWN else x, max))
    if values.members.incomplete:
        least, most = (least if low is not None and low >= 0 else None), None
    return Interval(least, most, whole=False)


def constraints(field: dict[str, Any] | None) -> tuple[Value, Value]:
    given = (field or {}).get("constraints") or {}
    low, high = (exact(given[name]) if name in given else None for name in ("minimum", "maximum"))
    return low, high


def capped(x: Value, pick: Callable[[Value, Value], Value]) -> Value:
    return None if x is None else pick(0, exact(x))


def extreme(asked: Asked, start: Record, text: str, *, sign: str) -> Value:
    """The least or the greatest value: `sign` says which of two is the better one."""
    values = values_of(asked, start, text)
    is_open = values.members.incomplete
    if not values.all and not is_open:
        return NONE
    nothing: Truth = False if values.there else UNKNOWN
    known_certain = known(values.certain)
    if values.certain:
        inner = best(known_certain, sign) if known_certain else None
    else:  # if there is anything, then at least the worst of what may be there
        no_end = is_open or UNKNOWN in values.possible
        inner = None if no_end else best(values.possible, "<" if sign == ">" else ">")
    outer = None if is_open or UNKNOWN in values.all else best(values.all, sign)
    least, most = (outer, inner) if sign == "<" else (inner, outer)
    return Interval(least, most, nothing, whole=False)


def best(values: list[Value], sign: str) -> Value:
    found = values[0]
    for x in values[1:]:
        if compare_known(sign, x, found):
            found = x
    return found


# ------------------------------------------------------------------------------------------ parts of a whole


def share(asked: Asked, start: Record, spec: dict[str, Any]) -> Value:
    members = members_of(asked, start, spec["of"])
    classes = {(belongs, truth): 0 for belongs in "tu" for truth in "tuf"}
    for record, belongs in members.records:
        if belongs is not False:
            truth = asked.truth(spec["where"], record, members.table)
            classes[letter(belongs), letter(truth)] += 1
    classes["u", "u"] += members.unknown  # behind unknown references
    nothing: Truth = False if any(n for (belongs, _), n in classes.items() if belongs == "t") else UNKNOWN
    if members.incomplete:
        return Interval(Fraction(0), Fraction(1), nothing, whole=False)
    if not any(classes.values()):
        return NONE
    return Interval(least_share(classes), most_share(classes), nothing, whole=False)


def letter(truth: Truth) -> str:
    return "u" if truth is UNKNOWN else "t" if truth else "f"


Classes = dict[tuple[str, str], int]


def least_share(n: Classes) -> Fraction:
    whole = n["t", "t"] + n["t", "u"] + n["t", "f"] + n["u", "u"] + n["u", "f"]
    return Fraction(n["t", "t"], whole) if whole else Fraction(1)


def most_share(n: Classes) -> Fraction:
    part = n["t", "t"] + n["t", "u"] + n["u", "t"] + n["u", "u"]
    whole = part + n["t", "f"]
    return Fraction(part, whole) if whole else Fraction(0)


def ratio(asked: Asked, start: Record, spec: dict[str, Any]) -> Value:
    of, to = found_by(asked, start, spec["of"]), found_by(asked, start, spec["to"])
    if to.most is not None and to.most <= 0:
        return NONE
    is_sum = "sum" in spec["to"]
    low = to.least
    nothing: Truth = UNKNOWN if low is None or low <= 0 else False
    if low is None or low < 0:
        return Interval(None, None, UNKNOWN, whole=False)
    if low == 0:
        low = None if is_sum else 1  # None: as near to nothing as you like
    return Interval(least_ratio(of.least, low, to.most), most_ratio(of.most, low, to.most), nothing, whole=False)


def least_ratio(a: Value, low: Value, high: Value) -> Value:
    """The least end, divided by what makes it least: the greatest divisor, or the least if it is negative."""
    if a is None:
        return None
    if a < 0:
        return None if low is None or high is None else divided(a, low)
    return Fraction(0) if high is None else divided(a, high)


def most_ratio(b: Value, low: Value, high: Value) -> Value:
    if b is None:
        return None
    if b < 0:
        return Fraction(0) if high is None else divided(b, high)
    return None if low is None else divided(b, low)


def divided(a: Value, by: Value) -> Fraction:
    return Fraction(exact(a)) / Fraction(exact(by))


def truth_of_found(meets: Truth, found: Value) -> Truth:
    """A test of nothing does not hold; of what may be nothing it does not certainly hold."""
    if found is NONE:
        return False
    may_be_nothing = isinstance(found, Interval) and found.nothing is UNKNOWN
    return all_of([meets, UNKNOWN if may_be_nothing else True])
