"""The rules of other standards, where two of them may speak of one matter."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path

from orgaudit.errors import OrgauditError
from orgaudit.standards import Rule, Standard, find_standard, load_standard, shipped_standards


def rules_beside(path: Path, standard: Standard) -> list[Rule]:
    """The rules of the standards that are shipped, and of those in the folders beside, that have a matter of its own."""
    beside = sorted(p.as_posix() for p in path.parent.parent.glob("*/standard.yaml"))
    matters = {r.matter for r in standard.rules if r.matter is not None}
    return [r for r in rules_on(matters, [*shipped_standards(), *beside]) if r.standard != standard.id]


def rules_on(matters: Collection[str], names: Sequence[str]) -> list[Rule]:
    """The rules on these matters of standards of these names; without those that do not load."""
    known = {s.id: s for name in names if _names_any(name, matters) and (s := _loaded(name)) is not None}
    return [rule for standard in known.values() for rule in standard.rules if rule.matter in matters]


def _names_any(name: str, matters: Collection[str]) -> bool:
    """Whether the file of a standard names one of these matters: to load it costs much more than to look."""
    text = find_standard(name).read_text(encoding="utf-8", errors="replace")
    return any(f"matter: {matter}" in text for matter in matters)


@cache
def _loaded(name: str) -> Standard | None:
    try:
        return load_standard(name)
    except OrgauditError:
        return None


def one_question(rule: Rule, other: Rule) -> bool:
    """Whether they may bind one subject on one matter."""
    same = (rule.matter, bool(rule.breaches_of), set(rule.each)) == (
        other.matter,
        bool(other.breaches_of),
        set(other.each),
    )
    return same and (bool(rule.breaches_of) or rule.subject.table == other.subject.table)
