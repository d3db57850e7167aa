"""Checks by rule and by organization, as lines of a table that stand in columns, also where characters are wide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from orgaudit.findings import Audit, Verdict, empty_tally
from orgaudit.messages import in_language, render
from orgaudit.reports.breaking import columns_of
from orgaudit.reports.visible import printed

_GAP = 2  #: blanks between columns


def statistics(audit: Audit, language: str, width: int) -> Iterator[str]:
    """The lines of both tables: of what has something open a row each, the worst first, then the rest, then the sum."""
    rules: dict[str, dict[str, int]] = defaultdict(empty_tally)
    organizations: dict[str, dict[str, int]] = defaultdict(empty_tally)
    titles = {(r.standard, r.rule): f"{r.rule} {in_language(r.title, language)}" for r in audit.rules}
    names = {o.key: f"{o.name} ({o.key})" if o.name else o.key for o in audit.organizations}
    nobody = render("label.no-organization", {}, language)
    for standard, rule, organization, verdict, count in audit.cells():
        rules[titles[standard, rule]][verdict] += count
        organizations[names.get(organization or "", organization or nobody)][verdict] += count
    yield from _table("html.rules", rules, language, width)
    yield ""
    yield from _table("html.organizations", organizations, language, width)


def _table(title: str, counts: Mapping[str, dict[str, int]], language: str, width: int) -> Iterator[str]:
    def say(code: str, **values: object) -> str:
        return render(code, values, language)

    shown = [v.value for v in Verdict if v is not Verdict.ERROR or any(c["error"] for c in counts.values())]
    rows = sorted((c for c in counts.items() if _is_open(c[1])), key=lambda c: [-c[1][v] for v in shown])
    rest = [c for c in counts.values() if not _is_open(c)]
    lines = [[say(title), *(say("label.na" if v == "not_applicable" else f"html.verdict.{v}") for v in shown)]]
    lines += [[name, *(f"{tally[v]:,}" for v in shown)] for name, tally in rows]
    if rest:
        lines.append([say("label.others", count=len(rest)), *(f"{sum(c[v] for c in rest):,}" for v in shown)])
    lines.append([say("label.sum"), *(f"{sum(c[v] for c in counts.values()):,}" for v in shown)])
    return _aligned([[" ".join(printed(cell).split()) for cell in line] for line in lines], width)


def _is_open(tally: Mapping[str, int]) -> bool:
    return any(tally[v.value] for v in (Verdict.ERROR, Verdict.FAIL, Verdict.UNKNOWN, Verdict.PENDING))


def _aligned(lines: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """The first column to the left, cut where the width asks for it, the others to the right."""
    figures = [max(columns_of(line[i]) for line in lines) for i in range(1, len(lines[0]))]
    most = max(10, width - sum(figures) - _GAP * len(figures))
    first = min(most, max(columns_of(line[0]) for line in lines))
    for name, *cells in lines:
        told = _cut(name, first)
        right = (" " * (_GAP + w - columns_of(c)) + c for c, w in zip(cells, figures, strict=True))
        yield told + " " * (first - columns_of(told)) + "".join(right)


def _cut(text: str, width: int) -> str:
    if columns_of(text) <= width:
        return text
    kept = text
    while columns_of(kept) > width - 1:
        kept = kept[:-1]
    return kept + "…"
