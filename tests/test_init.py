"""What `orgaudit init` writes is exemplary: its README promises five commands and how they end, and they do."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from support import orgaudit

from orgaudit.cli.schema import KINDS
from orgaudit.yamlfile import read_yaml

LANGUAGES = ("en", "zh")
SCHEMA_LINE = re.compile(r"# yaml-language-server: \$schema=(\S+)\n")
#: the files, with the kind of each that is YAML
FILES = {
    "README.md": None,
    "club.test.yaml": "scenarios",
    "clauses.yaml": "clauses",
    "records.yaml": "records",
    "standard.yaml": "standard",
    "records/attendance.csv": None,
    "records/meetings.csv": None,
    "records/members.csv": None,
    "records/organizations.csv": None,
    "records/orgaudit.yaml": "manifest",
}


@pytest.fixture(scope="module")
def clubs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A new standard in each language."""
    made = {language: tmp_path_factory.mktemp(language) / "club" for language in LANGUAGES}
    for language, folder in made.items():
        assert orgaudit("init", folder, "--lang", language).code == 0
    return made


def written(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def commands(folder: Path) -> list[str]:
    """The commands that the README shows."""
    (block,) = re.findall(r"```console\n(.*?)```", (folder / "README.md").read_text(encoding="utf-8"), flags=re.DOTALL)
    return block.splitlines()  # type: ignore[no-any-return]


def promised(folder: Path) -> dict[str, int]:
    """The exit code that the README promises of each."""
    text = (folder / "README.md").read_text(encoding="utf-8")
    return {c: int(code) for c, code in re.findall(r"^\| `(orgaudit .+?)` \| (\d) \|", text, flags=re.MULTILINE)}


# ---- what is written


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_files(language: str, clubs: dict[str, Path]) -> None:
    schemas = [f"schemas/{kind}.schema.json" for kind in KINDS]
    assert written(clubs[language]) == sorted([*FILES, *schemas])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [name for name, kind in FILES.items() if kind])
def test_a_file_names_its_schema_and_keeps_it(name: str, language: str, clubs: dict[str, Path]) -> None:
    path = clubs[language] / name
    first = SCHEMA_LINE.match(path.read_text(encoding="utf-8"))
    assert first is not None
    schema = (path.parent / first[1]).resolve()
    assert schema.name == f"{FILES[name]}.schema.json"
    assert [
        e.message for e in Draft202012Validator(json.loads(schema.read_text("utf-8"))).iter_errors(read_yaml(path).data)
    ] == []


def comments(folder: Path) -> list[str]:
    lines = [
        line.strip() for name, kind in FILES.items() if kind for line in (folder / name).read_text("utf-8").splitlines()
    ]
    return [
        x for x in lines if x.startswith("#") and not SCHEMA_LINE.match(f"{x}\n") and not re.fullmatch(r"# M-\d", x)
    ]


