"""Options that several commands have."""

from __future__ import annotations

import os
from typing import Annotated

import typer

Format = Annotated[str, typer.Option("--format", "-f", help="What is printed: text, json.")]
Lang = Annotated[str, typer.Option(help="zh, en or auto (by locale).")]
Color = Annotated[bool, typer.Option("--no-color", help="No colours (also with NO_COLOR set).")]

NoCache = Annotated[
    bool, typer.Option("--no-cache", help="Standards are read anew, and not kept compiled for the next time.")
]


def colored(no_color: bool) -> bool | None:
    """False where colours are unwanted; None leaves it to the terminal."""
    return False if no_color or os.environ.get("NO_COLOR") else None
