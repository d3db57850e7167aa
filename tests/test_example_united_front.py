"""The united front of Yanting: `united-front-district` on a district's year, in which every planted story comes out."""

from __future__ import annotations

from stories import ExampleOfASource


class TestUnitedFront(ExampleOfASource):
    name = "yanting-united-front"
    figures = frozenset({"UFD-15", "UFD-26", "UFD-31", "UFD-33", "UFD-34", "UFD-40", "UFD-41-1"})
    kept = frozenset(
        {
            "UFD-6",
            "UFD-7",
            "UFD-13",
            "UFD-18",
            "UFD-19",
            "UFD-19-1",
            "UFD-22",
            "UFD-35",
            "UFD-37",
            "UFD-38",
            "UFD-39",
            "UFD-44",
        }
    )
