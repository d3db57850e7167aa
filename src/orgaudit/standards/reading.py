"""Measures, bounds and conditions of a standard: from their keys to checked trees."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from orgaudit.errors import OrgauditError, OrgauditErrors, did_you_mean
from orgaudit.expressions import (
    AUDIT,
    Group,
    Node,
    Scope,
    check,
    check_condition,
    check_date,
    check_group,
    split_of,
)
from orgaudit.periods import Duration, months_of, parse_duration
from orgaudit.recordmodel import Hop, RecordModel
from orgaudit.standards.ladder import level_errors
from orgaudit.standards.language import Bounded, Laddered, MeasureKeys, PartKeys, TestKeys
from orgaudit.standards.measures import (
    Attest,
    Bound,
    BoundValue,
    Condition,
    Count,
    Distinct,
    Done,
    Gap,
    Level,
    Measure,
    Part,
    Parts,
    Ratio,
    Require,
    Runs,
    Share,
    Test,
    Total,
    ValueOf,
)
from orgaudit.standards.places import Places
from orgaudit.standards.vocabulary import Vocabulary, fraction_of
from orgaudit.yamlfile import Path

#: ends the reading of a part whose errors have been kept
ALREADY_TOLD = OrgauditErrors([])
_ORDERED = {"integer", "number", "date"}


class Reader:
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

    def date(self, text: str, scope: Scope, path: Path) -> Node:
        """The checked tree of a date."""
        try:
            return check_date(text, scope)
        except OrgauditError as e:
            raise self._placed(e, path) from e

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
        if not found or len(self.places.errors) > before:
            raise ALREADY_TOLD
        return tuple(found)

    # -- measures

    def measure(self, keys: MeasureKeys, scope: Scope, path: Path, name: str) -> Measure:
        """The one measure among the keys; `name` is what answers to its question are filed under."""
        kind = keys.measure
        place = (*path, kind)
        if kind in ("distinct", "sum", "min", "max"):
            return self._of_values(kind, getattr(keys, kind), scope, place)
        readers: dict[str, Callable[[], Measure]] = {
            "count": lambda: Count(self.groups(keys.count or (), scope, place)),
            "share": lambda: self._share(keys, scope, place),
            "ratio": lambda: self._ratio(keys, scope, place, name),
            "value": lambda: ValueOf(self._value(str(keys.value), scope, place)),
            "require": lambda: Require(self.condition(keys.require or False, scope, place)),
            "done": lambda: Done(self.date(str(keys.done), scope, place)),
            "gap": lambda: self._gap(keys, scope, place),
            "attest": lambda: self._attest(keys, scope, place, name),
            "all": lambda: Parts(True, self._parts(keys.all or [], scope, place, name)),
            "any": lambda: Parts(False, self._parts(keys.any or [], scope, place, name)),
            "consecutive": lambda: self._runs(keys, scope, path),
            "periods": lambda: self._runs(keys, scope, path),
        }
        return readers[kind]()

    def _value(self, text: str, scope: Scope, place: Path) -> Node:
        node = self.node(text, scope, place)
        if node.type not in _ORDERED:
            raise OrgauditError("not-ordered", {"text": text, "type": node.type}, self.places.where(place, node.column))
        return node

    def _of_values(self, kind: str, text: str, scope: Scope, place: Path) -> Measure:
        halves = split_of(text)
        if halves is None:
            raise OrgauditError("of-syntax", {"key": kind, "text": text}, self.places.file.where(place))
        expression, group_text = halves
        group = self.group(group_text, scope, place, text.index(" of ") + 4)
        value = self.node(expression, replace(scope, row=group.table), place)
        known = {"sum": _ORDERED - {"date"}, "distinct": {value.type} - {"list"}}.get(kind, _ORDERED)
        if value.type not in known:
            code = "not-a-number" if kind == "sum" else "not-ordered"
            raise OrgauditError(code, {"text": text, "type": value.type}, self.places.where(place, value.column))
        return Distinct((group,), value) if kind == "distinct" else Total((group,), kind, value)

    def _share(self, keys: MeasureKeys, scope: Scope, place: Path) -> Share:
        assert keys.share is not None  # asked by the caller
        groups = self.groups(keys.share.of, scope, (*place, "of"))
        inner = replace(scope, row=groups[0].table)
        return Share(groups, self.condition(keys.share.where, inner, (*place, "where")))

    def _ratio(self, keys: MeasureKeys, scope: Scope, place: Path, name: str) -> Ratio:
        assert keys.ratio is not None  # asked by the caller
        parts = ((keys.ratio.of, "of"), (keys.ratio.to, "to"))
        return Ratio(*(self.measure(part, scope, (*place, key), name) for part, key in parts))

    def _gap(self, keys: MeasureKeys, scope: Scope, place: Path) -> Gap:
        groups = self.groups(keys.gap or (), scope, place)
        if self.model.tables[groups[0].table].kind == "timeless" and not groups[0].dated:
            raise OrgauditError("not-in-time", {"table": groups[0].table}, self.places.file.where(place))
        if scope.subject is not None and self.model.tables[scope.subject].kind == "event":
            raise OrgauditError("every-of-events", {"table": scope.subject}, self.places.file.where(place))
        return Gap(groups, keys.ends)

    def _attest(self, keys: MeasureKeys, scope: Scope, place: Path, name: str) -> Attest:
        """The answers to this rule's question: rows of the table of answers that refer to the subject."""
        at = self.places.file.where(place)
        table = next((n for n, t in self.model.tables.items() if t.attest is not None), None)
        if table is None:
            raise OrgauditError("no-answers", {}, at)
        declared = self.model.tables[table].attest
        assert declared is not None  # just found
        ways = [w for w, hop in self.model.backwards[str(scope.subject)].items() if hop.holder == table]
        if scope.subject == AUDIT:
            ways = [f"{AUDIT}.{table}"]
        if len(ways) != 1:
            raise OrgauditError("no-answers-of", {"table": table, "subject": scope.subject}, at)
        quoted = name.replace("'", "''")
        group = self.group(f"{ways[0]} where {declared.rule} = '{quoted}'", scope, place)
        return Attest((group,), dict(keys.attest or {}), declared.answer)

    def _parts(self, keys: Sequence[PartKeys], scope: Scope, place: Path, name: str) -> tuple[Part, ...]:
        found: list[Part] = []
        before = len(self.places.errors)
        for i, part in enumerate(keys):
            here = (*place, i)
            with self.places.at(here):
                if part.id in [p.id for p in keys[:i]]:
                    raise OrgauditError("duplicate-part", {"part": part.id}, self.places.file.where((*here, "id")))
                measure = self.measure(part, scope, here, f"{name}/{part.id}")
                bound, levels = self.bound(part, measure, scope, here), self.levels(part, measure, scope, here)
                found.append(Part(part.id, measure, bound, levels))
        if not keys:
            raise OrgauditError("no-parts", {}, self.places.file.where(place))
        if len(self.places.errors) > before:
            raise ALREADY_TOLD
        return tuple(found)

    def _runs(self, keys: MeasureKeys, scope: Scope, path: Path) -> Runs:
        kind = keys.measure
        text = str(getattr(keys, kind))
        place, when = (*path, kind), (*path, "when")
        if is_period(text):
            if scope.subject is not None and self.model.tables[scope.subject].kind == "event":
                raise OrgauditError("every-of-events", {"table": scope.subject}, self.places.file.where(place))
            inner = replace(scope, periods=True)
            return Runs(kind == "consecutive", text, self.asked(keys.when or False, inner, when))
        over = self.group(text, scope, place)
        if self.model.tables[over.table].kind != "event" or over.dated:
            raise OrgauditError("not-events", {"table": over.table}, self.places.file.where(place))
        asked = self.asked(keys.when or False, replace(scope, event=over.table), when)
        return Runs(kind == "consecutive", over, asked)

    # -- conditions and bounds

    def asked(self, keys: str | bool | TestKeys, scope: Scope, path: Path) -> Condition:
        """A condition over the subject, or a measure with its bound."""
        if not isinstance(keys, TestKeys):
            return self.condition(keys, scope, path)
        measure = self.measure(keys, scope, path, "")
        for group in measure.groups:
            if scope.event is not None and way_to(self.model, group.table, scope.event) is None:
                values = {"table": group.table, "event": scope.event}
                raise OrgauditError("no-way-to-event", values, self.places.file.where(path))
        bound = self.bound(keys, measure, scope, path)
        assert bound is not None  # the shape of a test asks for one
        return Test(measure, bound)

    def bound(self, keys: Bounded, measure: Measure, scope: Scope, path: Path) -> Bound | None:
        """The one bound among the keys; None where there is none."""
        for kind, value in keys.bounds.items():
            place = (*path, kind)
            with self.places.at(place):
                if isinstance(measure, Gap) and kind not in ("at_most", "less_than"):
                    raise OrgauditError("bound-of-gap", {"kind": kind})
                values = value if isinstance(value, list) else [value]
                places = [(*place, i) if (*place, i) in self.places.file.places else place for i in range(len(values))]
                return Bound(
                    kind, tuple(self._bound_value(v, measure, scope, p) for v, p in zip(values, places, strict=True))
                )
            raise ALREADY_TOLD
        return None

    def levels(self, keys: Laddered, measure: Measure, scope: Scope, path: Path) -> tuple[Level, ...]:
        """The steps of a ladder, in ascending order and without a hole."""
        found: list[Level] = []
        before = len(self.places.errors)
        for i, level in enumerate(keys.levels):
            place = (*path, "levels", i)
            with self.places.at(place):
                if isinstance(measure, Gap):
                    raise OrgauditError("bound-of-gap", {"kind": "levels"})
                bound = self.bound(level, measure, scope, place)
                if bound is None:
                    raise OrgauditError("missing-key", {"key": "at_least"}, self.places.file.where(place))
                found.append(Level(level.level, bound, level.severity, level.title))
        if len(self.places.errors) > before:
            raise ALREADY_TOLD
        for index, error in level_errors(found, whole=counts_whole(measure)):
            self.places.errors.append(
                OrgauditError(error.code, error.values, self.places.file.where((*path, "levels", index)))
            )
        return tuple(found)

    def _bound_value(self, value: object, measure: Measure, scope: Scope, path: Path) -> BoundValue:
        found, kind = self._plain_bound(value, scope, path)
        expected = self.type_of(measure)
        known = {"gap": {"duration", "integer", "number"}, "date": {"date"}}.get(
            expected, {"integer", "number", "ratio"}
        )
        if kind == "duration" and expected != "gap":
            if found.parameter or found.duration is None or found.duration.unit != "days" or "integer" not in known:
                raise OrgauditError("bound-duration", {"value": value}, self.places.file.where(path))
            return BoundValue(number=found.duration.count)
        if isinstance(measure, Runs) and found.node is not None:
            raise OrgauditError("bound-of-runs", {"value": value}, self.places.file.where(path))
        if kind not in known:
            name = str(value)
            raise OrgauditError(
                "wrong-type", {"name": name, "expected": expected, "type": kind}, self.places.file.where(path)
            )
        return found

    def _plain_bound(self, value: object, scope: Scope, path: Path) -> tuple[BoundValue, str]:
        """A bound's value and its type."""
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return BoundValue(number=value), "number"
        text = str(value)
        fraction, duration = fraction_of(text), parse_duration(text)
        if fraction is not None:
            return BoundValue(number=fraction.numerator, over=fraction.denominator, text=text), "ratio"
        if duration is not None:
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

    def type_of(self, measure: Measure) -> str:
        """The type of what a measure finds: a number, a date, or the time of a gap."""
        if isinstance(measure, Gap):
            return "gap"
        if isinstance(measure, (ValueOf, Total)):
            return "date" if measure.value.type == "date" else "number"
        return "number"

    def duration(self, text: str) -> Duration | str:
        """`30 days`, or the name of the parameter that holds a duration."""
        if not text.startswith("$"):
            duration = parse_duration(text)
            if duration is None:
                raise OrgauditError("window-syntax", {"text": text})
            self.needs_calendar(duration)
            return duration
        parameter = self.vocabulary.parameters.get(text[1:])
        if parameter is None:
            raise OrgauditError("unknown-parameter", did_you_mean(text[1:], self.vocabulary.parameters))
        if parameter.type != "duration":
            raise OrgauditError("wrong-type", {"name": text, "expected": "duration", "type": parameter.type})
        for _, value in parameter.values:
            self.needs_calendar(parse_duration(str(value)))
        return text[1:]

    def needs_calendar(self, duration: Duration | None) -> None:
        """Refuses working days where the standard names no calendar."""
        if duration is not None and duration.unit == "working days" and self.vocabulary.calendar is None:
            raise OrgauditError("no-calendar")


def is_period(text: str) -> bool:
    """Whether it names a period."""
    try:
        months_of(text)
    except ValueError:
        return False
    return True


def counts_whole(measure: Measure) -> bool:
    """Whether what it finds is a whole number, so that 3 and 4 leave nothing between them."""
    return isinstance(measure, (Count, Distinct, Runs)) or (
        isinstance(measure, (ValueOf, Total)) and measure.value.type == "integer"
    )


def way_to(model: RecordModel, table: str, event: str) -> tuple[Hop, ...] | None:
    """How records of a table name an event: by the one reference of theirs, or of a record they refer to."""
    if table == event:
        return ()
    direct = [(hop,) for hop in _forwards(model, table) if hop.to == event]
    if direct:
        return direct[0] if len(direct) == 1 else None
    further = [
        (first, then) for first in _forwards(model, table) for then in _forwards(model, first.to) if then.to == event
    ]
    return further[0] if len(further) == 1 else None


def _forwards(model: RecordModel, table: str) -> list[Hop]:
    hops = [model.hop(table, name) for name in model.tables[table].forwards]
    return [hop for hop in hops if hop is not None]
