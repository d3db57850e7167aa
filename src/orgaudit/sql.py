"""The tiny SQL vocabulary that every engine shares, as syntax trees; text is made only by `text()`.

Truth is three-valued: NULL is unknown, and whoever needs a certain answer says `is_true` or `is_not_false`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import cache

from sqlglot import exp

from orgaudit.sqltext import ENGINE, written

Sql = exp.Expr
Select = exp.Select
Join = exp.Join

TRUE: Sql = exp.Boolean(this=True)
FALSE: Sql = exp.Boolean(this=False)
NULL: Sql = exp.Null()
UNKNOWN: Sql = exp.Cast(this=exp.Null(), to=exp.DataType.build("boolean"))


def text(tree: Sql, dialect: str = ENGINE, *, pretty: bool = False) -> str:
    """The SQL text of a tree, for an engine to run or a person to read."""
    if dialect == ENGINE and not pretty:
        return written(tree)
    return tree.sql(dialect=dialect, pretty=pretty, copy=False)  # trees are made for one statement each


def name(identifier: str) -> exp.Identifier:
    """A quoted identifier: whatever people call a table, it is never read as SQL."""
    return exp.Identifier(this=identifier, quoted=True)


def col(alias: str, column: str) -> Sql:
    """alias.column"""
    return exp.Column(this=name(column), table=name(alias))


def lit(value: object) -> Sql:
    """A literal of a Python value; None is NULL."""
    if value is None:
        return exp.Null()
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    if isinstance(value, date):
        return exp.Introducer(this="DATE", expression=exp.Literal.string(value.isoformat()))
    if isinstance(value, (int, float, Decimal)):
        return exp.Literal.number(str(value)) if value >= 0 else exp.Neg(this=exp.Literal.number(str(-value)))
    return exp.Literal.string(str(value))


def call(function: str, *args: Sql) -> Sql:
    """A function of the common vocabulary, or one that the engine defines under this name."""
    return exp.Anonymous(this=function, expressions=list(args))


def is_constant(tree: Sql) -> bool:
    """Whether it is a literal, or a NULL of some type."""
    return isinstance(tree.this if isinstance(tree, exp.Cast) else tree, (exp.Null, exp.Literal, exp.Boolean))


def speaks_of(tree: Sql, alias: str) -> bool:
    """Whether a column of this source stands anywhere in a tree."""
    waiting: list[object] = [tree]
    while waiting:
        part = waiting.pop()
        if isinstance(part, exp.Column) and part.table == alias:
            return True
        waiting += part.args.values() if isinstance(part, exp.Expr) else part if isinstance(part, list) else ()
    return False


_BINARY: dict[str, type[exp.Binary]] = {
    "=": exp.EQ,
    "<>": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
    "+": exp.Add,
    "-": exp.Sub,
    "*": exp.Mul,
    "&": exp.BitwiseAnd,
    "|": exp.BitwiseOr,
    "<<": exp.BitwiseLeftShift,
}


def op(left: Sql, operator: str, right: Sql) -> Sql:
    """left operator right, in brackets where it is an operand itself."""
    return _BINARY[operator](this=_operand(left), expression=_operand(right))


def _operand(tree: Sql) -> Sql:
    return exp.Paren(this=tree) if isinstance(tree, (exp.Binary, exp.Connector, exp.Not, exp.In, exp.Is)) else tree


def and_(parts: Iterable[Sql]) -> Sql:
    """All of them; TRUE if there are none."""
    return _connect(exp.And, [p for p in parts if p is not TRUE], TRUE)


def or_(parts: Iterable[Sql]) -> Sql:
    """Any of them; FALSE if there are none."""
    return _connect(exp.Or, [p for p in parts if p is not FALSE], FALSE)


def _connect(kind: type[exp.Connector], parts: Sequence[Sql], empty: Sql) -> Sql:
    if not parts:
        return empty
    result = parts[0]
    for part in parts[1:]:
        result = kind(this=_side(result) if not isinstance(result, kind) else result, expression=_side(part))
    return result


def _side(tree: Sql) -> Sql:
    """One side of AND or OR: comparisons bind more tightly, and brackets cost the reader and the engine."""
    return exp.Paren(this=tree) if isinstance(tree, exp.Connector) else tree


def not_(tree: Sql) -> Sql:
    """Not; unknown stays unknown."""
    if tree is TRUE:
        return FALSE
    return TRUE if tree is FALSE else exp.Not(this=_operand(tree))


def is_null(tree: Sql) -> Sql:
    """Whether it is NULL: never NULL itself."""
    return exp.Is(this=_operand(tree), expression=exp.Null())


def is_true(tree: Sql) -> Sql:
    """Certainly true: never NULL itself."""
    return tree if tree is TRUE or tree is FALSE else call("coalesce", tree, FALSE)


def is_not_false(tree: Sql) -> Sql:
    """Possibly true: never NULL itself."""
    return tree if tree is TRUE or tree is FALSE else call("coalesce", tree, TRUE)


def case(branches: Sequence[tuple[Sql, Sql]], otherwise: Sql) -> Sql:
    """The value of the first branch whose condition is true, else `otherwise`; trivial branches fall away."""
    kept: list[tuple[Sql, Sql]] = []
    for condition, value in branches:
        if condition is TRUE:
            otherwise = value
            break
        if condition is not FALSE:
            kept.append((condition, value))
    if not kept:
        return otherwise
    return exp.Case(ifs=[exp.If(this=c, true=v) for c, v in kept], default=otherwise)


def isin(value: Sql, items: Sequence[Sql]) -> Sql:
    """Whether the value is one of the items."""
    return exp.In(this=_operand(value), expressions=list(items)) if items else FALSE


def cast(tree: Sql, kind: str) -> Sql:
    """A cast that fails loudly."""
    return exp.Cast(this=tree, to=_type(kind))


@cache
def _type(kind: str) -> exp.DataType:
    """A type, which sqlglot has to parse; like `NULL` the same one may stand in many trees."""
    return exp.DataType.build(kind)


def total(tree: Sql, of: str = "sum") -> Sql:
    """An aggregate: sum, min, max, count or bit_or of a tree."""
    return call(of, tree)


def summed(tree: Sql) -> Sql:
    """A sum as a 64-bit integer (engines widen it each in their own way)."""
    return cast(call("sum", tree), "bigint")


def count_distinct(tree: Sql) -> Sql:
    """How many different values there are; NULL is none."""
    return exp.Count(this=exp.Distinct(expressions=[tree]))


def as_int(condition: Sql) -> Sql:
    """1 where the condition is true, else 0."""
    return case([(condition, lit(1))], lit(0))


def select(
    columns: dict[str, Sql],
    source: Sql,
    joins: Sequence[Join] = (),
    where: Sql = TRUE,
    group: Sequence[Sql] = (),
    *,
    distinct: bool = False,
    order: Sequence[Sql] = (),
) -> Select:
    """One select over a source and its joins."""
    tree = exp.Select(
        expressions=[c if isinstance(c, exp.Star) else exp.Alias(this=c, alias=name(n)) for n, c in columns.items()]
    )
    tree.set("from_", exp.From(this=source))
    if joins:
        tree.set("joins", list(joins))
    if where is not TRUE:
        tree.set("where", exp.Where(this=where))
    if group:
        tree.set("group", exp.Group(expressions=list(group)))
    if distinct:
        tree.set("distinct", exp.Distinct())
    if order:
        tree.set("order", exp.Order(expressions=[exp.Ordered(this=o) for o in order]))
    return tree


def table(table_name: str, alias: str) -> Sql:
    """A table under an alias."""
    return exp.Table(this=name(table_name), alias=exp.TableAlias(this=name(alias)))


def derived(query: Sql, alias: str) -> Sql:
    """A query as a source."""
    return exp.Subquery(this=query, alias=exp.TableAlias(this=name(alias)))


def join(source: Sql, on: Sql | None, *, left: bool = False) -> Join:
    """A join; without a condition every row meets every row."""
    if on is None:
        return exp.Join(this=source, kind="CROSS")
    return exp.Join(this=source, on=on, side="LEFT" if left else None)


def union_all(queries: Sequence[Sql]) -> Sql:
    """All rows of all queries."""
    tree = queries[0]
    for query in queries[1:]:
        tree = exp.Union(this=tree, expression=query, distinct=False)
    return tree


def create_table(table_name: str, query: Sql) -> Sql:
    """A table made from a query."""
    return exp.Create(this=exp.Table(this=name(table_name)), kind="TABLE", expression=query)


def create_view(view_name: str, query: Sql) -> Sql:
    """A named query."""
    return exp.Create(this=exp.Table(this=name(view_name)), kind="VIEW", expression=query)


def insert(table_name: str, columns: Sequence[str], query: Sql) -> Sql:
    """Rows of a query into a table, column by column."""
    target = exp.Schema(this=exp.Table(this=name(table_name)), expressions=[name(c) for c in columns])
    return exp.Insert(this=target, expression=query)


def row_number(order: Sequence[Sql]) -> Sql:
    """1, 2, 3 … in an order."""
    return window(call("row_number"), order=order)


def window(function: Sql, within: Sequence[Sql] = (), order: Sequence[Sql] = ()) -> Sql:
    """A function over the rows that share `within`, in an order."""
    tree = exp.Window(this=function)
    if within:
        tree.set("partition_by", list(within))
    if order:
        tree.set("order", exp.Order(expressions=[exp.Ordered(this=o) for o in order]))
    return tree


def exists(query: Sql) -> Sql:
    """Whether a query has any row."""
    return exp.Exists(this=query)


def floored(value: Sql, by: int) -> Sql:
    """A whole number divided by another, rounded down."""
    quotient = exp.Div(this=exp.Paren(this=cast(value, "double")), expression=lit(by))
    return cast(exp.Floor(this=quotient), "bigint")


def star(alias: str | None = None) -> Sql:
    """All columns (of one source)."""
    return exp.Column(this=exp.Star(), table=name(alias)) if alias else exp.Star()


def with_all_of(alias: str, query: Select) -> Select:
    """A select that also has all columns of one of its sources."""
    query.set("expressions", [star(alias), *query.expressions])
    return query
