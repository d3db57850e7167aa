"""The records of Linjiang Street for 2024, an invented sub-district, and the stories planted in them.

    python examples/linjiang-street/generate.py

rewrites `records/` and `stories.yaml` beside this file, always to the same bytes. Ordinary life keeps every rule;
whatever an audit finds was planted. `plot.csv` tells each story in words and says what an audit must come to: every
check that fails, is unknown or pending, and some that pass or do not apply for a reason worth telling. The functions
below make the records fit the plot; who plays a part is known to the plot by the part's name.
"""

from __future__ import annotations

import csv
import io
import random
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FIRST, LAST = date(2024, 1, 1), date(2024, 12, 31)
ALL_YEAR = range(1, 13)
Row = dict[str, Any]

PLANTS = (
    "银杏 白杨 芦苇 松烟 柳絮 桂枝 紫藤 海棠 梧桐 青竹 木槿 石榴 桑叶 茶花 兰草 "
    "枫林 榆钱 荷塘 菖蒲 苍耳 蒲公英 忍冬 杜仲 半夏 决明 连翘 辛夷 茯苓 远志 当归"
).split()
THINGS = "晨 帆 砚 笛 溪 岚 舟 钟 灯 桥 石 云 墨 弦 沙 月 瓦 雪 鼓 星".split()
ESTATES = "桃源里 蓬莱里 子虚里 乌有里 镜花里 水月里 云梦里 烟波里 南柯里 黄粱里 武陵里 瀛洲里".split()


def d(text: str) -> date:
    """A date, of 2024 unless it says its year."""
    return date.fromisoformat(f"2024-{text}" if len(text) == 5 else text)


def last_friday(month: int) -> date:
    day = date(2024 + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return day - timedelta(days=(day.weekday() - 4) % 7)


# ---------------------------------------------------------------------------------------------------- the world


@dataclass
class Branch:
    """What the generator needs to know of a branch to let it live an ordinary year."""

    id: str
    name: str
    kind: str
    unit: str | None
    size: int
    committee: bool = False
    merged: bool = False
    first: date = date(2000, 1, 1)
    last: date = LAST
    groups: list[str] = field(default_factory=list)


@dataclass
class World:
    """All tables as lists of rows in canonical names; who has a story; who or what plays which part."""

    tables: dict[str, list[Row]] = field(default_factory=lambda: {t: [] for t in HEADINGS})
    branches: dict[str, Branch] = field(default_factory=dict)
    random: random.Random = field(default_factory=lambda: random.Random(20241231))
    cast: set[str] = field(default_factory=set)
    parts: dict[str, Row] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)

    def add(self, table: str, **cells: Any) -> Row:
        self.tables[table].append(cells)
        return cells

    def number(self, prefix: str) -> str:
        self.counters[prefix] = self.counters.get(prefix, 0) + 1
        return f"{prefix}{self.counters[prefix]:04}"

    def play(self, part: str, row: Row) -> Row:
        self.parts[part] = row
        return row

    # -- finding

    def full_members(self, branch: str) -> list[Row]:
        return [p for p in self.tables["members"] if p["org_id"] == branch and p["status"] == "full"]

    def take(self, branch: str, status: str = "full", part: str | None = None) -> Row:
        """Somebody of the branch who has no story yet; never the first on its list, who is its secretary."""
        for p in self.tables["members"]:
            if (p["org_id"], p["status"]) == (branch, status) and p["id"] not in self.cast and not p.get("secretary"):
                self.cast.add(p["id"])
                return self.play(part, p) if part else p
        raise LookupError(f"nobody left in {branch} who is {status}")

    def meeting(self, org: str, kind: str, month: int) -> Row:
        for m in self.tables["meetings"]:
            if (m["org_id"], m["kind"]) == (org, kind) and (m["held_on"].year, m["held_on"].month) == (2024, month):
                return m
        raise LookupError(f"no {kind} of {org} in month {month}")

    def rows_of(self, person: Row, months: Iterable[int]) -> list[Row]:
        """The attendance rows of a person in these months of the year."""
        rows = (r for r in self.tables["attendance"] if r["member_id"] == person["id"])
        days = set(months)
        return [r for r in rows if r["meeting"]["held_on"].month in days and r["meeting"]["held_on"].year == 2024]

    # -- changing what was ordinary

    def drop_meeting(self, org: str, kind: str, month: int) -> None:
        self.tables["meetings"].remove(self.meeting(org, kind, month))

    def move_party_day(self, org: str, month: int, to: str, approved: str | None, reason: str | None, part: str) -> Row:
        meeting = self.play(part, self.meeting(org, "party_day", month))
        meeting.update(moved_from=meeting["held_on"], held_on=d(to), move_reason=reason)
        if approved:
            parent = next(o["parent_id"] for o in self.tables["organizations"] if o["id"] == org)
            paper = {"kind": "move_party_day", "approved_by_id": parent, "approved_on": d(approved)}
            self.add("approvals", id=self.number("PF"), org_id=org, **paper, meeting_id=meeting["id"])
        return meeting

    def absent(self, person: Row, *months: int) -> None:
        """On no list of these months as present."""
        for row in self.rows_of(person, months):
            row.update(status="absent", reason=None)

    def excuse(self, person: Row, first: date, last: date, reason: str) -> None:
        for row in self.rows_of(person, ALL_YEAR):
            if first <= row["meeting"]["held_on"] <= last:
                row.update(status="excused", reason=reason)

    def sanction(self, person: Row, kind: str, day: date, **cells: Any) -> Row:
        blank = {"reason": None, "meeting_id": None, "approved_by_id": None, "approved_on": None}
        row = {"id": self.number("CF"), "member_id": person["id"], "kind": kind, "decided_on": day} | blank | cells
        return self.add("sanctions", **row)

    def follow_up(self, person: Row, branch: str, reached: str, *kinds: str, reason: str | None = None) -> None:
        """What the ladder asks for, within thirty days of a step, at the next meeting of the branch."""
        days = {d(reached) + timedelta(days=n) for n in range(1, 31)}
        at = next(m for m in self.tables["meetings"] if m["org_id"] == branch and m["held_on"] in days)
        for kind in kinds:
            cells = {"self_examination": {"meeting_id": at["id"]}, "discipline": {"reason": reason}}.get(kind, {})
            self.sanction(person, kind, at["held_on"], **cells)

    def removal(self, person: Row, meeting: Row, by: str, approved: date | None, part: str) -> None:
        cells = {"meeting_id": meeting["id"], "approved_by_id": by, "approved_on": approved}
        reason = "连续六个月无故不参加组织生活"
        self.play(part, self.sanction(person, "removal", meeting["held_on"], reason=reason, **cells))

    def leave(
        self, person: Row, reason: str, first: str, last: str | None, *, consent: str | None, contact: Row | None = None
    ) -> Row:
        return self.add(
            "leaves", id=self.number("QJ"), member_id=person["id"], reason=reason, from_on=d(first),
            to_on=d(last) if last else None, approved_by="支部书记" if consent else None,
            approved_on=d(consent) if consent else None, contact_id=contact["id"] if contact else None,
        )  # fmt: skip

    def talk(self, person: Row, day: date, by: Row | None, post: str, kind: str = "约谈") -> Row:
        by_id = by["id"] if by else None
        cells = {"held_on": day, "by_member_id": by_id, "by_post": post, "kind": kind}
        return self.add("talks", id=self.number("TH"), member_id=person["id"], **cells)

    def report(self, person: Row, day: date, form: str, document: str | None = None) -> Row:
        cells = {"reported_on": day, "form": form, "document": document}
        return self.add("thought_reports", id=self.number("HB"), member_id=person["id"], **cells)

    def drop_reports(self, person: Row, first: str, last: str) -> None:
        def goes(r: Row) -> bool:
            return r["member_id"] == person["id"] and d(first) <= r["reported_on"] <= d(last)

        self.tables["thought_reports"] = [r for r in self.tables["thought_reports"] if not goes(r)]

    def move(self, person: Row, source: str, target: str, day: str) -> None:
        """A transfer received on a day; the roll shows the person where the transfer led."""
        received = d(day)
        self.add(
            "transfers", id=self.number("ZJ"), member_id=person["id"], from_org_id=source, to_org_id=target,
            requested_on=received - timedelta(days=12), letter_on=received - timedelta(days=8), received_on=received,
            issued_by="organization_department",
        )  # fmt: skip
        person["org_id"], person["group_id"] = target, None


