"""Where a sign of a text stands in the YAML that it is written in: texts over several lines are folded when they are read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

Spot = tuple[int, int]  # line and column, from 1


def written_at(source: str, start: Spot, text: str, column: int) -> Spot:
    """Where the sign at a column (from 1) of a text stands, which is written in a source from a place on.

    What is no white space stands in both, in the same order; of texts in one line the column is counted as it is.
    """
    lines = source.splitlines()
    first = lines[start[0] - 1][start[1] - 1 :]
    quoted = first[:1] in ("'", '"')
    if text in first:
        return start[0], start[1] + column - 1 + quoted
    before = sum(not letter.isspace() for letter in text[: column - 1])
    begins = (start[0] + 1, 1) if first[:1] in ("|", ">") else (start[0], start[1] + quoted)
    return next(islice(_letters(lines, begins, doubled=first[:1] == "'"), before, None), start)


def _letters(lines: list[str], begins: Spot, *, doubled: bool) -> Iterator[Spot]:
    """Where everything stands that is no white space, from a place on; `doubled` quotation marks are one."""
    for number, text in enumerate(lines[begins[0] - 1 :], begins[0]):
        for i in range(begins[1] - 1 if number == begins[0] else 0, len(text)):
            if not text[i].isspace() and not (doubled and text.startswith("''", i)):
                yield number, i + 1
