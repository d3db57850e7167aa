"""The lists that offices really export, with their very headings and shapes, against the shipped record model."""

from __future__ import annotations

import csv
import datetime as d
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.worksheet.datavalidation import DataValidation
from support import Files, write

from orgaudit import load_record_model, load_records
from orgaudit.recordmodel import spelled
from orgaudit.records import Records
from orgaudit.records.headings import SERIALS, all_headings, fields_by_heading, fields_by_name_heading

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tests" / "cases" / "lists"
MODEL = load_record_model(ROOT / "standards" / "records.yaml")

ORGANIZATIONS = "组织编号,党组织名称,组织类别\nB01,东风支部,党支部\nB02,红旗支部,党支部\n"


@contextmanager
def taken_in(folder: Path, files: Files) -> Iterator[Records]:
    """These files beside two organizations, read as the command does."""
    write(folder, {"党组织.csv": ORGANIZATIONS} | dict(files))
    records = load_records(folder, MODEL, default_as_of=d.date(2024, 12, 31))
    try:
        yield records
    finally:
        records.db.close()


def book(sheets: Mapping[str, Sequence[Sequence[Any]]], merge: Mapping[str, Sequence[str]] | None = None) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for cells in (merge or {}).get(name, ()):
            sheet.merge_cells(cells)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def understood(records: Records, table: str) -> tuple[dict[str, str], list[str]]:
    """Which heading each field of a table was read from, and which columns were not read."""
    (file,) = [f for f in records.read if f.table == table]
    return dict(file.matched), list(file.unmatched)


def values(records: Records, table: str, *fields: str) -> list[tuple[Any, ...]]:
    return records.db.load(f"select {', '.join(fields)} from {table} order by _line")


def told(records: Records, *codes: str) -> list[tuple[Any, ...]]:
    return [(p.code, p.row, p.column, p.value) for p in records.problems if p.code in codes]


def ignored(records: Records, table: str) -> list[str]:
    """The headings that a problem names as no field's."""
    return [str(p.column) for p in records.problems if p.code == "extra-label" and p.table == table]


# ---- headings and codes


def listed(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


HEADINGS = [(r["table"], heading, r["field"]) for r in listed("headings.csv") for heading in r["headings"].split()]
CODES = [(r["table"], r["field"], code, r["value"]) for r in listed("codes.csv") for code in r["written"].split()]


@pytest.mark.parametrize(("table", "heading", "field"), HEADINGS)
def test_a_heading_means_this_field_or_none(table: str, heading: str, field: str) -> None:
    declared, spelt = MODEL.tables[table], spelled(heading)
    found = fields_by_heading(declared).get(spelt) or fields_by_name_heading(declared).get(spelt)
    if field.endswith(" by year"):
        assert found is None
        assert all_headings(declared)[spelt] == field.removesuffix(" by year")
    else:
        assert (found or "") == field


def test_no_heading_means_two_fields_of_a_table() -> None:
    twice = []
    for name, table in MODEL.tables.items():
        seen: dict[str, str] = {}
        for field in table.handed_in:
            for heading in field.headings:
                other = seen.setdefault(spelled(heading), field.name)
                twice += [f"{name}: {heading} is {other} and {field.name}"] if other != field.name else []
    assert twice == []


def test_no_name_of_a_file_means_two_tables() -> None:
    seen: dict[str, str] = {}
    for name, table in MODEL.tables.items():
        if not table.derive:
            for word in (name, *table.title.values(), *table.aliases):
                assert seen.setdefault(spelled(word), name) == name, word


@pytest.fixture(scope="module")
def coded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[tuple[str, str, str], object]]:
    """Every code in a row of its own: what it was read as."""
    files: dict[str, str] = {}
    for table, field in dict.fromkeys((t, f) for t, f, *_ in CODES):
        rows = [code for t, f, code, _ in CODES if (t, f) == (table, field)]
        files[f"{field}/{table}.csv"] = "\n".join([field, *rows]) + "\n"
    folder = tmp_path_factory.mktemp("codes")
    records = load_records(write(folder, files), MODEL, default_as_of=d.date(2024, 12, 31))
    found: dict[tuple[str, str, str], object] = {}
    for number, file in enumerate(records.files):
        field, _, table = file.removesuffix(".csv").partition("/")
        rows = [code for t, f, code, _ in CODES if (t, f) == (table, field)]
        got = records.db.load(f"select {field} from {table} where _file = {number} order by _line")
        found |= {(table, field, code): value for code, (value,) in zip(rows, got, strict=True)}
    yield found
    records.db.close()


