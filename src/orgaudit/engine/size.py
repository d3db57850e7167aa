"""How many checks a rule makes, before any of them is made."""

from __future__ import annotations

from orgaudit.engine.audit import context_of
from orgaudit.engine.population import count_checks
from orgaudit.periods import periods_within
from orgaudit.records import Records
from orgaudit.standards import Rule, Standard

MOST_CHECKS = 10_000_000  #: more than this is worth a warning: subjects × periods × values


def checks_made(records: Records, standard: Standard, rule: Rule) -> int | None:
    """The number of checks of a rule; None of one that speaks of breaches, which only an audit finds."""
    if rule.breaches_of:
        return None
    facts = records.facts
    periods = periods_within(facts.first, facts.last, rule.every, rule.step) if rule.every else []
    with records.db.tentatively():
        return count_checks(context_of(records, standard, 0), rule, periods)
