"""The workbook: findings, summary, matrix, and the ledger of rectification that officers fill in and strike off."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from orgaudit.findings import Audit, Contrast, Finding, Verdict
from orgaudit.messages import in_language, render
from orgaudit.reports.demand_wording import demand_text
from orgaudit.reports.grades import grades_of
from orgaudit.reports.hosts import open_failures
from orgaudit.reports.order import by_name, in_order_of_names
from orgaudit.reports.side_by_side import Pair, elsewhere_texts, pairs, periods_text, which_text
from orgaudit.reports.visible import visible
from orgaudit.reports.wording import each_told, message, period_text, tells_when

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

#: the columns of the ledger, each with its width; those without a source are filled in by hand
LEDGER = (
    ("number", 6), ("problem", 60), ("basis", 26), ("unit", 26), ("person", 14), ("measure", 34), ("deadline", 14),
    ("progress", 26), ("closed", 14), ("id", 20),
)  # fmt: skip
FINDINGS = (
    ("verdict", 9), ("severity", 9), ("disposition", 9), ("rule", 12), ("title", 34), ("basis", 20), ("unit", 24),
    ("subject", 24), ("period", 14), ("due", 12), ("found", 60), ("remedy", 36), ("file", 28), ("row", 8), ("id", 20),
    ("elsewhere", 50),
)  # fmt: skip
CONTRASTS = (
    ("first", 14), ("clause", 16), ("bound", 24), ("second", 14), ("clause", 16), ("bound", 24), ("stricter", 24),
    ("unit", 26), ("subject", 26), ("period", 20), ("verdict", 10), ("verdict", 10),
)  # fmt: skip
_COLORS = {"fail": "#FBE3E1", "unknown": "#FDF0D5", "pending": "#DCEDF8", "error": "#FBE3E1"}
_MOST_ROWS = 1_000_000  #: of a sheet, below what spreadsheets take


def write_workbook(audit: Audit, findings: Sequence[Finding], language: str) -> bytes:
    """An XLSX file; every text is a text, never a formula."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(out, options) as book:
        book.set_calc_mode("auto")
        sheets, findings = _Sheets(book, audit, language), in_order_of_names(findings, audit)
        sheets.ledger(findings)
        sheets.findings(findings)
        sheets.summary(findings)
        sheets.matrix()
        sheets.contrasts()
    return out.getvalue()