@pytest.mark.parametrize(("table", "field", "code", "value"), CODES)
def test_a_code_means_this_value_or_is_refused(
    table: str, field: str, code: str, value: str, coded: dict[tuple[str, str, str], object]
) -> None:
    read = coded[table, field, code]
    assert (str(read).lower() if isinstance(read, bool) else read or "") == value


# ---- the lists


ROSTER = (
    "序号,姓名,性别,身份证号,出生日期,年龄,民族,联系电话,学历,工作单位,所属党组织,人员状态,政治面貌,入党时间,党龄(年)"
)


def test_the_roster(tmp_path: Path) -> None:
    row = "1,张　三,男,410102********0024,1980.03.05,44,汉族,138****1027,本科,,东风支部,正式党员,中共党员,2001/7/1,23"
    with taken_in(tmp_path, {"党员名册.csv": f"{ROSTER}\n{row}\n".encode("gb18030")}) as records:
        matched, unmatched = understood(records, "members")
        assert matched == {
            "name": "姓名", "gender": "性别", "birth_date": "出生日期", "education": "学历", "unit_id": "工作单位",
            "org_id": "所属党组织", "status": "人员状态", "affiliation": "政治面貌", "joined_on": "入党时间",
        }  # fmt: skip
        assert unmatched == ["序号", "身份证号", "年龄", "民族", "联系电话", "党龄(年)"]
        assert ignored(records, "members") == sorted(set(unmatched) - SERIALS)
        fields = ("name", "gender", "birth_date", "education", "org_id", "status", "affiliation", "joined_on")
        day = d.date(1980, 3, 5)
        assert values(records, "members", *fields) == [
            ("张三", "male", day, "bachelor", "B01", "full", "cpc", d.date(2001, 7, 1))
        ]
        # nothing is a key here, an identity number has no place in a report: one is made of name, branch and month
        ((key,),) = values(records, "members", "id")
        assert key.startswith("B01~")
        assert [(r.kind, r.field, r.count) for r in records.repairs if r.kind == "made-key"] == [
            ("made-key", "name", 1)
        ]
        assert told(records, "missing-required-label", "key-not-certain", "key-not-made") == []


DUES = "序号,姓名,所属党组织,年份,月份,缴纳基数(元),应缴金额(元),实缴金额(元),缴纳日期,缴纳方式,状态,是否欠缴".split(
    ","
)


def test_the_ledger_of_dues(tmp_path: Path) -> None:
    rows = [
        DUES,
        [1, "张三", "东风支部", 2024, 3, 5200.5, 52.01, 52.01, d.datetime(2024, 3, 5), "微信", "已缴", "否"],
        [2, "李四", "东风支部", 2024, 12, "4,800", 48, None, None, None, "未缴", "是"],
        ["合计", None, None, None, None, None, 100.01, 52.01],
    ]
    with taken_in(tmp_path, {"党费收缴台账.xlsx": book({"2024": rows})}) as records:
        matched, unmatched = understood(records, "dues")
        assert {matched["month"], matched["base"], matched["payable"], matched["paid"], matched["paid_on"]} == {
            "月份", "缴纳基数(元)", "应缴金额(元)", "实缴金额(元)", "缴纳日期",
        }  # fmt: skip
        assert matched["member_id"] == "姓名"
        assert {"缴纳方式", "状态", "是否欠缴"} <= set(ignored(records, "dues"))
        got = values(records, "dues", "month", "base::double", "payable::double", "paid::double", "paid_on")
        assert got == [
            (d.date(2024, 3, 1), 5200.5, 52.01, 52.01, d.date(2024, 3, 5)),
            (d.date(2024, 12, 1), 4800, 48, None, None),
        ]
        assert [(r.kind, r.field, r.count, r.before, r.after) for r in records.repairs if r.kind == "year"] == [
            ("year", "month", 2, "3", "2024-3")
        ]
        assert [code for code, *_ in told(records, "total-row")] == ["total-row"]
        assert "年份" not in unmatched


