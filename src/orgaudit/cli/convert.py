"""`orgaudit convert`: the canonical tables, with where each record came from."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from orgaudit.cli.check import named_by_manifest
from orgaudit.cli.options import day_of, language_of, period_of
from orgaudit.errors import OrgauditError, Where
from orgaudit.messages import render


def convert(
    path: Path, standards: Sequence[str], out: Path, kind: str, as_of: str | None, period: str | None, lang: str
) -> int:
    """Reads records and writes them as they were understood; ends with 0."""
    from orgaudit.periods import end_of_last_complete_month
    from orgaudit.records import load_records
    from orgaudit.records.convert import FORMATS, writer
    from orgaudit.standards import record_model_of

    language = language_of(lang)
    if kind not in FORMATS:
        raise OrgauditError("wrong-option", {"option": "--format", "value": kind, "reason": ", ".join(FORMATS)})
    names = list(standards) or named_by_manifest(path)
    model = record_model_of(names)
    _made(out, path)
    told: dict[str, int] = {}
    found = load_records(
        path,
        model,
        default_as_of=end_of_last_complete_month(date.today()),
        as_of=day_of(as_of, "--as-of"),
        period=period_of(period),
        settled=writer(out, kind, names, told),
    )
    found.db.close()
    for table, count in told.items():
        print(f"{out.as_posix()}/{table}.{kind} {count:,}")
    problems = sum(not p.is_notice for p in found.problems)
    values = {"tables": len(told), "rows": f"{sum(told.values()):,}", "problems": f"{problems:,}"}
    sys.stdout.write(render("convert.written", values, language) + "\n")
    return 0


def _made(out: Path, path: Path) -> None:
    """The folder, empty; it does not lie where the records are, or they would be read twice."""
    if out.resolve().is_relative_to(path.resolve()):
        reason = {"zh": "不能放在台账文件夹内", "en": "not inside the folder of the records"}
        raise OrgauditError("wrong-option", {"option": "--output", "value": out.as_posix(), "reason": reason})
    if out.is_dir() and any(out.iterdir()):
        raise OrgauditError("exists", {}, Where(out.as_posix()))
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise OrgauditError("unwritable", {"reason": e.strerror or str(e)}, Where(out.as_posix())) from e
