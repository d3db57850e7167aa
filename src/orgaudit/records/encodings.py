"""Bytes to UTF-8: by the byte order mark, by strict trial, or as the manifest declares; never by a guess."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

_CHUNK = 1 << 20
_MARKS = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SAMPLE = 1 << 16
#: of a file that is UTF-8 but for a few broken bytes, most characters can be read
_BROKEN = 0.2


@dataclass(frozen=True)
class Decoded:
    """A file as UTF-8 text: where it lies, what it was written in; or the first byte and line that cannot be read."""

    path: Path
    encoding: str
    bad_byte: int | None = None
    bad_line: int | None = None


def marked(path: Path) -> str | None:
    """The encoding that the first bytes tell."""
    with path.open("rb") as stream:
        first = stream.read(4)
    return next((name for mark, name in _MARKS if first.startswith(mark)), None)


def transcoded(path: Path, copy: Path, declared: str | None, bad: tuple[int, int] | None) -> Decoded:
    """A copy in UTF-8 of a file that is not; `bad` is the place where reading it as UTF-8 ended."""
    tried = [declared] if declared else [marked(path) or ""]
    tried = [name for name in tried if name] or _candidates(path)
    for name in tried:
        if _copy(path, copy, name):
            return Decoded(copy, name)
    return Decoded(path, declared or "utf-8", *(bad or (0, 1)))


def _candidates(path: Path) -> list[str]:
    """What a file without a mark, which is no UTF-8, may be written in."""
    with path.open("rb") as stream:
        sample = stream.read(_SAMPLE)
    if b"\0" in sample:
        even, odd = sample[::2].count(0), sample[1::2].count(0)
        return ["utf-16-le" if odd > even else "utf-16-be"]
    text = sample.decode("utf-8", "replace")
    broken, foreign = text.count("\ufffd"), sum(1 for c in text if ord(c) > 127)
    return [] if foreign and broken / foreign < _BROKEN else ["gb18030"]


def _copy(path: Path, copy: Path, encoding: str) -> bool:
    """Writes the text of a file as UTF-8; whether every byte could be read."""
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
    except LookupError:
        return False
    try:
        with path.open("rb") as stream, copy.open("w", encoding="utf-8", newline="") as out:
            while chunk := stream.read(_CHUNK):
                out.write(decoder.decode(chunk))
            out.write(decoder.decode(b"", final=True))
    except UnicodeError:
        return False
    return True
