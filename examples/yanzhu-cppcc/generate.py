"""The records of the CPPCC of Yanzhu for 2024, an invented city of ten counties, with stories planted in them.

    python examples/yanzhu-cppcc/generate.py [FOLDER]

rewrites `records/` beside this file (or below the folder), always to the same bytes. Ordinary life keeps every rule
of `cppcc-party-building`; whatever an audit finds was planted, and is told in `stories.yaml`. The numbers are those
of the source: 201 members of the Party and 304 outside it, 198 townships with a room and a platform each.
"""

from __future__ import annotations

import random
import sys
from datetime import date
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from writing import Folder, Records, Row, names  # noqa: E402

CHANCE = random.Random(20241212)
NAME = names(4)
R = Records()

COUNTIES = "云岭区 烟浦区 芦汀区 竹溪县 松陂县 兰渚县 梅关县 桂源县 荷塘县 石镜县".split()
PLACES = [
    a + b
    for a in "桥石溪松梅兰竹枫柳荷桂云月星雪岚墨笛帆钟"
    for b in ("湾", "岭", "渡", "坪", "口", "岩", "洲", "塘", "岗", "源")
]
COMMITTEES = ["提案委", "经济委", "农业委", "教科卫体委", "社会法制委", "民族宗教委", "文史委", "委员联络委"]
SECTORS = "经济 农业 科技 教育 医卫 文艺 社科 工商 工会 妇女 青年 民族 港澳台侨".split()  # thirteen
TOWNSHIPS = [f"T{n:03}" for n in range(1, 199)]
PARTY, OTHERS = 201, 304
NEW = "T198"  # a township that was set up this year and has nothing yet


def d(text: str) -> date:
    """A date, of 2024 unless it says its year."""
    return date.fromisoformat(f"2024-{text}" if len(text) == 5 else text)


def county_of(township: str) -> int:
    """0 … 9"""
    return (int(township[1:]) - 1) * len(COUNTIES) // len(TOWNSHIPS)


# ------------------------------------------------------------------------------------------ units and organizations


def units() -> None:
    R.add("units", id="U0", name="烟渚市", kind="city", parent_id=None)
    for n, name in enumerate(COUNTIES):
        R.add("units", id=f"K{n}", name=name, kind="county", parent_id="U0")
    for n, id in enumerate(TOWNSHIPS):
        kind = "street" if n % 4 == 0 else "township"
        name = PLACES[n] + ("街道" if kind == "street" else "镇")
        R.add("units", id=id, name=name, kind=kind, parent_id=f"K{county_of(id)}")
    R.add("units", id="JG", name="市政协机关", kind="cppcc_office", parent_id=None)
    for n, name in enumerate(COMMITTEES, 1):
        R.add("units", id=f"W{n}", name=f"市政协{name}", kind="special_committee", parent_id=None)


def organizations() -> None:
    def org(id: str, name: str, kind: str, parent: str | None, unit: str | None = None, **cells: object) -> None:
        R.add("organizations", id=id, name=name, kind=kind, parent_id=parent, unit_id=unit,
              is_temporary=kind == "temporary_branch", **cells)  # fmt: skip

    org("SZX", "政协烟渚市委员会", "cppcc_committee", None, "U0", level="city")
    org("DZ", "市政协党组", "leading_group", "SZX")
    org("JGDZ", "市政协机关党组", "leading_group", "DZ")
    org("JGDW", "市政协机关党委", "office_committee", "DZ", "JG")
    for n in range(1, 7):  # the last two committees: one with the sixth branch, one without any
        org(f"Z{n}", f"市政协{COMMITTEES[n - 1]}党支部", "joint_branch" if n == 6 else "branch", "JGDW", f"W{n}")
    R.add("organization_units", org_id="Z6", unit_id="W7")
    org(
        "LS1",
        "市政协五届四次全会临时党支部",
        "temporary_branch",
        "JGDW",
        established_on=d("01-06"),
        dissolved_on=d("01-12"),
    )
    for n, name in enumerate(COUNTIES):
        org(f"X{n}", f"政协{name}委员会", "cppcc_committee", None, f"K{n}", level="county")
        org(f"X{n}Z", f"{name}政协党组", "leading_group", f"X{n}")
        if n != 7:
            org(f"X{n}J", f"{name}政协机关党总支", "general_branch", f"X{n}Z")
    for id in TOWNSHIPS:
        org(f"D{id[1:]}", f"{R.the('units', id=id)['name']}党委", "committee", None, id)
    for n in range(1, 26):  # where the members are at home
        org(f"H{n:02}", f"第{n}单位党支部", "branch", None)


