"""The options of each command; what a command does is imported when it runs."""

from orgaudit.cli.commands import check as check
from orgaudit.cli.commands import convert as convert
from orgaudit.cli.commands import diff as diff
from orgaudit.cli.commands import docs as docs
from orgaudit.cli.commands import explain as explain
from orgaudit.cli.commands import init as init
from orgaudit.cli.commands import lint as lint
from orgaudit.cli.commands import listing as listing
from orgaudit.cli.commands import records as records
from orgaudit.cli.commands import schema as schema
from orgaudit.cli.commands import template as template
from orgaudit.cli.commands import test as test
