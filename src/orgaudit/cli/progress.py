"""While long work runs: a line that says what it is at, and afterwards where the time went. Both on standard error."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from orgaudit.cli.interruption import heedful
from orgaudit.messages import render
from orgaudit.reports.breaking import columns_of
from orgaudit.reports.colors import BLUE, GREY, console, is_plain
from orgaudit.watch import Watch

#: seconds that work may take without a word
_PATIENCE = 1.0
#: from here on something may be printed
_LAST = "writing"
_STYLES = {"bar.back": GREY, "progress.remaining": GREY} | dict.fromkeys(
    ("bar.complete", "bar.finished", "bar.pulse"), BLUE
)


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
def watched(language: str, *, timings: bool, color: bool | None = None, out: TextIO | None = None) -> Iterator[Clock]:
    """A clock for the work inside the block; what it is at is shown in a terminal, the timings where they are asked for."""
    out = out or sys.stderr
    with heedful() as heed, _line(language, color, out) as shown:
        clock = Clock(shown, heed)
        yield clock
    if timings:
        print("\n".join(clock.told(language)), file=out)


@contextmanager
def _line(language: str, color: bool | None, out: TextIO) -> Iterator[Watch]:
    """A line of progress where `out` is a terminal; elsewhere nothing."""
    if not out.isatty():
        yield lambda stage, done=0, total=None, note="": None
        return
    shown = _Plain(out) if is_plain(out, color) else _Bar(out)
    try:
        yield _patient(shown, language)
    finally:
        shown.stop()


class _Plain:
    """A line of text alone, for terminals that take no codes and readers who want none."""

    def __init__(self, out: TextIO) -> None:
        self._out, self._width = out, 0

    def show(self, stage: str, said: str, done: int, total: int | None) -> None:
        """Writes the line over the one before."""
        line = " ".join([said, *([f"{done}/{total}"] if total else [])])
        room = shutil.get_terminal_size().columns - 1
        if columns_of(line) <= room:  # a longer one would leave lines behind
            self._write(line)

    def stop(self) -> None:
        """Wipes the line."""
        if self._width:
            self._write("")
            self._out.write("\r")
            self._out.flush()

    def _write(self, line: str) -> None:
        width = columns_of(line)
        self._out.write("\r" + line + " " * (self._width - width))
        self._out.flush()
        self._width = width


class _Bar:
    """A line with a bar that goes away when the work is done."""

    def __init__(self, out: TextIO) -> None:
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
        from rich.theme import Theme

        at, counted = TextColumn("{task.description}", markup=False), TextColumn("{task.fields[counted]}")
        columns = (at, BarColumn(bar_width=20), counted, TimeRemainingColumn())
        # what is printed stays where it belongs: rich would take standard output along
        kept = {"redirect_stdout": False, "redirect_stderr": False, "transient": True}
        terminal = console(out)
        terminal.push_theme(Theme(_STYLES))
        self._progress = Progress(*columns, console=terminal, **kept)  # type: ignore[arg-type]
        self._tasks: dict[str, Any] = {}

    def show(self, stage: str, said: str, done: int, total: int | None) -> None:
        """Shows this stage alone."""
        progress, tasks = self._progress, self._tasks
        progress.start()
        if stage not in tasks:
            for task in tasks.values():
                progress.update(task, visible=False)
            tasks[stage] = progress.add_task("", total=total, counted="")
        counted = f"{done}/{total}" if total else ""
        progress.update(tasks[stage], completed=done, total=total, description=said, counted=counted)

    def stop(self) -> None:
        """Wipes the line."""
        self._progress.stop()


def _patient(shown: _Plain | _Bar, language: str) -> Watch:
    """Shows a stage once the work has taken a while."""
    begun = time.perf_counter()

    def show(stage: str, done: int = 0, total: int | None = None, note: str = "") -> None:
        if stage == _LAST:
            shown.stop()
        elif time.perf_counter() - begun >= _PATIENCE:
            said = f"{render(f'stage.{stage}', {}, language)} {note}".strip()
            shown.show(stage, said, done, total)

    return show
