"""Whom a rule binds and when: its subject, its periods, the days on which it is in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from orgaudit.errors import OrgauditError, did_you_mean
from orgaudit.expressions import AUDIT, Group, Scope, check_group, check_where
from orgaudit.periods import NO_END, SINCE_EVER, length_of, months_of
from orgaudit.standards.breaches import BREACHES, breach_name, split_breaches, spoken_of
from orgaudit.standards.language import InForce, RuleKeys
from orgaudit.standards.parts import PartReader
from orgaudit.standards.values import day_of
from orgaudit.standards.vocabulary import Layer, Vocabulary, refuse_twice
from orgaudit.yamlfile import Path

_PERIODS = ("week", "month", "quarter", "half-year", "year")


class SubjectReader(PartReader):
    """Reads whom the rules of one file bind; `names` are the identifiers of the rules of all files of the standard."""

    def __init__(self, vocabulary: Vocabulary, layer: Layer, standard: str, names: Sequence[str]) -> None:
        super().__init__(vocabulary, layer.places)
        self.layer, self.standard, self.names = layer, standard, names

    def subject(self, keys: RuleKeys, path: Path) -> tuple[Group, tuple[str, ...]]:
        """The subject of a rule, and the rules whose breaches it is about."""
        if keys.for_ is None:
            return Group(AUDIT, (), AUDIT), ()
        scope, place = Scope(self.model, self.vocabulary.names), (*path, "for")
        try:
            if not keys.for_.startswith(BREACHES):
                return check_group(keys.for_, scope, root=True), ()
            rules, condition = split_breaches(keys.for_)
            refuse_twice(BREACHES.strip(), rules)
            for rule in rules:
                if rule not in self.names:
                    raise OrgauditError("unknown-rule", did_you_mean(rule, self.names))
            table = breach_name(self.standard, *rules)
            if table not in self.model.tables:
                self._refuse_circle((keys.id,), keys)
                raise OrgauditError("breaches-of-several", {"rules": ", ".join(rules)})
            inner = replace(scope, row=table, subject=table)
            where = check_where(keys.for_, condition, inner) if condition is not None else None
            return Group(keys.for_, (), table, where=where), rules
        except OrgauditError as e:
            hint = "hint-whole-audit" if (keys.for_.split() or [""])[0] == AUDIT else e.hint
            raise OrgauditError(e.code, e.values, self.places.where(place, e.values.get("column")), hint) from e

    def _refuse_circle(self, ways: tuple[str, ...], keys: RuleKeys) -> None:
        """Rules about breaches of one another have no subject."""
        by_id = {r.id: r for layer in self.vocabulary.layers for _, r in layer.rules}
        for rule in spoken_of(keys):
            if rule in ways:
                raise OrgauditError("circle", {"names": " → ".join([*ways[ways.index(rule) :], rule])})
            if rule in by_id:
                self._refuse_circle((*ways, rule), by_id[rule])

    def check_every(self, keys: RuleKeys, subject: Group, path: Path) -> None:
        """Refuses what is no period, and periods for what does not last."""
        for key, every in (("every", keys.every), ("step", keys.step)):
            with self.places.at((*path, key)):
                if every is None:
                    continue
                try:
                    length_of(every) if key == "every" and keys.step else months_of(every)
                except ValueError as e:
                    raise OrgauditError(
                        "unknown-period", {"value": every, "close": did_you_mean(every, _PERIODS)["close"]}
                    ) from e
                if key == "step" and keys.every is not None and _months(every) > _months(keys.every):
                    raise OrgauditError("step-longer", {"step": every, "every": keys.every})
                if self.model.tables[subject.table].kind == "event" or subject.dated:
                    raise OrgauditError("every-of-events", {"table": subject.table})

    def span(self, in_force: InForce | None, instead: tuple[date, date], path: Path) -> tuple[date, date]:
        """The first and the last day on which something binds; `instead` where nothing says so, or what does is wrong."""
        with self.places.at(path):
            return instead if in_force is None else span_of(in_force)
        return instead


def _months(every: str) -> float:
    """The length of a period in months; nothing of what is none, which is told for itself."""
    try:
        return length_of(every) or 0.25  # a week
    except ValueError:
        return 0


def span_of(in_force: InForce | None) -> tuple[date, date]:
    """The first and the last day on which something binds."""
    first = day_of(in_force.from_) if in_force and in_force.from_ else SINCE_EVER
    last = day_of(in_force.to) if in_force and in_force.to else NO_END
    if last < first:
        raise OrgauditError("ends-before-it-begins", {"from_": first, "to": last})
    return first, last
