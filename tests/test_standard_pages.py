"""The page of each shipped standard: every clause, every rule, in Chinese and in English."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import orgaudit

from orgaudit.standards import clauses_of, find_standard, load_standard, shipped_standards


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    ran = orgaudit("docs", "-o", folder, "--lang", "en")
    assert ran.code == 0, ran.err
    return folder


@pytest.mark.parametrize("name", shipped_standards())
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_has_every_clause_rule_and_reading(pages: Path, name: str, language: str) -> None:
    text = (pages / f"{name}.{language}.md").read_text("utf-8")
    standard = load_standard(name)
    for clause in clauses_of(standard, find_standard(name)):
        assert f"| {clause.norm} |" in text
    for rule in standard.rules:
        assert f"### {rule.id} ".replace("-", "-") in text
    for reading in standard.readings.values():
        assert f"= `{reading.use}`" in text
    assert "\n\n\n" not in text
    assert "None" not in text


def test_scenarios_are_examples_of_what_passes_and_fails(pages: Path) -> None:
    text = (pages / "street-party-building.en.md").read_text("utf-8")
    section = text.split("### SPB-3-1 ")[1].split("### ")[0]
    assert "Examples that pass:\n\n- " in section
    assert "Examples that fail:\n\n- " in section