def test_a_ledger_names_members_within_their_branch(tmp_path: Path) -> None:
    roster = "党员编号,姓名,所属党组织,人员状态\nM1,张三,东风支部,正式党员\nM2,张三,红旗支部,正式党员\nM3,李四,B01,正式党员\n"
    rows = [
        DUES,
        [1, "张　三", "东风支部", 2024, 3],
        [2, "张三", "红旗支部", 2024, 3],
        [3, "李四", "红旗支部", 2024, 3],
    ]
    with taken_in(tmp_path, {"党员名册.csv": roster, "党费收缴台账.xlsx": book({"党费": rows})}) as records:
        assert values(records, "dues", "member_id", "listed_org_id") == [("M1", "B01"), ("M2", "B02"), (None, "B02")]
        (problem,) = [p for p in records.problems if p.code == "name-for-key"]
        assert (problem.value, problem.row, problem.values["candidates"]) == ("李四", 4, "M3 (B01)")
        assert [(r.field, r.count) for r in records.repairs if r.kind == "name-at-home"] == [("member_id", 2)]


def test_lists_of_a_branch_that_has_no_codes(tmp_path: Path) -> None:
    roster = (
        "序号,姓名,党员类别,所在组织(请不要输入特殊符号),出生年月(2019/10/24)\n"
        "1,张三,正式党员,东风支部,1980.02\n2,张三,正式党员,东风支部,1975/3/12\n3,李四,预备党员,东风支部,\n"
        "4,王五,正式党员,红旗支部,1990-01\n5,王　五,正式党员,红旗支部,1990年1月\n"
    )
    meetings = "会议编号,会议类型,主办党组织,会议日期\nHY1,党课,东风支部,2024-03-05\nHY2,党课,红旗支部,2024-03-06\n"
    attendance = "会议编号,姓名,考勤情况\nHY1,张三（1980.02）,√\nHY1,张三（75.3）,√\nHY1,李四,√\nHY2,王五,√\n"
    files = {"党员导入模板.csv": roster, "会议.csv": meetings, "考勤.csv": attendance}
    with taken_in(tmp_path, files) as records:
        keys = [key for (key,) in values(records, "members", "id")]
        assert [key and key.split("~")[0] for key in keys] == ["B01", "B01", "B01", None, None]
        assert values(records, "attendance", "member_id") == [(keys[0],), (None,), (keys[2],), (None,)]
        assert told(records, "key-not-certain", "name-for-key", "foreign-key") == [
            ("key-not-certain", 5, "姓名", "王五"),
            ("key-not-certain", 6, "姓名", "王五"),
            ("name-for-key", 3, "姓名", "张三(75.3)"),
            ("name-for-key", 5, "姓名", "王五"),
        ]


@pytest.mark.parametrize(
    ("year", "month", "read"),
    [
        ("2024", "3", d.date(2024, 3, 1)),
        ("2024年", "3月", d.date(2024, 3, 1)),
        ("2024", "2024-03", d.date(2024, 3, 1)),
        ("", "2024年3月", d.date(2024, 3, 1)),
        ("2023", "2024-03", None),
        ("", "3", None),
        ("2024", "13", None),
        ("24", "3", None),
    ],
)
def test_a_month_and_its_year(year: str, month: str, read: d.date | None, tmp_path: Path) -> None:
    with taken_in(tmp_path, {"党费.csv": f"人员编号,年份,月份\nM1,{year},{month}\n"}) as records:
        assert values(records, "dues", "month") == [(read,)]
        assert bool(told(records, "type-error")) == (read is None)


def test_the_progress_of_recruitment(tmp_path: Path) -> None:
    heading = (
        "序号,姓名,所属党组织,当前阶段,当前步骤,流程状态,进度(%),递交申请书日期,确定为积极分子,确定为发展对象,"
        "成为预备党员,转为正式党员,预备期满日"
    )
    row = "1,王五,红旗支部,发展对象,政治审查,进行中,48,2022-01-04,2022-09-01,2024-03-01,-,-,-"
    with taken_in(tmp_path, {"发展党员进度表.csv": f"{heading}\n{row}\n"}) as records:
        matched, unmatched = understood(records, "members")
        assert matched == {
            "name": "姓名", "org_id": "所属党组织", "status": "当前阶段", "activist_on": "确定为积极分子",
            "target_on": "确定为发展对象", "joined_on": "成为预备党员", "full_on": "转为正式党员",
        }  # fmt: skip
        assert unmatched == ["序号", "当前步骤", "流程状态", "进度(%)", "递交申请书日期", "预备期满日"]
        assert values(records, "members", "org_id", "status", "activist_on", "target_on", "joined_on") == [
            ("B02", "development_target", d.date(2022, 9, 1), d.date(2024, 3, 1), None)
        ]


