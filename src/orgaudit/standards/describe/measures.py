"""Groups, measures and bounds in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from orgaudit.expressions import Group, Node, NumberRef
from orgaudit.standards.describe.conditions import Conditions
from orgaudit.standards.describe.words import Noun, Place
from orgaudit.standards.measures import (
    Bound,
    BoundValue,
    Condition,
    Count,
    Distinct,
    Measure,
    Ratio,
    Require,
    Share,
    Test,
    Total,
    ValueOf,
)

_DATES = {
    "at_least": "says.not-earlier",
    "at_most": "says.not-later",
    "more_than": "says.later",
    "less_than": "says.earlier",
    "exactly": "says.equal",
    "between": "says.from-to",
}
_NONE = {"at_most": "says.there-is-none", "exactly": "says.there-is-not-one"}


class Measures(Conditions):
    """What is measured, and how much of it there has to be."""

    # -- groups

    def groups(self, groups: Sequence[Group], place: Place) -> str:
        """A union of groups."""
        texts = [self.group(g, place) for g in groups]
        if len(texts) == 1:
            return texts[0]
        numbered = self.say("says.semicolon").join(f"({i}) {t}" for i, t in enumerate(texts, 1))
        return self.say("says.together", groups=numbered)

    def group(self, group: Group, place: Place) -> str:
        """The records of a group: the way to them, their conditions, and when they are asked."""
        noun = place.start if group.root is None else self._all(group, place)
        for hop in group.hops:
            noun = self.step(noun, hop)
        conditions = self.conditions_of(group if not group.hops else replace(group, among=None))
        return self._in_time(self.such(noun.text, group.table, conditions, place), group, place)

    def _all(self, group: Group, place: Place) -> Noun:
        table = str(group.root)
        text = self.say("says.all-of-them", things=self.things(table))
        among = self.conditions_of(replace(group, within=None, where=None)) if group.hops else []
        return self.noun(self.such(text, table, among, place), table, plain=False)

    def such(self, things: str, table: str, conditions: Sequence[Node], place: Place) -> str:
        """Records that keep conditions."""
        if not conditions:
            return things
        told = self.together(conditions, self.at_record(table, place), whose=True)
        return self.say("says.such", things=things, conditions=told)

    def at_record(self, table: str, place: Place) -> Place:
        """The place of a condition on a record that is counted."""
        row = Noun(self.say("says.it"), self.say("says.its"), table)
        return replace(place, rows={**place.rows, "": row})

    def _in_time(self, text: str, group: Group, place: Place) -> str:
        if group.ever:
            return self.say("says.ever", things=text)
        if group.dated is not None:
            return self.say("says.dated", things=text, field=self.field(group.table, group.dated))
        if place.when and self.model.tables[group.table].kind == "state":
            return self.say("says.standing", things=text, when=place.when)
        return text

    # -- measures

    def measured(self, measure: Measure, place: Place) -> str:
        """What is measured, said as a noun."""
        match measure:
            case Count():
                return self.say("says.number-of", things=self.groups(measure.of, place))
            case Distinct():
                value = self._of_each(measure.value, measure.table, place)
                return self.say("says.number-of-different", value=value, things=self.groups(measure.of, place))
            case Total():
                return self._total(measure, place)
            case Share():
                inner = self.at_record(measure.table, place)
                conditions = self.clause(measure.where, inner, whose=True)
                return self.say("says.share-of", things=self.groups(measure.of, place), conditions=conditions)
            case Ratio():
                part, whole = self.measured(measure.part, place), self.measured(measure.whole, place)
                return self.say("says.ratio-of", part=part, whole=whole)
            case ValueOf():
                return self.phrase(measure.value, place)
        raise AssertionError(measure)  # the others are no numbers: they are told as what must hold

    def _of_each(self, value: Node, table: str, place: Place) -> str:
        """A value of the records, without `its` where it is a plain field of theirs."""
        if self.field_of(value) is not None and not getattr(value, "hops", ()) and not getattr(value, "row", ""):
            return self.named(value)  # type: ignore[arg-type]
        return self.phrase(value, self.at_record(table, place))

    def _total(self, measure: Total, place: Place) -> str:
        is_date = measure.value.type == "date"
        codes = {
            "sum": "says.sum-of",
            "min": "says.earliest-of" if is_date else "says.least-of",
            "max": "says.latest-of" if is_date else "says.greatest-of",
        }
        value = self._of_each(measure.value, measure.table, place)
        return self.say(codes[measure.kind], value=value, things=self.groups(measure.of, place))

    def number(self, node: NumberRef, place: Place) -> str:
        """A defined number: what it is defined as, of the record at hand."""
        measure = self.standard.numbers[node.name].measure
        number = self.measured(measure, self._at_owner(node, replace(place, when="")))
        return self.say("says.number-in-sentence", number=number)

    def _at_owner(self, node: NumberRef, place: Place) -> Place:
        if node.row not in place.rows and not node.hops:  # of the whole audit: its paths begin with a table
            return place
        noun = self.reached(node.row, node.hops, place)
        start = noun if noun.own else replace(noun, own=self.say("says.its-own"))
        return replace(place, rows={"": noun, "subject": noun}, start=start)

    # -- bounds

    def bound(self, bound: Bound, measure: Measure, place: Place) -> str:
        """`at least 3`"""
        *first, last = bound.values
        values = [*(self._yardstick(v, place) for v in first), self._counted(last, measure, place)]
        is_date = isinstance(measure, (ValueOf, Total)) and measure.value.type == "date"
        code = _DATES[bound.kind] if is_date else bound.kind
        return self.say(code, **{f"v{i}": v for i, v in enumerate(values)})

    def _counted(self, value: BoundValue, measure: Measure, place: Place) -> str:
        text = self._yardstick(value, place)
        if not isinstance(measure, Count) or value.node is not None:
            return text
        is_event = self.model.tables[measure.table].kind == "event"
        return self.say("says.times" if is_event else "says.pieces", n=text)

    def _yardstick(self, value: BoundValue, place: Place) -> str:
        if value.parameter is not None:
            return self.parameter(value.parameter)
        if value.duration is not None:
            return self.duration(value.duration)
        if value.node is not None:
            return self.phrase(value.node, place)
        return value.text or self.value(value.number)

    # -- what holds

    def held(self, measure: Measure, bound: Bound, place: Place, be: str = "") -> str:
        """That a measure keeps its bound; `be` is the verb of a rule, in a condition it is `is`."""
        if not isinstance(measure, Count):
            what = self.measured(measure, place)
            return self.say(
                "says.value-is", what=what, be=be or self.say("says.be"), bound=self.bound(bound, measure, place)
            )
        number = bound.values[0].number
        one = number == 1 or (number == 0 and bound.kind == "exactly")
        verb = be or self.say("says.be" if one else "says.are")
        things = self.groups(measure.of, place)
        if number == 0 and bound.kind in _NONE:
            return self.say(_NONE[bound.kind], be=verb, things=things)
        return self.say("says.there-are", be=verb, bound=self.bound(bound, measure, place), things=things)

    def condition(self, condition: Condition, place: Place) -> str:
        """A condition over the subject, or a measure with its bound."""
        if isinstance(condition, Test):
            return self.held(condition.measure, condition.bound, place)
        return self.clause(condition, place)

    def required(self, measure: Require, place: Place, be: str) -> str:
        """What must be so: a long condition as a list."""
        be = be or self.say("says.be")
        parts = self.parts(measure.condition)
        if len(parts) < 3:
            return self.say("says.this-holds", be=be, condition=self.clause(measure.condition, place))
        inner = replace(place, depth=place.depth + 1)
        return self.say("says.all-hold", be=be) + self.listed([self.clause(p, inner) for p in parts], place.depth)

    def listed(self, texts: Sequence[str], depth: int) -> str:
        """Lines of a list: numbered, and lettered inside another one."""
        marks = [chr(ord("a") + i) if depth else str(i + 1) for i in range(len(texts))]
        lines = [f"\n{'    ' * depth}({m}) {t}" for m, t in zip(marks, texts, strict=True)]
        return self.say("says.semicolon").strip().join(lines)
