"""Canonical records of any size for the benchmarks: branches with two groups and twenty members, a year of meetings.

    python benchmarks/generate.py OUT --branches 20000 [--format csv|gb18030|parquet|xlsx] [--holes 0.01] [--dirt 0.01] [--seed 1]

Every cell is a hash of the seed and of what it belongs to: the same arguments give the same records, on every machine.
`holes` is the share of attendance rows without a status, `dirt` that of rows written in another way (√, 2024/3/5, spaces).
A branch has 20 members and meets some 15 times with each of them: 20,000 branches are some 6 million rows of attendance.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import duckdb

GROUPS, MEMBERS, COMMITTEE = 2, 20, 3
_ATTENDANCE = "attendance"

_TABLES = """
create macro luck(a, b) as (hash($seed || ':' || a || ':' || b) % 10000) / 10000.0;
create table branch as select i, 'B' || lpad(i::varchar, 6, '0') as id from range(1, $branches + 1) r(i);
create table organizations as
  select id, '第' || i || '党支部' as name, 'branch' as kind, null as parent_id, 'true' as has_committee from branch
  union all
  select id || 'G' || g, '第' || i || '党支部第' || g || '小组', 'group', id, 'false' from branch, range(1, {groups} + 1) r(g)
  order by id;
create table members as
  select id || 'M' || lpad(m::varchar, 2, '0') as id, '党员' || i || '-' || m as name, id as org_id,
         id || 'G' || (1 + m % {groups}) as group_id, 'full' as status, date '2000-01-01' + ((i * 37 + m * 211) % 8000)::int as joined_on,
         m <= {committee} as is_committee
  from branch, range(1, {members} + 1) r(m) order by id;
create table meetings as
  select id || kind || lpad(month::varchar, 2, '0') as id, id as org_id, kind,
         make_date(2024, month, (1 + hash($seed || id || kind || month) % 28)::int) as held_on
  from (
    select id, 'general' as kind, 3 * n as month from branch, range(1, 5) r(n)
    union all select id, 'committee', n from branch, range(1, 13) r(n)
    union all select id, 'group', n from organizations, range(1, 13) r(n) where kind = 'group'
  ) where luck(id || kind, month) < 0.95 order by id;
create table listed as
  select t.id as meeting_id, m.id as member_id from meetings t join members m on m.group_id = t.org_id where t.kind = 'group'
  union all
  select t.id, m.id from meetings t join members m on m.org_id = t.org_id where t.kind = 'general'
  union all
  select t.id, m.id from meetings t join members m on m.org_id = t.org_id where t.kind = 'committee' and m.is_committee;
create table attendance as
  select meeting_id, member_id,
         case when luck(member_id, 'lazy') < 0.03 and luck(member_id, meeting_id) < 0.75 then 'absent'
              when luck(member_id, meeting_id) < 0.93 then 'present'
              when luck(member_id, meeting_id) < 0.97 then 'excused' else 'absent' end as status
  from listed order by meeting_id, member_id;
create table leaves as
  select 'L' || id as id, id as member_id, 'illness' as reason, date '2024-01-10' + (hash($seed || id) % 300)::int as from_on,
         from_on + 20 + (hash(id || $seed) % 60)::int as to_on,
         case when luck(id, 'approved') < 0.9 then from_on end as approved_on
  from members where luck(id, 'leave') < 0.05 order by id;
alter table members drop is_committee;
"""
_HOLES = "update attendance set status = null where luck(meeting_id, member_id || 'hole') < {holes}"
_DIRT = "update attendance set status = case status when 'present' then '√' else ' ' || status end where luck(meeting_id, member_id || 'dirt') < {dirt}"
_MANIFEST = """as_of: 2024-12-31
period: {from: 2024-01-01, to: 2024-12-31}
submitted_by: benchmark
"""


def generate(out: Path, branches: int, format: str, holes: float, dirt: float, seed: int) -> int:
    """Writes one folder of records; the number of its attendance rows."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "orgaudit.yaml").write_text(_MANIFEST, "utf-8")
    con = duckdb.connect()
    filled = _TABLES.format(groups=GROUPS, members=MEMBERS, committee=COMMITTEE)
    con.execute(filled.replace("$seed", f"'{seed}'").replace("$branches", str(branches)))
    for statement in (_HOLES.format(holes=holes) if holes else "", _DIRT.format(dirt=dirt) if dirt else ""):
        con.execute(statement or "select 1")
    for table in ("organizations", "members", "meetings", _ATTENDANCE, "leaves"):
        write(con, table, out, format)
    ((rows,),) = con.execute(f"select count(*) from {_ATTENDANCE}").fetchall()
    return int(rows)


def write(con: duckdb.DuckDBPyConnection, table: str, out: Path, format: str) -> None:
    if format == "parquet":
        con.execute(f"copy {table} to '{out}/{table}.parquet'")
    elif format == "xlsx":
        write_workbook(con, table, out)
    else:
        path = out / f"{table}.csv"
        con.execute(f"copy {table} to '{path}' (header)")
        if format == "gb18030":
            path.write_bytes(path.read_text("utf-8").encode("gb18030"))


def write_workbook(con: duckdb.DuckDBPyConnection, table: str, out: Path) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(out / f"{table}.xlsx"), {"constant_memory": True})
    sheet = book.add_worksheet(table)
    found = con.execute(f"from {table}")
    sheet.write_row(0, 0, [c[0] for c in found.description])
    for i, row in enumerate(found.fetchall(), 1):
        sheet.write_row(i, 0, ["" if v is None else str(v) for v in row])
    book.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--branches", type=int, default=200)
    parser.add_argument("--format", choices=["csv", "gb18030", "parquet", "xlsx"], default="csv")
    parser.add_argument("--holes", type=float, default=0.0)
    parser.add_argument("--dirt", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    rows = generate(asked.out, asked.branches, asked.format, asked.holes, asked.dirt, asked.seed)
    print(f"{rows:,} rows of attendance in {asked.out}", file=sys.stderr)


if __name__ == "__main__":
    main()
