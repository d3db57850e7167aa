"""Raw syntax trees to checked ones: an allow-list of nodes, names resolved against the record model, types compared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlglot import exp

from orgaudit.errors import OrgauditError, did_you_mean
from orgaudit.expressions.functions import FUNCTIONS, WEEKDAYS
from orgaudit.expressions.names import Scope, follow
from orgaudit.expressions.parse import Is, parse_expression
from orgaudit.expressions.tree import (
    EachRef,
    Exists,
    FieldRef,
    InGroup,
    Literal,
    Node,
    NumberRef,
    Operation,
    Parameter,
    Recorded,
    Special,
)
from orgaudit.recordmodel import Field, Hop

_COMPARISONS: dict[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_ARITHMETIC: dict[type[exp.Expr], str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*"}
_NUMBERS = {"integer", "number"}


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


class _Checker:
    """One walk over one raw tree."""

    def __init__(self, scope: Scope, text: str) -> None:
        self.scope, self.model, self.text = scope, scope.model, text

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

    def _error(self, code: str, raw: exp.Expression | Node, **values: object) -> OrgauditError:
        column = raw.column if isinstance(raw, Node) else _column_of(raw)
        return OrgauditError(code, {"text": self.text, **values, "column": column})

    # -- connectives and conditions

    def connective(self, raw: exp.Expression) -> Node:
        """and, or, not"""
        args = tuple(self._truth(r) for r in ([raw.this] if isinstance(raw, exp.Not) else [raw.this, raw.expression]))
        return Operation("boolean", _column_of(raw), type(raw).__name__.lower(), args)

    def _truth(self, raw: exp.Expression) -> Node:
        node = self.node(raw)
        if node.type != "boolean":
            raise self._error("not-a-condition", node, type=node.type)
        return node

    def paren(self, raw: exp.Expression) -> Node:
        """( … )"""
        return self.node(raw.this)

    def _compare(self, operator: str, left: Node, right: Node) -> Node:
        self._same_type(left, right)
        return Operation("boolean", left.column, operator, (self._category(left, right), self._category(right, left)))

    def between(self, raw: exp.Expression) -> Node:
        """x between a and b"""
        value, low, high = (self.node(r) for r in (raw.this, raw.args["low"], raw.args["high"]))
        self._same_type(value, low)
        self._same_type(value, high)
        return Operation("boolean", value.column, "between", (value, low, high))

    def isin(self, raw: exp.Expression) -> Node:
        """x in (…), x in $list, REFERENCE in GROUP"""
        if raw.args.get("query") is not None:
            raise self._error("expression-refused", raw, what="a subquery")
        target = raw.args.get("field")
        if target is None:
            items = [self.node(r) for r in raw.expressions]
            value = self.node(raw.this)
            for item in items:
                self._same_type(value, item)
            return Operation("boolean", value.column, "in", (value, *(self._category(i, value) for i in items)))
        name = target.name
        if name.startswith("$"):
            value, listed = self.node(raw.this), self.node(target)
            return Operation("boolean", value.column, "in", (value, listed))
        return self._in_group(raw.this, name, raw)

    def _in_group(self, raw: exp.Expression, group: str, at: exp.Expression) -> Node:
        if not isinstance(raw, exp.Column):
            raise self._error("expression-refused", at, what="`in` a group of something that is no reference")
        row, table, steps = self._row(raw)
        hops, table = follow(steps, table, self.model)
        if self.scope.names.groups.get(group) != table or not all(h.forwards for h in hops):
            known = [g for g, t in self.scope.names.groups.items() if t == table]
            raise self._error("unknown-group", at, table=table, **did_you_mean(group, known))
        return InGroup("boolean", _column_of(raw), row, hops, group)

    def recorded(self, raw: exp.Expression) -> Node:
        """x is recorded"""
        if not isinstance(raw.this, exp.Column):
            raise self._error("expression-refused", raw, what="`is recorded` of something that is no field")
        row, table, steps = self._row(raw.this)
        way = self.model.hop(table, steps[0]) if len(steps) == 1 else None
        if way is not None and not way.forwards and self.scope.backwards:
            return Exists("boolean", _column_of(raw.this), way)
        hops, last = follow(steps[:-1], table, self.model)
        key = self.model.tables[last].forwards.get(steps[-1])
        name = key.field if key else steps[-1]
        ref = self._field(row, hops, last, name, raw.this)
        return Recorded("boolean", ref.column, ref)

    # -- values

    def literal(self, raw: exp.Expression) -> Node:
        """'text', 3, 2.5"""
        if raw.args["is_string"]:
            return Literal("string", _column_of(raw), raw.this)
        number = str(raw.this)
        if number.isdigit():
            return Literal("integer", _column_of(raw), int(number))
        return Literal("number", _column_of(raw), float(number))

    def boolean(self, raw: exp.Expression) -> Node:
        """true, false"""
        return Literal("boolean", _column_of(raw), bool(raw.this))

    def date_literal(self, raw: exp.Expression) -> Node:
        """date '2024-03-01'"""
        if not (isinstance(raw.this, exp.Literal) and raw.this.is_string and raw.args["to"].sql() == "DATE"):
            raise self._error("expression-refused", raw, what="a cast")
        try:
            return Literal("date", _column_of(raw), date.fromisoformat(raw.this.this))
        except ValueError as e:
            raise self._error("wrong-date", raw, value=raw.this.this) from e

    def negative(self, raw: exp.Expression) -> Node:
        """-x"""
        node = self.node(raw.this)
        return self._arithmetic("-", Literal("integer", node.column, 0), node)

    def _arithmetic(self, operator: str, left: Node, right: Node) -> Node:
        for side in (left, right):
            if side.type not in _NUMBERS or isinstance(side, NumberRef):
                raise self._error("not-a-number", side, type=side.type)
        kind = "integer" if left.type == right.type == "integer" else "number"
        return Operation(kind, left.column, operator, (left, right))

    def case(self, raw: exp.Expression) -> Node:
        """case when … then … else … end"""
        if raw.this is not None:
            raise self._error("expression-refused", raw, what="`case` with a value after it; write `case when`")
        args: list[Node] = []
        for branch in raw.args["ifs"]:
            args += [self._truth(branch.this), self.node(branch.args["true"])]
        if raw.args.get("default") is None:
            raise self._error("expression-refused", raw, what="`case` without `else`")
        args.append(self.node(raw.args["default"]))
        for value in args[1::2]:
            self._same_type(args[-1], value)
        return Operation(args[-1].type, _column_of(raw), "case", tuple(args))

    def call(self, raw: exp.Expression) -> Node:
        """A listed function."""
        name = str(raw.this).lower()
        function = FUNCTIONS.get(name)
        if function is None:
            code = "not-built" if name == "working_days" else "unknown-function"
            raise self._error(code, raw, what="`working_days`", **did_you_mean(name, FUNCTIONS))
        args = tuple(self.node(r) for r in raw.expressions)
        if len(args) != len(function.args) and not (function.variadic and len(args) > 1):
            raise self._error("wrong-arguments", raw, name=name, count=len(function.args), given=len(args))
        if function.variadic:
            for arg in args[1:]:
                self._same_type(args[0], arg)
            return Operation(args[0].type, _column_of(raw), name, args)
        for arg, kind in zip(args, function.args, strict=True):
            if arg.type != kind and not (kind in _NUMBERS and arg.type in _NUMBERS):
                raise self._error("wrong-type", arg, name=name, expected=kind, type=arg.type)
        if name == "last_weekday" and not (isinstance(args[1], Literal) and args[1].value in WEEKDAYS):
            raise self._error("unknown-word", args[1], key=name, value=args[1], known=", ".join(WEEKDAYS))
        return Operation(function.result, _column_of(raw), name, args)

    # -- names

    def column(self, raw: exp.Expression) -> Node:
        """A name, plain or with dots."""
        row, steps = "", _steps(raw)
        if len(steps) == 1:
            plain = self._plain(steps[0], raw)
            if plain is not None:
                return plain
        if steps[0] == "each" and len(steps) == 2:
            return self._each(steps[1], raw)
        row, table, steps = self._row(raw)
        hops, last = follow(steps[:-1], table, self.model)
        if self.scope.names.numbers.get(steps[-1]) == last:
            return NumberRef("integer", _column_of(raw), row, hops, steps[-1])
        return self._field(row, hops, last, steps[-1], raw)

    def _plain(self, name: str, raw: exp.Expression) -> Node | None:
        at = _column_of(raw)
        if name.startswith("$"):
            kind = self.scope.names.parameters.get(name[1:])
            if kind is None:
                raise self._error("unknown-parameter", raw, **did_you_mean(name[1:], self.scope.names.parameters))
            return Parameter(kind, at, name[1:])
        own = self.scope.row is not None and name in self.model.tables[self.scope.row].by_name
        if name == "as_of" or (name in ("period_start", "period_end") and not own):
            if name != "as_of" and not self.scope.periods:
                raise self._error("no-period", raw, name=name)
            return Special("date", at, name)
        return None

    def _each(self, name: str, raw: exp.Expression) -> Node:
        kind = self.scope.each.get(name)
        if kind is None:
            raise self._error("unknown-each", raw, **did_you_mean(name, self.scope.each))
        return EachRef(kind, _column_of(raw), name)

    def _row(self, raw: exp.Expression) -> tuple[str, str, list[str]]:
        """Which row a name belongs to, that row's table, and the steps after it."""
        steps = _steps(raw)
        first = steps[0]
        if first == "subject":
            if self.scope.subject is None or len(steps) == 1:
                raise self._error("no-subject", raw)
            return "subject", self.scope.subject, self._of_breach(self.scope.subject, steps[1:])
        if first in ("previous", "next"):
            if not self.scope.neighbours or self.scope.row is None:
                raise self._error("not-built", raw, what=f"`{first}.` in a rule")
            return first, self.scope.row, steps[1:]
        if self.scope.row is None:
            raise self._error("unknown-name", raw, **did_you_mean(first, []))
        return "", self.scope.row, steps

    def _of_breach(self, table: str, steps: list[str]) -> list[str]:
        """`subject.` of a breach reaches through to its own subject."""
        declared = self.model.tables[table]
        if declared.singular != "breach" or steps[0] in declared.by_name or self.model.hop(table, steps[0]):
            return steps
        return [declared.foreignKeys[0].forward, *steps]

    def _field(self, row: str, hops: tuple[Hop, ...], table: str, name: str, raw: exp.Expression) -> FieldRef:
        field_ = self.model.tables[table].by_name.get(name)
        if field_ is None:
            known = [*self.model.tables[table].by_name, *self.model.tables[table].forwards]
            numbers = [n for n, t in self.scope.names.numbers.items() if t == table]
            raise self._error("unknown-name", raw, table=table, **did_you_mean(name, known + numbers))
        if not all(h.forwards for h in hops):
            back = next(h.name for h in hops if not h.forwards)
            raise self._error("many-records", raw, name=back)
        return FieldRef(field_.type, _column_of(raw), row, hops, table, name)

    # -- types

    def _same_type(self, left: Node, right: Node) -> None:
        if left.type == right.type or {left.type, right.type} <= _NUMBERS:
            return
        raise self._error("types-differ", right, left=left.type, right=right.type)

    def _category(self, node: Node, other: Node) -> Node:
        """A text compared with a field of closed categories must be one of them."""
        if isinstance(node, Literal) and isinstance(other, FieldRef) and node.type == "string":
            field_: Field = self.model.tables[other.table].by_name[other.name]
            values = [c.value for c in field_.categories]
            if values and node.value not in values:
                raise self._error("unknown-category", node, field=other.name, **did_you_mean(str(node.value), values))
        return node


