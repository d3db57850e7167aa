"""The report in a terminal: what was read, findings by organization, and one last line that counts everything."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TextIO

from orgaudit.findings import Audit, Disposition, Finding
from orgaudit.messages import in_language, render
from orgaudit.reports.breaking import breaks
from orgaudit.reports.colors import AMBER, BLUE, GREY, RED, console
from orgaudit.reports.grouping import grouped
from orgaudit.reports.order import named
from orgaudit.reports.side_by_side import elsewhere_texts, pairs, section
from orgaudit.reports.statistics import statistics
from orgaudit.reports.summary import summarize
from orgaudit.reports.visible import printed
from orgaudit.reports.wording import each_told, found, message, place, problem_text, when_text

if TYPE_CHECKING:
    from rich.text import Text

_MARKS = {"fail": ("✗", RED), "unknown": ("?", AMBER), "pending": ("…", BLUE), "error": ("!", f"bold {RED}")}
_SEVERITY = {"critical": f"bold {RED}", "major": RED, "minor": AMBER, "info": GREY}
_MOST_PROBLEMS, _MOST_PLACES = 12, 3
_MOST_PAIRS, _MOST_CASES = 6, 3  #: of contrasts


class _Printed:
    """Lets no text control the terminal; each keeps its length, and so its colours their places."""

    def process_renderables(self, renderables: list[Any]) -> list[Any]:
        """What rich calls with everything that is to be printed."""
        for one in renderables:
            if hasattr(one, "plain"):
                one.plain = printed(one.plain)
        return renderables


class Terminal:
    """A terminal (or file) that speaks one language, and breaks lines where its width ends."""

    def __init__(self, language: str, *, color: bool | None = None, out: TextIO | None = None) -> None:
        self.language = language
        out = out or sys.stdout
        width = None if out.isatty() or "COLUMNS" in os.environ else 100
        self.console = console(out, color=color, width=width)
        self.console.push_render_hook(_Printed())  # type: ignore[arg-type]  # rich is imported late

    def say(self, code: str, **values: object) -> str:
        """A label in the report's language."""
        return render(code, values, self.language)

    def line(self, text: str, indent: int = 0, style: str = "") -> None:
        """A line of plain text, broken where the width ends (not where a heading or a cell is); without text a blank one."""
        from rich.text import Text

        if text:
            self._print(Text(" ".join(text.splitlines()), style=style), indent)
        else:
            self.console.print()

    def _print(self, text: Text, indent: int) -> None:
        """Prints a text, broken where the width ends and indented all the same."""
        for line in text.divide(breaks(text.plain, self.console.width - indent)):
            line.rstrip()
            line.pad_left(indent)
            self.console.print(line)


