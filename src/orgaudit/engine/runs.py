"""Runs: from the bits of one subject's periods to its runs, in plain Python, once for each distinct pattern.

Five masks say of each period what is certain and what is possible: it counts (`counts`, `may_count`), it does not end
a run, by counting or by being skipped (`goes_on`, `may_go_on`), and it is skipped (`may_skip`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Pattern:
    """What is known of a subject's periods, bit i for period i."""

    counts: int
    may_count: int
    goes_on: int
    may_go_on: int
    may_skip: int


@dataclass(frozen=True)
class Run:
    """A run of periods that may count: first and last of them, its certain and its possible length."""

    first: int
    last: int
    certain: int
    possible: int

    def reached(self, pattern: Pattern, length: int) -> int | None:
        """The period in which the run reached a length, where no blank leaves that open."""
        lengths, found = {0}, set()
        for i in range(self.first, self.last + 1):
            counts, skipped, goes_on = (
                mask >> i & 1 for mask in (pattern.may_count, pattern.may_skip, pattern.goes_on)
            )
            following = {n + 1 for n in lengths} if counts else set()
            if length in following:
                found.add(i)
            following |= lengths if skipped else set()
            may_begin_again = bool(lengths) and not goes_on  # what has reached it is done
            lengths = following - {length} | ({0} if may_begin_again else set())
        return found.pop() if len(found) == 1 else None


def runs(pattern: Pattern, periods: int) -> Iterator[Run]:
    """The runs as long as possible, in order."""
    for first, last in _stretches(pattern.may_go_on, 0, periods):
        possible = _ones(pattern.may_count, first, last)
        if not possible:
            continue
        certain = max((_ones(pattern.counts, a, b) for a, b in _stretches(pattern.goes_on, first, last + 1)), default=0)
        counting = [i for i in range(first, last + 1) if pattern.may_count >> i & 1]
        yield Run(counting[0], counting[-1], certain, possible)


def _stretches(mask: int, start: int, stop: int) -> Iterator[tuple[int, int]]:
    first = None
    for i in range(start, stop):
        if mask >> i & 1:
            first = i if first is None else first
        elif first is not None:
            yield first, i - 1
            first = None
    if first is not None:
        yield first, stop - 1


def _ones(mask: int, first: int, last: int) -> int:
    return (mask >> first & (1 << last - first + 1) - 1).bit_count()


@dataclass(frozen=True)
class Item:
    """A run with its verdict."""

    run: Run
    verdict: str
    level: str | None
    possible_level: str | None


@dataclass(frozen=True)
class Reached:
    """A level that a run reached: in which period (None: the blanks leave it open), and whether it certainly did."""

    run: Run
    level: str
    period: int | None
    surely: bool
    step: int


@dataclass(frozen=True)
class Ladder:
    """How long a run may be: the level of a length, the lengths at which failing levels begin, and what passes."""

    level: Callable[[int], str | None]
    begins: list[tuple[str, int]]
    passes: Callable[[int], bool]
    turns: list[int] = field(default_factory=list)  #: the numbers at which what passes may change

    def counted(self, run: Run) -> Item:
        """The verdict of a number of periods, which may be anything from the certain to the possible one."""
        ends = [run.certain, run.possible]
        between = [n for turn in self.turns for n in (turn - 1, turn, turn + 1) if ends[0] < n < ends[1]]
        found = {self.passes(n) for n in (*ends, *between)}
        verdict = "unknown" if len(found) > 1 else "pass" if True in found else "fail"
        return Item(run, verdict, self.level(run.certain), self.level(run.possible))

    def judged(self, run: Run) -> Item:
        """The verdict of a run: what its certain length shows, and what its possible length may show."""
        certain, possible = self.passes(run.certain), self.passes(run.possible)
        verdict = "fail" if not certain else "pass" if possible else "unknown"
        return Item(run, verdict, self.level(run.certain), self.level(run.possible))

    def reached(self, run: Run, pattern: Pattern) -> Iterator[Reached]:
        """The failing levels that a run reached on its way, each once."""
        for step, (level, length) in enumerate(self.begins):
            if run.possible >= length:
                surely = run.certain >= length
                yield Reached(run, level, run.reached(pattern, length), surely=surely, step=step)


def one_after_another(patterns: Pattern, periods: int) -> Pattern:
    """The same for counting all periods, in a row or not: none of them ends the count."""
    everything = (1 << periods) - 1
    counts, may_count = patterns.counts, patterns.may_count
    return Pattern(counts, may_count, everything, everything, everything & ~counts)


def unplaced(run: Run, breaking: int, may_count: int) -> Run:
    """A run among events of unknown day: each may end it somewhere, or lengthen it."""
    return Run(run.first, run.last, -(-run.certain // (1 + breaking)), may_count)
