"""The records of the democratic parties of Qingxi for 2024, an invented district, with stories planted in them.

    python examples/qingxi-parties/generate.py [FOLDER]

rewrites `records/` beside this file (or below the folder), always to the same bytes. Ordinary life keeps every rule
of `united-front-base`; whatever an audit finds was planted, and is told in `stories.yaml`. The district hands in its
records at the end of January: results of the year are due by then, and replies to autumn's opinions are not.
"""

from __future__ import annotations

import random
import sys
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from writing import Folder, Records, Row, names  # noqa: E402

CHANCE = random.Random(20240131)
NAME = names(1)
R = Records()

PARTIES = {  # organization: party, its people, how many ordinary members, how many branches
    "MG": ("rcck", "民革", 9, 4),
    "MM": ("cdl", "民盟", 12, 5),
    "MJ": ("cndca", "民建", 10, 4),
    "JJ": ("capd", "民进", 8, 3),
    "NG": ("cpwdp", "农工党", 8, 3),
    "ZG": ("czgp", "致公党", 6, 2),
    "JS": ("jiusan", "九三学社", 9, 3),
    "TM": ("tdsl", "台盟", 5, 1),  # founded on 1 July
}
FOUNDED = {"TM": date(2024, 7, 1)}
MEETINGS = {  # day: topic, fixed on, who called it
    "2023-12-14": ("四化标准起草", "2023-12-01", "united_front_director"),
    "2024-03-12": ("专职人员配备与双重领导", "2024-03-01", "united_front_director"),
    "2024-06-18": ("活动场所和示范支部建设", "2024-06-18", "united_front_director"),  # fixed on the day
    "2024-09-10": ("年度重点课题调研", "2024-08-28", "united_front_deputy"),  # not called by the director
    "2024-11-05": ("专项经费与年底评价", "2024-10-25", "united_front_director"),
    "2024-12-17": ("宣传平台共建共享", "2024-12-02", "united_front_director"),
}
DEPARTMENTS = (
    "教育局 住建局 卫健局 交通局 民政局 文旅局 科技局 商务局 生态环境局 农业农村局 人社局 城管局 应急局 数据局".split()
)
DUTIES = ["participation", "oversight", "political_consultation", "social_service"]


def d(text: str) -> date:
    """A date, of 2024 unless it says its year."""
    return date.fromisoformat(f"2024-{text}" if len(text) == 5 else text)


def some_day(first: str, last: str) -> date:
    start = d(first)
    return start + timedelta(days=CHANCE.randrange((d(last) - start).days + 1))


# ------------------------------------------------------------------------------------------ the district


def units_and_organizations() -> None:
    R.add("units", id="U01", name="清溪区委统战部", kind="united_front_department")
    R.add("units", id="U02", name="清溪区党派服务中心", kind="institution", parent_id="U01", funding="full")
    for n, name in enumerate(DEPARTMENTS, 11):
        R.add("units", id=f"U{n}", name=f"清溪区{name}", kind="government")
    R.add("organizations", id="TZB", name="清溪区委统战部", kind="united_front_department", unit_id="U01")
    R.add("organizations", id="FWZX", name="清溪区党派服务中心", kind="service_centre", parent_id="TZB", unit_id="U02")
    for org, (party, title, _, branches) in PARTIES.items():
        kind, founded = "party_district_committee", FOUNDED.get(org)
        R.add("organizations", id=org, name=f"{title}清溪区基层委员会", kind=kind, party=party, established_on=founded)
        for n in range(1, branches + 1):
            name, first = f"{title}清溪区第{n}支部", n == 1 and org != "ZG"  # ZG has no model branch
            R.add("organizations", id=f"{org}-{n}", name=name, kind="democratic_party_branch", party=party,
                  parent_id=org, is_demonstration=first, established_on=founded)  # fmt: skip


