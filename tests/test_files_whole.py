"""Outputs are whole or not there: on a disk that is full, when a run is killed, in a folder that takes nothing."""

from __future__ import annotations

import json
import os
import random
import re
import resource
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from support import Ran, orgaudit

from orgaudit.cli import files
from orgaudit.cli.files import write_all, write_whole
from orgaudit.errors import OrgauditError

STREET = Path(__file__).parent.parent / "examples/linjiang-street/records"
OLD = "what stood there before"
#: the outputs in the order in which they are written, and whether one is whole
WHOLE: dict[str, Callable[[Path], object]] = {
    "html": lambda path: path.read_text("utf-8").endswith("</html>"),
    "json": lambda path: json.loads(path.read_text("utf-8"))["orgaudit"] == "1",
    "xlsx": lambda path: zipfile.ZipFile(path).testzip() is None,
}
COMMAND = [sys.executable, "-m", "orgaudit", "check", str(STREET), "--quiet", "--lang", "en"]


def asked_for(folder: Path) -> list[str]:
    return [x for kind in WHOLE for x in ("-o", f"{kind}={folder / kind}")]


def limited(folder: Path, most: int) -> Ran:
    """The command where no file may grow beyond so many bytes, as on a disk that is full."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    ended = subprocess.run(
        [*COMMAND, *asked_for(folder)], capture_output=True, text=True, check=False, preexec_fn=limit
    )
    return Ran(ended.returncode, ended.stdout, ended.stderr)


@pytest.mark.parametrize("there", [True, False])
def test_on_a_full_disk_nothing_is_written_and_what_was_there_stays(tmp_path: Path, there: bool) -> None:
    for kind in WHOLE if there else ():
        (tmp_path / kind).write_text(OLD)
    ran = limited(tmp_path, 200_000)  # enough for the first output, not for the second
    assert (ran.code, ran.out) == (2, "")
    assert re.fullmatch(r"\S+/json: cannot write: File too large\.\n", ran.err)
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == (dict.fromkeys(WHOLE, OLD) if there else {})
    assert limited(tmp_path, 1_000_000).code == 1
    assert all(is_whole(tmp_path / kind) for is_whole, kind in zip(WHOLE.values(), WHOLE, strict=True))


#: mounts a file system of so many KiB on a folder, and runs a command beside it; 99 says that it cannot be mounted
SMALL_DISK = """mount -t tmpfs -o size="$1"k tmpfs "$2" || exit 99
cp -p "$3"/. "$2" -r && shift 3 && "$@"; code=$?; cp -rp "$DISK"/. "$LEFT"; exit $code"""


def on_a_small_disk(tmp_path: Path, kib: int, *outputs: str) -> Ran:
    """The command whose outputs go to a file system of so many KiB that has what `before` has; `left` is what it leaves.

    As root in a namespace of mounts, as anybody else also of users; where neither is allowed the test is skipped, aloud.
    """
    disk, before, left = (tmp_path / name for name in ("disk", "before", "left"))
    for folder in (disk, before, left):
        folder.mkdir(exist_ok=True)
    command = ["unshare", "-m" if os.geteuid() == 0 else "-rm", "sh", "-c", SMALL_DISK, "sh"]
    environment = {**os.environ, "DISK": str(disk), "LEFT": str(left)}
    asked = [x for output in outputs for x in ("-o", output)]
    ended = subprocess.run(
        [*command, str(kib), str(disk), str(before), *COMMAND, *asked],
        capture_output=True, text=True, check=False, env=environment,
    )  # fmt: skip
    if ended.returncode == 99 or ended.stderr.startswith("unshare:"):  # a container may forbid it, even to root
        pytest.skip(f"no file system may be mounted here: {ended.stderr.strip()}")
    return Ran(ended.returncode, ended.stdout, ended.stderr)


def test_on_a_file_system_that_is_full_nothing_is_written_and_what_was_there_stays(tmp_path: Path) -> None:
    (tmp_path / "before").mkdir()
    (tmp_path / "before/json").write_text(OLD)
    disk, elsewhere = tmp_path / "disk", tmp_path / "other.html"
    ran = on_a_small_disk(tmp_path, 64, f"html={elsewhere}", f"json={disk / 'json'}")
    assert (ran.code, ran.out) == (2, "")
    assert re.fullmatch(r"\S+/disk/json: cannot write: No space left on device\. Make room.*\n", ran.err)
    assert {p.name: p.read_text() for p in (tmp_path / "left").iterdir()} == {"json": OLD}
    assert not elsewhere.exists()  # all of a run are written, or none
    ran = on_a_small_disk(tmp_path, 2_000, f"json={disk / 'json'}")
    assert ran.code == 1
    assert WHOLE["json"](tmp_path / "left/json")


def test_a_run_that_is_killed_leaves_whole_outputs_or_the_old_ones(tmp_path: Path) -> None:
    draw, seen = random.Random(20241231), set[str]()
    for n in range(6):
        folder = tmp_path / str(n)
        kill_while_it_writes(folder, after=draw.uniform(0, 0.3))
        for kind, is_whole in WHOLE.items():
            path = folder / kind
            is_old = path.read_bytes() == OLD.encode()
            seen.add("old" if is_old else "new")
            assert is_old or is_whole(path)
        assert {p.name for p in folder.iterdir() if not p.name.startswith(".")} == set(WHOLE)
    assert "old" in seen


def kill_while_it_writes(folder: Path, after: float) -> None:
    """Kills a run so many seconds after its first file has been begun."""
    folder.mkdir()
    for kind in WHOLE:
        (folder / kind).write_text(OLD)
    command = [*COMMAND, "--select", "SPB-4-*", *asked_for(folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as running:
        while running.poll() is None and not list(folder.glob(".*.part")):
            time.sleep(0.001)
        time.sleep(after)
        running.kill()


#: kills itself at the nth step of writing: opening, writing, moving
KILLED = """
import os, signal, sys
from pathlib import Path
from orgaudit.cli.files import write_all
left = int(sys.argv[2])
def watched(event, arguments):
    global left
    if event in ("open", "os.rename", "os.remove", "os.chmod") and sys.argv[1] in str(arguments[0]):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(watched)
