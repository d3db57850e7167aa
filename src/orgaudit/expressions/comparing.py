"""What may be compared with what: types, and texts with the categories or choices that there are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from sqlglot import exp

from orgaudit.errors import OrgauditError, did_you_mean
from orgaudit.expressions.functions import RANGES
from orgaudit.expressions.resolve import Resolver
from orgaudit.expressions.tree import EachRef, FieldRef, Literal, Node, Operation, Parameter

NUMBERS = {"integer", "number"}
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")


class Comparer(Resolver):
    """Whether the two sides of a comparison go together."""

    def same_type(self, left: Node, right: Node) -> None:
        """Refuses values of different types, and references to different tables."""
        of = [t for t in (getattr(left, "target", None), getattr(right, "target", None)) if t is not None]
        if len(set(of)) > 1:
            raise self.error("types-differ", right, left=of[0], right=of[1])
        if left.type == right.type or {left.type, right.type} <= NUMBERS:
            self._refuse_strangers(left, right)
            return
        error = self.error("types-differ", right, left=left.type, right=right.type)
        days = [n.value for n in (left, right) if isinstance(n, Literal) and _DAY.match(str(n.value))]
        if days and "date" in (left.type, right.type):
            error = OrgauditError(error.code, {**error.values, "day": days[0]}, hint="hint-date")
        raise error

    def _refuse_strangers(self, left: Node, right: Node) -> None:
        """Fields whose categories have nothing in common are never equal, nor is one of them the key of a record."""
        known = [set(self._known_of(n)) if isinstance(n, (FieldRef, EachRef)) else set() for n in (left, right)]
        keys = [getattr(n, "target", None) is not None for n in (left, right)]
        if (all(known) and not known[0] & known[1]) or (known[0] and keys[1]) or (known[1] and keys[0]):
            names = [
                f"each.{n.name}" if isinstance(n, EachRef) else str(getattr(n, "name", n.type)) for n in (left, right)
            ]
            raise self.error("types-differ", right, left=f"`{names[0]}`", right=f"`{names[1]}`")

    def of_categories(self, node: Node, other: Node) -> Node:
        """The node; what it may be, compared with a field of closed categories (or a reading), is one of those."""
        known = self._known_of(other)
        if self._is_level_of_none(other) and isinstance(node, Literal):
            raise self._no_category(node, other, "", did_you_mean(str(node.value), ()))
        for value, of in self._values_of(node) if known else ():
            if isinstance(value, str) and value not in known:
                raise self._no_category(node, other, of, did_you_mean(value, known))
        self._refuse_outside(node, other)
        return node

    def refuse_reversed(self, low: Node, high: Node) -> None:
        """Nothing lies between the greater and the less of two constants."""
        if not (isinstance(low, Literal) and isinstance(high, Literal) and low.type != "boolean"):
            return
        if low.value > high.value:  # type: ignore[operator]  # of one type, as was asked before
            raise self.error("between-nothing", low, low=low.value, high=high.value)

    def refuse_no_date(self, args: tuple[Node, ...], raw: exp.Expression) -> None:
        """`date(y, m, d)` of constants is a day that there is."""
        values = [a.value for a in args if isinstance(a, Literal) and isinstance(a.value, int)]
        if len(values) == len(args):
            try:
                date(*values)
            except ValueError as e:
                shown = "-".join(f"{v:02}" for v in values)
                raise self.error("wrong-date", raw, value=shown) from e

    def _refuse_outside(self, node: Node, other: Node) -> None:
        """A number compared with a part of a date can be one."""
        ends = RANGES.get(other.operator) if isinstance(other, Operation) else None
        written = [node.value] if isinstance(node, Literal) else [v for v, _ in self._values_of(node)]
        numbers = [v for v in written if isinstance(v, (int, float)) and not isinstance(v, bool)]
        outside = [v for v in numbers if ends is not None and not ends[0] <= v <= ends[1]]
        if ends is not None and isinstance(other, Operation) and outside:
            told = {"value": outside[0], "name": other.operator, "least": ends[0], "most": ends[1]}
            raise self.error("outside-range", node, **told)

    def _is_level_of_none(self, node: Node) -> bool:
        """Whether it is the level of breaches of rules without levels: there is none."""
        if not isinstance(node, FieldRef) or node.name != "level":
            return False
        table = self.model.tables[node.table]
        return table.holds_breaches and not table.by_name["level"].categories

    def _known_of(self, node: Node) -> tuple[str, ...]:
        """The texts that a field with categories, a reading, or a choice of these may be; nothing where anything may stand."""
        if isinstance(node, FieldRef):
            return tuple(c.value for c in self.model.tables[node.table].by_name[node.name].categories)
        if isinstance(node, EachRef) and node.name in self.scope.each_field:
            table, name = self.scope.each_field[node.name]
            return tuple(c.value for c in self.model.tables[table].by_name[name].categories)
        if isinstance(node, Parameter):
            return tuple(self.scope.names.choices.get(node.name, ()))
        if isinstance(node, Operation) and node.operator in ("lower", "trim"):
            change = str.lower if node.operator == "lower" else str.strip
            return tuple(change(v) for v in self._known_of(node.args[0]))
        if isinstance(node, Operation) and node.operator in ("coalesce", "least", "greatest", "case"):
            chosen = [*node.args[1::2], node.args[-1]] if node.operator == "case" else list(node.args)
            parts = [(str(a.value),) if isinstance(a, Literal) else self._known_of(a) for a in chosen]
            return tuple(v for part in parts for v in part) if all(parts) else ()
        return ()

    def _values_of(self, node: Node) -> Iterator[tuple[object, str]]:
        """The values that are written for a node, each with what it is a value of."""
        if isinstance(node, Literal) and node.type == "string":
            yield node.value, ""
        if isinstance(node, EachRef):
            yield from ((v, f"each.{node.name}") for v in self.scope.each_values.get(node.name, ()))
        if isinstance(node, Parameter):
            yield from ((v, f"${node.name}") for v in self.scope.names.values.get(node.name, ()))

    def _no_category(self, node: Node, other: Node, of: str, told: dict[str, str]) -> OrgauditError:
        if isinstance(other, Parameter):
            return self.error("unknown-choice", node, reading=other.name, **told)
        field = other.name if isinstance(other, (FieldRef, EachRef)) else getattr(other, "operator", "")
        if of:
            return self.error("each-category", node, of=of, field=field, **told)
        return self.error("unknown-category", node, field=field, **told)
