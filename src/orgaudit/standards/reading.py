"""Measures, bounds and conditions of a standard: from their keys to checked trees."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from orgaudit.errors import OrgauditError
from orgaudit.expressions import (
    AUDIT,
    Node,
    Scope,
    split_of,
)
from orgaudit.periods import months_of
from orgaudit.standards.language import MeasureKeys, PartKeys, TestKeys
from orgaudit.standards.measures import (
    Attest,
    Condition,
    Count,
    Distinct,
    Done,
    Gap,
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
from orgaudit.standards.vocabulary import refuse_only_case
from orgaudit.standards.yardsticks import ALREADY_TOLD, BoundReader
from orgaudit.yamlfile import Path

_ORDERED = {"integer", "number", "date"}


class Reader(BoundReader):
    """Reads the measures of one file of a standard."""

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
            "require": lambda: Require(self.condition(False if keys.require is None else keys.require, scope, place)),
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
        if not any(text.strip() for text in (keys.attest or {}).values()):
            raise OrgauditError("shape-nothing", {}, at)
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
                with self.places.at((*here, "id")):
                    refuse_only_case(part.id, [p.id for p in keys[:i]])
                    if "/" in part.id:
                        raise OrgauditError("part-slash", {"part": part.id})
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
            return Runs(kind == "consecutive", text, self.asked(False if keys.when is None else keys.when, inner, when))
        over = self.group(text, scope, place)
        if over.dated:
            raise OrgauditError("runs-dated", {"kind": kind}, self.places.where(place, text.find(" dated ") + 2))
        if self.model.tables[over.table].kind != "event":
            raise OrgauditError("not-events", {"table": over.table}, self.places.file.where(place))
        asked = self.asked(False if keys.when is None else keys.when, replace(scope, event=over.table), when)
        return Runs(kind == "consecutive", over, asked)

    # -- conditions and bounds

    def asked(self, keys: str | bool | TestKeys, scope: Scope, path: Path) -> Condition:
        """A condition over the subject, or a measure with its bound."""
        if not isinstance(keys, TestKeys):
            return self.condition(keys, scope, path)
        measure = self.measure(keys, scope, path, "")
        for group in measure.groups:
            if scope.event is not None and self.model.way_to(group.table, scope.event) is None:
                values = {"table": group.table, "event": scope.event}
                raise OrgauditError("no-way-to-event", values, self.places.file.where(path))
        bound = self.bound(keys, measure, scope, path)
        assert bound is not None  # the shape of a test asks for one
        return Test(measure, bound)


def is_period(text: str) -> bool:
    """Whether it names a period."""
    try:
        months_of(text)
    except ValueError:
        return False
    return True
