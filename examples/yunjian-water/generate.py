"""The records of the branches of Yunjian's water bureau for 2024, an invented office, with stories planted in them.

    python examples/yunjian-water/generate.py [FOLDER]

rewrites `records/` beside this file (or below the folder), always to the same bytes. Ordinary life keeps every rule
of `branch-standardization`; whatever an audit finds was planted, and is told in `stories.yaml`. The bureau hands in
its records on 10 January: the scores of the fourth quarter may still be published until the 15th.
"""

from __future__ import annotations

import random
import sys
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from writing import Folder, Records, Row, names  # noqa: E402

CHANCE = random.Random(20250110)
NAME = names(3)
R = Records()

BRANCHES = {  # branch: name, superior, members, has a committee, from, until
    "B01": ("办公室党支部", "JG", 9, True, None, None),
    "B02": ("规划建设科党支部", "JG", 8, True, None, None),
    "B03": ("水资源科党支部", "JG", 7, True, None, None),
    "B04": ("河湖管理科党支部", "JG", 7, True, None, None),
    "B05": ("财务审计科党支部", "JG", 7, True, None, None),
    "B06": ("执法支队党支部", "JG", 9, True, None, None),
    "B07": ("信息中心党支部", "JG", 5, False, None, None),
    "B08": ("供水公司党支部", "XT", 9, True, None, None),
    "B09": ("排水公司党支部", "XT", 8, True, None, None),
    "B10": ("设计院党支部", "XT", 7, True, None, None),
    "B11": ("检测站党支部", "XT", 4, False, None, None),
    "B12": ("离退休第一党支部", "LT", 6, False, None, None),
    "B13": ("离退休第二党支部", "LT", 4, False, None, None),
    "B14": ("智慧水务公司党支部", "XT", 5, False, "06-03", None),
    "B15": ("引水工程临时党支部", "JG", 0, False, "01-15", "09-30"),
}
GROUPS = {"G1": "B01", "G2": "B01", "G3": "B06", "G4": "B06", "G5": "B08", "G6": "B08"}
POSTS = ["secretary", "organization_officer", "publicity_officer", "discipline_officer"]
SYSTEMS = {  # paper: what it holds
    "党支部集体领导和“三会一课”制度": ["collective_leadership", "three_meetings"],
    "民主生活和民主评议党员制度": ["committee_democratic_life", "appraisal"],
    "党员教育、主题党日制度": ["member_education", "party_day"],
    "党员政治生日制度": ["political_birthday"],
    "联系群众和公开承诺制度": ["mass_contact", "public_pledge"],
    "党风廉政责任和创先争优制度": ["clean_conduct", "striving"],
    "报告工作制度": ["work_report"],
}
STANDARDS = ["three_meetings", "democratic_life", "recruitment", "appraisal", "publicity", "transfers", "dues", "election",
             "archives", "discipline"]  # fmt: skip
PAPERS = {  # what the directory lists for branches and for groups
    "branch": ["支部工作计划", "支部党员大会记录", "支部委员会会议记录", "党课记录", "主题党日记录", "组织生活会材料",
               "民主评议党员材料", "党费收缴记录", "发展党员材料", "谈心谈话记录"],
    "group": ["党小组会记录", "学习笔记", "党小组活动记录"],
}  # fmt: skip
PARTS = ["work", "party_life", "systems", "conduct"]
PROBLEMS = ["理论学习不够系统", "联系群众不够经常", "业务钻研不深", "参加活动不够积极"]
OLD, NEW = "中发〔2018〕32号", "云水党〔2024〕6号"


def d(text: str) -> date:
    """A date, of 2024 unless it says its year."""
    return date.fromisoformat(f"2024-{text}" if len(text) == 5 else text)


def some_day(first: str, last: str) -> date:
    return d(first) + timedelta(days=CHANCE.randrange((d(last) - d(first)).days + 1))


def living(day: str) -> list[str]:
    """Branches that there are on a day."""
    return [b for b, (*_, first, last) in BRANCHES.items() if d(first or "01-01") <= d(day) <= d(last or "2025-12-31")]


# ------------------------------------------------------------------------------------------ organizations and people


