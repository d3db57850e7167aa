"""The command line: one short function a command."""

import gc

from orgaudit.cli import commands as commands
from orgaudit.cli.app import app as app


def main() -> None:
    """The console script."""
    try:
        app()
    finally:
        gc.freeze()  # what is left goes with the program: nobody needs to look for circles in it
