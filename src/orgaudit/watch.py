"""What long work is at, told to whoever watches: its stage, and how much of that stage is done."""

from __future__ import annotations

from typing import Protocol


class Watch(Protocol):
    """Whoever is told of each step of long work."""

    def __call__(self, stage: str, done: int = 0, total: int | None = None, note: str = "") -> None:
        """The stage (reading, settling, judging, explaining, writing), how much of how much is done, and of what."""


def nobody(stage: str, done: int = 0, total: int | None = None, note: str = "") -> None:
    """Nobody watches."""
