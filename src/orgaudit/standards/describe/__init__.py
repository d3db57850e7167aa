"""A rule as a sentence, made from its structure in the words of its record model."""

from __future__ import annotations

from datetime import date

from orgaudit.standards.describe.sentence import Sentence
from orgaudit.standards.rules import Rule, Standard


def describe(rule: Rule, standard: Standard, day: date, language: str) -> str:
    """What a rule asks, for people who write by-laws; parameters have the value in force on `day`.

    Lists and exemptions stand on lines of their own.
    """
    sentence, exemptions = describe_apart(rule, standard, day, language)
    return "\n".join([sentence, *exemptions])


def describe_apart(rule: Rule, standard: Standard, day: date, language: str) -> tuple[str, list[str]]:
    """What a rule asks, and what it says of each exemption."""
    counting = Sentence(rule, standard, day, language)
    counting.whole()
    repeated = frozenset(name for name, times in counting.mentions.items() if times > 1)
    return Sentence(rule, standard, day, language, repeated=repeated).whole()
