"""The findings of one audit, however many: in memory while they are few, in a file beyond."""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import overload

from orgaudit.findings.finding import Finding
from orgaudit.findings.words import Disposition, Severity, Verdict

NEAR = 100_000  #: findings that are kept in memory: some 200 MB
SPARING = 10_000  #: the same, where memory was said to be limited
_CHUNK = 5_000  #: findings that are written, and read again, together

Kind = tuple[Verdict, Disposition, Severity]


class Findings(Sequence[Finding]):
    """Findings in their order; where there are more than `near`, all stand in a file of a private folder.

    `kinds` counts them as they come, so that nobody has to read them again for that.
    """

    def __init__(self, found: Iterable[Finding], folder: Path, near: int = NEAR) -> None:
        self.kinds: Counter[Kind] = Counter()
        self._far = folder / f"findings {id(self)}"
        self._chunks: list[tuple[int, int]] = []  # where each begins in the file, and its length
        self._last: list[Finding] = []  # those that are in no chunk
        for finding in found:
            self.kinds[finding.verdict, finding.disposition, finding.severity] += 1
            self._last.append(finding)
            if len(self._last) >= (_CHUNK if self._chunks else max(near + 1, _CHUNK)):
                self._put_away()

    def _put_away(self) -> None:
        """Writes all whole chunks."""
        with self._far.open("ab") as file:
            while len(self._last) >= _CHUNK:
                written = pickle.dumps(self._last[:_CHUNK], pickle.HIGHEST_PROTOCOL)
                self._chunks.append((file.tell(), file.write(written)))
                del self._last[:_CHUNK]

    def __len__(self) -> int:
        return _CHUNK * len(self._chunks) + len(self._last)

    def __iter__(self) -> Iterator[Finding]:
        for i in range(len(self._chunks)):
            yield from self._chunk(i)
        yield from self._last

    @overload
    def __getitem__(self, at: int) -> Finding: ...
    @overload
    def __getitem__(self, at: slice) -> list[Finding]: ...
    def __getitem__(self, at: int | slice) -> Finding | list[Finding]:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        place, written = range(len(self))[at], _CHUNK * len(self._chunks)
        return self._last[place - written] if place >= written else self._chunk(place // _CHUNK)[place % _CHUNK]

    def _chunk(self, i: int) -> list[Finding]:
        start, length = self._chunks[i]
        with self._far.open("rb") as file:
            file.seek(start)
            found: list[Finding] = pickle.loads(file.read(length))
        return found


def kinds_of(findings: Iterable[Finding]) -> Counter[Kind]:
    """How many findings there are of each verdict, disposition and severity."""
    if isinstance(findings, Findings):
        return findings.kinds
    return Counter((f.verdict, f.disposition, f.severity) for f in findings)
