"""Which of two bounds on one subject is the stricter one: whoever keeps it keeps the other, too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import inf

from orgaudit.periods import length_of
from orgaudit.standards.ladder import Place

Reach = tuple[Place, Place]
_WEEKS_IN_A_MONTH = 3  #: that lie wholly in it, at least


@dataclass(frozen=True)
class Asked:
    """What was asked of one subject in one window, as far as it can be compared.

    `of` says what the number is a number of: bounds on different things are different, and neither is stricter. `lawful`
    are the stretches of values that keep the bound; None where there is none, or where nobody knows it.
    """

    of: str
    lawful: tuple[Reach, ...] | None
    every: str | None = None
    step: str | None = None
    first: date | None = None
    last: date | None = None
    moved: bool = False  # the window is not the period
    grows: bool = False  # a longer window finds as much, or more
    adds_up: bool = False  # what parts of a window find, the whole finds together
    act: bool = False  # kept by an act inside the window


def differ(one: Asked, other: Asked) -> bool:
    """Whether they certainly ask for different things."""
    if one.of != other.of or not _same_time(one, other):
        return True
    return one.lawful is not None and other.lawful is not None and one.lawful != other.lawful


def stricter(one: Asked, other: Asked) -> int | None:
    """0 or 1: whoever keeps this one keeps the other; None where neither holds, or both."""
    first, second = _implies(one, other), _implies(other, one)
    return None if first == second else (0 if first else 1)


def _same_time(one: Asked, other: Asked) -> bool:
    if one.moved or other.moved:
        return (one.first, one.last) == (other.first, other.last)
    return _lengths(one) == _lengths(other)


def _lengths(asked: Asked) -> list[int | None]:
    """How long the periods are, and from one to the next: weeks have none, no period is -1."""
    return [length_of(name) if name else -1 for name in (asked.every, asked.step)]


def _implies(one: Asked, other: Asked) -> bool:
    if one.of != other.of:
        return False
    if one.act:
        return _inside(one, other)
    if one.lawful is None or other.lawful is None:
        return False
    if _same_time(one, other):
        return all(any(b[0] <= a[0] and a[1] <= b[1] for b in other.lawful) for a in one.lawful)
    return len(one.lawful) == len(other.lawful) == 1 and _through_time(one, other, one.lawful[0], other.lawful[0])


def _through_time(one: Asked, other: Asked, mine: Reach, its: Reach) -> bool:
    """Of bounds on one side only, over different times."""
    times = _times(one, other)
    if mine[1][0] == its[1][0] == inf:  # at least
        if times:
            return _at_least(mine[0], times if one.adds_up else 1, its[0])
        return one.grows and other.grows and _inside(one, other) and mine[0] >= its[0]
    if mine[0][0] == its[0][0] == -inf:  # at most
        if times and one.adds_up:
            return mine[1][0] * times <= its[1][0]
        return one.grows and other.grows and _inside(other, one) and mine[1] <= its[1]
    return False


def _at_least(mine: Place, times: int, its: Place) -> bool:
    return (mine[0] * times, mine[1]) >= its if mine[0] >= 0 else False


def _times(one: Asked, other: Asked) -> int:
    """How many periods of the one make up a period of the other, each of them; 0 where they do not."""
    if one.moved or other.moved or one.step or other.step or not (one.every and other.every):
        return 0
    small, great = length_of(one.every), length_of(other.every)
    if great is None:
        return 0
    if small is None:
        return _WEEKS_IN_A_MONTH * great if one.adds_up else 0
    return great // small if great > small and great % small == 0 else 0


def _inside(one: Asked, other: Asked) -> bool:
    """Whether the window of the one lies in that of the other."""
    days: Sequence[date | None] = (one.first, one.last, other.first, other.last)
    if any(d is None for d in days):
        return False
    first, last, begins, ends = (d for d in days if d is not None)
    return begins <= first and last <= ends
