"""`orgaudit init`: its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orgaudit.cli.app import app, guarded
from orgaudit.cli.commands.shared import Lang


@app.command()
def init(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="The folder to write in; it is made if it is not there.")
    ],
    domain: Annotated[
        str | None, typer.Option(help="The identifier of the standard; left out: the folder's name.")
    ] = None,
    lang: Lang = "auto",
) -> None:
    """Start a standard: a record model, rules, scenarios that prove them, and records to try them on.

    Exit 0: it was written. 2: a file is there already (then nothing is written), or it could not be written.
    """
    from orgaudit.cli.init import init as run

    raise typer.Exit(guarded(lambda: run(folder, domain, lang), lang))
