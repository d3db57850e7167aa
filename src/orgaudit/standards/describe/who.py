"""For whom, each what, how often and within when: the first half of a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from orgaudit.expressions import AUDIT
from orgaudit.periods import length_of
from orgaudit.standards.describe.measures import Measures
from orgaudit.standards.describe.words import Noun, Place
from orgaudit.standards.measures import Gap, Runs, Window
from orgaudit.standards.rules import EachOf
from orgaudit.standards.uses import compared_with


class WhoAndWhen(Measures):
    """The subjects of a rule, the values it goes through, and its times."""

    def know_each(self) -> None:
        """Finds words for the values of `each`, before anything speaks of them."""
        self.each_fields = {name: compared_with(self.rule, name) for name in self.rule.each}
        self.each_words = {name: self._each_word(name, each) for name, each in self.rule.each.items()}

    def place(self) -> Place:
        """Where the rule's own expressions stand: `it` is the subject."""
        table = self.rule.subject.table
        own = Noun(self.say("says.it"), self.say("says.its"), table)
        subject = self.noun(self.say("says.the", noun=self.thing(table)), table)
        rows = {"": own, "subject": subject} | dict(self._each_nouns())
        start = replace(own, own=self.say("says.its-own"))
        return Place(rows, start, self._period(), self._when())

    def _each_nouns(self) -> Iterator[tuple[str, Noun]]:
        for name, each in self.rule.each.items():
            if each.table is not None:
                yield f"each {name}", self.noun(self.say("says.that", noun=self.each_words[name]), each.table)

    def _period(self) -> str:
        """What its days are the first and the last of."""
        over = self.rule.measure.over if isinstance(self.rule.measure, Runs) else None
        if isinstance(self.rule.measure, Gap):
            return self.say("says.gap-noun")
        every = self.rule.every or (over if isinstance(over, str) else None)
        if every is None:
            return self.say("says.time-noun")
        return self.say("says.stretch-noun") if self.rule.step else self._named_period(every)

    def _named_period(self, every: str) -> str:
        number = every.removesuffix(" months")
        return self.say("says.period-of-months", n=number) if number != every else self.say(f"says.{every}")

    def _when(self) -> str:
        """The day on which states are asked."""
        over = self.rule.measure.over if isinstance(self.rule.measure, Runs) else None
        if self.rule.window is not None:
            return self.say("says.on-last-day")
        if self.rule.every or isinstance(over, str) or isinstance(self.rule.measure, Gap):
            return self.say("says.on-period-end", period=self._period())
        is_event = self.model.tables[self.rule.subject.table].kind == "event"
        return self.say("says.on-its-day") if is_event else self.say("says.on-as-of")

    def who_and_when(self, place: Place) -> list[str]:
        """Whom, each what, how often, and within when."""
        found = [] if self.rule.subject.table == AUDIT else [self._who(place)]
        found += [self._each(name, each, place) for name, each in self.rule.each.items()]
        if self.rule.every is not None:
            found.append(self._every(self.rule.every))
        if self.rule.window is not None:
            found.append(self._within(self.rule.window, place))
        return found or [self.say("says.whole-audit")]

    def _who(self, place: Place) -> str:
        group = self.rule.subject
        conditions = self.conditions_of(group)
        at_record = self.at_record(group.table, place)
        joined = self.together(conditions, at_record, whose=True) if conditions else ""
        if self.rule.breaches_of:
            text = self._breaches(joined)
        elif joined:
            text = self.say("says.every-such", noun=self.thing(group.table), conditions=joined)
        else:
            text = self.say("says.every", noun=self.thing(group.table))
        if group.dated is not None:
            return self.say("says.each-dated", who=text, field=self.field(group.table, group.dated))
        return self.say("says.each-ever", who=text) if group.ever else text

    def _breaches(self, conditions: str) -> str:
        rules = self.either([self._other_rule(r) for r in self.rule.breaches_of])
        if not conditions:
            return self.say("says.every-breach", rules=rules)
        return self.say("says.every-breach-such", rules=rules, conditions=conditions)

    def _other_rule(self, name: str) -> str:
        title = next((r.title for r in self.standard.rules if r.id == name), {})
        return self.say("says.breached-rule", rule=name, title=self.text(title, name)) if title else name

    def _every(self, every: str) -> str:
        if self.rule.step is not None:
            length = length_of(every)
            number = str(length) if length else "1"
            step = self._named_period(self.rule.step)
            name = self.say("says.stretch" if length else "says.stretch-week", n=number, step=step)
        else:
            name = self._named_period(every)
        is_state = self.model.tables[self.rule.subject.table].kind == "state"
        return self.say(f"says.in-every-{self.rule.alive}" if is_state else "says.in-every", period=name)

    def _within(self, window: Window, place: Place) -> str:
        if window.after is not None:
            told = window.duration
            duration = self.parameter(told) if isinstance(told, str) else self.duration(told)  # type: ignore[arg-type]
            return self.say("says.after-day", duration=duration, day=self.phrase(window.after, place))
        first = self.phrase(window.first, place) if window.first else ""
        last = self.phrase(window.last, place) if window.last else ""
        if first and last:
            return self.say("says.from-day-to-day", first=first, last=last)
        return self.say("says.from-day", first=first) if first else self.say("says.to-day", last=last)

    # -- each

    def _each(self, name: str, each: EachOf, place: Place) -> str:
        if each.group is None:
            field = self.each_fields[name]
            like = self.field_of(field) if field else None
            listed = self.say("says.comma").join(self.value(v, like) for v in each.values)
            values = self.parameter(each.parameter, like) if each.parameter else listed
            return self.say("says.for-each", name=self.each_words[name], values=values)
        things = self.group(each.group, place)
        if each.value is None:
            return self.say("says.for-each-of", values=things)
        value = self._of_each(each.value, each.group.table, place)
        return self.say("says.for-each-value", value=value, things=things)

    def _each_word(self, name: str, each: EachOf) -> str:
        if each.table is not None:
            return self.thing(each.table)
        field = self.each_fields[name]
        if field is None or self.language == "en":
            return name.replace("_", " ")
        return self.named(field)
