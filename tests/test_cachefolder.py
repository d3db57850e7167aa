"""A folder of what can be made again: what is kept comes back as it was, or not at all, and nobody else writes in it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from orgaudit import cachefolder
from orgaudit.cachefolder import CacheFolder


@pytest.fixture
def cache(tmp_path: Path) -> CacheFolder:
    return CacheFolder(tmp_path / "a" / "cache")


def names_in(cache: CacheFolder) -> list[str]:
    return sorted(p.name for p in cache.path.iterdir())


def used(cache: CacheFolder, name: str, second: int) -> None:
    """As if an entry had been used last at this second."""
    os.utime(cache.path / f"{name}.entry", (second, second))


# ---- what is kept


def test_what_is_kept_comes_back(cache: CacheFolder) -> None:
    assert cache.read("one") is None
    cache.write("one", b"first")
    cache.write("one", b"second")
    cache.write("two", b"")
    assert [cache.read(name) for name in ("one", "two", "three")] == [b"second", b"", None]
    assert names_in(cache) == ["one.entry", "two.entry"]


@pytest.mark.parametrize("data", [b"", b"short", bytes(100), b"\x80\x05."])
def test_what_is_broken_is_not_there(cache: CacheFolder, data: bytes) -> None:
    cache.write("one", b"whole")
    (cache.path / "one.entry").write_bytes(data)
    assert cache.read("one") is None
    cache.write("one", b"whole again")
    assert cache.read("one") == b"whole again"


@pytest.mark.parametrize("place", [0, 31, 32, -1])
def test_one_wrong_byte_is_noticed(cache: CacheFolder, place: int) -> None:
    cache.write("one", b"whole")
    data = bytearray((cache.path / "one.entry").read_bytes())
    data[place] ^= 1
    (cache.path / "one.entry").write_bytes(data)
    assert cache.read("one") is None


def test_half_an_entry_is_not_there(cache: CacheFolder) -> None:
    cache.write("one", bytes(1000))
    os.truncate(cache.path / "one.entry", 500)
    assert cache.read("one") is None


# ---- whose it is


def test_only_its_owner_may_look_into_it(cache: CacheFolder) -> None:
    cache.write("one", b"1")
    assert cache.path.stat().st_mode & 0o777 == 0o700
    assert (cache.path / "one.entry").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("mode", [0o777, 0o755, 0o770, 0o701, 0o720])
def test_a_folder_that_is_open_to_others_is_not_used(cache: CacheFolder, mode: int) -> None:
    cache.write("one", b"1")
    cache.path.chmod(mode)
    cache.write("two", b"2")
    assert cache.read("one") is None
    assert names_in(cache) == ["one.entry"]


def test_a_folder_of_somebody_else_is_not_used(cache: CacheFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.write("one", b"1")
    somebody = os.getuid() + 1
    monkeypatch.setattr(os, "getuid", lambda: somebody)
    cache.write("two", b"2")
    assert cache.read("one") is None
    assert names_in(cache) == ["one.entry"]


def test_a_link_is_not_used(cache: CacheFolder, tmp_path: Path) -> None:
    cache.write("one", b"1")
    link = CacheFolder(tmp_path / "link")
    link.path.symlink_to(cache.path)
    link.write("two", b"2")
    assert link.read("one") is None
    assert names_in(cache) == ["one.entry"]


# ---- what the disk does not take


def test_where_there_can_be_no_folder_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        cache = CacheFolder(path)
        cache.write("one", b"1")
        assert cache.read("one") is None


def test_a_full_disk_leaves_what_was_there(cache: CacheFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    cache.write("one", b"1")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        cache.write("one", b"2")
    assert cache.read("one") == b"1"
    assert names_in(cache) == ["one.entry"]


# ---- how much there is


def test_the_least_recently_used_are_given_up(cache: CacheFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cachefolder, "MOST_ENTRIES", 3)
    for i, name in enumerate(("a", "b", "c")):
        cache.write(name, b"")
        used(cache, name, 1000 + i)
    assert cache.read("a") == b""
    cache.write("d", b"")
    assert names_in(cache) == ["a.entry", "c.entry", "d.entry"]


def test_there_are_no_more_than_so_many_bytes(cache: CacheFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cachefolder, "MOST_BYTES", 1000)
    for i, name in enumerate(("a", "b", "c")):
        cache.write(name, bytes(400))
        used(cache, name, 1000 + i)
    assert names_in(cache) == ["b.entry", "c.entry"]
    cache.write("d", bytes(2000))
    assert cache.read("d") is None


def test_what_a_killed_run_left_goes_too_and_what_is_not_ours_stays(
    cache: CacheFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cachefolder, "MOST_ENTRIES", 1)
    cache.write("a", b"")
    for name in ("left.part", "README"):
        (cache.path / name).write_text("")
        os.utime(cache.path / name, (1000, 1000))
    cache.write("b", b"")
    assert names_in(cache) == ["README", "b.entry"]


# ---- several at once

_BUSY = """
import sys
from pathlib import Path
from orgaudit import cachefolder
cachefolder.MOST_ENTRIES = 2
cache = cachefolder.CacheFolder(Path(sys.argv[1]))
hits = 0
for i in range(300):
    name = "abc"[i % 3]
    cache.write(name, name.encode() * 5000)
    found = cache.read(name)
    assert found is None or found == name.encode() * 5000
    hits += found is not None
assert hits
"""


def test_several_at_once_read_whole_entries_or_none(cache: CacheFolder) -> None:
    command = [sys.executable, "-W", "error", "-c", _BUSY, str(cache.path)]
    runs = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(4)]
    assert [(run.communicate()[1], run.returncode) for run in runs] == [(b"", 0)] * 4
    assert not [name for name in names_in(cache) if name.endswith(".part")]
