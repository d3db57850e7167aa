"""The report in a terminal: groups, statistics, widths, colours; its last line always counts everything."""

from __future__ import annotations

import json
import re
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from stories import audited
from support import orgaudit

from orgaudit.cli.check import GROUPINGS
from orgaudit.reports.json_report import write_json
from orgaudit.reports.statistics import columns_of
from orgaudit.reports.terminal import TerminalReport

STREET = Path(__file__).parent.parent / "examples/linjiang-street/records"


def printed(language: str = "en", *, width: int = 80, **options: Any) -> str:
    """What the example's audit looks like in a pipe that is so wide."""
    found, out = audited(STREET), StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(width))
        TerminalReport(language, out=out, **options).write(found.audit, found.findings, "reason")
    return out.getvalue()


@cache
def told() -> dict[str, Any]:
    found = audited(STREET)
    return json.loads(write_json(found.audit, found.findings))


def sections(out: str) -> dict[str, list[str]]:
    """The lines below each heading that stands at the margin."""
    found: dict[str, list[str]] = {}
    for line in out.splitlines():
        if line and not line.startswith(" "):
            found[line] = []
        elif line.strip() and found:
            found[list(found)[-1]].append(line)
    return found


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("by", ["organization", "rule", "severity"])
def test_findings_are_grouped_and_all_there(by: str, lang: str) -> None:
    marked = [
        line
        for s in sections(printed(lang, group_by=by, width=140)).values()
        for line in s
        if line[2:4] in ("✗ ", "? ", "… ")
    ]
    assert len(marked) == len(told()["findings"])


def test_rules_are_headings_in_the_order_of_the_standard() -> None:
    headings = [h.split()[0] for h, lines in sections(printed(group_by="rule", width=140)).items() if lines]
    failing = {f["rule"] for f in told()["findings"]}
    wanted = [r["rule"] for r in told()["rules"] if r["rule"] in failing]
    assert headings[: len(wanted)] == wanted
    assert len(wanted) > 20


def test_the_gravest_come_first_and_what_is_only_advised_last() -> None:
    found = sections(printed(group_by="severity", width=140))
    wanted = ["critical", "major", "minor", "advisory"]
    assert [h for h in found if h in wanted] == wanted
    severe = [f for f in told()["findings"] if f["severity"] == "critical" and f["disposition"] == "open"]
    assert sum(line[2:4] in ("✗ ", "? ", "… ") for line in found["critical"]) == len(severe)
    assert any("桃源里居民区党支部 · 木槿灯" in line for line in found["critical"])


def rows(table: str) -> dict[str, list[int]]:
    """name → figures of each row."""
    lines = [re.split(r"  +", line) for line in table.splitlines()[1:]]
    return {name: [int(n.replace(",", "")) for n in figures] for name, *figures in lines}


@pytest.mark.parametrize(("lang", "last"), [("zh", "合计"), ("en", "all")])
@pytest.mark.parametrize("width", [80, 140])
def test_statistics_stand_in_columns_and_add_up(lang: str, last: str, width: int) -> None:
    out = printed(lang, statistics=True, width=width)
    verdicts = told()["summary"]["verdicts"]
    wanted = [verdicts[v] for v in ("fail", "unknown", "pending", "pass", "not_applicable")]
    tables = out.split("\n\n")[1:3]
    for table in tables:
        assert len({columns_of(line) for line in table.splitlines()}) == 1
        assert columns_of(table.splitlines()[0]) <= width
        figures = rows(table)
        assert figures[last] == wanted
        assert [sum(column) for column in zip(*figures.values(), strict=True)] == [2 * n for n in wanted]
    by_rule = {f["rule"]: f["verdicts"] for f in told()["summary"]["rules"]}
    assert all(
        figures[0] == by_rule[name.split()[0]]["fail"] for name, figures in rows(tables[0]).items() if "SPB-" in name
    )


@pytest.mark.parametrize(
    "options", [{}, {"statistics": True}, {"group_by": "rule"}, {"verbosity": -1}, {"verbosity": 1}]
)
@pytest.mark.parametrize(("lang", "begins"), [("zh", "不合格 64 · "), ("en", "64 fail · ")])
def test_the_last_line_counts_everything(options: dict[str, Any], lang: str, begins: str) -> None:
    out = printed(lang, **options)
    assert out.splitlines()[-1].startswith(begins)
    assert "\x1b" not in out  # no colours in a pipe


def test_a_grouping_that_is_none_is_refused() -> None:
    ran = orgaudit("check", STREET, "--group-by", "colour")
    assert (ran.code, ran.err) == (2, "--group-by does not take `colour`: organization, rule, severity.\n")


def test_the_command_line_takes_both() -> None:
    ran = orgaudit("check", STREET, "--select", "SPB-4-1", "--statistics")
    assert re.search(r"^SPB-4-1 .*  1 +0 +0 +23 +0$", ran.out, re.MULTILINE)
    ran = orgaudit("check", STREET, "--select", "SPB-4-1", "--group-by", "rule")
    assert "\nSPB-4-1 二（四） The Party day has a fixed date\n  ✗ 瀛洲民办学堂党支部 [major]\n" in ran.out


def test_wide_and_combining_characters_take_their_columns() -> None:
    assert [columns_of(text) for text in ("党员", "ab", "ｆ", "e\u0301", "")] == [4, 2, 2, 1, 0]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "options", [{"group_by": g} for g in GROUPINGS] + [{"statistics": True}, {"verbosity": 1}], ids=str
)
@pytest.mark.parametrize("width", [80, 140])
def test_no_line_but_the_last_is_wider_than_the_terminal(lang: str, options: dict[str, Any], width: int) -> None:
    *lines, last = printed(lang, width=width, **options).partition("\n\n")[2].splitlines()  # paths are never broken
    places = re.compile(r"\S{60,}")  # of what has no space nothing can be broken
    wide = [line for line in lines if columns_of(line) > width and not places.search(line)]
    assert wide == []
    assert [line for line in lines if line != line.rstrip()] == []
    assert "3,709" in last
