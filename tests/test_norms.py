"""Every norm of a shipped standard's source has become something: none is forgotten, none is made up."""

from __future__ import annotations

import pytest

from orgaudit.standards import clauses_of, load_standard, shipped_standards

#: the source of each standard, how many norms it has, and how they are numbered
SOURCES = {
    "street-party-building": ("002", 107, 3),
    "branch-standardization": ("004", 43, 2),
    "united-front-base": ("000", 36, 2),
    "united-front-district": ("003", 45, 2),
    "cppcc-party-building": ("001", 28, 2),
}


@pytest.mark.parametrize("name", SOURCES)
def test_every_norm_of_the_source_stands_in_the_clauses(name: str) -> None:
    source, count, digits = SOURCES[name]
    path = shipped_standards()[name]
    norms = [c.norm for c in clauses_of(load_standard(name), path)]
    assert norms == [f"{source}-{n:0{digits}}" for n in range(1, count + 1)]


@pytest.mark.parametrize("name", SOURCES)
def test_no_norm_waits_for_its_rule(name: str) -> None:
    assert [c.norm for c in clauses_of(load_standard(name), shipped_standards()[name]) if not c.covered] == []
