"""One pass over the bytes of a text file before anything else is done with it, and its hash beside that."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

_CHUNK = 1 << 20
_LARGE = 1 << 23  #: bytes of a file from which on a thread for its hash is worth its start


@dataclass(frozen=True)
class Look:
    """What the bytes of a file tell.

    `plain`: every line that is not empty is one record; there are so many `lines`, empty ones counted, the longest of so
    many bytes. `spaced`: there is a space or a tab somewhere. `bad`: the first byte that is no UTF-8, and its line.
    """

    plain: bool
    lines: int
    longest: int
    spaced: bool
    bad: tuple[int, int] | None = None


def hash_of(path: Path) -> Callable[[], str]:
    """The SHA-256 of a file, waited for when it is asked: that of a large one is made while other things are done."""
    if path.stat().st_size < _LARGE:
        return partial(_hash, path)
    from concurrent.futures import Future
    from threading import Thread

    found: Future[str] = Future()

    def work() -> None:
        try:
            found.set_result(_hash(path))
        except OSError as e:
            found.set_exception(e)

    Thread(target=work, daemon=True).start()  # whoever interrupts does not wait for it
    return found.result


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_LARGE):  # little pieces would wait for the interpreter between each two
            digest.update(chunk)
    return digest.hexdigest()


def look_at(path: Path) -> Look:
    """Where the bytes stop to be UTF-8, whether every line is one record, and how many there are."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    plain, spaced, tail, position, lines, longest, run = True, False, b"", 0, 0, 0, 0
    ends: set[bytes] = set()
    bad: int | None = None
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            if bad is None and not (chunk.isascii() and decoder.getstate()[0] == b""):
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError as e:
                    bad = position + e.start
            plain = plain and b'"' not in chunk and b"\0" not in chunk and not _has_lone_return(tail, chunk)
            spaced = spaced or b" " in chunk or b"\t" in chunk
            longest, run = _longest(chunk, longest, run)
            lines += (found := chunk.count(b"\n"))
            ends |= _line_ends(tail, chunk, found)
            position, tail = position + len(chunk), chunk[-1:]
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        bad = position if bad is None else bad
    # lines that end in several ways are no trouble for people, but for the engine
    is_mixed = len(ends) > 1 or (tail == b"\r" and bool(ends))
    line = None if bad is None else (bad, _line_of(path, bad))
    return Look(plain and not is_mixed, lines + (tail not in (b"", b"\n")), longest, spaced, line)


def _line_ends(tail: bytes, chunk: bytes, lines: int) -> set[bytes]:
    """How the lines of a chunk end, after the byte before it."""
    pairs = chunk.count(b"\r\n") if b"\r" in chunk else 0
    pairs += tail == b"\r" and chunk.startswith(b"\n")
    return {end for end, found in ((b"\r\n", pairs), (b"\n", lines - pairs)) if found}


def _line_of(path: Path, position: int) -> int:
    """The line in which a byte stands."""
    line = 1
    with path.open("rb") as stream:
        while position > 0 and (chunk := stream.read(min(_CHUNK, position))):
            line, position = line + chunk.count(b"\n"), position - len(chunk)
    return line


def _longest(chunk: bytes, longest: int, run: int) -> tuple[int, int]:
    """The longest line so far, and how long the one is that the chunk ends in: looked at only where it can be long."""
    first, last = chunk.find(b"\n"), chunk.rfind(b"\n")
    if first < 0:
        return max(longest, run + len(chunk)), run + len(chunk)
    return max(longest, run + first), len(chunk) - last - 1


def _has_lone_return(tail: bytes, chunk: bytes) -> bool:
    """Whether a line ends in a return alone; one in the last place is told by what follows."""
    if tail == b"\r" and not chunk.startswith(b"\n"):
        return True
    return b"\r" in chunk and chunk.count(b"\r") - chunk.count(b"\r\n") - chunk.endswith(b"\r") > 0
