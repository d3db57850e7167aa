"""`orgaudit explain`: all that is known of a rule."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from orgaudit.cli.options import chosen_format, day_of, language_of
from orgaudit.errors import OrgauditError, did_you_mean
from orgaudit.messages import both

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


def explain(request: Request) -> int:
    """Prints what is known of a rule in each standard that has it."""
    from orgaudit.cli.listing import loaded
    from orgaudit.reports.pages import Pages

    language, day = language_of(request.lang), day_of(request.as_of, "--as-of") or date.today()
    chosen_format(request.format)
    found = _found(request.rule, loaded(request.standards))
    told = [_explained(standard, rule, day, sql=request.sql) for standard, rule in found]
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
            raise OrgauditError("rule-left-out", _left_out(name, standard))
    raise OrgauditError("unknown-select", did_you_mean(name, [r.id for s in standards for r in s.rules]))


def _left_out(name: str, standard: Standard) -> dict[str, object]:
    is_off = any(c.kind == "rule" and c.name == name and c.new.get("off") for c in standard.changes)
    readings = ", ".join(f"{n}: {use}" for n, use in standard.left_out[name].items())
    reason = both("left-out.off", {}) if is_off else both("left-out.reading", {"readings": readings})
    return {"rule": name, "standard": standard.id, "reason": reason}


def _explained(standard: Standard, rule: Rule, day: date, *, sql: bool) -> dict[str, Any]:
    from orgaudit.proof import scenarios_of
    from orgaudit.reports.explanation import explanation

    shown = [f"{s.name} ({s.where.file}:{s.where.line})" for s in scenarios_of(standard, rule.id)]
    if not sql:
        return explanation(rule, standard, day, scenarios=shown)
    from orgaudit.engine.statements import statements_of

    return explanation(rule, standard, day, statements=statements_of(rule, standard, day), scenarios=shown)
