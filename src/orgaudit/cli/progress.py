"""While long work runs: a line that says what it is at, and afterwards where the time went. Both on standard error."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from orgaudit.messages import render
from orgaudit.watch import Watch

#: seconds that work may take without a word
_PATIENCE = 1.0
#: from here on something may be printed
_LAST = "writing"


class Clock:
    """Notes how long each stage takes, and passes on what it is told; at each step it heeds who interrupts."""

    def __init__(self, shown: Watch, heed: Callable[[], None]) -> None:
        self._shown, self._heed = shown, heed
        self._since = time.perf_counter()
        self._stage = "starting"
        self.seconds: dict[str, float] = {}

    def __call__(self, stage: str, done: int = 0, total: int | None = None, note: str = "") -> None:
        """A step of the work (see Watch)."""
        self._heed()
        if stage != self._stage:
            self._turn(stage)
        self._shown(stage, done, total, note)

    def _turn(self, stage: str) -> None:
        now = time.perf_counter()
        self.seconds[self._stage] = self.seconds.get(self._stage, 0.0) + now - self._since
        self._stage, self._since = stage, now

    def told(self, language: str) -> Iterator[str]:
        """A line for each stage: its name, seconds, and share of the whole."""
        self._turn("ended")
        whole = sum(self.seconds.values()) or 1.0
        for stage, seconds in [*self.seconds.items(), ("whole", whole)]:
            yield f"{seconds:8.2f} s {seconds / whole:5.0%}  {render(f'stage.{stage}', {}, language)}"


@contextmanager
def watched(language: str, *, timings: bool, out: TextIO | None = None) -> Iterator[Clock]:
    """A clock for the work inside the block; what it is at is shown in a terminal, the timings where they are asked for."""
    out = out or sys.stderr
    with _heedful() as heed, _line(language, out) as shown:
        clock = Clock(shown, heed)
        yield clock
    if timings:
        print("\n".join(clock.told(language)), file=out)


@contextmanager
def _heedful() -> Iterator[Callable[[], None]]:
    """Inside, an interruption is raised as ever; what is yielded raises it again, if a library has swallowed it."""
    heard: list[int] = []

    def hear(number: int, frame: object) -> None:
        heard.append(number)
        raise KeyboardInterrupt

    def heed() -> None:
        if heard:
            raise KeyboardInterrupt

    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN or threading.current_thread() is not threading.main_thread():
        yield heed
        return
    signal.signal(signal.SIGINT, hear)
    try:
        yield heed
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _line(language: str, out: TextIO) -> Iterator[Watch]:
    """A line of progress where `out` is a terminal; elsewhere nothing."""
    if not out.isatty():
        yield lambda stage, done=0, total=None, note="": None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(bar_width=20), MofNCompleteColumn(), TimeRemainingColumn())
    # what is printed stays where it belongs: rich would take standard output along
    kept = {"redirect_stdout": False, "redirect_stderr": False, "transient": True}
    progress = Progress(*columns, console=Console(file=out), **kept)  # type: ignore[arg-type]
    try:
        yield _shown_in(progress, language)
    finally:
        progress.stop()


def _shown_in(progress: object, language: str) -> Watch:
    """Shows a stage once the work has taken a while."""
    from rich.progress import Progress

    assert isinstance(progress, Progress)  # rich is imported only where there is a terminal
    begun = time.perf_counter()
    tasks: dict[str, int] = {}

    def show(stage: str, done: int = 0, total: int | None = None, note: str = "") -> None:
        if stage == _LAST:
            progress.stop()
        if stage == _LAST or time.perf_counter() - begun < _PATIENCE:
            return
        progress.start()
        if stage not in tasks:
            for task in tasks.values():
                progress.update(task, visible=False)  # type: ignore[arg-type]
            tasks[stage] = progress.add_task("", total=total)
        said = f"{render(f'stage.{stage}', {}, language)} {note}".strip()
        progress.update(tasks[stage], completed=done, total=total, description=said)  # type: ignore[arg-type]

    return show
