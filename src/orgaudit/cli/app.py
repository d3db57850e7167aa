"""The command line itself, and how a command ends: errors become one line each and an exit code, never a traceback."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
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
#: hardly anything dies in circles here, and looking for it among what lives was a tenth of the time
_SELDOM = (1_000_000, 20, 100)
_INTERRUPTED = 130  #: as shells say it: 128 and the number of the signal


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


def guarded(run: Callable[[], int], lang: str) -> int:
    """Runs a command; what goes wrong is said in the reader's language on standard error."""
    gc.set_threshold(*_SELDOM)
    try:
        return run()
    except OrgauditError as e:
        _say(e, lang)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read us has seen enough
        return 0
    except KeyboardInterrupt:
        _say(OrgauditError("interrupted"), lang)
        return _INTERRUPTED
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
