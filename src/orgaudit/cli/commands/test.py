"""`orgaudit test`: its options."""

from __future__ import annotations

from typing import Annotated

import typer

from orgaudit.cli.app import Many, app, guarded


@app.command()
def test(
    standards: Annotated[
        Many,
        typer.Argument(help="Identifiers or paths of standards; left out: the one here, else all that are shipped."),
    ] = [],  # noqa: B006
    select: Annotated[Many, typer.Option(help="Only scenarios of these rules, as SPB-3-*; may be repeated.")] = [],  # noqa: B006
    ignore: Annotated[Many, typer.Option(help="No scenarios of these rules; may be repeated.")] = [],  # noqa: B006
    mutate: Annotated[
        bool, typer.Option("--mutate", help="Also change the standard, one thing at a time: who notices?")
    ] = False,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=0, help="Processes for --mutate; 0: one a core.")] = 0,
    format: Annotated[str, typer.Option("--format", "-f", help="What is printed: text, json, junit.")] = "text",
    output: Annotated[Many, typer.Option("--output", "-o", help="FORMAT=PATH: also write this; may be repeated.")] = [],  # noqa: B006
    lang: Annotated[str, typer.Option(help="zh, en or auto (by locale).")] = "auto",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only what differs, and the last line.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Every scenario.")] = False,
) -> None:
    """Run the scenarios beside a standard.

    Exit 0: all as expected, every mutant noticed or equivalent. 1: some are not. 2: a file is wrong. 3: there is no
    scenario.
    """
    from orgaudit.cli.test import Request
    from orgaudit.cli.test import test as run

    request = Request(
        standards or [], select, ignore, mutate, jobs, format, output, lang, -1 if quiet else int(verbose)
    )
    raise typer.Exit(guarded(lambda: run(request), lang))
