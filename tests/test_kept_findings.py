"""Findings are kept in their order, however many there are, and wherever they stand."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from orgaudit.findings import (
    Disposition,
    Finding,
    Findings,
    RuleInfo,
    Severity,
    Stretch,
    Subject,
    Verdict,
    kept,
    kinds_of,
)
from orgaudit.findings.words import Text
from orgaudit.workdb import WorkDb

NOTHING: Text = {}
RULE = RuleInfo("R", "s", None, None, {"en": "Rule"}, NOTHING, "must", "major", {"at_least": 1}, "count")


def finding(n: int) -> Finding:
    return Finding(
        rule=RULE,
        verdict=list(Verdict)[n % 3],
        disposition=list(Disposition)[n % 2],
        severity=list(Severity)[n % 4],
        subject=Subject("clubs", f"C{n}", None),
        organization=f"O{n % 7}",
        each=None,
        period=Stretch("2024", date(2024, 1, 1), None),
        certain=n,
        possible=None,
        shown=None,
        level=None,
        possible_level=None,
        due_on=None,
        doubt=None,
    )


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_CHUNK", 4)


@example(count=1, near=0)
@given(count=st.integers(0, 40), near=st.integers(0, 30))
def test_they_are_those_that_came_wherever_they_stand(
    count: int, near: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("kept")
    came = [finding(n) for n in range(count)]
    found = Findings(iter(came), folder, near)
    assert len(found) == count
    assert list(found) == list(found) == came
    assert [found[i] for i in range(-count, count)] == came + came
    assert found[2:9:2] == came[2:9:2]
    assert kinds_of(found) == kinds_of(came) == Counter((f.verdict, f.disposition, f.severity) for f in came)
    assert any(folder.iterdir()) == (count > near and count >= 4)
    with pytest.raises(IndexError):
        found[count]


def test_findings_made_of_others_stand_beside_them(tmp_path: Path) -> None:
    first = Findings((finding(n) for n in range(20)), tmp_path, 3)
    second = Findings((f for f in first if f.certain != 3), tmp_path, 3)
    assert [f.certain for f in second] == [n for n in range(20) if n != 3]
    assert len(first) == 20


def test_a_memory_limit_leaves_room_for_what_the_engine_does_not_count() -> None:
    with WorkDb(memory_limit="1GiB") as db:
        assert db.load("select current_setting('memory_limit')") == [("819.1 MiB",)]


def test_what_has_become_much_is_compressed_and_stays_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orgaudit.workdb._MUCH", 1_000_000)
    held = "select sum(memory_usage_bytes) from duckdb_memory() where tag = 'IN_MEMORY_TABLE'"
    with WorkDb() as db:
        db.load("create table t as select 'a text that stands there often' as a, i % 7 as b from range(300000) r(i)")
        told, before = db.load("select a, b, count(*) from t group by all order by b"), db.load(held)[0][0]
        db.compact()
        assert db.load(held)[0][0] < before / 5
        assert db.load("select a, b, count(*) from t group by all order by b") == told


def test_little_is_left_as_it_is() -> None:
    held = "select sum(memory_usage_bytes) from duckdb_memory() where tag = 'IN_MEMORY_TABLE'"
    with WorkDb() as db:
        db.load("create table t as select i from range(300000) r(i)")
        before = db.load(held)
        db.compact()
        assert db.load(held) == before
