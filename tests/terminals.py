"""The command in a terminal of its own, for what only a terminal is told."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios


def in_terminal(*arguments: object, width: int = 80, **environment: str) -> str:
    """All that a command writes to its terminal, codes and all."""
    end, other = pty.openpty()
    fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
    known = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "COLUMNS")}
    command = [sys.executable, "-m", "orgaudit", *map(str, arguments)]
    streams = {"stdin": other, "stdout": other, "stderr": other}
    with subprocess.Popen(command, env={**known, "TERM": "xterm-256color", **environment}, **streams):
        os.close(other)
        told = b"".join(iter(lambda: _read(end), b""))
    os.close(end)
    return told.decode("utf-8", "replace")


def _read(end: int) -> bytes:
    try:
        return os.read(end, 65536)
    except OSError:  # nobody holds the other side any more
        return b""
