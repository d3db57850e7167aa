"""From the keys of a standard to checked rules; every error of the file is collected, with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from orgaudit.errors import OrgauditError, did_you_mean
from orgaudit.expressions import Group, Scope, check, check_condition, check_date, check_group
from orgaudit.periods import NO_END, SINCE_EVER, months_of
from orgaudit.recordmodel import RecordModel
from orgaudit.standards.breaches import breach_name, with_breaches
from orgaudit.standards.definitions import day_of, type_of
from orgaudit.standards.language import RuleKeys, StandardKeys
from orgaudit.standards.parts import Parts
from orgaudit.standards.rules import Consecutive, Done, Measure, Parameter, Require, Rule, ValueOf
from orgaudit.standards.uses import uses_of
from orgaudit.yamlfile import Path, YamlFile

_SEVERITY = {"must": "major", "must_not": "major", "should": "minor"}
_BREACHES = "breaches of "


class Checker(Parts):
    """Checks one standard against one record model; `errors` fills up, the rules that stand come out."""

    def __init__(
        self, keys: StandardKeys, rules: list[tuple[int, RuleKeys]], file: YamlFile, model: RecordModel
    ) -> None:
        super().__init__(keys, file, model)
        self.listed = rules
        self.names_of_rules = [r["id"] for r in file.data.get("rules") or [] if isinstance(r, dict) and "id" in r]
        self.model = with_breaches(model, keys.standard, self._breach_subjects())
        self.rules = tuple(self._rules())

    def _breach_subjects(self) -> dict[str, str]:
        """For each rule that others speak of the breaches of: the table of its subject."""
        rules = {r.id: r for _, r in self.listed}
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
        for i, keys in self.listed:
            path: Path = ("rules", i)
            before = len(self.errors)
            if self._speaks_of_one_that_is_wrong(keys):
                continue
            with self.at((*path, "id")):
                if keys.id in seen:
                    raise OrgauditError("duplicate-rule", {"rule": keys.id})
                seen.add(keys.id)
            stands = self._stands(keys, path)
            with self.at(path):
                rule = self._rule(keys, path)
                if stands and len(self.errors) == before:
                    yield rule

    def _speaks_of_one_that_is_wrong(self, keys: RuleKeys) -> bool:
        """Whether a rule is about breaches of one whose own errors have been told: then there is nothing to check it by."""
        if not keys.for_ or not keys.for_.startswith(_BREACHES):
            return False
        rule = keys.for_.removeprefix(_BREACHES).split()[0]
        return rule in self.names_of_rules and all(rule != r.id for _, r in self.listed)

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
            each={n: type_of(v[0]) for n, v in each.items()},
            periods=keys.every is not None or keys.consecutive is not None,
        )
        self._check_every(keys, subject, path)
        # all parts keep their errors and go on; the measure comes last, since it ends the rule where it is wrong
        window, bound, levels = self.window(keys, scope, path), self.bound(keys, path), self.levels(keys, path)
        unless = [(k, (*path, "unless", i)) for i, k in enumerate(keys.unless)]
        exemptions = tuple(e for k, place in unless for e in self.exemption(k, keys, scope, place))
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
                day_of(in_force.from_) if in_force and in_force.from_ else SINCE_EVER,
                day_of(in_force.to) if in_force and in_force.to else NO_END,
            ),
            uses=(),
            where=self.file.where(path),
        )
        return replace(rule, uses=tuple(sorted(uses_of(rule, self.groups, self.numbers) | set(keys.reading))))

    def _each(self, keys: RuleKeys, path: Path) -> dict[str, tuple[object, ...]]:
        each: dict[str, tuple[object, ...]] = {}
        for name, values in keys.each.items():
            with self.at((*path, "each", name)):
                if isinstance(values, str):
                    parameter = self.parameters.get(values.removeprefix("$"))
                    if not values.startswith("$") or parameter is None:
                        raise OrgauditError("not-built", {"what": "`each` over a group"})
                    if len(parameter.values) > 1:
                        raise OrgauditError("not-built", {"what": "`each` over a list that changes"})
                listed = values if isinstance(values, list) else _listed(self.parameters[values[1:]])
                if not listed or len({type_of(v) for v in listed}) != 1:
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
            table = breach_name(self.keys.standard, rule)
            if table not in self.model.tables:
                if rule in self.names_of_rules:
                    raise OrgauditError("not-built", {"what": "a breach of a rule that speaks of breaches itself"})
                raise OrgauditError("unknown-rule", did_you_mean(rule, self.names_of_rules))
            where = check_condition(condition, replace(scope, row=table)) if condition else None
            return Group(keys.for_, (), table, where=where), rule
        except OrgauditError as e:
            raise OrgauditError(e.code, e.values, self.where(place, e.values.get("column")), e.hint) from e

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

    def _measure(self, keys: RuleKeys, scope: Scope, path: Path) -> Measure:
        kind = keys.measure
        if kind == "count" and keys.count is not None:
            return self.count(keys.count, scope, (*path, "count"))
        if kind == "consecutive" and keys.when is not None and keys.consecutive is not None:
            place = (*path, "when")
            bound = self.bound(keys.when, place)
            if bound is None:
                raise OrgauditError("missing-key", {"key": "at_least"}, self.file.where(place))
            return Consecutive(keys.consecutive, self.count(keys.when.count, scope, (*place, "count")), bound)
        try:
            if kind == "require":
                return Require(
                    check_condition(str(keys.require).lower() if keys.require is True else str(keys.require), scope)
                )
            if kind == "done":
                return Done(check_date(str(keys.done), scope))
            return ValueOf(check(str(keys.value), scope))
        except OrgauditError as e:
            raise OrgauditError(e.code, e.values, self.where((*path, kind), e.values.get("column")), e.hint) from e


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