class TerminalReport(Terminal):
    """Writes one audit to one terminal (or file) in one language; `verbosity` −1 quiet, 0 plain, 1 everything."""

    def __init__(
        self,
        language: str,
        *,
        color: bool | None = None,
        verbosity: int = 0,
        out: TextIO | None = None,
        group_by: str = "organization",
        statistics: bool = False,
    ) -> None:
        super().__init__(language, color=color, out=out)
        self.verbosity, self.group_by, self.statistics = verbosity, group_by, statistics

    def write(self, audit: Audit, findings: Sequence[Finding], reason: str) -> None:
        """The whole report; `reason` is the line that explains the exit code."""
        if self.verbosity >= 0:
            self._head(audit)
            if self.statistics:
                self._statistics(audit)
            else:
                self._findings(audit, findings)
                self._figures(audit)
            self._contrasts(audit)
            self._unbound(audit)
            self._waivers(audit)
            self._problems(audit)
        self._summary(audit, findings, reason)

    # -- parts

    def _head(self, audit: Audit) -> None:
        titles = "、".join(str(in_language(s["title"], self.language)) for s in audit.standards)
        names = ", ".join(str(s["id"]) for s in audit.standards)
        self.console.print(f"{titles} ({names})", style="bold")
        span = self.say("label.period", first=audit.period.start, last=audit.period.end)
        self.console.print(f"{self.say('label.as-of', as_of=audit.as_of)} · {span}")
        rows = sum(int(str(t["rows"])) for t in audit.tables.values())
        files = {f["path"] for t in audit.tables.values() for f in t["files"]}  # type: ignore[attr-defined]
        read = self.say("label.read", rows=f"{rows:,}", tables=len(audit.tables), files=len(files))
        self.console.print(f"{audit.records_path}: {read}", soft_wrap=True)
        if audit.repairs:
            count = sum(r.count for r in audit.repairs)
            self.console.print(self.say("label.repaired", count=f"{count:,}"), soft_wrap=True)

    def _findings(self, audit: Audit, findings: Sequence[Finding]) -> None:
        names = {o.key: o.name or o.key for o in audit.organizations}
        for heading, group in grouped(findings, self.group_by, audit, self.language):
            self.console.print()
            self.line(heading, style="bold underline")
            for finding in group:
                for text, indent in self._finding(finding, audit, names):
                    self._print(text, indent)

    def _statistics(self, audit: Audit) -> None:
        self.console.print()
        for line in statistics(audit, self.language, self.console.width):
            self.console.print(line, soft_wrap=True)

    def _finding(self, finding: Finding, audit: Audit, names: Mapping[str, str]) -> Iterator[tuple[Text, int]]:
        from rich.text import Text

        mark, style = _MARKS[finding.verdict.value]
        advisory = finding.disposition is Disposition.ADVISORY
        grade = self.say("label.advisory") if advisory else self.say(f"severity.{finding.severity.value}")
        head = Text()
        head.append(mark, style=GREY if advisory else style)
        about = " · ".join(self._about(finding, audit, names))
        if self.group_by == "rule":
            head.append(f" {about or audit.period.label}")
        else:
            head.append(f" {finding.rule.rule} ", style="bold")
            head.append(f"{finding.rule.clause or ''} ")
            head.append(str(in_language(finding.rule.title, self.language)))
        if self.group_by != "severity":
            head.append(f" [{grade}]", style=GREY if advisory else _SEVERITY[finding.severity.value])
        yield head, 2
        if about and self.group_by != "rule":
            yield Text(about), 4
        yield Text(message(finding, audit, self.language)), 4
        yield from ((Text(said), 4) for said in elsewhere_texts(finding, self.language))
        remedy = in_language(finding.rule.remedy, self.language)
        if remedy and self.verbosity > 0:
            yield Text(f"→ {remedy}"), 4
        places = list(dict.fromkeys(place(e) for e in finding.evidence))
        if places:
            most = len(places) if self.verbosity > 0 else _MOST_PLACES
            shown = ", ".join(places[:most]) + (" …" if len(places) > most else "")
            yield Text(shown, style=GREY), 4
        if self.verbosity > 0:
            yield Text(self.say("label.finding", id=finding.id), style=GREY), 4

    def _about(self, finding: Finding, audit: Audit, names: Mapping[str, str]) -> list[str]:
        subject, key = finding.subject, finding.organization or ""
        where = "" if self.group_by == "organization" else names.get(key, key)
        who = f"{subject.name} ({subject.key})" if subject.name else subject.key
        parts = [] if finding.subject.key == finding.organization else [who]
        return [*filter(None, [where, *parts, each_told(finding, audit, self.language), when_text(finding, audit)])]

    def _figures(self, audit: Audit) -> None:
        """What rules without a bound found: numbers to know."""
        from rich.text import Text

        rules = {(r.standard, r.rule): i for i, r in enumerate(audit.rules)}
        figures = sorted(audit.figures(), key=lambda f: (rules[f.rule.standard, f.rule.rule], named(f.subject)))
        if not figures:
            return
        self.console.print()
        self.console.print(self.say("label.figures"), style="bold underline")
        for figure in figures:
            title = in_language(figure.rule.title, self.language) or ""
            who = "" if figure.subject.table == "audit" else figure.subject.name or figure.subject.key
            when = "" if figure.period.label == audit.period.label else figure.period.label
            about = " · ".join(filter(None, [who, each_told(figure, audit, self.language), when]))
            head = f"{figure.rule.rule} {title}" + (f" · {about}" if about else "")
            self._print(Text(f"{head}: {found(figure, self.language)}"), 2)

    def _contrasts(self, audit: Audit) -> None:
        """Where two standards bind one subject with different bounds."""
        from rich.text import Text

        count = len(pairs(audit.contrasts()))
        if not count:
            return
        self.console.print()
        self.console.print(f"{self.say('contrast.title')} ({count})", style="bold underline")
        most, cases = (None, None) if self.verbosity > 0 else (_MOST_PAIRS, _MOST_CASES)
        for depth, line in section(audit, self.language, most, cases):
            self._print(Text(line, style=GREY if depth else ""), 2 + 2 * depth)
        if most is not None and count > most:
            self.console.print("  " + self.say("label.more", count=count - most), style=GREY)

    def _waivers(self, audit: Audit) -> None:
        """What became of each waiver: one that matches nothing, or is over, wants a decision."""
        from rich.text import Text

        if audit.waivers:
            self.console.print()
            self.console.print(f"{self.say('label.waivers')} ({len(audit.waivers)})", style="bold underline")
        for waiver in audit.waivers:
            about = [waiver.rule or waiver.clause, waiver.organization, waiver.subject, waiver.period]
            state = self.say(f"waiver.{waiver.state}", used=waiver.used, until=waiver.until)
            said = f"{' · '.join(filter(None, about))}: {state} ({waiver.approver}: {waiver.justification})"
            self._print(Text(said, style="" if waiver.state == "used" else AMBER), 2)

    def _unbound(self, audit: Audit) -> None:
        """Rules without a single check: whoever expected one should see that nobody was looked at."""
        from rich.text import Text

        names = [rule for (_, rule), tally in audit.by_rule.items() if not sum(tally.values())]
        if names:
            self.console.print()
            self._print(Text(self.say("label.unbound", count=len(names), names=", ".join(names)), style=GREY), 0)

    def _problems(self, audit: Audit) -> None:
        from rich.text import Text

        for label, wanted in (("label.problems", False), ("label.notices", True)):
            chosen = [p for p in audit.problems if p.is_notice is wanted]
            if not chosen or (wanted and self.verbosity < 1):
                continue
            self.console.print()
            self.console.print(f"{self.say(label)} ({len(chosen)})", style="bold underline")
            most = len(chosen) if self.verbosity > 0 else _MOST_PROBLEMS
            for problem in chosen[:most]:
                where = ":".join(str(x) for x in (problem.file, problem.row) if x)
                said = problem_text(problem, self.language, audit.titles)
                self._print(Text(f"{where}: {said}" if where else said), 2)
            if len(chosen) > most:
                self.console.print("  " + self.say("label.more", count=len(chosen) - most), style=GREY)

    def _summary(self, audit: Audit, findings: Sequence[Finding], reason: str) -> None:
        summary = summarize(audit, findings)
        verdicts = {("pass_" if k == "pass" else k): f"{v:,}" for k, v in summary.verdicts.items()}
        dispositions = {k: f"{v:,}" for k, v in summary.dispositions.items() if k != "open"}
        if self.verbosity >= 0:
            self.console.print()
        counts = self.say("label.summary", **verdicts, **dispositions, problems=summary.problems)
        self.console.print(reason, soft_wrap=True)  # one line also in a pipe: scripts read it
        self.console.print(counts + self._waiver_tally(audit), style="bold", soft_wrap=True)

    def _waiver_tally(self, audit: Audit) -> str:
        if not audit.waivers:
            return ""
        states = {s: sum(w.state == s for w in audit.waivers) for s in ("used", "soon", "unused", "expired")}
        return " · " + self.say("label.waiver-tally", **states)
