"""`orgaudit check`: its options."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from orgaudit.cli.app import Many, app, guarded
from orgaudit.cli.commands.shared import NoCache


@app.command()
def check(
    records: Annotated[Path, typer.Argument(help="The folder (or file) with the records.")],
    standard: Annotated[
        Many, typer.Option("--standard", "-s", help="Identifier or path of a standard; may be repeated.")
    ] = [],  # noqa: B006
    select: Annotated[Many, typer.Option(help="Only these rules, as SPB-3-*; may be repeated.")] = [],  # noqa: B006
    ignore: Annotated[Many, typer.Option(help="Not these rules; may be repeated.")] = [],  # noqa: B006
    as_of: Annotated[str | None, typer.Option(help="The day the audit looks from, as 2024-12-31.")] = None,
    period: Annotated[
        str | None, typer.Option(help="The audited period: 2024, 2024-Q1, 2024-01-01..2024-06-30.")
    ] = None,
    fail_on: Annotated[
        str, typer.Option(help="The least severity that fails the run: critical, major, minor, info.")
    ] = "major",
    max_unknown: Annotated[
        str | None, typer.Option(help="More unknown checks than this (12, or 5%) end with 3.")
    ] = None,
    format: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            help="What is printed: text, json, jsonl, csv, markdown, junit, sarif, github, gitlab, html, xlsx, notice, word.",
        ),
    ] = "text",
    output: Annotated[Many, typer.Option("--output", "-o", help="FORMAT=PATH: also write this; may be repeated.")] = [],  # noqa: B006
    lang: Annotated[str, typer.Option(help="zh, en or auto (by locale).")] = "auto",
    group_by: Annotated[
        str, typer.Option(help="How text groups findings: organization, rule or severity.")
    ] = "organization",
    statistics: Annotated[
        bool, typer.Option("--statistics", help="Instead of findings a table by rule and by organization.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only the last lines.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="All evidence, remedies, problems and notices.")
    ] = False,
    waivers: Annotated[Path | None, typer.Option(help="A file of waivers; else the manifest names one.")] = None,
    no_waivers: Annotated[bool, typer.Option("--no-waivers", help="As if nothing were waived.")] = False,
    baseline: Annotated[
        Path | None, typer.Option(help="The JSON of an audit before: only what is new or got worse fails.")
    ] = None,
    redact: Annotated[
        bool, typer.Option("--redact", help="Pseudonyms instead of persons; their key is in ORGAUDIT_REDACT_KEY.")
    ] = False,
    no_color: Annotated[bool, typer.Option("--no-color", help="No colours (also with NO_COLOR set).")] = False,
    memory_limit: Annotated[str | None, typer.Option(help="How much memory the audit should take, as 1GB.")] = None,
    temp_limit: Annotated[
        str | None, typer.Option(help="How much temporary disk the engine may take, as 10GB.")
    ] = None,
    timings: Annotated[bool, typer.Option("--timings", help="Afterwards, where the time went.")] = False,
    no_cache: NoCache = False,
) -> None:
    """Compare records with standards.

    Exit 0: no open failure at or above --fail-on. 1: there are some. 2: the audit could not be made. 3: nothing was
    audited, or more is unknown than --max-unknown allows.
    """
    from orgaudit.cli.check import check as run
    from orgaudit.cli.request import Request

    request = Request(
        records=records,
        standards=standard,
        select=select,
        ignore=ignore,
        as_of=as_of,
        period=period,
        fail_on=fail_on,
        max_unknown=max_unknown,
        format=format,
        outputs=output,
        lang=lang,
        verbosity=-1 if quiet else int(verbose),
        color=False if no_color or os.environ.get("NO_COLOR") else None,
        memory_limit=memory_limit,
        temp_limit=temp_limit,
        redact=redact,
        waivers=waivers,
        no_waivers=no_waivers,
        baseline=baseline,
        group_by=group_by,
        statistics=statistics,
        timings=timings,
        no_cache=no_cache,
    )
    raise typer.Exit(guarded(lambda: run(request), lang))
