"""From the keys of a standard to checked rules; every error of its files is collected, with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from orgaudit.errors import OrgauditError, did_you_mean
from orgaudit.expressions import (
    AUDIT,
    EachRef,
    FieldRef,
    Group,
    Node,
    NumberRef,
    Scope,
    check_condition,
    check_group,
    walk,
)
from orgaudit.periods import NO_END, SINCE_EVER, length_of, months_of
from orgaudit.standards.breaches import BREACHES, breach_name, split_breaches, spoken_of
from orgaudit.standards.language import BOUNDS, ChangeKeys, InForce, RuleKeys
from orgaudit.standards.measures import Gap, Measure, Parts, Runs
from orgaudit.standards.parts import PartReader
from orgaudit.standards.rules import Rule
from orgaudit.standards.uses import groups_of, subject_nodes, uses_of
from orgaudit.standards.values import day_of
from orgaudit.standards.vocabulary import Layer, Vocabulary
from orgaudit.standards.yardsticks import ALREADY_TOLD
from orgaudit.yamlfile import Path

_SEVERITY = {"must": "major", "must_not": "major", "should": "minor"}


class RuleReader(PartReader):
    """Reads the rules of one file of a standard; `names` are the identifiers of the rules of all its files."""

    def __init__(self, vocabulary: Vocabulary, layer: Layer, standard: str, names: Sequence[str]) -> None:
        super().__init__(vocabulary, layer.places)
        self.layer, self.standard, self.names = layer, standard, names

    def rules(self, seen: set[str]) -> Iterator[Rule]:
        """The rules that stand, in their order; `seen` fills up with their identifiers."""
        for i, keys in self.layer.rules:
            path: Path = ("rules", i)
            before = len(self.places.errors)
            if self._speaks_of_one_that_is_wrong(keys):
                continue
            with self.places.at((*path, "id")):
                if keys.id in seen:
                    raise OrgauditError("duplicate-rule", {"rule": keys.id})
                seen.add(keys.id)
            stands = self._stands(keys, path)
            with self.places.at(path):
                rule = self._rule(*_changed(keys, self.layer.changes), path)
                if stands and len(self.places.errors) == before:
                    yield rule

    def _speaks_of_one_that_is_wrong(self, keys: RuleKeys) -> bool:
        """Whether a rule is about breaches of one whose own errors have been told: then there is nothing to check it by."""
        read = {r.id for layer in self.vocabulary.layers for _, r in layer.rules}
        return any(rule in self.names and rule not in read for rule in spoken_of(keys))

    def _stands(self, keys: RuleKeys, path: Path) -> bool:
        """Whether the rule belongs to the chosen readings, and has not been switched off."""
        change = self.layer.changes.get(keys.id)
        chosen = not (change and change.off)
        for name, choice in keys.reading.items():
            with self.places.at((*path, "reading", name)):
                known = self.vocabulary.readings.get(name)
                if known is None:
                    raise OrgauditError("unknown-reading", did_you_mean(name, self.vocabulary.readings))
                choices = self.vocabulary.choices[name]
                if choice not in choices:
                    raise OrgauditError("unknown-word", {"key": name, "value": choice, "known": ", ".join(choices)})
                chosen = chosen and known.use == choice
        return chosen

    def _rule(self, keys: RuleKeys, tailored: tuple[str, ...], path: Path) -> Rule:
        subject, breaches_of = self._subject(keys, path)
        row = None if subject.table == AUDIT else subject.table
        scope = Scope(self.model, self.vocabulary.names, row=row, subject=subject.table, periods=keys.every is not None)
        each = dict(self.each(keys, scope, path))
        of_records = {n: e.table for n, e in each.items() if e.table is not None}
        scope = replace(scope, each={n: e.type for n, e in each.items()}, each_of=of_records)
        self._check_every(keys, subject, path)
        # all parts keep their errors and go on; they end the rule once all of them have been looked at
        window = self.window(keys, scope, path)
        measure, before = Measure(), len(self.places.errors)
        with self.places.at(path):
            measure = self._measure(keys, scope, path)
        unless = [(k, (*path, "unless", i)) for i, k in enumerate(keys.unless)]
        inner = self._inside(scope, measure)
        exemptions = tuple(e for k, place in unless for e in self.exemption(k, keys, measure, inner, place))
        if len(self.places.errors) > before:
            raise ALREADY_TOLD
        bound, levels = self.bound(keys, measure, scope, path), self.levels(keys, measure, scope, path)
        rule = Rule(
            standard=self.standard,
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
            step=keys.step,
            alive=keys.alive,
            window=window,
            measure=measure,
            bound=bound,
            levels=levels,
            exemptions=exemptions,
            in_force=span_of(keys.in_force or self.layer.keys.in_force),
            uses=(),
            tailored=tailored,
            where=self.places.file.where(path),
            matter=keys.matter,
        )
        self._refuse_numbers_of_others(rule, path)
        self._refuse_found_values(rule, path)
        return replace(rule, uses=tuple(sorted(uses_of(rule, self.vocabulary) | set(keys.reading))))

    def _refuse_numbers_of_others(self, rule: Rule, path: Path) -> None:
        """Where the window is the subject's own, only its own numbers can be counted in it; in `for` it is not known yet."""
        if rule.window is None and self.model.tables[rule.subject.table].kind != "event":
            if not isinstance(rule.measure, Gap):
                return
            rule = _of_each_gap(rule)
        own = ("subject", AUDIT) if rule.subject.table == AUDIT else ("subject",)
        asked = [n for node in subject_nodes(rule) for n in walk(node) if isinstance(n, NumberRef)]
        others = [n for n in asked if n.hops or n.row not in ("", *own)]
        for group in groups_of(rule):
            counted = walk(group.where) if group.where is not None else []
            others += [n for n in counted if isinstance(n, NumberRef) and (n.hops or n.row not in own)]
        if rule.window is not None and rule.subject.where is not None:
            others += [n for n in walk(rule.subject.where) if isinstance(n, NumberRef)]
        for number in others[:1]:
            raise OrgauditError("number-of-others", {"name": number.name}, self.places.file.where(path))

    def _refuse_found_values(self, rule: Rule, path: Path) -> None:
        """The window cannot ask for what is only found in it."""
        window = rule.window
        days = [d for d in (window.after, window.first, window.last) if d is not None] if window is not None else []
        found = {n for n, each in rule.each.items() if each.group is not None}
        for name in [name for day in days for name in _eaches_in(day) if name in found][:1]:
            raise OrgauditError("each-in-window", {"name": name}, self.places.file.where((*path, "within")))

    def _measure(self, keys: RuleKeys, scope: Scope, path: Path) -> Measure:
        measure = self.measure(keys, scope, path, keys.id)
        if keys.measure == "done" and keys.within is None:
            raise OrgauditError("missing-key", {"key": "within"})
        if (keys.every or keys.within) and any(isinstance(m, (Gap, Runs)) for m in _parts_of(measure)):
            raise OrgauditError("whole-period")
        return measure

    def _inside(self, scope: Scope, measure: Measure) -> Scope:
        """What exemptions may speak of: the period or the event of a run, the ends of a gap."""
        if isinstance(measure, Runs) and not isinstance(measure.over, str):
            return replace(scope, event=measure.over.table)
        return replace(scope, periods=scope.periods or isinstance(measure, (Runs, Gap)))

    def _subject(self, keys: RuleKeys, path: Path) -> tuple[Group, tuple[str, ...]]:
        if keys.for_ is None:
            return Group(AUDIT, (), AUDIT), ()
        scope, place = Scope(self.model, self.vocabulary.names), (*path, "for")
        try:
            if not keys.for_.startswith(BREACHES):
                return check_group(keys.for_, scope, root=True), ()
            rules, condition = split_breaches(keys.for_)
            for rule in rules:
                if rule not in self.names:
                    raise OrgauditError("unknown-rule", did_you_mean(rule, self.names))
            table = breach_name(self.standard, *rules)
            if table not in self.model.tables:
                raise OrgauditError("breaches-of-several", {"rules": ", ".join(rules)})
            where = check_condition(condition, replace(scope, row=table)) if condition else None
            return Group(keys.for_, (), table, where=where), rules
        except OrgauditError as e:
            raise OrgauditError(e.code, e.values, self.places.where(place, e.values.get("column")), e.hint) from e

    def _check_every(self, keys: RuleKeys, subject: Group, path: Path) -> None:
        for key, every in (("every", keys.every), ("step", keys.step)):
            with self.places.at((*path, key)):
                if every is None:
                    continue
                try:
                    length_of(every) if key == "every" and keys.step else months_of(every)
                except ValueError as e:
                    raise OrgauditError("unknown-period", {"value": every}) from e
                if self.model.tables[subject.table].kind == "event" or subject.dated:
                    raise OrgauditError("every-of-events", {"table": subject.table})


