"""The clauses of a source, and what became of each: `clauses.yaml` beside a standard, or `clauses:` in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orgaudit.errors import OrgauditError, OrgauditErrors, did_you_mean
from orgaudit.recordmodel import validated
from orgaudit.standards.language import ClausesKeys, Disposition
from orgaudit.standards.rules import Standard
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
    """The clauses of the source of a standard; nothing where nobody listed them; raises OrgauditErrors."""
    file = _file(path)
    if file is None:
        return []
    keys, errors = validated(ClausesKeys, file)
    if keys is not None:
        errors = [*_errors(keys, standard, file), *_unlisted(keys, standard)]
    if keys is None or errors:
        raise OrgauditErrors(errors)
    return [Clause(c.norm, c.clause, c.disposition, tuple(c.rules), c.why) for c in keys.clauses]


def _file(path: Path) -> YamlFile | None:
    """`clauses.yaml` beside the standard, or the standard's own list."""
    beside = path.parent / "clauses.yaml"
    if beside.is_file():
        return read_yaml(beside, beside.as_posix())
    file = read_yaml(path, path.as_posix())
    listed = file.data.get("clauses") if isinstance(file.data, dict) else None
    return YamlFile(file.name, {"clauses": listed}, file.places, file.key_places, file.text) if listed else None


def _errors(keys: ClausesKeys, standard: Standard, file: YamlFile) -> Iterator[OrgauditError]:
    known = [*(r.id for r in standard.rules), *standard.left_out]
    seen: set[str] = set()
    for i, clause in enumerate(keys.clauses):
        if clause.norm in seen:
            yield OrgauditError("duplicate-norm", {"norm": clause.norm}, file.where(("clauses", i, "norm")))
        seen.add(clause.norm)
        if clause.disposition == "rules" and not clause.rules:
            yield OrgauditError("norm-without-rules", {"norm": clause.norm}, file.where(("clauses", i)))
        if clause.disposition != "rules" and not clause.why:
            yield OrgauditError("norm-without-reason", {"norm": clause.norm}, file.where(("clauses", i)))
        for j, rule in enumerate(clause.rules):
            if rule not in known:
                place = file.where(("clauses", i, "rules", j))
                yield OrgauditError("unknown-rule-of-norm", did_you_mean(rule, known), place)


def _unlisted(keys: ClausesKeys, standard: Standard) -> Iterator[OrgauditError]:
    """Rules that name a norm which is not there, or which does not name them."""
    carried = {c.norm: c.rules for c in keys.clauses}
    for rule in standard.rules:
        for norm in rule.norms:
            if norm not in carried:
                yield OrgauditError("unknown-norm", {**did_you_mean(norm, carried), "rule": rule.id}, rule.where)
            elif rule.id not in carried[norm]:
                yield OrgauditError("norm-elsewhere", {"norm": norm, "rule": rule.id}, rule.where)
