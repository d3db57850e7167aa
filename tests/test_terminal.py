"""The report in a terminal: groups, statistics, widths, colours; its last line always counts everything."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from stories import audited
from support import orgaudit
from terminals import in_terminal

from orgaudit.cli.check import GROUPINGS
from orgaudit.reports.breaking import columns_of
from orgaudit.reports.json_report import write_json
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


def luminance(color: int) -> float:
    """Of one of the 240 fixed colours of a terminal, as WCAG 2.1 reckons it."""
    steps = (0, 95, 135, 175, 215, 255)
    cube, grey = color - 16, 8 + 10 * (color - 232)
    parts = (grey,) * 3 if color >= 232 else (steps[cube // 36], steps[cube // 6 % 6], steps[cube % 6])
    linear = [p / 255 / 12.92 if p <= 10 else ((p / 255 + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def is_readable(code: str) -> bool:
    """Whether a code leaves text readable on black and on white: contrast 4; bold and underlined change no colour."""
    fixed = re.fullmatch(r"38;5;(\d+)", re.sub(r"^(?:[14];)+(?=38)", "", code))
    if not fixed:
        return set(code.split(";")) <= {"0", "1", "4"}
    light = luminance(int(fixed[1])) if int(fixed[1]) > 15 else -1
    return min(1.05 / (light + 0.05), (light + 0.05) / 0.05) >= 4


def test_what_is_readable_on_both_grounds() -> None:
    readable = {"yellow": "33", "white": "97", "grey": "90", "dim": "2", "navy": "38;5;17", "mustard": "1;38;5;136"}
    assert [name for name, code in readable.items() if is_readable(code)] == []
    assert all(map(is_readable, ("0", "1", "1;4", "38;5;243", "1;38;5;161")))


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", STREET, "--verbose"),
        ("check", STREET, "--group-by", "severity", "--no-waivers"),
        ("check", STREET, "--statistics"),
        ("records", STREET),
        ("explain", "SPB-10"),
        ("rules",),
    ],
    ids=lambda a: " ".join(map(str, a[:1] + a[2:])),
)
def test_every_colour_can_be_read_on_a_dark_and_on_a_light_ground(arguments: tuple[object, ...]) -> None:
    codes = set(re.findall(r"\x1b\[([\d;]*)m", in_terminal(*arguments)))
    assert codes
    assert [code for code in codes if not is_readable(code)] == []


def test_a_terminal_without_fixed_colours_gets_none() -> None:
    told = in_terminal("check", STREET, "--select", "SPB-10", TERM="xterm")
    assert set(re.findall(r"\x1b\[([\d;]*)m", told)) == {"0", "1", "1;4"}


@pytest.mark.parametrize("quiet", [(), ("-q",)])
@pytest.mark.parametrize(
    ("option", "environment"),
    [
        ((), {"NO_COLOR": "1"}),
        (("--no-color",), {}),
        ((), {"TERM": "dumb"}),
        ((), {"NO_COLOR": "1", "FORCE_COLOR": "1"}),
    ],
    ids=["NO_COLOR", "--no-color", "dumb", "both"],
)
def test_who_wants_no_colours_gets_text_alone_also_of_the_progress(
    quiet: tuple[str, ...], option: tuple[str, ...], environment: dict[str, str]
) -> None:
    told = in_terminal("check", STREET, *quiet, *option, "--lang", "en", **environment)
    assert "\x1b" not in told
    assert "\rjudging" in told  # the line of progress, which is written over
    assert told.rstrip().splitlines()[-1].startswith("64 fail · ")


def test_whoever_forces_colours_has_them_in_a_pipe_and_in_no_file(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "orgaudit", "check", str(STREET), "--select", "SPB-10", "-o"]
    environment = {**os.environ, "TERM": "xterm-256color", "FORCE_COLOR": "1"}
    ran = subprocess.run([*command, f"text={tmp_path / 'a'}"], capture_output=True, check=False, env=environment)
    codes = set(re.findall(r"\x1b\[([\d;]*)m", ran.stdout.decode()))
    assert (ran.returncode, ran.stderr.count(b"\x1b")) == (1, 0)
    assert len(codes) > 1
    assert [code for code in codes if not is_readable(code)] == []
    assert b"\x1b" not in (tmp_path / "a").read_bytes()
    assert b"SPB-10" in ran.stdout


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("by", ["organization", "rule", "severity"])
def test_the_period_of_a_run_is_told_once(lang: str, by: str) -> None:
    of_runs = re.compile(r"\d{4}-\d\d – \d{4}-\d\d")
    found = re.split(r"\n  (?=[✗?…] )", printed(lang, group_by=by, width=140))
    told = [of_runs.findall(text) for text in found if of_runs.search(text)]
    assert len(told) > 10
    assert [periods for periods in told if len(periods) > 1] == []