def test_the_meetings(tmp_path: Path) -> None:
    heading = "序号,会议类型,会议标题,主办党组织,会议日期,开始时间,结束时间,会议地点,主持人,记录人,应到人数,实到人数,到会率(%),状态"
    row = "1,支委会,研究发展对象,东风支部,2024-03-05,14:00,15:30,会议室,张三,李四,5,5,100,已结束"
    with taken_in(tmp_path, {"三会一课开展情况.csv": f"{heading}\n{row}\n"}) as records:
        matched, unmatched = understood(records, "meetings")
        assert matched == {"kind": "会议类型", "topic": "会议标题", "org_id": "主办党组织", "held_on": "会议日期"}
        assert unmatched == [h for h in heading.split(",") if h not in matched.values()]
        assert ignored(records, "meetings") == sorted(set(unmatched) - SERIALS)
        assert values(records, "meetings", "kind", "topic", "org_id", "held_on") == [
            ("committee", "研究发展对象", "B01", d.date(2024, 3, 5))
        ]


def test_the_import_of_members_from_an_old_workbook(tmp_path: Path) -> None:
    with taken_in(tmp_path, {"党员导入模板.xls": (CASES / "partyInfo.xls").read_bytes()}) as records:
        matched, unmatched = understood(records, "members")
        assert matched["org_id"] == "所在组织(请不要输入特殊符号)"
        assert matched["birth_date"] == "出生年月(2019/10/24)"
        assert matched["joined_on"] == "加入党组织日期(2019/10/24)"
        assert {"民族", "联系电话", "档案管理单位", "身份证"} <= set(unmatched)
        assert matched["membership_status"] == "党籍状态"
        assert told(records, "duplicate-label") == [("duplicate-label", 2, "入党时间(2019/10/24)", None)]
        assert [row for _, row, *_ in told(records, "heading-row", "sample-row")] == [2, 3]
        assert values(records, "members", "name", "status", "org_id", "gender", "birth_date", "joined_on") == [
            ("李四", "full", "B01", "female", d.date(1980, 3, 5), d.date(2001, 7, 1))
        ]


def test_the_import_of_organizations(tmp_path: Path) -> None:
    heading = (
        "序列,组织编号,党组织所在单位情况,所属组织,党组织属地关系,组织名称,党组织所在单位代码,组织类别,组织状态,上级组织,"
        "党组织书记,联系人,联系电话,详细地址,传真,邮编,所属社区,建立日期,建立文号"
    ).split(",")
    row = [
        "1",
        "B07",
        "1",
        "",
        "街道",
        "中共某某联合支部委员会",
        "U01",
        "联合党支部",
        "正常",
        "D00",
        "张三",
        "李四",
        "1",
    ]
    rows = [
        ["中共××委员会下级组织\n20230517日数据情况"],
        heading,
        [*row, "", "", "", "", "2019年3月5日", "某委〔2019〕3号"],
    ]
    files = {"组织导入模板.xlsx": book({"Sheet1": rows, "Sheet2": [], "Sheet3": []}, {"Sheet1": ["A1:S1"]})}
    files |= {"单位.csv": "单位编号,单位名称,单位类别\nU01,某某公司,非公企业\n".encode()}
    with taken_in(tmp_path, files) as records:
        read = next(f for f in records.read if f.path == "组织导入模板.xlsx/Sheet1")
        assert dict(read.matched) == {
            "id": "组织编号", "parent_id": "所属组织", "name": "组织名称", "unit_id": "党组织所在单位代码",
            "kind": "组织类别", "established_on": "建立日期",
        }  # fmt: skip
        assert told(records, "duplicate-label") == [("duplicate-label", 2, "上级组织", None)]
        got = values(records, "organizations", "id", "name", "unit_id", "kind", "established_on")
        assert ("B07", "中共某某联合支部委员会", "U01", "joint_branch", d.date(2019, 3, 5)) in got
        assert not [p for p in records.problems if p.code == "unmatched-sheet"]


SHEETS = ["党外干部", "民主党派人士", "无党派人士", "少数民族", "归国人员", "港澳台同胞"]
PEOPLE = "姓名 性别 民族 籍贯 学历 学位 毕业院校及专业 职务 专业技术职称 职级 现任职时间".split()


