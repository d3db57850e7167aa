"""A folder of what can be made again: nobody else's, bounded, and never in the way.

What cannot be kept is not kept, and what is broken is not there: neither is an error.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISDIR
from tempfile import mkstemp

MOST_ENTRIES = 32
MOST_BYTES = 64_000_000
_DIGEST = hashlib.sha256().digest_size
_ENTRY, _PART = ".entry", ".part"
_OTHERS = 0o077  #: whatever anybody else may do


@dataclass(frozen=True)
class CacheFolder:
    """Entries by name, each with a checksum before it; the least recently used are given up."""

    path: Path

    def read(self, name: str) -> bytes | None:
        """What is kept under a name; None where that is nothing, or broken, or where somebody else may write."""
        entry = self._entry(name)
        with suppress(OSError):
            if not self._is_own():
                return None
            kept = entry.read_bytes()
            digest, content = kept[:_DIGEST], kept[_DIGEST:]
            if hashlib.sha256(content).digest() == digest:
                os.utime(entry)
                return content
        return None

    def write(self, name: str, content: bytes) -> None:
        """Keeps this, in the place of what was there, unless the disk or the folder does not take it."""
        with suppress(OSError):
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self._is_own():
                self._put(self._entry(name), hashlib.sha256(content).digest() + content)
                self._bound()

    def _entry(self, name: str) -> Path:
        return self.path / f"{name}{_ENTRY}"

    def _is_own(self) -> bool:
        """Whether it is a folder of ours that is closed to everybody else; Windows keeps those of a user closed by itself."""
        found = self.path.lstat()
        if not S_ISDIR(found.st_mode):
            return False
        return os.name == "nt" or (found.st_uid == os.getuid() and not found.st_mode & _OTHERS)

    def _put(self, entry: Path, data: bytes) -> None:
        """Whoever reads meanwhile finds the old entry or the new one, whole."""
        descriptor, name = mkstemp(dir=self.path, suffix=_PART)
        part = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as out:
                out.write(data)
            part.replace(entry)
        finally:
            part.unlink(missing_ok=True)

    def _bound(self) -> None:
        """Gives up what was not used for longest, and what runs that were killed have left."""
        found = [(p.stat(), p) for p in self.path.iterdir() if p.suffix in (_ENTRY, _PART)]
        found.sort(key=lambda item: item[0].st_mtime_ns, reverse=True)
        size = 0
        for i, (stat, path) in enumerate(found):
            size += stat.st_size
            if i >= MOST_ENTRIES or size > MOST_BYTES:
                path.unlink(missing_ok=True)
