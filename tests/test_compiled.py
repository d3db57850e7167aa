"""Standards that are kept compiled: the same as read anew, never older than their files, and never code."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from support import CHOIRS, MODEL, REHEARSALS, a_rule, orgaudit, write, write_standard

from orgaudit.cachefolder import CacheFolder
from orgaudit.cli.options import cache_of
from orgaudit.errors import OrgauditError
from orgaudit.recordmodel import RecordModel
from orgaudit.standards import Compiled, compiled, load_standards, shipped_standards
from orgaudit.standards import files as reading

ROOT = Path(__file__).parent.parent
STREET = ROOT / "examples" / "linjiang-street" / "records"


@pytest.fixture
def cache(tmp_path: Path) -> CacheFolder:
    return CacheFolder(tmp_path / "cache")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The standards that were read and not found compiled."""
    calls: list[Any] = []
    plain = compiled._made
    monkeypatch.setattr(compiled, "_made", lambda names: calls.append(names) or plain(names))
    return calls


def entry_of(cache: CacheFolder) -> Path:
    [entry] = cache.path.iterdir()
    return entry


def shown(found: Compiled) -> str:
    """All that there is, also what comparing leaves out."""
    return repr((found, [(r.where, r.measure.groups) for s in found.standards for r in s.rules]))


# ---- the same as read anew


@pytest.mark.parametrize("name", [*shipped_standards(), *sorted((ROOT / "examples").glob("*/standard.yaml"))], ids=str)
def test_a_standard_comes_back_as_it_was(name: str | Path, cache: CacheFolder, made: list[Any]) -> None:
    first, second = load_standards([str(name)], cache), load_standards([str(name)], cache)
    assert len(made) == 1
    assert second == first
    assert shown(second) == shown(first)


def test_several_standards_come_back_with_one_record_model(cache: CacheFolder, made: list[Any]) -> None:
    names = ["street-party-building", "cpc-branch-2018"]
    load_standards(names, cache)
    found = load_standards(names, cache)
    assert len(made) == 1
    assert [s.id for s in found.standards] == names
    assert found.model == load_standards(names).model


@pytest.mark.parametrize("command", [["check"], ["explain", "SPB-3-1 B10"]], ids=lambda c: c[0])
def test_what_is_printed_is_the_same_to_the_byte(command: list[str], tmp_path: Path, made: list[Any]) -> None:
    place = [STREET, "--select", "SPB-3-*"] if command == ["check"] else ["--records", STREET]
    arguments = [*command, *place, "--format", "json"]
    first, second = (orgaudit(*arguments, ORGAUDIT_CACHE=str(tmp_path)) for _ in range(2))
    assert len(made) == 1
    assert second == first == orgaudit(*arguments, "--no-cache")
    assert len(first.out) > 1000


def test_who_finds_it_compiled_pays_for_no_reader(tmp_path: Path) -> None:
    readers = {"orgaudit.standards.load", "orgaudit.standards.language", "orgaudit.standards.check"}
    code = (
        "import sys\n"
        f"sys.argv = ['orgaudit', *{[str(a) for a in small(tmp_path)]!r}]\n"
        "from orgaudit.cli import main\n"
        "try:\n    main()\n"
        "except SystemExit as e:\n    print(e.code, *sys.modules, file=sys.stderr)\n"
    )
    environment = {**os.environ, "ORGAUDIT_CACHE": str(tmp_path / "cache")}
    for loaded in (readers, set[str]()):
        ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
        exit_code, *modules = ran.stderr.split()
        assert exit_code == "1"
        assert readers & set(modules) == loaded


# ---- never older than its files

OURS = {
    "rules/standard.yaml": "standard: ours\nextends: [{standard: base}]\ncalendar: ours.yaml\nrules: []\n",
    "rules/ours.yaml": "calendar: ours\nyears:\n  2024: {holidays: [2024-05-01]}\n",
    "base/standard.yaml": a_rule("for: choirs\nevery: quarter\ncount: rehearsals\nat_least: 1"),
    "records.yaml": MODEL,
}


def with_other(name: str, old: str, new: str) -> tuple[str, str]:
    assert old in OURS[name]
    return name, OURS[name].replace(old, new)


