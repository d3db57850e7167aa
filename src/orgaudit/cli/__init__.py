"""The command line: one short function a command; errors become one line each and an exit code, never a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from orgaudit.errors import OrgauditError

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="Audits an organization's records against codified standards.",
)

Many = list[str]


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"orgaudit {version('orgaudit')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


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
    format: Annotated[str, typer.Option("--format", "-f", help="What is printed: text, json.")] = "text",
    output: Annotated[Many, typer.Option("--output", "-o", help="FORMAT=PATH: also write this; may be repeated.")] = [],  # noqa: B006
    lang: Annotated[str, typer.Option(help="zh, en or auto (by locale).")] = "auto",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only the last lines.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="All evidence, remedies, problems and notices.")
    ] = False,
    no_color: Annotated[bool, typer.Option("--no-color", help="No colours (also with NO_COLOR set).")] = False,
    memory_limit: Annotated[str | None, typer.Option(help="How much memory the engine may take, as 1GB.")] = None,
    temp_limit: Annotated[
        str | None, typer.Option(help="How much temporary disk the engine may take, as 10GB.")
    ] = None,
) -> None:
    """Compare records with standards.

    Exit 0: no open failure at or above --fail-on. 1: there are some. 2: the audit could not be made. 3: nothing was
    audited, or more is unknown than --max-unknown allows.
    """
    from orgaudit.cli.check import Request
    from orgaudit.cli.check import check as run

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
    )
    raise typer.Exit(_guarded(lambda: run(request), lang))


def _guarded(run: Callable[[], int], lang: str) -> int:
    """Runs a command; what goes wrong is said in the reader's language on standard error."""
    try:
        return run()
    except OrgauditError as e:
        _say(e, lang)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read us has seen enough
        return 0
    except Exception as e:
        if os.environ.get("ORGAUDIT_DEBUG"):
            raise
        _say(OrgauditError("internal", {"reason": f"{type(e).__name__}: {e}".split("\n")[0]}), lang)
    return 2


def _say(error: OrgauditError, lang: str) -> None:
    from orgaudit.cli.excerpts import with_excerpts
    from orgaudit.cli.options import language_of

    language = language_of(lang) if lang in ("zh", "en", "auto") else "en"
    print(with_excerpts(error, language), file=sys.stderr)
    for problem in error.values.get("problems", ()):  # type: ignore[attr-defined]
        from orgaudit.reports.wording import problem_text

        print(f"  {problem.file}: {problem_text(problem, language)}", file=sys.stderr)


def main() -> None:
    """The console script."""
    app()
