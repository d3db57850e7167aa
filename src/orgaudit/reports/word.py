"""The notice as a Word document, with a letter for each organization on a page of its own."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import TYPE_CHECKING

from orgaudit.errors import OrgauditError
from orgaudit.findings import Audit, Finding
from orgaudit.reports.notice import Block, notice
from orgaudit.reports.visible import visible

if TYPE_CHECKING:
    from docx.document import Document

#: kind of block → style
_STYLES = {"title": "Title", "part": "Heading 1", "letter": "Heading 1", "unit": "Heading 2", "bullet": "List Bullet"}
_FONTS = {"Normal": "仿宋", "List Bullet": "仿宋", "Title": "宋体", "Heading 1": "黑体", "Heading 2": "楷体"}
_WIDTH, _HEIGHT, _MARGIN = 210, 297, 28  #: of a page, millimetres
_THEN = (1980, 1, 1, 0, 0, 0)  #: when every part was written, so that the same audit gives the same bytes


def write_word(audit: Audit, findings: Sequence[Finding], language: str) -> bytes:
    """A DOCX file; raises OrgauditError where the package that writes it is not installed."""
    try:
        from docx import Document as new_document
    except ModuleNotFoundError as e:
        raise OrgauditError("missing-extra", {"format": "word", "extra": "word"}) from e

    document = new_document()
    _lay_out(document)
    number = 0
    for block in notice(audit, findings, language):
        number = number + 1 if block.kind == "item" else number if block.kind == "remedy" else 0
        _write(document, block, number)
    out = io.BytesIO()
    document.save(out)
    return _undated(out.getvalue())


def _lay_out(document: Document) -> None:
    """A page of A4, black on white, and the typefaces of an official letter where they are installed."""
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt, RGBColor

    for section in document.sections:
        section.page_width, section.page_height = Mm(_WIDTH), Mm(_HEIGHT)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(_MARGIN)
    for name, font in _FONTS.items():
        style = document.styles[name]
        style.font.name, style.font.color.rgb = "Times New Roman", RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in [key for key in fonts.attrib if key.endswith("Theme")]:
            del fonts.attrib[theme]
        fonts.set(qn("w:eastAsia"), font)
    document.styles["Normal"].font.size = Pt(12)
    document.core_properties.author = "orgaudit"


def _write(document: Document, block: Block, number: int) -> None:
    from docx.shared import Mm

    text = visible(" ".join(block.text.split()))
    paragraph = document.add_paragraph(f"{number}. {text}" if block.kind == "item" else text, _STYLES.get(block.kind))
    if block.kind == "letter":
        paragraph.paragraph_format.page_break_before = True
    if block.kind == "remedy":
        paragraph.paragraph_format.left_indent = Mm(8)
    if block.kind == "title":
        document.core_properties.title = text[:255]


def _undated(written: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(written)) as parts, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in parts.namelist():
            copy.writestr(zipfile.ZipInfo(name, _THEN), parts.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
