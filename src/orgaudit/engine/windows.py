"""When: the window of a rule as SQL, from its anchor or its period."""

from __future__ import annotations

from dataclasses import dataclass

from orgaudit import sql as q
from orgaudit.engine.context import Context
from orgaudit.expressions import Meanings, to_value
from orgaudit.periods import SINCE_EVER
from orgaudit.standards import Window


@dataclass(frozen=True)
class Span:
    """First and last day of a window, the anchor on which its subject must be alive, and where there certainly is none."""

    first: q.Sql
    last: q.Sql
    anchor: q.Sql
    none: q.Sql


def window_span(context: Context, window: Window, meanings: Meanings) -> Span:
    """The window of `within`: from the day after its anchor, or from a day to a day."""
    anchor = to_value(window.anchor, meanings)
    if window.after is not None:
        assert window.duration is not None  # what follows a day has a length
        first = q.call("oa_add_days", anchor.sql, q.lit(1))
        last = context.moved(anchor.sql, window.duration, anchor.sql)
        if anchor.blank is not q.FALSE:  # an end that is open stays open when it is moved
            first, last = (q.case([(anchor.blank, anchor.sql)], day) for day in (first, last))
        return Span(first, last, anchor.sql, anchor.none)
    first = to_value(window.first, meanings).sql if window.first else q.lit(SINCE_EVER)
    last = to_value(window.last, meanings).sql if window.last else q.lit(context.facts.as_of)
    return Span(first, last, anchor.sql, anchor.none)
