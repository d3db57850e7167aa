"""A gap names the exemption that excused it, or put another bound in the place of the rule's."""

from __future__ import annotations

import pytest
from support import CHOIR, MODEL, REHEARSALS, a_rule, check

CLOSURES = """
  closures:
    singular: closure
    primaryKey: [id]
    owner: choir
    foreignKeys:
      - {fields: [choir_id], reference: {resource: choirs}, name: choir}
    fields:
      - {name: id, type: string}
      - {name: choir_id, type: string}
      - {name: from_on, type: date, role: valid_from}
      - {name: until_on, type: date, role: valid_to}
"""
LONG = ("2024-02-05", "2024-07-05")  # 151 days between them
SHORT = ("2024-07-05", "2024-08-05", "2024-10-20")  # 31 and 76


@pytest.mark.parametrize(
    ("days", "closed", "effect", "expected"),
    [
        (LONG, "2024-02-05,2024-07-05", "excuse", ("not_applicable", "cl")),
        (LONG, "2024-02-05,2024-07-05", "{at_most: 300 days}", ("pass", "cl")),
        (LONG, "2024-02-05,2024-07-05", "{at_most: 100 days}", ("fail", "cl")),
        (LONG, "2024-05-05,2024-07-05", "excuse", ("fail", None)),
        # the one that is told decides: the longest that fails, else the longest
        ((*LONG[:1], *SHORT), "2024-02-05,2024-07-05", "excuse", ("fail", None)),
        ((*LONG[:1], *SHORT[:2]), "2024-02-05,2024-07-05", "excuse", ("pass", "cl")),
        ((*LONG[:1], *SHORT), "2024-08-05,2024-10-20", "{at_most: 70 days}", ("fail", None)),
        (SHORT, "2024-07-05,2024-08-05", "excuse", ("fail", None)),
    ],
)
def test_the_exemption_that_decided(
    days: tuple[str, ...], closed: str, effect: str, expected: tuple[str, str | None]
) -> None:
    rule = (
        "for: choirs\ngap: rehearsals\nends: open\nat_most: 60 days\n"
        f"unless: [{{id: cl, during_all: closures, effect: {effect}}}]"
    )
    held = "".join(f"E{i},C1,{day}\n" for i, day in enumerate(days))
    files = {"choirs.csv": CHOIR + "C1,Larks,,\n", "rehearsals.csv": REHEARSALS + held}
    closures = f"id,choir_id,from_on,until_on\nX,C1,{closed}\n"
    (found,) = check(a_rule(rule), files | {"closures.csv": closures}, model=MODEL + CLOSURES).checks
    assert (found.verdict, found.excuse) == expected


def test_what_is_only_listed_is_left_out_where_all_of_it_is_excused() -> None:
    rule = a_rule("for: choirs\ngap: rehearsals\nends: open\nunless: [{id: cl, during_all: closures}]")
    held = REHEARSALS + "E1,C1,2024-02-05\nE2,C1,2024-07-05\n"
    files = {"choirs.csv": CHOIR + "C1,Larks,,\n", "rehearsals.csv": held}
    for closed, listed in (("2024-02-05,2024-07-05", 0), ("2024-03-05,2024-07-05", 1)):
        closures = {"closures.csv": f"id,choir_id,from_on,until_on\nX,C1,{closed}\n"}
        found = check(rule, files | closures, model=MODEL + CLOSURES).audit
        assert len(list(found.figures())) == listed
