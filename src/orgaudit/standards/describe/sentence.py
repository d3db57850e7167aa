"""A rule in words: for whom, how often, within when, what, how much, and unless what."""

from __future__ import annotations

import re
from dataclasses import replace

from orgaudit.expressions import Group
from orgaudit.messages import in_language
from orgaudit.standards.describe.who import WhoAndWhen
from orgaudit.standards.describe.words import Place
from orgaudit.standards.measures import (
    Attest,
    Bound,
    Done,
    Gap,
    Level,
    Measure,
    Part,
    Parts,
    Require,
    Runs,
)
from orgaudit.standards.rules import Exemption, Season

_BETWEEN_CHINESE = re.compile(r"(?<=[一-鿿，。：；（）“”、]) (?=[一-鿿（“])")
_BEFORE_NUMBER = re.compile(r"(?<=[一-鿿])(?=[0-9A-Za-z])|(?<=[0-9A-Za-z%])(?=[一-鿿])")


class Sentence(WhoAndWhen):
    """One rule in one language."""

    def whole(self) -> tuple[str, list[str]]:
        """The sentence with its lists, and one for each exemption."""
        self.know_each()
        place = self.place()
        be = self.say(f"says.be-{self.rule.modality}")
        what = self._what(self.rule.measure, self.rule.bound, self.rule.levels, place, be)
        who = self.say("says.comma-between").join(self.who_and_when(place))
        sentence = self._printed(self.say("says.sentence", who=who, what=what))
        return sentence, [self._printed(self._unless(e, place)) for e in self.rule.exemptions]

    def _printed(self, line: str) -> str:
        return typeset(line) if self.language == "zh" else line[0].upper() + line[1:]

    # -- what and how much

    def _what(self, measure: Measure, bound: Bound | None, levels: tuple[Level, ...], place: Place, be: str) -> str:
        match measure:
            case Require():
                return self.required(measure, place, be)
            case Done():
                return self.say("says.done-in-time", what=self.phrase(measure.day, place), be=be or self.say("says.be"))
            case Attest():
                question = in_language(measure.question, self.language)
                return self.say("says.answered", question=question, be=be or self.say("says.be"))
            case Parts():
                return self._parts(measure, place, be or self.say("says.are"))
        if levels:
            return self._graded(measure, levels, place)
        if bound is None:
            return self.say("says.figure", what=self.named_measure(measure, place))
        if isinstance(measure, (Runs, Gap)):
            what = self.named_measure(measure, place)
            be = be or self.say("says.be")
            return self.say("says.value-is", what=what, be=be, bound=self.bound(bound, measure, place))
        return self.held(measure, bound, place, be)

    def named_measure(self, measure: Measure, place: Place) -> str:
        """What is measured, runs and gaps among it."""
        if isinstance(measure, Gap):
            ends = self.say(f"says.ends-{measure.ends}")
            return self.say("says.gap", things=self.groups(measure.of, replace(place, when="")), ends=ends)
        if not isinstance(measure, Runs):
            return self.measured(measure, place)
        if isinstance(measure.over, Group):
            inner = self._at_event(place, measure.over.table)
            code = "says.events-in-a-row" if measure.in_a_row else "says.events-altogether"
            things = self.group(measure.over, place)
            return self.say(code, things=things, condition=self.condition(measure.when, inner))
        code = "says.in-a-row" if measure.in_a_row else "says.altogether"
        return self.say(code, periods=self._many(measure.over), condition=self.condition(measure.when, place))

    def _at_event(self, place: Place, table: str) -> Place:
        event = self.noun(self.say("says.that", noun=self.thing(table)), table)
        return replace(place, rows={**place.rows, "event": event}, when=self.say("says.on-its-day"))

    def _many(self, every: str) -> str:
        number = every.removesuffix(" months")
        return self.say("says.many-months", n=number) if number != every else self.say(f"says.many-{every}")

    def _parts(self, measure: Parts, place: Place, be: str) -> str:
        head = self.say("says.all-hold" if measure.every else "says.one-holds", be=be)
        inner = replace(place, depth=place.depth + 1)
        return head + self.listed([self._part(p, inner) for p in measure.parts], place.depth)

    def _part(self, part: Part, place: Place) -> str:
        return self._what(part.measure, part.bound, part.levels, place, "")

    def _graded(self, measure: Measure, levels: tuple[Level, ...], place: Place) -> str:
        lines = [self._level(lv, measure, place) for lv in levels]
        head = self.say("says.graded", what=self.named_measure(measure, place))
        return head + self.listed(lines, place.depth)

    def _level(self, level: Level, measure: Measure, place: Place) -> str:
        bound = self.bound(level.bound, measure, place)
        if level.name == "ok":
            return self.say("says.level-ok", bound=bound)
        title = self.quoted(self.text(level.title, level.name))
        if level.severity is None:
            return self.say("says.level", bound=bound, title=title)
        severity = self.say(f"severity.{level.severity}")
        return self.say("says.level-severity", bound=bound, title=title, severity=severity)

    # -- exemptions

    def _unless(self, exemption: Exemption, place: Place) -> str:
        condition, effect = self.exemption(exemption, place)
        return self.say("says.unless", name=exemption.id, condition=condition, effect=effect)

    def exemption(self, exemption: Exemption, place: Place) -> tuple[str, str]:
        """When it holds, and what follows from that."""
        measure = self.rule.measure
        over = measure.over if isinstance(measure, Runs) else None
        of_each = exemption.effect in ("skip", "break")
        if of_each and isinstance(over, Group):
            place = self._at_event(place, over.table)
        if isinstance(over, str) and not of_each:
            place = replace(place, when=self.say("says.on-as-of"))
        return self._holds(exemption, place, of_each=of_each), self._effect(exemption.effect, place)

    def _holds(self, exemption: Exemption, place: Place, *, of_each: bool) -> str:
        if exemption.when is not None:
            return self.condition(exemption.when, place)
        span = self._span(place, of_each=of_each)
        if isinstance(exemption.during, Season):
            code = "says.season-all" if exemption.whole else "says.season"
            first, last = self.day_of_year(exemption.during.first), self.day_of_year(exemption.during.last)
            return self.say(code, span=span, first=first, last=last)
        assert exemption.during is not None  # the shape asks for one of the two
        things = self.group(exemption.during, replace(place, when=""))
        return self.say("says.during-all" if exemption.whole else "says.during", things=things, span=span)

    def _span(self, place: Place, *, of_each: bool) -> str:
        """The time that an exemption looks at."""
        if self.rule.window is not None:
            return self.say("says.span-window")
        if of_each and isinstance(self.rule.measure, Runs) and isinstance(self.rule.measure.over, Group):
            return self.say("says.on-its-day-noun")
        if self.rule.every or of_each or isinstance(self.rule.measure, Gap):
            return self.say("says.span-period", period=place.period)
        return self.say("says.span-ever")

    def _effect(self, effect: str | Bound, place: Place) -> str:
        measure = self.rule.measure
        if isinstance(effect, Bound):
            return self.say("says.effect-bound", bound=self.bound(effect, measure, place))
        if effect == "excuse" or not isinstance(measure, Runs):
            return self.say("says.effect-excuse")
        name = place.period if isinstance(measure.over, str) else self.thing(measure.over.table)
        if not measure.in_a_row:
            word = self.say("says.skip" if effect == "skip" else "says.break")
            return self.say("says.effect-leave-out", period=name, word=word)
        code = "says.effect-skip-period" if effect == "skip" else "says.effect-break-period"
        return self.say(code, period=name)


def typeset(text: str) -> str:
    """Chinese as it is printed: spaces around numbers and Latin words, none elsewhere, and no 的 after 其."""
    return _BEFORE_NUMBER.sub(" ", _BETWEEN_CHINESE.sub("", text)).replace("其的", "其")
