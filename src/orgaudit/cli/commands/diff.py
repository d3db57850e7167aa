"""`orgaudit diff`: its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orgaudit.cli.app import app, guarded


@app.command()
def diff(
    before: Annotated[Path, typer.Argument(help="The JSON of the earlier audit.")],
    after: Annotated[Path, typer.Argument(help="The JSON of the later audit.")],
    format: Annotated[str, typer.Option("--format", "-f", help="text or json.")] = "text",
    fail: Annotated[bool, typer.Option("--fail", help="End with 1 where something is new or got worse.")] = False,
    lang: Annotated[str, typer.Option(help="zh, en or auto (by locale).")] = "auto",
) -> None:
    """Compare two audits: failures that are new, worse, still there, undecided, cured, or not asked any more."""
    from orgaudit.cli.diff import diff as run

    raise typer.Exit(guarded(lambda: run(before, after, format, lang, fail=fail), lang))
