"""From the keys of a standard to checked rules; every error of its files is collected, with its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from orgaudit.errors import OrgauditError, did_you_mean
from orgaudit.expressions import (
    AUDIT,
    FieldRef,
    Group,
    NumberRef,
    Scope,
    walk,
)
from orgaudit.periods import NO_END, SINCE_EVER
from orgaudit.standards.breaches import spoken_of
from orgaudit.standards.language import RuleKeys
from orgaudit.standards.measures import Bound, Gap, Level, Measure, Parts, Runs
from orgaudit.standards.rules import EachOf, Exemption, Rule
from orgaudit.standards.subjects import SubjectReader
from orgaudit.standards.tailoring import changed, is_off
from orgaudit.standards.uses import eaches_in, groups_of, subject_nodes, uses_of
from orgaudit.standards.vocabulary import Layer, Tailored, Vocabulary, refuse_only_case
from orgaudit.standards.yardsticks import ALREADY_TOLD, BoundReader
from orgaudit.yamlfile import Path

_SEVERITY = {"must": "major", "must_not": "major", "should": "minor"}


class RuleReader(SubjectReader):
    """Reads the rules of one file of a standard; `names` are the identifiers of the rules of all its files."""

    def __init__(self, vocabulary: Vocabulary, layer: Layer, standard: str, names: Sequence[str]) -> None:
        super().__init__(vocabulary, layer, standard, names)
        self.in_force = self.span(layer.keys.in_force, (SINCE_EVER, NO_END), ("in_force",))

    def rules(self, seen: set[str]) -> Iterator[Rule]:
        """The rules that stand, in their order; `seen` fills up with their identifiers."""
        for i, keys in self.layer.rules:
            path: Path = ("rules", i)
            before = len(self.places.errors)
            if self._speaks_of_one_that_is_wrong(keys):
                continue
            with self.places.at((*path, "id")):
                if "," in keys.id or len(keys.id.split()) > 1:
                    raise OrgauditError("no-identifier", {"id": keys.id})
                if keys.id in seen:
                    raise OrgauditError("duplicate-rule", {"rule": keys.id})
                refuse_only_case(keys.id, seen)
                seen.add(keys.id)
            stands, rule = self._stands(keys, path), None
            with self.places.at(path):
                rule = self._rule(keys, path)
            assert rule is not None or self.places.errors  # a rule that nobody finds wrong is never left out
            if rule is not None and stands and len(self.places.errors) == before:
                yield rule

    def _speaks_of_one_that_is_wrong(self, keys: RuleKeys) -> bool:
        """Whether a rule is about breaches of one whose own errors have been told: then there is nothing to check it by."""
        read = {r.id for layer in self.vocabulary.layers for _, r in layer.rules}
        return any(rule in self.names and rule not in read for rule in spoken_of(keys))

    def _stands(self, keys: RuleKeys, path: Path) -> bool:
        """Whether the rule belongs to the chosen readings, and has not been switched off."""
        chosen = not is_off(self.layer.changes.get(keys.id, ()))
        for name, choice in keys.reading.items():
            with self.places.at((*path, "reading", name), key=name not in self.vocabulary.readings):
                known = self.vocabulary.readings.get(name)
                if known is None:
                    raise OrgauditError("unknown-reading", did_you_mean(name, self.vocabulary.readings))
                choices = self.vocabulary.choices[name]
                if choice not in choices:
                    raise OrgauditError("unknown-word", {"key": name, "value": choice, **did_you_mean(choice, choices)})
                chosen = chosen and known.use == choice
        return chosen

    def _rule(self, written: RuleKeys, path: Path) -> Rule:
        """The checked rule; its parts keep their errors and go on, and end it once all of them have been looked at."""
        before = len(self.places.errors)
        changes = self.layer.changes.get(written.id, ())
        keys, bounding = changed(written, changes)
        subject, breaches_of = self.subject(keys, path)
        scope, each = self._scope(keys, subject, path)
        self.check_every(keys, subject, path)
        window, measure = self.window(keys, scope, path), Measure()
        with self.places.at(path):
            measure = self._measure(keys, scope, path)
        exemptions = self._exemptions(keys, measure, scope, path)
        bound, levels = self._yardstick(keys, bounding, measure, scope, path)
        in_force = self.span(keys.in_force, self.in_force, (*path, "in_force"))
        if len(self.places.errors) > before:
            raise ALREADY_TOLD
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
            in_force=in_force,
            uses=(),
            tailored=tuple(c.keys.why for c in changes),
            where=self.places.file.where(path),
            matter=keys.matter,
        )
        self._refuse_numbers_of_others(rule, path)
        self._refuse_found_values(rule, path)
        return replace(rule, uses=tuple(sorted(uses_of(rule, self.vocabulary) | set(keys.reading))))

    def _scope(self, keys: RuleKeys, subject: Group, path: Path) -> tuple[Scope, dict[str, EachOf]]:
        """What the expressions of a rule may speak of, and what its `each` goes through."""
        row = None if subject.table == AUDIT else subject.table
        scope = Scope(self.model, self.vocabulary.names, row=row, subject=subject.table, periods=keys.every is not None)
        each = dict(self.each(keys, scope, path))
        scope = replace(
            scope,
            each={n: e.type for n, e in each.items()},
            each_of={n: e.table for n, e in each.items() if e.table is not None},
            each_values={n: self.listed_in(e) for n, e in each.items()},
            each_field={n: (e.value.table, e.value.name) for n, e in each.items() if isinstance(e.value, FieldRef)},
        )
        return scope, each

    def _exemptions(self, keys: RuleKeys, measure: Measure, scope: Scope, path: Path) -> tuple[Exemption, ...]:
        """What exempts; of a run that could not be read nobody knows what its exemptions may speak of."""
        if type(measure) is Measure and keys.measure in ("consecutive", "periods"):
            return ()
        unless = [(k, (*path, "unless", i)) for i, k in enumerate(keys.unless)]
        for i, (exemption, place) in enumerate(unless):
            with self.places.at((*place, "id")):
                if exemption.id in [k.id for k in keys.unless[:i]]:
                    raise OrgauditError("duplicate-exemption", {"id": exemption.id})
        inner = self._inside(scope, measure)
        return tuple(e for k, place in unless for e in self.exemption(k, keys, measure, inner, place))

    def _yardstick(
        self, keys: RuleKeys, bounding: Tailored | None, measure: Measure, scope: Scope, path: Path
    ) -> tuple[Bound | None, tuple[Level, ...]]:
        """The bound or the levels, as they are written, or as a standard that extends this one has the bound."""
        if bounding is None:
            with self.places.at(path):
                return self.bound(keys, measure, scope, path), self.levels(keys, measure, scope, path)
            return None, ()
        with bounding.places.at(bounding.path):
            if not measure.takes_bound:
                raise OrgauditError("bound-for-unbounded", {"rule": keys.id, "measure": keys.measure})
            if keys.levels:
                raise OrgauditError("bound-for-levels", {"rule": keys.id})
            there = BoundReader(self.vocabulary, bounding.places)
            return there.bound(bounding.keys, measure, scope, bounding.path), ()
        raise ALREADY_TOLD

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
        for name in [name for day in days for name in eaches_in(day) if name in found][:1]:
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


def _parts_of(measure: Measure) -> Iterator[Measure]:
    yield measure
    for part in measure.parts if isinstance(measure, Parts) else ():
        yield from _parts_of(part.measure)


def _of_each_gap(rule: Rule) -> Rule:
    """What of a rule about gaps is asked in the window of each: its exemptions."""
    return replace(rule, measure=Parts(every=True, parts=()), bound=None, each={})
