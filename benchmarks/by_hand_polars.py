"""The four rules in polars, as an engineer would write them for these files alone.

python benchmarks/by_hand_polars.py RECORDS FINDINGS.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import polars as pl

LEVELS = ((6, "removal"), (4, "discipline"), (2, "criticism"))


def unmet(rule: str, bound: pl.LazyFrame, held: pl.LazyFrame, periods: int) -> pl.LazyFrame:
    """The periods in which those who are bound did not meet."""
    period = ((pl.col("held_on").dt.month() - 1) // (12 // periods) + 1).cast(pl.Int64).alias("period")
    met = held.select(pl.col("org_id").alias("subject"), period).unique()
    asked = bound.select(pl.col("id").alias("subject")).join(
        pl.LazyFrame({"period": range(1, periods + 1)}), how="cross"
    )
    named = pl.lit(rule).alias("rule"), pl.lit("").alias("level")
    return asked.join(met, on=["subject", "period"], how="anti").select(named[0], "subject", "period", named[1])


def ladder(scan: dict[str, pl.LazyFrame], meetings: pl.LazyFrame) -> pl.LazyFrame:
    """Runs of months without presence; a month with an approved leave ends a run."""
    months = pl.LazyFrame({"month": range(1, 13)})
    month = pl.col("held_on").dt.month().cast(pl.Int64).alias("month")
    present = scan["attendance"].filter(pl.col("status") == "present")
    seen = present.join(meetings, left_on="meeting_id", right_on="id").select("member_id", month).unique()
    day = pl.date(2024, pl.col("month"), 1)
    dates = [pl.col(c).str.to_date() for c in ("from_on", "to_on")]
    leaves = scan["leaves"].filter(pl.col("approved_on").is_not_null()).with_columns(dates).join(months, how="cross")
    away = leaves.filter((pl.col("from_on") <= day.dt.month_end()) & (pl.col("to_on") >= day)).select(
        "member_id", "month"
    )
    ended = pl.concat([seen, away.cast({"month": pl.Int64})]).unique()
    members = scan["members"].filter(pl.col("status") == "full").select(pl.col("id").alias("member_id"))
    missed = (
        members.join(months, how="cross").join(ended, on=["member_id", "month"], how="anti").sort("member_id", "month")
    )
    island = (pl.col("month") - pl.int_range(pl.len()).over("member_id")).alias("island")
    runs = (
        missed.with_columns(island)
        .group_by("member_id", "island")
        .agg(pl.col("month").min().alias("period"), pl.len().alias("length"))
    )
    level = (
        pl.when(pl.col("length") >= 6).then(pl.lit("removal")).when(pl.col("length") >= 4).then(pl.lit("discipline"))
    )
    level = level.otherwise(pl.lit("criticism")).alias("level")
    return runs.filter(pl.col("length") >= 2).select(
        pl.lit("ABSENCE").alias("rule"), pl.col("member_id").alias("subject"), "period", level
    )


def main(folder: str, findings: str) -> None:
    """Reads the records and writes what breaks the four rules."""
    tables = ("organizations", "members", "meetings", "attendance", "leaves")
    scan = {t: pl.scan_csv(Path(folder) / f"{t}.csv", infer_schema=False) for t in tables}
    meetings = scan["meetings"].with_columns(pl.col("held_on").str.to_date())
    branches = scan["organizations"].filter(pl.col("kind") == "branch")
    groups = scan["organizations"].filter(pl.col("kind") == "group")
    of = {kind: meetings.filter(pl.col("kind") == kind) for kind in ("general", "committee", "group")}
    found = pl.concat(
        [
            unmet("GENERAL", branches, of["general"], 4),
            unmet("COMMITTEE", branches.filter(pl.col("has_committee") == "true"), of["committee"], 12),
            unmet("GROUP", groups, of["group"], 12),
            ladder(scan, meetings),
        ]
    )
    rows = found.sort("rule", "subject", "period").collect().to_dicts()
    Path(findings).write_text(json.dumps(rows, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
