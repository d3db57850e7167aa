"""The four rules in plain Python, row by row.

python benchmarks/by_hand_python.py RECORDS FINDINGS.json
"""

from __future__ import annotations

import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

LEVELS = ((6, "removal"), (4, "discipline"), (2, "criticism"))


def rows(records: Path, table: str) -> Iterator[dict[str, str]]:
    """The rows of a table, one by one."""
    with (records / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def unmet(rule: str, bound: list[str], met: set[tuple[str, int]], periods: int) -> list[dict]:
    """The periods in which those who are bound did not meet."""
    return [
        {"rule": rule, "subject": s, "period": p, "level": ""}
        for s in bound
        for p in range(1, periods + 1)
        if (s, p) not in met
    ]


def ended_months(records: Path, month_of: dict[str, int]) -> dict[str, int]:
    """For each member the months, as bits, in which a run of absence ends: presence, or an approved leave."""
    ended: dict[str, int] = defaultdict(int)
    for row in rows(records, "attendance"):
        if row["status"] == "present":
            ended[row["member_id"]] |= 1 << month_of[row["meeting_id"]]
    for leave in rows(records, "leaves"):
        last = 12 if leave["to_on"] > "2024-12-31" else int(leave["to_on"][5:7])
        for month in range(int(leave["from_on"][5:7]), last + 1) if leave["approved_on"] else ():
            ended[leave["member_id"]] |= 1 << month
    return ended


def runs(member: str, ended: int) -> list[dict]:
    """The runs of months whose bits are not set, of two months and more."""
    found, first = [], 0
    for month in range(1, 14):
        if month < 13 and not ended >> month & 1:
            first = first or month
        elif first:
            level = next((name for least, name in LEVELS if month - first >= least), None)
            found += [{"rule": "ABSENCE", "subject": member, "period": first, "level": level}] if level else []
            first = 0
    return found


def main(folder: str, findings: str) -> None:
    """Reads the records and writes what breaks the four rules."""
    records, month_of, met = Path(folder), {}, defaultdict(set)
    for row in rows(records, "meetings"):
        month_of[row["id"]] = month = int(row["held_on"][5:7])
        met[row["kind"]].add((row["org_id"], (month - 1) // 3 + 1 if row["kind"] == "general" else month))
    organizations = list(rows(records, "organizations"))
    branches = [o["id"] for o in organizations if o["kind"] == "branch"]
    found = unmet("GENERAL", branches, met["general"], 4)
    with_committee = [o["id"] for o in organizations if o["kind"] == "branch" and o["has_committee"] == "true"]
    found += unmet("COMMITTEE", with_committee, met["committee"], 12)
    found += unmet("GROUP", [o["id"] for o in organizations if o["kind"] == "group"], met["group"], 12)
    ended = ended_months(records, month_of)
    for member in rows(records, "members"):
        found += runs(member["id"], ended.get(member["id"], 0)) if member["status"] == "full" else []
    found.sort(key=lambda f: (f["rule"], f["subject"], f["period"]))
    Path(findings).write_text(json.dumps(found, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