#: what changes, and the file with what then stands in it
CHANGES = {
    "itself": with_other("rules/standard.yaml", "calendar:", "in_force: {from: 2024-06-01}\ncalendar:"),
    "the one it extends": with_other("base/standard.yaml", "at_least: 1", "at_least: 2"),
    "the record model": with_other("records.yaml", "Union of choirs", "Union"),
    "the calendar": with_other("rules/ours.yaml", "05-01", "05-02"),
    "a nearer record model": ("rules/records.yaml", MODEL.replace("Union of choirs", "Union")),
    "a nearer one to extend": ("rules/base/standard.yaml", OURS["base/standard.yaml"].replace("at_least", "at_most")),
    "a file of its name": ("rules/base", OURS["base/standard.yaml"].replace("choir-rules", "others")),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_any_file_is_seen(
    change: str, tmp_path: Path, cache: CacheFolder, made: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(write(tmp_path, OURS))
    before = load_standards(["rules"], cache)
    assert load_standards(["rules"], cache) == before
    name, content = CHANGES[change]
    write(tmp_path, {name: content})
    after = load_standards(["rules"], cache)
    assert len(made) == 2
    assert shown(after) == shown(load_standards(["rules"])) != shown(before)


def test_a_file_that_goes_is_missed(tmp_path: Path, cache: CacheFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write(tmp_path, OURS))
    load_standards(["rules"], cache)
    (tmp_path / "rules" / "ours.yaml").unlink()
    with pytest.raises(OrgauditError, match="unknown-calendar"):
        load_standards(["rules"], cache)


def test_a_folder_wins_over_the_shipped_standard_of_its_name(
    tmp_path: Path, cache: CacheFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_standards(["cpc-dues-2008"], cache).standards[0].id == "cpc-dues-2008"
    write(tmp_path, {"cpc-dues-2008/standard.yaml": OURS["base/standard.yaml"], "records.yaml": MODEL})
    assert load_standards(["cpc-dues-2008"], cache).standards[0].id == "choir-rules"


def test_a_link_that_leads_elsewhere_is_seen(
    tmp_path: Path, cache: CacheFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder, title in (("one", "Union of choirs"), ("two", "Union")):
        model = MODEL.replace("Union of choirs", title)
        write(tmp_path / folder, {"rules/standard.yaml": OURS["base/standard.yaml"], "records.yaml": model})
    monkeypatch.chdir(tmp_path)
    link = tmp_path / "link"
    link.symlink_to("one/rules")
    assert load_standards(["link"], cache).model.title["en"] == "Union of choirs"
    link.unlink()
    link.symlink_to("two/rules")
    assert load_standards(["link"], cache).model.title["en"] == "Union"


def test_a_file_that_changes_while_it_is_read_is_read_again(
    tmp_path: Path, cache: CacheFolder, made: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_standard(tmp_path, OURS["base/standard.yaml"])
    plain = reading.record_model_of

    def slowly(names: Sequence[str]) -> RecordModel:
        model = plain(names)
        path.write_text(OURS["base/standard.yaml"].replace("at_least: 1", "at_least: 2"))
        return model

    with monkeypatch.context() as patch:
        patch.setattr(reading, "record_model_of", slowly)
        load_standards([str(path)], cache)
    load_standards([str(path)], cache)
    assert len(made) == 2


def test_paths_are_told_as_seen_from_where_one_is(
    tmp_path: Path, cache: CacheFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_standard(tmp_path / "rules", OURS["base/standard.yaml"])
    monkeypatch.chdir(tmp_path)
    assert load_standards([str(path)], cache).standards[0].path == "rules/standard.yaml"
    monkeypatch.chdir(tmp_path / "rules")
    assert load_standards([str(path)], cache).standards[0].path == "standard.yaml"


def another_program(patch: pytest.MonkeyPatch, folder: Path) -> None:
    shutil.copytree(compiled._PACKAGE, folder / "orgaudit", ignore=shutil.ignore_patterns("__pycache__"))
    with (folder / "orgaudit" / "sql.py").open("a") as module:
        module.write("\n")
    patch.setattr(compiled, "_PACKAGE", folder / "orgaudit")


@pytest.mark.parametrize(
    "change",
    [
        another_program,
        lambda patch, _: patch.setattr(sys, "version", "4.0"),
        lambda patch, _: patch.setattr(compiled, "version", lambda library: f"{library} 99"),
        lambda patch, folder: patch.setattr(compiled, "shipped_folder", lambda: folder),
    ],
    ids=["source", "Python", "library", "shipped standards"],
)
def test_another_program_makes_its_own(
    change: Callable[[pytest.MonkeyPatch, Path], object],
    tmp_path: Path,
    cache: CacheFolder,
    made: list[Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name = str(write_standard(tmp_path, OURS["base/standard.yaml"]))
    load_standards([name], cache)
    change(monkeypatch, tmp_path)
    load_standards([name], cache)
    assert len(made) == 2


# ---- what is not kept


def test_a_standard_with_an_error_is_not_kept(tmp_path: Path, cache: CacheFolder, made: list[Any]) -> None:
    name = str(write_standard(tmp_path, a_rule("for: choirs\nrequire: nme is recorded")))
    for _ in range(2):
        with pytest.raises(OrgauditError):
            load_standards([name], cache)
    assert len(made) == 2
    assert not cache.path.exists()


def test_a_tree_too_deep_to_be_written_is_not_kept(tmp_path: Path, cache: CacheFolder) -> None:
    name = str(write_standard(tmp_path, OURS["base/standard.yaml"]))
    limit = sys.getrecursionlimit()
    deep: Any = ()
    for _ in range(limit * 2):
        deep = (deep,)
    found = load_standards([name])
    object.__setattr__(found.standards[0], "changes", deep)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "_made", lambda _: found)
        assert load_standards([name], cache) is found
    assert not cache.path.exists()


def test_without_a_cache_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORGAUDIT_CACHE", str(tmp_path / "cache"))
    load_standards(["cpc-dues-2008"])
    assert not (tmp_path / "cache").exists()


def small(folder: Path) -> list[str | Path]:
    """The arguments of an audit with a failure."""
    files = {"orgaudit.yaml": "as_of: 2024-12-31\n", "choirs.csv": CHOIRS, "rehearsals.csv": REHEARSALS}
    records = write(folder / "records", files)
    return ["check", records, "--standard", write_standard(folder, OURS["base/standard.yaml"]), "-f", "json"]


def test_no_cache_neither_reads_nor_writes(tmp_path: Path, made: list[Any]) -> None:
    arguments, place = small(tmp_path), tmp_path / "cache"
    first = orgaudit(*arguments, "--no-cache", ORGAUDIT_CACHE=str(place))
    assert not place.exists()
    orgaudit(*arguments, ORGAUDIT_CACHE=str(place))
    [entry] = (place / "standards").iterdir()
    os.utime(entry, (1000, 1000))
    assert orgaudit(*arguments, "--no-cache", ORGAUDIT_CACHE=str(place)) == first
    assert len(made) == 3
    assert entry.stat().st_mtime == 1000


# ---- never code


class Evil:
    """What an unpickler that trusts its bytes would run."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.made_by = function, arguments

    def __reduce__(self) -> Any:
        return self.made_by


def forged(name: str, content: bytes, cache: CacheFolder) -> None:
    """An entry for these standards that says of itself that it is whole and fresh."""
    cache.write(compiled._name([name]), b"{}\n" + content)


def by_name(module: str, name: str, argument: str) -> bytes:
    """The pickle of a call of what stands in a module under a name, which may be one with dots."""
    first, second, third = (b"\x8c" + bytes([len(word)]) + word.encode() for word in (module, name, argument))
    return b"\x80\x05" + first + second + b"\x93" + third + b"\x85R."


def test_the_forgery_would_work() -> None:
    assert pickle.loads(by_name("builtins", "len", "four")) == 4
    assert pickle.loads(by_name("orgaudit.cachefolder", "os.path.basename", "a/b")) == "b"


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("os", "system"),
        ("posix", "system"),
        ("builtins", "eval"),
        ("builtins", "exec"),
        ("orgaudit.cachefolder", "os.system"),
        ("orgaudit.standards.compiled", "sys.modules.__getitem__"),
        ("orgaudit.standards.compiled", "import_module"),
        ("orgaudit.standards.compiled", "Path.touch"),
        ("orgaudit.standards.rules", "dataclass"),
        ("orgaudit.recordmodel.model", "RecordModel.parse_file"),
        ("pathlib", "Path"),
        ("tests_evil_module", "anything"),
    ],
)
def test_an_entry_runs_nothing(module: str, name: str, tmp_path: Path, cache: CacheFolder, made: list[Any]) -> None:
    standard = str(write_standard(tmp_path, OURS["base/standard.yaml"]))
    marker = tmp_path / "marker"
    argument = {"eval": f"open({str(marker)!r}, 'w')", "exec": f"open({str(marker)!r}, 'w')"}.get(name)
    forged(standard, by_name(module, name, argument or f"touch {marker}"), cache)
    assert load_standards([standard], cache).standards[0].id == "choir-rules"
    assert made == [[standard]]
    assert not marker.exists()
    assert "tests_evil_module" not in sys.modules
    load_standards([standard], cache)
    assert len(made) == 1  # it was written anew


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\n", b"[]", b"null\n.", b"{}\n", b"{}\nnonsense", b"{}\n" + pickle.dumps("text"), b"{}\n" + pickle.dumps(None),
        b"{}\n" + pickle.dumps(Evil(print, "evil")), b"{}\n" + bytes(1000), b'{"a": 1}\n' + pickle.dumps({}), b"\xff\xfe\n.",
    ],
)  # fmt: skip
def test_an_entry_of_somebody_else_is_written_anew(
    content: bytes, tmp_path: Path, cache: CacheFolder, made: list[Any], capfd: pytest.CaptureFixture[str]
) -> None:
    standard = str(write_standard(tmp_path, OURS["base/standard.yaml"]))
    cache.write(compiled._name([standard]), content)
    found = [load_standards([standard], cache) for _ in range(2)]
    assert len(made) == 1
    assert found[0] == found[1] == load_standards([standard])
    assert capfd.readouterr() == ("", "")


def test_half_an_entry_is_written_anew(tmp_path: Path, cache: CacheFolder, made: list[Any]) -> None:
    standard = str(write_standard(tmp_path, OURS["base/standard.yaml"]))
    load_standards([standard], cache)
    os.truncate(entry_of(cache), 1000)
    load_standards([standard], cache)
    load_standards([standard], cache)
    assert len(made) == 2


@pytest.mark.parametrize("home", compiled._HOMES)
def test_what_an_entry_may_name_does_nothing_when_it_is_made(home: str) -> None:
    """No class of these modules has code of its own for being made or unpickled."""
    hooks = {"__new__", "__reduce__", "__reduce_ex__", "__setstate__", "__post_init__", "__init_subclass__", "__del__"}
    classes = [c for c in vars(import_module(home)).values() if isinstance(c, type) and c.__module__ == home]
    assert classes
    assert {c.__name__: hooks & set(vars(c)) for c in classes if hooks & set(vars(c))} == {}


# ---- several at once


def test_several_checks_at_once_say_the_same(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", "-m", "orgaudit", *map(str, small(tmp_path))]
    environment = {**os.environ, "ORGAUDIT_CACHE": str(tmp_path / "cache")}
    runs = [subprocess.Popen(command, stdout=-1, stderr=-1, env=environment) for _ in range(4)]
    told = {run.communicate() for run in runs}
    assert len(told) == 1
    assert [run.returncode for run in runs] == [1] * 4
    assert len(list((tmp_path / "cache" / "standards").iterdir())) == 1


# ---- where


@pytest.mark.parametrize(
    ("system", "environment", "place"),
    [
        ("linux", {"ORGAUDIT_CACHE": "/c", "XDG_CACHE_HOME": "/x"}, "/c/standards"),
        ("linux", {"XDG_CACHE_HOME": "/x"}, "/x/orgaudit/standards"),
        ("linux", {"XDG_CACHE_HOME": "x"}, "/home/ann/.cache/orgaudit/standards"),
        ("linux", {"ORGAUDIT_CACHE": ""}, "/home/ann/.cache/orgaudit/standards"),
        ("darwin", {}, "/home/ann/Library/Caches/orgaudit/standards"),
        ("darwin", {"XDG_CACHE_HOME": "/x"}, "/x/orgaudit/standards"),
        ("win32", {"LOCALAPPDATA": "/local", "XDG_CACHE_HOME": "/x"}, "/local/orgaudit/standards"),
    ],
)
def test_where_it_is(system: str, environment: dict[str, str], place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ORGAUDIT_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"HOME": "/home/ann", **environment}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", system)
    assert cache_of(no_cache=False) == CacheFolder(Path(place))
    assert cache_of(no_cache=True) is None


def test_who_has_no_home_has_no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    for name in ("ORGAUDIT_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    assert cache_of(no_cache=False) is None