# ------------------------------------------------------------------------------------------ units, organizations

UNITS = [  # id, name, kind, headcount, area, industry
    *(
        (f"U{n:02}", f"{e}居民区", "residential_area", None, "江东" if n < 7 else "江西", None)
        for n, e in enumerate(ESTATES, 1)
    ),
    ("U13", "新桃源里居民区", "residential_area", None, "江东", None),
    ("U14", "新蓬莱里居民区", "residential_area", None, "江西", None),
    ("U15", "烟波物业公司", "property_company", 46, "江西", "物业"),
    ("U16", "镜花大厦", "business_building", 900, "江东", None),
    ("U17", "乌有纺织公司", "new_economic", 130, "江东", "纺织"),
    ("U18", "子虚贸易公司", "new_economic", 64, "江东", "贸易"),
    ("U19", "南柯家具公司", "new_economic", None, "江西", "家具"),
    ("U20", "黄粱智能公司", "high_tech", 35, "江西", "软件"),
    ("U21", "云梦软件公司", "high_tech", 120, "江西", "软件"),
    ("U22", "水月书画社", "new_social", 22, "江东", "文化"),
    ("U23", "蓬莱养老服务中心", "new_social", 55, "江西", "养老"),
    ("U24", "瀛洲民办学堂", "new_social", 60, "江东", "教育"),
    ("U25", "武陵机械公司", "new_economic", 210, "江西", "机械"),
    ("U26", "临江街道办事处", "government", 85, "江东", None),
    ("U27", "临江市场所", "agency", 18, "江东", None),
    ("U28", "临江小学", "school", 74, "江东", "教育"),
    ("U29", "临江地段医院", "hospital", 96, "江西", "医疗"),
    ("U30", "临江粮油公司", "state_enterprise", 150, "江西", "粮油"),
]
NEWLY_BUILT = ("U13", "U14")
BRANCHES = [
    *(
        Branch(f"B{n:02}", f"{e}居民区党支部", "branch", f"U{n:02}", 17, committee=True)
        for n, e in enumerate(ESTATES[:10], 1)
    ),
    Branch("B11", "武陵里居民区党支部", "branch", "U11", 16, merged=True),
    Branch("B12", "瀛洲里居民区党支部", "branch", "U12", 16, merged=True),
    Branch("B13", "镜花大厦联合党支部", "joint_branch", "U16", 14),
    Branch("B14", "新蓬莱里联合党支部", "branch", "U15", 12),
    Branch("B15", "阳光驿站流动党员党支部", "floating_branch", None, 10),
    Branch("B16", "街道机关第一党支部", "branch", "U26", 14, committee=True),
    Branch("B17", "街道机关第二党支部", "branch", "U26", 12),
    Branch("B18", "武陵机械公司党支部", "branch", "U25", 16, committee=True),
    Branch("B19", "云梦软件公司党支部", "branch", "U21", 15),
    Branch("B20", "瀛洲民办学堂党支部", "branch", "U24", 12),
    Branch("B21", "临江小学党支部", "branch", "U28", 0, first=d("05-13")),
    Branch("B22", "蓬莱养老服务中心党支部", "branch", "U23", 8, last=d("08-31")),
    Branch("B23", "临江粮油公司党支部", "branch", "U30", 14),
    Branch("B24", "临江市场所党支部", "branch", "U27", 14),
]
GROUPS = dict(
    zip(
        (f"G{n:02}" for n in range(1, 16)),
        "B01 B01 B02 B02 B03 B03 B04 B04 B05 B05 B06 B07 B11 B12 B18".split(),
        strict=True,
    )
)
COVERED = [
    ("B13", "U16", "2019-03-01"),
    ("B13", "U17", "2019-03-01"),
    ("B14", "U14", "2023-09-01"),
    ("B14", "U15", "2023-09-01"),
]
FOUNDERS = 9  # of B21, who come from B08


def organizations(w: World) -> None:
    for id, name, kind, headcount, area, industry in UNITS:
        new = id in NEWLY_BUILT
        dates = {"opened_on": d("2023-06-30") if new else None, "closed_on": None}
        w.add(
            "units",
            id=id,
            name=name,
            kind=kind,
            headcount=headcount,
            area=area,
            industry=industry,
            newly_built=new,
            **dates,
        )
    organization(w, "D00", "临江街道党工委", "committee", None, level="街道")
    organization(w, "Z01", "街道机关党总支", "general_branch", "D00", unit_id="U26")
    for b in BRANCHES:
        w.branches[b.id] = b
        b.groups = [g for g, parent in GROUPS.items() if parent == b.id]
        organization(
            w, b.id, b.name, b.kind, "Z01" if b.unit == "U26" else "D00", unit_id=b.unit,
            established_on=b.first if b.first > FIRST else None, dissolved_on=b.last if b.last < LAST else None,
            is_joint=b.id in ("B13", "B14"), is_merged=b.merged, has_committee=b.committee,
            party_day_rule=None if b.id == "B20" else "每月最后一个星期五",
        )  # fmt: skip
    for group, parent in GROUPS.items():
        which = "一二"[w.branches[parent].groups.index(group)]
        organization(w, group, f"{w.branches[parent].name.removesuffix('党支部')}第{which}党小组", "group", parent)
    for org, unit, first in COVERED:
        w.add("organization_units", org_id=org, unit_id=unit, from_on=d(first), to_on=None)


