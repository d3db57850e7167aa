"""Expressions: a small Pratt parser and a plain evaluator.

A parsed expression is a tuple whose first part says what it is:
("literal", v) ("name", [parts]) ("param", n) ("call", f, [args]) ("op", op, a, b) ("neg", a) ("not", a)
("and", a, b) ("or", a, b) ("between", x, a, b) ("in", x, [items] | ("param", n) | ("group", n))
("recorded", [parts]) ("like", x, pattern) ("case", [(when, then)], otherwise)
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Protocol

from .values import (
    NONE,
    UNKNOWN,
    Calendar,
    Duration,
    Interval,
    Truth,
    Value,
    add,
    add_months,
    all_of,
    any_of,
    as_truth,
    compare,
    is_blank,
    not_,
    number,
    text_of,
    times,
    whole_months,
    whole_years,
    working_days,
)

Node = Any

TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<string>'(?:[^']|'')*')|(?P<param>\$\w+)|(?P<name>[^\W\d]\w*)"
    r"|(?P<sign><>|!=|<=|>=|\|\||[=<>+\-*(),.]))"
)
COMPARISONS = ("=", "<>", "!=", "<", "<=", ">", ">=")


class Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[tuple[str, str]] = []
        at = 0
        text = text.rstrip()
        while at < len(text):
            match = TOKEN.match(text, at)
            if match is None:
                raise SyntaxError(f"cannot read {text[at:]!r} in {text!r}")
            kind = str(match.lastgroup)
            word = match.group(kind)
            self.tokens.append(("word", word.lower()) if kind == "name" and word.lower() in WORDS else (kind, word))
            at = match.end()
        self.at = 0

    def peek(self, ahead: int = 0) -> tuple[str, str]:
        return self.tokens[self.at + ahead] if self.at + ahead < len(self.tokens) else ("end", "")

    def next(self) -> tuple[str, str]:
        token = self.peek()
        self.at += 1
        return token

    def take(self, *words: str) -> bool:
        """The next tokens, if they are these words or signs."""
        for i, word in enumerate(words):
            kind, text = self.peek(i)
            if kind not in ("word", "sign", "name") or text.lower() != word:
                return False
        self.at += len(words)
        return True

    def expect(self, word: str) -> None:
        if not self.take(word):
            raise SyntaxError(f"{word!r} expected before {self.peek()[1]!r} in {self.text!r}")

    # binding powers: or 1, and 2, not 3, comparisons 4, + and - 5, * 6
    def expression(self, power: int = 0) -> Node:
        left = self.prefix()
        while True:
            kind, text = self.peek()
            if text == "or" and kind == "word" and power < 1:
                self.next()
                left = ("or", left, self.expression(1))
            elif text == "and" and kind == "word" and power < 2:
                self.next()
                left = ("and", left, self.expression(2))
            elif kind == "sign" and text in COMPARISONS and power < 4:
                self.next()
                left = ("op", "<>" if text == "!=" else text, left, self.expression(4))
            elif kind == "word" and text in ("is", "in", "between", "like", "not") and power < 4:
                left = self.predicate(left)
            elif kind == "sign" and text in ("+", "-", "||") and power < 5:
                self.next()
                left = ("op", text, left, self.expression(5))
            elif kind == "sign" and text == "*" and power < 6:
                self.next()
                left = ("op", text, left, self.expression(6))
            else:
                return left

    def predicate(self, left: Node) -> Node:
        if self.take("is"):
            negated = self.take("not")
            self.expect("recorded")
            if left[0] != "name":
                raise SyntaxError(f"only a name can be recorded: {self.text!r}")
            return negate(("recorded", left[1]), negated)
        negated = self.take("not")
        if self.take("between"):
            low = self.expression(4)
            self.expect("and")
            return negate(("between", left, low, self.expression(4)), negated)
        if self.take("like"):
            return negate(("like", left, self.expression(4)), negated)
        self.expect("in")
        kind, text = self.peek()
        if kind == "param":
            self.next()
            return negate(("in", left, ("param", text[1:])), negated)
        if kind == "name":
            self.next()
            return negate(("in", left, ("group", text)), negated)
        self.expect("(")
        return negate(("in", left, self.arguments()), negated)

    def arguments(self) -> list[Node]:
        found: list[Node] = []
        if self.take(")"):
            return found
        while True:
            found.append(self.expression())
            if self.take(")"):
                return found
            self.expect(",")

    def prefix(self) -> Node:
        kind, text = self.next()
        if kind == "number":
            return ("literal", Decimal(text) if "." in text else int(text))
        if kind == "string":
            return ("literal", text[1:-1].replace("''", "'"))
        if kind == "param":
            return ("param", text[1:])
        if kind == "sign" and text == "(":
            inner = self.expression()
            self.expect(")")
            return inner
        if kind == "sign" and text == "-":
            return ("neg", self.expression(6))
        if kind == "word" and text == "not":
            return ("not", self.expression(3))
        if kind == "word" and text in ("true", "false"):
            return ("literal", text == "true")
        if kind == "word" and text == "case":
            return self.case()
        if kind == "name":
            if text == "date" and self.peek()[0] == "string":
                return ("literal", date.fromisoformat(self.next()[1][1:-1]))
            if self.take("("):
                return ("call", text, self.arguments())
            parts = [text]
            while self.take("."):
                parts.append(self.next()[1])
            return ("name", parts)
        raise SyntaxError(f"unexpected {text!r} in {self.text!r}")

    def case(self) -> Node:
        branches = []
        while self.take("when"):
            condition = self.expression()
            self.expect("then")
            branches.append((condition, self.expression()))
        otherwise = self.expression() if self.take("else") else ("literal", NONE)
        self.expect("end")
        return ("case", branches, otherwise)


WORDS = {"and", "or", "not", "is", "in", "between", "like", "true", "false", "case", "when", "then", "else", "end"}


def negate(node: Node, negated: bool) -> Node:
    return ("not", node) if negated else node


@cache
def parse(text: str) -> Node:
    parser = Parser(text)
    node = parser.expression()
    if parser.peek()[0] != "end":
        raise SyntaxError(f"unexpected {parser.peek()[1]!r} in {text!r}")
    return node


# ------------------------------------------------------------------------------------------- evaluation


class Scope(Protocol):
    """Where an expression finds what its names mean."""

    def lookup(self, parts: list[str]) -> Value: ...

    def recorded(self, parts: list[str]) -> Truth: ...

    def param(self, name: str) -> Value: ...

    def in_group(self, parts: list[str], name: str) -> Truth: ...

    def calendar(self) -> Calendar: ...


def condition(text: str, scope: Scope) -> Truth:
    return as_truth(evaluate(parse(text), scope))


def value(text: str, scope: Scope) -> Value:
    return evaluate(parse(text), scope)


def evaluate(node: Node, scope: Scope) -> Value:
    kind = node[0]
    if kind == "literal":
        return node[1]
    if kind == "name":
        return scope.lookup(node[1])
    if kind == "param":
        return scope.param(node[1])
    if kind == "recorded":
        return scope.recorded(node[1])
    if kind == "and":
        return all_of(as_truth(evaluate(n, scope)) for n in node[1:])
    if kind == "or":
        return any_of(as_truth(evaluate(n, scope)) for n in node[1:])
    if kind == "not":
        return not_(as_truth(evaluate(node[1], scope)))
    if kind == "between":
        x, low, high = (evaluate(n, scope) for n in node[1:])
        return all_of([compare(">=", x, low), compare("<=", x, high)])
    if kind == "in":
        return evaluate_in(node, scope)
    if kind == "op" and node[1] in COMPARISONS:
        return compare(node[1], evaluate(node[2], scope), evaluate(node[3], scope))
    if kind == "op":
        return arithmetic(node[1], evaluate(node[2], scope), evaluate(node[3], scope))
    if kind == "like":
        return of_known(is_like, [evaluate(node[1], scope), evaluate(node[2], scope)])
    if kind == "neg":
        return of_known(lambda a: times(a, -1), [evaluate(node[1], scope)])
    if kind == "case":
        return evaluate_case(node, scope)
    if kind == "call" and node[1] == "working_days":
        a, b = (evaluate(n, scope) for n in node[2])
        return of_known(lambda a, b: working_days(scope.calendar(), a, b), [a, b])
    if kind == "call":
        return call(node[1], [evaluate(n, scope) for n in node[2]])
    raise SyntaxError(f"what is {node!r}")


def arithmetic(sign: str, a: Value, b: Value) -> Value:
    if sign == "||":
        return of_known(lambda a, b: a + b, [a, b])
    if isinstance(a, Interval) and b is UNKNOWN:  # a number that nobody told us may be any number
        b = Interval(None, None)
    if isinstance(b, Interval) and a is UNKNOWN:
        a = Interval(None, None)
    how = {"+": add, "-": lambda a, b: add(a, times(b, -1)), "*": times}[sign]
    return of_known(how, [a, b])


def is_like(text: str, pattern: str) -> bool:
    """`%` is any text, `_` any character."""
    signs = {"%": ".*", "_": "."}
    return re.fullmatch("".join(signs.get(c, re.escape(c)) for c in pattern), text, re.S) is not None


def evaluate_in(node: Node, scope: Scope) -> Truth:
    target = node[2]
    if isinstance(target, tuple) and target[0] == "group":
        return scope.in_group(node[1][1], target[1])
    x = evaluate(node[1], scope)
    if isinstance(target, tuple):
        listed = scope.param(target[1])
        if listed is UNKNOWN:
            return compare("=", x, UNKNOWN)
        items = list(listed) if isinstance(listed, tuple) else [listed]
    else:
        items = [evaluate(n, scope) for n in target]
    found = any_of(compare("=", x, item) for item in items)
    return True if found is UNKNOWN and covers(items, x) else found


def covers(items: list[Value], x: Value) -> bool:
    """Whether every whole number that an interval may be is listed."""
    if not isinstance(x, Interval) or x.nothing is UNKNOWN or not x.whole or x.least is None or x.most is None:
        return False
    return set(range(x.least, x.most + 1)) <= {number(i) for i in items}


def evaluate_case(node: Node, scope: Scope) -> Value:
    """The value of the first condition that holds; unknown where the blanks leave open which, unless all agree."""
    candidates: list[Value] = []
    for when, then in node[1]:
        truth = as_truth(evaluate(when, scope))
        if truth is not False:
            candidates.append(evaluate(then, scope))
        if truth is True:
            break
    else:
        candidates.append(evaluate(node[2], scope))
    first = candidates[0]
    return first if all(c is first or (not is_special(c) and c == first) for c in candidates) else UNKNOWN


def is_special(x: Value) -> bool:
    return x is UNKNOWN or is_blank(x)


def of_known(function: Callable[..., Value], args: list[Value]) -> Value:
    """A function of none is none, of unknown unknown; of an open end or an act not yet done unknown."""
    if any(a is NONE for a in args):
        return NONE
    if any(is_special(a) for a in args):
        return UNKNOWN
    return function(*args)


def shifted(function: Callable[[date, int], date], args: list[Value]) -> Value:
    """Moving an open end leaves it open."""
    day, n = args
    if day is NONE or n is NONE:
        return NONE
    if day is UNKNOWN or n is UNKNOWN:
        return UNKNOWN
    if not isinstance(day, date):
        return day
    return function(day, int(n.n if isinstance(n, Duration) else number(n)))


def extreme(sign: str, args: list[Value]) -> Value:
    if any(a is NONE for a in args):
        return NONE
    if any(a is UNKNOWN for a in args):
        return UNKNOWN
    best = args[0]
    for a in args[1:]:
        if compare(sign, a, best) is True:
            best = a
    return best


def coalesce(args: list[Value]) -> Value:
    for a in args:
        if not is_blank(a):
            return a
    return NONE


def make_date(year: Value, month: Value, day: Value) -> Value:
    try:
        return date(int(number(year)), int(number(month)), int(number(day)))
    except ValueError:
        return NONE


def last_weekday(day: date, name: str) -> date:
    wanted = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"].index(name)
    found = date(day.year, day.month, monthrange(day.year, day.month)[1])
    while found.weekday() != wanted:
        found -= timedelta(days=1)
    return found


def anniversary(day: date, year: Value) -> date:
    in_year = year.year if isinstance(year, date) else int(number(year))
    return add_months(day, 12 * (in_year - day.year))


def substr(text: str, start: Value, count: Value = None) -> str:
    """From 1; what lies outside the text is nothing."""
    first = int(number(start)) - 1
    last = len(text) if count is None else first + int(number(count))
    return text[max(first, 0) : max(last, 0)]


def split_part(text: str, by: str, n: Value) -> str:
    parts, at = text.split(by), int(number(n))
    return parts[at - 1] if 1 <= at <= len(parts) else ""


def to_integer(text: str) -> Value:
    return int(text) if re.fullmatch(r"\s*[+-]?\d+\s*", text) else UNKNOWN


def to_date(text: str) -> Value:
    try:
        return date.fromisoformat(text.strip()) if re.fullmatch(r"\s*\d{4}-\d\d-\d\d\s*", text) else UNKNOWN
    except ValueError:
        return UNKNOWN


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "days": lambda a, b: (b - a).days,
    "whole_months": whole_months,
    "whole_years": whole_years,
    "month_index": lambda d: 12 * d.year + d.month - 1,
    "year": lambda d: d.year,
    "quarter": lambda d: (d.month + 2) // 3,
    "month": lambda d: d.month,
    "weekday": lambda d: d.isoweekday(),
    "date": make_date,
    "last_weekday": last_weekday,
    "anniversary": anniversary,
    "lower": lambda s: s.lower(),
    "trim": lambda s: s.strip(),
    "length": len,
    "starts_with": lambda s, start: s.startswith(start),
    "has": lambda items, item: item in items,
    "abs": lambda n: abs(number(n)),
    # of computed fields only
    "substr": substr,
    "replace": lambda text, what, by: text.replace(what, by) if what else text,
    "split_part": split_part,
    "upper": lambda s: s.upper(),
    "concat": lambda *texts: "".join(text_of(t) for t in texts),
    "to_integer": to_integer,
    "to_date": to_date,
}


def call(name: str, args: list[Value]) -> Value:
    if name == "coalesce":
        return coalesce(args)
    if name == "least":
        return extreme("<", args)
    if name == "greatest":
        return extreme(">", args)
    if name == "add_days":
        return shifted(lambda day, n: day + timedelta(days=n), args)
    if name == "add_months":
        return shifted(add_months, args)
    if name == "add_years":
        return shifted(lambda day, n: add_months(day, 12 * n), args)
    if name not in FUNCTIONS:
        raise SyntaxError(f"no such function: {name}")
    return of_known(FUNCTIONS[name], args)


def names_in(node: Node) -> list[list[str]]:
    """Every name that an expression asks for."""
    if isinstance(node, tuple) and node and node[0] in ("name", "recorded"):
        return [node[1]]
    if isinstance(node, (tuple, list)):
        return [name for part in node for name in names_in(part)]
    return []


__all__ = ["Scope", "condition", "evaluate", "names_in", "parse", "value"]
