"""`orgaudit convert`: its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orgaudit.cli.app import Many, app, guarded


@app.command()
def convert(
    path: Annotated[Path, typer.Argument(help="The folder (or file) with the records.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder that is written; it must be empty.")],
    standard: Annotated[Many, typer.Option("--standard", "-s", help="Whose record model; may be repeated.")] = [],  # noqa: B006
    format: Annotated[str, typer.Option("--format", "-f", help="parquet or csv.")] = "parquet",
    as_of: Annotated[str | None, typer.Option(help="The day the records are looked at from, as 2024-12-31.")] = None,
    period: Annotated[
        str | None, typer.Option(help="The audited period: 2024, 2024-Q1, 2024-01-01..2024-06-30.")
    ] = None,
    lang: Annotated[str, typer.Option(help="zh, en or auto (by locale).")] = "auto",
) -> None:
    """Write the records as they were understood: canonical typed tables, each record once, with where it came from."""
    from orgaudit.cli.convert import convert as run

    raise typer.Exit(guarded(lambda: run(path, standard, output, format, as_of, period, lang), lang))
