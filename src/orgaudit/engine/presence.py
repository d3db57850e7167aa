"""Periods into which any record falls at all: masks straight from the records, where nobody asks how many there are."""

from __future__ import annotations

from collections.abc import Sequence

from orgaudit import sql as q
from orgaudit.engine.bounds import lawful
from orgaudit.engine.candidates import Candidates, candidates
from orgaudit.engine.measures import Place
from orgaudit.engine.settled import settled
from orgaudit.engine.slots import Slots
from orgaudit.expressions import Group
from orgaudit.standards import Bound

#: a number of records, held against a bound in this way, says only whether there is one
_ANY = {(">=", 1), (">", 0)}
_NONE = {("=", 0), ("<=", 0), ("<", 1)}


def asks_for_any(bound: Bound) -> bool | None:
    """Whether a bound of a number of records asks for one at least, or (False) for none at all; None: it asks how many."""
    if len(bound.values) != 1 or bound.values[0].number is None or bound.values[0].over != 1:
        return None
    asked = lawful(bound)[0], bound.values[0].number
    return True if asked in _ANY else False if asked in _NONE else None


def present(place: Place, slots: Slots, groups: Sequence[Group], placing: str) -> q.Select:
    """(k, surely, maybe): the periods into which a record falls, however many ways lead to it, and those into which one may."""
    found = [candidates(place.context, place.frame, group, slots, placing) for group in groups]
    rows = q.union_all([_rows(place, c) for c in found])
    k, bit, truth = (q.col("b", c) for c in ("k", "bit", "truth"))
    masks = {"surely": q.call("bit_or", q.case([(truth, bit)], q.lit(0))), "maybe": q.call("bit_or", bit)}
    return q.select({"k": k, **masks}, q.derived(rows, "b"), where=q.is_not_false(truth), group=[k])


def _rows(place: Place, found: Candidates) -> q.Select:
    known, truth = settled(found.truth, found.joins, found.frame)
    columns = {"k": q.col("k", "k"), "bit": q.col("p", "bit"), "truth": truth}
    return q.select(columns, place.checks.copy(), found.joins.trees, known)
