"""`orgaudit records`: its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orgaudit.cli.app import Many, app, guarded
from orgaudit.cli.commands.shared import colored


@app.command()
def records(
    path: Annotated[Path, typer.Argument(help="The folder (or file) with the records.")],
    standard: Annotated[Many, typer.Option("--standard", "-s", help="Whose record model; may be repeated.")] = [],  # noqa: B006
    format: Annotated[str, typer.Option("--format", "-f", help="text or json.")] = "text",
    marked: Annotated[
        Path | None, typer.Option(help="Also write a workbook with the cells that have problems marked.")
    ] = None,
    redact: Annotated[
        bool, typer.Option("--redact", help="Pseudonyms for persons (secret: ORGAUDIT_REDACT_KEY).")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="All problems and notices.")] = False,
    lang: Annotated[str, typer.Option(help="zh, en or auto (by locale).")] = "auto",
    no_color: Annotated[bool, typer.Option("--no-color", help="No colours (also with NO_COLOR set).")] = False,
) -> None:
    """Say what was understood of records: files, headings, repairs, problems, and who has not reported.

    Exit 0: no problem. 1: there are some. 2: nothing could be read.
    """
    from orgaudit.cli.records import records as run

    color = colored(no_color)
    raise typer.Exit(
        guarded(lambda: run(path, standard, format, marked, lang, color, verbose=verbose, redact=redact), lang)
    )
