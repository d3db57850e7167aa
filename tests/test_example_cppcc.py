"""The CPPCC of Yanzhu: `cppcc-party-building` on a city's year, in which every planted story comes out."""

from __future__ import annotations

from stories import Audited, ExampleOfASource


class TestCppcc(ExampleOfASource):
    name = "yanzhu-cppcc"
    # no rule has a time that runs on after the year; none is kept from anybody
    verdicts = frozenset({"pass", "fail", "unknown"})
    kept = frozenset({"CPC-1", "CPC-3", "CPC-4-1", "CPC-5", "CPC-12-2", "CPC-17", "CPC-19", "CPC-24"})

    def test_the_money_of_a_platform_stands_on_a_level(self, found: Audited) -> None:
        levels = {f.subject.key: f.level for f in found.findings if f.rule.rule == "CPC-27" and f.verdict == "fail"}
        assert levels == {"P021": "short", "P089": "above"}
