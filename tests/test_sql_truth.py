"""A part of a condition that is said never to be unknown never is, and the parts say together what the whole said."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orgaudit import sql as q
from orgaudit.sqltruth import is_known, parted
from orgaudit.workdb import WorkDb

FILLED = {"a", "yes"}
ROWS = [(1, True, 2, None), (2, False, None, True), (0, True, None, None), (3, False, 0, False)]
NUMBERS = {"a": "bigint", "yes": "boolean", "gap": "bigint", "maybe": "boolean"}

numbers = st.recursive(
    st.sampled_from(["a", "gap"]).map(lambda c: q.col("t", c)) | st.integers(-3, 3).map(q.lit),
    lambda inner: st.one_of(
        st.builds(lambda o, x, y: q.op(x, o, y), st.sampled_from(["+", "-", "*"]), inner, inner),
        st.builds(lambda x, y: q.call("coalesce", x, y), inner, inner),
        st.builds(lambda x: q.call("nullif", x, q.lit(1)), inner),
    ),
    max_leaves=4,
)
conditions = st.recursive(
    st.one_of(
        st.sampled_from(["yes", "maybe"]).map(lambda c: q.col("t", c)),
        st.builds(lambda o, x, y: q.op(x, o, y), st.sampled_from(["=", "<>", "<", "<=", ">", ">="]), numbers, numbers),
        st.builds(lambda x, items: q.isin(x, items), numbers, st.lists(numbers, min_size=1, max_size=2)),
        numbers.map(q.is_null),
        st.just(q.NULL).map(lambda _: q.cast(q.lit(None), "boolean")),
    ),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(q.and_),
        st.lists(inner, min_size=2, max_size=3).map(q.or_),
        inner.map(q.not_),
        inner.map(q.is_true),
        inner.map(q.is_not_false),
        st.builds(lambda c, x, y: q.case([(c, x)], y), inner, inner, inner),
    ),
    max_leaves=6,
)


def filled(alias: str, column: str) -> bool:
    return alias == "t" and column in FILLED


@pytest.fixture(scope="module")
def answers() -> Callable[[q.Sql], list[object]]:
    with WorkDb(little=True) as db:
        db.fill("rows", {"i": "bigint", **NUMBERS}, [(i, *row) for i, row in enumerate(ROWS)])
        yield lambda tree: [
            v for (v,) in db.rows(q.select({"v": tree.copy()}, q.table("rows", "t"), order=[q.col("t", "i")]))
        ]


@settings(max_examples=300, deadline=None)
@given(condition=conditions)
def test_what_is_known_is_never_null(answers: Callable[[q.Sql], list[object]], condition: q.Sql) -> None:
    if is_known(condition, filled):
        assert None not in answers(condition)


@settings(max_examples=200, deadline=None)
@given(condition=conditions)
def test_the_parts_say_what_the_whole_said(answers: Callable[[q.Sql], list[object]], condition: q.Sql) -> None:
    whole = answers(condition)
    known, others = parted(condition.copy(), filled)
    assert all(None not in answers(part) for part in known)
    said = [answers(part) for part in (*known, *others)]
    together = [False if False in row else None if None in row else True for row in zip(*said, strict=True)]
    assert together == whole


def test_comparisons_of_what_is_always_there_are_known() -> None:
    here, nowhere = q.col("t", "a"), q.col("s", "a")
    assert is_known(q.or_([q.op(here, ">", q.lit(1)), q.isin(here, [q.lit(2)])]), filled)
    assert not is_known(q.op(nowhere, ">", q.lit(1)), filled)
    assert not is_known(q.call("nullif", here, q.lit(1)), filled)
