"""Lint: what loads, and is probably not meant; each lint has a code and a section in docs/reference/lint.md."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orgaudit.errors import Where
from orgaudit.periods import SINCE_EVER
from orgaudit.proof.batches import names_in
from orgaudit.proof.matters import one_question, rules_beside
from orgaudit.proof.suspicions import always_holds, levels_by_date, same_question, unlawful, value_of_require
from orgaudit.standards import Draft, Rule, Standard
from orgaudit.standards.uses import unused_eaches
from orgaudit.yamlfile import Path as Place
from orgaudit.yamlfile import YamlFile, read_yaml


@dataclass(frozen=True)
class Lint:
    """One thing to look at again."""

    code: str
    where: Where
    values: Mapping[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Linted:
    """A standard as it is written and as it is read, with the rules that have scenarios."""

    draft: Draft
    standard: Standard
    with_scenarios: Collection[str]

    @property
    def data(self) -> dict[str, Any]:
        """What is written."""
        return self.draft.data

    @property
    def rules(self) -> list[tuple[Rule, Place]]:
        """The rules of its own file with their places, those that stand."""
        stand = {r.id: r for r in self.standard.rules}
        written = enumerate(self.data.get("rules") or [])
        return [(stand[keys["id"]], ("rules", i)) for i, keys in written if keys["id"] in stand]

    def where(self, *place: str | int, key: bool = False) -> Where:
        """The address of a place in its file."""
        return self.draft.file.where(place, key=key)


def lints_of(subject: Linted, codes: Collection[str] | None = None) -> list[Lint]:
    """All lints (of these codes), in the order of their places."""
    found = [lint for code, look in LINTS.items() if codes is None or code in codes for lint in look(subject)]
    return sorted(found, key=lambda x: (x.where.file, x.where.line, x.where.column, x.code))


def _unused(kind: str, code: str) -> Callable[[Linted], Iterator[Lint]]:
    def look(subject: Linted) -> Iterator[Lint]:
        used = set().union(*names_in(subject.data).values())
        for name in subject.data.get(kind) or {}:
            if name not in used:
                yield Lint(code, subject.where(kind, name, key=True), {"name": name})

    return look


def _no_clause(subject: Linted) -> Iterator[Lint]:
    for rule, place in subject.rules:
        if not rule.clause:
            yield Lint("no-clause", subject.where(*place), {"rule": rule.id})


def _no_title(subject: Linted) -> Iterator[Lint]:
    for rule, place in subject.rules:
        missing = [language for language in ("zh", "en") if not rule.title.get(language)]
        if missing:
            yield Lint("no-title", subject.where(*place), {"rule": rule.id, "languages": ", ".join(missing)})


def _no_scenario(subject: Linted) -> Iterator[Lint]:
    for rule, place in subject.rules:
        if rule.id not in subject.with_scenarios:
            yield Lint("no-scenario", subject.where(*place), {"rule": rule.id})


def _uncarried_clause(subject: Linted) -> Iterator[Lint]:
    for file, place, keys in _clauses(subject):
        if isinstance(keys, dict) and keys.get("disposition") == "planned":
            yield Lint("uncarried-clause", file.where(place), {"norm": keys.get("norm")})


def _clauses(subject: Linted) -> Iterator[tuple[YamlFile, Place, Any]]:
    beside = subject.draft.path.parent / "clauses.yaml"
    file = subject.draft.file
    if beside.is_file():
        file = read_yaml(beside, (Path(file.name).parent / beside.name).as_posix())
    for i, keys in enumerate((file.data.get("clauses") if isinstance(file.data, dict) else None) or []):
        yield file, ("clauses", i), keys


def _always_exempt(subject: Linted) -> Iterator[Lint]:
    for rule, place in subject.rules:
        for i, exemption in enumerate(rule.exemptions):
            if always_holds(exemption):
                yield Lint("always-exempt", subject.where(*place, "unless", i), {"rule": rule.id, "id": exemption.id})


def _unlawful_bound(subject: Linted) -> Iterator[Lint]:
    for rule, place in subject.rules:
        if rule.modality == "must_not" and rule.bound is not None and unlawful(rule.bound):
            where = subject.where(*place, rule.bound.kind, key=True)
            yield Lint("unlawful-bound", where, {"rule": rule.id, "bound": rule.bound.kind})


def _require_value(subject: Linted) -> Iterator[Lint]:
    for rule, place in subject.rules:
        said = value_of_require(rule.measure)
        if said:
            yield Lint("require-value", subject.where(*place, "require", key=True), {"rule": rule.id, "bound": said})


def _unused_each(subject: Linted) -> Iterator[Lint]:
    spoken_of = {name for rule in subject.standard.rules for name in rule.breaches_of}
    for rule, place in subject.rules:
        for name in unused_eaches(rule) if rule.id not in spoken_of else ():
            yield Lint("unused-each", subject.where(*place, "each", name, key=True), {"rule": rule.id, "name": name})


def _two_bounds(subject: Linted) -> Iterator[Lint]:
    seen: dict[str, Rule] = {
        r_question: r for r in reversed(subject.standard.rules) if (r_question := same_question(r))
    }
    for rule, place in subject.rules:
        first = seen.get(same_question(rule) or "")
        if first is not None and first is not rule and (first.bound, first.levels) != (rule.bound, rule.levels):
            yield Lint("two-bounds", subject.where(*place), {"rule": rule.id, "other": first.id})


def _lone_matter(subject: Linted) -> Iterator[Lint]:
    named = [(r, place) for r, place in subject.rules if r.matter is not None]
    others = rules_beside(subject.draft.path, subject.standard) if named else []
    for rule, place in named:
        if not any(one_question(rule, other) for other in others):
            yield Lint("lone-matter", subject.where(*place, "matter"), {"rule": rule.id, "matter": rule.matter})


def _parameter_gap(subject: Linted) -> Iterator[Lint]:
    for name in subject.data.get("parameters") or {}:
        parameter = subject.standard.parameters[name]
        first = parameter.values[0][0]
        early = [r for r in subject.standard.rules if name in r.uses and SINCE_EVER < r.in_force[0] < first]
        if early:
            values = {"name": name, "first": first, "rules": ", ".join(r.id for r in early)}
            yield Lint("parameter-gap", subject.where("parameters", name, key=True), values)


def _levels(subject: Linted) -> Iterator[Lint]:
    for rule, place in subject.rules:
        for i, day, error in levels_by_date(rule, subject.standard):
            where = subject.where(*place, "levels", i)
            yield Lint(
                "levels-by-parameter",
                where,
                {"rule": rule.id, "day": day, "level": rule.levels[i].name, "error": error},
            )


#: code → what looks for it; the choices of `--select` and `--ignore`
LINTS: dict[str, Callable[[Linted], Iterator[Lint]]] = {
    "unused-parameter": _unused("parameters", "unused-parameter"),
    "unused-reading": _unused("readings", "unused-reading"),
    "unused-definition": _unused("define", "unused-definition"),
    "unused-each": _unused_each,
    "no-clause": _no_clause,
    "no-title": _no_title,
    "no-scenario": _no_scenario,
    "uncarried-clause": _uncarried_clause,
    "always-exempt": _always_exempt,
    "unlawful-bound": _unlawful_bound,
    "require-value": _require_value,
    "two-bounds": _two_bounds,
    "lone-matter": _lone_matter,
    "parameter-gap": _parameter_gap,
    "levels-by-parameter": _levels,
}
