"""A small invented record model, a union of choirs, and how tests load, audit and ask about records of it."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from typer.testing import CliRunner

from orgaudit import audit, load_record_model, load_records, load_standard
from orgaudit.errors import OrgauditError
from orgaudit.findings import Audit, Check, Finding, Repair
from orgaudit.messages import render_error
from orgaudit.records import Problem

Files = Mapping[str, str | bytes]

SCHEMAS = Path(os.environ.get("ORGAUDIT_SCHEMAS", Path(__file__).parents[2] / "shared/schemas"))


def published(name: str) -> Path:
    """A schema as its owners publish it; it is not part of this repository, and CI must have it."""
    path = SCHEMAS / name
    if not path.is_file() and not os.environ.get("CI"):
        pytest.skip(f"{path} is not there; ORGAUDIT_SCHEMAS names its folder")
    return path


MODEL = """
records: choir-union
title: {zh: 合唱联盟, en: Union of choirs}
missingValues: ["", "-", "无"]
tables:
  choirs:
    singular: choir
    title: {zh: 合唱团, en: Choirs}
    aliases: [合唱团名册]
    primaryKey: [id]
    owner: self
    fields:
      - {name: id, type: string, title: {zh: 编号, en: Identifier}, constraints: {required: true}}
      - {name: name, type: string, title: {zh: 名称, en: Name}, role: name}
      - {name: founded_on, type: date, title: {zh: 成立日期, en: Founded on}, role: valid_from, blank: open}
      - {name: dissolved_on, type: date, title: {zh: 解散日期, en: Dissolved on}, role: valid_to, blank: open}
  singers:
    singular: singer
    title: {zh: 歌手, en: Singers}
    primaryKey: [id]
    owner: choir
    foreignKeys:
      - {fields: [choir_id], reference: {resource: choirs}, name: choir}
    fields:
      - {name: id, type: string, title: {zh: 歌手编号, en: Singer}, constraints: {required: true}}
      - {name: choir_id, type: string, title: {zh: 所在合唱团, en: Choir}, constraints: {required: true}}
      - {name: name, type: string, title: {zh: 姓名, en: Name}, role: name}
      - name: voice
        type: string
        title: {zh: 声部, en: Voice}
        categories:
          - {value: high, label: {zh: 高音, en: High voice}, aliases: [女高音, S]}
          - {value: low, label: {zh: 低音, en: Low voice}}
      - {name: age, type: integer, title: {zh: 年龄, en: Age}, constraints: {minimum: 6, maximum: 99}}
      - {name: joined_on, type: date, title: {zh: 加入日期, en: Joined on}}
      - {name: left_on, type: date, title: {zh: 离开日期, en: Left on}, blank: not_yet}
      - {name: paid, type: boolean, title: {zh: 是否交费, en: Paid}}
      - {name: languages, type: list, title: {zh: 语言, en: Languages}, blank: none}
      - {name: fee, type: number, title: {zh: 会费, en: Fee}, blank: {value: 0}}
  rehearsals:
    singular: rehearsal
    title: {zh: 排练, en: Rehearsals}
    aliases: [排练记录]
    primaryKey: [id]
    owner: choir
    foreignKeys:
      - {fields: [choir_id], reference: {resource: choirs}, name: choir}
    fields:
      - {name: id, type: string, title: {zh: 排练编号, en: Rehearsal}, constraints: {required: true}}
      - {name: choir_id, type: string, title: {zh: 合唱团, en: Choir}, constraints: {required: true}}
      - {name: held_on, type: date, title: {zh: 日期, en: Held on}, role: when, constraints: {required: true}}
  presence:
    singular: presence_row
    title: {zh: 签到, en: Presence}
    primaryKey: [rehearsal_id, singer_id]
    owner: rehearsal.choir
    time: rehearsal.held_on
    complete: {per: rehearsal, among: [choir.singers]}
    foreignKeys:
      - {fields: [rehearsal_id], reference: {resource: rehearsals}, name: rehearsal}
      - {fields: [singer_id], reference: {resource: singers}, name: singer}
    fields:
      - {name: rehearsal_id, type: string, title: {zh: 排练编号, en: Rehearsal}, constraints: {required: true}}
      - {name: singer_id, type: string, title: {zh: 歌手编号, en: Singer}, constraints: {required: true}}
      - {name: status, type: string, title: {zh: 情况, en: Status}, categories: [{value: present}, {value: absent}]}