def _changed(keys: RuleKeys, changes: Mapping[str, ChangeKeys]) -> tuple[RuleKeys, tuple[str, ...]]:
    """A rule with what a tailored standard says of it, and why."""
    change = changes.get(keys.id)
    if change is None:
        return keys, ()
    new: dict[str, object] = {"severity": change.severity} if change.severity else {}
    if change.bounds:
        new |= {**dict.fromkeys(BOUNDS), **change.bounds, "levels": []}
    return keys.model_copy(update=new), (change.why,)


def _parts_of(measure: Measure) -> Iterator[Measure]:
    yield measure
    for part in measure.parts if isinstance(measure, Parts) else ():
        yield from _parts_of(part.measure)


def span_of(in_force: InForce | None) -> tuple[date, date]:
    """The first and the last day on which something binds."""
    first = day_of(in_force.from_) if in_force and in_force.from_ else SINCE_EVER
    return first, day_of(in_force.to) if in_force and in_force.to else NO_END


def _eaches_in(node: Node) -> Iterator[str]:
    """The names of `each` that an expression speaks of."""
    for part in walk(node):
        if isinstance(part, EachRef):
            yield part.name
        elif isinstance(part, FieldRef) and part.row.startswith("each "):
            yield part.row.removeprefix("each ")


def _of_each_gap(rule: Rule) -> Rule:
    """What of a rule about gaps is asked in the window of each: its exemptions."""
    return replace(rule, measure=Parts(every=True, parts=()), bound=None, each={})
