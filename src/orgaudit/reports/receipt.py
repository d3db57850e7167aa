"""The receipt of a submission, for a person and as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from orgaudit.messages import LANGUAGES, in_language
from orgaudit.reports.terminal import Terminal
from orgaudit.reports.wording import problem_text

if TYPE_CHECKING:
    from orgaudit.records import Receipt

_MOST, _MOST_NAMES = 40, 8  #: problems, and organizations of a line, that are spelled out


def receipt_data(receipt: Receipt) -> dict[str, Any]:
    """The receipt as plain data; problems are all there."""
    return {
        "orgaudit-records": "1",
        "path": receipt.path,
        "as_of": receipt.as_of,
        "period": {"start": receipt.period[0], "end": receipt.period[1]},
        "files": [asdict(f) for f in receipt.files],
        "rows": dict(receipt.rows),
        "repairs": [asdict(r) for r in receipt.repairs],
        "problems": [
            {
                "code": p.code, "notice": p.is_notice, "table": p.table, "file": p.file or None, "row": p.row,
                "column": p.column, "value": p.value,
                "message": {lang: problem_text(p, lang, receipt.titles) for lang in LANGUAGES},
            }
            for p in receipt.problems
        ],
        "reported": [{"table": r.table, "rows": r.rows, "silent": list(r.silent)} for r in receipt.reported],
        "counts": dict(sorted(Counter(p.code for p in receipt.problems).items())),
    }  # fmt: skip


def write_receipt(receipt: Receipt) -> str:
    """The receipt as JSON text."""
    return json.dumps(receipt_data(receipt), ensure_ascii=False, indent=1) + "\n"


class ReceiptReport(Terminal):
    """Writes a receipt to a terminal."""

    def write(self, receipt: Receipt, *, verbose: bool) -> None:
        """Files, headings, repairs, problems, who has not reported, and a line that counts everything."""
        first, last = receipt.period
        span = self.say("label.period", first=first, last=last)
        self.line(f"{receipt.path} · {self.say('label.as-of', as_of=receipt.as_of)} · {span}", style="bold")
        for part in (
            self._files(receipt),
            self._repairs(receipt),
            self._problems(receipt, verbose),
            self._reported(receipt, verbose),
        ):
            for line, indent in part:
                self.line(line, indent)
        problems = sum(not p.is_notice for p in receipt.problems)
        values = {"files": len({f.path for f in receipt.files}), "rows": f"{sum(receipt.rows.values()):,}"}
        repairs = sum(r.count for r in receipt.repairs)
        self.line("", 0)
        self.line(self.say("receipt.tally", **values, repairs=f"{repairs:,}", problems=f"{problems:,}"), 0)

    def _title(self, receipt: Receipt, table: str) -> str:
        return str(in_language(receipt.titles.get(table) or {self.language: table}, self.language))

    def _files(self, receipt: Receipt) -> Iterator[tuple[str, int]]:
        for file in receipt.files:
            yield "", 0
            title = self._title(receipt, file.table)
            encoding = file.encoding or "utf-8"
            values = {
                "table": f"{title} ({file.table})",
                "rows": f"{file.rows:,}",
                "encoding": encoding,
                "line": file.heading_line,
            }
            yield f"{file.path}: {self.say('receipt.file', **values)}", 0
            matched = [
                h if h == f else f"{h} → {f}" for f, h in file.matched.items() if h
            ]  # a constant of the manifest stands for its own field
            yield self.say("receipt.matched", headings=", ".join(matched)), 2
            if file.unmatched:
                yield self.say("receipt.unmatched", headings=", ".join(file.unmatched)), 2

    def _repairs(self, receipt: Receipt) -> Iterator[tuple[str, int]]:
        if receipt.repairs:
            yield "", 0
            yield self.say("receipt.repairs"), 0
        for r in receipt.repairs:
            kind = self.say(f"repair.{r.kind}")
            example = self.say("receipt.repair", before=r.before, after=r.after, row=r.row)
            yield f"{r.file} · {r.column}: {kind} ×{r.count:,} ({example})", 2

    def _problems(self, receipt: Receipt, verbose: bool) -> Iterator[tuple[str, int]]:
        found = [p for p in receipt.problems if verbose or not p.is_notice or p.code in _TOLD]
        if found:
            yield "", 0
            yield f"{self.say('label.problems')} ({len(found)})", 0
        for p in found if verbose else found[:_MOST]:
            where = ":".join(str(x) for x in (p.file, p.row) if x)
            said = problem_text(p, self.language, receipt.titles)
            yield f"{where}: {said}" if where else said, 2
        if not verbose and len(found) > _MOST:
            yield self.say("label.more", count=len(found) - _MOST), 2

    def _reported(self, receipt: Receipt, verbose: bool) -> Iterator[tuple[str, int]]:
        if receipt.reported:
            yield "", 0
            yield self.say("receipt.reported"), 0
        for r in receipt.reported:
            values = {"table": self._title(receipt, r.table), "count": len(r.rows), "all": len(r.rows) + len(r.silent)}
            yield self.say("receipt.reporting", **values), 2
            if r.silent:
                most = len(r.silent) if verbose else _MOST_NAMES
                names = [receipt.names.get(k, k) for k in r.silent[:most]]
                more = f" … +{len(r.silent) - most}" if len(r.silent) > most else ""
                yield self.say("receipt.silent", names=", ".join(names) + more), 4


#: notices that tell how a file was understood, or that one was not found
_TOLD = {"heading-row", "total-row", "sample-row", "signature-row", "heading-again", "unused-pattern"}
