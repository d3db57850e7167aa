"""Raw syntax trees to checked ones: an allow-list of nodes, names resolved against the record model, types compared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import reduce

from sqlglot import exp

from orgaudit.errors import OrgauditError, did_you_mean
from orgaudit.expressions.comparing import NUMBERS, Comparer
from orgaudit.expressions.functions import FUNCTIONS, WEEKDAYS
from orgaudit.expressions.names import Scope
from orgaudit.expressions.parse import parse_expression
from orgaudit.expressions.resolve import column_of
from orgaudit.expressions.tree import LARGEST, Literal, Node, Operation, asks_number

_COMPARISONS: dict[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_ARITHMETIC: dict[type[exp.Expr], str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*"}


def check_condition(text: str, scope: Scope) -> Node:
    """The checked tree of a condition."""
    node = check(text, scope)
    if node.type != "boolean":
        raise OrgauditError("not-a-condition", {"text": text, "type": node.type, "column": node.column})
    return node


def check_date(text: str, scope: Scope) -> Node:
    """The checked tree of a date."""
    node = check(text, scope)
    if node.type != "date":
        raise OrgauditError("not-a-date", {"text": text, "type": node.type, "column": node.column})
    return node


def check(text: str, scope: Scope) -> Node:
    """The checked tree of any expression; raises OrgauditError with `column` in its values."""
    return _Checker(scope, text).node(parse_expression(text))


class _Checker(Comparer):
    """One walk over one raw tree."""

    def node(self, raw: exp.Expression) -> Node:
        """The checked form of a raw node; anything not listed here is refused by name."""
        kind = type(raw)
        if kind in _COMPARISONS:
            return self._compare(_COMPARISONS[kind], self.node(raw.this), self.node(raw.expression))
        if kind in _ARITHMETIC:
            return self._arithmetic(_ARITHMETIC[kind], self.node(raw.this), self.node(raw.expression))
        handler = _HANDLERS.get(kind)
        if handler is None:
            raise _refused(raw, self.text)
        return handler(self, raw)

    # -- connectives and conditions

    def connective(self, raw: exp.Expression) -> Node:
        """and, or, not"""
        args = tuple(self._truth(r) for r in ([raw.this] if isinstance(raw, exp.Not) else [raw.this, raw.expression]))
        return Operation("boolean", column_of(raw), type(raw).__name__.lower(), args)

    def _truth(self, raw: exp.Expression) -> Node:
        node = self.node(raw)
        if node.type != "boolean":
            raise self.error("not-a-condition", node, type=node.type)
        return node

    def paren(self, raw: exp.Expression) -> Node:
        """( … )"""
        return self.node(raw.this)

    def _compare(self, operator: str, left: Node, right: Node) -> Node:
        self.same_type(left, right)
        return Operation(
            "boolean", left.column, operator, (self.of_categories(left, right), self.of_categories(right, left))
        )

    def between(self, raw: exp.Expression) -> Node:
        """x between a and b"""
        value, low, high = (self.node(r) for r in (raw.this, raw.args["low"], raw.args["high"]))
        self.same_type(value, low)
        self.same_type(value, high)
        self.refuse_reversed(low, high)
        args = (value, self.of_categories(low, value), self.of_categories(high, value))
        return Operation("boolean", value.column, "between", args)

    def isin(self, raw: exp.Expression) -> Node:
        """x in (…), x in $list, REFERENCE in GROUP"""
        if raw.args.get("query") is not None:
            raise self.error("expression-refused", raw, what="a subquery")
        target = raw.args.get("field")
        if target is None:
            if not raw.expressions:
                raise self.error("in-nothing", raw)
            items = [self._plain_value(r) for r in raw.expressions]
            value = self._plain_value(raw.this)
            for item in items:
                self.same_type(value, item)
            return Operation("boolean", value.column, "in", (value, *(self.of_categories(i, value) for i in items)))
        name = target.name
        if name.startswith("$"):
            value, listed = self._plain_value(raw.this), self.parameter(name, target)
            if name[1:] not in self.scope.names.lists:
                raise self.error("no-list", listed, name=name)
            self.same_type(value, listed)
            return Operation("boolean", value.column, "in", (value, self.of_categories(listed, value)))
        return self.in_group(raw.this, name, raw)

    # -- values

    def literal(self, raw: exp.Expression) -> Node:
        """'text', 3, 2.5"""
        if raw.args["is_string"]:
            return Literal("string", column_of(raw), raw.this)
        number = str(raw.this)
        if abs(float(number)) > LARGEST:
            raise self.error("number-too-large", raw, value=number, most=LARGEST)
        if number.isdigit():
            return Literal("integer", column_of(raw), int(number))
        return Literal("number", column_of(raw), float(number))

    def boolean(self, raw: exp.Expression) -> Node:
        """true, false"""
        return Literal("boolean", column_of(raw), bool(raw.this))

    def date_literal(self, raw: exp.Expression) -> Node:
        """date '2024-03-01'"""
        if not (isinstance(raw.this, exp.Literal) and raw.this.is_string and raw.args["to"].sql() == "DATE"):
            raise _refused(raw, self.text)
        try:
            return Literal("date", column_of(raw), date.fromisoformat(raw.this.this))
        except ValueError as e:
            raise self.error("wrong-date", raw, value=raw.this.this) from e

    def negative(self, raw: exp.Expression) -> Node:
        """-x"""
        node = self.node(raw.this)
        return self._arithmetic("-", Literal("integer", node.column, 0), node)

    def _arithmetic(self, operator: str, left: Node, right: Node) -> Node:
        for side in (left, right):
            if side.type not in NUMBERS:
                raise self.error("not-a-number", side, type=side.type)
        if operator == "*" and asks_number(left) and asks_number(right):
            raise self.error("number-elsewhere", right)
        kind = "integer" if left.type == right.type == "integer" else "number"
        return Operation(kind, left.column, operator, (left, right))

    def case(self, raw: exp.Expression) -> Node:
        """case when … then … else … end"""
        if raw.this is not None:
            raise self.error("expression-refused", raw, what="`case` with a value after it; write `case when`")
        args: list[Node] = []
        for branch in raw.args["ifs"]:
            args += [self._truth(branch.this), self._plain_value(branch.args["true"])]
        if raw.args.get("default") is None:
            raise self.error("expression-refused", raw, what="`case` without `else`")
        args.append(self._plain_value(raw.args["default"]))
        for value in args[1::2]:
            self.same_type(args[-1], value)
        return Operation(args[-1].type, column_of(raw), "case", tuple(args))

    def call(self, raw: exp.Expression) -> Node:
        """A listed function."""
        name = str(raw.this).lower()
        function = FUNCTIONS.get(name)
        if function is None:
            known = [n for n, f in FUNCTIONS.items() if self.scope.record_model or not f.of_records]
            raise self.error("unknown-function", raw, **did_you_mean(name, known))
        if function.of_records and not self.scope.record_model:
            raise _refused(raw, self.text, f"`{name}`")
        if name == "working_days" and self.scope.names.calendar is None:
            raise self.error("no-calendar", raw)
        args = tuple(self._plain_value(r) for r in raw.expressions)
        if not function.takes(len(args)):
            raise self.error("wrong-arguments", raw, name=name, count=len(function.args), given=len(args))
        if function.variadic:
            for arg in args[1:]:
                self.same_type(args[0], arg)
            if function.args[0] == "any":
                return Operation(args[0].type, column_of(raw), name, args)
        for arg, kind in zip(args, function.args, strict=False):
            if arg.type != kind and not (kind in NUMBERS and arg.type in NUMBERS):
                raise self.error("wrong-type", arg, name=name, expected=kind, type=arg.type)
        if name == "date":
            self.refuse_no_date(args, raw)
        if name == "has":
            self.of_categories(args[1], args[0])
        if name == "last_weekday" and not (isinstance(args[1], Literal) and args[1].value in WEEKDAYS):
            value = getattr(args[1], "value", raw.sql())
            raise self.error(
                "unknown-word", args[1], **{**did_you_mean(str(value), WEEKDAYS), "key": name, "value": value}
            )
        if function.of_records and function.variadic:  # put together two by two: engines pass over what is unknown
            return reduce(lambda a, b: Operation(function.result, a.column, name, (a, b)), args)
        return Operation(function.result, column_of(raw), name, args)

    def of_records(self, raw: exp.Expression) -> Node:
        """x || y, x like 'pattern': record models only"""
        if not self.scope.record_model:
            raise _refused(raw, self.text)
        name = "like" if isinstance(raw, exp.Like) else "concat"
        if name == "like" and not (isinstance(raw.expression, exp.Literal) and raw.expression.is_string):
            raise self.error("expression-refused", raw, what="`like` with a pattern that is no text")
        call = exp.Anonymous(this=name, expressions=[raw.this, raw.expression])
        return self.call(call)

    def _plain_value(self, raw: exp.Expression) -> Node:
        """A value that is one value: a defined number is an interval, and stands in comparisons and sums only."""
        node = self.node(raw)
        if asks_number(node) and node.type != "boolean":
            raise self.error("number-elsewhere", node)
        return node


_HANDLERS: dict[type[exp.Expression], Callable[[_Checker, exp.Expression], Node]] = {
    exp.And: _Checker.connective,
    exp.Or: _Checker.connective,
    exp.Not: _Checker.connective,
    exp.Paren: _Checker.paren,
    exp.Between: _Checker.between,
    exp.In: _Checker.isin,
    exp.Is: _Checker.recorded,
    exp.Literal: _Checker.literal,
    exp.Boolean: _Checker.boolean,
    exp.Cast: _Checker.date_literal,
    exp.Neg: _Checker.negative,
    exp.Case: _Checker.case,
    exp.Anonymous: _Checker.call,
    exp.Column: _Checker.name,
    exp.Dot: _Checker.name,
    exp.DPipe: _Checker.of_records,
    exp.Like: _Checker.of_records,
}

#: what the author tried, as authors call it, and the hint of a way out
_PLAIN: dict[type[exp.Expr], tuple[str | dict[str, str], str | None]] = {
    exp.Cast: ({"zh": "换成另一种类型", "en": "a change of type"}, "hint-cast"),
    exp.Subquery: ({"zh": "子查询", "en": "a subquery"}, None),
    exp.Select: ({"zh": "子查询", "en": "a subquery"}, None),
    exp.Exists: ({"zh": "子查询", "en": "a subquery"}, None),
    exp.Placeholder: ("`:name`", "hint-dollar-name"),
    exp.Div: ("`/`", "hint-no-division"),
    exp.DPipe: ("`||`", "hint-record-model"),
    exp.Like: ("`like`", "hint-record-model"),
    exp.Null: ("`null`", "hint-recorded"),
    exp.Tuple: ({"zh": "括号里的几个值", "en": "a list of values in brackets"}, "hint-in"),
    exp.Concat: ({"zh": "相连的两个文本", "en": "two texts side by side"}, None),
    exp.Alias: ({"zh": "相连的两个词", "en": "two words side by side"}, "hint-alias"),
}


def _refused(raw: exp.Expression, text: str, of_records: str | None = None) -> OrgauditError:
    what, hint = _PLAIN.get(type(raw), (f"`{type(raw).__name__.lower()}`", None))
    if of_records is not None:
        what, hint = of_records, "hint-record-model"
    column = column_of(raw.args["alias"] if isinstance(raw, exp.Alias) else raw)  # the second of two words
    return OrgauditError("expression-refused", {"text": text, "what": what, "column": column}, hint=hint)
