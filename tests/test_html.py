"""The compliance report in a real browser, without a network: every view, both languages, filters, print, hostile content."""

from __future__ import annotations

import base64
import json
import re
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from browser import VIEWS, Browser
from selenium.webdriver.common.by import By
from support import CHOIRS, a_rule, check, orgaudit

from orgaudit.findings import Disposition, Finding, Severity
from orgaudit.messages.html import EN, ZH
from orgaudit.reports.grades import grades_of
from orgaudit.reports.html import write_html
from orgaudit.reports.order import reading

STREET = Path(__file__).parent.parent / "examples/linjiang-street/records"
WIDTHS = [360, 800, 1400]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    made = Browser()
    yield made
    made.driver.quit()


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of records whose path is one long word: it stands in the heading of the page."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    records = path.parent / "_".join(["records_of_the_street"] * 3)
    shutil.copytree(STREET, records)
    assert orgaudit("check", records, "-o", f"html={path}", "-q", "--lang", "zh").code == 1
    return path


def data_of(path: Path) -> dict[str, Any]:
    found = re.search(r'<script id="data" type="application/json">(.*?)</script>', path.read_text("utf-8"), re.DOTALL)
    assert found
    return json.loads(found[1])


def test_every_view_shows_something_in_both_languages_and_says_nothing_to_the_console(
    browser: Browser, street: Path
) -> None:
    browser.open(street)
    browser.console()
    for switch in ("", "en"):
        if switch:
            browser.driver.find_element(By.ID, "language").click()
        for view in VIEWS:
            browser.go(view)
            assert (
                browser.do("return document.querySelector('nav a[aria-current]').getAttribute('href')") == f"#/{view}"
            )
            assert len(browser.text()) > 20, view
    assert browser.do("return document.documentElement.lang") == "en"
    assert browser.console() == []


#: what reaches beyond the window and cannot be scrolled into view by itself
TOO_WIDE = """
const reaches = e => e.getBoundingClientRect().right > innerWidth + 0.5;
const visible = e => getComputedStyle(e).overflowX === "visible";
const scrolls = e => e !== document.body && (!visible(e) || scrolls(e.parentElement));
if (document.documentElement.scrollWidth <= innerWidth) return [];
const found = [...document.querySelectorAll("body *")].filter(e => reaches(e) && !scrolls(e.parentElement));
const named = found.map(e => `${e.tagName}.${e.className}: ${e.textContent.slice(0, 40)}`);
return [`${document.documentElement.scrollWidth} > ${innerWidth}`, ...named];
"""


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_view_is_wider_than_the_window(browser: Browser, street: Path, width: int, lang: str) -> None:
    browser.open(street, width=width)
    if lang == "en":
        browser.driver.find_element(By.ID, "language").click()
    for view in [*VIEWS, "organization/B01"]:
        browser.go(view)
        assert browser.do(TOO_WIDE) == [], view


@pytest.fixture(scope="module")
def two_standards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the street's records held against its standard and a national profile."""
    path = tmp_path_factory.mktemp("two") / "report.html"
    chosen = ("SPB-3-3", "SPB-4-5", "BRA-16", "BRA-17")
    named = [x for rule in chosen for x in ("--select", rule)]
    standards = ("-s", "street-party-building", "-s", "cpc-branch-2018")
    assert orgaudit("check", STREET, *standards, *named, "-o", f"html={path}", "-q", "--lang", "zh").code == 1
    return path


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_overview_says_where_two_standards_ask_for_different_things(
    browser: Browser, two_standards: Path, width: int, lang: str
) -> None:
    browser.open(two_standards, width=width)
    if lang == "en":
        browser.driver.find_element(By.ID, "language").click()
    browser.do("document.querySelectorAll('.contrasts details').forEach(d => { d.open = true; })")
    said = browser.text()
    assert {"zh": "两个标准的不同要求", "en": "Different bounds of two standards"}[lang] in said
    assert {
        "zh": "SPB-3-3 二（三）：每半年不少于 1 — BRA-17 第五章：每年不少于 1",
        "en": "BRA-17 第五章: at least 1 a year",
    }[lang] in said
    assert browser.do(TOO_WIDE) == []
    assert browser.console() == []