def person(org: str, affiliation: str | None) -> str:
    id = R.number("P")
    status = "full" if affiliation == "cpc" else "non_party"
    R.add("members", id=id, name=next(NAME), org_id=org, status=status, affiliation=affiliation)
    return id


def people() -> None:
    director = person("TZB", "cpc")
    R.add("positions", id="DIR", member_id=director, org_id="TZB", unit_id="U01", post="united_front_director",
          post_type="full_time", start_on=d("2021-09-01"))  # fmt: skip
    for org, (party, _, ordinary, branches) in PARTIES.items():
        since = FOUNDED.get(org, d("2021-10-20"))
        for post in ("chairperson", "deputy_chairperson"):
            R.add("positions", id=f"{org}-{post[0].upper()}", member_id=person(org, party), org_id=org, post=post,
                  post_type="part_time", start_on=since)  # fmt: skip
        for n in range(ordinary):
            person(f"{org}-{n % branches + 1}", party)
        staff(org, party, since)


def staff(org: str, party: str, since: date) -> None:
    """One of the party at the centre, led by the department and by the party."""
    if org == "NG":  # nobody at all
        return
    affiliation = "cpc" if org == "MJ" else party  # MJ has somebody of the Communist Party
    id, where = f"ZZ-{org}", "MJ" if org == "MJ" else "FWZX"
    type = None if org == "TM" else "full_time"  # nobody wrote down whether it is
    R.add("positions", id=id, member_id=person(where, affiliation), org_id=where, post="officer",
          post_type=type, start_on=since)  # fmt: skip
    for leader in ("TZB",) if org == "JJ" else ("TZB", org):  # JJ does not lead its own
        R.add("position_supervisors", position_id=id, org_id=leader)


def facilities() -> None:
    def place(id: str, org: str | None, kind: str, name: str, **cells: object) -> None:
        R.add("facilities", id=id, name=name, org_id=org, kind=kind, **cells)

    place(
        "F01", "FWZX", "office", "党派服务中心办公室", host_org_id="TZB", area_m2=120, occupants=8, address="溪桥路1号"
    )
    place("F02", "TZB", "home_of_non_party", "清溪区党外人士之家", area_m2=460, address="溪桥路3号")
    place("F03", "FWZX", "practice_base", "溪云校地合作基地", partner_name="溪云大学", partner_kind="university")
    place("F04", "FWZX", "practice_base", "兰汀创新基地", partner_name="兰汀科技公司", partner_kind="enterprise")
    place("F05", "FWZX", "publicity_platform", "“清溪同心”公众号", channel="online")
    place("F06", "FWZX", "publicity_platform", "同心文化墙", channel="offline")
    place("F07", "MM", "publicity_platform", "清溪盟讯", channel=None)  # online or offline, nobody says
    for org, (_, title, _, _) in PARTIES.items():
        if org != "JS":  # no venue
            place(f"CS-{org}", org, "activity_venue", f"{title}党派之家", area_m2=CHANCE.randrange(60, 130, 5))
        area, seats = {"MG": (54, 2), "ZG": (None, 1)}.get(org, (18 * 2 - CHANCE.randrange(8), 2))  # MG has too much
        place(f"BG-{org}", org, "office", f"{title}办公室", host_org_id="TZB", area_m2=area, occupants=seats)


def documents() -> None:
    matters = ["full_time_staff", "offices", "funds", "activity_venues", "model_branches", "practice_bases"]
    for n, (topic, title, aspects, status) in enumerate([
        ("basic_conditions", "基础条件标准", matters, "in_force"),  # nothing of platforms
        ("self_development", "自身建设标准", ["thought", "organization", "systems"], "in_force"),
        ("duties", "履职要求标准（征求意见稿）", DUTIES, "draft"),  # not in force yet
        ("full_time_staff", "专职干部管理标准", ["work_bodies"], "in_force"),
        ("full_time_staff", "专职干部管理标准（补充）", None, "in_force"),  # nobody wrote down what it covers
    ], 1):  # fmt: skip
        R.add("documents", id=f"清统〔2024〕{n}号", org_id="TZB", kind="standard", topics=[topic], aspects=aspects,
              title=f"清溪区民主党派基层组织{title}", status=status, issued_on=d("02-05"))  # fmt: skip