def organizations() -> None:
    def org(id: str, name: str, kind: str, parent: str | None, **cells: object) -> None:
        R.add("organizations", id=id, name=name, kind=kind, parent_id=parent, **cells)

    org("DZ", "云涧市水务局党组", "leading_group", None)
    org("JG", "云涧市水务局机关党委", "office_committee", "DZ")
    org("XT", "云涧水务集团党委", "committee", "JG")
    org("LT", "离退休干部党总支", "general_branch", "JG")
    org("LX", "机关党支部标准化创建领导小组", "steering_group", "JG")
    org("LY", "集团党支部标准化创建领导小组", "steering_group", "XT")
    for id, (name, parent, _, committee, first, last) in BRANCHES.items():
        kind = "temporary_branch" if "临时" in name else "branch"
        org(id, name, kind, parent, has_committee=committee, established_on=d(first) if first else None,
            dissolved_on=d(last) if last else None)  # fmt: skip
    for id, branch in GROUPS.items():
        org(id, f"{BRANCHES[branch][0][:-3]}第{2 - int(id[1]) % 2}党小组", "group", branch)


def person(org: str, group: str | None = None) -> str:
    id = R.number("M")
    joined = date(CHANCE.randrange(1996, 2019), CHANCE.randrange(1, 13), CHANCE.randrange(1, 28))
    approved = joined + timedelta(days=CHANCE.randrange(15, 40))
    R.add("members", id=id, name=next(NAME), org_id=org, group_id=group, status="full", joined_on=joined, approved_on=approved,
          full_on=joined.replace(year=joined.year + 1))  # fmt: skip
    return id


def people() -> None:
    for org, posts in {
        "JG": ["secretary", "deputy_secretary", "committee_member"],
        "XT": ["secretary", "deputy_secretary"],
    }.items():
        for n, post in enumerate(posts):
            who = person("B01" if org == "JG" else "B08")
            seat(who, org, post, business="分管业务", party="联系支部")
            seat(who, "LX" if org == "JG" else "LY", "head" if n == 0 else "group_member", "统筹工程建设", "创建工作")
    for branch, (_, _, size, committee, first, _) in BRANCHES.items():
        groups = [g for g, b in GROUPS.items() if b == branch]
        who = [person(branch, groups[n % 2] if groups else None) for n in range(size)]
        for n, post in enumerate(POSTS if committee else POSTS[:1]):
            if who:
                seat(who[n], branch, post, since=first)
    R.the("positions", org_id="XT", post="deputy_secretary")["duty_business"] = None  # no business duty
    R.drop("positions", org_id="B04", post="discipline_officer")  # nobody
    R.the("positions", org_id="B05", post="publicity_officer")["post"] = None  # which post, nobody wrote down
    R.drop("positions", org_id="B13", post="secretary")  # no secretary
    R.drop("positions", org_id="LY", post="head")  # a leading group without a head
    # the secretary of B10 changed in May
    old = R.the("positions", org_id="B10", post="secretary")
    old["end_on"] = d("05-19")
    seat(R.of("members", org_id="B10")[5]["id"], "B10", "secretary", since="05-20")
    for who, source, target, day in (
        (R.of("members", org_id="B02")[6], "B02", "B03", "05-13"),
        (R.of("members", org_id="B09")[7], "B09", "B14", "07-01"),
    ):
        R.add("transfers", id=R.number("ZJ"), member_id=who["id"], from_org_id=source, to_org_id=target,
              letter_on=d(day) - timedelta(days=9), received_on=d(day), issued_by="organization_department")  # fmt: skip
        who["org_id"] = target


def seat(who: str, org: str, post: str, business: str | None = "本职业务", party: str | None = "支部工作",
         since: str | None = None) -> None:  # fmt: skip
    start = d(since) if since else d("2022-03-10")
    R.add("positions", id=R.number("Z"), member_id=who, org_id=org, post=post, duty_business=business, duty_party=party,
          start_on=start, end_on=None)  # fmt: skip


# ------------------------------------------------------------------------------------------ papers