_HANDLERS: dict[type[exp.Expression], Callable[[_Checker, exp.Expression], Node]] = {
    exp.And: _Checker.connective,
    exp.Or: _Checker.connective,
    exp.Not: _Checker.connective,
    exp.Paren: _Checker.paren,
    exp.Between: _Checker.between,
    exp.In: _Checker.isin,
    Is: _Checker.recorded,
    exp.Literal: _Checker.literal,
    exp.Boolean: _Checker.boolean,
    exp.Cast: _Checker.date_literal,
    exp.Neg: _Checker.negative,
    exp.Case: _Checker.case,
    exp.Anonymous: _Checker.call,
    exp.Column: _Checker.column,
    exp.Dot: _Checker.column,
}

#: what the author tried, as authors call it, and the hint of a way out
_PLAIN: dict[type[exp.Expr], tuple[str | dict[str, str], str | None]] = {
    exp.Subquery: ({"zh": "子查询", "en": "a subquery"}, None),
    exp.Select: ({"zh": "子查询", "en": "a subquery"}, None),
    exp.Exists: ({"zh": "子查询", "en": "a subquery"}, None),
    exp.Placeholder: ("`:name`", "hint-dollar-name"),
    exp.Div: ("`/`", "hint-no-division"),
    exp.DPipe: ("`||`", "hint-record-model"),
    exp.Like: ("`like`", "hint-record-model"),
    exp.Null: ("`null`", "hint-recorded"),
}


def _refused(raw: exp.Expression, text: str) -> OrgauditError:
    what, hint = _PLAIN.get(type(raw), (f"`{type(raw).__name__.lower()}`", None))
    return OrgauditError("expression-refused", {"text": text, "what": what, "column": _column_of(raw)}, hint=hint)


def _steps(raw: exp.Expression) -> list[str]:
    return [part.name for part in raw.parts] if isinstance(raw, (exp.Column, exp.Dot)) else []


def _column_of(raw: exp.Expression) -> int:
    """The column, from 1, of the first named thing in a raw tree."""
    for node in raw.walk(bfs=False):
        start = node.meta.get("start")
        if start is not None:
            return int(start) + 1
    return 1
