"""`orgaudit records`: the receipt of what was handed in."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from orgaudit.cli.check import named_by_manifest
from orgaudit.cli.files import write_whole
from orgaudit.cli.options import chosen_format, language_of, redact_key
from orgaudit.errors import OrgauditError

if TYPE_CHECKING:
    from orgaudit.records import Receipt, Records


def records(
    path: Path,
    standards: Sequence[str],
    kind: str,
    marked: Path | None,
    lang: str,
    color: bool | None,
    *,
    verbose: bool,
    redact: bool = False,
) -> int:
    """Reads records and says what was understood; ends with 1 where there are problems."""
    from orgaudit.periods import end_of_last_complete_month
    from orgaudit.records import load_records, receipt_of
    from orgaudit.reports.receipt import ReceiptReport, write_receipt
    from orgaudit.standards import record_model_of

    language = language_of(lang)
    chosen_format(kind)
    if redact and marked is not None:
        raise OrgauditError("marked-redacted")
    key = redact_key() if redact else None
    model = record_model_of(list(standards) or _named(path))
    found = load_records(path, model, default_as_of=end_of_last_complete_month(date.today()))
    try:
        receipt = receipt_of(found) if key is None else _redacted(found, key)
    finally:
        found.db.close()
    if marked is not None:
        _write_marked(path, receipt, marked, language)
    if kind == "json":
        sys.stdout.write(write_receipt(receipt))
    else:
        ReceiptReport(language, color=color).write(receipt, verbose=verbose)
    return 1 if any(not p.is_notice for p in receipt.problems) else 0


def _redacted(records: Records, key: bytes) -> Receipt:
    """The receipt with pseudonyms, the same as those of an audit with the same secret."""
    from orgaudit.engine.personal import personal
    from orgaudit.records import named_in_paths, receipt_of
    from orgaudit.reports.privacy import pseudonyms, redacted_receipt

    of_persons = personal(records, [])
    return redacted_receipt(receipt_of(records), of_persons, named_in_paths(records, of_persons), pseudonyms(key))


def _named(path: Path) -> list[str]:
    """The standards that the manifest names; without any, those that are shipped."""
    from orgaudit.standards import shipped_standards

    try:
        return named_by_manifest(path)
    except OrgauditError as e:
        if e.code != "no-standard":
            raise
        return list(shipped_standards())


def _write_marked(path: Path, receipt: Receipt, out: Path, language: str) -> None:
    from orgaudit.records.marked import write_marked
    from orgaudit.reports.wording import problem_text

    wanted = [p for p in receipt.problems if not p.is_notice]
    write_whole(out, write_marked(path, receipt.files, wanted, lambda p: problem_text(p, language, receipt.titles)))
