"""Findings of the parts of `all` say which part they are of, in the order and with the numbers of the rule's sentence."""

from __future__ import annotations

import pytest
from support import CHOIRS, REHEARSALS, a_rule, check, singers

from orgaudit.reports.wording import message

TWO_LEVELS = """
for: choirs
all:
  - {id: young, count: singers where age < 30, at_least: 1}
  - id: both
    all:
      - {id: low, count: singers where voice = 'low', at_least: 1}
      - {id: high, count: singers where voice = 'high', at_least: 1}
  - {id: met, count: rehearsals, at_least: 1}
"""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_part_is_told_by_its_place_in_the_sentence(language: str) -> None:
    found = check(a_rule(TWO_LEVELS), {"choirs.csv": CHOIRS, "rehearsals.csv": REHEARSALS} | singers())
    told = [(f.subject.key, f.part, message(f, found.audit, language).split(" ")[0]) for f in found.findings]
    parts = [("young", "(1)"), ("both/low", "(2)(1)"), ("both/high", "(2)(2)"), ("met", "(3)")]
    assert told == [(choir, part, number) for choir in ("C1", "C2") for part, number in parts]
    sentence = found.audit.sentence(found.findings[0].rule)[language]
    assert [sentence.index(word) for word in ("(1)", "(2)", "(3)")] == sorted(
        sentence.index(f"({n})") for n in (1, 2, 3)
    )


def test_a_rule_without_parts_has_no_number() -> None:
    found = check(a_rule("for: choirs\ncount: singers\nat_least: 1"), {"choirs.csv": CHOIRS} | singers())
    assert [message(f, found.audit, "en") for f in found.findings] == ["Singers: found 0, required at least 1"] * 2


def test_any_is_one_finding() -> None:
    rule = "for: choirs\nany:\n  - {id: a, count: singers, at_least: 1}\n  - {id: b, count: singers, at_least: 2}"
    found = check(a_rule(rule), {"choirs.csv": CHOIRS} | singers())
    assert [f.part for f in found.findings] == [None, None]
    assert not any(message(f, found.audit, "en").startswith("(") for f in found.findings)
