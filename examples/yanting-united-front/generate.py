"""The united front records of Yanting for 2023, an invented district, with stories planted in them.

    python examples/yanting-united-front/generate.py [FOLDER]

rewrites `records/` beside this file (or below the folder), always to the same bytes. Ordinary life keeps every rule
of `united-front-district`; whatever an audit finds was planted, and is told in `stories.yaml`.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from writing import Folder, Records, names  # noqa: E402

CHANCE = random.Random(20231231)
NAME = names(2)
R = Records()

DIRECT = (  # the committees directly under the district
    "区直机关党工委 教育党工委 卫生健康党工委 经济和信息化党工委 住房和建设党工委 国有资产党委 "
    "农业农村党委 交通运输党委 公安党委 市场监管党委 文化旅游党委 开发区党工委 民政党委 商务党委"
).split()
PARTIES = {"MG": ("rcck", "民革"), "MM": ("cdl", "民盟"), "MJ": ("cndca", "民建"), "JJ": ("capd", "民进"),
           "NG": ("cpwdp", "农工党"), "JS": ("jiusan", "九三学社")}  # fmt: skip
BODIES = {"GSL": "区工商业联合会", "QL": "区归国华侨联合会", "ZLH": "区党外知识分子联谊会"}
MASS = ["总工会", "共青团区委", "妇女联合会", "科学技术协会", "残疾人联合会"]
GOVERNMENT = (
    "教育局 科技局 工信局 民政局 司法局 财政局 人社局 自然资源局 住建局 交通局 水务局 农业农村局 "
    "商务局 文旅局 卫健局 应急局 审计局 统计局 城管局 医保局"
).split()
STREETS = "砚湖街道 松风街道 梧桐镇 竹溪镇 兰渚镇 石桥街道".split()
COLOURS = [party for party, _ in PARTIES.values()]  # of people outside the Party, beside those of none


def d(text: str) -> date:
    """A date, of 2023 unless it says its year."""
    return date.fromisoformat(f"2023-{text}" if len(text) == 5 else text)


def person(org: str, affiliation: str | None = "cpc", **cells: object) -> str:
    id = R.number("P")
    status = "full" if affiliation == "cpc" else "non_party"
    born = date(CHANCE.randrange(1964, 1986), CHANCE.randrange(1, 13), CHANCE.randrange(1, 28))
    R.add("members", **{"id": id, "name": next(NAME), "org_id": org, "status": status, "affiliation": affiliation,
                        "birth_date": born, **cells})  # fmt: skip
    return id


def home(affiliation: str) -> str:
    """The organization of somebody outside the Party."""
    return next((org for org, (party, _) in PARTIES.items() if party == affiliation), "ZLH")


def outsider(affiliation: str, **cells: object) -> str:
    return person(home(affiliation), affiliation, **cells)


def post(who: str, post: str, since: str = "2021-11-15", **cells: object) -> str:
    id = R.number("Z")
    R.add("positions", **{"id": id, "member_id": who, "post": post, "start_on": d(since), "rank": "other", **cells})
    return id


# ------------------------------------------------------------------------------------------ units and organizations


def units_and_organizations() -> None:
    def unit(id: str, name: str, kind: str) -> None:
        R.add("units", id=id, name=name, kind=kind)

    unit("U01", "砚亭区委统战部", "united_front_department")
    unit("U02", "砚亭区人大常委会", "people_congress")
    unit("U03", "砚亭区人民政府", "district_government")
    unit("U04", "政协砚亭区委员会", "cppcc")
    unit("U05", "工商联、民建合署办公室", "merged_party_office")
    for n, name in enumerate(GOVERNMENT, 11):
        unit(f"U{n}", f"砚亭区{name}", "government")
    for n, name in enumerate(STREETS, 41):
        unit(f"U{n}", f"砚亭区{name}", "township" if name.endswith("镇") else "street")
    for n in range(1, 9):
        unit(f"U5{n}", f"砚亭区第{n}中学" if n < 6 else f"砚亭区第{n - 5}医院", "school" if n < 6 else "hospital")
    R.add("organizations", id="QW", name="中共砚亭区委", kind="committee", level="county")
    R.add("organizations", id="TZB", name="区委统战部", kind="united_front_department", parent_id="QW", unit_id="U01")
    for n, name in enumerate(DIRECT, 1):
        R.add("organizations", id=f"D{n:02}", name=name, kind="district_direct_committee", parent_id="QW")
    for org, (party, name) in PARTIES.items():
        kind = "party_district_committee"
        R.add("organizations", id=org, name=f"{name}砚亭区委员会", kind=kind, party=party)
    for org, name in BODIES.items():
        R.add("organizations", id=org, name=name, kind="united_front_body")


# ------------------------------------------------------------------------------------------ people in post


def leaders() -> None:
    """Nine members of the standing committee, and the leaders of congress, government and CPPCC."""
    for n in range(9):
        who = person("QW")
        post(who, "standing_committee_member", org_id="QW", rank="district_leader")
        if n == 3:
            post(
                who, "united_front_director", org_id="TZB", unit_id="U01", rank="district_leader", post_type="part_time"
            )
    for unit, affiliations in {
        "U02": ["cpc", "cpc", "cdl"],
        "U03": ["cpc"] * 4,
        "U04": ["cpc", "cndca", "none"],
    }.items():
        for affiliation in affiliations:  # nobody from outside the Party in the government
            who = person("QW") if affiliation == "cpc" else outsider(affiliation)
            post(who, "other", unit_id=unit, rank="district_leader")
    for n in range(1, len(DIRECT) + 1):
        post(person(f"D{n:02}"), "secretary", org_id=f"D{n:02}", rank="division_chief", post_type="full_time")
    for n in range(len(MASS)):
        post(person("D01"), "mass_organization_head", org_id=("D01", "D12")[n == 4], rank="division_chief")


def heads() -> None:
    """The heads of the parties and of the united front bodies."""
    for org, (party, _) in PARTIES.items():
        post(person(org, party), "chairperson", org_id=org, post_type="part_time")
    for org in BODIES:
        post(person(org, "cndca" if org == "GSL" else "none"), "principal", org_id=org, post_type="part_time")


def officers() -> None:
    """A united front officer in every committee but one; of one nobody knows when the post ended."""
    for n in range(1, len(DIRECT) + 1):
        if n != 9:
            kind = "full_time" if n % 5 == 0 else "part_time"
            until = "2023年底" if n == 13 else None
            post(person(f"D{n:02}"), "united_front_officer", org_id=f"D{n:02}", post_type=kind, end_on=until)


def department() -> None:
    """The department with its eight, of whom two came from streets this year, and the merged office with one too many."""
    four = person("TZB")
    post(four, "united_front_deputy", org_id="TZB", unit_id="U01", rank="division_deputy")
    post(four, "ethnic_affairs_director", org_id="TZB", rank="division_deputy")
    post(four, "overseas_affairs_director", org_id="TZB", rank="division_deputy")
    other = person("TZB")  # the fourth post is another's
    post(other, "commerce_federation_secretary", org_id="GSL", unit_id="U05", rank="division_chief")
    for rank in ["section_chief"] * 3 + ["section_deputy"]:
        post(person("TZB"), "officer", org_id="TZB", unit_id="U01", rank=rank)
    for born in ("1991-04-12", "1986-02-03"):  # one of them is 37
        who = person("TZB", birth_date=date.fromisoformat(born))
        post(who, "officer", "2016-07-01", unit_id="U41", rank="other")
        R.tables["positions"][-1]["end_on"] = d("03-31")
        first = born < "1990"
        post(who, "officer", "04-01", org_id="TZB", unit_id="U01", rank="section_deputy" if first else "other")
    for rank in ["division_deputy", "section_chief", "section_deputy", "other", "other"]:
        post(person("TZB"), "officer", org_id="GSL", unit_id="U05", rank=rank)
    for kind, approved in {"staff": 8, "leaders": 2, "sections": 4, "section_heads": 4}.items():
        if kind == "sections":
            R.add("quotas", id=R.number("BZ"), unit_id="U01", kind=kind, approved=3, from_on=d("2012-01-01"),
                  to_on=d("2021-12-31"))  # fmt: skip
        R.add("quotas", id=R.number("BZ"), unit_id="U01", kind=kind, approved=approved, from_on=d("2022-01-01"))


def cadres() -> None:
    """Cadres outside the Party in departments, and those in reserve at schools and hospitals."""
    for n, unit in enumerate(f"U{n}" for n in range(11, 11 + len(GOVERNMENT))):
        post(person("D01"), "other", unit_id=unit, rank="section_chief")
        if n in (3, 8, 11, 15, 16, 19):  # none here
            continue
        if n == 6:  # of what party, nobody wrote down: a second one, or not
            post(person("ZLH", None), "other", unit_id=unit, rank="section_deputy")
        if n in (2, 12):  # came this year
            continue
        post(outsider([*COLOURS, "none"][n % 7]), "other", "2020-06-01", unit_id=unit, rank="section_deputy")
        if n == 14:  # two in one department
            post(outsider("none"), "other", "2019-03-01", unit_id=unit, rank="section_deputy")
    for n in range(12):
        who = outsider([*COLOURS, "none"][n % 7])
        reserve = n != 1  # one was never on the list
        post(who, "other", "2019-09-01", unit_id=f"U5{n % 8 + 1}", rank="section_deputy", tier="reserve" if reserve else None,
             secondment_on=d("2022-03-01") if n % 3 == 0 else None)  # fmt: skip
        if n < 2:
            R.tables["positions"][-1]["end_on"] = d("05-31")
            post(who, "other", "06-01", unit_id=("U13", "U23")[n], rank="section_chief", appointed_on=d("06-01"))


def seats() -> None:
    """Deputies and members; whoever has a seat may have another post."""
    for kind, number, standing, unit in (("congress_deputy", 45, 12, "U02"), ("cppcc_member", 60, 15, "U04")):
        for n in range(number):
            inside = n % 5 < (3 if kind == "congress_deputy" else 2)
            who = person(f"D{n % 14 + 1:02}") if inside else outsider([*COLOURS, "none"][n % 7])
            post(who, kind, "2022-01-10", unit_id=unit)
            if n < standing:
                post(who, kind.replace("deputy", "standing_member") if "deputy" in kind else "cppcc_standing_member",
                     "2022-01-12", unit_id=unit)  # fmt: skip


# ------------------------------------------------------------------------------------------ meetings and trainings


def holders() -> Iterable[str]:
    """Who comes to an enlarged meeting, each once."""
    direct = {f"D{n:02}" for n in range(1, len(DIRECT) + 1)}
    return dict.fromkeys(
        p["member_id"] for p in R.tables["positions"]
        if p.get("rank") == "district_leader" or p["post"] == "mass_organization_head"
        or (p["post"] == "secretary" and p.get("org_id") in direct)
    )  # fmt: skip


def meeting(id: str, org: str, kind: str, day: str, topic: str, **cells: object) -> str:
    R.add("meetings", id=id, org_id=org, kind=kind, held_on=d(day), topic=topic, **cells)
    return id


def came(meeting: str, who: str, status: str | None = "present", stands_for: str | None = None) -> None:
    R.add("attendance", meeting_id=meeting, member_id=who, status=status, represents_org_id=stands_for)


def member_of(org: str) -> str:
    return next(m["id"] for m in R.tables["members"] if m["org_id"] == org)


def conveyances() -> None:
    enlarged = meeting("CW02", "QW", "standing_committee", "02-03", "传达全市统战工作会议精神", source_held_on=d("01-12"),
                       tags=["enlarged_standing_committee"])  # fmt: skip
    for n, who in enumerate(holders()):
        came(enlarged, who, {7: "excused", 21: "absent", 30: None}.get(n, "present"))
    meeting("CW09", "QW", "conveyance", "07-14", "传达全省统战部长座谈会精神", source_held_on=d("05-25"))  # fifty days
    meeting("CW11", "QW", "conveyance", "12-22", "传达全市统战部长会议精神", source_held_on=d("12-15"))
    both = meeting("TZ01", "TZB", "conveyance", "02-15", "民主党派、统战团体传达学习座谈会", source_held_on=d("01-12"))
    for org in [*PARTIES, *BODIES]:
        came(both, member_of(org), "excused" if org == "QL" else "present", org)  # QL did not come
    meeting("TZ02", "TZB", "conveyance", "02-09", "部机关传达学习", source_held_on=d("01-12"))
    for n in range(1, len(DIRECT) + 1):
        if n == 11:  # about something else
            meeting(f"DW{n:02}", f"D{n:02}", "leaders_meeting", "03-02", "季度工作", subjects=["profession"])
        elif n % 3:
            meeting(f"DW{n:02}", f"D{n:02}", "leaders_meeting", f"02-{n + 8:02}", "贯彻统战工作会议精神",
                    subjects=["united_front"] if n != 7 else None)  # fmt: skip
        else:
            meeting(
                f"DW{n:02}",
                f"D{n:02}",
                "conveyance",
                f"02-{n + 8:02}",
                "传达统战工作会议精神",
                source_held_on=d("02-03"),
            )


def consultations() -> None:
    tagged = {"tags": ["non_party_cadres"]}
    meeting("LX01", "TZB", "joint", "03-08", "与组织部联席会议：第一轮磋商", **tagged)
    meeting("LX02", "TZB", "joint", "09-06", "与组织部联席会议：干部监督", tags=[])  # not about these cadres
    meeting("CW05", "QW", "standing_committee", "05-10", "研究党外干部调整配备", **tagged)
    topics = ["全区经济运行情况", "党风廉政建设情况"]
    for n, (day, topic) in enumerate(zip(("07-20", "12-08"), topics, strict=True), 1):
        id = meeting(f"XS0{n}", "QW", "consultation", day, topic, tags=["briefing"])
        for org in [*PARTIES, *BODIES]:
            status = {"GSL2": "absent", "JS1": None}.get(f"{org}{n}", "present")
            came(id, member_of(org), status, org)
    R.add("meetings", id="XS03", org_id="QW", kind="consultation", held_on=d("2022-11-16"), topic="征求对区委工作的意见",
          tags=["seeking_opinions"])  # last year  # fmt: skip
    for n, (title, day) in enumerate([
        ("关于加强党外领导干部队伍建设的建议", "03-20"),
        ("关于党外后备干部培养的建议", "06-05"),  # no meeting of the standing committee
        ("关于政府部门党外干部配备的建议", "11-20"),  # there is still time
    ], 1):  # fmt: skip
        R.add("documents", id=f"统字{n}号", org_id="TZB", kind="proposal", topics=["non_party_cadres"], title=title,
              status="in_force", issued_on=d(day), submitted_on=d(day))  # fmt: skip
    for n, (topic, title) in enumerate([
        ("friendship", "区委常委与党外代表人士交友工作的安排意见"),
        ("direct_consultation", "民主党派直接征求意见和建议的制度"),
    ], 4):  # fmt: skip
        R.add("documents", id=f"砚委{n}号", org_id="QW", kind="system", topics=[topic], title=title, status="in_force",
              issued_on=d("2021-12-03"), submitted_on=None)  # fmt: skip
    friends = [m["id"] for m in R.tables["members"] if m["org_id"] in PARTIES]
    for n, row in enumerate(R.of("positions", post="standing_committee_member")):
        if n == 5:  # none
            continue
        to = R.of("positions", post="secretary")[0]["member_id"] if n == 7 else friends[n * 4]  # one of the Party
        R.add("contacts", id=R.number("JY"), kind="friend", from_member_id=row["member_id"], from_org_id=None, to_member_id=to,
              from_on=d("2022-01-20"), to_on=None)  # fmt: skip


def trainings() -> None:
    def training(id: str, org: str, kind: str, day: str, topic: str, subjects: list[str], audience: list[str]) -> None:
        R.add("trainings", id=id, org_id=org, kind=kind, held_on=d(day), topic=topic, subjects=subjects, audience=audience,
              hours=16)  # fmt: skip

    training(
        "PX1",
        "QW",
        "special",
        "03-21",
        "党委书记培训班",
        ["united_front", "line_and_policy"],
        ["committee_secretaries"],
    )
    training("PX2", "TZB", "special", "04-18", "统战委员培训班", ["united_front"], ["united_front_officers"])
    training("PX3", "TZB", "special", "06-13", "党外后备干部培训班", ["united_front", "law"], ["reserve_cadres"])
    training(
        "PX4", "TZB", "city", "10-17", "市非公经济人士研修班", ["profession"], ["non_public_economy"]
    )  # and no forum
    officers = [p["member_id"] for p in R.of("positions", post="united_front_officer")]
    reserve = [p["member_id"] for p in R.of("positions", tier="reserve")]
    firms = [person("GSL", "cndca") for _ in range(6)]
    lists = {"PX1": [p["member_id"] for p in R.of("positions", post="secretary")],
             "PX2": [o for n, o in enumerate(officers) if n not in (4, 10)],  # two were not there
             "PX3": [r for n, r in enumerate(reserve) if n != 6], "PX4": firms}  # fmt: skip
    for id, people in lists.items():
        for who in people:
            R.add("training_attendance", training_id=id, member_id=who)


# ------------------------------------------------------------------------------------------ the year


def appraisals() -> None:
    for n in range(1, len(DIRECT) + 1):
        items: list[str] | None = ["party_building", "united_front", "business"]
        if n == 4:
            items = ["party_building", "business"]
        if n == 10:
            items = None
        R.add(
            "appraisals",
            id=f"KH{n:02}",
            org_id=f"D{n:02}",
            unit_id=None,
            kind="work",
            year=2023,
            held_on=d("12-18"),
            items=items,
        )
    R.add(
        "appraisals",
        id="KH90",
        org_id="TZB",
        unit_id=None,
        kind="other",
        year=2023,
        held_on=d("12-11"),
        items=["other"],
    )
    for n, row in enumerate(R.of("positions", tier="reserve")):
        if n not in (0, 3):  # the first was promoted in June, the fourth was forgotten
            R.add("appraisal_results", appraisal_id="KH90", member_id=row["member_id"], grade="qualified")


def funds() -> None:
    """Four bodies have a line; QL's is in its first year."""
    for org, before, asked, given, paid, requested, arrived in [
        ("TZB", 620000, 650000, 650000, 650000, "01-10", "02-20"),
        ("GSL", 180000, 180000, 170000, 170000, "01-12", "04-28"),  # less than last year, less than asked, and late
        ("ZLH", None, 60000, 60000, None, "01-16", "03-02"),  # blanks
        ("QL", 0, 40000, 40000, 20000, "11-20", None),  # half has been paid, nobody says when
    ]:
        if org != "QL":
            R.add("funds", id=f"{org}22", org_id=org, year=2022, line="united_front", requested=before, budgeted=before,
                  disbursed=before, requested_on=d("2022-01-11"), disbursed_on=d("2022-02-25"))  # fmt: skip
        R.add("funds", id=f"{org}23", org_id=org, year=2023, line="united_front", requested=asked, budgeted=given,
              disbursed=paid, requested_on=d(requested), disbursed_on=d(arrived) if arrived else None)  # fmt: skip


