"""`orgaudit check`: records and standards in, a report and an exit code out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from orgaudit.cli.exits import decide
from orgaudit.cli.options import cache_of, chosen_rules, day_of, language_of, one_of, outputs_of, period_of, redact_key
from orgaudit.cli.outputs import Outputs
from orgaudit.cli.progress import watched
from orgaudit.cli.request import Request
from orgaudit.errors import OrgauditError, Where
from orgaudit.findings import NEAR, SPARING, Audit, Finding, Findings, Severity

if TYPE_CHECKING:
    from orgaudit.records import Manifest
    from orgaudit.standards import Compiled
    from orgaudit.watch import Watch

#: what makes findings into a sequence that keeps them
Keep = Callable[[Iterable[Finding]], Findings]
#: a watcher is told after so many findings
_OFTEN = 500
FORMATS = (
    "text", "json", "jsonl", "csv", "markdown", "junit", "sarif", "github", "gitlab", "html", "xlsx", "notice", "word",
)  # fmt: skip
GROUPINGS = ("organization", "rule", "severity")


def check(request: Request) -> int:
    """Makes the audit, writes every output, and returns the exit code; once more where a fault of its own ended the engine."""
    try:
        return _checked(request)
    except OrgauditError as e:  # nothing was written yet
        if e.code != "engine-lost":
            raise
    return _checked(replace(request, careful=True))


def _checked(request: Request) -> int:
    language = language_of(request.lang)
    outputs = outputs_of(request.outputs, FORMATS)
    fail_on = _severity(request.fail_on)
    one_of("--format", request.format, FORMATS)
    one_of("--group-by", request.group_by, GROUPINGS)
    clock = watched(language, timings=request.timings, color=request.color)
    with clock as watch, _audited(request, watch) as (audit, findings):
        watch("writing")
        end = decide(audit, findings, fail_on, request.max_unknown, language)
        made = Outputs(audit, findings, end, request, language)
        made.write(outputs)
        made.print()
    return end.code


@contextmanager
def _audited(request: Request, watch: Watch) -> Iterator[tuple[Audit, Sequence[Finding]]]:
    """The audit with its findings; the work database lives as long as the block."""
    from orgaudit.engine import audit
    from orgaudit.periods import end_of_last_complete_month
    from orgaudit.records import load_records

    loaded = _standards(request)
    standards = loaded.standards
    rules = chosen_rules(standards, *_patterns(request))
    records = load_records(
        request.records,
        loaded.model,
        default_as_of=end_of_last_complete_month(date.today()),
        as_of=day_of(request.as_of, "--as-of"),
        period=period_of(request.period),
        memory_limit=request.memory_limit,
        temp_limit=request.temp_limit,
        careful=request.careful,
        watch=watch,
    )
    try:
        made = audit(records, standards, rules, watch)
        keep = partial(Findings, folder=records.db.folder, near=NEAR if request.memory_limit is None else SPARING)
        findings = _with_decisions(made, keep(_explained(made, watch)), request, records.manifest, keep)
        yield _redacted(made, findings, keep) if request.redact else (made, findings)
    finally:
        records.db.close()


def _explained(audit: Audit, watch: Watch) -> Iterator[Finding]:
    """The findings, one by one, while somebody watches."""
    for i, finding in enumerate(audit.findings()):
        if i % _OFTEN == 0:
            watch("explaining", i, None, finding.rule.rule)
        yield finding


def _patterns(request: Request) -> tuple[Sequence[str], Sequence[str]]:
    """The rules that the options choose; else, of the standards that the manifest names, those that it chooses."""
    from orgaudit.records import read_manifest

    if request.select or request.ignore or request.standards:
        return request.select, request.ignore
    manifest = read_manifest(request.records, request.records.as_posix())
    return manifest.select, manifest.ignore


def _with_decisions(
    audit: Audit, findings: Findings, request: Request, manifest: Manifest, keep: Keep
) -> Sequence[Finding]:
    """The findings with what people decided about them; the audit takes note of its waivers, and of what changed."""
    from orgaudit.ledger import before_of, decided, read_audit, read_waivers, trend_of

    named = request.records / manifest.waivers if manifest.waivers and request.waivers is None else request.waivers
    waivers = read_waivers(named, audit.rules) if named is not None and not request.no_waivers else []
    told = read_audit(request.baseline) if request.baseline is not None else None
    as_decided, audit.waivers = decided(findings, waivers, before_of(told) if told else None, audit.as_of)
    found = findings if as_decided is findings else keep(as_decided)
    audit.trend = trend_of(told, found, audit) if told else None
    return found


def _redacted(audit: Audit, findings: Sequence[Finding], keep: Keep) -> tuple[Audit, Sequence[Finding]]:
    """Pseudonyms for persons, the same in every output that is made with the same secret."""
    from orgaudit.reports.privacy import pseudonyms, redacted

    return redacted(audit, findings, pseudonyms(redact_key()), keep)


def _standards(request: Request) -> Compiled:
    """The standards asked for, or those that the manifest names."""
    from orgaudit.standards import load_standards

    names = list(dict.fromkeys(request.standards)) or named_by_manifest(request.records)
    return load_standards(names, cache_of(no_cache=request.no_cache))


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
