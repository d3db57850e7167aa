"""The page of a standard in one language, as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from orgaudit.messages import in_language, render
from orgaudit.reports.markdown import plain

if TYPE_CHECKING:
    from jinja2 import Template

    from orgaudit.standards import Clause, Standard

#: the verdicts in the order in which examples are shown, and how many of each
_SHOWN = ("pass", "fail", "unknown", "pending", "not_applicable")
_MOST = 3


@dataclass(frozen=True)
class Example:
    """A scenario of a rule: its name, and the verdicts that it expects (`pass`, `fail`, …)."""

    name: str
    verdicts: tuple[str, ...]


def page_of(
    standard: Standard,
    clauses: Sequence[Clause],
    explained: Sequence[Mapping[str, Any]],
    examples: Mapping[str, Sequence[Example]],
    language: str,
) -> str:
    """The page; `explained` has what `orgaudit explain` tells of each rule, `examples` the scenarios of each."""
    dispositions: dict[str, int] = {}
    for clause in clauses:
        dispositions[clause.disposition] = dispositions.get(clause.disposition, 0) + 1
    text = _template().render(
        standard=standard,
        clauses=clauses,
        dispositions=dispositions,
        rules=explained,
        examples={rule: _chosen(found) for rule, found in examples.items()},
        say=lambda code, **values: render(code, values, language),
        text=lambda value: plain(str(in_language(value, language) or "")),
        plain=lambda value: plain(str(value or "")),
    )
    return text.strip() + "\n"


def _chosen(examples: Sequence[Example]) -> list[tuple[str, list[str]]]:
    """For each verdict the names of some scenarios that expect it alone."""
    found = []
    for verdict in _SHOWN:
        names = [plain(e.name) for e in examples if set(e.verdicts) == {verdict}]
        if names:
            found.append((verdict, names[:_MOST]))
    return found


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    text = (files("orgaudit") / "docs" / "templates" / "standard.md").read_text(encoding="utf-8")
    environment = Environment(trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined, autoescape=False)
    return environment.from_string(text)
