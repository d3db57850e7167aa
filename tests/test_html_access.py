"""The compliance report for those who do not see it as its makers do: axe-core finds nothing, in light, dark, zh and en."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from browser import VIEWS, Browser
from support import orgaudit

STREET = Path(__file__).parent.parent / "examples/linjiang-street/records"
AXE = (files("axe_core_python") / "axe.min.js").read_text("utf-8")
#: what breaks a rule, told with its place, and the rules that are kept
RUN = """
const done = arguments[arguments.length - 1];
const told = (r) => r.nodes.map((n) => `${r.id}: ${n.target} ${n.html.slice(0, 160)} ${n.any.concat(n.all).map((c) => c.message)}`);
axe.run(document).then((found) => done({ broken: found.violations.flatMap(told), kept: found.passes.map((r) => r.id) }));
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    made = Browser()
    yield made
    made.driver.quit()


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report against an audit before: of two failures less, and of one more."""
    folder = tmp_path_factory.mktemp("report")
    orgaudit("check", STREET, "-q", "-o", f"json={folder / 'before.json'}")
    before = json.loads((folder / "before.json").read_text("utf-8"))
    failing = [f for f in before["findings"] if f["verdict"] == "fail" and f["disposition"] == "open"]
    others = [f for f in before["findings"] if f not in failing[:2]]
    before["findings"] = [*others, {**failing[-1], "id": "0" * 16}]
    (folder / "before.json").write_text(json.dumps(before), encoding="utf-8")
    options = ("--baseline", folder / "before.json", "-o", f"html={folder / 'report.html'}")
    assert orgaudit("check", STREET, "-q", "--lang", "zh", *options).code == 1
    return folder / "report.html"


def broken(browser: Browser) -> tuple[list[str], list[str]]:
    """What axe-core says is broken of what is shown, and the rules that are kept."""
    if not browser.do("return Boolean(window.axe)"):
        browser.do(AXE)
    found = browser.driver.execute_async_script(RUN)
    return found["broken"], found["kept"]


def addresses(path: Path) -> list[str]:
    """Every view, a finding with months and one without, an organization, a list that is narrowed and one that is empty."""
    found = json.loads(path.read_text("utf-8").split('type="application/json">', 1)[1].split("</script>", 1)[0])[
        "findings"
    ]
    several = [found["id"][found["verdict"].index(v)] for v in ("fail", "unknown", "pending")]
    narrowed = [
        "findings?verdict=unknown",
        "findings?q=nobody",
        "organizations?color=red",
        "organization/B01",
        "settled",
    ]
    return [*VIEWS, *narrowed, *(f"finding/{i}" for i in several)]


SEEN = [("zh", "light", 1400), ("en", "light", 1400), ("zh", "dark", 1400), ("en", "dark", 1400), ("zh", "light", 360)]


@pytest.mark.parametrize(("lang", "scheme", "width"), SEEN)
def test_no_view_has_a_fault_that_axe_knows(browser: Browser, street: Path, lang: str, scheme: str, width: int) -> None:
    chosen = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", chosen)
    browser.open(street, width=width)
    if lang == "en":
        browser.do("document.getElementById('language').click()")
    faults, kept = {}, set()
    for view in addresses(street):
        browser.go(view)
        faults[view], rules = broken(browser)
        kept |= set(rules)
    assert {view: found for view, found in faults.items() if found} == {}
    assert {
        "color-contrast",
        "label",
        "link-name",
        "button-name",
        "region",
        "heading-order",
        "page-has-heading-one",
    } <= kept


def test_the_first_link_leads_to_the_content_of_the_same_view(browser: Browser, street: Path) -> None:
    browser.open(street, "matrix")
    browser.do("document.getElementById('skip').click()")
    assert browser.do("return document.activeElement.id") == "main"
    assert browser.do("return location.hash") == "#/matrix"


def test_a_list_of_which_only_a_part_is_in_the_page_says_how_long_it_is(browser: Browser, street: Path) -> None:
    browser.open(street, "findings")
    shown, total = browser.text(".filters").rsplit("\n", 1)[-1].split(" / ")
    of = browser.do(
        "return [...document.querySelectorAll('[role=listitem]')].map((e) => [e.ariaPosInSet, e.ariaSetSize])"
    )
    assert shown == total
    assert of[:2] == [["1", total], ["2", total]]