def organization(w: World, id: str, name: str, kind: str, parent: str | None, **more: Any) -> None:
    blank = dict.fromkeys(HEADINGS["organizations"].values()) | {
        "is_joint": False,
        "is_merged": False,
        "has_committee": False,
    }
    w.add("organizations", **(blank | {"id": id, "name": name, "kind": kind, "parent_id": parent} | more))


# ------------------------------------------------------------------------------------------------------- people


def people(w: World) -> None:
    every = [plant + thing for plant in PLANTS for thing in THINGS]
    w.random.shuffle(every)
    names = iter(every)
    for b in w.branches.values():
        for i in range(b.size + (FOUNDERS if b.id == "B08" else 0)):
            full_member(w, next(names), b, secretary=i == 0)
        for status, count in (("activist", 4), ("development_target", 2), ("applicant", 4)):
            for _ in range(count - (b.id in ("B21", "B22") and status == "applicant")):
                candidate(w, next(names), b, status)
    recent_members(w, names)


def person(w: World, name: str, b: Branch, status: str, age: range) -> Row:
    born = date(2024 - w.random.choice(age), w.random.randint(1, 12), w.random.randint(1, 28))
    row = dict.fromkeys(HEADINGS["members"].values()) | {"id": w.number("M"), "name": name, "org_id": b.id}
    row |= {
        "residence_unit_id": b.unit if b.id <= "B12" else None,
        "group_id": w.random.choice(b.groups) if b.groups and status == "full" else None,
        "unit_id": b.unit if b.id >= "B16" else None,
        "status": status,
        "gender": w.random.choice(["male", "female"]),
        "birth_date": born,
        "is_floating": b.id == "B15",
        "is_leading_cadre": False,
    }
    return w.add("members", **row)


def full_member(w: World, name: str, b: Branch, *, secretary: bool = False) -> Row:
    """A Party member of some standing: voted in, approved weeks later, full a year after the vote."""
    p = person(w, name, b, "full", range(30, 79))
    joined = date(w.random.randint(1985, 2021), w.random.randint(1, 12), w.random.randint(1, 28))
    if joined.year < p["birth_date"].year + 18:
        joined = joined.replace(year=p["birth_date"].year + 22)
    joined = min(joined, d("2022-06-30"))
    join(p, joined, joined + timedelta(days=w.random.randint(20, 80)))
    p.update(full_on=joined.replace(year=joined.year + 1), secretary=secretary)
    p["is_leading_cadre"] = secretary and b.unit == "U26"
    return p


def join(p: Row, voted: date, approved: date | None) -> None:
    p.update(branch_voted_on=voted, joined_on=voted, approved_on=approved)


def candidate(w: World, name: str, b: Branch, status: str) -> None:
    p = person(w, name, b, status, range(20, 45))
    if status != "applicant":
        p["activist_on"] = date(2022, w.random.randint(1, 12), w.random.randint(1, 28))
    if status == "development_target":
        p["target_on"] = date(2023, w.random.randint(7, 11), w.random.randint(1, 28))


def recent_members(w: World, names: Iterator[str]) -> None:
    """Six who become full members in the course of the year, and four who joined shortly before it."""
    for i, branch in enumerate("B01 B04 B07 B13 B16 B20 B02 B06 B18 B24".split()):
        p = full_member(w, next(names), w.branches[branch])
        voted = date(2023, 3 + i, 16) if i < 6 else date(2023, 10, 12 + i)
        join(p, voted, voted + timedelta(days=45))
        p.update(activist_on=date(2021, 5, 10 + i), target_on=date(2022, 6, 10 + i))
        if i < 6:
            p["full_on"] = voted.replace(year=2024)
            w.play(f"converted in {branch}", p)
        else:
            p.update(status="probationary", full_on=None)
            w.play(f"probationary in {branch}", p)


# --------------------------------------------------------------------------------------------- an ordinary year

LISTED = {"general", "work_report", "lecture", "party_day", "combined", "group", "group_democratic_life"}


def meetings(w: World) -> None:
    for b in w.branches.values():
        for month in ALL_YEAR:
            branch_meetings(w, b, month, int(b.id[1:]) % 9)
    for month in (3, 9):
        hold(w, Branch("D00", "", "committee", None, 0), "centre_group", date(2024, month, 20), "中心组学习", "study")


def branch_meetings(w: World, b: Branch, month: int, shift: int) -> None:
    def on(day: int) -> date:
        return date(2024, month, day)

    twice_a_year = month in (6, 12)
    # one of the two merged branches enters its combined meetings under the group, the other under itself
    own = b.groups[0] if b.id == "B11" else b.id
    if month % 3 == 1 and not b.merged:
        hold(w, b, "general", on(9 + shift), "季度党员大会", "meeting")
    if month % 3 == 2:
        hold(w, b, "lecture", on(8 + shift), "党课", "education")
    if b.committee:
        hold(w, b, "committee_democratic_life" if twice_a_year else "committee", on(4 + shift % 4), "支部工作", None)
    if b.merged and twice_a_year:
        hold(w, b, "group_democratic_life", on(12 + shift % 3), "党小组民主生活会", "organizational_life", org=own)
    if b.merged:
        hold(w, b, "combined", on(18) if twice_a_year else on(12 + shift % 3), "支组合并会议", "meeting", org=own)
    for group in [] if b.merged else b.groups:
        kind, topic = ("group_democratic_life", "党小组民主生活会") if twice_a_year else ("group", "党小组会")
        hold(w, b, kind, on(11 + int(group[1:]) % 8), topic, "organizational_life", org=group)
    hold(
        w,
        b,
        "party_day",
        last_friday(month),
        "主题党日",
        w.random.choice(["education", "organizational_life", "party_affairs"]),
    )