def works() -> None:
    """What the parties do: three duties of four, proposals, service."""
    for duty, days in {"policy_and_personnel": ["04-11", "09-19"], "affairs_management": ["05-16"],
                       "planning": ["03-28", "10-24"]}.items():  # fmt: skip
        for day in days:
            R.add("activities", id=R.number("HD"), org_id="TZB", kind="participation", duty=duty, held_on=d(day))
    for n, org in enumerate(PARTIES):
        for k in range(n % 3 + 1):
            R.add("activities", id=R.number("HD"), org_id=org, kind="social_service", duty="social_service",
                  held_on=d(f"{3 + 3 * k:02}-{10 + n}"))  # fmt: skip
    deputies = {
        body: [p["member_id"] for p in R.of("positions", post=kind)]
        for body, kind in (("peoples_congress", "congress_deputy"), ("cppcc", "cppcc_member"))
    }
    party_of = {m["id"]: m["affiliation"] for m in R.tables["members"]}
    silent = ("cpwdp", "jiusan", "cpc")  # of two parties nobody brings anything forward
    outside = {body: [p for p in people if party_of[p] not in silent] for body, people in deputies.items()}
    inside = {body: [p for p in people if party_of[p] == "cpc"] for body, people in deputies.items()}
    for n in range(40):  # 28 of 40 come from outside the Party
        body = "peoples_congress" if n % 4 == 0 else "cppcc"
        kind = ("motion", "suggestion", "criticism")[n % 3] if n % 4 == 0 else "proposal"
        of_party = n < 5 and body == "cppcc"
        chosen = outside if n < 28 else inside
        who = None if of_party else chosen[body][n % len(chosen[body])]
        R.add("proposals", id=R.number("TA"), org_id=list(PARTIES)[n] if of_party else None, proposer_id=who, kind=kind, body=body,
              received_on=d("01-08") + timedelta(days=n % 3))  # fmt: skip
    for org, kind in (("MG", "research_report"), ("MJ", "public_opinion"), ("NG", None)):
        R.add("proposals", id=R.number("TA"), org_id=org, proposer_id=None, kind=kind, body="party_committee",
              received_on=d("09-12"))  # fmt: skip
    R.add(
        "facilities",
        id="F1",
        name="砚亭“同心”教育实践基地",
        org_id="TZB",
        kind="unity_base",
        established_on=d("2020-05-04"),
    )


