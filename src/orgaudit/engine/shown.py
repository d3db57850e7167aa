"""What a measure found, as text that people read: `3`, `2/5`, `1200.00..1500.00`, `?` for an end that is not known."""

from __future__ import annotations

from orgaudit import sql as q
from orgaudit.expressions import Interval


def shown_of(found: Interval) -> q.Sql:
    """The text of an interval; NULL where there certainly is nothing."""
    low, high = _end(found.least, found.under_least), _end(found.most, found.under_most)
    both = q.call("concat", low, q.lit(".."), high)
    text = q.case([(q.op(low, "=", high), low)], both)
    return q.case([(found.none, q.cast(q.NULL, "text"))], text)


def _end(value: q.Sql, under: q.Sql | None) -> q.Sql:
    plain = q.cast(value, "text")
    text = plain if under is None else q.call("concat", plain, q.lit("/"), q.cast(under, "text"))
    unknown = q.is_null(value) if under is None else q.or_([q.is_null(value), q.is_null(under)])
    return q.case([(unknown, q.lit("?"))], text)
