"""What a tree of SQL tells of itself: which parts of a condition can never be unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlglot import exp

#: alias and column → whether no row has a NULL there
Filled = Callable[[str, str], bool]

#: NULL only where a part of them is
_STRICT = (
    exp.And, exp.Or, exp.Not, exp.Paren, exp.Neg, exp.In, exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE,
    exp.Add, exp.Sub, exp.Mul,
)  # fmt: skip


def parted(truth: exp.Expr, filled: Filled) -> tuple[list[exp.Expr], list[exp.Expr]]:
    """The parts of a condition, all of which must hold: those that can never be unknown, and the others."""
    known, others = list[exp.Expr](), list[exp.Expr]()
    for part in _conjuncts(truth):
        (known if is_known(part, filled) else others).append(part)
    return known, others


def _conjuncts(tree: exp.Expr) -> Iterator[exp.Expr]:
    if isinstance(tree, exp.And):
        yield from _conjuncts(tree.this)
        yield from _conjuncts(tree.expression)
    elif isinstance(tree, exp.Paren):
        yield from _conjuncts(tree.this)
    else:
        yield tree


def is_known(tree: object, filled: Filled) -> bool:
    """Whether a tree is certainly not NULL, whatever the rows are."""
    if isinstance(tree, exp.Column):
        return filled(tree.table, tree.name)
    if isinstance(tree, (exp.Literal, exp.Boolean, exp.Introducer, exp.Is)):
        return True
    if isinstance(tree, exp.Anonymous) and tree.name == "coalesce":
        return any(is_known(part, filled) for part in tree.expressions)
    if not isinstance(tree, _STRICT):
        return False
    parts = (part for arg in tree.args.values() for part in (arg if isinstance(arg, list) else [arg]))
    return all(is_known(part, filled) for part in parts if isinstance(part, exp.Expr))
