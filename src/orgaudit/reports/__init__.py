"""Reports: every output is a rendering of one audit; none computes a verdict."""

from collections.abc import Callable, Sequence

from orgaudit.findings import Audit, Finding
from orgaudit.reports.json_report import write_json

Writer = Callable[[Audit, Sequence[Finding]], str]

#: the formats for machines; the choices of `--format` besides `text`
WRITERS: dict[str, Writer] = {"json": write_json}

__all__ = ["WRITERS", "Writer"]
