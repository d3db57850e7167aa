"""`orgaudit template`: the workbook to fill in."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from orgaudit.cli.files import write_whole
from orgaudit.cli.options import chosen_rules, language_of
from orgaudit.messages import render


def template(standards: Sequence[str], select: Sequence[str], ignore: Sequence[str], out: Path, lang: str) -> int:
    """Writes a workbook with a sheet for each table that the rules look at."""
    from orgaudit.records.template import wanted_fields, write_template
    from orgaudit.standards import load_standard, needs_of, record_model_of, shipped_standards

    language = language_of(lang)
    names = list(standards) or list(shipped_standards())
    model = record_model_of(names)
    loaded = [load_standard(name, model) for name in names]
    chosen = chosen_rules(loaded, select, ignore)
    needs = [needs_of(r, s) for s in loaded for r in s.rules if chosen is None or r.id in chosen]
    wanted = wanted_fields(model, needs)
    write_whole(out, write_template(model, wanted, language))
    sys.stdout.write(render("template.written", {"path": out.as_posix(), "count": len(wanted)}, language) + "\n")
    return 0
