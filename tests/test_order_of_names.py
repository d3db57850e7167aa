"""Names stand where a reader looks for them; what machines read keeps the order of codes."""

from __future__ import annotations

import io
import json
import re
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
from stories import audited

from orgaudit.reports.json_report import write_json
from orgaudit.reports.markdown import write_markdown
from orgaudit.reports.notice import write_notice
from orgaudit.reports.order import reading
from orgaudit.reports.workbook import write_workbook

STREET = Path(__file__).parent.parent / "examples/linjiang-street/records"


def test_chinese_by_pinyin_latin_by_the_alphabet() -> None:
    wanted = ["Ábel", "alder", "Birch", "cedar", "白杨支部", "东风支部", "红旗支部", "张三", "张四", "赵一"]
    assert sorted({*wanted}, key=reading) == wanted
    numbers = ["第一支部", "第二支部", "第九支部", "第十支部", "第十一支部", "第二十支部", "第一百零二支部"]
    assert sorted({*numbers}, key=reading) == numbers
    assert sorted({"B10", "B2", "第2组", "第10组"}, key=reading) == ["B2", "B10", "第2组", "第10组"]
    assert sorted(["瀛洲支部", "东风支部", "\ud800"], key=reading)[-1] == "瀛洲支部"  # a rarer one follows


def in_order(names: list[str]) -> bool:
    return len(names) > 5 and all(reading(a) <= reading(b) for a, b in pairwise(names))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_papers_name_organizations_in_the_readers_order(lang: str) -> None:
    found = audited(STREET)
    names = {o.name for o in found.audit.organizations}
    notice, page = (write(found.audit, found.findings, lang) for write in (write_notice, write_markdown))
    units = re.findall(r"^### (.*)", notice, re.MULTILINE)
    headings = [h for h in re.findall(r"^## (.*)", page, re.MULTILINE) if h in names]
    assert in_order([u for u in units if u in names])
    assert in_order(headings)
    kept = next(line for line in notice.splitlines() if sum(n in line for n in names if n) > 5)
    assert in_order(sorted((n for n in names if n and n in kept), key=kept.index))
    letters = re.findall(r"(?<=^---\n\n## ).*", notice, re.MULTILINE)
    assert [n for letter in letters for n in units if n in letter] == units


def test_the_workbook_lists_names_in_the_readers_order() -> None:
    found = audited(STREET)
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(found.audit, found.findings, "zh")))
    for sheet in ("汇总", "矩阵"):
        assert in_order([str(row[0]) for row in book[sheet].iter_rows(min_row=2, values_only=True)])
    rows = list(book["发现"].iter_rows(min_row=2, values_only=True))
    of_rule = [(str(r[6]), str(r[7])) for r in rows if r[3] == "SPB-10"]
    assert len(of_rule) > 5
    assert of_rule == sorted(of_rule, key=lambda r: (reading(r[0]), reading(r[1])))


def test_what_machines_read_keeps_the_order_of_codes() -> None:
    found = audited(STREET)
    told = json.loads(write_json(found.audit, found.findings))["findings"]
    of_rule = [(f["organization"], f["subject"]["key"]) for f in told if f["rule"] == "SPB-10"]
    assert of_rule == sorted(of_rule)