def documents() -> None:
    def paper(id: str, org: str, kind: str, title: str, topics: list[str] | None, day: str, **cells: object) -> None:
        R.add("documents", id=id, org_id=org, kind=kind, title=title, topics=topics, issued_on=d(day), **cells)

    paper(OLD, "JG", "regulation", "党支部工作条例", ["branch_work"], "2018-11-25")
    paper(NEW, "JG", "regulation", "党支部工作规定实施细则", ["branch_work"], "02-20")
    for body in ("JG", "XT"):
        for title, topics in SYSTEMS.items():
            if (body, title) not in {("JG", "党员政治生日制度"), ("XT", "报告工作制度")}:  # each lacks one
                revised = None if (body, title) == ("XT", "党员政治生日制度") else d("2023-11-20")
                paper(f"{body}-{R.number('ZD')}", body, "system", title, topics, "2019-05-10", revised_on=revised)
        for topic in STANDARDS:
            if (body, topic) != ("XT", "publicity"):
                paper(f"{body}-{R.number('GB')}", body, "management_standard", "管理标准", [topic], "2021-04-01")
        paper(f"{body}-ML", body, "archive_directory", "党支部和党小组档案管理目录", ["archives"], "2020-03-02")
        for level, items in PAPERS.items():
            for item in items:
                R.add("document_items", document_id=f"{body}-ML", level=level, item=item)
        paper(
            f"{body}-MB",
            body,
            "target",
            "2024年度标准化建设目标",
            ["standardization"],
            "03-11" if body == "JG" else "04-18",
            year=2024,
        )
        for n in range(3 if body == "JG" else 1):
            paper(f"{body}-LC{n}", body, "process", "工作流程", None, "2022-06-01")
    for topic in ("recruitment", "democratic_life"):  # and none of elections
        paper(f"JG-{R.number('ZN')}", "JG", "guide", "党建工作指南", [topic], "2022-09-01")
    for org in [*BRANCHES, *GROUPS]:
        if org not in ("G4", "B14"):  # a group without a target; a branch founded in June
            paper(
                f"{org}-MB",
                org,
                "target",
                "2024年度目标",
                ["standardization"],
                "03-25",
                year=None if org == "B12" else 2024,
            )


def receipts() -> None:
    for branch in living("03-21"):
        late = {"B06": "03-28"}.get(branch)  # the 20th of March would have been in time
        if branch != "B11":  # never signed
            day = d(late) if late else some_day("02-22", "03-18")
            R.add("receipts", document_id=NEW, org_id=branch, received_on=None if branch == "B09" else day)
        if branch not in ("B15", "B10"):  # B10 never signed for the old one
            R.add("receipts", document_id=OLD, org_id=branch, received_on=some_day("2018-12-03", "2018-12-20"))


def archives() -> None:
    for org in [*BRANCHES, *GROUPS]:
        for item in PAPERS["group" if org in GROUPS else "branch"]:
            if (org, item) != ("B07", "谈心谈话记录"):  # not in the list at all
                R.add("archives", org_id=org, item=item, present=True)
    R.the("archives", org_id="B03", item="党课记录")["present"] = False
    R.the("archives", org_id="B12", item="党费收缴记录")["present"] = None
    R.the("archives", org_id="G5", item="学习笔记")["present"] = False


# ------------------------------------------------------------------------------------------ meetings and trainings


