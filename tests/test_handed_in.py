"""What the office software exports: encodings, titles above the headings, totals below, workbooks, archives, dirty cells."""

from __future__ import annotations

import datetime as d
import io
import os
import struct
import time
import zipfile
from errno import ENOSPC
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from support import CHOIRS, MODEL, Files, a_rule, ask, check, read

from orgaudit.errors import OrgauditError, OrgauditErrors
from orgaudit.messages import render_error
from orgaudit.records import FileRead
from orgaudit.records.csvfiles import LONGEST_LINE
from orgaudit.records.parts import Part
from orgaudit.records.readers import READERS
from orgaudit.records.tables import Loader

TRUE, FALSE, UNKNOWN = "pass", "fail", "unknown"
SINGERS = "歌手编号,choir_id,姓名,joined_on\n"


def workbook(sheets: dict[str, list[list[Any]]], *, merge: dict[str, str] | None = None) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if merge and name in merge:
            sheet.merge_cells(merge[name])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def archive(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in files.items():
            made.writestr(name, content)
    return out.getvalue()


# ---- encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_chinese_text_is_read_in_every_encoding_that_office_software_writes(encoding: str) -> None:
    files: Files = {"choirs.csv": CHOIRS, "singers.csv": f"{SINGERS}S1,C1,安娜,2024-03-05\n".encode(encoding)}
    assert read(files).said() == []
    assert ask("name = '安娜' and joined_on = date '2024-03-05'", files) == {"S1": TRUE}


def test_another_encoding_is_read_where_the_manifest_names_it() -> None:
    manifest = "files: [{path: singers.csv, table: singers, encoding: big5}]"
    files: Files = {"choirs.csv": CHOIRS, "singers.csv": "id,choir_id,name\nS1,C1,黨員\n".encode("big5")}
    assert ask("name = '黨員'", files | {"orgaudit.yaml": manifest}) == {"S1": TRUE}


def test_utf8_with_a_broken_byte_is_no_gb18030() -> None:
    rows = f"{SINGERS}S1,C1,安娜在这里唱歌已经很多年了,2024-03-05\nS2,C1,".encode() + b"\xe5\xae\n"
    (problem,) = read({"choirs.csv": CHOIRS, "singers.csv": rows}).said("encoding-error")
    assert problem[2] == 3


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_or_declared(delimiter: str) -> None:
    rows = SINGERS.replace(",", delimiter) + delimiter.join(["S1", "C1", "Ann", "2024-03-05"]) + "\n"
    manifest = "files: [{path: singers.csv, table: singers, delimiter: '|'}]" if delimiter == "|" else ""
    files: Files = {"choirs.csv": CHOIRS, "singers.csv": rows} | ({"orgaudit.yaml": manifest} if manifest else {})
    assert ask("name = 'Ann'", files) == {"S1": TRUE}


# ---- the shape of a table


SHAPED = """,,,
中共某某合唱团名册,,,
截至2024年12月,,,
序号,歌手编号（必填）,"choir
_id",姓名,joined_on
1,S1,C1,安娜,2024-03-05
,示例,,,
2,S2,C1,"安
妮",2024-03-06

合计,2,,,
序号,歌手编号（必填）,"choir
_id",姓名,joined_on
3,S3,C1,安东,2024-03-07
填表人：某某,,审核人：某某,,
"""


def test_titles_totals_signatures_and_repeated_headings_are_no_records_and_are_told() -> None:
    files: Files = {"choirs.csv": CHOIRS, "singers.csv": SHAPED}
    found = read(files)
    assert found.said() == []
    told = found.said("heading-row", "total-row", "heading-again", "signature-row", "sample-row")
    assert [(code, row) for code, _, row, *_ in told] == [
        ("heading-row", 4), ("sample-row", 7), ("total-row", 11), ("heading-again", 12), ("signature-row", 15),
    ]  # fmt: skip
    assert ask("joined_on >= date '2024-03-06'", files) == {"S1": FALSE, "S2": TRUE, "S3": TRUE}


def test_rows_keep_the_line_on_which_they_stand() -> None:
    spoilt = SHAPED.replace("2024-03-07", "24.3.7")
    assert read({"choirs.csv": CHOIRS, "singers.csv": spoilt}).said() == [
        ("type-error", "singers.csv", 14, "joined_on", "24.3.7")
    ]


def test_headings_that_span_two_rows() -> None:
    rows = "歌手编号,choir_id,姓名,时间,\n,,,joined_on,left_on\nS1,C1,安娜,2024-03-05,2024-06-30\n"
    assert ask("left_on = date '2024-06-30'", {"choirs.csv": CHOIRS, "singers.csv": rows}) == {"S1": TRUE}


def test_traditional_headings_and_codes() -> None:
    rows = "歌手編號,choir_id,姓名,聲部\nS1,C1,安娜,女高音\n"
    found = read({"choirs.csv": CHOIRS, "singers.csv": rows})
    assert [p[3] for p in found.said("extra-label")] in ([], ["聲部"])


# ---- cells


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("2024-03-05 14:00", "time"),
        ("2024年3月5日 9:30", "time"),
        ("２０２４－０３－０５", "form"),
        ("2024 年 3 月 5 日", "form"),
        ("45356", "serial"),
        ("45356.5", "serial"),
        ("二〇二四年三月五日", "numerals"),
        ("二○二四年三月五日", "numerals"),
        ("2024-03-05\u200b", "form"),
    ],
)
def test_a_day_that_can_mean_one_thing_only_is_repaired_and_told(written: str, kind: str) -> None:
    files: Files = {"choirs.csv": CHOIRS, "singers.csv": f"{SINGERS}S1,C1,Ann,{written}\n"}
    found = read(files)
    assert found.said() == []
    assert [(r.column, r.kind, r.count, r.row) for r in found.repairs] == [("joined_on", kind, 1, 2)]
    assert ask("joined_on = date '2024-03-05'", files) == {"S1": TRUE}


