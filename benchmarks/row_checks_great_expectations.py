"""Row checks of the attendance with Great Expectations on pandas: required, in set, unique, foreign keys.

python benchmarks/row_checks_great_expectations.py RECORDS
"""

from __future__ import annotations

import os
import sys

os.environ["GX_ANALYTICS_ENABLED"] = "false"

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd


def main(folder: str) -> None:
    """Checks the records; prints the number of errors."""
    keys = {t: pd.read_csv(f"{folder}/{t}.csv", dtype=str).id.tolist() for t in ("meetings", "members")}
    attendance = pd.read_csv(f"{folder}/attendance.csv", dtype=str)
    expected = [gxe.ExpectColumnValuesToNotBeNull(column=c) for c in ("meeting_id", "member_id", "status")]
    expected += [
        gxe.ExpectColumnValuesToBeInSet(column="status", value_set=["present", "excused", "absent"]),
        gxe.ExpectCompoundColumnsToBeUnique(column_list=["meeting_id", "member_id"]),
        gxe.ExpectColumnValuesToBeInSet(column="meeting_id", value_set=keys["meetings"]),
        gxe.ExpectColumnValuesToBeInSet(column="member_id", value_set=keys["members"]),
    ]
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    table = context.data_sources.add_pandas("records").add_dataframe_asset("attendance")
    batch = table.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": attendance})
    told = batch.validate(gx.ExpectationSuite(name="attendance", expectations=expected))
    print(sum(r.result["unexpected_count"] for r in told.results))


if __name__ == "__main__":
    main(*sys.argv[1:])
