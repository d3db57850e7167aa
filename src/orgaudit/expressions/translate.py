"""Checked trees to three-valued SQL over rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from orgaudit import sql as q
from orgaudit.expressions.functions import FUNCTIONS, WEEKDAYS
from orgaudit.expressions.intervals import Interval, arithmetic, compare, point, truth
from orgaudit.expressions.rows import ROW, Row, Value
from orgaudit.expressions.tree import (
    EachRef,
    Exists,
    FieldRef,
    Group,
    InGroup,
    Literal,
    Node,
    NumberRef,
    Operation,
    Parameter,
    Recorded,
    Special,
    asks_number,
)
from orgaudit.periods import NO_END, SINCE_EVER

_COMPARISONS = {"=", "<>", "<", "<=", ">", ">="}
_ARITHMETIC = {"+", "-", "*"}
_MOVES = {"add_days", "add_months", "add_years"}


@dataclass(frozen=True)
class Meanings:
    """What the names of an expression stand for in the select it goes into."""

    rows: Mapping[str, Row]
    groups: Mapping[str, Group] = field(default_factory=dict)
    specials: Mapping[str, q.Sql] = field(default_factory=dict)
    each: Mapping[str, q.Sql] = field(default_factory=dict)
    parameter: Callable[[str], list[q.Sql]] = lambda _: []
    number: Callable[[str, Row], Interval] | None = None
    exists: Callable[[Exists, Row], q.Sql] | None = None
    functions: Mapping[str, str] = field(default_factory=dict)

    def at(self, row: Row) -> Meanings:
        """The same with another row at hand."""
        return replace(self, rows={**self.rows, "": row})


def to_truth(node: Node, meanings: Meanings) -> q.Sql:
    """A condition as SQL that is true, false or NULL (unknown)."""
    match node:
        case Operation(operator="and", args=args):
            return q.and_(to_truth(a, meanings) for a in args)
        case Operation(operator="or", args=args):
            return q.or_(to_truth(a, meanings) for a in args)
        case Operation(operator="not", args=(inner,)):
            return q.not_(to_truth(inner, meanings))
        case Operation(operator=operator, args=(left, right)) if operator in _COMPARISONS:
            return _compare(operator, left, right, meanings)
        case Operation(operator="between", args=(inner, low, high)):
            return _between(inner, low, high, meanings)
        case Operation(operator="in", args=(inner, *items)):
            return _in_list(inner, items, meanings)
        case Recorded(ref=ref) if ref is not None:
            return meanings.rows[ref.row].along(ref.hops).recorded(ref.name)
        case InGroup():
            row = meanings.rows[node.row].along(node.hops)
            return in_group(node.group, row, meanings)
        case Exists() if meanings.exists is not None:
            return meanings.exists(node, meanings.rows[""])
        case NumberRef():
            found = to_interval(node, meanings)
            return q.case([(found.none, q.FALSE)], found.least)
    value = to_value(node, meanings)
    return q.case([(value.none, q.FALSE)], value.sql)


def in_group(name: str, row: Row, meanings: Meanings) -> q.Sql:
    """Whether a row belongs to a defined group; where there certainly is no row, it does not."""
    return q.case([(row.none, q.FALSE)], group_condition(meanings.groups[name], row, meanings))


def group_condition(group: Group, row: Row, meanings: Meanings) -> q.Sql:
    """The `in` and `where` of a group, asked of a row of its table."""
    parts = [in_group(group.within, row, meanings)] if group.within else []
    if group.where is not None:
        parts.append(to_truth(group.where, meanings.at(row)))
    # a row that was not found is unknown, also where the group has no condition of its own
    found = q.TRUE if row.is_there else q.case([(q.is_null(row.raw(ROW)), q.UNKNOWN)], q.TRUE)
    return q.and_([found, *parts])


def to_value(node: Node, meanings: Meanings) -> Value:
    """A value as SQL, with what is certainly none and certainly blank."""
    match node:
        case Literal(value=value):
            return Value(q.lit(value))
        case FieldRef():
            return meanings.rows[node.row].along(node.hops).value(node.name)
        case Special(name=name):
            return Value(meanings.specials[name])
        case EachRef(name=name):
            return Value(meanings.each[name])
        case Parameter(name=name):
            return Value(meanings.parameter(name)[0])
        case Operation(operator="case", args=args):
            return _case(args, meanings)
        case Operation(operator=operator, args=args) if operator in _ARITHMETIC:
            left, right = (to_value(a, meanings) for a in args)
            return _function([left, right], q.op(left.sql, operator, right.sql))
        case Operation(operator=operator, args=args) if operator in FUNCTIONS:
            return _call(operator, args, meanings)
    return Value(to_truth(node, meanings))


def to_interval(node: Node, meanings: Meanings) -> Interval:
    """A value that may hold defined numbers: each is an interval, taken independently of the others."""
    match node:
        case NumberRef() if meanings.number is not None:
            row = meanings.rows[node.row].along(node.hops)
            found = meanings.number(node.name, row)
            return replace(found, none=q.or_([found.none, row.none]))
        case Operation(operator=operator, args=(left, right)) if operator in _ARITHMETIC and asks_number(node):
            return arithmetic(operator, to_interval(left, meanings), to_interval(right, meanings))
    value = to_value(node, meanings)
    return point(value.sql, value.none)


def _compare(operator: str, left: Node, right: Node, meanings: Meanings) -> q.Sql:
    if asks_number(left) or asks_number(right):
        return _compare_intervals(operator, to_interval(left, meanings), to_interval(right, meanings))
    a, b = to_value(left, meanings), to_value(right, meanings)
    return q.case([(q.or_([a.none, b.none]), q.lit(operator == "<>"))], q.op(a.sql, operator, b.sql))


def _compare_intervals(operator: str, a: Interval, b: Interval) -> q.Sql:
    """Nothing equals nothing; where there may be nothing, the comparison is known only if that makes no difference."""
    at_none, maybe = q.lit(operator == "<>"), q.or_([a.maybe_none, b.maybe_none])
    result = truth(*compare(operator, a, b))
    if maybe is not q.FALSE:
        agrees = q.case([(q.op(result, "=", at_none), at_none)], q.UNKNOWN)
        result = q.case([(maybe, agrees)], result)
    return q.case([(q.or_([a.none, b.none]), at_none)], result)


def _between(value: Node, low: Node, high: Node, meanings: Meanings) -> q.Sql:
    return q.and_([_compare(">=", value, low, meanings), _compare("<=", value, high, meanings)])


def _in_list(value: Node, items: list[Node], meanings: Meanings) -> q.Sql:
    if len(items) == 1 and isinstance(items[0], Parameter):
        listed = meanings.parameter(items[0].name)
    else:
        listed = [to_value(i, meanings).sql for i in items]
    asked = to_value(value, meanings)
    return q.case([(asked.none, q.FALSE)], q.isin(asked.sql, listed))


def _case(args: tuple[Node, ...], meanings: Meanings) -> Value:
    result = to_value(args[-1], meanings)
    for condition, value in reversed(list(zip(args[:-1:2], args[1:-1:2], strict=True))):
        result = _either(to_truth(condition, meanings), to_value(value, meanings), result)
    return result


def _either(condition: q.Sql, then: Value, otherwise: Value) -> Value:
    """One value or the other; unknown where it is open which, unless they agree."""
    is_open = q.is_null(condition)
    is_same = q.is_true(q.op(then.sql, "=", otherwise.sql))
    return Value(
        q.case([(condition, then.sql), (q.and_([is_open, q.not_(is_same)]), q.NULL)], otherwise.sql),
        _flag(condition, then.none, otherwise.none),
        _flag(condition, then.blank, otherwise.blank),
    )


def _flag(condition: q.Sql, then: q.Sql, otherwise: q.Sql) -> q.Sql:
    """Whether it is certain of the one or of the other, whichever it is."""
    if then is q.FALSE and otherwise is q.FALSE:
        return q.FALSE
    return q.case([(condition, then), (q.and_([q.is_null(condition), q.not_(then)]), q.FALSE)], otherwise)


def _function(args: list[Value], result: q.Sql) -> Value:
    return Value(result, q.or_(a.none for a in args), q.or_(a.blank for a in args))


def _call(name: str, nodes: tuple[Node, ...], meanings: Meanings) -> Value:
    args = [to_value(n, meanings) for n in nodes]
    if name == "coalesce":
        return _coalesce(args)
    if name in ("least", "greatest"):
        return _extreme(name, args)
    trees = [a.sql for a in args]
    if name == "last_weekday" and isinstance(nodes[1], Literal):
        trees[1] = q.lit(WEEKDAYS.index(str(nodes[1].value)) + 1)
    if name == "add_years":
        trees[1] = q.op(trees[1], "*", q.lit(12))
    # an end that is open stays open when it is moved; what else could be said of it is unknown
    moved = trees[0] if name in _MOVES else q.NULL
    blank = q.or_(a.blank for a in args)
    function = meanings.functions.get(name, FUNCTIONS[name].sql)
    result = q.case([(blank, moved)], q.call(function, *trees))
    return Value(result, q.or_(a.none for a in args), blank if name in _MOVES else q.or_(a.none for a in args))


def _coalesce(args: list[Value]) -> Value:
    *first, last = args
    return Value(
        q.case([(q.not_(a.blank), a.sql) for a in first], last.sql),
        q.and_([*(a.blank for a in first), last.none]),
        q.and_([a.blank for a in args]),
    )


def _extreme(name: str, args: list[Value]) -> Value:
    unknown = q.or_(q.is_null(a.sql) for a in args)  # engines pass over NULL; an unknown end leaves the result unknown
    result = q.case([(unknown, q.NULL)], q.call(name, *(a.sql for a in args)))
    none = q.or_(a.none for a in args)
    ends = (
        q.is_true(q.isin(result, [q.lit(NO_END), q.lit(SINCE_EVER)]))
        if any(a.blank is not q.FALSE for a in args)
        else q.FALSE
    )
    return Value(result, none, q.or_([none, ends]))
