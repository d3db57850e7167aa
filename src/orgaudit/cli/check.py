"""`orgaudit check`: records and standards in, a report and an exit code out."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from orgaudit.cli.exits import Exit, decide
from orgaudit.cli.files import write_whole
from orgaudit.cli.options import chosen_rules, day_of, language_of, outputs_of, period_of
from orgaudit.errors import OrgauditError, Where
from orgaudit.findings import Audit, Finding, Severity

if TYPE_CHECKING:
    from orgaudit.recordmodel import RecordModel
    from orgaudit.reports.terminal import TerminalReport
    from orgaudit.standards import Standard

FORMATS = ("text", "json", "html")


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line."""

    records: Path
    standards: Sequence[str]
    select: Sequence[str]
    ignore: Sequence[str]
    as_of: str | None
    period: str | None
    fail_on: str
    max_unknown: str | None
    format: str
    outputs: Sequence[str]
    lang: str
    verbosity: int
    color: bool | None
    memory_limit: str | None
    temp_limit: str | None


def check(request: Request) -> int:
    """Makes the audit, writes every output, and returns the exit code."""
    language = language_of(request.lang)
    outputs = outputs_of(request.outputs, FORMATS)
    fail_on = _severity(request.fail_on)
    if request.format not in FORMATS:
        raise OrgauditError(
            "wrong-option", {"option": "--format", "value": request.format, "reason": ", ".join(FORMATS)}
        )
    with _audited(request) as (audit, findings):
        end = decide(audit, findings, fail_on, request.max_unknown, language)
        for kind, path in outputs:
            write_whole(Path(path), _rendered(kind, audit, findings, end, request, language))
        if request.format == "text":
            _report(request, language, sys.stdout).write(audit, findings, end.reason)
        else:
            sys.stdout.write(_rendered(request.format, audit, findings, end, request, language))
    return end.code


@contextmanager
def _audited(request: Request) -> Iterator[tuple[Audit, list[Finding]]]:
    """The audit with its findings; the work database lives as long as the block."""
    from orgaudit.engine import audit
    from orgaudit.periods import end_of_last_complete_month
    from orgaudit.records import load_records

    standards, model = _standards(request)
    rules = chosen_rules([r.id for s in standards for r in s.rules], request.select, request.ignore)
    records = load_records(
        request.records,
        model,
        default_as_of=end_of_last_complete_month(date.today()),
        as_of=day_of(request.as_of, "--as-of"),
        period=period_of(request.period),
        memory_limit=request.memory_limit,
        temp_limit=request.temp_limit,
    )
    try:
        made = audit(records, standards, rules)
        yield made, list(made.findings())
    finally:
        records.db.close()


def _standards(request: Request) -> tuple[list[Standard], RecordModel]:
    """The standards asked for, or those that the manifest names, with the one record model they share."""
    from orgaudit.standards import load_standard, record_model_of

    names = list(dict.fromkeys(request.standards)) or named_by_manifest(request.records)
    model = record_model_of(names)
    return [load_standard(n, model) for n in names], model


def named_by_manifest(folder: Path) -> list[str]:
    """The standards that the manifest beside the records names; raises OrgauditError where there are none."""
    from orgaudit.records import read_manifest

    if not folder.exists():
        raise OrgauditError("no-folder", {}, Where(folder.as_posix()))
    names = read_manifest(folder, folder.as_posix()).standards if folder.is_dir() else []
    if not names:
        raise OrgauditError("no-standard")
    return names


def _severity(text: str) -> Severity:
    try:
        return Severity(text)
    except ValueError as e:
        reason = ", ".join(s.value for s in Severity)
        raise OrgauditError("wrong-option", {"option": "--fail-on", "value": text, "reason": reason}) from e


def _report(request: Request, language: str, out: TextIO) -> TerminalReport:
    from orgaudit.reports.terminal import TerminalReport

    return TerminalReport(language, color=request.color, verbosity=request.verbosity, out=out)


def _rendered(kind: str, audit: Audit, findings: Sequence[Finding], end: Exit, request: Request, language: str) -> str:
    if kind == "text":
        out = StringIO()
        _report(request, language, out).write(audit, findings, end.reason)
        return out.getvalue()
    from orgaudit.reports import WRITERS

    return WRITERS[kind](audit, findings, language)
