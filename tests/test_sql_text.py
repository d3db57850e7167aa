"""The text of a statement is, character by character, what sqlglot writes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import reduce
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orgaudit import sql as q
from orgaudit import workdb
from orgaudit.cli.app import app

EXAMPLES = Path(__file__).parent.parent / "examples"
A, B = q.col("t", "a"), q.col("t", 'b"c')
KEPT = q.op(A, ">=", q.lit(date(2024, 3, 5)))
QUERY = q.select({"a": A}, q.table("t", "t"))
TREES = {
    "texts": q.op(A, "=", q.lit("it's")),
    "numbers": q.isin(A, [q.lit(1), q.lit(-2), q.lit(Decimal("1.50")), q.lit(-0.5)]),
    "constants": q.select({"n": q.lit(None), "t": q.TRUE, "f": q.FALSE, "u": q.UNKNOWN}, q.table("t", "t")),
    "connected": q.or_([q.and_([KEPT, q.not_(q.is_null(B))]), q.not_(q.or_([KEPT, q.is_true(KEPT)]))]),
    "reckoned": q.op(q.op(A, "+", B), "*", q.op(q.op(A, "-", B), "&", q.op(A, "|", q.op(A, "<<", B)))),
    "negative": q.op(A, "-", q.lit(-3)),
    "ways": q.case([(KEPT, q.lit("x")), (q.is_not_false(KEPT), q.cast(A, "decimal(18,4)"))], q.cast(q.NULL, "text")),
    "counted": q.select(
        {"n": q.call("count", q.star()), "m": q.count_distinct(A), "s": q.summed(B)}, q.table("t", "t"), group=[A, B]
    ),
    "in order": q.select(
        {"n": q.window(q.call("sum", A), [B], [A]), "r": q.row_number([A])}, q.table("t", "t"), order=[A, B]
    ),
    "each once": q.select({"a": A}, q.table("t", "t"), where=q.exists(QUERY), distinct=True),
    "joined": q.select(
        {"*": q.star("t")},
        q.derived(QUERY, "t"),
        [q.join(q.table("u", "u"), KEPT, left=True), q.join(q.table("v", "v"), None)],
    ),
    "all": q.union_all([QUERY, QUERY, QUERY]),
    "made": q.create_table("x y", QUERY),
    "seen": q.create_view("x y", QUERY),
    "put in": q.insert("x y", ["a", 'b"c'], q.with_all_of("t", q.select({"d": B}, q.table("t", "t")))),
    "floored": q.floored(A, 7),
    "long": q.and_([q.op(A, "<", q.lit(i)) for i in range(900)]),
    "deep": reduce(lambda left, i: q.op(left, "-", q.op(A, "-", q.lit(i))), range(40), B),
}


@pytest.mark.parametrize("what", TREES)
def test_every_word_is_written_as_sqlglot_writes_it(what: str) -> None:
    assert q.text(TREES[what]) == TREES[what].sql(dialect="duckdb")


@pytest.mark.parametrize("example", ["linjiang-street", "housing-cooperative", "yunjian-water"])
def test_every_statement_of_an_audit_is(example: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[tuple[str, str]] = []

    def both(tree: q.Sql, dialect: str = "duckdb", *, pretty: bool = False) -> str:
        written.append((q.text(tree), tree.sql(dialect="duckdb")))
        return written[-1][0]

    monkeypatch.setattr(workdb, "text", both)
    CliRunner().invoke(app, ["check", str(EXAMPLES / example / "records"), "-f", "json"])
    assert len(written) > 100
    assert [ours for ours, theirs in written if ours != theirs] == []
