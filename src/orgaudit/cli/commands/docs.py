"""`orgaudit docs`: its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orgaudit.cli.app import Many, app, guarded


@app.command()
def docs(
    standards: Annotated[
        Many, typer.Argument(help="Identifiers or paths of standards; left out: the shipped ones.")
    ] = [],  # noqa: B006
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder that the pages are written to.")] = Path(
        "docs"
    ),
    lang: Annotated[str, typer.Option(help="zh, en or auto (by locale): of what is printed.")] = "auto",
) -> None:
    """Write a page of each standard in Chinese and in English: clauses, rules, readings, parameters and examples."""
    from orgaudit.cli.docs import docs as run

    raise typer.Exit(guarded(lambda: run(standards, output, lang), lang))