def test_a_finding_leads_to_what_the_other_standard_says(browser: Browser, two_standards: Path) -> None:
    data = data_of(two_standards)
    found = data["findings"]
    rules = [data["rules"][r]["id"] for r in found["rule"]]
    i = next(i for i, others in enumerate(found["elsewhere"]) if rules[i] == "SPB-4-5" and others[0][2])
    browser.open(two_standards, f"finding/{found['id'][i]}")
    assert "依另一标准" in browser.text() and "BRA-16 第五章 要求每月不少于 1（更严）" in browser.text()
    browser.do("document.querySelector('dl.facts a[href^=\"#/finding/\"]').click()")
    assert "BRA-16 每月开展主题党日" in browser.text()
    assert browser.console() == []


WIDER_TEXT = """
const style = document.createElement("style");
style.textContent = "* { letter-spacing: 0.12em !important; word-spacing: 0.16em !important }";
document.head.append(style);
"""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_text_that_takes_more_room_stays_within_a_telephone(browser: Browser, street: Path, lang: str) -> None:
    """Another machine's fonts are wider, and readers set more space (WCAG 2.1, 1.4.12)."""
    browser.open(street, width=360)
    browser.do(WIDER_TEXT)
    if lang == "en":
        browser.driver.find_element(By.ID, "language").click()
    for view in [*VIEWS, "organization/B01"]:
        browser.go(view)
        assert browser.do(TOO_WIDE) == [], view


def test_the_page_shows_the_figures_of_the_audit(browser: Browser, street: Path) -> None:
    browser.open(street)
    shown = set(re.findall(r"([\d,]+)\n(\S+)", browser.text()))
    data = data_of(street)
    verdicts, colors = data["summary"]["verdicts"], Counter(o["color"] for o in data["organizations"])
    told = {
        ("不合格", "fail"),
        ("未知", "unknown"),
        ("待办", "pending"),
        ("合格", "pass"),
        ("不适用", "not_applicable"),
    }
    assert {(f"{verdicts[v]:,}", label) for label, v in told} <= shown
    assert {
        (str(colors[c]), label) for c, label in (("red", "需处理"), ("yellow", "需关注"), ("green", "正常"))
    } <= shown
    assert sum(n for _, _, v, n in data["cells"] if v == "pass") == verdicts["pass"] > 3000
    assert verdicts["fail"] == data["findings"]["verdict"].count("fail") > 50


def test_filters_and_search_narrow_the_list_and_the_address_keeps_them(browser: Browser, street: Path) -> None:
    data = data_of(street)
    found, rules = data["findings"], [r["id"] for r in data["rules"]]
    total = len(found["id"])
    browser.open(street, "findings")
    assert f"{total} / {total}" in browser.text(".filters")
    browser.go("findings?verdict=unknown")
    assert f"{found['verdict'].count('unknown')} / {total}" in browser.text(".filters")
    browser.go("findings?verdict=fail&rule=SPB-10")
    pairs = list(zip(found["rule"], found["verdict"], strict=True))
    assert browser.count(".item") == pairs.count((rules.index("SPB-10"), "fail")) == 11
    browser.go("findings")
    box = browser.driver.find_element(By.ID, "q")
    box.send_keys("木槿灯")
    time.sleep(0.6)
    assert browser.count(".item") == 2
    assert "q=%E6%9C%A8" in browser.do("return location.hash")
    assert browser.do("return document.activeElement.id") == "q"


