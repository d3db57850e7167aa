"""Windows, values of each and exemptions of rules, from their keys to checked trees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from orgaudit.errors import OrgauditError, did_you_mean
from orgaudit.expressions import Literal, Scope, split_of
from orgaudit.standards.language import ExemptionKeys, RuleKeys, WindowKeys
from orgaudit.standards.measures import Bound, Measure, Window
from orgaudit.standards.reading import Reader
from orgaudit.standards.rules import EachOf, Exemption, Season
from orgaudit.standards.values import type_of
from orgaudit.standards.vocabulary import refuse_name, refuse_only_case, refuse_twice
from orgaudit.yamlfile import Path

_SEASON = re.compile(r"yearly (\d\d)-(\d\d) to (\d\d)-(\d\d)\Z")
_LAST_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class PartReader(Reader):
    """Reads what a rule has beside its measure; an error in one part does not hide those of the others."""

    def window(self, keys: RuleKeys, scope: Scope, path: Path) -> Window | None:
        """The window of a rule; None where it has none."""
        place = (*path, "within")
        with self.places.at(place):
            if isinstance(keys.within, WindowKeys):
                ends = keys.within
                if ends.from_ is None and ends.to is None:
                    raise OrgauditError("missing-key", {"key": "from"})
                first = None if ends.from_ is None else self.date(ends.from_, scope, (*place, "from"))
                last = None if ends.to is None else self.date(ends.to, scope, (*place, "to"))
                if isinstance(first, Literal) and isinstance(last, Literal) and str(last.value) < str(first.value):
                    raise OrgauditError("between-nothing", {"low": first.value, "high": last.value})
                return Window(first=first, last=last)
            if keys.within is None:
                return None
            text, _, day = keys.within.partition(" after ")
            if not day:
                raise OrgauditError("window-syntax", {"text": keys.within})
            duration = self.duration(text.strip())
            behind = len(keys.within) - len(day)
            return Window(after=self.date(day, scope, place, behind), duration=duration)
        return None

    def each(self, keys: RuleKeys, scope: Scope, path: Path) -> Iterator[tuple[str, EachOf]]:
        """What each name goes through; nothing for those that are wrong."""
        for name, values in keys.each.items():
            place = (*path, "each", name)
            with self.places.at(place, key=True):
                refuse_name(name)
                refuse_only_case(name, keys.each)
            found: EachOf | None = None
            with self.places.at(place):
                if not isinstance(values, str):
                    found = _listed(name, tuple(values))
                elif values.startswith("$"):
                    found = self._from_parameter(values)
                else:
                    found = self._found(values, scope, place)
            if found is not None:
                yield name, found
            else:
                self.vocabulary.wrong.add(name)

    def listed_in(self, each: EachOf) -> tuple[object, ...]:
        """The values that are written for a name of `each`, at any time; none of one that is found in the records."""
        return self.vocabulary.parameters[each.parameter].ever if each.parameter is not None else each.values

    def _from_parameter(self, text: str) -> EachOf:
        parameter = self.vocabulary.parameters.get(text[1:])
        if parameter is None:
            raise OrgauditError("unknown-parameter", did_you_mean(text[1:], self.vocabulary.parameters))
        if not isinstance(parameter.values[0][1], tuple):
            raise OrgauditError("wrong-type", {"name": text, "expected": "list", "type": parameter.type})
        if not parameter.ever:
            raise OrgauditError("no-values", {"name": parameter.name})
        return EachOf(parameter.type, parameter=parameter.name)

    def _found(self, text: str, scope: Scope, place: Path) -> EachOf:
        halves = split_of(text)
        if halves is None:
            group = self.group(text, scope, place)
            key = self.model.tables[group.table].primaryKey
            if len(key) != 1:
                raise OrgauditError("each-of-several-columns", {"table": group.table, "key": ", ".join(key)})
            return EachOf(self.model.tables[group.table].by_name[key[0]].type, group=group)
        group = self.group(halves[1], scope, place, text.index(" of ") + 4)
        value = self.node(halves[0], replace(scope, row=group.table), place)
        return EachOf(value.type, group=group, value=value)

    def exemption(
        self, keys: ExemptionKeys, rule: RuleKeys, measure: Measure, scope: Scope, path: Path
    ) -> Iterator[Exemption]:
        """The checked exemption; nothing where it is wrong."""
        with self.places.at(path):
            effect = self._effect(keys, rule, measure, scope, path)
            reading = keys.effect[1:] if isinstance(keys.effect, str) and keys.effect.startswith("$") else None
            if keys.when is not None:
                of_event = scope if effect in ("skip", "break") else replace(scope, event=None)
                when = self.asked(keys.when, of_event, (*path, "when"))
                yield Exemption(keys.id, keys.clause, effect, when=when, reading=reading)
                return
            key = "during" if keys.during is not None else "during_all"
            text, place = str(getattr(keys, key)), (*path, key)
            if text.startswith("yearly "):
                with self.places.at(place):
                    found, whole = season(text), key == "during_all"
                    yield Exemption(keys.id, keys.clause, effect, during=found, whole=whole, reading=reading)
                return
            group = self.group(text, scope, place)
            if self.model.tables[group.table].kind != "state":
                raise OrgauditError("not-a-state", {"table": group.table}, self.places.file.where(place))
            whole = key == "during_all"
            yield Exemption(keys.id, keys.clause, effect, during=group, whole=whole, reading=reading)

    def _effect(self, keys: ExemptionKeys, rule: RuleKeys, measure: Measure, scope: Scope, path: Path) -> str | Bound:
        place = (*path, "effect")
        if not isinstance(keys.effect, str):
            if not measure.takes_bound or not rule.is_bounded:
                raise OrgauditError("effect-without-bound", {"measure": rule.measure}, self.places.file.where(place))
            bound = self.bound(keys.effect, measure, scope, place)
            assert bound is not None  # the shape asks for one
            return bound
        effect, chosen = keys.effect, [keys.effect]
        if effect.startswith("$"):
            reading = self.vocabulary.readings.get(effect[1:])
            if reading is None:
                values = did_you_mean(effect[1:], self.vocabulary.readings)
                raise OrgauditError("unknown-reading", values, self.places.file.where(place))
            effect, chosen = reading.use, [reading.use, *reading.choices]  # whoever chooses otherwise finds it in order
        allowed = ["excuse", "skip", "break"] if rule.measure in ("consecutive", "periods") else ["excuse"]
        for wrong in (c for c in chosen if c not in allowed):
            code = "effect-of-runs" if wrong in ("skip", "break") else "unknown-word"
            told = {"key": "effect", "value": wrong, "effect": wrong, **did_you_mean(wrong, allowed)}
            raise OrgauditError(code, told, self.places.file.where(place))
        return effect


def season(text: str) -> Season:
    """`yearly 07-01 to 08-31`"""
    match = _SEASON.match(text)
    if match:
        first, last = (int(match[1]), int(match[2])), (int(match[3]), int(match[4]))
        if all(1 <= month <= 12 and 1 <= day <= _LAST_DAYS[month - 1] for month, day in (first, last)):
            return Season(first, last)
    raise OrgauditError("season-syntax", {"text": text})


def _listed(name: str, values: tuple[object, ...]) -> EachOf:
    if not values or len({type_of(v) for v in values}) != 1:
        raise OrgauditError(
            "wrong-value", {"key": name, "value": list(values), "reason": "a list of values of one type"}
        )
    refuse_twice(name, values)
    return EachOf(type_of(values[0]) if type_of(values[0]) in ("boolean", "integer", "number") else "string", values)
