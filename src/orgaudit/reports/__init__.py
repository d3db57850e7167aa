"""Reports: every output is a rendering of one audit; none computes a verdict."""

from collections.abc import Callable, Iterator, Sequence

from orgaudit.findings import Audit, Finding
from orgaudit.reports.hosts import write_github, write_gitlab, write_sarif
from orgaudit.reports.html import write_html
from orgaudit.reports.json_report import json_pieces, write_json
from orgaudit.reports.machines import jsonl_pieces, write_csv, write_jsonl, write_junit
from orgaudit.reports.markdown import write_markdown
from orgaudit.reports.notice import write_notice
from orgaudit.reports.word import write_word
from orgaudit.reports.workbook import write_workbook

#: an audit, its findings and the reader's language → the text (or the bytes) of a file
Writer = Callable[[Audit, Sequence[Finding], str], str | bytes]

#: the formats besides `text`; the choices of `--format`
WRITERS: dict[str, Writer] = {
    "json": write_json,
    "jsonl": write_jsonl,
    "csv": write_csv,
    "markdown": write_markdown,
    "junit": write_junit,
    "sarif": write_sarif,
    "github": write_github,
    "gitlab": write_gitlab,
    "html": write_html,
    "xlsx": write_workbook,
    "notice": write_notice,
    "word": write_word,
}

#: those whose text may be large: the same, piece by piece
PIECES: dict[str, Callable[[Audit, Sequence[Finding], str], Iterator[str]]] = {
    "json": json_pieces,
    "jsonl": jsonl_pieces,
}

__all__ = ["PIECES", "WRITERS", "Writer"]
