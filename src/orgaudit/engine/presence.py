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
from orgaudit.recordmodel import Hop
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
    if len(groups) == 1 and _begins_apart(groups[0], found[0]):
        return _by_reference(place, groups[0].hops[0], found[0])
    rows = q.union_all([_rows(c, q.col("k", "k"), place.checks.copy(), c.joins.trees) for c in found])
    return _masks(rows, "k")


def _rows(found: Candidates, by: q.Sql, source: q.Sql, joins: Sequence[q.Join]) -> q.Select:
    known, truth = settled(found.truth, found.joins, found.frame)
    return q.select({"k": by, "bit": q.col("p", "bit"), "truth": truth}, source, joins, known)


def _masks(rows: q.Sql, name: str) -> q.Select:
    by, bit, truth = (q.col("b", c) for c in ("k", "bit", "truth"))
    masks = {"surely": q.call("bit_or", q.case([(truth, bit)], q.lit(0))), "maybe": q.call("bit_or", bit)}
    return q.select({name: by, **masks}, q.derived(rows, "b"), where=q.is_not_false(truth), group=[by])


def _begins_apart(group: Group, found: Candidates) -> bool:
    """Whether a path begins with records that refer to the subject, and nothing else is asked of the subject or the check."""
    if group.root is not None or not group.hops or group.hops[0].forwards or group.hops[0].is_kin:
        return False
    _, first, *others = found.joins.trees
    said = [found.truth, *others]
    return not first.args.get("side") and not any(q.speaks_of(tree, alias) for tree in said for alias in ("k", "s"))


def _by_reference(place: Place, hop: Hop, found: Candidates) -> q.Select:
    """The masks of all records that refer to one subject, before checks are joined to them: far fewer than the records."""
    subject, first, *others = found.joins.trees
    reference = q.col(first.alias_or_name, place.context.facts.source(hop)[1])
    masks = q.derived(_masks(_rows(found, reference, first.this, others), "key"), "n")
    same = q.op(q.col("n", "key"), "=", q.col("s", place.context.model.target_column(hop.key)))
    columns = {"k": q.col("k", "k"), **{c: q.col("n", c) for c in ("surely", "maybe")}}
    return q.select(columns, place.checks.copy(), [subject, q.join(masks, same)])
