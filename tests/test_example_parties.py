"""The democratic parties of Qingxi: `united-front-base` on a district's year, in which every planted story comes out."""

from __future__ import annotations

from stories import ExampleOfASource


class TestParties(ExampleOfASource):
    name = "qingxi-parties"
    # the standard of duties is a draft, so nothing is asked of what it covers
    undecided = frozenset({"UFB-4"})
    kept = frozenset(
        {"UFB-3", "UFB-5", "UFB-8", "UFB-11", "UFB-14", "UFB-15", "UFB-16", "UFB-21", "UFB-23", "UFB-27", "UFB-31"}
    )
