"""What the generators of the examples share: rows in canonical names, written as offices hand them in.

Rows are kept by the names of `standards/records.yaml`; a file gets the Chinese titles of the fields as its headings
(or the headings an example says), and the Chinese labels of categories. A column is there if some row has it.
Everything is written always to the same bytes.
"""

from __future__ import annotations

import csv
import io
import random
import shutil
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
import yaml

Row = dict[str, Any]
Headings = Mapping[str, Mapping[str, str]]  # table: {field: heading}

STANDARDS = Path(__file__).parent.parent / "standards"
MODEL: dict[str, Any] = yaml.safe_load((STANDARDS / "records.yaml").read_text(encoding="utf-8"))["tables"]
FIELDS = {table: {f["name"]: f for f in of["fields"]} for table, of in MODEL.items()}

FAMILY = "白 苏 柳 梅 兰 竺 桂 桑 槐 松 柏 杨 荷 菊 葛 艾 蒲 莫 茅 芦".split()
GIVEN = "砚 笛 帆 岚 舟 钟 墨 弦 瓦 雪 星 溪 云 桥 灯 晨 月 石 鼓 沙".split()


def names(seed: int) -> Iterator[str]:
    """Invented names of people, each once: 400 of two signs, then 8,000 of three."""
    pairs = [f + g for f in FAMILY for g in GIVEN]
    triples = [f + g + h for f in FAMILY for g in GIVEN for h in GIVEN]
    chance = random.Random(seed)
    chance.shuffle(pairs)
    chance.shuffle(triples)
    yield from pairs
    yield from triples


class Records:
    """All tables as lists of rows in canonical names."""

    def __init__(self) -> None:
        self.tables: dict[str, list[Row]] = {table: [] for table in MODEL}
        self.counters: dict[str, int] = {}

    def number(self, prefix: str, width: int = 3) -> str:
        self.counters[prefix] = self.counters.get(prefix, 0) + 1
        return f"{prefix}{self.counters[prefix]:0{width}}"

    def add(self, table: str, **cells: Any) -> Row:
        unknown = cells.keys() - FIELDS[table].keys()
        assert not unknown, f"{table}: {unknown}"
        self.tables[table].append(cells)
        return cells

    def of(self, table: str, **cells: Any) -> list[Row]:
        """The rows that have these cells."""
        return [r for r in self.tables[table] if all(r.get(k) == v for k, v in cells.items())]

    def the(self, table: str, **cells: Any) -> Row:
        """The one row that has these cells."""
        (row,) = self.of(table, **cells)
        return row

    def drop(self, table: str, **cells: Any) -> None:
        """Without the rows (one at least) that have these cells."""
        gone = self.of(table, **cells)
        assert gone, f"{table}: nothing has {cells}"
        self.tables[table] = [r for r in self.tables[table] if r not in gone]


class Folder:
    """The folder of records that is written anew: `records` beside the generator, or below the argument."""

    def __init__(self, beside: Path, headings: Headings | None = None) -> None:
        root = Path(sys.argv[1]) if len(sys.argv) > 1 else beside
        self.path = root / "records"
        self.headings = headings or {}
        shutil.rmtree(self.path, ignore_errors=True)

    def columns(self, table: str, rows: Sequence[Row]) -> dict[str, str]:
        """Heading of each column that some row has, in the order of the record model."""
        said = self.headings.get(table, {})
        found = {name for row in rows for name in row}
        return {name: said.get(name, f["title"]["zh"]) for name, f in FIELDS[table].items() if name in found}

    def text(self, name: str, text: str, encoding: str = "utf-8") -> None:
        self.bytes(name, text.encode(encoding))

    def bytes(self, name: str, content: bytes) -> None:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def csv(self, name: str, table: str, rows: Sequence[Row], *, encoding: str = "utf-8-sig") -> None:
        columns = self.columns(table, rows)
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns.values())
        writer.writerows([shown(table, field, row.get(field)) for field in columns] for row in rows)
        self.text(name, stream.getvalue(), encoding)

    def yaml(self, name: str, tables: Mapping[str, Sequence[Row]]) -> None:
        """A mapping of tables, by their Chinese titles, to lists of records without their blanks."""
        told = {
            MODEL[table]["title"]["zh"]: [
                {h: plain(table, field, row[field]) for field, h in columns.items() if row.get(field) is not None}
                for columns in [self.columns(table, rows)]
                for row in rows
            ]
            for table, rows in tables.items()
        }
        self.text(name, yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=1000))

    def xlsx(self, name: str, sheets: Mapping[str, tuple[str, Sequence[Row]]], title: str = "") -> None:
        """A workbook: for each sheet a table and its rows, below a line with a title where there is one."""
        made = io.BytesIO()
        book = xlsxwriter.Workbook(made, {"in_memory": True})
        book.set_properties({"created": datetime(2024, 1, 1)})
        head, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        for label, (table, rows) in sheets.items():
            sheet = book.add_worksheet(label)
            columns = self.columns(table, rows)
            top = 1 if title else 0
            if title:
                sheet.merge_range(0, 0, 0, len(columns) - 1, f"{title}：{label}", head)
            sheet.write_row(top, 0, columns.values(), head)
            for line, row in enumerate(rows, top + 1):
                for column, field in enumerate(columns):
                    value = plain(table, field, row.get(field), days=True)
                    if isinstance(value, date):
                        sheet.write_datetime(line, column, datetime(value.year, value.month, value.day), day)
                    elif value is not None:
                        sheet.write(line, column, "、".join(value) if isinstance(value, list) else value)
            sheet.freeze_panes(top + 1, 0)
        book.close()
        self.bytes(name, stored(made.getvalue()))


def stored(archive: bytes) -> bytes:
    """The same archive without compression: its bytes then depend on no library."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(made, "w") as new:
        for part in old.infolist():
            new.writestr(zipfile.ZipInfo(part.filename, (1980, 1, 1, 0, 0, 0)), old.read(part))
    return made.getvalue()


def label(table: str, field: str, value: Any) -> Any:
    """The Chinese label of a category; any other value as it is."""
    for category in FIELDS[table][field].get("categories", ()):
        if category["value"] == value:
            return category["label"]["zh"]
    return value


def plain(table: str, field: str, value: Any, *, days: bool = False) -> Any:
    """A cell as YAML and workbooks have it; a day as text unless days are kept."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return value if days else value.isoformat()
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [label(table, field, v) for v in value]
    return label(table, field, value)


def shown(table: str, field: str, value: Any) -> str:
    """A cell of a CSV file."""
    cell = plain(table, field, value)
    return "" if cell is None else "、".join(cell) if isinstance(cell, list) else str(cell)
