"""`orgaudit diff`: two audits side by side."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from orgaudit.cli.options import chosen_format, language_of
from orgaudit.ledger import PARTS, difference, read_audit
from orgaudit.messages import render


def diff(before: Path, after: Path, kind: str, lang: str, *, fail: bool) -> int:
    """Prints what changed; ends with 1 where something is new or got worse, if that is asked for."""
    language = language_of(lang)
    chosen_format(kind)
    earlier, later = read_audit(before), read_audit(after)
    found = difference(earlier, later)
    if kind == "json":
        sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    else:
        sys.stdout.write("\n".join(_lines(found, earlier, later, language)) + "\n")
    return 1 if fail and (found["new"] or found["escalated"]) else 0


def _lines(found: Mapping[str, Sequence[Any]], earlier: Any, later: Any, language: str) -> list[str]:
    names = {o["key"]: o["name"] or o["key"] for audit in (earlier, later) for o in audit["organizations"]}
    lines = [render("diff.days", {"before": earlier["as_of"], "after": later["as_of"]}, language)]
    for part in PARTS:
        if found[part]:
            lines += ["", f"{render(f'diff.{part}', {}, language)} ({len(found[part])})"]
            lines += [_line(f, names, language) for f in found[part]]
    tally = {part: len(found[part]) for part in PARTS}
    return [*lines, "", render("diff.tally", tally, language)]


def _line(finding: Mapping[str, Any], names: Mapping[str, str], language: str) -> str:
    subject = finding["subject"]
    who = names.get(finding["organization"] or "", finding["organization"] or "")
    about = [who] if subject["key"] == finding["organization"] else [who, subject["name"] or subject["key"]]
    return f"  {finding['rule']} {' · '.join(filter(None, about))} · {finding['period']['label']}: {finding['message'][language]}"
