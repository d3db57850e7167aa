"""Selects inside selects: what is reckoned once stands as a column for all that is said of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from orgaudit import sql as q
from orgaudit.engine.context import Frame
from orgaudit.engine.exemptions import Held
from orgaudit.engine.measures import Place
from orgaudit.engine.population import BINDING
from orgaudit.expressions import Interval, Node

#: what verdicts ask of a check itself
_KEPT = ("k", *BINDING, "first", "last", "day")


@dataclass(frozen=True)
class Source:
    """Where the rows of checks come from: an alias, what stands under it, and its joins."""

    alias: str
    table: q.Sql
    joins: list[q.Join]


def plainly(place: Place) -> Source:
    """The checks themselves."""
    return Source("k", place.checks.copy(), place.joins.trees)


@dataclass
class Layer:
    """A select over checks whose columns are read as those of `f`."""

    place: Place
    columns: dict[str, q.Sql] = field(default_factory=dict)
    _spoken: dict[int, Interval] = field(default_factory=dict)

    def __post_init__(self) -> None:
        certain = self.place.context.certain.get(self.place.frame.checks or "", {})
        self.columns = self.columns or {c: q.col("k", c) for c in _KEPT if c not in certain}

    def keep(self, tree: q.Sql) -> q.Sql:
        """A column for this; what is certain needs none."""
        if tree is q.TRUE or tree is q.FALSE:
            return tree
        name = f"x{len(self.columns)}"
        self.columns[name] = tree
        return q.col("f", name)

    def pair(self, trees: tuple[q.Sql, q.Sql]) -> tuple[q.Sql, q.Sql]:
        """Columns for two."""
        first, second = trees
        return self.keep(first), self.keep(second)

    def interval(self, found: Interval) -> Interval:
        """Its ends as columns."""
        least = self.keep(found.least)
        most = least if found.most is found.least else self.keep(found.most)
        under_least = None if found.under_least is None else self.keep(found.under_least)
        under_most = None if found.under_most is None else self.keep(found.under_most)
        return Interval(least, most, under_least, under_most, self.keep(found.none), self.keep(found.maybe_none))

    def speak(self, node: Node) -> Interval:
        """An expression over the subject, reckoned once."""
        if id(node) not in self._spoken:
            self._spoken[id(node)] = self.interval(self.place.speak(node))
        return self._spoken[id(node)]

    def exemption(self, held: Held) -> Held:
        """Whether it holds, as columns."""
        return replace(held, surely=self.keep(held.surely), maybe=self.keep(held.maybe))

    @property
    def frame(self) -> Frame:
        """The window and the day of a check as columns."""
        first, last, day = (q.col("f", c) for c in ("first", "last", "day"))
        return replace(self.place.frame, first=first, last=last, day=day)

    def source(self) -> Source:
        """The select itself; without the subjects where nothing is asked of them."""
        subject, *others = self.place.joins.trees
        said = [*self.columns.values(), *(join.args["on"] for join in others if join.args.get("on"))]
        joins = [subject, *others] if any(q.speaks_of(tree, "s") for tree in said) else others
        inner = q.select(self.columns, self.place.checks.copy(), joins)
        return Source("f", q.derived(inner, "f"), [])