"""

CHOIR = "id,name,founded_on,dissolved_on\n"
CHOIRS = f"{CHOIR}C1,Larks,,\nC2,Owls,,\n"
SINGERS = "id,choir_id,name,voice,age,joined_on,left_on,paid,languages,fee\n"
REHEARSALS = "id,choir_id,held_on\n"
PRESENCE = "rehearsal_id,singer_id,status\n"


def a_rule(keys: str, *, before: str = "") -> str:
    """A standard of one rule R1; its keys begin in line 5 (after `before`) and column 5."""
    return (
        "standard: choir-rules\n"
        + textwrap.dedent(before)
        + "rules:\n  - id: R1\n    modality: must\n"
        + textwrap.indent(textwrap.dedent(keys).strip("\n"), "    ")
        + "\n"
    )


def write(folder: Path, files: Files) -> Path:
    """Files below a folder; bytes as they are, text as UTF-8 without any change of line ends."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return folder


def write_standard(folder: Path, text: str, model: str = MODEL) -> Path:
    """A standard beside the record model of the choirs."""
    write(folder, {"records.yaml": model, "standard.yaml": text})
    return folder / "standard.yaml"


def errors_of(text: str, folder: Path) -> list[OrgauditError]:
    """Everything that is wrong with a standard, in the order in which it is reported."""
    path = write_standard(folder, text)
    try:
        load_standard(str(path))
    except OrgauditError as e:
        return list(getattr(e, "errors", [e]))
    return []


def lines_of(text: str, folder: Path, language: str = "en") -> list[str]:
    """The same as a reader sees it; the standard is called standard.yaml."""
    return [render_error(e, language).replace(f"{folder.as_posix()}/", "") for e in errors_of(text, folder)]


@dataclass(frozen=True)
class Result:
    """An audit with its findings and checks taken out before its database is closed."""

    audit: Audit
    checks: list[Check]
    findings: list[Finding]

    @property
    def problems(self) -> list[Problem]:
        """Problems and notices, in their fixed order."""
        return self.audit.problems  # type: ignore[return-value]

    @property
    def repairs(self) -> list[Repair]:
        """Cells that were repaired."""
        return self.audit.repairs

    def said(self, *codes: str) -> list[tuple[Any, ...]]:
        """(code, file, row, column, value) of the problems with these codes, of all that are no notice without."""
        chosen = [p for p in self.problems if (p.code in codes if codes else not p.is_notice)]
        return [(p.code, p.file, p.row, p.column, p.value) for p in chosen]

    @property
    def verdicts(self) -> dict[str, str]:
        """The verdict for each subject; with periods, for each subject and period."""
        several = len({c.subject for c in self.checks}) < len(self.checks)
        return {f"{c.subject} {c.period}" if several else c.subject: c.verdict for c in self.checks}


def check(
    standard: str, files: Files | Path, *, as_of: str = "2024-12-31", model: str = MODEL, **options: Any
) -> Result:
    """Audits files (path → content) against a standard; `options` are those of load_records."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        path = write_standard(folder / "standard", standard, model)
        handed_in = files if isinstance(files, Path) else write(folder / "records", files)
        loaded = load_record_model(folder / "standard" / "records.yaml")
        day = date.fromisoformat(as_of)
        records = load_records(handed_in, loaded, default_as_of=day, **options)
        try:
            made = outliving(audit(records, [load_standard(str(path), loaded)]))
            return Result(made, list(made.checks()), list(made.findings()))
        finally:
            records.db.close()


def ask(condition: str, files: Files, *, of: str = "singers", **options: Any) -> dict[str, str]:
    """For each record of a table whether a condition holds: pass, fail or unknown."""
    quoted = condition.replace("'", "''")
    return check(a_rule(f"for: {of}\nrequire: '{quoted}'"), files, **options).verdicts


def outliving(made: Audit) -> Audit:
    """The same audit, with what reports ask of the database asked already: it may be closed."""
    figures, strips, contrasts, named = list(made.figures()), list(made.strips()), list(made.contrasts()), made.named()
    made._figures, made._strips = lambda: iter(figures), lambda: iter(strips)
    made._contrasts, made._named = lambda: iter(contrasts), lambda: named
    cells = list(made.cells())
    made._cells = lambda: iter(cells)
    return made


def read(files: Files | Path, **options: Any) -> Result:
    """An audit made only for what reading the records says."""
    return check(a_rule("for: choirs\nrequire: true"), files, **options)


def singers(*rows: str) -> dict[str, str]:
    """Two choirs and these singers: id, choir_id, name, voice, age, joined_on, left_on, paid, languages, fee."""
    return {"choirs.csv": CHOIRS, "singers.csv": SINGERS + "".join(f"{row}\n" for row in rows)}


@dataclass(frozen=True)
class Ran:
    """What a command came to."""

    code: int
    out: str
    err: str


def orgaudit(*args: str | Path, **env: str | None) -> Ran:
    """The command line in this process: nothing but English is spoken unless the environment says so."""
    from orgaudit.cli import app

    plain = {"LC_ALL": "C.UTF-8", "LC_MESSAGES": None, "LANG": None, "NO_COLOR": None, "COLUMNS": None}
    ended = CliRunner().invoke(app, [str(a) for a in args], env={**plain, **env})
    return Ran(ended.exit_code, ended.stdout, ended.stderr)