# ------------------------------------------------------------------------------------------ members and contacts


def member(org: str, status: str, **cells: object) -> str:
    id = R.number("M", 4)
    R.add("members", **{"id": id, "name": next(NAME), "org_id": org, "second_org_id": None, "status": status,
                        "is_cppcc_member": False, "cppcc_level": None, "nominated_on": None, "sector": None, "rank": "other",
                        **cells})  # fmt: skip
    return id


def members() -> None:
    for n in range(PARTY):
        second: str | None = f"Z{n % 6 + 1}"
        if n in (40, 90):  # in no organization of the CPPCC
            second = None
        if n == 133:  # of a branch that nobody knows
            second = "Z9"
        member(
            f"H{n % 25 + 1:02}",
            "full",
            second_org_id=second,
            is_cppcc_member=True,
            cppcc_level="city",
            sector=SECTORS[n % 13],
        )
    for n in range(OTHERS):
        member(f"H{n % 25 + 1:02}", "non_party", is_cppcc_member=True, cppcc_level="city", sector=SECTORS[n % 13])
    plain = member("H01", "full")  # a member of the Party, and not of the CPPCC
    inside, outside = people("full"), people("non_party")
    for n, who in enumerate(outside):
        if n != 17:  # nobody
            chosen = inside[n % len(inside)]
            kind: str | None = "member_to_non_party"
            if n == 60:  # by somebody who is not of the CPPCC
                chosen, kind = plain, "friend"
            if n == 250:
                kind = None
            contact(kind, chosen, to_member_id=who)
    first = inside[5]  # and nobody for this one
    R.tables["contacts"] = [
        {**c, "from_member_id": inside[6]} if c["from_member_id"] == first else c for c in R.tables["contacts"]
    ]
    for n, post in enumerate(["party_group_secretary"] + ["party_group_member"] * 7):
        holder = inside[100 + n]
        position(holder, post, org_id="DZ")
        for sector in (
            (SECTORS[2 * n - 2], SECTORS[2 * n - 1]) if 1 <= n <= 6 else ()
        ):  # the seventh has none; 港澳台侨 nobody
            contact("group_to_sector", holder, to_sector=sector)
    position(inside[120], "office_party_group_secretary", org_id="JGDZ")
    position(inside[121], "office_committee_secretary", org_id="JGDW")
    for n in range(1, 7):
        if n != 4:  # no secretary
            position(inside[n - 1], "secretary", org_id=f"Z{n}")
    position(inside[6], "secretary", org_id="LS1", end_on=d("01-12"))


def people(status: str) -> list[str]:
    return [m["id"] for m in R.tables["members"] if m["status"] == status and m["cppcc_level"] == "city"]


def contact(kind: str | None, who: str, to_member_id: str | None = None, to_sector: str | None = None) -> None:
    R.add("contacts", id=R.number("LX", 4), kind=kind, from_member_id=who, from_org_id=None, to_member_id=to_member_id,
          to_sector=to_sector)  # fmt: skip


def position(who: str | None, post: str | None, **cells: object) -> Row:
    return R.add("positions", **{"id": R.number("R", 4), "member_id": who, "person_name": None, "org_id": None, "unit_id": None,
                                 "facility_id": None, "post": post, "post_type": None, "rank": "other",
                                 "start_on": d("2022-01-20"), "end_on": None, **cells})  # fmt: skip


# ------------------------------------------------------------------------------------------ meetings


