"""From the keys of a standard to checked rules; every error of the file is collected, with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from orgaudit.errors import OrgauditError, Where, did_you_mean
from orgaudit.expressions import (
    Group,
    Names,
    Node,
    Scope,
    check,
    check_condition,
    check_date,
    check_group,
    walk,
)
from orgaudit.expressions import (
    Parameter as ParameterNode,
)
from orgaudit.periods import NO_END, SINCE_EVER, Duration, months_of, parse_duration
from orgaudit.recordmodel import RecordModel
from orgaudit.standards.breaches import breach_name, with_breaches
from orgaudit.standards.ladder import level_errors
from orgaudit.standards.language import (
    Bounded,
    CountWithBound,
    ExemptionKeys,
    NumberKeys,
    RuleKeys,
    StandardKeys,
    WindowKeys,
)
from orgaudit.standards.rules import (
    Bound,
    BoundValue,
    Consecutive,
    Count,
    Done,
    Exemption,
    Level,
    Measure,
    Parameter,
    Reading,
    Require,
    Rule,
    ValueOf,
    Window,
)
from orgaudit.yamlfile import Path, YamlFile

_SEVERITY = {"must": "major", "must_not": "major", "should": "minor"}
_BREACHES = "breaches of "


class Checker:
    """Checks one standard against one record model; `errors` fills up, the rules that stand come out."""

    def __init__(self, keys: StandardKeys, file: YamlFile, model: RecordModel) -> None:
        self.keys, self.file, self.model = keys, file, model
        self.errors: list[OrgauditError] = []
        self.parameters = dict(self._parameters())
        self.readings = {n: Reading(n, r.use, r.why, r.clause) for n, r in keys.readings.items()}
        self.names = self._names()
        self.groups = self._groups()
        self.numbers = self._numbers()
        self.model = with_breaches(model, self._breach_subjects())
        self.rules = tuple(self._rules())

    @contextmanager
    def at(self, path: Path) -> Iterator[None]:
        """Gives errors raised inside the place of `path`, and keeps them."""
        try:
            yield
        except OrgauditError as e:
            self.errors.append(
                OrgauditError(e.code, e.values, e.where or self._where(path, e.values.get("column")), e.hint)
            )

    def _where(self, path: Path, column: object) -> Where:
        where = self.file.where(path)
        if not isinstance(column, int) or self.file.places.get(path) is None:
            return where
        quoted = self.file.line(where.line)[where.column - 1 : where.column] in ("'", '"')
        return replace(where, column=where.column + column - 1 + quoted)

    # -- what the standard defines

    def _parameters(self) -> Iterator[tuple[str, Parameter]]:
        for name, by_date in self.keys.parameters.items():
            with self.at(("parameters", name)):
                values = tuple(
                    sorted((_day(d), v if not isinstance(v, list) else tuple(v)) for d, v in by_date.items())
                )
                kinds = {_type_of(v) for _, v in values}
                if len(kinds) != 1:
                    raise OrgauditError("parameter-types", {"name": name, "types": ", ".join(sorted(kinds))})
                yield name, Parameter(name, values, kinds.pop())

    def _names(self) -> Names:
        groups: dict[str, str] = {}
        texts = {n: t for n, t in self.keys.define.items() if isinstance(t, str)}
        for name in texts:
            with self.at(("define", name)):
                groups[name] = self._table_of(name, texts, ())
        numbers = {n: k.for_ for n, k in self.keys.define.items() if isinstance(k, NumberKeys)}
        for name in self.keys.define:
            if (
                any(name in t.by_name or name in t.forwards for t in self.model.tables.values())
                or name in self.model.tables
            ):
                self.errors.append(
                    OrgauditError(
                        "name-clash", {"name": name, "table": "define"}, self.file.where(("define", name), key=True)
                    )
                )
        types = {n: p.type for n, p in self.parameters.items()} | dict.fromkeys(self.readings, "string")
        return Names(groups, numbers, types)

    def _table_of(self, name: str, texts: Mapping[str, str], seen: tuple[str, ...]) -> str:
        if name in seen:
            raise OrgauditError("circle", {"names": " → ".join([*seen, name])})
        head = texts[name].split()[0] if texts[name].split() else ""
        if head in self.model.tables:
            return head
        if head in texts:
            return self._table_of(head, texts, (*seen, name))
        raise OrgauditError("unknown-table", {**did_you_mean(head, [*self.model.tables, *texts]), "column": 1})

    def _groups(self) -> dict[str, Group]:
        groups: dict[str, Group] = {}
        for name, text in self.keys.define.items():
            if isinstance(text, str) and name in self.names.groups:
                with self.at(("define", name)):
                    groups[name] = check_group(text, Scope(self.model, self.names), root=True)
        for name in groups:
            with self.at(("define", name)):
                _no_circle(name, groups, ())
        return groups

    def _numbers(self) -> dict[str, tuple[str, Count]]:
        numbers: dict[str, tuple[str, Count]] = {}
        for name, keys in self.keys.define.items():
            if isinstance(keys, NumberKeys):
                with self.at(("define", name, "for")):
                    if keys.for_ not in self.model.tables:
                        raise OrgauditError(
                            "unknown-table", {**did_you_mean(keys.for_, self.model.tables), "column": 1}
                        )
                    scope = Scope(self.model, self.names, subject=keys.for_)
                    numbers[name] = keys.for_, self._count(keys.count, scope, ("define", name, "count"))
        return numbers

    # -- rules

    def _breach_subjects(self) -> dict[str, str]:
        """For each rule that others speak of the breaches of: the table of its subject."""
        rules = {r.id: r for r in self.keys.rules}
        spoken_of = [
            r.for_.removeprefix(_BREACHES).split()[0] for r in rules.values() if r.for_ and r.for_.startswith(_BREACHES)
        ]
        found: dict[str, str] = {}
        for rule in spoken_of:
            if rule in rules and rules[rule].for_ and not str(rules[rule].for_).startswith(_BREACHES):
                head = str(rules[rule].for_).split()[0]
                table = head if head in self.model.tables else self.names.groups.get(head)
                if table is not None:
                    found[rule] = table
        return found

    def _rules(self) -> Iterator[Rule]:
        seen: set[str] = set()
        for i, keys in enumerate(self.keys.rules):
            path: Path = ("rules", i)
            before = len(self.errors)
            with self.at((*path, "id")):
                if keys.id in seen:
                    raise OrgauditError("duplicate-rule", {"rule": keys.id})
                seen.add(keys.id)
            stands = self._stands(keys, path)
            with self.at(path):
                rule = self._rule(keys, path)
                if stands and len(self.errors) == before:
                    yield rule

    def _stands(self, keys: RuleKeys, path: Path) -> bool:
        """Whether the rule belongs to the chosen readings."""
        chosen = True
        for name, choice in keys.reading.items():
            with self.at((*path, "reading", name)):
                known = self.keys.readings.get(name)
                if known is None:
                    raise OrgauditError("unknown-reading", did_you_mean(name, self.keys.readings))
                if choice not in known.choices:
                    raise OrgauditError(
                        "unknown-word", {"key": name, "value": choice, "known": ", ".join(known.choices)}
                    )
                chosen = chosen and known.use == choice
        return chosen

    def _rule(self, keys: RuleKeys, path: Path) -> Rule:
        each = self._each(keys, path)
        subject, breaches_of = self._subject(keys, path)
        scope = Scope(
            self.model,
            self.names,
            row=subject.table,
            subject=subject.table,
            each={n: _type_of(v[0]) for n, v in each.items()},
            periods=keys.every is not None or keys.consecutive is not None,
        )
        self._check_every(keys, subject, path)
        # all parts keep their errors and go on; the measure comes last, since it ends the rule where it is wrong
        window, bound, levels = self._window(keys, scope, path), self._bound(keys, path), self._levels(keys, path)
        unless = [(k, (*path, "unless", i)) for i, k in enumerate(keys.unless)]
        exemptions = tuple(e for k, place in unless for e in self._exemption(k, keys, scope, place))
        in_force = keys.in_force or self.keys.in_force
        rule = Rule(
            standard=self.keys.standard,
            id=keys.id,
            clause=keys.clause,
            quote=keys.quote,
            norms=tuple(keys.norms),
            title=keys.title,
            remedy=keys.remedy,
            modality=keys.modality,
            severity=keys.severity or _SEVERITY.get(keys.modality, "info"),
            subject=subject,
            breaches_of=breaches_of,
            each=each,
            every=keys.every,
            window=window,
            measure=self._measure(keys, scope, path),
            bound=bound,
            levels=levels,
            exemptions=exemptions,
            in_force=(
                _day(in_force.from_) if in_force and in_force.from_ else SINCE_EVER,
                _day(in_force.to) if in_force and in_force.to else NO_END,
            ),
            uses=(),
            where=self.file.where(path),
        )
        return replace(rule, uses=tuple(sorted(_uses(rule, self.groups, self.numbers) | set(keys.reading))))

    def _each(self, keys: RuleKeys, path: Path) -> dict[str, tuple[object, ...]]:
        each: dict[str, tuple[object, ...]] = {}
        for name, values in keys.each.items():
            with self.at((*path, "each", name)):
                if isinstance(values, str):
                    parameter = self.parameters.get(values.removeprefix("$"))
                    if not values.startswith("$") or parameter is None:
                        raise OrgauditError("not-built", {"what": "`each` over a group"})
                listed = values if isinstance(values, list) else _listed(self.parameters[values[1:]])
                if not listed or len({_type_of(v) for v in listed}) != 1:
                    raise OrgauditError(
                        "wrong-value", {"key": name, "value": values, "reason": "a list of values of one type"}
                    )
                each[name] = tuple(listed)
        return each

    def _subject(self, keys: RuleKeys, path: Path) -> tuple[Group, str | None]:
        scope = Scope(self.model, self.names)
        place = (*path, "for")
        try:
            if keys.for_ is None:
                raise OrgauditError("not-built", {"what": "the whole audit as a subject (a rule without `for`)"})
            if not keys.for_.startswith(_BREACHES):
                return check_group(keys.for_, scope, root=True), None
            rule, condition = _breaches(keys.for_)
            table = breach_name(rule)
            if table not in self.model.tables:
                raise OrgauditError("unknown-rule", did_you_mean(rule, [r.id for r in self.keys.rules]))
            where = check_condition(condition, replace(scope, row=table)) if condition else None
            return Group(keys.for_, (), table, where=where), rule
        except OrgauditError as e:
            raise OrgauditError(e.code, e.values, self._where(place, e.values.get("column")), e.hint) from e

    def _check_every(self, keys: RuleKeys, subject: Group, path: Path) -> None:
        for key, every in (("every", keys.every), ("consecutive", keys.consecutive)):
            with self.at((*path, key)):
                if every is None:
                    continue
                try:
                    months_of(every)
                except ValueError as e:
                    if key == "consecutive" and " " in every:
                        raise OrgauditError("not-built", {"what": "`consecutive` over events"}) from e
                    raise OrgauditError("unknown-period", {"value": every}) from e
                if self.model.tables[subject.table].kind == "event":
                    raise OrgauditError("every-of-events", {"table": subject.table})
                if key == "consecutive" and (keys.within or keys.every or keys.each):
                    raise OrgauditError("not-built", {"what": "`consecutive` beside `within`, `every` or `each`"})

    def _window(self, keys: RuleKeys, scope: Scope, path: Path) -> Window | None:
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

    def _measure(self, keys: RuleKeys, scope: Scope, path: Path) -> Measure:
        kind = keys.measure
        if kind == "count" and keys.count is not None:
            return self._count(keys.count, scope, (*path, "count"))
        if kind == "consecutive" and keys.when is not None and keys.consecutive is not None:
            place = (*path, "when")
            bound = self._bound(keys.when, place)
            if bound is None:
                raise OrgauditError("missing-key", {"key": "at_least"}, self.file.where(place))
            return Consecutive(keys.consecutive, self._count(keys.when.count, scope, (*place, "count")), bound)
        try:
            if kind == "require":
                return Require(
                    check_condition(str(keys.require).lower() if keys.require is True else str(keys.require), scope)
                )
            if kind == "done":
                return Done(check_date(str(keys.done), scope))
            return ValueOf(check(str(keys.value), scope))
        except OrgauditError as e:
            raise OrgauditError(e.code, e.values, self._where((*path, kind), e.values.get("column")), e.hint) from e

    def _count(self, texts: list[str], scope: Scope, path: Path) -> Count:
        groups: list[Group] = []
        for i, text in enumerate(texts):
            place = (*path, i) if (*path, i) in self.file.places else path
            with self.at(place):
                groups.append(check_group(text, replace(scope, row=None), root=False))
        if len({g.table for g in groups}) > 1:
            raise OrgauditError(
                "union-of-tables", {"tables": ", ".join(sorted({g.table for g in groups}))}, self.file.where(path)
            )
        return Count(tuple(groups))

    # -- bounds and exemptions

    def _bound(self, keys: Bounded, path: Path) -> Bound | None:
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

    def _levels(self, keys: RuleKeys, path: Path) -> tuple[Level, ...]:
        levels: list[Level] = []
        for i, level in enumerate(keys.levels):
            place = (*path, "levels", i)
            bound = self._bound(level, place)
            if bound is None:
                self.errors.append(OrgauditError("missing-key", {"key": "at_least"}, self.file.where(place)))
            else:
                levels.append(Level(level.level, bound, level.severity, level.title))
        for index, error in level_errors(levels):
            self.errors.append(OrgauditError(error.code, error.values, self.file.where((*path, "levels", index))))
        return tuple(levels)

    def _exemption(self, keys: ExemptionKeys, rule: RuleKeys, scope: Scope, path: Path) -> Iterator[Exemption]:
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
                bound = self._bound(keys.when, place)
                if bound is None:
                    raise OrgauditError("missing-key", {"key": "at_least"}, self.file.where(place))
                yield Exemption(
                    keys.id,
                    keys.clause,
                    effect,
                    count=self._count(keys.when.count, scope, (*place, "count")),
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


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as e:
        raise OrgauditError("wrong-date", {"value": text}) from e


def _type_of(value: object) -> str:
    if isinstance(value, tuple):
        return _type_of(value[0]) if value else "string"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "integer" if isinstance(value, int) else "number"
    return "duration" if parse_duration(str(value)) else "string"


def _breaches(text: str) -> tuple[str, str | None]:
    """The rule and the condition of `breaches of RULE [where CONDITION]`."""
    head, _, condition = text.removeprefix(_BREACHES).partition(" where ")
    if "," in head:
        raise OrgauditError("not-built", {"what": "the breaches of several rules"})
    if len(head.split()) != 1:
        raise OrgauditError("group-syntax", {"text": text, "column": 1})
    return head.strip(), condition or None


def _listed(parameter: Parameter) -> list[object]:
    value = parameter.values[-1][1]
    return list(value) if isinstance(value, tuple) else []


def _no_circle(name: str, groups: Mapping[str, Group], seen: tuple[str, ...]) -> None:
    if name in seen:
        raise OrgauditError("circle", {"names": " → ".join([*seen, name])})
    group = groups.get(name)
    if group is None:
        return
    used = [group.within] if group.within else []
    used += [n.group for n in (walk(group.where) if group.where else []) if hasattr(n, "group")]
    for other in used:
        _no_circle(other, groups, (*seen, name))


def _uses(rule: Rule, groups: Mapping[str, Group], numbers: Mapping[str, tuple[str, Count]]) -> set[str]:
    """The parameters that a rule's verdicts depend on, also through what it uses."""
    found = {v.parameter for b in _bounds_of(rule) for v in b.values if v.parameter}
    if rule.window and isinstance(rule.window.duration, str):
        found.add(rule.window.duration)
    nodes, todo, seen = _nodes_of(rule), _groups_of(rule), set()
    while todo:
        group = todo.pop()
        nodes += walk(group.where) if group.where else []
        if group.within and group.within not in seen:
            seen.add(group.within)
            todo.append(groups[group.within])
    for node in nodes:
        if isinstance(node, ParameterNode):
            found.add(node.name)
    return found


def _bounds_of(rule: Rule) -> list[Bound]:
    inner = [rule.measure.bound] if isinstance(rule.measure, Consecutive) else []
    return [
        b for b in [rule.bound, *(lv.bound for lv in rule.levels), *inner, *(e.bound for e in rule.exemptions)] if b
    ]


def _nodes_of(rule: Rule) -> list[Node]:
    roots = [getattr(rule.measure, a, None) for a in ("condition", "value", "day")]
    roots += [e.condition for e in rule.exemptions]
    if rule.window:
        roots += [rule.window.after, rule.window.first, rule.window.last]
    return [n for root in roots if root is not None for n in walk(root)]


def _groups_of(rule: Rule) -> list[Group]:
    counts = [rule.measure, getattr(rule.measure, "count", None), *(e.count for e in rule.exemptions)]
    groups = [g for c in counts if isinstance(c, Count) for g in c.groups]
    return [rule.subject, *groups, *(e.during for e in rule.exemptions if e.during)]