def meetings() -> None:
    def meeting(org: str, kind: str, day: date, topic: str, subjects: list[str] | None) -> str:
        id = R.number("H", 4)
        R.add("meetings", id=id, org_id=org, kind=kind, held_on=day, topic=topic, subjects=subjects)
        return id

    for branch in BRANCHES:
        if branch not in ("B14", "B15"):
            meeting(branch, "study", some_day("2018-12-21", "2019-03-20"), "学习条例", ["branch_work_regulation"])
        for month, subjects in ((3, ["branch_work_regulation", "party_rules"]), (5, ["law"]), (8, ["line_and_policy"]),
                                (11, ["party_affairs", "party_constitution"])):  # fmt: skip
            first = f"{month:02}-04"
            known: list[str] | None = subjects
            if branch == "B14" and month == 3:
                first, known = "07-04", ["branch_work_regulation"]
            if branch not in living(first) or (branch, month) == ("B13", 3):  # B13 did not study it again
                continue
            if (branch, month) == ("B07", 5):  # not law
                known = ["profession"]
            if (branch, month) == ("B09", 8):
                known = None
            meeting(branch, "study", some_day(first, f"{first[:2]}-26"), "集中学习", known)
        for month in (2, 4, 7, 10):
            if branch in living(f"{month:02}-10"):
                meeting(branch, "general", some_day(f"{month:02}-10", f"{month:02}-27"), "支部党员大会", ["other"])
    meeting("JG", "study", d("03-06"), "学习实施细则", ["branch_work_regulation"])
    meeting("XT", "study", d("2019-01-15"), "学习条例", ["branch_work_regulation"])  # not the new one
    for day in ("02-28", "05-22", "11-13"):  # none in the third quarter
        id = meeting("JG", "secretaries_meeting", d(day), "标准化建设座谈", ["party_affairs"])
        for branch in living(day):
            for row in R.of("positions", org_id=branch, post="secretary"):
                if row["start_on"] <= d(day) <= (row["end_on"] or date.max):
                    away = branch in ("B12", "B05") or (branch == "B03" and day != "05-22")
                    R.add(
                        "attendance", meeting_id=id, member_id=row["member_id"], status="excused" if away else "present"
                    )
    for id, org, day, subjects in (
        ("PX1", "JG", "04-16", ["party_constitution", "party_rules"]),
        ("PX2", "JG", "09-12", ["party_history"]),
        ("PX3", "XT", "06-19", ["party_constitution"]),  # and nothing of history
    ):
        R.add("trainings", id=id, org_id=org, kind="concentrated", held_on=d(day), topic="集中培训", subjects=subjects,
              audience=["members"])  # fmt: skip
        below = [
            b
            for b, (_, parent, *_) in BRANCHES.items()
            if b in living(day) and (parent == org or (parent == "LT" and org == "JG"))
        ]
        here = [m["id"] for m in R.tables["members"] if m["org_id"] in below and m["org_id"] not in ("B05", "B12")]
        for who in here[::2] if id == "PX2" else here[1::2]:
            R.add("training_attendance", training_id=id, member_id=who)
    gone = R.the("positions", org_id="B12", post="secretary")["member_id"]  # the secretary of B05 heard a training
    R.add(
        "training_attendance",
        training_id="PX1",
        member_id=R.the("positions", org_id="B05", post="secretary")["member_id"],
    )
    R.tables["training_attendance"] = [r for r in R.tables["training_attendance"] if r["member_id"] != gone]
    for branch in BRANCHES:
        if branch not in ("B10", "B14"):  # nobody came to B10
            R.add("activities", id=R.number("ZF"), org_id=branch, kind="visit", held_on=some_day("02-01", "08-30"))


# ------------------------------------------------------------------------------------------ tasks, appraisals, scores


def tasks_and_appraisals() -> None:
    for branch in BRANCHES:
        for content, due in (
            ("支部工作计划制定", "03-31"),
            ("阵地建设", "09-30"),
            ("档案规范", "11-30"),
            ("年度自评", "2025-01-31"),
        ):
            if branch not in ("B11", "B14", "B15"):  # nothing was broken down for B11
                R.add("tasks", id=R.number("RW"), org_id=branch, year=2024, content=content, owner="支部书记", due_on=d(due),
                      effect="按要求完成" if due < "2" else None)  # fmt: skip
        if branch not in ("B14", "B15"):
            items: list[str] | None = ["party_building", "standardization", "business"]
            items = {"B06": ["business"], "B08": None}.get(branch, items)
            R.add(
                "appraisals", id=R.number("KH"), org_id=branch, kind="work", year=2024, held_on=d("12-20"), items=items
            )
    R.of("tasks", org_id="B02")[1]["owner"] = None
    R.of("tasks", org_id="B03")[2]["effect"] = None  # due in November
    R.of("tasks", org_id="B09")[0]["due_on"] = None
    for n, branch in enumerate(b for b in BRANCHES if b not in ("B14", "B15")):
        points: int | None = {"B07": 58, "B12": None}.get(branch, 78 + n)
        if branch != "B13":  # no result
            score(branch, None, 2023, None, "total", points, d("2024-01-15"))
    for branch, member in (("B01", None), ("B07", None), ("B13", None), ("B12", None), ("B06", 2), ("B08", 3)):
        who = R.of("members", org_id=branch)[member]["id"] if member is not None else None
        R.add(
            "awards",
            id=R.number("BZ"),
            org_id=branch,
            member_id=who,
            year=2024,
            kind="先进党支部" if who is None else "优秀党员",
        )


