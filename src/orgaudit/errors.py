"""Errors that stop an audit, each with an address and a way out.

    OrgauditError                    one error: a message code, its values, where, and a hint
    └── OrgauditErrors               several of one file, collected before stopping

What is wrong with *records* is no error: it is a problem, and the audit goes on (see orgaudit.records).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True)
class Where:
    """A place in a file; lines and columns are counted from 1, 0 means unknown."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join([self.file, *(str(n) for n in (self.line, self.column) if n)])


class OrgauditError(Exception):
    """A message code with its values; `where` is its address, `hint` the code of a way out."""

    def __init__(
        self, code: str, values: Mapping[str, object] | None = None, where: Where | None = None, hint: str | None = None
    ) -> None:
        super().__init__(code, dict(values or {}), where, hint)
        self.code = code
        self.values = dict(values or {})
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        """The bare facts, for a traceback; people read `messages.render_error`."""
        values = ", ".join(f"{k}={v!r}" for k, v in self.values.items())
        return f"{self.where or ''} {self.code}({values})".strip()


class OrgauditErrors(OrgauditError):
    """All errors of a file (or of a command) at once, in the order of their places."""

    def __init__(self, errors: Iterable[OrgauditError]) -> None:
        self.errors = sorted(
            errors, key=lambda e: (e.where.file, e.where.line, e.where.column) if e.where else ("", 0, 0)
        )
        super().__init__("errors", {"count": len(self.errors)})

    def __str__(self) -> str:
        return "\n".join(map(str, self.errors))


def did_you_mean(name: str, known: Iterable[str]) -> dict[str, str]:
    """Values for a message about an unknown name: the nearest known one, and what is known."""
    names = sorted(known)
    close = get_close_matches(name, names, n=1, cutoff=0.6)
    return {"name": name, "close": close[0] if close else "", "known": ", ".join(names[:30])}