@pytest.mark.parametrize("written", ["24.3.5", "2024-03", "2024年3月", "3月5日", "1234", "99999", "二四年三月五日"])
def test_a_day_that_can_mean_several_things_is_refused(written: str) -> None:
    files: Files = {"choirs.csv": CHOIRS, "singers.csv": f"{SINGERS}S1,C1,Ann,{written}\n"}
    found = read(files)
    assert [(p[0], p[4]) for p in found.said()] == [("type-error", written)]
    assert found.repairs == []


@pytest.mark.parametrize(
    ("written", "value", "kind"),
    [("30岁", 30, "unit"), ("３０", 30, "form"), ("1,234", 1234, "marks"), ("30.0", 30, "form"), ("30 人", 30, "unit")],
)
def test_numbers_as_people_write_them(written: str, value: int, kind: str) -> None:
    files: Files = {"choirs.csv": CHOIRS, "singers.csv": f'id,choir_id,age\nS1,C1,"{written}"\n'}
    assert [r.kind for r in read(files).repairs] == [kind]
    assert ask(f"age = {value}", files) == {"S1": TRUE}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1,200.50", "1200.50"),
        ("8万元", "80000"),
        ("￥300", "300"),
        ("3.5 万", "35000"),
        ("30%", "0.3"),
        ("300元", "300"),
    ],
)
def test_amounts_as_people_write_them(written: str, value: str) -> None:
    files: Files = {"choirs.csv": CHOIRS, "singers.csv": f'id,choir_id,fee\nS1,C1,"{written}"\n'}
    assert ask(f"fee = {value}", files) == {"S1": TRUE}


@pytest.mark.parametrize("written", ["1,20", "3 0", "12abc", "1e3"])
def test_numbers_that_are_none_are_refused(written: str) -> None:
    files: Files = {"choirs.csv": CHOIRS, "singers.csv": f'id,choir_id,fee\nS1,C1,"{written}"\n'}
    assert [p[0] for p in read(files).said()] == ["type-error"]


def test_a_key_is_compared_in_plain_forms_without_what_nobody_sees() -> None:
    rows = "id,choir_id,name\n\uff33\uff11,\u200bＣ１,安\u3000娜\n"
    files: Files = {"choirs.csv": CHOIRS, "singers.csv": rows}
    assert read(files).said() == []
    assert ask("choir_id = 'C1' and name = '安娜'", files) == {"S1": TRUE}


# ---- workbooks


ROSTER: list[list[Any]] = [
    ["某某合唱团名册", None, None, None],
    ["序号", "歌手编号", "choir_id", "姓名", "joined_on", "age"],
    [1, "S1", "C1", "安娜", d.date(2024, 3, 5), 30],
    [2, "S2", None, "安妮", d.datetime(2024, 3, 6, 9, 30), 30.0],
    ["合计", None, None, 2],
]


