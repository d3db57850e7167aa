"""The command line: one short function a command."""

from orgaudit.cli import commands as commands
from orgaudit.cli.app import app as app


def main() -> None:
    """The console script."""
    app()