def hold(w: World, b: Branch, kind: str, day: date, topic: str, tag: str | None, org: str | None = None) -> Row | None:
    if not b.first <= day <= b.last and day.year == 2024:
        return None
    cells = {"topic": topic, "tags": tag, "moved_from": None, "move_reason": None}
    mode = "online" if b.kind == "floating_branch" else "onsite"
    return w.add("meetings", id=w.number("HY"), org_id=org or b.id, kind=kind, held_on=day, mode=mode, **cells)


def was_member(p: Row, day: date) -> bool:
    """Whether the person was a Party member, by the approval and not by the vote."""
    if p["status"] not in ("full", "probationary") or p["approved_on"] is None or p["approved_on"] > day:
        return False
    end = p["died_on"] or p["left_on"]
    return end is None or day <= end


def belonged(w: World, p: Row, org: str, day: date) -> bool:
    """Whether the person was in the branch, or is in the group, on that day."""
    if org in GROUPS and not w.branches[GROUPS[org]].merged:
        return p["group_id"] == org
    at = p["org_id"]
    for t in w.tables["transfers"]:
        if t["member_id"] == p["id"]:
            at = t["to_org_id"] if t["received_on"] <= day else t["from_org_id"]
    return at == GROUPS.get(org, org)


def attendance(w: World) -> None:
    """Nearly everybody comes, some are excused; nobody misses a whole month."""
    of_month: dict[tuple[str, int], list[Row]] = {}
    for m in sorted(w.tables["meetings"], key=by_day):
        if m["kind"] not in LISTED or m.get("without_list"):
            continue
        for p in w.tables["members"]:
            if was_member(p, m["held_on"]) and belonged(w, p, m["org_id"], m["held_on"]):
                chance = w.random.random()
                status = "present" if chance < 0.93 else "excused" if chance < 0.985 else "absent"
                reason = w.random.choice(["事假", "公务", "因病"]) if status == "excused" else None
                row = w.add(
                    "attendance", meeting_id=m["id"], member_id=p["id"], status=status, reason=reason, meeting=m
                )
                of_month.setdefault((p["id"], m["held_on"].month), []).append(row)
    for rows in of_month.values():
        if all(r["status"] != "present" for r in rows):
            rows[-1].update(status="present", reason=None)


def by_day(meeting: Row) -> tuple[date, str]:
    return meeting["held_on"], meeting["id"]


def reports(w: World) -> None:
    """One a half-year from members, one a quarter from candidates; written where it has to be."""
    for p in w.tables["members"]:
        if p["status"] in ("full", "probationary"):
            for first, last in ((3, 6), (9, 12)):
                day = date(2024, w.random.randint(first, last), w.random.randint(1, 28))
                if was_member(p, day):
                    young = p["full_on"] is None or day < p["full_on"]
                    forms = ["meeting", "meeting", "meeting", "oral", "written"]
                    form = "online" if p["is_floating"] else w.random.choice(forms)
                    w.report(p, day, "written" if young else form, PAPER if young or form == "written" else None)
        elif p["status"] in ("activist", "development_target"):
            for quarter in range(4):
                day = date(2024, 3 * quarter + w.random.randint(1, 3), w.random.randint(5, 28))
                if p["activist_on"] < day:
                    w.report(p, day, "written", PAPER)


PAPER = "书面材料"
LEAVES = (
    "illness 02-05 02-28|illness 04-09 05-17|illness 09-02 10-20|illness 11-04 11-29|maternity 03-11 08-16|"
    "nursing 08-19 2025-03-10|old_age 01-08 2025-12-31|old_age 02-19 2025-12-31|old_age 03-04 2026-12-31"
)
TRIPS = "B16 03-04 03-22|B17 05-13 06-07|B18 07-08 07-19|B19 09-09 09-30|B23 10-14 11-01"


def ordinary_leaves(w: World) -> None:
    """Illness, age and childbirth with a liaison who calls; business trips with consent and a report afterwards."""
    for i, text in enumerate(LEAVES.split("|"), 1):
        reason, first, last = text.split()
        p, contact = w.take(f"B{i:02}"), w.take(f"B{i:02}")
        w.leave(p, reason, first, last, consent=first, contact=contact)
        w.excuse(p, d(first), d(last), "因病" if reason == "illness" else "在家休养")
        w.talk(p, d(first) + timedelta(days=9), contact, "liaison", "上门联系")
        if reason in ("maternity", "nursing"):
            p.update(gender="female", birth_date=date(1993, 5, 6))
    for text in TRIPS.split("|"):
        branch, first, last = text.split()
        p = w.take(branch)
        w.leave(p, "business_trip", first, last, consent=(d(first) - timedelta(days=3)).isoformat())
        w.excuse(p, d(first), d(last), "出差")
        w.report(p, d(last) + timedelta(days=8), "meeting")
    for _ in range(60):
        p = w.random.choice([m for m in w.tables["members"] if m["status"] == "full" and m["id"] not in w.cast])
        day = date(2024, w.random.randint(1, 12), w.random.randint(1, 28))
        w.talk(p, day, None, w.random.choice(["deputy_secretary", "committee_member"]), "日常谈心")


# ------------------------------------------------------------- what is planted before meetings get their lists


def coverage(w: World) -> None:
    joint = w.full_members("B14")
    joint[1]["unit_id"], joint[2]["unit_id"] = "U19", "U22"
    for p in w.full_members("B13")[1:5]:
        p["unit_id"] = "U17"
    for i, branch in enumerate(("B03", "B05", "B09"), 1):
        w.full_members(branch)[i]["residence_unit_id"] = "U13"
    for p in joint[3:7]:
        p["residence_unit_id"] = "U14"


def transfers(w: World) -> None:
    for p in w.full_members("B08")[-FOUNDERS:]:
        w.move(p, "B08", "B21", "05-13")
        p.update(unit_id="U28", residence_unit_id=None)
        w.cast.add(p["id"])
    for p in [p for p in w.tables["members"] if p["org_id"] == "B22"]:
        if p["status"] == "full":
            w.move(p, "B22", "B05", "09-01")
        p.update(org_id="B05", secretary=False)
        w.cast.add(p["id"])
    w.move(w.take("B02", part="moved"), "B02", "B06", "07-15")
    w.move(w.take("B02", part="moved_in_a_run"), "B02", "B06", "07-10")
    w.move(w.take("B03", part="moved_on_the_first"), "B03", "B07", "07-01")


