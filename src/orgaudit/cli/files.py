"""Writing files whole: each beside its place first, and moved there when all of them are on the disk."""

from __future__ import annotations

import errno
import os
import re
import shutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from orgaudit.errors import OrgauditError, Where

_LEFT = re.compile(r"\.\d+-\d+\.part")  #: how the name ends of what is not whole yet
_FULL = (errno.ENOSPC, errno.EDQUOT)
_OLD = 3600  #: seconds after which nobody writes it any more: its run was killed


#: a text, bytes, or a text piece by piece
Content = str | bytes | Iterator[str]


def write_whole(path: Path, content: Content) -> None:
    """The whole file or nothing; raises OrgauditError where it cannot be written."""
    write_all([(path, content)])


def write_all(files: Iterable[tuple[Path, Content]]) -> None:
    """All files, each whole, or none of them; raises OrgauditError where one cannot be written."""
    ready: list[tuple[Path, Path]] = []
    path = Path()
    try:
        for path, content in files:
            if path.exists() and not path.is_file() and not path.is_dir():
                with path.open("wb") as out:  # a pipe or a device: there is no place beside it
                    out.writelines(_bytes(content))
            else:
                _write_beside(path.resolve(), _bytes(content), ready)
        for beside, path in ready:
            beside.replace(path)
    except OSError as e:
        hint = "hint-no-space" if e.errno in _FULL else None
        raise OrgauditError("unwritable", {"reason": e.strerror or str(e)}, Where(path.as_posix()), hint) from e
    finally:
        for beside, _ in ready:
            beside.unlink(missing_ok=True)


def _bytes(content: Content) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
    else:
        pieces = [content] if isinstance(content, str) else content
        yield from (piece.encode("utf-8") for piece in pieces)


def _write_beside(path: Path, data: Iterator[bytes], ready: list[tuple[Path, Path]]) -> None:
    """Writes a file under a hidden name that is no other's, down to the disk."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    hidden = f".{path.name[:40]}"  # a name has no more than 255 bytes
    _sweep(path.parent, hidden)
    beside = path.with_name(f"{hidden}.{os.getpid()}-{len(ready)}.part")
    with beside.open("xb") as out:
        ready.append((beside, path))
        out.writelines(data)
        out.flush()
        os.fsync(out.fileno())
    if path.exists():
        shutil.copymode(path, beside)


def _sweep(folder: Path, hidden: str) -> None:
    """Takes away what a run that was killed left beside this output."""
    for left in folder.iterdir():
        is_left = left.name.startswith(hidden) and _LEFT.fullmatch(left.name.removeprefix(hidden))
        if is_left and time.time() - left.stat().st_mtime > _OLD:
            left.unlink(missing_ok=True)