# ------------------------------------------------------------------------------------------ the meetings of the heads


def meetings() -> None:
    for n, (day, (topic, fixed, post)) in enumerate(MEETINGS.items(), 1):
        id = f"LH{n}"
        R.add("meetings", id=id, org_id="TZB", kind="party_leaders_meeting", held_on=d(day), topic=topic,
              topic_set_on=d(fixed), convener_post=post)  # fmt: skip
        there(id, R.the("positions", id="DIR")["member_id"], "united_front_director", "TZB")
        for org in PARTIES:
            if FOUNDED.get(org, date.min) <= d(day):
                head = "deputy_chairperson" if n % 3 == 0 else "chairperson"
                who = R.the("positions", id=f"{org}-{head[0].upper()}")["member_id"]
                there(id, who, head, org)
        for k in (1, 2):
            agreed(id, d(day), f"{topic}：第{k}项")
    # in June the chair of JS was excused, and somebody else sat there
    absent = next(r for r in R.of("attendance", meeting_id="LH3") if r["represents_org_id"] == "JS")
    absent["status"] = "excused"
    there("LH3", R.of("members", org_id="JS-1")[0]["id"], "other", "JS")
    # in November nobody wrote down as what the one of ZG came
    next(r for r in R.of("attendance", meeting_id="LH5") if r["represents_org_id"] == "ZG")["post"] = None
    # in September nothing of what was agreed has a time
    for row in R.of("rectifications", meeting_id="LH4"):
        row["due_on"] = None
    # of June's, one was late in September, another had been given more time
    late, extended = R.of("rectifications", meeting_id="LH3")
    late["closed_on"] = d("09-24")
    extended.update(due_on=d("08-01"), extended_to=d("09-30"), closed_on=d("09-27"))


def there(meeting: str, who: str, post: str, org: str) -> None:
    R.add("attendance", meeting_id=meeting, member_id=who, status="present", post=post, represents_org_id=org)


def agreed(meeting: str, day: date, what: str) -> None:
    due = day + timedelta(days=CHANCE.randrange(25, 40))
    R.add("rectifications", id=R.number("YD"), org_id="TZB", meeting_id=meeting, source="党派负责人例会", problem=what,
          owner=CHANCE.choice(["秘书科", "党派科", "服务中心"]), found_on=day, due_on=due, extended_to=None,
          closed_on=due - timedelta(days=CHANCE.randrange(1, 12)))  # fmt: skip


# ------------------------------------------------------------------------------------------ opinions and replies


def proposals() -> None:
    for org in PARTIES:
        for kind, title in (("research_report", "centralized"), ("research_report", "own"), ("consultation", None)):
            if org == "TM" and title != "centralized":
                continue
            opinion(org, kind, title, some_day("02-20" if org != "TM" else "08-01", "09-20"))
    opinion("MM", "suggestion", None, d("05-06"))["replied_on"] = None  # neither consultation nor report: no reply owed
    for org, day in (("MG", "11-12"), ("MJ", "11-21"), ("JS", "12-03")):  # ninety days are not over
        opinion(org, "consultation", None, d(day)).update(replied_on=None, implemented_on=None)
    reports = {org: R.of("proposals", org_id=org, kind="research_report") for org in PARTIES}
    reports["NG"][0]["topic_source"] = "own"  # no report on a topic that was set
    reports["ZG"][0]["topic_source"] = None
    reports["ZG"][1]["topic_source"] = None
    first, second = reports["JJ"]
    late(first, 104)
    first["reply_form"] = "oral"
    late(second, 131)
    reports["MM"][1].update(implemented_on=reports["MM"][1]["replied_on"] + timedelta(days=10))  # replied before
    R.of("proposals", org_id="MG", kind="consultation")[0].update(replied_on=None, implemented_on=None)  # never
    R.of("proposals", org_id="JS", kind="consultation")[0]["reply_form"] = None