def lifecycles(w: World) -> None:
    p = w.take("B09", "development_target", "approved_in_june")
    p["status"] = "probationary"
    join(p, d("03-15"), d("06-20"))
    p = w.take("B10", "development_target", "awaiting_approval")
    p["status"] = "probationary"
    join(p, d("11-08"), None)
    w.take("B03", part="dead").update(died_on=d("05-12"), left_on=d("06-05"), deregistered_on=d("06-05"))
    w.take("B01", part="climber").update(left_on=d("11-20"))
    w.take("B16", part="removed_by_committee").update(left_on=d("12-01"))
    for part, played in (("converted_in_april", "converted in B04"), ("converted_in_a_run", "converted in B07")):
        w.cast.add(w.play(part, w.parts[played])["id"])
    w.take("B12", "activist", "new_activist").update(activist_on=d("02-20"))
    w.take("B13", "activist", "stepped_up").update(status="development_target", target_on=d("08-14"))


def meetings_missed(w: World) -> None:
    w.drop_meeting("B10", "general", 4)
    w.meeting("B15", "general", 10).update(kind="work_report", topic="工作报告会")
    w.drop_meeting("B12", "combined", 2)
    w.drop_meeting("B01", "committee", 7)
    w.meeting("B03", "committee_democratic_life", 12)["kind"] = "committee"
    w.drop_meeting("G03", "group", 9)
    w.meeting("G05", "group_democratic_life", 6)["kind"] = "group"
    w.drop_meeting("B16", "lecture", 8)
    w.play("lecture_on_no_day", w.meeting("B19", "lecture", 11))["written"] = "2024-11-31"


def party_days_moved(w: World) -> None:
    flood = "配合街道防汛"
    w.move_party_day("B03", 6, "06-26", "06-20", flood, "moved_with_approval")
    w.move_party_day("B04", 5, "06-04", None, flood, "moved_without_approval")
    w.move_party_day("B05", 3, "04-03", "04-01", flood, "approved_late")
    w.move_party_day("B06", 7, "08-20", "07-24", flood, "made_up_in_time")
    w.move_party_day("B07", 4, "06-03", "04-22", flood, "made_up_too_late")
    w.move_party_day("B08", 1, "2023-12-28", "2023-12-20", "春节前走访慰问", "held_ahead")
    w.move_party_day("B09", 9, "09-25", "09-18", None, "moved_without_reason")
    w.meeting("B10", "party_day", 10)["held_on"] = d("10-24")
    w.play("without_content", w.meeting("B13", "party_day", 11))["tags"] = None
    w.drop_meeting("B14", "party_day", 10)
    w.drop_meeting("B17", "party_day", 12)
    w.drop_meeting("B18", "party_day", 9)
    w.move_party_day("B18", 8, "09-05", "08-28", flood, "made_up_in_september")
    # nothing at all in August for B23; one meeting only in April for B24, and that one without a list
    w.meeting("B23", "lecture", 8)["held_on"] = d("09-12")
    w.drop_meeting("B23", "party_day", 8)
    w.meeting("B24", "general", 4)["held_on"] = d("05-21")
    w.meeting("B24", "party_day", 4)["without_list"] = True
    announced = hold(w, w.branches["B02"], "general", d("2025-01-10"), "季度党员大会（预告）", "meeting")
    w.play("announced", announced or {})["without_list"] = True
    hold(w, w.branches["B17"], "general", d("11-20"), "讨论除名", "meeting")


# ------------------------------------------------------------------------ what is planted into one person's year

FIRST_STEP = ("criticism", "help", "self_examination")
SECOND_STEP = ("self_examination", "discipline")
FOUR_MONTHS = "连续四个月无故不参加组织生活"


def ladder(w: World) -> None:
    p = w.parts["climber"]
    w.absent(p, *range(3, 12))
    w.follow_up(p, "B01", "04-30", "criticism", "help")
    w.follow_up(p, "B01", "06-30", *SECOND_STEP, reason=FOUR_MONTHS)
    w.removal(p, w.meeting("B01", "general", 10), "D00", d("11-20"), "climbers_removal")

    p = w.take("B02", part="sick_inside")
    w.absent(p, 3, 4, 5, 6)
    contact = w.take("B02")
    w.leave(p, "illness", "04-08", "05-22", consent="04-08", contact=contact)
    w.talk(p, d("04-20"), contact, "liaison", "病房探望")

    p = w.take("B04", part="always_excused")
    w.excuse(p, d("02-01"), d("08-31"), "事假")

    p = w.take("B06", part="partly_excused")
    for month in (9, 10, 11):
        w.absent(p, month)
        w.rows_of(p, [month])[0]["status"] = "excused"

    w.absent(w.take("B03", part="one_month"), 8)

    p = w.take("B05", part="two_months")
    w.absent(p, 2, 3)
    w.follow_up(p, "B05", "03-31", *FIRST_STEP)

    w.absent(w.take("B07", part="three_months"), 10, 11, 12)

    p = w.take("B09", part="five_months")
    w.absent(p, 1, 2, 3, 4, 5)
    w.follow_up(p, "B09", "02-29", *FIRST_STEP)
    w.follow_up(p, "B09", "04-30", *SECOND_STEP)

    p = w.take("B23", part="across_an_empty_month")
    w.absent(p, 7, 9)
    w.follow_up(p, "B23", "09-30", *FIRST_STEP)
    w.absent(w.take("B23", part="before_an_empty_month"), 7)

    w.absent(w.take("B24", part="unlisted"), 3, 5)

    p = w.take("B04", part="awaiting_expulsion")
    w.absent(p, *range(7, 13))
    w.sanction(p, "expulsion", d("06-14"), reason="严重违纪", meeting_id=w.meeting("B04", "general", 4)["id"])

    business_trips(w)

    p, contact = w.take("B05", part="endless_leave"), w.take("B05")
    w.absent(p, 3, 4, 5, 6, 7)
    w.play("leave_without_end", w.leave(p, "illness", "03-10", None, consent="03-10", contact=contact))
    w.talk(p, d("04-02"), contact, "liaison", "上门联系")

    p = w.parts["converted_in_a_run"]
    w.absent(p, 4, 5)
    w.follow_up(p, "B07", "05-31", *FIRST_STEP)
    p = w.parts["moved_in_a_run"]
    w.absent(p, 6, 7)
    w.follow_up(p, "B06", "07-31", *FIRST_STEP)

    p = w.take("B13", part="guest")
    w.absent(p, 9, 10)
    for m in (w.meeting("B14", "lecture", 11), w.meeting("B14", "party_day", 9)):
        w.add("attendance", meeting_id=m["id"], member_id=p["id"], status="present", reason=None, meeting=m)

    w.absent(w.parts["dead"], 4, 5)

    p, contact = w.take("B10", part="old"), w.take("B10")
    w.absent(p, *ALL_YEAR)
    w.play("leave_for_age", w.leave(p, "old_age", "01-01", "2025-12-31", consent="01-01", contact=contact))
    w.talk(p, d("03-14"), contact, "liaison", "上门联系")

    p = w.take("B17", part="suspended")
    w.absent(p, *range(6, 13))
    w.leave(p, "mental_illness", "06-03", "2025-06-30", consent="06-03")["approved_by"] = w.branches["B17"].name
    removals(w)


