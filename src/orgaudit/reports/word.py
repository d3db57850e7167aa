"""The notice as a Word document, with a letter for each organization on a page of its own."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from orgaudit.errors import OrgauditError
from orgaudit.findings import Audit, Finding
from orgaudit.reports.notice import Block, notice
from orgaudit.reports.visible import visible

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

#: kind of block → style
_STYLES = {"title": "Title", "part": "Heading 1", "letter": "Heading 1", "unit": "Heading 2", "bullet": "List Bullet"}
_FONTS = {"Normal": "仿宋", "List Bullet": "仿宋", "Title": "宋体", "Heading 1": "黑体", "Heading 2": "楷体"}
_WIDTH, _HEIGHT = 210, 297  #: of a page, millimetres
_MARGINS = {"top_margin": 37, "bottom_margin": 35, "left_margin": 28, "right_margin": 26}  #: those of GB/T 9704
_HYPHEN = re.compile("(?<=[0-9A-Z])-(?=[0-9])")  #: within a date or an identifier
_TITLE = 22  #: points: 二号


class _Size(NamedTuple):
    """Of the body of a letter in a language, in points: its type, its lines, what stands below a paragraph."""

    type: int
    line: int
    below: int


#: 三号 on lines of 28 points, as official letters in Chinese have it
_SIZES = {"zh": _Size(16, 28, 0), "en": _Size(12, 17, 5)}
_THEN = (1980, 1, 1, 0, 0, 0)  #: when every part was written, so that the same audit gives the same bytes


def write_word(audit: Audit, findings: Sequence[Finding], language: str) -> bytes:
    """A DOCX file; raises OrgauditError where the package that writes it is not installed."""
    try:
        from docx import Document as new_document
    except ModuleNotFoundError as e:
        raise OrgauditError("missing-extra", {"format": "word", "extra": "word"}) from e

    document, size = new_document(), _SIZES[language]
    _lay_out(document, size)
    number = 0
    for block in notice(audit, findings, language):
        number = number + 1 if block.kind == "item" else number if block.kind == "remedy" else 0
        _write(document, block, number, size)
    out = io.BytesIO()
    document.save(out)
    return _undated(out.getvalue())


def _lay_out(document: Document, size: _Size) -> None:
    """A page of A4 with its number, black on white, and the typefaces of an official letter where they are installed."""
    from docx.shared import Mm

    for section in document.sections:
        section.page_width, section.page_height = Mm(_WIDTH), Mm(_HEIGHT)
        for name, margin in _MARGINS.items():
            setattr(section, name, Mm(margin))
        _number(section.footer.paragraphs[0])
    for name, font in _FONTS.items():
        _dress(document.styles[name], font, size)
    document.core_properties.author = "orgaudit"


def _dress(style: Any, font: str, size: _Size) -> None:
    """A style in its typeface, Chinese and Western, without the colours and lines of the template."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    is_title, is_heading = style.name == "Title", style.name.startswith("Heading")
    style.font.name, style.font.color.rgb, style.font.bold = "Times New Roman", RGBColor(0, 0, 0), is_heading
    style.font.size = Pt(_TITLE if is_title else size.type)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in [key for key in fonts.attrib if key.endswith("Theme")]:
        del fonts.attrib[theme]
    fonts.set(qn("w:eastAsia"), font)
    for line in style.element.findall(f"{qn('w:pPr')}/{qn('w:pBdr')}"):
        line.getparent().remove(line)
    layout = style.paragraph_format
    layout.line_spacing = Pt(size.line + _TITLE - size.type if is_title else size.line)
    layout.space_before = Pt(size.line // 2 if is_heading else 0)
    layout.space_after = Pt(size.line if is_title else size.below)
    layout.alignment = WD_ALIGN_PARAGRAPH.CENTER if is_title else None


def _number(paragraph: Paragraph) -> None:
    """The number of the page, between dashes, in the middle."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run("— ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
    paragraph.add_run(" —")


def _write(document: Document, block: Block, number: int, size: _Size) -> None:
    from docx.shared import Pt

    text = visible(" ".join(block.text.split()))
    paragraph = document.add_paragraph(style=_STYLES.get(block.kind))
    _say(paragraph.add_run(), f"{number}. {text}" if block.kind == "item" else text)
    if block.kind == "letter":
        paragraph.paragraph_format.page_break_before = True
    if block.kind in ("text", "item", "remedy"):
        paragraph.paragraph_format.first_line_indent = Pt(2 * size.type)
    if block.kind == "title":
        document.core_properties.title = text[:255]


def _say(run: Run, text: str) -> None:
    """A text in which no line ends within a date or an identifier (`2024-03`, `SPB-3-1`)."""
    from docx.oxml import OxmlElement

    first, *others = _HYPHEN.split(text)
    run.add_text(first)
    for other in others:
        run._r.append(OxmlElement("w:noBreakHyphen"))
        run.add_text(other)


def _undated(written: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(written)) as parts, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in parts.namelist():
            copy.writestr(zipfile.ZipInfo(name, _THEN), parts.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
