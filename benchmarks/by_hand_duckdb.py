"""The four rules in DuckDB SQL, as a good engineer would write them for these files alone.

python benchmarks/by_hand_duckdb.py RECORDS FINDINGS.json
"""

from __future__ import annotations

import sys

import duckdb

_READ = """
create table organizations as from read_csv('{0}/organizations.csv', all_varchar = true);
create table members as from read_csv('{0}/members.csv', all_varchar = true);
create table meetings as
  select id, org_id, kind, held_on::date as held_on from read_csv('{0}/meetings.csv', all_varchar = true);
create table attendance as from read_csv('{0}/attendance.csv', all_varchar = true);
create table leaves as
  select member_id, from_on::date as from_on, to_on::date as to_on from read_csv('{0}/leaves.csv', all_varchar = true)
  where approved_on is not null;
create table months as select m, make_date(2024, m, 1) as first, last_day(make_date(2024, m, 1)) as last from range(1, 13) r(m);
"""
_FREQUENCY = """
select '{rule}' as rule, s.id as subject, p.p as period, '' as level
from (select id from organizations where {bound}) s
cross join range(1, {periods} + 1) p(p)
left join (
  select distinct org_id, ((month(held_on) - 1) // (12 // {periods})) + 1 as p from meetings where kind = '{kind}' and year(held_on) = 2024
) h on h.org_id = s.id and h.p = p.p
where h.p is null
"""
_LADDER = """
with present as (
  select distinct a.member_id, month(t.held_on) as m
  from attendance a join meetings t on t.id = a.meeting_id where a.status = 'present' and year(t.held_on) = 2024
), excused as (
  select distinct l.member_id, m.m from leaves l join months m on l.from_on <= m.last and l.to_on >= m.first
), missed as (
  select s.id, m.m from members s cross join months m
  left join present p on p.member_id = s.id and p.m = m.m
  left join excused e on e.member_id = s.id and e.m = m.m
  where s.status = 'full' and p.m is null and e.m is null
), runs as (
  select id, min(m) as first, count(*) as length
  from (select id, m, m - row_number() over (partition by id order by m) as island from missed) group by id, island
)
select 'ABSENCE' as rule, id as subject, first as period,
       case when length >= 6 then 'removal' when length >= 4 then 'discipline' else 'criticism' end as level
from runs where length >= 2
"""


def main(records: str, findings: str) -> None:
    con = duckdb.connect()
    con.execute(_READ.format(records))
    rules = [
        _FREQUENCY.format(rule="GENERAL", bound="kind = 'branch'", periods=4, kind="general"),
        _FREQUENCY.format(
            rule="COMMITTEE", bound="kind = 'branch' and has_committee = 'true'", periods=12, kind="committee"
        ),
        _FREQUENCY.format(rule="GROUP", bound="kind = 'group'", periods=12, kind="group"),
        f"({_LADDER})",
    ]
    con.execute(
        f"copy ({' union all '.join(rules)} order by rule, subject, period) to '{findings}' (format json, array true)"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
