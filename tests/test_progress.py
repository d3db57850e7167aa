"""What long work tells while it runs, where its time went, and how it stops when it is asked to."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path

import pytest
from support import orgaudit

from orgaudit.cli.progress import Clock, watched

STREET = Path(__file__).parents[1] / "examples/linjiang-street/records"
STAGES = {
    "en": [
        "getting ready",
        "reading",
        "settling what was read",
        "judging",
        "finding the evidence",
        "writing",
        "in all",
    ],
    "zh": ["准备", "读取台账", "整理台账", "逐条核对", "查找依据", "输出", "合计"],
}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_timings_tell_every_stage_and_leave_the_output_alone(lang: str) -> None:
    few = ("check", STREET, "--select", "SPB-3-*", "--standard", "street-party-building", "-f", "json", "--lang", lang)
    plain, timed = orgaudit(*few), orgaudit(*few, "--timings")
    assert timed.out == plain.out
    assert plain.err == ""
    told = re.findall(r"^ +([\d.]+) s +\d+%  (.+)$", timed.err, re.MULTILINE)
    assert [stage for _, stage in told] == STAGES[lang]
    *parts, whole = (float(seconds) for seconds, _ in told)
    assert abs(sum(parts) - whole) < 0.05


def test_the_time_of_a_stage_that_comes_again_is_added() -> None:
    heard: list[tuple[str, int]] = []
    clock = Clock(lambda stage, done=0, total=None, note="": heard.append((stage, done)), lambda: None)
    for stage in ("reading", "judging", "reading"):
        clock(stage, 1)
    list(clock.told("en"))
    assert heard == [("reading", 1), ("judging", 1), ("reading", 1)]
    assert list(clock.seconds) == ["starting", "reading", "judging"]


class InTerminal:
    """An audit whose standard error is a terminal; what it prints goes to a file."""

    def __init__(self, out: Path, *arguments: object) -> None:
        self.end, slave = pty.openpty()
        command = [sys.executable, "-m", "orgaudit", *map(str, arguments)]
        environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "80"}
        with out.open("wb") as printed:
            self.process = subprocess.Popen(command, stdout=printed, stderr=slave, env=environment)
        os.close(slave)
        self.told = ""

    def __enter__(self) -> InTerminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.end)

    def until(self, text: str, seconds: float = 120) -> None:
        """Reads until a text has been shown."""
        end = time.monotonic() + seconds
        while text not in self.told and time.monotonic() < end and self._read():
            pass
        assert text in self.told, self.told

    def ends(self) -> int:
        """Reads to the end; the exit code."""
        while self._read():
            pass
        return self.process.wait(timeout=60)

    def _read(self) -> bool:
        try:
            if select.select([self.end], [], [], 0.1)[0]:
                self.told += os.read(self.end, 65536).decode("utf-8", "replace")
        except OSError:  # nobody holds the other side any more
            return False
        return True


def test_a_terminal_shows_what_the_work_is_at_and_nothing_stays(tmp_path: Path) -> None:
    with InTerminal(tmp_path / "out.json", "check", STREET, "-f", "json", "--lang", "en") as audit:
        audit.until("judging")
        assert audit.ends() == 1
        assert audit.told.rstrip().endswith("\x1b[2K")  # the line is wiped
    assert json.loads((tmp_path / "out.json").read_text("utf-8"))["orgaudit"] == "1"


def test_an_interruption_that_a_library_swallows_is_heeded_at_the_next_step() -> None:
    before = signal.getsignal(signal.SIGINT)
    with watched("en", timings=False, out=StringIO()) as watch:
        watch("reading")
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            watch("judging")
    assert signal.getsignal(signal.SIGINT) is before


def test_whoever_interrupts_is_obeyed_at_once_and_finds_no_part_of_a_file(tmp_path: Path) -> None:
    report = f"html={tmp_path / 'report.html'}"
    with InTerminal(tmp_path / "out.txt", "check", STREET, "-q", "-o", report, "--lang", "en") as audit:
        audit.until("judging")
        asked = time.monotonic()
        audit.process.send_signal(signal.SIGINT)
        assert audit.ends() == 130, audit.told
        assert time.monotonic() - asked < 5  # a second on a quiet machine
        assert "stopped: nothing more was written" in audit.told
        assert "Traceback" not in audit.told
    assert [p.name for p in tmp_path.iterdir()] == ["out.txt"]