def test_no_two_open_questions_read_alike(browser: Browser, tmp_path: Path) -> None:
    """Those of one rule and organization, for one reason, say their periods: here nobody handed in the meetings."""
    shutil.copy(STREET / "党组织.csv", tmp_path)
    made = tmp_path / "report.html"
    orgaudit("check", tmp_path, "-s", "street-party-building", "--period", "2024", "-o", f"html={made}", "-q")
    browser.open(made, "unknown")
    read = "return [...document.querySelectorAll('main tr')].map((r) => [...r.querySelectorAll('a')].map((a) => a.innerText))"
    reasons = browser.do(read)
    assert sum(map(len, reasons)) >= 20
    assert [links for links in reasons if len(set(links)) < len(links)] == []
    assert any("2024-Q2" in link for links in reasons for link in links)


def test_a_finding_has_an_address_of_its_own_and_says_everything(browser: Browser, street: Path) -> None:
    data = data_of(street)
    found = data["findings"]
    i = next(
        i for i, r in enumerate(found["rule"]) if data["rules"][r]["id"] == "SPB-10" and found["verdict"][i] == "fail"
    )
    browser.open(street, f"finding/{found['id'][i]}")
    text = browser.text()
    for said in (
        "二（十）",
        "連續6個月",
        "按自行脱党提请核查",
        "考勤.csv",
        "木槿灯",
        "核实原因",
        "no_meeting_month",
        "当月没有可参加的组织生活",
    ):
        assert said in text, said
    assert browser.count(".strip .counts") == 8


@pytest.mark.parametrize(
    ("quote", "lang"),
    [("連續6個月不參加組織生活", "zh-Hant"), ("连续6个月", "zh-Hans"), ("called ten working days before", "en")],
)
def test_a_quote_is_marked_with_the_language_it_is_written_in(
    browser: Browser, tmp_path: Path, quote: str, lang: str
) -> None:
    rule = a_rule(f"for: choirs\nclause: § 1\nquote: {quote}\nrequire: founded_on is recorded")
    found = check(rule, {"choirs.csv": CHOIRS})
    path = tmp_path / "report.html"
    path.write_text(write_html(found.audit, found.findings, "zh"), encoding="utf-8")
    for view in (f"finding/{found.findings[0].id}", "organization/C1"):
        browser.open(path, view)
        assert browser.do("return [...document.querySelectorAll('blockquote')].map((e) => e.lang)") == [lang]


def test_the_ladder_has_a_strip_of_months_for_each_member(browser: Browser, street: Path) -> None:
    browser.open(street, "ladder")
    assert browser.count("tbody tr") == len(data_of(street)["strips"]) > 10
    assert browser.count("tbody tr:first-child .strip span") == 12


def test_the_tree_of_organizations_folds(browser: Browser, street: Path) -> None:
    browser.open(street, "matrix")
    before = browser.count("tbody tr")
    orgs = data_of(street)["organizations"]
    below = [i for i, o in enumerate(orgs) if o["parent"] == 1]
    assert below and not any(o["parent"] in below for o in orgs)
    browser.do(f"document.querySelector('.twist[aria-label$=\"{orgs[1]['name']}\"]').click()")
    assert browser.count("tbody tr") == before - len(below)
    names = browser.do("return [...document.querySelectorAll('tbody tr th a')].map((e) => e.innerText)")
    assert names[1:6] == sorted(names[1:6], key=reading)
    groups = [n for n in names if re.fullmatch("乌有里居民区第.党小组", n)]
    assert groups == ["乌有里居民区第一党小组", "乌有里居民区第二党小组"]
    browser.driver.find_element(By.CSS_SELECTOR, "tbody tr:first-child .twist").click()
    assert browser.count("tbody tr") == 2  # the root, and what belongs to no organization


def test_every_rule_of_the_matrix_has_a_cell_with_something_in_it(browser: Browser, street: Path) -> None:
    browser.open(street, "matrix")
    empty = (
        "return [...document.querySelectorAll('thead th')].map((h, i) => [h.innerText, i]).slice(1).filter(([, i]) => "
        "![...document.querySelectorAll('tbody tr')].some((r) => r.children[i].innerText.trim())).map(([h]) => h)"
    )
    assert browser.count("thead th") > 40
    assert browser.do(empty) == []
    browser.do("document.querySelector('tbody tr:last-child a').click()")
    time.sleep(0.3)
    assert browser.count(".item") > 0
    assert set(
        browser.do("return [...document.querySelectorAll('.item .small')].map((e) => e.innerText.slice(0, 6))")
    ) == {"没有所属组织"}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", WIDTHS)
