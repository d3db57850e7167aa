"""The tutorial is followed step by step: its files are written, its commands run, and they print what it shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from tutorial import follow

DOCS = Path(__file__).parent.parent / "docs"
PAGES = [*sorted((DOCS / "tutorial").glob("*.md")), DOCS / "how-to" / "say-common-by-laws.md"]


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_a_tutorial_does_what_it_says(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    ran = list(follow(path.read_text(encoding="utf-8"), tmp_path))
    assert [(r.command, r.code) for r in ran] == [(r.command, r.promised) for r in ran]
    for one in ran:
        assert one.printed == one.shown, one.command
    assert ran


def test_there_is_one() -> None:
    assert PAGES
