"""`orgaudit docs`: a page of each standard, in Chinese and in English."""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from orgaudit.cli.files import write_whole
from orgaudit.cli.options import language_of
from orgaudit.errors import OrgauditError, Where
from orgaudit.messages import LANGUAGES, render

if TYPE_CHECKING:
    from orgaudit.docs import Example
    from orgaudit.standards import Standard

_BLANK_LINES = re.compile(r"\n{3,}")


def docs(names: Sequence[str], out: Path, lang: str) -> int:
    """Writes `STANDARD.zh.md` and `STANDARD.en.md` for each standard."""
    from orgaudit.cli.listing import loaded
    from orgaudit.docs import page_of
    from orgaudit.reports.explanation import explanation
    from orgaudit.standards import clauses_of, find_standard

    language, written = language_of(lang), 0
    for standard in loaded(names):
        explained = [explanation(rule, standard, date.today()) for rule in standard.rules]
        clauses, examples = clauses_of(standard, find_standard(standard.path)), _examples(standard)
        for spoken in LANGUAGES:
            text = _BLANK_LINES.sub("\n\n", page_of(standard, clauses, explained, examples, spoken))
            _write(out / f"{standard.id}.{spoken}.md", text)
            written += 1
    sys.stdout.write(render("docs.written", {"path": out.as_posix(), "count": written}, language) + "\n")
    return 0


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise OrgauditError("unwritable", {"reason": e.strerror or str(e)}, Where(path.as_posix())) from e
    write_whole(path, text)


def _examples(standard: Standard) -> dict[str, list[Example]]:
    """The scenarios beside a standard, for each rule that they speak of."""
    from orgaudit.docs import Example
    from orgaudit.proof import scenarios_by_rule, verdicts_expected

    found: dict[str, list[Example]] = defaultdict(list)
    for rule, scenarios in scenarios_by_rule(standard).items():
        found[rule] = [Example(s.name, tuple(sorted(verdicts_expected(s.expect[rule])))) for s in scenarios]
    return found