def score(
    org: str, member: str | None, year: int, quarter: int | None, part: str, points: int | None, published: date | None
) -> Row:
    return R.add("scores", id=R.number("DF", 4), org_id=org, member_id=member, year=year, quarter=quarter, part=part, score=points,
                 published_on=published)  # fmt: skip


def member_scores() -> None:
    for quarter, (end, after) in enumerate(
        [("03-31", "04-10"), ("06-30", "07-09"), ("09-30", "10-12"), ("12-31", "2025-01-08")], 1
    ):
        for row in R.tables["members"]:
            branch = next(
                (t["from_org_id"] for t in R.of("transfers", member_id=row["id"]) if t["received_on"] > d(end)),
                row["org_id"],
            )
            if branch not in living(end):
                continue
            day: date | None = d(after) - timedelta(days=int(branch[1:]) % 4)
            if (branch, quarter) == ("B13", 1):
                day = d("04-22")  # late
            if (branch, quarter) == ("B11", 4):
                day = None  # not yet
            for part in PARTS:
                score(branch, row["id"], 2024, quarter, part, CHANCE.randrange(19, 26), day)
    who = {b: [m["id"] for m in R.of("members", org_id=b)] for b in BRANCHES}
    R.drop("scores", member_id=who["B03"][4], quarter=2)  # nothing in the second quarter
    R.drop("scores", member_id=who["B06"][5], quarter=3, part="conduct")
    R.the("scores", member_id=who["B09"][3], quarter=1, part="systems")["part"] = None
    for row in R.of("scores", member_id=who["B08"][6], quarter=2):
        row["published_on"] = "七月上旬"  # no day


# ------------------------------------------------------------------------------------------ problem lists


def rectifications() -> None:
    """One problem a member, some two; found in spring, closed in time."""
    for n, row in enumerate(R.tables["members"]):
        if n % 9 == 4:
            problem(row, some_day("07-02", "09-20"))
        problem(row, some_day("02-19", "03-29"))
    by_branch = {b: [m["id"] for m in R.of("members", org_id=b)] for b in BRANCHES}
    R.drop("rectifications", member_id=by_branch["B02"][3])  # nothing on the list
    first = {b: R.of("rectifications", member_id=people[1])[0] for b, people in by_branch.items() if len(people) > 1}
    first["B03"]["measure"] = None
    first["B04"]["owner"] = None
    first["B05"]["due_on"] = None
    first["B05"].update(closed_on=d("05-30"))
    first["B06"]["closed_on"] = first["B06"]["due_on"] + timedelta(days=20)  # late
    first["B07"].update(due_on=d("05-31"), extended_to=d("06-30"), closed_on=d("06-21"))  # extended
    first["B08"]["evidence"] = None
    for branch, reviewed in {
        "B09": ["06-11", "09-10", "12-11"],
        "B10": ["06-12", "12-10"],
    }.items():  # B10 not in the third quarter
        first[branch].update(due_on=d("2025-03-31"), closed_on=None, evidence=None)
        for day in reviewed:
            R.add(
                "rectification_reviews",
                id=R.number("HC"),
                rectification_id=first[branch]["id"],
                reviewed_on=d(day),
                note="正在整改",
            )
    first["B12"].update(due_on=d("06-28"), closed_on=None, evidence=None)  # never closed, though reviewed
    for day in ("06-13", "09-12", "12-12"):
        R.add(
            "rectification_reviews",
            id=R.number("HC"),
            rectification_id=first["B12"]["id"],
            reviewed_on=d(day),
            note="未完成",
        )


def problem(row: Row, found: date) -> None:
    due = found + timedelta(days=CHANCE.randrange(35, 80))
    R.add("rectifications", id=R.number("WT"), org_id=row["org_id"], member_id=row["id"], source="党员自查",
          measure="制定措施并落实", problem=CHANCE.choice(PROBLEMS), owner=row["name"],
          found_on=found, due_on=due, extended_to=None, closed_on=due - timedelta(days=CHANCE.randrange(1, 14)),
          evidence="整改报告")  # fmt: skip


