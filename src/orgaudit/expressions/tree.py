"""The checked syntax tree of an expression: names resolved, types known, nothing in it that the language does not list."""

from __future__ import annotations

from dataclasses import dataclass, field

from orgaudit.recordmodel import Hop

Type = str  # string, integer, number, boolean, date, list


LARGEST = 10**15  #: whole numbers up to here are exact everywhere


@dataclass(frozen=True)
class Node:
    """Any part of an expression, with its type and the column it stands at."""

    type: Type
    column: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Literal(Node):
    """A constant."""

    value: object = None


@dataclass(frozen=True)
class FieldRef(Node):
    """A field of a row (`row`: the row at hand "", `subject`, `previous`, `next`), reached over references."""

    row: str = ""
    hops: tuple[Hop, ...] = ()
    table: str = ""
    name: str = ""
    target: str | None = None  # the table that it names a record of


@dataclass(frozen=True)
class NumberRef(Node):
    """A defined number (date, truth) of a row: an interval."""

    row: str = ""
    hops: tuple[Hop, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class Special(Node):
    """as_of, period_start, period_end."""

    name: str = ""


@dataclass(frozen=True)
class EachRef(Node):
    """The value of `each`: of a record, its key."""

    name: str = ""
    target: str | None = None


@dataclass(frozen=True)
class Parameter(Node):
    """$name: a parameter, or a reading."""

    name: str = ""


@dataclass(frozen=True)
class Recorded(Node):
    """Whether something is written in a field."""

    ref: FieldRef | None = None


@dataclass(frozen=True)
class Exists(Node):
    """Whether a backward reference leads to any record (record models only)."""

    hop: Hop | None = None


@dataclass(frozen=True)
class InGroup(Node):
    """Whether the record that the references lead to belongs to a defined group."""

    row: str = ""
    hops: tuple[Hop, ...] = ()
    group: str = ""


@dataclass(frozen=True)
class Operation(Node):
    """A comparison, arithmetic, a connective or a listed function; `operator` names it."""

    operator: str = ""
    args: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Group:
    """PATH [in NAME] [dated FIELD | ever] [where CONDITION]: a set of records of its last table.

    With a `root` the path begins with every record of that table (that is in the group `among`), not with the subject.
    """

    text: str
    hops: tuple[Hop, ...]
    table: str
    root: str | None = None
    among: str | None = None
    within: str | None = None
    dated: str | None = None
    ever: bool = False
    where: Node | None = None


def asks_number(node: Node) -> bool:
    """Whether a defined number stands somewhere in it, so that its value is an interval."""
    return any(isinstance(n, NumberRef) and n.type != "boolean" for n in walk(node))


def asks_each(node: Node) -> bool:
    """Whether a value of `each` stands somewhere in it."""
    return any(isinstance(n, EachRef) for n in walk(node))


def walk(node: Node) -> list[Node]:
    """The node and everything below it."""
    below = [n for arg in getattr(node, "args", ()) for n in walk(arg)]
    ref = getattr(node, "ref", None)
    return [node, *below, *([ref] if ref else [])]
