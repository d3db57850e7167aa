"""`orgaudit explain`: its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orgaudit.cli.app import Many, app, guarded
from orgaudit.cli.commands.shared import Color, Format, Lang, NoCache, colored


@app.command()
def explain(
    rule: Annotated[
        str, typer.Argument(help="A rule, as SPB-10; with --records a finding's identifier, or 'RULE SUBJECT PERIOD'.")
    ],
    standard: Annotated[
        Many, typer.Option("--standard", "-s", help="Identifier or path of a standard; may be repeated.")
    ] = [],  # noqa: B006
    as_of: Annotated[str | None, typer.Option(help="The day whose parameters count, as 2024-12-31.")] = None,
    records: Annotated[Path | None, typer.Option(help="Records: how a verdict about them came about.")] = None,
    sql: Annotated[bool, typer.Option("--sql", help="Also the SQL that judges it.")] = False,
    no_cache: NoCache = False,
    format: Format = "text",
    lang: Lang = "auto",
    no_color: Color = False,
) -> None:
    """Say what a rule asks, in words, and all that is known of it; with --records how a verdict came about.

    Without --standard it is looked for in the shipped standards.
    """
    from orgaudit.cli.explain import Request
    from orgaudit.cli.explain import explain as run

    request = Request(rule, standard, as_of, sql, format, lang, colored(no_color), no_cache)
    if records is None:
        raise typer.Exit(guarded(lambda: run(request), lang))
    from orgaudit.cli.derive import derive

    folder = records
    raise typer.Exit(guarded(lambda: derive(request, folder), lang))