# ------------------------------------------------------------------------------------------ the files

HEADINGS = {
    "members": {"org_id": "所在组织", "affiliation": "政治面貌", "birth_date": "出生年月"},
    "positions": {"tier": "是否后备", "rank": "职级", "start_on": "任职时间"},
    "meetings": {"org_id": "召开组织", "kind": "会议类别", "topic": "会议名称"},
    "documents": {"id": "文号", "title": "文件名称"},
    "proposals": {"proposer_id": "领衔人", "received_on": "提交日期", "body": "受理机构"},
    "contacts": {"from_member_id": "联系领导", "from_org_id": "联系党组织", "to_member_id": "交友对象"},
}
MANIFEST = """\
# 砚亭区委统战部随 2023 年台账报送的说明
standards: [united-front-district]
as_of: 2023-12-31
period: {from: 2023-01-01, to: 2023-12-31}
submitted_by: 砚亭区委统战部办公室
"""


def main() -> None:
    for step in (
        units_and_organizations, heads, leaders, officers, department, cadres, seats, conveyances, consultations, trainings,
        appraisals, funds, works,
    ):  # fmt: skip
        step()
    t, out = R.tables, Folder(HERE, HEADINGS)
    out.text("orgaudit.yaml", MANIFEST)
    out.csv("单位台账.csv", "units", t["units"])
    out.csv("组织台账.csv", "organizations", t["organizations"])
    out.csv("人员名册.csv", "members", t["members"], encoding="gb18030")
    out.csv("任职台账.csv", "positions", t["positions"], encoding="gb18030")
    out.csv("编制台账.csv", "quotas", t["quotas"])
    for name, chosen in {"区委": "QW", "统战部": "TZB", "区直党工委": ""}.items():
        held = [m for m in t["meetings"] if m["org_id"] == chosen or (not chosen and m["org_id"] not in ("QW", "TZB"))]
        ids = {m["id"] for m in held}
        out.csv(f"{name}/会议台账.csv", "meetings", sorted(held, key=lambda m: (m["held_on"], m["id"])))
        if rows := [a for a in t["attendance"] if a["meeting_id"] in ids]:
            out.csv(f"{name}/签到表.csv", "attendance", rows)
    out.xlsx(
        "培训.xlsx",
        {"培训台账": ("trainings", t["trainings"]), "参训名单": ("training_attendance", t["training_attendance"])},
    )
    out.csv("考核/考核台账.csv", "appraisals", t["appraisals"])
    out.csv("考核/评议结果.csv", "appraisal_results", t["appraisal_results"])
    out.csv("经费台账.csv", "funds", t["funds"])
    out.csv("活动台账.csv", "activities", t["activities"])
    out.csv("提案台账.csv", "proposals", t["proposals"])
    out.csv("联系台账.csv", "contacts", t["contacts"])
    out.yaml("文件和场所.yaml", {"documents": t["documents"], "facilities": t["facilities"]})


if __name__ == "__main__":
    main()
