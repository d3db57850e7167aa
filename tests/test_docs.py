"""The pages hold together: what they show as YAML loads, and what they point at is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

from orgaudit import load_record_model, load_standard
from orgaudit.proof import Outcome, load_proof, run_scenarios
from orgaudit.records import read_manifest
from orgaudit.standards import Draft, record_model_of, shipped_standards
from orgaudit.yamlfile import parse_yaml

ROOT = Path(__file__).parent.parent
CLUB = Path(__file__).parent / "cases" / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

# A block that is only a part of a file is announced by the line <!-- fragment --> before it; one that a tutorial writes by
# <!-- file: … -->: it is tried in its place.
BLOCK = re.compile(
    r"(?P<fragment><!-- (?:fragment|file: \S+) -->\n+)?```yaml\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<to>[^)\s]+)\)")


def relative(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks() -> Iterator[tuple[str, str, bool]]:
    """(page and number, text, whether it is a fragment) of every YAML block."""
    for page in PAGES:
        for number, block in enumerate(BLOCK.finditer(page.read_text(encoding="utf-8")), 1):
            yield f"{relative(page)} {number}", block["text"], block["fragment"] is not None


BLOCKS = list(blocks())


@pytest.mark.parametrize(("text", "fragment"), [b[1:] for b in BLOCKS], ids=[b[0] for b in BLOCKS])
def test_what_is_shown_as_yaml_loads(text: str, fragment: bool, tmp_path: Path) -> None:
    keys = list(parse_yaml(text, "block").data)
    if fragment:
        return
    if "scenarios" in keys:
        assert_as_expected(text, tmp_path)
        return
    path = tmp_path / ("orgaudit.yaml" if not {"standard", "records"} & set(keys) else "file.yaml")
    path.write_text(text, encoding="utf-8")
    if "standard" in keys:
        assert load_standard(str(path)).rules
    elif "records" in keys:
        assert load_record_model(path).tables
    else:
        assert read_manifest(tmp_path, "shown").model_fields_set


def assert_as_expected(text: str, folder: Path) -> None:
    """Scenarios that are shown are those of the club that stands under cases/docs."""
    copytree(CLUB, folder, dirs_exist_ok=True)
    (folder / "shown.test.yaml").write_text(text, encoding="utf-8")
    proof = load_proof(str(folder))
    assert {r.outcome for r in run_scenarios(proof)} == {Outcome.AS_EXPECTED}


def test_every_kind_of_file_is_shown_once_at_least() -> None:
    first_keys = {text.split(":")[0].strip() for _, text, fragment in BLOCKS if not fragment}
    assert {"standard", "records", "standards", "scenarios"} <= first_keys


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as they are made of their words."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h).strip().lower().replace(" ", "-") for h in headings}


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in LINK.finditer(page.read_text(encoding="utf-8")):
        path, _, anchor = link["to"].partition("#")
        if path.startswith(("http:", "https:")):
            continue
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link["to"]
        assert not anchor or anchor in anchors(target), link["to"]


def test_every_page_can_be_reached_from_the_map() -> None:
    index = ROOT / "docs" / "index.md"
    reached, todo = {index}, [index]
    for page in todo:  # grows while it is walked: a map may lead to a list of pages
        if page.name == "index.md":
            links = [m["to"].split("#")[0] for m in LINK.finditer(page.read_text("utf-8"))]
            found = {(page.parent / to).resolve() for to in links if to.endswith(".md")} - reached
            reached |= found
            todo += sorted(found)
    assert {p for p in PAGES if p.parent != ROOT} - reached == set()


def test_no_page_keeps_a_gap_to_be_filled() -> None:
    assert [relative(p) for p in PAGES if re.search(r"@@|TODO|FIXME", p.read_text(encoding="utf-8"))] == []


READINGS = ROOT / "docs" / "explanation" / "readings"


@pytest.mark.parametrize("name", shipped_standards())
def test_every_reading_has_a_page_with_its_choices(name: str) -> None:
    readings = Draft(name, record_model_of([name])).data.get("readings") or {}
    for reading, keys in readings.items():
        page = (READINGS / f"{reading}.md").read_text(encoding="utf-8")
        assert [c for c in keys["choices"] if f"`{c}`" not in page] == []
        assert f"**What is read.** `{keys['use']}`" in page
        assert keys["clause"] in page


def test_every_page_of_a_reading_is_of_one() -> None:
    declared = {r for n in shipped_standards() for r in Draft(n, record_model_of([n])).data.get("readings") or {}}
    assert {p.stem for p in READINGS.glob("*.md")} - {"index"} == declared
