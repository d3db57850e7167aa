"""`orgaudit schema`: its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orgaudit.cli.app import app, guarded
from orgaudit.cli.commands.shared import Lang


@app.command()
def schema(
    kind: Annotated[str | None, typer.Argument(help="A kind of file, as standard; left out: they are listed.")] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A folder to write KIND.schema.json in.")
    ] = None,
    lang: Lang = "auto",
) -> None:
    """Print the JSON Schema of a kind of file, for editors and validators.

    Exit 0: it was printed or written. 2: there is no such kind, or it could not be written.
    """
    from orgaudit.cli.schema import schema as run

    raise typer.Exit(guarded(lambda: run(kind, output, lang), lang))
