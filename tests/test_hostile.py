"""Hostile content in every text of the records: harmless in every output, and still to be recognized."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import docx
import openpyxl
import pytest
from browser import VIEWS, Browser
from selenium.webdriver.common.by import By
from support import Files, Result, a_rule, check

from orgaudit.reports import WRITERS
from orgaudit.reports.terminal import TerminalReport

#: what is written into a cell → what is still to be recognized of it, in every output
HOSTILE = {
    "<script>document.title='owned'</script>": "document.title='owned'",
    "<img src=x onerror=document.title='owned'>": "onerror=document.title='owned'",
    "</script><b>bold": "bold",
    "&lt;i&gt;&#60;": "lt;i",
    "javascript:alert(1)": "javascript:alert(1)",
    '=HYPERLINK("http://x","y")': "HYPERLINK",
    "+1": "1",
    "-1+cmd": "cmd",
    "@sum": "sum",
    " =1+9": "1+9",
    "\t=2+9": "2+9",
    "＝3+9": "3+9",
    "::error::boo": "error",
    "::set-output name=a::b": "set-output",
    "##[error]bar": "bar",
    "%0A::error::newline": "newline",
    "one\ntwo": "two",
    "a\r\n::error::crlf": "crlf",
    "\u202eevil\u202c": "evil",
    "\u2066isolated\u2069": "isolated",
    "\x07bell\x1b[31mred": "bell",
    "nul\ufffe\uffffend": "end",
    "]]>cdata": "cdata",
    "pipe|`code`|**bold**": "pipe",
    "[link](http://evil)": "link",
    "![image](http://evil/x.png)": "image",
    "# heading": "heading",
    "'quote\"double": "quote",
    "{0}{name}%s%(x)s{{7*7}}": "7*7",
    "../../etc/passwd": "passwd",
    "x" * 10_000: "xxxxxxxxxx",
    "😀🈚": "😀🈚",
}


@cache
def hostile() -> Result:
    """Choirs with hostile names, and singers whose every text is hostile: a problem, a finding and a value of `each` each."""
    choirs, singers = io.StringIO(), io.StringIO()
    names, members = csv.writer(choirs), csv.writer(singers)
    names.writerow(["id", "name", "founded_on", "dissolved_on"])
    members.writerow(["id", "choir_id", "name", "voice", "joined_on", "languages"])
    for i, text in enumerate(HOSTILE):
        names.writerow([f"C{i}", text, "", ""])
        members.writerow([text, f"C{i}", text, text, text, text])
    files: Files = {"choirs.csv": choirs.getvalue(), "singers.csv": singers.getvalue()}
    rules = """
    title: {zh: 有成立日期, en: Founded}
    for: choirs
    require: founded_on is recorded
  - id: R2
    modality: must
    for: singers
    require: voice = 'high' and paid is recorded
  - id: R3
    modality: must
    for: choirs
    each: {name: name of singers}
    count: singers where name = each.name
    at_least: 2