def test_every_sheet_of_a_workbook_is_read_by_its_name() -> None:
    book = workbook(
        {"choirs": [["id", "name"], ["C1", "Larks"]], "singers": ROSTER, "Sheet3": []}, merge={"singers": "C3:C4"}
    )
    files: Files = {"all.xlsx": book}
    found = read(files)
    assert [p[:3] for p in found.said()] == []
    assert [p[:3] for p in found.said("heading-row", "total-row")] == [
        ("heading-row", "all.xlsx/singers", 2), ("total-row", "all.xlsx/singers", 5),
    ]  # fmt: skip
    assert ask("choir_id = 'C1' and age = 30 and joined_on >= date '2024-03-05'", files) == {"S1": TRUE, "S2": TRUE}


def test_a_sheet_of_another_name_is_the_files_table_where_its_headings_fit() -> None:
    files: Files = {
        "choirs.csv": CHOIRS,
        "singers.xlsx": workbook({"Sheet1": ROSTER, "说明": [["填表须知"], ["甲", "乙"]]}),
    }
    found = read(files)
    assert [p[:2] for p in found.said("unmatched-sheet")] == [("unmatched-sheet", "singers.xlsx/说明")]
    assert set(ask("name is recorded", files)) == {"S1", "S2"}


def test_a_table_may_stand_anywhere_on_its_sheet() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for i, row in enumerate([ROSTER[1], ["1", "S1", "C1", "安娜", "24.3.5", 30], ["", "S2", "", "安妮", "", 30]]):
        for j, cell in enumerate(row):
            sheet.cell(5 + i, 3 + j, cell)
    sheet.merge_cells("E6:E7")
    out = io.BytesIO()
    book.save(out)
    files: Files = {"choirs.csv": CHOIRS, "singers.xlsx": out.getvalue()}
    assert read(files).said() == [("type-error", "singers.xlsx/Sheet", 6, "joined_on", "24.3.5")]
    assert ask("choir_id = 'C1'", files) == {"S1": TRUE, "S2": TRUE}


def test_a_problem_in_a_workbook_names_sheet_and_row() -> None:
    rows = [ROSTER[1], [1, "S1", "C1", "安娜", "24.3.5", 30]]
    found = read({"choirs.csv": CHOIRS, "singers.xlsx": workbook({"名册": rows})})
    assert found.said() == [("type-error", "singers.xlsx/名册", 2, "joined_on", "24.3.5")]


def test_the_manifest_names_a_sheet() -> None:
    manifest = "files: [{path: all.xlsx, table: singers, sheet: 甲}]"
    files: Files = {
        "choirs.csv": CHOIRS, "orgaudit.yaml": manifest, "all.xlsx": workbook({"甲": ROSTER[1:], "乙": ROSTER[1:]}),
    }  # fmt: skip
    assert set(ask("name is recorded", files)) == {"S1", "S2"}


def test_what_only_calls_itself_a_workbook_is_named_and_the_rest_is_read() -> None:
    files: Files = {
        "choirs.csv": CHOIRS,
        "singers.xlsx": b"PK\x03\x04 nothing",
        "more/singers.xls": b"\xd0\xcf\x11\xe0 x",
    }
    assert [p[:2] for p in read(files).said()] == [
        ("broken-file", "more/singers.xls"), ("broken-file", "singers.xlsx"),
    ]  # fmt: skip


# ---- archives, and what is not to be trusted


def test_the_files_of_an_archive_are_those_of_a_folder() -> None:
    inside = {"2024/singers.csv": f"{SINGERS}S1,C1,安娜,24.3.5\n".encode("gb18030"), "__MACOSX/._singers.csv": b"x"}
    found = read({"choirs.csv": CHOIRS, "sent.zip": archive(inside)})
    assert found.said() == [("type-error", "sent.zip/2024/singers.csv", 2, "joined_on", "24.3.5")]


@pytest.mark.parametrize("name", ["../singers.csv", "/etc/singers.csv", "a/../../singers.csv"])
def test_a_name_that_leads_out_of_an_archive_is_refused(name: str) -> None:
    found = read({"choirs.csv": CHOIRS, "sent.zip": archive({name: SINGERS.encode()})})
    assert [p[0] for p in found.said()] == ["outside-folder"]


