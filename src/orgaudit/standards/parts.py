"""Windows, bounds, levels and exemptions of rules, from their keys to checked trees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from orgaudit.errors import OrgauditError, did_you_mean
from orgaudit.expressions import Node, Scope, check_condition, check_date, check_group
from orgaudit.periods import Duration, parse_duration
from orgaudit.standards.definitions import Definitions
from orgaudit.standards.ladder import level_errors
from orgaudit.standards.language import Bounded, CountWithBound, ExemptionKeys, RuleKeys, WindowKeys
from orgaudit.standards.rules import Bound, BoundValue, Exemption, Level, Window
from orgaudit.yamlfile import Path


class Parts(Definitions):
    """The parts that rules are made of; an error in one of them does not hide those of the others."""

    def window(self, keys: RuleKeys, scope: Scope, path: Path) -> Window | None:
        """The window of a rule; None where it has none."""
        place = (*path, "within")
        with self.at(place):
            if isinstance(keys.within, WindowKeys):
                first = self._date(keys.within.from_, scope, (*place, "from"))
                last = self._date(keys.within.to, scope, (*place, "to"))
                if first is None and last is None:
                    raise OrgauditError("missing-key", {"key": "from"})
                return Window(first=first, last=last)
            if keys.within is None:
                if keys.measure == "done":
                    raise OrgauditError("missing-key", {"key": "within"})
                return None
            text, _, day = keys.within.partition(" after ")
            if not day:
                raise OrgauditError("window-syntax", {"text": keys.within})
            return Window(after=self._date(day, scope, place), duration=self._duration(text.strip()))
        return None

    def _date(self, text: str | None, scope: Scope, path: Path) -> Node | None:
        if text is None:
            return None
        try:
            return check_date(text, scope)
        except OrgauditError as e:
            raise OrgauditError(e.code, e.values, self.file.where(path), e.hint) from e

    def _duration(self, text: str) -> Duration | str:
        if text.startswith("$"):
            name = text[1:]
            if name not in self.parameters:
                raise OrgauditError("unknown-parameter", did_you_mean(name, self.parameters))
            if self.parameters[name].type != "duration":
                raise OrgauditError(
                    "wrong-type", {"name": text, "expected": "duration", "type": self.parameters[name].type}
                )
            return name
        duration = parse_duration(text)
        if duration is None:
            if "working" in text:
                raise OrgauditError("not-built", {"what": "working days"})
            raise OrgauditError("window-syntax", {"text": text})
        return duration

    def bound(self, keys: Bounded, path: Path) -> Bound | None:
        """The one bound among the keys; None where there is none."""
        for kind, value in keys.bounds.items():
            with self.at((*path, kind)):
                values = value if isinstance(value, list) else [value]
                return Bound(kind, tuple(self._bound_value(v) for v in values))
        return None

    def _bound_value(self, value: object) -> BoundValue:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return BoundValue(number=value)
        text = str(value)
        if text.startswith("$"):
            parameter = self.parameters.get(text[1:])
            if parameter is None:
                raise OrgauditError("unknown-parameter", did_you_mean(text[1:], self.parameters))
            if parameter.type not in ("integer", "number"):
                raise OrgauditError("wrong-type", {"name": text, "expected": "number", "type": parameter.type})
            return BoundValue(parameter=text[1:])
        duration = parse_duration(text)
        if duration is not None and duration.unit == "days":
            return BoundValue(number=duration.count)
        raise OrgauditError("not-built", {"what": f"the bound `{text}`"})

    def levels(self, keys: RuleKeys, path: Path) -> tuple[Level, ...]:
        """The steps of a ladder, in ascending order and without a hole."""
        levels: list[Level] = []
        for i, level in enumerate(keys.levels):
            place = (*path, "levels", i)
            bound = self.bound(level, place)
            if bound is None:
                self.errors.append(OrgauditError("missing-key", {"key": "at_least"}, self.file.where(place)))
            else:
                levels.append(Level(level.level, bound, level.severity, level.title))
        for index, error in level_errors(levels):
            self.errors.append(OrgauditError(error.code, error.values, self.file.where((*path, "levels", index))))
        return tuple(levels)

    def exemption(self, keys: ExemptionKeys, rule: RuleKeys, scope: Scope, path: Path) -> Iterator[Exemption]:
        """The checked exemption; nothing where it is wrong."""
        with self.at(path):
            effect = self._effect(keys.effect, rule, path)
            if keys.during is not None:
                with self.at((*path, "during")):
                    if keys.during.startswith("yearly "):
                        raise OrgauditError("not-built", {"what": "a season"})
                    group = check_group(keys.during, replace(scope, row=None), root=False)
                    if self.model.tables[group.table].kind != "state":
                        raise OrgauditError("not-a-state", {"table": group.table})
                    yield Exemption(keys.id, keys.clause, effect, during=group)
            elif isinstance(keys.when, CountWithBound):
                place = (*path, "when")
                bound = self.bound(keys.when, place)
                if bound is None:
                    raise OrgauditError("missing-key", {"key": "at_least"}, self.file.where(place))
                yield Exemption(
                    keys.id,
                    keys.clause,
                    effect,
                    count=self.count(keys.when.count, scope, (*place, "count")),
                    bound=bound,
                )
            else:
                with self.at((*path, "when")):
                    yield Exemption(keys.id, keys.clause, effect, condition=check_condition(str(keys.when), scope))

    def _effect(self, effect: str, rule: RuleKeys, path: Path) -> str:
        if effect.startswith("$"):
            reading = self.keys.readings.get(effect[1:])
            if reading is None:
                raise OrgauditError(
                    "unknown-reading", did_you_mean(effect[1:], self.keys.readings), self.file.where((*path, "effect"))
                )
            effect = reading.use
        allowed = ["excuse", "skip", "break"] if rule.consecutive else ["excuse"]
        if effect not in allowed:
            code = "effect-of-runs" if effect in ("skip", "break") else "not-built"
            values = {"what": f"the effect `{effect}`", "effect": effect, "known": ", ".join(allowed)}
            raise OrgauditError(code, values, self.file.where((*path, "effect")))
        return effect