write_all((Path(sys.argv[1]) / name, name * 100_000) for name in ("a", "b", "c"))
"""


def test_a_writer_that_is_killed_at_any_step_leaves_whole_files_or_the_old_ones(tmp_path: Path) -> None:
    moved = []
    for step in range(40):
        folder = tmp_path / str(step)
        folder.mkdir()
        for name in "abc":
            (folder / name).write_text(OLD)
        ended = subprocess.run([sys.executable, "-c", KILLED, str(folder), str(step)], check=False)
        found = {name: (folder / name).read_text() for name in "abc"}
        assert all(text in (OLD, name * 100_000) for name, text in found.items()), step
        moved.append("".join(name for name, text in found.items() if text != OLD))
        if ended.returncode == 0:
            break
        assert ended.returncode == -signal.SIGKILL
    assert list(dict.fromkeys(moved)) == ["", "a", "ab", "abc"]


def test_the_next_run_takes_away_what_a_killed_one_left(tmp_path: Path) -> None:
    old, fresh, others = (tmp_path / f".a.json.{n}.part" for n in ("77-0", "78-0", "notes"))
    for path in (old, fresh, others):
        path.write_text("{")
    for path in (old, others):
        os.utime(path, (1, 1))
    write_whole(tmp_path / "a.json", "{}")
    assert {p.name for p in tmp_path.iterdir()} == {"a.json", fresh.name, others.name}


def test_a_writer_that_is_interrupted_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(number: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "a", "whole")
    assert list(tmp_path.iterdir()) == []


def test_several_files_are_written_all_or_none(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OrgauditError) as e:
        write_all([(tmp_path / "a", "a"), (tmp_path / "folder", "b")])
    assert (e.value.code, str(e.value.where)) == ("unwritable", (tmp_path / "folder").as_posix())
    assert [p.name for p in tmp_path.iterdir()] == ["folder"]


def test_a_link_a_mode_and_a_long_name_stay_as_they_are(tmp_path: Path) -> None:
    target, link, long = tmp_path / "target", tmp_path / "link", tmp_path / ("报" * 80)
    target.write_text(OLD)
    target.chmod(0o600)
    link.symlink_to(target)
    write_all([(link, "new"), (long, "new")])
    assert link.is_symlink()
    assert (target.read_text(), target.stat().st_mode & 0o777, long.read_text()) == ("new", 0o600, "new")


def test_a_device_is_written_to_and_stays_a_device(tmp_path: Path) -> None:
    ran = subprocess.run([*COMMAND, "-o", "csv=/dev/stdout"], capture_output=True, text=True, check=False)
    assert ran.stdout.startswith("\ufeffid,verdict")
    assert orgaudit("check", STREET, "-o", "csv=/dev/full").err.startswith(
        "/dev/full: cannot write: No space left on device. Make room there"
    )
    assert Path("/dev/full").is_char_device()


@pytest.mark.parametrize("arguments", [["template", "-o"], ["records", str(STREET), "--marked"]])
def test_a_workbook_that_cannot_be_written_is_an_error_that_says_so(tmp_path: Path, arguments: list[str]) -> None:
    ran = orgaudit(*arguments, tmp_path / "nowhere" / "a.xlsx")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith("nowhere/a.xlsx: cannot write: No such file or directory.\n")
