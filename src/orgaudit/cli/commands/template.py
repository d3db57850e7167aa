"""`orgaudit template`: its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orgaudit.cli.app import Many, app, guarded


@app.command()
def template(
    standard: Annotated[
        Many, typer.Option("--standard", "-s", help="Whose rules say what is needed; may be repeated.")
    ] = [],  # noqa: B006
    select: Annotated[Many, typer.Option(help="Only for these rules, as SPB-3-*; may be repeated.")] = [],  # noqa: B006
    ignore: Annotated[Many, typer.Option(help="Not for these rules; may be repeated.")] = [],  # noqa: B006
    output: Annotated[Path, typer.Option("--output", "-o", help="The workbook that is written.")] = Path(
        "template.xlsx"
    ),
    lang: Annotated[str, typer.Option(help="zh, en or auto (by locale).")] = "auto",
) -> None:
    """Write the workbook to fill in: a sheet for each table that the rules look at, with headings, notes and checks."""
    from orgaudit.cli.template import template as run

    raise typer.Exit(guarded(lambda: run(standard, select, ignore, output, lang), lang))