def test_comments_are_in_the_language_asked_for(clubs: dict[str, Path]) -> None:
    chinese = re.compile(r"[一-鿿]")
    assert len(comments(clubs["en"])) == len(comments(clubs["zh"])) > 15
    assert [c for c in comments(clubs["en"]) if chinese.search(c)] == []
    assert [c for c in comments(clubs["zh"]) if not chinese.search(c)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_mark_of_a_template_is_left(language: str, clubs: dict[str, Path]) -> None:
    for name in FILES:
        assert re.findall(r"#en|#zh|DOMAIN", (clubs[language] / name).read_text(encoding="utf-8")) == [], name


def plain(data: Any) -> Any:
    """Without what is told in one language only."""
    if isinstance(data, dict):
        return {k: plain(v) for k, v in data.items() if k not in ("quote", "name", "why", "submitted_by")}
    return [plain(item) for item in data] if isinstance(data, list) else data


@pytest.mark.parametrize("name", [name for name, kind in FILES.items() if kind])
def test_it_is_the_same_standard_in_both_languages(name: str, clubs: dict[str, Path]) -> None:
    english, chinese = (plain(read_yaml(clubs[language] / name).data) for language in LANGUAGES)
    assert english == chinese


# ---- what comes of it


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_commands_of_the_readme_end_as_it_promises(
    language: str, clubs: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(clubs[language])
    shown = commands(clubs[language])
    ended = {command: orgaudit(*command.split()[1:]).code for command in shown}
    assert ended == promised(clubs[language])
    assert [c.split()[1] for c in shown] == ["test", "test", "lint", "check", "explain"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_scenarios_notice_whatever_is_changed(language: str, clubs: dict[str, Path]) -> None:
    ran = orgaudit("test", clubs[language], "--mutate", "--lang", "en")
    assert ran.code == 0
    count = re.search(r"(\d+) mutants: (\d+) noticed, 0 not, 0 equivalent", ran.out)
    assert count is not None
    assert int(count[1]) == int(count[2]) > 15
    assert "missing:" not in ran.out  # each rule has both sides of its bound, and a blank


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_records_show_what_the_readme_tells(language: str, clubs: dict[str, Path]) -> None:
    ran = orgaudit("check", clubs[language] / "records", "-f", "json")
    found = json.loads(ran.out)
    told = [(f["rule"], f["verdict"], f["severity"], f["subject"]["key"], f["level"]) for f in found["findings"]]
    assert (ran.code, told) == (
        1,
        [
            ("M-1", "fail", "major", "N", None),
            ("M-2", "fail", "minor", "g2", None),
            ("M-3", "fail", "minor", "m2", "reminder"),
        ],
    )
    assert found["findings"][0]["period"]["label"] == "2024-Q3"
    assert found["findings"][2]["value"]["possible"] == 3
    assert found["records"]["problems"] == []


# ---- the command


def test_nothing_is_overwritten_and_nothing_half_written(tmp_path: Path) -> None:
    (tmp_path / "standard.yaml").write_text("mine", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    ran = orgaudit("init", tmp_path, "--domain", "club")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"{tmp_path}/standard.yaml: it is there already; nothing was written.\n"
    assert written(tmp_path) == ["notes.txt", "standard.yaml"]
    assert (tmp_path / "standard.yaml").read_text(encoding="utf-8") == "mine"


def test_a_second_time_every_file_is_named(tmp_path: Path) -> None:
    first = orgaudit("init", tmp_path / "club")
    again = orgaudit("init", tmp_path / "club")
    assert again.code == 2
    assert len(again.err.splitlines()) == len(FILES) + len(KINDS) == len(first.out.splitlines()) - 1


def test_other_files_are_let_be(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    assert orgaudit("init", tmp_path, "--domain", "club").code == 0
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["reading-club", "读书会"])
def test_the_standard_is_called_as_is_asked_for(name: str, tmp_path: Path) -> None:
    assert orgaudit("init", tmp_path, "--domain", name).code == 0
    assert read_yaml(tmp_path / "standard.yaml").data["standard"] == name
    assert read_yaml(tmp_path / f"{name}.test.yaml").data["scenarios"] == name
    assert orgaudit("test", tmp_path).code == 0


def test_it_is_called_as_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "choir").mkdir()
    monkeypatch.chdir(tmp_path / "choir")
    assert orgaudit("init", ".").code == 0
    assert read_yaml(Path("standard.yaml")).data["standard"] == "choir"


@pytest.mark.parametrize("name", ["a b", "../x", "", "-x", "x: y"])
def test_a_name_that_is_none(name: str, tmp_path: Path) -> None:
    ran = orgaudit("init", tmp_path / "new", f"--domain={name}")
    assert (ran.code, ran.err) == (2, f"--domain does not take `{name}`: reading-club.\n")
    assert not (tmp_path / "new").exists()


def test_a_folder_that_cannot_be_one(tmp_path: Path) -> None:
    (tmp_path / "club").write_text("", encoding="utf-8")
    ran = orgaudit("init", tmp_path / "club")
    assert (ran.code, ran.err) == (2, f"{tmp_path}/club: cannot write: File exists.\n")
