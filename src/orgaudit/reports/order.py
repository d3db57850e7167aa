"""The order in which a reader looks for a name: Chinese by pinyin, Latin by the alphabet, the second after the first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from unicodedata import combining, normalize

from orgaudit.findings import Audit, Finding, Subject

_ORDINAL = re.compile("(?<=第)[零〇一二两三四五六七八九十百]+")
_DIGITS = dict(zip("零〇一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_UNITS = {"十": 10, "百": 100}


def reading(name: str) -> bytes:
    """What a name is sorted by, in either language: letters without case and accents, then hanzi by pinyin; numbers as such.

    GB 18030 has the 3,755 common hanzi (GB 2312, level 1) in the order of pinyin; rarer ones follow them by radical.
    """
    counted = _ORDINAL.sub(lambda found: str(_number(found[0])), name)
    letters = "".join(c for c in normalize("NFKD", counted) if not combining(c))
    padded = re.sub("[0-9]+", lambda found: found[0].zfill(9), letters)
    return padded.casefold().encode("gb18030", "replace")


def _number(text: str) -> int:
    """二 is 2, 十 is 10, 二十三 is 23."""
    total, digit = 0, 0
    for c in text:
        if c in _UNITS:
            total, digit = total + (digit or 1) * _UNITS[c], 0
        else:
            digit = digit * 10 + _DIGITS[c]
    return total + digit


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
