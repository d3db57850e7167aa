"""Which tables and fields a rule needs, also through the definitions it uses."""

from __future__ import annotations

from orgaudit.expressions import AUDIT, FieldRef, Group, InGroup, Node, NumberRef, walk
from orgaudit.recordmodel import Hop
from orgaudit.standards.rules import Rule, Standard
from orgaudit.standards.uses import expressions_of, groups_of, nodes_of


def needs_of(rule: Rule, standard: Standard) -> dict[str, list[str]]:
    """The fields of each table that a rule looks at, tables and fields in the order of the record model."""
    walker = _Walker(standard)
    for group in (rule.subject, *groups_of(rule)):
        walker.group(group)
    for root in expressions_of(rule):
        walker.node(root)
    return {
        name: [f.name for f in table.fields if f.name in walker.found[name]]
        for name, table in standard.model.tables.items()
        if name in walker.found and name != AUDIT and not table.holds_breaches
    }


class _Walker:
    """One walk through a rule; `found` fills up."""

    def __init__(self, standard: Standard) -> None:
        self.standard, self.model = standard, standard.model
        self.found: dict[str, set[str]] = {}
        self.told: set[str] = set()

    def group(self, group: Group) -> None:
        """The tables on the way, the days that place its records, and its conditions."""
        if group.root is not None:
            self._table(group.root)
        self._hops(group.hops)
        self._table(group.table)
        if group.dated is not None:
            self.found[group.table].add(group.dated)
        for name in (group.within, group.among):
            self._definition(name)
        if group.where is not None:
            self.node(group.where)

    def node(self, root: Node) -> None:
        """The fields of an expression and of what it speaks of."""
        for node in walk(root):
            self._hops(getattr(node, "hops", ()))
            if isinstance(node, FieldRef):
                self._table(node.table)
                self.found[node.table].add(node.name)
            elif isinstance(node, (InGroup, NumberRef)):
                self._definition(node.group if isinstance(node, InGroup) else node.name)

    def _definition(self, name: str | None) -> None:
        if name is None or name in self.told:
            return
        self.told.add(name)
        if name in self.standard.groups:
            self.group(self.standard.groups[name])
        elif name in self.standard.numbers:
            measure = self.standard.numbers[name].measure
            for group in measure.groups:
                self.group(group)
            for root in nodes_of(measure):
                self.node(root)

    def _hops(self, hops: tuple[Hop, ...]) -> None:
        for hop in hops:
            self._table(hop.holder)
            self._table(hop.to)
            self.found[hop.holder] |= set(hop.key.fields)

    def _table(self, name: str) -> None:
        """A table with its key and its days."""
        if name in self.found:
            return
        table = self.model.tables[name]
        self.found[name] = set(table.primaryKey) | set(table.about.fields if table.about else ())
        self.found[name] |= {f.name for f in table.fields if f.role in ("when", "valid_from", "valid_to")}
        if table.time is not None:
            self._time(name, table.time.split("."))

    def _time(self, name: str, steps: list[str]) -> None:
        """The way to the day of an event."""
        for step in steps[:-1]:
            hop = self.model.hop(name, step)
            assert hop is not None  # the record model was checked
            self._hops((hop,))
            name = hop.to
        self.found[name].add(steps[-1])