def meetings() -> None:
    def meeting(org: str, kind: str, day: str, topic: str) -> str:
        id = R.number("H")
        R.add("meetings", id=id, org_id=org, kind=kind, held_on=d(day), topic=topic)
        return id

    for day in ("02-21", "05-16", "08-22", "11-14"):
        meeting("DZ", "centre_group", day, "党组理论学习中心组学习")
    for day in ("03-14", "09-19"):
        meeting("SZX", "chairs_study", day, "主席会议集体学习")
    meeting("SZX", "standing_committee_study", "06-27", "常委会专题学习")  # and no reading of the sectors
    R.add("trainings", id="PX1", org_id="SZX", kind="cppcc_members", held_on=d("10-16"), topic="委员学习培训班")
    for branch in [f"Z{n}" for n in range(1, 7)] + [f"X{n}J" for n in range(10) if n != 7]:
        for day in ("04-18", "10-24"):
            id = meeting(branch, "general", day, "党员委员组织生活")
            here = [m["id"] for m in R.tables["members"] if m["second_org_id"] == branch]
            for n, who in enumerate(here):
                away = (branch, n) == ("Z2", 8) or n % 9 == int(day[4])  # one of Z2 is never there
                R.add("attendance", meeting_id=id, member_id=who, status="excused" if away else "present")
    for name, first, last in (
        ("五届四次全会", "01-07", "01-11"),
        ("全体委员集中培训", "06-03", "06-06"),
    ):  # no branch in June
        R.add(
            "activities",
            id=R.number("LZ"),
            org_id="SZX",
            kind="important_duty",
            tags=[name],
            held_on=d(first),
            ended_on=d(last),
        )
    for id, issuer, day in (
        ("中办发〔2018〕30号", "central_office", "2018-09-12"),
        ("省委发〔2019〕8号", "provincial_committee", "2019-04-02"),
        ("烟委〔2019〕21号", None, "2019-08-15"),  # whose, nobody wrote down
    ):
        R.add("documents", id=id, org_id="SZX", kind="basis", topics=["cppcc_party_building"], issuer=issuer, status="in_force",
              title="加强政协党的建设", issued_on=d(day))  # fmt: skip
    R.add("documents", id="烟政协〔2022〕5号", org_id="SZX", kind="opinion", topics=["consultation_platforms"], issuer="own",
          status="in_force", title="规范乡镇（街道）政协工作召集人制度和协商平台的意见", issued_on=d("2022-05-10"))  # fmt: skip
    R.add("attestations", id="ZC1", org_id="SZX", rule="CPC-19", answer=True, year=2024, attested_by="市政协办公室")


# ------------------------------------------------------------------------------------------ townships


def townships() -> None:
    """In each a convener, a liaison room, and a platform with premises, staff and money."""
    outside = people("non_party")
    for n, id in enumerate(TOWNSHIPS):
        if id == NEW:
            continue
        county, town = county_of(id), R.the("units", id=id)["name"]
        rank = "section_officer_2" if n % 4 == 1 or (n < 16 and n % 4 == 2) else "other"
        cells: Row = {"nominated_on": d("2021-11-10")}
        if n % 11 == 3 and county != 7:  # already of the county's CPPCC
            cells = {"is_cppcc_member": True, "cppcc_level": "county", "second_org_id": f"X{county}J"}
        who = member(f"D{id[1:]}", "full", rank=rank, **cells)
        if cells.get("is_cppcc_member"):
            contact("member_to_non_party", who, to_member_id=outside[n])
        position(who, "convener", unit_id=id, rank=rank)
        position(
            who, "secretary" if n == 30 else "deputy_secretary", org_id=f"D{id[1:]}", rank=rank
        )  # n = 30: the secretary
        host = None if n == 77 else f"D{id[1:]}"
        place = {"org_id": f"X{county}", "unit_id": id, "address": f"{town}便民服务中心"}
        R.add("facilities", id=f"L{id[1:]}", name=f"{town}政协联络室", kind="liaison_room", host_org_id=host, **place)
        address = None if n == 51 else place["address"]
        R.add("facilities", id=f"P{id[1:]}", name=f"{town}“有事好商量”平台", kind="consultation_platform", host_org_id=host,
              **{**place, "address": address})  # fmt: skip
        kind = {102: "part_time", 144: None}.get(n, "full_time")
        position(None, "officer", unit_id=id, facility_id=f"P{id[1:]}", person_name=next(NAME), post_type=kind)
        funds(n, f"P{id[1:]}")
    nobody = R.of("positions", post="convener")[163]  # neither of the CPPCC nor nominated
    R.the("members", id=nobody["member_id"])["nominated_on"] = None


