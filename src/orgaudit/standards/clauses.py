"""The clauses of a source, and what became of each: `clauses.yaml` beside a standard, or `clauses:` in it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from orgaudit.consulted import is_there
from orgaudit.errors import OrgauditError, OrgauditErrors, did_you_mean
from orgaudit.recordmodel import validated
from orgaudit.standards.language import ClauseKeys, ClausesKeys, Disposition
from orgaudit.standards.rules import Standard
from orgaudit.standards.vocabulary import Layer
from orgaudit.yamlfile import YamlFile, read_yaml


@dataclass(frozen=True)
class Clause:
    """One norm of the source, and what became of it."""

    norm: str
    clause: str | None
    disposition: Disposition
    rules: tuple[str, ...]
    why: str | None

    @property
    def covered(self) -> bool:
        """Whether nothing is left to do."""
        return self.disposition != "planned"


def clauses_of(standard: Standard, path: Path) -> list[Clause]:
    """The clauses of the source of a standard that was loaded; nothing where nobody listed them; raises OrgauditErrors."""
    file = _file(path, standard.path)
    if file is None:
        return []
    keys, errors = validated(ClausesKeys, file)
    if keys is None:
        raise OrgauditErrors(errors)
    return [Clause(c.norm, c.clause, c.disposition, tuple(c.rules), c.why) for c in keys.clauses]


def clause_errors(layer: Layer, known: Collection[str], path: Path) -> Iterator[OrgauditError]:
    """Everything that is wrong with the clauses beside a standard; `known` are the identifiers of all its rules.

    Rules that it has from others speak of the clauses of those: only its own have to agree with the list.
    """
    file = _file(path, layer.places.file.name)
    if file is None:
        return
    keys, errors = validated(ClausesKeys, file)
    if keys is None:
        yield from errors
        return
    own = {rule.id: rule.norms for _, rule in layer.rules}
    seen: set[str] = set()
    for i, clause in enumerate(keys.clauses):
        if clause.norm in seen:
            yield OrgauditError("duplicate-norm", {"norm": clause.norm}, file.where(("clauses", i, "norm")))
        seen.add(clause.norm)
        yield from _errors(clause, i, own, known, file)
    yield from _unlisted(keys, layer)


def _file(path: Path, shown: str) -> YamlFile | None:
    """`clauses.yaml` beside the standard, or the standard's own list; `shown` is what the standard's file is called."""
    beside = path.parent / "clauses.yaml"
    if is_there(beside):
        return read_yaml(beside, (Path(shown).parent / beside.name).as_posix())
    file = read_yaml(path, shown, items="rules")
    listed = file.data.get("clauses") if isinstance(file.data, dict) else None
    return replace(file, data={"clauses": listed}) if listed else None


def _errors(
    clause: ClauseKeys, i: int, own: Mapping[str, list[str]], known: Collection[str], file: YamlFile
) -> Iterator[OrgauditError]:
    """What is wrong with one norm, and with the rules that it names: each has to name it, too."""
    if clause.disposition == "rules" and not clause.rules:
        yield OrgauditError("norm-without-rules", {"norm": clause.norm}, file.where(("clauses", i)))
    if clause.disposition != "rules" and not clause.why:
        yield OrgauditError("norm-without-reason", {"norm": clause.norm}, file.where(("clauses", i)))
    for j, rule in enumerate(clause.rules):
        place = file.where(("clauses", i, "rules", j))
        if rule not in known:
            yield OrgauditError("unknown-rule-of-norm", did_you_mean(rule, known), place)
        elif clause.norm not in own.get(rule, [clause.norm]):
            yield OrgauditError("rule-elsewhere", {"norm": clause.norm, "rule": rule}, place)


def _unlisted(keys: ClausesKeys, layer: Layer) -> Iterator[OrgauditError]:
    """Norms of rules that are not there, or that do not name the rule."""
    carried: dict[str, list[str]] = {}
    for clause in keys.clauses:
        carried.setdefault(clause.norm, []).extend(clause.rules)
    for i, rule in layer.rules:
        for j, norm in enumerate(rule.norms):
            place = layer.places.file.where(("rules", i, "norms", j))
            if norm not in carried:
                yield OrgauditError("unknown-norm", {**did_you_mean(norm, carried), "rule": rule.id}, place)
            elif rule.id not in carried[norm]:
                yield OrgauditError("norm-elsewhere", {"norm": norm, "rule": rule.id}, place)
