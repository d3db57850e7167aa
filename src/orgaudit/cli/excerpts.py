"""Errors with the line they stand in, and the word that is wrong underlined."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from unicodedata import category

from orgaudit.errors import OrgauditError, OrgauditErrors, Where
from orgaudit.messages import Language, render_error
from orgaudit.reports.breaking import columns_of

_WORD = re.compile(r"""\d{4}-\d\d-\d\d|-?[\w.$]+%?|'(?:[^']|'')*'|"[^"]*\"""")
_CLOSING = {"{": "}", "[": "]"}


def with_excerpts(error: OrgauditError, language: Language) -> str:
    """Each error on a line of its own, followed by the source line where there is one."""
    errors = error.errors if isinstance(error, OrgauditErrors) else [error]
    return "\n".join(line for e in errors for line in (render_error(e, language), *excerpt(e.where)))


def excerpt(where: Where | None) -> Iterator[str]:
    """The line of a place with the word there underlined; nothing where it cannot be shown."""
    line = _line(where) if where is not None and where.line and where.column else ""
    if not line or where is None or where.column > len(line):
        return
    wrong = _from(line, where.column - 1)
    margin = f"  {where.line} | "
    yield margin + line
    yield " " * (len(margin) - 2) + "| " + " " * columns_of(line[: where.column - 1]) + "^" * max(columns_of(wrong), 1)


def _from(line: str, start: int) -> str:
    """The word, the text in quotation marks, or all that stands in brackets, from a place of a line."""
    word = _WORD.match(line, start)
    if word or line[start] not in _CLOSING:
        return line[start : word.end() if word else start + 1]
    depth = 0
    for i, sign in enumerate(line[start:]):
        depth += (sign in _CLOSING) - (sign in _CLOSING.values())
        if depth == 0:
            return line[start : start + i + 1]
    return line[start:].rstrip()


def _line(where: Where) -> str:
    """The line as it is written; nothing where it cannot be shown as one."""
    try:
        lines = Path(where.file).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        return ""
    line = lines[where.line - 1] if where.line <= len(lines) else ""
    return "" if any(category(c) == "Cc" for c in line) else line