def business_trips(w: World) -> None:
    p = w.take("B08", part="trip_with_consent")
    w.absent(p, 4, 5, 6)
    w.play("reported_in_time", w.leave(p, "business_trip", "04-03", "06-20", consent="04-01"))
    report_once(w, p, d("07-20"))

    p = w.take("B09", part="trip_without_consent")
    w.absent(p, 4, 5, 6)
    w.leave(p, "business_trip", "04-03", "06-28", consent=None)
    w.follow_up(p, "B09", "05-31", *FIRST_STEP)

    p = w.take("B10", part="late_reporter")
    w.play("reported_late", w.leave(p, "business_trip", "05-20", "06-20", consent="05-17"))
    w.excuse(p, d("05-20"), d("06-20"), "出差")
    report_once(w, p, d("07-21"))

    p = w.take("B20", part="back_in_december")
    w.play("report_still_due", w.leave(p, "business_trip", "12-02", "12-20", consent="11-29"))
    w.excuse(p, d("12-02"), d("12-20"), "出差")
    w.drop_reports(p, "09-01", "12-31")
    w.report(p, d("10-10"), "meeting")


def report_once(w: World, p: Row, day: date) -> None:
    """A report on that day and none in the weeks before; the first half-year keeps one."""
    w.drop_reports(p, "06-01", day.isoformat())
    w.report(p, day, "meeting")
    if not any(r["member_id"] == p["id"] and r["reported_on"] < d("07-01") for r in w.tables["thought_reports"]):
        w.report(p, d("02-22"), "meeting")


def removals(w: World) -> None:
    p = w.take("B18", part="six_months")
    w.absent(p, *range(6, 12))
    w.follow_up(p, "B18", "07-31", *FIRST_STEP)
    w.follow_up(p, "B18", "09-30", *SECOND_STEP, reason=FOUR_MONTHS)

    p = w.parts["removed_by_committee"]
    w.absent(p, *range(1, 12))
    w.follow_up(p, "B16", "02-29", *FIRST_STEP)
    w.follow_up(p, "B16", "04-30", *SECOND_STEP, reason=FOUR_MONTHS)
    w.removal(p, w.meeting("B16", "committee", 7), "D00", d("12-01"), "committees_removal")

    p = w.take("B17", part="removed_in_november")
    w.absent(p, *range(5, 13))
    w.follow_up(p, "B17", "06-30", *FIRST_STEP)
    w.follow_up(p, "B17", "08-31", *SECOND_STEP, reason=FOUR_MONTHS)
    w.removal(p, w.meeting("B17", "general", 11), "Z01", None, "pending_removal")


def liaisons(w: World) -> None:
    p = w.take("B11", part="on_maternity_leave")
    p.update(gender="female", birth_date=d("1994-02-03"))
    w.play("leave_without_liaison", w.leave(p, "maternity", "05-06", "10-11", consent="05-06"))
    w.excuse(p, d("05-06"), d("10-11"), "产假")
    p, contact = w.take("B12", part="never_called"), w.take("B12")
    w.play("leave_without_a_call", w.leave(p, "illness", "04-01", "05-31", consent="04-01", contact=contact))
    w.excuse(p, d("04-01"), d("05-31"), "因病")
    p, contact, other = w.take("B13", part="called_by_another"), w.take("B13"), w.take("B13")
    w.play("leave_with_anothers_call", w.leave(p, "illness", "06-03", "07-12", consent="06-03", contact=contact))
    w.excuse(p, d("06-03"), d("07-12"), "因病")
    w.talk(p, d("06-20"), other, "member", "探望")
    p, contact = w.take("B14", part="ill_at_new_year"), w.take("B14")
    w.play("leave_over_new_year", w.leave(p, "illness", "12-10", "2025-01-20", consent="12-10", contact=contact))
    w.excuse(p, d("12-10"), LAST, "因病")


def reports_missed(w: World) -> None:
    p = w.take("B01", "activist", "oral_activist")
    w.drop_reports(p, "04-01", "06-30")
    w.play("oral_report", w.report(p, d("05-16"), "oral"))
    p = w.take("B02", "development_target", "without_paper")
    w.drop_reports(p, "07-01", "09-30")
    w.play("report_without_paper", w.report(p, d("08-08"), "written"))
    p = w.play("probationary", w.parts["probationary in B18"])
    w.drop_reports(p, "07-01", "12-31")
    w.play("report_at_a_meeting", w.report(p, d("10-15"), "meeting"))
    for branch, part, talk, post in (
        ("B03", "talked_in_time", "07-18", "secretary"),
        ("B06", "talked_late", "07-31", "secretary"),
        ("B08", "talked_by_another", "07-10", "committee_member"),
    ):
        p = w.take(branch, part=part)
        w.drop_reports(p, "01-01", "06-30")
        w.talk(p, d(talk), None, post)
    p = w.take("B05", "activist", "activist_without_report")
    w.drop_reports(p, "04-01", "06-30")
    w.talk(p, d("07-12"), None, "secretary")
    w.drop_reports(w.take("B06", "development_target", "target_without_report"), "07-01", "09-30")
    w.drop_reports(w.take("B07", "activist", "silent_in_autumn"), "10-01", "12-31")
    rewrite_reports(w, "stepped_up", "07-01", "09-30", "07-25")
    rewrite_reports(w, "converted_in_april", "01-01", "06-30", "02-27")
    rewrite_reports(w, "new_activist", "01-01", "03-31")
    w.play("floating", w.full_members("B15")[0])
    rewrite_reports(w, "moved", "07-01", "12-31")
    rewrite_reports(w, "moved_on_the_first", "07-01", "12-31")
    rewrite_reports(w, "approved_in_june", "01-01", "06-30", "02-06")
    rewrite_reports(w, "awaiting_approval", "01-01", "12-31", "02-20", "05-21", "08-20", "11-19")
    p = w.take("B11", part="on_no_day")
    w.drop_reports(p, "01-01", "06-30")
    w.play("report_on_no_day", w.report(p, d("02-29"), "written", PAPER))["written"] = "2024-02-30"