def funds(n: int, platform: str) -> None:
    def paid(line: str, year: int, amount: int | None) -> None:
        R.add(
            "funds", id=R.number("JF", 4), facility_id=platform, year=year, line=line, source="budget", disbursed=amount
        )

    built: int | None = {12: 60000, 33: None}.get(n, 80000)
    paid("construction", 2022 if n % 2 else 2023, built)
    if n == 70:  # in two parts
        R.tables["funds"][-1]["disbursed"] = 50000
        paid("construction", 2024, 30000)
    for year in (2023, 2024):
        running: int | None = CHANCE.randrange(30, 51) * 1000
        if year == 2024:
            running = {20: 25000, 88: 60000, 120: None}.get(n, running)
        paid("operation", year, running)


# ------------------------------------------------------------------------------------------ the files

HEADINGS = {
    "members": {"org_id": "组织关系所在党支部", "second_org_id": "双重管理党组织", "sector": "界别"},
    "facilities": {"id": "平台编号", "name": "平台名称", "org_id": "建设组织", "host_org_id": "依托组织"},
    "positions": {"person_name": "任职人员", "facility_id": "所在平台", "post": "担任职务"},
    "funds": {"facility_id": "平台", "disbursed": "拨付数", "line": "科目"},
    "contacts": {"from_member_id": "联系党员", "to_member_id": "被联系人", "to_sector": "联系界别"},
}
MANIFEST = """\
# 烟渚市政协随 2024 年台账报送的说明；乡镇（街道）的台账由各县（区）政协报送
standards: [cppcc-party-building]
as_of: 2024-12-31
period: {from: 2024-01-01, to: 2024-12-31}
submitted_by: 烟渚市政协办公室
"""


def main() -> None:
    for step in (units, organizations, members, townships, meetings):
        step()
    t, out = R.tables, Folder(HERE, HEADINGS)
    out.text("orgaudit.yaml", MANIFEST)
    out.csv("单位台账.csv", "units", t["units"])
    out.csv("组织台账.csv", "organizations", t["organizations"])
    out.csv("党组织覆盖单位.csv", "organization_units", t["organization_units"])
    out.csv("人员名册.csv", "members", t["members"])
    out.csv("联系结对台账.csv", "contacts", t["contacts"])
    out.csv("会议台账.csv", "meetings", t["meetings"])
    out.csv("签到表.csv", "attendance", t["attendance"])
    out.yaml("文件和活动.yaml", {k: t[k] for k in ("documents", "activities", "trainings", "attestations")})
    out.csv("任职台账.csv", "positions", [p for p in t["positions"] if county_of_row(p) is None])
    for n, name in enumerate(COUNTIES):
        tables = {k: [r for r in t[k] if county_of_row(r) == n] for k in ("facilities", "positions", "funds")}
        folder, labels = (
            f"县区/{n + 1:02}-{name}",
            {"facilities": "场所台账", "positions": "任职台账", "funds": "经费台账"},
        )
        if n == 2:  # this one hands in a workbook
            out.xlsx(f"{folder}.xlsx", {labels[k]: (k, rows) for k, rows in tables.items()}, name)
            continue
        for k, rows in tables.items():
            out.csv(f"{folder}/{labels[k]}.csv", k, rows, encoding="gb18030" if n == 5 else "utf-8-sig")


def county_of_row(row: Row) -> int | None:
    """The county that hands in a row: by the township of its unit, organization or platform."""
    where = row.get("unit_id") or row.get("facility_id") or row.get("org_id") or ""
    return county_of(f"T{where[1:]}") if len(where) == 4 and where[0] in "TPD" else None


if __name__ == "__main__":
    main()
