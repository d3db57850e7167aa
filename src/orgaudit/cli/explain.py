"""`orgaudit explain`: all that is known of a rule."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from orgaudit.cli.options import chosen_format, day_of, does_not_stand, language_of
from orgaudit.errors import OrgauditError, did_you_mean

if TYPE_CHECKING:
    from orgaudit.standards import Rule, Standard


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line."""

    rule: str
    standards: Sequence[str]
    as_of: str | None
    sql: bool
    format: str
    lang: str
    color: bool | None
    no_cache: bool


def explain(request: Request) -> int:
    """Prints what is known of a rule in each standard that has it."""
    from orgaudit.cli.listing import loaded
    from orgaudit.reports.pages import Pages

    language, day = language_of(request.lang), day_of(request.as_of, "--as-of") or date.today()
    chosen_format(request.format)
    standards = loaded(request.standards)
    told = [_explained(s, rule, day, standards, sql=request.sql) for s, rule in _found(request.rule, standards)]
    if request.format == "json":
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    else:
        Pages(language, color=request.color).explain(told)
    return 0


def _found(name: str, standards: Sequence[Standard]) -> list[tuple[Standard, Rule]]:
    """The rule in every standard that has it; an error says what was meant, or why it does not stand."""
    found = [(s, r) for s in standards for r in s.rules if r.id == name]
    if found:
        return found
    for standard in standards:
        if name in standard.left_out:
            raise does_not_stand(name, standard)
    raise OrgauditError("unknown-select", did_you_mean(name, [r.id for s in standards for r in s.rules]))


def _explained(
    standard: Standard, rule: Rule, day: date, standards: Sequence[Standard], *, sql: bool
) -> dict[str, Any]:
    from orgaudit.proof import scenarios_of
    from orgaudit.reports.explanation import explanation

    shown = [f"{s.name} ({s.where.file}:{s.where.line})" for s in scenarios_of(standard, rule.id)]
    others = _of_matter(rule, standards)
    if not sql:
        return explanation(rule, standard, day, scenarios=shown, others=others)
    from orgaudit.engine.statements import statements_of

    statements = statements_of(rule, standard, day)
    return explanation(rule, standard, day, statements=statements, scenarios=shown, others=others)


def _of_matter(rule: Rule, standards: Sequence[Standard]) -> list[Rule]:
    """The rules of other standards, those asked for and those that are shipped, on the matter of a rule."""
    from orgaudit.proof import rules_on
    from orgaudit.standards import shipped_standards

    if rule.matter is None:
        return []
    asked = [r for s in standards for r in s.rules if r.matter == rule.matter]
    shipped = [name for name in shipped_standards() if name not in {s.id for s in standards}]
    return [r for r in (*asked, *rules_on([rule.matter], shipped)) if r.standard != rule.standard]
