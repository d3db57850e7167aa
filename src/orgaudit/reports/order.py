"""The order in which a reader looks for a name: Chinese by pinyin, Latin by the alphabet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from unicodedata import combining, normalize

from orgaudit.findings import Audit, Finding, Subject


def reading(name: str) -> bytes:
    """What a name is sorted by, in either language: letters without case and accents, then hanzi by pinyin.

    GB 18030 has the 3,755 common hanzi (GB 2312, level 1) in the order of pinyin; rarer ones follow them by radical.
    """
    letters = "".join(c for c in normalize("NFKD", name) if not combining(c))
    return letters.casefold().encode("gb18030", "replace")


def by_name(audit: Audit) -> Callable[[str | None], tuple[bool, bytes, str]]:
    """What organizations are sorted by, told by their keys: their names; those without one come last."""
    names = {o.key: o.name or o.key for o in audit.organizations}

    def place(key: str | None) -> tuple[bool, bytes, str]:
        return key is None, reading(names.get(key or "", key or "")), key or ""

    return place


def named(subject: Subject) -> tuple[bytes, str]:
    """What subjects are sorted by."""
    return reading(subject.name or subject.key), subject.key


def in_order_of_names(findings: Iterable[Finding], audit: Audit) -> Sequence[Finding]:
    """Findings by rule, as they come, within a rule by the names of organization and subject, then by time, as they come."""
    rules, place = {(r.standard, r.rule): i for i, r in enumerate(audit.rules)}, by_name(audit)
    return sorted(
        findings, key=lambda f: (rules[f.rule.standard, f.rule.rule], place(f.organization), named(f.subject))
    )
