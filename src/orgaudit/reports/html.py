"""The compliance report: one HTML file that fetches nothing, opens from a USB stick and prints well."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from orgaudit.findings import Audit, Finding
from orgaudit.messages import in_language
from orgaudit.reports.html_data import report_data
from orgaudit.reports.visible import visible

_PLAIN = 1_000_000  #: characters of data below which it stands in the page as it is, readable by every browser


def write_html(audit: Audit, findings: Sequence[Finding], language: str) -> str:
    """The whole report; `language` is the one it opens in."""
    from jinja2 import Environment

    data = report_data(audit, findings, language)
    packed, is_packed = _packed(data)
    style, script = _part("report.css"), _part("report.js")
    titles = "、".join(str(in_language(s["title"], language)) for s in audit.standards)
    page = Environment(autoescape=True, trim_blocks=True).from_string(_part("report.html"))
    return page.render(
        language=language,
        title=titles,
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
        data=packed,
        is_packed=is_packed,
        label=data["labels"][language],
    )


def _packed(data: dict[str, Any]) -> tuple[str, bool]:
    """The data as JSON that may stand in a page; much of it compressed, which browsers unpack themselves."""
    text = visible(json.dumps(data, ensure_ascii=False, separators=(",", ":")))
    if len(text) <= _PLAIN:
        return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"), False
    return base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode(), True


@cache
def _part(name: str) -> str:
    return (files("orgaudit") / "reports" / "templates" / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