class _Sheets:
    """The sheets of one workbook, in one language."""

    def __init__(self, book: Workbook, audit: Audit, language: str) -> None:
        self.book, self.audit, self.language = book, audit, language
        self.names = {o.key: o.name or o.key for o in audit.organizations}
        self.sorted = sorted(self.names, key=by_name(audit))
        self.head = book.add_format(
            {"bold": True, "bg_color": "#E7ECF1", "border": 1, "text_wrap": True, "valign": "vcenter"}
        )
        self.cell = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
        self.center = book.add_format({"align": "center", "border": 1})

    def say(self, code: str, **values: object) -> str:
        """A label in the workbook's language."""
        return render(code, values, self.language)

    def ledger(self, findings: Sequence[Finding]) -> None:
        """Open failures with room for measure, person, deadline, progress and striking off."""
        sheet = self._sheet("book.ledger", [(self.say(f"book.{name}"), width) for name, width in LEDGER])
        rows = (
            [i, self._problem(f), self._basis(f), self.names.get(f.organization or "", f.organization), "",
             in_language(f.rule.remedy, self.language), "", "", "", f.id]
            for i, f in enumerate(open_failures(findings), 1)
        )  # fmt: skip
        self._fill(sheet, rows, len(LEDGER))

    def findings(self, findings: Sequence[Finding]) -> None:
        """Every finding, a row."""
        sheet = self._sheet("book.findings", [(self.say(f"book.{name}"), width) for name, width in FINDINGS])
        last = self._fill(sheet, (self._finding(f) for f in findings), len(FINDINGS))
        for verdict, color in _COLORS.items():
            shown = self.say(f"html.verdict.{verdict}")
            rule = {
                "type": "cell",
                "criteria": "==",
                "value": f'"{shown}"',
                "format": self.book.add_format({"bg_color": color}),
            }
            sheet.conditional_format(1, 0, max(last, 1), 0, rule)

    def summary(self, findings: Sequence[Finding]) -> None:
        """Organizations with their points and verdicts."""
        verdicts = [v.value for v in Verdict]
        headings = [(self.say("book.unit"), 30), (self.say("html.points"), 9)]
        headings += [(self.say(f"html.verdict.{v}"), 11) for v in verdicts]
        sheet = self._sheet("book.summary", headings)
        grades = grades_of(findings, self.names)
        rows = [
            [
                self.names[key],
                grades[key].points,
                *(self.audit.by_organization.get(key, {}).get(v, 0) for v in verdicts),
            ]
            for key in self.sorted
        ]
        last = self._fill(sheet, rows, len(headings))
        sheet.conditional_format(1, 1, max(last, 1), 1, {"type": "data_bar", "bar_color": "#D6756E"})

    def matrix(self) -> None:
        """Organizations × rules: how many checks fail, are unknown, are pending; a tick where all is well."""
        cells = list(self.audit.cells())
        used = list(dict.fromkeys((c.standard, c.rule) for c in cells))
        sheet = self._sheet("book.matrix", [(self.say("book.unit"), 30), *((rule, 10) for _, rule in used)])
        found: dict[tuple[str | None, str, str], dict[str, int]] = defaultdict(dict)
        for standard, rule, organization, verdict, count in cells:
            found[organization, standard, rule][verdict] = count
        rows = [[self.names[key], *(_shown(found.get((key, *r), {})) for r in used)] for key in self.sorted]
        last = self._fill(sheet, rows, len(used) + 1, self.center)
        for begins, color in (("✗", _COLORS["fail"]), ("?", _COLORS["unknown"]), ("…", _COLORS["pending"])):
            marked = {
                "type": "text",
                "criteria": "begins with",
                "value": begins,
                "format": self.book.add_format({"bg_color": color}),
            }
            sheet.conditional_format(1, 1, max(last, 1), max(len(used), 1), marked)

    def contrasts(self) -> None:
        """Each subject that two standards bind with different bounds; no sheet where there is none."""
        found = pairs(self.audit.contrasts())
        if found:
            sheet = self._sheet("book.contrasts", [(self.say(f"book.{name}"), width) for name, width in CONTRASTS])
            self._fill(sheet, (self._contrast(p, c) for p in found for c in p.cases), len(CONTRASTS))

    # -- rows

    def _contrast(self, pair: Pair, case: Contrast) -> list[Any]:
        sides = [[pair.name(i), d.rule.clause, demand_text(d, self.language)] for i, d in enumerate(pair.demands)]
        subject = "" if case.subject.key == case.organization else (case.subject.name or case.subject.key)
        return [
            *sides[0], *sides[1], which_text(pair, self.language),
            self.names.get(case.organization or "", case.organization),
            " · ".join(filter(None, [subject, each_told(case, self.audit, self.language)])), periods_text(case),
            *(self.say(f"html.verdict.{v}") for v in case.verdicts),
        ]  # fmt: skip

    def _finding(self, finding: Finding) -> list[Any]:
        place = next((e for e in finding.evidence if e.file), None)
        return [
            self.say(f"html.verdict.{finding.verdict.value}"), self.say(f"html.severity.{finding.severity.value}"),
            self.say(f"html.disposition.{finding.disposition.value}"), finding.rule.rule,
            in_language(finding.rule.title, self.language), self._basis(finding),
            self.names.get(finding.organization or "", finding.organization), self._subject(finding), period_text(finding),
            finding.due_on.isoformat() if finding.due_on else "", message(finding, self.audit, self.language),
            in_language(finding.rule.remedy, self.language), place.file if place else "", place.row if place else "",
            finding.id, "\n".join(elsewhere_texts(finding, self.language)),
        ]  # fmt: skip

    def _problem(self, finding: Finding) -> str:
        said, title = message(finding, self.audit, self.language), in_language(finding.rule.title, self.language)
        when = "" if tells_when(finding) else period_text(finding)
        about = " · ".join(filter(None, [self._subject(finding), when]))
        if not about:
            return self.say("notice.about", about=title, said=said)
        return self.say("notice.line", title=title, basis=about, said=said)

    def _basis(self, finding: Finding) -> str:
        return " ".join(filter(None, [finding.rule.clause, finding.rule.rule]))

    def _subject(self, finding: Finding) -> str:
        subject = finding.subject
        who = "" if subject.key == finding.organization else (subject.name or subject.key)
        return " · ".join(filter(None, [who, each_told(finding, self.audit, self.language)]))

    # -- sheets

    def _sheet(self, title: str, headings: Sequence[tuple[str, int]]) -> Worksheet:
        sheet = self.book.add_worksheet(self.say(title))
        for i, (heading, width) in enumerate(headings):
            sheet.write_string(0, i, heading, self.head)
            sheet.set_column(i, i, width)
        sheet.freeze_panes(1, 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        return sheet

    def _fill(self, sheet: Worksheet, rows: Iterable[Sequence[Any]], width: int, style: Any = None) -> int:
        last = 0
        for last, row in enumerate(rows, 1):
            if last > _MOST_ROWS:
                break
            for i, value in enumerate(row):
                self._write(sheet)(last, i, value, style or self.cell)
        sheet.autofilter(0, 0, max(last, 1), width - 1)
        return last

    def _write(self, sheet: Worksheet) -> Callable[[int, int, Any, Any], object]:
        def write(row: int, column: int, value: Any, style: Any) -> object:
            if isinstance(value, int):
                return sheet.write_number(row, column, value, style)
            return sheet.write_string(row, column, _legal("" if value is None else str(value)), style)

        return write


def _legal(text: str) -> str:
    """A text that a cell takes."""
    return visible(text[:32_000])


def _shown(found: dict[str, int]) -> str:
    for verdict, mark in (("error", "!"), ("fail", "✗"), ("unknown", "?"), ("pending", "…")):
        if found.get(verdict):
            return f"{mark} {found[verdict]}"
    return "✓" if found.get("pass") else "–" if found else ""
