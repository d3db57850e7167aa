"""The four rules in pandas, as an analyst would write them for these files alone.

python benchmarks/by_hand_pandas.py RECORDS FINDINGS.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd

LEVELS = ((6, "removal"), (4, "discipline"), (2, "criticism"))


def unmet(rule: str, bound: pd.Series, held: pd.DataFrame, periods: int) -> list[dict]:
    """The periods in which those who are bound did not meet."""
    months = held.held_on.dt.month
    met = set(zip(held.org_id, (months - 1) // (12 // periods) + 1, strict=True))
    return [
        {"rule": rule, "subject": s, "period": p, "level": ""}
        for s in bound
        for p in range(1, periods + 1)
        if (s, p) not in met
    ]


def ladder(records: Path, members: pd.DataFrame, meetings: pd.DataFrame) -> list[dict]:
    """Runs of months without presence; a month with an approved leave ends a run."""
    attendance = pd.read_csv(records / "attendance.csv", dtype=str)
    present = attendance[attendance.status == "present"].merge(
        meetings[["id", "held_on"]], left_on="meeting_id", right_on="id"
    )
    months = present.assign(bit=2 ** present.held_on.dt.month.astype("int64"))[["member_id", "bit"]].drop_duplicates()
    seen = members.id.map(months.groupby("member_id").bit.sum()).fillna(0).astype("int64")
    leaves = pd.read_csv(records / "leaves.csv", dtype=str, parse_dates=["from_on", "to_on"])
    away: dict[str, int] = {}
    for leave in leaves[leaves.approved_on.notna()].itertuples():
        first, last = pd.Period(leave.from_on, "M"), min(pd.Period(leave.to_on, "M"), pd.Period("2024-12"))
        for month in pd.period_range(first, last, freq="M"):
            away[leave.member_id] = away.get(leave.member_id, 0) | 1 << month.month
    found = []
    for member, mask, status in zip(members.id, seen, members.status, strict=True):
        ended = mask | away.get(member, 0)
        found += runs(member, ended) if status == "full" else []
    return found


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
    records = Path(folder)
    organizations = pd.read_csv(records / "organizations.csv", dtype=str)
    members = pd.read_csv(records / "members.csv", dtype=str)
    meetings = pd.read_csv(records / "meetings.csv", dtype=str, parse_dates=["held_on"])
    by_kind = {kind: meetings[meetings.kind == kind] for kind in ("general", "committee", "group")}
    branches = organizations[organizations.kind == "branch"]
    found = unmet("GENERAL", branches.id, by_kind["general"], 4)
    found += unmet("COMMITTEE", branches.id[branches.has_committee == "true"], by_kind["committee"], 12)
    found += unmet("GROUP", organizations.id[organizations.kind == "group"], by_kind["group"], 12)
    found += ladder(records, members, meetings)
    found.sort(key=lambda f: (f["rule"], f["subject"], f["period"]))
    Path(findings).write_text(json.dumps(found, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
