"""The notice as a Word document: its parts, its letters, and what is said where its package is missing."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import docx
import pytest
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