def attestations() -> None:
    def told(rule: str, org: str, answer: bool | None) -> None:
        R.add("attestations", id=R.number("ZC"), org_id=org, rule=rule, answer=answer, year=2024, attested_by="机关党委专职副书记",
              attested_on=d("2025-01-06"))  # fmt: skip

    for branch in living("12-31"):
        if branch != "B14":
            told("BST-5-1", branch, {"B07": False, "B12": None}.get(branch, True))
    for rule in ("BST-16", "BST-17", "BST-21", "BST-34"):
        told(rule, "JG", True)
        if rule != "BST-17":  # the group did not answer
            told(rule, "XT", rule == "BST-16")


# ------------------------------------------------------------------------------------------ the files

HEADINGS = {
    "organizations": {"id": "党组织编号", "kind": "党组织类别", "parent_id": "上级组织"},
    "members": {
        "id": "党员编号",
        "org_id": "所在支部",
        "status": "党员类别",
        "joined_on": "入党时间",
        "full_on": "转正时间",
    },
    "positions": {"member_id": "党员编号", "org_id": "所在组织", "post": "党内职务"},
    "scores": {"org_id": "所在党支部", "part": "考评项目", "score": "分值"},
    "rectifications": {"id": "序号", "org_id": "所在党支部", "measure": "完成措施", "closed_on": "销号时间"},
    "tasks": {"org_id": "责任单位", "content": "工作内容", "effect": "成效"},
}
MANIFEST = """\
# 云涧市水务局机关党委随 2024 年台账报送的说明
standards: [branch-standardization]
as_of: 2025-01-10
period: {from: 2024-01-01, to: 2024-12-31}
submitted_by: 云涧市水务局机关党委
covers:
  meetings: {from: 2018-11-25}                      # 条例印发以来的学习
  trainings: {from: 2018-11-25}
  scores: {from: 2023-01-01}                        # 上年度考核结果
"""


def main() -> None:
    for step in (
        organizations, people, documents, receipts, archives, meetings, tasks_and_appraisals, member_scores, rectifications,
        attestations,
    ):  # fmt: skip
        step()
    t, out = R.tables, Folder(HERE, HEADINGS)
    out.text("orgaudit.yaml", MANIFEST)
    out.csv("党组织.csv", "organizations", t["organizations"])
    out.csv("党员名册.csv", "members", t["members"])
    out.csv("组织关系转接.csv", "transfers", t["transfers"])
    out.csv("任职台账.csv", "positions", t["positions"])
    sheets = {"制度文件": "documents", "目录条目": "document_items", "签收表": "receipts", "档案台账": "archives"}
    out.xlsx("制度和档案.xlsx", {name: (table, t[table]) for name, table in sheets.items()}, "云涧市水务局")
    for year in sorted({m["held_on"].year for m in t["meetings"]}):
        held = [m for m in t["meetings"] if m["held_on"].year == year]
        out.csv(f"会议台账（{year}年）.csv", "meetings", sorted(held, key=lambda m: (m["held_on"], m["id"])))
    out.csv("签到表.csv", "attendance", t["attendance"])
    out.csv("培训台账.csv", "trainings", t["trainings"])
    out.csv("参训名单.csv", "training_attendance", t["training_attendance"])
    out.csv("走访台账.csv", "activities", t["activities"])
    out.csv("标准化台账.csv", "tasks", t["tasks"])
    out.csv("考核/考核台账.csv", "appraisals", t["appraisals"])
    out.csv("考核/考核结果（2023年度）.csv", "scores", [s for s in t["scores"] if s["year"] == 2023])
    for quarter in range(1, 5):
        out.csv(
            f"考核/考评得分（2024年第{quarter}季度）.csv", "scores", [s for s in t["scores"] if s["quarter"] == quarter]
        )
    out.csv("考核/表彰.csv", "awards", t["awards"])
    sheets = {"问题清单": "rectifications", "整改核查": "rectification_reviews"}
    out.xlsx("问题清单和整改台账.xlsx", {name: (table, t[table]) for name, table in sheets.items()})
    out.yaml("自查.yaml", {"attestations": t["attestations"]})


if __name__ == "__main__":
    main()
