"""Row checks of the attendance with Soda Core on DuckDB: required, in set, unique, foreign keys; its telemetry is off.

python benchmarks/row_checks_soda.py RECORDS
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import duckdb
from soda.common.config_helper import ConfigHelper

_CHECKS = """
checks for attendance:
  - missing_count(meeting_id) = 0
  - missing_count(member_id) = 0
  - missing_count(status) = 0
  - invalid_count(status) = 0:
      valid values: [present, excused, absent]
  - duplicate_count(meeting_id, member_id) = 0
  - values in (meeting_id) must exist in meetings (id)
  - values in (member_id) must exist in members (id)
"""


def main(folder: str) -> None:
    """Checks the records; prints the number of errors."""
    con = duckdb.connect()
    for table in ("meetings", "members", "attendance"):
        con.execute(f"create table {table} as from read_csv('{folder}/{table}.csv', all_varchar = true)")
    with tempfile.TemporaryDirectory() as settings:
        quiet = Path(settings) / "config.yml"
        quiet.write_text("send_anonymous_usage_stats: false\nuser_cookie_id: none\n")
        ConfigHelper.get_instance(str(quiet))  # asked once, when the scan is imported
        from soda.scan import Scan
        from soda.telemetry.soda_telemetry import SodaTelemetry
    assert not SodaTelemetry.soda_config.send_anonymous_usage_stats
    scan = Scan()
    scan.add_duckdb_connection(con)
    scan.set_data_source_name("duckdb")
    scan.add_sodacl_yaml_str(_CHECKS)
    scan.execute()
    if scan.has_error_logs():
        raise SystemExit(scan.get_error_logs_text())
    print(sum(int(check["diagnostics"]["value"]) for check in scan.get_scan_results()["checks"]))


if __name__ == "__main__":
    main(*sys.argv[1:])
