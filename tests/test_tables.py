"""The tables of the language documentation, row by row, small enough to check by eye.

A file of `cases/tables` shows one row: a few records, a few rules, and the verdict of every check. The truth table
below says what a bound, an exemption, the being bound and the window come to together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from orgaudit import sql as q
from orgaudit.engine import audit
from orgaudit.engine.parts import all_of, any_of
from orgaudit.recordmodel import RecordModel, load_record_model
from orgaudit.records import load_records
from orgaudit.standards import load_standard
from orgaudit.workdb import WorkDb

TABLES = Path(__file__).parent / "cases" / "tables"
FILES = sorted(TABLES.glob("*/*.yaml"))
LEAST = {"blanks": 12, "time": 16, "completeness": 6}
OF_STANDARD = ("in_force", "parameters", "define", "rules")
OF_MANIFEST = ("as_of", "period", "covers", "silence")
KEYS = {"row", "calendar", "records", "expect", *OF_STANDARD, *OF_MANIFEST}


@cache
def model() -> RecordModel:
    return load_record_model(TABLES / "records.yaml")


def written(folder: Path, name: str, content: dict[str, Any]) -> Path:
    path = folder / name
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def standard_of(folder: Path, case: dict[str, Any]) -> Path:
    """The standard of a case; a calendar of its own stands beside it."""
    content = {"standard": "row"} | {key: case[key] for key in OF_STANDARD if key in case}
    calendar = case.get("calendar")
    if isinstance(calendar, dict):
        written(folder, "calendar.yaml", calendar)
        calendar = "calendar.yaml"
    return written(folder, "standard.yaml", content | ({"calendar": calendar} if calendar else {}))


def records_of(folder: Path, case: dict[str, Any]) -> Path:
    records = folder / "records"
    for name, text in case["records"].items():
        path = records / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    written(records, "orgaudit.yaml", {key: case[key] for key in OF_MANIFEST if key in case})
    return records


def verdicts(folder: Path, case: dict[str, Any]) -> dict[str, str]:
    """The verdict of every check, by `RULE SUBJECT[/EACH] [PERIOD]`; the period only where there are several."""
    standard = load_standard(str(standard_of(folder, case)), model())
    loaded = load_records(records_of(folder, case), model(), default_as_of=date(2024, 12, 31))
    try:
        checks = list(audit(loaded, [standard]).checks())
    finally:
        loaded.db.close()
    found: dict[str, str] = {}
    for check in checks:
        subject = "/".join([check.subject, *("" if value is None else str(value) for value in check.each)])
        period = "" if ".." in check.period else f" {check.period}"
        found[f"{check.rule} {subject}{period}"] = str(check.verdict)
    assert len(found) == len(checks)
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(TABLES).with_suffix("").as_posix())
def test_a_row_of_a_table(path: Path, tmp_path: Path) -> None:
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert KEYS >= set(case)
    assert verdicts(tmp_path, case) == case["expect"], case["row"]


@pytest.mark.parametrize("table", LEAST)
def test_the_table_is_shown(table: str) -> None:
    assert len([path for path in FILES if path.parent.name == table]) >= LEAST[table]


#: What comes of a bound, an exemption, the being bound and a window. A post has to have done 2 tasks (`at_least: 2`).
#: kept: 2 were done; broken: 1; blank: 1, and one of unknown kind.
#: The exemption excuses, eases (`at_least: 1`) or sharpens (`at_least: 3`); it holds, or may hold.
#: A post whose being bound is unknown has an unknown grade; one that certainly is not bound had ended before.
PAGE = Path(__file__).parent.parent / "docs" / "explanation" / "truth-tables.md"
TRUTH = PAGE.read_text(encoding="utf-8").split("```text\n")[1].split("```")[0]
BOUND = {"kept": ["k", "k"], "broken": ["k"], "blank": ["k", ""]}  # the kinds of the tasks
RELIEF = {"holds": "yes", "may": ""}
BEING = {"certain": "a,2020-01-01,", "unknown": ",2020-01-01,", "not": "a,2020-01-01,2023-12-31"}
WINDOW = {"closed": "2024-05-31", "open": "2025-02-28", "no-end": ""}
EFFECT = {"excuse": "excuse", "ease": {"at_least": 1}, "sharpen": {"at_least": 3}}


def truth_rows() -> Iterator[tuple[str, str, list[str]]]:
    for line in TRUTH.strip().splitlines()[2:]:
        words, *cells = line.replace("n/a", "not_applicable").split("|")
        bound, exemption = words.split(maxsplit=1)
        yield bound, exemption.strip(), " ".join(cells).split()


def row_id(value: object) -> str:
    return value.replace(" ", "-") if isinstance(value, str) else ""


def truth_rule(name: str) -> dict[str, Any]:
    rule = {
        "id": name,
        "modality": "must",
        "for": "posts where grade = 'a'",
        "within": {"from": "due_from", "to": "due_to"},
        "count": "tasks ever where kind = 'k'",
        "at_least": 2,
    }
    relief = {"id": "relief", "when": "relief = 'yes'", "effect": EFFECT.get(name)}
    return rule | ({"unless": [relief]} if name in EFFECT else {})


def truth_records() -> dict[str, str]:
    posts = ["id,club_id,grade,from_on,to_on,relief,due_from,due_to"]
    tasks = ["id,post_id,done_on,kind"]
    for bound, kinds in BOUND.items():
        for holds, relief in RELIEF.items():
            for being, grade_and_life in BEING.items():
                for window, due_to in WINDOW.items():
                    post = f"{bound}-{holds}-{being}-{window}"
                    posts.append(f"{post},C,{grade_and_life},{relief},2024-03-01,{due_to}")
                    tasks += [f"{post}-{n},{post},2024-03-10,{kind}" for n, kind in enumerate(kinds)]
    clubs = "id,founded_on,closed_on\nC,,\n"
    return {"clubs.csv": clubs, "posts.csv": "\n".join(posts) + "\n", "tasks.csv": "\n".join(tasks) + "\n"}


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    period = {"from": date(2024, 1, 1), "to": date(2024, 12, 31)}
    case = {
        "as_of": date(2024, 6, 30),
        "period": period,
        "rules": [truth_rule(name) for name in ("none", *EFFECT)],
        "records": truth_records(),
    }
    return verdicts(tmp_path_factory.mktemp("truth"), case)


@pytest.mark.parametrize(("bound", "exemption", "expected"), list(truth_rows()), ids=row_id)
def test_the_truth_table(truth: dict[str, str], bound: str, exemption: str, expected: list[str]) -> None:
    rule, _, relief = exemption.partition(" ")
    reliefs = [relief] if relief else list(RELIEF)  # without an exemption both are one
    for holds in reliefs:
        found = [truth[f"{rule} {bound}-{holds}-{being}-{window}"] for being in BEING for window in WINDOW]
        assert found == expected


def test_the_truth_table_has_every_combination() -> None:
    exemptions = ["none", *(f"{effect} {holds}" for effect in EFFECT for holds in RELIEF)]
    rows = [(bound, exemption, 9) for bound in BOUND for exemption in exemptions]
    assert [(bound, exemption, len(expected)) for bound, exemption, expected in truth_rows()] == rows


PARTS = re.findall(r"^\| (\w+), (\w+) \| (\w+) \| (\w+) \|$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)


@pytest.mark.parametrize(("one", "other", "of_all", "of_any"), PARTS)
def test_what_parts_come_to(one: str, other: str, of_all: str, of_any: str) -> None:
    """The table of `all` and `any` in the documentation, either way round."""
    for parts in ([one, other], [other, one], [one, "not_applicable", other]):
        verdicts = [q.lit(p) for p in parts]
        with WorkDb() as db:
            db.fill("one", {"n": "integer"}, [[1]])
            found = db.rows(q.select({"all": all_of(verdicts), "any": any_of(verdicts)}, q.table("one", "o")))
            assert found == [(of_all, of_any)]


def test_the_table_of_parts_has_every_kind() -> None:
    assert {v for row in PARTS for v in row[:2]} == {"pass", "fail", "unknown", "pending"}
