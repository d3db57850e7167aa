"""The notice as a Word document: its parts, its letters, and what is said where its package is missing."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from stories import audited
from support import orgaudit

from orgaudit.findings import Disposition, Verdict
from orgaudit.reports.notice import notice
from orgaudit.reports.word import write_word

STREET = Path(__file__).parent.parent / "examples/linjiang-street/records"


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("zh", ["一、总体情况", "二、做得好的方面", "三、存在问题", "四、整改要求"]),
        ("en", ["1. The situation", "2. What is well done", "3. Problems", "4. What is asked for"]),
    ],
)
def test_it_has_the_four_parts_and_a_letter_on_a_page_of_its_own(language: str, parts: list[str]) -> None:
    found = audited(STREET)
    written = write_word(found.audit, found.findings, language)
    document = docx.Document(io.BytesIO(written))
    headings = [p for p in document.paragraphs if p.style.name == "Heading 1"]
    letters = [p for p in headings if p.paragraph_format.page_break_before]
    assert [p.text for p in headings][: len(parts)] == parts
    assert len(headings) == len(parts) + len(letters)
    failing = {
        f.organization for f in found.findings if f.verdict is Verdict.FAIL and f.disposition is Disposition.OPEN
    }
    assert len(letters) == len(failing) > 10
    told = [b.text for b in notice(found.audit, found.findings, language)]
    shown = [p.text for p in document.paragraphs]
    assert all(s == t or s.endswith(f". {t}") for s, t in zip(shown, told, strict=True))
    assert write_word(found.audit, found.findings, language) == written


def test_it_is_laid_out_as_an_official_letter() -> None:
    found = audited(STREET)
    document = docx.Document(io.BytesIO(write_word(found.audit, found.findings, "zh")))
    section, styles = document.sections[0], document.styles
    lengths = (section.page_width, section.page_height, section.top_margin)
    assert [round(length.mm) for length in lengths] == [210, 297, 37]
    assert "PAGE" in section.footer._element.xml
    assert document.paragraphs[0].style.paragraph_format.alignment == WD_ALIGN_PARAGRAPH.CENTER
    fonts = {
        name: styles[name].element.rPr.rFonts.get(qn("w:eastAsia")) for name in ("Normal", "Heading 1", "Heading 2")
    }
    assert fonts == {"Normal": "仿宋", "Heading 1": "黑体", "Heading 2": "楷体"}
    assert "pBdr" not in styles["Title"].element.xml
    dated = next(p for p in document.paragraphs if "2024-12-31" in p.text)
    assert dated._p.xml.count("w:noBreakHyphen") == 6  # of the three days of the sentence


@pytest.mark.parametrize(
    ("language", "said"), [("zh", "豁免的问题 1 个、基线已列的问题 2 个"), ("en", "waived 1, known to the baseline 2")]
)
def test_the_notice_counts_what_is_waived_or_known(language: str, said: str) -> None:
    found = audited(STREET)
    failing = [f for f in found.findings if f.verdict is Verdict.FAIL and f.disposition is Disposition.OPEN]
    decided = [Disposition.WAIVED, Disposition.BASELINED, Disposition.BASELINED]
    changed = [replace(f, disposition=d) for f, d in zip(failing, decided, strict=False)] + failing[3:]
    assert sum(said in b.text for b in notice(found.audit, changed, language)) == 1
    assert not any("0 个、" in b.text or "waived" in b.text for b in notice(found.audit, failing, language))


def test_the_command_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "notice.docx"
    assert orgaudit("check", STREET, "--select", "SPB-4-*", "-q", "-o", f"word={path}", "--lang", "zh").code == 1
    assert docx.Document(str(path)).core_properties.title == "关于街道基层党建情况的通报"


def test_where_the_package_is_missing_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    ran = orgaudit(
        "check", STREET, "--select", "SPB-4-1", "-o", f"json={tmp_path / 'a'}", "-o", f"word={tmp_path / 'b'}"
    )
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "`word` needs a package that is not installed: pip install 'orgaudit[word]'.\n"
    assert list(tmp_path.iterdir()) == []
