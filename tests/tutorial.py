"""Follows a tutorial: writes its files, runs its commands, and says what they print."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from orgaudit.cli import app

_STEP = re.compile(
    r"<!-- file: (?P<file>\S+) -->\n```\w+\n(?P<text>.*?)^```$"
    r"|<!-- exit: (?P<exit>\d) -->\n```console\n\$ orgaudit (?P<command>[^\n]*)\n(?P<shown>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Ran:
    """A command of the page: the exit code promised and the one that came, the output shown and the one that came."""

    command: str
    promised: int
    code: int
    shown: str
    printed: str
    at: int
    end: int


def follow(page: str, folder: Path) -> Iterator[Ran]:
    """Goes through a page in a folder, which must be the working folder."""
    for step in _STEP.finditer(page):
        if step["file"]:
            path = folder / step["file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step["text"], encoding="utf-8")
            continue
        result = CliRunner().invoke(app, shlex.split(step["command"]))
        printed = result.stdout + result.stderr
        yield Ran(step["command"], int(step["exit"]), result.exit_code, step["shown"], printed, *step.span("shown"))


def with_outputs(page: str, folder: Path) -> str:
    """The page with what its commands print: for whoever changes it."""
    for ran in reversed(list(follow(page, folder))):
        page = page[: ran.at] + ran.printed + page[ran.end :]
    return page