def test_a_bomb_is_refused_by_what_it_declares(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orgaudit.records.archives.MOST_BYTES", 1000)
    book = workbook({"singers": ROSTER * 100})
    files: Files = {"choirs.csv": CHOIRS, "sent.zip": archive({"singers.csv": b"x" * 2000}), "singers.xlsx": book}
    assert [p[:2] for p in read(files).said()] == [("too-large", "sent.zip"), ("too-large", "singers.xlsx")]


def test_a_broken_archive_is_named() -> None:
    assert [p[:2] for p in read({"choirs.csv": CHOIRS, "sent.zip": b"PK nothing"}).said()] == [
        ("broken-file", "sent.zip")
    ]


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text(SINGERS)
    folder = tmp_path / "records"
    folder.mkdir()
    (folder / "choirs.csv").write_text(CHOIRS)
    (folder / "singers.csv").symlink_to(tmp_path / "secret.csv")
    assert [p[:2] for p in read(folder).said()] == [("outside-folder", "singers.csv")]


@pytest.mark.parametrize("to", ["elsewhere", "nowhere"])
def test_a_folder_elsewhere_and_a_link_to_nothing_are_named(to: str, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "singers.csv").write_text(SINGERS)
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "choirs.csv").write_text(CHOIRS)
    (tmp_path / "records" / "more").symlink_to(tmp_path / to)
    assert [p[:2] for p in read(tmp_path / "records").said()] == [("outside-folder", "more")]


def test_what_is_no_file_is_never_opened(tmp_path: Path) -> None:
    (tmp_path / "choirs.csv").write_text(CHOIRS)
    os.mkfifo(tmp_path / "singers.csv")  # opening it would wait for ever
    assert [p[:2] for p in read(tmp_path).said()] == [("unknown-format", "singers.csv")]


# ---- files that change while they are read


