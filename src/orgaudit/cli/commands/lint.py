"""`orgaudit lint`: its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orgaudit.cli.app import Many, app, guarded
from orgaudit.cli.commands.shared import Format, Lang


@app.command()
def lint(
    standards: Annotated[
        Many | None,
        typer.Argument(help="Identifiers or paths of standards; left out: the one here, else all that are shipped."),
    ] = None,
    select: Annotated[Many, typer.Option(help="Only these lints, as unused-*; may be repeated.")] = [],  # noqa: B006
    ignore: Annotated[Many, typer.Option(help="Not these lints; may be repeated.")] = [],  # noqa: B006
    records: Annotated[Path | None, typer.Option(help="Records, for the lint of how many checks are made.")] = None,
    format: Format = "text",
    lang: Lang = "auto",
) -> None:
    """Name what loads, and is probably not meant.

    Exit 0: nothing. 1: there are some. 2: a file is wrong.
    """
    from orgaudit.cli.lint import lint as run

    raise typer.Exit(guarded(lambda: run(standards or [], select, ignore, records, format, lang), lang))
