"""What `orgaudit check` writes and prints: every output is a rendering of one audit."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from orgaudit.cli.exits import Exit
from orgaudit.cli.files import Content, write_all
from orgaudit.cli.request import Request
from orgaudit.findings import Audit, Finding

if TYPE_CHECKING:
    from orgaudit.reports.terminal import TerminalReport


@dataclass(frozen=True)
class Outputs:
    """An audit with all that its outputs are made from."""

    audit: Audit
    findings: Sequence[Finding]
    end: Exit
    request: Request
    language: str

    def write(self, outputs: Sequence[tuple[str, str]]) -> None:
        """All files (format, path), or none of them."""
        write_all((Path(path), self._content(kind)) for kind, path in outputs)

    def print(self) -> None:
        """What was asked for on the screen, and what a runner shows beside it."""
        if self.request.format == "text":
            self._report(sys.stdout).write(self.audit, self.findings, self.end.reason)
            return
        content = self._rendered(self.request.format)
        if isinstance(content, bytes):
            sys.stdout.buffer.write(content)
        else:
            sys.stdout.write(content)
        if self.request.format == "github":
            self._add_to_job_summary()

    def _content(self, kind: str) -> Content:
        """What is written to a file: where it may be large, piece by piece."""
        from orgaudit.reports import PIECES

        return PIECES[kind](self.audit, self.findings, self.language) if kind in PIECES else self._rendered(kind)

    def _rendered(self, kind: str) -> str | bytes:
        if kind == "text":
            out = StringIO()
            self._report(out).write(self.audit, self.findings, self.end.reason)
            return out.getvalue()
        from orgaudit.reports import WRITERS

        return WRITERS[kind](self.audit, self.findings, self.language)

    def _report(self, out: TextIO) -> TerminalReport:
        from orgaudit.reports.terminal import TerminalReport

        return TerminalReport(
            self.language,
            color=self.request.color,
            verbosity=self.request.verbosity,
            out=out,
            group_by=self.request.group_by,
            statistics=self.request.statistics,
        )

    def _add_to_job_summary(self) -> None:
        """What ten annotations do not hold, where GitHub shows the summary of a job; without names of persons."""
        path = os.environ.get("GITHUB_STEP_SUMMARY")
        if path:
            from orgaudit.reports.markdown import write_markdown
            from orgaudit.reports.privacy import nameless, redacted

            with Path(path).open("a", encoding="utf-8") as out:
                out.write(write_markdown(*redacted(self.audit, self.findings, nameless), self.language))
