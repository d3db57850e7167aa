"""Mutated files through the readers: no traceback, no hang, no row lost in silence.

2,000 of them; ORGAUDIT_FUZZ asks for another number, ORGAUDIT_FUZZ_SEED for other ones.
"""

from __future__ import annotations

import csv
import io
import os
import random
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from python_calamine import CalamineWorkbook
from support import MODEL, write
from test_handed_in import ROSTER, SHAPED, archive, workbook

from orgaudit import load_record_model
from orgaudit.errors import OrgauditError
from orgaudit.recordmodel import RecordModel
from orgaudit.records import FileRead, Manifest, Problem
from orgaudit.records.readers import READERS
from orgaudit.records.sources import find_sources, table_of_key
from orgaudit.records.tables import Loader
from orgaudit.records.workbooks import cell_text
from orgaudit.workdb import WorkDb
from orgaudit.yamlfile import read_yaml

CASES = Path(__file__).parent / "cases" / "handed_in"
COUNT = int(os.environ.get("ORGAUDIT_FUZZ", "2000"))
SEED = int(os.environ.get("ORGAUDIT_FUZZ_SEED", "20240305"))
CHUNKS = 8
LONGEST = 5.0  #: seconds that one input may take

NOT_RECORDS = {"total-row", "sample-row", "signature-row", "heading-again"}
PLAIN = "id,choir_id,name,joined_on\n" + "".join(f"S{i},C1,Ann {i},2024-03-{i % 28 + 1:02}\n" for i in range(30))
QUOTED = SHAPED + 'S9,9,"C1","say ""hi""\nonce",2024-03-08\n'
YAML = (
    "- {id: S1, choir_id: C1, age: 3}\n- {id: S2, name: '安', joined_on: 2024-03-05}\n- id: S3\n  languages: [a, b]\n"
)
JSON = '{"singers": [{"id": "S1", "choir_id": "C1"}, {"id": "S2"}], "rehearsals": [{"id": "R", "held_on": null}]}'
BASES: list[tuple[str, bytes]] = [
    *((f"singers.{e[:3]}.csv", SHAPED.encode(e)) for e in ("utf-8", "gb18030", "utf-16", "utf-16-le")),
    ("singers.csv", PLAIN.encode()),
    ("singers.tsv", QUOTED.replace(",", "\t").encode("utf-8-sig")),
    ("singers.csv", QUOTED.encode()),
    ("singers.xlsx", workbook({"singers": ROSTER, "Sheet2": [["x"]]}, merge={"singers": "C3:C4"})),
    ("singers.xls", (CASES / "singers.xls").read_bytes()),
    ("singers.ods", (CASES / "singers.ods").read_bytes()),
    ("singers.parquet", (CASES / "singers.parquet").read_bytes()),
    ("sent.zip", archive({"2024/singers.csv": SHAPED.encode(), "b/singers.yaml": YAML.encode()})),
    ("singers.yaml", YAML.encode()),
    ("all.json", JSON.encode()),
]


