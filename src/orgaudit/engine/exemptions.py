"""Unless: for each named exemption whether it certainly, and whether it possibly, holds for a check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from orgaudit import sql as q
from orgaudit.engine.candidates import ALL_THROUGH, OVERLAPPING
from orgaudit.engine.measures import Place, asked, find
from orgaudit.periods import NO_END, SINCE_EVER
from orgaudit.standards import Bound, Count, Exemption, Season


@dataclass(frozen=True)
class Held:
    """(certainly, possibly): neither is ever NULL; with the bound that stands instead, if it is no excuse."""

    id: str
    surely: q.Sql
    maybe: q.Sql
    bound: Bound | None = None


def held(place: Place, exemptions: Sequence[Exemption]) -> list[Held]:
    """Each exemption of a whole check (or gap), asked of the checks that the place stands on."""
    found = []
    for i, exemption in enumerate(exemptions):
        bound = exemption.effect if isinstance(exemption.effect, Bound) else None
        found.append(Held(exemption.id, *holds(place, exemption, f"x{i}"), bound))
    return found


def holds(place: Place, exemption: Exemption, alias: str) -> tuple[q.Sql, q.Sql]:
    """(certainly, possibly) whether an exemption holds; neither is ever NULL."""
    if exemption.when is not None:
        return asked(place, exemption.when, alias)
    if isinstance(exemption.during, Season):
        truth = in_season(exemption.during, place.frame.first, place.frame.last, whole=exemption.whole)
        return q.is_true(truth), q.is_not_false(truth)
    placing = ALL_THROUGH if exemption.whole else OVERLAPPING
    on_a_day = replace(place, frame=replace(place.frame, event=None))
    states = find(on_a_day, Count(exemption.groups), alias, placing)
    one = q.lit(1)
    return q.op(states.least, ">=", one), q.op(states.most, ">=", one)


def in_season(season: Season, first: q.Sql, last: q.Sql, *, whole: bool) -> q.Sql:
    """Whether a season overlaps the days from first to last, or (`whole`) covers them; NULL where they are not known.

    Where the last comes before the first there is no day that could lie in a season.
    The season that decides is the last one that begins on or before a day: those before it have ended earlier.
    """
    day, until = (first, last) if whole else (last, first)
    year = q.call("year", day)
    begins = q.call("oa_date", year, *map(q.lit, season.first))
    year = q.case([(q.op(begins, "<=", day), year)], q.op(year, "-", q.lit(1)))
    ends_in = q.op(year, "+", q.lit(1)) if season.over_new_year else year
    ends = q.call("oa_date", ends_in, *map(q.lit, season.last))
    unknown = q.or_([q.is_null(first), q.is_null(last)])
    endless = q.or_([q.op(first, "=", q.lit(SINCE_EVER)), q.op(last, ">=", q.lit(NO_END))])
    ways = [(unknown, q.UNKNOWN), (endless, q.lit(not whole)), (q.op(first, ">", last), q.FALSE)]
    return q.case(ways, q.op(ends, ">=", until))


def season_holds(season: Season, first: date, last: date, *, whole: bool) -> bool:
    """The same of days that are known."""
    day, until = (first, last) if whole else (last, first)
    year = day.year if date(day.year, *season.first) <= day else day.year - 1
    return date(year + season.over_new_year, *season.last) >= until
