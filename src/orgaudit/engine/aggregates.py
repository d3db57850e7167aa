"""From the records that belong, or may belong, to the interval of a measure: what is wanted of each, and how it folds.

A measure folds into columns that are 0 or NULL where there is nothing; `interval_of` reads them, also for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from orgaudit import sql as q
from orgaudit.expressions import UNBOUNDED, FieldRef, Interval, Meanings, Node, Row, Value, to_truth, to_value
from orgaudit.recordmodel import RecordModel
from orgaudit.standards import Count, Distinct, Grouped, Measure, Share, Total

#: reads one folded column: of a check, or of nothing
Column = Callable[[str], q.Sql]


@dataclass(frozen=True)
class Fold:
    """How records become one row: what is wanted of each, the columns they fold into, those that count (0 for nothing)."""

    wanted: Callable[[Meanings, Row], Mapping[str, q.Sql]]
    columns: Mapping[str, q.Sql]
    interval: Callable[[Column, q.Sql], Interval]
    counts: frozenset[str] = frozenset()

    def of(self, alias: str, complete: q.Sql) -> Interval:
        """The interval of a check that the folded rows were joined to as `alias`."""

        def column(name: str) -> q.Sql:
            found = q.col(alias, name)
            return q.call("coalesce", found, q.lit(0)) if name in self.counts else found

        return self.interval(column, complete)

    def of_nothing(self, complete: q.Sql) -> Interval:
        """The interval where no record is."""
        return self.interval(lambda name: q.lit(0) if name in self.counts else q.NULL, complete)


def fold_of(model: RecordModel, measure: Measure) -> Fold:
    """How a measure of records folds."""
    match measure:
        case Count():
            return _COUNT
        case Distinct(value=value):
            return _distinct(model, value)
        case Total(kind="sum", value=value):
            return _sum(model, value)
        case Total(kind=kind, value=value):
            return _extreme(model, value, kind)
        case Share(where=where):
            return _share(where)
    raise AssertionError(measure)  # what is no measure of records is asked elsewhere


def is_grouped(measure: Measure) -> bool:
    """Whether it folds records into one number."""
    return isinstance(measure, Grouped) and isinstance(measure, (Count, Distinct, Total, Share))


def _c(name: str) -> q.Sql:
    return q.col("c", name)


def _max(tree: q.Sql) -> q.Sql:
    return q.call("max", tree)


def _many(tree: q.Sql) -> q.Sql:
    """A number of records, at most without end."""
    return q.call("least", q.summed(tree), q.lit(UNBOUNDED))


_SURE = q.op(_c("sure"), "=", q.lit(1))
_LOST = _max(q.as_int(q.op(_c("many"), ">", q.lit(1))))


def _is_whole(column: Column, complete: q.Sql) -> q.Sql:
    """Nothing can be missing, and no record is behind an unknown reference."""
    return q.and_([complete, q.op(column("lost"), "=", q.lit(0))])


_COUNT = Fold(
    lambda _, __: {},
    {"least": q.summed(_c("sure")), "most": _many(_c("many"))},
    lambda column, complete: Interval(column("least"), q.case([(complete, column("most"))], q.lit(UNBOUNDED))),
    frozenset({"least", "most"}),
)


# -- values of records


def _may_be_none(model: RecordModel, node: Node) -> bool:
    """Whether an unknown value may be none: not that of a plain field that is never none."""
    if not isinstance(node, FieldRef) or node.hops or node.row:
        return True
    return model.tables[node.table].by_name[node.name].blank == "none"


def _valued(model: RecordModel, node: Node) -> Callable[[Meanings, Row], dict[str, q.Sql]]:
    """The value, whether it is unknown, whether there certainly is one, and whether there certainly is none."""

    def wanted(meanings: Meanings, _: Row) -> dict[str, q.Sql]:
        value = to_value(node, meanings)
        unknown = q.and_([q.is_null(value.sql), q.not_(value.none)])
        left_out = q.or_([value.none, value.blank])
        there = q.and_([q.not_(left_out), *([q.not_(unknown)] if _may_be_none(model, node) else [])])
        return {
            "value": value.sql,
            "unknown": q.as_int(unknown),
            "there": q.as_int(there),
            "none": q.as_int(left_out),
        }

    return wanted


_THERE = q.and_([_SURE, q.op(_c("there"), "=", q.lit(1))])
_IS_UNKNOWN = q.op(_c("unknown"), "=", q.lit(1))
_NOT_NONE = q.op(_c("none"), "=", q.lit(0))


def _where(condition: q.Sql, value: q.Sql) -> q.Sql:
    """The value where a condition holds, else NULL, which aggregates pass over."""
    return q.case([(condition, value)], q.NULL)


def _distinct(model: RecordModel, node: Node) -> Fold:
    def interval(column: Column, complete: q.Sql) -> Interval:
        least = q.call("greatest", column("known"), column("blank"))
        most = q.call("least", q.op(column("all"), "+", column("blanks")), q.lit(UNBOUNDED))
        return Interval(least, q.case([(complete, most)], q.lit(UNBOUNDED)))

    value = _where(_NOT_NONE, _c("value"))
    columns = {
        "known": q.count_distinct(_where(_SURE, value)),
        "blank": _max(q.as_int(q.and_([_THERE, _IS_UNKNOWN]))),
        "all": q.count_distinct(value),
        "blanks": _many(q.case([(_IS_UNKNOWN, _c("many"))], q.lit(0))),
    }
    return Fold(_valued(model, node), columns, interval, frozenset(columns))


def _sum(model: RecordModel, node: Node) -> Fold:
    lowest, highest = _limits(model, node)
    never_negative = lowest is not None and lowest >= 0

    def wanted(meanings: Meanings, _: Row) -> dict[str, q.Sql]:
        value = to_value(node, meanings)
        nothing = q.or_([value.none, value.blank])
        return {"low": _end(value, nothing, lowest), "high": _end(value, nothing, highest)}

    def interval(column: Column, complete: q.Sql) -> Interval:
        whole = _is_whole(column, complete)
        low = q.and_([q.op(column("no_low"), "=", q.lit(0)), *([] if never_negative else [whole])])
        high = q.and_([q.op(column("no_high"), "=", q.lit(0)), whole])
        return Interval(q.case([(low, column("low"))], q.NULL), q.case([(high, column("high"))], q.NULL))

    low = q.case([(_SURE, _c("low"))], _lesser(_c("low"), "least"))
    high = q.case([(_SURE, _c("high"))], _lesser(_c("high"), "greatest"))
    columns = {
        "low": q.call("sum", low),
        "high": q.call("sum", high),
        "no_low": _max(q.as_int(q.is_null(low))),
        "no_high": _max(q.as_int(q.is_null(high))),
        "lost": _LOST,
    }
    return Fold(wanted, columns, interval, frozenset(columns))


def _limits(model: RecordModel, node: Node) -> tuple[float | None, float | None]:
    """Between what an unknown amount lies, where a plain field says so."""
    if not isinstance(node, FieldRef) or node.hops or node.row:
        return None, None
    constraints = model.tables[node.table].by_name[node.name].constraints
    lowest, highest = (None if v is None else float(v) for v in (constraints.minimum, constraints.maximum))
    return lowest, highest


def _end(value: Value, nothing: q.Sql, limit: float | None) -> q.Sql:
    whole = int(limit) if limit is not None and limit == int(limit) else limit
    unknown = q.NULL if whole is None else q.lit(whole)
    return q.case([(nothing, q.lit(0)), (q.is_null(value.sql), unknown)], value.sql)


def _lesser(value: q.Sql, of: str) -> q.Sql:
    """The lesser (greater) of a value and 0; NULL stays NULL."""
    return q.case([(q.is_null(value), q.NULL)], q.call(of, value, q.lit(0)))


def _extreme(model: RecordModel, node: Node, kind: str) -> Fold:
    """`max`: at least the greatest known one of those that certainly are there, at most the greatest of all; `min` mirrored."""

    def interval(column: Column, complete: q.Sql) -> Interval:
        whole = _is_whole(column, complete)
        closed = q.and_([whole, q.op(column("unknown"), "=", q.lit(0))])
        sure = q.op(column("sure"), "=", q.lit(1))
        inner = q.case([(sure, column("certain")), (closed, column("nearest"))], q.NULL)
        outer = q.case([(closed, column("farthest"))], q.NULL)
        none = q.and_([whole, q.op(column("any"), "=", q.lit(0))])
        ends = (inner, outer) if kind == "max" else (outer, inner)
        return Interval(*ends, none=none, maybe_none=q.not_(sure))

    other = "min" if kind == "max" else "max"
    value = _where(_NOT_NONE, _c("value"))
    columns = {
        "certain": q.call(kind, _where(_THERE, value)),
        "nearest": q.call(other, value),
        "farthest": q.call(kind, value),
        "sure": _max(q.as_int(_THERE)),
        "any": _max(q.as_int(_NOT_NONE)),
        "unknown": _max(q.as_int(_IS_UNKNOWN)),
        "lost": _LOST,
    }
    return Fold(_valued(model, node), columns, interval, frozenset({"sure", "any", "unknown", "lost"}))


# -- shares

_CLASSES = {"tt": (1, 1), "tu": (1, 0), "tf": (1, -1), "ut": (0, 1), "uu": (0, 0), "uf": (0, -1)}


def _share(where: Node) -> Fold:
    def wanted(meanings: Meanings, _: Row) -> dict[str, q.Sql]:
        truth = to_truth(where, meanings)
        return {"kept": q.case([(q.is_null(truth), q.lit(0)), (truth, q.lit(1))], q.lit(-1))}

    columns = {name: _many(q.as_int(_class(*marks))) for name, marks in _CLASSES.items()} | {"lost": _LOST}
    return Fold(wanted, columns, _share_interval, frozenset(columns))


def _class(sure: int, kept: int) -> q.Sql:
    return q.and_([q.op(_c("sure"), "=", q.lit(sure)), q.op(_c("kept"), "=", q.lit(kept))])


def _share_interval(column: Column, complete: q.Sql) -> Interval:
    """Exact: the least share takes in every doubtful record that lowers it, the most every one that raises it."""
    whole = _is_whole(column, complete)
    least, under_least = _plus(column, "tt"), _plus(column, "tt", "tu", "tf", "uu", "uf")
    most, under_most = _plus(column, "tt", "tu", "ut", "uu"), _plus(column, "tt", "tu", "ut", "uu", "tf")
    no_least, no_most = q.op(under_least, "=", q.lit(0)), q.op(under_most, "=", q.lit(0))
    certainly = q.op(_plus(column, "tt", "tu", "tf"), ">", q.lit(0))
    anything = q.op(_plus(column, *_CLASSES), ">", q.lit(0))
    return Interval(
        q.case([(q.not_(whole), q.lit(0)), (no_least, q.lit(1))], least),
        q.case([(q.not_(whole), q.lit(1)), (no_most, q.lit(0))], most),
        q.case([(q.not_(whole), q.lit(1)), (no_least, q.lit(1))], under_least),
        q.case([(q.not_(whole), q.lit(1)), (no_most, q.lit(1))], under_most),
        none=q.and_([whole, q.not_(anything)]),
        maybe_none=q.not_(certainly),
    )


def _plus(column: Column, *names: str) -> q.Sql:
    result = column(names[0])
    for name in names[1:]:
        result = q.op(result, "+", column(name))
    return result