@pytest.mark.parametrize("change", ["append", "rewrite", "replace", "remove"])
def test_a_file_that_changes_while_it_is_read_is_refused_whole(
    change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "singers.csv"
    path.write_text(f"{SINGERS}S1,C9,Ann,bad\nS2,C1,Bo,45356\n")
    (tmp_path / "choirs.csv").write_text(CHOIRS)
    add = Loader.add

    def changing(self: Loader, part: Part, *rest: Any) -> FileRead | None:
        made = add(self, part, *rest)
        if part.source.path == path:
            text = path.read_text()
            if change in ("replace", "remove"):
                path.unlink()
            if change != "remove":
                path.write_text(text + "S3,C1,Cy,2024-03-05\n" if change == "append" else text)
        return made

    monkeypatch.setattr(Loader, "add", changing)
    found = read(tmp_path)
    assert found.said() == [("changed-file", "singers.csv", None, None, None)]
    assert found.repairs == []
    assert "singers" not in found.audit.tables


def test_where_memory_is_short_the_file_is_not_to_blame(tmp_path: Path) -> None:
    (tmp_path / "choirs.csv").write_text(CHOIRS)
    (tmp_path / "singers.csv").write_text(
        SINGERS + "".join(f"S{i},C1,{'x' * 200},2024-03-05\n" for i in range(150_000))
    )
    with pytest.raises(OrgauditError) as raised:
        read(tmp_path, memory_limit="10MB", temp_limit="1MB")
    assert raised.value.code == "engine"


def test_where_the_disk_is_full_the_file_is_not_to_blame(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(ENOSPC, "No space left on device")

    monkeypatch.setitem(READERS, "yaml", full)
    with pytest.raises(OrgauditError, match="engine"):
        read({"choirs.csv": CHOIRS, "singers.yaml": "- {id: S1}\n"})


def test_a_file_that_cannot_be_opened_is_named_and_the_rest_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setitem(READERS, "yaml", refusing)
    found = read({"choirs.csv": CHOIRS, "singers.yaml": "- {id: S1}\n"})
    assert found.said() == [("broken-file", "singers.yaml", None, None, "Permission denied")]


# ---- sheets that reach far


def sheet(*cells: tuple[int, int, Any], formatted: int = 0) -> bytes:
    """A workbook with the headings of singers, and these cells (row and column from 0); `formatted`: so many empty rows."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        made, colour = book.add_worksheet("singers"), book.add_format({"bg_color": "red"})
        made.write_row(0, 0, ["id", "choir_id", "name"])
        made.write_row(1, 0, ["S1", "C1", "Ann"])
        for row in range(2, formatted):
            made.write_blank(row, 0, None, colour)
        for row, column, value in cells:
            made.write(row, column, value)
    return out.getvalue()


def test_one_cell_in_the_last_corner_costs_nothing() -> None:
    files: Files = {"choirs.csv": CHOIRS, "singers.xlsx": sheet((1_048_575, 16_383, "x"))}
    assert read(files).said() == [("too-many-cells", "singers.xlsx", None, None, "17,179,869,184")]


def test_nor_where_its_place_is_not_written() -> None:
    book = io.BytesIO(sheet((1_048_575, 0, "x")))
    with zipfile.ZipFile(book) as before:
        parts = {m: before.read(m) for m in before.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(b'<c r="A1048576"', b"<c><v>1</v></c>" * 5_000 + b"<c")
    (problem,) = read({"choirs.csv": CHOIRS, "singers.xlsx": archive(parts)}).said()
    assert problem[:2] == ("too-many-cells", "singers.xlsx")


def test_a_file_without_a_name_in_an_archive_is_told_and_the_others_are_read() -> None:
    data = archive({"choirs.csv": CHOIRS.encode(), "x": b"id\n"})
    place = data.rindex(b"x", 0, data.rindex(b"PK\5\6"))  # as the list at the end names it
    nameless = data[:place] + b"\0" + data[place + 1 :]
    assert [m.filename for m in zipfile.ZipFile(io.BytesIO(nameless)).infolist()] == ["choirs.csv", ""]
    found = read({"sent.zip": nameless})
    assert ("broken-file", "sent.zip") in [p[:2] for p in found.said()]
    assert found.audit.tables["choirs"]["rows"] == 2


def test_an_archive_without_files_is_told() -> None:
    found = read({"choirs.csv": CHOIRS, "sent.zip": archive({})})
    assert [p[:2] for p in found.said("empty-file")] == [("empty-file", "sent.zip")]


def test_a_workbook_with_two_sheets_of_one_name_is_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(workbook({"singers": [["id"], ["S1"]], "Sheet2": [["id"], ["S2"]]}))) as before:
        parts = {m: before.read(m) for m in before.namelist()}
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b'"Sheet2"', b'"singers"')
    (problem,) = read({"choirs.csv": CHOIRS, "singers.xlsx": archive(parts)}).said()
    assert problem[:2] == ("broken-file", "singers.xlsx")
    assert "singers" in str(problem[4])


def test_an_old_workbook_whose_sectors_lead_round_in_a_circle_is_refused() -> None:
    data = bytearray((Path(__file__).parent / "cases" / "handed_in" / "singers.xls").read_bytes())
    assert read({"choirs.csv": CHOIRS, "singers.xls": bytes(data)}).said("broken-file") == []
    size = 1 << struct.unpack_from("<H", data, 0x1E)[0]
    table, first = struct.unpack_from("<I", data, 0x4C)[0], struct.unpack_from("<I", data, 0x30)[0]
    struct.pack_into("<I", data, (table + 1) * size + 4 * first, first)
    (problem,) = read({"choirs.csv": CHOIRS, "singers.xls": bytes(data)}).said()
    assert problem[:2] == ("broken-file", "singers.xls")
    assert "circle" in str(problem[4])


def test_an_old_workbook_that_tells_of_more_rows_than_memory_holds_is_refused_and_the_rest_is_read() -> None:
    data = bytearray((Path(__file__).parent / "cases" / "handed_in" / "singers.xls").read_bytes())
    assert data[0xE8C:0xE90] == bytes(4)  # the first row that its sheet says it has
    data[0xE8F] = 44
    found = read({"choirs.csv": CHOIRS, "singers.xls": bytes(data)})
    (problem,) = found.said()
    assert problem[:2] == ("broken-file", "singers.xls")
    assert found.audit.tables["choirs"]["rows"] == 2


def test_a_million_empty_formatted_rows_are_nothing() -> None:
    files: Files = {"choirs.csv": CHOIRS, "singers.xlsx": sheet(formatted=1_000_000)}
    began = time.perf_counter()
    found = read(files)
    assert found.said() == []
    assert time.perf_counter() - began < 30
    assert found.audit.tables["singers"]["rows"] == 1


def test_a_table_that_goes_far_down_is_read() -> None:
    files: Files = {"choirs.csv": CHOIRS, "singers.xlsx": sheet((200_000, 0, "S2"))}
    assert [p[:3] for p in read(files).said()] == [("required-value", "singers.xlsx/singers", 200_001)]


def test_a_line_without_end_is_refused() -> None:
    rows = f"{SINGERS}S1,C1,{'x' * (LONGEST_LINE + 1)},2024-03-05\n"
    assert [p[:2] for p in read({"choirs.csv": CHOIRS, "singers.csv": rows}).said()] == [
        ("line-too-long", "singers.csv")
    ]


def test_nul_bytes_do_no_harm() -> None:
    rows = f"{SINGERS}S1,C1,An\0n,2024-03-05\n"
    assert ask("name = 'Ann'", {"choirs.csv": CHOIRS, "singers.csv": rows}) == {"S1": TRUE}


def test_parquet_is_read_with_its_types(tmp_path: Path) -> None:
    import duckdb

    path = tmp_path / "singers.parquet"
    row = "'S1' as id, 'C1' as choir_id, date '2024-03-05' as joined_on, 30 as age, ['a', 'b'] as languages"
    duckdb.sql(f"select {row}").write_parquet(str(path))
    files: Files = {"choirs.csv": CHOIRS, "singers.parquet": path.read_bytes()}
    assert read(files).said() == []
    assert ask("age = 30 and has(languages, 'b') and joined_on = date '2024-03-05'", files) == {"S1": TRUE}


# ---- columns that nobody hands in


def test_a_list_of_what_exists_has_no_column_for_its_end() -> None:
    model = MODEL.replace("role: valid_to, blank: open}", "role: valid_to, blank: open, absent: blank}")
    rule = a_rule("for: choirs\nevery: year\ncount: singers\nat_least: 0")
    files: Files = {"choirs.csv": "id,name,founded_on\nC1,Larks,2020-01-01\n", "singers.csv": "id,choir_id\nS1,C1\n"}
    assert check(rule, files, model=model).verdicts == {"C1": TRUE}
    told = check(rule, files, model=model).said("missing-label")
    assert "dissolved_on" not in [column for *_, column, _ in told]
    assert check(a_rule("for: choirs\nrequire: dissolved_on > as_of"), files).verdicts == {"C1": UNKNOWN}
    assert check(a_rule("for: choirs\nrequire: dissolved_on > as_of"), files, model=model).verdicts == {"C1": TRUE}


# ---- references by name


NAMED = "id,name,founded_on,dissolved_on\nC1,东风合唱团,,\nC2,红旗合唱团,,\nC3,红旗合唱团,,\n"


def test_a_reference_may_be_the_name_that_one_record_bears() -> None:
    files: Files = {"choirs.csv": NAMED, "singers.csv": "id,choir_id,name\nS1,東風 合唱团,Ann\nS2,C1,Bea\n"}
    found = read(files)
    assert found.said() == []
    assert [(r.kind, r.before, r.after, r.count) for r in found.repairs] == [("name", "東風合唱团", "C1", 1)]
    assert ask("choir_id = 'C1'", files) == {"S1": TRUE, "S2": TRUE}


def test_a_name_that_several_bear_is_unknown_and_they_are_listed() -> None:
    files: Files = {"choirs.csv": NAMED, "singers.csv": "id,choir_id,name\nS1,红旗合唱团,Ann\n"}
    (problem,) = [p for p in read(files).problems if p.code == "name-for-key"]
    assert problem.values["candidates"] == "C2, C3"
    assert ask("choir_id = 'C2'", files) == {"S1": UNKNOWN}


def test_the_manifest_has_other_names() -> None:
    manifest = "aliases: {choirs: {红旗一队: C2}}"
    files: Files = {
        "choirs.csv": NAMED,
        "singers.csv": "id,choir_id,name\nS1,红旗一队,Ann\n",
        "orgaudit.yaml": manifest,
    }
    assert read(files).said() == []
    assert ask("choir_id = 'C2'", files) == {"S1": TRUE}


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        ("aliases:\n  choirs: {红旗一队: C2}\n  choir: {x: C1}", [("unknown-alias", 3, "aliases", "choir")]),
        ("aliases:\n  choirs:\n    一队: C2\n    二队: C9", [("unknown-alias", 4, "aliases.choirs", "C9")]),
        ("aliases: {choirs: {东风: 东风合唱团}}", []),
        ("aliases: {rehearsals: {x: R1}}", []),  # nothing is known of what nobody handed in
        ("covers:\n  singer: {}", [("unknown-cover", 2, "covers", "singer")]),
        ("covers:\n  singers:\n    organizations: [C1, C9]", [("unknown-cover", 3, "covers.singers", "C9")]),
        ("silence:\n  drlls: unreported", [("unknown-cover", 2, "silence", "drlls")]),
        ("files:\n  choirs.csv: choirs\n  sing*s.csv: singers", []),
    ],
)
def test_what_the_manifest_speaks_of_and_is_not_there(
    manifest: str, said: list[tuple[str, int, str, str]], tmp_path: Path
) -> None:
    files: Files = {"choirs.csv": NAMED, "singers.csv": "id,choir_id,name\n", "orgaudit.yaml": manifest}
    found = [(p.code, p.row, p.column, p.value) for p in read(files).problems if p.file == "orgaudit.yaml"]
    assert found == said


@pytest.mark.parametrize(
    "files",
    [
        "files:\n  choirs.csv: choirs\n  x/*.csv: singers",
        "files:\n  - path: c*.csv\n    table: choirs\n  - {path: 'x/*.csv', table: singers}",
    ],
)
def test_a_pattern_that_fits_no_file_is_said(files: str) -> None:
    handed_in: Files = {"choirs.csv": NAMED, "singers.csv": "id,choir_id,name\n", "orgaudit.yaml": files}
    (problem,) = [p for p in read(handed_in).problems if p.file == "orgaudit.yaml"]
    line = files.split("\n").index(next(x for x in files.split("\n") if "x/*" in x)) + 1
    assert (problem.code, problem.row, problem.value, problem.is_notice) == ("unused-pattern", line, "x/*.csv", True)


@pytest.mark.parametrize(
    ("manifest", "place"),
    [
        ("period: {from: 2024-05-01, to: 2024-04-30}", "1:32"),
        ("covers:\n  singers: {from: 2024-05-01, to: 2024-04-30}", "2:35"),
    ],
)
def test_a_span_of_the_manifest_that_ends_before_it_begins(manifest: str, place: str) -> None:
    with pytest.raises(OrgauditErrors) as told:
        read({"choirs.csv": NAMED, "orgaudit.yaml": manifest})
    (line,) = [render_error(e, "en") for e in told.value.errors]
    assert line.endswith(f"orgaudit.yaml:{place}: the last day (2024-04-30) comes before the first (2024-05-01).")


def test_the_manifest_may_name_a_record_by_its_name() -> None:
    """Told once, from what was written to the key; beside rows that have the name itself, and where several bear it."""
    rows = "S1,东风,Ann\nS2,东風合唱团,Bea\nS3,红旗,Cleo\n"
    files: Files = {
        "choirs.csv": NAMED,
        "singers.csv": f"id,choir_id,name\n{rows}",
        "orgaudit.yaml": "aliases: {choirs: {东风: 东风合唱团, 红旗: 红旗合唱团}}",
    }
    found = read(files)
    assert [(r.kind, r.before, r.after, r.count) for r in found.repairs] == [("name", "东风", "C1", 2)]
    assert [(p.code, p.row, p.value, p.values["candidates"]) for p in found.problems if not p.is_notice] == [
        ("name-for-key", 4, "红旗", "C2, C3")
    ]
    assert ask("choir_id = 'C1'", files) == {"S1": TRUE, "S2": TRUE, "S3": UNKNOWN}


def test_persons_are_never_joined_by_name_and_a_masked_identifier_joins_nothing() -> None:
    model = MODEL.replace("{zh: 姓名, en: Name}, role: name}", "{zh: 姓名, en: Name}, role: name, personal: true}")
    files: Files = {
        "choirs.csv": CHOIRS,
        "singers.csv": "id,choir_id,name\nS1,C1,安娜\n",
        "rehearsals.csv": "id,choir_id,held_on\nR1,C1,2024-03-05\n",
        "presence.csv": "rehearsal_id,singer_id,status\nR1,安娜,here\nR1,410102********0024,here\n",
    }
    found = check(a_rule("for: choirs\nrequire: true"), files, model=model)
    told = {(p.code, p.value, p.values.get("candidates")) for p in found.problems if p.column == "singer_id"}
    assert told == {("name-for-key", "安娜", "S1"), ("masked-key", "410102********0024", None)}
