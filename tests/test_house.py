"""The order of the house: who may know whom, where each guest lives, and that nothing is said without being written down."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

import pytest
import typer

from orgaudit.cli import app
from orgaudit.cli.exits import ERROR, FINDINGS, NOTHING, OK
from orgaudit.findings import Verdict
from orgaudit.messages import CATALOGUES
from orgaudit.records.manifest import Manifest
from orgaudit.reports.wording import COUNTED
from orgaudit.standards.language import MEASURES

ROOT = Path(__file__).parent.parent
SRC = ROOT / "src" / "orgaudit"
REFERENCE = ROOT / "docs" / "reference"

# Data runs cli → (records, standards) → engine → findings → reports. A module imports only from floors below;
# modules on one floor do not know each other, except inside one folder.
FLOORS = {
    7: ["cli"],
    6: ["proof", "docs"],
    5: ["reports", "ledger"],
    4: ["engine"],
    3: ["records", "standards"],
    2: ["findings", "expressions", "recordmodel", "workdb"],
    1: ["periods", "yamlfile", "watch", "messages", "schemas", "sql"],
    0: ["errors", "yamlproblems", "yamltext", "sqltext", "sqltruth", "consulted", "cachefolder"],
}

#: (who, whom): why they know each other all the same
EXCEPTIONS = {
    ("expressions", "recordmodel"): "the names in an expression are fields and references of the record model",
    ("__main__", "cli"): "python -m orgaudit",
}

#: the rooms in which each outside package may be imported
GUESTS = {
    "duckdb": ["workdb"],
    "yaml": ["yamlfile"],
    "dateutil": ["periods"],
    "sqlglot": ["sql", "sqltext", "sqltruth", "expressions"],
    "pydantic": ["recordmodel", "standards", "records.manifest", "proof.keys", "ledger.waivers", "cli.schema"],
    "pydantic_core": ["recordmodel"],
    "typer": ["cli"],
    "rich": ["reports.colors", "reports.terminal", "cli.progress"],
    "jinja2": ["reports.html", "docs"],
    "python_calamine": ["records.workbooks"],
    "docx": ["reports.word"],
    "xlsxwriter": ["records.template", "reports.workbook"],
    "openpyxl": ["records.marked", "ledger"],
}


@dataclass(frozen=True)
class Import:
    """One import of one module; `late` ones stand inside a function, or are for types only."""

    by: str
    of: str
    late: bool
    line: int


def modules() -> dict[str, ast.Module]:
    """The syntax tree of every module, by its name inside the package ("" is the package itself)."""
    found = {}
    for path in sorted(SRC.rglob("*.py")):
        parts = path.relative_to(SRC).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


MODULES = modules()


def imports() -> Iterator[Import]:
    for name, tree in MODULES.items():
        early = {id(node) for node in tree.body}
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield Import(name, alias.name, id(node) not in early, node.lineno)
            elif isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    inner = f"{node.module}.{alias.name}"
                    of = inner if inner.removeprefix("orgaudit.") in MODULES else node.module
                    yield Import(name, of, id(node) not in early, node.lineno)


def own() -> Iterator[Import]:
    """Imports of one part of this package by another."""
    for found in imports():
        if found.of.split(".")[0] == "orgaudit":
            yield Import(found.by, found.of.removeprefix("orgaudit").removeprefix("."), found.late, found.line)


def room(module: str) -> str:
    return module.split(".")[0]


FLOOR = {name: floor for floor, names in FLOORS.items() for name in names}


# ---- who knows whom


def test_every_room_has_a_floor() -> None:
    assert {room(m) for m in MODULES} - set(FLOOR) == {"", "__main__"}


def test_a_module_imports_only_from_floors_below() -> None:
    wrong = [
        f"{i.by}:{i.line} imports {i.of}"
        for i in own()
        if i.of
        and room(i.by) != room(i.of)
        and (room(i.by), room(i.of)) not in EXCEPTIONS
        and FLOOR.get(room(i.of), 9) >= FLOOR.get(room(i.by), -1)
    ]
    assert wrong == []


def test_the_package_itself_imports_nothing_before_it_is_asked_to() -> None:
    assert [i for i in own() if i.by == ""] == []


def test_every_exception_is_needed() -> None:
    known = {(room(i.by), room(i.of)) for i in own()}
    assert set(EXCEPTIONS) - known == set()


def test_nobody_imports_in_a_circle() -> None:
    knows: dict[str, set[str]] = {}
    for i in own():
        if not i.late and i.of:
            knows.setdefault(i.by, set()).add(i.of)

    done: set[str] = set()  # a module that is no part of a circle is walked once

    def walk(module: str, way: tuple[str, ...]) -> None:
        assert module not in way, " → ".join([*way[way.index(module) :], module])
        if module not in done:
            for other in sorted(knows.get(module, ())):
                walk(other, (*way, module))
            done.add(module)

    for module in knows:
        walk(module, ())


@pytest.mark.parametrize("guest", sorted(GUESTS))
def test_a_guest_stays_in_its_room(guest: str) -> None:
    rooms = GUESTS[guest]
    homes = {i.by for i in imports() if i.of.split(".")[0] == guest}
    assert {m for m in homes if not any(m == r or m.startswith(f"{r}.") for r in rooms)} == set()


def test_there_is_no_other_guest() -> None:
    outside = {i.of.split(".")[0] for i in imports()} - set(sys.stdlib_module_names) - {"orgaudit"}
    assert outside <= set(GUESTS)


@pytest.mark.parametrize(
    ("arguments", "guests"),
    [
        (["--help"], {"duckdb", "sqlglot", "pydantic", "rich", "yaml", "dateutil", "jinja2"}),
        # typer looks for pydantic by itself as soon as a command has options
        (["check", "--help"], {"duckdb", "sqlglot", "rich", "yaml", "dateutil", "jinja2"}),
    ],
    ids=["--help", "check --help"],
)
def test_help_pays_for_no_guest(arguments: list[str], guests: set[str]) -> None:
    code = (
        "import sys\n"
        f"sys.argv = ['orgaudit', *{arguments!r}]\n"
        "from orgaudit.cli import main\n"
        "try:\n    main()\n"
        "except SystemExit as e:\n    print('ended', e.code, *sys.modules, file=sys.stderr)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    ended, exit_code, *loaded = ran.stderr.split()
    assert (ended, exit_code) == ("ended", "0")
    assert guests & set(loaded) == set()


def test_the_engine_knows_no_table_by_its_name() -> None:
    """Rooms through which every record model passes name no table of the shipped one."""
    model = (ROOT / "standards" / "records.yaml").read_text(encoding="utf-8")
    tables = set(re.findall(r"^  (\w+):$", model, flags=re.MULTILINE))
    assert len(tables) > 10
    general = {"organizations"}  # whoever answers for records; the word of the outputs
    for name, tree in MODULES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert node.value not in tables - general, f"{name}:{node.lineno}"


# ---- what is said


def placeholders(text: str) -> set[str]:
    return {name.split(".")[0] for _, name, *_ in Formatter().parse(text) if name}


def test_both_catalogues_have_the_same_codes() -> None:
    assert CATALOGUES["zh"].keys() == CATALOGUES["en"].keys()


def test_a_text_has_the_same_placeholders_in_both_languages() -> None:
    zh, en = ({c: placeholders(text) for c, text in CATALOGUES[lang].items()} for lang in ("zh", "en"))
    assert {c: (zh[c], en[c]) for c in en if zh[c] != en[c]} == {}


def test_every_text_is_in_its_language() -> None:
    assert [c for c, text in CATALOGUES["en"].items() if re.search(r"[\u4e00-\u9fff]", text)] == []
    # what is only put together from numbers and names needs no word
    spoken = {c: re.sub(r"\{[^}]*\}", "", text) for c, text in CATALOGUES["zh"].items()}
    assert [
        c for c, text in spoken.items() if re.search(r"[a-zA-Z]{3}", text) and not re.search(r"[一-鿿]", text)
    ] == []


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def texts_in(node: ast.expr) -> list[str]:
    """The texts that an expression may come to, as far as they are written out."""
    if isinstance(node, ast.IfExp):
        return texts_in(node.body) + texts_in(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def said_by(*functions: str, variable: str = "code") -> dict[str, str]:
    """code → place, for the first text among the arguments of these functions, and for `code = "…"` on the way to them."""
    found: dict[str, str] = {}
    for name, tree in MODULES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and called(node) in functions:
                codes = next((texts for arg in node.args[:2] if (texts := texts_in(arg))), [])
            elif isinstance(node, ast.Assign) and [getattr(t, "id", "") for t in node.targets] == [variable]:
                codes = texts_in(node.value)
            else:
                continue
            found |= dict.fromkeys(codes, f"{name}:{node.lineno}")
    return found


ERRORS = ("OrgauditError", "_error", "error")
#: what a cell has to keep has the code of its problem, and one with `-more` for those that are only counted
PROBLEMS = ("Problem", "_CellRule")


def test_every_code_has_a_text() -> None:
    said = said_by(*ERRORS, *PROBLEMS, "render", "both", "say")
    assert {code: place for code, place in said.items() if code not in CATALOGUES["en"]} == {}
    assert len(said) > 100


def kinds_of_blanks() -> set[str]:
    return {k for k, place in said_by("Blank", variable="reason").items() if place.startswith("engine.")}


def test_every_kind_of_blank_has_a_text() -> None:
    kinds = kinds_of_blanks()
    assert {"list-missing", "column-missing"} <= kinds
    assert {f"blank.{kind}" for kind in kinds} <= CATALOGUES["en"].keys()


def test_every_kind_of_blank_is_in_the_schema_of_the_json() -> None:
    schema = json.loads((ROOT / "docs" / "findings.schema.json").read_text(encoding="utf-8"))
    assert set(schema["$defs"]["blank"]["properties"]["reason"]["enum"]) == kinds_of_blanks()


#: of sentences tests/test_sentences.py says every one
#: labels of the page are asked for by its script (tests/test_html.py holds them against it)
MADE = re.compile(
    r"(severity|blank|says|mutants|modality|disposition|derived|verdict|schema|html|waiver|diff|book|repair|docs|stage)\..+|.+-more|\w+\.(fail|unknown|pending)|hint-.+"
)


def test_every_text_is_used() -> None:
    constants = {
        node.value
        for name, tree in MODULES.items()
        if not name.startswith("messages.")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert [c for c in CATALOGUES["en"] if c not in constants and not MADE.fullmatch(c)] == []


@pytest.mark.parametrize("measure", [m for m in MEASURES if m != "all"])  # of `all` the parts are told
def test_a_measure_can_tell_every_verdict(measure: str) -> None:
    verdicts = ("fail", "unknown") if measure == "consecutive" else ("fail", "unknown", "pending")
    told = "count" if measure in COUNTED else measure
    for verdict in verdicts:
        assert f"{told}.{verdict}" in CATALOGUES["en"]


# ---- what is written down


def page(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def codes_in_table() -> list[str]:
    return re.findall(r"^\| `([a-z0-9-]+)` \|", page("codes.md"), flags=re.MULTILINE)


def codes_of(*functions: str) -> set[str]:
    codes = {c for c in said_by(*functions) if c in CATALOGUES["en"] and "." not in c}  # with a dot: labels
    return codes | {f"{c}-more" for c in codes if f"{c}-more" in CATALOGUES["en"]}


def test_every_error_and_problem_is_explained_and_nothing_else() -> None:
    listed = codes_in_table()
    assert len(set(listed)) == len(listed)
    assert set(listed) == codes_of(*ERRORS, *PROBLEMS)


#: the page of each command
PAGES = {
    "check": "check.md",
    "test": "scenarios.md",
    "lint": "lint.md",
    "explain": "explain.md",
    "rules": "commands.md",
    "standards": "commands.md",
    "coverage": "commands.md",
    "schema": "schema.md",
    "init": "../how-to/start-a-standard.md",
    "diff": "commands.md",
    "docs": "commands.md",
    "records": "commands.md",
    "template": "commands.md",
    "convert": "commands.md",
}


def options(command: str) -> list[str]:
    known = typer.main.get_command(app).commands[command]  # type: ignore[attr-defined]
    return [name for p in known.params for name in p.opts if name.startswith("-")]


def test_every_command_has_a_page() -> None:
    assert set(typer.main.get_command(app).commands) == set(PAGES)  # type: ignore[attr-defined]


@pytest.mark.parametrize("command", PAGES)
def test_every_option_is_explained(command: str) -> None:
    found, text = options(command), page(PAGES[command])
    assert "--lang" in found
    assert [o for o in found if f"`{o}" not in text and f", `{o}" not in text] == []


@pytest.mark.parametrize("code", [OK, FINDINGS, ERROR, NOTHING])
def test_every_exit_code_is_explained(code: int) -> None:
    assert re.search(rf"^\| {code} \| .+ \|$", page("check.md"), flags=re.MULTILINE)


@pytest.mark.parametrize("verdict", [v.value for v in Verdict])
def test_every_verdict_is_explained(verdict: str) -> None:
    assert re.search(rf"^\| `{verdict}` \| .+ \|$", page("check.md"), flags=re.MULTILINE)


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_is_explained(measure: str) -> None:
    assert f"`{measure}" in page("measures.md")


def test_every_key_of_the_manifest_is_explained() -> None:
    keys = {field.alias or name for name, field in Manifest.model_fields.items()}
    explained = re.findall(r"^\| `(\w+)` \| ", page("check.md").split("## The manifest")[1], flags=re.MULTILINE)
    assert set(explained) == keys