def rewrite_reports(w: World, part: str, first: str, last: str, *days: str) -> None:
    """In this time no reports but these, in writing."""
    w.drop_reports(w.parts[part], first, last)
    for day in days:
        w.report(w.parts[part], d(day), "written", PAPER)


def bad_rows(w: World) -> None:
    """Cells and rows as they come in: each a problem, and harmless to the verdicts unless the plot says otherwise."""
    lecture = w.meeting("B07", "lecture", 8)
    stray = {"meeting_id": lecture["id"], "member_id": "M9999", "status": "present", "reason": None, "meeting": lecture}
    w.play("stranger", w.add("attendance", **stray))
    row = present_row(w, "B05", "general", 7, "twice_listed")
    w.play("second_row", w.add("attendance", **(row | {"status": "absent"})))
    w.play("unreadable_row", present_row(w, "B06", "lecture", 8, "unreadable"))["written"] = "不详"
    w.play("negative", next(u for u in w.tables["units"] if u["id"] == "U29"))["headcount"] = -5
    nobody: Row = {"id": None}
    w.play("talk_with_nobody", w.talk(nobody, d("10-22"), None, "secretary", "谈话对象漏填"))
    w.play("short_row", w.talk(w.take("B19"), d("11-05"), None, "member", ""))["cells"] = 3
    w.play("long_row", w.tables["approvals"][-1])["extra"] = "见附件"
    w.tables["members"][5]["remark"] = "老党员"


def present_row(w: World, org: str, kind: str, month: int, part: str) -> Row:
    """A row of somebody who came to this meeting and to all others of the month."""
    m = w.meeting(org, kind, month)
    rows = (r for r in w.tables["attendance"] if r["meeting_id"] == m["id"] and r["status"] == "present")
    row = next(r for r in rows if r["member_id"] not in w.cast)
    p = w.play(part, next(p for p in w.tables["members"] if p["id"] == row["member_id"]))
    w.cast.add(p["id"])
    for other in w.rows_of(p, [month]):
        other.update(status="present", reason=None)
    return row


# ---------------------------------------------------------------------------------------------------- the files


def pairs(text: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in text.split())


LABELS = pairs(
    "new_economic=新经济组织 high_tech=高新科技企业 new_social=新社会组织 residential_area=居民区 "
    "business_building=商务楼宇 government=机关 agency=派出机构 property_company=物业公司 state_enterprise=国有企业 "
    "school=学校 hospital=地段医院 branch=党支部 joint_branch=联合党支部 floating_branch=流动党员党支部 "
    "general_branch=党总支 committee=党委 group=党小组 full=正式党员 probationary=预备党员 "
    "development_target=发展对象 activist=入党积极分子 applicant=入党申请人 male=男 female=女 general=支部党员大会 "
    "lecture=党课 party_day=主题党日 combined=支组合并会议 work_report=工作报告会 centre_group=中心组学习 "
    "committee_democratic_life=支委民主生活会 group_democratic_life=党小组民主生活会 onsite=现场 online=线上 "
    "meeting=党的会议 education=党的教育 organizational_life=组织生活 party_affairs=党务工作 study=学习 present=出席 "
    "excused=请假 absent=缺席 illness=病假 maternity=产假 nursing=哺乳期 old_age=年老体弱 business_trip=出差 "
    "mental_illness=精神疾病 secretary=书记 deputy_secretary=副书记 committee_member=支部委员 liaison=联系党员 "
    "member=党员 criticism=批评 help=帮助 self_examination=检查 discipline=党纪处理 removal=除名 expulsion=开除党籍"
)
MEETING_LABELS = LABELS | {"committee": "支部委员会", "group": "党小组会"}
CODED = {
    "units": {"kind"}, "organizations": {"kind"}, "members": {"status", "gender"}, "meetings": {"kind", "mode", "tags"},
    "attendance": {"status"}, "leaves": {"reason"}, "talks": {"by_post"}, "sanctions": {"kind"},
}  # fmt: skip
HEADINGS = {  # what stands above the column = the field; three tables are handed in under canonical names
    "units": pairs(
        "单位编号=id 单位名称=name 单位类别=kind 职工人数=headcount 地域=area 行业=industry 是否新建=newly_built "
        "成立日期=opened_on 注销日期=closed_on"
    ),
    "organizations": pairs(
        "组织编号=id 党组织名称=name 组织类别=kind 上级党组织=parent_id 党组织所在单位=unit_id 层级=level "
        "成立日期=established_on 撤销日期=dissolved_on 是否联合支部=is_joint 是否支组合一=is_merged "
        "是否设支委会=has_committee 党日安排=party_day_rule"
    ),
    "organization_units": pairs("联合支部=org_id 覆盖单位=unit_id 开始日期=from_on 结束日期=to_on"),
    "members": pairs(
        "党员编号=id 姓名=name 所在党支部=org_id 党小组=group_id 第二党组织=second_org_id 工作单位=unit_id "
        "居住居民区=residence_unit_id 人员类别=status 性别=gender 出生日期=birth_date 确定为积极分子日期=activist_on "
        "确定为发展对象日期=target_on 支部大会通过日期=branch_voted_on 上级批准日期=approved_on 入党日期=joined_on "
        "转正日期=full_on 离开日期=left_on 死亡日期=died_on 注销日期=deregistered_on 是否流动党员=is_floating "
        "是否党员领导干部=is_leading_cadre 备注=remark"
    ),
    "transfers": {
        h: h for h in "id member_id from_org_id to_org_id requested_on letter_on received_on issued_by".split()
    },
    "meetings": pairs(
        "会议编号=id 主办党组织=org_id 会议类型=kind 会议日期=held_on 召开方式=mode 会议主题=topic 内容类别=tags "
        "原定日期=moved_from 改期原因=move_reason"
    ),
    "attendance": pairs("会议编号=meeting_id 人员编号=member_id 考勤情况=status 缺席原因=reason"),
    "leaves": pairs(
        "请假编号=id 党员=member_id 请假类型=reason 开始日期=from_on 结束日期=to_on 批准人=approved_by "
        "批准日期=approved_on 联系党员=contact_id"
    ),
    "thought_reports": {h: h for h in "id member_id reported_on form document".split()},
    "talks": pairs(
        "谈话编号=id 谈话对象=member_id 谈话日期=held_on 谈话人=by_member_id 谈话人职务=by_post 谈话类型=kind"
    ),
    "sanctions": pairs(
        "处理编号=id 党员=member_id 处理类型=kind 决定日期=decided_on 处理理由=reason 会议编号=meeting_id "
        "批准组织=approved_by_id 批准日期=approved_on"
    ),
    "approvals": {h: h for h in "id org_id kind approved_by_id approved_on meeting_id".split()},
}
SPOILT = {
    "meetings": "held_on",
    "thought_reports": "reported_on",
    "attendance": "status",
}  # the field that `written` replaces


