"""Values in words: fields over references, numbers, dates, and the listed functions."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date

from orgaudit.expressions import EachRef, FieldRef, Literal, Node, NumberRef, Operation, Parameter, Special
from orgaudit.periods import Duration
from orgaudit.recordmodel import Field, Hop, Table
from orgaudit.standards.describe.words import Noun, Place, Words

_ADDED = {"add_days": ("days", 1), "add_months": ("months", 1), "add_years": ("months", 12)}
_SIGNS = {"+": "says.plus", "-": "says.minus", "*": "says.product"}


class Values(Words):
    """What an expression stands for, said as a noun."""

    #: what the values of `each` are called, and the fields they are compared with
    each_words: Mapping[str, str] = {}
    each_fields: Mapping[str, FieldRef | None] = {}

    @abstractmethod
    def clause(self, node: Node, place: Place, *, whose: bool = False) -> str:
        """A condition in words."""

    @abstractmethod
    def number(self, node: NumberRef, place: Place) -> str:
        """A defined number in words."""

    def phrase(self, node: Node, place: Place, like: Field | None = None) -> str:
        """A value in words; `like` is the field it is compared with."""
        match node:
            case Literal():
                return self._reached_level(node, like) or self.value(node.value, like)
            case FieldRef() if self._is_whom(node):
                return self.reached(node.row, node.hops, place).text
            case FieldRef():
                return self.has(self.reached(node.row, node.hops, place), self.named(node))
            case NumberRef():
                return self.number(node, place)
            case Parameter():
                return self.parameter(node.name, like)
            case EachRef():
                return self.say("says.that", noun=self.each_words[node.name])
            case Special():
                return self._day(node, place)
            case Operation() if node.type != "boolean":
                return self._operation(node, place)
        return self.clause(node, place)

    def _reached_level(self, node: Literal, like: Field | None) -> str:
        """A level of the rules whose breaches are spoken of, by its title."""
        if like is None or like.name != "level" or like.title:
            return ""
        rules = [r for r in self.standard.rules if r.id in self.rule.breaches_of]
        title = next((lv.title for r in rules for lv in r.levels if lv.name == node.value), {})
        return self.quoted(self.text(title, str(node.value))) if title else ""

    def named(self, ref: FieldRef) -> str:
        """What a field is called; a reference like the record it leads to."""
        if ref.target is None:
            return self.field(ref.table, ref.name)
        declared = self.model.tables[ref.table]
        key = next(k for k in declared.foreignKeys if k.field == ref.name)
        return self._forward(declared, key.forward, key.target, ref.table)

    def _is_whom(self, ref: FieldRef) -> bool:
        """Whether it is the key of a record that stands for the record itself: the subject of a breach."""
        return ref.target == ref.table and ref.name in self.model.tables[ref.table].primaryKey

    def field_of(self, node: Node) -> Field | None:
        """The field that a node is, or is compared with where it is a value of `each`; None for anything else."""
        if isinstance(node, EachRef):
            node = self.each_fields.get(node.name) or node
        return self.model.tables[node.table].by_name[node.name] if isinstance(node, FieldRef) else None

    def _day(self, node: Special, place: Place) -> str:
        if node.name == "as_of":
            return self.say("says.as-of")
        code = "says.period-start" if node.name == "period_start" else "says.period-end"
        return self.say(code, period=place.period)

    # -- ways from record to record

    def reached(self, row: str, hops: Sequence[Hop], place: Place) -> Noun:
        """The record that references lead to from a row."""
        noun = place.rows.get(row) or self._neighbour(place.rows[""], row)
        for hop in hops:
            noun = self.step(noun, hop)
        return noun

    def _neighbour(self, noun: Noun, name: str) -> Noun:
        code = "says.previous-of" if name == "previous" else "says.next-of"
        return self.noun(self.say(code, noun=noun.text, thing=self.thing(noun.table)), noun.table, plain=False)

    def step(self, noun: Noun, hop: Hop) -> Noun:
        """One step of a path."""
        if hop.is_neighbour:
            return self._neighbour(noun, hop.name)
        if hop.is_kin:
            code = "says.ancestors-of" if hop.name == "ancestors" else "says.descendants-of"
            return self.noun(self.say(code, noun=noun.text, things=self.things(hop.to)), hop.to, plain=False)
        if hop.forwards:
            word = self._forward(self.model.tables[hop.holder], hop.key.forward, hop.to, hop.holder)
            return self.noun(self.has(noun, word), hop.to, plain=noun.plain)
        return self._back(noun, hop)

    def _forward(self, holder: Table, name: str, target: str, table: str) -> str:
        """What a reference is called: by its field, unless it has the name of what it leads to."""
        key = holder.forwards[name]
        if key.is_several or key.field not in holder.by_name or name == self.model.tables[target].singular:
            return self.thing(target)
        if holder.holds_breaches:
            return self.thing(target)
        return self.field(table, key.field)

    def _back(self, noun: Noun, hop: Hop) -> Noun:
        """The records that refer to it: by which reference, where there are several."""
        holder = self.model.tables[hop.holder]
        target = hop.key.target
        several = [k for k in holder.foreignKeys if k.target == target]
        is_the_one = len(several) == 1 or hop.key.forward == self.model.tables[target].singular
        things = self.things(hop.holder)
        if is_the_one and hop.holder != target:
            return self.noun(self.has(noun, things), hop.holder, plain=False)
        word = self._forward(holder, hop.key.forward, target, hop.holder)
        text = self.say("says.things-with", noun=noun.text, things=things, field=word)
        return self.noun(text, hop.holder, plain=False)

    # -- operations

    def _operation(self, node: Operation, place: Place) -> str:
        if node.operator in _SIGNS:
            return self._arithmetic(node, place)
        if node.operator == "case":
            return self._case(node, place)
        if node.operator in _ADDED:
            return self._moved(node, place)
        return self._call(node, place)

    def _arithmetic(self, node: Operation, place: Place) -> str:
        left, right = node.args
        if constant(node) is not None and isinstance(right, Literal):
            return str(constant(node))
        if node.operator == "-" and isinstance(left, Literal) and left.value == 0:
            return self.say("says.negative", a=self._factor(right, place))
        a = self._factor(left, place) if node.operator == "*" else self.phrase(left, place)
        b = self.phrase(right, place) if node.operator == "+" else self._factor(right, place)
        return self.say(_SIGNS[node.operator], a=a, b=b)

    def _factor(self, node: Node, place: Place) -> str:
        text = self.phrase(node, place)
        is_sum = isinstance(node, Operation) and node.operator in ("+", "-") and constant(node) is None
        return f"({text})" if is_sum else text

    def _case(self, node: Operation, place: Place) -> str:
        pairs = zip(node.args[:-1:2], node.args[1::2], strict=True)
        cases = [self.say("says.case", condition=self.clause(c, place), value=self.phrase(v, place)) for c, v in pairs]
        joined = self.say("says.semicolon").join(cases)
        text = self.say("says.case-else", cases=joined, value=self.phrase(node.args[-1], place))
        return self.say("says.bracket", text=text)

    def _moved(self, node: Operation, place: Place) -> str:
        """A date some time later or earlier."""
        unit, size = _ADDED[node.operator]
        day, count = self.phrase(node.args[0], place), constant(node.args[1])
        if not isinstance(count, int):
            code = f"says.{node.operator.removeprefix('add_')}-later"
            return self.say(code, a=day, b=self.phrase(node.args[1], place))
        if abs(count) == 1 and unit == "days":
            return self.say("says.day-after" if count > 0 else "says.day-before", a=day)
        code = "says.later-by" if count >= 0 else "says.earlier-by"
        return self.say(code, a=day, duration=self.duration(Duration(abs(count) * size, unit)))

    def _call(self, node: Operation, place: Place) -> str:
        name = node.operator
        if name in ("least", "greatest"):
            texts = [self.phrase(a, place) for a in node.args]
            code = f"says.fn-{name}-date" if node.type == "date" else f"says.fn-{name}"
            return self.say(code, a=self.either(texts))
        if name == "coalesce":
            return self._coalesce(node.args, place)
        if name == "last_weekday":
            day = node.args[1].value if isinstance(node.args[1], Literal) else ""
            return self.say("says.fn-last_weekday", a=self.phrase(node.args[0], place), b=self.say(f"says.{day}"))
        if name == "date":
            return self._date(node, place)
        texts = [self.phrase(a, place) for a in node.args]
        return self.say(f"says.fn-{name}", **dict(zip("abc", texts, strict=False)))

    def _coalesce(self, args: Sequence[Node], place: Place) -> str:
        first = self.phrase(args[0], place)
        if len(args) == 1:
            return first
        return self.say("says.fn-coalesce", a=first, b=self._coalesce(args[1:], place))

    def _date(self, node: Operation, place: Place) -> str:
        year, month, day = node.args
        text = self.phrase(year, place)
        numbers = constant(month), constant(day)
        if all(isinstance(n, int) for n in numbers):
            return self.say("says.fn-date-in-year", a=text, day=self.day_of_year(numbers))  # type: ignore[arg-type]
        return self.say("says.fn-date", a=text, b=self.phrase(month, place), c=self.phrase(day, place))

    def day_of_year(self, day: tuple[int, int]) -> str:
        """`June 30`"""
        name = self.say("says.months-by-name").split()[day[0] - 1]
        return self.say("says.day-of-year", month=name, day=day[1])


def constant(node: Node) -> int | float | None:
    """The number that is written, also a negative one; None for anything else."""
    if isinstance(node, Literal) and isinstance(node.value, (int, float)) and not isinstance(node.value, (bool, date)):
        return node.value
    if isinstance(node, Operation) and node.operator == "-" and isinstance(node.args[0], Literal):
        right = constant(node.args[1])
        return None if right is None or node.args[0].value != 0 else -right
    return None
