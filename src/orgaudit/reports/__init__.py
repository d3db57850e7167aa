"""Reports: every output is a rendering of one audit; none computes a verdict."""

from collections.abc import Callable, Sequence

from orgaudit.findings import Audit, Finding
from orgaudit.reports.html import write_html
from orgaudit.reports.json_report import write_json

#: an audit, its findings and the reader's language → the text of a file
Writer = Callable[[Audit, Sequence[Finding], str], str]

#: the formats besides `text`; the choices of `--format`
WRITERS: dict[str, Writer] = {"json": write_json, "html": write_html}

__all__ = ["WRITERS", "Writer"]