"""
    return check("standard: choir-rules\nrules:\n  - id: R1\n    modality: must" + rules, files)


@cache
def written(kind: str, language: str) -> Any:
    found = hostile()
    if kind == "text":
        out = StringIO()
        TerminalReport(language, verbosity=1, out=out).write(found.audit, found.findings, "")
        return out.getvalue()
    return WRITERS[kind](found.audit, found.findings, language)


def cells_of(kind: str, language: str) -> list[str]:
    """The texts that an output holds, as its readers take them apart."""
    text = written(kind, language)
    if kind == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(text))
        return [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
    if kind == "word":
        return [p.text for p in docx.Document(io.BytesIO(text)).paragraphs]
    if kind == "csv":
        return [cell for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))) for cell in row]
    if kind == "jsonl":
        return [s for line in text.split("\n") if line for s in strings(json.loads(line))]
    if kind in ("json", "gitlab", "sarif"):
        return list(strings(json.loads(text)))
    if kind == "junit":
        return [s for node in Xml.fromstring(text).iter() for s in (*node.attrib.values(), node.text or "")]
    return [text]


def strings(value: Any) -> Iterator[str]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    yield from (s for v in inner for s in strings(v))
    if isinstance(value, str):
        yield value


ALL = ["text", *WRITERS]
#: what may turn a line round, move a cursor or end a line, whoever looks
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", ALL)
def test_every_text_is_still_recognized(kind: str, language: str) -> None:
    plain = kind in ("text", "markdown", "notice", "word")  # these break lines, and escape
    told = [re.sub(r"\\(?=\W)|\s", "", c) if plain else c for c in cells_of(kind, language)]
    everything = "\n".join(told)
    escaped = {"github": lambda t: t.replace("%", "%25").replace(":", "%3A").replace(",", "%2C")}.get(kind, str)
    missing = [t for t in HOSTILE.values() if escaped(t) not in everything and t not in everything]
    assert missing == [] or kind in ("github", "notice", "word"), missing
    assert len(missing) < len(HOSTILE) - 9  # GitHub shows ten organizations


@pytest.mark.parametrize("kind", [k for k in ALL if k not in ("json", "jsonl")])  # these are data: as it was handed in
def test_nothing_unseen_controls_a_screen(kind: str) -> None:
    assert [UNSEEN.findall(text)[:3] for text in cells_of(kind, "en") if UNSEEN.search(text)] == []


def test_no_line_for_a_terminal_is_a_command_to_a_runner() -> None:
    lines = [line.strip() for line in written("text", "en").splitlines()]
    assert [line for line in lines if line.startswith("::") or "##[" in line] == []
    assert any(line.startswith("：:error::boo") for line in lines)


def test_every_line_for_github_is_one_command_with_everything_escaped() -> None:
    for line in written("github", "en").splitlines():
        assert re.fullmatch(r"::(error|warning|notice) (\w+=[^:,\r\n]*)(,\w+=[^:,\r\n]*)*::[^\r\n]*", line), line


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_cell_is_a_formula_or_a_link(language: str) -> None:
    formula = re.compile(r"\s*[=+\-@＝＋－＠]")
    assert [c for c in cells_of("csv", language) if formula.match(c)] == []
    book = openpyxl.load_workbook(io.BytesIO(written("xlsx", language)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not any(cell.data_type == "f" or cell.hyperlink for cell in cells)
    assert any(str(cell.value).startswith('=HYPERLINK("http://x"') for cell in cells)


def test_rows_and_lines_are_as_many_as_findings() -> None:
    findings = hostile().findings
    assert len(list(csv.DictReader(io.StringIO(written("csv", "en"))))) == len(findings)
    assert len(written("jsonl", "en").split("\n")) == len(findings) + 2  # the tally, and the end of the last line
    cases = [c for c in Xml.fromstring(written("junit", "en")).iter("testcase") if len(c)]
    assert len(cases) == len(findings)


@pytest.mark.parametrize("kind", ["markdown", "notice"])
def test_no_markup_of_markdown_comes_from_the_records(kind: str) -> None:
    text = written(kind, "en")
    bare = re.sub(r"\\[^\w\s]", "", text)  # what is escaped is no markup
    assert re.findall(r"<\w|</|`|\]\(|!\[|&\w+;", bare) == []
    assert {line.split(" ")[0] for line in bare.splitlines() if line.startswith("#")} <= {"#", "##", "###"}
    assert [line for line in bare.splitlines() if "|" in line and not re.fullmatch(r"\|( [^|]+ \|)+", line)] == []
    assert not re.search(r"^\s*(heading|::error|=|\+)", bare, re.MULTILINE)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    made = Browser()
    yield made
    made.driver.quit()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_of_the_records_runs_in_a_browser(browser: Browser, tmp_path: Path, language: str) -> None:
    path = tmp_path / "hostile.html"
    path.write_text(written("html", language), encoding="utf-8")
    browser.console()
    browser.open(path)
    shown = ""
    for view in VIEWS:
        browser.go(view)
        shown += browser.text()
        assert "owned" not in browser.do("return document.title")
        assert browser.count("main script, main img, main iframe, main b > b, main [onerror]") == 0, view
        assert browser.do(
            "return [...document.links].every((a) => a.getAttribute('href').startsWith('#/') || a.id === 'skip')"
        )
    for text in HOSTILE:
        assert not text.isprintable() or text.strip() in shown, text
    browser.do("[...document.querySelectorAll('nav a')][3].click()")
    browser.driver.find_element(By.CSS_SELECTOR, ".item").click()
    assert browser.console() == []
    assert "script-src 'sha256-" in path.read_text("utf-8")
    assert "default-src 'none'" in path.read_text("utf-8")


def test_a_file_whose_name_is_no_text_can_be_told(tmp_path: Path) -> None:
    found = check(a_rule("for: choirs\nrequire: founded_on is recorded"), {"choirs.csv": "id,name\nC1,Larks\n"})
    audit = found.audit
    audit.records_path = b"records/\xff".decode("utf-8", "surrogateescape")
    for kind in WRITERS:
        content = WRITERS[kind](audit, found.findings, "en")
        assert content if isinstance(content, bytes) else content.encode("utf-8")
