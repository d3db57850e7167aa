"""Row checks of the attendance with Pointblank on polars: required, in set, unique, foreign keys.

python benchmarks/row_checks_pointblank.py RECORDS
"""

from __future__ import annotations

import sys

import pointblank as pb
import polars as pl


def main(folder: str) -> None:
    """Checks the records; prints the number of errors."""
    meetings, members = (
        pl.read_csv(f"{folder}/{t}.csv", infer_schema=False)["id"].to_list() for t in ("meetings", "members")
    )
    attendance = pl.read_csv(f"{folder}/attendance.csv", infer_schema=False)
    checked = (
        pb.Validate(data=attendance)
        .col_vals_not_null(columns=["meeting_id", "member_id", "status"])
        .col_vals_in_set(columns="status", set=["present", "excused", "absent"])
        .rows_distinct(columns_subset=["meeting_id", "member_id"])
        .col_vals_in_set(columns="meeting_id", set=meetings)
        .col_vals_in_set(columns="member_id", set=members)
        .interrogate()
    )
    print(sum(checked.n_failed().values()))


if __name__ == "__main__":
    main(*sys.argv[1:])
