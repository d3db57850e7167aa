"""`orgaudit rules`, `orgaudit standards`, `orgaudit coverage`: their options."""

from __future__ import annotations

from typing import Annotated

import typer

from orgaudit.cli.app import Many, app, guarded
from orgaudit.cli.commands.shared import Color, Format, Lang, colored

Named = Annotated[Many, typer.Option("--standard", "-s", help="Identifier or path of a standard; may be repeated.")]


@app.command()
def rules(
    standard: Named = [],  # noqa: B006
    select: Annotated[Many, typer.Option(help="Only these rules, as SPB-3-*; may be repeated.")] = [],  # noqa: B006
    ignore: Annotated[Many, typer.Option(help="Not these rules; may be repeated.")] = [],  # noqa: B006
    format: Format = "text",
    lang: Lang = "auto",
    no_color: Color = False,
) -> None:
    """List the rules of standards; without --standard those of the shipped ones."""
    from orgaudit.cli.listing import rules as run

    raise typer.Exit(guarded(lambda: run(standard, select, ignore, format, lang, colored(no_color)), lang))


@app.command()
def standards(
    standard: Named = [],  # noqa: B006
    format: Format = "text",
    lang: Lang = "auto",
    no_color: Color = False,
) -> None:
    """List the shipped standards, and those that are given."""
    from orgaudit.cli.listing import standards as run

    raise typer.Exit(guarded(lambda: run(standard, format, lang, colored(no_color)), lang))


@app.command()
def coverage(
    standards: Annotated[
        Many | None, typer.Argument(help="Identifiers or paths of standards; without any, the shipped ones.")
    ] = None,
    format: Format = "text",
    lang: Lang = "auto",
    no_color: Color = False,
) -> None:
    """List every clause of a standard's source with what became of it.

    Exit 0: nothing is left to do. 1: something is. 2: it could not be said.
    """
    from orgaudit.cli.listing import coverage as run

    raise typer.Exit(guarded(lambda: run(standards or [], format, lang, colored(no_color)), lang))
