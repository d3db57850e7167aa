"""An output in one language says nothing in the other: no text of the other catalogue, and no text of none."""

from __future__ import annotations

import io
import re
from io import StringIO
from typing import Any

import docx
import openpyxl
import pytest
from stories import EXAMPLES, Audited, audited
from support import a_rule, check, singers

from orgaudit.messages import CATALOGUES
from orgaudit.reports import WRITERS
from orgaudit.reports.terminal import TerminalReport

#: these have both languages
BOTH = {"json", "jsonl", "html"}
SPOKEN = ["text", "statistics", *(kind for kind in WRITERS if kind not in BOTH)]
MARK = "⟦of the other⟧"


def rendered(kind: str, found: Audited, language: str) -> str:
    """The text of an output; of a workbook and of a document that of their cells and paragraphs."""
    if kind in ("text", "statistics"):
        out = StringIO()
        report = TerminalReport(language, out=out, verbosity=1, statistics=kind == "statistics")
        report.write(found.audit, found.findings, "")
        return out.getvalue()
    written: Any = WRITERS[kind](found.audit, found.findings, language)
    if kind == "word":
        return "\n".join(p.text for p in docx.Document(io.BytesIO(written)).paragraphs)
    if kind == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(written))
        return "\n".join(
            [*book.sheetnames, *(str(c.value) for sheet in book for row in sheet.iter_rows() for c in row)]
        )
    return str(written)


@pytest.mark.parametrize(("language", "other"), [("zh", "en"), ("en", "zh")])
@pytest.mark.parametrize("kind", SPOKEN)
def test_no_text_of_the_other_catalogue_is_used(
    kind: str, language: str, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = audited(EXAMPLES / "linjiang-street/records")
    monkeypatch.setitem(CATALOGUES, other, {code: MARK + text for code, text in CATALOGUES[other].items()})
    assert MARK in rendered(kind, found, other)
    assert MARK not in rendered(kind, found, language)


@pytest.mark.parametrize("kind", [k for k in SPOKEN if k != "sarif"])
def test_no_english_words_stand_beside_each_other_in_chinese(kind: str) -> None:
    text = rendered(kind, audited(EXAMPLES / "linjiang-street/records"), "zh")
    syntax = r"<\?.*\?>|</?\w+|\w+=|^::\w+ |title="  # of XML and of GitHub's commands
    assert re.findall(r"\b[a-z]{3,} [a-z]{3,}\b", re.sub(syntax, "|", text, flags=re.MULTILINE)) == []


@pytest.mark.parametrize("kind", SPOKEN)
def test_no_chinese_stands_in_english_where_the_records_have_none(kind: str) -> None:
    text = rendered(kind, audited(EXAMPLES / "housing-cooperative/records"), "en")
    handed_in = [p for p in (EXAMPLES / "housing-cooperative").rglob("*") if p.suffix in (".csv", ".yaml", ".json")]
    own = (
        "".join(p.read_text("utf-8") for p in handed_in if p.name != "expected.json") + "2024年3月5日"
    )  # a form of a date
    assert [w for w in re.findall(r"[一-鿿]+", text) if w not in own] == []


#: these keep the values of `each` as they are written, for programs
AS_WRITTEN = {"csv", "junit", "sarif", "gitlab", "statistics"}


@pytest.mark.parametrize(("language", "label"), [("zh", "低音"), ("en", "Low voice")])
@pytest.mark.parametrize("kind", [*(k for k in SPOKEN if k not in AS_WRITTEN), "html"])
def test_a_code_that_a_rule_goes_through_is_called_by_its_label(kind: str, language: str, label: str) -> None:
    rule = "for: choirs\neach: {voice: [high, low]}\ncount: singers where voice = each.voice\nat_least: 1"
    found = check(a_rule(rule), singers("S1,C1,Ann,high,30,2020-01-01,,yes,,1", "S2,C2,Bo,high,30,2020-01-01,,yes,,1"))
    assert [dict(f.each or {}) for f in found.findings] == [{"voice": "low"}] * 2
    text = rendered(kind, Audited(found.audit, {}, found.findings, {}), language)
    assert label in text
    # the page has both languages, and the code in what the rule asks
    assert kind == "html" or not re.search(r"\blow\b", text)
    assert "low" in rendered("csv", Audited(found.audit, {}, found.findings, {}), language)