def united_front() -> bytes:
    """Six sheets of people: a merged note above, headings that differ from sheet to sheet, lists to choose from."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name in SHEETS:
        sheet = made.create_sheet(name)
        party = {"民主党派人士": "加入何民主党派", "无党派人士": "认定时间"}.get(name, "政治面貌")
        post = "民主党派所任职" if name == "民主党派人士" else "政治安排情况"
        sheet.append(["注意1：带*为必填"])
        sheet.merge_cells("A1:K1")
        sheet.append([*PEOPLE, party, post, "联系电话"])
        said = {"加入何民主党派": "九三学社社员", "认定时间": d.date(2020, 1, 1)}.get(party, "群众")
        sheet.append(
            [f"某{name[0]}", "女", "回族", "某地", "硕士研究生", "硕士", "", "", "", "副处级", "", said, "", ""]
        )
        choices = DataValidation(type="list", formula1='"男,女"')
        sheet.add_data_validation(choices)
        choices.add("B3:B200")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_the_people_of_the_united_front(tmp_path: Path) -> None:
    manifest = "files: [{path: 统战人员.xlsx, table: members, values: {status: non_party}}]"
    with taken_in(tmp_path, {"统战人员.xlsx": united_front(), "orgaudit.yaml": manifest}) as records:
        sheets = {f.path.rpartition("/")[2]: f for f in records.read if f.table == "members"}
        assert list(sheets) == SHEETS
        for name, sheet in sheets.items():
            own = {"民主党派人士": {"affiliation": "加入何民主党派"}, "无党派人士": {}}.get(
                name, {"affiliation": "政治面貌"}
            )
            common = {"name": "姓名", "gender": "性别", "education": "学历", "rank": "职级", "status": "status"}
            assert dict(sheet.matched) == common | own
            assert {"民族", "籍贯", "学位", "毕业院校及专业", "职务", "专业技术职称", "现任职时间", "联系电话"} <= set(
                sheet.unmatched
            )
            assert (sheet.heading_line, sheet.rows) == (2, 1)
        got = records.db.load("select distinct status, gender, education, rank, affiliation from members order by 5")
        assert got == [
            ("non_party", "female", "master", "division_deputy", party) for party in ("jiusan", "none", None)
        ]  # fmt: skip


def test_without_a_word_of_the_sender_those_people_are_on_no_roster(tmp_path: Path) -> None:
    with taken_in(tmp_path, {"统战人员.xlsx": united_front()}) as records:
        assert {p.value for p in records.problems if p.code == "unmatched-sheet"} == set(SHEETS)
        assert "members" not in {f.table for f in records.read}


def statistics() -> bytes:
    """A title, figures of each branch, and a row of totals by formula."""
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out)
    sheet = made.add_worksheet("Sheet1")
    sheet.merge_range("A1:I1", "党员数据")
    headings = "支部名称 年级 班级人数 党员比例(%) 正式党员数 预备党员数 积极分子比例 入党积极分子数 提交入党申请书人数".split()
    sheet.write_row(1, 0, headings)
    sheet.write_row(2, 0, ["东风支部", "2023", 30, 10, 2, 1, 20, 6, 12])
    sheet.write(3, 0, "总计")
    sheet.write_formula("C4", "=SUM(C3:C3)", None, 30)
    made.close()
    return out.getvalue()


ABSENCES = "党支部,学号,姓名,身份,活动名称,活动时间,备注\n东风支部,202101,张三,正式党员,主题党日,2024-03-05,病假\n"
HOURS = "党支部,学号,姓名,身份,总学时数,活动名称,活动时间,学时数\n东风支部,202101,张三,正式党员,8,讲座,2024-03-05,4\n"


def test_statistics_are_no_records(tmp_path: Path) -> None:
    files: Files = {"党员数据表.xlsx": statistics(), "请假、缺席统计.csv": ABSENCES, "学时统计.csv": HOURS}
    with taken_in(tmp_path, files) as records:
        assert {f.table for f in records.read} == {"organizations"}
        assert {p.file for p in records.problems if p.code in ("unmatched-file", "unmatched-sheet")} == {
            "党员数据表.xlsx/Sheet1", "请假、缺席统计.csv", "学时统计.csv",
        }  # fmt: skip


def test_statistics_that_the_sender_calls_a_table_are_read_as_far_as_they_go(tmp_path: Path) -> None:
    manifest = "files: {请假*: attendance, 学时*: trainings, 党员数据表*: organizations}"
    files: Files = {
        "党员数据表.xlsx": statistics(), "请假、缺席统计.csv": ABSENCES, "学时统计.csv": HOURS, "orgaudit.yaml": manifest,
    }  # fmt: skip
    with taken_in(tmp_path, files) as records:
        assert understood(records, "attendance")[0] == {"member_id": "学号", "reason": "备注"}
        assert ignored(records, "attendance") == ["党支部", "活动名称", "活动时间", "身份"]
        assert {c for _, _, c, _ in told(records, "missing-required-label")} >= {"meeting_id", "status"}
        matched, unmatched = understood(records, "trainings")
        assert matched == {"topic": "活动名称", "held_on": "活动时间", "hours": "学时数"}
        assert unmatched == ["党支部", "学号", "姓名", "身份", "总学时数"]
        figures = next(f for f in records.read if f.path == "党员数据表.xlsx/Sheet1")
        assert (dict(figures.matched), figures.rows) == ({"name": "支部名称"}, 1)
        assert told(records, "total-row") == [("total-row", 4, None, "总计 30")]


RETAINED = (
    "编号 学号 姓名 性别 民族 出生年月 入党时间 学历 籍贯 身份证号 党籍状况 手机 组织关系所在分党委名称 "
    "保留组织关系期间所在党支部名称 暂留原因 暂留起始时间 预计转出时间 是否转出 转出时间 转入单位"
).split()


def test_relations_that_are_kept_for_graduates(tmp_path: Path) -> None:
    manifest = "files: {组织关系暂留汇总表.xls: members}"
    files: Files = {"组织关系暂留汇总表.xls": (CASES / "retained.xls").read_bytes(), "orgaudit.yaml": manifest}
    with taken_in(tmp_path, files) as records:
        matched, unmatched = understood(records, "members")
        assert matched == {
            "id": "学号", "name": "姓名", "gender": "性别", "birth_date": "出生年月", "joined_on": "入党时间",
            "education": "学历", "org_id": "保留组织关系期间所在党支部名称", "left_on": "转出时间",
            "membership_status": "党籍状况",
        }  # fmt: skip
        assert unmatched == [h for h in RETAINED if h not in matched.values()]
        assert ignored(records, "members") == sorted(set(unmatched) - {"编号"})
        assert values(records, "members", "id", "name", "org_id", "joined_on", "left_on") == [
            ("202101", "张三", "B01", d.date(2019, 6, 15), None),
            ("202102", "李四", "B02", None, d.date(2024, 9, 30)),
        ]
        # a month is no day: unknown, and said
        assert told(records, "type-error") == [
            ("type-error", 3, "出生年月", "1998.02"), ("type-error", 4, "出生年月", "1999.11"),
        ]  # fmt: skip


def test_a_list_that_is_no_table_is_named(tmp_path: Path) -> None:
    with taken_in(tmp_path, {"组织关系暂留汇总表.xls": (CASES / "retained.xls").read_bytes()}) as records:
        assert [p.file for p in records.problems if p.code == "unmatched-sheet"] == ["组织关系暂留汇总表.xls/Sheet1"]


# ---- what may stand beside one another


def test_names_beside_keys_are_not_read_and_said(tmp_path: Path) -> None:
    rows = "会议编号,姓名,人员编号,考勤情况\nHY1,张三,M1,√\n"
    with taken_in(tmp_path, {"考勤.csv": rows}) as records:
        assert understood(records, "attendance")[0]["member_id"] == "人员编号"
        assert told(records, "name-beside-key") == [("name-beside-key", 1, "姓名", None)]
        assert ignored(records, "attendance") == []


def test_a_column_that_counts_is_a_key_only_where_there_is_no_other(tmp_path: Path) -> None:
    with taken_in(tmp_path / "a", {"党员.csv": "编号,姓名,党员编号\n1,张三,M1\n"}) as records:
        assert values(records, "members", "id") == [("M1",)]
        assert told(records, "duplicate-label", "extra-label") == []
    with taken_in(tmp_path / "b", {"党员.csv": "编号,姓名\nM1,张三\n"}) as records:
        assert values(records, "members", "id") == [("M1",)]
