"""Answers to questions: the last one stands, a later yes over an earlier no and the other way round."""

from __future__ import annotations

from orgaudit import sql as q
from orgaudit.engine.candidates import belonging, is_complete
from orgaudit.engine.measures import Place
from orgaudit.engine.openness import by_opening
from orgaudit.expressions import Meanings, Row, day_of
from orgaudit.periods import NO_END, SINCE_EVER
from orgaudit.standards import Attest

_YES, _NO = q.lit(1), q.lit(0)


def attested(place: Place, measure: Attest) -> q.Sql:
    """The verdict of the answers in the window: of none there is no verdict, nor of two that may be the last."""
    rows = belonging(place.context, place.frame, place.checks, measure.groups, lambda m, r: _answer(measure, m, r))
    columns = {"k": q.col("c", "k")} | {
        f"{name} {how}": q.call("max", q.case([(condition, day)], q.NULL))
        for name, answer in (("yes", _YES), ("no", _NO))
        for how, condition, day in _days(answer)
    }
    relation = q.select(columns, q.derived(rows, "c"), group=[q.col("c", "k")])
    place.joins.trees.append(q.join(q.derived(relation, "m"), q.op(q.col("m", "k"), "=", q.col("k", "k")), left=True))
    complete = is_complete(place.context, place.frame, measure.groups)
    yes, no = (q.and_([complete, _later(a, b)]) for a, b in (("yes", "no"), ("no", "yes")))
    passes = (yes, q.lit("pass"))
    opened = q.case([passes], q.lit("pending"))
    return by_opening(place.context, place.frame, opened, q.case([passes, (no, q.lit("fail"))], q.lit("unknown")))


def _answer(measure: Attest, meanings: Meanings, row: Row) -> dict[str, q.Sql]:
    answer, day = row.value(measure.answer), day_of(row)
    told = q.case([(answer.none, q.NULL)], q.as_int(answer.sql))
    unknown = q.or_([q.is_null(answer.sql), answer.none])
    return {
        "answer": q.case([(unknown, q.NULL)], told),
        "first": q.lit(SINCE_EVER) if day is None else q.call("coalesce", day, q.lit(SINCE_EVER)),
        "last": q.lit(NO_END) if day is None else q.call("coalesce", day, q.lit(NO_END)),
    }


def _days(answer: q.Sql) -> list[tuple[str, q.Sql, q.Sql]]:
    """The days of certain answers of this kind, and of those that may be."""
    given = q.op(q.col("c", "answer"), "=", answer)
    sure = q.and_([q.op(q.col("c", "sure"), "=", q.lit(1)), given])
    return [("certain", q.is_true(sure), q.col("c", "first")), ("possible", q.is_not_false(given), q.col("c", "last"))]


def _later(name: str, other: str) -> q.Sql:
    """Whether a certain answer is later than every possible other."""
    certain, possible = q.col("m", f"{name} certain"), q.col("m", f"{other} possible")
    later = q.or_([q.is_null(possible), q.op(certain, ">", possible)])
    return q.is_true(q.and_([q.not_(q.is_null(certain)), later]))