def cell(table: str, column: str, row: Row) -> str:
    value = row.get(column)
    if column == SPOILT.get(table) and "written" in row:
        return str(row["written"])
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if column in CODED.get(table, ()):
        return (MEETING_LABELS if table == "meetings" else LABELS)[value]
    return str(value)


def write_csv(name: str, table: str, rows: Iterable[Row], *, bom: bool = False) -> None:
    headings = HEADINGS[table]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(headings)
    for line, row in enumerate(rows, 2):
        cells = [cell(table, c, row) for c in headings.values()][: row.get("cells")]
        writer.writerow([*cells, *([row["extra"]] if "extra" in row else [])])
        row.update(file=name, row=line)
    write(name, ("\ufeff" if bom else "") + text.getvalue())


def write_yaml(name: str, table: str, rows: Iterable[Row]) -> None:
    lines = ["# 请假、外出、暂停组织生活"]
    for row in rows:
        row.update(file=name, row=len(lines) + 1)
        fields = [f"{heading}: {cell(table, c, row)}".rstrip() for heading, c in HEADINGS[table].items()]
        lines += [f"- {fields[0]}", *(f"  {f}" for f in fields[1:])]
    write(name, "\n".join(lines) + "\n")


def write(name: str, text: str) -> None:
    path = HERE / "records" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


MANIFEST = """\
# 随台账一起报送的说明
standards: [street-party-building]
ignore:                                             # 还没有报送的台账，先不核对
  - SPB-1-1[5-7]                                    # 自查佐证
  - SPB-9-14
  - SPB-1-4                                         # 发展对象类型
  - SPB-2-*                                         # 三个条线的党组织正在组建
  - SPB-6-[1235]                                    # 学习计划、学习内容、中心组学习
  - SPB-8-*                                         # 民主评议
  - SPB-9-8                                         # 病愈、恢复组织生活的日期
  - SPB-1-3                                         # 任职、培训、交流
  - SPB-1[1-4]-*
  - SPB-1[6-9]-*                                    # 阳光驿站、三服务、政治生日
  - SPB-20-*                                        # 阳光资金
as_of: 2024-12-31
period: {from: 2024-01-01, to: 2024-12-31}
submitted_by: 临江街道党建办
covers:
  meetings: {from: 2023-12-01, to: 2024-12-31}      # 一月的党日可以在上年十二月提前开展
"""


def write_records(w: World) -> None:
    shutil.rmtree(HERE / "records", ignore_errors=True)
    t = w.tables
    write("orgaudit.yaml", MANIFEST)
    write_csv("单位.csv", "units", t["units"], bom=True)
    write_csv("党组织.csv", "organizations", t["organizations"])
    write_csv("覆盖单位.csv", "organization_units", t["organization_units"])
    write_csv("党员.csv", "members", t["members"])
    write_csv("transfers.csv", "transfers", t["transfers"])
    july = d("07-01")
    for folder, first in (("2024-上半年", True), ("2024-下半年", False)):
        held = [m for m in sorted(t["meetings"], key=by_day) if (m["held_on"] < july) == first]
        lists = [r for r in t["attendance"] if (r["meeting"]["held_on"] < july) == first]
        write_csv(f"{folder}/会议.csv", "meetings", held)
        write_csv(f"{folder}/考勤.csv", "attendance", lists)
    write("2024-下半年/值班表.csv", "日期,值班人\n2024-12-30,党建办\n2024-12-31,党建办\n")
    write_csv(
        "thought_reports.csv",
        "thought_reports",
        sorted(t["thought_reports"], key=lambda r: (r["reported_on"], r["id"])),
    )
    write_yaml("请假.yaml", "leaves", t["leaves"])
    write_csv("谈心谈话.csv", "talks", sorted(t["talks"], key=lambda r: (r["held_on"], r["id"])))
    write_csv("批评处分.csv", "sanctions", sorted(t["sanctions"], key=lambda r: (r["decided_on"], r["id"])))
    write_csv("approvals.csv", "approvals", t["approvals"])


STORIES = """\
# What is planted in records/, written by generate.py from plot.csv.
#   stories   checks: every one that fails, is unknown or pending, and some that pass or do not apply.
#             subject by its key (of a breach: the breach's); period where the rule has `every`, each where it has one
#   problems  what reading the files must name; row is the line in the file, headings are line 1; a notice that only
#             counts names neither
"""


def write_stories(w: World) -> None:
    """The plot, with everybody's names and keys put in."""
    lines: dict[str, list[str]] = {"stories": [], "problems": []}
    with (HERE / "plot.csv").open(encoding="utf-8", newline="") as stream:
        for told in csv.DictReader(stream):
            said = {k: v.format(**w.parts) for k, v in told.items() if v}
            title = {"zh": said.pop("title_zh"), "en": said.pop("title_en")}
            story: Row = {"id": said.pop("id"), "title": title} | said
            if "each" in said:
                story["each"] = {"record": said["each"]}
            lines["problems" if "code" in said else "stories"] += block(story)
    text = STORIES + "".join(f"{key}:\n" + "\n".join(of) + "\n" for key, of in lines.items())
    (HERE / "stories.yaml").write_text(text, encoding="utf-8", newline="\n")


def block(story: Row) -> Iterator[str]:
    for i, (key, value) in enumerate(story.items()):
        inner = ", ".join(f"{k}: {scalar(v)}" for k, v in value.items()) if isinstance(value, dict) else ""
        yield f"{'    ' if i else '  - '}{key}: {'{' + inner + '}' if inner else scalar(value)}"


def scalar(text: str) -> str:
    """Quoted wherever YAML could take it for something else."""
    plain = text.isdigit() or (text[0].isalpha() and not set(text) & set(":#{}[],&*!|>'\"%@`"))
    return text if plain else "'" + text.replace("'", "''") + "'"


def main() -> None:
    w = World()
    for step in (
        organizations, people, coverage, transfers, lifecycles, meetings, meetings_missed, party_days_moved, attendance,
        reports, ordinary_leaves, ladder, liaisons, reports_missed, bad_rows, write_records, write_stories,
    ):  # fmt: skip
        step(w)


if __name__ == "__main__":
    main()
