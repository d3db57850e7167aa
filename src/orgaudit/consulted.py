"""Which files were looked at while something was made, what stood in them, and which were looked for in vain.

Whoever keeps what was made can tell by them, later and elsewhere, whether it would be made the same again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

#: what a place holds: where its links lead, and the SHA-256 of its bytes; None where there is no file
State = list[str] | None
Files = dict[str, State]

_UNSTEADY: State = ["", ""]  #: of a file that cannot be read, or changed while it was looked at: like no other state
_NOTED: ContextVar[Files | None] = ContextVar("_NOTED", default=None)


@contextmanager
def noted() -> Iterator[Files]:
    """Every file that is looked at inside the block, by its absolute path."""
    files: Files = {}
    token = _NOTED.set(files)
    try:
        yield files
    finally:
        _NOTED.reset(token)


def contents(path: Path) -> bytes:
    """The bytes of a file; raises OSError."""
    found = path.read_bytes()
    _note(path, found)
    return found


def is_there(path: Path) -> bool:
    """Whether there is such a file; it is noted where there is none: it would be read if there were."""
    if path.is_file():
        return True
    _note(path, None)
    return False


def unchanged(files: Mapping[str, State]) -> bool:
    """Whether all of these places hold what they held."""
    return all(state != _UNSTEADY and _state_of(path) == state for path, state in files.items())


def _note(path: Path, content: bytes | None) -> None:
    files = _NOTED.get()
    if files is not None:
        place = str(path.absolute())
        state = _state(place, content)
        files[place] = state if files.get(place, state) == state else _UNSTEADY


def _state_of(path: str) -> State:
    try:
        return _state(path, Path(path).read_bytes() if Path(path).is_file() else None)
    except OSError:
        return _UNSTEADY


def _state(path: str, content: bytes | None) -> State:
    return None if content is None else [os.path.realpath(path), hashlib.sha256(content).hexdigest()]
