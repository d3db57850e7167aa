"""Rows of a large part that are no records: totals, signatures, samples, the headings once more. Nearly always there are none."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from orgaudit.records.cells import column, quoted
from orgaudit.records.known_columns import KnownColumn
from orgaudit.records.shape import SIGNS
from orgaudit.workdb import WorkDb

_FIRSTS = frozenset({c for sign in SIGNS for c in (sign[0], sign[0].upper())} | {" ", "\u3000"})
_LOOKED_AT = 3  #: columns from the left in which signs stand
_FEW = 1000  #: different rows that are quicker found than all are looked at


def has_signs(db: WorkDb, raw: str, headings: Mapping[str, str], known: Mapping[str, KnownColumn]) -> bool:
    """Whether a row looks like a total, a signature, a sample or the headings (column → heading) once more.

    What is `known` of a column tells of most that no cell can begin as a sign does.
    """
    cells = list(headings)[:_LOOKED_AT]
    asked = [c for c in cells if c not in known or any(map(known[c].may_begin, _FIRSTS))]
    codes = {c: f"a{i}" for i, c in enumerate(cells)}
    signs = [_may_be_sign(c, codes[c]) for c in asked]
    again = {c: headings[c] for c in cells[:2]}
    if len(again) > 1 and all(c not in known or known[c].may_begin(h) for c, h in again.items()):
        signs.append(" and ".join(f"{c} = {quoted(h)}" for c, h in again.items()))
        asked = [*dict.fromkeys([*asked, *again])]
    if not signs:
        return False
    is_few = all(c in known for c in asked) and prod(known[c].different for c in asked) < _FEW
    rows = f"select {'distinct ' if is_few else ''}{', '.join(asked)} from {column(raw)} r"
    coded = f"select *, {', '.join(f'ascii({c}) as {codes[c]}' for c in asked)} from ({rows}) r"
    return bool(db.load(f"select 1 from ({coded}) r where {' or '.join(signs)} limit 1"))


def _may_be_sign(cell: str, code: str) -> str:
    """SQL: a cell begins as a total, a signature or a sample does; by its first character (`code`) nearly every cell is none."""
    plain = f"lower(translate({cell}, ' \u3000', ''))"
    signs = ", ".join(map(quoted, SIGNS))
    starts = ", ".join(sorted({quoted(sign[:3]) for sign in SIGNS if not sign.isascii()}))
    is_sign = f"list_position([{signs}], {plain}) > 0 or list_position([{starts}], left({plain}, 3)) > 0"
    firsts = sorted(map(ord, _FIRSTS))
    wide = f"list_position([{', '.join(str(n) for n in firsts if n > 255)}], {code}) > 0"
    narrow = " or ".join(f"{code} = {n}" for n in firsts if n <= 255)
    return f"case when {code} > 255 and {wide} or {narrow} then {is_sign} else false end"
