"""Writing files whole."""

from __future__ import annotations

import os
from pathlib import Path

from orgaudit.errors import OrgauditError, Where


def write_whole(path: Path, content: str | bytes) -> None:
    """The whole file or nothing: written beside its place, then moved there."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        beside.replace(path)
    except OSError as e:
        beside.unlink(missing_ok=True)
        raise OrgauditError("unwritable", {"reason": e.strerror or str(e)}, Where(path.as_posix())) from e
