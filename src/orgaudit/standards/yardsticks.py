"""Expressions, groups, bounds and ladders of a standard: from their text to checked trees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from orgaudit.errors import OrgauditError, OrgauditErrors, did_you_mean
from orgaudit.expressions import EachRef, Group, Literal, Node, Scope, check, check_condition, check_date, check_group
from orgaudit.periods import Duration, parse_duration
from orgaudit.standards.extents import refuse_no_window, refuse_too_large, refuse_too_long
from orgaudit.standards.fitting import Found, fitted, found_by, most_found, refuse_empty, refuse_values
from orgaudit.standards.ladder import counts_whole, level_errors
from orgaudit.standards.language import Bounded, Laddered
from orgaudit.standards.measures import Bound, BoundValue, Gap, Level, Measure, Runs
from orgaudit.standards.places import Places
from orgaudit.standards.values import fraction_of
from orgaudit.standards.vocabulary import Vocabulary
from orgaudit.yamlfile import Path

#: what a level that passes might be called by mistake
_PASSING = ("ok", "okay", "pass", "passed")
#: ends the reading of a part whose errors have been kept
ALREADY_TOLD = OrgauditErrors([])


class BoundReader:
    """Reads the parts of one file of a standard; what it raises has a place, what it can keep it keeps in `places`."""

    def __init__(self, vocabulary: Vocabulary, places: Places) -> None:
        self.vocabulary, self.places, self.model = vocabulary, places, vocabulary.model

    # -- expressions and groups

    def node(self, text: str, scope: Scope, path: Path) -> Node:
        """The checked tree of an expression."""
        try:
            return check(text, scope)
        except OrgauditError as e:
            raise self._placed(e, path) from e

    def condition(self, text: str | bool, scope: Scope, path: Path) -> Node:
        """The checked tree of a condition."""
        try:
            return check_condition(str(text).lower() if isinstance(text, bool) else text, scope)
        except OrgauditError as e:
            raise self._placed(e, path) from e

    def date(self, text: str, scope: Scope, path: Path, offset: int = 0) -> Node:
        """The checked tree of a date, which stands `offset` signs behind the beginning of what is written."""
        try:
            return check_date(text, scope)
        except OrgauditError as e:
            raise self._placed(e, path, offset) from e

    def _placed(self, e: OrgauditError, path: Path, offset: int = 0) -> OrgauditError:
        column = e.values.get("column")
        at = column + offset if isinstance(column, int) else column
        return OrgauditError(e.code, e.values, e.where or self.places.where(path, at), e.hint)

    def group(self, text: str, scope: Scope, path: Path, offset: int = 0) -> Group:
        """A group on a path from the subject, or from the whole audit."""
        try:
            return check_group(text, replace(scope, row=None), root=False)
        except OrgauditError as e:
            raise self._placed(e, path, offset) from e

    def groups(self, texts: Sequence[str], scope: Scope, path: Path) -> tuple[Group, ...]:
        """A union of groups of one table."""
        found: list[Group] = []
        before = len(self.places.errors)
        for i, text in enumerate(texts):
            place = (*path, i) if (*path, i) in self.places.file.places else path
            with self.places.at(place):
                found.append(self.group(text, scope, place))
        if len({g.table for g in found}) > 1:
            tables = ", ".join(sorted({g.table for g in found}))
            raise OrgauditError("union-of-tables", {"tables": tables}, self.places.file.where(path))
        if not texts:
            raise OrgauditError("no-groups", {}, self.places.file.where(path))
        if len(self.places.errors) > before:
            raise ALREADY_TOLD
        return tuple(found)

    # -- bounds

    def bound(self, keys: Bounded, measure: Measure, scope: Scope, path: Path) -> Bound | None:
        """The one bound among the keys; None where there is none. Of a measure that could not be read it is only read."""
        found = found_by(measure, self.vocabulary.numbers, self.model)
        for kind, value in keys.bounds.items():
            place = (*path, kind)
            with self.places.at(place):
                if isinstance(measure, Gap) and kind not in ("at_most", "less_than"):
                    raise OrgauditError("bound-of-gap", {"kind": kind})
                values = value if isinstance(value, list) else [value]
                places = [(*place, i) if (*place, i) in self.places.file.places else place for i in range(len(values))]
                pairs = zip(values, places, strict=True)
                bound = Bound(kind, tuple(self._bound_value(v, measure, found, scope, p) for v, p in pairs))
                if found is not None:
                    refuse_empty(bound, found, self.vocabulary.parameters)
                return bound
            raise ALREADY_TOLD
        return None

    def levels(self, keys: Laddered, measure: Measure, scope: Scope, path: Path) -> tuple[Level, ...]:
        """The steps of a ladder, in ascending order and without a hole."""
        found: list[Level] = []
        before = len(self.places.errors)
        if "levels" in keys.model_fields_set and all(level.level == "ok" for level in keys.levels):
            raise OrgauditError("levels-without-breach", {}, self.places.file.where((*path, "levels")))
        for i, level in enumerate(keys.levels):
            place = (*path, "levels", i)
            with self.places.at(place):
                if isinstance(measure, Gap):
                    raise OrgauditError("bound-of-gap", {"kind": "levels"})
                if level.level != "ok" and level.level.casefold() in _PASSING:
                    raise OrgauditError("level-ok", {"level": level.level}, self.places.file.where((*place, "level")))
                bound = self.bound(level, measure, scope, place)
                if bound is None:
                    raise OrgauditError("missing-key", {"key": "at_least"}, self.places.file.where(place))
                found.append(Level(level.level, bound, level.severity, level.title))
        if len(self.places.errors) > before:
            raise ALREADY_TOLD
        most = most_found(measure, self.vocabulary.numbers, self.model)
        for index, error in level_errors(found, most, whole=counts_whole(measure)):
            self.places.errors.append(
                OrgauditError(error.code, error.values, self.places.file.where((*path, "levels", index)))
            )
        return tuple(found)

    def _bound_value(
        self, value: object, measure: Measure, found: Found | None, scope: Scope, path: Path
    ) -> BoundValue:
        bound, kind = self._plain_bound(value, scope, path)
        try:
            if isinstance(measure, Runs) and bound.node is not None and not isinstance(bound.node, Literal):
                raise OrgauditError("bound-of-runs", {"value": value})
            if isinstance(bound.node, EachRef) and found is not None:
                refuse_values(scope.each_values.get(bound.node.name, ()), str(value), found)
            parameter = self.vocabulary.parameters.get(bound.parameter or "")
            return bound if found is None else fitted(bound, kind, str(value), found, parameter)
        except OrgauditError as e:
            raise self._placed(e, path) from e

    def _plain_bound(self, value: object, scope: Scope, path: Path) -> tuple[BoundValue, str]:
        """A bound's value and its type."""
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            refuse_too_large(value)
            return BoundValue(number=value), "number"
        text = str(value)
        fraction, duration = fraction_of(text), parse_duration(text)
        if fraction is not None:
            return BoundValue(number=fraction.numerator, over=fraction.denominator, text=text), "ratio"
        if duration is not None:
            refuse_too_long(duration)
            return BoundValue(duration=duration), "duration"
        if text.startswith("$") and text[1:].replace("_", "").isalnum():
            return self._parameter(text[1:])
        node = self.node(text, replace(scope, row=None), path)
        return BoundValue(node=node, text=text), node.type

    def _parameter(self, name: str) -> tuple[BoundValue, str]:
        parameter = self.vocabulary.parameters.get(name)
        if parameter is None:
            raise OrgauditError("unknown-parameter", did_you_mean(name, self.vocabulary.parameters))
        if isinstance(parameter.values[0][1], tuple):
            raise OrgauditError("wrong-type", {"name": f"${name}", "expected": "number", "type": "list"})
        return BoundValue(parameter=name), parameter.type

    def duration(self, text: str) -> Duration | str:
        """`30 days`, or the name of the parameter that holds a duration."""
        if not text.startswith("$"):
            duration = parse_duration(text)
            if duration is None:
                raise OrgauditError("window-syntax", {"text": text})
            self.needs_calendar(duration)
            refuse_no_window(duration)
            return duration
        parameter = self.vocabulary.parameters.get(text[1:])
        if parameter is None:
            raise OrgauditError("unknown-parameter", did_you_mean(text[1:], self.vocabulary.parameters))
        if parameter.type != "duration":
            raise OrgauditError("wrong-type", {"name": text, "expected": "duration", "type": parameter.type})
        for value in parameter.ever:
            self.needs_calendar(parse_duration(str(value)))
            refuse_no_window(parse_duration(str(value)))
        return text[1:]

    def needs_calendar(self, duration: Duration | None) -> None:
        """Refuses working days where the standard names no calendar."""
        if duration is not None and duration.unit == "working days" and self.vocabulary.calendar is None:
            raise OrgauditError("no-calendar")
