"""Conditions in words: comparisons, lists, what is recorded, defined groups, and what they are made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from orgaudit.expressions import FieldRef, Group, InGroup, Literal, Node, NumberRef, Operation, Recorded
from orgaudit.standards.describe.values import Values
from orgaudit.standards.describe.words import Place
from orgaudit.standards.measures import Require

_NUMBERS = {
    "=": "says.equal",
    "<>": "says.unequal",
    "<": "less_than",
    "<=": "at_most",
    ">": "more_than",
    ">=": "at_least",
}
_DATES = _NUMBERS | {"<": "says.earlier", "<=": "says.not-later", ">": "says.later", ">=": "says.not-earlier"}
_MANY = {
    "says.is": "says.are-many",
    "says.recorded": "says.recorded-many",
    "says.unrecorded": "says.unrecorded-many",
}
_LONG = 260  #: two conditions longer than this are numbered


class Conditions(Values):
    """What must hold, said as a clause: `its kind is “Party lecture”`, or `whose kind is …` behind a noun."""

    def __init__(self, *args: object, repeated: frozenset[str] = frozenset()) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.repeated, self.mentions = repeated, Counter[str]()

    def clause(self, node: Node, place: Place, *, whose: bool = False) -> str:
        """A condition in words; `whose` begins it behind the noun that it is about."""
        match node:
            case Operation(operator="and" | "or"):
                return self._several(node, place, whose=whose)
            case InGroup():
                return self._in_group(node, place, whose=whose)
            case NumberRef():
                return self._behind(self._truth(node, place), whose=whose)
            case Literal():
                return self._behind(self.say("says.always" if node.value else "says.never"), whose=whose)
        own = self._about(node)
        if whose and own:
            return self._plain(node, place, self._lead(place))
        return self._behind(self._plain(node, place, place), whose=whose)

    def _behind(self, text: str, *, whose: bool) -> str:
        return self.say("says.for-which", condition=text) if whose else text

    def _about(self, node: Node) -> bool:
        """Whether a condition begins with a field of the record at hand, so that `whose` may lead to it."""
        if isinstance(node, Operation) and node.operator in ("and", "or"):
            return all(map(self._about, node.args))
        if isinstance(node, InGroup):
            return node.row == "" and all(map(self._about, self.conditions_of(self.standard.groups[node.group])))
        if isinstance(node, Operation) and node.operator == "not":
            return isinstance(node.args[0], (FieldRef, Recorded)) and self._about(node.args[0])
        first = node.ref if isinstance(node, Recorded) else node.args[0] if isinstance(node, Operation) else node
        return isinstance(first, FieldRef) and first.row == ""

    def _lead(self, place: Place) -> Place:
        """The place of a condition's first field."""
        row = replace(place.rows[""], own=self.say("says.whose"))
        return replace(place, rows={**place.rows, "": row})

    def _plain(self, node: Node, place: Place, first: Place) -> str:
        """A condition that is not made of others; `first` is the place of what it begins with."""
        match node:
            case FieldRef():
                return self._is(self.phrase(node, first), "says.equal", self.say("says.yes"))
            case Recorded(ref=ref) if ref is not None:
                return self._of("says.recorded", self.phrase(ref, first))
            case Operation(operator="not"):
                return self._not(node.args[0], place, first)
            case Operation():
                return self._compared(node, place, first)
        raise AssertionError(node)  # the checker lists no other condition

    def _not(self, inner: Node, place: Place, first: Place) -> str:
        if isinstance(inner, FieldRef):
            return self._is(self.phrase(inner, first), "says.equal", self.say("says.no"))
        if isinstance(inner, Recorded) and inner.ref is not None:
            return self._of("says.unrecorded", self.phrase(inner.ref, first))
        return self.say("says.not-so", condition=self.say("says.bracket", text=self.clause(inner, place)))

    # -- connectives

    def parts(self, node: Node | None) -> list[Node]:
        """What a condition asks for, one by one."""
        if node is None:
            return []
        return flattened(node, "and") if isinstance(node, Operation) and node.operator == "and" else [node]

    def _several(self, node: Operation, place: Place, *, whose: bool) -> str:
        return self.together(flattened(node, node.operator), place, node.operator, whose=whose)

    def together(self, parts: Sequence[Node], place: Place, operator: str = "and", *, whose: bool = False) -> str:
        """Several conditions: `a and b`; many or long ones are numbered."""
        if len(parts) == 1:
            return self.clause(parts[0], place, whose=whose)
        if whose and not all(map(self._about, parts)):
            return self._behind(self.together(parts, place, operator), whose=True)
        before = self.mentions.copy()
        texts = [self._grouped(p, place, operator, whose=whose) for p in parts]
        if len(texts) < 4 and sum(map(len, texts)) < _LONG:
            first = self.say("says.comma-between").join(texts[:-1])
            return self.say("says.either" if operator == "or" else "says.and", first=first, last=texts[-1])
        self.mentions = before  # said once more, each by itself
        texts = [self._grouped(p, place, operator) for p in parts]
        numbered = self.say("says.semicolon").join(f"({i}) {t}" for i, t in enumerate(texts, 1))
        text = self.say("says.any-of" if operator == "or" else "says.all-of", parts=numbered)
        return self._behind(text, whose=whose)

    def _grouped(self, node: Node, place: Place, operator: str, *, whose: bool = False) -> str:
        text = self.clause(node, place, whose=whose)
        inner = isinstance(node, Operation) and node.operator in ("and", "or") and node.operator != operator
        return self.say("says.bracket", text=text) if inner else text

    # -- comparisons

    def _is(self, what: str, code: str, value: str) -> str:
        return self._of("says.is", what, bound=self.say(code, v0=value))

    def _of(self, code: str, what: str, **values: str) -> str:
        """A predicate, in the plural where its subject is."""
        word = what.rsplit(" ", maxsplit=1)[-1]
        is_many = word.endswith("s") and not word.endswith(("ss", "us", "is"))
        return self.say(_MANY.get(code, code) if is_many else code, what=what, **values)

    def _compared(self, node: Operation, place: Place, first: Place) -> str:
        left, *others = node.args
        like = self.field_of(left)
        what = self.phrase(left, first, self.field_of(others[0]) if others else None)
        if node.operator in ("has", "starts_with"):
            code = "says.includes" if node.operator == "has" else "says.begins"
            return self.say(code, what=what, value=self.phrase(others[0], place, like))
        texts = [self.phrase(o, place, like) for o in others]
        if node.operator == "in":
            return self._is(what, "says.one-of", self.either(texts))
        if node.operator == "between":
            return self._of("says.is", what, bound=self.say("says.from-to", v0=texts[0], v1=texts[1]))
        codes = _DATES if left.type == "date" else _NUMBERS
        return self._is(what, codes[node.operator], texts[0])

    # -- definitions

    def _truth(self, node: NumberRef, place: Place) -> str:
        """A defined truth of a record: what it is defined as."""
        measure = self.standard.numbers[node.name].measure
        assert isinstance(measure, Require)  # only a condition makes a truth
        noun = self.reached(node.row, node.hops, place)
        return self.clause(measure.condition, replace(place, rows={**place.rows, "": noun}))

    def _in_group(self, node: InGroup, place: Place, *, whose: bool) -> str:
        conditions = self.conditions_of(self.standard.groups[node.group])
        if not conditions or self._told(node.group):  # a group may be a whole table under another name
            return self._belongs(node, place, whose=whose)
        if not node.hops and node.row == "":
            return self._in_short(node.group, self.together(conditions, place, whose=whose))
        lead = whose and node.row == "" and len(conditions) == 1 and self._about(conditions[0])
        noun = self.reached(node.row, node.hops, self._lead(place) if lead else place)
        inner = replace(place, rows={**place.rows, "": noun})
        return self._in_short(node.group, self._behind(self.together(conditions, inner), whose=whose and not lead))

    def _belongs(self, node: InGroup, place: Place, *, whose: bool) -> str:
        """What was said before, by its name."""
        name = self._name(node.group)
        if not node.hops and node.row == "":
            return self.say("says.belonging" if whose else "says.it-belongs", name=name)
        lead = whose and node.row == ""
        noun = self.reached(node.row, node.hops, self._lead(place) if lead else place)
        return self._behind(self.say("says.belongs", what=noun.text, name=name), whose=whose and not lead)

    def _told(self, name: str) -> bool:
        """Whether a definition was told before; from then on its name will do."""
        self.mentions[name] += 1
        return name in self.repeated and self.mentions[name] > 1

    def _in_short(self, name: str, text: str) -> str:
        if name in self.repeated:
            return self.say("says.in-short", text=text, name=self._name(name))
        return text

    def _name(self, name: str) -> str:
        return self.quoted(name.replace("_", " "))

    def conditions_of(self, group: Group) -> list[Node]:
        """All conditions on a record of a group without a path."""
        names = [n for n in (group.among, group.within) if n]
        inherited: list[Node] = [InGroup("boolean", group=n) for n in names]
        return [*inherited, *self.parts(group.where)]


def flattened(node: Node, operator: str) -> list[Node]:
    """The parts of `a and b and c`."""
    if isinstance(node, Operation) and node.operator == operator:
        return [part for arg in node.args for part in flattened(arg, operator)]
    return [node]
