"""Names of expressions to what they mean: fields, references, values of each, parameters, defined numbers and groups."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from orgaudit.errors import OrgauditError, did_you_mean
from orgaudit.expressions.names import Scope, follow
from orgaudit.expressions.tree import (
    EachRef,
    Exists,
    FieldRef,
    InGroup,
    Node,
    NumberRef,
    Parameter,
    Recorded,
    Special,
)
from orgaudit.recordmodel import Hop, Table, is_name

AUDIT = "audit"  #: what the whole audit is called, as a subject and before a path


class Resolver:
    """What a name of one expression means in its scope."""

    def __init__(self, scope: Scope, text: str) -> None:
        self.scope, self.model, self.text = scope, scope.model, text

    def error(self, code: str, raw: exp.Expression | Node, **values: object) -> OrgauditError:
        """An error at the place of a node."""
        column = raw.column if isinstance(raw, Node) else column_of(raw)
        return OrgauditError(code, {"text": self.text, **values, "column": column})

    def name(self, raw: exp.Expression) -> Node:
        """A name, plain or with dots."""
        steps = steps_of(raw)
        plain = self._plain(steps, raw)
        if plain is not None:
            return plain
        row, table, steps = self._row(raw)
        hops, last = follow(steps[:-1], table, self.model)
        if self.scope.names.numbers.get(steps[-1]) == last:
            kind = self.scope.names.types.get(steps[-1], "integer")
            return NumberRef(kind, column_of(raw), row, hops, steps[-1])
        return self._field(row, hops, last, steps[-1], raw)

    def parameter(self, name: str, raw: exp.Expression) -> Node:
        """$name, of one value or of several."""
        kind = self.scope.names.parameters.get(name[1:])
        if kind is None:
            raise self.error("unknown-parameter", raw, **did_you_mean(name[1:], self.scope.names.parameters))
        return Parameter(kind, column_of(raw), name[1:])

    def in_group(self, raw: exp.Expression, group: str, at: exp.Expression) -> Node:
        """REFERENCE in GROUP"""
        if not isinstance(raw, exp.Column):
            raise self.error("expression-refused", at, what="`in` a group of something that is no reference")
        row, table, steps = self._row(raw)
        hops, table = follow(steps, table, self.model)
        if self.scope.names.groups.get(group) != table or not all(h.forwards for h in hops):
            known = [g for g, t in self.scope.names.groups.items() if t == table]
            raise self.error("unknown-group", at, table=table, **did_you_mean(group, known))
        return InGroup("boolean", column_of(raw), row, hops, group)

    def recorded(self, raw: exp.Expression) -> Node:
        """x is recorded"""
        if not isinstance(raw.this, exp.Column):
            raise self.error("expression-refused", raw, what="`is recorded` of something that is no field")
        row, table, steps = self._row(raw.this)
        way = self.model.hop(table, steps[0]) if len(steps) == 1 else None
        if way is not None and not way.forwards and self.scope.backwards:
            return Exists("boolean", column_of(raw.this), way)
        hops, last = follow(steps[:-1], table, self.model)
        ref = self._field(row, hops, last, steps[-1], raw.this)
        return Recorded("boolean", ref.column, ref)

    def _plain(self, steps: list[str], raw: exp.Expression) -> Node | None:
        """What is not a field of any row: $name, a day of the audit, a value of each."""
        name, at = steps[0], column_of(raw)
        if steps[0] == "each":
            return self._each(steps, raw)
        if len(steps) > 1:
            return None
        if name.startswith("$"):
            if name[1:] in self.scope.names.lists:
                raise self.error("a-list", raw, name=name)
            return self.parameter(name, raw)
        own = self.scope.row is not None and name in self.model.tables[self.scope.row].by_name
        if name == "as_of" or (name in ("period_start", "period_end") and not own):
            if name != "as_of" and not self.scope.periods:
                raise self.error("no-period", raw, name=name)
            return Special("date", at, name)
        return None

    def _each(self, steps: list[str], raw: exp.Expression) -> Node | None:
        """The value itself; None where a field behind it is meant."""
        name = steps[1] if len(steps) > 1 else ""
        kind = self.scope.each.get(name)
        if kind is None and self._carrier(name) is not None:
            return None
        if kind is None:
            raise self._unknown_each(name, raw)
        if len(steps) > 2 and name in self.scope.each_of:
            return None
        if len(steps) > 2:
            raise self.error("unknown-reference", raw, table=f"each.{name}", **did_you_mean(steps[2], []))
        return EachRef(kind, column_of(raw), name, self.scope.each_of.get(name))

    def _row(self, raw: exp.Expression) -> tuple[str, str, list[str]]:
        """Which row a name belongs to, that row's table, and the steps after it."""
        steps = steps_of(raw)
        first = steps[0]
        if first == "each":
            return self._each_row(steps, raw)
        if first == AUDIT and len(steps) == 2:
            return AUDIT, AUDIT, steps[1:]
        if first == "event" and self.scope.event is not None and len(steps) > 1:
            return first, self.scope.event, steps[1:]
        if first == "subject":
            if self.scope.subject is None or (len(steps) == 1 and not self._is_breach(self.scope.subject)):
                raise self.error("no-subject", raw)
            return "subject", self.scope.subject, self._of_breach(self.scope.subject, steps[1:])
        if first in ("previous", "next") and self.scope.neighbours and self.scope.row is not None:
            return first, self.scope.row, steps[1:]
        if self.scope.row is None:
            raise self.error("unknown-name", raw, **self._of_no_row(first))
        return "", self.scope.row, steps

    def _each_row(self, steps: list[str], raw: exp.Expression) -> tuple[str, str, list[str]]:
        """The record that a value of `each` is, or the breach that has such a value; anything else is no record."""
        name = steps[1] if len(steps) > 1 else ""
        if name in self.scope.each_of and len(steps) > 2:
            return f"each {name}", self.scope.each_of[name], steps[2:]
        carrier = self._carrier(name)
        if carrier is None or name in self.scope.each:
            raise self._unknown_each(".".join(steps[1:]), raw)
        return *carrier, [f"each {name}", *steps[2:]]

    def _unknown_each(self, name: str, raw: exp.Expression) -> OrgauditError:
        return self.error("unknown-each", raw, **did_you_mean(name, [*self.scope.each, *self._carried()]))

    def _of_no_row(self, name: str) -> dict[str, str]:
        """Where there is no row at hand, as in a bound: a field is the subject's, and has to say so."""
        table = self.model.tables.get(self.scope.subject or "")
        known = [f"subject.{n}" for n in _names_in(table)] if table else []
        meant = f"subject.{name}"
        return {**did_you_mean(name, known), "close": meant} if meant in known else did_you_mean(name, known)

    def _of_breach(self, table: str, steps: list[str]) -> list[str]:
        """`subject.` of a breach reaches through to its own subject."""
        declared = self.model.tables[table]
        if len(steps) > 1 and steps[0] == "each" and f"each {steps[1]}" in declared.by_name:
            return [f"each {steps[1]}", *steps[2:]]
        if not self._is_breach(table) or (steps and (steps[0] in declared.by_name or self.model.hop(table, steps[0]))):
            return steps
        return [declared.foreignKeys[0].forward, *steps]

    def _is_breach(self, table: str) -> bool:
        return self.model.tables[table].holds_breaches

    def _carrier(self, name: str) -> tuple[str, str] | None:
        """The row of a breach, with its table, that has a value of `each` from its check: the row at hand, or the subject."""
        rows = {"": self.scope.row, "subject": self.scope.subject}
        found = [(row, t) for row, t in rows.items() if t and f"each {name}" in self.model.tables[t].by_name]
        return found[0] if found else None

    def _carried(self) -> list[str]:
        """The names of `each` that breaches have from their checks."""
        tables = [self.model.tables[t] for t in (self.scope.row, self.scope.subject) if t]
        return list({n.removeprefix("each ") for t in tables for n in t.by_name if n.startswith("each ")})

    def _field(self, row: str, hops: tuple[Hop, ...], table: str, name: str, raw: exp.Expression) -> FieldRef:
        """A field, or the reference of that name as the key it holds."""
        declared = self.model.tables[table]
        key = declared.forwards.get(name)
        if key is not None and self._is_breach(table) and key is declared.foreignKeys[0]:
            return self._of_whom(row, hops, table, name, raw)
        if key is not None and len(key.fields) > 1:
            raise self.error("several-columns", raw, name=name, fields=", ".join(key.fields))
        field_ = declared.by_name.get(key.field if key is not None else name)
        if field_ is None:
            known = _names_in(declared)
            numbers = [n for n, t in self.scope.names.numbers.items() if t == table]
            error = self.error("unknown-name", raw, table=table, **did_you_mean(name, known + numbers))
            raise OrgauditError(error.code, error.values, hint="hint-single-quotes") if _is_quoted(raw) else error
        if not all(h.forwards for h in hops):
            back = next(h.name for h in hops if not h.forwards)
            raise self.error("many-records", raw, name=back)
        kind = "date" if field_.type == "yearmonth" else field_.type
        return FieldRef(kind, column_of(raw), row, hops, table, field_.name, key.target if key is not None else None)

    def _of_whom(self, row: str, hops: tuple[Hop, ...], table: str, name: str, raw: exp.Expression) -> FieldRef:
        """The subject of a breach as a value: its key."""
        hop = self.model.hop(table, name)
        assert hop is not None  # a reference of the table
        key = self.model.tables[hop.to].primaryKey
        if len(key) > 1:
            raise self.error("several-columns", raw, name=name, fields=", ".join(key))
        return replace(self._field(row, (*hops, hop), hop.to, key[0], raw), target=hop.to)


def _names_in(table: Table) -> list[str]:
    """The fields and references of a table that a writer may name."""
    return [n for n in (*table.by_name, *table.forwards) if is_name(n) and not n.startswith("_")]


def _is_quoted(raw: exp.Expression) -> bool:
    """Whether a name stands in marks that are not those of a text."""
    return any(i.args.get("quoted") or i.name[:1] in "‘’“”＇" for i in raw.find_all(exp.Identifier))


def steps_of(raw: exp.Expression) -> list[str]:
    """The words of a name with dots."""
    return [part.name for part in raw.parts] if isinstance(raw, (exp.Column, exp.Dot)) else []


def column_of(raw: exp.Expression) -> int:
    """The column, from 1, of the first named thing in a raw tree."""
    for node in raw.walk(bfs=False):
        start = node.meta.get("start")
        if start is not None:
            return int(start) + 1
    return 1
