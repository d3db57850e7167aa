"""What a rule that was read may show that its author did not mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from orgaudit.errors import OrgauditError
from orgaudit.expressions import Group, Node
from orgaudit.expressions.tree import Literal, Operation, Parameter, Recorded
from orgaudit.standards import (
    Bound,
    Count,
    Distinct,
    Exemption,
    Measure,
    Require,
    Rule,
    Season,
    Standard,
    Test,
)
from orgaudit.standards.fitting import bound_on, most_found
from orgaudit.standards.ladder import counts_whole, level_errors

_BOUND_OF = {">=": "at_least", "<=": "at_most", ">": "more_than", "<": "less_than", "=": "exactly"}
_TURNED = {">=": "<=", "<=": ">=", ">": "<", "<": ">", "=": "="}
_NUMBERS = ("integer", "number", "date", "duration", "ratio")


def always_holds(exemption: Exemption) -> bool:
    """Whether an exemption holds whatever the records say."""
    if isinstance(exemption.during, Season):
        return exemption.during.first == (1, 1) and exemption.during.last == (12, 31)
    when = exemption.when
    if isinstance(when, Test):
        is_count = isinstance(when.measure, (Count, Distinct))
        least = when.bound.values[0].number
        return is_count and when.bound.kind == "at_least" and least is not None and least <= 0
    return when is not None and _is_always(when)


def _is_always(node: Node) -> bool:
    if isinstance(node, Literal):
        return node.value is True
    if not isinstance(node, Operation):
        return False
    if node.operator == "and":
        return all(map(_is_always, node.args))
    if node.operator == "or":
        return any(map(_is_always, node.args)) or any(_denies(a, b) for a in node.args for b in node.args)
    if all(isinstance(a, Literal) for a in node.args) and len(node.args) == 2:
        one, other = (a.value for a in node.args if isinstance(a, Literal))
        return bool(node.operator == "=" and one == other) or bool(node.operator == "<>" and one != other)
    return False


def _denies(one: Node, other: Node) -> bool:
    """`x is recorded` and `x is not recorded`; a condition and `not` of it where both are of what is recorded."""
    return isinstance(one, Recorded) and other == Operation("boolean", operator="not", args=(one,))


def unlawful(bound: Bound) -> bool:
    """Whether a bound asks for something, where the rule says that it must not be."""
    number = bound.values[0].number
    if bound.kind in ("at_least", "more_than"):
        return True
    return bound.kind == "exactly" and number != 0


def value_of_require(measure: Measure) -> str | None:
    """The bound that a `require` of one comparison with a constant comes to, as `at_least`; None where it is not one."""
    if not isinstance(measure, Require) or not isinstance(measure.condition, Operation):
        return None
    operator, args = measure.condition.operator, measure.condition.args
    if operator not in _BOUND_OF or len(args) != 2 or args[0].type not in _NUMBERS:
        return None
    constant = [isinstance(a, (Literal, Parameter)) for a in args]
    if constant == [False, True]:
        return _BOUND_OF[operator]
    return _BOUND_OF[_TURNED[operator]] if constant == [True, False] else None


def same_question(rule: Rule) -> str | None:
    """What a rule asks, without how much: rules with the same question may bind one subject differently."""
    if rule.bound is None and not rule.levels:
        return None
    asked = (rule.subject, rule.each, rule.every, rule.step, rule.alive, rule.window, rule.measure)
    return repr([_without_text(part) for part in asked])


def _without_text(part: Any) -> Any:
    return replace(part, text="") if isinstance(part, Group) else part


def levels_by_date(rule: Rule, standard: Standard) -> Iterator[tuple[int, date, OrgauditError]]:
    """(level, day, error) where levels whose bounds are parameters overlap, leave a hole or do not ascend, from a day on."""
    names = {v.parameter for level in rule.levels for v in level.bound.values if v.parameter}
    days = sorted({day for name in names for day, _ in standard.parameters[name].values})
    most = most_found(rule.measure, standard.numbers, standard.model)
    for day in days:
        levels = [replace(level, bound=bound_on(level.bound, day, standard.parameters)) for level in rule.levels]
        for i, error in level_errors(levels, most, whole=counts_whole(rule.measure)):
            yield i, day, error
