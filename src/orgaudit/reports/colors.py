"""Colours that can be read on a black ground and on a white one, and on what lies between."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console

#: of the 240 fixed colours of a terminal: contrast at least 4 with black and with white (a test reckons it). The first 16
#: are whatever the reader's theme makes of them, and what `dim` comes to is nobody's promise
RED, AMBER, BLUE, GREY = "color(161)", "color(130)", "color(31)", "color(243)"


def is_plain(out: TextIO, color: bool | None) -> bool:
    """Whether nothing but text may be written there: no terminal, one that takes no codes, or colours are unwanted."""
    is_dumb = os.environ.get("TERM", "").lower() in ("dumb", "unknown")
    return color is False or (not _is_forced(out) and (is_dumb or not out.isatty()))


def _is_forced(out: TextIO) -> bool:
    """Whether `FORCE_COLOR` asks for colours also in a pipe, as to the log of a CI job; it speaks of no file."""
    return bool(os.environ.get("FORCE_COLOR")) and out in (sys.stdout, sys.stderr)


def console(out: TextIO, *, color: bool | None = None, width: int | None = None) -> Console:
    """A console that prints text as it stands, without any code where it is to be plain."""
    from rich.console import Console

    kind = None if is_plain(out, color) else "256" if _is_forced(out) else "auto"
    made = Console(file=out, highlight=False, markup=False, width=width, color_system=kind, force_terminal=bool(kind))  # type: ignore[arg-type]
    made.no_color = made.color_system in ("standard", "windows")  # they have no fixed colours
    return made