def late(row: Row, days: int) -> None:
    row["replied_on"] = row["received_on"] + timedelta(days=days)


def opinion(org: str, kind: str, source: str | None, day: date) -> Row:
    studied = day + timedelta(days=CHANCE.randrange(7, 20))
    done = studied + timedelta(days=CHANCE.randrange(10, 40))
    department = f"U{CHANCE.randrange(11, 23)}"
    return R.add("proposals", id=R.number("YJ"), org_id=org, kind=kind, received_on=day, topic_source=source,
                 studied_on=studied, implemented_on=done, replied_on=done + timedelta(days=CHANCE.randrange(1, 20)),
                 reply_form="written", department_id=department)  # fmt: skip


def appraisals() -> None:
    asked = [u["id"] for u in R.of("units", kind="government") if R.of("proposals", department_id=u["id"])]
    for unit in (f"U{n}" for n in range(11, 11 + len(DEPARTMENTS))):
        items: list[str] | None = ["business", "party_building", "proposal_handling"]
        if unit == asked[2]:
            items = ["business", "party_building"]
        if unit == asked[5]:
            items = None
        R.add(
            "appraisals",
            id=R.number("KH"),
            org_id=None,
            unit_id=unit,
            kind="work",
            year=2024,
            held_on=d("2025-01-10"),
            items=items,
        )


# ------------------------------------------------------------------------------------------ the year of a party


def the_year() -> None:
    works = ["参政议政信息报送", "重点课题调研", "社会服务活动", "骨干成员培训", "示范支部创建"]
    for org in PARTIES:
        if org != "TM":
            for duty in DUTIES:
                for _ in range(CHANCE.randrange(1, 4)):
                    activity(org, duty, some_day("01-15", "12-20"))
        for work in () if org == "ZG" else works:  # ZG has no tasks
            task = R.number("RW")
            R.add("tasks", id=task, org_id=org, year=2024, content=work, owner=f"{PARTIES[org][1]}办公室",
                  due_on=d("11-30"), effect="按期完成", done_on=some_day("10-08", "11-28"))  # fmt: skip
            score(org, task, CHANCE.randrange(84, 99), some_day("12-02", "12-27"))
        score(org, None, CHANCE.randrange(86, 98), some_day("12-20", "12-31"))
    R.drop("activities", org_id="JJ", duty="oversight")
    for row in R.of("activities", org_id="NG", duty="political_consultation"):
        row["duty"] = None
    R.drop("activities", org_id="ZG", duty="oversight")
    R.add("activities", id=R.number("HD"), org_id="ZG", kind="participation", duty="oversight", held_on="2024年6月31日")
    tasks = {org: R.of("tasks", org_id=org) for org in PARTIES}
    tasks["MJ"][1]["owner"] = None
    tasks["NG"][3]["due_on"] = None
    R.drop("scores", task_id=tasks["MG"][4]["id"])
    R.the("scores", org_id="JS", task_id=None)["score"] = 104  # more than a hundred
    R.the("scores", org_id="NG", task_id=None)["score"] = None
    R.the("scores", org_id="JJ", task_id=None)["scored_on"] = d("10-25")  # before the end of the year


def activity(org: str, duty: str, day: date) -> None:
    kind = "social_service" if duty == "social_service" else "participation"
    R.add("activities", id=R.number("HD"), org_id=org, kind=kind, duty=duty, held_on=day)


def score(org: str, task: str | None, points: int, day: date) -> None:
    part = None if task else "total"
    R.add("scores", id=R.number("DF"), org_id=org, task_id=task, year=2024, part=part, score=points, scored_on=day)