def test_no_date_and_no_heading_of_a_table_is_broken(browser: Browser, street: Path, lang: str, width: int) -> None:
    browser.open(street, "due", width=width)
    browser.do(
        f"if (document.documentElement.lang.slice(0, 2) !== '{lang}') document.querySelector('.tools button').click()"
    )
    time.sleep(0.2)
    broken = (
        "const lines = (e) => { const r = document.createRange(); r.selectNodeContents(e); "
        "return new Set([...r.getClientRects()].map((b) => Math.round(b.top))).size; };"
        "return [...document.querySelectorAll('td:first-child, thead th')].filter((e) => lines(e) > 1).map((e) => e.innerText)"
    )
    assert browser.count("tbody tr") > 3
    assert browser.do(broken) == []


def test_everything_that_can_be_used_has_a_name_and_takes_the_keyboard(browser: Browser, street: Path) -> None:
    browser.open(street, "findings")
    for view in ("findings", "matrix", "organizations", "overview"):
        browser.go(view)
        nameless = browser.do(
            "return [...document.querySelectorAll('a[href],button,input,select')].filter(e => "
            "!(e.innerText || e.getAttribute('aria-label') || e.labels?.[0]?.innerText || '').trim()).map(e => e.outerHTML)"
        )
        assert nameless == [], view
        assert browser.do("return [...document.querySelectorAll('img')].every(e => e.alt)")
        assert browser.do(
            "return new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size"
        ) == browser.count("[id]")


def test_it_prints_a_page_for_every_organization(browser: Browser, street: Path) -> None:
    browser.open(street, "organizations")
    browser.do(
        "window.print = () => {}; [...document.querySelectorAll('main button')].find(b => b.onclick || true).click()"
    )
    assert browser.count("#paper .sheet") > 20
    printed = browser.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
    pdf = base64.b64decode(printed["data"])
    assert pdf.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) >= browser.count("#paper .sheet")


