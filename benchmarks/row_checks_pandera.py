"""Row checks of the attendance with pandera: required, in set, unique, foreign keys.

python benchmarks/row_checks_pandera.py RECORDS
"""

from __future__ import annotations

import sys

import pandas as pd
import pandera.pandas as pa


def main(folder: str) -> None:
    """Checks the records; prints the number of errors."""
    keys = {t: set(pd.read_csv(f"{folder}/{t}.csv", dtype=str).id) for t in ("meetings", "members")}
    schema = pa.DataFrameSchema(
        {
            "meeting_id": pa.Column(str, pa.Check.isin(keys["meetings"])),
            "member_id": pa.Column(str, pa.Check.isin(keys["members"])),
            "status": pa.Column(str, pa.Check.isin(["present", "excused", "absent"])),
        },
        unique=["meeting_id", "member_id"],
    )
    attendance = pd.read_csv(f"{folder}/attendance.csv", dtype=str)
    try:
        schema.validate(attendance, lazy=True)
        print(0)
    except pa.errors.SchemaErrors as e:
        print(len(e.failure_cases))


if __name__ == "__main__":
    main(*sys.argv[1:])