def funds() -> None:
    for year in (2023, 2024):
        for org in PARTIES:
            if org == "TM" and year == 2023:
                continue
            amount = CHANCE.randrange(60, 120) * 1000
            managed = "区党派服务中心"
            if (org, year) == ("ZG", 2024):
                managed = "致公党办公室"  # a second one
            R.add("funds", id=R.number("JF"), org_id=org, year=year, line="party_special", source="budget",
                  requested=amount, budgeted=amount, disbursed=amount, disbursed_on=date(year, 3, CHANCE.randrange(4, 28)),
                  manager=managed)  # fmt: skip


def attestations() -> None:
    def told(rule: str, answer: bool | None, **subject: str) -> None:
        R.add("attestations", id=R.number("ZC"), rule=rule, answer=answer, year=2024, **subject,
              attested_by="区委统战部党派科", attested_on=d("2025-01-15"))  # fmt: skip

    for org in PARTIES:
        if org == "TM":
            continue
        told("UFB-18", org != "MJ", org_id=org)
        if org != "JS":  # did not answer
            told("UFB-27", True, org_id=org)
        if org != "ZG":
            told("UFB-20", None if org == "MM" else org != "NG", org_id=f"{org}-1")
    told("UFB-15", True, facility_id="F02")
    for place in ("F05", "F06", "F07"):
        told("UFB-24", place != "F06", facility_id=place)


# ------------------------------------------------------------------------------------------ the files

HEADINGS = {
    "members": {"org_id": "所在组织", "affiliation": "加入何民主党派"},
    "meetings": {"org_id": "召开组织", "kind": "会议类别", "convener_post": "主持人职务"},
    "proposals": {"id": "意见编号", "org_id": "提出党派", "received_on": "收件日期", "department_id": "承办部门"},
    "rectifications": {"id": "序号", "meeting_id": "来源会议", "problem": "议定事项"},
    "funds": {"org_id": "党派", "line": "预算科目", "disbursed_on": "到账日期"},
}
MANIFEST = """\
# 清溪区委统战部随 2024 年台账报送的说明
standards: [united-front-base]
as_of: 2025-01-31
period: {from: 2024-01-01, to: 2024-12-31}
submitted_by: 清溪区委统战部党派科
"""


def main() -> None:
    for step in (
        units_and_organizations, people, facilities, documents, meetings, proposals, appraisals, the_year, funds,
        attestations,
    ):  # fmt: skip
        step()
    t, out = R.tables, Folder(HERE, HEADINGS)
    out.text("orgaudit.yaml", MANIFEST)
    out.csv("单位.csv", "units", t["units"])
    out.csv("组织.csv", "organizations", t["organizations"])
    out.csv("人员名册.csv", "members", t["members"])
    out.csv("任职台账.csv", "positions", t["positions"])
    out.csv("双重领导.csv", "position_supervisors", t["position_supervisors"])
    out.csv("场所台账.csv", "facilities", t["facilities"])
    out.yaml("标准.yaml", {"documents": t["documents"]})
    out.csv("例会/会议.csv", "meetings", t["meetings"])
    out.csv("例会/签到表.csv", "attendance", t["attendance"])
    out.csv("例会/整改台账.csv", "rectifications", t["rectifications"])
    out.csv(
        "意见建议台账.csv",
        "proposals",
        sorted(t["proposals"], key=lambda r: (r["received_on"], r["id"])),
        encoding="gb18030",
    )
    out.csv("部门考核/考核台账.csv", "appraisals", t["appraisals"])
    out.csv("活动台账.csv", "activities", sorted(t["activities"], key=lambda r: r["id"]))
    out.xlsx(
        "任务与评价.xlsx",
        {"任务台账": ("tasks", t["tasks"]), "考核得分": ("scores", t["scores"])},
        "清溪区民主党派2024年度",
    )
    out.csv("专项经费.csv", "funds", t["funds"])
    out.csv("自查表.csv", "attestations", t["attestations"])


if __name__ == "__main__":
    main()