def test_nothing_in_the_page_fetches_anything(street: Path) -> None:
    page = street.read_text("utf-8")
    assert "default-src 'none'" in page
    assert not re.findall(r"https?://", page)
    assert not re.findall(r"(src|href)=[\"'](?!#|data:,)", page)


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report against an audit in which two findings were not there, one was less grave, and one more was."""
    folder = tmp_path_factory.mktemp("compared")
    orgaudit("check", STREET, "-q", "-o", f"json={folder / 'before.json'}")
    before = json.loads((folder / "before.json").read_text("utf-8"))
    failing = [f for f in before["findings"] if f["verdict"] == "fail" and f["disposition"] == "open"]
    ladder = next(f for f in failing if f["rule"] == "SPB-10" and f["level"])
    ladder["level"] = None
    settled = {**failing[-1], "id": "0" * 16}
    before["findings"] = [f for f in before["findings"] if f not in failing[:2]] + [settled]
    (folder / "before.json").write_text(json.dumps(before), encoding="utf-8")
    options = ("--baseline", folder / "before.json", "-o", f"html={folder / 'report.html'}")
    assert orgaudit("check", STREET, "-q", "--lang", "zh", *options).code == 1
    return folder / "report.html"


def test_the_overview_tells_what_changed_and_leads_to_it(browser: Browser, compared: Path) -> None:
    trend = data_of(compared)["findings"]["trend"]
    browser.open(compared)
    tiles = browser.do("return [...document.querySelectorAll('.tile')].map((e) => e.innerText.split('\\n'))")
    wanted = [["2", "新增"], ["1", "加重"], [str(trend.count("persisting")), "仍在"], ["1", "已整改"]]
    assert [t for t in tiles if t[1] in {label for _, label in wanted}] == wanted
    browser.do("document.querySelector('a.tile.new').click()")
    time.sleep(0.3)
    assert browser.count(".item .tag.new") == browser.count(".item") == 2
    browser.go("settled")
    assert browser.count("tbody tr") == 1
    browser.open(compared, "findings?trend=escalated")
    browser.do("document.querySelector('.item').click()")
    time.sleep(0.3)
    assert browser.text("main .tag.escalated") == "加重"
    browser.open(compared, "overview", width=360)
    assert browser.do(TOO_WIDE) == []


def test_a_hundred_thousand_findings_open_and_scroll(browser: Browser, tmp_path: Path) -> None:
    found = check(a_rule("for: choirs\nrequire: founded_on is recorded"), {"choirs.csv": CHOIRS})
    many = [many_of(found.findings[0], i) for i in range(100_000)]
    path = tmp_path / "many.html"
    path.write_text(write_html(found.audit, many, "zh"), encoding="utf-8")
    assert path.stat().st_size <= 10_000_000
    seconds = browser.open(path, "findings")
    assert seconds < 8, seconds  # two on an idle machine
    browser.go("findings?q=S99999")
    time.sleep(1)
    assert "1 / 100" in browser.text(".filters")
    browser.go("findings")
    longest = browser.driver.execute_async_script(FRAMES)
    assert longest < 400, longest  # a hundred on an idle machine
    assert browser.count(".item") < 60


FRAMES = """
const done = arguments[0], box = document.querySelector(".list");
let longest = 0, last = performance.now(), n = 0;
function frame(now) {
  longest = Math.max(longest, now - last); last = now; box.scrollTop = n * 40000;
  if (++n < 100) requestAnimationFrame(frame); else done(longest);
}
requestAnimationFrame(frame);
"""


def many_of(finding: Finding, i: int) -> Finding:
    return replace(finding, subject=finding.subject._replace(key=f"S{i}", name=f"歌手{i % 5000}"))


def test_red_yellow_green_by_the_printed_formula() -> None:
    found = check(a_rule("for: choirs\nrequire: founded_on is recorded"), {"choirs.csv": CHOIRS})
    one = found.findings[0]

    def color(*severities: Severity) -> str:
        return grades_of([replace(one, severity=s, organization="C1") for s in severities], ["C1", "C2"])["C1"].color

    waived, known = (
        grades_of([replace(one, severity=Severity.CRITICAL, organization="C1", disposition=d)], ["C1"])["C1"].color
        for d in (Disposition.WAIVED, Disposition.BASELINED)
    )
    assert (waived, known) == ("green", "red")
    minor, major, critical, info = Severity.MINOR, Severity.MAJOR, Severity.CRITICAL, Severity.INFO
    assert [color(), color(info), color(minor), color(*[major] * 3)] == ["green", "yellow", "yellow", "yellow"]
    assert [color(*[major] * 3, minor), color(critical), color(*[minor] * 10)] == ["red", "red", "red"]


def test_every_label_that_the_page_asks_for_is_there_and_no_other() -> None:
    script = (Path(write_html.__code__.co_filename).parent / "templates/report.js").read_text("utf-8")
    assert set(EN) == set(ZH)
    built = {"counts", "may-count", "passed-over", "may-pass", "ends", "excused"}
    asked = set(re.findall(r'\bt\("([a-z.-]+)"\)', script)) | built | {f"{b}-mark" for b in built}
    asked |= (
        set(re.findall(r'fact\("([a-z-]+)"', script)) | set(VIEWS) | {"red", "yellow", "green", "noscript", "title"}
    )
    asked |= {f"{kind}.{v}" for kind, found in KINDS.items() for v in found} | {"problems", "notices"}
    assert {c.removeprefix("html.") for c in EN} == asked


KINDS = {
    "verdict": ["fail", "unknown", "pending", "pass", "not_applicable", "error"],
    "severity": ["critical", "major", "minor", "info"],
    "disposition": ["open", "waived", "baselined", "advisory"],
    "trend": ["new", "escalated", "persisting"],
}