# ---- mutations


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Bytes changed, put in, taken out, doubled, cut off."""
    b = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 5, 30])):
        at, kind = rng.randrange(len(b) + 1), rng.random()
        if kind < 0.3 and at < len(b):
            b[at] = rng.randrange(256)
        elif kind < 0.5:
            b[at:at] = bytes([rng.choice(b'\0\n\r",\t\xff\xef\xe5;{}[]:-')]) * rng.choice([1, 1, 3, 200])
        elif kind < 0.7:
            del b[at : at + rng.choice([1, 5, 50])]
        elif kind < 0.93:
            start = rng.randrange(len(b) + 1)
            b[at:at] = b[start : start + rng.choice([10, 100])]
        else:
            del b[at:]
    return bytes(b)


def mutated_inside(data: bytes, rng: random.Random) -> bytes:
    """The same of a file inside an archive, so that the archive itself stays whole."""
    with zipfile.ZipFile(io.BytesIO(data)) as before:
        members = {m.filename: before.read(m) for m in before.infolist() if not m.is_dir()}
    name = rng.choice(sorted(members))
    members[name] = mutated(members[name], rng)
    if rng.random() < 0.2:
        members[rng.choice(["../x.csv", "/etc/singers.csv", name + "\n", "a\\b.csv"])] = members[name]
    return archive(members)


def inputs(chunk: int) -> Iterator[tuple[str, bytes]]:
    """The inputs of a part, the same for the same seed."""
    rng = random.Random(f"{SEED} {chunk}")
    for _ in range(COUNT // CHUNKS):
        name, data = rng.choice(BASES)
        inside = data[:2] == b"PK" and rng.random() < 0.7
        yield name, (mutated_inside if inside else mutated)(data, rng)


# ---- intake and count


@dataclass
class Intake:
    """One database for all inputs: its tables are emptied in between."""

    db: WorkDb
    model: RecordModel

    def read(self, folder: Path) -> tuple[list[FileRead], list[Problem]]:
        """What the command does until every row stands in its table."""
        loader = Loader(self.db, self.model)
        sources, problems = find_sources(folder, self.model, Manifest(), self.db.folder)
        read = []
        for source in sources:
            with loader.wholly(source) as found:
                reading = READERS[source.format](source, self.model, self.db.folder)
                loader.problems += reading.problems
                parts = [loader.add(part, reading.sha256, reading.encoding) for part in reading.parts]
                found += [f for f in parts if f is not None]
            read += found
        stored = {t: self.db.load(f'select count(*) from "{t}"')[0][0] for t in loader.rows}
        assert stored == loader.rows
        for table in loader.rows:
            self.db.load(f'delete from "{table}"')
        return read, problems + loader.problems


@pytest.fixture(scope="module")
def intake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    folder = write(tmp_path_factory.mktemp("model"), {"records.yaml": MODEL})
    model = load_record_model(folder / "records.yaml")
    with WorkDb(little=True) as db:
        Loader(db, model).create_tables()
        yield Intake(db, model)


def rows_of_csv(data: bytes, file: FileRead) -> tuple[int, int]:
    """How many records stand below the headings: those that say something, and all of them."""
    encoding = "utf-8-sig" if file.encoding in (None, "utf-8") else str(file.encoding)
    lines = io.StringIO(data.decode(encoding).replace("\0", ""), newline="").readlines()
    lines[:1] = [line.removeprefix("\ufeff") for line in lines[:1]]
    delimiter = max(",;\t", key=lambda d: sum(line.count(d) for line in lines[:30]))
    found: list[tuple[int, bool]] = []
    reader, start = csv.reader(lines, delimiter=delimiter, strict=True), 1
    try:
        for record in reader:
            found.append((start, any(cell.strip() for cell in record)))
            start = reader.line_num + 1
    except csv.Error:  # from here on a line is a row
        found += [
            (n, any(c.strip(' "\t\r\n') for c in line.split(delimiter)))
            for n, line in enumerate(lines, 1)
            if n >= start
        ]
    below = [says for n, says in found if n > file.heading_line]
    return sum(below), len(below)


def rows_of_sheet(path: Path, file: FileRead) -> tuple[int, int]:
    sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(file.path.partition("/")[2])
    rows = [any(cell_text(c).strip() for c in row) for row in sheet.iter_rows()][file.heading_line :]
    return sum(rows), len(rows)


def rows_of_document(path: Path, file: FileRead, intake: Intake) -> tuple[int, int]:
    data = read_yaml(path, "x", as_text=True).data
    lists = (
        [rows or [] for key, rows in data.items() if table_of_key(key, intake.model) == file.table]
        if isinstance(data, dict)
        else [data]
    )
    count = sum(map(len, lists))
    return count, count


def expected(path: Path, data: bytes, file: FileRead, intake: Intake) -> tuple[int, int]:
    match path.suffix:
        case ".csv" | ".tsv":
            return rows_of_csv(data, file)
        case ".yaml" | ".json":
            return rows_of_document(path, file, intake)
        case ".parquet":
            count = duckdb.sql(f"select count(*) from '{path}'").fetchall()[0][0]
            return count, count
    return rows_of_sheet(path, file)


def assert_nothing_is_lost(
    path: Path, data: bytes, read: list[FileRead], problems: list[Problem], intake: Intake
) -> None:
    """Every file, and every sheet and member, is read or told of; every row is kept or told of."""
    told = {p.file for p in problems}
    assert read or told, "neither read nor told"
    is_text = path.suffix in (".csv", ".tsv")
    assert not is_text or all(p.code != "broken-file" for p in problems), "a text is refused by the engine"
    if path.suffix == ".zip":
        members = _members(data)
        assert path.name in told or len({f.path for f in read} | told) >= len(members)
        return
    by_table: dict[tuple[str, str], int] = {}
    for file in read:
        by_table[file.path, file.table] = by_table.get((file.path, file.table), 0) + file.rows
    for (name, table), kept in by_table.items():
        file = next(f for f in read if (f.path, f.table) == (name, table))
        refused = sum(p.code in NOT_RECORDS for p in problems if p.file == name)
        refused += sum(p.code == "not-a-record" for p in problems if p.file == name and p.table in (None, table))
        least, most = expected(path, data, file, intake)
        assert least <= kept + refused, f"{name}: {least} rows in, {kept} kept, {refused} refused"
        assert kept <= most, f"{name}: {most} rows in, {kept} kept"


def _members(data: bytes) -> list[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive_:
            return [
                m.filename
                for m in archive_.infolist()
                if not m.filename.endswith("/") and not m.filename.startswith(".")
            ]
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return []


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_whatever_is_handed_in(chunk: int, intake: Intake, tmp_path: Path) -> None:
    outcomes: dict[str, int] = {}
    for i, (name, data) in enumerate(inputs(chunk)):
        folder = tmp_path / "records"
        folder.mkdir(exist_ok=True)
        path = folder / name
        path.write_bytes(data)
        began = time.perf_counter()
        try:
            read, problems = intake.read(folder)
            assert_nothing_is_lost(path, data, read, problems, intake)
        except OrgauditError as e:
            raise AssertionError(f"input {i} of chunk {chunk}, {name}: {e.code} {e.values}") from e
        except Exception as e:
            kept = Path(os.environ.get("ORGAUDIT_FUZZ_KEEP", str(tmp_path))) / f"{SEED}-{chunk}-{i}-{name}"
            kept.write_bytes(data)
            raise AssertionError(f"input {i} of chunk {chunk}, kept as {kept}: {type(e).__name__}: {e}") from e
        took = time.perf_counter() - began
        assert took < LONGEST, f"input {i} of chunk {chunk}, {name}: {took:.1f} s"
        outcomes["read" if read else "refused"] = outcomes.get("read" if read else "refused", 0) + 1
        path.unlink()
    assert min(outcomes.get("read", 0), outcomes.get("refused", 0)) > COUNT // CHUNKS // 50  # both are seen
