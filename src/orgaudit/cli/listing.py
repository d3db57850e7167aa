"""`orgaudit rules`, `orgaudit standards` and `orgaudit coverage`: what there is, and what became of each clause."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from orgaudit.cli.options import chosen_format, chosen_rules, language_of
from orgaudit.errors import OrgauditError, OrgauditErrors

if TYPE_CHECKING:
    from orgaudit.reports.pages import Pages
    from orgaudit.standards import Clause, Standard

Data = dict[str, Any]


def loaded(names: Sequence[str]) -> list[Standard]:
    """The standards of these names, each with its own record model; without names those that are shipped."""
    from orgaudit.standards import load_standard, shipped_standards

    found: list[Standard] = []
    errors: list[OrgauditError] = []
    for name in dict.fromkeys(names or shipped_standards()):
        try:
            found.append(load_standard(name))
        except OrgauditErrors as e:
            errors += e.errors
        except OrgauditError as e:
            errors.append(e)
    if errors:
        raise OrgauditErrors(errors)
    return found


def rules(
    names: Sequence[str], select: Sequence[str], ignore: Sequence[str], kind: str, lang: str, color: bool | None
) -> int:
    """Lists the rules of standards."""
    language, standards = language_of(lang), loaded(names)
    chosen = chosen_rules(standards, select, ignore)
    listed = [
        {
            "standard": s.id,
            "rules": [
                {
                    "rule": r.id,
                    "clause": r.clause,
                    "modality": r.modality,
                    "severity": r.severity,
                    "title": dict(r.title),
                }
                for r in s.rules
                if chosen is None or r.id in chosen
            ],
        }
        for s in standards
    ]
    pairs = [(s, told) for s, told in zip(standards, listed, strict=True) if told["rules"] or chosen is None]
    if chosen_format(kind) == "json":
        return _json([told for _, told in pairs])
    page = _page(language, color)
    for standard, told in pairs:
        page.line(page.say("list.standard", title=page.text(standard.title), id=standard.id), style="bold")
        page.table(_RULES, [_cells(page, rule) for rule in told["rules"]])  # type: ignore[arg-type]
    return 0


_RULES = ("column.rule", "column.clause", "column.modality", "column.severity", "column.title")
_CLAUSES = ("column.norm", "column.clause", "column.disposition", "column.carried")


def _cells(page: Pages, rule: Data) -> list[str]:
    grades = [page.say(f"modality.{rule['modality']}"), page.say(f"severity.{rule['severity']}")]
    return [rule["rule"], rule["clause"] or "", *grades, page.text(rule["title"])]


def standards(names: Sequence[str], kind: str, lang: str, color: bool | None) -> int:
    """Lists the shipped standards, and those that are given."""
    from orgaudit.standards import shipped_standards

    language = language_of(lang)
    told = [_standard(s) for s in loaded([*shipped_standards(), *names])]
    if chosen_format(kind) == "json":
        return _json(told)
    page = _page(language, color)
    for i, one in enumerate(told):
        if i:
            page.line()
        _print_standard(page, one)
    return 0


def _standard(standard: Standard) -> Data:
    from orgaudit.reports.explanation import source_of, span_of

    clauses = _clauses(standard)
    return {
        "standard": standard.id,
        "title": dict(standard.title),
        "source": source_of(standard),
        "in_force": span_of(standard.in_force),
        "rules": len(standard.rules),
        "clauses": {"count": len(clauses), "covered": sum(c.covered for c in clauses)} if clauses else None,
        "path": standard.path,
    }


def _print_standard(page: Pages, told: Data) -> None:
    page.line(page.say("list.standard", title=page.text(told["title"]), id=told["standard"]), style="bold")
    source, span, clauses = told["source"], told["in_force"], told["clauses"]
    if source:
        document = page.text(source["title"]) or source["document"]
        page.line(page.say("list.source", document=document, published_on=source["published_on"] or "…"), 2)
    if span["from"] or span["to"]:
        page.line(page.say("list.in-force", first=span["from"] or "…", last=span["to"] or "…"), 2)
    page.line(page.say("list.rules", count=told["rules"]), 2)
    listed = clauses and page.say("list.clauses", **clauses, percent=_percent(**clauses))
    page.line(listed or page.say("list.no-clauses"), 2)
    page.line(page.say("list.path", path=told["path"]), 2)


def coverage(names: Sequence[str], kind: str, lang: str, color: bool | None) -> int:
    """Lists every clause of the sources with what became of it; 1 where something is left to do."""
    language = language_of(lang)
    found = [(s, _clauses(s)) for s in loaded(names)]
    for standard, clauses in found if names else ():
        if not clauses:
            raise OrgauditError("no-clauses", {"standard": standard.id})
    found = [(s, clauses) for s, clauses in found if clauses]  # of profiles nobody lists the clauses
    told = [_coverage(s, clauses) for s, clauses in found]
    if chosen_format(kind) == "json":
        _json(told)
    else:
        _print_coverage(_page(language, color), found)
    return int(any(t["covered"] < t["count"] for t in told))


def _coverage(standard: Standard, clauses: Sequence[Clause]) -> Data:
    return {
        "standard": standard.id,
        "count": len(clauses),
        "covered": sum(c.covered for c in clauses),
        "clauses": [
            {"norm": c.norm, "clause": c.clause, "disposition": c.disposition, "rules": list(c.rules), "why": c.why}
            for c in clauses
        ],
    }


def _print_coverage(page: Pages, found: Sequence[tuple[Standard, Sequence[Clause]]]) -> None:
    for standard, clauses in found:
        page.line(page.say("list.standard", title=page.text(standard.title), id=standard.id), style="bold")
        page.table(_CLAUSES, [_clause(page, c) for c in clauses])
        covered, count = sum(c.covered for c in clauses), len(clauses)
        page.line(page.say("coverage.figure", covered=covered, count=count, percent=_percent(count, covered)))


def _clause(page: Pages, clause: Clause) -> list[str]:
    carried = " — ".join(filter(None, [", ".join(clause.rules), clause.why]))
    return [clause.norm, clause.clause or "", page.say(f"disposition.{clause.disposition}"), carried]


def _percent(count: int, covered: int) -> str:
    """Rounded down: only all of them are 100."""
    return f"{1000 * covered // count / 10:g}"


def _clauses(standard: Standard) -> list[Clause]:
    from pathlib import Path

    from orgaudit.standards import clauses_of

    return clauses_of(standard, Path(standard.path))


def _page(language: str, color: bool | None) -> Pages:
    from orgaudit.reports.pages import Pages

    return Pages(language, color=color)


def _json(told: object) -> int:
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    return 0
